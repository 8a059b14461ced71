"""The store that the how-to writes out keeps the promises that it is said to keep (E2, E3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from zoey_netsuite.state import StateStore
from zoey_netsuite.testing import StoreConformance, StoreMachine

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "state-store.md"


def plain_store() -> StateStore:
    """The page's own `PlainStore`."""
    code = next(block for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL) if "class" in block)
    namespace: dict[str, Any] = {}
    exec(code.partition("\nstore = ")[0], namespace)
    store: StateStore = namespace["PlainStore"]()
    return store


class TestPlainStore(StoreConformance):
    @pytest.fixture
    def store(self) -> Iterator[StateStore]:
        store = plain_store()
        yield store
        store.close()


class PlainStoreMachine(StoreMachine):
    def open_store(self) -> StateStore:
        return plain_store()


TestPlainStoreMachine = PlainStoreMachine.TestCase
TestPlainStoreMachine.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
