"""The states of transactions: the letter that SuiteQL shows and the words that people see, by record type."""

from __future__ import annotations

from collections.abc import Mapping

STATUS_WORDS: Mapping[str, Mapping[str, str]] = {
    "salesOrder": {
        "A": "Pending Approval",
        "B": "Pending Fulfillment",
        "C": "Cancelled",
        "D": "Partially Fulfilled",
        "E": "Pending Billing/Partially Fulfilled",
        "F": "Pending Billing",
        "G": "Billed",
        "H": "Closed",
    },
    "invoice": {"A": "Open", "B": "Paid In Full"},
    "itemFulfillment": {"A": "Picked", "B": "Packed", "C": "Shipped"},
    "cashSale": {"B": "Not Deposited", "C": "Deposited"},
    "customerPayment": {"B": "Not Deposited", "C": "Deposited"},
    "customerDeposit": {"A": "Not Deposited", "B": "Deposited", "C": "Fully Applied"},
    "depositApplication": {"A": "Open", "B": "Fully Applied"},
    "creditMemo": {"A": "Open", "B": "Fully Applied"},
    "customerRefund": {"B": "Not Deposited", "C": "Deposited"},
    "cashRefund": {"B": "Not Deposited", "C": "Deposited"},
    "returnAuthorization": {
        "A": "Pending Approval",
        "B": "Pending Receipt",
        "C": "Cancelled",
        "D": "Partially Received",
        "E": "Pending Refund/Partially Received",
        "F": "Pending Refund",
        "G": "Refunded",
        "H": "Closed",
    },
    "itemReceipt": {"A": "Received"},
}
