"""What a sync is: `scan` says what changed, `apply` says what must be done about it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar, cast, get_args, get_origin

from attrs import field, frozen
from typing_extensions import get_original_bases

from zoey_netsuite.engine.effects import Effect
from zoey_netsuite.engine.findings import Adoption, Difference, Finding
from zoey_netsuite.engine.unit import Page, Unit
from zoey_netsuite.engine.waits import Wait
from zoey_netsuite.entities import Found, Hold, Lookup, Skip
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.netsuite import NetSuiteClient
from zoey_netsuite.state.links import Link, Links, Unlink
from zoey_netsuite.state.records import RecordRef, Side
from zoey_netsuite.state.store import JSON
from zoey_netsuite.zoey import ZoeyClient

D = TypeVar("D")

NETSUITE_TIME = "YYYY-MM-DD HH24:MI:SS"
"""Oracle format of the account-local times that scans compare with; it sorts by time."""

OVERLAP = timedelta(minutes=75)
"""How far a scan by NetSuite's clock reaches back: an hour that a clock change repeats, and long writes."""


@frozen
class Window:
    """A stretch of NetSuite's own clock, as account-local texts `YYYY-MM-DD HH:MM:SS`.

    Attributes:
        start: reaching back over the overlap; None at the first scan.
        end: the account's clock when the scan began: what the next window is made from.
    """

    start: str | None
    end: str


@frozen
class SyncContext:
    """What a sync may use to look at both systems.

    Attributes:
        now: when this scan began, aware, UTC.
        links: the pairs that are known, to be read in bulk.
        settings: what mappers may know.
        rebuilt_at: when the store was lost and its links were brought back, or None: of what is older than that and not
            linked, nobody knows whether it was done.
    """

    netsuite: NetSuiteClient
    zoey: ZoeyClient
    links: Links
    now: datetime
    settings: MapContext = field(factory=MapContext)
    rebuilt_at: datetime | None = None

    @property
    def integration(self) -> str:
        """The integration's name, with which every external id begins."""
        return self.settings.integration

    def window(self, since: JSON) -> Window:
        """The window of NetSuite's clock that a scan by time of change is to read.

        Args:
            since: the `end` of the window of the last whole scan, or None.
        """
        query = f"SELECT TO_CHAR(SYSDATE, '{NETSUITE_TIME}') AS now FROM dual"
        (row,) = self.netsuite.suiteql(query)
        end = str(row["now"])
        if since is None:
            return Window(None, end)
        start = datetime.strptime(str(since), "%Y-%m-%d %H:%M:%S") - OVERLAP
        return Window(start.strftime("%Y-%m-%d %H:%M:%S"), end)


