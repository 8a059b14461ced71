"""A state store of one's own: each entry is a file below a directory, for threads and processes of one machine.

It shows what a store has to see to, not how to be fast: each scan lists the directory, and one lock is held for each
operation. It is for POSIX systems and a local disk.

Credentials come from the environment, as `MachineAuth.from_env` and `OAuth1Auth.from_env` name them; `NETSUITE_URL`
leads to a sandbox instead of the account's own hosts.
"""

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from zoey_netsuite import (
    ABSENT,
    ANY,
    ConfigurationError,
    Delete,
    Entry,
    Integration,
    InventorySync,
    NetSuiteClient,
    Put,
    StoreError,
    StoreOutcomeUnknown,
    VersionMismatch,
    ZoeyClient,
    netsuite,
    zoey,
)
from zoey_netsuite.state import Change, Key

LONGEST = 150  # characters of a file's name; most file systems take 255


class DirectoryStore:
    """Keeps entries in files.

    `entries/` holds a file for each, `version` the last version given, `commit` a commit that is decided and perhaps
    not carried out yet: what each file is to hold, None where it is to go. It comes into being by a rename, so it is
    there whole or not at all. Whoever takes the lock first carries out what stands there: its writer may have been
    killed halfway. Doing it twice is no harm.

    Raises:
        ConfigurationError: the directory cannot be used.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self._root = Path(directory).absolute()
        self._closed = False
        try:
            made = [path for path in (self._root, *self._root.parents) if not path.exists()]
            (self._root / "entries").mkdir(parents=True, exist_ok=True)
            (self._root / "lock").touch()
            for path in made:
                _sync(path.parent)
            with self._locked():
                if self._text("version") is None:
                    self._replace("version", "0")
                    _sync(self._root)
                self._version()
        except (OSError, ValueError, StoreError) as error:
            raise ConfigurationError(f"{self._root} cannot be used as a store: {error}") from error

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        names = {key: _checked(key) for key in keys}
        with self._locked():
            entries = {key: self._entry(_file(name)) for key, name in names.items()}
        return {key: found[1] for key, found in entries.items() if found}

    def scan(
        self,
        prefix: Key,
        *,
        after: Key | None = None,
        before: Key | None = None,
        reverse: bool = False,
        limit: int = 1000,
    ) -> Sequence[tuple[Key, Entry]]:
        if limit < 0:
            raise ValueError("limit is 0 or more")
        below = _name(prefix)
        least, end = _name(after or ()), None if before is None else _name(before)
        with self._locked():
            found = sorted(
                (name, file)
                for name, file in self._names(below)
                if name.startswith(below) and name not in ("", below) and name > least and (end is None or name < end)
            )
            if reverse:
                found.reverse()
            entries = [self._entry(file) for _, file in found[:limit]]
        return [entry for entry in entries if entry]

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        names: dict[Key, str] = {}
        for change in changes:
            if change.key in names:
                raise ValueError(f"{change.key!r} stands twice in one commit")
            names[change.key] = _checked(change.key)
        values = {change.key: _json(change.value) for change in changes if isinstance(change, Put)}
        with self._locked():
            wrong = [change.key for change in changes if not self._as_expected(change, _file(names[change.key]))]
            if wrong:
                raise VersionMismatch(wrong)
            version = self._version()
            versions: dict[Key, int] = {}
            files: dict[str, str | None] = {}
            for change in changes:
                file = _file(names[change.key])
                if isinstance(change, Put):
                    version += 1
                    versions[change.key] = version
                    head = json.dumps({"key": change.key, "version": version})
                    files[file] = f"{head}\n{values[change.key]}\n"
                elif isinstance(change, Delete):
                    files[file] = None
            if files:
                files["version"] = str(version)
                self._replace("commit", json.dumps(files))
                try:
                    self._carry_out()
                except OSError as error:  # it may be on the disk, and then it will be carried out
                    raise StoreOutcomeUnknown(f"{self._root}: {error}") from error
        return versions

    def now(self) -> datetime:
        if self._closed:
            raise StoreError("the store is closed")
        return datetime.now(UTC)

    def close(self) -> None:
        self._closed = True

    @contextmanager
    def _locked(self) -> Generator[None, None, None]:
        """Only one thread of one process at a time. The lock belongs to the open file, so each opens it anew."""
        if self._closed:
            raise StoreError("the store is closed")
        try:
            with open(self._root / "lock", "rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                try:
                    self._carry_out()
                    yield
                finally:
                    fcntl.flock(lock, fcntl.LOCK_UN)  # closing is not enough where a fork has copied the file
        except (OSError, ValueError) as error:  # no file, or one that somebody else has written
            raise StoreError(f"{self._root}: {error}") from error

    def _carry_out(self) -> None:
        text = self._text("commit")
        if text is None:
            return
        _sync(self._root)  # first of all, that it may not be forgotten halfway
        for file, content in json.loads(text).items():
            if content is None:
                (self._root / file).unlink(missing_ok=True)
            else:
                self._write(file, content)
        _sync(self._root / "entries")
        (self._root / "commit").unlink()

    def _names(self, below: str) -> Iterator[tuple[str, str]]:
        """Names of keys, and their files. Where the file's name is a short one, the key stands in the file."""
        for file in os.listdir(self._root / "entries"):
            if not file.startswith(below[:LONGEST]):
                continue
            name = file
            if "+" in file:
                found = self._entry(f"entries/{file}")
                name = _name(found[0]) if found else ""
            yield name, f"entries/{file}"

    def _entry(self, file: str) -> tuple[Key, Entry] | None:
        text = self._text(file)
        if text is None:
            return None
        head, value = text.splitlines()
        about = json.loads(head)
        return tuple(about["key"]), Entry(json.loads(value), about["version"])

    def _as_expected(self, change: Change, file: str) -> bool:
        if change.expect is ANY:
            return True
        found = self._entry(file)
        return found is None if change.expect is ABSENT else found is not None and found[1].version == change.expect

    def _version(self) -> int:
        return int(self._text("version") or "")

    def _text(self, file: str) -> str | None:
        try:
            return (self._root / file).read_text("ascii")
        except FileNotFoundError:
            return None

    def _replace(self, file: str, text: str) -> None:
        self._write(f"{file}.new", text)
        os.rename(self._root / f"{file}.new", self._root / file)

    def _write(self, file: str, text: str) -> None:
        with open(self._root / file, "w", encoding="ascii") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())


