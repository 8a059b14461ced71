"""The types that calls give, as both checkers see them."""

from collections.abc import AsyncIterator, Iterator
from typing import assert_type

import attrs

from zoey_netsuite import (
    AsyncNetSuiteClient,
    AsyncZoeyClient,
    BatchResult,
    Difference,
    Findings,
    Integration,
    NetSuiteClient,
    Operation,
    Record,
    RecordId,
    Report,
    ZoeyClient,
)
from zoey_netsuite.netsuite import Row, SearchRow
from zoey_netsuite.zoey import records


@attrs.frozen
class Level:
    item: str
    available: float


def netsuite_calls(erp: NetSuiteClient) -> None:
    assert_type(erp.suiteql("SELECT 1"), Iterator[Row])
    assert_type(erp.suiteql("SELECT 1", as_=Level), Iterator[Level])
    assert_type(erp.suiteql("SELECT 1", ["7"], as_=Level, by=("item",)), Iterator[Level])
    assert_type(erp.record("customer", "7"), Record)
    assert_type(erp.record("customer", external_id="acme-customer-7", as_=Level), Level)
    assert_type(erp.records("customer", ["7"]), Iterator[Record])
    assert_type(erp.records("customer", ["7"], as_=Level), Iterator[Level])
    assert_type(erp.saved_search("customsearch_1"), Iterator[SearchRow])
    assert_type(erp.saved_search("customsearch_1", as_=Level), Iterator[Level])
    assert_type(erp.find("customer", "acme-customer-7"), RecordId | None)
    assert_type(erp.create("customer", {"companyName": "Ridgeline"}), RecordId)
    assert_type(erp.transform("salesOrder", "7", "invoice"), RecordId)
    assert_type(erp.batch("customer", "delete", ["7"]), list[BatchResult])
    for level in erp.suiteql("SELECT 1", as_=Level):
        assert_type(level.available, float)


async def netsuite_calls_awaited(erp: AsyncNetSuiteClient) -> None:
    assert_type(erp.suiteql("SELECT 1"), AsyncIterator[Row])
    assert_type(erp.suiteql("SELECT 1", as_=Level, by=("item",)), AsyncIterator[Level])
    assert_type(await erp.record("customer", "7"), Record)
    assert_type(await erp.record("customer", "7", as_=Level), Level)
    assert_type(erp.records("customer", ["7"]), AsyncIterator[Record])
    assert_type(erp.records("customer", ["7"], as_=Level), AsyncIterator[Level])
    assert_type(await erp.find("customer", "acme-customer-7"), RecordId | None)
    assert_type(await erp.create("customer", {"companyName": "Ridgeline"}), RecordId)
    assert_type(await erp.batch("customer", "delete", ["7"]), list[BatchResult])
    async for level in erp.suiteql("SELECT 1", as_=Level):
        assert_type(level.available, float)


def zoey_calls(shop: ZoeyClient) -> None:
    for order in shop.orders.list(status="processing"):
        assert_type(order, records.Order)
        assert_type(order.id, str)
    assert_type(shop.orders.get("7"), records.Order)
    for product in shop.products.list():
        assert_type(product, records.Product)


async def zoey_calls_awaited(shop: AsyncZoeyClient) -> None:
    async for order in shop.orders.list(status="processing"):
        assert_type(order, records.Order)
    assert_type(await shop.orders.get("7"), records.Order)


async def integration_calls(integration: Integration, operation: Operation[RecordId], erp: NetSuiteClient) -> None:
    assert_type(integration.run(), Report)
    assert_type(await integration.arun("inventory", dry_run=True), Report)
    assert_type(integration.run_due(), Report | None)
    assert_type(integration.verify("inventory"), Iterator[Difference])
    assert_type(integration.check(), Findings)
    assert_type(erp.execute(operation), RecordId)
