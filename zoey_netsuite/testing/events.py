"""What happens in a simulation besides what people do: machines go on, die, and things go wrong there; time goes by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from attrs import evolve, field, frozen

from zoey_netsuite.http.operation import JSON
from zoey_netsuite.integration import Integration
from zoey_netsuite.netsuite.answers import is_object
from zoey_netsuite.testing.machine import CommitTrouble, Late, Odd
from zoey_netsuite.testing.scenario import FAULTS
from zoey_netsuite.testing.simulation import TO_THE_END, Simulation, run

S = TypeVar("S", bound=Simulation)


class Event(ABC, Generic[S]):
    """Something that happens, as a value. Subclasses are frozen attrs classes; their repr plays them again."""

    @abstractmethod
    def happen(self, world: S) -> None:
        """Let it happen; where it can't (any more), nothing does."""


@frozen
class Go(Event[Simulation]):
    """A machine goes on to the so-manieth gate from here (`at`: of those in whose name this is). One that is idle
    begins a run, or does what is `due`.
    """

    machine: int
    gates: int = TO_THE_END
    at: str = ""
    due: bool = field(default=False, kw_only=True)

    def happen(self, world: Simulation) -> None:
        """Let it go on."""
        world.let(self.machine, self.gates, Integration.run_due if self.due else run, self.at)


@frozen
class Kill(Event[Simulation]):
    """A machine's program ends where it stands; `known`: the others can tell that it is dead."""

    machine: int
    known: bool = field(default=False, kw_only=True)

    def happen(self, world: Simulation) -> None:
        """End it."""
        world.crash(self.machine, known=self.known)


@frozen
class CallFails(Event[Simulation]):
    """A machine's next calls (`path`: of those whose address this regular expression is found in) meet a fault, by its
    name in `scenario.FAULTS`.
    """

    machine: int
    fault: str
    times: int = 1
    path: str | None = None

    def happen(self, world: Simulation) -> None:
        """Plan it."""
        world.machines[self.machine].faults += [evolve(FAULTS[self.fault], path=self.path)] * self.times


@frozen
class CallArrivesLate(Event[Simulation]):
    """A machine's next write (`path`: to such an address) arrives after so many seconds, and the program hears nothing
    of it.
    """

    machine: int
    seconds: float
    path: str = ""

    def happen(self, world: Simulation) -> None:
        """Plan it."""
        world.machines[self.machine].late.append(Late(self.seconds, self.path))


@frozen
class RowsComeTwice(Event[Simulation]):
    """The next list that a machine reads (`path`: from such an address) has all its rows twice."""

    machine: int
    path: str = ""

    def happen(self, world: Simulation) -> None:
        """Plan it."""
        world.machines[self.machine].odd.append(Odd(self.path, lambda rows: [*rows, *rows]))


@frozen
class RowIsSpoiled(Event[Simulation]):
    """In the next list that a machine reads from such an address, a field of a row (counted round and round) holds
    nothing that can be read.
    """

    machine: int
    path: str
    row: int
    field: str

    def happen(self, world: Simulation) -> None:
        """Plan it."""
        world.machines[self.machine].odd.append(Odd(self.path, self._rows))

    def _rows(self, rows: Sequence[JSON]) -> Sequence[JSON]:
        at = self.row % len(rows)
        return [{**row, self.field: "?"} if index == at and is_object(row) else row for index, row in enumerate(rows)]


@frozen
class CommitFails(Event[Simulation]):
    """A machine's next commit goes wrong."""

    machine: int
    how: CommitTrouble

    def happen(self, world: Simulation) -> None:
        """Plan it."""
        world.machines[self.machine].trouble = self.how


@frozen
class Wait(Event[Simulation]):
    """Time goes by."""

    seconds: float

    def happen(self, world: Simulation) -> None:
        """Let it."""
        world.pass_time(self.seconds)
