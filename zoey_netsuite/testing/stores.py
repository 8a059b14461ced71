"""Does a state store keep its promises? A suite to subclass and run with pytest, and a state machine for hypothesis.

The checks stand in `store_commits`, `store_values`, `store_scans` and `store_sharing`, the machine in `store_machine`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zoey_netsuite.state import StateStore
from zoey_netsuite.testing.store_commits import CommitChecks
from zoey_netsuite.testing.store_machine import StoreMachine
from zoey_netsuite.testing.store_scans import ScanChecks
from zoey_netsuite.testing.store_sharing import ReopeningChecks, SharingChecks, ThreadChecks
from zoey_netsuite.testing.store_values import ValueChecks

__all__ = ["StoreConformance", "StoreMachine"]


class StoreConformance(CommitChecks, ValueChecks, ScanChecks, ThreadChecks, SharingChecks, ReopeningChecks):
    """The promises of `StateStore` as tests. Subclass it in a test module and give the fixtures:

    - `store`: an open, empty store.
    - `second` (optional): another open store on the same data as `store`.
    - `reopen` (optional): a function without arguments that opens a store on the same data once more; `store` is closed
      before it is called.
    - `opener` (optional): a function that opens a store on the same data, and that `pickle` can carry to another
      process (a class or module-level function, or a `functools.partial` of one).

    Checks that need a fixture that isn't given are skipped and say so. `store` and `second` are closed by the fixtures,
    even where a check has closed them already; what `reopen` and `opener` open, the checks close.

    Not checked: that a commit outlives a loss of power, which errors become a `StoreError` and which a
    `StoreOutcomeUnknown`, and that machines agree on `now()`.

    Example:
        ```python
        class TestMyStore(StoreConformance):
            @pytest.fixture
            def store(self, tmp_path):
                store = MyStore(tmp_path / "state")
                yield store
                store.close()

            @pytest.fixture
            def second(self, store, tmp_path):
                second = MyStore(tmp_path / "state")
                yield second
                second.close()

            @pytest.fixture
            def reopen(self, tmp_path):
                return functools.partial(MyStore, tmp_path / "state")

            @pytest.fixture
            def opener(self, tmp_path):
                return functools.partial(MyStore, tmp_path / "state")
        ```
    """

    @pytest.fixture
    def second(self) -> StateStore:
        """Another open store on the same data; skips unless a subclass gives it."""
        pytest.skip("no fixture `second`: another open store on the same data")

    @pytest.fixture
    def reopen(self) -> Callable[[], StateStore]:
        """Opens the same data after `store` was closed; skips unless a subclass gives it."""
        pytest.skip("no fixture `reopen`: a function that opens the same data again")

    @pytest.fixture
    def opener(self) -> Callable[[], StateStore]:
        """Opens the same data in another process; skips unless a subclass gives it."""
        pytest.skip("no fixture `opener`: a function that pickle can carry and that opens the same data")
