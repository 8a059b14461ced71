"""NetSuite's two ways to prove who calls: OAuth 2.0 machine to machine (for new integrations), and token-based
authentication (for those that exist: from 2027.1 no new ones can be made).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, Self, get_args
from urllib.parse import urlencode

from attrs import evolve, field, frozen

from zoey_netsuite.checks import listed
from zoey_netsuite.clock import Clock
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.http.auth import Authenticator, OAuth1
from zoey_netsuite.http.credentials import Bound, must_be_line, must_be_text, read_environment
from zoey_netsuite.http.operation import Operation, Request, Safety
from zoey_netsuite.http.tokens import Bearer, TokenRequest, read_grant
from zoey_netsuite.wording import extra

Algorithm = Literal["PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]

TAKES = "NetSuite credentials: a MachineAuth or a TokenAuth"

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"  # noqa: S105 - an address, not a secret
CURVES = {"ES256": "secp256r1", "ES384": "secp384r1", "ES512": "secp521r1"}
SCOPES = frozenset(("rest_webservices", "restlets"))
LIFE = 50 * 60
"""Seconds that an assertion is good for. NetSuite refuses 60 minutes and more."""


def _pem(key: str) -> str:
    return key.replace("\\n", "\n").strip() if isinstance(key, str) else key  # pyright: ignore[reportUnnecessaryIsInstance]  checked later


def _scopes(given: object) -> tuple[str, ...]:
    return tuple(
        str(scope) for scope in listed("MachineAuth(scopes=…)", given, 'scopes, such as ("rest_webservices",)')
    )


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
    _bound: Bound = field(factory=Bound, init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
        must_be_line("TokenAuth", {name: getattr(self, name) for name in names})

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
        keys = (self.consumer_key, self.consumer_secret, self.token_id, self.token_secret)
        return self._bound.get(realm, lambda: OAuth1(*keys, "HMAC-SHA256", realm))


@frozen
class MachineAuth:
    r"""OAuth 2.0 client credentials with a certificate (machine to machine): what Oracle asks new integrations to use.

    Needs the extra `oauth2`. Clients of one account that share this object share its token.

    Attributes:
        client_id: of the integration record.
        certificate_id: of the certificate as NetSuite shows it.
        private_key: the certificate's key, PEM, without a pass phrase; `\n` may stand for a line's end.
        algorithm: PS256, PS384 or PS512 with an RSA key, ES256, ES384 or ES512 with an EC key.
        scopes: "rest_webservices" and/or "restlets".

    Source: NetSuite, OAuth 2.0 Client Credentials Flow.
    """

    client_id: str = field(repr=False)
    certificate_id: str = field(repr=False)
    private_key: str = field(repr=False, converter=_pem)
    algorithm: Algorithm = "PS256"
    scopes: Sequence[str] = field(default=("rest_webservices",), converter=_scopes)
    _bound: Bound = field(factory=Bound, init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        must_be_text("MachineAuth", {"private_key": self.private_key})
        must_be_line("MachineAuth", {name: getattr(self, name) for name in ("client_id", "certificate_id")})
        if self.algorithm not in get_args(Algorithm):
            raise ConfigurationError(f"MachineAuth takes {', '.join(get_args(Algorithm))}, not {self.algorithm!r}")
        if not self.scopes or set(self.scopes) - SCOPES:
            words = '("rest_webservices",), ("restlets",) or both'
            raise ConfigurationError(f"MachineAuth(scopes=…) takes {words}, not {self.scopes!r}")

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
        return cls(**found, algorithm=algorithm, scopes=scopes)

    def bind(self, realm: str, token_url: str) -> Authenticator:
        """Ready to sign for one account.

        Raises:
            ConfigurationError: the key cannot sign with this algorithm, or the extra is not installed.
        """
        return self._bound.get(token_url, lambda: self._bearer(token_url))

    def _bearer(self, token_url: str) -> Authenticator:
        sign = _signer(self.private_key, self.algorithm)

        def prove(request: Request, clock: Clock) -> Request:
            now = int(clock.now().timestamp())
            claims: dict[str, Any] = {
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
                "client_assertion": sign(claims, self.certificate_id),
            }
            return evolve(request, content=urlencode(form).encode())

        operation = Operation(
            "get an access token",
            "POST",
            token_url,
            read_grant,
            kind="token",
            headers={"content-type": "application/x-www-form-urlencoded"},
            safety=Safety.READ,
            secret=True,
        )
        return Bearer(TokenRequest(operation, prove))


def _signer(private_key: str, algorithm: Algorithm) -> Callable[[dict[str, Any], str], str]:
    """What makes assertions with a key, which is read and tried once."""
    try:
        import jwt
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as error:
        msg = f"MachineAuth signs with PyJWT and cryptography: {extra('oauth2')}"
        raise ConfigurationError(msg) from error
    kind = "an RSA" if algorithm.startswith("PS") else "an EC"
    try:
        key: Any = load_pem_private_key(private_key.encode(), password=None)
        if algorithm in CURVES and key.curve.name != CURVES[algorithm]:  # older versions of PyJWT sign all the same
            raise ValueError(f"it is on the curve {key.curve.name}, not {CURVES[algorithm]}")

        def sign(claims: dict[str, Any], certificate_id: str) -> str:
            return jwt.encode(claims, key, algorithm, headers={"kid": certificate_id})

        sign({}, "")
    except (ValueError, TypeError, AttributeError, UnsupportedAlgorithm, jwt.exceptions.PyJWTError) as error:
        msg = (
            f"MachineAuth's private_key is not {kind} private key in PEM form, without a pass phrase, that can sign"
            f" with {algorithm}{_looks_like(private_key)}"
        )
        raise ConfigurationError(msg) from error
    return sign


def _looks_like(private_key: str) -> str:
    """What was given in place of a private key, where that can be told, and the remedy."""
    if "-----BEGIN" not in private_key:
        return (
            ": it looks like the name of a file. Give what the file holds, or put its name into the environment"
            " variable NETSUITE_PRIVATE_KEY_FILE and call MachineAuth.from_env()"
        )
    if "PRIVATE KEY-----" not in private_key:
        return ": it is a certificate or a public key. Give the private key that was made with it"
    if "ENCRYPTED" in private_key:
        return ": it is protected by a pass phrase. Take that off (openssl pkey -in key.pem -out plain.pem)"
    return ": PS256, PS384 and PS512 take an RSA key, ES256, ES384 and ES512 an EC key on the curve of that size"
