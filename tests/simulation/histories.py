"""Histories: from a number, always the same setting and the same events."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from attrs import frozen

from simulation.merchant import PRODUCTS, STARTS, Grounds, Merchant, Setting
from simulation.people import (
    Answer,
    Buy,
    CancelInZoey,
    ChangeSalesOrder,
    CloseSalesOrder,
    Count,
    DeleteProduct,
    DeleteSalesOrder,
    EditInZoey,
    Fulfill,
    IntroduceBob,
    Relink,
    RenameWarranty,
    ReplaceInZoey,
    Retry,
    SetZoeyStock,
    Warranty,
)
from simulation.watching import Offered, Once
from zoey_netsuite.testing.events import (
    CallArrivesLate,
    CallFails,
    CommitFails,
    Event,
    Go,
    Kill,
    RowIsSpoiled,
    RowsComeTwice,
    Wait,
)
from zoey_netsuite.testing.scenario import FAULTS
from zoey_netsuite.testing.shrinking import shrink

Make: TypeAlias = Callable[[random.Random], Sequence[Event[Any]]]
"""Makes events out of chance."""


@frozen
class History:
    """What is so, and what happens."""

    setting: Setting
    events: Sequence[Event[Any]]

    def problems(self, grounds: Grounds, trace: list[str] | None = None) -> Sequence[str]:
        """What is wrong with how it ends."""
        world = Merchant(self.setting, grounds)
        once = Once(world)
        world.watches += [once, Offered(world, once)]
        try:
            return world.play(self.events)
        finally:
            if trace is not None:
                trace += world.trace
            world.store.close()

    def shrunk(self, grounds: Grounds) -> History:
        """With no more events than it takes to be as wrong."""
        kind = _kind(self.problems(grounds))
        left = shrink(
            self.events, lambda events: _kind(History(self.setting, events).problems(grounds)) == kind, tries=300
        )
        return History(self.setting, left)

    def told(self) -> str:
        """As text that plays it again (`python -m simulation`, see there)."""
        lines = "".join(f"        {event!r},\n" for event in self.events)
        return f"History(\n    {self.setting!r},\n    [\n{lines}    ],\n)"


def _kind(problems: Sequence[str]) -> str:
    return problems[0].partition(":")[0] if problems else ""


def history(seed: int) -> History:
    """The history of that number."""
    chance = random.Random(seed)
    setting = Setting(
        start=chance.choices([*STARTS], [2, 1, 1])[0],
        store="sqlite" if chance.random() < 0.1 else "memory",
        create="batch" if chance.random() < 0.25 else "single",
        pending=chance.random() < 0.3,
        relist=chance.random() < 0.6,
        ahead=(0.0, 0.0)
        if chance.random() < 0.5
        else (chance.choice((-90.0, 30.0, 90.0)), chance.choice((0.0, -60.0))),
    )
    calm = chance.random()  # some histories are about people, some about machines
    kinds: list[tuple[float, Make]] = [
        *[(weight * (0.4 + calm), make) for weight, make in PEOPLE if setting.relist or make not in NEED_A_FULL_LIST],
        *[(weight * (1.4 - calm), make) for weight, make in MACHINES],
        (14.0, _go),
        (2.5, lambda c: [Wait(c.choice((1.0, 20.0, 70.0, 130.0, 320.0, 1900.0)))]),
    ]
    events: list[Event[Any]] = [event for _ in range(chance.randint(1, 3)) for event in _buy(chance)]
    makes = chance.choices([make for _, make in kinds], [weight for weight, _ in kinds], k=chance.randint(25, 60))
    events += [event for make in makes for event in make(chance)]
    if not setting.relist:  # what Zoey holds of stock is read back only where each run reads all of it
        late = [event for event in events if isinstance(event, CallArrivesLate) and event.path in ("", "stockitems")]
        events = [event for event in events if event not in late]
    return History(setting, events)


def _go(chance: random.Random) -> Sequence[Event[Any]]:
    machine, due = chance.randint(0, 1), chance.random() < 0.1
    gates = chance.choice((chance.randint(1, 8), chance.randint(5, 60), chance.randint(20, 150), 0, 0))
    if gates:
        return [Go(machine, gates, due=due)]
    at = chance.choice(("", "commit", "the answer to P", "POST", "comments", "salesOrder", "stockitems", "GET"))
    return [Go(machine, chance.randint(1, 4), at, due=due) if at else Go(machine, due=due)]


def _lost_on_the_way(chance: random.Random) -> Sequence[Event[Any]]:
    """A write arrives late, after the one who sent it has died, and the other one is quick."""
    machine, path = chance.randint(0, 1), chance.choice(WRITES)
    return [
        CallArrivesLate(machine, float(chance.randint(5, 115)), path),
        Go(machine, 1, "no answer yet"),
        Kill(machine, known=chance.random() < 0.7),
        *([Wait(chance.choice((1.0, 70.0)))] if chance.random() < 0.3 else []),
        Go(1 - machine),
    ]


def _killed_at(chance: random.Random) -> Sequence[Event[Any]]:
    """A machine is killed at one of its next commits, or after a write."""
    machine = chance.randint(0, 1)
    return [
        Go(machine, chance.randint(1, 12), chance.choice(("commit", "the answer to P", "P"))),
        Kill(machine, known=chance.random() < 0.5),
    ]


def _call_fails(chance: random.Random) -> Sequence[Event[Any]]:
    path = chance.choice((None, None, *WRITES[1:4], "suiteql", "orders"))
    return [CallFails(chance.randint(0, 1), chance.choice([*FAULTS]), chance.choice((1, 1, 3, 4)), path)]


WRITES = ("comments", "comments", "salesOrder", "stockitems", "")


def _buy(chance: random.Random) -> Sequence[Event[Any]]:
    return [Buy(chance.choices((1, 2, 0), (6, 2, 1))[0], chance.choice(PRODUCTS), chance.choice((1, 2, 3, 7, 40)))]


def _change(chance: random.Random) -> Sequence[Event[Any]]:
    field, value = chance.choice([("orderStatus", "B"), ("orderStatus", "B"), ("tranId", "SO"), ("memo", "call first")])
    return [ChangeSalesOrder(chance.randint(0, 5), field, value)]


PEOPLE: list[tuple[float, Make]] = [
    (5.0, _buy),
    (1.5, lambda c: [CancelInZoey(c.randint(0, 5))]),
    (1.0, lambda c: [EditInZoey(c.randint(0, 5), f"PO {c.randint(1, 99)}")]),
    (2.0, lambda c: [Count(c.randint(1, 4), c.randint(1, 3), c.choice((0, 1, 5, 30)))]),
    (0.6, lambda c: [ReplaceInZoey(c.randint(0, 5), c.choice(PRODUCTS), c.choice((1, 2, 40)))]),
    (2.0, _change),
    (1.0, lambda c: [Fulfill(c.randint(0, 5), c.random() < 0.5)]),
    (0.7, lambda c: [CloseSalesOrder(c.randint(0, 5))]),
    (0.7, lambda c: [DeleteSalesOrder(c.randint(0, 5))]),
    (2.5, lambda c: [Warranty(c.randint(0, 5))]),
    (0.7, lambda c: [RenameWarranty(c.randint(0, 5), f"{c.randint(1, 9)} months")]),
    (0.5, lambda c: [IntroduceBob()]),
    (0.8, lambda c: [Retry()]),
    (0.4, lambda c: [Answer()]),
]


def _set_stock(chance: random.Random) -> Sequence[Event[Any]]:
    return [SetZoeyStock(chance.choice(PRODUCTS), chance.choice((0, 3, 50)))]


def _relink(chance: random.Random) -> Sequence[Event[Any]]:
    return [Relink(chance.choice(PRODUCTS), chance.choice(("1", "2", "3", "4", "", "999", "none")))]


def _delete_product(chance: random.Random) -> Sequence[Event[Any]]:
    return [DeleteProduct(chance.choice(PRODUCTS))]


NEED_A_FULL_LIST = (_set_stock, _relink, _delete_product)
"""What is only found when all products and stock items are read."""

PEOPLE += [(0.8, _set_stock), (0.6, _relink), (0.25, _delete_product)]


def _spoiled(chance: random.Random) -> Sequence[Event[Any]]:
    path, field = chance.choice(
        [
            ("/orders", "grand_total"),
            ("/orders", "order_items"),
            ("/orders", "entity_id"),
            ("/products", "netsuite_id"),
            ("/stockitems", "qty"),
            ("suiteql", "quantity"),
            ("suiteql", "foreigntotal"),
            ("suiteql", "name"),
        ]
    )
    return [RowIsSpoiled(chance.randint(0, 1), path, chance.randint(0, 3), field)]


MACHINES: list[tuple[float, Make]] = [
    (2.0, lambda c: [Kill(c.randint(0, 1), known=c.random() < 0.5)]),
    (1.5, _killed_at),
    (3.0, _call_fails),
    (1.0, lambda c: [CallArrivesLate(c.randint(0, 1), float(c.randint(5, 115)), c.choice(WRITES))]),
    (0.8, _lost_on_the_way),
    (1.0, lambda c: [RowsComeTwice(c.randint(0, 1), c.choice(("", "suiteql", "orders", "stockitems", "products")))]),
    (1.0, _spoiled),
    (1.5, lambda c: [CommitFails(c.randint(0, 1), c.choice(("refused", "lost before", "lost after")))]),
]
