"""What stands under each kind of key. An entry of another shape is damaged: it is told by its key when it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias, TypeGuard

from attrs import field, frozen

from zoey_netsuite.errors import StoreError
from zoey_netsuite.state.store import JSON, Key

Fits: TypeAlias = Callable[[JSON], bool]
"""Whether a value is what it should be."""


def _any(value: JSON) -> bool:
    return True


def _none(value: JSON) -> bool:
    return value is None


def _text(value: JSON) -> bool:
    return isinstance(value, str)


def _number(value: JSON) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _truth(value: JSON) -> bool:
    return isinstance(value, bool)


def _object(value: JSON) -> TypeGuard[dict[str, JSON]]:
    return isinstance(value, dict)


def _list(value: JSON) -> TypeGuard[list[JSON]]:
    return isinstance(value, list)


def _moment(value: JSON) -> bool:
    """A point in time, as `space.to_text` writes it."""
    if not isinstance(value, str) or len(value) != 27 or not value.endswith("Z"):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _maybe(fits: Fits) -> Fits:
    return lambda value: value is None or fits(value)


def _list_of(fits: Fits, count: int | None = None) -> Fits:
    """A list of such values; of exactly so many, where a number is given."""

    def fit(value: JSON) -> bool:
        return _list(value) and count in (None, len(value)) and all(map(fits, value))

    return fit


def _by_name(fits: Fits) -> Fits:
    """Such values, each under a name of its own."""

    def fit(value: JSON) -> bool:
        return _object(value) and all(map(fits, value.values()))

    return fit


@frozen
class Shape:
    """What an entry holds.

    Attributes:
        names: what an object has under these names; empty where the entry is no object.
        optional: names that may be missing.
        whole: what the entry is, where it is no object.
    """

    names: Mapping[str, Fits] = field(factory=dict[str, Fits])
    optional: Mapping[str, Fits] = field(factory=dict[str, Fits])
    whole: Fits = _object

    def problem(self, value: JSON) -> str | None:
        """What is wrong with a value; None where it fits."""
        if not self.whole(value):
            return f"it holds {value!r:.80}"
        for name, fits in self.names.items():
            if name not in value:
                return f"it has no {name!r}"
            if not fits(value[name]):
                return f"its {name} is {value[name]!r:.80}"
        for name, fits in self.optional.items():
            if name in value and not fits(value[name]):
                return f"its {name} is {value[name]!r:.80}"
        return None


_NAMES = _list_of(_text, 3)


def _owner(value: JSON) -> bool:
    """A worker, with its process's id and start time, or "" where they can't be told."""
    return _NAMES(value) and (not value[2] or value[2].partition(":")[0].isdecimal())


SHAPES: Mapping[str, Shape] = {
    "agreed": Shape(
        {
            "zoey": _object,
            "netsuite": _object,
            "rules": _text,
            "history": _by_name(_list_of(_list_of(_text, 3))),
        }
    ),
    "attention": Shape(whole=_none),
    "changes awaited": Shape(whole=_truth),
    "clock moved": Shape({"at": _moment, "seconds": _number}),
    "cursor": Shape(
        optional={
            "since": _any,
            "open": _truth,
            "started": _maybe(_moment),
            "ended": _maybe(_moment),
            "seen": _number,
            "guarded": _by_name(_number),
        }
    ),
    "due": Shape(whole=_none),
    "evidence": Shape(whole=_any),
    "held": Shape({"fingerprint": _maybe(_text)}),
    "lease": Shape({"owner": _maybe(_owner), "until": _moment}, {"started": _list_of(_NAMES)}),
    "once": Shape({"done": _truth, "at": _moment, "result": _any, "effect": _any, "tries": _number}),
    "overdue": Shape(whole=_moment),
    "rebuilt": Shape({"at": _moment}),
    "tenants": Shape({"netsuite": _text, "zoey": _text}, {"format": _number, "tenants": _list_of(_text, 2)}),
    "tombstone": Shape({"why": _text}, {"cause": _maybe(_text), "at": _moment}),
    "waits for change": Shape(whole=_none),
    "waits for link": Shape(whole=_none),
    "watched": Shape(whole=_moment),
    "work": Shape(
        {
            "sync": _text,
            "id": _text,
            "state": lambda value: value in ("pending", "retrying", "waiting", "held", "failed"),
            "root": _text,
            "data": _any,
            "read_at": _moment,
            "history": _list_of(_list_of(_text, 2)),
        },
        {
            **dict.fromkeys(("fingerprint", "zoey_id", "netsuite_id", "kind", "guard"), _maybe(_text)),
            **dict.fromkeys(("approved", "recovered", "has_evidence"), _truth),
            **dict.fromkeys(("due", "first_at", "alert_at"), _maybe(_moment)),
            **dict.fromkeys(("cause", "message", "note"), _text),
            "origin": _maybe(_list_of(_text, 2)),
            "waits_for": _maybe(_list_of(_text)),
            "attempts": _number,
        },
    ),
    "written": Shape(whole=_moment),
}
"""By kind of entry, the first part of its key within an integration."""

LINK: Mapping[str, Shape] = {
    "zoey": Shape({"netsuite": _text, "root": _text, "data": _object}, {"unit": _text}),
    "netsuite": Shape({"zoey": _list_of(_text)}),
}
"""Of a link, by the side whose record is in the key."""

_SHARE = Shape({"share": _number, "until": _moment})

SHARES = Shape({"holders": _by_name(lambda value: _SHARE.problem(value) is None)})
"""Of a limit that several processes share."""

_DELETE = "delete this entry, store.commit([Delete(key)])"
_ANEW = "begin with a new store and rebuild(), as it is not known what was"

LOSS: Mapping[str, str] = {
    "agreed": f"{_DELETE}: the record's two sides are compared as if for the first time.",
    "changes awaited": f"{_DELETE}: it is written again when something waits.",
    "clock moved": f"{_DELETE}: it only tells when the clock was ahead.",
    "cursor": f"{_DELETE}: the next scan looks at everything from its start.",
    "held": f"{_DELETE}: the next scan that finds the record compares both sides.",
    "lease": f"{_ANEW} done.",
    "link": f"{_DELETE}, and the one from the other side; then link() the two records again before the next run.",
    "once": f"{_ANEW} done.",
    "overdue": f"{_DELETE}: what has waited too long is told once more.",
    "rebuilt": f"{_ANEW} done.",
    "tenants": f"{_ANEW} done.",
    "tombstone": f"{_ANEW} dismissed.",
    "watched": f"{_DELETE}: the schedule counts from now on.",
    "work": f"{_DELETE}; then sync_one() the record.",
    "written": f"{_DELETE}, once no other process works with this store.",
}
"""By kind of entry, what to do where there is no backup."""


def must_fit(key: Key, value: JSON) -> None:
    """Refuse an entry that does not hold what its kind holds. Kinds that are not known here may hold anything.

    Raises:
        StoreError: naming the key, what is wrong, and what to do.
    """
    kind = key[1] if len(key) > 1 else ""
    shape = LINK.get(key[3]) if kind == "link" and len(key) > 3 else SHAPES.get(kind)
    problem = None if shape is None else shape.problem(value)
    if problem is not None:
        raise damaged(key, problem)


def damaged(key: Key, problem: str) -> StoreError:
    """The error for an entry that does not hold what it is for."""
    way_out = LOSS.get(key[1]) if len(key) > 1 else None
    return StoreError(
        f"the state store's entry {key!r} is damaged: {problem}. Restore the store from a backup."
        f"{f' Without one: {way_out}' if way_out else ''}"
    )
