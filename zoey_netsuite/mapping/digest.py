"""A short text for a set of rules, equal in every process for equal rules."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import cast

import attrs

RULES = "2"
"""Raised when a rule of the library's own mappers changes what is written."""

_OWN = "zoey_netsuite."


def digest(mapper: object) -> str:
    """The first 20 hex digits of the SHA-256 of a mapper's options and of the code that its user wrote."""
    parts = [RULES, f"{type(mapper).__module__}.{type(mapper).__qualname__}", *_user_code(type(mapper))]
    parts.append(_text(vars(mapper)))
    return sha256("\n".join(parts).encode()).hexdigest()[:20]


def _user_code(kind: type) -> Iterator[str]:
    for each in kind.__mro__:
        if each is not object and not each.__module__.startswith(_OWN):
            yield from (f"{name} {_text(value)}" for name, value in sorted(vars(each).items()) if _is_rule(name, value))


def _is_rule(name: str, value: object) -> bool:
    if isinstance(value, types.FunctionType | staticmethod | classmethod | property):
        return True
    return not name.startswith("_") and isinstance(value, str | int | float | tuple | frozenset)


def _text(value: object) -> str:
    if isinstance(value, staticmethod | classmethod):
        return _text(getattr(cast("object", value), "__func__", None))
    if isinstance(value, property):
        return _text(value.fget)
    if isinstance(value, types.MethodType):
        return _text(value.__func__)
    if isinstance(value, types.FunctionType):
        inside = [cell.cell_contents for cell in value.__closure__ or ()]
        given = _texts((value.__defaults__, value.__kwdefaults__, inside))
        return f"{value.__qualname__}({_code(value.__code__)}; {given})"
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}"
    kind = type(value)
    if attrs.has(kind):
        fields = {field.name: getattr(value, field.name) for field in attrs.fields(kind)}
        return f"{type(value).__qualname__}{_text(fields)}"
    if isinstance(value, Mapping):
        pairs = [f"{_text(key)}: {_text(each)}" for key, each in cast("Mapping[object, object]", value).items()]
        return "{" + ", ".join(sorted(pairs)) + "}"
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(_text(each) for each in cast("Iterable[object]", value))) + "}"
    if isinstance(value, list | tuple):
        return f"[{_texts(cast('Iterable[object]', value))}]"
    # An object whose repr holds its address would look new in every process.
    shown = repr(value)
    return type(value).__qualname__ if " at 0x" in shown else shown


def _texts(values: Iterable[object]) -> str:
    return ", ".join(_text(each) for each in values)


def _code(code: types.CodeType) -> str:
    constants = [_code(each) if isinstance(each, types.CodeType) else repr(each) for each in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {constants}"
