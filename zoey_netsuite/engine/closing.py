"""Closing: what came of a unit is committed as one, and the lease on its root is given back with it."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve, field, frozen

from zoey_netsuite.engine import failures
from zoey_netsuite.engine.agreement import Agreement
from zoey_netsuite.engine.claims import Claim
from zoey_netsuite.engine.codec import pack
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.effects import Effect, line_for_people
from zoey_netsuite.engine.once import OpenOutcome
from zoey_netsuite.engine.scanner import LONG_AGO
from zoey_netsuite.engine.unit import Outcome
from zoey_netsuite.errors import APIError, LeaseLost, SystemFailure, VersionMismatch, ZoeyNetSuiteError
from zoey_netsuite.state.links import Link, Unlink
from zoey_netsuite.state.space import ATTEMPTS, to_moment, to_text
from zoey_netsuite.state.store import JSON, Change, Key, Put
from zoey_netsuite.state.worklist import Attempt, State, WorkItem
from zoey_netsuite.user_code import is_theirs, said

AGREED: Sequence[Outcome] = ("created", "updated", "unchanged")
"""Outcomes after which both sides are known to hold what the unit asked for."""


@frozen
class Conclusion:
    """What came of one unit.

    Attributes:
        links: pairs that are known from now on.
        due: when a retrying or waiting unit is due.
        waits: whether it was not tried at all, so that this is no further attempt.
        waits_for: what a waiting unit waits for, as its entry keeps it.
        alert_after: after how long somebody is to hear that it still waits; None: never.
        agreed: what both sides hold from now on.
        pair: what the unit in trouble is known to be about.
    """

    claim: Claim
    outcome: Outcome
    message: str = ""
    cause: str = ""
    links: Sequence[Link | Unlink] = ()
    due: datetime | None = None
    waits: bool = False
    waits_for: tuple[str, ...] | None = None
    alert_after: timedelta | None = None
    agreed: Agreement | None = None
    evidence: JSON = field(default=None, repr=False)
    pair: Link | None = None


def done(claim: Claim) -> Conclusion:
    """What came of a unit that needs nothing more."""
    changed = any(outcome.changed for outcome in claim.outcomes)
    outcome: Outcome = "created" if claim.made else "updated" if changed else "unchanged"
    return Conclusion(claim, outcome, links=_links(claim), agreed=_agreed(claim))


def _agreed(claim: Claim) -> Agreement | None:
    return next((one.agreed for one in reversed(claim.outcomes) if one.agreed is not None), None)


def _links(claim: Claim) -> list[Link]:
    return [claim.named(link) for one in claim.outcomes for link in one.links]


def note(claims: Sequence[Claim], desk: Desk) -> list[Claim]:
    """Commit the links and agreements that the effects of these units gave, before the units are looked at again.

    Returns:
        Those that were committed. One whose lease was lost is left to whoever took it.
    """

    def changes() -> tuple[list[Change], None]:
        given = [Conclusion(claim, "updated", links=_links(claim), agreed=_agreed(claim)) for claim in claims]
        wanted = desk.links.changes([link for one in given for link in one.links])
        wanted += _snapshots(given, desk, desk.space.store.now())
        return [*wanted, *(claim.lease.check() for claim in claims if wanted)], None

    try:
        desk.space.change(changes)
    except VersionMismatch:
        return [one for claim in claims for one in note([claim], desk)] if len(claims) > 1 else []
    for claim in claims:
        claim.outcomes = [evolve(outcome, links=(), agreed=None) for outcome in claim.outcomes]
    return [*claims]


def looked_enough(sync: str, claim: Claim, why: str, now: datetime) -> Conclusion:
    """A unit that would be looked at again and again: later, when what keeps it from agreeing may have passed."""
    pair = claim.unit.pair
    ids = f" (Zoey {pair.zoey_id}, NetSuite {pair.netsuite_id})" if pair is not None else ""
    message = (
        f"{sync} {claim.item.id}{ids}: both sides do not agree yet: {why}. It is tried again by itself. If it stays so,"
        " look at both records, and at what else writes to them."
    )
    wait = failures.WAITS[min(claim.item.attempts, len(failures.WAITS) - 1)]
    return Conclusion(claim, "retrying", message, "does not agree yet", due=now + timedelta(seconds=wait))


def ids(conclusion: Conclusion) -> tuple[str | None, str | None]:
    """Zoey's and NetSuite's id of a unit's records, as far as they are known by now: also of what was made just now."""
    item = conclusion.claim.item
    links = [link for link in conclusion.links if isinstance(link, Link)]
    named = [link for link in links if item.zoey_id == link.zoey_id or item.netsuite_id == link.netsuite_id]
    pair = conclusion.pair or next(iter(named), None)
    return (item.zoey_id, item.netsuite_id) if pair is None else (pair.zoey_id, pair.netsuite_id)


