"""The Zoey clients against the sandbox, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from zoey_netsuite.errors import AlreadyExistsError, AuthenticationError, NotFoundError
from zoey_netsuite.http.limits import Limits
from zoey_netsuite.sandbox import Sandbox, ZoeySettings
from zoey_netsuite.zoey import (
    AsyncZoeyClient,
    ClientCredentialsAuth,
    GroupPrice,
    OAuth1Auth,
    Paging,
    TierPrice,
    Track,
    ZoeyAuth,
    ZoeyBehavior,
    ZoeyClient,
    gt,
    gteq,
    in_,
)

SEED = {
    "attributes": {"orders": ["netsuite_order"], "products": ["netsuite_id"]},
    "products": [{"sku": f"SKU-{n}", "price": "10.50", "qty": 100, "netsuite_id": str(n)} for n in range(1, 251)],
    "customers": [{"firstname": "Jane", "lastname": "Doe", "email": "jane@example.com", "group_id": 3}],
    "accounts": [
        {"name": f"Account {n}", "netterm": {"term": "Net 30", "credit": "5000"} if n == 1 else []}
        for n in range(1, 131)
    ],
    "orders": [{"customer_id": 1, "items": [{"sku": "SKU-1", "qty": 2}, {"sku": "SKU-2", "qty": 1}]}] * 3,
}


def signed(sandbox: Sandbox) -> ZoeyAuth:
    door = sandbox.zoey
    return OAuth1Auth(door.consumer_key, door.consumer_secret, door.token, door.token_secret)


def client_of(sandbox: Sandbox, **options: Any) -> ZoeyClient:
    return ZoeyClient(sandbox.zoey.url, signed(sandbox), **{"limiter": Limits(), **options})


def async_client_of(sandbox: Sandbox) -> AsyncZoeyClient:
    return AsyncZoeyClient(sandbox.zoey.url, signed(sandbox), limiter=Limits())


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(zoey=ZoeySettings(requests_per_second=None), seed={"zoey": SEED}) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[ZoeyClient]:
    with client_of(sandbox) as opened:
        yield opened


@pytest.mark.parametrize("shape", ["array", "map"])
@pytest.mark.parametrize("repeats", [True, False])
@pytest.mark.parametrize("paging", list(Paging))
def test_lists_of_either_shape_and_end(shape: Any, repeats: bool, paging: Paging) -> None:
    """Every product and account once, in a store of each kind."""
    names = ("products", "accounts", "stockitems", "customers")
    settings = ZoeySettings(
        requests_per_second=None,
        list_shapes=dict.fromkeys(names, shape),
        repeats_last_page=frozenset(names) if repeats else frozenset(),
    )
    behavior = ZoeyBehavior(paging=dict.fromkeys(("products", "accounts", "stock", "customers"), paging))
    with Sandbox(zoey=settings, seed={"zoey": SEED}) as sandbox, client_of(sandbox, behavior=behavior) as client:
        assert [product.sku for product in client.products.list()] == [f"SKU-{n}" for n in range(1, 251)]
        assert len({item.id for item in client.stock.list(page_size=25)}) == 250
        assert len({account.id for account in client.accounts.list(page_size=10)}) == 130
        assert [customer.email for customer in client.customers.list()] == ["jane@example.com"]
        assert list(client.invoices.list()) == []


def test_both_clients_read_the_same(sandbox: Sandbox, client: ZoeyClient) -> None:
    """E2: blocking and awaited."""

    async def read() -> tuple[list[Any], list[Any], Any]:
        async with async_client_of(sandbox) as shop:
            products = [product async for product in shop.products.list()]
            found = [row async for row in shop.find("products", "netsuite_id", ["7", "9"])]
            return products, found, await shop.orders.get("1")

    products, found, order = asyncio.run(read())
    assert products == list(client.products.list())
    assert found == list(client.find("products", "netsuite_id", ["7", "9"]))
    assert order == client.orders.get("1")


def test_filters_and_the_stores_time(client: ZoeyClient) -> None:
    """What the server can be asked is asked; the first page's date is the next scan's start."""
    some = client.products.list(sku=in_(["SKU-3", "SKU-5"]))
    assert [product.sku for product in some] == ["SKU-3", "SKU-5"]
    page = next(client.products.list(updated_at=gteq(datetime(2020, 1, 1, tzinfo=UTC))).pages())
    assert page.date is not None
    assert page.date.utcoffset() is not None
    assert (len(page.items), page.after) == (100, page.items[-1].id)
    assert list(client.products.list(updated_at=gt(datetime(2099, 1, 1, tzinfo=UTC)))) == []
    last = client.products.list_page(order="entity_id", descending=True, limit=3)
    assert [product.sku for product in last.items] == ["SKU-250", "SKU-249", "SKU-248"]


def test_products_and_prices(client: ZoeyClient) -> None:
    """I4: base, group and tier prices, written and read back."""
    product = next(iter(client.products.list(sku="SKU-10")))
    assert product.custom["netsuite_id"] == "10"
    client.prices.update(
        product.id,
        price=Decimal("12.25"),
        group_prices=[GroupPrice(group="3", price=Decimal(9))],
        tier_prices=[TierPrice(group="3", quantity=Decimal(10), price=Decimal("8.5"))],
    )
    prices = client.prices.get(product.id)
    assert prices.price == Decimal("12.25")
    assert prices.group_price is not None
    assert prices.tier_price is not None
    assert (prices.group_price[0].group, prices.group_price[0].price) == ("3", Decimal(9))
    assert (prices.tier_price[0].quantity, prices.tier_price[0].price) == (Decimal(10), Decimal("8.5"))
    client.products.update(product.id, {"name": "Renamed"})
    assert client.products.get(product.id).name == "Renamed"


def test_stock_one_by_one_and_in_bulk(client: ZoeyClient) -> None:
    """I3: 240 changes are three calls; one bad entry stops no other."""
    items = list(client.stock.list(product_id=gt(9)))
    client.stock.update(items[0].id, {"qty": Decimal("7.5")})
    assert client.stock.get(items[0].id).qty == Decimal("7.5")
    before = client.calls["stock.update_many"]
    results = client.stock.update_many(
        [*({"item_id": item.id, "qty": Decimal(42)} for item in items), {"item_id": "999999", "qty": 1}]
    )
    assert client.calls["stock.update_many"] - before == 3
    assert [result.index for result in results] == list(range(len(items) + 1))
    assert [result.id for result in results if result.error] == ["999999"]
    assert isinstance(results[-1].error, NotFoundError)
    assert {item.qty for item in client.stock.list(product_id=gt(9))} == {Decimal(42)}


def test_an_orders_life(client: ZoeyClient) -> None:
    """Comment, hold, release, pay, ship, credit: all the calls that are assumed, and what they leave behind."""
    order = client.orders.get("1")
    assert order.state == "new"
    assert order.order_items is not None
    assert [item.sku for item in client.orders.items("1")] == ["SKU-1", "SKU-2"]
    client.orders.comment("1", "Hello [NS 4711]")
    assert any("[NS 4711]" in (comment.comment or "") for comment in client.orders.comments("1"))
    client.orders.update("1", {"netsuite_order": "SO-1"})
    assert client.orders.get("1").custom["netsuite_order"] == "SO-1"
    client.orders.hold("1")
    assert client.orders.get("1").state == "holded"
    client.orders.unhold("1")
    invoice = client.invoices.get(client.invoices.create("1"))
    assert (invoice.order_id, [item.qty for item in invoice.items]) == ("1", [Decimal(2), Decimal(1)])
    line = order.order_items[0].id
    tracks = [Track(track_number="1Z999", carrier_code="ups", title="UPS")]
    shipment = client.shipments.get(client.shipments.create("1", items={line: 1}, tracks=tracks, comment="box 1"))
    assert [(item.order_item_id, item.qty) for item in shipment.items] == [(line, Decimal(1))]
    assert [track.track_number for track in shipment.tracks] == ["1Z999"]
    memo = client.credit_memos.get(client.credit_memos.create("1", items={line: 1}, adjustment_positive=Decimal(1)))
    assert memo.adjustment_positive == Decimal(1)
    assert [each.id for each in client.orders.shipments("1")] == [shipment.id]
    assert [each.id for each in client.orders.invoices("1")] == [invoice.id]
    assert [each.id for each in client.orders.credit_memos("1")] == [memo.id]
    assert shipment.id in [each.id for each in client.shipments.list(order_id="1")]
    client.orders.cancel("2")
    assert client.orders.get("2").state == "canceled"


def test_calls_are_counted_by_kind_whatever_the_record(client: ZoeyClient) -> None:
    """E6: a service that runs for a year must not count each order's comments under a name of their own."""
    for order in ("1", "2", "3"):
        list(client.orders.comments(order))
        list(client.orders.items(order))
    assert client.calls == {"comments.list": 3, "items.list": 3}


