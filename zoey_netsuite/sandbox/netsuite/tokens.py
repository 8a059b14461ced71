"""The OAuth 2.0 token end point: client credentials proved by a signed assertion."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.netsuite.auth import Clock, Gate, Scope
from zoey_netsuite.sandbox.netsuite.settings import MachineCredentials, NetSuiteSettings

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"  # noqa: S105  a path
_ALGORITHMS = ("PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LIFE = timedelta(minutes=60)
_LEEWAY = timedelta(minutes=5)


class _Refused(Exception):
    """The token end point's refusal: its error word, and why, for a person who debugs a client."""

    def __init__(self, error: str, why: str) -> None:
        super().__init__(why)
        self.error = error


class TokenEndPoint:
    """Gives out bearer tokens for assertions that hold."""

    def __init__(self, settings: NetSuiteSettings, clock: Clock, gate: Gate) -> None:
        self._settings = settings
        self._clock = clock
        self._gate = gate

    def handle(self, request: Request) -> Answer:
        """Answer one token request."""
        try:
            machine, scopes = self._proved(request)
        except _Refused as refused:
            status = 401 if refused.error == "invalid_client" else 400
            headers = {"www-authenticate": "Basic realm="} if status == 401 else {}
            answer = Answer.of({"error": refused.error, "error_description": str(refused)}, status)
            return Answer(status, answer.body, {**answer.headers, **headers})
        text = secrets.token_urlsafe(48)
        self._gate.issue(text, machine.client_id, frozenset(scopes), _LIFE)
        seconds = str(int(_LIFE.total_seconds()))
        return Answer.of(
            {"access_token": text, "expires_in": seconds, "token_type": "Bearer"}, cache_control="no-store"
        )

    def _proved(self, request: Request) -> tuple[MachineCredentials, Sequence[str]]:
        if request.method != "POST":
            raise _Refused("invalid_request", "use POST")
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        if form.get("grant_type") != "client_credentials":
            raise _Refused("unsupported_grant_type", "grant_type must be client_credentials")
        if form.get("client_assertion_type") != _ASSERTION:
            raise _Refused("invalid_request", f"client_assertion_type must be {_ASSERTION}")
        header, claims = _unverified(form.get("client_assertion", ""))
        machine = self._machine(header, claims)
        self._verify(form["client_assertion"], machine)
        self._check_times(claims)
        if self._settings.audience == "checked" and not self._names_us(claims.get("aud"), request.url):
            raise _Refused("invalid_grant", "aud is not the address of this token end point")
        return machine, _scopes(claims.get("scope"))

    def _machine(self, header: dict[str, Any], claims: dict[str, Any]) -> MachineCredentials:
        if header.get("alg") not in _ALGORITHMS:
            raise _Refused("invalid_grant", f"alg must be one of {', '.join(_ALGORITHMS)}")
        if header.get("typ") != "JWT":
            raise _Refused("invalid_grant", "typ must be JWT")
        ours = [each for each in self._settings.machines if each.client_id == claims.get("iss")]
        if not ours:
            raise _Refused("invalid_client", "iss names no integration of this account")
        for each in ours:
            if each.certificate_id == header.get("kid"):
                return each
        raise _Refused("invalid_grant", "kid names no certificate of this integration")

    def _verify(self, assertion: str, machine: MachineCredentials) -> None:
        import jwt

        switched_off = {f"verify_{each}": False for each in ("exp", "iat", "nbf", "aud", "iss")}
        try:
            jwt.decode(assertion, _public_key(machine.public_key), algorithms=list(_ALGORITHMS), options=switched_off)  # type: ignore[arg-type]  # a plain dict of its TypedDict's keys
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise _Refused("invalid_grant", "the assertion's signature does not verify") from error

    def _check_times(self, claims: dict[str, Any]) -> None:
        issued, expires = _time(claims.get("iat")), _time(claims.get("exp"))
        if issued is None or expires is None:
            raise _Refused("invalid_grant", "iat and exp are required")
        now = self._clock.now()
        if issued > now + _LEEWAY or expires <= now:
            raise _Refused("invalid_grant", "the assertion is not valid at this time")
        if expires - issued >= timedelta(minutes=60):
            raise _Refused("invalid_grant", "exp must be less than 60 minutes after iat")

    def _names_us(self, audience: object, url: str) -> bool:
        named = cast("list[object]", audience) if isinstance(audience, list) else [audience]
        asked = urlsplit(url)
        ours = {
            f"{asked.scheme}://{asked.netloc}{TOKEN_PATH}",
            f"https://{self._settings.hosts[0]}{TOKEN_PATH}",
        }
        return any(each in ours for each in named)


def _unverified(assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
    import jwt

    try:
        header: dict[str, Any] = jwt.get_unverified_header(assertion)
        claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise _Refused("invalid_request", "client_assertion is no JWT") from error
    return header, claims


def _public_key(pem: str) -> Any:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if "BEGIN CERTIFICATE" in pem:
        return x509.load_pem_x509_certificate(pem.encode()).public_key()
    return load_pem_public_key(pem.encode())


def _time(value: object) -> datetime | None:
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else None


def _scopes(value: object) -> Sequence[str]:
    known = {each.value for each in Scope}
    listed = cast("list[object]", value) if isinstance(value, list) else str(value or "").replace(",", " ").split()
    given = [str(each) for each in listed]
    if not given or not set(given) <= known:
        raise _Refused("invalid_scope", f"scope must name some of {', '.join(sorted(known))}")
    return given
