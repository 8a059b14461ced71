"""The client's address, manners and faces, and the stock's bulk call."""

from __future__ import annotations

import inspect
import re
import runpy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from unit.zoey.zoey_store import Asked, ScriptedTransport, json_answer

from zoey_netsuite.errors import ConfigurationError, NotFoundError, UnexpectedAnswerError
from zoey_netsuite.http.limits import Limits
from zoey_netsuite.http.transport import Received
from zoey_netsuite.zoey import (
    AsyncZoeyClient,
    OAuth1Auth,
    StockChange,
    ZoeyActions,
    ZoeyBehavior,
    ZoeyClient,
    async_groups,
    async_order_groups,
    groups,
    order_groups,
)

AUTH = OAuth1Auth("key", "secret", "token", "token-secret")


def scripted(answer: Any, **options: Any) -> tuple[ZoeyClient, ScriptedTransport]:
    transport = ScriptedTransport(answer)
    options = {"limiter": Limits(), "transport": transport, **options}
    return ZoeyClient("https://shop.example.com", AUTH, **options), transport


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://shop.example.com", "https://shop.example.com"),
        ("https://shop.example.com/", "https://shop.example.com"),
        (" https://shop.example.com/api/rest/ ", "https://shop.example.com"),
        ("https://Shop.Example.com:8443/api/rest", "https://shop.example.com:8443"),
        ("https://proxy.example.com/shop/api/rest", "https://proxy.example.com/shop"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
    ],
)
def test_addresses(given: str, address: str) -> None:
    """The path of the API may be there or not; on this machine it may go without TLS."""
    assert ZoeyClient(given, AUTH).base_url == address


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("shop.example.com", "write 'https://shop.example.com'"),
        ("", "no store's address"),
        ("ftp://shop.example.com", "no store's address"),
        ("https://", "no store's address"),
        ("https://shop.example.com:port", "no store's address"),
        ("https://shop.example.com/?a=1", "goes on after the address"),
        ("https://shop.example.com/api/rest/orders", "names a resource"),
        ("http://shop.example.com", "unencrypted"),
    ],
)
def test_what_is_no_address(given: str, words: str) -> None:
    """Each mistake with its remedy."""
    with pytest.raises(ConfigurationError, match=re.escape(words)):
        ZoeyClient(given, AUTH)


def test_secrets_in_the_address_are_not_repeated() -> None:
    """Neither in the message nor in a repr."""
    with pytest.raises(ConfigurationError) as caught:
        ZoeyClient("https://user:hunter2@shop.example.com", AUTH)
    assert "hunter2" not in str(caught.value)
    assert "secret" not in repr(ZoeyClient("https://shop.example.com", AUTH))


def test_without_tls_when_told() -> None:
    """A proxy inside one's own network."""
    assert ZoeyClient("http://shop.internal", AUTH, allow_http=True).host == "shop.internal"


def test_every_call_has_a_name_and_says_what_it_takes() -> None:
    """The edge in front of a store refuses others."""
    client, transport = scripted(lambda asked: json_answer([]), user_agent="acme-sync/2.1")
    list(client.orders.list())
    headers = transport.asked[0].headers
    assert headers["accept"] == "application/json"
    assert re.match(r"acme-sync/2\.1 zoey-netsuite/\d+\.\d+\S* \(Python 3\.\d+\.\d+\S*\)", headers["user-agent"])
    with pytest.raises(ConfigurationError, match="user_agent"):
        scripted(lambda asked: json_answer([]), user_agent="bad\nname")


def test_an_empty_id_names_no_record() -> None:
    """The path would be the whole list's."""
    client, transport = scripted(lambda asked: json_answer({}))
    for call in (client.orders.get, client.orders.cancel, client.customers.delete, client.accounts.get):
        with pytest.raises(ConfigurationError, match="id is needed"):
            call("")
    assert transport.asked == []


def test_ids_are_encoded() -> None:
    """An id cannot lead to another path."""
    client, transport = scripted(lambda asked: json_answer({"entity_id": "1"}))
    client.orders.get("../customers/1")
    assert transport.asked[0].path == "/api/rest/orders/..%2Fcustomers%2F1"


def public(cls: type) -> dict[str, Any]:
    return {name: each for name, each in inspect.getmembers(cls) if not name.startswith("_")}


