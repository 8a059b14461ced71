"""Reading by key over data that changes: no record twice, none missed, and the fewest requests."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoey_netsuite.http.operation import Operation, ResultPage
from zoey_netsuite.http.transport import Received
from zoey_netsuite.netsuite.errors import PagingError
from zoey_netsuite.netsuite.suiteql import Row, suiteql

QUERY = "SELECT a, b, id FROM t WHERE :after ORDER BY a, b"


class Table:
    """A table that answers the keyset queries of one shape, as a server does: filtered, ordered, cut off."""

    def __init__(self, rows: list[tuple[int, int, int]], columns: int) -> None:
        self.rows = rows
        self.columns = columns

    def answer(self, operation: Operation[Any]) -> Received:
        params = operation.json.get("params", [])
        limit, offset = (int(value) for _, value in operation.params)
        assert offset == 0
        after = tuple(int(params[place]) for place in range(0, len(params), 2)) if self.columns == 2 else None
        if self.columns == 1:
            after = (int(params[0]),) if params else ()
        elif params:
            assert params[0] == params[1]
            after = (int(params[1]), int(params[2]))
        found = sorted(row for row in self.rows if not after or row[: self.columns] > after)
        items = [{"links": [], "a": str(a), "b": str(b), "id": str(id)} for a, b, id in found[:limit]]
        body = {"items": items, "hasMore": len(found) > limit, "totalResults": len(found)}
        return Received(200, {}, json.dumps(body).encode())


def read(table: Table, by: tuple[str, ...], size: int, between: Any = lambda: None) -> tuple[list[str], int]:
    seen: list[str] = []
    calls = 0
    operation: Operation[ResultPage[Row]] | None = suiteql(QUERY, by=by, page_size=size).first
    while operation is not None:
        page = operation.read(table.answer(operation))
        calls += 1
        seen += [row["id"] for row in page.items]
        operation = page.next
        between()
    return seen, calls


KEYS = st.tuples(st.integers(0, 12), st.integers(0, 3))


@given(
    keys=st.lists(KEYS, max_size=40),
    size=st.integers(1, 12),
    columns=st.sampled_from([1, 2]),
    changes=st.lists(st.lists(st.tuples(st.booleans(), KEYS), max_size=4), max_size=6),
)
@settings(max_examples=500, deadline=None)
def test_no_record_twice_and_none_missed_while_others_come_and_go(
    keys: list[tuple[int, int]], size: int, columns: int, changes: list[list[tuple[bool, tuple[int, int]]]]
) -> None:
    table = Table([(a, b, number) for number, (a, b) in enumerate(keys)], columns)
    stayed = {str(number) for number in range(len(keys))}
    waiting = iter(changes)
    fresh = iter(range(1000, 2000))

    def change() -> None:
        for appears, (a, b) in next(waiting, []):
            if appears:
                table.rows.append((a, b, next(fresh)))
            elif table.rows:
                gone = table.rows.pop((a * 7 + b) % len(table.rows))
                stayed.discard(str(gone[2]))

    try:
        seen, _ = read(table, ("a", "b")[:columns], size, change)
    except PagingError:
        counts: dict[tuple[int, ...], int] = {}
        for row in table.rows:
            counts[row[:columns]] = counts.get(row[:columns], 0) + 1
        # what is there now, plus what one change may have taken away, fills a page with one key
        assert max(counts.values(), default=0) + 4 >= size
        return
    assert len(seen) == len(set(seen))
    assert stayed <= set(seen)


@given(count=st.integers(0, 60), size=st.integers(2, 12))
@settings(deadline=None)
def test_no_more_requests_than_needed(count: int, size: int) -> None:
    seen, calls = read(Table([(number, 0, number) for number in range(count)], 1), ("a",), size)
    assert seen == [str(number) for number in range(count)]
    # each full page gives one row less, as its last key may go on
    assert calls == max(1, -(-(count - 1) // (size - 1)))


def answer(**body: Any) -> Received:
    return Received(200, {}, json.dumps(body).encode())


def test_a_server_that_does_not_say_whether_more_follows_is_read_to_a_short_page() -> None:
    first = suiteql("SELECT id FROM t ORDER BY id", page_size=2).first
    page = first.read(answer(items=[{"id": "1"}, {"id": "2"}]))
    assert page.next is not None
    assert page.next.params == (("limit", "2"), ("offset", "2"))
    assert page.next.read(answer(items=[{"id": "3"}])).next is None


@pytest.mark.parametrize("body", [{}, {"items": None}, {"items": [], "hasMore": True}])
def test_answers_that_are_no_pages_are_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"items|more rows"):
        suiteql("SELECT id FROM t ORDER BY id").first.read(answer(**body))


def test_offset_paging_stops_before_its_limits() -> None:
    told = suiteql("SELECT id FROM t ORDER BY id").first
    with pytest.raises(PagingError, match=r"100,001 rows.*read it by key"):
        told.read(answer(items=[{"id": "1"}] * 1000, hasMore=True, totalResults=100_001))
    untold: Operation[ResultPage[Row]] | None = suiteql("SELECT id FROM t ORDER BY id", page_size=50).first
    for _ in range(999):
        assert untold is not None
        untold = untold.read(answer(items=[{"id": "1"}] * 50, hasMore=True)).next
    assert untold is not None
    with pytest.raises(PagingError, match="at most 50,000 by offset"):
        untold.read(answer(items=[{"id": "1"}] * 50, hasMore=True))


def test_exactly_what_can_be_reached_by_offset_is_read() -> None:
    operation: Operation[ResultPage[Row]] | None = suiteql("SELECT id FROM t ORDER BY id").first
    rows = 0
    while operation is not None:
        offset = int(operation.params[1][1])
        page = operation.read(answer(items=[{"id": "1"}] * 1000, hasMore=offset < 99_000, totalResults=100_000))
        rows += len(page.items)
        operation = page.next
    assert rows == 100_000
