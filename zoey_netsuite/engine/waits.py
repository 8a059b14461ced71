"""Waiting as a decision: a unit that needs nobody, and can't go on until something is there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from attrs import field, frozen
from attrs.validators import instance_of, optional

from zoey_netsuite.engine.unit import Linked, Unit
from zoey_netsuite.state.links import LinkName
from zoey_netsuite.state.records import RecordRef
from zoey_netsuite.state.space import to_text
from zoey_netsuite.wording import moment

NOT_LINKED = "not linked"
"""The cause of units that wait for their own pair."""

ALERT_AFTER = timedelta(days=7)


def _is_aware(_: object, __: Any, value: Any) -> None:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"Until(time={value!r}) takes a datetime with a time zone")


def _is_a_time_span(_: object, __: Any, value: Any) -> None:
    if value is not None and not isinstance(value, timedelta):
        raise TypeError(f"Wait(alert_after={value!r}) takes a timedelta, or None for never")


@frozen
class Changed:
    """Wait until a scan of any sync of the integration brings this record.

    A `RecordRef` names no kind of record: what has the same id on that side ends the wait, too, and the unit is then
    asked again for nothing.
    """

    record: RecordRef = field(validator=instance_of(RecordRef))

    def __str__(self) -> str:
        return f"a change of {self.record}"


@frozen
class Until:
    """Wait until a time, aware. It may end a look-around later; and the unit is asked once a day before, too."""

    time: datetime = field(validator=_is_aware)

    def __str__(self) -> str:
        return moment(self.time)


@frozen
class Wait:
    """The unit can't go on yet, and needs nobody for that; it is asked again when what it waits for is there.

    Nobody needs to say that it is: the engine looks, at each run of the sync and every few seconds in `run_forever`.
    Every unit that waits is also asked again once a day, so none waits for ever.

    Attributes:
        reason: for people: which record, and what for.
        for_: a pair to be linked, a record to change, or a time; None: that a scan brings a unit of the same root.
        alert_after: after how long observers are told that it still waits (`Overdue`); None: never.
        cause: a short label that records with the same reason share.
    """

    reason: str = field(validator=instance_of(str))
    for_: Linked | Changed | Until | None = field(
        default=None, kw_only=True, validator=optional(instance_of((Linked, Changed, Until)))
    )
    alert_after: timedelta | None = field(default=ALERT_AFTER, kw_only=True, validator=_is_a_time_span)
    cause: str = field(default="waiting", kw_only=True)


def for_pair(sync: str, unit: Unit[Any]) -> Wait | None:
    """The wait of a unit whose pair is not linked; None where such units are skipped."""
    about = unit.about
    if about is None or unit.unlinked == "skip" or not (about.zoey_id or about.netsuite_id):
        return None
    return Wait(f"{sync} {unit.id} waits for {about}", for_=about, cause=NOT_LINKED)


def link_of(wait: Wait) -> LinkName | None:
    """The link that a unit waits for, if it waits for one."""
    linked = wait.for_
    return (linked.kind, linked.record.side, linked.record.id) if isinstance(linked, Linked) else None


def stored(wait: Wait) -> tuple[str, ...]:
    """What a unit waits for, as its entry of the work list keeps it."""
    match wait.for_:
        case Linked() as linked:
            return ("linked", linked.kind, linked.record.side, linked.record.id)
        case Changed(record):
            return ("changed", record.side, record.id)
        case Until(time):
            return ("until", to_text(time))
        case None:
            return ("root",)
