"""Keeping secrets out of messages: whatever the other side says is passed through here before anybody reads it."""

from __future__ import annotations

import re

HIDDEN = "[hidden]"

_NAMES = (
    r"oauth_signature|oauth_token_secret|oauth_token|oauth_consumer_key|oauth_consumer_secret|oauth_nonce"
    r"|client_assertion|client_secret|consumer_secret|consumer_key|token_secret|token_id|private_key"
    r"|access_token|refresh_token|id_token|assertion|password|secret|api_key|apikey"
)
_RULES = (
    # "access_token": "…" also where the closing quote was cut off
    (re.compile(rf'("(?:{_NAMES})"\s*:\s*")[^"]*', re.IGNORECASE), rf"\g<1>{HIDDEN}"),
    (re.compile(rf"((?<![\w-])(?:{_NAMES})=\"?)[^\"&\s,;<]+", re.IGNORECASE), rf"\g<1>{HIDDEN}"),
    # encoded, as in the base string of a signature
    (re.compile(rf"((?:{_NAMES})%(?:25)?3D)(?:(?!%(?:25)?26)[^\"&\s,;<])+", re.IGNORECASE), rf"\g<1>{HIDDEN}"),
    # as languages print their maps: {'token': '…'}, [token] => …
    (re.compile(rf"(\b(?:{_NAMES})[\"'\]]*\s*(?:=>|:)\s*[\"'])[^\"']*", re.I), rf"\g<1>{HIDDEN}"),
    (re.compile(rf"(\[(?:{_NAMES})\]\s*=>\s*)[^\s<]+", re.I), rf"\g<1>{HIDDEN}"),
    (
        re.compile(r"(authorization[\"']?\s*[:=]\s*[\"']?(?:oauth|bearer|basic)?\s*)[^\r\n\"'<]+", re.I),
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
