"""The NetSuite client: records, transforms, SuiteQL, batches, jobs, RESTlets and saved searches.

`client` and `async_client` are façades; what a call sends and how its answer is read is said once, in the operation
builders (`operations`, `suiteql`, `restlets`, `jobs`, `system`), and what takes several calls in `flows` and `batches`.
A newcomer may add a call by adding a builder and a method of one line to each façade.
"""

from typing import TYPE_CHECKING

from zoey_netsuite._lazy import on_first_use

if TYPE_CHECKING:
    from zoey_netsuite.netsuite.answers import RecordId
    from zoey_netsuite.netsuite.async_client import AsyncNetSuiteClient
    from zoey_netsuite.netsuite.auth import MachineAuth, NetSuiteAuth, TokenAuth
    from zoey_netsuite.netsuite.batches import BatchResult
    from zoey_netsuite.netsuite.client import NetSuiteClient
    from zoey_netsuite.netsuite.errors import (
        NetSuiteAlreadyExistsError,
        NetSuiteAuthenticationError,
        NetSuiteBusyError,
        NetSuiteChangedError,
        NetSuiteError,
        NetSuiteInvalidFieldError,
        NetSuiteInvalidQueryError,
        NetSuiteLockedError,
        NetSuiteNotFoundError,
        NetSuitePermissionError,
        NetSuiteRepeatedError,
        NetSuiteServerError,
        NetSuiteUnexpectedAnswerError,
        NetSuiteUnknownTypeError,
        PagingError,
        RowError,
    )
    from zoey_netsuite.netsuite.jobs import Progress, TaskResult
    from zoey_netsuite.netsuite.records import Record, Reference
    from zoey_netsuite.netsuite.restlets import SearchColumn, SearchRow, SearchScript
    from zoey_netsuite.netsuite.shapes import (
        AddressBookEntry,
        Contact,
        Customer,
        FulfillmentLine,
        InventoryItem,
        Invoice,
        ItemFulfillment,
        Package,
        PostalAddress,
        SalesOrder,
        SalesOrderLine,
    )
    from zoey_netsuite.netsuite.suiteql import Row
    from zoey_netsuite.netsuite.values import Formats
else:
    __getattr__ = on_first_use(
        __name__,
        {
            "answers": "RecordId",
            "async_client": "AsyncNetSuiteClient",
            "auth": "MachineAuth NetSuiteAuth TokenAuth",
            "batches": "BatchResult",
            "client": "NetSuiteClient",
            "errors": """
                NetSuiteAlreadyExistsError NetSuiteAuthenticationError NetSuiteBusyError
                NetSuiteChangedError NetSuiteError NetSuiteInvalidFieldError NetSuiteInvalidQueryError
                NetSuiteLockedError NetSuiteNotFoundError NetSuitePermissionError NetSuiteRepeatedError
                NetSuiteServerError NetSuiteUnexpectedAnswerError NetSuiteUnknownTypeError PagingError
                RowError
            """,
            "jobs": "Progress TaskResult",
            "records": "Record Reference",
            "restlets": "SearchColumn SearchRow SearchScript",
            "shapes": """
                AddressBookEntry Contact Customer FulfillmentLine InventoryItem Invoice ItemFulfillment
                Package PostalAddress SalesOrder SalesOrderLine
            """,
            "suiteql": "Row",
            "values": "Formats",
        },
    )


__all__ = [
    "AddressBookEntry",
    "AsyncNetSuiteClient",
    "BatchResult",
    "Contact",
    "Customer",
    "Formats",
    "FulfillmentLine",
    "InventoryItem",
    "Invoice",
    "ItemFulfillment",
    "MachineAuth",
    "NetSuiteAlreadyExistsError",
    "NetSuiteAuth",
    "NetSuiteAuthenticationError",
    "NetSuiteBusyError",
    "NetSuiteChangedError",
    "NetSuiteClient",
    "NetSuiteError",
    "NetSuiteInvalidFieldError",
    "NetSuiteInvalidQueryError",
    "NetSuiteLockedError",
    "NetSuiteNotFoundError",
    "NetSuitePermissionError",
    "NetSuiteRepeatedError",
    "NetSuiteServerError",
    "NetSuiteUnexpectedAnswerError",
    "NetSuiteUnknownTypeError",
    "Package",
    "PagingError",
    "PostalAddress",
    "Progress",
    "Record",
    "RecordId",
    "Reference",
    "Row",
    "RowError",
    "SalesOrder",
    "SalesOrderLine",
    "SearchColumn",
    "SearchRow",
    "SearchScript",
    "TaskResult",
    "TokenAuth",
]


def __dir__() -> list[str]:
    return list(__all__)
