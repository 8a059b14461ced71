"""Who is right where the two sides differ: the strategy that users may write, and those that come along."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Generic

from attrs import field, frozen

from zoey_netsuite.conflicts.comparing import names_of, value_of
from zoey_netsuite.conflicts.conflict import NONE, Conflict, E, with_values
from zoey_netsuite.conflicts.questions import CONFLICT, ask
from zoey_netsuite.entities import Hold, Skip, Value


@frozen
class Take(Generic[E]):
    """Both sides are to hold this.

    Attributes:
        entity: the record. Every field of it is as Zoey, NetSuite or the base has it. Only fields that somebody has
            changed are written, and only where they differ.
        leaving: fields that are left as they are on both sides, until one of them changes again.
    """

    entity: E
    leaving: frozenset[str] = field(default=NONE, converter=names_of)


class ConflictStrategy(ABC, Generic[E]):
    """Decides what both sides are to hold, for a whole record or, in `MergeFields`, for one field. Pure: the same
    conflict gives the same decision.

    It is asked about every change, also where only one side has changed something.
    `testing.StrategyConformance` tells whether a strategy of one's own keeps these promises.
    """

    @abstractmethod
    def resolve(self, conflict: Conflict[E]) -> Take[E] | Hold | Skip:
        """Decide on one record.

        Args:
            conflict: the record on both sides, and what each has changed. For one field, all others count as
                unchanged.

        Returns:
            `Take` what both are to hold; `Hold` for a person to decide; or `Skip` to leave both as they are.
        """


@frozen
class NetSuiteWins(ConflictStrategy[E]):
    """NetSuite is the master: what it shows overwrites Zoey, and what Zoey has changed is changed back."""

    def resolve(self, conflict: Conflict[E]) -> Take[E] | Hold | Skip:
        """Take NetSuite's."""
        return Take(conflict.netsuite)


@frozen
class ZoeyWins(ConflictStrategy[E]):
    """Zoey is the master: what it shows overwrites NetSuite, and what NetSuite has changed is changed back."""

    def resolve(self, conflict: Conflict[E]) -> Take[E] | Hold | Skip:
        """Take Zoey's."""
        return Take(conflict.zoey)


@frozen
class HoldForReview(ConflictStrategy[E]):
    """A person decides about every change. For conflicts only, while other changes pass: `MergeFields()`."""

    def resolve(self, conflict: Conflict[E]) -> Take[E] | Hold | Skip:
        """Hold, naming the fields and both values; where they agree already, take that."""
        differing = conflict.differing
        if not differing:
            return Take(conflict.zoey)
        return ask(conflict, differing)


@frozen
class LatestWins(ConflictStrategy[E]):
    """The side that was changed last: the only one that was, or the one with the later time.

    Attributes:
        otherwise: decides where both were changed and times are missing or equal.
    """

    otherwise: ConflictStrategy[E] = field(factory=HoldForReview[E])

    def resolve(self, conflict: Conflict[E]) -> Take[E] | Hold | Skip:
        """Take the later side's, as a whole."""
        if not conflict.changed_in_netsuite:
            return Take(conflict.zoey)
        if not conflict.changed_in_zoey:
            return Take(conflict.netsuite)
        in_zoey, in_netsuite = conflict.zoey_changed_at, conflict.netsuite_changed_at
        if in_zoey is None or in_netsuite is None or in_zoey == in_netsuite:
            return self.otherwise.resolve(conflict)
        return Take(conflict.zoey if in_zoey > in_netsuite else conflict.netsuite)


def _fixed(rules: Mapping[str, ConflictStrategy[E]]) -> Mapping[str, ConflictStrategy[E]]:
    return MappingProxyType(dict(rules))


@frozen
class MergeFields(ConflictStrategy[E]):
    """Each field by itself: what only one side has changed is taken from there; what both have changed, a rule decides.

    One field that is held holds the whole record, and all such fields are one question. Where a rule says `Skip`, that
    field is left as it is on both sides.

    Attributes:
        rules: by the field's name ("phone", "custom.vip").
        otherwise: decides fields without a rule.

    Example:
        ```python
        MergeFields(rules={"phone": ZoeyWins(), "custom.vip": NetSuiteWins()}, otherwise=LatestWins())
        ```
    """

    rules: Mapping[str, ConflictStrategy[E]] = field(
        factory=dict[str, "ConflictStrategy[E]"], converter=_fixed, hash=False
    )
    otherwise: ConflictStrategy[E] = field(factory=HoldForReview[E])

    def resolve(self, conflict: Conflict[E]) -> Take[E] | Hold | Skip:
        """Take both sides' changes together, or hold."""
        values: dict[str, Value] = {}
        leaving: set[str] = set()
        holds: dict[str, Hold] = {}
        for name in sorted(conflict.changed):
            values[name] = conflict.values(name)[name not in conflict.changed_in_zoey]
            if name not in conflict.contested:
                continue
            decision = self.rules.get(name, self.otherwise).resolve(conflict.only({name}))
            if isinstance(decision, Hold):
                holds[name] = decision
            elif isinstance(decision, Skip) or name in decision.leaving:
                leaving.add(name)
            else:
                values[name] = value_of(decision.entity, name)
        if holds:
            return _held(conflict, holds)
        return Take(with_values(conflict, values), leaving)


def _held(conflict: Conflict[E], holds: Mapping[str, Hold]) -> Hold:
    """Several fields that are held, as one question."""
    causes = {hold.cause for hold in holds.values()}
    cause = causes.pop() if len(causes) == 1 else CONFLICT
    said = [f"{name}: {hold.reason}" for name, hold in holds.items() if hold.evidence is None]
    return ask(conflict, holds, cause=CONFLICT if cause == "held" else cause, why="; ".join(said))
