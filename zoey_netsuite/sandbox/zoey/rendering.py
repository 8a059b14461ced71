"""How records look in answers: strings, values that are not there, times, and lists as arrays or maps."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from zoey_netsuite.sandbox.exchange import JSON, Answer
from zoey_netsuite.sandbox.zoey.errors import JSON_TYPE
from zoey_netsuite.sandbox.zoey.kinds import Kind
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.settings import ZoeySettings
from zoey_netsuite.sandbox.zoey.values import TIME_FORMAT, as_array, as_object

_MISSING = ("null", "empty", "absent")
_TIMES = ("last_order_date", "last_logged_in")


class Rendering:
    """Shows records as one store's settings say."""

    def __init__(self, settings: ZoeySettings) -> None:
        self._settings = settings
        self._zone = ZoneInfo(settings.timezone)
        self._plain_times = settings.timezone == "UTC" and not settings.iso_times

    def record(self, kind: Kind, document: Mapping[str, JSON], attributes: Sequence[str] = ()) -> Document:
        """One record, with all `attributes` that it could have; what it lacks is null, empty or absent."""
        hidden = self._settings.hidden.get(kind.name, frozenset[str]())
        full = {**dict.fromkeys(attributes), **document}
        shown = {name: value for name, value in full.items() if name not in hidden and not name.startswith("_")}
        return self._nested(shown, str(document.get(kind.key, "")))

    def nested(self, value: JSON, seed: str = "") -> JSON:
        """Anything inside a record, by the same rules. `seed` tells records apart where values are missing."""
        fields, elements = as_object(value), as_array(value)
        if fields is not None:
            return self._nested(fields, seed)
        if elements is not None:
            return [self.nested(each, f"{seed}.{at}") for at, each in enumerate(elements)]
        return value

    def listing(self, kind: Kind, rows: Sequence[tuple[str, Document]]) -> JSON:
        """Records with their ids as an array, or as an object by id; an empty list is an array either way."""
        shape = self._settings.list_shapes.get(kind.name, kind.shape)
        return [document for _, document in rows] if shape == "array" or not rows else dict(rows)

    def answer(self, value: JSON, status: int = 200, **headers: str) -> Answer:
        """A JSON answer of the store."""
        return Answer.of(value, status, content_type=JSON_TYPE, **headers)

    def _nested(self, document: Mapping[str, JSON], seed: str) -> Document:
        shown: Document = {}
        for name, value in document.items():
            if value is None:
                self._show_missing(shown, name, seed)
            elif isinstance(value, str):
                shown[name] = value if self._plain_times else self._time(name, value)
            else:
                shown[name] = self.nested(value, f"{seed}.{name}")
        return shown

    def _show_missing(self, shown: Document, name: str, seed: str) -> None:
        how: str = self._settings.missing
        if how == "mixed":
            how = _MISSING[zlib.crc32(f"{seed}/{name}".encode()) % len(_MISSING)]
        if how != "absent":
            shown[name] = None if how == "null" else ""

    def _time(self, name: str, value: str) -> str:
        if not (name.endswith("_at") or name in _TIMES):
            return value
        try:
            moment = datetime.strptime(value, TIME_FORMAT).replace(tzinfo=UTC).astimezone(self._zone)
        except ValueError:
            return value
        return moment.isoformat() if self._settings.iso_times else moment.strftime(TIME_FORMAT)
