"""The demonstration: both systems on this machine, and stock brought in step between them, whatever happens."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
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
    Order,
    Progress,
    Report,
    SQLiteStore,
    ZoeyClient,
    netsuite,
    zoey,
)
from zoey_netsuite.sandbox import Fault, Sandbox, ZoeySettings, samples
from zoey_netsuite.sandbox.access import NetSuiteAccess, ZoeyAccess

Row: TypeAlias = Mapping[str, Any]

LOCATIONS = ("1", "2", "3")

RECOUNTED = 30
"""Items that are counted anew between the first run and the second."""

LAST_LOST = "1500"
"""Items up to this id are set to zero by mistake."""

PHASES = {"scan": "looked at", "work": "brought in step"}


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
    records = samples.wholesaler(products, len(LOCATIONS), accounts, orders, now=datetime.now(UTC))
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(seed=records, zoey=ZoeySettings(requests_per_second=None)))
        sandbox.netsuite.concurrency.limit = None
        folder = stack.enter_context(TemporaryDirectory(prefix="zoey-netsuite-demo-"))
        erp = stack.enter_context(_netsuite(sandbox.netsuite.access))
        shop = stack.enter_context(_zoey(sandbox.zoey.access))
        store = stack.enter_context(SQLiteStore(f"{folder}/sync.db"))
        stock = InventorySync(locations=Include(*LOCATIONS), reserve_pending=_lacks_order)
        stage = Stage(console, sandbox, erp, Integration("demo", erp, shop, store, [stock]))
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
                if step.phase not in tasks:
                    tasks[step.phase] = bar.add_task(f"{step.sync}: {PHASES[step.phase]}", counted="")
                counted = f"{step.done:,}" + (f" of {step.total:,}" if step.total else "")
                bar.update(tasks[step.phase], completed=step.done, total=step.total, counted=counted)

            report = self.integration.run(progress=show)
        self.quote(str(report))
        report.raise_for_failure()
        return report

    def agreed(self) -> None:
        """Read both sides in full, and say that they agree.

        Raises:
            DemoFailed: they do not.
        """
        differences = [str(difference) for difference in islice(self.integration.verify("inventory"), 5)]
        if differences:
            raise DemoFailed("The two sides do not agree:\n" + "\n".join(differences))
        self.say("[green]Both sides were read in full: they agree.[/]")

    def quote(self, text: str) -> None:
        """Show what the library itself says, letter by letter."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """Tell what happens."""
        self.console.print(text, highlight=False, soft_wrap=True)


def _lacks_order(order: Order) -> bool:
    """Another connector carries the orders here, and writes this attribute."""
    return not order.custom.get("netsuite_order")


def _netsuite(access: NetSuiteAccess) -> NetSuiteClient:
    auth = netsuite.MachineAuth(access.client_id, access.certificate_id, access.private_key)
    return NetSuiteClient(access.account_id, auth, base_url=access.url, limiter=Limits(concurrency=5))


def _zoey(access: ZoeyAccess) -> ZoeyClient:
    auth = zoey.OAuth1Auth(access.consumer_key, access.consumer_secret, access.token, access.token_secret)
    return ZoeyClient(access.url, auth, limiter=Limits(concurrency=4))


def _first(stage: Stage) -> None:
    stage.title("1. Look at both sides, then bring them in step")
    for finding in stage.integration.check():
        stage.quote(f"  {finding}")
    stage.run()
    stage.agreed()


def _differences(stage: Stage, recounted: Sequence[Row], others: Sequence[Row]) -> None:
    stage.title("2. Some things change, and only they move")
    with stage.sandbox.netsuite.acting() as account:
        for product in recounted:
            account.set_stock(product["netsuite_id"], location=LOCATIONS[0], available=750)
    with stage.sandbox.zoey.acting() as store:
        sold = [row for row in others if Decimal(store.stock(row["entity_id"])["qty"]) >= 10][:3]
        store.place_order([{"sku": row["sku"], "qty": 2, "price": "9.90"} for row in sold], customer_id=1)
    stage.sandbox.zoey.faults.add(Fault("reset", when="after", method="PUT"))
    stage.say(f"  {len(recounted)} items are counted anew in NetSuite.")
    stage.say(f"  A buyer orders {len(sold)} other products in Zoey; NetSuite does not know of it yet.")
    stage.say("  And the connection will break right after Zoey has carried out the first bulk write.")
    report = stage.run()
    sent = report.calls["zoey"].get("stock.update_many", 0)
    stage.say(
        f"{report.count('updated')} products sent in {sent} calls: one for all, and again as its answer was lost."
    )
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