def test_people(client: ZoeyClient) -> None:
    """Customers, their addresses, and accounts: made, changed, found, deleted."""
    id = client.customers.create({"firstname": "Max", "lastname": "Roe", "email": "max@example.com"})
    with pytest.raises(AlreadyExistsError):
        client.customers.create({"firstname": "Max", "lastname": "Roe", "email": "max@example.com"})
    client.customers.update(id, {"lastname": "Poe"})
    assert client.customers.get(id).lastname == "Poe"
    address = {
        "firstname": "Max",
        "lastname": "Poe",
        "street": ["1 Main St", "Dock 4"],
        "city": "Austin",
        "country_id": "US",
        "telephone": "1",
    }
    ids = [client.customers.create_address(id, {**address, "city": f"City {n}"}) for n in range(12)]
    client.customers.update_address(ids[0], {"city": "Dallas"})
    assert client.customers.address(ids[0]).street == ("1 Main St", "Dock 4")
    assert [each.id for each in client.customers.addresses(id)] == ids
    client.customers.delete_address(ids[0])
    client.customers.delete(id)
    with pytest.raises(NotFoundError):
        client.customers.get(id)
    account = client.accounts.create({"name": "Newco"})
    client.accounts.update(account, {"external_id": "NS-9"})
    assert client.accounts.get(account).external_id == "NS-9"
    terms = client.accounts.get("1").netterm
    assert terms is not None
    assert (terms.term, terms.credit) == ("Net 30", Decimal(5000))


def test_client_credentials(sandbox: Sandbox) -> None:
    """The newer stores' way in."""
    auth = ClientCredentialsAuth(sandbox.zoey.client_id, sandbox.zoey.client_secret, sandbox.zoey.token_url)
    with ZoeyClient(sandbox.zoey.url, auth, limiter=Limits()) as client:
        assert client.products.list().first() is not None


def test_wrong_credentials(sandbox: Sandbox) -> None:
    """The message says which part to look at, and holds none of them."""
    door = sandbox.zoey
    auth = OAuth1Auth(door.consumer_key, "not-the-consumer-secret", door.token, door.token_secret)
    with ZoeyClient(door.url, auth, limiter=Limits()) as client, pytest.raises(AuthenticationError) as caught:
        client.orders.get("1")
    assert caught.value.code == "oauth_problem=signature_invalid"
    assert "not-the-consumer-secret" not in str(caught.value)
