"""Transforms: one document made of another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zoey_netsuite.sandbox.netsuite.content import Values
from zoey_netsuite.sandbox.netsuite.errors import Refusal
from zoey_netsuite.sandbox.netsuite.records import Record, Records
from zoey_netsuite.sandbox.netsuite.shapes import RecordType


class Transforms:
    """Makes documents of others."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def form(self, source: Record, target: RecordType, changes: Mapping[str, Any]) -> Values:
        """What the target would be, without making it. Raises Refusal."""
        raise Refusal(
            400, "USER_ERROR", f"The transformation from {source.type.name} to {target.name} is not supported."
        )

    def perform(self, source: Record, target: RecordType, changes: Mapping[str, Any]) -> Record:
        """Make the target. Raises Refusal."""
        return self._records.create(target, self.form(source, target, changes))
