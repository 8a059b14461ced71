"""What a run has done: counts, durations, calls, and what needs a person; printable, and as data."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import asdict, define, evolve, field, frozen

from zoey_netsuite.engine.effects import Effect
from zoey_netsuite.engine.unit import Outcome
from zoey_netsuite.errors import SystemFailure
from zoey_netsuite.state.store import JSON
from zoey_netsuite.wording import wrapped

LISTED = 50
"""How many records a report names; it counts them all."""

EXAMPLES = 3
"""How many of those that share a cause are printed."""

OUTCOMES: Sequence[Outcome] = ("created", "updated", "unchanged", "skipped", "waiting", "retrying", "held", "failed")

TROUBLE: Sequence[Outcome] = ("held", "failed", "retrying")
"""Outcomes after which a record is named in the report."""

WAITING: Sequence[Outcome] = (*TROUBLE, "waiting")
"""Outcomes after which a record stands on the attention list."""

WOULD: Mapping[Outcome, str] = {
    "created": "would create {}",
    "updated": "would update {}",
    "skipped": "would skip {}",
    "waiting": "{} would wait",
    "held": "would hold {}",
}
"""How a dry run counts outcomes; those without words of their own say what is the case already."""

OTHERWISE = "other reasons"
"""What records are counted under that were left out for more reasons than a report keeps."""


@frozen
class Planned:
    """What a dry run would do.

    Attributes:
        text: for people.
        effect: the effect itself, as a value.
    """

    sync: str
    unit_id: str
    text: str
    effect: Effect = field(repr=False)


@frozen
class Named:
    """A record that the report names, and why."""

    unit_id: str
    zoey_id: str | None
    netsuite_id: str | None
    outcome: Outcome
    cause: str
    message: str


@frozen
class Skipped:
    """Records that were left out for the same reason.

    Attributes:
        example: what was said of one of them.
    """

    cause: str
    count: int
    example: str


@frozen
class SyncReport:
    """What one sync has done in a run.

    Attributes:
        scanned: units that the scan came across.
        dropped: of them, those that need nothing (the other side holds the same already).
        unlinked: of them, those whose pair is not linked.
        outcomes: units dealt with, by outcome.
        made: what once effects made of them, counted by what it is ("contact"): a unit may make several things, and be
            held after some of them.
        seconds: how long it took.
        named: records that need a person, the first of them by name.
        skipped: why records were left out, the most frequent reason first.
        waiting: records on the attention list from earlier runs, by state ("held", "failed", "retrying", "waiting"),
            beyond those that this run came across again; counted up to 10,000.
        notes: what else people should know.
        failure: why this sync's part ended early, or None.
    """

    name: str
    scanned: int = 0
    dropped: int = 0
    unlinked: int = 0
    outcomes: Mapping[str, int] = field(factory=dict[str, int])
    seconds: float = 0.0
    named: Sequence[Named] = ()
    notes: Sequence[str] = ()
    failure: SystemFailure | None = None
    skipped: Sequence[Skipped] = ()
    waiting: Mapping[str, int] = field(factory=dict[str, int])
    made: Mapping[str, int] = field(factory=dict[str, int])

    def as_data(self) -> JSON:
        """As JSON."""
        return {
            **asdict(evolve(self, failure=None)),
            "named": [asdict(one) for one in self.named],
            "notes": [*self.notes],
            "skipped": [asdict(one) for one in self.skipped],
            "failure": None if self.failure is None else failure_data(self.failure),
        }


@frozen
class Report:
    """What a run has done. `str(report)` is for people, `as_data()` for programs and for all records by name.

    Attributes:
        failure: why the run stopped early, or None.
        calls: calls made, by system and then by kind of call. Clients that are shared with other work count that, too.
        planned: what a dry run would have done.
    """

    integration: str
    started: datetime
    seconds: float
    dry_run: bool
    syncs: Mapping[str, SyncReport]
    calls: Mapping[str, Mapping[str, int]]
    failure: SystemFailure | None = None
    planned: Sequence[Planned] = ()

    def raise_for_failure(self) -> None:
        """Raise the failure that stopped the run, if one did.

        Raises:
            SystemFailure: as it was.
        """
        if self.failure is not None:
            raise self.failure

    def count(self, outcome: Outcome) -> int:
        """How many units of all syncs had this outcome."""
        return sum(sync.outcomes.get(outcome, 0) for sync in self.syncs.values())

    def as_data(self) -> JSON:
        """The report as JSON."""
        return {
            "integration": self.integration,
            "started": self.started.isoformat(),
            "seconds": self.seconds,
            "dry_run": self.dry_run,
            "syncs": {name: sync.as_data() for name, sync in self.syncs.items()},
            "calls": {system: dict(kinds) for system, kinds in self.calls.items()},
            "failure": None if self.failure is None else failure_data(self.failure),
            "planned": [{"sync": plan.sync, "unit": plan.unit_id, "text": plan.text} for plan in self.planned],
        }

    def __str__(self) -> str:
        lines = [f"{self.integration}: {'dry run' if self.dry_run else 'run'} of {self.seconds:.1f} s"]
        for sync in self.syncs.values():
            words: Mapping[Outcome, str] = WOULD if self.dry_run else {}
            counts = ", ".join(
                words.get(name, f"{{}} {name}").format(sync.outcomes[name])
                for name in OUTCOMES
                if sync.outcomes.get(name)
            )
            lines.append(
                f"  {sync.name}: {sync.scanned} looked at"
                + (f", {sync.dropped} as they should be" if sync.dropped else "")
                + (f", {sync.unlinked} not linked" if sync.unlinked else "")
                + (f", {counts}" if counts else "")
                + f" ({sync.seconds:.1f} s)"
            )
            if sum(sync.made.values()) != sync.outcomes.get("created", 0):
                made = ", ".join(f"{count} {what}" for what, count in sorted(sync.made.items()))
                lines.append(f"    {'would make' if self.dry_run else 'made'}: {made}")
            lines += [f"    {note}" for note in sync.notes]
            if sync.failure is not None and sync.failure is not self.failure:
                lines.append(f"    stopped early ({sync.failure.system}, {sync.failure.cause}): {sync.failure}")
            shown = _examples(sync.named)
            lines += [f"    {named.outcome}: {named.message}" for named in shown]
            waiting = sum(sync.outcomes.get(name, 0) for name in TROUBLE)
            if waiting > len(shown):
                lines.append(f"    … and {waiting - len(shown)} more: see integration.attention.list()")
            if sync.waiting:
                counts = ", ".join(f"{sync.waiting[name]} {name}" for name in WAITING if sync.waiting.get(name))
                lines.append(f"    waiting from earlier runs: {counts}; see integration.attention.list()")
            causes = [one for one in sync.skipped[:EXAMPLES] if one.cause != OTHERWISE]
            lines += [f"    {one.count} skipped: {one.cause}" for one in causes]
            others = sum(one.count for one in sync.skipped[len(causes) :])
            if others:
                lines.append(f"    {others} skipped for other reasons")
        for system, kinds in self.calls.items():
            listed = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
            lines.append(f"  calls to {system}: {sum(kinds.values())}" + (f" ({listed})" if listed else ""))
        lines += [f"  would {plan.text}" for plan in self.planned]
        if self.failure is not None:
            lines.append(f"  stopped early ({self.failure.system}, {self.failure.cause}): {self.failure}")
        return "\n".join(map(wrapped, lines))


def _examples(named: Sequence[Named]) -> Sequence[Named]:
    """Of records that share an outcome and a cause, the first few."""
    met = Counter[tuple[str, str]]()
    shown: list[Named] = []
    for one in named:
        met[one.outcome, one.cause] += 1
        if met[one.outcome, one.cause] <= EXAMPLES:
            shown.append(one)
    return shown


def failure_data(failure: SystemFailure) -> JSON:
    """A failure as JSON."""
    return {"system": failure.system, "cause": failure.cause, "message": str(failure)}


@define
class Tally:
    """Counts one sync's part of a run while it goes on. Safe from several threads."""

    name: str
    scanned: int = 0
    dropped: int = 0
    unlinked: int = 0
    seconds: float = 0.0
    outcomes: Counter[str] = field(factory=Counter[str])
    named: list[Named] = field(factory=list[Named])
    notes: list[str] = field(factory=list[str])
    skipped: dict[str, Skipped] = field(factory=dict[str, Skipped])
    waiting: Counter[str] = field(factory=Counter[str])
    made: Counter[str] = field(factory=Counter[str])
    planned: list[Planned] = field(factory=list[Planned])
    failure: SystemFailure | None = None
    lock: threading.Lock = field(factory=threading.Lock, repr=False)

    def page(self, *, scanned: int, dropped: int, unlinked: int, notes: Sequence[str]) -> None:
        """Count what a page of a scan came to."""
        with self.lock:
            self.scanned += scanned
            self.dropped += dropped
            self.unlinked += unlinked
            self.notes += [note for note in notes if note not in self.notes][: LISTED - len(self.notes)]

    def note(self, note: str) -> None:
        """Keep something that people should know."""
        self.page(scanned=0, dropped=0, unlinked=0, notes=[note])

    def unit(self, named: Named, made: Mapping[str, int]) -> None:
        """Count a unit that was dealt with, and what was made of it."""
        with self.lock:
            self.made.update(made)
            self.outcomes[named.outcome] += 1
            if named.outcome in TROUBLE and len(self.named) < LISTED:
                self.named.append(named)
            if named.outcome == "skipped":
                cause = named.cause or named.message
                if cause not in self.skipped and len(self.skipped) >= LISTED:
                    cause = OTHERWISE
                known = self.skipped.get(cause, Skipped(cause, 0, named.message))
                self.skipped[cause] = evolve(known, count=known.count + 1)

    def set_aside(self, count: int) -> None:
        """Count units that wait for the answer to a guard's question."""
        with self.lock:
            if count:
                self.outcomes["held"] += count

    def listed(self, states: Mapping[str, int]) -> None:
        """Take down how many records of this sync are on the attention list now."""
        with self.lock:
            for state, count in states.items():
                self.waiting[state] = max(count - self.outcomes[state], 0)

    def plan(self, planned: Planned) -> None:
        """Keep what a dry run would do."""
        with self.lock:
            self.planned.append(planned)

    def report(self) -> SyncReport:
        """The counts so far, as a value."""
        with self.lock:
            return SyncReport(
                self.name,
                self.scanned,
                self.dropped,
                self.unlinked,
                dict(self.outcomes),
                round(self.seconds, 3),
                tuple(self.named),
                tuple(self.notes),
                self.failure,
                tuple(sorted(self.skipped.values(), key=lambda one: (one.cause == OTHERWISE, -one.count))),
                {state: count for state, count in self.waiting.items() if count},
                dict(self.made),
            )
