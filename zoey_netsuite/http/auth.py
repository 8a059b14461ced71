"""How requests prove who sends them: OAuth 1.0a signatures, and bearer tokens that are fetched and renewed."""

from __future__ import annotations

import base64
import hmac
import os
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, Protocol, cast
from urllib.parse import urlsplit

from attrs import define, evolve, field, frozen
from oauthlib.oauth1.rfc5849 import signature

from zoey_netsuite.clock import Clock
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.http.operation import JSON, Operation, Request
from zoey_netsuite.http.urls import encode

EARLY = 120.0
"""A token is renewed so many seconds before it ends."""

SECOND_CHANCE = 120.0
"""A signature that is refused this soon after another one was taken is made anew once (seconds)."""

# the stubs know neither lists of pairs nor all methods of HTTP
_normalize = cast("Callable[[Sequence[tuple[str, str]]], str]", signature.normalize_parameters)
_base_string = cast("Callable[[str, str, str], str]", signature.signature_base_string)


class Authenticator(Protocol):
    """Signs requests of one client, bound to its account. Safe to use from many threads."""

    def sign(self, request: Request, clock: Clock) -> Request:
        """The request with its proof."""
        ...

    def needs_token(self, clock: Clock) -> bool:
        """Whether a token must be fetched before anything can be signed."""
        ...

    def token_call(self, clock: Clock) -> Operation[Token]:
        """The call that fetches one."""
        ...

    def keep(self, token: Token) -> None:
        """Keep what that call gave."""
        ...

    def refused(self, request: Request, clock: Clock) -> bool:
        """This signed request was refused. Says whether there is any point in trying once more."""
        ...

    def accepted(self, clock: Clock) -> None:
        """A signed request was taken."""
        ...

    @property
    def lock(self) -> threading.Lock:
        """Held by the one thread that fetches a token."""
        ...


@frozen
class Token:
    """A bearer token.

    Attributes:
        ends: by the client's monotonic clock.
    """

    value: str = field(repr=False)
    ends: float = 0.0


@define
class OAuth1:
    """OAuth 1.0a with HMAC (RFC 5849). Every signature has a fresh nonce and timestamp.

    Attributes:
        method: "HMAC-SHA1" or "HMAC-SHA256".
        realm: sent, but not signed; None for none.
        nonce: gives a new one each time.
    """

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    token: str = field(repr=False)
    token_secret: str = field(repr=False)
    method: Literal["HMAC-SHA1", "HMAC-SHA256"]
    realm: str | None = None
    nonce: Callable[[], str] = field(default=lambda: secrets.token_hex(16), repr=False)
    lock: threading.Lock = field(factory=threading.Lock, repr=False)
    _taken_at: float = field(default=float("-inf"), init=False, repr=False)

    def sign(self, request: Request, clock: Clock) -> Request:
        """The request with an `Authorization` header."""
        timestamp = str(int(clock.now().timestamp()))
        header = self.header(request.method, request.url, self.nonce(), timestamp)
        return evolve(request, headers={**request.headers, "authorization": header})

    def header(self, method: str, url: str, nonce: str, timestamp: str) -> str:
        """The value of the `Authorization` header.

        Args:
            url: with its query, exactly as it will be sent.
        """
        oauth = {
            "oauth_consumer_key": self.consumer_key,
            "oauth_token": self.token,
            "oauth_signature_method": self.method,
            "oauth_timestamp": timestamp,
            "oauth_nonce": nonce,
            "oauth_version": "1.0",
        }
        query = urlsplit(url).query
        params = [*(signature.collect_parameters(uri_query=query) if query else ()), *oauth.items()]
        base = _base_string(method, signature.base_string_uri(url), _normalize(params))
        oauth["oauth_signature"] = self._sign(base)
        pairs = ({} if self.realm is None else {"realm": self.realm}) | oauth
        return "OAuth " + ", ".join(f'{name}="{encode(value)}"' for name, value in pairs.items())

    def needs_token(self, clock: Clock) -> bool:
        """Never: signatures need none."""
        return False

    def token_call(self, clock: Clock) -> Operation[Token]:
        """There is none."""
        raise ConfigurationError("OAuth 1.0a fetches no tokens")

    def keep(self, token: Token) -> None:
        """There are no bearer tokens here."""

    def refused(self, request: Request, clock: Clock) -> bool:
        """One more try, if the same credentials were good a moment ago.

        NetSuite is seen to refuse good signatures when there are too many calls at once.
        """
        return clock.monotonic() - self._taken_at <= SECOND_CHANCE

    def accepted(self, clock: Clock) -> None:
        """The credentials are good."""
        self._taken_at = clock.monotonic()

    def _sign(self, base: str) -> str:
        key = f"{encode(self.consumer_secret)}&{encode(self.token_secret)}".encode()
        digest = hmac.digest(key, base.encode(), "sha1" if self.method == "HMAC-SHA1" else "sha256")
        return base64.b64encode(digest).decode()


