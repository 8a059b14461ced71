"""A small merchant: both sandboxed systems over real HTTP, both clients, a store, and what people do there."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Self

import httpx
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from zoey_netsuite import (
    Clock,
    HttpxTransport,
    Inline,
    Integration,
    InventorySync,
    Limits,
    NetSuiteClient,
    Order,
    Retry,
    SQLiteStore,
    StateStore,
    Sync,
    SystemClock,
    Transport,
    ZoeyAttributes,
    ZoeyClient,
    netsuite,
    zoey,
)
from zoey_netsuite.sandbox import NetSuiteSettings, Sandbox, ZoeySettings
from zoey_netsuite.sandbox.netsuite.settings import MachineCredentials
from zoey_netsuite.testing.clock import FakeClock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TIMEZONE = "America/Los_Angeles"
ATTRIBUTES = ZoeyAttributes(netsuite_id="netsuite_id", no_sync="keep_out", stock_from="stock_item")


def lacks_order(order: Order) -> bool:
    """Another connector carries the orders here and writes this attribute."""
    return not order.custom.get("netsuite_order")


@cache
def machine() -> MachineCredentials:
    """An integration with an EC key: reading an RSA key takes longer than many a test."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return MachineCredentials("ec-client-id", "ec-certificate-id", public.decode(), private.decode())


