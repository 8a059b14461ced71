"""The library's own conflict strategies keep the promises of `ConflictStrategy`, and the suite finds those that do not
(E3, G2)."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from hypothesis import Phase, errors, find, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from support.disputes import dispute

from zoey_netsuite import Account, Hold, Skip
from zoey_netsuite.conflicts import (
    Answer,
    Answered,
    Conflict,
    ConflictStrategy,
    HoldForReview,
    LatestWins,
    MergeFields,
    NetSuiteWins,
    Take,
    ZoeyWins,
    decide,
)
from zoey_netsuite.testing.strategies import StrategyConformance, accounts, conflicts_of

pytest_plugins = ["pytester"]

settings.register_profile("found is enough", settings(), phases=[Phase.generate], derandomize=True)

FAILURES = (AssertionError, pytest.fail.Exception, errors.Flaky)


def an_answer() -> Answer:
    held = decide(MergeFields(), dispute(zoey={"phone": "555-1234"}, netsuite={"phone": None}))
    assert isinstance(held, Hold)
    return Answer.to(held.evidence, "netsuite")


class SetsAside(ConflictStrategy[Account]):
    """What a field's rule may say besides."""

    def resolve(self, conflict: Conflict[Account]) -> Take[Account] | Hold | Skip:
        return Skip("of no interest") if "phone" in conflict.changed else Take(conflict.base or conflict.netsuite)


BUILT_IN: dict[str, ConflictStrategy[Account]] = {
    "netsuite": NetSuiteWins(),
    "zoey": ZoeyWins(),
    "review": HoldForReview(),
    "latest": LatestWins(),
    "latest, else zoey": LatestWins(otherwise=ZoeyWins()),
    "merge": MergeFields(),
    "merge, else latest, else netsuite": MergeFields(otherwise=LatestWins(otherwise=NetSuiteWins())),
    "merge by rules": MergeFields(
        rules={"phone": ZoeyWins(), "custom.vip": HoldForReview(), "email": SetsAside()}, otherwise=NetSuiteWins()
    ),
    "merge of merges": MergeFields(otherwise=MergeFields(otherwise=SetsAside())),
    "answered": Answered(MergeFields(), an_answer()),
}


class TestBuiltIn(StrategyConformance[Account]):
    @pytest.fixture(params=BUILT_IN.values(), ids=BUILT_IN)
    def strategy(self, request: pytest.FixtureRequest) -> ConflictStrategy[Account]:
        return request.param


class TestOnOwnConflicts(StrategyConformance[Account]):
    """A few of one's own instead of generated ones."""

    @pytest.fixture
    def strategy(self) -> ConflictStrategy[Account]:
        return MergeFields()

    @pytest.fixture
    def conflicts(self) -> list[Conflict[Account]]:
        return [dispute(zoey={"phone": "2"}, netsuite={"phone": "3"}), dispute(zoey={}, netsuite={"email": None})]


@attrs.frozen
class Contact:
    """An entity of a user's own, without custom fields."""

    name: str
    role: str | None = None


class TestOnOwnEntities(StrategyConformance[Contact]):
    @pytest.fixture
    def strategy(self) -> ConflictStrategy[Contact]:
        return MergeFields(otherwise=NetSuiteWins())

    @pytest.fixture
    def conflicts(self) -> SearchStrategy[Conflict[Contact]]:
        names = st.sampled_from(["a", "b", ""])
        return conflicts_of(st.builds(Contact, names, st.none() | names))


class Planted(ConflictStrategy[Account]):
    """Sound, but for what `spoil` does."""

    def resolve(self, conflict: Conflict[Account]) -> Take[Account] | Hold | Skip:
        decision = MergeFields[Account](otherwise=NetSuiteWins()).resolve(conflict)
        assert isinstance(decision, Take)
        return self.spoil(decision, conflict)

    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return take