@define
class Bearer:
    """Bearer tokens: fetched when needed, kept until shortly before they end, fetched anew when refused.

    Attributes:
        fetch: makes the call that gets a token.
    """

    fetch: Callable[[Clock], Operation[Token]] = field(repr=False)
    lock: threading.Lock = field(factory=threading.Lock, repr=False)
    _token: Token | None = field(default=None, init=False, repr=False)

    def sign(self, request: Request, clock: Clock) -> Request:
        """The request with an `Authorization` header."""
        token = self._token
        if token is None:
            raise ConfigurationError("there is no token yet: make the call that token_call() names first")
        return evolve(request, headers={**request.headers, "authorization": f"Bearer {token.value}"})

    def needs_token(self, clock: Clock) -> bool:
        """Whether there is no token that lasts."""
        token = self._token
        return token is None or token.ends <= clock.monotonic()

    def token_call(self, clock: Clock) -> Operation[Token]:
        """The call that gets a token."""
        return self.fetch(clock)

    def keep(self, token: Token) -> None:
        """Use this token from now on."""
        self._token = token

    def refused(self, request: Request, clock: Clock) -> bool:
        """Forget the token that was refused, unless somebody has fetched a newer one meanwhile."""
        token = self._token
        if token is not None and request.headers.get("authorization") == f"Bearer {token.value}":
            self._token = None
        return True

    def accepted(self, clock: Clock) -> None:
        """Nothing is to be remembered."""


def read_token(value: JSON, clock: Clock) -> Token:
    """A token end point's answer.

    Raises:
        ValueError: it holds no token.
    """
    answer = cast("dict[str, JSON]", value) if isinstance(value, dict) else {}
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise ValueError("the answer holds no access_token")
    life = float(answer.get("expires_in") or 3600)
    return Token(token, clock.monotonic() + max(life - EARLY, life / 2))


def read_environment(kind: str, prefix: str, names: Sequence[str]) -> dict[str, str]:
    """Settings from environment variables, `PREFIX` + the name in capitals; `…_FILE` names a file that holds the value.

    Raises:
        ConfigurationError: naming every variable that is missing.
    """
    found: dict[str, str] = {}
    missing: list[str] = []
    for name in names:
        variable = f"{prefix}{name.upper()}"
        file = os.environ.get(f"{variable}_FILE")
        value = os.environ.get(variable)
        if not value and file:
            try:
                value = Path(file).read_text().strip()
            except OSError as error:
                raise ConfigurationError(f"{variable}_FILE names a file that can't be read: {error}") from error
        if value:
            found[name] = value
        else:
            missing.append(variable)
    if missing:
        raise ConfigurationError(f"{kind} needs the environment variable(s) {', '.join(missing)}, which are not set")
    return found


def must_be_text(kind: str, values: Mapping[str, object]) -> None:
    """Refuse credentials that are missing, without showing any.

    Raises:
        ConfigurationError: naming those that are empty or no text.
    """
    wrong = [name for name, value in values.items() if not isinstance(value, str) or not value.strip()]
    if wrong:
        raise ConfigurationError(f"{kind} needs {', '.join(wrong)}: given as text, and not empty")
