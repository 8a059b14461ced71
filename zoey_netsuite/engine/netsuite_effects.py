"""What syncs have done on NetSuite, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from attrs import field, frozen

from zoey_netsuite.engine.effects import Clients, Done, Effect, Evidence, Kind
from zoey_netsuite.engine.existing import Marked, Wanted, by_mark, existing
from zoey_netsuite.engine.makes import Makes
from zoey_netsuite.engine.marks import mark_of
from zoey_netsuite.errors import HeldError, NotFoundError, ZoeyNetSuiteError
from zoey_netsuite.netsuite.records import agrees, in_words
from zoey_netsuite.state.records import Side
from zoey_netsuite.state.store import JSON

PATIENCE = 180.0
"""Seconds that a batch is waited for, within a lease. What is not done by then is looked for later."""


@frozen(kw_only=True)
class MakesInNetSuite(Makes):
    """Makes a NetSuite record that carries an external id, by which it is found again.

    Attributes:
        external_id: `{integration}-{kind}-{Zoey id}`; letters, digits, `-` and `_` only.
        agree: fields of a record found under that external id that must agree for it to be taken for this one, a
            reference by its id. Anything else there is a clash, which a person has to look at.
    """

    system: ClassVar[Side] = "netsuite"

    external_id: str
    agree: Mapping[str, JSON] = field(factory=dict[str, JSON])

    @property
    def mark(self) -> str:
        """The external id."""
        return self.external_id

    @property
    def former_keys(self) -> Sequence[str]:
        """The type alone was the key before format 2, when a unit made one record of a type."""
        return (self.target,) if type(self).key is Makes.key else ()

    def was(self, result: JSON, clients: Clients) -> bool:
        """Whether the record that the journal has noted under the type alone is this one.

        One entry stood for all records of its type that a unit was to make; only the first was made, and the others
        were taken for done. Which one that was, the record's own external id says:

        - this one's: it was this. It is not made again, also where a person has changed the external id's record since.
        - another's: this one was never made. It is made now. (Should it be there all the same, NetSuite refuses the
          second by its external id, and what is there is taken.)
        - none, as the record was deleted by hand, or a transform has dropped its external id: nothing can tell. The
          first effect of the type in the decision is taken for it, as that is the one that was sent, and it is not
          made again: what a person has deleted stays deleted. The entry then stands under that effect's key, so that
          no second one is taken for it.
        """
        if result is None:  # a person has looked, and said that it has happened
            return True
        try:
            record = clients.netsuite.record(self.target, str(result), fields=["externalId"], expand=False)
        except NotFoundError:
            return True
        return record.get("externalId") in (None, "", self.external_id)

    @property
    def evidence(self) -> Evidence:
        """NetSuite takes an external id once for a type of record."""
        return Evidence.EXTERNAL_ID

    def find(self, clients: Clients) -> Done | None:
        """Look the external id up, and whether what is there agrees."""
        (found,) = self.find_many([self], clients)
        if isinstance(found, HeldError):
            raise found
        return found

    @classmethod
    def find_many(  # pyright: ignore[reportIncompatibleMethodOverride]  only called with effects of its own class
        cls, effects: Sequence[Self], clients: Clients
    ) -> Sequence[Done | HeldError | None]:
        """The same for many, in as few calls as NetSuite allows."""
        wanted = [Wanted(effect.target, effect.external_id, effect.agree) for effect in effects]
        return [
            effect.done(found) if isinstance(found, str) else found
            for effect, found in zip(effects, existing(wanted, clients.netsuite), strict=True)
        ]


@frozen
class CreateRecord(MakesInNetSuite):
    """Make a NetSuite record, once.

    Attributes:
        type: as the record API calls it ("salesOrder").
        record: its fields, without the external id.
        batch: let it go out with others of its type in one asynchronous batch, instead of a call of its own.

    Source: NetSuite, REST Web Services, Creating a Record Instance; Batch Operations.
    """

    stored_as = "netsuite-create"
    formerly = ("zoey_netsuite.engine.netsuite_effects:CreateRecord",)

    type: str
    record: Mapping[str, JSON]
    batch: bool = field(default=False, kw_only=True)

    @property
    def target(self) -> str:
        """The type."""
        return self.type

    @property
    def together(self) -> str | None:
        """Records of one type, where a batch is wanted."""
        return self.type if self.batch else None

    def describe(self) -> str:
        """A line for people."""
        return f"create {self.type} {self.external_id} in NetSuite"

    def perform(self, clients: Clients) -> Done:
        """One call."""
        return self.done(clients.netsuite.create(self.type, {**self.record, "externalId": self.external_id}))

    @classmethod
    def perform_many(  # pyright: ignore[reportIncompatibleMethodOverride]  only called with effects of its own class
        cls, effects: Sequence[Self], clients: Clients
    ) -> Sequence[Done | ZoeyNetSuiteError]:
        """One batch, whose job has ended when this returns."""
        records = [{**effect.record, "externalId": effect.external_id} for effect in effects]
        results = clients.netsuite.batch(effects[0].type, "create", records, longest=PATIENCE)
        return [
            effect.done(result.id) if result.id is not None else result.error or _no_id(effect)
            for effect, result in zip(effects, results, strict=True)
        ]


@frozen
class TransformRecord(MakesInNetSuite):
    """Make one NetSuite record out of another (an invoice out of a sales order), once.

    Some accounts drop the external id of what a transform makes. So it also carries a mark in its `memo`, behind what
    `changes` says there, and is found by either: `[acme ZOEY invoice 812]` for the external id `acme-invoice-812`.

    Attributes:
        source, id: what it is made of; the id may be a `Ref`.
        into: the type of what is made.
        changes: what is to differ from NetSuite's defaults. A line that is not listed keeps its default: list what is
            left out, too.

    Source: NetSuite, REST Web Services, Transforming Records.
    """

    stored_as = "netsuite-transform"
    formerly = ("zoey_netsuite.engine.netsuite_effects:TransformRecord",)

    source: str
    id: str
    into: str
    changes: Mapping[str, JSON] = field(factory=dict[str, JSON])

    @property
    def target(self) -> str:
        """The type of what is made."""
        return self.into

    def describe(self) -> str:
        """A line for people."""
        return f"create {self.into} {self.external_id} of {self.source} {self.id} in NetSuite"

    def perform(self, clients: Clients) -> Done:
        """One call."""
        memo = f"{self.changes.get('memo') or ''} {mark_of(self.external_id)}".strip()
        changes = {**self.changes, "externalId": self.external_id, "memo": memo}
        return self.done(clients.netsuite.transform(self.source, self.id, self.into, changes))

    @property
    def evidence(self) -> Evidence:
        """The mark: where the external id is dropped NetSuite takes a second one, so that it is always looked for."""
        return Evidence.MARKER

    @classmethod
    def find_many(  # pyright: ignore[reportIncompatibleMethodOverride]  only called with effects of its own class
        cls, effects: Sequence[Self], clients: Clients
    ) -> Sequence[Done | HeldError | None]:
        """By the external ids, and those that are not there by their marks, among what was made of the same source."""
        found = super().find_many(effects, clients)
        missing = [effect for effect, one in zip(effects, found, strict=True) if one is None]
        marked = by_mark([Marked(one.into, one.id, mark_of(one.external_id)) for one in missing], clients.netsuite)
        rest = iter(marked)
        return [
            one if one is not None else None if (id := next(rest)) is None else effect.done(id)
            for effect, one in zip(effects, found, strict=True)
        ]


@frozen
class UpdateRecord(Effect):
    """Bring fields of a NetSuite record to given values.

    Attributes:
        type, id: which; the id may be a `Ref`.
        changes: fields and their values; None clears a field.
        replace: sublists whose lines are replaced by those given.
        expect: fields that must be as given when the record is read again right before; otherwise a person is to
            decide, unless the changes are there already.

    Source: NetSuite, REST Web Services, Updating a Record Instance.
    """

    stored_as = "netsuite-update"
    formerly = ("zoey_netsuite.engine.netsuite_effects:UpdateRecord",)

    kind = Kind.CONVERGENT
    system: ClassVar[Side] = "netsuite"

    type: str
    id: str
    changes: Mapping[str, JSON]
    replace: Sequence[str] = field(default=(), kw_only=True)
    expect: Mapping[str, JSON] = field(factory=dict[str, JSON], kw_only=True)

    @property
    def key(self) -> str:
        """The record."""
        return f"{self.type} {self.id}"

    def describe(self) -> str:
        """A line for people."""
        wanted = ", ".join(f"{name} to {value}" for name, value in self.changes.items())
        return f"set {wanted or 'nothing'} of {self.type} {self.id} in NetSuite"

    def perform(self, clients: Clients) -> Done:
        """One call; with `expect`, one more before it; none where nothing is to be changed."""
        if not self.changes:
            return Done(changed=False)
        if self.expect:
            fields = sorted({*self.expect, *self.changes})
            now = clients.netsuite.record(self.type, self.id, fields=fields, expand=False)
            if all(agrees(now.get(name), value) for name, value in self.changes.items()):
                return Done(changed=False)
            moved = [name for name, value in self.expect.items() if not agrees(now.get(name), value)]
            if moved:
                found = ", ".join(f"{name} is {in_words(now.get(name))}" for name in moved)
                raise HeldError(f"{self.type} {self.id}: {found}, so nothing was changed ({self.describe()})")
        clients.netsuite.update(self.type, self.id, self.changes, self.replace)
        return Done()


@frozen
class CloseLines(Effect):
    """Close open lines of a NetSuite sales order, which ends it where all are closed.

    The order is read again right before: with anything fulfilled or billed of those lines it is left as it is, and a
    person is to decide.

    Attributes:
        order_id: the sales order.
        lines: line numbers (`line`); None for all.

    Source: NetSuite, Closing a Sales Order; REST has no action that cancels or closes one.
    """

    stored_as = "netsuite-close-lines"
    formerly = ("zoey_netsuite.engine.netsuite_effects:CloseLines",)

    kind = Kind.CONVERGENT
    system: ClassVar[Side] = "netsuite"

    order_id: str
    lines: Sequence[int] | None = None

    @property
    def key(self) -> str:
        """The order."""
        return f"close {self.order_id}"

    def describe(self) -> str:
        """A line for people."""
        which = "all open lines" if self.lines is None else f"lines {', '.join(map(str, self.lines))}"
        return f"close {which} of sales order {self.order_id} in NetSuite"

    def perform(self, clients: Clients) -> Done:
        """Read, then one call if anything is open."""
        record = clients.netsuite.record("salesOrder", self.order_id, fields=["item"])
        wanted = None if self.lines is None else set(self.lines)
        chosen = [line for line in record.lines() if wanted is None or line["line"] in wanted]
        done = [line["line"] for line in chosen if line.get("quantityFulfilled") or line.get("quantityBilled")]
        if done:
            raise HeldError(
                f"sales order {self.order_id} in NetSuite: line {done[0]} is fulfilled or billed already, so nothing"
                f" was closed. Decide there what becomes of the order.",
                cause="fulfilled already",
            )
        still_open = [line["line"] for line in chosen if not line.get("isClosed")]
        if not still_open:
            return Done(changed=False)
        closed = {"item": {"items": [{"line": number, "isClosed": True} for number in still_open]}}
        clients.netsuite.update("salesOrder", self.order_id, closed)
        return Done()


def _no_id(effect: CreateRecord) -> ZoeyNetSuiteError:
    return HeldError(f"{effect.describe()}: the batch says that it was made, and does not say its id", cause="no id")
