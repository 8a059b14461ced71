"""How requests prove who sends them: the protocol, and OAuth 1.0a signatures (`tokens` has bearer tokens)."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Callable, Sequence
from typing import Literal, Protocol, cast
from urllib.parse import parse_qsl, urlsplit

from attrs import define, evolve, field

from zoey_netsuite.clock import Clock
from zoey_netsuite.http.operation import Request
from zoey_netsuite.http.retry import Verdict
from zoey_netsuite.http.tokens import Grant, Renewal, TokenRequest
from zoey_netsuite.http.urls import encode

SECOND_CHANCE = 120.0
"""A signature that is refused this soon after another one was taken is made anew once (seconds)."""


def base_string(method: str, url: str, params: Sequence[tuple[str, str]]) -> str:
    """What is signed of a request (RFC 5849, 3.4.1).

    Args:
        url: with its query, exactly as it will be sent.
        params: decoded: OAuth's own without realm and signature, and those of a body that is a form.
    """
    # here, as who calls with bearer tokens does without
    from oauthlib.oauth1.rfc5849 import signature

    # the stubs know neither lists of pairs nor all methods of HTTP
    normalize = cast("Callable[[Sequence[tuple[str, str]]], str]", signature.normalize_parameters)
    joined = cast("Callable[[str, str, str], str]", signature.signature_base_string)
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return joined(method, signature.base_string_uri(url), normalize([*query, *params]))


class Authenticator(Protocol):
    """Signs requests with one set of credentials, bound to its account. Safe to use from many threads and clients."""

    def sign(self, request: Request, clock: Clock) -> Request:
        """The request with its proof."""
        ...

    def token_needed(self, clock: Clock) -> TokenRequest | None:
        """How to get what has to be there before anything can be signed, or None."""
        ...

    def keep(self, grant: Grant, clock: Clock) -> None:
        """Keep what that call gave."""
        ...

    def refused(self, request: Request, clock: Clock, *, again: bool) -> Verdict:
        """This signed request was refused.

        Args:
            again: so was the one before.
        """
        ...

    def accepted(self, clock: Clock) -> None:
        """A signed request was taken."""
        ...

    @property
    def renewal(self) -> Renewal:
        """Where those who need a token meet."""
        ...


@define(eq=False)
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
    renewal: Renewal = field(factory=Renewal, init=False, repr=False)
    _key: bytes = field(init=False, repr=False)
    _taken_at: float = field(default=float("-inf"), init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._key = f"{encode(self.consumer_secret)}&{encode(self.token_secret)}".encode()

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
        oauth["oauth_signature"] = self.signature(base_string(method, url, list(oauth.items())))
        pairs = ({} if self.realm is None else {"realm": self.realm}) | oauth
        return "OAuth " + ", ".join(f'{name}="{encode(value)}"' for name, value in pairs.items())

    def signature(self, base: str) -> str:
        """The signature of a base string, in base64 (RFC 5849, 3.4.2)."""
        digest = hmac.digest(self._key, base.encode(), "sha1" if self.method == "HMAC-SHA1" else "sha256")
        return base64.b64encode(digest).decode()

    def token_needed(self, clock: Clock) -> None:
        """Nothing has to be fetched."""
        return

    def keep(self, grant: Grant, clock: Clock) -> None:
        """There are no bearer tokens here."""

    def refused(self, request: Request, clock: Clock, *, again: bool) -> Verdict:
        """One more try, if the same credentials were good a moment ago.

        NetSuite is seen to refuse good signatures when there are too many calls at once. Credentials that are refused
        again are bad for every other call, too: an account that is hammered with them locks them.
        """
        recently = clock.monotonic() - self._taken_at <= SECOND_CHANCE
        if again:
            self._taken_at = float("-inf")
        return Verdict.CROWDED if recently and not again else Verdict.FINAL

    def accepted(self, clock: Clock) -> None:
        """The credentials are good."""
        self._taken_at = clock.monotonic()
