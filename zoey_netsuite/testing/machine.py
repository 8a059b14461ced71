"""A simulated machine: a program with its own transports, store connection and clock, on which things go wrong."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

from attrs import define, field, frozen

from zoey_netsuite.errors import StoreError, StoreOutcomeUnknown
from zoey_netsuite.http.operation import JSON, Request, Response
from zoey_netsuite.http.transport import Received, Transport
from zoey_netsuite.netsuite.answers import is_list, is_object
from zoey_netsuite.sandbox import Fault
from zoey_netsuite.sandbox.exchange import Request as Incoming
from zoey_netsuite.state.store import Change, Entry, Key, Put, StateStore
from zoey_netsuite.testing.turns import Player

CommitTrouble: TypeAlias = Literal["refused", "lost before", "lost after"]
"""What goes wrong with a commit: it fails; its answer is lost, and it was not made, or was."""

PATIENCE = 100.0
"""Seconds that a request may be on its way before it is carried out, whoever is slow."""


class Surroundings(Protocol):
    """What is around a machine."""

    def now(self) -> datetime:
        """The true time."""
        ...

    def pass_time(self, seconds: float) -> None:
        """Time goes by, for everybody."""
        ...

    def carry_out(self, machine: Machine, request: Request, inner: Transport, fault: Fault | None) -> Response:
        """Let a system answer a request now."""
        ...

    def later(self, seconds: float, what: Callable[[], object]) -> None:
        """Do something once so much time has passed."""
        ...


@frozen
class Late:
    """A write that is to arrive after so many seconds; `path`: the next one whose address has this in it."""

    seconds: float
    path: str = ""

    def is_about(self, request: Incoming) -> bool:
        """Whether this request is meant."""
        writes = request.method not in ("GET", "HEAD") and not request.path.endswith(("/suiteql", "/token"))
        return writes and self.path in request.url


@frozen
class Odd:
    """What is odd about the next list whose address has `path` in it: its rows as shown, from what they are."""

    path: str
    rows: Callable[[Sequence[JSON]], Sequence[JSON]]


@define(eq=False)
class Machine:
    """One machine and what will go wrong there.

    Attributes:
        name: of the machine, for people.
        ahead: how much its clock is ahead of the true time (negative: behind).
        faults: what the next calls meet, the first one first.
        late: writes that arrive late, of which the program hears nothing.
        odd: what the next lists come with that nobody expects.
        trouble: what goes wrong with the next commit.
        began, active: when the job began, and when it was last at a gate.
        owners: names of all owners of leases that this machine's program has been.
    """

    around: Surroundings = field(repr=False)
    name: str
    ahead: timedelta = timedelta(0)
    player: Player = field(factory=Player)
    faults: list[Fault] = field(factory=list[Fault])
    late: list[Late] = field(factory=list["Late"])
    odd: list[Odd] = field(factory=list["Odd"])
    trouble: CommitTrouble | None = None
    began: datetime | None = None
    active: datetime | None = None
    owners: set[str] = field(factory=set[str])
    sending: Sending | None = None

    def gate(self, name: str) -> None:
        """Here the program may be interrupted."""
        self.active = self.around.now()
        self.player.gate(name)
        self.active = self.around.now()

    def call(self, request: Request, inner: Transport) -> Response:
        """Send a request, as the program does."""
        what = f"{request.method} {urlsplit(request.url).path}"
        self.sending = Sending(self, request, inner, self.around.now())
        try:
            self.gate(what)
            self.sending.finish()
            sent = self.sending
        finally:
            self.sending = None
        if isinstance(sent.outcome, TimeoutError):
            self.gate(f"no answer yet to {what}")
            self.around.pass_time(request.timeout)
        self.gate(f"the answer to {what}")
        if isinstance(sent.outcome, Exception):
            raise sent.outcome
        assert sent.outcome is not None
        return sent.outcome


@define(eq=False)
class Sending:
    """A request on its way."""

    machine: Machine
    request: Request
    inner: Transport
    at: datetime
    outcome: Response | Exception | None = None

    def waits_longer(self, now: datetime) -> bool:
        """Whether it has been on its way for as long as one can be."""
        return now - self.at > timedelta(seconds=PATIENCE)

    def finish(self) -> None:
        """Let it arrive, unless it has."""
        if self.outcome is not None:
            return
        machine, around = self.machine, self.machine.around
        incoming = Incoming(self.request.method, self.request.url)
        late = next((one for one in machine.late if one.is_about(incoming)), None)
        if late is not None:
            machine.late.remove(late)
            around.later(late.seconds, lambda: around.carry_out(machine, self.request, self.inner, None))
            self.outcome = TimeoutError("no answer came in time")
            return
        fault = next((one for one in machine.faults if one.matches(incoming)), None)
        if fault is not None:
            machine.faults.remove(fault)
        try:
            self.outcome = self._oddly(around.carry_out(machine, self.request, self.inner, fault))
        except OSError as error:
            self.outcome = error

    def _oddly(self, answer: Response) -> Response:
        """The answer, its rows as odd as is wanted if it is a list."""
        odd = next((odd for odd in self.machine.odd if odd.path in self.request.url), None)
        if odd is None or answer.status != 200:
            return answer
        try:
            body: JSON = json.loads(answer.content)
        except ValueError:
            return answer  # it is to be one that can't be read
        if is_list(body) and body:
            body = odd.rows(body)
        elif is_object(body) and is_list(rows := body.get("items")) and rows:
            body = {**body, "items": odd.rows(rows)}
        else:
            return answer
        self.machine.odd.remove(odd)
        return Received(answer.status, answer.headers, json.dumps(body).encode())


@frozen
class MachineTransport:
    """A transport whose requests are sent when the machine gets its turn."""

    inner: Transport
    machine: Machine

    def send(self, request: Request) -> Response:
        """Send one request."""
        return self.machine.call(request, self.inner)

    def close(self) -> None:
        """Nothing: the inner transport is everybody's."""