def waits(claim: Claim, error: OpenOutcome) -> Conclusion:
    """A unit that can't go on until it is known what came of an effect that was started before."""
    return Conclusion(claim, error.outcome, str(error), error.cause, due=error.due, waits=True)


def troubled(sync: str, claim: Claim, error: Exception, effect: Effect | None, now: datetime) -> Conclusion:
    """What an error means for a unit: again later, a person, or failed."""
    if isinstance(error, SystemFailure):
        raise error
    if isinstance(error, OpenOutcome):
        return waits(claim, error)
    item = claim.item
    trouble = failures.trouble(error)
    pair = next(iter(_links(claim)), claim.unit.pair)
    ids = f" (Zoey {pair.zoey_id}, NetSuite {pair.netsuite_id})" if pair is not None else ""
    words = str(error) if isinstance(error, ZoeyNetSuiteError) else said(error)
    says_which = pair is None and _names(words, item.id)
    message = words if says_which else f"{sync} {item.id}{ids}: {words}"
    conclusion = Conclusion(claim, "failed", message, trouble.cause, evidence=_evidence(error, effect), pair=pair)
    if trouble.verdict == "held":
        return evolve(conclusion, outcome="held")
    if trouble.verdict in ("retry", "system") and item.attempts < len(failures.WAITS):
        wait = timedelta(seconds=failures.WAITS[item.attempts])
        return evolve(conclusion, outcome="retrying", due=now + wait)
    return conclusion


def _names(message: str, id: str) -> bool:
    """Whether a message says itself which record it is about: by its id, an external id, or a name in front."""
    known = re.escape(id)
    return re.search(rf"\(id {known}\)|[a-z]-{known}\b|\bid='{known}'|[a-z] {known}:", message) is not None


def _evidence(error: Exception, effect: Effect | None) -> dict[str, Any]:
    """What is needed to understand an error later."""
    evidence: dict[str, Any] = {"error": type(error).__name__, "message": str(error)}
    if effect is not None:
        evidence |= {"effect": line_for_people(effect), "request": _request(effect)}
    if isinstance(error, APIError):
        evidence |= {"status": error.status, "code": error.code, "detail": error.detail, "path": error.path}
    if not isinstance(error, ZoeyNetSuiteError) or is_theirs(error.__cause__):
        evidence["traceback"] = traceback.format_exception(error)
    return evidence


def _request(effect: Effect) -> JSON:
    """What was to be done, as far as it can be told as JSON."""
    try:
        return json.loads(json.dumps(pack(effect), default=str))
    except Exception:  # noqa: BLE001 - the user's class: what can't be told must not keep the rest from being kept
        return None


def close(conclusions: Sequence[Conclusion], desk: Desk, *, keep: Collection[Key]) -> list[Conclusion]:
    """Commit what came of these units: all in one commit, or one by one where somebody touched one of them meanwhile.

    Args:
        keep: keys of leases that other units of this claim still need.

    Returns:
        Those that were committed. One whose lease was lost is left to whoever took it.
    """
    try:
        _commit(conclusions, desk, keep)
        return list(conclusions)
    except VersionMismatch:
        keys = [conclusion.claim.lease.key for conclusion in conclusions]
        return [
            conclusion
            for index, conclusion in enumerate(conclusions)
            if _alone(conclusion, desk, {*keep, *keys[index + 1 :]})
        ]


def _alone(conclusion: Conclusion, desk: Desk, keep: Collection[Key]) -> bool:
    item = conclusion.claim.item
    before: WorkItem | None = item
    for _ in range(ATTEMPTS):
        try:
            _commit([conclusion], desk, keep, {item.id: before})
        except VersionMismatch as error:
            if conclusion.claim.lease.key in error.keys:
                conclusion.claim.lease.version = 0
                return False
            if desk.worklist.key(item) in error.keys:
                before = _as_it_stands(conclusion, desk)
            continue
        return True
    raise LeaseLost(f"the entries of {item.sync} {item.id} keep changing")


def _as_it_stands(conclusion: Conclusion, desk: Desk) -> WorkItem | None:
    """The entry that a conclusion is about, although somebody touched it; None where a scan has brought newer data
    meanwhile (what was done stands, the entry stays for what is new) or a person has taken it off the list.
    """
    item = conclusion.claim.item
    now = desk.worklist.read(item.sync, [item.id]).get(item.id)
    if now is None or item.fingerprint is None or now.fingerprint != item.fingerprint:
        return None
    return now if conclusion.outcome in AGREED else None


