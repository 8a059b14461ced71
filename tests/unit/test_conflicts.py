"""Who is right where the two sides differ (G2): compared per field, decided by strategies, answered by people."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.disputes import AFTER, BEFORE, account, dispute

from zoey_netsuite import Account, Address, Hold, Money, Skip
from zoey_netsuite.conflicts import (
    Agreed,
    Answer,
    Answered,
    Conflict,
    ConflictStrategy,
    HoldForReview,
    LatestWins,
    MergeFields,
    NetSuiteWins,
    Take,
    Writes,
    ZoeyWins,
    compare,
    decide,
    merge,
    writes,
)
from zoey_netsuite.conflicts.comparing import alike, as_json, digest, same, told
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.state.snapshots import Past

SAME: list[tuple[Any, Any]] = [
    (None, ""),
    (None, "  "),
    (None, []),
    (None, {}),
    (None, Address()),
    (Decimal("12.5"), Decimal("12.5000")),
    (Decimal("12.5"), "12.5000"),
    (12.5, Decimal("12.50")),
    (7, "7"),
    (0, Decimal("-0.00")),
    ("a\r\nb", " a\nb "),
    ("e\u0301", "\u00e9"),
    (datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=1)))),
    (date(2026, 3, 1), "2026-03-01"),
    (["1", None], ("1", "")),
    ({"a": 1, "b": None}, {"a": Decimal("1.0")}),
    (Address(city="Oslo", street=()), Address(city="Oslo ", street=("",)[:0])),
    (Money(Decimal("1"), "USD"), Money(Decimal("1.00"), "USD")),
    (float("nan"), float("nan")),
    ({3, 1}, {1, 3}),
]

DIFFERENT: list[tuple[Any, Any]] = [
    ("01234", "1234"),
    ("1.10", "1.1"),
    ("a", "A"),
    (True, 1),
    (True, "1"),
    (False, None),
    (False, 0),
    (0, None),
    ("0", None),
    ("a b", "a  b"),
    (Money(Decimal("1"), "USD"), Money(Decimal("1"), "EUR")),
    (["1", "2"], ["2", "1"]),
    (["1"], ["1", "1"]),
    ({"a": 1}, {"a": 1, "b": 2}),
    (Decimal("12.5"), "12,5"),
    (Decimal("12.5"), "NaN"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_values_that_mean_the_same(one: object, other: object) -> None:
    assert same(one, other)
    assert same(other, one)


def test_numbers_of_any_length() -> None:
    long = 10**6000
    assert same(long, long)
    assert not same(long, long + 1)
    assert digest(long) != digest(long + 1)
    assert len(told(long)) < 110


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_values_that_differ(one: object, other: object) -> None:
    assert not same(one, other)
    assert not same(other, one)
    assert digest(one) != digest(other) or isinstance(one, Decimal | str) != isinstance(other, Decimal | str)


def test_digests_are_equal_for_what_one_side_writes_in_two_ways() -> None:
    assert digest(Decimal("12.5")) == digest(Decimal("12.5000")) == digest(12.5)
    assert digest(Decimal("1E+2")) == digest(100)
    assert digest("") == digest(None)
    assert digest("1") != digest("01")
    assert digest("a", None) != digest(None, "a")
    assert digest(Decimal("1E+999999")) != digest(Decimal("1E+999998"))


def test_values_in_messages_are_short_and_plain() -> None:
    assert told(None) == told("") == "nothing"
    assert told("a") == '"a"'
    assert told(Money(Decimal("3.5"), "USD")) == "3.5 USD"
    assert told(Decimal("12.50")) == '"12.5"'
    assert len(told("a" * 1000)) < 110
    assert as_json({"n": Decimal("12.50"), "t": datetime(2026, 1, 1, tzinfo=UTC)}) == {
        "n": "12.5",
        "t": "2026-01-01T00:00:00+00:00",
    }


def test_each_side_is_compared_with_what_it_gave_back() -> None:
    """NetSuite reformats phones: that is no change, and nothing is written because of it."""
    base = Agreed(account(phone="555-123 4567"), account(phone="(555) 123-4567"))
    conflict = compare(base, account(phone="555-123 4567", email="new@x.com"), account(phone="(555) 123-4567"))

    assert conflict.changed_in_zoey == {"email"}
    assert conflict.changed_in_netsuite == frozenset()
    assert conflict.base == base.zoey
    assert conflict.base_in_netsuite == base.netsuite
    for strategy in (NetSuiteWins(), ZoeyWins(), MergeFields()):
        taken = strategy.resolve(conflict)
        assert isinstance(taken, Take)
        written = writes(conflict, taken.entity)
        assert "phone" not in written.zoey | written.netsuite


def test_before_the_first_agreement_all_that_differs_is_changed_on_both_sides() -> None:
    conflict = compare(None, account(phone="1", email="a@x.com"), account(phone="2", email="a@x.com "))

    assert conflict.changed_in_zoey == conflict.changed_in_netsuite == {"phone"}
    assert conflict.base is None
    assert conflict.contested == {"phone"}


def test_custom_fields_are_compared_by_name() -> None:
    """Those that both sides have, or had when they agreed; a side's own ones are nobody's business."""
    base = account(custom={"vip": "0", "gone": "x"})
    conflict = compare(
        base,
        account(custom={"vip": "1", "gone": "x", "zoey_only": "1"}),
        account(custom={"vip": "0", "custentity_only": "2"}),
    )

    assert conflict.changed_in_zoey == {"custom.vip"}
    assert conflict.changed_in_netsuite == {"custom.gone"}
    assert compare(None, account(custom={"a": 1, "b": 1}), account(custom={"b": 2})).changed == {"custom.b"}


def test_only_the_named_fields_are_compared() -> None:
    base = account(phone="1", email="a")
    conflict = compare(
        base, account(phone="2", email="b"), account(phone=None, custom={"vip": 1}), fields=["phone", "custom.vip"]
    )

    assert conflict.changed_in_zoey == {"phone"}
    assert conflict.changed_in_netsuite == {"phone"}
    assert compare(Agreed(base, base, frozenset({"phone"}), frozenset({"phone"})), base, base).changed == frozenset()
    with pytest.raises(TypeError, match="'phone' is one name"):
        compare(base, base, base, fields="phone")


def test_a_field_of_a_new_rule_gets_its_base_when_first_seen() -> None:
    known = frozenset({"name", "phone"})
    base = Agreed(account(phone="1"), account(phone="1"), known, known)
    conflict = compare(
        base, account(phone="1", email="a", custom={"new": 1}), account(phone="2", email="b", custom={"new": 2})
    )

    assert conflict.changed_in_zoey == frozenset()
    assert conflict.changed_in_netsuite == {"phone"}


def test_a_field_that_a_new_mapper_reads_is_no_change_on_both_sides() -> None:
    """Under another digest; with the same one, or where one side only is filled, it is a change."""
    base = Agreed(account(phone=None), account(phone=None), rules="old")
    zoey, netsuite = account(phone="1"), account(phone="2")

    assert compare(base, zoey, netsuite, rules="new").changed == frozenset()
    assert compare(base, zoey, netsuite, rules="old").contested == {"phone"}
    assert compare(base, zoey, account(phone=None), rules="new").changed_in_zoey == {"phone"}
    assert compare(base, account(phone=None), netsuite, rules="new").changed_in_netsuite == {"phone"}
    held = Agreed(account(phone="0"), account(phone="0"), rules="old")
    assert compare(held, zoey, netsuite, rules="new").contested == {"phone"}, "a real conflict outlives a new mapper"


def test_a_side_that_was_not_read_back_is_compared_with_the_other() -> None:
    """What nobody has read back may have been changed since: that must not be taken for the agreed value."""
    base = Agreed(account(phone="1"), account(phone="?"), None, frozenset({"name"}))

    assert compare(base, account(phone="1"), account(phone="1")).changed == frozenset()
    assert compare(base, account(phone="1"), account(phone="2")).changed_in_netsuite == {"phone"}


def test_a_side_that_was_not_read_back_may_write_it_in_its_own_way() -> None:
    """That comes back neither as a change nor, in the other side's form, as the next one, for ever."""
    base = Agreed(account(phone="555-1000 x2"), account(), None, frozenset())

    for theirs in ("(555) 1000 X2", "5551000x2"):
        assert compare(base, base.zoey, account(phone=theirs)).changed == frozenset()
    assert compare(base, base.zoey, account(phone="(555) 1000 x3")).changed_in_netsuite == {"phone"}
    known = Agreed(account(phone="555-1000"), account(phone="(555) 1000"))
    assert compare(known, known.zoey, account(phone="555-1000")).changed_in_netsuite == {"phone"}, "it is its own form"


