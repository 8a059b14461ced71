"""References between a unit's effects: what an earlier one gives, wanted by a later one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import UnionType
from typing import Any, TypeVar, cast

import attrs
from attrs import frozen

from zoey_netsuite.engine.effects import Effect
from zoey_netsuite.state.store import JSON

E = TypeVar("E", bound=Effect)
T = TypeVar("T")

NO_REFS: Mapping[str, bool] = {"refs": False}
"""Metadata of a field that holds no `Ref` and would take long to search: a mapper, what was looked up."""


@frozen
class Ref:
    """Stands in an effect for the result of an earlier effect of the same unit: mostly the id of what that one made.

    Attributes:
        effect: the earlier effect's key. Of one that makes a record in NetSuite the type alone will do ("customer"),
            where the unit makes only one of that type.
        part: where that result is a mapping, which value of it; None for all of it.
    """

    effect: str
    part: str | None = None

    def __str__(self) -> str:
        return f"<{self.part} of {self.effect}>" if self.part else f"<{self.effect}>"


def resolved(effect: E, results: Mapping[str, JSON]) -> E:
    """The effect with every `Ref` in it replaced by what it stands for, however deep: in mappings, lists, tuples, sets
    and attrs values. Fields with `metadata=NO_REFS` are left alone.

    Raises:
        TypeError: it refers to an effect that does not come before it.
    """
    return _replaced_in(effect, results) if attrs.has(type(effect)) else effect


def _replaced_in(value: T, results: Mapping[str, JSON]) -> T:
    """The same in the fields of an attrs value."""
    changes: dict[str, Any] = {}
    for attribute in attrs.fields(cast("type[attrs.AttrsInstance]", type(value))):
        if not attribute.init or not attribute.metadata.get("refs", True):
            continue
        held: Any = getattr(value, attribute.name)
        replaced = _replaced(held, results)
        if replaced is not held:
            changes[attribute.alias] = replaced
    evolve: Any = attrs.evolve
    return cast("T", evolve(value, **changes)) if changes else value


def _replaced(value: Any, results: Mapping[str, JSON]) -> Any:
    if isinstance(value, Ref):
        if value.effect not in results:
            known = ", ".join(results) or "none"
            raise TypeError(f"{value} refers to an effect that does not come before it; those before are: {known}")
        found = results[value.effect]
        return found if value.part is None else found[value.part]
    if _is(value, Mapping):
        held: Mapping[Any, Any] = value
        parts = {name: _replaced(part, results) for name, part in held.items()}
        return parts if any(parts[name] is not part for name, part in held.items()) else held
    if _is(value, list | tuple | frozenset | set):
        items: Collection[Any] = value
        replaced = [_replaced(item, results) for item in items]
        if all(new is old for new, old in zip(replaced, items, strict=True)):
            return items
        named = hasattr(items, "_fields")  # a named tuple takes its parts one by one
        return type(items)(*replaced) if named else type(items)(replaced)  # type: ignore[call-arg]
    return _replaced_in(value, results) if _is_attrs(value) else value


def _is_attrs(value: object) -> bool:
    return attrs.has(type(value))


def _is(value: object, kind: type | UnionType) -> bool:
    """`isinstance`, by which the type checkers do not narrow what is `Any`."""
    return isinstance(value, kind)
