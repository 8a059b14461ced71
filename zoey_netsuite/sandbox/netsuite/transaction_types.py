"""Record types of transactions: orders, what ships and bills them, and what pays and returns."""

from __future__ import annotations

from collections.abc import Iterable

from zoey_netsuite.sandbox.netsuite.shapes import ADDRESS, Field, RecordType, fields_of, sublist, subrecord
from zoey_netsuite.sandbox.netsuite.statuses import STATUS_WORDS

_INVENTORY_DETAIL = subrecord(
    "inventoryDetail",
    fields_of(
        number="quantity",
        references={"item": "item", "location": "location"},
        others=[
            sublist(
                "inventoryAssignment",
                "internalId",
                fields_of(
                    text="receiptInventoryNumber",
                    integer="internalId",
                    number="quantity",
                    date="expirationDate",
                    references={"issueInventoryNumber": "inventorynumber", "binNumber": "bin"},
                ),
            )
        ],
    ),
)
_LINE_REFERENCES = {"item": "item", "location": "location", "department": "department", "class": "classification"}
_PRICE = Field("price", "reference", "pricelevel", free=True)
_TAX_DETAILS = sublist(
    "taxDetails",
    "taxDetailsReference",
    fields_of(
        text="taxDetailsReference lineType lineName",
        number="taxBasis taxRate taxAmount netAmount",
        others=[Field("taxType", "choice"), Field("taxCode", "choice")],
    ),
)


def _item_list(
    key: str = "line",
    *,
    number: str = "",
    boolean: str = "",
    integer: str = "",
    readonly: str = "",
    others: Iterable[Field] = (),
) -> Field:
    fields = fields_of(
        text="description taxDetailsReference itemType",
        number=f"quantity rate amount {number}",
        integer=f"line {integer}",
        boolean=boolean,
        references=_LINE_REFERENCES,
        readonly=f"itemType {readonly}",
        others=[_PRICE, _INVENTORY_DETAIL, *others],
    )
    return sublist("item", key, fields)


_ORDER_LINES = _item_list(
    number="quantityFulfilled quantityBilled quantityCommitted quantityBackOrdered quantityAvailable costEstimate "
    "grossAmt taxAmount",
    boolean="isClosed isOpen excludeFromRateRequest",
    readonly="quantityFulfilled quantityBilled quantityCommitted quantityBackOrdered quantityAvailable taxAmount "
    "grossAmt isOpen",
    others=[
        Field("commitInventory", "choice", choices={"1": "Available Qty", "2": "Complete Qty", "3": "Do Not Commit"})
    ],
)
_BILL_LINES = _item_list(integer="orderLine", number="taxAmount", readonly="taxAmount", others=[])
_SHIP_LINES = _item_list(
    "orderLine",
    integer="orderLine",
    number="quantityRemaining onHand",
    boolean="isClosed",
    readonly="quantityRemaining onHand",
    others=[Field("itemReceive", "boolean", any_case=True)],
)
_PACKAGES = {
    "package": "packageTrackingNumber packageDescr",
    "packageUps": "packageTrackingNumberUps packageDescrUps",
    "packageFedEx": "packageTrackingNumberFedEx packageDescrFedEx",
    "packageUsps": "packageTrackingNumberUsps packageDescrUsps",
}
_PACKAGE_LISTS = [
    sublist(
        name,
        "id",
        fields_of(
            text=text,
            integer="id",
            number="packageWeight packageWeightUps packageWeightFedEx packageWeightUsps",
        ),
    )
    for name, text in _PACKAGES.items()
]
_APPLY = sublist(
    "apply",
    "doc",
    fields_of(
        text="refNum type currency",
        number="amount total due disc",
        integer="line",
        boolean="apply",
        date="applyDate",
        references={"doc": "transaction"},
        readonly="refNum type currency total due applyDate",
    ),
)
_HEADER_REFERENCES = {
    "currency": "currency",
    "location": "location",
    "department": "department",
    "class": "classification",
    "subsidiary": "subsidiary",
    "customForm": "customform",
    "postingPeriod": "accountingperiod",
}
_BILLING = {
    "terms": "term",
    "shipMethod": "shipitem",
    "discountItem": "item",
    "salesRep": "employee",
    "paymentMethod": "paymentmethod",
}


