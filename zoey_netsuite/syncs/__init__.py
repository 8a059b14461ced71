"""The syncs that come with the library. Each can run alone; each is configured by keyword."""

from zoey_netsuite.syncs.inventory import InventorySync
from zoey_netsuite.syncs.locations import All, Exclude, Include

__all__ = ["All", "Exclude", "Include", "InventorySync"]
