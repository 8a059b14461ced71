"""Postal addresses as NetSuite's subrecords take them."""

from __future__ import annotations

from collections.abc import Mapping

from zoey_netsuite.entities import JSON, Address
from zoey_netsuite.netsuite.records import to_reference

_REGIONS = {
    "US": "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,"
    "DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,"
    "KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,"
    "MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,"
    "NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,PR Puerto Rico,RI Rhode Island,"
    "SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,"
    "WV West Virginia,WI Wisconsin,WY Wyoming",
    "CA": "AB Alberta,BC British Columbia,MB Manitoba,NB New Brunswick,NL Newfoundland and Labrador,NS Nova Scotia,"
    "NT Northwest Territories,NU Nunavut,ON Ontario,PE Prince Edward Island,QC Quebec,SK Saskatchewan,YT Yukon",
}
"""Names that Zoey shows and codes that NetSuite keeps, where they differ."""

_CODES = {
    (country, entry[3:].lower()): entry[:2] for country, entries in _REGIONS.items() for entry in entries.split(",")
}


def state(country: str | None, region: str | None) -> str | None:
    """A region as NetSuite writes it: the code of a state of the US or a province of Canada, others as they are."""
    if region is None:
        return None
    return _CODES.get(((country or "").upper(), region.strip().lower()), region.strip())


def subrecord(address: Address) -> dict[str, JSON]:
    """An address as `shippingAddress` and `billingAddress` of a transaction take it.

    The company is the addressee and the person is who it is for the attention of; without a company the person is the
    addressee. A street of more than three lines keeps the rest in its third. (NetSuite: Schema Browser, Address.)
    """
    person = " ".join(part for part in (address.first_name, address.last_name) if part) or None
    street = [line for line in address.street if line]
    third = ", ".join(street[2:]) or None
    fields: dict[str, JSON] = {
        "addressee": address.company or person,
        "attention": person if address.company else None,
        "addr1": street[0] if street else None,
        "addr2": street[1] if len(street) > 1 else None,
        "addr3": third,
        "city": address.city,
        "state": state(address.country, address.region),
        "zip": address.postcode,
        "country": {"id": address.country} if address.country else None,
        "addrPhone": address.phone,
    }
    return {name: value for name, value in fields.items() if value is not None}


def from_subrecord(fields: Mapping[str, JSON]) -> Address:
    """A transaction's address subrecord as an address; the addressee is taken for a company where it has a person."""
    country = fields.get("country")
    attention = fields.get("attention")
    addressee = fields.get("addressee")
    return Address(
        last_name=attention if attention else addressee,
        company=addressee if attention else None,
        street=tuple(str(fields[name]) for name in ("addr1", "addr2", "addr3") if fields.get(name)),
        city=fields.get("city"),
        region=fields.get("state"),
        postcode=fields.get("zip"),
        country=None if country is None else to_reference(country).id,
        phone=fields.get("addrPhone"),
    )
