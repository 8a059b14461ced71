"""Overdue: what has stood on the attention list for so long that somebody should hear of it, once."""

from __future__ import annotations

from datetime import timedelta

from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.observe import Overdue
from zoey_netsuite.errors import VersionMismatch
from zoey_netsuite.state.space import to_moment, to_text
from zoey_netsuite.state.store import ABSENT, Put
from zoey_netsuite.state.worklist import Waiting


def newly_overdue(sync: str, waiting: Waiting, desk: Desk) -> Overdue | None:
    """The entries that have become overdue since this was asked last, by any process.

    The store keeps how far they have been told: all entries up to one age. So it is one entry, whatever their number.
    """
    now = desk.space.store.now()
    limit = to_text(now - timedelta(seconds=desk.timing.overdue))
    if not waiting.since or waiting.since[0][0] > limit:
        return None
    key = desk.space.key("overdue", sync)
    told = desk.space.read_one("overdue", sync)
    news = [one for one in waiting.since if one[0] <= limit and (told is None or one[0] > told.value)]
    if not news:
        return None
    since, oldest = news[0]
    item = desk.worklist.read(sync, [oldest]).get(oldest)
    try:
        desk.space.store.commit([Put(key, news[-1][0], ABSENT if told is None else told.version)])
    except VersionMismatch:
        return None  # another process tells it
    message = "" if item is None else item.message
    return Overdue(desk.space.name, sync, len(news), oldest, message, to_moment(since), at=now)
