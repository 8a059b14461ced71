"""The crash and fault harness: what is right comes to the same end in every case, and each planted bug is told (G4)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from support import harnessed
from support.harnessed import comments, scenario

from zoey_netsuite import ConfigurationError, SQLiteStore
from zoey_netsuite.http.operation import Request
from zoey_netsuite.sandbox import Fault, Sandbox
from zoey_netsuite.testing.harness import FAULTS, CaseKind, Harness, Records, Result, Scenario, connect
from zoey_netsuite.testing.loopback import Loopback, SandboxTime

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
        commits = len(result.steps) - sum(result.calls.values())
        assert len(result.cases) == 1 + kills + faults + 3 * commits + 1 + len(result.steps)

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


class TestOptions:
    """What a scenario and a harness may be told."""

    def test_a_later_run(self, capsys: pytest.CaptureFixture[str]) -> None:
        """What was prepared is in both systems and in the store of every case."""
        result = proved("a later run", scenario(prepare=harnessed.carried_before), capsys)
        assert result.calls["zoey"] == 3, "one warranty was new"

    def test_what_people_do_meanwhile(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Between the two programs, and before each step of the first one."""
        with Harness(scenario(meanwhile=harnessed.a_warranty_more)) as harness:
            result = harness.run(["people", "workers"])
            assert any("7 years" in comment for comment in comments(harness.sandbox, "1"))
        result.raise_for_failures()
        assert len(result.cases) == 2 * len(result.steps) + 1

    def test_a_person_decides(self) -> None:
        """At most once: held, and as it should be once somebody has looked."""
        what = scenario(harnessed.UnmarkedSync)
        with Harness(what) as harness:
            (step,) = [n for n, name in enumerate(harness.steps, 1) if "orders/2/comments" in name]
            held = harness.case(step=step, when="after")
            assert "warranties 2 is held: outcome unknown" in str(held)
        with Harness(scenario(harnessed.UnmarkedSync, decide=harnessed.look_and_decide)) as harness:
            harness.run(["kill", "fault"]).raise_for_failures()

    def test_faults_that_stay(self) -> None:
        faults = {"down": Fault("503", times=None), "revoked": Fault("token_revoked", times=None)}
        with Harness(scenario(), faults=faults) as harness:
            result = harness.run(["fault"])
        result.raise_for_failures()
        assert len(result.cases) == 2 * 15

    def test_machine_to_machine(self) -> None:
        """Fetching a token is a call that can fail, too."""
        with Harness(scenario(connect=partial(connect, machine=True))) as harness:
            assert harness.calls["netsuite"][0].endswith("/token")
            for fault in FAULTS:
                harness.case(system="netsuite", call=1, fault=fault).raise_for_failures()

    def test_which_records_are_compared(self) -> None:
        """What is left out is not looked at."""
        for look in (Records(only=["netsuite.customrecord_claim"]), Records(leave_out=["zoey.orders"])):
            with Harness(scenario(harnessed.UnfindableSync, look=look)) as harness:
                assert not harness.run(["kill"]).failures

    def test_a_look_of_ones_own(self) -> None:
        def look(sandbox: Sandbox) -> list[int]:
            return [len(comments(sandbox, order)) for order in ("1", "2", "3")]

        with Harness(scenario(harnessed.UnfindableSync, look=look)) as harness:
            (first, *_) = harness.run(["kill"]).failures
        assert list(first.differences) == ["both systems: missing: 1", "both systems: should not be there: 2"]

    @pytest.mark.parametrize("processes", ["spawn", "fork"])
    def test_other_ways_to_start_a_process(self, processes: Any) -> None:
        with Harness(scenario(), processes=processes) as harness:
            harness.case(step=20, when="after").raise_for_failures()

    def test_functions_of_no_module_can_only_be_forked(self) -> None:
        def build(*parts: Any) -> Any:
            return harnessed.assembled(harnessed.ClaimSync, harnessed.as_it_is, *parts)

        what = Scenario(build=build, seed=harnessed.warranty_seed())
        with Harness(what) as harness, pytest.raises(ConfigurationError, match="functions of a module"):
            harness.case(step=1)
        with Harness(what, processes="fork") as harness:
            harness.case(step=1).raise_for_failures()

    def test_seeding_by_a_function(self) -> None:
        def seed(sandbox: Sandbox) -> None:
            sandbox.seed(harnessed.warranty_seed())

        what = scenario()
        with Harness(what) as mapped, Harness(Scenario(build=what.build, seed=seed)) as called:
            assert mapped.steps == called.steps


