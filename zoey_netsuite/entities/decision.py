"""What a decision may say besides "do this"."""

from __future__ import annotations

from attrs import field, frozen

from zoey_netsuite.entities.value import JSON


@frozen
class Hold:
    """A person is to decide; nothing is done until then, and nothing is forgotten.

    Attributes:
        reason: for that person: which record, what is wrong, what to do.
        cause: a short label that records with the same trouble share, so that they are shown as one question.
        evidence: what is needed to understand it and to answer, as JSON.
    """

    reason: str
    cause: str = "held"
    evidence: JSON = field(default=None, repr=False, hash=False)


@frozen
class Skip:
    """Nothing is to be done, by a rule that the reason names.

    Attributes:
        cause: what records that are left out for the same reason share, so that reports count them as one; by default
            the reason.
    """

    reason: str
    cause: str = ""
