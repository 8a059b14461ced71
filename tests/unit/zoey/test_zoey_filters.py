"""Filters as they are written, and what is no filter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from unit.zoey.zoey_store import ScriptedTransport, json_answer

from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.http.limits import Limits
from zoey_netsuite.zoey import OAuth1Auth, ZoeyClient, eq, from_, gt, gteq, in_, like, lt, lteq, neq, nin, to


def asked(**filters: Any) -> dict[str, str]:
    transport = ScriptedTransport(lambda asked: json_answer([]))
    auth = OAuth1Auth("key", "secret", "token", "token-secret")
    client = ZoeyClient("https://shop.example.com", auth, limiter=Limits(), transport=transport)
    assert list(client.accounts.list(**filters)) == []
    return {name: value for name, value in transport.asked[0].params.items() if name.startswith("filter")}


@pytest.mark.parametrize(
    ("condition", "operator", "value"),
    [
        ("processing", "eq", "processing"),
        (eq(5), "eq", "5"),
        (neq("x"), "neq", "x"),
        (gt(Decimal("1.50")), "gt", "1.50"),
        (lt(1.5), "lt", "1.5"),
        (gteq(True), "gteq", "1"),
        (lteq(False), "lteq", "0"),
        (from_(date(2026, 1, 31)), "from", "2026-01-31 00:00:00"),
        (to(datetime(2026, 1, 31, 10, tzinfo=timezone(timedelta(hours=-5)))), "to", "2026-01-31 15:00:00"),
        (like("%shirt%"), "like", "%shirt%"),
    ],
)
def test_each_operator(condition: Any, operator: str, value: str) -> None:
    """Values are written as Zoey compares them; times in UTC, without offset."""
    assert asked(name=condition) == {"filter[1][attribute]": "name", f"filter[1][{operator}]": value}


def test_choices_are_listed_one_by_one() -> None:
    """Magento reads choices as an array, so a comma in one of them does no harm."""
    assert asked(status=in_(["new", "on hold, sort of"])) == {
        "filter[1][attribute]": "status",
        "filter[1][in][0]": "new",
        "filter[1][in][1]": "on hold, sort of",
    }
    assert asked(status=nin(["new"]))["filter[1][nin][0]"] == "new"


def test_tests_of_one_attribute_are_filters_of_their_own() -> None:
    """Magento reads one operator from a filter."""
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    expected = {
        "filter[1][attribute]": "updated_at",
        "filter[1][gteq]": "2026-01-01 00:00:00",
        "filter[2][attribute]": "updated_at",
        "filter[2][lt]": "2026-02-01 00:00:00",
        "filter[3][attribute]": "status",
        "filter[3][eq]": "new",
    }
    assert asked(updated_at=gteq(since) & lt(until), status="new") == expected
    assert asked(updated_at={"gteq": since, "lt": until}, status="new") == expected


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"updated_at": {"after": "x"}}, "'after' is no operator"),
        ({"updated_at": {}}, "empty mapping"),
        ({"status": {"eq": ["a"]}}, "takes one value"),
        ({"bad[name": "x"}, "no attribute's name"),
    ],
)
def test_what_is_no_filter(filters: Any, words: str) -> None:
    """Said before anything is asked."""
    with pytest.raises(ConfigurationError, match=words):
        asked(**filters)


def test_what_cannot_be_compared() -> None:
    """A time without a zone could mean any of 24 moments; no choice at all cannot be asked for."""
    with pytest.raises(ConfigurationError, match="no time zone"):
        gteq(datetime(2026, 1, 1))
    with pytest.raises(ConfigurationError, match="at least one value"):
        in_([])
    with pytest.raises(ConfigurationError, match="nothing that Zoey can compare"):
        eq(None)  # type: ignore[arg-type]  # the mistake under test


def test_the_signed_address_is_the_one_sent() -> None:
    """Brackets are encoded once, in the address itself, which is what the signature covers."""
    urls: list[str] = []

    class Recorder(ScriptedTransport):
        def send(self, request: Any) -> Any:
            urls.append(request.url)
            return super().send(request)

    auth = OAuth1Auth("key", "secret", "token", "token-secret")
    transport = Recorder(lambda asked: json_answer([]))
    client = ZoeyClient("https://shop.example.com", auth, limiter=Limits(), transport=transport)
    list(client.accounts.list(name="Smith & Söhne"))
    assert "filter%5B1%5D%5Beq%5D=Smith%20%26%20S%C3%B6hne" in urls[0]
    assert "[" not in urls[0]
