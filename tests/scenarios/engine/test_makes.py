"""Effects that make records, on either side: each is one of its own, found again, and linked (G4, G6, E3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from attrs import field, frozen
from support.chores import chores
from support.trade import CUSTOMER, Trade

from zoey_netsuite import (
    AddOrderComment,
    Clients,
    CreateInvoice,
    CreateRecord,
    CreateShipment,
    Done,
    Effect,
    Evidence,
    Integration,
    Kind,
    Link,
    LinkTo,
    Makes,
    MappingError,
    Put,
    Ref,
    Report,
    UpdateOrder,
)
from zoey_netsuite.engine.codec import pack
from zoey_netsuite.state.links import Links
from zoey_netsuite.state.space import Space, to_text

NAMES = {"a": "Ann", "b": "Bea", "c": "Cid"}


@pytest.fixture
def trade(tmp_path: Any) -> Any:
    with Trade(tmp_path) as made:
        yield made


def contact(name: str, unit: str = "1") -> CreateRecord:
    """A contact of Ridgeline; its Zoey id is 701, 702, 703."""
    return CreateRecord(
        "contact",
        {"firstName": NAMES[name], "lastName": f"Doe {unit}", "company": {"id": CUSTOMER}},
        external_id=f"acme-contact-{unit}{name}",
        link=LinkTo("people", f"70{'abc'.index(name) + 1}"),
    )


def three(unit: str) -> Sequence[Effect]:
    return [contact(name, unit) for name in NAMES]


def contacts(trade: Trade) -> list[str]:
    """First names in NetSuite."""
    return sorted(str(row["firstname"]) for row in trade.erp.suiteql("SELECT id, firstname FROM contact ORDER BY id"))


def until_rest(trade: Trade, integration: Integration) -> Report:
    for _ in range(3):
        report = integration.run()
        report.raise_for_failure()
        trade.later(minutes=10)
    return report


def test_three_records_of_one_type_of_one_unit(trade: Trade) -> None:
    """G4: three in NetSuite, three links, three in the report; and none more when it is run again."""
    integration = chores(trade, three)
    planned = integration.run(dry_run=True)
    assert [plan.text for plan in planned.planned] == [
        f"create contact acme-contact-1{name} in NetSuite" for name in NAMES
    ]
    report = integration.run()
    again = integration.run()

    assert contacts(trade) == ["Ann", "Bea", "Cid"]
    for one, words in ((planned, "    would make: 3 contact"), (report, "    made: 3 contact")):
        assert one.syncs["chores"].made == one.syncs["chores"].as_data()["made"] == {"contact": 3}
        assert one.count("created") == 1, "it is one unit"
        assert words in str(one)
    assert (again.syncs["chores"].made, again.count("unchanged")) == ({}, 1)
    links = [entry.value["netsuite"] for _, entry in trade.store.scan(("acme", "link", "people", "zoey"))]
    assert len(set(links)) == 3


class TestTwoOfOneKey:
    """The journal could not tell them apart: one would be made, and the other be reported as made."""

    def decide(self, unit: str) -> Sequence[Effect]:
        if unit == "2":
            return [contact("a"), AddOrderComment("1", "hello", marker="[x]"), contact("a")]
        return [contact("a", unit)]

    def test_refused_by_name_while_the_others_go_on(self, trade: Trade) -> None:
        """G4, G6: nothing of that unit is done, in a dry run nothing is planned of it."""
        integration = chores(trade, self.decide, "1", "2", "3")
        planned = integration.run(dry_run=True)
        assert [(plan.unit_id, planned.count("held")) for plan in planned.planned] == [("1", 1), ("3", 1)]
        report = integration.run()

        assert (report.count("created"), report.count("held")) == (2, 1)
        assert contacts(trade) == ["Ann", "Ann"], "of units 1 and 3"
        (item,) = integration.attention.list()
        assert (item.unit_id, item.state, item.cause) == ("2", "held", "effects with one key")
        made = "create contact acme-contact-1a in NetSuite"
        for part in ("chores 2", "'contact acme-contact-1a'", made, "Give each"):
            assert part in item.message
        assert "have the key 'contact acme-contact-1a'" in integration.explain("chores", zoey_id="2").now[0]

    def test_by_what_an_earlier_one_gave(self, trade: Trade) -> None:
        """G4: two markers become one once it is known what they refer to: the first is written, the second refused."""
        order = trade.place()
        marks: Any = [Ref("contact"), Ref("contact acme-contact-1a")]
        integration = chores(
            trade, lambda _: [contact("a"), *(AddOrderComment(order, "see", marker=mark) for mark in marks)]
        )
        integration.run().raise_for_failure()

        (item,) = integration.attention.list()
        assert (item.state, item.cause) == ("held", "effects with one key")
        assert len([one for one in trade.shop.orders.comments(order) if "see" in (one.comment or "")]) == 1


class TestFormerKeys:
    """What a store of format 1 has noted under the type alone."""

    @pytest.fixture
    def made(self, trade: Trade) -> Mapping[str, str]:
        """What stands in NetSuite already, by what it is."""
        made = {"none": trade.erp.create("contact", {"firstName": "Eve", "lastName": "Poe"})}
        for name in ("b", "x"):
            record = {"firstName": NAMES.get(name, "Xia"), "lastName": "Doe", "externalId": f"acme-contact-1{name}"}
            made[name] = trade.erp.create("contact", record)
        return made

    def note(self, trade: Trade, *, result: str | None = None, effect: Any = None, leased: bool = True) -> None:
        """What the version before wrote: done with this result, or open."""
        at = to_text(trade.clock.now())
        value = {"done": effect is None, "at": at, "result": result, "effect": effect, "tries": 1}
        lease = {"owner": None, "until": at, "started": [["chores", "1", "contact"]]}
        trade.store.commit(
            [
                Put(("acme", "once", "chores", "1", "contact"), value),
                *([Put(("acme", "lease", "orders/1"), lease)] if effect is not None and leased else []),
            ]
        )

    @pytest.mark.parametrize(
        ("entry", "expected"),
        [
            ("b", ["Ann", "Bea", "Cid", "Eve", "Xia"]),
            ("x", ["Ann", "Bea", "Cid", "Eve", "Xia"]),
            ("none", ["Bea", "Cid", "Eve", "Xia"]),
            ("gone", ["Bea", "Cid", "Xia"]),
            (None, ["Bea", "Cid", "Eve", "Xia"]),
        ],
        ids=["the second's", "another's", "no external id", "deleted since", "a person said so"],
    )
    def test_done_counts_for_the_one_that_it_was(
        self, trade: Trade, made: Mapping[str, str], entry: str | None, expected: Sequence[str]
    ) -> None:
        """G4: no record twice, none missing. Where nothing tells, the first of the type was the one that was sent."""
        if entry == "gone":
            trade.erp.delete("contact", made["none"])
        self.note(trade, result=None if entry is None else made["none" if entry == "gone" else entry])
        integration = chores(trade, three)
        planned = integration.run(dry_run=True)
        until_rest(trade, integration)

        assert contacts(trade) == expected
        assert not integration.attention.list()
        assert len(planned.planned) == (2 if entry != "x" else 3), "the dry run knows, too"
        left = [key[-1] for key, _ in trade.store.scan(("acme", "once"))]
        assert ("contact" in left) == (entry == "x"), "it stands under the key of the one it was from then on"

    def stored(self, *, readable: bool = True) -> Any:
        """The second one, as the version before kept it."""
        packed = pack(contact("b"))
        place = "zoey_netsuite.engine.netsuite_effects:CreateRecord"
        return {"class": place if readable else "gone.module:CreateContact", "fields": packed["fields"]}

    @pytest.mark.parametrize("leased", [True, False], ids=["under its root", "under another root"])
    @pytest.mark.parametrize("happened", [True, False])
    def test_open_is_found_out_first(self, trade: Trade, happened: bool, leased: bool) -> None:
        """G4: read under the old place of its class, looked for, and done under the key that it has now."""
        if happened:
            trade.erp.create("contact", {"firstName": "Bea", "lastName": "Doe", "externalId": "acme-contact-1b"})
        self.note(trade, effect=self.stored(), leased=leased)
        integration = chores(trade, three)
        until_rest(trade, integration)

        assert contacts(trade) == ["Ann", "Bea", "Cid"]
        assert not integration.attention.list()
        entries = {key[-1]: entry.value["done"] for key, entry in trade.store.scan(("acme", "once"))}
        assert entries == {f"contact acme-contact-1{name}": True for name in NAMES}
        assert trade.store.scan(("acme", "lease")) == []

    def test_open_and_unreadable_is_held(self, trade: Trade) -> None:
        """G4, E3: nobody can tell which of them it was; nothing is made until a person has said so."""
        self.note(trade, effect=self.stored(readable=False))
        integration = chores(trade, three)
        until_rest(trade, integration)
        (item,) = integration.attention.list()
        assert (item.state, contacts(trade)) == ("held", [])

        integration.attention.retry(everything=True)
        until_rest(trade, integration)
        assert contacts(trade) == ["Ann", "Bea", "Cid"]


class TestMadeInZoey:
    def test_a_pair_that_is_linked_meanwhile_has_been_made(self, trade: Trade) -> None:
        """G4: an open effect has happened once the NetSuite record that it was for is linked."""

        @frozen(kw_only=True)
        class Note(Makes):
            """Made somewhere; only the link can tell."""

            target = "note"  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
            mark = "n"  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
            tries: list[str] = field(factory=list[str], eq=False)

            def describe(self) -> str:
                return "make a note"

            def perform(self, clients: Clients) -> Done:
                self.tries.append("sent")
                raise RuntimeError("its answer is lost")

        note = Note(link=LinkTo("notes", netsuite_id="4711"))
        Note.__qualname__ = "Note"
        globals()["Note"] = Note
        integration = chores(trade, lambda _: [note])
        integration.run().raise_for_failure()
        Links(Space(trade.store, "acme")).put([Link("notes", "9", "4711")])
        integration.attention.retry(everything=True)
        until_rest(trade, integration)

        assert note.tries == ["sent"]
        assert not integration.attention.list()
        (entry,) = [entry.value for _, entry in trade.store.scan(("acme", "once"))]
        assert (entry["done"], entry["result"]) == (True, "9"), "what was made is Zoey's"

    def test_a_link_names_the_record_on_the_other_side(self) -> None:
        """E3: the effect gives the id of what it makes; both ids, or the wrong one, are mistakes."""
        with pytest.raises(
            ValueError, match=r"makes a record in Zoey, so its LinkTo\('shipments'\) takes netsuite_id="
        ):
            CreateShipment(order_id="1", marker="[x]", link=LinkTo("shipments", "1"))
        with pytest.raises(ValueError, match=r"in NetSuite, so its LinkTo\('people'\) takes zoey_id="):
            CreateRecord("contact", {}, external_id="x", link=LinkTo("people", netsuite_id="1"))
        for ids in ({}, {"zoey_id": "1", "netsuite_id": "2"}):
            with pytest.raises(ValueError, match="exactly one"):
                LinkTo("people", **ids)
        assert LinkTo("people", "1").to("2") == Link("people", "1", "2")
        assert LinkTo("people", netsuite_id="2").to("1") == Link("people", "1", "2")


@frozen
class Tag:
    """A value within an effect."""

    text: str
    parts: tuple[Any, ...] = ()


@frozen
class Tagged(Effect):
    """Remembers what it was asked for."""

    kind = Kind.CONVERGENT
    tag: Tag
    seen: list[Any] = field(factory=list[Any], eq=False, metadata={"refs": False})

    @property
    def key(self) -> str:
        return "tagged"

    def describe(self) -> str:
        return "tag"

    def perform(self, clients: Clients) -> Done:
        self.seen.append(self.tag)
        return Done()


def test_a_ref_stands_at_any_depth(trade: Trade) -> None:
    """E3: in attrs values, mappings, lists, tuples and sets; a type names the only record made of it."""
    order = trade.place()
    named: Any = Ref("contact")
    seen: list[Any] = []
    integration = chores(
        trade,
        lambda _: [
            contact("a"),
            CreateInvoice(order_id=order, marker="[i]", link=LinkTo("bills", netsuite_id=named)),
            Tagged(Tag(named, ({"x": [frozenset([Ref("invoice [i]")])]}, Tag("y", (named,)))), seen),
        ],
    )
    until_rest(trade, integration)
    (made,) = [str(row["id"]) for row in trade.erp.suiteql("SELECT id FROM contact ORDER BY id")]
    (invoice,) = [one.id for one in trade.shop.orders.invoices(order)]
    assert seen[0] == Tag(made, ({"x": [frozenset([invoice])]}, Tag("y", (made,))))
    (bill,) = trade.store.scan(("acme", "link", "bills", "zoey"))
    assert (bill[0][-1], bill[1].value["netsuite"]) == (invoice, made)

    two = chores(trade, lambda _: [contact("b"), contact("c"), UpdateOrder(order, {"po_number": named})])
    two.run().raise_for_failure()
    (item,) = two.attention.list()
    assert "those before are: contact acme-contact-1b, contact acme-contact-1c" in item.message


@frozen
class BadLink(AddOrderComment):
    """A user's comment that gives a link with a number for an id."""

    where: str = "found"

    def _done(self) -> Done:
        ids: Any = (55, "7")
        return Done("1", links=[Link("x", *ids)])

    def find(self, clients: Clients) -> Done | None:
        return None if super().find(clients) is None else self._done()

    def perform(self, clients: Clients) -> Done:
        if self.where != "at once":
            super().perform(clients)
        return self._done()


