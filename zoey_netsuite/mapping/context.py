"""What a mapper may know besides the record in its hands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo

from attrs import field, frozen

from zoey_netsuite.entities import Found, Lookup, Value
from zoey_netsuite.entities.lookup import Row


@frozen
class MapContext:
    """Frozen, safe to use from several threads.

    Attributes:
        settings: the merchant's own values for mappers, as given to the integration.
        found: what the look-ups that were asked for have found.
        timezone: the NetSuite account's time zone, for dates without a time.
    """

    settings: Mapping[str, Value] = field(factory=dict[str, Value])
    found: Found = field(factory=dict[Lookup, tuple[Row, ...]])
    timezone: tzinfo = UTC
