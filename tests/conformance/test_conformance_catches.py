"""Every check of the conformance suite is seen to fail on a store with a planted bug (E3)."""

from __future__ import annotations

import inspect
import json
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import attrs
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from support.broken_stores import CommitsOneByOne, LocksByAFile

from zoey_netsuite.errors import StoreError, VersionMismatch
from zoey_netsuite.state import (
    ABSENT,
    ANY,
    Change,
    Check,
    Delete,
    Entry,
    Key,
    MemoryStore,
    Put,
    SQLiteStore,
    StateStore,
)
from zoey_netsuite.state.encoding import encode_key
from zoey_netsuite.testing import StoreConformance, StoreMachine
from zoey_netsuite.testing.store_scans import ODD_KEYS

pytest_plugins = ["pytester"]

FAILURES = (AssertionError, pytest.fail.Exception)


def let_others_run() -> None:
    """Gives the processor away in the middle of a planted race, which would else need luck to be lost."""
    threading.Event().wait(0.0005)


class WrongVersions(MemoryStore):
    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        return {key: version + 1 for key, version in super().commit(changes).items()}


class CountsFromZero(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self._last_version = -1


class NeedsLists(MemoryStore):
    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        return super().read(keys[:])  # type: ignore[index] # the planted bug


class KeepsFirst(MemoryStore):
    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        present = super().read([change.key for change in changes])
        kept = super().commit([change for change in changes if change.key not in present])
        return {**kept, **{key: entry.version for key, entry in present.items()}}


class Relaxed(MemoryStore):
    """Drops the expectations that `relaxes` names."""

    def relaxes(self, change: Change) -> bool:
        raise NotImplementedError

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        kept = [
            attrs.evolve(change, expect=ANY) if self.relaxes(change) else change
            for change in changes
            if not (isinstance(change, Check) and self.relaxes(change))
        ]
        return super().commit(kept)


class IgnoresAbsent(Relaxed):
    def relaxes(self, change: Change) -> bool:
        return isinstance(change, Put) and change.expect is ABSENT


class IgnoresPutVersions(Relaxed):
    def relaxes(self, change: Change) -> bool:
        return isinstance(change, Put) and isinstance(change.expect, int)


class IgnoresDeleteVersions(Relaxed):
    def relaxes(self, change: Change) -> bool:
        return isinstance(change, Delete)


class IgnoresChecks(Relaxed):
    def relaxes(self, change: Change) -> bool:
        return isinstance(change, Check)


class IgnoresAbsenceChecks(Relaxed):
    def relaxes(self, change: Change) -> bool:
        return isinstance(change, Check) and change.expect is ABSENT


class CheckTouches(MemoryStore):
    """A check that is done by writing the key anew."""

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        result = super().commit(changes)
        checked = super().read([change.key for change in changes if isinstance(change, Check)])
        super().commit([Put(key, entry.value) for key, entry in checked.items()])
        return result


class LeavesTombstones(MemoryStore):
    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        deletes = {change.key for change in changes if isinstance(change, Delete)}
        result = super().commit(
            [Put(change.key, None, change.expect) if isinstance(change, Delete) else change for change in changes]
        )
        return {key: version for key, version in result.items() if key not in deletes}


class OneByOne(MemoryStore):
    """Not atomic."""

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        return {key: version for change in changes for key, version in super(OneByOne, self).commit([change]).items()}


class NamesTheFirst(MemoryStore):
    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        try:
            return super().commit(changes)
        except VersionMismatch as error:
            raise VersionMismatch(error.keys[:1]) from error


class NamesAll(MemoryStore):
    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        try:
            return super().commit(changes)
        except VersionMismatch as error:
            raise VersionMismatch([change.key for change in changes]) from error


class LastOfTheSameWins(MemoryStore):
    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        return super().commit(list({change.key: change for change in changes}.values()))


class RefusesEmpty(MemoryStore):
    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        if not changes:
            raise ValueError("nothing to commit")
        return super().commit(changes)


class CountsFromTheGreatest(MemoryStore):
    """The next version is one more than the greatest that is there: deleted ones come back."""

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        self._last_version = max((version for version, _ in self._entries.values()), default=0)
        return super().commit(changes)


class NaiveClock(MemoryStore):
    def now(self) -> datetime:
        return super().now().replace(tzinfo=None)


class ClosesOnce(MemoryStore):
    def close(self) -> None:
        self._check_open()
        super().close()


class NeverCloses(MemoryStore):
    def close(self) -> None:
        """Does nothing."""


class TellsTimeWhenClosed(MemoryStore):
    def now(self) -> datetime:
        return self._clock.now()


class Rewrites(MemoryStore):
    """Bends values on the way in."""

    def bend(self, value: Any) -> Any:
        raise NotImplementedError

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        return super().commit(
            [
                Put(change.key, self.bend(change.value), change.expect) if isinstance(change, Put) else change
                for change in changes
            ]
        )


class FloatsAreEnough(Rewrites):
    def bend(self, value: Any) -> Any:
        return json.loads(json.dumps(value), parse_int=float)


class TextForTheUnknown(Rewrites):
    def bend(self, value: Any) -> Any:
        return json.loads(json.dumps(value, default=str))


class NumbersAsNames(Rewrites):
    def bend(self, value: Any) -> Any:
        return json.loads(json.dumps(value)) if isinstance(value, dict) else value


class ValuesAreUTF8(Rewrites):
    def bend(self, value: Any) -> Any:
        return json.loads(json.dumps(value, ensure_ascii=False).encode())


class FollowsWhatHoldsItself(Rewrites):
    """Looks into a value by a recursion that nothing ends."""

    def bend(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self.bend(inner) for name, inner in value.items()}
        return [self.bend(inner) for inner in value] if isinstance(value, list) else value


class Truncates(Rewrites):
    def bend(self, value: Any) -> Any:
        return {"text": value["text"][:65_535]} if isinstance(value, dict) else value


class AcceptsTheEmptyKey(MemoryStore):
    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        return super().commit([change for change in changes if change.key])


class TextIsAKey(MemoryStore):
    """Text is a sequence of texts, too."""

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        return super().commit([attrs.evolve(change, key=tuple(change.key)) for change in changes])

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        return super().read([tuple(key) for key in keys])


class NumbersAreParts(MemoryStore):
    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        return super().commit([attrs.evolve(change, key=tuple(map(str, change.key))) for change in changes])


class TakesCharactersForBytes(MemoryStore):
    """Shortens keys that are too long for a file's name, but counts what it does not write."""

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        for change in changes:
            if len("".join(change.key)) <= 255 < len(quote("".join(change.key))):
                raise StoreError("file name too long")
        return super().commit(changes)


class CutsLongKeys(MemoryStore):
    """As an index does that takes so many bytes."""

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        cut = {tuple(part[:2_700] for part in change.key): change for change in changes}
        result = super().commit([attrs.evolve(change, key=key) for key, change in cut.items()])
        return {change.key: result[key] for key, change in cut.items() if key in result}

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        found = super().read([tuple(part[:2_700] for part in key) for key in keys])
        return {key: found[cut] for key in keys if (cut := tuple(part[:2_700] for part in key)) in found}


class JoinsKeys(MemoryStore):
    """Keys in one text, with a separator that may stand in a part, too."""

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        joined = {change.key: ("/".join(change.key),) for change in changes}
        last = {joined[change.key]: attrs.evolve(change, key=joined[change.key]) for change in changes}
        result = super().commit(list(last.values()))
        return {key: result[text] for key, text in joined.items() if text in result}

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        found = super().read([("/".join(key),) for key in keys])
        return {key: found["/".join(key),] for key in keys if ("/".join(key),) in found}


class Aliases(MemoryStore):
    """Hands out the very objects that it was given."""

    objects: dict[int, Any]

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        versions = super().commit(changes)
        self.objects = {
            **getattr(self, "objects", {}),
            **{versions[change.key]: change.value for change in changes if isinstance(change, Put)},
        }
        return versions

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        return {key: Entry(self.objects[entry.version], entry.version) for key, entry in super().read(keys).items()}


class CachesWhatItGave(MemoryStore):
    """Copies on the way in, but hands out one object again and again."""

    cache: dict[int, Any]

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        found = super().read(keys)
        self.cache = {**{entry.version: entry.value for entry in found.values()}, **getattr(self, "cache", {})}
        return {key: Entry(self.cache[entry.version], entry.version) for key, entry in found.items()}


class FewVariables(MemoryStore):
    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        if len(keys) > 32_766:
            raise StoreError("too many SQL variables")
        return super().read(keys)


class Scans(MemoryStore):
    """Scans in the plainest way, with one thing to get wrong for each plant."""

    def order(self, key: Key) -> Any:
        return tuple(part.encode() for part in key)

    def below(self, key: Key, prefix: Key) -> bool:
        return key[: len(prefix)] == prefix and key != prefix

    def later(self, key: Key, after: Key, reverse: bool) -> bool:
        return self.order(key) > self.order(after)

    def earlier(self, key: Key, before: Key, reverse: bool) -> bool:
        return self.order(key) < self.order(before)

    def cut(self, found: list[tuple[Key, Entry]], reverse: bool, limit: int) -> Sequence[tuple[Key, Entry]]:
        return (found[::-1] if reverse else found)[:limit]

    def scan(
        self,
        prefix: Key,
        *,
        after: Key | None = None,
        before: Key | None = None,
        reverse: bool = False,
        limit: int = 1000,
    ) -> Sequence[tuple[Key, Entry]]:
        super().scan(prefix, after=after, before=before, limit=min(limit, 0))  # refuses what is malformed
        found = [
            (key, entry)
            for key, entry in sorted(super().scan((), limit=10**9), key=lambda each: self.order(each[0]))
            if self.below(key, prefix)
            and (after is None or self.later(key, after, reverse))
            and (before is None or self.earlier(key, before, reverse))
        ]
        return self.cut(found, reverse, limit)


class OrdersByUTF16(Scans):
    def order(self, key: Key) -> Any:
        return tuple(part.encode("utf-16-be") for part in key)


class OrdersByJoinedText(Scans):
    def order(self, key: Key) -> Any:
        return "/".join(key).encode()


class OrdersLongKeysByTheirDigest(Scans):
    def order(self, key: Key) -> Any:
        data = encode_key(key)
        return data if len(data) < 2_000 else data[:2_000] + sha256(data).digest()


class IgnoresCase(Scans):
    def order(self, key: Key) -> Any:
        return tuple((part.lower(), part) for part in key)


class MixesEntriesUp(Scans):
    def cut(self, found: list[tuple[Key, Entry]], reverse: bool, limit: int) -> Sequence[tuple[Key, Entry]]:
        entries = [entry for _, entry in found]
        return [(key, entry) for (key, _), entry in zip(found, entries[1:] + entries[:1], strict=True)]


class MatchesPartsInPart(Scans):
    def below(self, key: Key, prefix: Key) -> bool:
        return "/".join(key).startswith("/".join(prefix)) and key != prefix


class MatchesThePrefixItself(Scans):
    def below(self, key: Key, prefix: Key) -> bool:
        return key[: len(prefix)] == prefix


class AfterIsInclusive(Scans):
    def later(self, key: Key, after: Key, reverse: bool) -> bool:
        return self.order(key) >= self.order(after)


class AfterMustExist(Scans):
    def later(self, key: Key, after: Key, reverse: bool) -> bool:
        return not self.read([after]) or super().later(key, after, reverse)


class ReverseTurnsAfterRound(Scans):
    def later(self, key: Key, after: Key, reverse: bool) -> bool:
        return super().earlier(key, after, reverse) if reverse else super().later(key, after, reverse)


class ReverseIgnoresBefore(Scans):
    def earlier(self, key: Key, before: Key, reverse: bool) -> bool:
        return reverse or super().earlier(key, before, reverse)


class OneBoundOnly(Scans):
    def scan(self, prefix: Key, *, after: Key | None = None, before: Key | None = None, **rest: Any) -> Any:
        return super().scan(prefix, after=after, before=None if after else before, **rest)


class ZeroMeansAll(Scans):
    def cut(self, found: list[tuple[Key, Entry]], reverse: bool, limit: int) -> Sequence[tuple[Key, Entry]]:
        return super().cut(found, reverse, limit or 10**9)


class NegativeMeansAll(MemoryStore):
    def scan(self, prefix: Key, *, limit: int = 1000, **rest: Any) -> Any:
        return super().scan(prefix, limit=10**9 if limit < 0 else limit, **rest)


class LooksAtNoPrefix(MemoryStore):
    def scan(self, prefix: Key, **rest: Any) -> Any:
        return super().scan(tuple(str(part).encode(errors="replace").decode() for part in prefix), **rest)


class LooksAtNoBound(MemoryStore):
    def scan(self, prefix: Key, *, after: Key | None = None, before: Key | None = None, **rest: Any) -> Any:
        bounds = {"after": after, "before": before}
        return super().scan(prefix, **{name: key for name, key in bounds.items() if key in ODD_KEYS}, **rest)


class CutsBeforeReversing(Scans):
    def cut(self, found: list[tuple[Key, Entry]], reverse: bool, limit: int) -> Sequence[tuple[Key, Entry]]:
        return found[:limit][::-1] if reverse else found[:limit]


class AThousandAtMost(Scans):
    def cut(self, found: list[tuple[Key, Entry]], reverse: bool, limit: int) -> Sequence[tuple[Key, Entry]]:
        return super().cut(found, reverse, min(limit, 1_000))


class HundredByDefault(Scans):
    def scan(self, prefix: Key, *, limit: int = 100, **rest: Any) -> Any:
        return super().scan(prefix, limit=limit, **rest)


class LazyPage(Scans):
    """A page whose entries are read when they are looked at."""

    def cut(self, found: list[tuple[Key, Entry]], reverse: bool, limit: int) -> Sequence[tuple[Key, Entry]]:
        store, keys = self, [key for key, _ in super().cut(found, reverse, limit)]

        class Page(Sequence[tuple[Key, Entry]]):
            def __len__(self) -> int:
                return len(keys)

            def __getitem__(self, index: Any) -> Any:
                return keys[index], store.read([keys[index]])[keys[index]]

        return Page()


class LooksThenWrites(MemoryStore):
    """Looks at the versions first and writes afterwards, with nothing held between."""

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        versions = self.read([change.key for change in changes])
        moved = [
            change.key
            for change in changes
            if change.expect is not ANY
            and (None if change.expect is ABSENT else change.expect)
            != (versions[change.key].version if change.key in versions else None)
        ]
        if moved:
            raise VersionMismatch(moved)
        let_others_run()
        return super().commit([attrs.evolve(change, expect=ANY) for change in changes if not isinstance(change, Check)])


class WritesOneByOne(MemoryStore):
    """Others see half a commit."""

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        result: dict[Key, int] = {}
        for change in changes:
            result.update(super().commit([change]))
            let_others_run()
        return result


class ReadsOneByOne(MemoryStore):
    """Gathers what it reads from several moments."""

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        keys = list(keys)
        first = dict(super().read(keys[:1_000]))
        let_others_run()
        return {**first, **super().read(keys[1_000:])}


class CountsWithoutALock(MemoryStore):
    last = 0

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        result: dict[Key, int] = {}
        for key in super().commit(changes):
            version = self.last + 1
            let_others_run()
            self.last = result[key] = version
        return result


class LocksKeyByKey(MemoryStore):
    """In the order of the changes: two commits may wait for each other."""

    def __init__(self) -> None:
        super().__init__()
        self.locks: dict[Key, threading.Lock] = {}

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        held: list[threading.Lock] = []
        try:
            for change in changes:
                lock = self.locks.setdefault(change.key, threading.Lock())
                if not lock.acquire(timeout=0.5):
                    raise StoreError("deadlock")
                held.append(lock)
                let_others_run()
            return super().commit(changes)
        finally:
            for lock in held:
                lock.release()


class Handle:
    """A store that shares the data of another one, as two connections to one database do."""

    def __init__(self, data: MemoryStore) -> None:
        self.data = data
        self.closed = False

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        return self.data.read(keys)

    def scan(self, prefix: Key, **how: Any) -> Sequence[tuple[Key, Entry]]:
        return self.data.scan(prefix, **how)

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        return self.data.commit(changes)

    def now(self) -> datetime:
        return self.data.now()

    def close(self) -> None:
        self.closed = True


class CachingHandle(Handle):
    def __init__(self, data: MemoryStore) -> None:
        super().__init__(data)
        self.cache: dict[Key, Entry | None] = {}

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        for key in keys:
            self.cache.setdefault(key, self.data.read([key]).get(key))
        return {key: entry for key in keys if (entry := self.cache[key]) is not None}

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        for change in changes:
            self.cache.pop(change.key, None)
        return super().commit(changes)


class CountingHandle(Handle):
    """Gives versions of its own."""

    def __init__(self, data: MemoryStore) -> None:
        super().__init__(data)
        self.last = 0

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        result: dict[Key, int] = {}
        for key in super().commit(changes):
            self.last += 1
            result[key] = self.last
        return result


class ClosingHandle(Handle):
    """Closes what it shares."""

    def close(self) -> None:
        self.data.close()


class MachinesClock(Handle):
    """Each goes by its own, one of which is wrong."""

    wrong = count()

    def __init__(self, data: MemoryStore) -> None:
        super().__init__(data)
        self.ahead = timedelta(hours=next(self.wrong))

    def now(self) -> datetime:
        return super().now() + self.ahead


def alone(store: Callable[[], StateStore]) -> Callable[[], dict[str, Any]]:
    """The fixtures of a suite with one store."""
    return lambda: {"store": store()}


def two(
    data: Callable[[], MemoryStore] = MemoryStore, handle: Callable[[MemoryStore], StateStore] = Handle
) -> Callable[[], dict[str, Any]]:
    """The fixtures of a suite with two stores on the same data."""

    def fixtures() -> dict[str, Any]:
        shared = data()
        return {"store": handle(shared), "second": handle(shared)}

    return fixtures


def forgetful() -> dict[str, Any]:
    """The fixtures of a suite whose store is another one in each process and after each opening."""
    return {"store": MemoryStore(), "reopen": MemoryStore, "opener": MemoryStore}


def on_disk(kind: type[SQLiteStore]) -> Callable[[], dict[str, Any]]:
    """The fixtures of a suite whose store other processes open, too."""

    def fixtures() -> dict[str, Any]:
        opener = partial(kind, Path(tempfile.mkdtemp()) / "state.db")
        return {"store": opener(), "opener": opener}

    return fixtures


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


PLANTS: dict[str, list[Callable[[], dict[str, Any]]]] = {
    "test_reads_what_was_put": [alone(WrongVersions)],
    "test_read_takes_any_collection": [alone(NeedsLists)],
    "test_put_replaces": [alone(KeepsFirst)],
    "test_put_expecting_absent": [alone(IgnoresAbsent), alone(LeavesTombstones)],
    "test_put_expecting_a_version": [alone(IgnoresPutVersions)],
    "test_delete": [alone(LeavesTombstones)],
    "test_delete_expecting_a_version": [alone(IgnoresDeleteVersions)],
    "test_check_of_a_version": [alone(IgnoresChecks), alone(CheckTouches)],
    "test_check_of_absence": [alone(IgnoresChecks), alone(IgnoresAbsenceChecks)],
    "test_all_or_nothing": [alone(OneByOne)],
    "test_mismatch_names_every_key_that_moved": [alone(NamesTheFirst), alone(NamesAll)],
    "test_same_key_twice": [alone(LastOfTheSameWins), alone(OneByOne)],
    "test_empty_commit": [alone(RefusesEmpty)],
    "test_versions_are_above_zero": [alone(CountsFromZero)],
    "test_versions_never_come_back": [alone(CountsFromTheGreatest)],
    "test_clock_is_aware_and_utc": [alone(NaiveClock)],
    "test_close": [alone(ClosesOnce), alone(NeverCloses), alone(TellsTimeWhenClosed)],
    "test_values_come_back": [alone(FloatsAreEnough), alone(ValuesAreUTF8)],
    "test_what_is_not_json_is_refused": [
        alone(TextForTheUnknown),
        alone(NumbersAsNames),
        alone(FollowsWhatHoldsItself),
        alone(OneByOne),
    ],
    "test_malformed_keys_are_refused": [
        alone(AcceptsTheEmptyKey),
        alone(TextIsAKey),
        alone(NumbersAreParts),
        alone(OneByOne),
    ],
    "test_odd_keys_come_back": [alone(JoinsKeys), alone(TakesCharactersForBytes), alone(CutsLongKeys)],
    "test_values_are_not_shared": [alone(Aliases), alone(CachesWhatItGave)],
    "test_large_values": [alone(Truncates)],
    "test_thousands_of_keys": [alone(FewVariables)],
    "test_order": [
        alone(OrdersByUTF16),
        alone(OrdersByJoinedText),
        alone(IgnoresCase),
        alone(OrdersLongKeysByTheirDigest),
    ],
    "test_entries_belong_to_their_keys": [alone(MixesEntriesUp)],
    "test_prefix_matches_whole_parts": [alone(MatchesPartsInPart), alone(MatchesThePrefixItself)],
    "test_after": [alone(AfterIsInclusive), alone(AfterMustExist), alone(ReverseTurnsAfterRound)],
    "test_before": [alone(ReverseIgnoresBefore)],
    "test_after_and_before": [alone(OneBoundOnly)],
    "test_limit": [alone(ZeroMeansAll), alone(CutsBeforeReversing)],
    "test_malformed_scans_are_refused": [alone(NegativeMeansAll), alone(LooksAtNoPrefix), alone(LooksAtNoBound)],
    "test_default_limit": [alone(HundredByDefault), alone(AThousandAtMost)],
    "test_pages": [alone(AfterIsInclusive), alone(ReverseIgnoresBefore), alone(CutsBeforeReversing)],
    "test_pages_of_a_changing_store": [alone(MatchesPartsInPart), alone(MatchesThePrefixItself)],
    "test_page_is_of_its_moment": [alone(LazyPage)],
    "test_threads_lose_no_update": [alone(LooksThenWrites)],
    "test_threads_make_one_winner": [alone(LooksThenWrites)],
    "test_threads_are_fenced": [alone(LooksThenWrites)],
    "test_threads_see_one_moment": [alone(WritesOneByOne), alone(ReadsOneByOne)],
    "test_threads_cross": [alone(LocksKeyByKey)],
    "test_threads_write_side_by_side": [alone(CountsWithoutALock)],
    "test_second_sees_commits": [two(handle=CachingHandle)],
    "test_second_shares_the_counter": [two(handle=CountingHandle)],
    "test_second_loses_no_update": [two(LooksThenWrites)],
    "test_second_is_fenced": [two(LooksThenWrites)],
    "test_second_sees_one_moment": [two(WritesOneByOne), two(ReadsOneByOne)],
    "test_second_agrees_on_the_time": [two(handle=MachinesClock)],
    "test_second_outlives_close": [two(handle=ClosingHandle)],
    "test_processes_lose_no_update": [forgetful],
    "test_killed_processes_leave_nothing_by_halves": [forgetful, on_disk(CommitsOneByOne), on_disk(LocksByAFile)],
    "test_reopened_store_has_everything": [forgetful],
    "test_reopened_store_goes_on_counting": [forgetful],
}

ERRORS: dict[str, tuple[type[Exception], ...]] = {
    "test_read_takes_any_collection": (TypeError,),
    "test_put_replaces": (),
    "test_put_expecting_absent": (VersionMismatch,),
    "test_empty_commit": (ValueError,),
    "test_values_come_back": (UnicodeEncodeError,),
    "test_what_is_not_json_is_refused": (RecursionError,),
    "test_odd_keys_come_back": (StoreError,),
    "test_killed_processes_leave_nothing_by_halves": (StoreError,),
    "test_close": (StoreError,),
    "test_thousands_of_keys": (StoreError,),
    "test_page_is_of_its_moment": (KeyError,),
    "test_threads_cross": (StoreError,),
    "test_second_outlives_close": (StoreError,),
}
"""Where a plant makes a check end with the store's own error instead of a failed assertion."""


def checks() -> Iterator[str]:
    return (name for name in dir(StoreConformance) if name.startswith("test_"))


def run(check: str, fixtures: Mapping[str, Any]) -> None:
    """One check of the suite, called as pytest calls it."""
    method = getattr(StoreConformance(), check)
    method(**{name: fixtures[name] for name in inspect.signature(method).parameters})


def test_every_check_has_a_plant() -> None:
    """No check of the suite goes without a bug that it must find."""
    assert set(PLANTS) == set(checks())


@pytest.mark.parametrize(
    ("check", "plant"), [pytest.param(check, plant) for check, plants in PLANTS.items() for plant in plants]
)
def test_plant_is_found(check: str, plant: Callable[[], dict[str, Any]]) -> None:
    """The suite fails for each broken store."""
    with pytest.raises((*FAILURES, *ERRORS.get(check, ()))):
        run(check, plant())


@pytest.mark.parametrize("check", [check for check in PLANTS if "reopen" not in check and "process" not in check])
def test_sound_store_passes(check: str) -> None:
    """What the plants are made of passes: a failure is the planted bug's."""
    for fixtures in (two(), two(Scans)):
        made = fixtures()
        if check == "test_close":
            made["store"] = made["store"].data
        run(check, made)


class PlantedMachine(StoreMachine):
    plant: Callable[[], StateStore]

    def open_store(self) -> StateStore:
        return type(self).plant()


@pytest.mark.parametrize(
    "plant",
    [
        IgnoresAbsent,
        IgnoresPutVersions,
        IgnoresDeleteVersions,
        IgnoresChecks,
        CheckTouches,
        LeavesTombstones,
        OneByOne,
        NamesTheFirst,
        CountsFromTheGreatest,
        OrdersByJoinedText,
        OrdersByUTF16,
        MatchesPartsInPart,
        MatchesThePrefixItself,
        AfterIsInclusive,
        ReverseIgnoresBefore,
        OneBoundOnly,
        CutsBeforeReversing,
    ],
)
def test_machine_finds_plant(plant: type[MemoryStore]) -> None:
    """The state machine tells broken stores from a model, too."""
    machine = type("Planted", (PlantedMachine,), {"plant": plant})
    with pytest.raises(FAILURES):
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=300,
                stateful_step_count=30,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_third_party_runs_the_suite(pytester: pytest.Pytester) -> None:
    """A subclass in anybody's test module runs with pytest; what it gives no fixture for is skipped and named (E3)."""
    pytester.makepyfile(
        """
        import pytest
        from zoey_netsuite.state import MemoryStore
        from zoey_netsuite.testing.stores import StoreConformance

        class TestSound(StoreConformance):
            @pytest.fixture
            def store(self):
                return MemoryStore()

        class Broken(MemoryStore):
            def commit(self, changes):
                return {key: 1 for key in super().commit(changes)}

        class TestBroken(StoreConformance):
            @pytest.fixture
            def store(self):
                return Broken()
        """
    )
    sound = pytester.runpytest_inprocess("-rs", "-p", "no:cacheprovider", "-k", "TestSound")
    needing = {
        name
        for name in checks()
        if inspect.signature(getattr(StoreConformance, name)).parameters.keys() > {"self", "store"}
    }
    sound.assert_outcomes(passed=len(PLANTS) - len(needing), skipped=len(needing), deselected=len(PLANTS))
    sound.stdout.fnmatch_lines(["*no fixture `second`*"])
    broken = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-k", "TestBroken and versions_never_come_back")
    broken.assert_outcomes(failed=1, deselected=2 * len(PLANTS) - 1)