@frozen
class BadState(UpdateOrder):
    """The same of an effect that brings something to a state."""

    def perform(self, clients: Clients) -> Done:
        ids: Any = ("55", "acme")
        return Done(links=[Link("x", *ids)])


class TestNoId:
    """An id that can't be one is refused where it is made, by field and value."""

    @pytest.mark.parametrize("where", ["at once", "found", "never found", "state"])
    def test_that_unit_is_held_and_the_others_go_on(self, trade: Trade, where: str) -> None:
        """G6: also where the record is written by then, and where looking for it makes the same link again."""
        order = trade.place()

        def decide(unit: str) -> Sequence[Effect]:
            if unit != "2":
                return [contact("a", unit)]
            if where == "state":
                return [BadState(order, {"po_number": "1"})]
            return [BadLink(order, "bad", marker=None if where == "never found" else "[bad]", where=where)]

        integration = chores(trade, decide, "1", "2", "3")
        report = integration.run()
        report.raise_for_failure()
        assert (report.count("created"), report.count("held")) == (2, 1)
        (item,) = integration.attention.list()
        wrong, cause = ("netsuite_id='acme'", "netsuite_id") if where == "state" else ("zoey_id=55", "zoey_id")
        assert (item.unit_id, item.state, item.cause) == ("2", "held", f"mapping {cause}")
        assert f"a link of kind 'x' can't be made: {wrong}" in item.message
        until_rest(trade, integration)
        integration.attention.retry(everything=True)
        until_rest(trade, integration)
        written = [one for one in trade.shop.orders.comments(order) if "bad" in (one.comment or "")]
        assert len(written) == {"found": 1, "never found": 2}.get(where, 0), "again only when a person says so"

    @pytest.mark.parametrize(
        ("zoey_id", "netsuite_id", "said"),
        [
            (55, "7", 'zoey_id=55 is a number, and ids are text: give "55"'),
            ("55", -5, 'netsuite_id=-5 is a number, and ids are text: give "-5"'),
            ("-1", "7", "zoey_id='-1' can't be the id of a record there: Zoey's ids are text of digits"),
            ("", "7", "zoey_id='' can't be"),
            ("5 ", "7", "zoey_id='5 ' can't be"),
            ("5", "SO-7", "netsuite_id='SO-7' can't be the id of a record there: NetSuite's internal ids are text"),
            ("5", None, "netsuite_id=None can't be"),
            ("5", "٣", "netsuite_id='٣' can't be"),
        ],
    )
    def test_a_link_says_what_is_wrong(self, zoey_id: Any, netsuite_id: Any, said: str) -> None:
        with pytest.raises(MappingError) as caught:
            Link("x", zoey_id, netsuite_id)
        assert said in str(caught.value)
        assert caught.value.field == said.partition("=")[0]
        if zoey_id not in (55, "-1", "", "5 "):
            return
        with pytest.raises(MappingError, match="LinkTo"):
            LinkTo("x", zoey_id)

    def test_what_can_be_one(self) -> None:
        """NetSuite has records below 0, and a store may hold what was taken before."""
        assert Link("x", "0", "-5").netsuite_id == "-5"
        assert Link.known("x", "sku 7", "none", root="x/sku 7", data={}).zoey_id == "sku 7"

    def test_a_result_that_is_no_json(self, trade: Trade) -> None:
        """G6: what can't be kept is that unit's trouble, too."""

        @frozen
        class Odd(UpdateOrder):
            def perform(self, clients: Clients) -> Done:
                return Done({"when": trade})

        integration = chores(trade, lambda unit: [Odd("1")] if unit == "2" else [contact("a", unit)], "1", "2", "3")
        report = integration.run()
        report.raise_for_failure()
        assert (report.count("created"), report.count("failed")) == (2, 1)
        assert (
            "can't be" in integration.attention.list()[0].message or "JSON" in integration.attention.list()[0].message
        )


def test_evidence_stays_what_it_was() -> None:
    """E3: what carries an external id is taken once by NetSuite; what carries a marker is looked for."""
    assert contact("a").evidence is Evidence.EXTERNAL_ID
    assert CreateShipment(order_id="1", marker="[x]").evidence is Evidence.MARKER
