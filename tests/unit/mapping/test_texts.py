"""Texts of an order as NetSuite takes them (O4)."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from support.orders import order, payload

from zoey_netsuite import NETSUITE_LENGTHS, ConfigurationError, MappingError, OrderMapper, attribute, field

ADDRESS = {"address_type": "shipping", "firstname": "Maria", "lastname": "Vega", "country_id": "US", "region": "Texas"}


def sent(mapper: OrderMapper | None = None, header: dict[str, Any] | None = None, **address: Any) -> dict[str, Any]:
    made = order(addresses=[{**ADDRESS, **address}], **(header or {}))
    return payload(mapper or OrderMapper(), made)


def refused(mapper: OrderMapper | None = None, header: dict[str, Any] | None = None, **address: Any) -> MappingError:
    with pytest.raises(MappingError) as caught:
        sent(mapper, header, **address)
    assert str(caught.value).startswith("Zoey order 100000012 (id 12): ")
    return caught.value


def test_too_long_is_found_before_it_is_sent() -> None:
    """All of them are named, with the length that NetSuite takes."""
    error = refused(header={"po_number": "P" * 51}, street=["s" * 174], city="ü" * 26)
    for words in ("otherRefNum", "is 51 long, and NetSuite takes 45", "addr1", "is 174", "takes 150", "city", "is 52"):
        assert words in str(error)
    assert 'OrderMapper(too_long="shorten") shortens' in str(error)
    assert error.field == "otherRefNum"

    names = refused(firstname="M" * 50, lastname="V" * 50)
    assert "addressee" in str(names)
    assert "is 101 long, and NetSuite takes 83" in str(names)


def test_shortened_by_rule() -> None:
    """Cut at the field's length, never within a letter; all else is as it was."""
    short = OrderMapper(too_long="shorten")
    made = sent(short, header={"po_number": "P" * 51}, street=["s" * 174, "Dock 4"], city="a" + "ü" * 26)
    address = made["shippingAddress"]
    assert made["otherRefNum"] == "P" * 45
    assert (address["addr1"], address["addr2"], address["city"]) == ("s" * 150, "Dock 4", "a" + "ü" * 24)
    assert sent(short)["shippingAddress"] == sent()["shippingAddress"]


def test_lines_are_never_joined_beyond_the_field() -> None:
    """The later ones are joined first; others where these do not fit; held where none do."""
    street = ["1 Main St", "Dock 4", "x" * 100, "y" * 100]
    lines = [sent(street=street)["shippingAddress"][name] for name in ("addr1", "addr2", "addr3")]
    assert lines == ["1 Main St", f"Dock 4, {'x' * 100}", "y" * 100]
    assert "addr3" in str(refused(street=[letter * 100 for letter in "abcd"]))
    two = sent(street=["x" * 100, "y" * 100])["shippingAddress"]
    assert (two["addr1"], two["addr2"], "addr3" in two) == ("x" * 100, "y" * 100, False)


def test_lengths_of_the_accounts_own() -> None:
    mapper = OrderMapper(
        fields=[field("custbody_gift", attribute("gift"))],
        max_lengths={**NETSUITE_LENGTHS, "custbody_gift": 5, "city": 3},
    )
    assert "custbody_gift 'abcdef' is 6 long" in str(refused(mapper, header={"gift": "abcdef"}))
    assert "city 'Rome' is 4 long" in str(refused(mapper, city="Rome"))
    assert sent(OrderMapper(max_lengths={}), city="c" * 200)["shippingAddress"]["city"] == "c" * 200
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"max_lengths": {"city": "3"}}, r"max_lengths=…\), city takes a whole number"),
        ({"max_lengths": 50}, "takes a mapping from field to length"),
        ({"too_long": "cut"}, 'takes "hold" or "shorten"'),
        ({"places": {"US": {}}}, "takes Places"),
    ]
    for options, said in wrong:
        with pytest.raises(ConfigurationError, match=said):
            OrderMapper(**options)


def test_names_are_cleaned() -> None:
    """Blanks alone are no name; line breaks become blanks; NUL and the like vanish; half a character is refused."""
    made = sent(
        header={"po_number": "\u00a0PO-7\r\n", "gift": "one\ntwo\x00"},
        mapper=OrderMapper(fields=[field("custbody_gift", attribute("gift"))]),
        firstname=" \t ",
        lastname="Ve\x00ga\nLopez",
        company="\u200b\u00a0",
        street=["1 Main St\r\nDock 4", " "],
        city="\x07",
    )
    assert made["shippingAddress"] == {
        "addressee": "Vega Lopez",
        "addr1": "1 Main St",
        "addr2": "Dock 4",
        "state": "TX",
        "country": {"id": "US"},
    }
    assert (made["otherRefNum"], made["custbody_gift"]) == ("PO-7", "one\ntwo")
    with pytest.raises(MappingError, match=r"otherRefNum 'P\\ud800'"):
        payload(OrderMapper(), evolve(order(), po_number="P\ud800"))
    assert "otherRefNum" not in sent(header={"po_number": "\n"})


def test_a_region_that_nobody_knows_holds_the_order() -> None:
    error = refused(region="Texs")
    assert "shippingAddress: region 'Texs' is not a state that NetSuite lists for US" in str(error)
    assert sent(region=None, region_id="57")["shippingAddress"]["state"] == "TX"
