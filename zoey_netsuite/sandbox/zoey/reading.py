"""What the lists and single records of all resources have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from zoey_netsuite.sandbox.exchange import Answer
from zoey_netsuite.sandbox.zoey.errors import JSON_TYPE
from zoey_netsuite.sandbox.zoey.kinds import Kind
from zoey_netsuite.sandbox.zoey.listing import listed
from zoey_netsuite.sandbox.zoey.query import read_selection
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


def list_of(kind: Kind, view: View | None = None) -> Handler:
    """A handler that lists a kind's records."""
    shown = view or plain(kind)

    def handle(shop: Shop, call: Call) -> Answer:
        settings = shop.settings
        selection = read_selection(call.request.query, shop.visible(kind), settings.default_direction)
        repeating = settings.repeats_last_page
        repeats = kind.repeats_last_page if repeating is None else kind.name in repeating
        documents = listed(shop.records, kind, selection, repeats_last_page=repeats)
        # The shape goes by the key, which a merchant's view may hide, so it is decided before the records are shown.
        shape = shop.rendering.listing(kind, documents)
        if isinstance(shape, dict):
            return shop.rendering.answer({key: shown(shop, document) for key, document in shape.items()})
        return shop.rendering.answer([shown(shop, document) for document in documents])

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
