"""What a sync asks: the strategy, after the person who has answered, and before what keeps going back and forth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from zoey_netsuite.conflicts.comparing import digest, value_of
from zoey_netsuite.conflicts.conflict import Conflict, E, with_values, writes
from zoey_netsuite.conflicts.questions import Answer, ask, question
from zoey_netsuite.conflicts.strategies import ConflictStrategy, Take
from zoey_netsuite.entities import JSON, Hold, Skip
from zoey_netsuite.state.snapshots import FLIPS, Past, flips

FLIPPING = "going back and forth"
"""The cause of what is held because of that."""


@frozen
class Answered(ConflictStrategy[E]):
    """A strategy, and the answer that a person has given to what it held.

    The answer stands for the fields that it is about, while they are as they were when it was asked for; all else is
    the strategy's. If one of them has changed meanwhile, the question is asked anew.
    """

    strategy: ConflictStrategy[E]
    answer: Answer

    def resolve(self, conflict: Conflict[E]) -> Take[E] | Hold | Skip:
        """What the person has said, and for other fields what the strategy says."""
        decided = self.answer.open(conflict)
        if not decided:
            return self.strategy.resolve(conflict)
        rest = conflict.only(conflict.changed - decided)
        decision: Take[E] | Hold | Skip = self.strategy.resolve(rest) if rest.differing else Take(conflict.zoey)
        if isinstance(decision, Hold):
            return decision
        leaving = rest.differing if isinstance(decision, Skip) else decision.leaving - decided
        taken = conflict.zoey if isinstance(decision, Skip) else decision.entity
        values = {name: value_of(taken, name) for name in rest.changed}
        values |= {name: conflict.values(name)[self.answer.take[name] == "netsuite"] for name in decided}
        return Take(with_values(conflict, values), leaving)


def decide(
    strategy: ConflictStrategy[E],
    conflict: Conflict[E],
    *,
    answer: JSON = None,
    history: Mapping[str, Sequence[Past]] | None = None,
) -> Take[E] | Hold | Skip:
    """What is to become of one record. Pure.

    Args:
        strategy: the sync's.
        conflict: the record on both sides.
        answer: what a person has said, as the work list keeps it; None where nobody was asked.
        history: of the record's last snapshot: what its fields held before.

    Returns:
        What the strategy says. Whatever it holds, a person can answer by taking one side.
    """
    given = None if answer is None else Answer.from_json(answer)
    decision = (strategy if given is None else Answered(strategy, given)).resolve(conflict)
    if isinstance(decision, Hold):
        asked = decision.evidence is None and conflict.differing
        return evolve(decision, evidence=question(conflict, conflict.differing)) if asked else decision
    if isinstance(decision, Skip):
        return decision
    told = frozenset[str]() if given is None else given.open(conflict)
    restless = _restless(conflict, decision, history or {}) - told
    if not restless:
        return decision
    why = (
        f"Each has gone back to what it was {FLIPS - 1} times and would again: something on each side keeps"
        " setting it. Find out what does."
    )
    return ask(conflict, restless, cause=FLIPPING, why=why)


def _restless(conflict: Conflict[E], take: Take[E], history: Mapping[str, Sequence[Past]]) -> frozenset[str]:
    """The fields that this decision would send back once too often to what they were before."""
    written = writes(conflict, take.entity, take.leaving)
    return frozenset(
        name
        for name in (written.zoey | written.netsuite) & history.keys()
        if flips(history[name], then=digest(value_of(take.entity, name))) >= FLIPS
    )
