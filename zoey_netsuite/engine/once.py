"""Once effects: started, performed, done; and what is found started is looked for before anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from zoey_netsuite import errors
from zoey_netsuite.engine.claims import Claim
from zoey_netsuite.engine.codec import pack, unpack
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.effects import Clients, Done, Effect, Evidence, line_for_people
from zoey_netsuite.engine.failures import scan_failure
from zoey_netsuite.errors import LeaseLost, VersionMismatch, ZoeyNetSuiteError
from zoey_netsuite.state.journal import JournalEntry, OnceKey
from zoey_netsuite.state.leases import Lease
from zoey_netsuite.state.space import ATTEMPTS, to_text
from zoey_netsuite.state.store import Change, Check, Delete, Put
from zoey_netsuite.state.worklist import OUTCOME_UNKNOWN, WorkItem


class OpenOutcome(Exception):
    """Nobody can tell yet whether an effect has happened."""

    def __init__(self, message: str, outcome: Literal["retrying", "held"], due: datetime | None) -> None:
        super().__init__(message)
        self.outcome: Literal["retrying", "held"] = outcome
        self.due = due


def settle(claims: Sequence[Claim], desk: Desk, clients: Clients) -> Mapping[str, OpenOutcome]:
    """Look on the remote side for what was started under these roots and is not known to be done.

    What is found is done; of what leaves no trace after the settling time although it would have to, nothing has
    happened, and the journal forgets it.

    Returns:
        By unit id, the claimed units of which nobody can tell yet: they must not go on, nor leave the work list.
    """
    waiting: dict[str, OpenOutcome] = {}
    leases = {claimed.lease.key: claimed.lease for claimed in claims}
    owed = [(key, lease) for lease in leases.values() for key in desk.journal.open_under(lease)]
    if not owed:
        return waiting
    claimed = {(c.item.sync, c.item.id) for c in claims}
    entries = desk.journal.read([key for key, _ in owed])
    for key, lease in owed:
        entry = entries.get(key)
        if entry is None or entry.done:
            _settled(key, lease, desk, list)
            continue
        try:
            found = _outcome(entry, _stored(entry), desk, clients)
        except OpenOutcome as error:
            if key[:2] in claimed:
                waiting[key[1]] = error
            elif error.outcome == "held":
                _put_on_list(key, lease, error, desk)
            continue
        if found is None:
            _withdraw(key, lease, desk)
        else:
            _finish(key, entry.effect, found, entry.tries, lease, desk)
    return waiting


def perform_once(effect: Effect, claimed: Claim, desk: Desk, clients: Clients) -> Done:
    """Perform a once effect unless it is done already. What came of it is committed before this returns.

    Raises:
        OpenOutcome: it was started before, here or elsewhere, and nobody can tell yet whether it has happened.
        LeaseLost: another worker has taken the root over.
        ZoeyNetSuiteError: refused, or not sent (the journal is as if it had not been tried); or its answer was lost.
    """
    key: OnceKey = (claimed.item.sync, claimed.item.id, effect.key)
    entry = desk.journal.read([key]).get(key)
    if entry is not None and entry.done:
        return Done(entry.result, changed=False)
    _wait_for_others(claimed, key, desk)
    packed = pack(effect)
    if entry is not None:
        found = _outcome(entry, effect, desk, clients)
        if found is not None:
            _finish(key, packed, found, entry.tries, claimed.lease, desk)
            return found
    try:
        desk.journal.commit_start(desk.journal.start(key, packed, entry, claimed.lease), claimed.lease)
    except VersionMismatch as error:
        raise LeaseLost(f"another worker is on {'/'.join(key)}") from error
    try:
        done = effect.perform(clients)
    except ZoeyNetSuiteError as error:
        found = _after_trouble(effect, error, clients)
        if found is None:
            if not _may_have_happened(error):
                _withdraw(key, claimed.lease, desk)
            raise
        done = found
    _finish(key, packed, done, entry.tries + 1 if entry else 1, claimed.lease, desk)
    return done


def _after_trouble(effect: Effect, error: ZoeyNetSuiteError, clients: Clients) -> Done | None:
    """What can be said at once of an effect whose answer was lost, or that is said to exist already."""
    exists = isinstance(error, errors.AlreadyExistsError) and effect.evidence is Evidence.EXTERNAL_ID
    return _find(effect, clients) if exists or isinstance(error, errors.OutcomeUnknown) else None


def _outcome(entry: JournalEntry, effect: Effect | None, desk: Desk, clients: Clients) -> Done | None:
    """What came of an effect that was started: done, or None when it has certainly not happened.

    Args:
        effect: as it was started, or as it is wanted now; None when it can't be read any more.

    Raises:
        OpenOutcome: nobody can tell, yet or at all.
    """
    found = None if effect is None else _find(effect, clients)
    if found is not None:
        return found
    what = (
        f"{'/'.join(entry.key)}, which this program can't read any more" if effect is None else line_for_people(effect)
    )
    due = entry.at + timedelta(seconds=desk.timing.settle)
    if desk.space.store.now() < due:
        raise OpenOutcome(f"whether this has happened is not known yet: {what}", "retrying", due)
    if effect is None or effect.evidence is Evidence.NONE:
        raise OpenOutcome(
            f"its answer was lost and nothing on the remote side can tell whether this has happened: {what}."
            " Look there, then dismiss it (it has) or retry it (it has not).",
            "held",
            None,
        )
    return None


def _stored(entry: JournalEntry) -> Effect | None:
    """The effect as it was started, or None when its class is gone or has changed too much."""
    try:
        return unpack(entry.effect, Effect)  # type: ignore[type-abstract]  # any subclass
    except Exception:  # noqa: BLE001 - the user's class: whatever keeps it from being read, it can't be looked for
        return None


def _find(effect: Effect, clients: Clients) -> Done | None:
    """Look for a trace of an effect; when that can't be done, its system has failed."""
    if effect.evidence is Evidence.NONE:
        return None
    try:
        return effect.find(clients)
    except errors.NotFoundError:
        return None
    except ZoeyNetSuiteError as error:
        raise scan_failure(error, effect.system) from error