class World:
    """Both systems and everything between them. A context manager.

    Products 101 … carry NetSuite items 1 …, each with stock in locations 1, 2 and 3.
    """

    def __init__(
        self,
        folder: Path,
        *,
        products: int = 8,
        attributes: ZoeyAttributes = ATTRIBUTES,
        real_time: bool = False,
        account: NetSuiteSettings | None = None,
        storefront: ZoeySettings | None = None,
    ) -> None:
        self.folder = folder
        self.attributes = attributes
        settings = storefront or ZoeySettings(requests_per_second=None)
        now = None if real_time else START
        account = NetSuiteSettings(machines=[machine()]) if account is None else evolve(account, machines=[machine()])
        self.sandbox = Sandbox(netsuite=account, zoey=settings, now=now, seed=seed(products))
        self.clock: Clock = SystemClock()
        if not real_time:
            self.sandbox.clock.freeze()
            self.clock = FakeClock(follows=self.sandbox.clock)
        self._transports: list[Transport] = []
        self.store: StateStore = SQLiteStore(folder / "sync.db", clock=self.clock)

    def __enter__(self) -> Self:
        self.sandbox.start()
        self.environment = self.sandbox.environment()
        self.erp = self.netsuite()
        self.shop = self.zoey()
        return self

    def __exit__(self, *_: object) -> None:
        self.erp.close()
        self.shop.close()
        for transport in self._transports:
            transport.close()
        self.store.close()
        self.sandbox.close()

    def netsuite(self, *, machine: bool = True, **options: Any) -> NetSuiteClient:
        values = self.environment
        auth: netsuite.NetSuiteAuth = (
            netsuite.MachineAuth(
                values["NETSUITE_CLIENT_ID"],
                values["NETSUITE_CERTIFICATE_ID"],
                values["NETSUITE_PRIVATE_KEY"],
                algorithm="ES256",
            )
            if machine
            else netsuite.TokenAuth(
                values["NETSUITE_CONSUMER_KEY"],
                values["NETSUITE_CONSUMER_SECRET"],
                values["NETSUITE_TOKEN_ID"],
                values["NETSUITE_TOKEN_SECRET"],
            )
        )
        options = {"retry": Retry(attempts=3, random=lambda: 1.0), "timeout": 2.0} | options
        options["transport"] = options.get("transport") or self._transport()
        return NetSuiteClient(
            values["NETSUITE_ACCOUNT_ID"], auth, base_url=values["NETSUITE_URL"], clock=self.clock, **options
        )

    def zoey(self, *, transport: Transport | None = None, **options: Any) -> ZoeyClient:
        values = self.environment
        auth = zoey.OAuth1Auth(
            values["ZOEY_CONSUMER_KEY"],
            values["ZOEY_CONSUMER_SECRET"],
            values["ZOEY_TOKEN"],
            values["ZOEY_TOKEN_SECRET"],
        )
        limiter = Limits(concurrency=4, clock=self.clock)
        options = {"retry": Retry(attempts=3, random=lambda: 1.0), "timeout": 2.0, "limiter": limiter} | options
        return ZoeyClient(
            values["ZOEY_URL"],
            auth,
            attributes=self.attributes,
            transport=transport or self._transport(),
            clock=self.clock,
            **options,
        )

    def _transport(self) -> Transport:
        # What a client loads to check certificates takes longer than many a test, and there are none here.
        transport = HttpxTransport(httpx.Client(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trust_env=False))
        self._transports.append(transport)
        return transport

    def inventory(self, **options: Any) -> InventorySync:
        return InventorySync(**({"reserve_pending": lacks_order} | options))

    def integration(self, *syncs: Sync[Any], name: str = "acme", **options: Any) -> Integration:
        options = {
            "dispatcher": Inline(),
            "clock": self.clock,
            "guards": (),
            "timezone": TIMEZONE,
        } | options
        store = options.pop("store", self.store)
        erp, shop = options.pop("erp", self.erp), options.pop("shop", self.shop)
        return Integration(name, erp, shop, store, list(syncs) or [self.inventory()], **options)

    def later(self, **passed: float) -> None:
        """Time goes by, for everybody."""
        self.sandbox.clock.advance(timedelta(**passed))

    def set_netsuite(self, item: int, *quantities: float) -> None:
        """Somebody counts an item anew, at locations 1, 2, 3."""
        with self.sandbox.netsuite.acting() as app:
            for location, quantity in enumerate(quantities, start=1):
                app.set_stock(item, location, quantity)

    def set_zoey(self, product: int, quantity: float) -> None:
        """Somebody sets the stock in Zoey's admin."""
        with self.sandbox.zoey.acting() as app:
            app.set_stock(product, qty=quantity)

    def shown(self, product: int) -> Decimal:
        """What Zoey shows of a product."""
        with self.sandbox.zoey.acting() as app:
            return Decimal(str(app.stock(product)["qty"]))

    def all_shown(self) -> Mapping[str, tuple[Decimal, str]]:
        """What Zoey shows of all products: quantity and in-stock mark."""
        return {
            item.product_id or "": (Decimal(item.qty or 0).normalize(), str(item.is_in_stock))
            for item in self.shop.stock.list()
        }

    def writes(self) -> int:
        """How many write calls both systems have carried out or refused since the counts were reset."""
        return self.sandbox.zoey.calls.writes + self.sandbox.netsuite.calls.writes

    def reset_calls(self) -> None:
        self.sandbox.zoey.calls.reset()
        self.sandbox.netsuite.calls.reset()


def seed(products: int) -> dict[str, Any]:
    """Products 101 … of items 1 …, ten of each at each of three locations; Zoey shows 0 of each."""
    ids = range(1, products + 1)
    stock: Sequence[Mapping[str, Any]] = [
        {"item": item, "location": location, "quantityonhand": 12, "quantityavailable": 10}
        for item in ids
        for location in (1, 2, 3)
    ]
    return {
        "netsuite": {
            "location": [{"id": location, "name": f"Warehouse {location}"} for location in (1, 2, 3)],
            "inventoryItem": [{"id": item, "itemId": f"SKU-{item}"} for item in ids],
            "stock": stock,
        },
        "zoey": {
            "attributes": {
                "products": ["netsuite_id", "keep_out", "stock_item"],
                "orders": ["netsuite_order"],
            },
            "products": [
                {
                    "entity_id": 100 + item,
                    "sku": f"SKU-{item}",
                    "name": f"Thing {item}",
                    "type_id": "simple",
                    "price": "12.5000",
                    "netsuite_id": str(item),
                    "qty": 0,
                }
                for item in ids
            ],
        },
    }