class Sync(ABC, Generic[D]):
    """One stream of changes from one side to the other. D is what a unit carries; cattrs must be able to turn it into
    JSON and back.

    Attributes:
        name: unique within an integration; part of every key, so it stays as it is once data flows.

    Class attributes:
        bulk: units become claimable only when their scan has ended, so that guards see the whole of it and many
            effects share a call.
        link_kind: the kind of link whose ids `sync_one` and people use for this sync's units, or None.
        side: the system whose records the units are named after: a unit that names no origin comes from there.
        compares: units come with what their two sides last agreed on (`unit.snapshot`), see `reconcile`.
        makes: units make records, so one that a person has dismissed leaves a tombstone and is not made by itself any
            more, however it changes.
        guards: the names of the guards that units of this sync may name, so that a misspelt one is refused; None: it
            does not say.
    """

    name: str
    bulk: ClassVar[bool] = False
    link_kind: ClassVar[str | None] = None
    makes: ClassVar[bool] = False
    side: ClassVar[Side] = "zoey"
    compares: ClassVar[bool] = False
    guards: ClassVar[Collection[str] | None] = None

    @abstractmethod
    def scan(self, since: JSON, ctx: SyncContext) -> Iterator[Page[D]]:
        """What changed since the cursor that the last committed page gave (None at first), a page at a time."""

    @abstractmethod
    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[D]]:
        """These units as they are now; those that are gone are left out."""

    def look(self, units: Sequence[Unit[D]], ctx: SyncContext) -> Iterable[Unit[D]]:
        """These units, once the effects before a `LookAgain` are done; those that are gone are left out.

        By default as `load` gives them. Override it where fewer reads will do: each unit carries what was known of it.
        """
        return self.load([unit.id for unit in units], ctx)

    def needs(self, units: Sequence[Unit[D]]) -> Sequence[Lookup]:
        """What `apply` will have to know of these units; looked up in bulk before it is called."""
        return ()

    @abstractmethod
    def apply(self, unit: Unit[D], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip | Wait:
        """What must be done so that both sides agree. Pure: the same input gives the same answer."""

    def joined(self, syncs: Sequence[Sync[Any]]) -> None:
        """Called when an integration is assembled, with all of its syncs.

        Raises:
            ConfigurationError: this sync can't work in that company.
        """
        return

    def unit_ids(self, ctx: SyncContext, *, zoey_id: str | None, netsuite_id: str | None) -> Sequence[str]:
        """The ids of the units that a record of one side stands for; by default the unit that its link names, else the
        given id itself.
        """
        id = cast("str", zoey_id if zoey_id is not None else netsuite_id)
        if self.link_kind is None:
            return [id]
        if zoey_id is not None:
            links = list(ctx.links.by_zoey(self.link_kind, [id]).values())
        else:
            links = [link for found in ctx.links.by_netsuite(self.link_kind, [id]).values() for link in found]
        return list(dict.fromkeys(link.unit for link in links if link.unit)) or [id]

    def origin_of(self, unit: Unit[D]) -> RecordRef:
        """The record that a unit comes from: what it says itself, else the one that it is named after."""
        return unit.origin or RecordRef(self.side, unit.id)

    def missing(self, unit_id: str, ctx: SyncContext) -> str:
        """Why `load` gives no such unit, for `explain`."""
        return f"{unit_id} was not found, or {self.name} does not handle it"

    def would_carry(self, ids: Sequence[RecordRef], ctx: SyncContext) -> Mapping[RecordRef, str | None]:
        """Whether records of this sync's `link_kind` that are not linked will ever be: None, or why not, in words that
        follow "it". Units that wait for one with a reason are skipped with it; those left out may come.

        What a person has dismissed need not be told: the engine knows it.
        """
        return {}

    def documents_of(self, links: Sequence[Link], ctx: SyncContext) -> Iterable[str]:
        """The ids of this sync's units that belong to pairs, of any kind, which a person has just linked, adopted or
        released: what was done on either side before that is put on the list by this.
        """
        return ()

    def gone(self, unit_id: str) -> Sequence[Link | Unlink]:
        """What is to be known of links once a unit's record is not there any more; by default as before."""
        return ()

    def between(self, since: datetime, until: datetime, ctx: SyncContext) -> Iterator[str]:
        """The ids of the units that were made in a stretch of time, for `Integration.backfill`."""
        msg = f"sync {self.name} does not say which of its records were made when: override between()"
        raise ConfigurationError(msg)

    def adopt(self, match: str, ctx: SyncContext) -> Iterator[Adoption]:
        """Pairs of records that are one already, for all that was brought across by hand or by an earlier connector.

        Args:
            match: by what they know each other.
        """
        msg = f"sync {self.name} does not say how to find what is there already: override adopt()"
        raise ConfigurationError(msg)

    def rebuild(self, ctx: SyncContext) -> Iterator[Link]:
        """The links that the remote systems can tell of, from external ids and markers, after the store was lost."""
        return iter(())

    def check(self, ctx: SyncContext) -> Iterable[Finding]:
        """What is missing on either side for this sync to work."""
        return ()

    def verify(self, ctx: SyncContext) -> Iterator[Difference]:
        """Where the two sides do not agree, found by reading both in full."""
        msg = f"sync {self.name} does not say how to verify it: override verify() in {type(self).__name__}"
        raise ConfigurationError(msg)

    def data_type(self) -> type[D]:
        """The class of the units' data, from the type argument in the class statement."""
        for kind in type(self).__mro__:
            for base in get_original_bases(kind):
                origin, arguments = get_origin(base), get_args(base)
                if isinstance(origin, type) and issubclass(origin, Sync) and arguments:
                    found = arguments[0]
                    if not isinstance(found, TypeVar):
                        return cast("type[D]", found)
        msg = f"{type(self).__name__} must say what its units carry: class {type(self).__name__}(Sync[YourData])"
        raise ConfigurationError(msg)
