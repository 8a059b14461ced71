"""Parts of records by address of their own: sublists, lines, subrecords."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zoey_netsuite.sandbox.exchange import Answer
from zoey_netsuite.sandbox.netsuite.content import Values, lines_of
from zoey_netsuite.sandbox.netsuite.errors import Refusal, nonexistent
from zoey_netsuite.sandbox.netsuite.present import Presenter, link
from zoey_netsuite.sandbox.netsuite.shapes import Field

RECORD_CONTENT = "application/vnd.oracle.resource+json; type=singular"
LIST_CONTENT = "application/vnd.oracle.resource+json; type=collection"


def part(
    presenter: Presenter, fields: Mapping[str, Field], values: Values, path: Sequence[str], here: str, expand: bool
) -> Answer:
    """The part of a record that a path below it names. Raises Refusal.

    Args:
        presenter: what writes it.
        fields: of the record, line or subrecord that the path starts from.
        values: what that holds.
        path: names of sublists and subrecords, each sublist's followed by a line's key.
        here: the address the path starts from.
        expand: whether sublists within are written out.
    """
    known = fields.get(path[0])
    if known is None or known.kind not in ("sublist", "subrecord"):
        raise Refusal(404, "NONEXISTENT_ID", f"The subresource '{path[0]}' does not exist.")
    here, rest = f"{here}/{known.name}", path[1:]
    if known.kind == "subrecord":
        held: Values | None = values.get(known.name)
        if held is None:
            raise nonexistent()
        if rest:
            return part(presenter, known.fields, held, rest, here, expand)
        return Answer.of(presenter.subrecord(known, held, here, expand=True), content_type=RECORD_CONTENT)
    lines = lines_of(values, known.name)
    if not rest:
        shown = presenter.sublist(known, lines, here, expand=True)
        if not expand:
            shown["items"] = [{"links": item["links"]} for item in shown["items"]]
        return Answer.of(shown, content_type=LIST_CONTENT)
    line = next((each for each in lines if str(each.get(known.key)) == rest[0]), None)
    if line is None:
        raise nonexistent()
    here = f"{here}/{rest[0]}"
    if len(rest) > 1:
        return part(presenter, known.fields, line, rest[1:], here, expand)
    value = {"links": [link("self", here)], **presenter.fields(known.fields, line, here, expand=expand)}
    return Answer.of(value, content_type=RECORD_CONTENT)
