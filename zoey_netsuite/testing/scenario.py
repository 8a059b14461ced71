"""What the crash and fault harness runs: a scenario as a value, and how a program reaches the sandbox in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from attrs import field, frozen

from zoey_netsuite.clock import Clock
from zoey_netsuite.engine.effects import Clients
from zoey_netsuite.http.limits import Limits
from zoey_netsuite.http.retry import Retry
from zoey_netsuite.http.transport import Transport
from zoey_netsuite.integration import Integration
from zoey_netsuite.netsuite import MachineAuth, NetSuiteAuth, NetSuiteClient, TokenAuth
from zoey_netsuite.sandbox import Fault, NetSuiteSettings, Sandbox, ZoeySettings
from zoey_netsuite.state.store import JSON, StateStore
from zoey_netsuite.testing.picture import Records
from zoey_netsuite.zoey import OAuth1Auth, ZoeyAttributes, ZoeyClient

Build: TypeAlias = Callable[[NetSuiteClient, ZoeyClient, StateStore, Clock], Integration]
OpenStore: TypeAlias = Callable[[str, Clock], StateStore]

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""What time it is in the sandbox when a scenario begins. What was seeded is a day old then."""

OUTCOMES: Mapping[str, Fault] = {
    "refused": Fault("token_revoked"),
    "not sent": Fault("429", times=3),
    "outcome unknown, made": Fault("reset", when="after"),
    "outcome unknown, not made": Fault("reset"),
}
"""What can become of a call, as the engine sees it, by name; the fifth is that it is answered.

Refused: the system wants none of it. Not sent: nothing came of any of the three attempts that `connect` makes (a write
that is turned away as too many is not carried out). Unknown: the answer was lost; a write that was sent is not repeated
before somebody has looked, a read is.
"""

FAULTS: Mapping[str, Fault] = {
    "429": Fault("429"),
    "500 before": Fault("500"),
    "500 after": Fault("500", when="after"),
    "reset after": Fault("reset", when="after"),
    "time-out after": Fault("timeout", when="after", hold=1.0),
    "html": Fault("html"),
    "html that says 200": Fault("html", when="after", status=200),
    "truncated": Fault("truncated", when="after"),
    "token expired": Fault("token_expired"),
    "token revoked": Fault("token_revoked"),
}
"""What goes wrong with a call, by name. `Fault(..., times=None)` stays until the program is started again."""


@frozen
class Way:
    """How a program of a scenario reaches the sandbox.

    Attributes:
        environment: the sandbox's addresses and credentials, as `Sandbox.environment` names them.
        netsuite: what carries the bytes to NetSuite; its calls are counted.
        zoey: likewise to Zoey.
        clock: the sandbox's time. Waiting takes no time: it moves that clock.
    """

    environment: Mapping[str, str] = field(repr=False)
    netsuite: Transport
    zoey: Transport
    clock: Clock


def connect(way: Way, *, attributes: ZoeyAttributes | None = None, machine: bool = False) -> Clients:
    """Clients of both systems, as patient as three attempts.

    Args:
        way: how the sandbox is reached.
        attributes: how the merchant's own attributes are called in Zoey.
        machine: whether NetSuite is called with OAuth 2.0 instead of token-based signatures; fetching a token is then
            a step of its own.
    """
    values, clock = way.environment, way.clock
    retry = Retry(attempts=3, random=lambda: 1.0)
    auth: NetSuiteAuth
    if machine:
        names = ("CLIENT_ID", "CERTIFICATE_ID", "PRIVATE_KEY")
        client, certificate, key = (values[f"NETSUITE_{name}"] for name in names)
        auth = MachineAuth(client, certificate, key)
    else:
        signing = ("CONSUMER_KEY", "CONSUMER_SECRET", "TOKEN_ID", "TOKEN_SECRET")
        auth = TokenAuth(*(values[f"NETSUITE_{name}"] for name in signing))
    return Clients(
        NetSuiteClient(
            values["NETSUITE_ACCOUNT_ID"],
            auth,
            base_url=values["NETSUITE_URL"],
            limiter=Limits(concurrency=5, clock=clock),
            retry=retry,
            transport=way.netsuite,
            clock=clock,
        ),
        ZoeyClient(
            values["ZOEY_URL"],
            OAuth1Auth(
                *(values[f"ZOEY_{name}"] for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "TOKEN", "TOKEN_SECRET"))
            ),
            attributes=attributes,
            limiter=Limits(concurrency=5, clock=clock),
            retry=retry,
            transport=way.zoey,
            clock=clock,
        ),
    )


def run_once(integration: Integration) -> object:
    """Look for changes and make them, once."""
    return integration.run()


@frozen(kw_only=True)
class Scenario:
    """What is to come to the same end, whatever happens on the way.

    A program is started, works until nothing is pending, and ends; then people do something (`meanwhile`), and it is
    started again. `build`, `act`, `connect` and `store` are called in other processes, too: they must be functions of a
    module (or `functools.partial` of one), unless the harness forks. The others are called in this process.

    Attributes:
        build: assembles the integration that is to be proved: `build(netsuite, zoey, store, clock)`. Give the
            integration that clock, and `dispatcher=Inline()`: only on one thread is a step the same step each time.
        seed: records to begin with, as `Sandbox` takes them, or a function that is handed the sandbox.
        act: what the program does, again and again until nothing is pending; `integration.run()` unless told.
            A `Report` that it returns and that names a failure ends the program.
        prepare: done once, undisturbed, before everything else: `prepare(integration, sandbox)`. What is in both
            systems and in the store afterwards is what every case begins with.
        meanwhile: what people do in both systems between the first program's end and the second one's start.
        decide: what a person does about entries that are held for one, once they have been seen:
            `decide(integration, sandbox)`. Called whenever a program has come to rest and something is held.
        look: what is compared in the end: a function of the sandbox to JSON, or which `Records` of it.
        connect: makes the clients; `functools.partial(connect, attributes=...)` for a merchant's own attributes.
        store: opens the state store of a name (small letters, digits, `_`), an empty one when the name is new:
            `store(name, clock)`, with `now()` by that clock. Each case has a name of its own, and what stays behind is
            yours to remove. SQLite in files of the harness's own unless told.
        netsuite, zoey: the sandbox's switches. Zoey's quota is off unless told.
        start: the time when it begins.
        pause: seconds that pass between two tries of a program, and before a started-again one that is still not done
            goes on: longer than a lease and the settling time.
        tries: how often a program tries before it is said never to come to rest.
        name: of the scenario, by which `Share` tells its cases from those of others.
    """

    build: Build
    seed: Mapping[str, Mapping[str, JSON]] | Callable[[Sandbox], None]
    act: Callable[[Integration], object] = run_once
    prepare: Callable[[Integration, Sandbox], Any] | None = None
    meanwhile: Callable[[Sandbox], Any] | None = None
    decide: Callable[[Integration, Sandbox], Any] | None = None
    look: Records | Callable[[Sandbox], JSON] = field(factory=Records)
    connect: Callable[[Way], Clients] = connect
    store: OpenStore | None = None
    netsuite: NetSuiteSettings = field(factory=NetSuiteSettings)
    zoey: ZoeySettings = field(factory=lambda: ZoeySettings(requests_per_second=None))
    start: datetime = START
    pause: float = 600.0
    tries: int = 12
    name: str = ""
