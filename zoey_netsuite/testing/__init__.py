"""What tests need, ours and those of users: a clock that tests move, and conformance suites for what is plugged in.

`stores.py` holds the suite for state stores (`StoreConformance`); it needs pytest and hypothesis, the rest needs
nothing.
"""

from zoey_netsuite.testing.clock import FakeClock

__all__ = ["FakeClock"]