def _sync(directory: Path) -> None:
    """A file's name is durable only when its directory is."""
    number = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _checked(key: Key) -> str:
    if not key:
        raise ValueError("a key has at least one part")
    return _name(key)


def _name(key: object) -> str:
    """ASCII text that sorts like the key: a comma ends each part, and is less than whatever else stands in it."""
    if not isinstance(key, tuple):
        raise ValueError(f"a key is a tuple of text parts, not {key!r}")
    return "".join(_part(part) for part in cast(tuple[object, ...], key))


def _part(part: object) -> str:
    if not isinstance(part, str):
        raise ValueError(f"a part of a key is text, not {part!r}")
    return "".join(map(_escaped, part.encode())) + ","


def _escaped(byte: int) -> str:
    """Digits and small letters stand for themselves. The others' marks sort as the bytes do."""
    if 48 <= byte <= 57 or 97 <= byte <= 122:
        return chr(byte)
    return f"{'-' if byte < 48 else '=' if byte < 97 else '~'}{byte:02x}"


def _file(name: str) -> str:
    if len(name) > LONGEST:
        name = f"{name[:LONGEST]}+{hashlib.sha256(name.encode()).hexdigest()}"
    return f"entries/{name}"


def _json(value: object) -> str:
    try:
        _check_names(value)
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"the value is not JSON: {error}") from error


def _check_names(value: object) -> None:
    """json would turn a number into a name without a word."""
    if isinstance(value, dict):
        for name, inner in cast(dict[object, object], value).items():
            if not isinstance(name, str):
                raise TypeError(f"{name!r} is no name")
            _check_names(inner)
    elif isinstance(value, list | tuple):
        for inner in cast(Sequence[object], value):
            _check_names(inner)


def main() -> None:
    """Run a sync twice with such a store, and list some of what it holds."""
    with (
        tempfile.TemporaryDirectory() as directory,
        closing(DirectoryStore(directory)) as store,
        NetSuiteClient(
            os.environ["NETSUITE_ACCOUNT_ID"], netsuite.MachineAuth.from_env(), base_url=os.environ.get("NETSUITE_URL")
        ) as erp,
        ZoeyClient(os.environ["ZOEY_URL"], zoey.OAuth1Auth.from_env()) as shop,
    ):
        integration = Integration("acme", erp, shop, store, [InventorySync(reserve_pending=False)])
        print(integration.run())
        print(integration.run())
        for key, entry in store.scan(("acme", "link"), limit=5):
            print(key, entry.version)


if __name__ == "__main__":
    main()
