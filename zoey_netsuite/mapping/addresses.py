"""Postal addresses as NetSuite's subrecords take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from zoey_netsuite.entities import JSON, Address
from zoey_netsuite.mapping.places import Places
from zoey_netsuite.mapping.texts import NETSUITE_LENGTHS, size
from zoey_netsuite.netsuite.records import to_reference

STREET = ("addr1", "addr2", "addr3")


def subrecord(
    address: Address, places: Places | None = None, limits: Mapping[str, int] = NETSUITE_LENGTHS
) -> dict[str, JSON]:
    """An address as `shippingAddress` and `billingAddress` of a transaction take it.

    The company is the addressee and the person is who it is for the attention of; without a company the person is the
    addressee. A street of more than three lines is put on three, each within the fields' length where that is possible.
    (NetSuite: Schema Browser, Address.)

    Raises:
        MappingError: its country or region is not known.
    """
    known = Places() if places is None else places
    person = " ".join(part for part in (address.first_name, address.last_name) if part) or None
    country = known.country(address.country)
    fields: dict[str, JSON] = {
        "addressee": address.company or person,
        "attention": person if address.company else None,
        **dict(zip(STREET, _three([line for line in address.street if line], limits), strict=False)),
        "city": address.city,
        "state": known.state(country, address.region, address.region_id),
        "zip": address.postcode,
        "country": {"id": country} if country else None,
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
        street=tuple(str(fields[name]) for name in STREET if fields.get(name)),
        city=fields.get("city"),
        region=fields.get("state"),
        postcode=fields.get("zip"),
        country=None if country is None else to_reference(country).id,
        phone=fields.get("addrPhone"),
    )


def _three(lines: Sequence[str], limits: Mapping[str, int]) -> Sequence[str]:
    """The lines of a street on three at most. The later ones are joined first; where none of the ways to join them
    fits, it is this one, which is too long then.
    """
    if len(lines) <= len(STREET):
        return lines
    ways = [
        [", ".join(part) for part in (lines[:first], lines[first:second], lines[second:])]
        for first, second in combinations(range(1, len(lines)), 2)
    ]
    for way in ways:
        if all(name not in limits or size(line) <= limits[name] for name, line in zip(STREET, way, strict=True)):
            return way
    return ways[0]
