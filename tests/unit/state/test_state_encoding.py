"""Keys and values as bytes, for stores that keep bytes."""

from __future__ import annotations

import enum
import math
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoey_netsuite.state import Key, MemoryStore, Put
from zoey_netsuite.state import encoding as encoding_module
from zoey_netsuite.state.encoding import decode_key, decode_value, encode_key, encode_value, key_range

PARTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=4) | st.text("\0\x01a", max_size=4)
KEYS: st.SearchStrategy[Key] = st.lists(PARTS, min_size=1, max_size=4).map(tuple)


class Color(enum.Enum):
    RED = "red"


class Size(enum.StrEnum):
    LARGE = "large"


@given(KEYS)
def test_keys_come_back(key: Key) -> None:
    """A key's bytes tell the key."""
    assert decode_key(encode_key(key)) == key


@given(KEYS, KEYS)
def test_bytes_sort_as_keys_do(one: Key, other: Key) -> None:
    """Bytes compare as the keys' parts compare by their UTF-8 bytes."""
    plain = [part.encode() for part in one] < [part.encode() for part in other]
    assert (encode_key(one) < encode_key(other)) == plain


@given(KEYS, KEYS)
def test_range_is_the_prefix(prefix: Key, key: Key) -> None:
    """A key lies in a prefix's range when it begins with the prefix's parts and has more."""
    below, above = key_range(prefix, None, None)
    assert (below < encode_key(key) < above) == (key[: len(prefix)] == prefix and key != prefix)
    assert below < encode_key((*prefix, *key)) < above


@pytest.mark.parametrize("key", ["text", ["a"], ("a", 1), ("a", None), ("\udfff",), ("a\0", "\ud800")])
def test_what_is_no_key(key: Any) -> None:
    """Anything but a tuple of encodable text is refused, with the key in the message."""
    with pytest.raises(ValueError, match="key"):
        encode_key(key)


@pytest.fixture(params=["with orjson", "without orjson"])
def writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Values are written in the same way with and without the extra `speed`."""
    if request.param == "without orjson":
        monkeypatch.setattr(encoding_module, "fast_json", lambda: None)
    else:
        pytest.importorskip("orjson")
    return str(request.param)


@pytest.mark.usefixtures("writer")
@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ((1, (2, "x")), [1, [2, "x"]]),
        (Size.LARGE, "large"),
        (2**64, 2**64),
        ([-(10**40), {"deep": 10**40}], [-(10**40), {"deep": 10**40}]),
        ("\ud800 alone", "\ud800 alone"),
        ({"\udfff": 1}, {"\udfff": 1}),
    ],
)
def test_values_at_the_edge(value: Any, stored: Any) -> None:
    """What `json` gives back comes back: tuples as lists, text's subclasses as text, integers of any size."""
    assert decode_value(encode_value(value)) == stored
    assert type(decode_value(encode_value(value))) is type(stored)


@pytest.mark.usefixtures("writer")
@pytest.mark.parametrize(
    "value",
    [math.nan, [math.inf], {"x": [-math.inf]}, Color.RED, uuid.UUID(int=1), {1: 1}, {None: 1}, {"x": {True: 1}}, {1}],
)
def test_what_is_no_value(value: Any) -> None:
    """What would be bent on the way, or isn't JSON at all, is refused."""
    with pytest.raises(ValueError, match="cannot be stored as JSON"):
        encode_value(value)


@pytest.mark.usefixtures("writer")
def test_value_that_holds_itself() -> None:
    """A loop is refused, not followed."""
    loop: list[Any] = []
    loop.append({"loop": loop})
    with pytest.raises(ValueError, match="cannot be stored as JSON"):
        encode_value(loop)


def test_written_without_orjson_read_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes with and without the extra `speed` share one file."""
    value = {"big": 10**30, "text": "é \0", "list": [1, 1.5, None, True]}
    with_it = encode_value({"text": "é \0", "list": [1, 1.5, None, True]})
    with monkeypatch.context() as patch:
        patch.setattr(encoding_module, "fast_json", lambda: None)
        without = encode_value(value)
        assert decode_value(with_it) == {"text": "é \0", "list": [1, 1.5, None, True]}
    assert decode_value(without) == value


def test_message_names_the_key() -> None:
    """A refused value's message says under which key it was to stand."""
    with MemoryStore() as store, pytest.raises(ValueError, match=r"'acme', 'unit', '7'.*object"):
        store.commit([Put(("acme", "unit", "7"), {"x": object()})])
