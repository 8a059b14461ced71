"""Traces of once effects: what the journal has noted of them, under whatever key, and what can be found on the remote
side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from zoey_netsuite import errors
from zoey_netsuite.engine.codec import unpack
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.effects import Clients, Done, Effect, Evidence
from zoey_netsuite.engine.failures import is_of_a_record, scan_failure
from zoey_netsuite.errors import ZoeyNetSuiteError
from zoey_netsuite.state.journal import JournalEntry, OnceKey
from zoey_netsuite.state.records import RecordRef

T = TypeVar("T")


def noted(effects: Mapping[OnceKey, Effect], desk: Desk, clients: Clients) -> dict[OnceKey, JournalEntry | Exception]:
    """What the journal knows of once effects, under their keys or under those that they had before; those never tried
    are left out. An error says that it can't be told whose an entry under a former key is.

    An entry under a former key counts for one effect only: several may have had that key.
    """
    former = {key: [(*key[:2], name) for name in effect.former_keys] for key, effect in effects.items()}
    entries = desk.journal.read([*effects, *(name for names in former.values() for name in names)])
    known: dict[OnceKey, JournalEntry | Exception] = {}
    taken = set[OnceKey]()
    for key, effect in effects.items():
        if key in entries:
            known[key] = entries[key]
            continue
        for entry in [entries[name] for name in former[key] if name in entries and name not in taken]:
            was = _was(entry, effect, clients)
            if was is not False:
                taken.add(entry.key)
                known[key] = was if isinstance(was, Exception) else entry
                break
    return known


def _was(entry: JournalEntry, effect: Effect, clients: Clients) -> bool | Exception | None:
    """Whether an entry under a former key of an effect is that effect's; None where the record that would say so is
    gone.
    """
    if entry.done:
        return _asked(lambda: effect.was(entry.result, clients), effect)
    # An open one is kept whole: by the key that it has now it is told whose it is. One that can't be read any more is
    # nobody's, and keeps its unit waiting (see `settle`).
    stored = stored_effect(entry)
    return stored is not None and stored.key == effect.key


def stored_effect(entry: JournalEntry) -> Effect | None:
    """The effect as it was started, or None when its class is gone or has changed too much."""
    try:
        effect = unpack(entry.effect, Effect)  # type: ignore[type-abstract]  # any subclass
        key_now(effect, entry.key)  # whatever of it fails must fail here
        return effect
    except Exception:  # noqa: BLE001 - the user's class: whatever keeps it from being read, it can't be looked for
        return None


def key_now(effect: Effect | None, key: OnceKey) -> OnceKey:
    """The key under which an effect is done that was started under this one: the one that it has now."""
    return key if effect is None or key[2] not in effect.former_keys else (*key[:2], effect.key)


def paired(
    effects: Mapping[OnceKey, Effect], entries: Mapping[OnceKey, JournalEntry], desk: Desk
) -> dict[OnceKey, Done]:
    """Those that were to make a pair which has become known since they were started: a scan has come upon it, or a
    person has linked the two.
    """
    there = {key: _there(effect.pair) for key, effect in effects.items() if effect.pair is not None}
    started = {record: entries[key].version for key, record in there.items()}
    links = desk.links.written_after(started) if started else {}
    return {
        key: Done(links[record].zoey_id if record[1].side == "netsuite" else links[record].netsuite_id, changed=False)
        for key, record in there.items()
        if record in links
    }


def _there(pair: tuple[str, str | RecordRef]) -> tuple[str, RecordRef]:
    """The record of a pair that is there before the other one is made."""
    kind, record = pair
    return kind, RecordRef("zoey", record) if isinstance(record, str) else record


def find_all(effects: Mapping[OnceKey, Effect], clients: Clients) -> dict[OnceKey, Done | Exception]:
    """Look for traces of effects, those of one class together; when that can't be done, their system has failed."""
    found: dict[OnceKey, Done | Exception] = {}
    kinds: dict[type[Effect], list[OnceKey]] = {}
    for key, effect in effects.items():
        if effect.evidence is not Evidence.NONE:
            kinds.setdefault(type(effect), []).append(key)
    for kind, keys in kinds.items():
        these = [effects[key] for key in keys]
        told = _asked(partial(kind.find_many, these, clients), these[0])
        traces: Sequence[Done | Exception | None]
        if told is not None and not isinstance(told, Exception):
            traces = told
        elif len(these) == 1:
            traces = [told]
        else:  # perhaps only one of them can't be looked for
            traces = [_alone(effect, clients) for effect in these]
        found |= {key: trace for key, trace in zip(keys, traces, strict=True) if trace is not None}
    return found


def _alone(effect: Effect, clients: Clients) -> Done | Exception | None:
    return _asked(partial(effect.find, clients), effect)


def _asked(look: Callable[[], T], effect: Effect) -> T | Exception | None:
    """What an effect says that looks at its system; None where the record that it asks for is gone. An error that
    speaks of the record, or comes from the effect's own code, is that effect's alone.

    Raises:
        SystemFailure: the system can't be asked.
    """
    try:
        return look()
    except errors.NotFoundError:
        return None
    except ZoeyNetSuiteError as error:
        if isinstance(error, errors.HeldError) or is_of_a_record(error):
            return error
        raise scan_failure(error, effect.system) from error
    except Exception as error:  # noqa: BLE001 - the user's code may raise anything
        return error
