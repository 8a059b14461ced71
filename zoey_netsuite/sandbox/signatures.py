"""OAuth 1.0a verification (RFC 5849) for both sandboxed systems, as a value that each turns into its own words.

This is written from the RFC and shares nothing with the library's signing, so that each can prove the other.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from attrs import field, frozen

from zoey_netsuite.sandbox.exchange import Request

Problem: TypeAlias = Literal[
    "parameter_absent",
    "version_rejected",
    "signature_method_rejected",
    "consumer_key_rejected",
    "token_rejected",
    "token_expired",
    "token_revoked",
    "timestamp_refused",
    "nonce_used",
    "signature_invalid",
]
TokenState: TypeAlias = Literal["active", "expired", "revoked"]
Pair: TypeAlias = tuple[str, str]

_HASHES: Mapping[str, str] = {"HMAC-SHA1": "sha1", "HMAC-SHA256": "sha256"}
_REQUIRED = (
    "oauth_consumer_key",
    "oauth_token",
    "oauth_signature_method",
    "oauth_signature",
    "oauth_timestamp",
    "oauth_nonce",
)
_PARAMETER = re.compile(r'([^\s=,]+)\s*=\s*(?:"([^"]*)"|([^\s,"]*))')
_DEFAULT_PORTS = {"http": 80, "https": 443}


@frozen
class Token:
    """A token that a system has issued.

    Attributes:
        secret: what requests with it are signed with, besides the consumer's secret.
        consumer_key: whose token it is; None fits every consumer.
        state: an expired or revoked one is refused with that problem.
    """

    secret: str = field(repr=False)
    consumer_key: str | None = None
    state: TokenState = "active"


@frozen
class Accepted:
    """The request was signed by who it says."""

    consumer_key: str
    token: str
    realm: str | None = None


@frozen
class Refused:
    """The request was not accepted.

    Attributes:
        problem: by the names of the OAuth problem reporting extension.
        parameters: for `parameter_absent`, the names of what is missing.
        realm: what the header named, if it named one.
        base_string: what the signature was computed over; it helps to find where a client's differs. Holds no secret.
    """

    problem: Problem
    parameters: Sequence[str] = ()
    realm: str | None = None
    base_string: str | None = None


Verdict: TypeAlias = Accepted | Refused


def percent_encoded(text: str) -> str:
    """The text as RFC 5849 section 3.6 encodes it: everything but letters, digits and `-._~`."""
    return quote(text, safe="-._~")


def is_signed(request: Request) -> bool:
    """Whether the request carries OAuth 1.0a parameters at all, in its header, query or form."""
    if request.headers.get("authorization", "")[:6].lower() == "oauth ":
        return True
    return any(name.startswith("oauth_") for name, _ in (*request.query, *_form(request)))


def authorization_parameters(header: str) -> Sequence[Pair]:
    """What an `Authorization: OAuth …` header holds, decoded, in order, with `realm`; empty for another scheme."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "oauth":
        return ()
    pairs: list[Pair] = []
    for name, quoted, bare in _PARAMETER.findall(rest):
        pairs.append((unquote(name), unquote(quoted or bare)))
    return pairs


def base_string(request: Request) -> str:
    """The signature base string (RFC 5849, section 3.4.1) over all parameters that the request carries."""
    header = authorization_parameters(request.headers.get("authorization", ""))
    signed = [pair for pair in header if pair[0] != "realm"] + [*request.query, *_form(request)]
    encoded = sorted(
        (percent_encoded(name), percent_encoded(value)) for name, value in signed if name != "oauth_signature"
    )
    normalized = "&".join(f"{name}={value}" for name, value in encoded)
    return "&".join(percent_encoded(part) for part in (request.method.upper(), _base_uri(request.url), normalized))


def signature(method: str, base: str, consumer_secret: str, token_secret: str) -> str:
    """The signature of a base string by `HMAC-SHA1` or `HMAC-SHA256`, in Base64. Raises KeyError for another method."""
    key = f"{percent_encoded(consumer_secret)}&{percent_encoded(token_secret)}"
    return base64.b64encode(hmac.digest(key.encode(), base.encode(), _HASHES[method])).decode()


