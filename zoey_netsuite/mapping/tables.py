"""Tables from one platform's words to the other's ids."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

from zoey_netsuite.checks import must_be_a
from zoey_netsuite.errors import ConfigurationError, MappingError


@frozen(init=False)
class Table:
    """What a value of one platform is on the other.

    Args:
        mapping: by the value, as text. A value mapped to None is known and leaves the other side's field empty.
        otherwise: what all other values are. Without it they can't be mapped, and the record is held.

    An empty table without `otherwise` says nothing: the field that it is for is left alone.

    Example:
        >>> ship_methods = Table({"flatrate_flatrate": "92", "ups_ground": "4"}, otherwise="88")
        >>> ship_methods.get("ups_ground", what="shipping method")
        '4'
        >>> ship_methods.get("dhl", what="shipping method")
        '88'
    """

    mapping: Mapping[str, str | None]
    otherwise: str | None

    def __init__(self, mapping: Mapping[str, str | None] | None = None, otherwise: str | None = None) -> None:
        if mapping is not None:
            must_be_a("Table(…)", mapping, Mapping, 'a mapping, e.g. Table({"ups_ground": "4"})')
        rows = {str(key): _id(value) for key, value in (mapping or {}).items()}
        object.__setattr__(self, "mapping", MappingProxyType(rows))
        object.__setattr__(self, "otherwise", _id(otherwise))

    def __bool__(self) -> bool:
        """Whether it says anything at all."""
        return bool(self.mapping) or self.otherwise is not None

    def __contains__(self, value: object) -> bool:
        """Whether the table names this value itself."""
        return str(value) in self.mapping

    def __hash__(self) -> int:
        return hash((frozenset(self.mapping.items()), self.otherwise))

    def get(self, value: object, *, what: str, name: str = "the table", field: str | None = None) -> str | None:
        """What a value is on the other side.

        Args:
            value: compared as text.
            what: which record's what this is, for the message: "Zoey order 100000012 (id 12): shipping method".
            name: what the user calls this table ("ship_methods").
            field: the field that it is for.

        Raises:
            MappingError: the table has neither this value nor an `otherwise`.
        """
        if str(value) in self.mapping:
            return self.mapping[str(value)]
        if self.otherwise is None:
            msg = (
                f"{what} {str(value)!r} is not in {name}, which has {self._known()}:"
                f" add it, or give {name} an `otherwise`"
            )
            raise MappingError(msg, field=field)
        return self.otherwise

    def back(self, value: str) -> str | None:
        """The first value that is mapped to this one, or None."""
        return next((key for key, mapped in self.mapping.items() if mapped == value), None)

    def _known(self) -> str:
        known = sorted(self.mapping)
        shown = ", ".join(repr(key) for key in known[:8])
        return f"{shown}{' and others' if len(known) > 8 else ''}" if known else "no rows"


def _id(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    msg = f'a Table maps to ids as text, e.g. Table({{"ups_ground": "4"}}), not to {value!r}'
    raise ConfigurationError(msg)
