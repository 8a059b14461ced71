"""What a record type is: its fields, sublists and rules, as the record API and the metadata catalogue know them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

from attrs import field, frozen

Kind: TypeAlias = Literal[
    "text", "number", "integer", "boolean", "date", "datetime", "reference", "choice", "subrecord", "sublist"
]


@frozen
class Field:
    """One property of a record, line or subrecord.

    Attributes:
        name: as JSON writes it.
        kind: how its value is read and written.
        target: for a reference, the table it points into.
        choices: for a choice, texts by id; empty takes any.
        fields: for a subrecord or sublist, what stands in it.
        key: for a sublist, the property that a `PATCH` matches lines by.
        readonly: set by NetSuite alone; what a caller gives is passed over.
        any_case: whether the name is taken in any letter case.
        free: whether a reference's id is taken without a look (system values such as -1).
    """

    name: str
    kind: Kind = "text"
    target: str | None = None
    choices: Mapping[str, str] = field(factory=dict[str, str])
    fields: Mapping[str, Field] = field(factory=dict[str, "Field"])
    key: str = "line"
    readonly: bool = False
    any_case: bool = False
    free: bool = False

    @property
    def column(self) -> str:
        """The SuiteQL column of the same meaning, if there is one."""
        return self.name.lower()

    @property
    def label(self) -> str:
        """The words a person sees: `companyName` is `Company Name`."""
        return _label(self.name)


@frozen
class RecordType:
    """One record type.

    Attributes:
        name: as the path writes it.
        table: where its rows lie.
        fields: by name.
        code: for a transaction or item, what tells it from its neighbors in the table.
        label: the words a person sees.
        permission: what a role needs.
        ids: the sequence that its ids come from; transactions share one, entities another.
        required: what can't be empty, by name.
        posting: whether a closed accounting period protects it.
        abbreviation: what its document numbers begin with.
        extra: column values that the type itself implies.
    """

    name: str
    table: str
    fields: Mapping[str, Field]
    code: str | None = None
    label: str = ""
    permission: str | None = None
    ids: str = ""
    required: Sequence[str] = ()
    posting: bool = False
    abbreviation: str = ""
    extra: Mapping[str, str] = field(factory=dict[str, str])

    @property
    def is_transaction(self) -> bool:
        """Whether it lies in the `transaction` table."""
        return self.table == "transaction"

    @property
    def is_custom(self) -> bool:
        """Whether the account made it up."""
        return self.name.startswith("customrecord")


def fields_of(
    *,
    text: str = "",
    number: str = "",
    integer: str = "",
    boolean: str = "",
    date: str = "",
    datetime: str = "",
    references: Mapping[str, str] | None = None,
    readonly: str = "",
    others: Iterable[Field] = (),
) -> Mapping[str, Field]:
    """Fields told by their names, grouped by kind; names in `readonly` are NetSuite's alone to set."""
    protected = set(readonly.split())
    found: dict[str, Field] = {}
    groups: list[tuple[Kind, str]] = [
        ("text", text),
        ("number", number),
        ("integer", integer),
        ("boolean", boolean),
        ("date", date),
        ("datetime", datetime),
    ]
    for kind, names in groups:
        for name in names.split():
            found[name] = Field(name, kind, readonly=name in protected)
    for name, target in (references or {}).items():
        found[name] = Field(name, "reference", target, readonly=name in protected)
    for each in others:
        found[each.name] = each
    return found


def sublist(name: str, key: str, fields: Mapping[str, Field], *, readonly: bool = False) -> Field:
    """A sublist whose lines are matched by `key`."""
    return Field(name, "sublist", fields=fields, key=key, readonly=readonly)


def subrecord(name: str, fields: Mapping[str, Field]) -> Field:
    """A subrecord: an object of its own within the record."""
    return Field(name, "subrecord", fields=fields)


ADDRESS = fields_of(
    text="addressee attention addr1 addr2 addr3 city state zip addrPhone addrText",
    boolean="override",
    others=[Field("country", "choice")],
    readonly="addrText",
)


def _label(name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).split("_")
    return " ".join(words).title() if name.islower() else " ".join(words)[:1].upper() + " ".join(words)[1:]
