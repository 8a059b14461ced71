"""Effects that make a record, on either side, and what that record becomes one with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen

from zoey_netsuite.engine.effects import Done, Effect
from zoey_netsuite.engine.refs import Ref
from zoey_netsuite.state.links import Link, refuse_wrong_id
from zoey_netsuite.state.records import RecordRef, Side
from zoey_netsuite.state.store import JSON


@frozen
class LinkTo:
    """Which record becomes one with what an effect makes: name the one that is there, the effect gives the other id.

    Attributes:
        kind: of link: "orders", "customers" ….
        zoey_id: of the record in Zoey, for an effect that makes one in NetSuite; it may be a `Ref`.
        netsuite_id: of the record in NetSuite, for an effect that makes one in Zoey; it may be a `Ref`.
        root: what is leased while one of the two is worked on.
        data: what is to be remembered of the pair.

    Raises:
        ValueError: it takes exactly one of the two ids.
        MappingError: that can't be the id of a record there.
    """

    kind: str
    zoey_id: str | None = None
    netsuite_id: str | None = field(default=None, kw_only=True)
    root: str = field(default="", kw_only=True)
    data: Mapping[str, JSON] = field(factory=dict[str, JSON], kw_only=True)

    def __attrs_post_init__(self) -> None:
        if (self.zoey_id is None) == (self.netsuite_id is None):
            raise ValueError(f"LinkTo({self.kind!r}) takes exactly one of zoey_id and netsuite_id")
        ids: Mapping[Side, object] = {"zoey": self.zoey_id, "netsuite": self.netsuite_id}
        for side, id in ids.items():
            if id is not None and not isinstance(id, Ref):
                refuse_wrong_id(f"LinkTo({self.kind!r}, …) can't be made: ", side, id)

    @property
    def known(self) -> RecordRef:
        """The record that is there already."""
        if self.zoey_id is not None:
            return RecordRef("zoey", self.zoey_id)
        return RecordRef("netsuite", str(self.netsuite_id))

    def to(self, made_id: str) -> Link:
        """The link, now that the id of what was made is known."""
        if self.zoey_id is not None:
            return Link(self.kind, self.zoey_id, made_id, root=self.root, data=self.data)
        return Link(self.kind, made_id, str(self.netsuite_id), root=self.root, data=self.data)


def _on_the_other_side(effect: Any, _: object, link: LinkTo | None) -> None:
    if link is None or (link.zoey_id is None) == (effect.system == "zoey"):
        return
    side, other = ("Zoey", "netsuite_id") if effect.system == "zoey" else ("NetSuite", "zoey_id")
    raise ValueError(
        f"{type(effect).__name__} makes a record in {side}, so its LinkTo({link.kind!r}) takes {other}=…, the id of the"
        " record on the other side"
    )


@frozen(kw_only=True)
class Makes(Effect):
    """Makes a record, once, and links it. Subclasses say what it is, and by what it is found again.

    Attributes:
        link: what it becomes one with. The two are linked in the commit that notes the record as made; if the program
            dies before that, when the record is found again.
    """

    link: LinkTo | None = field(default=None, validator=_on_the_other_side)

    @property
    def target(self) -> str:
        """What is made: a type of record, in NetSuite's words or as people call it."""
        raise TypeError(f"{type(self).__name__} must say what it makes: override target")

    @property
    def mark(self) -> str:
        """What tells this record from all others of its type: its external id, or its marker."""
        raise TypeError(f"{type(self).__name__} must say how its record is found again: override mark")

    @property
    def key(self) -> str:
        """What is made, and its external id or marker: a unit may make several records of a type."""
        return f"{self.target} {self.mark}"

    @property
    def pair(self) -> tuple[str, str | RecordRef] | None:
        """What it becomes one with."""
        return None if self.link is None else (self.link.kind, self.link.known)

    def done(self, made_id: str, *, changed: bool = True) -> Done:
        """What has come of it: the id, and the link."""
        links: Sequence[Link] = () if self.link is None else [self.link.to(made_id)]
        return Done(made_id, changed=changed, links=links)


def what_it_makes(effect: Effect) -> str:
    """What reports count a once effect under: a type of record, or its class where it says no more."""
    return effect.target if isinstance(effect, Makes) else type(effect).__name__
