"""Working: claimed units are decided upon and their effects performed, in the order that lets nothing be done twice."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any

from attrs import define, evolve, field

from zoey_netsuite.engine import failures
from zoey_netsuite.engine.claims import Claim, as_unit, claim
from zoey_netsuite.engine.closing import Conclusion, close
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.effects import BulkEffect, Clients, Done, Effect, Kind
from zoey_netsuite.engine.health import Health
from zoey_netsuite.engine.lookups import look_up
from zoey_netsuite.engine.observe import Observer, Outcome, UnitEnded, tell
from zoey_netsuite.engine.once import OpenOutcome, perform_once, settle
from zoey_netsuite.engine.report import Named, Planned, Tally
from zoey_netsuite.engine.scanner import as_item, resolve
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.entities import Found, Hold, Skip
from zoey_netsuite.errors import APIError, LeaseLost, SystemFailure, ZoeyNetSuiteError
from zoey_netsuite.state.space import to_moment
from zoey_netsuite.state.store import Change

Decision = Sequence[Effect] | Hold | Skip


@define
class Worker:
    """Deals with the units of one sync in one run. Its `step` may be called by several threads."""

    sync: Sync[Any]
    ctx: SyncContext
    desk: Desk
    clients: Clients
    health: Health
    tally: Tally
    observers: Sequence[Observer]
    dry_run: bool = False
    questions: Collection[str] = ()
    on_units: Callable[[int], None] = field(default=lambda count: None)
    claiming: threading.Lock = field(factory=threading.Lock, repr=False)

    def step(self) -> bool:
        """Claim some units and deal with them; False when none is due."""
        with self.claiming:
            claims = claim(self.sync, self.desk, questions=self.questions, on_set_aside=self.tally.set_aside)
        return self._work(claims)

    def only(self, unit_ids: Collection[str]) -> bool:
        """Claim these units, due or not, and deal with them; False when none could be had."""
        return self._work(claim(self.sync, self.desk, only=unit_ids))

    def _work(self, claims: list[Claim]) -> bool:
        if not claims:
            return False
        held = list({claimed.lease.key: claimed.lease for claimed in claims}.values())
        try:
            self._deal(claims)
        except LeaseLost:
            return True  # whoever took the lease over goes on with it
        finally:
            self.desk.leases.give_back([lease for lease in held if lease.version])
        return True

    def _deal(self, claims: list[Claim]) -> None:
        if not self.dry_run:
            settle(claims, self.desk, self.clients)
        claims = self._refresh(claims)
        found = self._look_up(claims)
        decided = [(claimed, self._decide(claimed, found)) for claimed in claims]
        in_bulk: dict[type[BulkEffect[Any]], list[tuple[Claim, BulkEffect[Any]]]] = {}
        singly: list[tuple[Claim, Decision | Exception]] = []
        for claimed, decision in decided:
            alone = _in_bulk_alone(decision)
            if alone is not None:
                in_bulk.setdefault(type(alone), []).append((claimed, alone))
            else:
                singly.append((claimed, decision))
        for kind, pairs in in_bulk.items():
            self._close(self._in_bulk(kind, pairs), claims)
        for claimed, decision in singly:
            self._close([self._singly(claimed, decision)], claims)

    def _refresh(self, claims: list[Claim]) -> list[Claim]:
        """Read again what was tried before or was read too long ago; what is gone or needs nothing leaves the list."""
        limit = self.desk.space.store.now() - timedelta(seconds=self.desk.timing.stale_after)
        old = [c for c in claims if c.item.attempts or c.item.state != "pending" or to_moment(c.item.read_at) < limit]
        if not old:
            return claims
        try:
            units = list(self.sync.load([claimed.item.id for claimed in old], self.ctx))
        except ZoeyNetSuiteError as error:
            raise failures.scan_failure(error, failures.system_of(error)) from error
        self.desk.links.put([unit.found for unit in units if unit.found is not None])
        loaded = {unit.id: (unit, link) for unit, link in resolve(units, self.desk)}
        keys = {self.desk.baseline_key(self.sync.name, unit_id): unit_id for unit_id in loaded}
        held = {keys[key]: entry.value["fingerprint"] for key, entry in self.desk.space.store.read(keys).items()}
        leaving: list[Conclusion] = []
        for claimed in old:
            unit, link = loaded.get(claimed.item.id, (None, None))
            if unit is None:
                leaving.append(Conclusion(claimed, "skipped", "it is gone", "gone"))
            elif unit.about is not None and link is None:
                leaving.append(Conclusion(claimed, "skipped", "it is not linked any more", "not linked"))
            elif unit.fingerprint is not None and held.get(unit.id) == unit.fingerprint:
                leaving.append(Conclusion(claimed, "unchanged"))
            else:
                fresh = as_item(self.sync, unit, link, self.desk)
                claimed.item = evolve(
                    claimed.item,
                    data=fresh.data,
                    read_at=fresh.read_at,
                    fingerprint=fresh.fingerprint,
                    zoey_id=fresh.zoey_id,
                    netsuite_id=fresh.netsuite_id,
                )
                claimed.unit = as_unit(self.sync, claimed.item)
        self._close(leaving, claims)
        gone = {conclusion.claim.item.id for conclusion in leaving}
        return [claimed for claimed in claims if claimed.item.id not in gone]

    def _look_up(self, claims: Sequence[Claim]) -> Found:
        try:
            return look_up(self.sync.needs([claimed.unit for claimed in claims]), self.clients)
        except ZoeyNetSuiteError as error:
            raise failures.scan_failure(error, failures.system_of(error)) from error

    def _decide(self, claimed: Claim, found: Found) -> Decision | Exception:
        try:
            return self.sync.apply(claimed.unit, found, evolve(self.ctx.settings, found=found))
        except Exception as error:  # noqa: BLE001 - the user's code: its failure is this record's, the run goes on
            return error

    def _in_bulk(self, kind: type[BulkEffect[Any]], pairs: Sequence[tuple[Claim, BulkEffect[Any]]]) -> list[Conclusion]:
        """Perform effects of one kind in one call."""
        effects = [effect for _, effect in pairs]
        if self.dry_run:
            return [self._planned(claimed, [effect]) for claimed, effect in pairs]
        self._renew([claimed for claimed, _ in pairs])
        outcomes: Sequence[Done | ZoeyNetSuiteError]
        try:
            outcomes = kind.perform_many(effects, self.clients)
        except ZoeyNetSuiteError as error:
            outcomes = [error] * len(effects)
            self._ask_for_health(error, effects[0])
        return [
            self._troubled(claimed, outcome, effect)
            if isinstance(outcome, ZoeyNetSuiteError)
            else _done(claimed, [outcome], made=False)
            for (claimed, effect), outcome in zip(pairs, outcomes, strict=True)
        ]

    def _singly(self, claimed: Claim, decision: Decision | Exception) -> Conclusion:
        """Perform one unit's effects in order."""
        if isinstance(decision, Hold):
            return Conclusion(claimed, "held", decision.reason, decision.cause)
        if isinstance(decision, Skip):
            return Conclusion(claimed, "skipped", decision.reason)
        if isinstance(decision, Exception):
            return self._troubled(claimed, decision, None)
        if self.dry_run:
            return self._planned(claimed, decision)
        done: list[Done] = []
        changes: list[Change] = []
        made = False
        for effect in decision:
            try:
                self._renew([claimed])
                if effect.kind is Kind.ONCE:
                    outcome, journal = perform_once(effect, claimed, self.desk, self.clients)
                    changes += journal
                    made = made or outcome.changed
                else:
                    outcome = effect.perform(self.clients)
            except OpenOutcome as error:
                return Conclusion(claimed, error.outcome, str(error), "outcome unknown", changes, due=error.due)
            except LeaseLost:
                raise
            except Exception as error:  # noqa: BLE001 - a user's effect may raise anything; it is this record's trouble
                self._ask_for_health(error, effect)
                return evolve(self._troubled(claimed, error, effect), changes=changes)
            done.append(outcome)
        return evolve(_done(claimed, done, made=made), changes=changes)

    def _renew(self, claims: Sequence[Claim]) -> None:
        """No write starts when a lease ends within the call's time-out."""
        leases = list({claimed.lease.key: claimed.lease for claimed in claims}.values())
        self.desk.leases.renew(leases, at_least=timedelta(seconds=self.desk.timing.call))

    def _ask_for_health(self, error: Exception, effect: Effect) -> None:
        """Stop the run if it is not the record but the system that is broken."""
        if not isinstance(error, ZoeyNetSuiteError):
            return
        failure = failures.system_failure(error, effect.system)
        if failure is None and failures.trouble(error).verdict == "system":
            failure = self.health.probe(effect.system)
        if failure is not None:
            raise failure from error

    def _planned(self, claimed: Claim, effects: Sequence[Effect]) -> Conclusion:
        for effect in effects:
            self.tally.plan(Planned(self.sync.name, claimed.item.id, effect.describe(), effect))
        return _done(claimed, [Done() for _ in effects], made=any(effect.kind is Kind.ONCE for effect in effects))

    def _troubled(self, claimed: Claim, error: Exception, effect: Effect | None) -> Conclusion:
        """What an error means for a unit: again later, a person, or failed."""
        if isinstance(error, SystemFailure):
            raise error
        trouble = failures.trouble(error)
        message = f"{self.sync.name} {claimed.item.id} {_ids(claimed)}: {error}"
        conclusion = Conclusion(claimed, "failed", message, trouble.cause, evidence=_evidence(error, effect))
        if trouble.verdict == "held":
            return evolve(conclusion, outcome="held")
        if trouble.verdict in ("retry", "system") and claimed.item.attempts < len(failures.WAITS):
            wait = timedelta(seconds=failures.WAITS[claimed.item.attempts])
            return evolve(conclusion, outcome="retrying", due=self.desk.space.store.now() + wait)
        return conclusion

    def _close(self, conclusions: Sequence[Conclusion], claims: Sequence[Claim]) -> None:
        """Commit what came of these units, count it and tell it."""
        if not conclusions:
            return
        ending = {conclusion.claim.item.id for conclusion in conclusions}
        open_roots = {c.lease.key for c in claims if c.item.id not in ending and not c.closed}
        closed = close(conclusions, self.desk, keep=open_roots)
        for conclusion in closed:
            item = conclusion.claim.item
            message = conclusion.message
            self.tally.unit(
                Named(item.id, item.zoey_id, item.netsuite_id, conclusion.outcome, conclusion.cause, message)
            )
            tell(
                self.observers,
                UnitEnded(
                    self.desk.space.name,
                    self.sync.name,
                    item.id,
                    conclusion.outcome,
                    item.zoey_id,
                    item.netsuite_id,
                    message,
                    conclusion.cause,
                ),
            )
        self.on_units(len(closed))


