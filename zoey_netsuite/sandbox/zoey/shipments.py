"""Shipments: what left the warehouse, with tracking numbers that the buyer is told."""

from __future__ import annotations

from collections.abc import Sequence

from zoey_netsuite.sandbox.exchange import JSON, Answer
from zoey_netsuite.sandbox.zoey import documents, sales
from zoey_netsuite.sandbox.zoey.errors import bad_request, not_valid
from zoey_netsuite.sandbox.zoey.kinds import ORDERS, SHIPMENTS
from zoey_netsuite.sandbox.zoey.reading import done
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.routing import Call, Route
from zoey_netsuite.sandbox.zoey.shop import Shop
from zoey_netsuite.sandbox.zoey.values import as_array, as_object, decimal_text, entries, text


def ship(shop: Shop, order: Document, asked: documents.Fields) -> Document:
    """Make a shipment of what is asked, or of all that is left. Raises Refused for more than that."""
    documents.refuse_if_done(order, "shipment")
    left = {item["item_id"]: sales.to_ship(item) for item in sales.lines(order)}
    parts = sales.parts(order, asked.get("items"), left)
    if not parts:
        raise bad_request("Cannot create shipment for the order: nothing to ship.")
    tracks = _tracks(shop, asked.get("tracks"))
    total = decimal_text(sum(part.quantity for part in parts))
    shipment = documents.create(shop, SHIPMENTS, order, parts, asked, {"tracks": tracks, "total_qty": total})
    for part in parts:
        sales.count(order, part.item, "qty_shipped", part.quantity)
    sales.follow(shop.settings, order)
    shop.save(ORDERS, order)
    _tell(shop, order, shipment, tracks, asked)
    return shipment


def _tracks(shop: Shop, given: JSON) -> Sequence[Document]:
    tracks = as_array(given) if given is not None else []
    if tracks is None:
        raise not_valid('Invalid value for "tracks" in request.')
    read: list[Document] = []
    for each in tracks:
        fields = as_object(each) or {}
        if not text(fields.get("track_number")):
            raise not_valid("Tracking number cannot be empty.")
        read.append(
            {
                "entity_id": str(shop.records.next_number("track")),
                "carrier_code": text(fields.get("carrier_code")) or "custom",
                "title": text(fields.get("title")),
                "track_number": text(fields["track_number"]),
            }
        )
    return read


def _tell(shop: Shop, order: Document, shipment: Document, tracks: Sequence[Document], asked: documents.Fields) -> None:
    by_itself = shop.settings.shipment_email == "tracking" and bool(tracks)
    if documents.wants_mail(asked, by_itself):
        numbers = [track["track_number"] for track in tracks]
        about = f"shipments/{shipment['entity_id']}"
        shop.send_mail(order.get("customer_email"), "shipment", about, {"track_numbers": numbers})


def _post_tracks(shop: Shop, call: Call) -> Answer:
    shipment, data = shop.required(SHIPMENTS, call.id), call.fields()
    new = _tracks(shop, data.get("tracks", [data]))
    shipment["tracks"] = [*entries(shipment, "tracks"), *new]
    shop.save(SHIPMENTS, shipment)
    _tell(shop, shop.required(ORDERS, shipment["order_id"]), shipment, new, data)
    return done()


ROUTES = (
    *documents.routes(SHIPMENTS, "shipments", ship),
    Route("shipments/{id}/tracks", {"POST": _post_tracks}, "shipments"),
)
