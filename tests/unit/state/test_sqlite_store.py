"""The SQLite store, beyond what every store promises: files that cannot be used, failing disks, forks (E7)."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from zoey_netsuite.errors import ConfigurationError, StoreError
from zoey_netsuite.state import Put, SQLiteStore
from zoey_netsuite.state.sqlite_schema import SCHEMA_VERSION, connect


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def python(code: str, *arguments: str, before: Callable[[], None] | None = None, wrap: tuple[str, ...] = ()) -> str:
    """Run a piece of Python in another process and give what it prints."""
    done = subprocess.run(
        [*wrap, sys.executable, "-c", textwrap.dedent(code), *arguments],
        preexec_fn=before,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_not_a_database(path: Path) -> None:
    """A file of something else is refused and left as it is."""
    text = "customer,quantity\n" * 100
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=r"state\.db.*not a database.*file of its own"):
        SQLiteStore(path)
    assert path.read_text() == text


def test_database_of_another_application(path: Path) -> None:
    """Somebody else's SQLite file is refused and left as it is."""
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE customer (id)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match=r"state\.db is a database of another application"):
        SQLiteStore(path)
    assert path.read_bytes() == before


def test_newer_schema(path: Path) -> None:
    """A file that a newer version of the library wrote is refused, and the message names both schemas."""
    SQLiteStore(path).close()
    newer = sqlite3.connect(path)
    newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    newer.close()
    with pytest.raises(ConfigurationError, match=f"newer version.*schema is {SCHEMA_VERSION + 1}.*{SCHEMA_VERSION}"):
        SQLiteStore(path)


def test_missing_folder(tmp_path: Path) -> None:
    """A path that cannot be opened is a matter of configuration, and the message says what to look at."""
    with pytest.raises(ConfigurationError, match="folder must exist"):
        SQLiteStore(tmp_path / "missing" / "state.db")
    with pytest.raises(ConfigurationError, match="could not open"):
        SQLiteStore(tmp_path)


def test_empty_file_becomes_a_store(path: Path) -> None:
    """An empty file, as a deployment may have made it, is taken."""
    path.touch()
    with SQLiteStore(path) as store:
        store.commit([Put(("a",), 1)])
    with SQLiteStore(path) as store:
        assert store.read([("a",)])[("a",)].value == 1


def test_read_only_file(open_folder: Path) -> None:
    """A file that this user may not write is found out at opening, not at the first commit."""
    path = open_folder / "state.db"
    SQLiteStore(path).close()
    path.chmod(0o444)
    code = """
        import os, sys
        from zoey_netsuite.errors import ConfigurationError
        from zoey_netsuite.state import SQLiteStore
        if os.geteuid() == 0:  # the superuser may write everything: become nobody
            os.setuid(65534)
        try:
            SQLiteStore(sys.argv[1])
        except ConfigurationError as error:
            print(error)
    """
    assert "must be writable" in python(code, str(path))


def test_relative_path_is_of_its_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changing the working directory later does not make the store look elsewhere."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    with SQLiteStore("state.db") as store:
        monkeypatch.chdir(tmp_path / "elsewhere")
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda number: store.commit([Put((str(number),), 1)]), range(20)))
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".db"] == ["state.db"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_writes_are_synchronous(path: Path) -> None:
    """Each commit waits for the disk (SQLite: PRAGMA synchronous = FULL, in write-ahead mode)."""
    SQLiteStore(path).close()
    connection = connect(path, 1.0)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_locked_for_too_long(path: Path) -> None:
    """Another process that keeps the file locked makes a bounded wait and a clear error; nothing is written."""
    with SQLiteStore(path, timeout=0.05) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"could not commit.*state\.db.*kept it locked"):
            store.commit([Put(("a",), 1)])
        assert dict(store.read([("a",)])) == {}
        other.execute("ROLLBACK")
        other.close()
        store.commit([Put(("a",), 2)])
        assert store.read([("a",)])[("a",)].value == 2


