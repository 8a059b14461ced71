"""Rules for fields of the merchant's own: where a NetSuite field's value comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeAlias, TypeVar

import attrs
from attrs import frozen

from zoey_netsuite.checks import listed, must_be_a, must_take
from zoey_netsuite.entities import JSON, Value
from zoey_netsuite.errors import ConfigurationError, MappingError
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.user_code import is_theirs, said

E = TypeVar("E")
E_contra = TypeVar("E_contra", contravariant=True)

Convert: TypeAlias = Callable[[Value], Value]
"""Turns one value into another. Whatever it raises becomes a MappingError that names record, field and value."""


@frozen
class Attribute:
    """A field of the merchant's own: the entity's `custom[name]`. Made by `attribute(name)`."""

    name: str


@frozen
class FieldRule(Generic[E_contra]):
    """Where one field of a NetSuite record gets its value. Made by `field`, `computed` and `constant`.

    Attributes:
        target: the NetSuite field ("custbody_delivery").
        function: gives the value, from the entity.
        source: the entity's field that it comes from, as `changed` names it (`custom.delivery_date`); None where it
            depends on more.
        back: turns NetSuite's value into the source's; None for a rule of one direction.
        fixed: whether the value is always the same, so that it is written on creation only.
    """

    target: str
    function: Callable[[E_contra, MapContext], Value]
    source: str | None = None
    back: Convert | None = None
    fixed: bool = False

    def concerns(self, changed: frozenset[str]) -> bool:
        """Whether a change of these fields of the entity may change the value."""
        return not self.fixed and (self.source is None or self.source in changed)

    def value(self, entity: E_contra, ctx: MapContext, record: str) -> Value:
        """The value to be written; None for none.

        Args:
            entity: the order, line, account …
            ctx: what it may know.
            record: which record this is, for messages.

        Raises:
            MappingError: it can't be made, whatever the reason.
        """
        try:
            return self.function(entity, ctx)
        except MappingError as problem:
            msg = f"{record}: {self.target}: {problem}"
            raise MappingError(msg, field=problem.field or self.target) from problem
        except Exception as problem:
            given = _given(self.source, entity)
            msg = f"{record}: {self.target}{given}: {problem}" if given else f"{record}: field rule {self.target}"
            if not given or is_theirs(problem):
                msg = f"{record}: field rule {self.target}{given}: {said(problem)}"
            raise MappingError(msg, field=self.target) from problem


def field(
    target: str, source: Attribute | str, *, convert: Convert | None = None, back: Convert | None = None
) -> FieldRule[object]:
    """A NetSuite field that shows a field of the entity.

    Args:
        target: the NetSuite field ("custbody_delivery").
        source: `attribute("delivery_date")` for a field of the merchant's own, or the name of the entity's field
            ("po_number").
        convert: turns the value into NetSuite's; it is not called where there is no value.
        back: turns NetSuite's value into the entity's, where the field is to be read, too.

    Raises:
        ConfigurationError: a converter is no function of one value.
    """
    for option, function in (("convert", convert), ("back", back)):
        if function is not None:
            must_take(f"field({target!r}, {option}=…)", function, 1, "a function of one value, such as as_date")
    name = f"custom.{source.name}" if isinstance(source, Attribute) else source

    def value(entity: object, ctx: MapContext) -> Value:
        found = _source(name, entity)
        if found is None or found == "" or convert is None:
            return None if found == "" else found
        return convert(found)

    return FieldRule(target, value, name, back)


def computed(target: str, function: Callable[[E, MapContext], Value]) -> FieldRule[E]:
    """A NetSuite field whose value a function gives, of the entity and the `MapContext`; None for no value.

    Raises:
        ConfigurationError: the function does not take these two.
    """
    must_take(f"computed({target!r}, …)", function, 2, "a function of the entity and the MapContext")
    return FieldRule(target, function)


def constant(target: str, value: Value) -> FieldRule[object]:
    """A NetSuite field that is always the same: a location, a department, a form. Written on creation only."""

    def fixed(entity: object, ctx: MapContext) -> Value:
        return value

    return FieldRule(target, fixed, fixed=True)


def attribute(name: str) -> Attribute:
    """A field of the merchant's own, as the source of a rule: the entity's `custom[name]`."""
    return Attribute(name)


def written(
    rules: Sequence[FieldRule[E]], entity: E, changed: frozenset[str] | None, ctx: MapContext, record: str
) -> dict[str, JSON]:
    """What rules write.

    Args:
        rules: in order; a later one for the same field wins.
        entity: what they read.
        changed: the entity's fields that differ; None for a creation, which leaves fields without a value out.
        ctx: what they may know.
        record: which record this is, for messages.

    Raises:
        MappingError: a value can't be made.
    """
    made: dict[str, JSON] = {}
    for rule in rules:
        if changed is None or rule.concerns(changed):
            value = rule.value(entity, ctx, record)
            if value is not None or changed is not None:
                made[rule.target] = value
    return made


def read(rules: Iterable[FieldRule[E]], entity: E, values: Mapping[str, JSON], record: str) -> E:
    """The entity with what the rules that go both ways read from a NetSuite record. Raises MappingError."""
    changes: dict[str, Value] = {}
    custom: dict[str, Value] = dict(getattr(entity, "custom", {}))
    for rule in rules:
        if rule.back is None or rule.source is None:
            continue
        given = values.get(rule.target)
        try:
            value = None if given is None else rule.back(given)
        except Exception as problem:
            words = said(problem) if is_theirs(problem) else problem
            msg = f"{record}: {rule.target} is {given!r}: {words}"
            raise MappingError(msg, field=rule.target) from problem
        if rule.source.startswith("custom."):
            custom[rule.source.removeprefix("custom.")] = value
        else:
            changes[rule.source] = value
    return attrs.evolve(entity, **changes, custom=custom)  # type: ignore[misc]  # entities are attrs classes


def must_fit(rules: Sequence[FieldRule[E]], kind: type[attrs.AttrsInstance], what: str) -> tuple[FieldRule[E], ...]:
    """The rules, or a refusal of what is none or names a field which the entity does not have.

    Raises:
        ConfigurationError: naming the setting and the rule.
    """
    known = attrs.fields_dict(kind)
    takes = "field rules, made by field(), computed() and constant()"
    for each in listed(what, rules, takes):
        must_be_a(what, each, FieldRule, f"a list of {takes}")
    for rule in rules:
        name = rule.source
        if name is not None and not name.startswith("custom.") and name not in known:
            msg = (
                f"{what}: {rule.target} comes from {name!r}, but {kind.__name__} has no such field;"
                f' for one of your own say attribute("{name}")'
            )
            raise ConfigurationError(msg)
    return tuple(rules)


def _source(name: str, entity: object) -> Value:
    if name.startswith("custom."):
        custom: Mapping[str, Value] = getattr(entity, "custom", {})
        return custom.get(name.removeprefix("custom."))
    return getattr(entity, name)


def _given(name: str | None, entity: object) -> str:
    if name is None:
        return ""
    shown = repr(_source(name, entity))
    return f" cannot be made of {name.removeprefix('custom.')} {shown if len(shown) <= 80 else shown[:77] + '...'}"
