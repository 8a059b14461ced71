"""Binding: an integration's name belongs to one NetSuite account and one Zoey store, from its first use on; and what is
kept under it is in a format that this version can read.
"""

from __future__ import annotations

from zoey_netsuite.engine.effects import Clients
from zoey_netsuite.errors import ConfigurationError, VersionMismatch
from zoey_netsuite.state.space import Space
from zoey_netsuite.state.store import ABSENT, JSON, Entry, Put

FORMAT = 2
"""The format of what an integration keeps. It goes up by one when an older version could not read, or would misread,
what is written from then on. Older formats stay readable, entry by entry; there is no pass that rewrites them.

1: no number stands in the store. Effects are kept under the place of their class; what makes a record in NetSuite has
   the type alone for its key.
2: effects are kept under names of their own, keys name the record, links have ids of digits, entries of the work list
   may wait.
"""


def bind(space: Space, clients: Clients, *, dry_run: bool) -> bool:
    """Bind the name to its two tenants at first use, and refuse others from then on. A store of an older format is
    marked as one of this.

    Returns:
        Whether it is bound: a dry run binds nothing.

    Raises:
        ConfigurationError: the store holds this name between others, or in a newer format.
    """
    tenants = (clients.netsuite.account_id, clients.zoey.host)
    entry = space.read_one("tenants")
    if entry is not None:
        _check(space, entry, tenants)
        if _format(entry) == FORMAT:
            return True
    if dry_run:
        return False
    try:
        space.store.commit([Put(space.key("tenants"), _value(*tenants), ABSENT if entry is None else entry.version)])
    except VersionMismatch:
        return bind(space, clients, dry_run=dry_run)
    return True


def _check(space: Space, entry: Entry, tenants: tuple[str, str]) -> None:
    known = _format(entry)
    if known > FORMAT:
        raise ConfigurationError(
            f"the store holds integration {space.name!r} in format {known}, and this version of zoey_netsuite reads"
            f" formats up to {FORMAT}: a newer version has upgraded it. Nothing was read or changed. Install that"
            " version again, and keep this store: with an empty one, records would be made again."
        )
    account, host = entry.value.get("tenants", (entry.value["netsuite"], entry.value["zoey"]))
    if (account, host) != tenants:
        raise ConfigurationError(
            f"the store holds integration {space.name!r} between NetSuite {account} and Zoey {host}, not {tenants[0]}"
            f" and {tenants[1]}: use another name or store"
        )


def _format(entry: Entry) -> int:
    return int(entry.value.get("format", 1))


def _value(account: str, host: str) -> JSON:
    """Versions that know no format compare `netsuite` and `zoey` with their own tenants, refuse what is not equal, and
    show the two. So they meet a text that tells people what to do.
    """
    told = (
        f"{account} (upgraded to format {FORMAT} by a newer version of zoey_netsuite: install that version again and"
        " keep this store)"
    )
    return {"format": FORMAT, "tenants": [account, host], "netsuite": told, "zoey": host}