def _wait_for_others(claimed: Claim, key: OnceKey, desk: Desk) -> None:
    """Nothing is made under a root while the outcome of another unit's effect there is open."""
    others = [other for other in desk.journal.open_under(claimed.lease) if other[:2] != key[:2]]
    if others:
        due = desk.space.store.now() + timedelta(seconds=desk.timing.settle)
        raise OpenOutcome(f"waits until it is known whether {others[0][2]} has happened", "retrying", due)


def _may_have_happened(error: ZoeyNetSuiteError) -> bool:
    if isinstance(error, errors.TransportError):
        return error.sent
    return isinstance(error, errors.ServerError | errors.UnexpectedAnswerError)


def _put_on_list(key: OnceKey, lease: Lease, error: OpenOutcome, desk: Desk) -> None:
    """See to it that a person is asked, even where the unit behind the effect has left the list."""
    sync, unit_id, _ = key
    if desk.worklist.read(sync, [unit_id]):
        return
    now = to_text(desk.space.store.now())
    item = WorkItem(
        sync, unit_id, "held", lease.key[-1], None, now, cause=OUTCOME_UNKNOWN, message=str(error), first_at=now
    )
    try:
        desk.space.store.commit([*desk.worklist.replace(item, None), lease.check()])
    except VersionMismatch as mismatch:
        if lease.key in mismatch.keys:
            raise LeaseLost(f"another worker is on {'/'.join(key)}") from mismatch


def _finish(key: OnceKey, packed: object, done: Done, tries: int, lease: Lease, desk: Desk) -> None:
    """Commit that an effect is done, what it made, and the links that come of it."""
    _settled(
        key,
        lease,
        desk,
        lambda: [desk.journal.finish(key, packed, done.result, tries), *desk.links.changes(done.links)],
    )


def _withdraw(key: OnceKey, lease: Lease, desk: Desk) -> None:
    """It has not happened: as if it had not been tried."""
    _settled(key, lease, desk, lambda: [Delete(desk.journal.key(key))])


def _settled(key: OnceKey, lease: Lease, desk: Desk, changes: Callable[[], Sequence[Change]]) -> None:
    """Commit changes, and that this effect is no longer open under its root.

    Raises:
        LeaseLost: somebody else has taken the root over, and will look for the effect.
    """
    value = desk.journal.without(key, lease)
    own = Check(lease.key, lease.version) if value == lease.value else Put(lease.key, value, lease.version)
    for _ in range(ATTEMPTS):
        wanted = changes()
        try:
            versions = desk.space.store.commit([*wanted, own])
        except VersionMismatch as error:
            if lease.key in error.keys:
                raise LeaseLost(f"another worker is on {'/'.join(key)}") from error
            continue
        lease.value, lease.version = value, versions.get(lease.key, lease.version)
        return
    raise LeaseLost(f"the links that {'/'.join(key)} made keep changing")