def test_opened_by_many_at_once(tmp_path: Path) -> None:
    """A new file that several open in the same moment is made once."""

    def open_and_put(barrier: threading.Barrier, path: Path, number: int) -> int:
        barrier.wait()
        with SQLiteStore(path) as store:
            return store.commit([Put((str(number),), number)])[(str(number),)]

    for turn in range(15):
        barrier, path = threading.Barrier(6), tmp_path / f"state{turn}.db"
        with ThreadPoolExecutor(6) as pool:
            opening = [pool.submit(open_and_put, barrier, path, number) for number in range(6)]
        assert sorted(each.result() for each in opening) == [1, 2, 3, 4, 5, 6]


def test_damaged_file(path: Path) -> None:
    """A page overwritten with rubbish is a clear error, and no crash."""
    with SQLiteStore(path) as store:
        store.commit([Put((str(number),), "x" * 100) for number in range(2_000)])
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 20)
    with pytest.raises(StoreError, match=r"damaged"), SQLiteStore(path) as store:
        store.scan((), limit=10_000)


DISK_FULL = """
    import os, sys
    from zoey_netsuite.errors import StoreError, StoreOutcomeUnknown
    from zoey_netsuite.state import Put, SQLiteStore
    path = sys.argv[1]
    store = SQLiteStore(path)
    done = 0
    try:
        while True:
            store.commit([Put((f"{done:05}", part), "x" * 20_000) for part in "ab"])
            done += 1
    except StoreOutcomeUnknown as error:
        print("unknown:", error)
    except StoreError as error:
        print("failed:", error)
    keys = [key for key, _ in store.scan((), limit=100_000)]
    assert done > 3 and len(keys) in (2 * done, 2 * done + 2), (done, len(keys))
    store.close()
    print("kept", done, len(keys))
"""