ALIKE: list[tuple[Any, Any]] = [
    ("555-1000", "(555) 1000"),
    ("Main St.", "MAIN ST"),
    (Address(street=("1 Main St.",), city="Oslo"), Address(street=("1 MAIN ST",), city="Oslo")),
    (Decimal("1.5"), "1.50"),
    ("--", " --"),
]
NOT_ALIKE: list[tuple[Any, Any]] = [
    ("555-1000", "555-1001"),
    ("1.5", "15"),
    ("-5", "5"),
    (Decimal("1.5"), "15"),
    ("--", "++"),
    ("--", None),
    (["a"], ["a", "-"]),
    (True, "true"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_values_that_are_alike(one: object, other: object) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(("one", "other"), NOT_ALIKE)
def test_values_that_are_not(one: object, other: object) -> None:
    assert not alike(one, other)
    assert not alike(other, one)


def test_times_are_aware() -> None:
    naive = datetime(2026, 1, 1)
    with pytest.raises(ValueError, match="zoey_changed_at=2026-01-01T00:00:00 has no time zone"):
        compare(None, account(), account(), zoey_changed_at=naive)
    with pytest.raises(ValueError, match="netsuite_changed_at"):
        compare(None, account(), account(), netsuite_changed_at=naive)


def test_masters_overwrite() -> None:
    """G2: changes on the master overwrite the other side, and the other side's are changed back."""
    conflict = dispute(zoey={"phone": "2", "email": "z"}, netsuite={"phone": "3", "name": "N"})

    assert NetSuiteWins().resolve(conflict) == Take(conflict.netsuite)
    assert ZoeyWins().resolve(conflict) == Take(conflict.zoey)
    assert writes(conflict, conflict.netsuite) == Writes({"phone", "email", "name"}, frozenset())
    assert writes(conflict, conflict.zoey) == Writes(frozenset(), {"phone", "email", "name"})


def test_what_nobody_changed_is_written_nowhere() -> None:
    conflict = dispute(zoey={"phone": "2"}, netsuite={})
    assert writes(conflict, account(name="other", phone="2", email="other")) == Writes((), {"phone"})
    assert writes(conflict, conflict.zoey, leaving={"phone"}) == Writes()
    reverted = conflict.base
    assert reverted is not None
    assert writes(conflict, reverted) == Writes({"phone"}, ())


def test_review_holds_every_change_and_says_what_to_do() -> None:
    conflict = dispute(zoey={"phone": "2"}, netsuite={"email": "n"})
    held = HoldForReview().resolve(conflict)

    assert isinstance(held, Hold)
    assert held.cause == "conflict"
    assert held.reason == (
        'record (Zoey 12, NetSuite 345): email: Zoey has "a@x.com", NetSuite has "n"; phone: Zoey has "2", NetSuite has'
        ' "1". Say which side is right: integration.attention.resolve(item, take="zoey"), or take="netsuite", or a side'
        ' for each field, take={"email": "zoey", …}; or make both sides agree.'
    )
    assert held.evidence["conflict"]["phone"] == {
        "zoey": "2",
        "netsuite": "1",
        "base": "1",
        "about": digest("2", "1"),
    }
    same_change = dispute(zoey={"phone": "2"}, netsuite={"phone": "2"})
    assert HoldForReview().resolve(same_change) == Take(same_change.zoey)


@pytest.mark.parametrize(
    ("zoey_at", "netsuite_at", "side"),
    [
        (AFTER, BEFORE, "zoey"),
        (BEFORE, AFTER, "netsuite"),
        (AFTER, AFTER, None),
        (AFTER.astimezone(timezone(timedelta(hours=5))), AFTER, None),
        (None, AFTER, None),
        (AFTER, None, None),
        (None, None, None),
    ],
)
def test_latest_wins(zoey_at: datetime | None, netsuite_at: datetime | None, side: str | None) -> None:
    conflict = dispute(
        zoey={"phone": "2"}, netsuite={"phone": "3"}, zoey_changed_at=zoey_at, netsuite_changed_at=netsuite_at
    )
    if side is None:
        assert isinstance(LatestWins().resolve(conflict), Hold)
        assert LatestWins(otherwise=ZoeyWins()).resolve(conflict) == Take(conflict.zoey)
    else:
        assert LatestWins().resolve(conflict) == Take(getattr(conflict, side))


def test_the_only_side_that_changed_is_the_latest() -> None:
    """Whatever the times say: they are of the whole record, and may be of something that nobody compares."""
    times = {"zoey_changed_at": BEFORE, "netsuite_changed_at": AFTER}
    assert LatestWins().resolve(dispute(zoey={"phone": "2"}, netsuite={}, **times)) == Take(account(phone="2"))
    assert LatestWins().resolve(dispute(zoey={}, netsuite={"phone": "2"})) == Take(account(phone="2"))


class Unasked(ConflictStrategy[Account]):
    """Must not be asked."""

    def resolve(self, conflict: Conflict[Account]) -> Take[Account] | Hold | Skip:
        raise AssertionError(f"asked about {conflict.changed}")


def test_merging_takes_what_one_side_changed_without_asking() -> None:
    """G2: for a whole record or a field."""
    conflict = dispute(
        base={"custom": {"vip": "0"}},
        zoey={"phone": "2", "custom": {"vip": "1"}},
        netsuite={"email": "n", "custom": {"vip": "0", "custentity": "1"}},
    )
    taken = MergeFields(rules={"phone": Unasked(), "email": Unasked()}, otherwise=Unasked()).resolve(conflict)

    merged = account(phone="2", email="n", custom={"vip": "1", "custentity": "1"})
    assert taken == Take(merged)
    assert writes(conflict, merged) == Writes({"email"}, {"phone", "custom.vip"})


def test_both_changed_to_the_same_is_no_conflict() -> None:
    conflict = dispute(zoey={"phone": "2"}, netsuite={"phone": " 2"})
    taken = MergeFields(otherwise=Unasked()).resolve(conflict)
    assert isinstance(taken, Take)
    assert writes(conflict, taken.entity) == Writes()


def test_merging_asks_the_field_s_rule_and_else_the_other() -> None:
    conflict = dispute(
        base={"custom": {"vip": "0"}},
        zoey={"phone": "2", "email": "z", "custom": {"vip": "1"}},
        netsuite={"phone": "3", "email": "n", "custom": {"vip": "2"}},
    )
    strategy = MergeFields[Account](
        rules={"phone": ZoeyWins(), "custom.vip": NetSuiteWins()}, otherwise=LatestWins(otherwise=NetSuiteWins())
    )
    assert strategy.resolve(conflict) == Take(account(phone="2", email="n", custom={"vip": "2"}))


def test_a_rule_sees_one_field() -> None:
    seen: list[Conflict[Account]] = []

    class Longest(ConflictStrategy[Account]):
        def resolve(self, conflict: Conflict[Account]) -> Take[Account] | Hold | Skip:
            seen.append(conflict)
            (name,) = conflict.contested
            longest = max(("zoey", "netsuite"), key=lambda side: len(getattr(getattr(conflict, side), name)))
            return Take(getattr(conflict, longest))

    conflict = dispute(zoey={"phone": "22", "email": "z"}, netsuite={"phone": "3", "email": "nnn"})
    assert MergeFields(otherwise=Longest()).resolve(conflict) == Take(account(phone="22", email="nnn"))
    assert [each.changed for each in seen] == [{"email"}, {"phone"}]
    assert all(each.zoey == conflict.zoey and each.base == conflict.base for each in seen)


@attrs.frozen
class Says(ConflictStrategy[Account]):
    """Always the same."""

    answer: Hold | Skip

    def resolve(self, conflict: Conflict[Account]) -> Take[Account] | Hold | Skip:
        return self.answer


class Leaves(ConflictStrategy[Account]):
    """Leaves more than it is asked about."""

    def resolve(self, conflict: Conflict[Account]) -> Take[Account] | Hold | Skip:
        return Take(conflict.netsuite, leaving={"phone", "email"})


def test_one_field_held_holds_all_and_names_each() -> None:
    conflict = dispute(
        zoey={"phone": "2", "email": "z", "name": "Z"}, netsuite={"phone": "3", "email": "n", "name": "N"}
    )
    held = MergeFields(rules={"phone": ZoeyWins(), "name": Says(Hold("ask Eve", "names"))}).resolve(conflict)

    assert isinstance(held, Hold)
    assert 'email: Zoey has "z", NetSuite has "n"; name: Zoey has "Z", NetSuite has "N"' in held.reason
    assert "name: ask Eve" in held.reason
    assert "phone" not in held.reason
    assert set(held.evidence["conflict"]) == {"email", "name"}
    assert held.cause == "conflict"
    only_names = MergeFields(rules={"name": Says(Hold("ask Eve", "names"))}, otherwise=ZoeyWins()).resolve(conflict)
    assert isinstance(only_names, Hold)
    assert only_names.cause == "names"
    plain = MergeFields(rules={"name": Says(Hold("ask Eve"))}, otherwise=ZoeyWins()).resolve(conflict)
    assert isinstance(plain, Hold)
    assert plain.cause == "conflict"


def test_a_question_is_put_once_and_whole() -> None:
    """Also before the first agreement."""
    conflict = compare(None, account(phone="2"), account(phone="3"))
    held = MergeFields().resolve(conflict)
    assert isinstance(held, Hold)
    assert held.reason == (
        'record (Zoey unknown, NetSuite unknown): phone: Zoey has "2", NetSuite has "3". Say which side is right:'
        ' integration.attention.resolve(item, take="zoey"), or take="netsuite"; or make both sides agree.'
    )
    assert held.evidence == {"conflict": {"phone": {"zoey": "2", "netsuite": "3", "about": digest("2", "3")}}}
    assert HoldForReview().resolve(conflict) == held


def test_a_field_may_be_left_as_it_is_on_both_sides() -> None:
    conflict = dispute(zoey={"phone": "2", "email": "z"}, netsuite={"phone": "3"})
    taken = MergeFields(rules={"phone": Says(Skip("of no interest"))}).resolve(conflict)

    assert isinstance(taken, Take)
    assert taken.leaving == {"phone"}
    assert writes(conflict, taken.entity, taken.leaving) == Writes((), {"email"})
    leaving = MergeFields(rules={"phone": Leaves()}, otherwise=Unasked()).resolve(conflict)
    assert isinstance(leaving, Take)
    assert leaving.leaving == {"phone"}, "and not the e-mail address, about which the rule was not asked"


def test_merge_takes_the_sides_that_are_named() -> None:
    conflict = dispute(zoey={"phone": "2", "email": "z"}, netsuite={"phone": "3", "name": "N"})

    assert merge(conflict, {"phone": "netsuite"}) == account(phone="3", email="z", name="N")
    assert merge(conflict, {"phone": "zoey", "email": "netsuite"}) == account(phone="2", email="a@x.com", name="N")
    with pytest.raises(ValueError, match="which side gives phone, which both"):
        merge(conflict, {"email": "zoey"})
    same_change = dispute(zoey={"phone": "2"}, netsuite={"phone": " 2"})
    assert merge(same_change, {}) == account(phone="2")
    forms = compare(Agreed(account(), account(phone="(1)")), account(email="z"), account(phone="(1)"))
    assert merge(forms, {"phone": "netsuite"}) == account(phone="(1)", email="z")


def test_merge_empties_a_custom_field_that_was_taken_away() -> None:
    conflict = dispute(base={"custom": {"vip": "1"}}, zoey={"custom": {}}, netsuite={"custom": {"vip": "1"}})
    merged = merge(conflict, {})
    assert merged.custom == {"vip": None}
    assert writes(conflict, merged) == Writes((), {"custom.vip"})


def ask(conflict: Conflict[Account], strategy: ConflictStrategy[Account] | None = None) -> Hold:
    held = decide(strategy or MergeFields(), conflict)
    assert isinstance(held, Hold)
    return held


def answered(held: Hold, take: Any) -> Any:
    return Answer.to(held.evidence, take).to_json()


def test_an_answer_is_applied_to_its_conflict() -> None:
    """E9: a conflict is resolved by a person."""
    conflict = dispute(zoey={"phone": "2", "email": "z", "name": "Z"}, netsuite={"phone": "3", "email": "n"})
    held = ask(conflict)

    assert decide(MergeFields(), conflict, answer=answered(held, "zoey")) == Take(
        account(phone="2", email="z", name="Z")
    )
    assert decide(MergeFields(), conflict, answer=answered(held, "netsuite")) == Take(
        account(phone="3", email="n", name="Z")
    ), "what only Zoey has changed was not asked about"
    each = answered(held, {"phone": "zoey", "email": "netsuite"})
    assert decide(MergeFields(), conflict, answer=each) == Take(account(phone="2", email="n", name="Z"))


def test_an_answer_is_void_once_a_side_has_changed() -> None:
    answer = answered(ask(dispute(zoey={"phone": "2"}, netsuite={"phone": "3"})), "zoey")
    for zoey, netsuite in (("4", "3"), ("2", "4"), ("3", "2")):
        again = dispute(zoey={"phone": zoey}, netsuite={"phone": netsuite})
        assert decide(MergeFields(), again, answer=answer) == ask(again)


def test_one_field_changed_makes_the_whole_answer_void() -> None:
    first = dispute(zoey={"phone": "2", "email": "z"}, netsuite={"phone": "3", "email": "n"})
    again = dispute(zoey={"phone": "2", "email": "z"}, netsuite={"phone": "3", "email": "nn"})
    assert decide(MergeFields(), again, answer=answered(ask(first), "zoey")) == ask(again)


def test_an_answer_outlives_half_of_its_being_applied() -> None:
    """One side was written, the other not: what agrees by now needs no answer, the rest has it."""
    first = dispute(zoey={"phone": "2", "email": "z"}, netsuite={"phone": "3", "email": "n"})
    answer = answered(ask(first), {"phone": "zoey", "email": "netsuite"})
    half = dispute(zoey={"phone": "2", "email": "z"}, netsuite={"phone": "2", "email": "n"})
    assert decide(MergeFields(), half, answer=answer) == Take(account(phone="2", email="n"))


def test_the_rest_is_the_strategy_s() -> None:
    first = dispute(zoey={"phone": "2"}, netsuite={"phone": "3"})
    answer = answered(ask(first), "zoey")
    more = dispute(zoey={"phone": "2", "email": "z"}, netsuite={"phone": "3", "email": "n"})

    asked = decide(MergeFields(), more, answer=answer)
    assert isinstance(asked, Hold)
    assert set(asked.evidence["conflict"]) == {"email"}
    rules = MergeFields[Account](rules={"email": NetSuiteWins()})
    assert decide(rules, more, answer=answer) == Take(account(phone="2", email="n"))
    left = decide(MergeFields[Account](rules={"email": Says(Skip("never mind"))}), more, answer=answer)
    assert isinstance(left, Take)
    assert (left.entity.phone, left.leaving) == ("2", {"email"})
    skipping = Answered(Says(Skip("not today")), Answer.from_json(answer)).resolve(more)
    assert isinstance(skipping, Take)
    assert writes(more, skipping.entity, skipping.leaving) == Writes((), {"phone"})


def test_whatever_a_strategy_holds_can_be_answered() -> None:
    """A user's own `Hold` says nothing of fields: the question is about all that differ."""
    conflict = dispute(zoey={"phone": "2"}, netsuite={"email": "n"})
    held = ask(conflict, Says(Hold("look at it", "mine")))
    assert (held.reason, held.cause) == ("look at it", "mine")
    assert set(held.evidence["conflict"]) == {"phone", "email"}
    given = decide(Says(Hold("look at it")), conflict, answer=answered(held, {"phone": "zoey", "email": "zoey"}))
    assert given == Take(account(phone="2"))
    kept = Hold("with its own", evidence={"mine": 1})
    assert decide(Says(kept), conflict) == kept


@pytest.mark.parametrize(
    ("take", "words"),
    [
        ("both", "'both' is no side"),
        ({"phone": "zoey"}, "one for each of email, phone"),
        ({"phone": "zoey", "email": "zoey", "name": "zoey"}, "one for each of email, phone"),
        ({"phone": "zoey", "email": "erp"}, "'erp' is no side"),
        (["phone"], "a side is wanted"),
    ],
)
def test_what_is_no_answer(take: Any, words: str) -> None:
    held = ask(dispute(zoey={"phone": "2", "email": "z"}, netsuite={"phone": "3", "email": "n"}))
    with pytest.raises(ConfigurationError, match=words):
        Answer.to(held.evidence, take)


@pytest.mark.parametrize("evidence", [None, {}, {"error": "x"}, "conflict"])
def test_what_is_no_question(evidence: Any) -> None:
    with pytest.raises(ConfigurationError, match="no conflict"):
        Answer.to(evidence, "zoey")


def test_a_field_that_goes_back_and_forth_is_held() -> None:
    """Two sides that both keep setting a field: it would be written for ever."""
    values = [("1", "1"), ("2", "(2)"), ("1", "1"), ("2", "(2)")]
    history = {
        "phone": [
            Past(f"2026-01-0{day}", digest(zoey), digest(netsuite)) for day, (zoey, netsuite) in enumerate(values)
        ]
    }
    for zoey, netsuite in (({"phone": "1"}, {}), ({}, {"phone": "1"})):
        conflict = dispute(base={"phone": "2"}, zoey={"phone": "2", **zoey}, netsuite={"phone": "2", **netsuite})
        held = decide(NetSuiteWins() if netsuite else ZoeyWins(), conflict, history=history)
        assert isinstance(held, Hold)
        assert held.cause == "going back and forth"
        assert "keeps setting it" in held.reason
        let_pass = decide(MergeFields(), conflict, history=history, answer=answered(held, "netsuite"))
        assert isinstance(let_pass, Take), "once a person has decided"
    fresh = dispute(base={"phone": "2"}, zoey={"phone": "5", "email": "z"}, netsuite={"phone": "2"})
    assert isinstance(decide(ZoeyWins(), fresh, history=history), Take), "it has never been that"
    short = {"phone": history["phone"][:3]}
    back = dispute(base={"phone": "1"}, zoey={"phone": "2"}, netsuite={"phone": "1"})
    assert isinstance(decide(ZoeyWins(), back, history=short), Take), "only the second time"


def test_nothing_is_changed_by_deciding() -> None:
    conflict = dispute(zoey={"phone": "2", "custom": {"a": [1]}}, netsuite={"phone": "3", "custom": {"a": [2]}})
    before = copy.deepcopy(conflict)
    for strategy in (NetSuiteWins(), ZoeyWins(), LatestWins(), MergeFields(otherwise=ZoeyWins()), HoldForReview()):
        decide(strategy, conflict)
    assert conflict == before


def test_rules_can_not_be_changed_from_outside() -> None:
    rules: dict[str, ConflictStrategy[Account]] = {"phone": ZoeyWins()}
    strategy = MergeFields(rules=rules)
    rules["phone"] = NetSuiteWins()
    assert strategy.rules["phone"] == ZoeyWins()
    with pytest.raises(TypeError):
        strategy.rules["phone"] = NetSuiteWins()  # type: ignore[index]  # the mistake


EDITS = st.dictionaries(st.sampled_from(["name", "phone", "email"]), st.sampled_from(["p", "q", "r"]), max_size=3)


@given(st.lists(st.tuples(EDITS, EDITS), max_size=5), st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_edit_is_lost_and_both_sides_end_equal(rounds: list[Any], netsuite_wins: bool) -> None:
    """G2: whatever both sides do, after each merge they agree, and hold what the only or the winning side wrote."""
    strategy: ConflictStrategy[Account] = MergeFields(otherwise=NetSuiteWins() if netsuite_wins else ZoeyWins())
    zoey = account(name="p", phone="p", email="p")
    netsuite = written(zoey, {"name": "p", "phone": "p", "email": "p"})
    base = Agreed(zoey, netsuite)
    for in_zoey, in_netsuite in rounds:
        before = attrs.asdict(zoey, recurse=False)
        zoey, netsuite = attrs.evolve(zoey, **in_zoey), written(netsuite, in_netsuite)
        conflict = compare(base, zoey, netsuite)
        taken = strategy.resolve(conflict)
        assert isinstance(taken, Take)
        todo = writes(conflict, taken.entity)
        zoey = attrs.evolve(zoey, **{name: readable(getattr(taken.entity, name)) for name in todo.zoey})
        netsuite = written(netsuite, {name: getattr(taken.entity, name) for name in todo.netsuite})
        base = Agreed(zoey, netsuite)
        for name in ("name", "phone", "email"):
            theirs = {name: value for name, value in in_netsuite.items() if value != before[name]}
            ours = {name: value for name, value in in_zoey.items() if value != before[name]}
            first, second = (theirs, ours) if netsuite_wins else (ours, theirs)
            expected = first.get(name, second.get(name, before[name]))
            assert getattr(zoey, name) == expected
            assert readable(getattr(netsuite, name)) == expected


def written(entity: Account, values: Mapping[str, str]) -> Account:
    """As NetSuite stores it: in its own form."""
    return attrs.evolve(entity, **{name: f"({readable(value)})" for name, value in values.items()})


def readable(value: str) -> str:
    return value.strip("()")