@frozen
class MachineStore:
    """A connection to the store that everybody shares."""

    inner: StateStore
    machine: Machine

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        """As the inner store."""
        self.machine.gate("read")
        return self.inner.read(keys)

    def scan(
        self,
        prefix: Key,
        *,
        after: Key | None = None,
        before: Key | None = None,
        reverse: bool = False,
        limit: int = 1000,
    ) -> Sequence[tuple[Key, Entry]]:
        """As the inner store."""
        self.machine.gate("scan")
        return self.inner.scan(prefix, after=after, before=before, reverse=reverse, limit=limit)

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        """As the inner store, unless something is to go wrong."""
        self.machine.gate("commit")
        for change in changes:
            if isinstance(change, Put) and "lease" in change.key and change.value.get("owner"):
                self.machine.owners.add(change.value["owner"][0])
        trouble, self.machine.trouble = self.machine.trouble, None
        if trouble == "refused":
            raise StoreError("the disk is full")
        if trouble == "lost before":
            raise StoreOutcomeUnknown("the connection broke")
        versions = self.inner.commit(changes)
        if trouble == "lost after":
            raise StoreOutcomeUnknown("the connection broke")
        return versions

    def now(self) -> datetime:
        """As the inner store."""
        return self.inner.now()

    def close(self) -> None:
        """Nothing: the inner store is everybody's."""


@frozen
class MachineClock:
    """A machine's own clock; sleeping lets time go by for everybody."""

    machine: Machine
    start: datetime

    def now(self) -> datetime:
        """What this machine takes for the time."""
        return self.machine.around.now() + self.machine.ahead

    def monotonic(self) -> float:
        """Seconds since the machine was started."""
        return (self.machine.around.now() - self.start).total_seconds()

    def sleep(self, seconds: float) -> None:
        """Let time go by."""
        self.machine.around.pass_time(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Let time go by."""
        self.sleep(seconds)
        await asyncio.sleep(0)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Let time go by, unless the event is set."""
        if not event.is_set():
            self.sleep(seconds)
        return event.is_set()
