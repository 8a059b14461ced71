"""What a decision needs to know from a remote system, asked for as data; the engine looks it up in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from attrs import frozen

from zoey_netsuite.entities.value import JSON

Row: TypeAlias = Mapping[str, JSON]
"""One record that was found, by column or field name."""


@frozen
class Lookup:
    """A question: which records of this type have this value in this field?

    Attributes:
        system: "netsuite" or "zoey".
        type: a SuiteQL table ("customer"), or a Zoey resource ("customers", "products", "orders").
        field: a column or attribute. Of NetSuite's customers also "contact.email" and the like: a column of their
            active contacts.
        value: compared as text.
        any_case: whether upper and lower case are the same, as in e-mail addresses. SuiteQL tells them apart otherwise.
    """

    system: Literal["netsuite", "zoey"]
    type: str
    field: str
    value: str
    any_case: bool = False

    @classmethod
    def netsuite(cls, type: str, field: str, value: JSON, *, any_case: bool = False) -> Lookup:
        """Ask NetSuite: rows of a SuiteQL table whose column has this value."""
        return cls("netsuite", type, field, str(value), any_case)

    @classmethod
    def zoey(cls, kind: str, field: str, value: JSON) -> Lookup:
        """Ask Zoey: records of a resource whose attribute has this value."""
        return cls("zoey", kind, field, str(value))


ACCOUNT_OFFSET = Lookup("netsuite", "dual", "offset", "now")
"""Asks for the offset of the account's clock from UTC, in whole minutes; nothing where its time zone is known."""


Found: TypeAlias = Mapping[Lookup, Sequence[Row]]
"""What was found: every look-up that was asked for is a key; nothing found is an empty sequence."""
