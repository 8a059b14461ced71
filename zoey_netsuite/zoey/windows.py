"""Lists by page number whose pages overlap, so that what moves between two calls is neither missed nor seen twice.

A page is a window on a list that others change meanwhile: a record that is taken away moves all that follow to the
left, past the next page's beginning. So each window is laid such that its first records are ones that were seen
already. As long as a window shows one of them, everything up to its end has been seen; where it shows none, the one
before it is read again. This holds while the records keep their order among each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from attrs import frozen

from zoey_netsuite.http.operation import JSON, Operation, Response, ResultPage
from zoey_netsuite.wording import is_nameless
from zoey_netsuite.zoey.answers import read_date, read_entries
from zoey_netsuite.zoey.paging import LARGEST_PAGE, Listing, ListPage, Params, whole_number

T = TypeVar("T")

PATIENCE = 5
"""How often a window without a known record is led up to anew, before the store is taken to number its pages oddly."""
FAR_PAST_THE_END = 1_000_000_000


@frozen
class Window:
    """A page: which records it asks for, counted from 0."""

    limit: int
    number: int = 1

    @property
    def start(self) -> int:
        """The first record's position."""
        return (self.number - 1) * self.limit

    @property
    def end(self) -> int:
        """The position after the last record's."""
        return self.number * self.limit

    @property
    def before(self) -> Window:
        """The page before."""
        return Window(self.limit, self.number - 1)


def window_after(passed: int, limit: int) -> Window:
    """The window that reaches furthest among those that show the last record passed and at least one more.

    Pages can only begin at multiples of their size, so the size is varied.

    Args:
        passed: how many records were passed.
        limit: the size that is wanted; only where no smaller one fits is a larger one taken.
    """
    if passed == 0:
        return Window(limit)
    for sizes in (range(limit, 0, -1), range(limit + 1, LARGEST_PAGE + 1)):
        windows = [Window(size, (passed - 1) // size + 1) for size in sizes]
        fitting = [window for window in windows if window.end > passed]
        if fitting:
            return max(fitting, key=lambda window: window.end)
    return Window(limit, passed // limit + 1)


@frozen
class _Place:
    """Where the reading is.

    Attributes:
        window: what is asked for.
        turn: the number of this call.
        patience: how often a window without a known record may still be doubted.
        returning: whether this window is read because the one after it showed no known record.
    """

    window: Window
    turn: int = 0
    patience: int = PATIENCE
    returning: bool = False

    def next(self, window: Window, *, patience: int | None = None, returning: bool = False) -> _Place:
        return _Place(window, self.turn + 1, self.patience if patience is None else patience, returning)


@frozen
class ByNumber(Generic[T]):
    """Reads a list by page number.

    Attributes:
        listing: which.
        params: query parameters besides `limit` and `page`.
        limit: records to a page.
        floor: only records with a higher id are handed out; None for all.
    """

    listing: Listing[T]
    params: Params
    limit: int
    floor: str | None = None

    def start(self, seen: Sequence[str] = (), passed: int = 0) -> Operation[ResultPage[T]]:
        """The call to begin with, given the ids that were handed out and how many records were passed."""
        return self._ask(_Place(window_after(passed, self.limit)), lambda: dict.fromkeys(seen, -1))

    def _ask(self, place: _Place, known: Callable[[], dict[str, int]]) -> Operation[ResultPage[T]]:
        window = place.window

        def read(response: Response) -> ListPage[T]:
            seen = known()
            listed = read_entries(response, self.listing.rows)
            # The turn stands beside each id because an answer may be asked for and read again: what was first seen in
            # this turn stays new to it, however often it is read.
            fresh = {id: entry for id, entry in listed if seen.get(id, place.turn) == place.turn}
            if len(listed) > window.limit:
                return self._page(fresh, seen, place, self._unlimited(fresh, seen, place), response)
            trusted = window.number == 1 or len(fresh) < len(listed) or place.patience == 0
            if listed and trusted:
                return self._page(fresh, seen, place, self._onward(len(listed), fresh, seen, place), response)
            back = place.next(window.before, returning=True) if window.number > 1 else None
            return self._page({}, seen, place, self._follow(back, seen), response)

        return self.listing.ask(self.params, window.limit, window.number, read)

    def _follow(self, place: _Place | None, seen: dict[str, int]) -> Operation[ResultPage[T]] | None:
        return None if place is None else self._ask(place, lambda: seen)

    def _onward(
        self, count: int, fresh: Mapping[str, JSON], seen: dict[str, int], place: _Place
    ) -> Operation[ResultPage[T]] | None:
        """What comes after a window all of whose forerunners are known."""
        window = place.window
        if count < window.limit:
            return None
        if fresh:
            return self._follow(place.next(window_after(window.end, self.limit), patience=PATIENCE), seen)
        onward = place.next(window_after(window.end, self.limit), patience=max(place.patience - place.returning, 0))
        return self._follow(onward, seen) if place.returning else self._look_at_last(onward, seen)

    def _look_at_last(self, onward: _Place, seen: dict[str, int]) -> Operation[ResultPage[T]]:
        """Ask for the very last record: a full page of known ones may be the last page again, or be moved to the right.

        A store that repeats its last page gives the last record, any other nothing.
        """
        place = onward.next(onward.window)

        def read(response: Response) -> ListPage[T]:
            ids = [id for id, _ in read_entries(response, self.listing.rows)]
            ended = bool(ids) and all(id in seen for id in ids)
            return self._page({}, seen, place, None if ended else self._follow(place, seen), response)

        return self.listing.ask(self.params, 1, FAR_PAST_THE_END, read)

    def _unlimited(
        self, fresh: Mapping[str, JSON], seen: dict[str, int], place: _Place
    ) -> Operation[ResultPage[T]] | None:
        """Go on in a store that makes pages of its own size: they cannot overlap, so until one brings nothing new."""
        if not fresh:
            return None
        turn = place.turn + 1
        number = place.window.number + 1

        def read(response: Response) -> ListPage[T]:
            listed = read_entries(response, self.listing.rows)
            new = {id: entry for id, entry in listed if seen.get(id, turn) == turn}
            return self._page(new, seen, there, self._unlimited(new, seen, there), response)

        there = _Place(Window(self.limit, number), turn)
        return self.listing.ask(self.params, self.limit, number, read)

    def _page(
        self,
        fresh: Mapping[str, JSON],
        seen: dict[str, int],
        place: _Place,
        following: Operation[ResultPage[T]] | None,
        response: Response,
    ) -> ListPage[T]:
        floor = None if self.floor is None else whole_number(self.floor)
        items = [self.listing.read(entry) for id, entry in fresh.items() if _follows(id, floor)]
        for id in fresh:
            seen.setdefault(id, place.turn)
        return ListPage(items, following, read_date(response))


def _follows(id: str, floor: int | None) -> bool:
    return floor is None or is_nameless(id) or whole_number(id) > floor
