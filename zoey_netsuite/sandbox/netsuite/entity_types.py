"""Record types of people, companies and the lists that they choose from."""

from __future__ import annotations

from zoey_netsuite.sandbox.netsuite.shapes import ADDRESS, Field, RecordType, fields_of, sublist, subrecord

_ADDRESS_BOOK = sublist(
    "addressBook",
    "id",
    fields_of(
        text="label internalId",
        integer="id addressId",
        boolean="defaultBilling defaultShipping isResidential",
        readonly="internalId addressId",
        others=[subrecord("addressBookAddress", ADDRESS)],
    ),
)

CUSTOMER = RecordType(
    "customer",
    "customer",
    fields_of(
        text="entityId companyName altName firstName middleName lastName salutation title email phone altPhone "
        "mobilePhone homePhone fax url comments externalId accountNumber resaleNumber vatRegNumber "
        "defaultAddress password password2 printOnCheckAs",
        number="creditLimit balance overdueBalance unbilledOrders depositBalance",
        boolean="isPerson isInactive giveAccess unsubscribe taxable emailTransactions printTransactions "
        "faxTransactions shipComplete autoName sendEmail requirePwdChange isBudgetApproved",
        date="startDate endDate",
        datetime="dateCreated lastModifiedDate",
        references={
            "terms": "term",
            "priceLevel": "pricelevel",
            "salesRep": "employee",
            "parent": "customer",
            "subsidiary": "subsidiary",
            "currency": "currency",
            "category": "customercategory",
            "entityStatus": "entitystatus",
            "shippingItem": "shipitem",
            "prefCCProcessor": "paymentmethod",
            "customForm": "customform",
        },
        readonly="altName dateCreated lastModifiedDate balance overdueBalance unbilledOrders depositBalance "
        "defaultAddress",
        others=[
            _ADDRESS_BOOK,
            Field("creditHoldOverride", "choice", choices={"AUTO": "Auto", "ON": "On", "OFF": "Off"}),
            sublist("currencyList", "currency", fields_of(references={"currency": "currency"})),
            sublist(
                "itemPricing",
                "line",
                fields_of(
                    integer="line",
                    number="price",
                    references={"item": "item", "level": "pricelevel", "currency": "currency"},
                ),
            ),
            sublist(
                "groupPricing",
                "line",
                fields_of(integer="line", references={"group": "pricinggroup", "level": "pricelevel"}),
            ),
        ],
    ),
    label="Customer",
    permission="Lists -> Customers",
    ids="entity",
    required=("subsidiary",),
)

CONTACT = RecordType(
    "contact",
    "contact",
    fields_of(
        text="entityId firstName middleName lastName salutation title email phone mobilePhone officePhone homePhone "
        "fax comments externalId defaultAddress",
        boolean="isInactive isPrivate",
        datetime="dateCreated lastModifiedDate",
        references={
            "company": "customer",
            "subsidiary": "subsidiary",
            "contactRole": "contactrole",
            "customForm": "customform",
        },
        readonly="dateCreated lastModifiedDate defaultAddress",
        others=[_ADDRESS_BOOK],
    ),
    label="Contact",
    permission="Lists -> Contacts",
    ids="entity",
)

EMPLOYEE = RecordType(
    "employee",
    "employee",
    fields_of(
        text="entityId firstName lastName email phone title externalId",
        boolean="isInactive isSalesRep giveAccess",
        datetime="dateCreated lastModifiedDate",
        references={"subsidiary": "subsidiary", "location": "location", "department": "department"},
        readonly="dateCreated lastModifiedDate",
    ),
    label="Employee",
    permission="Lists -> Employees",
    ids="entity",
    required=("firstName", "lastName"),
)


def _list(name: str, table: str, label: str, permission: str, fields: dict[str, Field]) -> RecordType:
    return RecordType(name, table, fields, label=label, permission=permission, ids=table, required=("name",))


def list_type(name: str, table: str, label: str, permission: str = "Lists -> Accounting Lists") -> RecordType:
    """A plain list of names."""
    return _list(name, table, label, permission, dict(fields_of(text="name fullName externalId", boolean="isInactive")))


LISTS = (
    _list(
        "location",
        "location",
        "Location",
        "Lists -> Locations",
        dict(
            fields_of(
                text="name fullName externalId",
                boolean="isInactive makeInventoryAvailable makeInventoryAvailableStore",
                datetime="lastModifiedDate",
                references={"subsidiary": "subsidiary", "parent": "location"},
                readonly="fullName lastModifiedDate",
                others=[subrecord("mainAddress", ADDRESS)],
            )
        ),
    ),
    _list(
        "subsidiary",
        "subsidiary",
        "Subsidiary",
        "Lists -> Subsidiaries",
        dict(
            fields_of(
                text="name fullName externalId",
                boolean="isInactive isElimination",
                references={"parent": "subsidiary", "currency": "currency"},
                others=[Field("country", "choice")],
            )
        ),
    ),
    _list(
        "currency",
        "currency",
        "Currency",
        "Lists -> Currency",
        dict(
            fields_of(
                text="name symbol displaySymbol externalId",
                number="exchangeRate currencyPrecision",
                boolean="isInactive isBaseCurrency",
            )
        ),
    ),
    _list(
        "term",
        "term",
        "Term",
        "Lists -> Accounting Lists",
        dict(fields_of(text="name externalId", integer="daysUntilNetDue", boolean="isInactive")),
    ),
    _list(
        "priceLevel",
        "pricelevel",
        "Price Level",
        "Lists -> Items",
        dict(fields_of(text="name externalId", number="discountPct", boolean="isInactive isOnline")),
    ),
    list_type("department", "department", "Department", "Lists -> Departments"),
    list_type("classification", "classification", "Class", "Lists -> Classes"),
    list_type("customerCategory", "customercategory", "Customer Category"),
    list_type("paymentMethod", "paymentmethod", "Payment Method"),
    list_type("contactRole", "contactrole", "Contact Role"),
    list_type("pricingGroup", "pricinggroup", "Pricing Group"),
    RecordType(
        "shipItem",
        "shipitem",
        fields_of(text="itemId externalId", boolean="isInactive"),
        label="Shipping Item",
        permission="Lists -> Shipping Items",
        ids="shipitem",
        required=("itemId",),
    ),
    RecordType(
        "inventoryNumber",
        "inventorynumber",
        fields_of(text="inventoryNumber externalId", references={"item": "item"}),
        label="Inventory Number",
        permission="Lists -> Items",
        ids="inventorynumber",
    ),
    RecordType(
        "bin",
        "bin",
        fields_of(text="binNumber externalId", references={"location": "location"}),
        label="Bin",
        permission="Lists -> Bins",
        ids="bin",
    ),
)
ENTITY_TYPES = (CUSTOMER, CONTACT, EMPLOYEE, *LISTS)
