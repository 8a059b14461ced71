"""News: which events somebody should hear of, once for each cause and run, and in which words."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from attrs import asdict, define, evolve, field, frozen

from zoey_netsuite.engine.observe import Event, Overdue, RunEnded, SystemFailed, SystemRecovered, UnitEnded
from zoey_netsuite.engine.report import EXAMPLES, Report, SyncReport
from zoey_netsuite.state.store import JSON
from zoey_netsuite.wording import moment, one_line

PATIENCE = timedelta(minutes=15)
"""A run that lasts longer than this after the first record of a cause is not waited for."""

MOST = 20
"""So many causes of one run are told one by one, the most frequent first; the others are counted."""

LONGEST = 150
"""Characters of a subject, at the most."""

Kind: TypeAlias = Literal["records", "guard", "system failed", "system works again", "overdue"]

_LIST = "integration.attention.list() names them all, and what can be done about each."


def _subject(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _lines(lines: Sequence[str]) -> Sequence[str]:
    return tuple(map(one_line, lines))


@frozen
class Alert:
    """Something that somebody should hear of.

    Attributes:
        kind: what has happened: records of one cause are held or have failed, a guard asks, a system failed, it works
            again, or records have waited for too long.
        at: when; aware, UTC.
        subject: one line.
        lines: what has happened and what to do about it, a paragraph each. None holds a line break.
        sync, cause: where it is about records of one.
        count: how many records.
    """

    integration: str
    kind: Kind
    at: datetime
    subject: str = field(converter=_subject)
    lines: Sequence[str] = field(converter=_lines)
    sync: str = ""
    cause: str = ""
    count: int = 0

    @property
    def text(self) -> str:
        """The lines, with an empty one between each two."""
        return "\n\n".join(self.lines)

    def as_data(self) -> JSON:
        """The alert as JSON; `text` is what chat programs show."""
        data = asdict(self, recurse=False) | {"at": self.at.isoformat(), "lines": list(self.lines)}
        return {"text": f"{self.subject}\n\n{self.text}", **data}


@frozen
class _Group:
    """Records of one run that share sync, outcome and cause.

    Attributes:
        told: whether they have been told before the run ended.
    """

    first_at: datetime
    count: int = 0
    messages: tuple[str, ...] = ()
    told: bool = False


_Name: TypeAlias = tuple[str, str, str]
"""Sync, outcome, cause."""


@define(eq=False)
class News:
    """What was heard of each integration, and not told yet. Safe from several threads."""

    _met: dict[str, dict[_Name, _Group]] = field(factory=dict[str, dict[_Name, _Group]], init=False)
    _asked: set[tuple[str, str]] = field(factory=set[tuple[str, str]], init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)

    def hear(self, event: Event) -> Sequence[Alert]:
        """Take an event down, and give what is to be told now."""
        match event:
            case UnitEnded(outcome="held" | "failed"):
                with self._lock:
                    return self._record(event)
            case RunEnded():
                with self._lock:
                    met = self._met.get(event.integration, {})  # other syncs may be at work beside these
                    groups = {name: met.pop(name) for name in [*met] if name[0] in event.report.syncs}
                    return [*_of_groups(event, groups, _LIST), *self._guards(event, groups)]
            case SystemFailed():
                return [_failed(event)]
            case SystemRecovered():
                subject = f"{event.integration}: {event.system} works again"
                lines = [f"{subject}. Work goes on where it stopped."]
                return [Alert(event.integration, "system works again", event.at, subject, lines)]
            case Overdue():
                return [_overdue(event)]
            case _:
                return []

    def _record(self, event: UnitEnded) -> Sequence[Alert]:
        groups = self._met.setdefault(event.integration, {})
        name = (event.sync, event.outcome, event.cause)
        group = groups.get(name, _Group(event.at))
        messages = (*group.messages, event.message)[:EXAMPLES]
        groups[name] = evolve(group, count=group.count + 1, messages=messages)
        oldest = next(one for one in groups.values() if not one.told or one is groups[name])
        if event.at - oldest.first_at < PATIENCE:
            return ()
        late = {name: one for name, one in groups.items() if not one.told and event.at - one.first_at >= PATIENCE}
        groups |= {name: evolve(one, told=True) for name, one in late.items()}
        return [*_of_groups(event, late, "The run goes on. It reports no further records of this cause.")]

    def _guards(self, event: RunEnded, groups: Mapping[_Name, _Group]) -> Iterator[Alert]:
        """What guards ask: their records are counted in the report, and there is no event for each. A question is
        told once, until a scan finds nothing to ask.
        """
        if event.report.dry_run:
            return
        for sync in event.report.syncs.values():
            held = sum(one.count for name, one in groups.items() if name[:2] == (sync.name, "held"))
            count = sync.outcomes.get("held", 0) - held
            asked = (event.integration, sync.name)
            if count > 0 and asked not in self._asked:
                self._asked.add(asked)
                yield _guard(event, sync, count)
            elif count <= 0 and sync.scanned:
                self._asked.discard(asked)


def changed(report: Report) -> int:
    """How many records a run has created or updated."""
    return report.count("created") + report.count("updated")


def _of_groups(event: UnitEnded | RunEnded, groups: Mapping[_Name, _Group], more: str) -> Iterator[Alert]:
    waiting = sorted(((n, g) for n, g in groups.items() if not g.told), key=lambda one: -one[1].count)
    for name, group in waiting[:MOST]:
        yield _of_group(event, name, group, more)
    if rest := waiting[MOST:]:
        count = sum(group.count for _, group in rest)
        subject = f"{event.integration}: {count} more records of {len(rest)} other causes"
        yield Alert(event.integration, "records", event.at, subject, [f"{subject}.", more], count=count)


def _of_group(event: Event, name: _Name, group: _Group, more: str) -> Alert:
    sync, outcome, cause = name
    what = "is held" if outcome == "held" else "has failed"
    if group.count > 1:
        what = f"{'are held' if outcome == 'held' else 'have failed'} for the same cause"
    of_cause = f" ({cause})" if cause else ""
    records = "1 record" if group.count == 1 else f"{group.count:,} records"
    subject = f"{event.integration}: {sync}: {records} {outcome}{of_cause}"
    lines = [f"{records} of {sync} {what}{of_cause}.", *group.messages]
    if group.count > len(group.messages):
        lines.append(f"… and {group.count - len(group.messages):,} more.")
    return Alert(
        event.integration, "records", event.at, subject, [*lines, more], sync=sync, cause=cause, count=group.count
    )


def _guard(event: RunEnded, sync: SyncReport, count: int) -> Alert:
    subject = f"{event.integration}: {sync.name}: {count:,} changes wait for an answer"
    lines = [*sync.notes, "integration.attention.questions() shows what is asked; attention.resolve(…) lets it pass."]
    return Alert(event.integration, "guard", event.at, subject, lines, sync=sync.name, count=count)


def _failed(event: SystemFailed) -> Alert:
    failure = event.failure
    subject = f"{event.integration}: {failure.system} failed ({failure.cause})"
    lines = [str(failure), "You will hear when it works again. Until then this is not told twice."]
    return Alert(event.integration, "system failed", event.at, subject, lines, cause=failure.cause)


def _overdue(event: Overdue) -> Alert:
    one = event.count == 1
    records = f"{event.count:,} {'record' if one else 'records'}"
    subject = f"{event.integration}: {event.sync}: {records} {'waits' if one else 'wait'} since {moment(event.since)}"
    lines = [f"{records} of {event.sync} {'needs' if one else 'need'} a person."]
    if event.waits:
        lines = [f"{records} of {event.sync} {'waits' if one else 'wait'} for something that has not happened yet."]
    lines += [f"The oldest, since {moment(event.since)}: {event.message}", _LIST]
    return Alert(event.integration, "overdue", event.at, subject, lines, sync=event.sync, count=event.count)