def _in_bulk_alone(decision: Decision | Exception) -> BulkEffect[Any] | None:
    """The one effect of a unit that wants nothing else, if it can share its call."""
    if isinstance(decision, Hold | Skip | Exception) or len(decision) != 1:
        return None
    alone = decision[0]
    return alone if isinstance(alone, BulkEffect) else None  # pyright: ignore[reportUnknownVariableType]  any argument


def _done(claimed: Claim, done: Sequence[Done], *, made: bool) -> Conclusion:
    changed = any(outcome.changed for outcome in done)
    outcome: Outcome = "created" if made else "updated" if changed else "unchanged"
    return Conclusion(claimed, outcome, links=[link for one in done for link in one.links])


def _ids(claimed: Claim) -> str:
    item = claimed.item
    return f"(Zoey {item.zoey_id or 'unknown'}, NetSuite {item.netsuite_id or 'unknown'})"


def _evidence(error: Exception, effect: Effect | None) -> dict[str, Any]:
    """What is needed to understand an error later."""
    evidence: dict[str, Any] = {"error": type(error).__name__, "message": str(error)}
    if effect is not None:
        evidence["effect"] = effect.describe()
    if isinstance(error, APIError):
        evidence |= {"status": error.status, "code": error.code, "detail": error.detail, "path": error.path}
    if not isinstance(error, ZoeyNetSuiteError):
        evidence["traceback"] = traceback.format_exception(error)
    return evidence
