"""Zoey's two ways to prove who calls: OAuth 1.0a, and OAuth 2.0 client credentials on newer stores."""

from __future__ import annotations

from typing import Protocol, Self
from urllib.parse import urlencode

from attrs import evolve, field, frozen

from zoey_netsuite.clock import Clock
from zoey_netsuite.http.auth import Authenticator, OAuth1
from zoey_netsuite.http.credentials import Bound, must_be_line, must_be_token_url, read_environment
from zoey_netsuite.http.operation import Operation, Request, Safety
from zoey_netsuite.http.tokens import Bearer, TokenRequest, read_grant

TAKES = "Zoey credentials: an OAuth1Auth or a ClientCredentialsAuth"


class ZoeyAuth(Protocol):
    """Credentials of a Zoey store."""

    def bind(self) -> Authenticator:
        """Ready to sign."""
        ...


@frozen
class OAuth1Auth:
    """OAuth 1.0a with HMAC-SHA1, as Magento 1's REST API has it.

    Attributes:
        consumer_key, consumer_secret: of the application.
        token, token_secret: what the store's administrator granted it.
    """

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    token: str = field(repr=False)
    token_secret: str = field(repr=False)
    _bound: Bound = field(factory=Bound, init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        names = ("consumer_key", "consumer_secret", "token", "token_secret")
        must_be_line("OAuth1Auth", {name: getattr(self, name) for name in names})

    @classmethod
    def from_env(cls, prefix: str = "ZOEY_") -> Self:
        """From `ZOEY_CONSUMER_KEY`, `…_CONSUMER_SECRET`, `…_TOKEN` and `…_TOKEN_SECRET`.

        Raises:
            ConfigurationError: naming every variable that is missing.
        """
        names = ("consumer_key", "consumer_secret", "token", "token_secret")
        return cls(**read_environment("OAuth1Auth", prefix, names))

    def bind(self) -> Authenticator:
        """Ready to sign."""
        return self._bound.get(
            "", lambda: OAuth1(self.consumer_key, self.consumer_secret, self.token, self.token_secret, "HMAC-SHA1")
        )


@frozen
class ClientCredentialsAuth:
    """OAuth 2.0 client credentials. Clients that share this object share its token.

    Attributes:
        client_id, client_secret: of the application.
        token_url: where tokens are given out; each store names its own.
    """

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    token_url: str
    _bound: Bound = field(factory=Bound, init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        names = ("client_id", "client_secret", "token_url")
        must_be_line("ClientCredentialsAuth", {name: getattr(self, name) for name in names})
        must_be_token_url("ClientCredentialsAuth", self.token_url)

    @classmethod
    def from_env(cls, prefix: str = "ZOEY_") -> Self:
        """From `ZOEY_CLIENT_ID`, `…_CLIENT_SECRET` and `…_TOKEN_URL`.

        Raises:
            ConfigurationError: naming every variable that is missing.
        """
        return cls(**read_environment("ClientCredentialsAuth", prefix, ("client_id", "client_secret", "token_url")))

    def bind(self) -> Authenticator:
        """Ready to sign."""
        return self._bound.get("", self._bearer)

    def _bearer(self) -> Authenticator:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        content = urlencode(form).encode()

        def prove(request: Request, clock: Clock) -> Request:
            return evolve(request, content=content)

        operation = Operation(
            "get an access token",
            "POST",
            self.token_url,
            read_grant,
            kind="token",
            headers={"content-type": "application/x-www-form-urlencoded"},
            safety=Safety.READ,
            secret=True,
        )
        return Bearer(TokenRequest(operation, prove))