def _commit(
    conclusions: Sequence[Conclusion],
    desk: Desk,
    keep: Collection[Key],
    touched: Mapping[str, WorkItem | None] | None = None,
) -> None:
    """Commit conclusions; `touched`: entries of the work list as they stand, where that is not as they were claimed."""
    changes: list[Change] = desk.links.changes([link for conclusion in conclusions for link in conclusion.links])
    leases = {conclusion.claim.lease.key: conclusion.claim.lease for conclusion in conclusions}
    for conclusion in conclusions:
        item = conclusion.claim.item
        before = (touched or {}).get(item.id, item)
        if before is not None:
            changes += _work_changes(conclusion, before, desk)
        if conclusion.outcome in AGREED and item.fingerprint is not None:
            changes.append(Put(desk.baseline_key(item.sync, item.id), {"fingerprint": item.fingerprint}))
    now = desk.space.store.now()
    changes += _snapshots(conclusions, desk, now)
    for lease in leases.values():
        changes += [lease.check()] if lease.key in keep else desk.leases.giving_back(lease, now)
    desk.space.store.commit(changes)
    for conclusion in conclusions:
        conclusion.claim.closed = True
    for lease in leases.values():
        if lease.key not in keep:
            lease.version = 0


def _snapshots(conclusions: Sequence[Conclusion], desk: Desk, now: datetime) -> list[Change]:
    return desk.snapshots.changes(
        [
            one.agreed.as_snapshot(one.claim.item.sync, one.claim.item.id, one.claim.unit.snapshot, now)
            for one in conclusions
            if one.agreed is not None
        ]
    )


def _work_changes(conclusion: Conclusion, before: WorkItem, desk: Desk) -> list[Change]:
    if conclusion.outcome not in ("retrying", "held", "failed", "waiting"):
        return desk.worklist.remove(before)
    return desk.worklist.replace(_troubled(conclusion.claim.item, conclusion, desk.space.store.now()), before)


def _troubled(item: WorkItem, conclusion: Conclusion, now: datetime) -> WorkItem:
    at = to_text(now)
    states: Mapping[str, State] = {"held": "held", "failed": "failed", "waiting": "waiting"}
    waiting = conclusion.outcome == "waiting"
    is_news = item.state != "pending" and (item.state == "waiting") != waiting
    first_at = at if is_news or item.first_at is None else item.first_at
    alert_at = item.alert_at
    if waiting and alert_at is None and conclusion.alert_after is not None:
        alert_at = to_text(to_moment(first_at) + conclusion.alert_after)
    repeated = waiting and item.history and item.history[-1].message == conclusion.message
    pair = conclusion.pair
    return evolve(
        item,
        zoey_id=pair.zoey_id if pair else item.zoey_id,
        netsuite_id=pair.netsuite_id if pair else item.netsuite_id,
        kind=pair.kind if pair else item.kind,
        state=states.get(conclusion.outcome, "retrying"),
        due=None if conclusion.due is None else to_text(conclusion.due),
        waits_for=conclusion.waits_for,
        alert_at=alert_at if waiting else None,
        attempts=item.attempts + (not conclusion.waits),
        cause=conclusion.cause,
        message=conclusion.message,
        evidence=conclusion.evidence,
        has_evidence=conclusion.evidence is not None,
        answer=item.answer if conclusion.outcome in ("retrying", "waiting") else None,
        first_at=first_at,
        history=item.history if repeated else (*item.history, Attempt(at, conclusion.message)),
    )


def put_back(claim: Claim, item: WorkItem, desk: Desk) -> None:
    """Put a unit back on the list, unworked: it belongs under another root than the one that is leased, and is claimed
    anew under that. A claim never takes a second root for one of its units.
    """
    claim.closed = True
    with suppress(VersionMismatch):  # somebody has touched it, and it will be looked at again
        desk.space.store.commit([*desk.worklist.replace(item, claim.item), claim.lease.check()])


def hand_over(claim: Claim, link: Link, desk: Desk) -> None:
    """Put the unit of a pair on the list in the place of this one, which came from the pair's other side."""
    claim.closed = True
    item = claim.item
    listed = desk.worklist.read(item.sync, [link.unit]).get(link.unit)
    anew = WorkItem(
        item.sync, link.unit, "pending", link.root, item.data, LONG_AGO, due=to_text(desk.space.store.now())
    )
    if listed is not None:
        anew = evolve(anew, first_at=listed.first_at, note=listed.note, answer=listed.answer)
    anew = evolve(anew, zoey_id=link.zoey_id, netsuite_id=link.netsuite_id, kind=link.kind)
    with suppress(VersionMismatch):  # somebody has touched one of them, and it will be looked at again
        changes = [*desk.worklist.remove(item), *desk.worklist.replace(anew, listed)]
        desk.space.store.commit([*changes, claim.lease.check()])
