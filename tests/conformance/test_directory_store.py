"""The store that the documentation gives as an example keeps the promises of `StateStore`, too (E3, E7)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from support.world import World

from zoey_netsuite import ConfigurationError, StoreError, StoreOutcomeUnknown
from zoey_netsuite.state import ABSENT, Delete, Put, StateStore
from zoey_netsuite.testing import StoreConformance, StoreMachine

if sys.platform == "win32":
    pytest.skip("the example is for POSIX systems", allow_module_level=True)

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
sys.path.insert(0, str(EXAMPLES))
from directory_store import DirectoryStore  # noqa: E402


@pytest.fixture
def no_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not on the disk yet outlives a process, only not the machine: the tests need not wait for it."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.mark.usefixtures("no_sync")
class TestDirectoryStore(StoreConformance):
    @pytest.fixture
    def opener(self, tmp_path: Path) -> Callable[[], StateStore]:
        return partial(DirectoryStore, tmp_path / "store")

    @pytest.fixture
    def store(self, opener: Callable[[], StateStore]) -> Iterator[StateStore]:
        store = opener()
        yield store
        store.close()

    @pytest.fixture
    def second(self, store: StateStore, opener: Callable[[], StateStore]) -> Iterator[StateStore]:
        second = opener()
        yield second
        second.close()

    @pytest.fixture
    def reopen(self, opener: Callable[[], StateStore]) -> Callable[[], StateStore]:
        return opener


@pytest.mark.usefixtures("no_sync")
class TestDirectoryStoreMachine:
    def test_it_tells_the_same_story(self) -> None:
        DirectoryStoreMachine.TestCase.settings = settings(max_examples=10, stateful_step_count=15, deadline=None)
        DirectoryStoreMachine.TestCase().runTest()


class DirectoryStoreMachine(StoreMachine):
    def open_store(self) -> StateStore:
        self.folder = tempfile.TemporaryDirectory()
        return DirectoryStore(self.folder.name)

    def reopen_store(self, store: StateStore) -> StateStore:
        store.close()
        return DirectoryStore(self.folder.name)

    def teardown(self) -> None:
        super().teardown()
        self.folder.cleanup()


CHILD = """
    import sys
    sys.path.insert(0, sys.argv[2])
    from directory_store import DirectoryStore
    from zoey_netsuite.state import Delete, Put
    store, number = DirectoryStore(sys.argv[1]), int(sys.argv[3])
    while True:
        number += 1
        parts = [Put(("part", str(part)), number) for part in range(20)]
        versions = store.commit([*parts, Put(("old", str(number)), 0), Delete(("old", str(number - 1)))])
        print(number, max(versions.values()), flush=True)
"""


def test_killed_in_the_middle_of_commits(tmp_path: Path) -> None:
    """What was acknowledged is there, each commit whole or not at all, and the counter goes on."""
    number = newest = halfway = 0
    for attempt in range(20):
        child = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(CHILD), str(tmp_path), str(EXAMPLES), str(number)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        with child.stdout:
            lines = [child.stdout.readline() for _ in range(attempt + 1)]
            time.sleep(random.uniform(0, 0.02))
            os.kill(child.pid, signal.SIGKILL)
            lines += [line for line in child.stdout if line.endswith("\n")]
        assert child.wait() == -signal.SIGKILL
        acknowledged, version = map(int, lines[-1].split())
        halfway += (tmp_path / "commit").exists()
        store = DirectoryStore(tmp_path)
        entries = store.scan(("part",))
        assert len(entries) == 20
        (number,) = {entry.value for _, entry in entries}
        assert number in (acknowledged, acknowledged + 1)
        assert [key for key, _ in store.scan(("old",))] == [("old", str(number))]
        newest = max(newest, version, *(entry.version for _, entry in entries))
        given = store.commit([Put(("round",), number)])["round",]
        assert given > newest
        newest = given
        store.close()
        if halfway == 3:
            return
    pytest.fail("hardly any kill came in the middle of a commit")


def test_every_step_of_a_commit_may_be_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it breaks off, the error tells what is known, and another store on the same data goes on."""
    stand, outcomes = tmp_path / "store", []
    for step in range(1, 100):
        store = DirectoryStore(stand)
        store.commit([Put(("a",), "before"), Put(("b",), "before"), Delete(("c",)), Delete(("new",))])
        version = store.read([("b",)])["b",].version
        with monkeypatch.context() as patch:
            failing = FailingFrom(step, patch)
            try:
                store.commit([Put(("a",), "after"), Delete(("b",)), Put(("new",), step, ABSENT)])
                outcomes.append("done")
            except StoreOutcomeUnknown:
                outcomes.append("unknown")
            except StoreError:
                outcomes.append("nothing")
        other = DirectoryStore(stand)
        values = {key: entry.value for key, entry in other.scan(())}
        before, after = {("a",): "before", ("b",): "before"}, {("a",): "after", ("new",): step}
        assert values in {"done": [after], "unknown": [before, after], "nothing": [before]}[outcomes[-1]]
        assert other.commit([Put(("c",), 0)])["c",] > version + (2 if values == after else 0)
        if failing.left:
            break
    assert outcomes[-1] == "done"
    assert {"nothing", "unknown"} < set(outcomes)


class FailingFrom:
    """From a call on, whatever would change the disk for good fails: as far as the disk knows, that is a crash."""

    def __init__(self, step: int, patch: pytest.MonkeyPatch) -> None:
        self.left = step
        for name in ("fsync", "rename"):
            patch.setattr(os, name, partial(self.call, getattr(os, name)))
        patch.setattr(Path, "unlink", self.unlink(Path.unlink))

    def call(self, real: Callable[..., Any], *args: Any) -> Any:
        self.left = max(self.left - 1, 0)
        if not self.left:
            raise OSError(5, "input/output error")
        return real(*args)

    def unlink(self, real: Callable[..., Any]) -> Any:
        def method(path: Path, missing_ok: bool = False) -> None:
            self.call(lambda: real(path, missing_ok))

        return method


def test_what_is_no_store_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "version").write_text("text of something else")
    for path in ("file", "other"):
        with pytest.raises(ConfigurationError, match=path):
            DirectoryStore(tmp_path / path)


def test_what_somebody_spoiled_is_the_stores_error(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    store.commit([Put(("a",), 1)])
    (tmp_path / "entries" / "a,").write_text("{")
    with pytest.raises(StoreError):
        store.read([("a",)])


def test_an_integration_runs_on_it(tmp_path: Path) -> None:
    """Stock is carried once; what the store holds lets another process, with a store of its own, go on."""
    with World(tmp_path) as world:
        store = DirectoryStore(tmp_path / "store")
        assert world.integration(store=store).run().count("updated") == 8
        store.close()
        world.set_netsuite(3, 1, 1, 1)
        world.reset_calls()
        again = DirectoryStore(tmp_path / "store")
        world.later(hours=1)
        report = world.integration(store=again).run()
        assert report.count("updated") == 1, report
        assert world.shown(103) == 3
        again.close()
