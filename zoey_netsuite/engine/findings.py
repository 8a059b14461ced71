"""What `check` and `verify` find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from attrs import asdict, frozen

from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.store import JSON
from zoey_netsuite.wording import one_line, sentences, wrapped


@frozen
class Finding:
    """Something that `check` came across.

    Attributes:
        level: "error" (it can't work so), "warning" (it works, but not for everything) or "info".
        system: "netsuite", "zoey", "store" or "settings".
        what: what is missing or wrong, naming it.
        remedy: what to do about it.
    """

    level: Literal["error", "warning", "info"]
    system: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return one_line(f"{self.level} ({self.system}): {sentences(self.what, self.remedy)}")


NAMED = 5


def unread_findings(what: str, records: Sequence[object]) -> Iterator[Finding]:
    """That some records of a sample that `check` looks at can't be read, naming them.

    Args:
        what: the sample, in words.
        records: as a list gives them, with an error in the place of each that can't be read.
    """
    unread = [str(one) for one in records if isinstance(one, Exception)]
    if unread:
        shown = f"{len(unread)} of {len(records)} {what} can't be read: {'; '.join(unread[:NAMED])}"
        remedy = "Correct the values in Zoey. A run holds what belongs to these records, and goes on with all others."
        yield Finding("warning", "zoey", shown, remedy)


class CheckFailed(ConfigurationError):
    """`check` found errors; the message lists them all."""


@frozen
class Findings:
    """All that `check` came across; iterable, printable, and as data."""

    items: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Those that keep it from working."""
        return tuple(item for item in self.items if item.level == "error")

    def raise_for_errors(self) -> None:
        """Stop here if anything keeps it from working.

        Raises:
            CheckFailed: naming every error and its remedy.
        """
        if self.errors:
            raise CheckFailed("\n".join(str(item) for item in self.errors))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __str__(self) -> str:
        return "\n".join(wrapped(str(item)) for item in self.items) or "nothing is missing"

    def as_data(self) -> JSON:
        """The findings as JSON."""
        return [asdict(item) for item in self.items]


@frozen
class Difference:
    """One field in which the two sides do not agree.

    Attributes:
        expected: what the other side should hold, by the sync's rules.
        actual: what it holds.
    """

    sync: str
    zoey_id: str | None
    netsuite_id: str | None
    field: str
    expected: str
    actual: str
    label: str = ""

    def __str__(self) -> str:
        return one_line(
            f"{self.sync}: {self.field} of {self.label or 'the record'} (Zoey {self.zoey_id}, NetSuite"
            f" {self.netsuite_id}) is {self.actual}, expected {self.expected}"
        )


def unreadable(sync: str, link: Link | None, label: str, why: object) -> Difference:
    """What `verify` says of a record that can't be compared, as one of its sides can't be read."""
    zoey_id, netsuite_id = (None, None) if link is None else (link.zoey_id, link.netsuite_id)
    return Difference(sync, zoey_id, netsuite_id, "record", "readable", f"unreadable: {why}", label)


@frozen
class Adoption:
    """A record that was there before this integration, and what was found of its pair.

    Attributes:
        link: the pair, or None where there is a question.
        question: why a person has to look: several fit, or the one that fits does not agree.
        holds: whether the sync would make the record all the same, so that it is to be held until somebody has looked.
    """

    zoey_id: str
    label: str
    link: Link | None = None
    question: str = ""
    holds: bool = False

    def __str__(self) -> str:
        if self.link is not None:
            return one_line(f"{self.label} (Zoey {self.zoey_id}) is NetSuite {self.link.netsuite_id}")
        return one_line(f"{self.label} (Zoey {self.zoey_id}): {self.question}")


@frozen
class Adopted:
    """What `adopt` has linked, and what a person has to look at."""

    linked: tuple[Adoption, ...]
    questions: tuple[Adoption, ...]

    def __str__(self) -> str:
        return "\n".join([f"{len(self.linked)} linked", *(wrapped(str(question)) for question in self.questions)])


def collect(*parts: Iterable[Finding]) -> Findings:
    """Findings of several origins as one."""
    return Findings(tuple(finding for part in parts for finding in part))
