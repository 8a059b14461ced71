"""Overdue: what has stood on the attention list, or waited, for so long that somebody should hear of it, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.observe import Overdue
from zoey_netsuite.errors import VersionMismatch
from zoey_netsuite.state.space import to_moment, to_text
from zoey_netsuite.state.store import ABSENT, Put
from zoey_netsuite.state.worklist import Waiting


def newly_overdue(sync: str, waiting: Waiting, desk: Desk) -> Iterator[Overdue]:
    """The entries that have become overdue since this was asked last, by any process: those that need a person, and
    those that wait and need nobody.

    The store keeps how far they have been told: all entries up to one time. So it is one entry, whatever their number.
    """
    now = desk.space.store.now()
    limit = to_text(now - timedelta(seconds=desk.timing.overdue))
    for name, times, until in (("overdue", waiting.since, limit), ("overdue waits", waiting.alert, to_text(now))):
        overdue = _news(sync, name, times, until, now, desk)
        if overdue is not None:
            yield overdue


def _news(
    sync: str, name: str, times: Sequence[tuple[str, str]], limit: str, now: datetime, desk: Desk
) -> Overdue | None:
    if not times or times[0][0] > limit:
        return None
    key = desk.space.key(name, sync)
    told = desk.space.read_one(name, sync)
    news = [one for one in times if one[0] <= limit and (told is None or one[0] > told.value)]
    if not news:
        return None
    since, oldest = news[0]
    item = desk.worklist.read(sync, [oldest]).get(oldest)
    try:
        desk.space.store.commit([Put(key, news[-1][0], ABSENT if told is None else told.version)])
    except VersionMismatch:
        return None  # another process tells it
    message = "" if item is None else item.message
    waits = item is not None and item.state == "waiting"
    since = item.first_at if waits and item is not None and item.first_at is not None else since
    return Overdue(desk.space.name, sync, len(news), oldest, message, to_moment(since), waits, at=now)
