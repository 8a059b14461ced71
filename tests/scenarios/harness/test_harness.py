"""The crash and fault harness: what is right comes to the same end in every case, and each planted bug is told (G4)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import pytest
from support import harnessed
from support.harnessed import scenario

from zoey_netsuite.testing.harness import Harness
from zoey_netsuite.testing.results import CaseKind, Result
from zoey_netsuite.testing.scenario import Scenario

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tells a dead worker by /proc, which Linux has"),
]


def proved(name: str, what: Scenario, capsys: pytest.CaptureFixture[str], **options: Any) -> Result:
    """All cases of a scenario, which must come to the same end."""
    with Harness(what, **options) as harness:
        result = harness.run()
    with capsys.disabled():
        print(f"\n{name}: {result}")
    result.raise_for_failures()
    return result


def found(what: Scenario, kinds: Sequence[CaseKind] = ("repeat", "kill"), **options: Any) -> Result:
    """The cases of a scenario with a planted bug, some of which must come to another end."""
    with Harness(what, **options) as harness:
        result = harness.run(kinds)
        assert result.failures, "the planted bug was not caught"
        with pytest.raises(AssertionError, match=r"replay: harness\.case"):
            result.raise_for_failures()
        again = harness.case(**_arguments(result.failures[0].case))
    assert [str(failure) for failure in again.failures] == [str(result.failures[0])]
    return result


def _arguments(case: Any) -> dict[str, Any]:
    return {name: getattr(case, name) for name in ("step", "when", "system", "call", "fault", "kind")}


class TestWhatIsRight:
    """No case comes to another end."""

    def test_three_kinds_of_effect(self, capsys: pytest.CaptureFixture[str]) -> None:
        """G4: a marker, an external id, a state: killed at each step, each call meets each fault, two workers."""
        result = proved("claims, comments, PO numbers", scenario(), capsys)
        assert len(result.steps) > 30
        assert result.calls["zoey"] == 9
        kills, faults = 2 * len(result.steps), 10 * sum(result.calls.values())
        assert len(result.cases) == 1 + kills + faults + 1 + len(result.steps)

    def test_bulk(self, capsys: pytest.CaptureFixture[str]) -> None:
        """G4, I3: stock goes out in two bulk calls, with the orders read before."""
        proved("stock", harnessed.inventory_scenario(), capsys)

    def test_the_example(self, capsys: pytest.CaptureFixture[str]) -> None:
        """E3, G4: the sync that the documentation shows."""
        proved("docs/examples/warranties.py", scenario(harnessed.example_sync), capsys)


class TestPlantedBugs:
    """Each is caught, and the case that shows it can be run alone."""

    def test_an_effect_whose_evidence_is_never_found(self) -> None:
        result = found(scenario(harnessed.UnfindableSync))
        (first, *_) = result.failures
        assert "killed after step" in str(first)
        assert "/comments" in str(first)
        assert "should not be there" in str(first)

    def test_an_effect_that_makes_something_and_calls_it_convergent(self) -> None:
        assert {failure.case.kind for failure in found(scenario(harnessed.BlindSync), ["kill", "fault"]).failures} == {
            "kill",
            "fault",
        }

    def test_a_sync_that_says_too_early_where_it_goes_on(self) -> None:
        result = found(scenario(harnessed.HastyCursorSync))
        assert any("missing" in line for failure in result.failures for line in failure.differences)

    def test_a_sync_that_forgets_where_it_was(self) -> None:
        with pytest.raises(AssertionError, match=r"even when nobody disturbs it.*a further run still writes"):
            Harness(scenario(harnessed.ForgetfulSync))

    def test_a_store_that_loses_what_was_committed_last(self) -> None:
        found(scenario(store_around=harnessed.losing_the_last))

    def test_an_engine_that_performs_before_it_says_so(self) -> None:
        result = found(scenario(store_around=harnessed.starting_late))
        assert all("/comments" in failure.case.what or "once" in failure.case.what for failure in result.failures)
