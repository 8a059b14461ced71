"""What the user's own code raises or returns, in words: which class and method, in which line, and what."""

from __future__ import annotations

import sysconfig
import traceback
from collections.abc import Callable, Iterable
from os import sep
from pathlib import Path
from types import CodeType, UnionType
from typing import TypeVar, cast

T = TypeVar("T")

_OWN = f"{Path(__file__).parent}{sep}"
_LIBRARIES = tuple(f"{sysconfig.get_path(name)}{sep}" for name in ("stdlib", "platstdlib", "purelib", "platlib"))


class WrongReturn(TypeError):
    """The user's own function gave something that it may not give."""

    def __init__(self, function: Callable[..., object], given: object, takes: str, within: str = "") -> None:
        super().__init__(f"{named(function)} returned {within}{_shown(given)}: return {takes}")


def said(error: BaseException) -> str:
    """An error of the user's code for people: `Rules.to_netsuite (rules.py:12) raised KeyError: 'nope'`."""
    if isinstance(error, WrongReturn):
        return str(error)
    words = f"{type(error).__name__}{f': {error}' if str(error) else ''}"
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    theirs = [one for one in frames if _is_theirs(one[0])]
    written = [one for one in theirs if not one[0].co_filename.startswith(_LIBRARIES)]
    found = (written or theirs or frames)[-1:]
    return f"{_place(*found[0])} raised {words}" if found else words


def is_theirs(error: BaseException | None) -> bool:
    """Whether an error comes from the user's own code."""
    return isinstance(error, WrongReturn) or (
        error is not None and any(_is_theirs(frame.f_code) for frame, _ in traceback.walk_tb(error.__traceback__))
    )


def named(function: Callable[..., object]) -> str:
    """A function of the user's: its class and name, and where it begins."""
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    owner = getattr(function, "__self__", None)
    if not isinstance(code, CodeType):
        return getattr(function, "__qualname__", type(function).__name__)
    name = code.co_name
    if owner is not None:
        name = f"{owner.__name__ if isinstance(owner, type) else type(owner).__name__}.{name}"
    return f"{name} ({Path(code.co_filename).name}:{code.co_firstlineno})"


def must_give(function: Callable[..., object], given: object, kind: type | UnionType, takes: str) -> None:
    """Refuse what a function gave, where it is of another class.

    Raises:
        WrongReturn: naming the function, what it gave, and what to give.
    """
    if not isinstance(given, kind):
        raise WrongReturn(function, given, takes)


def must_give_list(function: Callable[..., object], given: object, kind: type[T], takes: str) -> tuple[T, ...]:
    """What a function gave, as a list of that class.

    Raises:
        WrongReturn: it is no list, or holds something else.
    """
    no_list: tuple[type, ...] = (str, bytes, dict, kind)
    must_give(function, given, Iterable, takes)
    if issubclass(type(given), no_list):
        raise WrongReturn(function, given, takes)
    items = tuple(cast("Iterable[T]", given))
    for item in items:
        if not isinstance(item, kind):  # pyright: ignore[reportUnnecessaryIsInstance]  the user's code
            raise WrongReturn(function, item, takes, "a list with ")
    return items


def _is_theirs(code: CodeType) -> bool:
    return not code.co_filename.startswith((_OWN, "<attrs", "<frozen", "<cattrs"))


def _place(code: CodeType, line: int) -> str:
    return f"{code.co_qualname.rpartition('<locals>.')[2]} ({Path(code.co_filename).name}:{line})"


def _shown(value: object) -> str:
    """What was given: its class, and of plain text and numbers what it is."""
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, str | int | float):
        return f"the {type(value).__name__} {value!r:.80}"
    return f"one {type(value).__name__}"
