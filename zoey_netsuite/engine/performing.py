"""Performing: units go through their effects side by side, one of each root, and effects of a kind can share a call."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

from attrs import define, field

from zoey_netsuite.clock import Clock
from zoey_netsuite.engine import failures
from zoey_netsuite.engine.claims import Claim
from zoey_netsuite.engine.closing import Conclusion, done, looked_enough, note, troubled
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.effects import Clients, Done, Effect, Kind, LookAgain, one_key, performed, performed_many
from zoey_netsuite.engine.health import Health
from zoey_netsuite.engine.makes import what_it_makes
from zoey_netsuite.engine.once import DoneBefore, perform_once
from zoey_netsuite.engine.pool import Hand
from zoey_netsuite.engine.refs import resolved
from zoey_netsuite.errors import LeaseLost, TransportError, ZoeyNetSuiteError
from zoey_netsuite.http.deadline import TooLate, starting_only_while
from zoey_netsuite.state.leases import Lease
from zoey_netsuite.state.store import JSON


@define
class Course:
    """A unit on its way through its effects.

    Attributes:
        outcomes: what came of those behind it.
        keys: of those of them that happen once.
        ended: whether it goes no further here: it has been through all, is to be looked at again, or got into trouble.
        leased_until: when its lease ends, as far as is known, by this machine's clock.
    """

    claim: Claim
    effects: Sequence[Effect]
    outcomes: list[Done] = field(factory=list[Done])
    keys: set[str] = field(factory=set[str])
    ended: bool = False
    leased_until: float = 0.0

    def front(self) -> Effect:
        """The next effect, with what the earlier ones gave filled in.

        Raises:
            TypeError: it refers to one that is not among those.
            HeldError: with that filled in, it has the key of one of them.
        """
        behind = [*zip(self.effects, self.outcomes, strict=False)]
        results: dict[str, JSON] = {}
        shared = Counter(name for effect, _ in behind for name in effect.former_keys)
        for effect, outcome in behind:
            results |= {name: outcome.result for name in effect.former_keys if shared[name] == 1}
        results |= {effect.key: outcome.result for effect, outcome in behind}
        effect = resolved(self.effects[len(self.outcomes)], results)
        if effect.kind is Kind.ONCE and effect.key in self.keys:
            raise one_key(effect.key, [effect, effect])
        return effect

    def behind(self, outcome: Done, effect: Effect) -> None:
        """That effect has been performed."""
        self.outcomes.append(outcome)
        self.claim.outcomes.append(outcome)
        if effect.kind is Kind.ONCE:
            self.keys.add(effect.key)
            self.claim.made.update([what_it_makes(effect)] if outcome.changed else [])


REFUSALS = 8
"""After so many shared calls that were refused in a row no smaller ones are tried: halving a hundred takes seven."""

KEPT = 3
"""A lease on what waits is renewed before a third of it is over."""

LOOKS = 2
"""A unit that asks for more looks than this in a row is retried later."""

Step = tuple[Course, Effect]


@define
class Performer:
    """Performs the effects of one claim's units, no two of them of one root.

    Units that have ended share a commit: when all have ended that were brought here together, or when their leases
    would have to be renewed. The leases of those that wait for a thread, or to be looked at again, are renewed.

    Attributes:
        close: told of units that have ended.
        stops: whether no further effect is to be begun.
    """

    sync: str
    desk: Desk
    clients: Clients
    health: Health
    hand: Hand
    clock: Clock
    close: Callable[[Sequence[Conclusion]], None]
    stops: Callable[[], bool]
    _renewed_at: float = field(init=False)
    _waiting: deque[Course] = field(factory=deque[Course], init=False)
    _to_decide: list[Claim] = field(factory=list[Claim], init=False)
    _ended: list[Conclusion] = field(factory=list[Conclusion], init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._renewed_at = self.clock.monotonic()

    def perform(self, courses: Sequence[Course]) -> None:
        """Bring all of them to their end, or until a system fails or the run is to stop."""
        self._ended += [done(course.claim) for course in courses if not course.effects]
        under_way = [course for course in courses if course.effects]
        try:
            while under_way and not self.stops():
                together, alone = self._sorted(under_way)
                for steps in together:
                    if self.stops():
                        return
                    self._guarded(steps)
                self._side_by_side(alone)
                under_way = [course for course in under_way if not course.ended]
        finally:
            ended, self._ended = self._ended, []
            self.close(ended)

    def _end(self, conclusion: Conclusion) -> None:
        with self._lock:
            self._ended.append(conclusion)

    def to_decide(self) -> list[Claim]:
        """The units that are to be decided upon again, given what is there now; what they have done so far is noted."""
        claims, self._to_decide = self._to_decide, []
        return note(claims, self.desk) if claims else []

    def _sorted(self, courses: Sequence[Course]) -> tuple[list[list[Step]], list[Course]]:
        """The next steps that share a call, and the units whose next step goes alone."""
        together: dict[tuple[type[Effect], str], list[Step]] = {}
        alone: list[Course] = []
        for course in courses:
            effect = self._front(course)
            if effect is None:
                continue
            if effect.together is None:
                alone.append(course)
            else:
                together.setdefault((type(effect), effect.together), []).append((course, effect))
        return [*together.values()], alone

    def _front(self, course: Course) -> Effect | None:
        """The next effect of a unit; None when it has ended instead."""
        try:
            effect = course.front()
        except Exception as error:  # noqa: BLE001 - the user's own effect refers to something that is not there
            course.ended = True
            self._end(self._trouble(course, error, None))
            return None
        if isinstance(effect, LookAgain):
            course.ended = True
            self._look_again(course)
            return None
        return effect

    def _look_again(self, course: Course) -> None:
        """Have a unit looked at again, or see that this would lead nowhere now."""
        claim, now = course.claim, self.desk.space.store.now()
        if claim.looks and not any(outcome.changed for outcome in course.outcomes):
            why = "nothing was left to be written, and what was expected of the other side is not there"
            self._end(looked_enough(self.sync, claim, why, now))
        elif claim.looks == LOOKS:
            why = f"something was to be written each of {LOOKS + 1} times in a row"
            self._end(looked_enough(self.sync, claim, why, now))
        else:
            claim.look = True
            claim.looks += 1
            self._to_decide.append(claim)
            self._keep([course])

    def _side_by_side(self, courses: Sequence[Course]) -> None:
        """Bring each of these on as far as its effects go alone, on as many threads as there are."""
        self._waiting.extend(courses)
        every = self.desk.timing.lease / KEPT
        self.hand.all([self._next] * len(courses), every=every, meanwhile=self._keep)

    def _next(self) -> None:
        with self._lock:
            course = self._waiting.popleft()
        while not course.ended and not self.stops():
            effect = self._front(course)
            if effect is None or effect.together is not None:
                return
            self._guarded([(course, effect)])

    def _keep(self, ended: Sequence[Course] = ()) -> None:
        """Where it is time, renew the leases on what waits, and close what has ended. A lease that was lost is noticed
        when its unit's turn comes.

        Args:
            ended: units that have ended just now: the calls made for them may have used up most of their leases.
        """
        with self._lock:
            now, interval = self.clock.monotonic(), self.desk.timing.lease / KEPT
            if now - self._renewed_at < interval and all(course.leased_until - now > interval for course in ended):
                return
            self._renewed_at = now
            leases = [course.claim.lease for course in self._waiting] + [claim.lease for claim in self._to_decide]
            closing, self._ended = self._ended, []
            at_least = timedelta(seconds=self.desk.timing.lease)
            try:
                self.desk.leases.renew(leases, at_least=at_least)
            except LeaseLost:
                for lease in leases:
                    with suppress(LeaseLost):
                        self.desk.leases.renew([lease], at_least=at_least)
        self.close(closing)

    def _guarded(self, steps: Sequence[Step]) -> None:
        """Make steps that share a call, and end the units that are through or in trouble."""
        self._keep()
        for (course, effect), outcome in self._made(steps):
            if isinstance(outcome, LeaseLost | TooLate):
                course.ended = True  # whoever takes the lease over, or claims it anew, goes on with it
            elif isinstance(outcome, DoneBefore):
                course.ended = course.claim.anew = course.claim.found_done = True
                self._to_decide.append(course.claim)
            elif isinstance(outcome, Done):
                course.behind(outcome, effect)
                if len(course.outcomes) == len(course.effects):
                    course.ended = True
                    self._end(done(course.claim))
            else:
                course.ended = True
                self._end(self._trouble(course, outcome, effect))
        self._keep([course for course, _ in steps if course.ended])

    def _made(
        self, steps: Sequence[Step], refused: list[Exception] | None = None
    ) -> Iterator[tuple[Step, Done | Exception]]:
        """Make steps in one call. A convergent one that is refused as a whole is made again in halves, so that the one
        at fault stands alone and the others are done.

        Args:
            refused: the calls for these steps that were refused in a row.
        """
        refused = [] if refused is None else refused
        try:
            ends = self._renewed([course.claim.lease for course, _ in steps])
        except LeaseLost as error:
            if len(steps) == 1:
                yield steps[0], error
            else:
                for step in steps:
                    yield from self._made([step])
            return
        for course, _ in steps:
            course.leased_until = ends
            course.claim.lease.written = True
        outcomes: Sequence[Done | Exception]
        with starting_only_while(self._in_time(ends)):
            if steps[0][1].kind is Kind.ONCE:
                outcomes = perform_once([(course.claim, effect) for course, effect in steps], self.desk, self.clients)
            else:
                outcomes = self._converged([effect for _, effect in steps])
        if all(outcome is outcomes[0] for outcome in outcomes):
            self._ask_for_health(outcomes[0], steps[0][1])
        if isinstance(outcomes[0], Exception) and all(outcome is outcomes[0] for outcome in outcomes):
            refused.append(outcomes[0])
            if self._halves(steps, refused):
                half = len(steps) // 2
                yield from self._made(steps[:half], refused)
                yield from self._made(steps[half:], refused)
                return
        else:
            refused.clear()
        yield from zip(steps, outcomes, strict=True)

    def _renewed(self, leases: Sequence[Lease]) -> float:
        """Renew these leases where they end soon; gives when the first of them ends, by this machine's clock.

        No write starts when a lease ends within the call's time-out, and a call may have to wait for its turn: so there
        is to be time for twice that.
        """
        began = self.clock.monotonic()
        at_least = timedelta(seconds=2 * self.desk.timing.call)
        once_each = [*{lease.key: lease for lease in leases}.values()]
        return began + self.desk.leases.renew(once_each, at_least=at_least).total_seconds()

    def _in_time(self, ends: float) -> Callable[[], bool]:
        """Whether a call may still be begun: not when the lease may end within it; and not so late that whoever looks
        for a once effect, a settling time after it was started, would look too early.
        """
        call, latest = self.desk.timing.call, self.clock.monotonic() + self.desk.timing.call
        return lambda: self.clock.monotonic() <= min(ends - call, latest)

    def _halves(self, steps: Sequence[Step], refused: Sequence[Exception]) -> bool:
        """Whether smaller calls may do better. Not after many refusals in a row: then it is not the entries. Nor where
        no answer came: waiting for each half again would take too long.
        """
        convergent = steps[0][1].kind is Kind.CONVERGENT
        lost = isinstance(refused[-1], TransportError)
        return convergent and len(steps) > 1 and not lost and len(refused) <= REFUSALS and not self.stops()

    def _converged(self, effects: Sequence[Effect]) -> Sequence[Done | Exception]:
        try:
            if effects[0].together is None:
                return [performed(effect, self.clients) for effect in effects]
            outcomes = performed_many(effects, self.clients)
        except Exception as error:  # noqa: BLE001 - a user's effect may raise anything; it is these records' trouble
            return [error] * len(effects)
        return outcomes

    def _trouble(self, course: Course, error: Exception, effect: Effect | None) -> Conclusion:
        return troubled(self.sync, course.claim, error, effect, self.desk.space.store.now())

    def _ask_for_health(self, error: Done | Exception, effect: Effect) -> None:
        """Stop the run if it is not the record but the system that is broken."""
        if not isinstance(error, ZoeyNetSuiteError) or isinstance(error, LeaseLost | TooLate):
            return
        failure = failures.system_failure(error, effect.system)
        if failure is None and failures.trouble(error).verdict == "system":
            failure = self.health.probe(effect.system)
        if failure is not None:
            raise failure from error
