"""The standard tables that SuiteQL sees, as the account has them before any custom field."""

from __future__ import annotations

from collections.abc import Mapping

from zoey_netsuite.sandbox.netsuite.catalogue import Catalogue, Column, Table

_ADDRESS = "addressee attention addr1 addr2 addr3 city state dropdownstate zip country addrphone addrtext"
_STOCK = (
    "quantityonhand quantityavailable quantitycommitted quantityonorder quantitybackordered quantityintransit "
    "reorderpoint preferredstocklevel leadtime"
)


def table(
    name: str,
    *,
    display: str | None = None,
    key: str = "id",
    permission: str | None = None,
    text: str = "",
    number: str = "",
    boolean: str = "",
    date: str = "",
    datetime: str = "",
    references: Mapping[str, str] | None = None,
    special: tuple[Column, ...] = (),
) -> Table:
    """A table told by its columns' names, grouped by type."""
    columns: dict[str, Column] = {}
    if key == "id":
        columns["id"] = Column("id", "number")
    for column in special:
        columns[column.name] = column
    columns.update({each: Column(each, "text") for each in text.split()})
    columns.update({each: Column(each, "number") for each in number.split()})
    columns.update({each: Column(each, "boolean") for each in boolean.split()})
    columns.update({each: Column(each, "date") for each in date.split()})
    columns.update({each: Column(each, "datetime") for each in datetime.split()})
    for each, target in (references or {}).items():
        columns[each] = Column(each, "reference", target)
    return Table(name, columns, display, key, permission)


def _entities() -> list[Table]:
    return [
        table(
            "customer",
            display="entitytitle",
            permission="Lists -> Customers",
            text="entityid companyname altname entitytitle firstname middlename lastname salutation title email phone "
            "altphone mobilephone fax url comments externalid accountnumber resalenumber vatregnumber"
            " defaultorderpriority",
            number="creditlimit balancesearch overduebalancesearch",
            boolean="isperson isinactive giveaccess unsubscribe taxable emailtransactions",
            datetime="datecreated lastmodifieddate",
            references={
                "terms": "term",
                "pricelevel": "pricelevel",
                "salesrep": "employee",
                "parent": "customer",
                "subsidiary": "subsidiary",
                "currency": "currency",
                "category": "customercategory",
                "defaultbillingaddress": "customeraddressbookentityaddress",
                "defaultshippingaddress": "customeraddressbookentityaddress",
                "entitystatus": "entitystatus",
                "shippingitem": "shipitem",
            },
        ),
        table(
            "contact",
            display="entitytitle",
            permission="Lists -> Contacts",
            text="entityid entitytitle firstname middlename lastname salutation title email phone mobilephone "
            "officephone fax comments externalid",
            boolean="isinactive",
            datetime="datecreated lastmodifieddate",
            references={"company": "customer", "subsidiary": "subsidiary", "contactrole": "contactrole"},
        ),
        table(
            "employee",
            display="entityid",
            permission="Lists -> Employees",
            text="entityid firstname lastname email phone title externalid",
            boolean="isinactive issalesrep",
            datetime="datecreated lastmodifieddate",
            references={"subsidiary": "subsidiary", "location": "location", "department": "department"},
        ),
        table(
            "customeraddressbook",
            key="internalid",
            permission="Lists -> Customers",
            text="label",
            boolean="defaultbilling defaultshipping isresidential",
            references={"entity": "customer", "addressbookaddress": "customeraddressbookentityaddress"},
            special=(Column("internalid", "number"),),
        ),
        table(
            "customeraddressbookentityaddress",
            display="addrtext",
            key="nkey",
            permission="Lists -> Customers",
            text=_ADDRESS,
            boolean="override",
            datetime="lastmodifieddate",
            special=(Column("nkey", "number"),),
        ),
    ]


