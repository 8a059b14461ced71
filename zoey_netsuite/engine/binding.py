"""Binding: an integration's name belongs to one NetSuite account and one Zoey store, from its first use on."""

from __future__ import annotations

from zoey_netsuite.engine.effects import Clients
from zoey_netsuite.errors import ConfigurationError, VersionMismatch
from zoey_netsuite.state.space import Space
from zoey_netsuite.state.store import ABSENT, Put


def bind(space: Space, clients: Clients, *, dry_run: bool) -> bool:
    """Bind the name to its two tenants at first use, and refuse others from then on.

    Returns:
        Whether it is bound: a dry run binds nothing.

    Raises:
        ConfigurationError: the store holds this name between others.
    """
    tenants = {"netsuite": clients.netsuite.account_id, "zoey": clients.zoey.host}
    entry = space.read_one("tenants")
    if entry is None:
        if dry_run:
            return False
        try:
            space.store.commit([Put(space.key("tenants"), tenants, ABSENT)])
        except VersionMismatch:
            return bind(space, clients, dry_run=dry_run)
    elif entry.value != tenants:
        msg = (
            f"the store holds integration {space.name!r} between NetSuite {entry.value['netsuite']} and Zoey"
            f" {entry.value['zoey']}, not {tenants['netsuite']} and {tenants['zoey']}: use another name or store"
        )
        raise ConfigurationError(msg)
    return True