def test_disk_full() -> None:
    """A full disk is a clear error, nothing of that commit is written, and what was committed can still be read."""
    wrap = ("unshare", "-Urm", "sh", "-c", 'mount -t tmpfs -o size=2m none /mnt && exec "$0" "$@"')
    try:
        subprocess.run([*wrap, "true"], check=True, capture_output=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("this machine lets no user mount a small file system")
    answer = python(DISK_FULL, "/mnt/state.db", wrap=wrap)
    assert answer.startswith("failed: could not commit /mnt/state.db")
    assert "disk is full" in answer
    done, keys = answer.rsplit("kept ", 1)[1].split()
    assert int(keys) == 2 * int(done)


def test_disk_fails_while_committing(path: Path) -> None:
    """An I/O error in the middle of a commit: its outcome may not be known, and is then told so."""

    def allow_small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    answer = python(DISK_FULL, str(path), before=allow_small_files)
    assert answer.startswith("unknown: could not commit")
    assert "read again" in answer
    with SQLiteStore(path) as store:
        done = int(answer.rsplit("kept ", 1)[1].split()[0])
        assert len(store.scan((), limit=100_000)) in (2 * done, 2 * done + 2)


ORJSON = """
import json, __main__
__main__.importing.set()
assert __main__.forking.wait(20)
sum(range(3_000_000))  # goes on while the process forks
loads, dumps = json.loads, lambda value: json.dumps(value).encode()
"""
FORKED_WHILE_IMPORTING = """
import os, signal, sys, threading
sys.path.insert(0, sys.argv[2])
from zoey_netsuite import Put, SQLiteStore
importing, forking = threading.Event(), threading.Event()
with SQLiteStore(sys.argv[1]) as store:
    writer = threading.Thread(target=store.commit, args=([Put(("parent",), 1)],))
    writer.start()
    assert importing.wait(20)
    os.register_at_fork(before=forking.set)
    if (child := os.fork()) == 0:
        signal.alarm(20)  # a child that hangs is ended, and not waited for
        store.commit([Put(("child",), 1)])
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    writer.join()
    print(code, len(store.scan(())))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_forked_while_another_thread_imports(path: Path) -> None:
    """The first commit imports orjson; a child that is forked in the middle of this does not wait for ever."""
    (path.parent / "orjson.py").write_text(ORJSON)
    assert python(FORKED_WHILE_IMPORTING, str(path), str(path.parent)).split() == ["0", "2"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_goes_on_after_fork(path: Path) -> None:
    """Parent and child both go on with a store that was open when the process forked, other threads in its middle."""
    stop = threading.Event()
    with SQLiteStore(path) as store:

        def write(name: str) -> int:
            number = 0
            while not stop.is_set():
                store.commit([Put(("parent", name), number)])
                number += 1
            return number

        with ThreadPoolExecutor(2) as pool:
            writers = {name: pool.submit(write, name) for name in "ab"}
            try:
                for child in range(5):
                    pid = os.fork()
                    if pid == 0:
                        code = 1
                        signal.alarm(20)  # a child that hangs is ended, and not waited for
                        try:
                            store.commit([Put(("child", str(child)), number) for number in [child]])
                            code = 0 if store.read([("child", str(child))]) else 2
                            store.close()
                        finally:
                            os._exit(code)
                    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
            finally:
                stop.set()
            counts = {name: writer.result() for name, writer in writers.items()}
        assert [key for key, _ in store.scan(("child",))] == [("child", str(child)) for child in range(5)]
        assert {key[1]: entry.value for key, entry in store.scan(("parent",))} == {
            name: count - 1 for name, count in counts.items()
        }
    check = sqlite3.connect(path)
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()


def test_close_gives_files_back(path: Path) -> None:
    """After closing there is one file, and this process has none of its files open."""
    with SQLiteStore(path) as store, ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda number: store.commit([Put((str(number),), 1)]), range(60)))
    assert [each.name for each in path.parent.iterdir()] == ["state.db"]
    if Path("/proc/self/fd").exists():
        links = [os.readlink(each) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
        assert not [link for link in links if link.startswith(str(path))]


@pytest.mark.skipif(os.name == "nt", reason="permissions are another thing there")
def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    """G8: it holds personal data. A file that was there keeps the rights that somebody gave it."""
    before = os.umask(0)
    try:
        with SQLiteStore(tmp_path / "sync.db") as store:
            store.commit([Put(("a",), 1)])
            rights = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()}
            assert rights == dict.fromkeys(("sync.db", "sync.db-wal", "sync.db-shm"), "0o600")
        (tmp_path / "sync.db").chmod(0o640)
        with SQLiteStore(tmp_path / "sync.db") as store:
            store.commit([Put(("a",), 2)])
            assert (tmp_path / "sync.db-wal").stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="permissions are another thing there")
@pytest.mark.parametrize(("rights", "kept"), [(0o644, 0o600), (0o666, 0o600), (0o640, 0o640), (0o660, 0o660)])
def test_a_file_that_everybody_can_read_is_closed_to_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, rights: int, kept: int
) -> None:
    """G8: an older version, or a copy, left it open to all. What a group alone was given stays."""
    path = tmp_path / "sync.db"
    with SQLiteStore(path) as store:
        store.commit([Put(("a",), 1)])
    path.chmod(rights)
    with SQLiteStore(path) as store:
        store.commit([Put(("a",), 2)])
        assert {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {kept}
    told = [record.getMessage() for record in caplog.records]
    assert bool(told) is (rights != kept)
    assert all("only its owner can read it" in line for line in told)


@pytest.mark.skipif(os.name == "nt", reason="a file in use can't be deleted there")
@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_is_gone_is_noticed(tmp_path: Path, replaced: bool) -> None:
    """O1: what would be committed to a file without a name is lost with the process, and its effects made again."""
    path = tmp_path / "sync.db"
    with SQLiteStore(path) as store:
        store.commit([Put(("a",), 1)])
        for file in tmp_path.iterdir():
            file.unlink()
        if replaced:
            SQLiteStore(path).close()
        for call in (lambda: store.commit([Put(("a",), 2)]), lambda: store.read([("a",)]), lambda: store.scan(())):
            with pytest.raises(StoreError, match="was replaced" if replaced else "was deleted"):
                call()
        assert path.exists() is replaced, "no new one is made in its place"


@pytest.mark.parametrize("name", [":memory:", "file::memory:?cache=shared"])
def test_a_file_that_does_not_last_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="MemoryStore"):
        SQLiteStore(name)
