"""Values of the user's own classes as JSON, for the work list and the journal.

A value that can be of several classes is kept with the name of its class. That is a short name of the class's own
choice (`stored_as`), or else its place, `module:class`. Names that it had before (`formerly`) are read, too, so a class
that was moved is still found from what was written before.
"""

from __future__ import annotations

import importlib
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from json import dumps
from typing import Any, TypeVar

from cattrs import Converter
from cattrs.preconf.json import make_converter

from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.state.store import JSON

T = TypeVar("T")

_PROGRAM = ("__main__", "__mp_main__")
"""What a module is called that is run as a program."""

_CLASSES: dict[str, type] = {}
"""Classes by the names that they are kept under; of those that have chosen one, or had another."""


@cache
def converter() -> Converter:
    """The converter of this module: cattrs' JSON one, with decimals as text."""
    made = make_converter()
    made.register_unstructure_hook(Decimal, str)
    made.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    made.register_unstructure_hook(datetime, datetime.isoformat)
    made.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    made.register_unstructure_hook(date, date.isoformat)
    made.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    return made


def to_json(value: object) -> JSON:
    """A value as JSON."""
    return converter().unstructure(value)


def from_json(value: JSON, kind: type[T]) -> T:
    """What `to_json` gave, as that class again."""
    return converter().structure(value, kind)


def digest(value: object) -> str:
    """A short text that is equal for equal values: the first 20 hex digits of the SHA-256 of its JSON."""
    text = dumps(to_json(value), sort_keys=True, separators=(",", ":"), default=str)
    return sha256(text.encode()).hexdigest()[:20]


def _chosen(kind: type) -> str:
    """The name that a class says itself that it is stored under. A subclass does not inherit it."""
    name: object = vars(kind).get("stored_as")
    return name if isinstance(name, str) else ""


def keep_name(kind: type) -> None:
    """Note the names that a class is kept under, so that `unpack` finds it wherever it is.

    Raises:
        ConfigurationError: another class has one of them.
    """
    names: list[str] = [_chosen(kind), *vars(kind).get("formerly", ())]
    for name in filter(None, names):
        other = _CLASSES.get(name)
        if other is not None and not _is_same(other, kind):
            raise ConfigurationError(
                f"{_place(kind)} can't be stored as {name!r}: {_place(other)} is. Give it another name (stored_as)."
            )
        _CLASSES[name] = kind


def _is_same(one: type, other: type) -> bool:
    """Whether these are one class made twice: by attrs, which makes it anew with slots; or by a program that is run and
    imported.
    """
    modules = {one.__module__, other.__module__}
    return one.__qualname__ == other.__qualname__ and (len(modules) == 1 or not modules.isdisjoint(_PROGRAM))


def pack(value: object) -> JSON:
    """A value together with the name of its class."""
    kind = type(value)
    return {"class": _chosen(kind) or _place(kind), "fields": to_json(value)}


def unpack(value: JSON, base: type[T]) -> T:
    """What `pack` gave, in this version of the program or an earlier one.

    Args:
        base: the class, or a base of it; nothing else is accepted.

    Raises:
        ConfigurationError: no class is known under that name any more.
    """
    name = str(value["class"])
    found = _CLASSES.get(name) or _imported(name)
    if not (isinstance(found, type) and issubclass(found, base)):
        raise ConfigurationError(f"{name} is no {base.__name__} any more")
    return from_json(value["fields"], found)


def _place(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _imported(name: str) -> object:
    module, _, path = name.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, ValueError) as error:
        msg = (
            f"{name} was started and its outcome is open, but no class is known under that name any more. Import the"
            " module that holds it before the integration runs; where the class was moved or renamed, name its old"
            " place in formerly. (A class that is defined in a function can't be found again.)"
        )
        raise ConfigurationError(msg) from error
    return found
