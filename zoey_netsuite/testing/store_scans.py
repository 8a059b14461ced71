"""Checks of scanning: order, prefixes, bounds, directions, pages."""

from __future__ import annotations

from base64 import b85encode
from collections.abc import Iterator
from hashlib import sha512
from typing import Any

import pytest

from zoey_netsuite.state import Delete, Key, Put, StateStore

NO_KEYS: tuple[Any, ...] = (
    "conformance",
    ("conformance", "\ud800"),
    ("conformance", 1),
    ("conformance", b"bytes"),
    ("conformance", None),
)
"""What is no tuple of text with a UTF-8 form."""

LONG = b85encode(b"".join(sha512(bytes([number])).digest() for number in range(75))).decode()
"""Six thousand characters that no compression makes much shorter."""

ODD_KEYS: tuple[Key, ...] = (
    ("",),
    ("", ""),
    ("", "\0"),
    ("\0",),
    ("\0", ""),
    ("\0\0",),
    ("\0\x01",),
    ("\x01",),
    ("a",),
    ("a", ""),
    ("a", "", ""),
    ("a", "", "b"),
    ("a", "\0"),
    ("a", "\0", "b"),
    ("a", "b"),
    ("a", "b", "c"),
    ("a", "b\0", "c"),
    ("a", "b!"),
    ("a", "b/c"),
    ("a", "bc"),
    ("a", "%"),
    ("a", "_"),
    ("a\0",),
    ("a\0", "b"),
    ("a\0b",),
    ("a\x01",),
    ("a!", "b"),
    ("a/b",),
    ("a/b", "c"),
    ("ab",),
    ("ab", "c"),
    ("A",),
    ("B", "a"),
    ("1",),
    ("10",),
    ("9",),
    ("\x7f",),
    ("\u00e9",),
    ("e\u0301",),
    ("\u0100", "a"),
    ("\u00ff",),
    ("\ud7ff",),
    ("\ue000",),
    ("\uffff",),
    ("\uffff", "\uffff"),
    ("\U00010000",),
    ("\U0001f600", "a"),
    ("\U0010ffff",),
    ("\U0010ffff", "\U0010ffff"),
    ("a", "m" * 130),
    ("a", "m" * 260),
    ("\u00e9" * 120, "a"),
    ("a", "long " * 2_000),
    ("a", "long " * 2_000 + "er"),
    ("a", "long " * 2_000, "child"),
    *(("long", LONG[:length]) for length in (1_993, 1_994, 1_995, 2_000, 2_048, 2_700, 4_096)),
    *(("long", LONG, last) for last in ("d", "b", "", "a\0", "c", "a")),
    ("long", LONG + "!", "a"),
    ("longer",),
)
"""Keys that an order, an encoding or an index may get wrong."""

BOUNDS: tuple[Key, ...] = (
    *ODD_KEYS[:24],
    ("a", "b", "b"),
    ("a", "b", "\U0010ffff"),
    ("a", "zzz"),
    ("b",),
    ("\ufffe", "nothing stands here"),
    ("long", LONG[:2_001]),
    ("long", LONG, "b"),
    ("long", LONG, "bb"),
    ("long", LONG + "!"),
    ("\U0010ffff", "\U0010ffff", ""),
)


def sort_key(key: Key) -> tuple[bytes, ...]:
    """What keys are ordered by."""
    return tuple(part.encode() for part in key)


def expected_scan(
    keys: list[Key], prefix: Key, after: Key | None = None, before: Key | None = None, reverse: bool = False
) -> list[Key]:
    """What a scan without limit gives, said as plainly as can be."""
    found = [
        key
        for key in sorted(keys, key=sort_key)
        if key[: len(prefix)] == prefix
        and key != prefix
        and (after is None or sort_key(key) > sort_key(after))
        and (before is None or sort_key(key) < sort_key(before))
    ]
    return found[::-1] if reverse else found


