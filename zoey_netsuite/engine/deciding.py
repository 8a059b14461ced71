"""Deciding: what a sync's own code says of units, looked at before it is believed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, TypeAlias

from zoey_netsuite.engine.effects import Effect, as_decided
from zoey_netsuite.engine.failures import REMEDIES
from zoey_netsuite.engine.findings import Finding
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.engine.unit import Unit
from zoey_netsuite.engine.waits import Wait
from zoey_netsuite.entities import Found, Hold, Lookup, Skip
from zoey_netsuite.errors import ZoeyNetSuiteError
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.user_code import must_give_list, said

logger = logging.getLogger("zoey_netsuite.engine")

Decision: TypeAlias = Sequence[Effect] | Hold | Skip | Wait


def decide(sync: Sync[Any], unit: Unit[Any], found: Found, ctx: MapContext) -> Decision:
    """What a sync wants done about a unit. Raises whatever its code raises, `WrongReturn`, and as `as_decided`."""
    decision = sync.apply(unit, found, ctx)
    if isinstance(decision, Hold | Skip | Wait):
        return decision
    takes = "a list of effects (an empty one where nothing is to be done), a Hold, a Skip or a Wait"
    return as_decided(must_give_list(sync.apply, decision, Effect, takes))  # type: ignore[type-abstract]


def needs_of(sync: Sync[Any], units: Sequence[Unit[Any]]) -> Sequence[Lookup]:
    """What a sync has to know to decide on units. Raises whatever its code raises, and `WrongReturn`."""
    return must_give_list(sync.needs, sync.needs(units), Lookup, "a list of Lookup (an empty one for nothing)")


def checked(sync: Sync[Any], ctx: SyncContext) -> Sequence[Finding]:
    """What a sync's `check` finds; whatever its code raises is a finding, too."""
    try:
        return must_give_list(sync.check, sync.check(ctx), Finding, "a list of Finding")
    except ZoeyNetSuiteError as error:
        return [Finding("error", "settings", f"{sync.name} can't be checked: {error}")]
    except Exception as error:
        logger.exception("check of sync %s failed in its own code", sync.name)
        return [Finding("error", "settings", f"{sync.name} can't be checked: {said(error)}", REMEDIES["code"])]
