"""An account's id and the hosts that serve it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from zoey_netsuite.errors import ConfigurationError

_ACCOUNT_ID = re.compile(r"[A-Z]{0,10}[0-9]+(?:_[A-Z]+[0-9]*)?")


def check_account_id(account_id: str) -> str:
    """Give back an account id that is in NetSuite's form (Setup > Company > Company Information).

    Raises:
        ConfigurationError: it is in another form; the message names the right one where it can be told.
    """
    if _ACCOUNT_ID.fullmatch(account_id):
        return account_id
    host = account_id.rpartition("//")[2].partition("/")[0]
    meant = host.partition(".")[0].partition(":")[0].replace("-", "_").upper()
    if not _ACCOUNT_ID.fullmatch(meant):
        raise ConfigurationError(
            f"{account_id!r} is no NetSuite account id. It looks like 1234567, 1234567_SB1 or "
            "TSTDRV1234567: see Setup > Company > Company Information."
        )
    what = "an address" if "." in account_id or "/" in account_id else "how it stands in addresses"
    raise ConfigurationError(f"{account_id!r} is {what}, not the NetSuite account id: write {meant!r}.")


def hosts(account_id: str, base_url: str | None = None) -> Mapping[str, str]:
    """The base addresses, by the names that operations give them: "rest" and "restlet".

    Args:
        account_id: in NetSuite's form.
        base_url: replaces both, for a sandbox server or a proxy.
    """
    if base_url is not None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ConfigurationError(f"base_url={base_url!r} is no address such as https://proxy.example.com.")
        address = base_url.rstrip("/")
        return {"rest": address, "restlet": address}
    name = account_id.lower().replace("_", "-")
    return {
        "rest": f"https://{name}.suitetalk.api.netsuite.com",
        "restlet": f"https://{name}.restlets.api.netsuite.com",
    }
