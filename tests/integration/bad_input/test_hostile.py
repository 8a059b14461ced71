"""What would lead a call astray is refused, and what is used after its end says so (E1, G5)."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from support.colors import ColorSync
from support.wire import Wire, whole
from support.world import World

from zoey_netsuite import (
    AsyncNetSuiteClient,
    ConfigurationError,
    Effect,
    Found,
    MapContext,
    NetSuiteClient,
    Retry,
    SuiteQLSync,
    Unit,
    ZoeyClient,
    ZoeyNetSuiteError,
)
from zoey_netsuite.netsuite import TokenAuth
from zoey_netsuite.zoey import OAuth1Auth

OAUTH = OAuth1Auth("key", "secret", "token", "token-secret")
AUTH = TokenAuth("consumer-key-4711", "consumer-secret", "token-id-4711", "token-secret")


@pytest.mark.parametrize("id", [".", ".."])
def test_ids_that_lead_elsewhere_are_refused(world: World, id: str) -> None:
    before = world.sandbox.netsuite.calls.total + world.sandbox.zoey.calls.total
    for call in (
        lambda: world.erp.record("salesOrder", id),
        lambda: world.erp.update("salesOrder", id, {"memo": "x"}),
        lambda: world.shop.orders.get(id),
    ):
        with pytest.raises(ConfigurationError):
            call()
    assert world.sandbox.netsuite.calls.total + world.sandbox.zoey.calls.total == before


@pytest.mark.parametrize(
    "url", ["https://a.example\x00", "https://a.exa\rmple", "https://a.example\u2028", "https://a\tb"]
)
def test_addresses_with_control_characters_are_refused(url: str) -> None:
    for make in (
        lambda: NetSuiteClient("1", AUTH, base_url=url),
        lambda: ZoeyClient(url, OAUTH),
        lambda: ZoeyClient(f"{url}\n", OAUTH),
    ):
        with pytest.raises(ConfigurationError):
            make()


def test_a_closed_client_says_so() -> None:
    with Wire(whole()) as wire:
        client = NetSuiteClient("1", AUTH, base_url=wire.url)
        client.close()
        with pytest.raises(ConfigurationError, match="this client is closed"):
            client.record("salesOrder", "1")

        async def awaited() -> None:
            closed = AsyncNetSuiteClient("1", AUTH, base_url=wire.url)
            await closed.aclose()
            with pytest.raises(ConfigurationError, match="this client is closed"):
                await closed.record("salesOrder", "1")

        asyncio.run(awaited())
        assert not wire.heard


@pytest.mark.parametrize("status", ["400 Bad", "401 No", "500 Oh", "200 OK"])
def test_what_a_server_quotes_without_a_label(status: str, caplog: pytest.LogCaptureFixture) -> None:
    """Token id, consumer key and signature by themselves: nowhere in the error, its causes or the log."""
    caplog.set_level("DEBUG", "zoey_netsuite")
    with Wire() as wire:

        def quoting(connection: Any, over: Any) -> None:
            sent = wire.heard[-1].header("authorization") or ""
            signature = sent.partition('oauth_signature="')[2].partition('"')[0]
            words = f"no consumer-key-4711 with token-id-4711 and {signature}"
            whole(words.encode(), head=f"HTTP/1.1 {status}")(connection, over)

        wire.reply = quoting
        client = NetSuiteClient("1", AUTH, base_url=wire.url, retry=Retry(attempts=2, base=0.0))
        with pytest.raises(ZoeyNetSuiteError) as caught:
            client.record("salesOrder", "1")
        client.close()
        signatures = [(one.header("authorization") or "").partition('oauth_signature="')[2] for one in wire.heard]
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value)) + caplog.text
    for secret in ("consumer-key-4711", "token-id-4711", *(one.partition('"')[0] for one in signatures)):
        assert secret not in shown


def test_texts_for_dates_and_numbers_for_ids(world: World) -> None:
    """Refused in words that say what is taken."""
    integration = world.integration(ColorSync({"a": "red"}))
    given: Any = "2026-01-01"
    with pytest.raises(ConfigurationError, match=r"backfill\(since=…\) takes a datetime with a time zone, not a str"):
        integration.backfill("colors", given, given)
    number: Any = 17
    for call in (
        lambda: integration.sync_one("colors", zoey_id=number),
        lambda: integration.release("colors", netsuite_id=number),
        lambda: integration.explain("colors", zoey_id=number),
    ):
        with pytest.raises(ConfigurationError, match=r"takes text.*not 17"):
            call()


@attrs.frozen
class Row:
    id: str
    name: str


class Rows(SuiteQLSync[Row]):
    name, table, row, changed = "rows", "customrecord_warranty", Row, "lastmodified"

    def unit(self, row: Row) -> Unit[Row]:
        return Unit(row.id, data=row)

    def apply(self, unit: Unit[Row], found: Found, ctx: MapContext) -> Sequence[Effect]:
        return []


@attrs.frozen
class WrongRow:
    id: str
    nmae: str


class WrongColumn(Rows):
    row = WrongRow  # type: ignore[assignment]  # the mistake


class WrongTable(Rows):
    table = "customrecord_waranty"


class WrongChanged(Rows):
    changed = "lastmodifieddat"


@pytest.mark.parametrize("sync", [WrongColumn, WrongTable, WrongChanged])
def test_check_tries_table_and_columns(world: World, sync: Any) -> None:
    with world.sandbox.netsuite.acting() as app:
        app.seed({"customrecord_warranty": [{"id": 1, "name": "x"}]})
    assert not world.integration(Rows()).check().errors
    (error,) = world.integration(sync(), name="other").check().errors
    assert sync.__name__ in error.remedy
    assert "rows can't read" in error.what


@pytest.mark.parametrize("table", ["customrecord_a; DROP", "", "a b", "a\n", "1a", None])
def test_a_table_that_is_no_name_is_refused(world: World, table: Any) -> None:
    class Wrong(Rows):
        pass

    Wrong.table = table
    with pytest.raises(ConfigurationError, match="takes SuiteQL's name of a table"):
        world.integration(Wrong())
