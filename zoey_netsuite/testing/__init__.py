"""What tests need, ours and those of users: a clock that tests move, conformance suites for what is plugged in, a
harness that proves syncs against crashes and faults, and a simulation of whole histories.

`StoreConformance` and `StoreMachine` are for state stores (they stand in `stores.py`), `StrategyConformance` for
conflict strategies (`strategies.py`); they need pytest and hypothesis. `harness.py` holds the crash and fault harness
(`Harness`, `Scenario`), `simulation.py` what plays histories (`Simulation`, with `events.py`); both need the extra
`sandbox`. The rest needs nothing.
"""

import sys
from typing import TYPE_CHECKING

from zoey_netsuite._lazy import on_first_use
from zoey_netsuite.testing.clock import FakeClock


def _show_what_differs() -> None:
    """Have pytest rewrite the asserts of the suites; it does that by itself only for files of tests."""
    rooms = "store_commits store_machine store_scans store_sharing store_values stores strategies".split()  # noqa: SIM905
    if "pytest" in sys.modules:
        sys.modules["pytest"].register_assert_rewrite(*(f"{__name__}.{room}" for room in rooms))


_show_what_differs()

if TYPE_CHECKING:
    from zoey_netsuite.testing.stores import StoreConformance, StoreMachine
    from zoey_netsuite.testing.strategies import StrategyConformance
else:
    # who uses the rest need not have pytest and hypothesis
    __getattr__ = on_first_use(
        __name__, {"stores": "StoreConformance StoreMachine", "strategies": "StrategyConformance"}
    )

__all__ = ["FakeClock", "StoreConformance", "StoreMachine", "StrategyConformance"]


def __dir__() -> list[str]:
    return list(__all__)
