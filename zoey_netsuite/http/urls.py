"""Addresses, encoded once and in one way: what is signed is what is sent."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import quote


def encode(text: str) -> str:
    """Percent-encode everything but RFC 3986's unreserved characters, as OAuth 1.0a does (RFC 5849, 3.6)."""
    return quote(text, safe="-._~")


def encode_query(params: Sequence[tuple[str, str]]) -> str:
    """Parameters as a query string, in order; brackets of filter names are encoded, too."""
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in params)


_LOOSE = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]")


def encode_rest(url: str) -> str:
    """An address with everything encoded that none can hold; what is encoded already stays as it is."""
    return _LOOSE.sub(lambda found: quote(found[0], safe=""), url)


def needs_no_encryption(host: str) -> bool:
    """Whether a host is this machine, or a name that no network knows (`.invalid`: RFC 6761)."""
    if host == "localhost" or host.endswith((".localhost", ".invalid")):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
