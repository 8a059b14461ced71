"""Which NetSuite customer an order without a customer account is booked on. Decisions are pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from attrs import field, frozen

from zoey_netsuite.checks import must_be_a, must_be_text
from zoey_netsuite.entities import Account, Found, Hold, Lookup, Order, Row
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.mapping.context import found_id
from zoey_netsuite.netsuite.values import NO_INTERNAL_ID, is_internal_id
from zoey_netsuite.user_code import must_give, must_give_list


@frozen
class Use:
    """Book the order on this customer.

    Attributes:
        id: NetSuite's internal id.
    """

    id: str


@frozen
class NewCustomer:
    """Make a customer for the guest, once, and book the order on it.

    Attributes:
        account: who it is.
        key: what tells this guest from others (the normalized e-mail address): two orders with one key make one
            customer.
    """

    account: Account
    key: str


@frozen
class Pass:
    """No opinion: the next strategy of a `FirstOf` decides; after the last one the order is held."""


class GuestStrategy(ABC):
    """Decides whom a guest's order is booked on. Pure: what it has to know it asks for in `needs`."""

    def needs(self, order: Order) -> Sequence[Lookup]:
        """What `decide` has to know of this order."""
        return ()

    @abstractmethod
    def decide(self, order: Order, found: Found) -> Use | NewCustomer | Hold | Pass:
        """Decide on one order.

        Args:
            order: a guest's.
            found: what `needs` asked for: every look-up is a key.
        """


@frozen
class MatchCustomer(GuestStrategy):
    """The one NetSuite customer with the guest's e-mail address, or with another value in another field.

    Several are a question for a person, and so is one that is inactive. E-mail addresses are compared without case.

    Attributes:
        by: the customer's column in SuiteQL ("email", "custentity_tax_number").
        value: gives the value to look for, of the order; None for the order's e-mail address.
        contacts: whether a customer also matches if one of its active contacts has the e-mail address; this counts
            for `by="email"` only.
    """

    by: str = "email"
    value: Callable[[Order], str | None] | None = None
    contacts: bool = True

    def needs(self, order: Order) -> Sequence[Lookup]:
        """The customers with that value, and those whose contacts have it."""
        given = self._value(order)
        if given is None:
            return []
        if self.by.lower() != "email":
            return [Lookup.netsuite("customer", self.by, given, any_case="@" in given)]
        columns = ["email", "contact.email"] if self.contacts else ["email"]
        return [Lookup.netsuite("customer", column, given, any_case=True) for column in columns]

    def decide(self, order: Order, found: Found) -> Use | NewCustomer | Hold | Pass:
        """Use it, hold, or pass where there is none."""
        what = f"{self.by} {self._value(order)!r}"
        named = f"the customer with {what}"
        rows = {found_id(row, named): row for lookup in self.needs(order) for row in found[lookup]}
        active = [id for id, row in rows.items() if not _is_inactive(row)]
        if len(active) == 1:
            return Use(active[0])
        if active:
            reason = (
                f"{_named(order)} is a guest's, and {len(active)} NetSuite customers have {what}"
                f" ({', '.join(active)}): merge them, or choose one"
            )
            return Hold(reason, cause="several customers match a guest")
        if rows:
            reason = (
                f"{_named(order)} is a guest's, and the NetSuite customer with {what} ({', '.join(rows)}) is"
                " inactive: activate it, or choose another"
            )
            return Hold(reason, cause="a guest's customer is inactive")
        return Pass()

    def _value(self, order: Order) -> str | None:
        given = order.email if self.value is None else self.value(order)
        return (given or "").strip() or None


@frozen
class CreateCustomer(GuestStrategy):
    """A new NetSuite customer for the guest.

    Attributes:
        mapper: gives the customer, of the order; None takes name, e-mail and addresses from it.
    """

    mapper: Callable[[Order], Account] | None = None

    def decide(self, order: Order, found: Found) -> Use | NewCustomer | Hold | Pass:
        """Make it, or hold where the order has no e-mail address to tell the guest by."""
        key = (order.email or "").strip().lower()
        if not key:
            reason = (
                f"{_named(order)} is a guest's without an e-mail address, so that no customer can be made for it:"
                " choose one"
            )
            return Hold(reason, cause="a guest without an e-mail address")
        return NewCustomer(guest(order) if self.mapper is None else self.mapper(order), key)


