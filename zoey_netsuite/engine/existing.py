"""What NetSuite holds under external ids, and whether it is what was meant to be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from zoey_netsuite.errors import HeldError, NotFoundError
from zoey_netsuite.netsuite import NetSuiteClient
from zoey_netsuite.netsuite.batches import WITHOUT_SOURCE, by_external_id, made_of
from zoey_netsuite.netsuite.records import agrees, in_words
from zoey_netsuite.netsuite.values import to_id, to_text
from zoey_netsuite.state.space import chunks
from zoey_netsuite.state.store import JSON

FEW = 3
"""Up to so many are read one by one, by their external id; for more, one query is cheaper."""

AT_ONCE = 500
"""External ids that one query names."""


@frozen
class Wanted:
    """A record that is looked for.

    Attributes:
        agree: what it must hold to be the one that was meant.
    """

    type: str
    external_id: str
    agree: Mapping[str, JSON]


def existing(wanted: Sequence[Wanted], erp: NetSuiteClient) -> list[str | HeldError | None]:
    """The internal id of each, None where there is none, and the reason for a person where it is something else."""
    rows: dict[tuple[str, str], Mapping[str, JSON]] = {}
    for kind in dict.fromkeys(one.type for one in wanted):
        rows |= {(kind, name): row for name, row in _rows(kind, [one for one in wanted if one.type == kind], erp)}
    return [_judged(one, rows.get((one.type, one.external_id))) for one in wanted]


@frozen
class Marked:
    """A transaction that is looked for by the mark in its memo.

    Attributes:
        source: id of the record that it was made of.
    """

    type: str
    source: str
    mark: str


def by_mark(wanted: Sequence[Marked], erp: NetSuiteClient) -> list[str | None]:
    """The internal id of each, None where there is none."""
    found: dict[Marked, str] = {}
    for kind in dict.fromkeys(one.type for one in wanted):
        for part in chunks([one for one in wanted if one.type == kind], AT_ONCE):
            query = made_of(kind, len({one.source for one in part}), len(part))
            if query is None:
                continue
            sources = () if kind in WITHOUT_SOURCE else dict.fromkeys(one.source for one in part)
            values = [*sources, *(f"%{one.mark}%" for one in part)]
            for row in erp.suiteql(query, values):
                memo, source = to_text(row.get("memo") or ""), to_text(row.get("source") or "")
                for one in part:
                    if one.mark in memo and (kind in WITHOUT_SOURCE or one.source == source):
                        found.setdefault(one, to_text(row["id"]))
    return [found.get(one) for one in wanted]


def _rows(kind: str, wanted: Sequence[Wanted], erp: NetSuiteClient) -> Iterator[tuple[str, Mapping[str, JSON]]]:
    columns = sorted({name for one in wanted for name in one.agree})
    for part in chunks(wanted, AT_ONCE):
        query = by_external_id(kind, len(part), columns)
        if query is None or len(part) <= FEW:
            for one in part:
                try:
                    record = erp.record(kind, external_id=one.external_id, fields=columns or ["id"], expand=False)
                except NotFoundError:
                    continue
                yield one.external_id, {**record.fields, "id": record.id}
        else:
            for row in erp.suiteql(query, [one.external_id for one in part]):
                name = row.get("externalid")
                if isinstance(name, str):
                    yield name, {"id": row.get("id"), **{column: row.get(column.lower()) for column in columns}}


def _judged(one: Wanted, row: Mapping[str, JSON] | None) -> str | HeldError | None:
    if row is None:
        return None
    differing = [name for name, value in one.agree.items() if not agrees(row.get(name), value)]
    if differing:
        shown = [f"its {name} is {in_words(row.get(name))}, not {in_words(one.agree[name])}" for name in differing]
        return HeldError(
            f"NetSuite has a {one.type} (id {row['id']}) with external id {one.external_id} already, but"
            f" {', '.join(shown)}: it is something else. Free that external id, or link the two by hand.",
            cause="clash",
        )
    try:
        return to_id(row["id"])
    except ValueError:
        return HeldError(
            f"NetSuite has a {one.type} with external id {one.external_id} already, and shows {row['id']!r:.80} as its"
            " internal id. Look it up there, and link the two by hand.",
            cause="clash",
        )
