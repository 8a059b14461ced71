"""NetSuite's two ways to prove who calls: OAuth 2.0 machine to machine (for new integrations), and token-based
authentication (for those that exist: from 2027.1 no new ones can be made).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Literal, Protocol, Self, get_args
from urllib.parse import urlencode

from attrs import field, frozen

from zoey_netsuite.clock import Clock
from zoey_netsuite.errors import ConfigurationError
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
from zoey_netsuite.http.operation import JSON, Operation, Response, Safety

Algorithm = Literal["PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"  # noqa: S105 - an address, not a secret
LIFE = 50 * 60
"""Seconds that an assertion is good for. NetSuite refuses 60 minutes and more."""


class NetSuiteAuth(Protocol):
    """Credentials of a NetSuite integration."""

    def bind(self, realm: str, token_url: str) -> Authenticator:
        """Ready to sign for one account.

        Args:
            realm: the account id in upper case, `1234567_SB1`.
            token_url: the account's OAuth 2.0 token end point.
        """
        ...


@frozen
class TokenAuth:
    """Token-based authentication (OAuth 1.0a, HMAC-SHA256).

    Attributes:
        consumer_key, consumer_secret: of the integration record.
        token_id, token_secret: of the access token: a user and a role.

    Source: NetSuite, Token-based Authentication.
    """

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    token_id: str = field(repr=False)
    token_secret: str = field(repr=False)

    def __attrs_post_init__(self) -> None:
        names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
        must_be_text("TokenAuth", {name: getattr(self, name) for name in names})

    @classmethod
    def from_env(cls, prefix: str = "NETSUITE_") -> Self:
        """From `NETSUITE_CONSUMER_KEY`, `…_CONSUMER_SECRET`, `…_TOKEN_ID` and `…_TOKEN_SECRET`.

        Raises:
            ConfigurationError: naming every variable that is missing.
        """
        names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
        return cls(**read_environment("TokenAuth", prefix, names))

    def bind(self, realm: str, token_url: str) -> Authenticator:
        """Ready to sign for one account."""
        return OAuth1(self.consumer_key, self.consumer_secret, self.token_id, self.token_secret, "HMAC-SHA256", realm)


@frozen
class MachineAuth:
    """OAuth 2.0 client credentials with a certificate (machine to machine): what Oracle asks new integrations to use.

    Needs the extra `oauth2`. Clients that share this object share nothing but the key; each account has its own token.

    Attributes:
        client_id: of the integration record.
        certificate_id: of the certificate as NetSuite shows it.
        private_key: the certificate's key, PEM.
        algorithm: PS256, PS384 or PS512 with an RSA key, ES256, ES384 or ES512 with an EC key.
        scopes: "rest_webservices" and/or "restlets".

    Source: NetSuite, OAuth 2.0 Client Credentials Flow.
    """

    client_id: str = field(repr=False)
    certificate_id: str = field(repr=False)
    private_key: str = field(repr=False)
    algorithm: Algorithm = "PS256"
    scopes: Sequence[str] = ("rest_webservices",)

    def __attrs_post_init__(self) -> None:
        names = ("client_id", "certificate_id", "private_key")
        must_be_text("MachineAuth", {name: getattr(self, name) for name in names})
        if self.algorithm not in get_args(Algorithm):
            raise ConfigurationError(f"MachineAuth takes {', '.join(get_args(Algorithm))}, not {self.algorithm!r}")

    @classmethod
    def from_env(
        cls, prefix: str = "NETSUITE_", *, algorithm: Algorithm = "PS256", scopes: Sequence[str] = ("rest_webservices",)
    ) -> Self:
        r"""From `NETSUITE_CLIENT_ID`, `…_CERTIFICATE_ID` and `…_PRIVATE_KEY` (PEM; `\n` may stand for a line's end) or
        `…_PRIVATE_KEY_FILE`.

        Raises:
            ConfigurationError: naming every variable that is missing.
        """
        names = ("client_id", "certificate_id", "private_key")
        found = read_environment("MachineAuth", prefix, names)
        found["private_key"] = found["private_key"].replace("\\n", "\n")
        return cls(**found, algorithm=algorithm, scopes=scopes)

    def bind(self, realm: str, token_url: str) -> Authenticator:
        """Ready to sign for one account.

        Raises:
            ConfigurationError: the extra is not installed, or the key is none that can sign so.
        """
        sign = _signer(self.private_key, self.algorithm, self.certificate_id)

        def fetch(clock: Clock) -> Operation[Token]:
            now = int(clock.now().timestamp())
            claims = {
                "iss": self.client_id,
                "scope": list(self.scopes),
                "aud": token_url,
                "iat": now,
                "exp": now + LIFE,
                "jti": secrets.token_hex(16),
            }
            form = {
                "grant_type": "client_credentials",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": sign(claims),
            }

            def read(response: Response) -> Token:
                return read_token(read_json(response), clock)

            return Operation(
                "get an access token",
                "POST",
                token_url,
                read,
                kind="token",
                content=urlencode(form).encode(),
                headers={"content-type": "application/x-www-form-urlencoded"},
                safety=Safety.READ,
            )

        return Bearer(fetch)


def _signer(private_key: str, algorithm: Algorithm, certificate_id: str) -> Callable[[dict[str, JSON]], str]:
    """Makes assertions with a key that is read once: reading takes far longer than signing."""
    try:
        import jwt
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as error:
        msg = 'MachineAuth signs with PyJWT and cryptography: pip install "zoey-netsuite[oauth2]"'
        raise ConfigurationError(msg) from error
    wanted = RSAPrivateKey if algorithm.startswith("PS") else EllipticCurvePrivateKey
    kind = "an RSA" if algorithm.startswith("PS") else "an EC"
    msg = f"MachineAuth's private_key is not {kind} private key in PEM form that can sign with {algorithm}"
    try:
        key = load_pem_private_key(private_key.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigurationError(msg) from None
    if not isinstance(key, wanted):
        raise ConfigurationError(msg)

    def sign(claims: dict[str, JSON]) -> str:
        return jwt.encode(claims, key, algorithm, headers={"kid": certificate_id})

    try:
        sign({})
    except (ValueError, TypeError, jwt.exceptions.PyJWTError):
        raise ConfigurationError(msg) from None
    return sign
