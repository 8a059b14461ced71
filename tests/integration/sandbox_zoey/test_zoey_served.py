"""The sandboxed store over real HTTP, and from a file that is opened again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from integration.sandbox_zoey.zoey_caller import Caller, open_store
from oauthlib.oauth1 import Client

from zoey_netsuite.sandbox import Sandbox, ZoeySettings

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    settings = ZoeySettings(requests_per_second=None)
    with Sandbox(
        zoey=settings, now=NOW, seed={"zoey": {"products": [{"sku": "A", "qty": 3}, {"sku": "B"}]}}
    ) as running:
        running.clock.freeze()
        yield running


def send(sandbox: Sandbox, method: str, path: str, body: object = None) -> httpx.Response:
    access = sandbox.zoey.access
    signer = Client(
        access.consumer_key,
        client_secret=access.consumer_secret,
        resource_owner_key=access.token,
        resource_owner_secret=access.token_secret,
        timestamp=str(int(sandbox.clock.now().timestamp())),
    )
    url, headers, _ = signer.sign(f"{access.url}/api/rest/{path}", method)
    return httpx.request(method, url, headers={**headers, "accept": "application/json"}, json=body)


def test_a_signed_list_and_a_bulk_change_over_sockets(sandbox: Sandbox) -> None:
    answer = send(sandbox, "GET", "stockitems?filter%5B1%5D%5Battribute%5D=product_id&filter%5B1%5D%5Beq%5D=1")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    (item,) = answer.json()
    changed = send(sandbox, "PUT", "stockitems", [{"item_id": item["item_id"], "qty": 9}])
    assert (changed.status_code, list(changed.json())) == (207, ["success"])
    assert sandbox.zoey.app.stock(1)["qty"] == "9.0000"


def test_the_date_on_the_wire_is_the_sandbox_s(sandbox: Sandbox) -> None:
    sandbox.clock.advance(30)
    answer = send(sandbox, "GET", "products")
    assert answer.headers.get_list("date") == ["Sun, 01 Mar 2026 12:00:30 GMT"]


def test_a_change_without_a_body_and_a_refusal_over_sockets(sandbox: Sandbox) -> None:
    assert send(sandbox, "PUT", "products/1", {"price": 3}).content == b""
    refused = send(sandbox, "GET", "products/99")
    assert (refused.status_code, refused.json()["messages"]["error"][0]["code"]) == (404, 404)


def test_a_bearer_token_over_sockets(sandbox: Sandbox) -> None:
    access = sandbox.zoey.access
    form = {
        "grant_type": "client_credentials",
        "client_id": access.client_id,
        "client_secret": access.client_secret,
    }
    token = httpx.post(access.token_url, data=form).json()["access_token"]
    answer = httpx.get(f"{access.url}/api/rest/products", headers={"authorization": f"Bearer {token}"})
    assert list(answer.json()) == ["1", "2"]


def test_a_file_holds_everything_and_ids_go_on(tmp_path: Path) -> None:
    path = str(tmp_path / "zoey.sqlite")
    first = open_store(path)
    first.seed({"attributes": {"products": ["rank"]}, "products": [{"sku": "A", "qty": 5, "rank": 1}, {"sku": "B"}]})
    first.place_order([{"sku": "A", "qty": 2}])
    first.delete_product(2)
    first.close()
    again = open_store(path)
    assert (again.stock(1)["qty"], again.order(1)["increment_id"]) == ("3.0000", "100000001")
    assert [mail["subject"] for mail in again.outbox] == ["order"]
    again.seed({"products": [{"sku": "C"}]})
    assert [row["entity_id"] for row in Caller(again).get("products").values()] == ["1", "3"]
    assert Caller(again).get("products", ("order", "rank"))["1"]["rank"] == "1"
    assert again.place_order([{"sku": "A"}])["increment_id"] == "100000002"
    again.close()


def test_threads_take_turns() -> None:
    app = open_store()
    app.seed({"products": [{"sku": "A", "qty": 1000}]})
    item = app.stock(1)["item_id"]
    failures: list[object] = []

    def work() -> None:
        caller = Caller(app)
        for _ in range(20):
            app.place_order([{"sku": "A", "qty": 1}])
            answer = caller.put(f"stockitems/{item}", {"min_qty": 1})
            if answer.status != 200:
                failures.append(answer)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (app.count("orders"), app.stock(1)["qty"]) == (80, "920.0000")
