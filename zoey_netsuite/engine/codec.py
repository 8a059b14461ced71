"""Values of the user's own classes as JSON, for the work list and the journal."""

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


def pack(value: object) -> JSON:
    """A value together with the name of its class."""
    kind = type(value)
    return {"class": f"{kind.__module__}:{kind.__qualname__}", "fields": to_json(value)}


def unpack(value: JSON, base: type[T]) -> T:
    """What `pack` gave.

    Args:
        base: the class, or a base of it; nothing else is accepted.

    Raises:
        ConfigurationError: the class is not importable under that name any more.
    """
    module, _, name = str(value["class"]).partition(":")
    try:
        found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        msg = (
            f"{name} of module {module} was started and its outcome is open, but it can't be imported any more;"
            " bring it back under that name (a class defined inside a function can't be found again)"
        )
        raise ConfigurationError(msg) from error
    if not (isinstance(found, type) and issubclass(found, base)):
        msg = f"{name} of module {module} is no {base.__name__} any more"
        raise ConfigurationError(msg)
    return from_json(value["fields"], found)
