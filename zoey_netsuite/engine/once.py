"""Once effects: started, performed, done; and what is found started is looked for before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from zoey_netsuite import errors
from zoey_netsuite.engine.claims import Claim
from zoey_netsuite.engine.codec import pack, unpack
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.effects import Clients, Done, Effect, Evidence
from zoey_netsuite.engine.failures import scan_failure
from zoey_netsuite.errors import LeaseLost, VersionMismatch, ZoeyNetSuiteError
from zoey_netsuite.state.journal import JournalEntry, OnceKey
from zoey_netsuite.state.leases import Lease
from zoey_netsuite.state.store import Change, Delete, Put


class OpenOutcome(Exception):
    """Nobody can tell yet whether an effect has happened."""

    def __init__(self, message: str, outcome: Literal["retrying", "held"], due: datetime | None) -> None:
        super().__init__(message)
        self.outcome: Literal["retrying", "held"] = outcome
        self.due = due


def settle(claims: Sequence[Claim], desk: Desk, clients: Clients) -> None:
    """Look on the remote side for what was started under these roots and is not known to be done."""
    leases = {claimed.lease.key: claimed.lease for claimed in claims}
    owed = {key: lease for lease in leases.values() for key in desk.journal.open_under(lease)}
    if not owed:
        return
    entries = desk.journal.read(owed)
    for key, lease in owed.items():
        entry = entries.get(key)
        changes: list[Change] = []
        if entry is not None and not entry.done:
            effect = unpack(entry.effect, Effect)  # type: ignore[type-abstract]  # any subclass
            found = _find(effect, clients)
            if found is None:
                continue
            changes = [desk.journal.finish(key, entry.effect, found.result, entry.tries)]
            changes += desk.links.changes(found.links)
        desk.journal.settled(key, lease)
        _commit(changes, lease, key, desk)


def perform_once(effect: Effect, claimed: Claim, desk: Desk, clients: Clients) -> tuple[Done, list[Change]]:
    """Perform a once effect unless it is done already.

    Returns:
        What came of it, and the changes that say so, to be committed with the unit's end.

    Raises:
        OpenOutcome: it was started before and no trace of it is found (yet).
        ZoeyNetSuiteError: refused, or not sent; the journal is as if it had not been tried.
    """
    key: OnceKey = (claimed.item.sync, claimed.item.id, effect.key)
    _wait_for_others(claimed, key, desk)
    entry = desk.journal.read([key]).get(key)
    if entry is not None and entry.done:
        return Done(entry.result, changed=False), []
    if entry is not None:
        _may_try_again(effect, entry, claimed, desk)
    packed = pack(effect)
    try:
        desk.journal.commit_start(desk.journal.start(key, packed, entry, claimed.lease), claimed.lease)
    except VersionMismatch as error:
        raise LeaseLost(f"another worker is on {'/'.join(key)}") from error
    tries = entry.tries + 1 if entry else 1
    try:
        done = effect.perform(clients)
    except ZoeyNetSuiteError as error:
        if not _may_have_happened(error):
            _withdraw(key, claimed, desk)
            raise
        if not isinstance(error, errors.OutcomeUnknown):
            raise
        found = _find(effect, clients)
        if found is None:
            raise
        done = found
    desk.journal.settled(key, claimed.lease)
    return done, [desk.journal.finish(key, packed, done.result, tries)]


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


def _may_try_again(effect: Effect, entry: JournalEntry, claimed: Claim, desk: Desk) -> None:
    """Whether an effect that was started before, and of which no trace was found, may be tried again now."""
    due = entry.at + timedelta(seconds=desk.timing.settle)
    what = f"whether this has happened is not known yet: {effect.describe()}"
    if desk.space.store.now() < due:
        raise OpenOutcome(what, "retrying", due)
    if effect.evidence is Evidence.NONE and not claimed.item.approved:
        raise OpenOutcome(
            f"its answer was lost and nothing on the remote side can tell whether this has happened:"
            f" {effect.describe()}. Look there, then dismiss it (it has) or retry it (it has not).",
            "held",
            None,
        )


def _may_have_happened(error: ZoeyNetSuiteError) -> bool:
    if isinstance(error, errors.TransportError):
        return error.sent
    return isinstance(error, errors.ServerError | errors.UnexpectedAnswerError)


def _withdraw(key: OnceKey, claimed: Claim, desk: Desk) -> None:
    """It was refused: as if it had not been tried."""
    desk.journal.settled(key, claimed.lease)
    _commit([Delete(desk.journal.key(key))], claimed.lease, key, desk)


def _commit(changes: Sequence[Change], lease: Lease, key: OnceKey, desk: Desk) -> None:
    """Commit changes together with the lease's entry as it now reads."""
    try:
        versions = desk.space.store.commit([*changes, Put(lease.key, lease.value, lease.version)])
    except VersionMismatch as error:
        raise LeaseLost(f"another worker is on {'/'.join(key)}") from error
    lease.version = versions[lease.key]