class Raises(Planted):
    """At the first agreement."""

    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return take if conflict.base is not None or not conflict.changed else conflict.base.name  # type: ignore[attr-defined]  # the planted bug


class ComparesMissingTimes(Planted):
    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        zoey, netsuite = conflict.zoey_changed_at, conflict.netsuite_changed_at
        return Take(conflict.zoey) if zoey > netsuite else take  # type: ignore[operator]  # the planted bug


class RaisesOnOneField(Planted):
    """Fit for a whole record only."""

    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        assert len(conflict.changed) != 1 or not conflict.contested
        return take


class GivesNothing(Planted):
    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return take if "phone" not in conflict.contested else None


class GivesTheEntity(Planted):
    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return take.entity


class TakesADictionary(Planted):
    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return Take(attrs.asdict(take.entity))


class HoldsWithoutReason(Planted):
    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return Hold(" ") if conflict.contested else take


class SkipsWithoutReason(Planted):
    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return Skip("") if conflict.contested else take


class Random(Planted):
    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return random.choice([take, Hold("not sure")])


class LooksAtTheClock(Planted):
    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return Hold(f"since {datetime.now(UTC)}") if conflict.contested else take


class Remembers(Planted):
    """Holds a record once, and never again."""

    def __init__(self) -> None:
        self.seen: list[Conflict[Account]] = []

    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        if conflict in self.seen:
            return take
        self.seen.append(conflict)
        return Hold("look at it first")


class DecidesAsBefore(Planted):
    """Gives its last decision again, whatever it is asked, as long as the names are the same."""

    def __init__(self) -> None:
        self.last: Any = None

    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        if self.last is None or self.last[0] != conflict.zoey.name:
            self.last = (conflict.zoey.name, take)
        return self.last[1]


class Invents(Planted):
    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return Take(attrs.evolve(take.entity, name=take.entity.name.title() + " Inc."))


class InventsACustomField(Planted):
    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return Take(attrs.evolve(take.entity, custom={**take.entity.custom, "conflict": True}))


class DropsAllCustomFields(Planted):
    """Of both sides, where each has its value."""

    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return Take(attrs.evolve(take.entity, custom={}))


class JoinsTexts(Planted):
    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        phones = f"{conflict.zoey.phone} / {conflict.netsuite.phone}"
        return Take(attrs.evolve(take.entity, phone=phones)) if "phone" in conflict.contested else take


class InventsForOneField(Planted):
    """Where it is asked as a rule."""

    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return Take(attrs.evolve(take.entity, name="?")) if conflict.contested == {"email"} else take


class LeavesWhatIsNoField(Planted):
    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        return attrs.evolve(take, leaving={"telephone"})


class Writes(Planted):
    """Merges custom fields in place."""

    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        conflict.zoey.custom.update(conflict.netsuite.custom)  # type: ignore[attr-defined]  # the planted bug
        return take


class SortsLists(Planted):
    def spoil(self, take: Take[Account], conflict: Conflict[Account]) -> Any:
        for value in conflict.netsuite.custom.values():
            if isinstance(value, list):
                value.append("seen")
        return take


PLANTS: dict[str, list[Callable[[], ConflictStrategy[Account]]]] = {
    "test_decides_whatever_it_is_given": [
        Raises,
        ComparesMissingTimes,
        RaisesOnOneField,
        GivesNothing,
        GivesTheEntity,
        TakesADictionary,
        HoldsWithoutReason,
        SkipsWithoutReason,
    ],
    "test_gives_the_same_answer_again": [Random, LooksAtTheClock, Remembers, DecidesAsBefore],
    "test_invents_nothing": [
        Invents,
        InventsACustomField,
        DropsAllCustomFields,
        JoinsTexts,
        InventsForOneField,
        LeavesWhatIsNoField,
    ],
    "test_changes_nothing_that_it_is_given": [Writes, SortsLists],
}