def _transaction(
    name: str,
    code: str,
    label: str,
    abbreviation: str,
    *,
    party: str = "entity",
    text: str = "",
    number: str = "",
    boolean: str = "",
    date: str = "",
    references: dict[str, str] | None = None,
    readonly: str = "",
    others: Iterable[Field] = (),
    required: tuple[str, ...] = (),
    posting: bool = True,
    addresses: bool = True,
) -> RecordType:
    further = [subrecord("shippingAddress", ADDRESS), subrecord("billingAddress", ADDRESS)] if addresses else []
    fields = fields_of(
        text=f"tranId memo externalId email transactionNumber {text}",
        number=f"exchangeRate total {number}",
        boolean=f"toBeEmailed toBePrinted {boolean}",
        date=f"tranDate {date}",
        datetime="createdDate lastModifiedDate",
        references={party: "customer", "createdFrom": "transaction", **_HEADER_REFERENCES, **(references or {})},
        readonly=f"createdDate lastModifiedDate total transactionNumber {readonly}",
        others=[Field("status", "choice", readonly=True), *further, *others],
    )
    return RecordType(
        name,
        "transaction",
        fields,
        code=code,
        label=label,
        permission=f"Transactions -> {label}",
        ids="transaction",
        required=required,
        posting=posting,
        abbreviation=abbreviation,
    )


_SALES_TEXT = "otherRefNum message customerMessage linkedTrackingNumbers"
_SALES_NUMBERS = (
    "shippingCost handlingCost subtotal discountTotal taxTotal taxTotalOverride altShippingCost altHandlingCost "
    "estGrossProfit"
)
_SALES_READONLY = "subtotal discountTotal taxTotal altShippingCost altHandlingCost linkedTrackingNumbers estGrossProfit"
_ADDRESS_LISTS = [
    Field("shipAddressList", "reference", "customeraddressbookentityaddress", free=True),
    Field("billAddressList", "reference", "customeraddressbookentityaddress", free=True),
]
_SALES_OTHERS = [Field("discountRate", "text"), _TAX_DETAILS, *_ADDRESS_LISTS]

