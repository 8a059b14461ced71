"""References between a unit's effects: what an earlier one gives, wanted by a later one."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Any, TypeVar, cast

import attrs
from attrs import frozen

from zoey_netsuite.engine.effects import Effect
from zoey_netsuite.state.store import JSON

E = TypeVar("E", bound=Effect)


@frozen
class Ref:
    """Stands in an effect for the result of an earlier effect of the same unit: mostly the id of what that one made.

    Attributes:
        effect: the earlier effect's key.
        part: where that result is a mapping, which value of it; None for all of it.
    """

    effect: str
    part: str | None = None

    def __str__(self) -> str:
        return f"<{self.part} of {self.effect}>" if self.part else f"<{self.effect}>"


def resolved(effect: E, results: Mapping[str, JSON]) -> E:
    """The effect with every `Ref` in its fields, however deep, replaced by what it stands for.

    Raises:
        TypeError: it refers to an effect that does not come before it.
    """
    if not attrs.has(type(effect)):
        return effect
    changes: dict[str, Any] = {}
    for attribute in attrs.fields(cast("type[attrs.AttrsInstance]", type(effect))):
        value: Any = getattr(effect, attribute.name)
        replaced = _replaced(value, results)
        if replaced is not value and attribute.init:
            changes[attribute.alias] = replaced
    evolve: Any = attrs.evolve
    return cast("E", evolve(effect, **changes)) if changes else effect


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
    if _is(value, list | tuple):
        items: list[Any] | tuple[Any, ...] = value
        replaced = [_replaced(item, results) for item in items]
        same = all(new is old for new, old in zip(replaced, items, strict=True))
        return items if same else type(items)(replaced)
    return value


def _is(value: object, kind: type | UnionType) -> bool:
    """`isinstance`, by which the type checkers do not narrow what is `Any`."""
    return isinstance(value, kind)