class TestHowItWorks:
    """That cases are what they say."""

    def test_killed_where_it_says(self) -> None:
        """As many calls have come as there are calls up to the step, and no more."""
        made: list[int] = []

        def count(sandbox: Sandbox) -> None:
            made.append(sandbox.netsuite.calls.total + sandbox.zoey.calls.total)

        with Harness(scenario(meanwhile=count)) as harness:
            steps = harness.steps
            made.clear()
            harness.run(["kill"]).raise_for_failures()
        calls = [not name.startswith("commit of") for name in steps]
        expected = [[sum(calls[: step - 1]), sum(calls[:step])] for step in range(1, len(steps) + 1)]
        assert made == [number for both in expected for number in both]

    def test_nobody_waits_for_a_dead_worker(self) -> None:
        """The clock stands still until a program waits: a killed one's leases are free at once."""
        with Harness(scenario()) as harness:
            (step,) = [n for n, name in enumerate(harness.steps, 1) if "orders/2/comments" in name]
            harness.case(step=step, when="after").raise_for_failures()
            assert harness.sandbox.clock.now() == harness._stage.scenario.start

    def test_the_clock_of_another_process(self) -> None:
        with Sandbox() as sandbox:
            sandbox.clock.freeze()
            time = SandboxTime(sandbox.zoey.url)
            assert time.now() == sandbox.clock.now()
            time.advance(90)
            assert time.now() == sandbox.clock.now()

    def test_loopback_says_that_nothing_was_sent(self) -> None:
        with Harness(scenario()) as harness:
            url = harness.sandbox.zoey.url
        with pytest.raises(ConnectionRefusedError):
            Loopback().send(Request("GET", f"{url}/api/rest/orders"))

    def test_the_store_can_be_looked_at_afterwards(self) -> None:
        with Harness(scenario()) as harness:
            harness.case(system="zoey", call=1, fault="reset after")
            with SQLiteStore(harness.database) as store:
                assert len(store.scan(("acme", "once"))) == 6
            assert Path(harness.database).exists()
        assert not Path(harness.database).exists()

    def test_a_store_of_ones_own(self, tmp_path: Path) -> None:
        """E7: each case has one of its own, which begins with what was prepared."""
        with Harness(scenario(prepare=harnessed.carried_before, store=partial(harnessed.named, tmp_path))) as harness:
            harness.run(["repeat", "workers"]).raise_for_failures()
            harness.case(step=1, when="before").raise_for_failures()
            files = sorted(tmp_path.glob("harness_*.db"))
            assert len(files) == 1 + 1 + (1 + 1 + 18) + 1
            assert not harness.database.exists()
        for file in files:
            with SQLiteStore(file) as store:
                assert len(store.scan(("acme", "link", "orders", "zoey"))) >= 2, file

    def test_a_sync_whose_code_fails(self) -> None:
        with pytest.raises(AssertionError, match=r"even when nobody disturbs it.*the second scan is broken"):
            Harness(scenario(harnessed.BrokenSync))

    def test_a_case_that_is_not_there(self) -> None:
        with Harness(scenario()) as harness, pytest.raises(ConfigurationError, match="42 steps and 6 calls to"):
            harness.case(step=43)

    def test_a_result_says_how_many_and_where(self) -> None:
        with Harness(scenario(harnessed.UnfindableSync)) as harness:
            result = harness.run(["kill"])
        text = str(result)
        assert f"{len(result.steps)} steps, {2 * len(result.steps)} cases" in text
        assert "6 of them came to another end" in text
        assert "replay: harness.case(step=" in text
        assert "likewise: killed before step" in text
        assert set(FAULTS) >= {"429", "500 before", "500 after", "reset after", "time-out after"}
