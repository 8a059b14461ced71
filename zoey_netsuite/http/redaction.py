"""Keeping secrets out of messages: whatever the other side says is passed through here before anybody reads it."""

from __future__ import annotations

import re

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


def redact(text: str) -> str:
    """The text without what proves an identity: headers, signatures, tokens, assertions, keys and passwords."""
    for pattern, shown in _RULES:
        text = pattern.sub(shown, text)
    return text