class Verifier:
    """Verifies requests one after another and remembers the nonces it has accepted. Not for several threads at once.

    Args:
        now: the time by which a request's timestamp is judged.
        consumers: secrets by consumer key. Looked into at each request, so it may change.
        tokens: by token id. Looked into at each request, too.
        methods: the signature methods that this system takes.
        window: how far off, either way, a timestamp may be.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        consumers: Mapping[str, str],
        tokens: Mapping[str, Token],
        *,
        methods: Collection[str] = ("HMAC-SHA256",),
        window: timedelta = timedelta(minutes=5),
    ) -> None:
        unknown = set(methods) - set(_HASHES)
        if unknown:
            raise ValueError(f"Cannot verify {', '.join(sorted(unknown))}; known are {', '.join(sorted(_HASHES))}.")
        self._now = now
        self._consumers = consumers
        self._tokens = tokens
        self._methods = frozenset(methods)
        self._window = window
        self._nonces: dict[Pair, dict[tuple[int, str], None]] = {}

    @property
    def remembered(self) -> int:
        """How many nonces are kept in mind."""
        return sum(len(used) for used in self._nonces.values())

    def verify(self, request: Request) -> Verdict:
        """Judge one request. An accepted one uses up its nonce."""
        header = authorization_parameters(request.headers.get("authorization", ""))
        realm = next((value for name, value in header if name == "realm"), None)
        carried = (*_form(request), *request.query, *header)
        given = {name: value for name, value in carried if name.startswith("oauth_")}
        problem = self._before_signature(given)
        if problem is not None:
            return Refused(problem, _absent(given) if problem == "parameter_absent" else (), realm)
        consumer_key, token = given["oauth_consumer_key"], given["oauth_token"]
        used, stamp = self._nonces.setdefault((consumer_key, token), {}), int(given["oauth_timestamp"])
        if (stamp, given["oauth_nonce"]) in used:
            return Refused("nonce_used", realm=realm)
        base = base_string(request)
        expected = signature(
            given["oauth_signature_method"], base, self._consumers[consumer_key], self._tokens[token].secret
        )
        if not hmac.compare_digest(expected.encode(), given["oauth_signature"].encode()):
            return Refused("signature_invalid", realm=realm, base_string=base)
        used[stamp, given["oauth_nonce"]] = None
        self._forget_old(used)
        return Accepted(consumer_key, token, realm)

    def _before_signature(self, given: Mapping[str, str]) -> Problem | None:
        if _absent(given):
            return "parameter_absent"
        if given.get("oauth_version", "1.0") != "1.0":
            return "version_rejected"
        if given["oauth_signature_method"] not in self._methods:
            return "signature_method_rejected"
        if given["oauth_consumer_key"] not in self._consumers:
            return "consumer_key_rejected"
        token = self._tokens.get(given["oauth_token"])
        if token is None or token.consumer_key not in (None, given["oauth_consumer_key"]):
            return "token_rejected"
        if token.state != "active":
            return "token_expired" if token.state == "expired" else "token_revoked"
        stamp = given["oauth_timestamp"]
        if not (stamp.isascii() and stamp.isdigit()) or not self._in_window(int(stamp)):
            return "timestamp_refused"
        return None

    def _in_window(self, stamp: int) -> bool:
        return abs(self._now().timestamp() - stamp) <= self._window.total_seconds()

    def _forget_old(self, used: dict[tuple[int, str], None]) -> None:
        # Oldest first, and a few at a time: a nonce out of the window is refused by its timestamp anyway. It is kept
        # for two windows, so that a clock set back a little in a test does not bring it back to life.
        oldest = self._now().timestamp() - 2 * self._window.total_seconds()
        for key in [key for key, _ in zip(used, range(4), strict=False)]:
            if key[0] < oldest:
                del used[key]


def _absent(given: Mapping[str, str]) -> Sequence[str]:
    return [name for name in _REQUIRED if not given.get(name)]


def _form(request: Request) -> Sequence[Pair]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return ()
    try:
        return parse_qsl(request.body.decode(), keep_blank_values=True)
    except UnicodeDecodeError:
        return ()


def _base_uri(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme.lower())) else f":{parts.port}"
    return f"{parts.scheme.lower()}://{host}{port}{parts.path or '/'}"
