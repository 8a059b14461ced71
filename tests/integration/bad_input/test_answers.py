"""Answers that are not what the systems document, over real HTTP: told as such, never as a result (G4, E2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from support.wire import Wire, whole
from support.world import World

from zoey_netsuite import (
    Limits,
    MappingError,
    NetSuiteClient,
    OutcomeUnknown,
    Retry,
    UnexpectedAnswerError,
    ZoeyClient,
    ZoeyNetSuiteError,
    netsuite,
    zoey,
)
from zoey_netsuite.sandbox import Fault
from zoey_netsuite.testing.clock import FakeClock

SECRET = "hush-4711"
ANSWERS: dict[str, tuple[bytes, str]] = {
    "a page for people": (b"<!DOCTYPE html><html><body>We are down</body></html>", "text/html"),
    "a page that claims to be JSON": (b"<html>We are down</html>", "application/json"),
    "truncated JSON": (b'{"items": [{"id": "1"', "application/json"),
    "an empty body": (b"", "application/json"),
    "blanks": (b"  \n", "application/json"),
    "JSON of another shape": (b'[["id", "1"]]', "application/json"),
    "a number": (b"42", "application/json"),
    "null in it": (b'{"items": null, "hasMore": true}', "application/json"),
    "no text at all": (b"\xff\xfe\x00\x01", "application/octet-stream"),
    "nested without end": (b"[" * 100_000, "application/json"),
    "a secret": (b'{"access_token": "' + SECRET.encode() + b'"', "application/json"),
}
PATIENCE = Retry(attempts=2, random=lambda: 0.0)


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire() as opened:
        yield opened


@pytest.fixture
def erp(wire: Wire) -> Iterator[NetSuiteClient]:
    auth = netsuite.TokenAuth("key", SECRET, "token", SECRET)
    with NetSuiteClient("1234567", auth, base_url=wire.url, retry=PATIENCE, clock=FakeClock()) as client:
        yield client


@pytest.fixture
def shop(wire: Wire) -> Iterator[ZoeyClient]:
    auth = zoey.OAuth1Auth("key", SECRET, "token", SECRET)
    with ZoeyClient(wire.url, auth, retry=PATIENCE, limiter=Limits(), clock=FakeClock()) as client:
        yield client


Call = Callable[[Any], object]
ERP_READS: dict[str, tuple[Call, str]] = {
    "query": (lambda erp: list(erp.suiteql("SELECT id FROM item")), "SELECT id FROM item"),
    "record": (lambda erp: erp.record("salesOrder", "4711"), "salesOrder 4711"),
    "clock": (lambda erp: erp.server_time(), "time"),
    "search": (lambda erp: list(erp.saved_search("customsearch_items")), "customsearch_items"),
}
SHOP_READS: dict[str, tuple[Call, str]] = {
    "stock list": (lambda shop: list(shop.stock.list()), "stock"),
    "order": (lambda shop: shop.orders.get("4711"), "order 4711"),
}


def refused(call: Call, client: Any, words: str) -> ZoeyNetSuiteError:
    with pytest.raises(ZoeyNetSuiteError) as caught:
        call(client)
    assert words in str(caught.value)
    assert SECRET not in str(caught.value) + repr(caught.value)
    return caught.value


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("name", ERP_READS)
def test_netsuite_reads(wire: Wire, erp: NetSuiteClient, name: str, answer: str) -> None:
    """G4: tried again, as reading does no harm; then an error that says what was read and what came."""
    body, kind = ANSWERS[answer]
    if (name, answer) == ("record", "null in it"):
        pytest.skip("any object may be a record")
    wire.reply = whole(body, headers=f"Content-Type: {kind}\r\n")

    error = refused(*_of(ERP_READS, name, erp))

    assert isinstance(error, UnexpectedAnswerError)
    assert (error.system, error.status, len(wire.heard)) == ("netsuite", 200, 2)


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("name", SHOP_READS)
def test_zoey_reads(wire: Wire, shop: ZoeyClient, name: str, answer: str) -> None:
    """G4: the same for Zoey."""
    body, kind = ANSWERS[answer]
    wire.reply = whole(body, headers=f"Content-Type: {kind}\r\n")

    error = refused(*_of(SHOP_READS, name, shop))

    assert isinstance(error, UnexpectedAnswerError | MappingError)
    assert len(wire.heard) in (1, 2)


@pytest.mark.parametrize("answer", [name for name in ANSWERS if name != "a number"])
def test_writes_that_must_not_be_repeated(wire: Wire, erp: NetSuiteClient, shop: ZoeyClient, answer: str) -> None:
    """G4, O1: the outcome is unknown, and the call is made once; who asked for it looks first."""
    body, kind = ANSWERS[answer]
    wire.reply = whole(body, headers=f"Content-Type: {kind}\r\n")
    writes: list[tuple[Call, Any, str]] = [
        (lambda erp: erp.create("salesOrder", {"externalId": "acme-order-7"}), erp, "salesOrder"),
        (lambda erp: erp.transform("salesOrder", "4711", "invoice"), erp, "salesOrder 4711"),
        (lambda shop: shop.shipments.create("4711"), shop, "4711"),
        (lambda shop: shop.customers.create({"email": "a@example.com"}), shop, "customer"),
    ]
    for number, (call, client, words) in enumerate(writes, start=1):
        error = refused(call, client, words)
        assert isinstance(error, OutcomeUnknown)
        assert len(wire.heard) == number


JUNK = ["a page for people", "a page that claims to be JSON", "truncated JSON", "nested without end", "a secret"]


@pytest.mark.parametrize("answer", JUNK)
def test_writes_whose_answer_holds_nothing(wire: Wire, erp: NetSuiteClient, shop: ZoeyClient, answer: str) -> None:
    """G4: a success without a body is one; a maintenance page with status 200 is none, whatever was asked for."""
    body, kind = ANSWERS[answer]
    wire.reply = whole(body, headers=f"Content-Type: {kind}\r\n")
    repeatable: list[tuple[Call, Any, str]] = [
        (lambda erp: erp.update("salesOrder", "4711", {"memo": "x"}), erp, "salesOrder 4711"),
        (lambda shop: shop.customers.update("12", {"lastname": "Roe"}), shop, "customer 12"),
        (lambda shop: shop.stock.update("7", {"qty": Decimal(5)}), shop, "stock item 7"),
    ]
    for call, client, words in repeatable:
        assert isinstance(refused(call, client, words), UnexpectedAnswerError)
    assert isinstance(refused(lambda shop: shop.orders.comment("4711", "Hello"), shop, "4711"), OutcomeUnknown)
    wire.reply = whole(b"")
    for call, client, _ in repeatable:
        call(client)


@pytest.mark.parametrize("answer", ANSWERS)
def test_bulk_writes(wire: Wire, shop: ZoeyClient, answer: str) -> None:
    """G4, I3: setting stock again does no harm, so it is; what is not confirmed is not taken for done."""
    body, kind = ANSWERS[answer]
    wire.reply = whole(body, head="HTTP/1.1 207 Multi-Status", headers=f"Content-Type: {kind}\r\n")

    error = refused(lambda shop: shop.stock.update_many([{"item_id": "7", "qty": Decimal(5)}]), shop, "stock item 7")

    assert isinstance(error, UnexpectedAnswerError)
    assert len(wire.heard) == 2


@pytest.mark.parametrize("body", [b'{"success": []}', b'{"success": null, "error": 5}', b'{"error": {"a": {}}}'])
def test_bulk_answers_that_leave_an_entry_out(wire: Wire, shop: ZoeyClient, body: bytes) -> None:
    """G4: the entry has an error of its own."""
    wire.reply = whole(body, head="HTTP/1.1 207 Multi-Status")
    (result,) = shop.stock.update_many([{"item_id": "7", "qty": Decimal(5)}])
    assert result.error is not None
    assert "stock item 7" in str(result.error)


@pytest.mark.parametrize("kind", ["html", "truncated"])
@pytest.mark.parametrize("system", ["netsuite", "zoey"])
def test_a_run_in_which_all_answers_are_junk(world: World, system: str, kind: Any) -> None:
    """G4: an outage, told once; nothing is written, no place is lost, and the next run does it all."""
    integration = world.integration()
    side: Any = getattr(world.sandbox, system)
    side.faults.add(Fault(kind, status=200, times=None))

    report = integration.run()

    assert report.failure is not None
    assert (report.failure.system, report.failure.cause) == (system, "outage")
    assert not world.sandbox.zoey.calls.writes
    side.faults.clear()
    integration.run().raise_for_failure()
    assert [world.shown(product) for product in range(101, 109)] == [30] * 8


def _of(calls: dict[str, tuple[Call, str]], name: str, client: Any) -> tuple[Call, Any, str]:
    call, words = calls[name]
    return call, client, words
