"""Guards: mass changes are held as one question before the first is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from zoey_netsuite.checks import number, text


@frozen
class Guard:
    """A limit on how much of one kind of change a whole run may make unasked.

    Both limits must be passed for the guard to hold anything.

    Attributes:
        name: of the kind of change, as units name it: "zero_stock", "disable", "cancel" ….
        max_share: of the sync's linked records, 0 to 1.
        min_count: up to so many are never held.
    """

    name: str = field(validator=text())
    max_share: float = field(default=0.1, validator=number(least=0, most=1))
    min_count: int = field(default=20, validator=number(least=0, whole=True))

    def holds(self, count: int, total: int) -> bool:
        """Whether so many changes among so many records are to be asked about first."""
        return count > self.min_count and count > self.max_share * total


def tripped(guards: Sequence[Guard], counts: Mapping[str, int], total: int) -> dict[str, str]:
    """The guards that hold what a scan found, each with the question for a person."""
    questions: dict[str, str] = {}
    for guard in guards:
        count = counts.get(guard.name, 0)
        if guard.holds(count, total):
            questions[guard.name] = (
                f"guard {guard.name}: {count} of {total} records would be changed at once, more than"
                f" {guard.min_count} and more than {guard.max_share:.0%} of them. They wait for your answer. Look at"
                f" what they would become; then let them all pass with"
                f' integration.attention.resolve(cause="guard {guard.name}"), or mend the source: the next run'
                " looks anew."
            )
    return questions
