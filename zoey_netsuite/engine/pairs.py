"""Pairs: a linked pair has one unit, whichever of its two records moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from attrs import evolve, frozen

from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.sync import Sync
from zoey_netsuite.engine.unit import Unit
from zoey_netsuite.state.links import Link, Unlink
from zoey_netsuite.state.records import RecordRef


@frozen
class Paired:
    """Units under the names of their pairs.

    Attributes:
        links: pairs that have got their unit's name just now.
        renamed: names under which units stand that came under another: what they carry is one side's view.
    """

    units: Sequence[Unit[Any]]
    links: Sequence[Link] = ()
    renamed: Collection[str] = ()


def one_unit_each(
    sync: Sync[Any], units: Sequence[Unit[Any]], desk: Desk, fresh: Iterable[Link | Unlink] = ()
) -> Paired:
    """These units, those with an origin of their own under the name that their pair's link keeps: the first unit of a
    pair gives it. Where no unit says its origin nothing is read.

    Args:
        fresh: pairs that were found together with the units.
    """
    nameless = [unit for unit in units if unit.pair is None or not unit.pair.unit]
    links = by_origin(sync, [unit.origin for unit in nameless if unit.origin is not None], desk)
    for found in fresh:
        if isinstance(found, Link) and found.kind == sync.link_kind:
            links |= {ref: _known_as(found, links.get(ref)) for ref in found.records()}
    named: dict[str, Link] = {}
    renamed: set[str] = set()
    paired: list[Unit[Any]] = []
    for unit in units:
        link = None if unit.origin is None else links.get(unit.origin)
        link = link if unit.pair is None else _known_as(unit.pair, link)
        if link is None or link.kind != sync.link_kind:
            paired.append(unit)
            continue
        link = named.get(link.zoey_id, link)
        if not link.unit:
            link = named[link.zoey_id] = link.having(unit=unit.id)
        if link.unit != unit.id:
            renamed.add(link.unit)
        paired.append(evolve(unit, id=link.unit, pair=link))
    return Paired(paired, [*named.values()], renamed)


def _known_as(link: Link, stored: Link | None) -> Link:
    """A link as it was found, with the name that its pair has in the store."""
    same = stored is not None and stored.records() == link.records()
    return link.having(unit=stored.unit) if stored is not None and same and not link.unit else link


def by_origin(sync: Sync[Any], origins: Sequence[RecordRef], desk: Desk) -> dict[RecordRef, Link]:
    """The links of these records, of the kind that the sync's units are linked by."""
    if sync.link_kind is None or not origins:
        return {}
    found: dict[RecordRef, Link] = {}
    zoey = [ref.id for ref in origins if ref.side == "zoey"]
    netsuite = [ref.id for ref in origins if ref.side == "netsuite"]
    if zoey:
        found |= {RecordRef("zoey", id): link for id, link in desk.links.by_zoey(sync.link_kind, zoey).items()}
    if netsuite:
        pairs = desk.links.by_netsuite(sync.link_kind, netsuite)
        found |= {RecordRef("netsuite", id): links[0] for id, links in pairs.items() if links}
    return found
