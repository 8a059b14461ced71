"""What tests need, ours and those of users: a clock that tests move, conformance suites for what is plugged in, a
harness that proves syncs against crashes and faults, and a simulation of whole histories.

`stores.py` holds the suite for state stores (`StoreConformance`), `strategies.py` that for conflict strategies
(`StrategyConformance`); they need pytest and hypothesis. `harness.py` holds the crash and fault harness (`Harness`,
`Scenario`), `simulation.py` what plays histories (`Simulation`, with `events.py`); both need the extra `sandbox`. The
rest needs nothing.
"""

from zoey_netsuite.testing.clock import FakeClock

__all__ = ["FakeClock"]