def shape(function: Any) -> list[tuple[str, Any, Any, Any]]:
    return [
        (each.name, each.kind, each.default, each.annotation)
        for each in inspect.signature(function).parameters.values()
    ]


PAIRS = [
    (each, getattr(awaited, name))
    for blocking, awaited in ((groups, async_groups), (order_groups, async_order_groups))
    for name, each in vars(blocking).items()
    if inspect.isclass(each) and each.__module__ == blocking.__name__
]


@pytest.mark.parametrize(("blocking", "awaited"), PAIRS, ids=lambda each: each.__name__)
def test_both_faces_are_alike(blocking: type, awaited: type) -> None:
    """E2: the same groups, the same methods, the same arguments; only the waiting differs."""
    assert public(blocking).keys() == public(awaited).keys()
    for name, method in public(blocking).items():
        twin = getattr(awaited, name)
        assert shape(method) == shape(twin), name
        returned, expected = inspect.signature(twin).return_annotation, inspect.signature(method).return_annotation
        assert returned == re.sub(r"^Records\[", "AsyncRecords[", expected), name
        assert inspect.iscoroutinefunction(twin) is not expected.startswith("Records["), name


def test_both_clients_are_alike() -> None:
    """E2: the same arguments but for the transport, the same groups and methods but for closing."""
    options = [(name, *rest[:2]) for name, *rest in shape(ZoeyClient.__init__)]
    assert options == [(name, *rest[:2]) for name, *rest in shape(AsyncZoeyClient.__init__)]
    blocking, awaited = ZoeyClient("https://shop.example.com", AUTH), AsyncZoeyClient("https://shop.example.com", AUTH)
    assert public(ZoeyClient).keys() - {"close"} == public(AsyncZoeyClient).keys() - {"aclose"}
    for name in ("raw", "find", "execute", "iterate"):
        assert shape(getattr(ZoeyClient, name)) == shape(getattr(AsyncZoeyClient, name))
    own = {name: type(each).__name__ for name, each in vars(blocking).items() if not name.startswith("_")}
    assert own == {name: type(each).__name__ for name, each in vars(awaited).items() if not name.startswith("_")}
    assert len(own) == 13


def test_stock_changes_are_split_and_told_apart() -> None:
    """I3: at most so many in a call; what became of each, in the order given, also where the answer is silent."""

    def answer(asked: Asked) -> Received:
        assert isinstance(asked.body, list)
        ids = [entry["item_id"] for entry in asked.body]
        done = [{"item_id": int(id), "message": "Resource updated successful.", "code": 200} for id in ids]
        said: dict[str, Any] = {"success": [each for each in reversed(done) if each["item_id"] not in (2, 5)]}
        if "2" in ids:
            said["error"] = [{"item_id": "2", "message": "StockItem #2 not found.", "code": "404"}]
        return json_answer(said, 207)

    client, transport = scripted(answer, behavior=ZoeyBehavior(bulk_size=3))
    changes = [StockChange(str(id), Decimal("1.5"), is_in_stock=True) for id in range(1, 6)]
    results = client.stock.update_many([*changes, {"item_id": 6, "qty": 2, "manage_stock": False}])
    assert [(result.index, result.id, result.error is None) for result in results] == [
        (0, "1", True),
        (1, "2", False),
        (2, "3", True),
        (3, "4", True),
        (4, "5", False),
        (5, "6", True),
    ]
    assert isinstance(results[1].error, NotFoundError)
    assert "StockItem #2 not found." in str(results[1].error)
    assert isinstance(results[4].error, UnexpectedAnswerError)
    assert "update stock item 5" in str(results[4].error)
    assert [asked.method for asked in transport.asked] == ["PUT", "PUT"]
    assert transport.asked[0].body == [{"item_id": str(id), "qty": "1.5", "is_in_stock": 1} for id in range(1, 4)]
    assert transport.asked[1].body[-1] == {"item_id": "6", "qty": 2, "manage_stock": 0}  # type: ignore[index]


