"""Leases: who works on what, until when.

A lease is an entry with its owner and its end by the store's clock. Whatever a worker commits while it holds a lease
names the lease's version, so a worker that lost its lease cannot write. A lease is free when its end has passed, or
when its owner is known to be dead: the owner's process was on this machine and is gone.

Whoever gives a lease back after writing leaves a mark for an hour: what was read before that is read anew before it is
acted upon. The marks of one hour stand together, so that they are forgotten together.
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from attrs import define, field, frozen

from zoey_netsuite.errors import LeaseLost, StoreError, StoreOutcomeUnknown, VersionMismatch
from zoey_netsuite.state.space import Space, to_moment, to_text
from zoey_netsuite.state.store import ABSENT, JSON, Change, Check, Delete, Entry, Key, Put

REMEMBERED = timedelta(hours=1)
"""How long it is known at least that something was written under a lease. What was read earlier is read anew anyway."""


@frozen
class Owner:
    """A worker's identity: unique, and where its process runs.

    Attributes:
        token: unique for each worker.
        machine: names a running system and its process namespace ("" where that can't be told).
        process: process id and its start time there.
    """

    token: str
    machine: str = ""
    process: str = ""

    @classmethod
    def new(cls) -> Owner:
        """A worker of this process."""
        return cls(uuid.uuid4().hex, _machine(), _process(os.getpid()))

    def to_json(self) -> JSON:
        """As it stands in the store."""
        return [self.token, self.machine, self.process]

    @classmethod
    def from_json(cls, value: JSON) -> Owner:
        """From how it stands in the store."""
        return cls(*value)

    def is_dead(self) -> bool:
        """Whether the owner's process is certainly gone. False where that cannot be told from here."""
        if not self.machine or self.machine != _machine():
            return False
        return _process(int(self.process.partition(":")[0])) != self.process


@cache
def _machine() -> str:
    """This boot of this kernel and this process namespace; within one such pair a process id means one process."""
    if not sys.platform.startswith("linux"):
        return ""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _process(number: int) -> str:
    """`pid:start time`, or "" when there is no such process (a zombie counts as gone)."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text()
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else f"{number}:{fields[19]}"


@define
class Lease:
    """A lease that this worker holds. `version` and `until` move when it is renewed.

    Attributes:
        written: whether anything was written under it, which others are to know who take it later.
        last_written: when others have last written under it, as text, as far as that is known.
    """

    key: Key
    owner: Owner
    version: int
    until: datetime
    value: dict[str, JSON] = field(factory=dict[str, JSON])
    written: bool = False
    last_written: str = ""

    def check(self) -> Check:
        """The change that fences a commit by this lease."""
        return Check(self.key, self.version)


@frozen
class Leases:
    """The leases of one integration.

    Attributes:
        duration: how long one lasts.
    """

    space: Space
    duration: timedelta

    def key(self, scope: str) -> Key:
        """Where the lease on something stands."""
        return self.space.key("lease", scope)

    def is_free(self, entry: Entry | None, now: datetime) -> bool:
        """Whether somebody may take a lease that stands so."""
        if entry is None or entry.value["owner"] is None:
            return True
        return to_moment(entry.value["until"]) <= now or Owner.from_json(entry.value["owner"]).is_dead()

    def is_held(self, scope: str) -> bool:
        """Whether somebody holds the lease on something just now."""
        key = self.key(scope)
        return not self.is_free(self.space.read([key]).get(key), self.space.store.now())

    def take(self, key: Key, entry: Entry | None, owner: Owner, now: datetime) -> tuple[Put, Lease]:
        """The change that takes a free lease, and the lease; its version is known once the change is committed."""
        until = now + self.duration
        before: dict[str, JSON] = {} if entry is None else entry.value
        value = {**before, "owner": owner.to_json(), "until": to_text(until)}
        return Put(key, value, ABSENT if entry is None else entry.version), Lease(key, owner, 0, until, value)

    def acquire(self, scope: str, owner: Owner) -> Lease | None:
        """Take the lease on something, or None when somebody else holds it."""
        key = self.key(scope)

        entry = self.space.read([key]).get(key)
        now = self.space.store.now()
        if not self.is_free(entry, now):
            return None
        put, lease = self.take(key, entry, owner, now)
        try:
            lease.version = self.space.store.commit([put])[key]
        except VersionMismatch:
            return None
        except StoreOutcomeUnknown:
            taken = self.space.read([key]).get(key)
            if taken is None or taken.value != put.value:
                raise
            lease.version = taken.version
        return lease

    def renew(self, leases: Sequence[Lease], *, at_least: timedelta) -> timedelta:
        """Make sure that these leases last at least so long from now; one commit for all that need it.

        Returns:
            How long the first of them to end still lasts.

        Raises:
            LeaseLost: somebody else has taken one of them.
        """
        now = self.space.store.now()
        # One that ends later than any could was taken while the store's clock was ahead: others may have it by now.
        latest = now + 2 * max(self.duration, at_least)
        due = [lease for lease in leases if not now + at_least <= lease.until <= latest]
        if not due:
            return min((lease.until - now for lease in leases), default=at_least)
        until = now + max(self.duration, at_least)
        puts = [Put(lease.key, {**lease.value, "until": to_text(until)}, lease.version) for lease in due]
        try:
            versions = self.space.store.commit(puts)
        except VersionMismatch as error:
            raise LeaseLost(f"the lease on {error.keys[0][-1]} was taken by another worker") from error
        for lease, put in zip(due, puts, strict=True):
            lease.value, lease.version, lease.until = dict(put.value), versions[lease.key], until
        return min(lease.until - now for lease in leases)

    def giving_back(self, lease: Lease, now: datetime) -> list[Change]:
        """The changes that give a lease back; they fail when the lease was lost. What else stands in it stays."""
        rest = {name: value for name, value in lease.value.items() if name not in ("owner", "until") and value}
        marks: list[Change] = [Put(self._mark(lease.key, now), to_text(now))] if lease.written else []
        if rest:
            return [Put(lease.key, {**rest, "owner": None, "until": lease.value["until"]}, lease.version), *marks]
        return [Delete(lease.key, lease.version), *marks]

    def give_back(self, leases: Sequence[Lease]) -> None:
        """Give leases back. One lost meanwhile is not ours to give; one that the store won't take ends by time."""
        if len(leases) > 1:
            with suppress(StoreError):
                self._give_back(leases)
                return
        for lease in leases:
            with suppress(StoreError):
                self._give_back([lease])

    def _give_back(self, leases: Sequence[Lease]) -> None:
        now = self.space.store.now()
        self.space.store.commit([change for lease in leases for change in self.giving_back(lease, now)])

    def marks(self, keys: Iterable[Key], now: datetime) -> dict[Key, Key]:
        """Where it stands that something was written under these leases, each with its lease's key."""
        return {self._mark(key, at): key for key in keys for at in (now - REMEMBERED, now)}

    def last_written(self, keys: Collection[Key], entries: Mapping[Key, Entry], now: datetime) -> dict[Key, str]:
        """When something was last written under these leases, as text, as far as the entries read of them tell: those
        under which nothing was, for an hour, are left out. A lease that nobody has given back may have been used.
        """
        written: dict[Key, str] = {}
        for mark, key in self.marks(keys, now).items():
            if mark in entries:
                written[key] = max(written.get(key, ""), entries[mark].value)
        for key in keys:
            if key in entries and entries[key].value["owner"] is not None:
                written[key] = to_text(now + REMEMBERED)
        return written

    def forget_marks(self) -> None:
        """Forget what was written more than an hour ago."""
        before = self.space.key("written", _hour(self.space.store.now() - REMEMBERED))
        while old := self.space.store.scan(self.space.key("written"), before=before, limit=1000):
            self.space.store.commit([Delete(key) for key, _ in old])

    def _mark(self, key: Key, at: datetime) -> Key:
        return self.space.key("written", _hour(at), key[-1])


def _hour(at: datetime) -> str:
    return to_text(at)[:13]
