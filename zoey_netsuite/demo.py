"""The demonstration: both systems on this machine, orders and stock carried between them, whatever happens."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain, islice
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from attrs import frozen
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from zoey_netsuite import (
    Include,
    Integration,
    InventorySync,
    Limits,
    NetSuiteClient,
    OrderMapper,
    OrderSync,
    Progress,
    Report,
    SQLiteStore,
    Table,
    ZoeyAttributes,
    ZoeyClient,
    constant,
    netsuite,
    zoey,
)
from zoey_netsuite.sandbox import Fault, Sandbox, ZoeySettings, samples
from zoey_netsuite.sandbox.access import NetSuiteAccess, ZoeyAccess
from zoey_netsuite.wording import wrapped

Row: TypeAlias = Mapping[str, Any]

LOCATIONS = ("1", "2", "3")

RECOUNTED = 30
"""Items that are counted anew between the first run and the second."""

LAST_LOST = "1500"
"""Items up to this id are set to zero by mistake."""

NUMBER = "netsuite_number"
"""Zoey's attribute that shows NetSuite's order number."""

PHASES = {"scan": "looked at", "work": "brought in step"}

FINDINGS = 4
"""How many findings are shown."""


class DemoFailed(Exception):
    """The demonstration has not shown what it is to show."""


def run(console: Console, *, products: int = 2000, accounts: int = 300, orders: int = 500) -> None:
    """Show a first run, a second one after some changes, and a mistake that is held.

    Args:
        products, accounts, orders: how large the sample business is.

    Raises:
        DemoFailed: it has not shown what it is to show.
        SystemFailure: a run stopped early.
    """
    now = datetime.now(UTC)
    records = samples.wholesaler(products, len(LOCATIONS), accounts, orders, now=now)
    records["zoey"]["attributes"]["orders"].append(NUMBER)
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(seed=records, zoey=ZoeySettings(requests_per_second=None)))
        sandbox.netsuite.concurrency.limit = None
        folder = stack.enter_context(TemporaryDirectory(prefix="zoey-netsuite-demo-"))
        erp = stack.enter_context(_netsuite(sandbox.netsuite.access))
        shop = stack.enter_context(_zoey(sandbox.zoey.access))
        store = stack.enter_context(SQLiteStore(f"{folder}/sync.db"))
        mapper = OrderMapper(currencies=Table({"USD": "1"}), fields=[constant("location", {"id": LOCATIONS[0]})])
        orders_sync = OrderSync(start_at=now - timedelta(days=120), mapper=mapper)
        stock = InventorySync(locations=Include(*LOCATIONS))
        stage = Stage(console, sandbox, erp, Integration("demo", erp, shop, store, [orders_sync, stock]))
        stage.say("[bold]A wholesaler on NetSuite and Zoey[/], both on this machine")
        stage.say(f"  {products} products, {len(LOCATIONS)} locations, {accounts} accounts, {orders} orders")
        stage.say(f"  NetSuite at {sandbox.netsuite.url}, Zoey at {sandbox.zoey.url}, state in one SQLite file")
        linked = [row for row in records["zoey"]["products"] if row.get("netsuite_id")]
        _first(stage)
        _differences(stage, linked[:RECOUNTED], linked[RECOUNTED:])
        _mistake(stage)


@frozen
class Stage:
    """What the scenes play on."""

    console: Console
    sandbox: Sandbox
    erp: NetSuiteClient
    integration: Integration

    def title(self, text: str) -> None:
        """Begin a scene."""
        self.console.print()
        self.console.rule(f"[bold]{text}", align="left")

    def run(self) -> Report:
        """One run, with a bar while it goes on and its report afterwards."""
        with _bar(self.console) as bar:
            tasks: dict[str, TaskID] = {}

            def show(step: Progress) -> None:
                name = f"{step.sync}: {PHASES[step.phase]}"
                task = tasks[name] if name in tasks else tasks.setdefault(name, bar.add_task(name, counted=""))
                counted = f"{step.done:,}" + (f" of {step.total:,}" if step.total else "")
                bar.update(task, completed=step.done, total=step.total, counted=counted)

            report = self.integration.run(progress=show)
        self.quote(str(report))
        report.raise_for_failure()
        return report

    def made(self, external_id: str) -> int:
        """How many sales orders NetSuite has under an external id."""
        query = "SELECT id FROM transaction WHERE externalid = ? ORDER BY id"
        return len(list(self.erp.suiteql(query, [external_id])))

    def agreed(self) -> None:
        """Read both sides in full, and say that they agree.

        Raises:
            DemoFailed: they do not.
        """
        found = chain.from_iterable(self.integration.verify(sync) for sync in ("orders", "inventory"))
        differences = [str(difference) for difference in islice(found, 5)]
        if differences:
            raise DemoFailed("The two sides do not agree:\n" + "\n".join(differences))
        self.say("[green]Both sides were read in full: they agree.[/]")

    def quote(self, text: str) -> None:
        """Show what the library itself says, letter by letter."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """Tell what happens."""
        self.console.print(text, highlight=False, soft_wrap=True)


def _netsuite(access: NetSuiteAccess) -> NetSuiteClient:
    auth = netsuite.MachineAuth(access.client_id, access.certificate_id, access.private_key)
    return NetSuiteClient(access.account_id, auth, base_url=access.url, limiter=Limits(concurrency=5))


def _zoey(access: ZoeyAccess) -> ZoeyClient:
    auth = zoey.OAuth1Auth(access.consumer_key, access.consumer_secret, access.token, access.token_secret)
    return ZoeyClient(access.url, auth, attributes=ZoeyAttributes(order_number=NUMBER), limiter=Limits(concurrency=4))


def _first(stage: Stage) -> None:
    stage.title("1. Going live: link what is there, look at both sides, bring them in step")
    adopted = stage.integration.adopt("orders", match="number")
    stage.say(f"  {len(adopted.linked)} orders that an earlier connector carried were found in NetSuite and linked.")
    findings = list(stage.integration.check())
    for finding in findings[:FINDINGS]:
        stage.quote(wrapped(f"  {finding}"))
    if len(findings) > FINDINGS:
        stage.say(f"  … and {len(findings) - FINDINGS} more findings")
    stage.run()
    stage.agreed()


def _differences(stage: Stage, recounted: Sequence[Row], others: Sequence[Row]) -> None:
    stage.title("2. Some things change, and only they move")
    with stage.sandbox.netsuite.acting() as account:
        for product in recounted:
            account.set_stock(product["netsuite_id"], location=LOCATIONS[0], available=750)
    with stage.sandbox.zoey.acting() as store:
        sold = [row for row in others if Decimal(store.stock(row["entity_id"])["qty"]) >= 10][:3]
        placed = store.place_order([{"sku": row["sku"], "qty": 2, "price": "9.90"} for row in sold], customer_id=1)
    stage.sandbox.netsuite.faults.add(Fault("reset", when="after", method="POST", path="/salesOrder"))
    stage.sandbox.zoey.faults.add(Fault("reset", when="after", method="PUT", path="/stockitems"))
    stage.say(f"  {len(recounted)} items are counted anew in NetSuite, and a buyer orders {len(sold)} others in Zoey.")
    stage.say("  And the connection breaks twice: right after NetSuite has made the sales order, and right after Zoey")
    stage.say("  has carried out the first bulk write. Nobody hears of either.")
    report = stage.run()
    made = stage.made(f"demo-order-{placed['entity_id']}")
    if made != 1:
        raise DemoFailed(f"The order became {made} sales orders.")
    sent = report.calls["zoey"]["stock.update_many"]
    changed = report.syncs["inventory"].outcomes["updated"]
    stage.say("The order became one sales order: it was found by its external id, not made again.")
    stage.say(f"{changed} products sent in {sent} calls: all in one, and again as its answer was lost.")
    stage.agreed()


def _mistake(stage: Stage) -> None:
    stage.title("3. Somebody imports a wrong file, and is asked first")
    query = """
        SELECT item, location, quantityavailable AS available FROM aggregateitemlocation
        WHERE item <= ? AND :after ORDER BY item, location
    """
    rows = list(stage.erp.suiteql(query, [LAST_LOST], by=("item", "location")))
    with stage.sandbox.netsuite.acting() as account:
        for row in rows:
            account.set_stock(row["item"], row["location"], available=0)
    stage.say(f"  In NetSuite, {len({row['item'] for row in rows})} items read zero in all locations.")
    if stage.run().calls["zoey"].get("stock.update_many", 0):
        raise DemoFailed("The mistake has reached Zoey.")
    stage.say("  Nothing was sent. The file is mended, and the next run looks anew:")
    with stage.sandbox.netsuite.acting() as account:
        for row in rows:
            account.set_stock(row["item"], row["location"], available=float(row["available"]))
    stage.run()
    stage.agreed()


@contextmanager
def _bar(console: Console) -> Generator[Bar]:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[counted]}"), TimeElapsedColumn())
    with Bar(*columns, console=console) as bar:
        yield bar
