"""The client of a Zoey store, usable alone.

Start at `client.py`; `actions.py` is the place for calls of your store that differ, and `settings.py` for its names.
"""

from typing import TYPE_CHECKING

from zoey_netsuite._lazy import on_first_use

if TYPE_CHECKING:
    from zoey_netsuite.zoey.actions import ZoeyActions
    from zoey_netsuite.zoey.auth import ClientCredentialsAuth, OAuth1Auth, ZoeyAuth
    from zoey_netsuite.zoey.bulk import BatchResult, StockChange
    from zoey_netsuite.zoey.client import AsyncZoeyClient, ZoeyClient
    from zoey_netsuite.zoey.errors import (
        RecordError,
        ZoeyAlreadyExistsError,
        ZoeyAuthenticationError,
        ZoeyBusyError,
        ZoeyError,
        ZoeyInvalidFieldError,
        ZoeyInvalidQueryError,
        ZoeyNotFoundError,
        ZoeyPermissionError,
        ZoeyServerError,
        ZoeyUnexpectedAnswerError,
    )
    from zoey_netsuite.zoey.filters import (
        Condition,
        Filter,
        eq,
        from_,
        gt,
        gteq,
        in_,
        like,
        lt,
        lteq,
        neq,
        nin,
        to,
    )
    from zoey_netsuite.zoey.listings import AsyncRecords, Records
    from zoey_netsuite.zoey.paging import ListPage, Paging
    from zoey_netsuite.zoey.records import (
        Account,
        AccountAddress,
        AccountContact,
        AddressLocation,
        Comment,
        CreditMemo,
        Customer,
        CustomerAddress,
        DocumentItem,
        GroupPrice,
        Invoice,
        Location,
        NetTerm,
        Order,
        OrderAddress,
        OrderItem,
        Product,
        ProductPrices,
        Shipment,
        StockItem,
        TierPrice,
        Track,
    )
    from zoey_netsuite.zoey.settings import ZoeyAttributes, ZoeyBehavior
else:
    __getattr__ = on_first_use(
        __name__,
        {
            "actions": "ZoeyActions",
            "auth": "ClientCredentialsAuth OAuth1Auth ZoeyAuth",
            "bulk": "BatchResult StockChange",
            "client": "AsyncZoeyClient ZoeyClient",
            "errors": """
                RecordError ZoeyAlreadyExistsError ZoeyAuthenticationError ZoeyBusyError ZoeyError
                ZoeyInvalidFieldError ZoeyInvalidQueryError ZoeyNotFoundError ZoeyPermissionError
                ZoeyServerError ZoeyUnexpectedAnswerError
            """,
            "filters": "Condition Filter eq from_ gt gteq in_ like lt lteq neq nin to",
            "listings": "AsyncRecords Records",
            "paging": "ListPage Paging",
            "records": """
                Account AccountAddress AccountContact AddressLocation Comment CreditMemo Customer
                CustomerAddress DocumentItem GroupPrice Invoice Location NetTerm Order OrderAddress
                OrderItem Product ProductPrices Shipment StockItem TierPrice Track
            """,
            "settings": "ZoeyAttributes ZoeyBehavior",
        },
    )


__all__ = [
    "Account",
    "AccountAddress",
    "AccountContact",
    "AddressLocation",
    "AsyncRecords",
    "AsyncZoeyClient",
    "BatchResult",
    "ClientCredentialsAuth",
    "Comment",
    "Condition",
    "CreditMemo",
    "Customer",
    "CustomerAddress",
    "DocumentItem",
    "Filter",
    "GroupPrice",
    "Invoice",
    "ListPage",
    "Location",
    "NetTerm",
    "OAuth1Auth",
    "Order",
    "OrderAddress",
    "OrderItem",
    "Paging",
    "Product",
    "ProductPrices",
    "RecordError",
    "Records",
    "Shipment",
    "StockChange",
    "StockItem",
    "TierPrice",
    "Track",
    "ZoeyActions",
    "ZoeyAlreadyExistsError",
    "ZoeyAttributes",
    "ZoeyAuth",
    "ZoeyAuthenticationError",
    "ZoeyBehavior",
    "ZoeyBusyError",
    "ZoeyClient",
    "ZoeyError",
    "ZoeyInvalidFieldError",
    "ZoeyInvalidQueryError",
    "ZoeyNotFoundError",
    "ZoeyPermissionError",
    "ZoeyServerError",
    "ZoeyUnexpectedAnswerError",
    "eq",
    "from_",
    "gt",
    "gteq",
    "in_",
    "like",
    "lt",
    "lteq",
    "neq",
    "nin",
    "to",
]


def __dir__() -> list[str]:
    return list(__all__)