@frozen(init=False)
class FixedCustomer(GuestStrategy):
    """One NetSuite customer for all guests, or one for each currency, as a customer is limited to its currencies.

    Args:
        id: the customer's internal id, whatever the currency.
        by_currency: the customers' internal ids by ISO 4217 code; other currencies are held.

    Raises:
        ConfigurationError: neither or both are given.
    """

    id: str | None
    by_currency: Mapping[str, str] = field(hash=False)

    def __init__(self, id: str | None = None, *, by_currency: Mapping[str, str] | None = None) -> None:
        if bool(id) == bool(by_currency):
            msg = 'FixedCustomer("123") takes one customer, or by_currency={"USD": "123", …} one for each currency'
            raise ConfigurationError(msg)
        for customer in [id] if id is not None else (by_currency or {}).values():
            must_be_text("FixedCustomer(…)", customer)
            if not is_internal_id(customer):
                raise ConfigurationError(
                    f"FixedCustomer(…) takes internal ids of customers; {customer!r} is {NO_INTERNAL_ID}"
                )
        object.__setattr__(self, "id", id)
        object.__setattr__(self, "by_currency", MappingProxyType(dict(by_currency or {})))

    def decide(self, order: Order, found: Found) -> Use | NewCustomer | Hold | Pass:
        """Use it, or hold an order in a currency that has none."""
        currency = order.total.currency
        customer = self.id or self.by_currency.get(currency)
        if customer is None:
            known = ", ".join(sorted(self.by_currency))
            reason = (
                f"{_named(order)} is a guest's in {currency}, and there are guest customers for {known} only:"
                " add one to FixedCustomer(by_currency=…)"
            )
            return Hold(reason, cause=f"no guest customer for {currency}")
        return Use(customer)


@frozen(init=False)
class FirstOf(GuestStrategy):
    """The first of several strategies that does not pass: `FirstOf(MatchCustomer(), CreateCustomer())`."""

    strategies: tuple[GuestStrategy, ...]

    def __init__(self, *strategies: GuestStrategy) -> None:
        if not strategies:
            msg = "FirstOf(…) takes one strategy or more, e.g. FirstOf(MatchCustomer(), CreateCustomer())"
            raise ConfigurationError(msg)
        for strategy in strategies:
            must_be_a("FirstOf(…)", strategy, GuestStrategy, "guest strategies, such as MatchCustomer()")
        object.__setattr__(self, "strategies", strategies)

    def needs(self, order: Order) -> Sequence[Lookup]:
        """What any of them has to know."""
        return list(dict.fromkeys(lookup for each in self.strategies for lookup in each.needs(order)))

    def decide(self, order: Order, found: Found) -> Use | NewCustomer | Hold | Pass:
        """The first opinion; pass where nobody has one."""
        for strategy in self.strategies:
            decision = decided(strategy, order, found)
            if not isinstance(decision, Pass):
                return decision
        return Pass()


def decided(strategy: GuestStrategy, order: Order, found: Found) -> Use | NewCustomer | Hold | Pass:
    """What a strategy, perhaps the merchant's own, decides. Raises whatever it raises, and `WrongReturn`."""
    decision = strategy.decide(order, found)
    must_give(strategy.decide, decision, Use | NewCustomer | Hold | Pass, "Use(id), NewCustomer(…), Hold(…) or Pass()")
    return decision


def needs_of(function: Callable[[Order], Sequence[Lookup]], order: Order) -> Sequence[Lookup]:
    """What a strategy or mapper, perhaps the merchant's own, has to know. Raises as `decided` does."""
    return must_give_list(function, function(order), Lookup, "a list of Lookup (an empty one for nothing)")


def parts_of(strategy: GuestStrategy | None) -> Sequence[GuestStrategy]:
    """The strategies that are asked one after the other: those of a `FirstOf`, or the one there is."""
    if isinstance(strategy, FirstOf):
        return strategy.strategies
    return () if strategy is None else (strategy,)


def guest(order: Order) -> Account:
    """Who a guest is, as far as the order says: a company where the billing address names one, else a person."""
    address = order.billing or order.shipping_address
    first = address.first_name if address else order.custom.get("customer_firstname")
    last = address.last_name if address else order.custom.get("customer_lastname")
    company = address.company if address else None
    name = (
        company or " ".join(part for part in (first, last) if part) or order.email or f"Guest of order {order.number}"
    )
    return Account(
        name=name,
        is_person=company is None,
        first_name=first,
        last_name=last,
        email=order.email,
        phone=address.phone if address else None,
        currency=order.total.currency,
        billing=order.billing,
        shipping_address=order.shipping_address,
    )


def _named(order: Order) -> str:
    return f"Zoey order {order.number} (id {order.zoey_id})"


def _is_inactive(row: Row) -> bool:
    return row.get("isinactive") in ("T", True)
