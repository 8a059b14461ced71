"""Once effects: started, performed, done; and what is found started is looked for before anything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from attrs import field, frozen

from zoey_netsuite import errors
from zoey_netsuite.engine.claims import Claim
from zoey_netsuite.engine.codec import pack
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.effects import (
    Clients,
    Done,
    Effect,
    Evidence,
    line_for_people,
    nothing_written,
    performed,
    performed_many,
)
from zoey_netsuite.engine.failures import trouble
from zoey_netsuite.engine.traces import find_all, key_now, noted, paired, stored_effect
from zoey_netsuite.errors import LeaseLost, VersionMismatch, ZoeyNetSuiteError
from zoey_netsuite.state.journal import JournalEntry, OnceKey
from zoey_netsuite.state.leases import Lease
from zoey_netsuite.state.space import ATTEMPTS, to_text
from zoey_netsuite.state.store import Change, Check, Delete, Put
from zoey_netsuite.state.worklist import OUTCOME_UNKNOWN, WorkItem


class OpenOutcome(Exception):
    """Nobody can tell yet whether an effect has happened.

    Attributes:
        cause: `OUTCOME_UNKNOWN` where a person who retries it says that it has not happened; with any other a retry
            looks for it again.
    """

    def __init__(
        self,
        message: str,
        outcome: Literal["retrying", "held"],
        due: datetime | None,
        *,
        cause: str = OUTCOME_UNKNOWN,
    ) -> None:
        super().__init__(message)
        self.cause = cause
        self.outcome: Literal["retrying", "held"] = outcome
        self.due = due


class DoneBefore(Exception):
    """An effect had been done before its unit was read: the unit was decided upon without knowing of it."""


@frozen
class Settled:
    """What came of looking for what was started.

    Attributes:
        waiting: by unit id, the claimed units of which nobody can tell yet: they must not go on, nor leave the list.
        done: ids of the claimed units one of whose effects turned out to be done: what was read of them before is old.
    """

    waiting: dict[str, OpenOutcome] = field(factory=dict[str, OpenOutcome])
    done: set[str] = field(factory=set[str])


def settle(claims: Sequence[Claim], desk: Desk, clients: Clients) -> Settled:
    """Look on the remote side for what was started under these roots and is not known to be done.

    What is found is done; of what leaves no trace after the settling time although it would have to, nothing has
    happened, and the journal forgets it.
    """
    settled = Settled()
    leases = {claimed.lease.key: claimed.lease for claimed in claims}
    owed = [(key, lease) for lease in leases.values() for key in desk.journal.open_under(lease)]
    if not owed:
        return settled
    claimed = {(c.item.sync, c.item.id): c for c in claims}
    entries = desk.journal.read([key for key, _ in owed])
    stored = {key: stored_effect(entry) for key, entry in entries.items() if not entry.done}
    readable = {key: effect for key, effect in stored.items() if effect is not None}
    looked_at = desk.space.store.now()
    found: dict[OnceKey, Done | Exception] = {**paired(readable, entries, desk)}
    found |= find_all({key: effect for key, effect in readable.items() if key not in found}, clients)
    for key, lease in owed:
        entry = entries.get(key)
        if entry is None or entry.done:
            _settled(key, lease, desk, list)
            continue
        try:
            outcome = _outcome(entry, stored[key], found.get(key), looked_at, desk)
        except OpenOutcome as error:
            if key[:2] in claimed:
                settled.waiting[key[1]] = error
            elif error.outcome == "held":
                _put_on_list(key, lease, error, desk)
            continue
        if outcome is None:
            _withdraw(key, lease, desk)
        else:
            now = key_now(stored[key], key)
            _finish(now, outcome, entry.tries, lease, desk, under=key, claimed=claimed.get(key[:2]))
            if key[:2] in claimed:
                settled.done.add(key[1])
    return settled


def perform_once(pairs: Sequence[tuple[Claim, Effect]], desk: Desk, clients: Clients) -> list[Done | Exception]:
    """Perform once effects, one under each root, unless they are done already: one alone, or several in one call.

    They are known to be started before anything is sent. Of each that was done, what came of it is committed before
    this returns.

    Returns:
        For each, what came of it, or: `OpenOutcome` (it was started before, here or elsewhere, and nobody can tell yet
        whether it has happened); `DoneBefore`; `LeaseLost` (another worker has taken the root over); any other error:
        refused, or not sent (the journal is as if it had not been tried), or its answer was lost.
    """
    keys = [(claimed.item.sync, claimed.item.id, effect.key) for claimed, effect in pairs]
    known = noted(dict(zip(keys, (effect for _, effect in pairs), strict=True)), desk, clients)
    outcomes: dict[OnceKey, Done | Exception] = {}
    todo: list[_Todo] = []
    for key, (claimed, effect) in zip(keys, pairs, strict=True):
        entry = known.get(key)
        if isinstance(entry, Exception):
            outcomes[key] = entry
            continue
        try:
            if entry is not None and entry.done:
                before = Done(entry.result, changed=False)
                if entry.key != key:
                    _finish(key, before, entry.tries, claimed.lease, desk, under=entry.key)
                outcomes[key] = DoneBefore() if _is_news(claimed, entry.at) else before
                continue
            _wait_for_others(claimed, key, desk)
            outcome = _looked_for(key, effect, entry, claimed, desk, clients)
            if outcome is not None:
                under = None if entry is None else entry.key
                tries = entry.tries if entry else 1
                _finish(key, outcome, tries, claimed.lease, desk, under=under, claimed=claimed)
                outcomes[key] = DoneBefore() if _is_news(claimed, desk.space.store.now()) else outcome
                continue
        except (OpenOutcome, LeaseLost) as error:
            outcomes[key] = error
            continue
        todo.append(_Todo(key, effect, claimed, entry))
    outcomes |= _start_and_perform(todo, desk, clients)
    return [outcomes[key] for key in keys]


def _is_news(claimed: Claim, done: datetime) -> bool:
    """Whether an effect was found done of which its unit, as it was read, can't know. Asked once of a claim's unit: by
    then it is loaded anew.
    """
    return not claimed.found_done and to_text(done) >= claimed.item.read_at


def _looked_for(
    key: OnceKey, effect: Effect, entry: JournalEntry | None, claimed: Claim, desk: Desk, clients: Clients
) -> Done | None:
    """What came of an effect that may have been sent before: known to be started, or not known as the store was lost.

    Raises:
        OpenOutcome: nobody can tell.
    """
    if entry is not None:
        looked_at = desk.space.store.now()
        found = paired({key: effect}, {key: entry}, desk) or find_all({key: effect}, clients)
        return _outcome(entry, effect, found.get(key), looked_at, desk)
    if not claimed.item.recovered or effect.evidence is Evidence.EXTERNAL_ID:
        return None  # never sent; or NetSuite itself takes no second one
    if effect.evidence is Evidence.NONE:
        raise OpenOutcome(
            "the store was lost, and nothing on the remote side can tell whether this has happened:"
            f" {line_for_people(effect)}. Look there, then dismiss it (it has) or retry it (it has not).",
            "held",
            None,
        )
    trace = find_all({key: effect}, clients).get(key)
    return trace if isinstance(trace, Done) else None


@frozen
class _Todo:
    """A once effect that is to be sent now."""

    key: OnceKey
    effect: Effect
    claim: Claim
    before: JournalEntry | None

    @property
    def lease(self) -> Lease:
        return self.claim.lease

    @property
    def tries(self) -> int:
        return self.before.tries + 1 if self.before else 1


def _start_and_perform(todo: Sequence[_Todo], desk: Desk, clients: Clients) -> dict[OnceKey, Done | Exception]:
    if not todo:
        return {}
    changes = [
        change for one in todo for change in desk.journal.start(one.key, pack(one.effect), one.before, one.lease)
    ]
    try:
        desk.journal.commit_start(changes, [one.lease for one in todo])
    except VersionMismatch as mismatch:
        if len(todo) > 1:
            alone = [_start_and_perform([one], desk, clients) for one in todo]
            return {key: outcome for outcomes in alone for key, outcome in outcomes.items()}
        error = LeaseLost(f"another worker is on {'/'.join(todo[0].key)}")
        error.__cause__ = mismatch
        return {todo[0].key: error}
    sent = _sent(todo, clients)
    lost = [one for one in todo if _is_to_be_looked_for(sent[one.key], one.effect)]
    outcomes = {one.key: _noted(one, sent[one.key], desk) for one in todo if one not in lost}
    found = find_all({one.key: one.effect for one in lost}, clients)
    for one in lost:
        happened = _may_have_happened(sent[one.key])
        outcome = found.get(one.key, _said_of_it(sent[one.key]))
        outcomes[one.key] = _noted(one, outcome, desk, may_have_happened=happened)
    return outcomes


def _noted(one: _Todo, outcome: Done | Exception, desk: Desk, *, may_have_happened: bool = False) -> Done | Exception:
    """Commit what is known of an effect now: done, or as if it had not been tried; or leave it open."""
    try:
        if isinstance(outcome, Done):
            _finish(one.key, outcome, one.tries, one.lease, desk, claimed=one.claim)
        elif not may_have_happened and not _may_have_happened(outcome):
            _withdraw(one.key, one.lease, desk)
    except LeaseLost as error:
        return error
    return outcome


def _sent(todo: Sequence[_Todo], clients: Clients) -> dict[OnceKey, Done | Exception]:
    """Send them, and say what came of each. An error that is none of ours leaves all of them open."""
    try:
        with nothing_written():
            if len(todo) == 1:
                return {todo[0].key: performed(todo[0].effect, clients)}
            results = performed_many([one.effect for one in todo], clients)
        return {one.key: result for one, result in zip(todo, results, strict=True)}
    except Exception as error:  # noqa: BLE001 - a user's effect may raise anything; it is these records' trouble
        return dict.fromkeys([one.key for one in todo], error)


def _is_to_be_looked_for(outcome: Done | Exception, effect: Effect) -> bool:
    """Whether it can be told at once: its answer was lost, or it is said to exist already."""
    exists = isinstance(outcome, errors.AlreadyExistsError) and effect.evidence is not Evidence.NONE
    return exists or isinstance(outcome, errors.OutcomeUnknown)


def _outcome(
    entry: JournalEntry, effect: Effect | None, found: Done | Exception | None, looked_at: datetime, desk: Desk
) -> Done | None:
    """What came of an effect that was started: done, or None when it has certainly not happened.

    Args:
        effect: as it was started, or as it is wanted now; None when it can't be read any more.
        found: what was found of it on the remote side.
        looked_at: when looking for it began, by the store's clock. What was not there then may have come since.

    Raises:
        OpenOutcome: nobody can tell, yet or at all.
    """
    if isinstance(found, Done):
        return found
    if isinstance(found, Exception):
        raise OpenOutcome(str(found), "held", None, cause=trouble(found).cause) from found
    what = (
        f"{'/'.join(entry.key)}, which this program can't read any more" if effect is None else line_for_people(effect)
    )
    # it may have waited for its turn as long as one call may take before it was sent
    due = entry.at + timedelta(seconds=desk.timing.call + desk.timing.settle)
    if looked_at < due:
        raise OpenOutcome(f"whether this has happened is not known yet: {what}", "retrying", due)
    if effect is None or effect.evidence is Evidence.NONE:
        raise OpenOutcome(
            f"its answer was lost and nothing on the remote side can tell whether this has happened: {what}."
            " Look there, then dismiss it (it has) or retry it (it has not).",
            "held",
            None,
        )
    return None


def _wait_for_others(claimed: Claim, key: OnceKey, desk: Desk) -> None:
    """Nothing is made under a root while the outcome of another unit's effect there is open."""
    others = [other for other in desk.journal.open_under(claimed.lease) if other[:2] != key[:2]]
    if others:
        due = desk.space.store.now() + timedelta(seconds=desk.timing.settle)
        raise OpenOutcome(f"waits until it is known whether {others[0][2]} has happened", "retrying", due)


