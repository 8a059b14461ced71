"""Copies of both systems: taken, looked at and put back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from zoey_netsuite.sandbox import Fault, Sandbox, samples


def test_records_time_counts_and_faults_are_put_back() -> None:
    with Sandbox(seed=samples.wholesaler(products=5, locations=2, accounts=2, orders=3)) as sandbox:
        sandbox.clock.freeze()
        before = sandbox.snapshot()
        with sandbox.zoey.acting() as app:
            app.delete_product(1)
        with sandbox.netsuite.acting() as account:
            item = next(iter(before.netsuite.records()["inventoryItem"]))
            account.update("inventoryItem", item, {"displayName": "changed"})
        sandbox.clock.advance(3600)
        sandbox.zoey.faults.add(Fault("500"))
        httpx.get(f"{sandbox.zoey.url}/api/rest/orders")
        assert sandbox.snapshot().zoey.records() != before.zoey.records()
        assert sandbox.snapshot().netsuite.records() != before.netsuite.records()

        for _ in range(2):
            sandbox.restore(before)
            now = sandbox.snapshot()
            assert now.zoey.records() == before.zoey.records()
            assert now.netsuite.records() == before.netsuite.records()
            assert now.at == before.at
            assert not len(sandbox.zoey.faults)
            assert sandbox.zoey.calls.total == 0


def test_records_in_files_are_put_back(tmp_path: Path) -> None:
    """What is put back is in the files, too."""
    seed = {"zoey": {"products": [{"entity_id": 1, "sku": "A", "price": "4.00"}]}}
    with Sandbox(seed=seed, folder=tmp_path) as sandbox:
        before = sandbox.snapshot().zoey.records()
        copy = sandbox.snapshot()
        with sandbox.zoey.acting() as app:
            app.delete_product(1)
        sandbox.restore(copy)
    with Sandbox(folder=tmp_path) as again:
        assert again.snapshot().zoey.records() == before


def test_ids_go_on_from_where_they_were() -> None:
    with Sandbox(seed={"zoey": {"products": [{"entity_id": 1, "sku": "A", "price": "4.00"}]}}) as sandbox:
        before = sandbox.snapshot()
        given: list[str] = []
        for _ in range(2):
            with sandbox.zoey.acting() as app:
                given.append(app.place_order([{"sku": "A", "qty": 1}], customer_email="m@example.com")["entity_id"])
            sandbox.restore(before)
        assert given[0] == given[1]


def test_records_as_they_are_kept() -> None:
    """By type and id; stock by item and location."""
    seed = {
        "netsuite": {
            "location": [{"id": "1", "name": "Main"}],
            "inventoryItem": [{"id": "7", "itemId": "A"}],
            "stock": [{"item": "7", "location": "1", "quantityAvailable": 3}],
        }
    }
    with Sandbox(seed=seed, now=datetime(2026, 1, 1, tzinfo=UTC)) as sandbox:
        records = sandbox.snapshot().netsuite.records()
    assert records["inventoryItem"]["7"]["itemId"] == "A"
    assert records["stock"]["7/1"]["quantityavailable"] == 3


def test_another_form_is_not_put_back() -> None:
    with Sandbox() as sandbox:
        before = sandbox.snapshot()
        sandbox.netsuite.seed({"custom_fields": [{"name": "custbody_x", "type": "text"}]})
        with pytest.raises(ValueError, match="a custom field or table was added"):
            sandbox.restore(before)
