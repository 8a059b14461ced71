"""Mappers: from a platform's record to a business object and back. Pure functions of what they are given.

A newcomer subclasses `OrderMapper` and overrides a method, or gives it field rules and tables; everything else here is
what it is made of.
"""

from zoey_netsuite.mapping.base import Mapper, everything
from zoey_netsuite.mapping.charges import Charges
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.mapping.converters import as_date, as_flag, as_list, as_number, as_reference, as_text
from zoey_netsuite.mapping.fields import Attribute, FieldRule, attribute, computed, constant, field
from zoey_netsuite.mapping.order_lines import SalesOrderLine
from zoey_netsuite.mapping.orders import OrderMapper
from zoey_netsuite.mapping.places import Places, Region
from zoey_netsuite.mapping.tables import Table
from zoey_netsuite.mapping.texts import NETSUITE_LENGTHS

__all__ = [
    "Attribute",
    "Charges",
    "FieldRule",
    "MapContext",
    "Mapper",
    "NETSUITE_LENGTHS",
    "OrderMapper",
    "Places",
    "Region",
    "SalesOrderLine",
    "Table",
    "as_date",
    "as_flag",
    "as_list",
    "as_number",
    "as_reference",
    "as_text",
    "attribute",
    "computed",
    "constant",
    "everything",
    "field",
]
