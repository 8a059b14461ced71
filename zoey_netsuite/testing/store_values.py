"""Checks of what may be stored: values come back as they were, keys are any text, sizes and numbers are no matter."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from zoey_netsuite.state import ABSENT, Check, Delete, Key, Put, StateStore
from zoey_netsuite.testing.store_commits import snapshot
from zoey_netsuite.testing.store_scans import NO_KEYS, ODD_KEYS

KEY: Key = ("conformance", "value")

VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**53 + 1,
    2**63 - 1,
    -(2**63),
    10**30,
    0.1,
    1.5e300,
    5e-324,
    "",
    "text",
    "quotes \" ' \\ and % $1 ? :name",
    "\0 \n \u2028 \u00e9 e\u0301 \uffff \U0001f600",
    "half of a character, as JSON may hold it: \ud83d",
    [],
    {},
    [[], {}, [None, [True, [0]]]],
    {"": "", "a b": {"\0": [1, "1", 1.5, None]}, "\U0001f600": {"z": 1, "a": 2}},
)

HOLDS_ITSELF: list[Any] = []
HOLDS_ITSELF.append(HOLDS_ITSELF)

NOT_JSON: tuple[Any, ...] = (
    object(),
    {1, 2},
    b"bytes",
    datetime(2026, 1, 1, tzinfo=UTC),
    Decimal("1.5"),
    float("nan"),
    float("inf"),
    {1: "number as a name"},
    {"deep": [{"inside": object()}]},
    {"deep": [float("-inf")]},
    {"deep": HOLDS_ITSELF},
)


def text_of(value: Any) -> str:
    """A value as text that tells `True` from 1 and 1 from 1.0, which are equal to Python."""
    return json.dumps(value, sort_keys=True)


class ValueChecks:
    """What may be stored, and that it comes back."""

    def test_values_come_back(self, store: StateStore) -> None:
        """Every kind of JSON value is read and scanned as it was put, type for type."""
        for value in VALUES:
            store.commit([Put(KEY, value)])
            assert text_of(store.read([KEY])[KEY].value) == text_of(value)
            assert text_of(store.scan(KEY[:1])[0][1].value) == text_of(value)

    def test_what_is_not_json_is_refused(self, store: StateStore) -> None:
        """A value that isn't JSON is a `TypeError` or `ValueError`, and nothing of its commit is written."""
        store.commit([Put(KEY, 1)])
        before = snapshot(store)
        for value in NOT_JSON:
            with pytest.raises((TypeError, ValueError)):
                store.commit([Put(("conformance", "a"), 1), Put(KEY, value)])
            assert snapshot(store) == before

    def test_malformed_keys_are_refused(self, store: StateStore) -> None:
        """No tuple, no parts, parts that are no text or have no UTF-8 form (a lone surrogate): a `ValueError`, and
        nothing is written.
        """
        for key in ((), *NO_KEYS):
            for change in (Put(key, 1), Delete(key), Check(key, ABSENT)):
                with pytest.raises(ValueError):
                    store.commit([Put(KEY, 1), change])
            with pytest.raises(ValueError):
                store.read([KEY, key])
        assert snapshot(store) == {}

    def test_odd_keys_come_back(self, store: StateStore) -> None:
        """NUL, separators, empty parts, text beyond the basic plane, very long parts: each is a key of its own."""
        versions = store.commit([Put(key, number) for number, key in enumerate(ODD_KEYS)])
        assert {key: entry.value for key, entry in store.read(ODD_KEYS).items()} == {
            key: number for number, key in enumerate(ODD_KEYS)
        }
        assert set(versions) == set(ODD_KEYS)

    def test_values_are_not_shared(self, store: StateStore) -> None:
        """Changing a value after it was put, read or scanned changes nothing in the store."""
        value: Any = {"list": [1, {"deep": 2}]}
        expected = copy.deepcopy(value)
        store.commit([Put(KEY, value)])
        value["list"][1]["deep"] = "changed after put"
        assert store.read([KEY])[KEY].value == expected
        store.read([KEY])[KEY].value["list"].append("changed after read")
        assert store.read([KEY])[KEY].value == expected
        store.scan(KEY[:1])[0][1].value["list"][1].clear()
        assert store.read([KEY])[KEY].value == expected

    def test_large_values(self, store: StateStore) -> None:
        """Values of a megabyte, several in one commit."""
        values = {("conformance", name): name * 1_000_000 for name in "abc"}
        store.commit([Put(key, {"text": value}) for key, value in values.items()])
        assert {key: entry.value["text"] for key, entry in store.read(list(values)).items()} == values

    def test_thousands_of_keys(self, store: StateStore) -> None:
        """Thousands of keys in one commit and tens of thousands in one read, most of them absent."""
        keys: list[Key] = [("conformance", f"{number:06}") for number in range(40_000)]
        present = keys[::8]
        versions = store.commit([Put(key, key[1], ABSENT) for key in present])
        entries = store.read(keys)
        assert {key: entry.value for key, entry in entries.items()} == {key: key[1] for key in present}
        store.commit([Check(key, versions[key]) for key in present])
        store.commit([Delete(key, versions[key]) for key in present])
        assert store.read(keys) == {}
