"""When two values of a field are the same, and fields of entities by name."""

from __future__ import annotations

import enum
import json
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, cast

import attrs

from zoey_netsuite.entities import JSON, Money, Value

CUSTOM = "custom."
"""What the name of a custom field begins with."""

SHOWN = 100
"""How many characters of a value a message shows."""


def names_of(names: Collection[str]) -> frozenset[str]:
    """Names of fields, as a set; one text alone is refused, as its letters would be taken for names."""
    if isinstance(names, str):
        msg = f"{names!r} is one name where several are wanted: {{{names!r}}}"
        raise TypeError(msg)
    return frozenset(names)


def field_names(entity: object) -> frozenset[str]:
    """The names of an entity's fields, `custom.<name>` for custom ones."""
    names = {each.name for each in attrs.fields(cast("Any", type(entity))) if each.name != "custom"}
    return frozenset(names | {CUSTOM + name for name in custom_of(entity)})


def custom_of(entity: object) -> Mapping[str, Value]:
    """An entity's custom fields; none where its class has no room for them."""
    return cast("Mapping[str, Value]", getattr(entity, "custom", {}))


def value_of(entity: object, name: str) -> Value:
    """A field's value by name, `custom.<name>` for a custom one (None where it is not there).

    Raises:
        AttributeError: the entity has no such field.
    """
    if name.startswith(CUSTOM):
        return custom_of(entity).get(name.removeprefix(CUSTOM))
    return getattr(entity, name)


def same(one: Value, other: Value) -> bool:
    """Whether two values of a field mean the same, however each side writes it.

    Nothing, empty text and an empty list are the same; so are 12.5 and 12.5000, a number and the same number as text
    (but not two texts: "01234" and "1234" differ), a moment in two time zones, text with other line ends or blanks
    around it.
    """
    return _equal(normal(one), normal(other))


def alike(one: Value, other: Value) -> bool:
    """Whether one may be how the other side writes the other: the same, or the same letters and digits.

    "555-1000" and "(555) 1000" are alike, "Main St." and "MAIN ST"; numbers are not, unless they are the same.
    """
    return _equal(normal(one), normal(other)) or _equal(_bare(normal(one)), _bare(normal(other)))


def _bare(value: Value) -> Value:
    if isinstance(value, dict):
        return {name: _bare(each) for name, each in cast("dict[str, Value]", value).items()}
    if isinstance(value, list):
        return [_bare(each) for each in cast("list[object]", value)]
    if isinstance(value, str) and _number(value) is None:
        return "".join(filter(str.isalnum, value.casefold())) or value
    return value


def normal(value: Value) -> Value:
    """The form in which values are compared: None, truth value, Decimal, text, or lists and mappings of these."""
    if isinstance(value, enum.Enum):
        return normal(value.value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip() or None
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
        return number if number.is_finite() else str(number)
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return _normal_whole(value)


def _normal_whole(value: object) -> Value:
    kind = type(value)
    if attrs.has(kind):
        value = {each.name: getattr(value, each.name) for each in attrs.fields(kind)}
    if isinstance(value, Mapping):
        pairs = {str(key): normal(each) for key, each in cast("Mapping[object, Value]", value).items()}
        return {key: each for key, each in pairs.items() if each is not None} or None
    if isinstance(value, list | tuple):
        return [normal(each) for each in cast("Iterable[Value]", value)] or None
    if isinstance(value, set | frozenset):
        return sorted((normal(each) for each in cast("Iterable[Value]", value)), key=_text) or None
    return value


def _equal(one: Value, other: Value) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        first, second = cast("dict[str, Value]", one), cast("dict[str, Value]", other)
        return first.keys() == second.keys() and all(_equal(each, second[name]) for name, each in first.items())
    if isinstance(one, list) and isinstance(other, list):
        left, right = cast("list[object]", one), cast("list[object]", other)
        return len(left) == len(right) and all(_equal(*pair) for pair in zip(left, right, strict=True))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Decimal) and isinstance(other, str):
        return one == _number(other)
    if isinstance(one, str) and isinstance(other, Decimal):
        return other == _number(one)
    return bool(one == other)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def as_json(value: Value) -> JSON:
    """A value in the form in which values are compared, as JSON: numbers as text."""
    return json.loads(_text(normal(value)))


def digest(*values: Value) -> str:
    """A short text that is equal for the same values as one side writes them."""
    return sha256(_text(normal(list(values))).encode()).hexdigest()[:20]


def _text(value: Value) -> str:
    return json.dumps(value, sort_keys=True, default=_plain)


def _plain(value: Value) -> str:
    if not isinstance(value, Decimal):
        return str(value)
    sign, digits, exponent = value.as_tuple()
    if not value:
        return "0"
    shown = "".join(map(str, digits))
    short = shown.rstrip("0")
    exponent = int(exponent) + len(shown) - len(short)
    if not -SHOWN < exponent < SHOWN:
        return f"{'-' if sign else ''}{short}E{exponent}"
    return format(Decimal((sign, tuple(map(int, short)), exponent)), "f")


def told(value: Value) -> str:
    """A value in a message for people; long ones are cut."""
    if isinstance(value, Money):
        return str(value)
    plain = normal(value)
    text = "nothing" if plain is None else plain if isinstance(plain, str) else _text(plain)
    text = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return f'"{text}"' if isinstance(plain, str) else text