class ScanChecks:
    """What `scan` promises."""

    def test_order(self, store: StateStore) -> None:
        """Everything, in the order of the parts' UTF-8 bytes, part by part; in reverse the other way round."""
        fill(store)
        ordered = sorted(ODD_KEYS, key=sort_key)
        assert keys_of(store, ()) == ordered
        assert keys_of(store, (), reverse=True) == ordered[::-1]

    def test_entries_belong_to_their_keys(self, store: StateStore) -> None:
        """Each scanned entry is what a read of its key gives."""
        fill(store)
        scanned = dict(store.scan(()))
        assert scanned == dict(store.read(ODD_KEYS))
        assert [scanned[key].value for key in ODD_KEYS] == list(range(len(ODD_KEYS)))

    def test_prefix_matches_whole_parts(self, store: StateStore) -> None:
        """What stands below a prefix: not the prefix itself, and not what merely begins with the same letters."""
        fill(store)
        for prefix in prefixes():
            for reverse in (False, True):
                expected = expected_scan(list(ODD_KEYS), prefix, reverse=reverse)
                assert keys_of(store, prefix, reverse=reverse) == expected, (prefix, reverse)

    def test_after(self, store: StateStore) -> None:
        """Only keys greater than the bound, whether it exists or not, inside the prefix or outside, both ways."""
        fill(store)
        for prefix in ((), ("a",), ("a", "b")):
            for after in BOUNDS:
                for reverse in (False, True):
                    expected = expected_scan(list(ODD_KEYS), prefix, after=after, reverse=reverse)
                    assert keys_of(store, prefix, after=after, reverse=reverse) == expected, (prefix, after, reverse)

    def test_before(self, store: StateStore) -> None:
        """Only keys less than the bound, whether it exists or not, inside the prefix or outside, both ways."""
        fill(store)
        for prefix in ((), ("a",), ("a", "b")):
            for before in BOUNDS:
                for reverse in (False, True):
                    expected = expected_scan(list(ODD_KEYS), prefix, before=before, reverse=reverse)
                    assert keys_of(store, prefix, before=before, reverse=reverse) == expected, (prefix, before, reverse)

    def test_after_and_before(self, store: StateStore) -> None:
        """Both bounds together; nothing where they cross."""
        fill(store)
        for after in BOUNDS[::3]:
            for before in BOUNDS[1::3]:
                for reverse in (False, True):
                    expected = expected_scan(list(ODD_KEYS), (), after, before, reverse)
                    assert keys_of(store, (), after=after, before=before, reverse=reverse) == expected

    def test_limit(self, store: StateStore) -> None:
        """The first entries of the chosen direction, at most so many; none for a limit of 0."""
        fill(store)
        ordered = sorted(ODD_KEYS, key=sort_key)
        for limit in (0, 1, 2, len(ordered) - 1, len(ordered), len(ordered) + 1, 10**9):
            assert keys_of(store, (), limit=limit) == ordered[:limit]
            assert keys_of(store, (), reverse=True, limit=limit) == ordered[::-1][:limit]

    def test_malformed_scans_are_refused(self, store: StateStore) -> None:
        """A limit below 0, and a prefix or bound that is no tuple of text with a UTF-8 form: a `ValueError`."""
        store.commit([Put(("conformance", "a"), 1)])
        with pytest.raises(ValueError):
            store.scan((), limit=-1)
        for key in NO_KEYS:
            for reverse in (False, True):
                with pytest.raises(ValueError):
                    store.scan(key, reverse=reverse)
                with pytest.raises(ValueError):
                    store.scan(("conformance",), after=key, reverse=reverse)
                with pytest.raises(ValueError):
                    store.scan(("conformance",), before=key, reverse=reverse)

    def test_default_limit(self, store: StateStore) -> None:
        """Without a limit, a scan gives a thousand entries at most; with a greater one, more."""
        store.commit([Put(("conformance", f"{number:05}"), number) for number in range(1_001)])
        assert [entry.value for _, entry in store.scan(("conformance",))] == list(range(1_000))
        assert [entry.value for _, entry in store.scan(("conformance",), reverse=True)] == list(range(1_000, 0, -1))
        assert len(store.scan(("conformance",), limit=5_000)) == 1_001

    def test_pages(self, store: StateStore) -> None:
        """Page by page, both ways, every entry comes once, whatever the page's size."""
        fill(store)
        for prefix in ((), ("a",), ("long",), ("long", LONG)):
            expected = expected_scan(list(ODD_KEYS), prefix)
            for size in (1, 2, 3, 7):
                assert list(paged(store, prefix, size, reverse=False)) == expected
                assert list(paged(store, prefix, size, reverse=True)) == expected[::-1]

    def test_pages_of_a_changing_store(self, store: StateStore) -> None:
        """Deleting what a page gave, as work lists do, makes the next page skip nothing and repeat nothing."""
        fill(store)
        seen: list[Key] = []
        after: Key | None = None
        while page := store.scan(("a",), after=after, limit=3):
            seen.extend(key for key, _ in page)
            after = page[-1][0]
            store.commit([Delete(key, entry.version) for key, entry in page])
        assert seen == expected_scan(list(ODD_KEYS), ("a",))
        assert store.scan(("a",)) == [] or not len(store.scan(("a",)))
        assert ("a",) in store.read([("a",)])

    def test_page_is_of_its_moment(self, store: StateStore) -> None:
        """A page that was scanned stays as it is when the store changes afterwards."""
        fill(store)
        page = store.scan(())
        first, last = page[0], page[-1]
        store.commit([Delete(key) for key in ODD_KEYS])
        assert len(page) == len(ODD_KEYS)
        assert (page[0], page[-1]) == (first, last)
        assert len(store.scan(())) == 0


def fill(store: StateStore) -> None:
    """Put all odd keys, not in order."""
    numbered = list(enumerate(ODD_KEYS))
    store.commit([Put(key, number) for number, key in numbered[::2]])
    store.commit([Put(key, number) for number, key in numbered[1::2]][::-1])


def prefixes() -> list[Key]:
    """All keys, all their beginnings, and some of which nothing is below."""
    beginnings = {key[:length] for key in ODD_KEYS for length in range(len(key) + 1)}
    return sorted(beginnings | {("a", "b", "c", "d"), ("zzz",), ("\U0010ffff", "")}, key=sort_key)


def keys_of(
    store: StateStore,
    prefix: Key,
    *,
    after: Key | None = None,
    before: Key | None = None,
    reverse: bool = False,
    limit: int = 1000,
) -> list[Key]:
    """The keys that a scan gives."""
    return [key for key, _ in store.scan(prefix, after=after, before=before, reverse=reverse, limit=limit)]


def paged(store: StateStore, prefix: Key, size: int, *, reverse: bool) -> Iterator[Key]:
    """All keys below a prefix, page by page; a page that repeats would be endless, so their number is bounded."""
    bound: Key | None = None
    for _ in range(len(ODD_KEYS) + 1):
        page = store.scan(
            prefix,
            after=None if reverse else bound,
            before=bound if reverse else None,
            reverse=reverse,
            limit=size,
        )
        yield from (key for key, _ in page)
        if len(page) < size:
            return
        bound = page[-1][0]
