"""Keys and values as bytes, for stores that keep bytes.

A key's bytes sort as the key does: each part is its UTF-8 with 0x00 written as 0x00 0xFF, and ends with 0x00. 0xFF
never occurs in UTF-8, so it also bounds a prefix from above. A value's bytes are JSON text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import cast

from zoey_netsuite._lazy import fast_json
from zoey_netsuite.errors import StoreError
from zoey_netsuite.state.shapes import damaged
from zoey_netsuite.state.store import JSON, Change, Entry, Key, Put

_PLAIN_MARK = b" "
"""A leading blank (no change to JSON's meaning) says that only the standard library reads the value faithfully."""

if hasattr(os, "register_at_fork"):
    # A child that is forked while another thread imports a module would wait for that import for ever.
    os.register_at_fork(before=fast_json)


def encode_key(key: Key) -> bytes:
    """The bytes of a key; `()` gives none.

    Raises:
        ValueError: not a tuple of text, or text that has no UTF-8 form (a lone surrogate).
    """
    if type(key) is not tuple and not isinstance(cast(object, key), tuple):
        raise ValueError(f"a key is a tuple of text parts, not {key!r}")
    if not key:
        return b""
    try:
        text = "\0".join(key)
        if text.count("\0") < len(key):
            return text.encode() + b"\0"
        return b"".join([part.encode().replace(b"\0", b"\0\xff") + b"\0" for part in key])
    except TypeError:
        raise ValueError(f"a key is a tuple of text parts, not {key!r}") from None
    except UnicodeEncodeError:
        raise ValueError(f"a key's parts must be encodable as UTF-8, and {key!r} holds a lone surrogate") from None


def decode_key(data: bytes) -> Key:
    """The key that `encode_key` wrote so."""
    if b"\xff" not in data:
        return tuple(data[:-1].decode().split("\0"))
    parts = data.replace(b"\0\xff", b"\xff")[:-1].split(b"\0")
    return tuple(part.replace(b"\xff", b"\0").decode() for part in parts)


def key_range(prefix: Key, after: Key | None, before: Key | None) -> tuple[bytes, bytes]:
    """Where a scan's keys lie: greater than the first, less than the second."""
    below = encode_key(prefix)
    above = below + b"\xff"
    if after is not None:
        below = max(below, encode_key(after))
    if before is not None:
        above = min(above, encode_key(before))
    return below, above


def encode_value(value: JSON) -> bytes:
    """A value as JSON text. A tuple becomes a list and a subclass of text or int its plain value, as in `json`.

    Raises:
        ValueError: not JSON: another type, NaN or infinite, a mapping's key that isn't text, nested too deep.
    """
    if orjson := fast_json():
        try:
            data: bytes = orjson.dumps(value)
            # What reads back unequal was bent on the way (NaN, dates, UUIDs …), or is a tuple: decided below.
            if orjson.loads(data) == value:
                return data
        except (TypeError, ValueError, RecursionError):
            pass  # also what only the standard library can write: integers beyond 64 bits, lone surrogates
    try:
        _check_names(value)
        return _PLAIN_MARK + json.dumps(value, allow_nan=False, separators=(",", ":")).encode()
    except RecursionError:
        raise ValueError("the value cannot be stored as JSON: it is nested too deep, or holds itself") from None
    except (TypeError, ValueError) as error:
        raise ValueError(f"the value cannot be stored as JSON: {error}") from None


def decode_value(data: bytes) -> JSON:
    """The value that `encode_value` wrote so, made anew."""
    reader = json if data[:1] == _PLAIN_MARK else fast_json() or json
    value: JSON = reader.loads(data)
    return value


def entry_of(key: Key, data: bytes, version: int) -> Entry:
    """The entry that stands so under a key.

    Raises:
        StoreError: its value is damaged.
    """
    try:
        return Entry(decode_value(data), version)
    except (ValueError, TypeError, RecursionError) as problem:
        raise damaged(key, f"its value is no JSON: {problem}") from problem


def key_of(data: bytes) -> Key:
    """The key that stands in a store so.

    Raises:
        StoreError: it is damaged.
    """
    try:
        return decode_key(data)
    except (ValueError, TypeError, AttributeError) as problem:
        msg = f"the state store has a damaged key, {data!r:.200}: {problem}. Restore the store from a backup."
        raise StoreError(msg) from problem


def encode_changes(changes: Iterable[Change]) -> list[tuple[bytes, Change, bytes | None]]:
    """A commit's changes with their key's bytes and, for a `Put`, their value's bytes, before anything is written.

    Raises:
        ValueError: an empty or malformed key, a key twice, a value that isn't JSON. The message names the key.
    """
    encoded: list[tuple[bytes, Change, bytes | None]] = []
    for change in changes:
        key = _encode_entry_key(change.key)
        if isinstance(change, Put):
            try:
                encoded.append((key, change, encode_value(change.value)))
            except ValueError as error:
                raise ValueError(f"{change.key!r}: {error}") from None
        else:
            encoded.append((key, change, None))
    if len({key for key, _, _ in encoded}) < len(encoded):
        keys = [change.key for _, change, _ in encoded]
        twice = next(key for index, key in enumerate(keys) if key in keys[:index])
        raise ValueError(f"{twice!r} stands twice in one commit; put all that concerns a key into one change")
    return encoded


def encode_keys(keys: Iterable[Key]) -> dict[bytes, Key]:
    """The keys by their bytes.

    Raises:
        ValueError: an empty or malformed key.
    """
    return {_encode_entry_key(key): key for key in keys}


def is_expected(change: Change, version: int | None) -> bool:
    """Whether a key with this version (None: absent) is as the change expects it."""
    expect = change.expect
    if isinstance(expect, int):
        return version == expect
    return expect.value == "any" or version is None


def _encode_entry_key(key: Key) -> bytes:
    data = encode_key(key)
    if not data:
        raise ValueError("a key has at least one part")
    return data


def _check_names(value: JSON) -> None:
    """`json` would turn numbers and None into names silently, and two names into one."""
    if isinstance(value, dict):
        mapping = cast(dict[object, JSON], value)
        for name, inner in mapping.items():
            if not isinstance(name, str):
                raise TypeError(f"a mapping's key must be text, not {name!r}")
            _check_names(inner)
    elif isinstance(value, list | tuple):
        items = cast(Iterable[JSON], value)
        for inner in items:
            _check_names(inner)
