"""Does a conflict strategy keep its promises? A suite to subclass and run with pytest, and conflicts to try it on."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Generic, TypeAlias, cast

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from typing_extensions import TypeVar

from zoey_netsuite.conflicts import Conflict, ConflictStrategy, Take, compare
from zoey_netsuite.conflicts.comparing import CUSTOM, custom_of, field_names, same, value_of
from zoey_netsuite.entities import Account, Address, Hold, Skip, Value

__all__ = ["StrategyConformance", "accounts", "conflicts_of"]

E = TypeVar("E", default=Account)

Conflicts: TypeAlias = Sequence[Conflict[E]] | SearchStrategy[Conflict[E]]
"""Some conflicts, or how hypothesis makes them."""

EXAMPLES = 100
"""How many conflicts a check makes."""

TIMES = (None, datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 1, 12, 0, 1, tzinfo=UTC))

VALUES: tuple[Value, ...] = (None, "", "0", "1", "12.50", 12.5, Decimal("12.5"), True, False, ["a"], ["a", "b"], "Ærø")


def accounts() -> SearchStrategy[Account]:
    """Accounts that are alike in much: few values for each field, in forms that mean the same and forms that do not."""
    addresses = st.builds(
        Address,
        street=st.sampled_from([(), ("1 Main St",), ("1 Main St", "Suite 4")]),
        city=st.sampled_from([None, "Oslo", "Oslo "]),
        postcode=st.sampled_from([None, "01234", "1234"]),
    )
    return st.builds(
        Account,
        name=st.sampled_from(["Ridgeline", "Ridgeline Ltd", "ridgeline"]),
        is_person=st.booleans(),
        email=st.sampled_from([None, "", "a@example.com", "A@example.com"]),
        phone=st.sampled_from([None, "555-1234", "(555) 1234", " 555-1234"]),
        currency=st.sampled_from([None, "USD", "EUR"]),
        billing=st.none() | addresses,
        custom=st.dictionaries(st.sampled_from(["vip", "terms", "custentity_1"]), st.sampled_from(VALUES), max_size=3),
    )


@st.composite
def conflicts_of(draw: st.DrawFn, entities: SearchStrategy[E]) -> Conflict[E]:
    """Conflicts about such entities: each side has changed some fields of the base, or there is no base.

    Args:
        entities: makes the entities, attrs classes.
    """
    base = draw(entities)
    zoey = _edited(draw, base, draw(entities))
    netsuite = _edited(draw, base, draw(entities))
    return compare(
        draw(st.sampled_from([base, base, base, None])),
        zoey,
        netsuite,
        zoey_changed_at=draw(st.sampled_from(TIMES)),
        netsuite_changed_at=draw(st.sampled_from(TIMES)),
        zoey_id="12",
        netsuite_id="345",
    )


def _edited(draw: st.DrawFn, base: E, other: E) -> E:
    """The base, with some fields as another one has them."""
    names = draw(st.sets(st.sampled_from(sorted(field_names(base) | field_names(other)))))
    values = {name: value_of(other, name) for name in names if not name.startswith(CUSTOM)}
    custom = dict(custom_of(base))
    for name in names:
        key = name.removeprefix(CUSTOM)
        if name.startswith(CUSTOM) and key in custom_of(other):
            custom[key] = copy.deepcopy(custom_of(other)[key])
        elif name.startswith(CUSTOM):
            custom.pop(key, None)
    if hasattr(base, "custom"):
        values["custom"] = custom
    return cast("E", attrs.evolve(cast("Any", base), **values))


class StrategyConformance(Generic[E]):
    """The promises of `ConflictStrategy` as tests. Subclass it in a test module and give the fixtures:

    - `strategy`: the strategy.
    - `conflicts` (optional): what it is tried on, a list of conflicts or a hypothesis strategy that makes them, for
      instance `conflicts_of(st.builds(Contact, …))`. By default conflicts about accounts.

    Example:
        ```python
        class TestMyStrategy(StrategyConformance):
            @pytest.fixture
            def strategy(self):
                return MyStrategy()
        ```
    """

    @pytest.fixture
    def conflicts(self) -> Conflicts[E]:
        """What the strategy is tried on: conflicts about accounts, unless a subclass gives others."""
        return cast("Conflicts[E]", conflicts_of(accounts()))

    def test_decides_whatever_it_is_given(self, strategy: ConflictStrategy[E], conflicts: Conflicts[E]) -> None:
        """It raises nothing, and gives `Take` with an entity of the same class, or `Hold` or `Skip` with a reason."""

        def check(conflict: Conflict[E]) -> None:
            for each in (conflict, *_of_one_field(conflict)):
                decision: object = strategy.resolve(each)
                if isinstance(decision, Take):
                    taken: object = cast("Take[object]", decision).entity
                    assert type(taken) is type(each.zoey), f"it takes {taken!r}, which is no {type(each.zoey).__name__}"
                else:
                    assert isinstance(decision, Hold | Skip), f"{decision!r} is no Take, Hold or Skip"
                    assert decision.reason.strip(), f"{type(decision).__name__} gives no reason"

        _each(conflicts, check)

    def test_gives_the_same_answer_again(self, strategy: ConflictStrategy[E], conflicts: Conflicts[E]) -> None:
        """However often it is asked, and whatever it was asked in between."""
        seen: list[tuple[Conflict[E], object]] = []

        def check(conflict: Conflict[E]) -> None:
            first = strategy.resolve(conflict)
            for _ in range(3):
                assert strategy.resolve(copy.deepcopy(conflict)) == first, f"it changes its mind about {conflict!r}"
            seen.append((conflict, first))
            for earlier, answer in seen[-4:]:
                assert strategy.resolve(earlier) == answer, f"it decides anew about {earlier!r}"

        _each(conflicts, check)

    def test_invents_nothing(self, strategy: ConflictStrategy[E], conflicts: Conflicts[E]) -> None:
        """Every field of what it takes is as Zoey, NetSuite or the base has it; what it leaves are fields."""

        def check(conflict: Conflict[E]) -> None:
            for each in (conflict, *_of_one_field(conflict)):
                decision = strategy.resolve(each)
                if isinstance(decision, Take):
                    _check_origin(decision, each)

        _each(conflicts, check)

    def test_changes_nothing_that_it_is_given(self, strategy: ConflictStrategy[E], conflicts: Conflicts[E]) -> None:
        """Lists and mappings inside entities are left as they are."""

        def check(conflict: Conflict[E]) -> None:
            before = copy.deepcopy(conflict)
            strategy.resolve(conflict)
            assert conflict == before, f"it has changed {before!r} to {conflict!r}"

        _each(conflicts, check)


def _each(conflicts: Conflicts[E], check: Callable[[Conflict[E]], None]) -> None:
    """Run a check on each conflict, or on as many as hypothesis makes."""
    if not isinstance(conflicts, SearchStrategy):
        assert len(conflicts), "the fixture `conflicts` gives no conflict"
        for conflict in conflicts:
            check(conflict)
        return

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(conflicts)
    def run(conflict: Conflict[E]) -> None:
        check(conflict)

    run()


def _of_one_field(conflict: Conflict[E]) -> list[Conflict[E]]:
    """The same conflict as a rule for one field is asked about it."""
    return [conflict.only({name}) for name in sorted(conflict.contested)]


def _check_origin(take: Take[E], conflict: Conflict[E]) -> None:
    sources = [conflict.zoey, conflict.netsuite, conflict.base, conflict.base_in_netsuite]
    known = [source for source in sources if source is not None]
    names = frozenset[str]().union(*map(field_names, known))
    for name in sorted(field_names(take.entity) | names):
        value = value_of(take.entity, name)
        assert any(same(value, value_of(source, name)) for source in known), (
            f"{name}={value!r} is neither Zoey's nor NetSuite's nor the base's in {conflict!r}"
        )
    strange = take.leaving - names
    assert not strange, f"it leaves {', '.join(sorted(strange))}, which is no field of {conflict!r}"
