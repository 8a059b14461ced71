"""Buyers: which NetSuite customer a Zoey person buys for, by the id that the account or the person carries."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta

from attrs import define, field

from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.errors import MappingError, ZoeyNetSuiteError
from zoey_netsuite.netsuite.values import NO_INTERNAL_ID, is_internal_id
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.space import chunks, to_moment, to_text
from zoey_netsuite.zoey import RecordError, in_

BUYERS = "buyers"
"""Kind of link: orders of a Zoey person are booked on a NetSuite customer."""


FRESH = timedelta(days=1)
"""After so long a buyer's account is looked at again: it may have been given another customer."""


@define
class Buyers:
    """Finds the customers of Zoey people, in bulk.

    Args:
        account_attribute: of an account: where NetSuite's internal id of the customer stands.
        person_attribute: of a person: likewise; it goes before the account's.

    Attributes:
        fresh: links that were found and are not in the store yet.
    """

    ctx: SyncContext
    account_attribute: str
    person_attribute: str
    fresh: list[Link] = field(factory=list[Link], init=False)
    _unreadable: dict[str, ZoeyNetSuiteError] = field(factory=dict[str, ZoeyNetSuiteError], init=False)
    _unreadable_account: RecordError | None = field(default=None, init=False)
    _misnamed: dict[str, ZoeyNetSuiteError] = field(factory=dict[str, ZoeyNetSuiteError], init=False)
    _by_account: dict[str, str] | None = field(default=None, init=False)

    def of(self, customer_ids: Collection[str]) -> dict[str, Link]:
        """The links of these people; those who are not found are left out.

        Costs no call for those who are known; for others one a hundred people, and all accounts once.
        """
        known: dict[str, Link] = {}
        for part in chunks(sorted(customer_ids)):
            known |= {key: link for key, link in self.ctx.links.by_zoey(BUYERS, part).items() if self._is_fresh(link)}
        known |= {link.zoey_id: link for link in self.fresh if link.zoey_id in customer_ids}
        missing = [one for one in customer_ids if one not in known]
        if missing:
            found = list(self._found(missing))
            self.fresh += found
            known |= {link.zoey_id: link for link in found}
        return known

    def unreadable(self, customer_id: str | None) -> ZoeyNetSuiteError | None:
        """Why nobody can tell whose customer a person is that `of` was asked for; None where that is no error's fault:
        it was found, or no record says it.
        """
        return None if customer_id is None else self._unreadable.get(customer_id)

    def _is_fresh(self, link: Link) -> bool:
        """Whether a buyer need not be asked for again; those that somebody linked by hand never are."""
        seen = link.data.get("seen")
        return seen is None or timedelta() <= self.ctx.now - to_moment(seen) < FRESH

    def _link(self, customer_id: str, netsuite_id: str) -> Link:
        return Link(BUYERS, customer_id, netsuite_id, data={"seen": to_text(self.ctx.now)})

    def _found(self, customer_ids: Collection[str]) -> Iterator[Link]:
        left = set(customer_ids)
        for part in chunks(sorted(left), 100):
            for person in self.ctx.zoey.customers.list_each(entity_id=in_(part)):
                if isinstance(person, RecordError):
                    left.discard(person.id)
                    self._unreadable[person.id] = person
                    continue
                netsuite_id = _text(person.custom.get(self.person_attribute))
                if netsuite_id is None:
                    continue
                left.discard(person.id)
                if is_internal_id(netsuite_id):
                    yield self._link(person.id, netsuite_id)
                else:
                    names = f"Zoey customer {person.id} ({person.email})"
                    self._unreadable[person.id] = _no_id(names, self.person_attribute, netsuite_id)
        if left:
            accounts = self._accounts()
            for customer_id in sorted(left & set(accounts)):
                yield self._link(customer_id, accounts[customer_id])
            self._unreadable |= {one: self._misnamed[one] for one in left & set(self._misnamed)}
            if self._unreadable_account is not None:
                self._unreadable |= dict.fromkeys(left - set(accounts), self._unreadable_account)

    def _accounts(self) -> dict[str, str]:
        """By person, the customer id of the account; those in several accounts of different customers are left out."""
        if self._by_account is None:
            found: dict[str, set[str]] = {}
            for account in self.ctx.zoey.accounts.list_each():
                if isinstance(account, RecordError):
                    self._unreadable_account = self._unreadable_account or account
                    continue
                own = account.external_id if self.account_attribute == "external_id" else None
                netsuite_id = _text(own or account.custom.get(self.account_attribute))
                if netsuite_id is None:
                    continue
                people = [one.customer_id for one in account.contacts if one.customer_id is not None]
                if not is_internal_id(netsuite_id):
                    error = _no_id(f"Zoey account {account.id} ({account.name})", self.account_attribute, netsuite_id)
                    self._misnamed |= dict.fromkeys(people, error)
                    continue
                for person in people:
                    found.setdefault(person, set()).add(netsuite_id)
            certain = {person: next(iter(ids)) for person, ids in found.items() if len(ids) == 1}
            self._by_account = {person: id for person, id in certain.items() if person not in self._misnamed}
        return self._by_account


def _no_id(names: str, attribute: str, given: str) -> MappingError:
    msg = (
        f"{names} has {given[:80]!r} in {attribute}, which is {NO_INTERNAL_ID}."
        " Put the internal id of the NetSuite customer there, then retry the order"
    )
    return MappingError(msg, field=attribute)


def _text(value: object) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None
