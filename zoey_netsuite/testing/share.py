"""A share of many cases: the same ones in every run, on every machine and every Python."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Self, TypeVar

from attrs import field, frozen
from attrs.validators import ge

T = TypeVar("T")


@frozen
class Share:
    """Part number `part` of `of` parts. A hash of a case's names says which part it belongs to.

    So a case stays in its part when others are added, and all parts together are all cases. `str(share)` is what
    `Share.parse` reads: "2/6".

    Example:
        >>> share = Share.parse("1/6")
        >>> share.takes("one order", "kill", 17)
        False
    """

    part: int = field(default=1, validator=ge(1))
    of: int = field(default=1, validator=ge(1))

    def __attrs_post_init__(self) -> None:
        if self.part > self.of:
            raise ValueError(f"there is no part {self.part} of {self.of}: parts are counted from 1")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2/6". Raises ValueError when the text is something else."""
        part, slash, of = text.partition("/")
        if not (slash and part.isdecimal() and of.isdecimal()):
            raise ValueError(f"{text!r} is not a share: write 2/6 for the second of six parts")
        return cls(int(part), int(of))

    @property
    def is_whole(self) -> bool:
        """Whether it is everything."""
        return self.of == 1

    def takes(self, *names: object) -> bool:
        """Whether the case with these names belongs to this part."""
        return _number(names) % self.of == self.part - 1

    def of_cases(self, cases: Sequence[T], names: Callable[[T], Sequence[object]]) -> list[T]:
        """The cases of this part, in their order; where it has none, one of them all the same."""
        taken = [case for case in cases if self.takes(*names(case))]
        return taken or sorted(cases, key=lambda case: _number(names(case)))[:1]

    def __str__(self) -> str:
        return f"{self.part}/{self.of}"


WHOLE = Share()
"""All cases."""


def _number(names: Sequence[object]) -> int:
    # Not Python's own hash of text: it differs from process to process.
    text = "\0".join(str(name) for name in names)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
