"""Which records a sync is about: filters on either side, joined with `&`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar, overload

from attrs import field, frozen

from zoey_netsuite.checks import must_be_a, must_take
from zoey_netsuite.entities import JSON, Order
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.user_code import must_give
from zoey_netsuite.zoey.filters import Filter as ZoeyFilter
from zoey_netsuite.zoey.filters import gteq, in_, lt

E_contra = TypeVar("E_contra", contravariant=True)
F = TypeVar("F")


class Filter(Generic[E_contra]):
    """Which records a sync is about. Subclass it and say the reason why one is left out; pure.

    `reason` alone decides. A sync may also ask the servers, which spares reading what would be left out; `OrderSync`
    does not, as an order that no longer matches has to be seen once it is in NetSuite, and refuses filters that only
    NetSuite could answer.
    """

    def reason(self, entity: E_contra) -> str | None:
        """Why a record is left out, naming the rule; None for one that matches."""
        return None

    def zoey_filters(self) -> Mapping[str, ZoeyFilter]:
        """What Zoey's list can be asked, by attribute."""
        return {}

    def where(self) -> Sequence[tuple[str, Sequence[JSON]]]:
        """What SuiteQL can be asked: conditions with their bind parameters; all have to hold."""
        return ()

    def saved_searches(self) -> Sequence[str]:
        """Saved searches in NetSuite that a record has to be in."""
        return ()

    # A filter of anything joins one of orders to one of orders, whichever comes first.
    @overload
    def __and__(self: Filter[object], other: Filter[F]) -> Filter[F]: ...
    @overload
    def __and__(self: Filter[F], other: Filter[object]) -> Filter[F]: ...
    @overload
    def __and__(self: Filter[F], other: Filter[F]) -> Filter[F]: ...
    def __and__(self, other: Filter[Any]) -> Filter[Any]:
        must_be_a("&", other, Filter, "another filter, such as Matching(function)")
        return Joined((self, other))


@frozen
class Joined(Filter[E_contra]):
    """Several filters, all of which have to match. Made by `&`."""

    filters: tuple[Filter[E_contra], ...]

    def reason(self, entity: E_contra) -> str | None:
        """The first reason of any of them."""
        return next((reason for each in self.filters if (reason := each.reason(entity)) is not None), None)

    def zoey_filters(self) -> Mapping[str, ZoeyFilter]:
        """What each asks; where two ask of one attribute, the first does, and the rest is decided here."""
        asked: dict[str, ZoeyFilter] = {}
        for each in self.filters:
            asked = {**each.zoey_filters(), **asked}
        return asked

    def where(self) -> Sequence[tuple[str, Sequence[JSON]]]:
        """All conditions."""
        return [condition for each in self.filters for condition in each.where()]

    def saved_searches(self) -> Sequence[str]:
        """All searches."""
        return [search for each in self.filters for search in each.saved_searches()]


@frozen
class Matching(Filter[E_contra]):
    """What a function of your own says yes to.

    Attributes:
        predicate: of the entity; an exception is a failure of that record.
        name: what the rule is called when it leaves something out; None takes the function's name.
    """

    predicate: Callable[[E_contra], bool]
    name: str | None = None

    def __attrs_post_init__(self) -> None:
        must_take("Matching(…)", self.predicate, 1, "a function of one record")

    def reason(self, entity: E_contra) -> str | None:
        """That the function says no."""
        answer = self.predicate(entity)
        must_give(self.predicate, answer, bool, "True or False")
        if answer:
            return None
        name = self.name or getattr(self.predicate, "__name__", "a function")
        return f"{'the function' if name == '<lambda>' else name} says no (Matching)"


def _words(values: Sequence[str] | str | None) -> tuple[str, ...] | None:
    if values is None:
        return None
    return (values,) if isinstance(values, str) else tuple(values)


def _names_some(_: object, attribute: object, given: tuple[str, ...] | None) -> None:
    if given is not None and not given:
        name = getattr(attribute, "name", "it")
        msg = f"Matches({name}=…) takes one value or more; leave it out to let all pass"
        raise ConfigurationError(msg)