SALES_ORDER = _transaction(
    "salesOrder",
    "SalesOrd",
    "Sales Order",
    "SO",
    text=_SALES_TEXT,
    number=_SALES_NUMBERS,
    boolean="shipComplete taxDetailsOverride getAuth",
    date="shipDate startDate endDate",
    references={**_BILLING, "paymentOption": "paymentmethod"},
    readonly=_SALES_READONLY,
    others=[
        _ORDER_LINES,
        *_SALES_OTHERS,
        Field("orderStatus", "choice", choices=STATUS_WORDS["salesOrder"]),
    ],
    required=("entity",),
    posting=False,
)
ITEM_FULFILLMENT = _transaction(
    "itemFulfillment",
    "ItemShip",
    "Item Fulfillment",
    "IF",
    text="shippingCostText",
    number="shippingCost handlingCost",
    date="actualShipDate",
    references={"shipMethod": "shipitem", "inventoryLocation": "location"},
    others=[
        _SHIP_LINES,
        *_PACKAGE_LISTS,
        Field("shipStatus", "choice", choices=STATUS_WORDS["itemFulfillment"]),
        *_ADDRESS_LISTS[:1],
    ],
    required=("createdFrom",),
)
INVOICE = _transaction(
    "invoice",
    "CustInvc",
    "Invoice",
    "INV",
    text=_SALES_TEXT,
    number=f"{_SALES_NUMBERS} amountRemaining amountPaid amountRemainingTotalBox",
    boolean="taxDetailsOverride",
    date="dueDate shipDate",
    references=_BILLING,
    readonly=f"{_SALES_READONLY} amountRemaining amountPaid amountRemainingTotalBox",
    others=[_BILL_LINES, *_SALES_OTHERS],
    required=("entity",),
)
CASH_SALE = _transaction(
    "cashSale",
    "CashSale",
    "Cash Sale",
    "CS",
    text=_SALES_TEXT,
    number=_SALES_NUMBERS,
    boolean="taxDetailsOverride undepFunds",
    references={**_BILLING, "paymentOption": "paymentmethod"},
    readonly=_SALES_READONLY,
    others=[_BILL_LINES, *_SALES_OTHERS, Field("account", "choice")],
    required=("entity",),
)
CUSTOMER_PAYMENT = _transaction(
    "customerPayment",
    "CustPymt",
    "Customer Payment",
    "PYMT",
    party="customer",
    text="checkNum",
    number="payment applied unapplied balance pending",
    boolean="autoApply undepFunds",
    references={"paymentMethod": "paymentmethod", "paymentOption": "paymentmethod"},
    readonly="applied unapplied balance pending",
    others=[_APPLY, Field("account", "choice"), Field("arAcct", "choice")],
    required=("customer",),
    addresses=False,
)
CUSTOMER_DEPOSIT = _transaction(
    "customerDeposit",
    "CustDep",
    "Customer Deposit",
    "DEP",
    party="customer",
    text="checkNum",
    number="payment",
    boolean="undepFunds",
    references={"salesOrder": "transaction", "paymentMethod": "paymentmethod", "paymentOption": "paymentmethod"},
    others=[
        Field("account", "choice"),
        sublist(
            "apply",
            "doc",
            _APPLY.fields,
            readonly=True,
        ),
    ],
    required=("customer", "payment"),
    addresses=False,
)
DEPOSIT_APPLICATION = _transaction(
    "depositApplication",
    "DepAppl",
    "Deposit Application",
    "DA",
    party="customer",
    number="applied unapplied",
    references={"deposit": "transaction"},
    readonly="applied unapplied",
    others=[_APPLY, Field("arAcct", "choice")],
    required=("deposit",),
    addresses=False,
)
CREDIT_MEMO = _transaction(
    "creditMemo",
    "CustCred",
    "Credit Memo",
    "CM",
    text=_SALES_TEXT,
    number=f"{_SALES_NUMBERS} applied unapplied amountPaid amountRemaining",
    boolean="taxDetailsOverride autoApply",
    references=_BILLING,
    readonly=f"{_SALES_READONLY} applied unapplied amountPaid amountRemaining",
    others=[_BILL_LINES, *_SALES_OTHERS, _APPLY],
    required=("entity",),
)
CUSTOMER_REFUND = _transaction(
    "customerRefund",
    "CustRfnd",
    "Customer Refund",
    "RFND",
    party="customer",
    text="checkNum",
    references={"paymentMethod": "paymentmethod", "paymentOption": "paymentmethod"},
    others=[_APPLY, sublist("deposit", "doc", _APPLY.fields), Field("account", "choice"), Field("arAcct", "choice")],
    required=("customer",),
    addresses=False,
)
CASH_REFUND = _transaction(
    "cashRefund",
    "CashRfnd",
    "Cash Refund",
    "CR",
    text=_SALES_TEXT,
    number=_SALES_NUMBERS,
    boolean="taxDetailsOverride",
    references=_BILLING,
    readonly=_SALES_READONLY,
    others=[_BILL_LINES, *_SALES_OTHERS, Field("account", "choice")],
    required=("entity",),
)
RETURN_AUTHORIZATION = _transaction(
    "returnAuthorization",
    "RtnAuth",
    "Return Authorization",
    "RA",
    text=_SALES_TEXT,
    number=_SALES_NUMBERS,
    boolean="taxDetailsOverride",
    references=_BILLING,
    readonly=_SALES_READONLY,
    others=[
        _item_list(
            number="quantityReceived quantityBilled",
            boolean="isClosed",
            integer="orderLine",
            readonly="quantityReceived quantityBilled",
        ),
        *_SALES_OTHERS,
        Field("orderStatus", "choice", choices=STATUS_WORDS["returnAuthorization"]),
    ],
    required=("entity",),
    posting=False,
)
ITEM_RECEIPT = _transaction(
    "itemReceipt",
    "ItemRcpt",
    "Item Receipt",
    "IR",
    others=[_SHIP_LINES],
    required=("createdFrom",),
    addresses=False,
)

TRANSACTION_TYPES = (
    SALES_ORDER,
    ITEM_FULFILLMENT,
    INVOICE,
    CASH_SALE,
    CUSTOMER_PAYMENT,
    CUSTOMER_DEPOSIT,
    DEPOSIT_APPLICATION,
    CREDIT_MEMO,
    CUSTOMER_REFUND,
    CASH_REFUND,
    RETURN_AUTHORIZATION,
    ITEM_RECEIPT,
)
