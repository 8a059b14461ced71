"""Checks of what developers give: a wrong type or value becomes an error that says what is taken instead.

No message shows more of a value than its type, unless it is a number or was asked for: it may hold a secret.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable
from types import UnionType
from typing import Any, Protocol, TypeAlias, cast

from zoey_netsuite.errors import ConfigurationError


class Named(Protocol):
    """What a validator needs to know of a field."""

    @property
    def name(self) -> str: ...


Validator: TypeAlias = Callable[[Any, Any, Any], None]
"""A validator of an attrs field."""


def must_be_number(
    what: str,
    value: object,
    *,
    least: float | None = None,
    above: float | None = None,
    most: float | None = None,
    whole: bool = False,
) -> None:
    """Refuse what is no number within these bounds; truth values and NaN are none.

    Args:
        what: the name of the setting, for the message.

    Raises:
        ConfigurationError: naming the setting, the bounds and the value.
    """
    if not isinstance(value, bool) and isinstance(value, int if whole else int | float):
        number = float(value)
        fits = (
            not math.isnan(number)
            and (least is None or number >= least)
            and (above is None or number > above)
            and (most is None or number <= most)
        )
        if fits:
            return
    bounds = [
        f"{words} {bound:g}"
        for words, bound in (("at least", least), ("more than", above), ("at most", most))
        if bound is not None
    ]
    takes = f"{'a whole number' if whole else 'a number'}{' of ' + ' and '.join(bounds) if bounds else ''}"
    raise ConfigurationError(f"{what} takes {takes}, not {value!r}")


def number(
    *, least: float | None = None, above: float | None = None, most: float | None = None, whole: bool = False
) -> Validator:
    """A validator of a field that holds a number within these bounds."""

    def check(owner: object, attribute: Named, value: object) -> None:
        what = f"{type(owner).__name__}({attribute.name}=…)"
        must_be_number(what, value, least=least, above=above, most=most, whole=whole)

    return check


def must_be_text(what: str, value: object) -> None:
    """Refuse what is no text, is empty, or begins or ends with white space.

    Raises:
        ConfigurationError: naming the setting and the value.
    """
    if not isinstance(value, str) or not value or value != value.strip():
        raise ConfigurationError(f"{what} takes text that is not empty and has no white space around it, not {value!r}")


def must_be_id(what: str, value: object) -> None:
    """Refuse what is no text where an id or a name is taken. A number is refused, too: as text it may be another id.

    Raises:
        ConfigurationError: naming what is taken, and of a whole number how to give it.
    """
    if not isinstance(value, str):
        is_number = isinstance(value, int) and not isinstance(value, bool)
        takes = f'give "{value}", not the number {value}' if is_number else f"not {described(value)}"
        raise ConfigurationError(f"{what} takes text{':' if is_number else ','} {takes}")


def text(*, optional: bool = False) -> Validator:
    """A validator of a field that holds text."""

    def check(owner: object, attribute: Named, value: object) -> None:
        if not (optional and value is None):
            must_be_text(f"{type(owner).__name__}({attribute.name}=…)", value)

    return check


def must_be_one_of(what: str, value: object, allowed: Iterable[str | None]) -> None:
    """Refuse what is none of these words, or None where that is one of them.

    Raises:
        ConfigurationError: naming the setting, the words and what was given.
    """
    words = tuple(allowed)
    if value not in words:
        takes = " or ".join("None" if each is None else f'"{each}"' for each in words)
        shown = repr(value) if isinstance(value, str) else described(value)
        raise ConfigurationError(f"{what} takes {takes}, not {shown}")


def must_be_a(what: str, value: object, kind: type | UnionType, takes: str) -> None:
    """Refuse what is of another class.

    Args:
        takes: what is taken instead, in words.

    Raises:
        ConfigurationError: naming the setting, what it takes and what was given.
    """
    if not isinstance(value, kind):
        raise ConfigurationError(f"{what} takes {takes}, not {described(value)}")


def must_have(what: str, value: object, methods: Iterable[str], takes: str) -> None:
    """Refuse what lacks one of these methods, and a class given in place of an object of it.

    Raises:
        ConfigurationError: naming the setting, what it takes, what was given and the method that it lacks.
    """
    lacking = [name for name in methods if not callable(getattr(value, name, None))]
    if lacking or isinstance(value, type):
        lacks = f", which has no {lacking[0]}()" if lacking and not isinstance(value, type) else ""
        raise ConfigurationError(f"{what} takes {takes}, not {described(value)}{lacks}")


def having(*methods: str, takes: str) -> Validator:
    """A validator of a field whose value has these methods."""

    def check(owner: object, attribute: Named, value: object) -> None:
        must_have(attribute.name, value, methods, takes)

    return check


def must_take(what: str, function: object, count: int, takes: str) -> None:
    """Refuse what can't be called with so many arguments.

    Raises:
        ConfigurationError: naming the setting, what it takes and what was given.
    """
    if not callable(function):
        raise ConfigurationError(f"{what} takes {takes}, not {described(function)}")
    try:
        inspect.signature(function).bind(*[None] * count)
    except ValueError:
        return  # written in C, without a signature to look at
    except TypeError as problem:
        raise ConfigurationError(f"{what} takes {takes}; {described(function)} does not fit: {problem}") from None


def listed(what: str, values: object, takes: str) -> tuple[object, ...]:
    """What a list holds.

    Raises:
        ConfigurationError: it is no list, but one thing, or text.
    """
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise ConfigurationError(f"{what} takes a list of {takes}, not {described(values)}")
    return tuple(cast("Iterable[object]", values))


def described(value: object) -> str:
    """What a value is, without showing what it holds."""
    if value is None:
        return "None"
    if isinstance(value, type):
        return f"the class {value.__name__} itself"
    name = getattr(value, "__qualname__", None)
    if callable(value) and isinstance(name, str):
        return f"the function {name}"
    kind = type(value)
    article = "an" if kind.__name__[:1].lower() in "aeiou" else "a"
    return f"{article} {kind.__name__}"
