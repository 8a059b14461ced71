"""A worker's desk: the typed views of the store that scanning and working share, and who is working."""

from __future__ import annotations

from attrs import field, frozen

from zoey_netsuite.checks import number
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.state.cursors import Cursors
from zoey_netsuite.state.journal import Journal
from zoey_netsuite.state.leases import Leases, Owner
from zoey_netsuite.state.links import Links
from zoey_netsuite.state.snapshots import Snapshots
from zoey_netsuite.state.space import Space
from zoey_netsuite.state.store import Key
from zoey_netsuite.state.tombstones import Tombstones
from zoey_netsuite.state.worklist import Worklist


@frozen
class Timing:
    """How patient the engine is. All in seconds.

    Attributes:
        lease: how long a worker may go without a sign of life before another takes over its work. Longer than the
            longest call.
        call: the longest that one call may take, its client's time-out. No write starts when the lease ends within it,
            nor later than so long after it was decided.
        settle: how long after it was sent a write whose answer was lost may still take effect on the remote side; until
            then (and `call` before it, as it may have waited for its turn) a once effect of which no trace is found is
            not tried again.
        stale_after: data read longer ago is read again before it is acted upon.
        overdue: how long a record may stand on the attention list before observers are told (`Overdue`).
    """

    lease: float = field(default=300.0, validator=number(above=0))
    call: float = field(default=120.0, validator=number(above=0))
    settle: float = field(default=120.0, validator=number(least=0))
    stale_after: float = field(default=600.0, validator=number(above=0))
    overdue: float = field(default=86400.0, validator=number(above=0))

    def __attrs_post_init__(self) -> None:
        if self.lease <= self.call:
            raise ConfigurationError(
                f"Timing(lease={self.lease:g}, call={self.call:g}): a lease must last longer than the longest call,"
                " else another worker takes over in the middle of it"
            )


@frozen
class Desk:
    """What a worker of one integration has before it."""

    space: Space
    owner: Owner
    timing: Timing
    leases: Leases
    links: Links
    cursors: Cursors
    worklist: Worklist
    journal: Journal
    tombstones: Tombstones
    snapshots: Snapshots

    def baseline_key(self, sync: str, unit_id: str) -> Key:
        """Where the fingerprint stands of what a unit is known to hold on both sides."""
        return self.space.key("held", sync, unit_id)
