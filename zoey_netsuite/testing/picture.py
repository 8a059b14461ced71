"""A picture of both systems that two runs can be compared by: without what differs from one run to the next anyway."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any, TypeGuard

from attrs import field, frozen

from zoey_netsuite.sandbox.snapshot import Documents, Snapshot
from zoey_netsuite.state.store import JSON

VOLATILE = frozenset(
    (
        "created",
        "created_at",
        "createdDate",
        "dateCreated",
        "lastModified",
        "lastModifiedDate",
        "last_order_date",
        "sent_at",
        "updated_at",
    )
)
"""Fields that tell when something was written."""

NEW = "(new)"
"""Stands for every id that was given after the scenario began: which one it is depends on the order of writes."""

_NAMES_AN_ID = re.compile(r"(^|_)id$|[a-z]Id$|^(increment_id|tranId|transactionNumber|netsuite\w*)$", re.ASCII)
_NO_ID = frozenset(("externalId", "external_id"))

LISTED = 12
"""How many differences are told."""

ALIKE = 0.6
"""What share of their fields two records have in common whose differences are told field by field."""


@frozen
class Before:
    """Both systems as they were when a scenario began.

    Attributes:
        references: NetSuite's fields that hold the id of another record.
    """

    netsuite: Documents = field(repr=False)
    zoey: Documents = field(repr=False)
    references: Collection[str] = field(repr=False)
    _ids: dict[str, set[tuple[str, str]]] = field(factory=dict[str, set[tuple[str, str]]], init=False, repr=False)
    _shown: dict[tuple[str, str], JSON] = field(factory=dict[tuple[str, str], JSON], init=False, repr=False)

    def ids(self, title: str, records: Mapping[str, JSON]) -> Collection[tuple[str, str]]:
        """The ids that stood within records of a type, each with its place."""
        if title not in self._ids:
            self._ids[title] = _ids_within(records)
        return self._ids[title]

    def shown(self, title: str, identifier: str, show: Callable[[], JSON]) -> JSON:
        """What is shown of a record that is as it was then; it is worked out once."""
        if (title, identifier) not in self._shown:
            self._shown[title, identifier] = show()
        return self._shown[title, identifier]


@frozen
class Records:
    """Which records are compared, and what of them.

    A record that was there when the scenario began is compared by its id; records made since are compared as a heap,
    whatever ids they got. Lists are compared without regard to order.

    Attributes:
        only: types: "netsuite.salesOrder", "netsuite.stock", "zoey.orders", "zoey.outbox" (its e-mails) …; None
            compares all.
        leave_out: types that are not compared.
        volatile: names of fields that are not compared, at any depth.
    """

    only: Collection[str] | None = None
    leave_out: Collection[str] = ()
    volatile: Collection[str] = field(default=VOLATILE, repr=False)

    def picture(self, before: Before, now: Snapshot) -> dict[str, JSON]:
        """Both systems now, given what they were when the scenario began."""
        return {
            **self._system("netsuite", before, before.netsuite, now.netsuite.records()),
            **self._system("zoey", before, before.zoey, now.zoey.records()),
        }

    def _system(self, name: str, before: Before, then: Documents, now: Documents) -> dict[str, JSON]:
        new: set[tuple[str, str]] = set()
        if name == "netsuite":
            given = {one for kind, records in now.items() for one in records.keys() - then.get(kind, {}).keys()}
            new = {(field_name, one) for field_name in before.references for one in given}
        picture: dict[str, JSON] = {}
        for kind in sorted({*then, *now}):
            title = f"{name}.{kind}"
            if title in self.leave_out or (self.only is not None and title not in self.only):
                continue
            stood, records = then.get(kind, {}), now.get(kind, {})
            known = before.ids(title, stood)
            picture[title] = {
                identifier: self._canonical(records[identifier], "", known, new)
                if records[identifier] != stood[identifier]
                else before.shown(title, identifier, partial(self._canonical, stood[identifier], "", known, ()))
                for identifier in sorted(records.keys() & stood.keys())
            }
            made = [self._canonical(records[one], "", known, new) for one in records.keys() - stood.keys()]
            picture[title]["new"] = sorted(made, key=_text)
        return picture

    def _canonical(
        self, value: JSON, path: str, known: Collection[tuple[str, str]], new: Collection[tuple[str, str]]
    ) -> JSON:
        if _is_object(value):
            return {
                name: NEW if _is_new(name, inner, f"{path}.{name}", known, new)
                else self._canonical(inner, f"{path}.{name}", known, new)
                for name, inner in sorted(value.items())
                if name not in self.volatile
            }  # fmt: skip
        if _is_list(value):
            return sorted((self._canonical(inner, path, known, new) for inner in value), key=_text)
        return value


def differences(expected: JSON, found: JSON) -> list[str]:
    """In which places two pictures differ, a line for each; the first of them."""
    lines: list[str] = []
    for line in _differences("", expected, found):
        if len(lines) == LISTED:
            lines.append("… and more")
            break
        lines.append(line)
    return lines


def _differences(path: str, expected: JSON, found: JSON) -> Iterator[str]:
    if expected == found:
        return
    if _is_object(expected) and _is_object(found):
        for name in sorted({*expected, *found}):
            inner = f"{path} {name}".strip()
            if name not in found:
                yield f"{inner}: missing; it should be {_short(expected[name])}"
            elif name not in expected:
                yield f"{inner}: should not be there: {_short(found[name])}"
            else:
                yield from _differences(inner, expected[name], found[name])
    elif _is_list(expected) and _is_list(found):
        yield from _of_heaps(path, expected, found)
    else:
        yield f"{path}: {_short(found)} instead of {_short(expected)}"


def _of_heaps(path: str, expected: list[Any], found: list[Any]) -> Iterator[str]:
    """Differences of two lists without regard to order: of those that are most alike in detail, the rest as a whole."""
    wanted, there = Counter(map(_text, expected)), Counter(map(_text, found))
    missing: list[JSON] = [json.loads(text) for text in (wanted - there).elements()]
    surplus: list[JSON] = [json.loads(text) for text in (there - wanted).elements()]
    for one in missing:
        alike = max(surplus, key=partial(_likeness, one), default=None)
        if alike is None or _likeness(one, alike) < ALIKE:
            yield f"{path}: missing: {_short(one)}"
        else:
            surplus.remove(alike)
            yield from _differences(f"{path} […]", one, alike)
    for one in surplus:
        yield f"{path}: should not be there: {_short(one)}"


def _likeness(one: JSON, other: JSON) -> float:
    """How many of their fields two objects share, from 0 to 1."""
    if not (_is_object(one) and _is_object(other)):
        return 0.0
    names = {*one, *other}
    equal = sum(1 for name in names if name in one and name in other and one[name] == other[name])
    return equal / max(len(names), 1)


def _ids_within(records: Mapping[str, JSON]) -> set[tuple[str, str]]:
    """Every id that stands in records, with the place where it stands."""
    found: set[tuple[str, str]] = set()

    def walk(value: JSON, path: str) -> None:
        if _is_object(value):
            for name, inner in value.items():
                if _names_an_id(name) and isinstance(inner, str | int):
                    found.add((f"{path}.{name}", str(inner)))
                walk(inner, f"{path}.{name}")
        elif _is_list(value):
            for inner in value:
                walk(inner, path)

    for record in records.values():
        walk(record, "")
    return found


def _is_new(
    name: str, value: JSON, path: str, known: Collection[tuple[str, str]], new: Collection[tuple[str, str]]
) -> bool:
    if not isinstance(value, str | int) or isinstance(value, bool) or value in ("", "0", 0):
        return False
    if _names_an_id(name):
        return (path, str(value)) not in known
    return (name, str(value)) in new


def _names_an_id(name: str) -> bool:
    return name not in _NO_ID and _NAMES_AN_ID.search(name) is not None


def _short(value: object) -> str:
    text = value if isinstance(value, str) else _text(value)
    return text if len(text) <= 300 else f"{text[:300]}…"


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _is_object(value: JSON) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_list(value: JSON) -> TypeGuard[list[Any]]:
    return isinstance(value, list | tuple)
