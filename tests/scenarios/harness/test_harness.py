"""The crash and fault harness: what is right comes to the same end in every case, and each planted bug is told (G4)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from attrs import frozen
from support import harnessed
from support.harnessed import comments, scenario
from support.proof import Proof

from zoey_netsuite import ConfigurationError, SQLiteStore
from zoey_netsuite.http.operation import Request
from zoey_netsuite.sandbox import Fault, Sandbox
from zoey_netsuite.state.leases import Owner
from zoey_netsuite.testing.harness import FAULTS, CaseKind, Harness, Records, Result, Scenario, connect
from zoey_netsuite.testing.loopback import Loopback, SandboxTime
from zoey_netsuite.testing.steps import When

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tells a dead worker by /proc, which Linux has"),
]


def proved(what: Scenario, proof: Proof, capsys: pytest.CaptureFixture[str]) -> Harness:
    """The cases of a scenario that this run goes through, which must come to the same end."""
    with Harness(what, faults=proof.faults) as harness:
        result = harness.run(share=proof.share)
    with capsys.disabled():
        print(f"\n{what.name}: {result}")
    result.raise_for_failures()
    return harness


def found(what: Scenario, kinds: Sequence[CaseKind] = ("repeat", "kill"), *, first: bool = False) -> Result:
    """The cases of a scenario with a planted bug, some of which must come to another end."""
    with Harness(what) as harness:
        result = harness.run(kinds, first=first)
        assert result.failures, "the planted bug was not caught"
        with pytest.raises(AssertionError, match=r"replay: harness\.case"):
            result.raise_for_failures()
        again = harness.case(**_arguments(result.failures[0].case))
    assert [str(failure) for failure in again.failures] == [str(result.failures[0])]
    return result


@frozen
class Remains:
    """What a killed program leaves: how many calls it made, what both systems hold, and the store."""

    calls: int
    systems: Any
    store: str


class Left:
    """What is there between the program that is killed and the one that is started again."""

    def __init__(self) -> None:
        self.of: Harness | None = None
        self.seen: list[Remains] = []

    def look(self, sandbox: Sandbox) -> None:
        """People come, and only look."""
        if self.of is not None:
            with SQLiteStore(self.of.database) as store:
                held = "\n".join(f"{key}: {_nameless(entry.value)}" for key, entry in store.scan((), limit=10_000))
            for system in (sandbox.netsuite, sandbox.zoey):
                held = held.replace(urlsplit(system.url).netloc, "its address")
            snapshot = sandbox.snapshot()
            calls = sandbox.netsuite.calls.total + sandbox.zoey.calls.total
            self.seen.append(Remains(calls, (snapshot.netsuite.records(), snapshot.zoey.records()), held))

    def by(self, step: int, when: When) -> Remains:
        """What a program leaves that is killed there. Everything comes to the same end all the same."""
        assert self.of is not None
        self.of.case(step=step, when=when).raise_for_failures()
        return self.seen[-1]


def _nameless(value: Any) -> Any:
    """An entry of the store; of the worker that holds it only whether it is dead."""
    if isinstance(value, dict) and value.get("owner"):
        return {**value, "owner": f"dead: {Owner.from_json(value['owner']).is_dead()}"}
    return value


def _arguments(case: Any) -> dict[str, Any]:
    return {name: getattr(case, name) for name in ("step", "when", "system", "call", "fault", "kind")}


class TestWhatIsRight:
    """No case comes to another end."""

    def test_three_kinds_of_effect(self, proof: Proof, capsys: pytest.CaptureFixture[str]) -> None:
        """G4: a marker, an external id, a state: killed at each step, each call meets each fault, two workers."""
        harness = proved(scenario(name="claims, comments, PO numbers"), proof, capsys)
        steps, calls = len(harness.steps), sum(len(made) for made in harness.calls.values())
        assert steps > 30
        assert len(harness.calls["zoey"]) == 9
        kills, faults, commits = steps + 1, len(proof.faults) * calls, 3 * (steps - calls)
        assert len(harness.cases()) == 1 + kills + faults + commits + 1 + steps

    def test_bulk(self, proof: Proof, capsys: pytest.CaptureFixture[str]) -> None:
        """G4, I3: stock goes out in two bulk calls, with the orders read before."""
        proved(harnessed.inventory_scenario(name="stock"), proof, capsys)

    def test_the_example(self, proof: Proof, capsys: pytest.CaptureFixture[str]) -> None:
        """E3, G4: the sync that the documentation shows."""
        proved(scenario(harnessed.example_sync, name="docs/examples/warranties.py"), proof, capsys)


class TestPlantedBugs:
    """Each is caught, and the case that shows it can be run alone."""

    def test_an_effect_whose_evidence_is_never_found(self) -> None:
        result = found(scenario(harnessed.UnfindableSync))
        (first, *_) = result.failures
        assert "killed after step" in str(first)
        assert "/comments" in str(first)
        assert "should not be there" in str(first)

    def test_an_effect_that_makes_something_and_calls_it_convergent(self) -> None:
        what = scenario(harnessed.BlindSync)
        for kind in ("kill", "fault"):
            found(what, [kind], first=True)

    def test_a_sync_that_says_too_early_where_it_goes_on(self) -> None:
        result = found(scenario(harnessed.HastyCursorSync))
        assert any("missing" in line for failure in result.failures for line in failure.differences)

    def test_a_sync_that_forgets_where_it_was(self) -> None:
        with pytest.raises(AssertionError, match=r"even when nobody disturbs it.*a further run still writes"):
            Harness(scenario(harnessed.ForgetfulSync))

    def test_a_store_that_loses_what_was_committed_last(self) -> None:
        found(scenario(store_around=harnessed.losing_the_last), first=True)

    def test_an_engine_that_performs_before_it_says_so(self) -> None:
        result = found(scenario(store_around=harnessed.starting_late))
        assert all("/comments" in failure.case.what or "once" in failure.case.what for failure in result.failures)


class TestOptions:
    """What a scenario and a harness may be told."""

    def test_a_later_run(self, proof: Proof, capsys: pytest.CaptureFixture[str]) -> None:
        """What was prepared is in both systems and in the store of every case."""
        harness = proved(scenario(prepare=harnessed.carried_before, name="a later run"), proof, capsys)
        assert len(harness.calls["zoey"]) == 3, "one warranty was new"

    def test_what_people_do_meanwhile(self, proof: Proof) -> None:
        """Between the two programs, and before each step of the first one."""
        with Harness(scenario(meanwhile=harnessed.a_warranty_more, name="people meanwhile")) as harness:
            harness.run(["people", "workers"], share=proof.share).raise_for_failures()
            assert any("7 years" in comment for comment in comments(harness.sandbox, "1"))
            assert len(harness.cases(["people", "workers"])) == 2 * len(harness.steps) + 1

    def test_a_person_decides(self, proof: Proof) -> None:
        """At most once: held, and as it should be once somebody has looked."""
        what = scenario(harnessed.UnmarkedSync)
        with Harness(what) as harness:
            (step,) = [n for n, name in enumerate(harness.steps, 1) if "orders/2/comments" in name]
            held = harness.case(step=step, when="after")
            assert "warranties 2 is held: outcome unknown" in str(held)
        decided = scenario(harnessed.UnmarkedSync, decide=harnessed.look_and_decide, name="a person decides")
        with Harness(decided, faults=proof.faults) as harness:
            harness.run(["kill", "fault"], share=proof.share).raise_for_failures()

    def test_faults_that_stay(self, proof: Proof) -> None:
        faults = {"down": Fault("503", times=None), "revoked": Fault("token_revoked", times=None)}
        with Harness(scenario(name="faults that stay"), faults=faults) as harness:
            harness.run(["fault"], share=proof.share).raise_for_failures()
            assert len(harness.cases(["fault"])) == 2 * 15

    def test_machine_to_machine(self, proof: Proof) -> None:
        """Fetching a token is a call that can fail, too."""
        with Harness(scenario(connect=partial(connect, machine=True)), faults=proof.faults) as harness:
            assert harness.calls["netsuite"][0].endswith("/token")
            for fault in proof.faults:
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
        with (
            Harness(what, processes="forkserver") as harness,
            pytest.raises(ConfigurationError, match="functions of a module"),
        ):
            harness.case(step=1)
        with Harness(what, processes="fork") as harness:
            harness.case(step=1).raise_for_failures()
        with Harness(what) as harness:
            harness.case(step=1).raise_for_failures()

    def test_seeding_by_a_function(self) -> None:
        def seed(sandbox: Sandbox) -> None:
            sandbox.seed(harnessed.warranty_seed())

        what = scenario()
        with Harness(what) as mapped, Harness(Scenario(build=what.build, seed=seed)) as called:
            assert mapped.steps == called.steps


class TestHowItWorks:
    """That cases are what they say."""

    def test_killed_where_it_says(self, proof: Proof) -> None:
        """G4: as many calls have come as there are up to the step. What is left by a kill in this process is what
        SIGKILL leaves; after a step that is what is left before the next one, so one of the two is enough.
        """
        here, killed = Left(), Left()
        with (
            Harness(scenario(meanwhile=here.look, name="killed")) as harness,
            Harness(scenario(meanwhile=killed.look), processes="forkserver") as with_processes,
        ):
            here.of, killed.of = harness, with_processes
            steps = harness.steps
            assert steps == with_processes.steps
            before = [here.by(step, "before") for step in range(1, len(steps) + 1)]
            after = [here.by(step, "after") for step in range(1, len(steps) + 1)]
            assert after[:-1] == before[1:]
            calls = [not name.startswith("commit of") for name in steps]
            assert [left.calls for left in before] == [sum(calls[:step]) for step in range(len(steps))]
            assert after[-1].calls == sum(calls)
            assert len({str(left) for left in before}) == len(before)
            for case in harness.cases(["kill"], share=proof.share):
                step = case.step or 0
                assert killed.by(step, "before") == before[step - 1]
                assert killed.by(step, "after") == after[step - 1]

    def test_where_several_threads_work_processes_are_killed(self) -> None:
        """Both before and after each step: what the other threads do meanwhile is left to chance."""
        with Harness(Scenario(build=harnessed.in_threads, seed=harnessed.warranty_seed())) as harness:
            assert len(harness.cases(["kill"])) == 2 * len(harness.steps)
            harness.case(step=12).raise_for_failures()

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
            assert len(files) == 1 + 1 + (1 + 1 + 19) + 1
            assert not harness.database.exists()
        for file in files:
            with SQLiteStore(file) as store:
                assert len(store.scan(("acme", "link", "orders", "zoey"))) >= 2, file

    def test_a_sync_whose_code_fails(self) -> None:
        with pytest.raises(AssertionError, match=r"even when nobody disturbs it.*the second scan is broken"):
            Harness(scenario(harnessed.BrokenSync))

    def test_a_case_that_is_not_there(self) -> None:
        with Harness(scenario()) as harness, pytest.raises(ConfigurationError, match="40 steps and 6 calls to"):
            harness.case(step=43)

    def test_a_result_says_how_many_and_where(self) -> None:
        with Harness(scenario(harnessed.UnfindableSync)) as harness:
            result = harness.run(["kill"])
        text = str(result)
        assert f"{len(result.steps)} steps, {len(result.steps) + 1} cases" in text
        assert "3 of them came to another end" in text
        assert "replay: harness.case(step=" in text
        assert set(FAULTS) >= {"429", "500 before", "500 after", "reset after", "time-out after"}
