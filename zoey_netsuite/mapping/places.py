"""Countries and regions: what people and both platforms call them, and NetSuite's codes for them; both ways.

The table, `places.json`, is made by `python -m tools.places` and read when it is first needed.
"""

from __future__ import annotations

import json
import pkgutil
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from attrs import field, frozen

from zoey_netsuite.checks import must_be_a, must_be_one_of
from zoey_netsuite.errors import ConfigurationError, MappingError

NETSUITE_LISTS = "Setup > Company > States/Provinces/Counties"


@frozen
class Region:
    """A state, province, county or prefecture.

    Attributes:
        country: ISO 3166 alpha-2.
        state: how NetSuite keeps it: the short name of its list of states ("TX", "Beds.", "NSW").
        name: how Zoey shows it ("Texas").
        zoey_ids: Zoey's `region_id`, first the one of exactly this name; none where Zoey's stores have no list of the
            country's regions.
    """

    country: str
    state: str
    name: str
    zoey_ids: tuple[str, ...] = ()


def _by_country(given: Mapping[str, Mapping[str, str | None]]) -> Mapping[str, Mapping[str, str | None]]:
    takes = 'a mapping by country, e.g. {"GB": {"Greater Manchester": "Gtr Manchester"}}'
    must_be_a("Places(regions=…)", given, Mapping, takes)
    for code, regions in given.items():
        must_be_a(f"Places(regions=…), {code}", regions, Mapping, takes)
        if code not in _table()["countries"]:
            msg = f'Places(regions=…): {code!r} is no country code: give it as ISO 3166 has it, such as "GB"'
            raise ConfigurationError(msg)
    return {code: {comparable(str(name)): state for name, state in regions.items()} for code, regions in given.items()}


@frozen
class Places:
    """Finds countries and regions, whatever their letter case, accents and punctuation.

    NetSuite lists the states of Australia, Canada, China, Japan, Mexico, the United Kingdom and the United States.
    Of these countries a region becomes the state's short name. Regions of other countries stay as they are written.

    Attributes:
        regions: what the table lacks, by country: the region's name (or Zoey's `region_id`), and the short name that
            NetSuite has for it, or None for no state. It goes before the table.
        unknown: what happens to a region that is not in its country's list: "hold" the record, or "send" the region
            as it is written, for accounts that allow free-form states in addresses.

    Example:
        >>> places = Places(regions={"GB": {"Greater Manchester": "Gtr Manchester"}})
        >>> places.state("GB", "greater manchester"), places.state("CA", "QUÉBEC"), places.state("US", None, "57")
        ('Gtr Manchester', 'QC', 'TX')
    """

    regions: Mapping[str, Mapping[str, str | None]] = field(
        factory=dict[str, Mapping[str, str | None]], converter=_by_country, hash=False
    )
    unknown: Literal["hold", "send"] = "hold"

    def __attrs_post_init__(self) -> None:
        must_be_one_of("Places(unknown=…)", self.unknown, ("hold", "send"))

    def country(self, given: str | None) -> str | None:
        """The code of a country, ISO 3166 alpha-2, from a code or name; None for none. Raises MappingError."""
        text = (given or "").strip()
        if not text:
            return None
        if text.upper() in _table()["countries"]:
            return text.upper()
        found = _countries().get(comparable(text))
        if found is None:
            msg = f"{text[:80]!r} is no country that NetSuite knows: correct the address in Zoey"
            raise MappingError(msg, field="country")
        return found

    def state(self, country: str | None, region: str | None, region_id: str | None = None) -> str | None:
        """A region as NetSuite keeps it; None where the address has none.

        Args:
            country: its code.
            region: its name or code.
            region_id: Zoey's id of it, which counts where the name says nothing.

        Raises:
            MappingError: the country has a list, and the region is not in it.
        """
        name = (region or "").strip()
        number = (region_id or "").strip()
        number = "" if number == "0" else number
        own = self.regions.get(country or "", {})
        for given in (name, number):
            if given and comparable(given) in own:
                return own[comparable(given)]
        listed = country is not None and country in _table()["listed"]
        if name and not listed:
            return name
        found = _regions(country).get(comparable(name)) if name and country else None
        if found is None and number:
            found = _by_zoey_id().get(number)
        if found is not None and found.country == country:
            return found.state
        if not name and not number:
            return None
        if name and self.unknown == "send":
            return name
        raise _unknown(country, name, number, listed=listed)

    def region(self, country: str | None, state: str | None) -> Region | None:
        """What Zoey calls a state of NetSuite's; None where it is in no list, so that it is called as it is written."""
        return _regions(country).get(comparable(state)) if country and state else None


def comparable(name: str) -> str:
    """A name without letter case, accents, blanks and punctuation."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def _unknown(country: str | None, name: str, number: str, *, listed: bool) -> MappingError:
    given, key = (f"region {name[:80]!r}", name[:80]) if name else (f"region_id {number[:20]!r}", number[:20])
    what = f"is not a state that NetSuite lists for {country}" if listed else f"is not a known region of {country}"
    msg = (
        f"{given} {what}. Correct the address in Zoey, or name NetSuite's short name of it ({NETSUITE_LISTS}):"
        f" OrderMapper(places=Places(regions={{{country!r}: {{{key!r}: …}}}}))"
    )
    return MappingError(msg, field="state")


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = json.loads(pkgutil.get_data("zoey_netsuite.mapping", "places.json") or b"")
    return table


@cache
def _countries() -> Mapping[str, str]:
    names = _table()["countries"]
    return {comparable(name): code for code in reversed(names) for name in names[code]}


@cache
def _regions(country: str) -> Mapping[str, Region]:
    """By every spelling; the state's own name goes before another's alias."""
    rows = [(_region(country, row), row[3]) for row in _table()["regions"].get(country, ())]
    further = {comparable(name): region for region, names in rows for name in names}
    return further | {comparable(name): region for region, _ in rows for name in (region.name, region.state)}


@cache
def _by_zoey_id() -> Mapping[str, Region]:
    every = [_region(country, row) for country, rows in _table()["regions"].items() for row in rows]
    return {id: region for region in every for id in region.zoey_ids}


def _region(country: str, row: Any) -> Region:
    state, name, ids, _ = row
    return Region(country, state, name, tuple(str(id) for id in ids))
