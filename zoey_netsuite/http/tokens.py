"""Bearer tokens: fetched by one caller while the others wait, kept until shortly before they end, fetched anew when
refused.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import cast

from attrs import define, evolve, field, frozen

from zoey_netsuite.clock import Clock
from zoey_netsuite.errors import ConfigurationError, ZoeyNetSuiteError
from zoey_netsuite.http.answers import read_json
from zoey_netsuite.http.operation import JSON, Operation, Request, Response
from zoey_netsuite.http.retry import Verdict

EARLY = 120.0
"""A token is renewed so many seconds before it ends, one of less than four minutes after half its life."""

LIFE = 3600.0
"""Seconds that a token lives when the answer does not say."""


@frozen
class Grant:
    """What a token end point gave: a token, and for how many seconds it is good."""

    token: str = field(repr=False)
    life: float = LIFE


@frozen
class TokenRequest:
    """The call that gets a token.

    Attributes:
        prove: puts the proof of who asks into the request; made anew for each attempt.
    """

    operation: Operation[Grant]
    prove: Callable[[Request, Clock], Request] = field(repr=False)


@define(eq=False)
class Turn:
    """A place at a `Renewal`.

    Attributes:
        leads: this one fetches; the others wait to be woken.
        failure: why the one who fetched got nothing.
    """

    leads: bool
    wake: Callable[[], object] = field(repr=False)
    failure: ZoeyNetSuiteError | None = None


class Renewal:
    """One renews, threads and tasks alike, the others wait for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._led = False
        self._waiting: list[Turn] = []

    def enter(self, wake: Callable[[], object]) -> Turn:
        """Lead, if nobody does, or wait until `wake` is called."""
        with self._lock:
            turn = Turn(not self._led, wake)
            if turn.leads:
                self._led = True
            else:
                self._waiting.append(turn)
            return turn

    def leave(self, failure: ZoeyNetSuiteError | None) -> None:
        """The one who leads has done it, or failed: the others share that."""
        with self._lock:
            woken, self._waiting, self._led = self._waiting, [], False
        for turn in woken:
            turn.failure = failure
            try:
                turn.wake()
            except RuntimeError:  # its event loop was closed: nobody waits there any more
                continue

    def abandon(self, turn: Turn) -> None:
        """This one waits no longer."""
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)


@define(eq=False)
class Bearer:
    """Signs with a bearer token.

    Attributes:
        request: how to get one.
    """

    request: TokenRequest = field(repr=False)
    renewal: Renewal = field(factory=Renewal, repr=False)
    _token: str | None = field(default=None, init=False, repr=False)
    _ends: float = field(default=-math.inf, init=False, repr=False)

    def sign(self, request: Request, clock: Clock) -> Request:
        """The request with an `Authorization` header."""
        token = self._token
        if token is None:
            raise ConfigurationError("there is no token yet: make the call that token_needed() names first")
        return evolve(request, headers={**request.headers, "authorization": f"Bearer {token}"})

    def token_needed(self, clock: Clock) -> TokenRequest | None:
        """How to get a token, unless there is one that lasts."""
        return None if self._token is not None and clock.now().timestamp() < self._ends else self.request

    def keep(self, grant: Grant, clock: Clock) -> None:
        """Use this token from now on."""
        self._token = grant.token
        self._ends = clock.now().timestamp() + max(grant.life - EARLY, grant.life / 2)

    def refused(self, request: Request, clock: Clock, *, again: bool) -> Verdict:
        """Renew the token that was refused, unless somebody has done so meanwhile."""
        if again:
            return Verdict.FINAL
        token = self._token
        if token is not None and request.headers.get("authorization") == f"Bearer {token}":
            self._ends = -math.inf
        return Verdict.RENEWED

    def accepted(self, clock: Clock) -> None:
        """Nothing is to be remembered."""


def read_grant(response: Response) -> Grant:
    """A token end point's answer.

    Raises:
        ValueError: it holds no token that can be used.
    """
    value: JSON = read_json(response)
    answer = cast("dict[str, JSON]", value) if isinstance(value, dict) else {}
    token = answer.get("access_token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token.strip():
        raise ValueError("the answer holds no access_token")
    try:
        life = float(answer.get("expires_in") or LIFE)
    except (TypeError, ValueError):  # a token is good for what it is, whatever is said of its life
        life = LIFE
    return Grant(token.strip(), life if math.isfinite(life) and life > 0 else LIFE)
