"""What tests need, ours and those of users: a clock that tests move, conformance suites for what is plugged in, and a
harness that proves syncs against crashes and faults.

`stores.py` holds the suite for state stores (`StoreConformance`); it needs pytest and hypothesis. `harness.py` holds
the crash and fault harness (`Harness`, `Scenario`); it needs the extra `sandbox`. The rest needs nothing.
"""

from zoey_netsuite.testing.clock import FakeClock

__all__ = ["FakeClock"]
