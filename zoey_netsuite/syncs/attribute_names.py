"""Attributes of Zoey's records that settings name and no record has: most are misspelt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Protocol

from zoey_netsuite.engine.findings import Finding
from zoey_netsuite.mapping.fields import FieldRule


class HasCustom(Protocol):
    """A record, or what a mapper has read of one."""

    @property
    def custom(self) -> Mapping[str, Any]: ...


def missing(
    wanted: Mapping[str, str], records: Sequence[HasCustom], kind: str, *, known: Collection[str] = ()
) -> Iterator[Finding]:
    """A warning for each attribute that none of these records has, with the names that are like it. Of no records at
    all nothing can be told.

    Args:
        wanted: the setting that names it, by attribute.
        kind: what the records are called, for people: "orders".
        known: names that the records have besides their attributes.
    """
    there = {*known, *(name for record in records for name in record.custom)}
    for name, setting in wanted.items() if records else ():
        if name not in there:
            like = get_close_matches(name, sorted(there), n=3)
            what = f"none of {len(records)} {kind} has the attribute {name}, which {setting} names."
            hint = f"Did you mean {' or '.join(like)}? " if like else ""
            yield Finding("warning", "zoey", what, f"{hint}Correct the setting, or make the attribute in Zoey.")


def of_rules(rules: Iterable[FieldRule[Any]], setting: str) -> dict[str, str]:
    """The attributes that field rules read, each with where it is named."""
    named: dict[str, str] = {}
    for rule in rules:
        kind, _, name = (rule.source or "").partition(".")
        if kind == "custom":
            named[name] = f"{setting}, rule {rule.target}"
    return named