def _transactions() -> list[Table]:
    ends: dict[str, str] = {"previousdoc": "transaction", "nextdoc": "transaction"}

    def links(name: str, number: str) -> Table:
        text, date = "previoustype nexttype linktype", "previousdate nextdate"
        return table(name, key="", text=text, date=date, number=number, references=ends)

    line = "previousline nextline foreignamount discount"
    return [
        table(
            "transaction",
            display="trandisplayname",
            text="type tranid transactionnumber trandisplayname otherrefnum memo externalid email abbrevtype "
            "recordtype trackingnumberlist source",
            number="foreigntotal foreignamountpaid foreignamountunpaid foreignpaymentamountunused exchangerate "
            "shippingcost handlingcost totalcostestimate",
            boolean="posting voided void billingstatus tobeemailed tobeprinted shipcomplete",
            date="trandate duedate shipdate startdate enddate closedate",
            datetime="createddate lastmodifieddate",
            references={
                "entity": "customer",
                "currency": "currency",
                "terms": "term",
                "shippingaddress": "transactionshippingaddress",
                "billingaddress": "transactionbillingaddress",
                "postingperiod": "accountingperiod",
                "employee": "employee",
                "paymentmethod": "paymentmethod",
                "shipcarrier": "shipitem",
                "customform": "customform",
            },
            special=(
                Column("status", "text", text="_status_text", code="_status_code"),
                Column("shipstatus", "text", text="_shipstatus_text"),
            ),
        ),
        table(
            "transactionline",
            permission=None,
            text="memo itemtype",
            number="linesequencenumber quantity rate ratepercent foreignamount netamount uniquekey "
            "quantityshiprecv quantitybilled quantitycommitted quantitybackordered quantitypicked quantitypacked "
            "costestimate foreignpaymentamountused foreignpaymentamountunused",
            boolean="mainline taxline iscogs isclosed isinventoryaffecting isfullyshipped donotdisplayline",
            datetime="linelastmodifieddate linecreateddate",
            references={
                "transaction": "transaction",
                "item": "item",
                "location": "location",
                "inventorylocation": "location",
                "createdfrom": "transaction",
                "entity": "customer",
                "subsidiary": "subsidiary",
                "department": "department",
                "class": "classification",
                "price": "pricelevel",
            },
        ),
        links("previoustransactionlinelink", line),
        links("nexttransactionlinelink", line),
        links("previoustransactionlink", "foreignamount"),
        links("nexttransactionlink", "foreignamount"),
        table("trackingnumber", display="trackingnumber", text="trackingnumber"),
        table(
            "trackingnumbermap",
            key="",
            references={"transaction": "transaction", "trackingnumber": "trackingnumber"},
        ),
        table(
            "transactionshippingaddress",
            key="nkey",
            display="addrtext",
            text=_ADDRESS,
            special=(Column("nkey", "number"),),
        ),
        table(
            "transactionbillingaddress",
            key="nkey",
            display="addrtext",
            text=_ADDRESS,
            special=(Column("nkey", "number"),),
        ),
    ]


