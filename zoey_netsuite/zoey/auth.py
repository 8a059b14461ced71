"""Zoey's two ways to prove who calls: OAuth 1.0a, and OAuth 2.0 client credentials on newer stores."""

from __future__ import annotations

from typing import Protocol, Self
from urllib.parse import urlencode

from attrs import field, frozen

from zoey_netsuite.clock import Clock
from zoey_netsuite.http.answers import read_json
from zoey_netsuite.http.auth import (
    Authenticator,
    Bearer,
    OAuth1,
    Token,
    must_be_text,
    read_environment,
    read_token,
)
from zoey_netsuite.http.operation import Operation, Response, Safety


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

    def __attrs_post_init__(self) -> None:
        names = ("consumer_key", "consumer_secret", "token", "token_secret")
        must_be_text("OAuth1Auth", {name: getattr(self, name) for name in names})

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
        return OAuth1(self.consumer_key, self.consumer_secret, self.token, self.token_secret, "HMAC-SHA1")


@frozen
class ClientCredentialsAuth:
    """OAuth 2.0 client credentials.

    Attributes:
        token_url: where tokens are given out; each store names its own.
    """

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    token_url: str

    def __attrs_post_init__(self) -> None:
        names = ("client_id", "client_secret", "token_url")
        must_be_text("ClientCredentialsAuth", {name: getattr(self, name) for name in names})

    @classmethod
    def from_env(cls, prefix: str = "ZOEY_") -> Self:
        """From `ZOEY_CLIENT_ID`, `…_CLIENT_SECRET` and `…_TOKEN_URL`.

        Raises:
            ConfigurationError: naming every variable that is missing.
        """
        return cls(**read_environment("ClientCredentialsAuth", prefix, ("client_id", "client_secret", "token_url")))

    def bind(self) -> Authenticator:
        """Ready to sign."""

        def fetch(clock: Clock) -> Operation[Token]:
            form = {
                "grant_type": "client_credentials",
                "client_id": self.client_id,
                "client_secret": self.client_secret,
            }

            def read(response: Response) -> Token:
                return read_token(read_json(response), clock)

            return Operation(
                "get an access token",
                "POST",
                self.token_url,
                read,
                kind="token",
                content=urlencode(form).encode(),
                headers={"content-type": "application/x-www-form-urlencoded"},
                safety=Safety.READ,
            )

        return Bearer(fetch)
