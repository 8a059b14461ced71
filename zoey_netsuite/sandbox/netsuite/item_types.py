"""Record types of items: many names in the record API, one table in SuiteQL."""

from __future__ import annotations

from collections.abc import Mapping

from zoey_netsuite.sandbox.netsuite.shapes import Field, RecordType, fields_of, sublist

_PRICE = sublist(
    "price",
    "id",
    fields_of(
        text="id priceLevelName",
        number="price discount",
        references={"priceLevel": "pricelevel", "currencyPage": "currency"},
        readonly="priceLevelName",
        others=[Field("quantity", "choice")],
    ),
)
_MEMBERS = sublist("member", "line", fields_of(integer="line", number="quantity", references={"item": "item"}))
_LOCATIONS = sublist(
    "locations",
    "location",
    fields_of(
        text="location_display",
        number="quantityOnHand quantityAvailable quantityCommitted quantityOnOrder quantityBackOrdered",
        references={"location": "location"},
    ),
    readonly=True,
)

_FIELDS = fields_of(
    text="itemId displayName upcCode externalId description salesDescription purchaseDescription storeDescription mpn "
    "manufacturer vendorName urlComponent",
    number="cost weight averageCost lastPurchasePrice totalQuantityOnHand rate basePrice",
    boolean="isInactive isOnline isLotItem isSerialItem useBins isFulfillable includeChildren offerSupport nonPosting",
    datetime="createdDate lastModifiedDate",
    references={
        "parent": "item",
        "location": "location",
        "preferredLocation": "location",
        "subsidiary": "subsidiary",
        "department": "department",
        "class": "classification",
        "customForm": "customform",
        "saleUnit": "unitstypeuom",
    },
    readonly="createdDate lastModifiedDate averageCost totalQuantityOnHand",
    others=[
        _PRICE,
        _MEMBERS,
        _LOCATIONS,
        Field("itemType", "choice", readonly=True),
        Field("weightUnit", "choice"),
        Field("taxSchedule", "choice"),
        Field("incomeAccount", "choice"),
        Field("cogsAccount", "choice"),
        Field("assetAccount", "choice"),
        Field("expenseAccount", "choice"),
        Field("account", "choice"),
    ],
)


def _item(name: str, code: str, label: str, extra: Mapping[str, str] | None = None) -> RecordType:
    return RecordType(
        name,
        "item",
        _FIELDS,
        code=code,
        label=label,
        permission="Lists -> Items",
        ids="item",
        required=("itemId",),
        extra={"islotitem": "F", "isserialitem": "F", **(extra or {})},
    )


ITEM_TYPES = (
    _item("inventoryItem", "InvtPart", "Inventory Item", {"isfulfillable": "T"}),
    _item(
        "lotNumberedInventoryItem", "InvtPart", "Lot Numbered Inventory Item", {"isfulfillable": "T", "islotitem": "T"}
    ),
    _item(
        "serializedInventoryItem", "InvtPart", "Serialized Inventory Item", {"isfulfillable": "T", "isserialitem": "T"}
    ),
    _item("assemblyItem", "Assembly", "Assembly", {"isfulfillable": "T"}),
    _item("lotNumberedAssemblyItem", "Assembly", "Lot Numbered Assembly", {"isfulfillable": "T", "islotitem": "T"}),
    _item("serializedAssemblyItem", "Assembly", "Serialized Assembly", {"isfulfillable": "T", "isserialitem": "T"}),
    _item("kitItem", "Kit", "Kit/Package", {"isfulfillable": "T"}),
    _item(
        "nonInventorySaleItem", "NonInvtPart", "Non-inventory Item for Sale", {"isfulfillable": "T", "subtype": "Sale"}
    ),
    _item(
        "nonInventoryResaleItem",
        "NonInvtPart",
        "Non-inventory Item for Resale",
        {"isfulfillable": "T", "subtype": "Resale"},
    ),
    _item("serviceItem", "Service", "Service", {"isfulfillable": "F", "subtype": "Sale"}),
    _item("serviceSaleItem", "Service", "Service for Sale", {"isfulfillable": "F", "subtype": "Sale"}),
    _item("serviceResaleItem", "Service", "Service for Resale", {"isfulfillable": "F", "subtype": "Resale"}),
    _item("discountItem", "Discount", "Discount", {"isfulfillable": "F"}),
    _item("markupItem", "Markup", "Markup", {"isfulfillable": "F"}),
    _item("otherChargeSaleItem", "OthCharge", "Other Charge for Sale", {"isfulfillable": "F", "subtype": "Sale"}),
    _item("itemGroup", "Group", "Item Group", {"isfulfillable": "F"}),
    _item("giftCertificateItem", "GiftCert", "Gift Certificate", {"isfulfillable": "F"}),
    _item("downloadItem", "DwnLdItem", "Download Item", {"isfulfillable": "F"}),
    _item("descriptionItem", "Description", "Description", {"isfulfillable": "F"}),
    _item("paymentItem", "Payment", "Payment Item", {"isfulfillable": "F"}),
    _item("subtotalItem", "Subtotal", "Subtotal", {"isfulfillable": "F"}),
)
BY_CODE = {"InvtPart": "inventoryItem", "Assembly": "assemblyItem", "Kit": "kitItem"} | {
    each.code: each.name for each in reversed(ITEM_TYPES) if each.code not in ("InvtPart", "Assembly") and each.code
}
