"""The syncs that come with the library. Each can run alone; each is configured by keyword.

Beside them are the decisions that a user swaps: filters, guests, totals. All of those are pure.
"""

from zoey_netsuite.syncs.filters import Filter, Matches, Matching, SavedSearch, Where
from zoey_netsuite.syncs.guests import (
    CreateCustomer,
    FirstOf,
    FixedCustomer,
    GuestStrategy,
    MatchCustomer,
    NewCustomer,
    Pass,
    Use,
)
from zoey_netsuite.syncs.inventory import InventorySync
from zoey_netsuite.syncs.locations import All, Exclude, Include
from zoey_netsuite.syncs.orders import OrderSync
from zoey_netsuite.syncs.totals import TotalDifference, Totals
from zoey_netsuite.syncs.totals_policies import FlagDifference, HoldOnDifference, ReleaseAfterCheck, TotalsPolicy

__all__ = [
    "All",
    "CreateCustomer",
    "Exclude",
    "Filter",
    "FirstOf",
    "FixedCustomer",
    "FlagDifference",
    "GuestStrategy",
    "HoldOnDifference",
    "Include",
    "InventorySync",
    "MatchCustomer",
    "Matches",
    "Matching",
    "NewCustomer",
    "OrderSync",
    "Pass",
    "ReleaseAfterCheck",
    "SavedSearch",
    "TotalDifference",
    "Totals",
    "TotalsPolicy",
    "Use",
    "Where",
]
