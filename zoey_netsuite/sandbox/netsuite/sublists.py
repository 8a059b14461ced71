"""How changes to a record meet what it holds: fields overwrite, lines are matched by key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from zoey_netsuite.sandbox.netsuite.content import Values
from zoey_netsuite.sandbox.netsuite.errors import invalid_content, user_error
from zoey_netsuite.sandbox.netsuite.shapes import Field

# Lines of these sublists are offered by NetSuite, not added by the caller.
OFFERED = frozenset({"apply", "deposit"})


def merged(
    fields: Mapping[str, Field],
    values: Values,
    changes: Mapping[str, Any],
    *,
    replace: Collection[str] = (),
    step: int = 1,
) -> Values:
    """The record with the changes made. `replace` names sublists to be replaced whole. Raises Refusal."""
    result = dict(values)
    for name, change in changes.items():
        known = fields[name]
        if change is None:
            result.pop(name, None)
        elif known.kind == "sublist":
            before: list[Values] = result.get(name, [])
            result[name] = merged_lines(known, before, change, replace=name in replace, step=step)
        elif known.kind == "subrecord":
            result[name] = merged(known.fields, result.get(name, {}), change)
        else:
            result[name] = change
    return result


def merged_lines(
    known: Field, before: list[Values], changes: list[Values], *, replace: bool, step: int
) -> list[Values]:
    """A sublist's lines with the changes made: matched by key, the others stay, what names no key is added."""
    kept = {str(line[known.key]): line for line in before}
    order = [] if replace else list(kept)
    result = {} if replace else dict(kept)
    for number, change in enumerate(changes):
        key = change.get(known.key)
        if key is None:
            added = _without_nothing(merged(known.fields, {}, change))
            if known.key in ("line", "id", "orderLine", "internalId"):
                added[known.key] = _next_key([*kept, *result], step if known.key == "line" else 1)
            else:
                raise user_error(
                    f"Please enter value(s) for: {known.fields[known.key].label}.", f"{known.name}.items[{number}]"
                )
            key = added[known.key]
            result[str(key)] = added
        elif str(key) in kept:
            result[str(key)] = _without_nothing(merged(known.fields, kept[str(key)], change))
        elif known.key in ("line", "id", "internalId") and not _is_new(kept):
            path = f"{known.name}.items[{number}].{known.key}"
            raise invalid_content(
                f"Error while accessing a resource. The line with {known.key} {key} does not exist.", path
            )
        else:
            result[str(key)] = _without_nothing(merged(known.fields, {}, change))
        if str(key) not in order:
            order.append(str(key))
    return [result[each] for each in order]


def _is_new(kept: Mapping[str, Values]) -> bool:
    return not kept


def _next_key(taken: Collection[str], step: int) -> int:
    numbers = [int(each) for each in taken if each.isdigit()]
    return max(numbers) + step if numbers else 1


def _without_nothing(line: Values) -> Values:
    return {name: value for name, value in line.items() if value is not None}
