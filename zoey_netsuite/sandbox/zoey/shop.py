"""What every resource of the store works with: records, clock, settings, rendering and the outbox, in one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from zoey_netsuite.sandbox.exchange import JSON
from zoey_netsuite.sandbox.zoey.errors import INVALID_DATA, bad_request, not_found
from zoey_netsuite.sandbox.zoey.kinds import OUTBOX, AttributeType, Kind
from zoey_netsuite.sandbox.zoey.records import Document, Records
from zoey_netsuite.sandbox.zoey.rendering import Rendering
from zoey_netsuite.sandbox.zoey.settings import ZoeySettings
from zoey_netsuite.sandbox.zoey.values import as_array, as_object, decimal_text, text, time_text


@frozen
class Shop:
    """One store at work.

    Attributes:
        settings: how this store behaves.
        records: what it keeps.
        rendering: how it shows that.
        now: the sandbox's time.
    """

    settings: ZoeySettings
    records: Records
    rendering: Rendering
    now: Callable[[], datetime]

    @property
    def time(self) -> str:
        """The time of day as records hold it."""
        return time_text(self.now())

    def required(self, kind: Kind, record_id: str | int | None) -> Document:
        """A record by id. Raises Refused (404) when there is none."""
        document = None if record_id is None else self.records.get(kind, record_id)
        if document is None:
            raise not_found()
        return document

    def save(self, kind: Kind, document: Document) -> Document:
        """Keep a changed record and its time of change."""
        if "updated_at" in kind.attributes:
            document["updated_at"] = self.time
        self.records.save(kind, document)
        return document

    def create(self, kind: Kind, document: Document, record_id: int | None = None) -> Document:
        """Keep a new record, with the times of its creation and change unless it names them."""
        for name in ("created_at", "updated_at"):
            if name in kind.attributes:
                document.setdefault(name, self.time)
        return {kind.key: str(self.records.create(kind, document, record_id)), **document}

    def send_mail(self, to: str | None, subject: str, about: str, details: Mapping[str, JSON] | None = None) -> None:
        """Put an e-mail into the outbox."""
        mail = {"to": to, "subject": subject, "about": about, "sent_at": self.time, "details": dict(details or {})}
        self.records.create(OUTBOX, mail)

    def visible(self, kind: Kind) -> Mapping[str, AttributeType]:
        """The attributes of a resource that may be filtered and ordered by, with its key."""
        left_out = {
            *self.settings.hidden.get(kind.name, frozenset[str]()),
            *self.settings.unfilterable.get(kind.name, frozenset[str]()),
        }
        every: dict[str, AttributeType] = {kind.key: "number", **self.records.attributes(kind)}
        return {name: type_ for name, type_ in every.items() if name not in left_out and type_ != "nested"}

    def accepted(self, kind: Kind, data: JSON, read_only: Sequence[str] = ()) -> Document:
        """What of the data sent the store takes, as it keeps it.

        Raises:
            Refused: for data that is no object or holds nothing that the store takes.
        """
        sent = as_object(data)
        if not sent:
            raise bad_request(INVALID_DATA)
        known = self.records.attributes(kind)
        unknown = [name for name in sent if name not in known and name != kind.key]
        if unknown and self.settings.unknown_attributes == "refused":
            raise bad_request(f"Attribute {unknown[0]} is unknown.")
        if unknown and self.settings.unknown_attributes == "kept":
            self.records.declare(kind, unknown)
            known = self.records.attributes(kind)
        taken = {
            name: as_kept(value, known[name]) for name, value in sent.items() if name in known and name not in read_only
        }
        if not taken:
            raise bad_request(INVALID_DATA)
        return taken


def as_kept(value: JSON, type_: AttributeType) -> JSON:
    """A value as the store's database holds it: a string, unless it is nested or none."""
    if type_ == "nested" or isinstance(value, dict | list):
        return nested_as_kept(value)
    if value is None or value == "":
        return None
    return decimal_text(value) if type_ == "decimal" else text(value)


def nested_as_kept(value: JSON) -> JSON:
    """A nested value with every plain value in it as a string."""
    fields, elements = as_object(value), as_array(value)
    if fields is not None:
        return {name: nested_as_kept(each) for name, each in fields.items()}
    if elements is not None:
        return [nested_as_kept(each) for each in elements]
    return text(value)
