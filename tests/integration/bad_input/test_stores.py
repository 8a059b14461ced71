"""A place where no state can be kept is told when the store is opened (E7)."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from zoey_netsuite import ConfigurationError, SQLiteStore
from zoey_netsuite.state.sqlite_schema import APPLICATION_ID


def test_places_that_hold_something_else(tmp_path: Path) -> None:
    """E7: a folder, a text, another application's database, one of a newer version."""
    (tmp_path / "notes.txt").write_text("no database, but many words\n" * 100)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE customer (id)")
    other.close()
    with sqlite3.connect(tmp_path / "newer.db") as newer:
        newer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        newer.execute("PRAGMA user_version = 999")
    newer.close()
    said = {
        tmp_path: "it is a folder; name a file in it",
        tmp_path / "notes.txt": "give the state store a file of its own",
        tmp_path / "other.db": "a database of another application",
        tmp_path / "newer.db": "written by a newer version",
        tmp_path / "missing" / "sync.db": "its folder must exist",
        tmp_path / "notes.txt" / "sync.db": "its folder must exist",
    }
    for path, words in said.items():
        before = path.read_bytes() if path.is_file() else None
        with pytest.raises(ConfigurationError) as caught:
            SQLiteStore(path)
        assert str(path) in str(caught.value)
        assert words in str(caught.value)
        assert before == (path.read_bytes() if path.is_file() else None), "nothing is written into it"


@pytest.mark.parametrize(
    "path", ["", None, 5, b"sync.db", "a\0b", "sqlite:///sync.db", "x" * 5000], ids=lambda p: repr(p)[:20]
)
def test_what_is_no_path(path: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """E7: no file is made under a name that was not meant."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=r"a file's name|could not open"):
        SQLiteStore(path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "value"), [("timeout", "5"), ("timeout", -1), ("timeout", None), ("clock", 5)])
def test_options(name: str, value: Any, tmp_path: Path) -> None:
    """E7: named with what they take."""
    with pytest.raises(ConfigurationError, match=name):
        SQLiteStore(tmp_path / "sync.db", **{name: value})
