"""An account's id and the hosts that serve it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from zoey_netsuite.checks import described
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.http.urls import needs_no_encryption

_ACCOUNT_ID = re.compile(r"[A-Z]{0,10}[0-9]+(?:_[A-Z]+[0-9]*)?")


def check_account_id(account_id: object) -> str:
    """Give back an account id that is in NetSuite's form (Setup > Company > Company Information).

    Raises:
        ConfigurationError: it is in another form; the message names the right one where it can be told.
    """
    if not isinstance(account_id, str):
        raise ConfigurationError(
            f"account_id takes text such as '1234567' or '1234567_SB1' (in quotes), not {described(account_id)}."
        )
    if _ACCOUNT_ID.fullmatch(account_id):
        return account_id
    host = account_id.strip().rpartition("//")[2].partition("/")[0]
    meant = host.partition(".")[0].partition(":")[0].replace("-", "_").upper()
    if not _ACCOUNT_ID.fullmatch(meant):
        raise ConfigurationError(
            f"{account_id!r} is no NetSuite account id. It looks like 1234567, 1234567_SB1 or "
            "TSTDRV1234567: see Setup > Company > Company Information."
        )
    if _ACCOUNT_ID.fullmatch(account_id.strip()):
        raise ConfigurationError(f"{account_id!r} has white space around it: write {meant!r}.")
    what = "an address" if "." in account_id or "/" in account_id else "how it stands in addresses"
    raise ConfigurationError(f"{account_id!r} is {what}, not the NetSuite account id: write {meant!r}.")


def hosts(account_id: str, base_url: str | None = None, *, allow_http: bool = False) -> Mapping[str, str]:
    """The base addresses, by the names that operations give them: "rest" and "restlet".

    Args:
        account_id: in NetSuite's form.
        base_url: replaces both, for a sandbox server or a proxy.
        allow_http: let one without TLS pass, though it is not on this machine.

    Raises:
        ConfigurationError: `base_url` is no address that can be used.
    """
    if base_url is not None:
        address = _checked_address(base_url, allow_http=allow_http)
        return {"rest": address, "restlet": address}
    name = account_id.lower().replace("_", "-")
    return {
        "rest": f"https://{name}.suitetalk.api.netsuite.com",
        "restlet": f"https://{name}.restlets.api.netsuite.com",
    }


def _checked_address(base_url: object, *, allow_http: bool) -> str:
    if not isinstance(base_url, str):
        raise ConfigurationError(
            f"base_url takes an address as text, such as https://proxy.example.com, not {described(base_url)}."
        )
    if not base_url.isprintable():
        raise ConfigurationError(f"base_url={base_url!r} holds a control character: give the bare address.")
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ConfigurationError("base_url is no address such as https://proxy.example.com.") from None
    if "@" in parts.netloc:
        raise ConfigurationError("base_url holds a user or a password: give the bare address.")
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or set(host) & set(" \t\n"):
        raise ConfigurationError(f"base_url={base_url!r} is no address such as https://proxy.example.com.")
    if "/services/rest" in parts.path:
        raise ConfigurationError(
            f"base_url={base_url!r} goes on after the address: leave /services/rest and all after it out."
        )
    if parts.scheme == "http" and not (allow_http or needs_no_encryption(host)):
        raise ConfigurationError(
            f"base_url={base_url!r} would send everything unencrypted: write https, or say allow_http=True."
        )
    return base_url.rstrip("/")
