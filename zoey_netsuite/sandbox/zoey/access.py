"""Who may call the store: OAuth 1.0a signatures, and bearer tokens by client credentials."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias
from urllib.parse import parse_qs

from attrs import evolve, frozen

from zoey_netsuite.sandbox.exchange import Answer, Refusal, Request
from zoey_netsuite.sandbox.signatures import Accepted, Token, TokenState, Verifier
from zoey_netsuite.sandbox.zoey.errors import Fault, error_answer
from zoey_netsuite.sandbox.zoey.settings import ZoeySettings

Problem: TypeAlias = str

_REFUSALS: dict[Refusal, Problem] = {
    "unauthorized": "token_rejected",
    "token_expired": "token_expired",
    "token_revoked": "token_revoked",
}


@frozen
class _Bearer:
    expires_at: datetime
    state: TokenState = "active"


class Access:
    """Judges who is calling, and gives out bearer tokens.

    Args:
        settings: the store's; they hold the credentials.
        now: the sandbox's time.
    """

    def __init__(self, settings: ZoeySettings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._clients = {client.client_id: client.client_secret for client in settings.clients}
        self._bearers: dict[str, _Bearer] = {}
        self._tokens = {each.token: Token(each.token_secret, each.consumer_key) for each in settings.oauth1}
        consumers = {each.consumer_key: each.consumer_secret for each in settings.oauth1}
        self._verifier = Verifier(now, consumers, self._tokens, methods=("HMAC-SHA1",))

    def problem(self, request: Request) -> Problem | None:
        """What is wrong with a request's credentials, in the words of an OAuth problem; None lets it in."""
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._bearer_problem(credentials.strip())
        verdict = self._verifier.verify(request)
        if isinstance(verdict, Accepted):
            return None
        if verdict.problem == "parameter_absent":
            return f"parameter_absent&oauth_parameters_absent={verdict.parameters[0]}"
        return verdict.problem

    def refuse(self, refusal: Refusal) -> Answer:
        """The answer to credentials that are not taken."""
        return self.answer(_REFUSALS[refusal])

    def answer(self, problem: Problem) -> Answer:
        """The 401 that names a problem."""
        return error_answer([Fault(401, f"oauth_problem={problem}")], self._settings.error_form)

    def grant(self, request: Request) -> Answer:
        """Answer a request to the token address (OAuth 2.0, RFC 6749 sections 4.4 and 5)."""
        if request.method != "POST":
            return _token_error("invalid_request", 405)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            return _token_error("invalid_request")
        form = {name: values[-1] for name, values in parse_qs(request.body.decode(errors="replace")).items()}
        if form.get("grant_type") != "client_credentials":
            return _token_error("unsupported_grant_type")
        secret = self._clients.get(form.get("client_id", ""))
        if secret is None or not hmac.compare_digest(secret.encode(), form.get("client_secret", "").encode()):
            return _token_error("invalid_client", 401)
        token = secrets.token_hex(20)
        self._bearers[token] = _Bearer(self._now() + timedelta(seconds=self._settings.token_life))
        granted = {"access_token": token, "token_type": "Bearer", "expires_in": int(self._settings.token_life)}
        return Answer.of(granted, cache_control="no-store")

    def set_state(self, state: TokenState, token: str | None = None) -> None:
        """Make one token, or every one that there is, signed or bearer, active, expired or revoked."""
        for name, signed in self._tokens.items():
            if token in (None, name):
                self._tokens[name] = evolve(signed, state=state)
        for name, bearer in self._bearers.items():
            if token in (None, name):
                self._bearers[name] = evolve(bearer, state=state)

    def _bearer_problem(self, token: str) -> Problem | None:
        bearer = self._bearers.get(token)
        if bearer is None:
            return "token_rejected"
        if bearer.state == "revoked":
            return "token_revoked"
        if bearer.state == "expired" or self._now() >= bearer.expires_at:
            return "token_expired"
        return None


def _token_error(code: str, status: int = 400) -> Answer:
    return Answer.of({"error": code}, status, cache_control="no-store")
