"""A conformance suite's failure shows what differed, in the reader's own project as well (E3)."""

from __future__ import annotations

from importlib import import_module

import pytest

from zoey_netsuite import testing


@pytest.mark.parametrize("name", ["store_commits", "store_machine", "store_scans", "store_values", "strategies"])
def test_pytest_rewrites_what_the_suites_assert(name: str) -> None:
    """Without that, a failure says AssertionError and nothing else."""
    assert "@pytest_ar" in vars(import_module(f"{testing.__name__}.{name}"))
