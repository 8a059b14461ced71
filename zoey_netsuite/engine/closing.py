"""Closing: what came of a unit is committed as one, and the lease on its root is given back with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from attrs import evolve, field, frozen

from zoey_netsuite.engine.claims import Claim
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.observe import Outcome
from zoey_netsuite.errors import LeaseLost, VersionMismatch
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.space import ATTEMPTS, to_text
from zoey_netsuite.state.store import JSON, Change, Key, Put
from zoey_netsuite.state.worklist import Attempt, State, WorkItem


@frozen
class Conclusion:
    """What came of one unit.

    Attributes:
        changes: what else is to be committed with it (the journal).
        links: pairs that are known from now on.
        due: when a retrying unit is due.
    """

    claim: Claim
    outcome: Outcome
    message: str = ""
    cause: str = ""
    changes: Sequence[Change] = ()
    links: Sequence[Link] = ()
    due: datetime | None = None
    evidence: JSON = field(default=None, repr=False)


def close(conclusions: Sequence[Conclusion], desk: Desk, *, keep: Collection[Key]) -> list[Conclusion]:
    """Commit what came of these units: all in one commit, or one by one where somebody touched one of them meanwhile.

    Args:
        keep: keys of leases that other units of this claim still need.

    Returns:
        Those that were committed. One whose lease was lost is left to whoever took it.
    """
    try:
        _commit(conclusions, desk, keep, with_work=True)
        return list(conclusions)
    except VersionMismatch:
        return [conclusion for conclusion in conclusions if _alone(conclusion, desk, keep)]


def _alone(conclusion: Conclusion, desk: Desk, keep: Collection[Key]) -> bool:
    with_work = True
    for _ in range(ATTEMPTS):
        try:
            _commit([conclusion], desk, keep, with_work=with_work)
        except VersionMismatch as error:
            if conclusion.claim.lease.key in error.keys:
                conclusion.claim.lease.version = 0
                return False
            # a scan has brought newer data meanwhile: what was done stands, the entry stays for what is new
            with_work = with_work and desk.worklist.key(conclusion.claim.item) not in error.keys
            continue
        return True
    raise LeaseLost(f"the entries of {conclusion.claim.item.sync} {conclusion.claim.item.id} keep changing")


def _commit(conclusions: Sequence[Conclusion], desk: Desk, keep: Collection[Key], *, with_work: bool) -> None:
    changes: list[Change] = desk.links.changes([link for conclusion in conclusions for link in conclusion.links])
    leases = {conclusion.claim.lease.key: conclusion.claim.lease for conclusion in conclusions}
    for conclusion in conclusions:
        changes += conclusion.changes
        if with_work:
            changes += _work_changes(conclusion, desk)
        if conclusion.outcome in ("created", "updated", "unchanged"):
            item = conclusion.claim.item
            key = desk.baseline_key(item.sync, item.id)
            if item.fingerprint is not None:
                changes.append(Put(key, {"fingerprint": item.fingerprint}))
    for lease in leases.values():
        changes.append(lease.check() if lease.key in keep else desk.leases.giving_back(lease))
    desk.space.store.commit(changes)
    for conclusion in conclusions:
        conclusion.claim.closed = True
    for lease in leases.values():
        if lease.key not in keep:
            lease.version = 0


def _work_changes(conclusion: Conclusion, desk: Desk) -> list[Change]:
    item = conclusion.claim.item
    if conclusion.outcome not in ("retrying", "held", "failed"):
        return desk.worklist.remove(item)
    return desk.worklist.replace(_troubled(item, conclusion, desk.space.store.now()), item)


def _troubled(item: WorkItem, conclusion: Conclusion, now: datetime) -> WorkItem:
    at = to_text(now)
    states: Mapping[str, State] = {"held": "held", "failed": "failed"}
    return evolve(
        item,
        state=states.get(conclusion.outcome, "retrying"),
        due=None if conclusion.due is None else to_text(conclusion.due),
        attempts=item.attempts + 1,
        cause=conclusion.cause,
        message=conclusion.message,
        evidence=conclusion.evidence,
        first_at=item.first_at or at,
        history=(*item.history, Attempt(at, conclusion.message)),
    )
