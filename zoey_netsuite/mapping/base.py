"""What a mapper is: from a platform's record to a business object, and from a business object to what is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NoReturn, TypeVar

import attrs

from zoey_netsuite.entities import JSON, Lookup
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.mapping.digest import digest

E = TypeVar("E")
Z = TypeVar("Z")
N = TypeVar("N")


class Mapper(Generic[E, Z, N]):
    """Turns records into entities and entities into records; pure. Subclass one and override a method.

    E is the entity, Z is Zoey's record of it, N is NetSuite's. A mapper has the directions that it is used in; the
    others say so.
    """

    def from_zoey(self, record: Z, ctx: MapContext) -> E:
        """The entity that a record of Zoey's is. Raises MappingError where it can't be one."""
        self._refuse("read from Zoey", "from_zoey")

    def to_netsuite(self, entity: E, changed: frozenset[str], ctx: MapContext) -> dict[str, JSON]:
        """The fields to be written to NetSuite.

        Args:
            entity: as it is to be.
            changed: names of the entity's fields that differ, `custom.<name>` for custom ones; on creation all of
                them (`everything(entity)`).

        Raises:
            MappingError: it can't be written; the message names the record, the field and the value.
        """
        self._refuse("write to NetSuite", "to_netsuite")

    def from_netsuite(self, record: N, ctx: MapContext) -> E:
        """The entity that a record of NetSuite's is. Raises MappingError where it can't be one."""
        self._refuse("read from NetSuite", "from_netsuite")

    def to_zoey(self, entity: E, changed: frozenset[str], ctx: MapContext) -> dict[str, JSON]:
        """The attributes to be written to Zoey; arguments and errors as for `to_netsuite`."""
        self._refuse("write to Zoey", "to_zoey")

    def needs(self, entity: E) -> Sequence[Lookup]:
        """What writing this entity has to know of either system; looked up in bulk beforehand."""
        return ()

    @property
    def digest(self) -> str:
        """A short text that changes when the rules change: options, field rules, overridden methods.

        It is the same in every process. Functions count by their compiled code, which a new Python version may change.
        """
        return digest(self)

    def _refuse(self, what: str, method: str) -> NoReturn:
        msg = f"{type(self).__name__} does not {what}; override {method}"
        raise TypeError(msg)


def everything(entity: attrs.AttrsInstance) -> frozenset[str]:
    """All fields of an entity, as `changed` names them: what a creation writes."""
    names = {name for name in attrs.fields_dict(type(entity)) if name != "custom"}
    return frozenset(names | {f"custom.{name}" for name in getattr(entity, "custom", ())})
