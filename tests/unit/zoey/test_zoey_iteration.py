"""Lists come to their end, with no record twice and none missed, whatever the store does meanwhile."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.zoey.zoey_store import ScriptedTransport, Shelf, json_answer

from zoey_netsuite.http.limits import Limits
from zoey_netsuite.zoey import OAuth1Auth, Paging, ZoeyBehavior, ZoeyClient, ZoeyUnexpectedAnswerError
from zoey_netsuite.zoey.windows import window_after

AUTH = OAuth1Auth("key", "secret", "token", "token-secret")


def client_of(shelf: Shelf, **paging: Paging) -> ZoeyClient:
    return ZoeyClient(
        "https://shop.example.com",
        AUTH,
        behavior=ZoeyBehavior(paging=paging),
        limiter=Limits(),
        transport=ScriptedTransport(shelf.answer),
    )


class Changes:
    """Adds and removes records before each call, a few or many, anywhere."""

    def __init__(self, seed: int, removals: int, additions: int, busy_calls: int, newest: bool) -> None:
        self.random = random.Random(seed)
        self.removals, self.additions, self.busy_calls = removals, additions, busy_calls
        self.ids_in_between = not newest
        self.touched: set[int] = set()
        self.next_id = 1_000_000

    def __call__(self, shelf: Shelf, call: int) -> None:
        if call == 0 or call > self.busy_calls:
            return
        for _ in range(self.random.randint(0, self.removals)):
            if shelf.ids:
                gone = self.random.choice(shelf.ids)
                shelf.ids.remove(gone)
                self.touched.add(gone)
        for _ in range(self.random.randint(0, self.additions)):
            self.next_id += 1
            new = self.next_id
            free = sorted(set(range(1, 2000)).difference(shelf.ids))
            if free and self.ids_in_between and self.random.random() < 0.5:
                new = self.random.choice(free)
            if new not in shelf.ids and new not in self.touched:
                shelf.ids.append(new)
                self.touched.add(new)


def assert_complete(shelf: Shelf, got: list[str], before: set[int], touched: set[int]) -> None:
    assert len(got) == len(set(got)), "a record came twice"
    assert {str(id) for id in before - touched} <= set(got), "a record was missed"
    assert set(got) <= {str(id) for id in before | touched}, "a record came that never was"


stores = {
    "size": st.integers(0, 330),
    "page_size": st.sampled_from([2, 3, 5, 7, 10, 50, 99, 100]),
    "shape": st.sampled_from(["array", "map"]),
    "past_the_end": st.sampled_from(["repeat", "empty"]),
    "newest_first": st.booleans(),
    "seed": st.integers(0, 2**32),
    "removals": st.sampled_from([0, 1, 3, 40, 400]),
    "additions": st.sampled_from([0, 1, 3, 40, 300]),
    "busy_calls": st.sampled_from([0, 1, 5, 30]),
}


@settings(max_examples=60, deadline=None)
@given(filters=st.booleans(), orders=st.booleans(), **stores)
def test_reading_by_key_misses_nothing(
    size: int,
    page_size: int,
    shape: str,
    past_the_end: str,
    newest_first: bool,
    seed: int,
    removals: int,
    additions: int,
    busy_calls: int,
    filters: bool,
    orders: bool,
) -> None:
    """Holds by key, and still when the store ignores the filter or the order it was given; or the reading fails."""
    size = min(size, page_size * 60)
    before = set(random.Random(seed).sample(range(1, 2000), size))
    changes = Changes(seed, removals, additions, busy_calls, newest_first)
    shelf = Shelf(
        sorted(before),
        shape=shape,
        past_the_end=past_the_end,
        newest_first=newest_first,
        filters=filters,
        orders=orders,
        before=changes,
    )
    try:
        got = [product.id for product in client_of(shelf).products.list(page_size=page_size)]
    except ZoeyUnexpectedAnswerError as error:
        # So much was removed while it was read that it can't be told any more how such a store has to be read.
        if filters or "were filtered out" not in str(error):
            raise
        return
    assert_complete(shelf, got, before, changes.touched)


@settings(max_examples=100, deadline=None)
@given(**stores)
def test_reading_by_number_misses_nothing(
    size: int,
    page_size: int,
    shape: str,
    past_the_end: str,
    newest_first: bool,
    seed: int,
    removals: int,
    additions: int,
    busy_calls: int,
) -> None:
    """Holds for lists that know page numbers only, as that of the accounts."""
    size = min(size, page_size * 60)
    before = set(random.Random(seed).sample(range(1, 2000), size))
    changes = Changes(seed, removals, additions, busy_calls, newest_first)
    shelf = Shelf(sorted(before), "id", shape, past_the_end, filters=False, newest_first=newest_first, before=changes)
    got = [account.id for account in client_of(shelf).accounts.list(page_size=page_size)]
    assert_complete(shelf, got, before, changes.touched)


@pytest.mark.parametrize("shape", ["array", "map"])
@pytest.mark.parametrize("past_the_end", ["repeat", "empty"])
@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 20, 25, 100])
@pytest.mark.parametrize("own_size", [10, 37])
def test_store_with_pages_of_its_own_size_ends(shape: str, past_the_end: str, size: int, own_size: int) -> None:
    """A store that ignores `limit` and makes larger pages than asked is read to its end all the same."""
    shelf = Shelf(list(range(1, size + 1)), "id", shape, past_the_end, filters=False, own_size=own_size)
    got = [account.id for account in client_of(shelf).accounts.list(page_size=5)]
    assert got == [str(id) for id in range(1, size + 1)]


def test_reading_by_key_costs_no_more_calls_than_pages() -> None:
    """A full list of 1,000 takes ten calls and one that finds nothing more."""
    shelf = Shelf(list(range(1, 1001)))
    assert len(list(client_of(shelf).products.list())) == 1000
    assert shelf.calls == 11


def test_reading_by_number_costs_few_calls_more_than_pages() -> None:
    """Overlapping pages are hardly smaller: 10,000 accounts are 100 full pages."""
    shelf = Shelf(list(range(1, 10_001)), "id", filters=False)
    assert len(list(client_of(shelf).accounts.list())) == 10_000
    assert shelf.calls <= 120


def test_a_list_that_repeats_one_page_for_ever_ends() -> None:
    """Whatever is asked, the same hundred records: they come once."""
    page = [{"entity_id": str(id)} for id in range(1, 101)]
    transport = ScriptedTransport(lambda asked: json_answer(page))
    client = ZoeyClient("https://shop.example.com", AUTH, limiter=Limits(), transport=transport)
    assert len(list(client.orders.list())) == 100
    assert len(transport.asked) < 10


def test_going_on_after_an_id() -> None:
    """A scan that was interrupted goes on from the page's `after`."""
    shelf = Shelf(list(range(1, 251)))
    client = client_of(shelf)
    first = next(client.products.list().pages())
    assert first.after == "100"
    rest = [product.id for product in client.products.list(after=first.after)]
    assert rest == [str(id) for id in range(101, 251)]


def test_going_on_after_an_id_in_a_store_that_ignores_filters() -> None:
    """What comes before the id is left out here where the store does not."""
    shelf = Shelf(list(range(1, 251)), filters=False)
    rest = [product.id for product in client_of(shelf).products.list(after="100")]
    assert rest == [str(id) for id in range(101, 251)]


def test_inconsistent_filtering_is_an_error_not_a_gap() -> None:
    """A store that filters on one page and not on a later one is not to be relied on."""
    shelf = Shelf(list(range(1, 501)))

    def fail_later(shelf: Shelf, call: int) -> None:
        shelf.filters = call < 3

    shelf.before = fail_later
    with pytest.raises(ZoeyUnexpectedAnswerError, match="filtered out by entity_id"):
        list(client_of(shelf).products.list())


@given(passed=st.integers(1, 200_000), limit=st.integers(2, 100))
def test_windows_overlap_and_go_on(passed: int, limit: int) -> None:
    """Every window shows the last record passed and at least one more, and is no larger than Zoey allows."""
    window = window_after(passed, limit)
    assert window.start <= passed - 1 < passed < window.end
    assert window.limit <= 100
