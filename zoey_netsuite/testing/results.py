"""What the crash and fault harness found: which cases there were, and in which of them the end was another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal, TypeAlias

from attrs import field, frozen

from zoey_netsuite.testing.steps import When
from zoey_netsuite.wording import one_line

CaseKind: TypeAlias = Literal["repeat", "kill", "fault", "store", "workers", "people"]
"""`repeat`: nothing happens. `kill`: the program is killed at a step. `fault`: a call meets a fault. `store`: a commit
goes wrong. `workers`: before a step, or at the same time, another worker works on the same store. `people`: what people
do meanwhile, they do before a step already."""


GROUPS = 10
"""How many different failures a result tells in full."""

NAMED = 6
"""How many cases of the same failure it names."""


@frozen
class Case:
    """One way in which a scenario is disturbed.

    Attributes:
        kind: how.
        step: at which step, counted from 1; None for `workers` is "at the same time".
        when: before or after that step is made.
        system: whose call it is (`fault`).
        call: which of the calls to that system, counted from 1 (`fault`).
        fault: the name of the fault, or of what is wrong with a commit.
        what: what the step or call is, for people.
    """

    kind: CaseKind
    step: int | None = None
    when: When = "before"
    system: str = ""
    call: int | None = None
    fault: str = ""
    what: str = field(default="", eq=False)

    @property
    def replay(self) -> str:
        """The call that runs this case alone."""
        if self.kind == "kill":
            return f'harness.case(step={self.step}, when="{self.when}")'
        if self.kind == "fault":
            return f'harness.case(system="{self.system}", call={self.call}, fault="{self.fault}")'
        if self.kind == "store":
            return f'harness.case(kind="store", step={self.step}, when="{self.when}", fault="{self.fault}")'
        at = "" if self.step is None else f", step={self.step}"
        return f'harness.case(kind="{self.kind}"{at})'

    @property
    def names(self) -> tuple[object, ...]:
        """What tells it from the scenario's other cases."""
        return self.kind, self.step, self.when, self.system, self.call, self.fault

    def __str__(self) -> str:
        about = f" ({one_line(self.what)})" if self.what else ""
        if self.kind == "kill":
            return f"killed {self.when} step {self.step}{about}"
        if self.kind == "fault":
            return f"{self.fault} on call {self.call} to {self.system}{about}"
        if self.kind == "store":
            return f"{self.fault} at step {self.step}{about}"
        if self.kind == "people":
            return f"people at work before step {self.step}{about}"
        if self.kind == "workers":
            return "two workers at once" if self.step is None else f"another worker before step {self.step}{about}"
        return "run without any disturbance"


@frozen
class Failure:
    """A case that came to another end.

    Attributes:
        problem: what is wrong, in a line.
        differences: in which places both systems differ from how the undisturbed run left them.
    """

    case: Case
    problem: str
    differences: Sequence[str] = ()

    def __str__(self) -> str:
        lines = [one_line(f"{self.case}: {self.problem}"), *(f"    {one_line(line)}" for line in self.differences)]
        return "\n".join([*lines, f"    replay: {self.case.replay}"])


@frozen
class Result:
    """What came of all cases. `str(result)` is for people.

    Attributes:
        steps: what each step of the undisturbed run was, in order.
        calls: how many of them were calls, by system.
        cases: every case that was run.
        failures: those that came to another end.
        seconds: how long it took.
    """

    steps: Sequence[str] = field(repr=False)
    calls: dict[str, int]
    cases: Sequence[Case] = field(repr=False)
    failures: Sequence[Failure]
    seconds: float

    def raise_for_failures(self) -> None:
        """Raise if a case came to another end.

        Raises:
            AssertionError: naming the cases, what differed, and how to run one alone.
        """
        if self.failures:
            raise AssertionError(str(self))

    def __str__(self) -> str:
        counts = Counter(case.kind for case in self.cases)
        kinds = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        verdict = f"{len(self.failures)} of them came to another end" if self.failures else "all came to the same end"
        lines = [f"{len(self.steps)} steps, {len(self.cases)} cases ({kinds}) in {self.seconds:.1f} s: {verdict}"]
        alike: dict[tuple[str, Sequence[str]], list[Failure]] = {}
        for failure in self.failures:
            alike.setdefault((failure.problem, tuple(failure.differences)), []).append(failure)
        for group in list(alike.values())[:GROUPS]:
            lines.append(str(group[0]))
            if len(group) > 1:
                others = "; ".join(str(failure.case) for failure in group[1:NAMED])
                lines.append(f"    likewise: {others}" + (f"; and {len(group) - NAMED} more" * (len(group) > NAMED)))
        if len(alike) > GROUPS:
            lines.append(f"… and {len(alike) - GROUPS} other ends")
        return "\n".join(lines)
