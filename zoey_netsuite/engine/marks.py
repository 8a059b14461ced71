"""Marks: a piece of text in a record that tells what it was made of, where no external id can.

Ids recur between accounts and kinds, so a mark carries the integration, the side, the kind and the id:
`[acme ZOEY invoice 812]` in a NetSuite memo, `[acme NS payment 4711]` on a document in Zoey.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Self

from attrs import field, frozen

from zoey_netsuite.state.records import Side

_SIDES: Mapping[Side, str] = {"zoey": "ZOEY", "netsuite": "NS"}
_BY_WORD: Mapping[str, Side] = {word: side for side, word in _SIDES.items()}
_MARK = re.compile(r"\[([a-z0-9]+) (ZOEY|NS) ([^\[\]]+) ([^\[\] ]+)\]")
_EXTERNAL_ID = re.compile(r"([a-z0-9]+)-(.+)-([^-]+)")


def _plain(_: object, attribute: object, given: str) -> None:
    if not given or set("[]") & set(given) or given != given.strip():
        raise ValueError(f"{given!r} can't stand in a mark: give text without brackets, and without blanks around it")


@frozen
class Mark:
    """What a record was made of; `str()` is the text that stands in it.

    Attributes:
        integration: the integration's name.
        side: the system of the record that it was made of.
        kind: what that is: "invoice", "payment" …
        id: that record's id.

    Raises:
        ValueError: one of them can't be told from the rest of the text.
    """

    integration: str = field(validator=_plain)
    side: Side
    kind: str = field(validator=_plain)
    id: str = field(validator=_plain)

    def __str__(self) -> str:
        return f"[{self.integration} {_SIDES[self.side]} {self.kind} {self.id}]"

    @classmethod
    def all_in(cls, text: str) -> list[Self]:
        """The marks that stand in a text."""
        return [cls(name, _BY_WORD[word], kind, id) for name, word, kind, id in _MARK.findall(text)]


def mark_of(external_id: str) -> str:
    """The mark that says what an external id does: `acme-invoice-812` is `[acme ZOEY invoice 812]`."""
    parts = _EXTERNAL_ID.fullmatch(external_id)
    return f"[{external_id}]" if parts is None else str(Mark(parts[1], "zoey", parts[2], parts[3]))