def _said_of_it(outcome: Done | Exception) -> Done | Exception:
    """The error behind one that says only that a write may have happened, where that one says what is wrong with the
    record: no answer was lost then, and asking again would not help.
    """
    cause = outcome.__cause__ if isinstance(outcome, errors.OutcomeUnknown) else None
    return cause if isinstance(cause, errors.MappingError) else outcome


def _may_have_happened(outcome: Done | Exception) -> bool:
    if isinstance(outcome, errors.TransportError):
        return outcome.sent
    if isinstance(outcome, ZoeyNetSuiteError):
        return isinstance(outcome, errors.ServerError | errors.UnexpectedAnswerError)
    return True


def _put_on_list(key: OnceKey, lease: Lease, error: OpenOutcome, desk: Desk) -> None:
    """See to it that a person is asked, even where the unit behind the effect has left the list."""
    sync, unit_id, _ = key
    if desk.worklist.read(sync, [unit_id]):
        return
    now = to_text(desk.space.store.now())
    item = WorkItem(
        sync, unit_id, "held", lease.key[-1], None, now, cause=error.cause, message=str(error), first_at=now
    )
    try:
        desk.space.store.commit([*desk.worklist.replace(item, None), lease.check()])
    except VersionMismatch as mismatch:
        if lease.key in mismatch.keys:
            raise LeaseLost(f"another worker is on {'/'.join(key)}") from mismatch


def _finish(
    key: OnceKey,
    done: Done,
    tries: int,
    lease: Lease,
    desk: Desk,
    *,
    under: OnceKey | None = None,
    claimed: Claim | None = None,
) -> None:
    """Commit that an effect is done, what it made, and the links that come of it.

    Args:
        under: the key that it had when it was started, where that is another.
        claimed: its unit; None where that is not in this worker's hands.
    """
    links = done.links if claimed is None else [claimed.named(link) for link in done.links]
    under = under or key
    moved = [Delete(desk.journal.key(under))] if under != key else []
    _settled(
        under,
        lease,
        desk,
        lambda: [*moved, desk.journal.finish(key, done.result, tries), *desk.links.changes(links)],
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
