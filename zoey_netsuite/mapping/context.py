"""What a mapper may know besides the record in its hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo

from attrs import field, frozen

from zoey_netsuite.entities import Found, Lookup, Value
from zoey_netsuite.entities.lookup import ACCOUNT_OFFSET, Row
from zoey_netsuite.errors import ConfigurationError, MappingError
from zoey_netsuite.netsuite.values import is_internal_id
from zoey_netsuite.zoey.settings import ZoeyAttributes


@frozen
class MapContext:
    """Frozen, safe to use from several threads.

    Attributes:
        settings: the merchant's own values for mappers, as given to the integration.
        found: what the look-ups that were asked for have found.
        timezone: the NetSuite account's time zone, for dates without a time; None where it is not known. Then the
            account's offset of today takes its place.
        integration: the integration's name, with which every external id begins; the engine fills it in.
        attributes: how the merchant's own attributes are called in Zoey; the engine fills it in.
    """

    settings: Mapping[str, Value] = field(factory=dict[str, Value])
    found: Found = field(factory=dict[Lookup, tuple[Row, ...]])
    timezone: tzinfo | None = None
    integration: str = ""
    attributes: ZoeyAttributes = field(factory=ZoeyAttributes)

    def day(self, moment: datetime) -> date | None:
        """The day on which a moment falls in the account; None where neither its time zone nor its offset of today
        (`ACCOUNT_OFFSET`, which the engine looks up) is known.
        """
        zone = self.timezone
        if zone is None:
            rows = self.found.get(ACCOUNT_OFFSET)
            if not rows:
                return None
            zone = timezone(timedelta(minutes=int(rows[0]["minutes"])))
        return moment.astimezone(zone).date()

    def rows(self, lookup: Lookup) -> Sequence[Row]:
        """What a look-up has found; nothing found is an empty sequence.

        Raises:
            ConfigurationError: nobody looked it up, since `needs` did not ask for it.
        """
        if lookup not in self.found:
            msg = (
                f"{lookup.system}'s {lookup.type} with {lookup.field} {lookup.value!r} was not looked up:"
                " ask for it in needs()"
            )
            raise ConfigurationError(msg)
        return self.found[lookup]


def found_id(row: Row, what: str) -> str:
    """NetSuite's internal id of a record that a look-up found.

    Args:
        what: the record in words, for the message.

    Raises:
        MappingError: the row does not say it.
    """
    id = str(row.get("id"))
    if not is_internal_id(id):
        raise MappingError(
            f"NetSuite shows {what} with the id {row.get('id')!r:.80}, which is no internal id", field="id"
        )
    return id
