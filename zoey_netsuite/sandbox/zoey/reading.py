"""What the lists and single records of all resources have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from attrs import evolve

from zoey_netsuite.sandbox.exchange import Answer
from zoey_netsuite.sandbox.zoey.errors import JSON_TYPE
from zoey_netsuite.sandbox.zoey.kinds import Kind
from zoey_netsuite.sandbox.zoey.listing import listed
from zoey_netsuite.sandbox.zoey.query import Condition, read_selection
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.routing import Call, Handler
from zoey_netsuite.sandbox.zoey.shop import Shop

View: TypeAlias = Callable[[Shop, Document], Document]


def plain(kind: Kind) -> View:
    """The view of a record that shows all its attributes as they are kept."""

    def view(shop: Shop, document: Document) -> Document:
        names = [name for name, type_ in shop.records.attributes(kind).items() if type_ != "nested"]
        return shop.rendering.record(kind, document, names)

    return view


def list_of(kind: Kind, view: View | None = None, within: str | None = None) -> Handler:
    """A handler that lists a kind's records; `within` names the attribute that has to be the path's id."""
    shown = view or plain(kind)

    def handle(shop: Shop, call: Call) -> Answer:
        settings = shop.settings
        selection = read_selection(call.request.query, shop.visible(kind), settings.default_direction)
        if within is not None:
            mine = Condition(within, "eq", [call.id])
            selection = evolve(selection, conditions=[*selection.conditions, mine])
        repeating = settings.repeats_last_page
        repeats = kind.repeats_last_page if repeating is None else kind.name in repeating
        documents = listed(shop.records, kind, selection, repeats_last_page=repeats)
        rows = [(document[kind.key], shown(shop, document)) for document in documents]
        return shop.rendering.answer(shop.rendering.listing(kind, rows))

    return handle


def one_of(kind: Kind, view: View | None = None) -> Handler:
    """A handler that gives one record by the id in the path."""
    shown = view or plain(kind)

    def handle(shop: Shop, call: Call) -> Answer:
        return shop.rendering.answer(shown(shop, shop.required(kind, call.id)))

    return handle


def done(status: int = 200, **headers: str) -> Answer:
    """The answer without a body, which the store gives to a change."""
    return Answer(status, b"", {"content-type": JSON_TYPE, **{name.lower(): value for name, value in headers.items()}})
