"""A conflict as a question to a person, and the answer, as they are kept until the answer is applied."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from attrs import field, frozen

from zoey_netsuite.conflicts.comparing import as_json, digest, field_names, same, value_of
from zoey_netsuite.conflicts.conflict import NONE, Conflict, E
from zoey_netsuite.entities import JSON, Hold
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.state.records import Side

CONFLICT = "conflict"
"""The cause of what is held because both sides have changed it."""

SIDES = ("zoey", "netsuite")


def ask(conflict: Conflict[E], names: Collection[str], *, cause: str = CONFLICT, why: str = "") -> Hold:
    """The question which side is right about these fields, with both values.

    Args:
        why: what else there is to say, for people.
    """
    each = f', or a side for each field, take={{"{min(names)}": "zoey", …}}' if len(names) > 1 else ""
    reason = (
        f"{conflict}: {conflict.describe(names)}.{' ' if why else ''}{why} Say which side is right:"
        f' integration.attention.resolve(item, take="zoey"), or take="netsuite"{each}; or make both sides agree.'
    )
    return Hold(reason, cause, question(conflict, names))


def question(conflict: Conflict[E], names: Collection[str]) -> JSON:
    """What is kept of a question: the fields, with what each side and the base hold, and a digest of the two sides."""
    return {CONFLICT: {name: _asked(conflict, name) for name in sorted(names)}}


def _asked(conflict: Conflict[E], name: str) -> JSON:
    in_zoey, in_netsuite = conflict.values(name)
    asked = {"zoey": as_json(in_zoey), "netsuite": as_json(in_netsuite), "about": digest(in_zoey, in_netsuite)}
    return asked if conflict.base is None else {**asked, "base": as_json(value_of(conflict.base, name))}


@frozen
class Answer:
    """What a person has decided about one conflict.

    Attributes:
        take: which side is right, by field.
        about: for each of these fields the digest of what the sides held when it was asked about.
    """

    take: Mapping[str, Side] = field(hash=False)
    about: Mapping[str, str] = field(hash=False)

    @classmethod
    def to(cls, asked: JSON, take: Side | Mapping[str, Side]) -> Answer:
        """The answer to a question.

        Args:
            asked: the evidence of what is held, see `question`.
            take: a side for all fields that are asked about, or one for each.

        Raises:
            ConfigurationError: this is no question about a conflict, or no answer to it.
        """
        if not is_question(asked):
            raise ConfigurationError("this is no conflict of which one side could be taken")
        fields: Mapping[str, JSON] = asked[CONFLICT]
        given: Mapping[str, Side] = dict.fromkeys(fields, take) if isinstance(take, str) else take
        if not isinstance(cast("object", given), Mapping) or set(given) != set(fields):
            msg = f'take={take!r}: a side is wanted ("zoey" or "netsuite"), or one for each of {", ".join(fields)}'
            raise ConfigurationError(msg)
        wrong = [side for side in given.values() if side not in SIDES]
        if wrong:
            raise ConfigurationError(f'take={take!r}: {wrong[0]!r} is no side; they are "zoey" and "netsuite"')
        return cls(dict(given), {name: str(each["about"]) for name, each in fields.items()})

    @classmethod
    def from_json(cls, value: JSON) -> Answer:
        """What `to_json` gave."""
        return cls(dict(value["take"]), dict(value["about"]))

    def to_json(self) -> JSON:
        """As it is kept."""
        return {"take": dict(self.take), "about": dict(self.about)}

    def fits(self, conflict: Conflict[Any]) -> bool:
        """Whether each of the fields is still as it was when it was asked about, or is the same on both sides now."""
        known = field_names(conflict.zoey) | field_names(conflict.netsuite) | conflict.changed
        for name, about in self.about.items():
            if name not in known:
                return False
            values = conflict.values(name)
            if not same(*values) and digest(*values) != about:
                return False
        return True

    def open(self, conflict: Conflict[Any]) -> frozenset[str]:
        """The fields that it still has to decide."""
        return conflict.differing & self.take.keys() if self.fits(conflict) else NONE


def is_question(evidence: JSON) -> bool:
    """Whether the evidence of something held is a question about a conflict."""
    return isinstance(evidence, dict) and CONFLICT in evidence
