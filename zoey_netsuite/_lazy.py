"""What is imported when it is first used: the names that a package hands on (PEP 562), and the extra `speed`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any


def on_first_use(package: str, modules: Mapping[str, str]) -> Callable[[str], object]:
    """Make the `__getattr__` of a package. Type checkers read the same names from imports under `TYPE_CHECKING`.

    Args:
        package: its `__name__`.
        modules: the modules below the package, each with the names that the package hands on from it.
    """
    origins = {name: module for module, names in modules.items() for name in names.split()}

    def load(name: str) -> object:
        if name in modules:
            return import_module(f"{package}.{name}")
        if name not in origins:
            # with both, the interpreter adds "Did you mean …?"
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        value = getattr(import_module(f"{package}.{origins[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return load


@cache
def fast_json() -> Any:
    """The module orjson, or None where the extra `speed` is not installed."""
    try:
        import orjson
    except ImportError:
        return None
    return orjson