@pytest.fixture
def found_is_enough() -> Iterator[None]:
    """Nobody reads the smallest example of a planted bug."""
    settings.load_profile("found is enough")
    yield
    settings.load_profile("default")


def checks() -> Iterator[str]:
    return (name for name in dir(StrategyConformance) if name.startswith("test_"))


def run(check: str, strategy: ConflictStrategy[Account]) -> None:
    """One check of the suite, called as pytest calls it."""
    method = getattr(StrategyConformance[Account](), check)
    assert list(inspect.signature(method).parameters) == ["strategy", "conflicts"]
    method(strategy, conflicts_of(accounts()))


def test_every_check_has_a_plant() -> None:
    """No check of the suite goes without a bug that it must find."""
    assert set(PLANTS) == set(checks())


@pytest.mark.usefixtures("found_is_enough")
@pytest.mark.parametrize(
    ("check", "plant"), [pytest.param(check, plant) for check, plants in PLANTS.items() for plant in plants]
)
def test_plant_is_found(check: str, plant: Callable[[], ConflictStrategy[Account]]) -> None:
    """The suite fails for each broken strategy."""
    allowed = (AttributeError, TypeError) if plant in (Raises, ComparesMissingTimes) else ()
    with pytest.raises((*FAILURES, *allowed, BaseExceptionGroup)):
        run(check, plant())


@pytest.mark.parametrize("check", PLANTS)
def test_what_the_plants_are_made_of_is_sound(check: str) -> None:
    run(check, Planted())


def test_no_conflicts_prove_nothing() -> None:
    with pytest.raises(AssertionError, match="no conflict"):
        StrategyConformance[Account]().test_invents_nothing(NetSuiteWins(), [])


SEEN: dict[str, Callable[[Conflict[Account]], object]] = {
    "no base": lambda each: each.base is None and each.contested,
    "both changed a field": lambda each: each.base is not None and each.contested,
    "a custom field, too": lambda each: each.base is not None and any(name[:7] == "custom." for name in each.contested),
    "one side only": lambda each: each.changed_in_zoey and not each.changed_in_netsuite,
    "both to the same": lambda each: each.changed_in_zoey & each.changed_in_netsuite - each.differing,
    "nothing": lambda each: not each.changed,
    "a field emptied": lambda each: "phone" in each.contested and not each.zoey.phone,
    "equal times": lambda each: each.zoey_changed_at is not None and each.zoey_changed_at == each.netsuite_changed_at,
    "one time": lambda each: each.zoey_changed_at and not each.netsuite_changed_at,
}


@pytest.mark.usefixtures("found_is_enough")
@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
def test_generated_conflicts_are_of_all_kinds(seen: Callable[[Conflict[Account]], object]) -> None:
    find(conflicts_of(accounts()), lambda each: bool(seen(each)), settings=settings(max_examples=2000))


def test_third_party_runs_the_suite(pytester: pytest.Pytester) -> None:
    """A subclass in anybody's test module runs with pytest (E3)."""
    pytester.makepyfile(
        """
        import attrs
        import pytest
        from zoey_netsuite import ConflictStrategy, Take, ZoeyWins
        from zoey_netsuite.testing import StrategyConformance

        class TestSound(StrategyConformance):
            @pytest.fixture
            def strategy(self):
                return ZoeyWins()

        class Broken(ConflictStrategy):
            def resolve(self, conflict):
                return Take(attrs.evolve(conflict.zoey, phone="555-0000"))

        class TestBroken(StrategyConformance):
            @pytest.fixture
            def strategy(self):
                return Broken()
        """
    )
    sound = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-k", "TestSound")
    sound.assert_outcomes(passed=len(PLANTS), deselected=len(PLANTS))
    broken = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-k", "TestBroken")
    broken.assert_outcomes(failed=1, passed=len(PLANTS) - 1, deselected=len(PLANTS))
    broken.stdout.fnmatch_lines(["*phone='555-0000' is neither Zoey's nor NetSuite's nor the base's*"])
