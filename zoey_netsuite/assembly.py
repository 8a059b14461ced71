"""Checks of how an integration is put together, so that a mistake is told when it is made and not in the night."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from difflib import get_close_matches
from typing import Any, cast

from attrs import evolve

from zoey_netsuite.checks import described, listed, must_be_a, must_have, must_take
from zoey_netsuite.engine import account_clock
from zoey_netsuite.engine.desk import Timing
from zoey_netsuite.engine.guards import Guard
from zoey_netsuite.engine.observe import InTurn, Observer
from zoey_netsuite.engine.sync import Sync
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.netsuite import AsyncNetSuiteClient, NetSuiteClient
from zoey_netsuite.schedule import Schedule
from zoey_netsuite.syncs.buyers import BUYERS
from zoey_netsuite.syncs.order_case import ORDERS
from zoey_netsuite.zoey import AsyncZoeyClient

LONGEST_NAME = 100


def check_name(name: object) -> None:
    """Refuse what can't be an integration's name."""
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]{1,20}", name):
        msg = f"an integration's name is 1 to 20 lower-case letters and digits, not {name!r}"
        raise ConfigurationError(msg)


def check_parts(
    netsuite: object,
    zoey: object,
    store: object,
    dispatcher: object,
    timing: object,
    settings: object,
    clock: object,
) -> None:
    """Refuse what does not belong where it was given; None where there is a default."""
    _check_client("netsuite", netsuite, "account_id", (AsyncNetSuiteClient, AsyncZoeyClient), "a NetSuiteClient")
    _check_client("zoey", zoey, "host", (AsyncNetSuiteClient, AsyncZoeyClient), "a ZoeyClient")
    must_have(
        "Integration(store=…)",
        store,
        ["read", "scan", "commit", "now", "close"],
        'a StateStore such as SQLiteStore("sync.db")',
    )
    if dispatcher is not None:
        must_have("Integration(dispatcher=…)", dispatcher, ["work"], "a Dispatcher such as Threads(8) or Inline()")
    if timing is not None:
        must_be_a("Integration(timing=…)", timing, Timing, "a Timing(…)")
    if settings is not None:
        must_be_a("Integration(settings=…)", settings, MapContext, "a MapContext(…)")
    if clock is not None:
        must_have("Integration(clock=…)", clock, ["now", "monotonic", "sleep", "wait"], "a Clock")


def _check_client(where: str, client: object, tenant: str, awaited: tuple[type, ...], takes: str) -> None:
    """Refuse what is no blocking client of that system: what tells its tenant is what is asked for first."""
    if isinstance(client, (type, *awaited)) or not isinstance(getattr(client, tenant, None), str):
        raise ConfigurationError(f"Integration({where}=…) takes {takes}, blocking, not {described(client)}")


def by_name(syncs: Iterable[Sync[Any]]) -> dict[str, Sync[Any]]:
    """The syncs by their names, each found fit to run with the others."""
    named: dict[str, Sync[Any]] = {}
    for sync in listed("Integration(syncs=…)", syncs, "syncs such as [InventorySync(…)]"):
        must_be_a("Integration(syncs=…)", sync, Sync, "syncs, objects of classes derived from Sync,")
        made = cast("Sync[Any]", sync)
        check_sync_name(made)
        if made.name in named:
            msg = f"two syncs are named {made.name!r}: give one of them another, name=..."
            raise ConfigurationError(msg)
        made.data_type()
        named[made.name] = made
    for one in named.values():
        one.joined(tuple(named.values()))
    return named


def check_sync_name(sync: Sync[Any]) -> None:
    """Refuse what can't be the name of a sync: it is part of keys, of messages and of commands."""
    name: object = getattr(sync, "name", None)
    if name is None or name == "":
        msg = f"{type(sync).__name__} has no name: set `name`, which is part of every key, so it stays for ever"
        raise ConfigurationError(msg)
    fits = isinstance(name, str) and len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip()
    if not fits:
        msg = (
            f"{type(sync).__name__} is named {str(name)[:40]!r}: a name is text of 1 to {LONGEST_NAME} characters that"
            " can be printed, without white space around it"
        )
        raise ConfigurationError(msg)


def schedules(given: object, syncs: Mapping[str, Sync[Any]]) -> dict[str, Schedule]:
    """The schedules by the names of syncs that are there."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        such = "{'inventory': Every(minutes=15)}"
        raise ConfigurationError(f"Integration(schedule=…) takes a mapping such as {such}, not {described(given)}")
    schedule = cast("Mapping[str, Schedule]", given)
    unknown = sorted(str(name) for name in set(schedule) - set(syncs))
    if unknown:
        msg = f"the schedule names {', '.join(unknown)}, but the syncs are {', '.join(syncs) or 'none'}"
        raise ConfigurationError(msg)
    for name, when in schedule.items():
        takes = "a schedule such as Every(minutes=15), Daily(…), Recurring(…) or Manual()"
        must_have(f"schedule[{name!r}]", when, ["next_after"], takes)
    return dict(schedule)


def observers(given: Iterable[Observer]) -> Sequence[Observer]:
    """The observers, each with a method that can be called with an event; no two threads will call it at once."""
    takes = "observers such as LogAlerts(), objects with on_event(event)"
    for observer in (found := listed("Integration(observers=…)", given, takes)):
        must_have("Integration(observers=…)", observer, ["on_event"], takes)
        must_take("Integration(observers=…)", cast("Observer", observer).on_event, 1, takes)
    return [InTurn(cast("Observer", observer)) for observer in found]


def guards(given: Iterable[Guard], syncs: Iterable[Sync[Any]], default: Iterable[Guard]) -> Sequence[Guard]:
    """The guards, one for each kind of change, which one of the syncs must know: a guard of another name would hold
    nothing.
    """
    names: set[str] = set()
    declared = [sync.guards for sync in syncs]
    known = sorted({guard.name for guard in default}.union(*(one for one in declared if one is not None)))
    certain = None not in declared
    for guard in (found := listed("Integration(guards=…)", given, 'guards such as Guard("zero_stock")')):
        must_be_a("Integration(guards=…)", guard, Guard, 'guards such as Guard("zero_stock")')
        name = cast("Guard", guard).name
        if name in names:
            raise ConfigurationError(f"two guards watch {name!r}, and only one of them could hold: leave one out")
        names.add(name)
        if name not in known and (certain or get_close_matches(name, known, cutoff=0.8)):
            raise ConfigurationError(
                f"Guard({name!r}) would hold nothing: the guards that these syncs know are {', '.join(known)}. A sync"
                " of your own says which it knows with guards = (…)"
            )
    return cast("tuple[Guard, ...]", found)


def located(settings: MapContext, timezone: str | tzinfo | None, netsuite: NetSuiteClient) -> MapContext:
    """What mappers may know, with the account's time zone, wherever it was given."""
    return evolve(settings, timezone=account_clock.chosen(timezone, settings.timezone, netsuite.formats.timezone))


def link_kinds(syncs: Iterable[Sync[Any]]) -> Sequence[str]:
    """Orders and buyers, which syncs without a kind of their own look at, too, and those of the syncs."""
    kinds = [sync.link_kind for sync in syncs if sync.link_kind is not None]
    return sorted({ORDERS, BUYERS, *kinds})
