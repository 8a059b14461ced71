"""A process killed in the middle of its commits loses nothing acknowledged and leaves nothing by halves (E7)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from zoey_netsuite.state import ABSENT, Put, SQLiteStore

CHILD = """
    import os, sys, threading
    from zoey_netsuite.state import ABSENT, Delete, Put, SQLiteStore
    store = SQLiteStore(sys.argv[1])
    start, said = int(sys.argv[2]), threading.Lock()

    def write(name):
        number = start
        while True:
            keys = [(name, f"{number:08}", str(part)) for part in range(20)]
            parts = [Put(key, {"text": "x" * 300, "part": int(key[2])}, ABSENT) for key in keys]
            gone = [Delete((name, f"{number - 1:08}", "19"))] if number > start else []
            versions = store.commit([*parts, *gone])
            with said:
                sys.stdout.write(f"{name} {number} {max(versions.values())}\\n")
                sys.stdout.flush()
            number += 1

    def write_or_end(name):
        try:
            write(name)
        finally:
            os._exit(1)

    for name in ("left", "right"):
        threading.Thread(target=write_or_end, args=(name,), daemon=True).start()
    threading.Event().wait()
"""

PARTS = 20


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
@pytest.mark.parametrize("acknowledged", [1, 7, 40, 150])
def test_killed_in_the_middle_of_commits(tmp_path: Path, acknowledged: int) -> None:
    """Killed three times over: the file opens, every commit is there whole or not at all, acknowledged ones are."""
    path = tmp_path / "state.db"
    told: dict[tuple[str, int], int] = {}
    for round_number in range(3):
        start = round_number * 1_000_000
        child = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(CHILD), str(path), str(start)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(acknowledged)]
        os.kill(child.pid, signal.SIGKILL)
        # What was said before the kill is in the pipe; a last line may be cut off.
        lines += child.stdout.read().splitlines(keepends=True)
        child.stdout.close()
        assert child.wait() == -signal.SIGKILL
        for name, number, version in (line.split() for line in lines if line.endswith("\n")):
            told[name, int(number)] = int(version)
        with SQLiteStore(path) as store:
            check_whole(store, told)
            newest = max(told.values())
            assert store.commit([Put(("round", str(round_number)), 1, ABSENT)])["round", str(round_number)] > newest


def check_whole(store: SQLiteStore, told: dict[tuple[str, int], int]) -> None:
    """Each commit put twenty parts and deleted the last part of the one before."""
    found: dict[tuple[str, int], set[str]] = {}
    for name in ("left", "right"):
        for key, entry in store.scan((name,), limit=1_000_000):
            assert entry.value == {"text": "x" * 300, "part": int(key[2])}
            found.setdefault((name, int(key[1])), set()).add(key[2])
    assert set(told) <= set(found)
    for name, number in found:
        followed = (name, number + 1) in found
        assert found[name, number] == {str(part) for part in range(PARTS - 1 if followed else PARTS)}
    # Of commits that were not acknowledged, each thread had at most one under way each time.
    assert len(found) <= len(told) + 2 * 3
