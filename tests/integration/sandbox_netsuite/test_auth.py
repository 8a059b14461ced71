"""Who may come in: token-based signatures and OAuth 2.0 machine to machine."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from support.netsuite_shop import HOST, Caller

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.netsuite.app import NetSuiteApp
from zoey_netsuite.sandbox.netsuite.settings import MachineCredentials, NetSuiteSettings, TokenCredentials

TIME = "/services/rest/system/v1/serverTime"
TOKEN = HOST + "/services/rest/auth/oauth2/v1/token"
RESTLET = "https://1234567-sb1.restlets.api.netsuite.com"


def code(answer: Answer) -> tuple[int, str]:
    return answer.status, json.loads(answer.body)["o:errorDetails"][0]["o:errorCode"]


def test_a_good_signature_is_let_in(caller: Caller) -> None:
    assert caller.get(TIME) == {"serverTime": "2026-03-02T20:00:00Z"}


def test_query_parameters_are_signed(caller: Caller) -> None:
    signed = caller.signed("GET", HOST + TIME + "?a=1")
    assert caller.send("GET", TIME + "?a=1", signed=dict(signed)).status == 200
    signed = caller.signed("GET", HOST + TIME + "?a=1")
    assert code(caller.send("GET", TIME + "?a=2", signed=signed)) == (401, "INVALID_LOGIN")


def test_no_credentials_wrong_secret_wrong_realm_and_sha1_are_refused(app: NetSuiteApp) -> None:
    caller = Caller(app)
    assert code(caller.send("GET", TIME, signed={})) == (401, "INVALID_LOGIN")
    wrong = Caller(app, TokenCredentials(token_secret="wrong"))
    assert code(wrong.send("GET", TIME)) == (401, "INVALID_LOGIN")
    caller.realm = "1234567-sb1"
    assert code(caller.send("GET", TIME)) == (401, "INVALID_LOGIN")
    caller.realm, caller.method = app.settings.realm, "HMAC-SHA1"
    answer = caller.send("GET", TIME)
    assert code(answer) == (401, "INVALID_LOGIN")
    assert "Invalid login attempt" in json.loads(answer.body)["o:errorDetails"][0]["detail"]


def test_the_timestamp_may_be_five_minutes_off_and_a_nonce_is_good_once(caller: Caller, clock: SandboxClock) -> None:
    now = int(clock.now().timestamp())
    for offset, status in ((-299, 200), (299, 200), (-301, 401), (301, 401)):
        signed = caller.signed("GET", HOST + TIME, timestamp=str(now + offset))
        assert caller.send("GET", TIME, signed=signed).status == status, offset
    signed = caller.signed("GET", HOST + TIME)
    assert caller.send("GET", TIME, signed=signed).status == 200
    assert caller.send("GET", TIME, signed=signed).status == 401


def test_a_revoked_token_is_refused_until_it_is_restored(app: NetSuiteApp, caller: Caller) -> None:
    app.gate.revoke_token(app.settings.tokens[0].token_id)
    assert caller.send("GET", TIME).status == 401
    app.gate.restore_tokens()
    assert caller.send("GET", TIME).status == 200


def test_options_answers_204_to_good_credentials(caller: Caller) -> None:
    assert caller.send("OPTIONS", "/services/rest/anything").status == 204
    assert caller.send("OPTIONS", "/services/rest/anything", signed={}).status == 401


class Machine:
    """Asks for bearer tokens."""

    def __init__(self, app: NetSuiteApp) -> None:
        self.app = app
        self.credentials = app.settings.machines[0]

    def ask(self, *, algorithm: str = "PS256", key: Any = None, headers: Any = None, **claims: Any) -> Answer:
        now = int(self.app.clock.now().timestamp())
        payload = {
            "iss": self.credentials.client_id,
            "scope": ["rest_webservices"],
            "aud": TOKEN,
            "iat": now,
            "exp": now + 3000,
            **claims,
        }
        payload = {name: value for name, value in payload.items() if value is not None}
        head = {"kid": self.credentials.certificate_id, "typ": "JWT", **(headers or {})}
        assertion = jwt.encode(payload, key or self.credentials.private_key, algorithm=algorithm, headers=head)
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
        }
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self.app.handle(Request("POST", TOKEN, kind, urlencode(form).encode()))

    def token(self, **claims: Any) -> str:
        answer = self.ask(**claims)
        assert answer.status == 200, answer.body
        value = json.loads(answer.body)
        assert (value["expires_in"], value["token_type"]) == ("3600", "Bearer")
        return str(value["access_token"])

    def get(self, token: str, url: str = HOST + TIME) -> Answer:
        return self.app.handle(Request("GET", url, {"authorization": f"Bearer {token}"}))


@pytest.fixture
def machine(app: NetSuiteApp) -> Machine:
    return Machine(app)


def test_a_bearer_token_lives_for_an_hour(machine: Machine, clock: SandboxClock) -> None:
    token = machine.token()
    assert machine.get(token).status == 200
    clock.advance(timedelta(minutes=59, seconds=59))
    assert machine.get(token).status == 200
    clock.advance(timedelta(seconds=2))
    answer = machine.get(token)
    assert answer.status == 401
    assert 'Bearer realm="1234567_SB1", error="invalid_token"' in answer.headers["www-authenticate"]


def test_tokens_can_be_expired_and_revoked(machine: Machine) -> None:
    token = machine.token()
    machine.app.gate.expire_tokens()
    assert machine.get(token).status == 401
    token = machine.token()
    machine.app.gate.revoke_tokens()
    assert machine.get(token).status == 401


def test_scopes_are_kept_apart(machine: Machine) -> None:
    rest, restlets = machine.token(), machine.token(scope=["restlets"])
    both = machine.token(scope=["rest_webservices", "restlets"])
    info = RESTLET + "/rest/tokeninfo"
    assert [machine.get(token, info).status for token in (rest, restlets, both)] == [401, 200, 200]
    assert [machine.get(token).status for token in (rest, restlets, both)] == [200, 401, 200]


@pytest.mark.parametrize("algorithm", ["PS256", "PS384", "PS512"])
def test_rsa_pss_is_taken(machine: Machine, algorithm: str) -> None:
    assert machine.ask(algorithm=algorithm).status == 200


@pytest.mark.parametrize(("algorithm", "curve"), [("ES256", ec.SECP256R1()), ("ES384", ec.SECP384R1())])
def test_elliptic_curves_are_taken(clock: SandboxClock, algorithm: str, curve: ec.EllipticCurve) -> None:
    key = ec.generate_private_key(curve)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    settings = NetSuiteSettings(machines=[MachineCredentials("client", "cert", public.decode())])
    machine = Machine(NetSuiteApp(settings, clock))
    assert machine.ask(algorithm=algorithm, key=key).status == 200
    other = ec.generate_private_key(curve)
    answer = machine.ask(algorithm=algorithm, key=other)
    assert (answer.status, json.loads(answer.body)["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"algorithm": "RS256"}, 400, "invalid_grant"),
        ({"iss": "another"}, 401, "invalid_client"),
        ({"aud": "https://elsewhere.example/token"}, 400, "invalid_grant"),
        ({"scope": ["soap"]}, 400, "invalid_scope"),
        ({"scope": None}, 400, "invalid_scope"),
        ({"exp": None}, 400, "invalid_grant"),
        ({"headers": {"kid": "another"}}, 400, "invalid_grant"),
        ({"headers": {"typ": "JOSE"}}, 400, "invalid_grant"),
    ],
)
def test_an_assertion_that_does_not_hold_is_refused(
    machine: Machine, change: dict[str, Any], status: int, error: str
) -> None:
    answer = machine.ask(**change)
    assert (answer.status, json.loads(answer.body)["error"]) == (status, error)
    assert answer.headers.get("www-authenticate") == ("Basic realm=" if status == 401 else None)


@pytest.mark.parametrize(
    ("issued", "expires", "status"), [(0, 3599, 200), (0, 3600, 400), (-600, -1, 400), (900, 1000, 400)]
)
def test_an_assertion_lives_less_than_an_hour(machine: Machine, issued: int, expires: int, status: int) -> None:
    now = int(machine.app.clock.now().timestamp())
    assert machine.ask(iat=now + issued, exp=now + expires).status == status


def test_the_audience_may_be_passed_over(clock: SandboxClock) -> None:
    """Some published clients send another one (a tuple's text, of all things)."""
    machine = Machine(NetSuiteApp(NetSuiteSettings(audience="ignored"), clock))
    assert machine.ask(aud=f"('{TOKEN}',)").status == 200


def test_the_three_refusals_that_faults_ask_for(app: NetSuiteApp) -> None:
    bearer = Request("GET", HOST + TIME, {"authorization": "Bearer x"})
    signed = Request("GET", HOST + TIME, {"authorization": 'OAuth realm="x"'})
    for problem in ("token_expired", "token_revoked", "unauthorized"):
        assert code(app.refuse(bearer, problem)) == (401, "INVALID_LOGIN")
        assert "Bearer" in app.refuse(bearer, problem).headers["www-authenticate"]
        assert "OAuth" in app.refuse(signed, problem).headers["www-authenticate"]


def test_too_many_requests_are_told_in_each_service_s_own_way(app: NetSuiteApp) -> None:
    assert code(app.too_many(Request("GET", HOST + TIME))) == (429, "CONCURRENCY_LIMIT_EXCEEDED")
    answer = app.too_many(Request("GET", RESTLET + "/app/site/hosting/restlet.nl?script=1&deploy=1"))
    assert answer.status == 400
    assert json.loads(answer.body)["error"]["code"] == "SSS_REQUEST_LIMIT_EXCEEDED"
    assert code(app.failure(Request("GET", HOST + TIME))) == (500, "UNEXPECTED_ERROR")
