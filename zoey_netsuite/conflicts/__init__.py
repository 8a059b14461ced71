"""Conflicts: one record on both sides, what each has changed since they last agreed, and who is right.

Users write a `ConflictStrategy`, or take one of those in `strategies.py`. `conflict.py` compares and merges,
`decisions.py` is what a sync asks, `questions.py` what a person is asked; `comparing.py` says when two values are the
same. All of it is pure.
"""

from zoey_netsuite.conflicts.conflict import Agreed, Conflict, Writes, compare, merge, writes
from zoey_netsuite.conflicts.decisions import Answered, decide
from zoey_netsuite.conflicts.questions import Answer
from zoey_netsuite.conflicts.strategies import (
    ConflictStrategy,
    HoldForReview,
    LatestWins,
    MergeFields,
    NetSuiteWins,
    Take,
    ZoeyWins,
)
from zoey_netsuite.state.records import Side

__all__ = [
    "Agreed",
    "Answer",
    "Answered",
    "Conflict",
    "ConflictStrategy",
    "HoldForReview",
    "LatestWins",
    "MergeFields",
    "NetSuiteWins",
    "Side",
    "Take",
    "Writes",
    "ZoeyWins",
    "compare",
    "decide",
    "merge",
    "writes",
]
