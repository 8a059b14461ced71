"""Mappers: from a platform's record to a business object and back. Pure functions of what they are given."""

from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.mapping.orders import OrderMapper

__all__ = ["MapContext", "OrderMapper"]
