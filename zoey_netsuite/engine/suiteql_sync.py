"""A sync of a NetSuite table by time of change, of which a user writes only what is their own."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar, TypeVar

import attrs

from zoey_netsuite.checks import must_be_number
from zoey_netsuite.engine.codec import digest
from zoey_netsuite.engine.failures import is_of_a_record
from zoey_netsuite.engine.findings import Finding
from zoey_netsuite.engine.sync import NETSUITE_TIME, Sync, SyncContext, Window
from zoey_netsuite.engine.unit import Page, Unit, Unreadable
from zoey_netsuite.errors import ConfigurationError, InvalidQueryError, NotFoundError, PermissionDeniedError
from zoey_netsuite.netsuite import Row
from zoey_netsuite.netsuite.rows import row_reader
from zoey_netsuite.netsuite.values import to_text
from zoey_netsuite.state.records import Side
from zoey_netsuite.state.space import chunks
from zoey_netsuite.state.store import JSON

D = TypeVar("D")


class SuiteQLSync(Sync[D]):
    """Scans a NetSuite table for rows that changed.

    The user gives `name`, `table`, `row`, `changed`, `unit` and `apply`.

    Rows are read by ascending key, never by page number, in windows of NetSuite's own clock that overlap by 75 minutes;
    rows seen again in the overlap are dropped by their fingerprint. A row that doesn't fit the class, or at which
    `unit` raises, goes on the attention list; the others go on.

    Attributes:
        table: SuiteQL's name of it ("customrecord_warranty").
        row: an attrs class whose fields are the columns.
        changed: the column that holds the time of change ("lastmodifieddate"; "lastmodified" for custom records).

    Class attributes:
        key: the column that identifies a row.
        where: a further SuiteQL condition, or None.
        page_size: rows a call, at most 1,000.
    """

    table: str
    row: type[D]
    changed: str
    side: ClassVar[Side] = "netsuite"
    key: ClassVar[str] = "id"
    where: ClassVar[str | None] = None
    page_size: ClassVar[int] = 1000

    def unit(self, row: D) -> Unit[D]:
        """What a row stands for. Without a fingerprint of its own, the unit gets one of its data."""
        raise ConfigurationError(f"{type(self).__name__} must define unit(row)")

    def scan(self, since: JSON, ctx: SyncContext) -> Iterator[Page[D]]:
        """Rows changed since the window before, by ascending key."""
        place: dict[str, JSON] = since or {}
        after: str | None = place.get("after")
        window = Window(*place["window"]) if "window" in place else ctx.window(place.get("end"))
        conditions = [":after"] + ([f"({self.where})"] if self.where else [])
        params: list[str] = []
        if after is not None:
            conditions.append(f"{self.key} > ?")
            params.append(after)
        if window.start is not None:
            conditions.append(f"{self.changed} >= TO_DATE(?, '{NETSUITE_TIME}')")
            params.append(window.start)
        query = f"SELECT {self._columns()} FROM {self.table} WHERE {' AND '.join(conditions)} ORDER BY {self.key}"
        read = self._reader(ctx)
        rows = ctx.netsuite.suiteql(query, params, by=(self.key,), page_size=self.page_size)
        for page in chunks(rows, self.page_size):
            last = self._id(page[-1])
            yield Page([read(row) for row in page], {"window": [window.start, window.end], "after": last})
        yield Page((), {"end": window.end})

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[D]]:
        """These rows as they are now; those that `where` leaves out are none of this sync's."""
        where = f" AND ({self.where})" if self.where else ""
        for part in chunks(ids, 500):
            among = f"{self.key} IN ({', '.join('?' * len(part))})"
            query = f"SELECT {self._columns()} FROM {self.table} WHERE {among}{where} ORDER BY {self.key}"
            yield from map(self._reader(ctx), ctx.netsuite.suiteql(query, part))

    def check(self, ctx: SyncContext) -> Iterable[Finding]:
        """Whether the table and its columns can be read."""
        where = f" AND ({self.where})" if self.where else ""
        query = (
            f"SELECT {self._columns()} FROM {self.table} WHERE {self.key} IN (?)"
            f" AND {self.changed} >= TO_DATE(?, '{NETSUITE_TIME}'){where}"
        )
        try:
            list(ctx.netsuite.suiteql(query, ["0", "2000-01-01 00:00:00"]))
        except (InvalidQueryError, NotFoundError, PermissionDeniedError) as error:
            remedy = f"Correct {type(self).__name__}: table, row, changed, key, where. Or give the role the permission."
            yield Finding("error", "netsuite", f"{self.name} can't read {self.table}: {error}", remedy)

    def data_type(self) -> type[D]:
        """The row class.

        Raises:
            ConfigurationError: what the user has to give is missing, or is not what it must be.
        """
        kind = type(self).__name__
        missing = [name for name in ("table", "row", "changed") if not hasattr(self, name)]
        if missing:
            raise ConfigurationError(f"{kind} must say {', '.join(f'`{name}`' for name in missing)}")
        if not isinstance(self.table, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", self.table):  # pyright: ignore[reportUnnecessaryIsInstance]  the user's class
            raise ConfigurationError(f"{kind}.table takes SuiteQL's name of a table, not {self.table!r}")
        row = self.row
        if not attrs.has(row):
            raise ConfigurationError(f"{kind}.row takes an attrs class whose fields are the columns, not {self.row!r}")
        if self.key.lower() not in (name.lower() for name in attrs.fields_dict(row)):
            raise ConfigurationError(f"{kind}.row, {row.__name__}, has no field for the key column {self.key!r}")
        must_be_number(f"{kind}.page_size", self.page_size, least=1, most=1000, whole=True)
        return self.row

    def _reader(self, ctx: SyncContext) -> Callable[[Row], Unit[D]]:
        """A function that turns a row into its unit, or says why it can't."""
        read = row_reader(self.row, ctx.netsuite.formats, key=(self.key.lower(),))

        def unit(row: Row) -> Unit[D]:
            try:
                (typed,) = read([dict(row)])
                return self._unit(typed)
            except Exception as error:
                if not is_of_a_record(error):
                    raise
                id = self._id(row)
                return Unreadable(id, error=error, netsuite_id=id)

        return unit

    def _id(self, row: Row) -> str:
        return to_text(row[self.key.lower()])

    def _unit(self, row: D) -> Unit[D]:
        unit = self.unit(row)
        if not isinstance(unit, Unit):  # pyright: ignore[reportUnnecessaryIsInstance]  the user's code
            raise TypeError(f"{type(self).__name__}.unit gave {unit!r}, which is no Unit")
        return unit if unit.fingerprint is not None else attrs.evolve(unit, fingerprint=digest(unit.data))

    def _columns(self) -> str:
        hints = typing.get_type_hints(self.row)
        return ", ".join(
            _column(name, hints.get(name))
            for name in attrs.fields_dict(typing.cast("type[attrs.AttrsInstance]", self.row))
        )


def _column(name: str, hint: object) -> str:
    """A column of the select list; times are asked for in one form, whatever the user's own date format is."""
    kinds = (
        typing.get_args(hint)
        if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
        else (hint,)
    )
    return f"TO_CHAR({name}, 'YYYY-MM-DD\"T\"HH24:MI:SS') AS {name}" if datetime in kinds else name