def _aware(_: object, attribute: object, given: datetime | None) -> None:
    if given is None:
        return
    name = getattr(attribute, "name", "it")
    must_be_a(f"Matches({name}=…)", given, datetime, "a time with a time zone: datetime(2026, 3, 1, tzinfo=UTC)")
    if given.tzinfo is None:
        msg = f"Matches({name}=…) takes a time with a time zone, e.g. datetime(2026, 3, 1, tzinfo=UTC), not {given}"
        raise ConfigurationError(msg)


@frozen(kw_only=True)
class Matches(Filter[Order]):
    """Zoey orders by what they say.

    Attributes:
        status, state, payment_method, shipping_method, currency: the order's is one of these; None lets all pass.
        created_from, created_before: when it was placed, aware; the first included, the second not.
    """

    status: tuple[str, ...] | None = field(default=None, converter=_words, validator=_names_some)
    state: tuple[str, ...] | None = field(default=None, converter=_words, validator=_names_some)
    payment_method: tuple[str, ...] | None = field(default=None, converter=_words, validator=_names_some)
    shipping_method: tuple[str, ...] | None = field(default=None, converter=_words, validator=_names_some)
    currency: tuple[str, ...] | None = field(default=None, converter=_words, validator=_names_some)
    created_from: datetime | None = field(default=None, validator=_aware)
    created_before: datetime | None = field(default=None, validator=_aware)

    def reason(self, entity: Order) -> str | None:
        """The first thing that is otherwise."""
        for name, allowed, given in (
            ("status", self.status, entity.status),
            ("state", self.state, entity.state),
            ("payment method", self.payment_method, entity.payment_method),
            ("shipping method", self.shipping_method, entity.shipping_method),
            ("currency", self.currency, entity.total.currency),
        ):
            if allowed is not None and given not in allowed:
                shown = "none" if given is None else f'"{given}"'
                return f"its {name} is {shown}, not {_listed(allowed)} (Matches)"
        return self._time_reason(entity.created_at)

    def zoey_filters(self) -> Mapping[str, ZoeyFilter]:
        """Status, state and time; stores differ on whether the other attributes can be asked for."""
        asked: dict[str, ZoeyFilter] = {}
        if self.status is not None:
            asked["status"] = in_(self.status)
        if self.state is not None:
            asked["state"] = in_(self.state)
        if self.created_from is not None and self.created_before is not None:
            asked["created_at"] = gteq(self.created_from) & lt(self.created_before)
        elif self.created_from is not None:
            asked["created_at"] = gteq(self.created_from)
        elif self.created_before is not None:
            asked["created_at"] = lt(self.created_before)
        return asked

    def _time_reason(self, placed: datetime | None) -> str | None:
        if placed is None:
            return None if self.created_from is None and self.created_before is None else "it says no time (Matches)"
        if self.created_from is not None and placed < self.created_from:
            return f"it was placed {placed:%Y-%m-%d %H:%M} UTC, before {self.created_from} (Matches)"
        if self.created_before is not None and placed >= self.created_before:
            return f"it was placed {placed:%Y-%m-%d %H:%M} UTC, not before {self.created_before} (Matches)"
        return None


def _params(values: Sequence[JSON]) -> tuple[JSON, ...]:
    return tuple(values)


@frozen
class SavedSearch(Filter[object]):
    """NetSuite records that a saved search finds.

    Attributes:
        id: the search's ("customsearch_web_customers", or its number).
    """

    id: str

    def saved_searches(self) -> Sequence[str]:
        """This one."""
        return (self.id,)


@frozen
class Where(Filter[object]):
    """NetSuite records of which a SuiteQL condition holds.

    Attributes:
        condition: of the table's columns, with `?` for values.
        params: the values, in order.
    """

    condition: str
    params: tuple[JSON, ...] = field(default=(), converter=_params)

    def where(self) -> Sequence[tuple[str, Sequence[JSON]]]:
        """This one, in parentheses."""
        return ((f"({self.condition})", self.params),)


def _listed(values: Sequence[str]) -> str:
    return " or ".join(f'"{value}"' for value in values)
