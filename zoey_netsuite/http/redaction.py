"""Keeping secrets out of messages: whatever the other side says is passed through here before anybody reads it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import unquote

HIDDEN = "[hidden]"

_NAMES = (
    r"oauth_signature|oauth_token_secret|oauth_token|oauth_consumer_key|oauth_consumer_secret|oauth_nonce"
    r"|client_assertion|client_secret|consumer_secret|consumer_key|token_secret|token_id|private_key"
    r"|access_token|refresh_token|id_token|assertion|password|secret|api_key|apikey"
)
_OPEN = r"\\*[\"']"
_VALUE = r"(?:[^\"'\\&\s,;<]|\\+/)"
_RULES = (
    # name=…, name="…", also inside text that was quoted once more
    (re.compile(rf"((?<![\w-])(?:{_NAMES})=(?:{_OPEN})?){_VALUE}+", re.IGNORECASE), rf"\g<1>{HIDDEN}"),
    # encoded, as in the base string of a signature
    (re.compile(rf"((?:{_NAMES})%(?:25)?3D)(?:(?!%(?:25)?26)[^\"&\s,;<])+", re.IGNORECASE), rf"\g<1>{HIDDEN}"),
    # "name": "…", 'name' => '…', also where the closing quote was cut off
    (re.compile(rf"((?:{_NAMES}){_OPEN}\s*(?:=>|:)\s*{_OPEN})(?:[^\"'\\]|\\+/)*", re.I), rf"\g<1>{HIDDEN}"),
    (re.compile(rf"(\[(?:{_NAMES})\]\s*=>\s*)[^\s<]+", re.I), rf"\g<1>{HIDDEN}"),
    (
        re.compile(rf"(authorization(?:{_OPEN})?\s*[:=]\s*(?:{_OPEN})?(?:oauth|bearer|basic)?\s*)[^\r\n\"'\\<]+", re.I),
        rf"\g<1>{HIDDEN}",
    ),
    (re.compile(r"(\b(?:bearer|basic)\s+)[A-Za-z0-9\-._~+/]{16,}=*", re.IGNORECASE), rf"\g<1>{HIDDEN}"),
    (re.compile(r"eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"), HIDDEN),  # a JSON Web Token by its looks
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), HIDDEN),
)


_SENT = re.compile(r'oauth_(?:signature|token|consumer_key)="([^"]+)"|^bearer\s+(\S+)', re.IGNORECASE)
_LEAST = 6
"""Shorter values are words of everyday life, such as those of tests."""


def redact(text: str, values: Collection[str] = ()) -> str:
    """The text without what proves an identity: headers, signatures, tokens, assertions, keys and passwords.

    Args:
        values: hidden wherever they stand, also without a label.
    """
    for value in values:
        text = text.replace(value, HIDDEN)
    for pattern, shown in _RULES:
        text = pattern.sub(shown, text)
    return text


def secrets_of(headers: Mapping[str, str]) -> Collection[str]:
    """The values in a request's headers that prove an identity: as they were sent, and decoded."""
    found = {one or other for one, other in _SENT.findall(headers.get("authorization", ""))}
    found |= {unquote(value) for value in found}
    return sorted((value for value in found if len(value) >= _LEAST), key=len, reverse=True)