def _items() -> list[Table]:
    items = "Lists -> Items"
    return [
        table(
            "item",
            display="itemid",
            permission=items,
            text="itemid itemtype displayname description upccode externalid fullname salesdescription "
            "purchasedescription subtype weightunitslabel mpn manufacturer",
            number="cost weight averagecost lastpurchaseprice totalquantityonhand",
            boolean="isinactive islotitem isserialitem isonline matrixtype isfulfillable usebins",
            datetime="createddate lastmodifieddate",
            references={
                "parent": "item",
                "location": "location",
                "subsidiary": "subsidiary",
                "saleunit": "unitstypeuom",
                "department": "department",
                "class": "classification",
            },
        ),
        table(
            "aggregateitemlocation",
            key="",
            permission=items,
            number=_STOCK,
            references={"item": "item", "location": "location"},
        ),
        table(
            "inventoryitemlocations",
            key="",
            permission=items,
            number=_STOCK,
            references={"item": "item", "location": "location"},
        ),
        table(
            "pricing",
            key="",
            permission=items,
            number="quantity unitprice",
            references={"item": "item", "pricelevel": "pricelevel", "currency": "currency"},
        ),
        table(
            "pricelevel",
            display="name",
            permission=items,
            text="name externalid",
            number="discountpct",
            boolean="isinactive isonline",
        ),
        table(
            "customeritempricing",
            key="",
            permission="Lists -> Customers",
            number="price",
            references={"customer": "customer", "item": "item", "level": "pricelevel", "currency": "currency"},
        ),
        table(
            "customergrouppricing",
            key="",
            permission="Lists -> Customers",
            references={"customer": "customer", "group": "pricinggroup", "level": "pricelevel"},
        ),
        table("pricinggroup", display="name", permission=items, text="name", boolean="isinactive"),
        table(
            "itemmember",
            key="",
            permission=items,
            number="quantity linenumber",
            references={"parentitem": "item", "item": "item"},
        ),
        table(
            "kititemmember",
            key="",
            permission=items,
            number="quantity linenumber",
            references={"parentitem": "item", "item": "item"},
        ),
        table("inventorynumber", display="inventorynumber", text="inventorynumber", references={"item": "item"}),
    ]


def _lists() -> list[Table]:
    return [
        table(
            "location",
            display="name",
            permission="Lists -> Locations",
            text="name fullname externalid",
            boolean="isinactive makeinventoryavailable makeinventoryavailablestore",
            datetime="lastmodifieddate",
            references={"subsidiary": "subsidiary", "parent": "location"},
        ),
        table("term", display="name", text="name externalid", number="daysuntilnetdue", boolean="isinactive"),
        table(
            "subsidiary",
            display="name",
            permission="Lists -> Subsidiaries",
            text="name fullname externalid country",
            boolean="isinactive iselimination",
            references={"parent": "subsidiary", "currency": "currency"},
        ),
        table(
            "currency",
            display="name",
            permission="Lists -> Currency",
            text="name symbol displaysymbol externalid",
            number="exchangerate currencyprecision",
            boolean="isbasecurrency isinactive",
        ),
        table("department", display="name", text="name fullname externalid", boolean="isinactive"),
        table("classification", display="name", text="name fullname externalid", boolean="isinactive"),
        table("customercategory", display="name", text="name externalid", boolean="isinactive"),
        table("entitystatus", display="name", key="key", text="name", special=(Column("key", "number"),)),
        table("contactrole", display="name", text="name", boolean="isinactive"),
        table("paymentmethod", display="name", text="name externalid", boolean="isinactive"),
        table("shipitem", display="itemid", text="itemid externalid", boolean="isinactive"),
        table("unitstypeuom", display="unitname", key="internalid", text="unitname", special=(Column("internalid"),)),
        table("bin", display="binnumber", text="binnumber", references={"location": "location"}),
        table("customform", display="name", text="name"),
        table(
            "accountingperiod",
            display="periodname",
            text="periodname",
            boolean="closed isquarter isyear",
            date="startdate enddate",
        ),
        table(
            "deletedrecord",
            key="",
            permission="Lists -> Deleted Records",
            text="type recordtypeid name context",
            number="recordid",
            datetime="deleteddate",
            references={"deletedby": "employee"},
        ),
        table("dual", key="", text="dummy"),
    ]


def standard_catalogue() -> Catalogue:
    """All standard tables."""
    found = [*_entities(), *_transactions(), *_items(), *_lists()]
    return Catalogue({each.name: each for each in found})


def list_table(name: str) -> Table:
    """A custom list (`customlist_*`): ids and names."""
    return table(name, display="name", text="name externalid scriptid", boolean="isinactive", number="recordid")


def custom_record_table(name: str) -> Table:
    """A custom record type (`customrecord_*`), before its own fields."""
    return table(
        name,
        display="name",
        permission=f"Custom Record -> {name}",
        text="name externalid scriptid",
        boolean="isinactive",
        datetime="created lastmodified",
        number="recordid",
        references={"owner": "employee", "lastmodifiedby": "employee"},
    )
