"""Conflict strategies as both checkers see them."""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from collections.abc import Mapping
from typing import assert_type

import attrs

from zoey_netsuite import (
    Account,
    Attention,
    AttentionItem,
    Conflict,
    ConflictStrategy,
    Hold,
    HoldForReview,
    LatestWins,
    MergeFields,
    NetSuiteWins,
    Skip,
    Take,
    ZoeyWins,
    compare,
    merge,
)


class LargerLimit(ConflictStrategy[Account]):
    """A rule of one's own: the larger credit limit."""

    def resolve(self, conflict: Conflict[Account]) -> Take[Account] | Hold | Skip:
        if conflict.base is None:
            return Hold("which limit is right?", cause="credit limit")
        larger = max(conflict.zoey, conflict.netsuite, key=lambda account: int(account.custom.get("limit") or 0))
        return Take(larger)


class Newest(LatestWins[Account]):
    """Derived from one of the library's."""

    def resolve(self, conflict: Conflict[Account]) -> Take[Account]:
        decision = super().resolve(conflict)
        return (
            decision if isinstance(decision, Take) else Take(merge(conflict, dict.fromkeys(conflict.contested, "zoey")))
        )


@attrs.frozen
class Team:
    """An entity of one's own."""

    name: str


class KeepTeams(ConflictStrategy[Team]):
    def resolve(self, conflict: Conflict[Team]) -> Skip:
        return Skip(f"{conflict.zoey.name} stays")


def takes(strategy: ConflictStrategy[Account]) -> None:
    """As a sync's `strategy` option does."""
    conflict = compare(None, Account("a"), Account("b"))
    assert_type(conflict, Conflict[Account])
    assert_type(conflict.base, Account | None)
    assert_type(strategy.resolve(conflict), Take[Account] | Hold | Skip)
    assert_type(merge(conflict, {"name": "zoey"}), Account)


def strategies(attention: Attention, item: AttentionItem) -> None:
    """All of them fit, nested, and without being told of what."""
    takes(NetSuiteWins())
    takes(ZoeyWins())
    takes(HoldForReview())
    takes(LatestWins())
    takes(LatestWins(otherwise=LargerLimit()))
    takes(MergeFields())
    takes(MergeFields(rules={"phone": ZoeyWins(), "custom.limit": LargerLimit()}, otherwise=Newest()))
    master = NetSuiteWins()
    merging = MergeFields(rules={"phone": master}, otherwise=LatestWins())
    takes(merging)
    rules: Mapping[str, ConflictStrategy[Account]] = {"phone": master, "email": LargerLimit()}
    takes(MergeFields(rules))
    attention.resolve(item, take="zoey")
    attention.resolve(attention.list(cause="conflict"), take={"phone": "netsuite"})


def mistakes(attention: Attention, item: AttentionItem) -> None:
    """What both refuse."""
    takes(KeepTeams())  # type: ignore[arg-type]  # of another entity
    takes(LatestWins(otherwise=KeepTeams()))  # type: ignore[arg-type]  # of another entity
    takes(MergeFields(rules={"phone": "zoey"}))  # type: ignore[dict-item]  # no strategy
    print(compare(None, Account("a"), Account("b")).zoey.telephone)  # type: ignore[attr-defined]  # no such field
    merge(compare(None, Account("a"), Account("b")), {"name": "both"})  # type: ignore[dict-item]  # no side
    attention.resolve(item, take="erp")  # type: ignore[arg-type]  # no side