def test_a_refusal_that_names_no_item() -> None:
    """It is about the entries that nothing else was said of."""
    said = {"success": [{"item_id": "1", "code": 200}], "error": [{"message": "Resource data invalid.", "code": 400}]}
    client, _ = scripted(lambda asked: json_answer(said, 207))
    results = client.stock.update_many([{"item_id": "1", "qty": 1}, {"item_id": "2", "qty": 1}])
    assert results[0].error is None
    assert "Resource data invalid." in str(results[1].error)


def test_bad_stock_changes_are_not_sent() -> None:
    """Neither an entry without an item, nor two for the same, nor a value that cannot be written."""
    client, transport = scripted(lambda asked: json_answer({}))
    assert client.stock.update_many([]) == []
    for changes, words in (
        ([{"qty": 1}], "no item_id"),
        ([{"item_id": "1", "qty": 1}, {"item_id": 1, "qty": 2}], "both for stock item 1"),
        ([{"item_id": "1", "qty": object()}], "cannot be sent"),
    ):
        with pytest.raises(ConfigurationError, match=words):
            client.stock.update_many(changes)
    assert transport.asked == []


def test_a_store_with_calls_of_its_own() -> None:
    """E3: one method overridden, all others as they are."""
    path = Path(__file__).parents[3] / "docs" / "examples" / "zoey_actions.py"
    actions: ZoeyActions = runpy.run_path(str(path))["WorkflowActions"]()
    client, transport = scripted(lambda asked: Received(200, {}, b""), actions=actions)
    client.orders.hold("7")
    client.orders.unhold("7")
    assert [(asked.path, asked.body) for asked in transport.asked] == [
        ("/api/rest/workflow/start", {"workflow": "hold", "order": "7"}),
        ("/api/rest/orders/7/unhold", None),
    ]


def test_a_cart_becomes_an_order() -> None:
    """The calls that live stores take: bare numbers, `true`, and the order's number as a bare string."""
    said = {"/checkout2/cart": 12, "/checkout2/cart_product/add": True, "/checkout2/cart_order": "100000012"}
    client, transport = scripted(lambda asked: json_answer(said.get(asked.path.removeprefix("/api/rest"), True)))
    cart = client.carts.create()
    client.carts.add_products(cart, {"5": Decimal(2)})
    client.carts.set_customer(cart, "3", "9")
    client.carts.set_addresses(cart, "21")
    client.carts.set_payment(cart, "netterm")
    client.carts.set_shipping(cart, "flatrate_flatrate")
    client.carts.set_attributes(cart, {"po_number": "PO 1"})
    assert (cart, client.carts.place(cart)) == ("12", "100000012")
    assert [(asked.method, asked.path.removeprefix("/api/rest/checkout2/")) for asked in transport.asked] == [
        ("POST", "cart"),
        ("POST", "cart_product/add"),
        ("PUT", "cart_customer"),
        ("PUT", "cart_addresses"),
        ("PUT", "cart_payment"),
        ("PUT", "cart_shipping"),
        ("PUT", "cart_attributes"),
        ("POST", "cart_order"),
    ]
    assert transport.asked[3].body == {
        "cartId": "12",
        "customerAddressData": [
            {"mode": "billing", "company_address_id": "21"},
            {"mode": "shipping", "company_address_id": "21"},
        ],
    }


def test_raw_calls() -> None:
    """The way out for what is not covered, relative to the API's base address."""
    client, transport = scripted(lambda asked: json_answer({"ok": True}))
    assert client.raw("get", "/storeinfo", params=[("a[b]", "c d")]).status == 200
    client.raw("POST", "/api/rest/anything", json={"x": 1})
    assert [(asked.method, asked.path, asked.params) for asked in transport.asked] == [
        ("GET", "/api/rest/storeinfo", {"a[b]": "c d"}),
        ("POST", "/api/rest/anything", {}),
    ]
    with pytest.raises(ConfigurationError, match="beginning with '/'"):
        client.raw("GET", "https://elsewhere.example.com/")


def test_finding_by_many_values() -> None:
    """E3: as many calls as addresses of a safe length take."""
    client, transport = scripted(lambda asked: json_answer([]))
    assert list(client.find("customers", "email", [f"u{number}@example.com" for number in range(200)])) == []
    assert len(transport.asked) == 3
    with pytest.raises(ConfigurationError, match="no resource 'people'"):
        list(client.find("people", "email", ["x"]))
