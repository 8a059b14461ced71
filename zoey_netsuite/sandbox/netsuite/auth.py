"""Who may come in: token-based signatures and OAuth 2.0 bearer tokens, and NetSuite's words for those who may not."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from attrs import evolve, frozen

from zoey_netsuite.sandbox.exchange import Request
from zoey_netsuite.sandbox.netsuite.errors import Refusal, invalid_login
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings
from zoey_netsuite.sandbox.signatures import Accepted, Token, Verifier


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The time of day, aware, UTC."""
        ...


class Scope(StrEnum):
    """What a bearer token is for."""

    REST = "rest_webservices"
    RESTLETS = "restlets"


@frozen
class BearerToken:
    """An access token that the token end point gave out."""

    client_id: str
    scopes: frozenset[str]
    expires: datetime


class Gate:
    """Judges the credentials of each request."""

    def __init__(self, settings: NetSuiteSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._tokens = {each.token_id: Token(each.token_secret, each.consumer_key) for each in settings.tokens}
        consumers = {each.consumer_key: each.consumer_secret for each in settings.tokens}
        self._verifier = Verifier(clock.now, consumers, self._tokens, methods=("HMAC-SHA256",))
        self.bearers: dict[str, BearerToken] = {}

    def admit(self, request: Request, scope: Scope) -> str:
        """Let a request in and say by which integration, or raise Refusal with status 401."""
        header = request.headers.get("authorization", "")
        if header[:7].lower() == "bearer ":
            return self._admit_bearer(header[7:].strip(), scope)
        verdict = self._verifier.verify(request)
        if isinstance(verdict, Accepted) and verdict.realm == self._settings.realm:
            return verdict.consumer_key
        raise invalid_login(self._settings.realm)

    def expire_tokens(self) -> None:
        """End every bearer token's life now, as an hour would."""
        now = self._clock.now()
        self.bearers = {text: evolve(token, expires=now) for text, token in self.bearers.items()}

    def revoke_tokens(self) -> None:
        """Take back every bearer token and every token-based token."""
        self.bearers.clear()
        for token_id in list(self._tokens):
            self.revoke_token(token_id)

    def revoke_token(self, token_id: str) -> None:
        """Take back one token of token-based authentication."""
        self._tokens[token_id] = evolve(self._tokens[token_id], state="revoked")

    def restore_tokens(self) -> None:
        """Make the token-based tokens good again."""
        for token_id, token in list(self._tokens.items()):
            self._tokens[token_id] = evolve(token, state="active")

    def issue(self, text: str, client_id: str, scopes: frozenset[str], life: timedelta) -> None:
        """Note a bearer token that was given out."""
        self.bearers[text] = BearerToken(client_id, scopes, self._clock.now() + life)

    def refusal(self, request: Request) -> Refusal:
        """How credentials of this request's kind are refused."""
        if request.headers.get("authorization", "")[:7].lower() == "bearer ":
            return self._invalid_token()
        return invalid_login(self._settings.realm)

    def _admit_bearer(self, text: str, scope: Scope) -> str:
        token = self.bearers.get(text)
        if token is None or token.expires <= self._clock.now() or scope.value not in token.scopes:
            raise self._invalid_token()
        return token.client_id

    def _invalid_token(self) -> Refusal:
        refusal = invalid_login(self._settings.realm)
        words = f'realm="{self._settings.realm}", error="invalid_token", error_description="Invalid access token"'
        refusal.headers = {"www-authenticate": f"Bearer {words}"}
        return refusal
