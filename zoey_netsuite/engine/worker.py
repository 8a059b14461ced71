"""Working: claimed units are decided upon and their effects performed, in the order that lets nothing be done twice."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from attrs import define, evolve, field

from zoey_netsuite.engine import failures
from zoey_netsuite.engine.claims import Claim, Scanned, as_unit, claim, claim_these
from zoey_netsuite.engine.closing import Conclusion, close
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.effects import BulkEffect, Clients, Done, Effect, Kind, line_for_people
from zoey_netsuite.engine.health import Health
from zoey_netsuite.engine.lookups import look_up
from zoey_netsuite.engine.observe import Observer, Outcome, UnitEnded, tell
from zoey_netsuite.engine.once import OpenOutcome, perform_once, settle
from zoey_netsuite.engine.report import Named, Planned, Tally
from zoey_netsuite.engine.scanner import as_item, resolve
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.engine.unit import Unit
from zoey_netsuite.entities import Found, Hold, Lookup, Skip
from zoey_netsuite.errors import APIError, LeaseLost, MappingError, SystemFailure, ZoeyNetSuiteError
from zoey_netsuite.state.cursors import Cursor
from zoey_netsuite.state.space import to_moment
from zoey_netsuite.state.worklist import OUTCOME_UNKNOWN

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
    scanned: Scanned = field(factory=lambda: Scanned(Cursor()))
    should_stop: Callable[[], bool] = field(default=lambda: False)
    on_units: Callable[[int], None] = field(default=lambda count: None)
    workers: int = 1
    claiming: threading.Lock = field(factory=threading.Lock, repr=False)
    broken: threading.Event = field(factory=threading.Event, repr=False)

    def step(self) -> bool:
        """Claim some units and deal with them; False when none is due, or the run is to stop."""
        if self._stops():
            return False
        with self.claiming:
            claims = claim(self.sync, self.desk, self.scanned, workers=self.workers, on_set_aside=self.tally.set_aside)
        return self._work(claims)

    def only(self, unit_ids: Collection[str]) -> int:
        """Claim these units, due or not, and deal with them; says how many could be had."""
        claims = claim_these(self.sync, self.desk, unit_ids)
        self._work(claims)
        return len(claims)

    def _stops(self) -> bool:
        return self.broken.is_set() or self.should_stop()

    def _work(self, claims: list[Claim]) -> bool:
        if not claims:
            return False
        held = list({claimed.lease.key: claimed.lease for claimed in claims}.values())
        try:
            self._deal(claims)
        except LeaseLost:
            return True  # whoever took the lease over goes on with it
        except BaseException:
            self.broken.set()
            raise
        finally:
            self.desk.leases.give_back([lease for lease in held if lease.version])
        return True

    def _deal(self, claims: list[Claim]) -> None:
        if not self.dry_run:
            waiting = settle(claims, self.desk, self.clients)
            self._close([_waits(c, waiting[c.item.id]) for c in claims if c.item.id in waiting], claims)
            claims = [claimed for claimed in claims if claimed.item.id not in waiting]
        claims = self._refresh(claims)
        found, unclear = self._look_up(claims)
        in_bulk: dict[type[BulkEffect[Any]], list[tuple[Claim, BulkEffect[Any]]]] = {}
        singly: list[tuple[Claim, Decision | Exception]] = []
        for claimed in claims:
            decision = unclear.get(claimed.item.id) or self._decide(claimed, found)
            alone = _in_bulk_alone(decision)
            if alone is not None:
                in_bulk.setdefault(type(alone), []).append((claimed, alone))
            else:
                singly.append((claimed, decision))
        for kind, pairs in in_bulk.items():
            if self._stops():
                return
            self._close(self._in_bulk(kind, pairs), claims)
        for claimed, decision in singly:
            if self._stops():
                return
            self._close([self._singly(claimed, decision)], claims)

    def _refresh(self, claims: list[Claim]) -> list[Claim]:
        """Read again what was tried before or was read too long ago; what is gone or needs nothing leaves the list."""
        limit = self.desk.space.store.now() - timedelta(seconds=self.desk.timing.stale_after)
        old = [
            c
            for c in claims
            if not c.readable or c.item.attempts or c.item.state != "pending" or to_moment(c.item.read_at) < limit
        ]
        if not old:
            return claims
        units, unclear = self._load([claimed.item.id for claimed in old])
        self.desk.links.put([unit.found for unit in units if unit.found is not None])
        loaded = {unit.id: (unit, link) for unit, link in resolve(units, self.desk)}
        keys = {self.desk.baseline_key(self.sync.name, unit_id): unit_id for unit_id in loaded}
        held = {keys[key]: entry.value["fingerprint"] for key, entry in self.desk.space.store.read(keys).items()}
        leaving: list[Conclusion] = []
        for claimed in old:
            unit, link = loaded.get(claimed.item.id, (None, None))
            if claimed.item.id in unclear:
                leaving.append(self._troubled(claimed, unclear[claimed.item.id], None))
            elif unit is None:
                leaving.append(Conclusion(claimed, "skipped", "it is gone", "gone"))
            elif unit.about is not None and link is None:
                leaving.append(Conclusion(claimed, "skipped", "it is not linked any more", "not linked"))
            else:
                fresh = as_item(self.sync, unit, link, self.desk)
                claimed.item = evolve(
                    claimed.item,
                    data=fresh.data,
                    read_at=fresh.read_at,
                    fingerprint=fresh.fingerprint,
                    zoey_id=fresh.zoey_id,
                    netsuite_id=fresh.netsuite_id,
                    kind=fresh.kind,
                    guard=fresh.guard,
                )
                claimed.unit = as_unit(self.sync, claimed.item)
                if unit.fingerprint is not None and held.get(unit.id) == unit.fingerprint:
                    leaving.append(Conclusion(claimed, "unchanged"))
        self._close(leaving, claims)
        gone = {conclusion.claim.item.id for conclusion in leaving}
        return [claimed for claimed in claims if claimed.item.id not in gone]

    def _load(self, unit_ids: Sequence[str]) -> tuple[Sequence[Unit[Any]], Mapping[str, Exception]]:
        """These units as they are now, and those at which the sync's own code fails, each with its error."""
        try:
            return list(self.sync.load(unit_ids, self.ctx)), {}
        except Exception as error:
            if _is_of_a_system(error):
                raise failures.scan_failure(error, failures.system_of(error)) from error
            if len(unit_ids) == 1:
                return [], {unit_ids[0]: error}
        parts = [self._load([unit_id]) for unit_id in unit_ids]
        return [unit for units, _ in parts for unit in units], {
            k: e for _, unclear in parts for k, e in unclear.items()
        }

    def _look_up(self, claims: Sequence[Claim]) -> tuple[Found, Mapping[str, Exception]]:
        """What `apply` will have to know, and the units at which the sync's own code fails, each with its error."""
        units = [claimed.unit for claimed in claims]
        unclear: dict[str, Exception] = {}
        asked: list[Lookup] = []
        try:
            asked = list(self.sync.needs(units))
        except Exception:  # noqa: BLE001 - the user's code: only the record at which it fails is to suffer
            asked.clear()
            for unit in units:
                try:
                    asked += self.sync.needs([unit])
                except Exception as error:  # noqa: BLE001 - see above
                    unclear[unit.id] = error
        try:
            return look_up(asked, self.clients), unclear
        except ZoeyNetSuiteError as error:
            raise failures.scan_failure(error, failures.system_of(error)) from error

    def _decide(self, claimed: Claim, found: Found) -> Decision | Exception:
        try:
            decision = self.sync.apply(claimed.unit, found, evolve(self.ctx.settings, found=found))
            if isinstance(decision, Hold | Skip):
                return decision
            effects = tuple(decision)
            for effect in effects:
                if not isinstance(effect, Effect):  # pyright: ignore[reportUnnecessaryIsInstance]  the user's code
                    raise TypeError(f"apply gave {effect!r}, which is no Effect")
        except Exception as error:  # noqa: BLE001 - the user's code: its failure is this record's, the run goes on
            return error
        return effects

    def _in_bulk(self, kind: type[BulkEffect[Any]], pairs: Sequence[tuple[Claim, BulkEffect[Any]]]) -> list[Conclusion]:
        """Perform effects of one kind in one call."""
        effects = [effect for _, effect in pairs]
        if self.dry_run:
            return [self._planned(claimed, [effect]) for claimed, effect in pairs]
        self._renew([claimed for claimed, _ in pairs])
        outcomes: Sequence[Done | Exception]
        try:
            outcomes = kind.perform_many(effects, self.clients)
            if len(outcomes) != len(effects):
                raise TypeError(f"{kind.__name__}.perform_many gave {len(outcomes)} results for {len(effects)} effects")
        except Exception as error:  # noqa: BLE001 - a user's effect may raise anything; it is these records' trouble
            outcomes = [error] * len(effects)
            self._ask_for_health(error, effects[0])
        return [
            self._troubled(claimed, outcome, effect)
            if isinstance(outcome, Exception)
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
        made = False
        for effect in decision:
            try:
                self._renew([claimed])
                if effect.kind is Kind.ONCE:
                    outcome = perform_once(effect, claimed, self.desk, self.clients)
                    made = made or outcome.changed
                else:
                    outcome = effect.perform(self.clients)
            except OpenOutcome as error:
                return _waits(claimed, error)
            except LeaseLost:
                raise
            except Exception as error:  # noqa: BLE001 - a user's effect may raise anything; it is this record's trouble
                self._ask_for_health(error, effect)
                return self._troubled(claimed, error, effect)
            done.append(outcome)
        return _done(claimed, done, made=made)

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
        """What a run would do, given what the journal knows to be done or open."""
        item = claimed.item
        keys = {(item.sync, item.id, effect.key): effect for effect in effects if effect.kind is Kind.ONCE}
        known = self.desk.journal.read(keys)
        done: list[Done] = []
        for effect in effects:
            entry = known.get((item.sync, item.id, effect.key))
            if entry is None or effect.kind is not Kind.ONCE:
                self.tally.plan(Planned(self.sync.name, item.id, line_for_people(effect), effect))
            elif not entry.done:
                text = f"find out first whether this has happened: {line_for_people(effect)}"
                self.tally.plan(Planned(self.sync.name, item.id, text, effect))
            done.append(Done(changed=entry is None or effect.kind is not Kind.ONCE))
        made = any(effect.kind is Kind.ONCE and one.changed for effect, one in zip(effects, done, strict=True))
        return _done(claimed, done, made=made)

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


def _waits(claimed: Claim, error: OpenOutcome) -> Conclusion:
    return Conclusion(claimed, error.outcome, str(error), OUTCOME_UNKNOWN, due=error.due, waits=True)


def _is_of_a_system(error: Exception) -> bool:
    """Whether an error says something of a system or a setting, rather than of the sync's own code and one record."""
    return isinstance(error, ZoeyNetSuiteError) and not isinstance(error, MappingError)


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
        evidence["effect"] = line_for_people(effect)
    if isinstance(error, APIError):
        evidence |= {"status": error.status, "code": error.code, "detail": error.detail, "path": error.path}
    if not isinstance(error, ZoeyNetSuiteError):
        evidence["traceback"] = traceback.format_exception(error)
    return evidence
