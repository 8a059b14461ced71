"""One account's limit kept by several processes and machines, through the state store that they share.

Each holds a share of the calls at once that the account allows, for half a minute at a time, and limits itself to that:
the store is asked a few times a minute, not for each call. A newcomer gets its part when the others next renew theirs.
The share of a process that died comes back when its time is up, and not before: its last calls may still be under way
on the other side.
"""

from __future__ import annotations

import os
import threading
import uuid
import weakref
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Self

from zoey_netsuite.checks import must_be_number, must_be_text, must_have
from zoey_netsuite.clock import Clock, SystemClock
from zoey_netsuite.errors import StoreError, VersionMismatch
from zoey_netsuite.http.limits import Limits, Signal
from zoey_netsuite.http.turns import Permit
from zoey_netsuite.state.shapes import SHARES
from zoey_netsuite.state.space import ATTEMPTS, to_moment, to_text
from zoey_netsuite.state.store import ABSENT, Entry, Key, Put, StateStore

LOOK_AGAIN = 1.0
"""Seconds after which one that has no share yet, or more than its part, asks again."""


class StoreLimiter:
    """Keeps an account's limit together with all others that use the same store and account.

    While calls are being made or waited for, a thread renews the share; after a while without any it gives it back. So
    does the end of a `with` block. After a fork the child is one more that keeps the limit, with a share of its own.

    Args:
        store: shared by all of them.
        account: names the remote account, the same in all of them ("netsuite 1234567").
        concurrency: calls at once that the account allows all of them together.
        seconds: how long a share is held without a sign of life. With less than the longest call takes, others may use
            the share of a process that died or stands still while its last calls are still being made, and the account
            refuses one too many, which is then tried again. With more, whoever comes after a process that died waits
            longer.
        clock: measures the seconds; time of day is the store's.

    Raises:
        ConfigurationError: what is no store, or a limit below one call at once.
    """

    def __init__(
        self, store: StateStore, account: str, concurrency: int, *, seconds: float = 30.0, clock: Clock | None = None
    ) -> None:
        takes = 'a StateStore such as SQLiteStore("sync.db"), shared by all'
        must_have("StoreLimiter(store=…)", store, ["read", "scan", "commit", "now"], takes)
        must_be_text("StoreLimiter(account=…)", account)
        must_be_number("StoreLimiter(concurrency=…)", concurrency, least=1, whole=True)
        must_be_number("StoreLimiter(seconds=…)", seconds, above=0, most=3600)
        self.account = account
        self.concurrency = concurrency
        self._store = store
        self._seconds = seconds
        self._clock: Clock = clock or SystemClock()
        self._begin()
        if hasattr(os, "register_at_fork"):
            begin = weakref.WeakMethod(self._begin)
            os.register_at_fork(after_in_child=lambda: (alive := begin()) and alive())

    def _begin(self) -> None:
        """No share yet, and nothing of what another process has: its locks and threads do not survive a fork."""
        self._token = uuid.uuid4().hex
        self._limits = Limits(concurrency=1)
        self._limits.limit_to(0)
        self._fair = 0
        self._valid_until = self._used_at = -1.0
        self._lock = threading.Lock()
        self._renewed = False
        self._closing = threading.Event()

    @property
    def share(self) -> int:
        """How many calls at once are this one's part just now."""
        return self._limits.allowed or 0 if self._is_valid() else 0

    @property
    def in_flight(self) -> int:
        """How many calls are being made just now."""
        return self._limits.in_flight

    def acquire(self, clock: Clock) -> Permit:
        """Wait until a call may be made."""
        while True:
            self._wake()
            permit = self._limits.acquire(clock)
            if self._is_valid():
                return permit
            self._expired(permit)

    async def acquire_async(self, clock: Clock) -> Permit:
        """Wait until a call may be made. A cancelled wait takes no place."""
        while True:
            self._wake()
            permit = await self._limits.acquire_async(clock)
            if self._is_valid():
                return permit
            self._expired(permit)

    def release(self, permit: Permit, signal: Signal, retry_after: float | None = None) -> None:
        """The call is over."""
        self._limits.release(permit, signal, retry_after)

    def renew(self) -> None:
        """Take or renew this one's share now, as the thread does by itself.

        Raises:
            StoreError: the store failed. The share is still this one's until its time is up.
        """
        with self._lock:
            began = self._clock.monotonic()
            self._change(leaving=False)
            self._valid_until = began + self._seconds * 0.9

    def close(self) -> None:
        """Give the share back, so that others have it at once. Calls that are being made keep their part of it."""
        with self._lock:
            self._closing.set()
            self._leave()

    def _leave(self) -> None:
        self._renewed = False
        self._limits.limit_to(0)
        self._valid_until = -1.0
        self._change(leaving=True)

    def _is_valid(self) -> bool:
        return self._clock.monotonic() < self._valid_until

    def _expired(self, permit: Permit) -> None:
        """A place was got in a share whose time is up, as this process stood still: it is not to be used."""
        self._limits.limit_to(0)
        self._limits.release(permit, Signal.FAILED)

    def _wake(self) -> None:
        """See to it that the share is being renewed."""
        self._used_at = self._clock.monotonic()
        with self._lock:
            if self._renewed:
                return
            self._renewed, self._closing = True, threading.Event()
            renewer = threading.Thread(
                target=self._renew_on, args=(self._closing,), name="zoey-netsuite-limits", daemon=True
            )
            renewer.start()

    def _renew_on(self, closing: threading.Event) -> None:
        """Renew the share as long as anybody needs it."""
        while not closing.is_set() and not self._ends():
            try:
                self.renew()
            except StoreError:
                if not self._is_valid():
                    self._limits.limit_to(0)
            settled = self._is_valid() and 0 < self._fair >= self._limits.in_flight
            closing.wait(self._seconds / 6 if settled else min(LOOK_AGAIN, self._seconds / 6))

    def _ends(self) -> bool:
        """Whether nobody has needed the share for a while; then it is given back."""
        with self._lock:
            idle = self._clock.monotonic() - self._used_at > self._seconds
            if not idle or self._limits.in_flight or self._limits.waiting:
                return False
            with suppress(StoreError):  # its time will be up
                self._leave()
            return True

    def _change(self, *, leaving: bool) -> None:
        key: Key = ("limits", self.account)
        for _ in range(ATTEMPTS):
            entry = self._store.read([key]).get(key)
            holders = self._divided(entry, leaving=leaving)
            try:
                self._store.commit([Put(key, {"holders": holders}, ABSENT if entry is None else entry.version)])
            except VersionMismatch:
                continue
            held = holders.get(self._token, {"share": 0})["share"]
            self._limits.limit_to(min(self._fair, held))
            return
        raise StoreError(f"the shares of {self.account} keep changing")

    def _divided(self, entry: Entry | None, *, leaving: bool) -> dict[str, Any]:
        """All holders as they are to stand.

        A share shrinks no further than to what is being used, and grows only into what nobody holds: so all together
        never hold more than there is.
        """
        now = self._store.now()
        # Of a damaged entry nothing is believed. Whoever else has a share puts it in again when he renews it.
        stood: Mapping[str, Any] = {}
        if entry is not None and SHARES.problem(entry.value) is None:
            stood = entry.value["holders"]
        alive = {token: holder for token, holder in stood.items() if to_moment(holder["until"]) > now}
        held = int(alive.pop(self._token, {"share": 0})["share"])
        free = self.concurrency - sum(int(holder["share"]) for holder in alive.values())
        fair, over = divmod(self.concurrency, len(alive) + 1)
        rank = sorted([*alive, self._token]).index(self._token)
        self._fair = 0 if leaving else fair + (rank < over)
        self._limits.limit_to(min(self._fair, held))
        share = max(min(self._fair, free), min(self._limits.in_flight, held))
        if leaving and not share:
            return alive
        until = to_text(now + timedelta(seconds=self._seconds))
        return {**alive, self._token: {"share": share, "until": until}}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"StoreLimiter({self.account!r}, concurrency={self.concurrency})"
