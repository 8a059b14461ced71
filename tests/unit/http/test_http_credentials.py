"""Credentials: from the environment, checked, and what NetSuite's and Zoey's ask for a token with (E2)."""

from __future__ import annotations

import copy
import logging
import pickle
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from support.scripted import answer

from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.http import Request
from zoey_netsuite.http.tokens import Bearer
from zoey_netsuite.netsuite import MachineAuth, NetSuiteClient, TokenAuth
from zoey_netsuite.testing.clock import FakeClock
from zoey_netsuite.zoey import ClientCredentialsAuth, OAuth1Auth

TOKEN_URL = "https://1234567.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def pem(key: Key, encryption: Any = None) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption()).decode()


RSA = rsa.generate_private_key(65537, 2048)
EC = {
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
}
KEYS: Mapping[str, Key] = {"PS256": RSA, "PS384": RSA, "PS512": RSA, **EC}


def machine(algorithm: str = "PS256", key: str | None = None, **changes: Any) -> MachineAuth:
    given = {"client_id": "the-client", "certificate_id": "the-certificate", "algorithm": algorithm}
    return MachineAuth(**given | {"private_key": key or pem(KEYS[algorithm])} | changes)


def proven(auth: MachineAuth, clock: FakeClock) -> dict[str, str]:
    bound = auth.bind("1234567", TOKEN_URL)
    needed = bound.token_needed(clock)
    assert needed is not None
    assert needed.operation.path == TOKEN_URL
    assert needed.operation.headers["content-type"] == "application/x-www-form-urlencoded"
    request = needed.prove(Request("POST", TOKEN_URL), clock)
    return {name: values[0] for name, values in parse_qs(request.content.decode(), strict_parsing=True).items()}


@pytest.mark.parametrize("algorithm", KEYS)
def test_assertions_are_as_netsuite_wants_them(algorithm: str) -> None:
    """The assertion verifies with the certificate's key and holds what NetSuite's OAuth 2.0 client credentials flow
    names, for all six algorithms."""
    clock = FakeClock()
    form = proven(machine(algorithm, scopes=("rest_webservices", "restlets")), clock)
    assertion = form.pop("client_assertion")
    assert form == {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }
    assert jwt.get_unverified_header(assertion) == {"typ": "JWT", "alg": algorithm, "kid": "the-certificate"}
    claims = jwt.decode(
        assertion, KEYS[algorithm].public_key(), [algorithm], audience=TOKEN_URL, options={"verify_exp": False}
    )
    now = int(clock.now().timestamp())
    assert claims.pop("jti")
    assert claims == {
        "iss": "the-client",
        "scope": ["rest_webservices", "restlets"],
        "aud": TOKEN_URL,
        "iat": now,
        "exp": now + 3000,
    }


def test_every_assertion_is_fresh() -> None:
    """Two assertions never share an identity, and follow the clock."""
    clock, auth = FakeClock(), machine("ES256")
    first = jwt.decode(proven(auth, clock)["client_assertion"], options={"verify_signature": False})
    clock.advance(90)
    second = jwt.decode(proven(auth, clock)["client_assertion"], options={"verify_signature": False})
    assert first["jti"] != second["jti"]
    assert second["iat"] - first["iat"] == 90


def wrong_keys() -> list[Any]:
    locked = pem(EC["ES256"], BestAvailableEncryption(b"pass"))
    public = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----"
    return [
        pytest.param("PS256", pem(EC["ES256"]), id="EC for RSA"),
        pytest.param("ES256", pem(RSA), id="RSA for EC"),
        pytest.param("ES256", pem(EC["ES384"]), id="another curve"),
        pytest.param("ES512", pem(EC["ES256"]), id="another curve again"),
        pytest.param("PS512", pem(rsa.generate_private_key(65537, 1024)), id="too short"),
        pytest.param("ES256", locked, id="with a pass phrase"),
        pytest.param("ES256", public, id="public"),
        pytest.param("ES256", "not a key at all", id="text"),
        pytest.param("ES256", pem(EC["ES256"])[:90], id="cut off"),
    ]


@pytest.mark.filterwarnings("ignore:The RSA key is 1024 bits")
@pytest.mark.parametrize(("algorithm", "key"), wrong_keys())
def test_wrong_keys_are_told_at_once(algorithm: str, key: str) -> None:
    """A key that cannot sign is an error of configuration when a client is made, and is not shown."""
    auth = machine(algorithm, key)
    with pytest.raises(ConfigurationError, match=f"can sign with {algorithm}") as caught:
        NetSuiteClient("1234567", auth)
    assert key.strip() not in str(caught.value)


@pytest.mark.parametrize("module", ["jwt", "cryptography.hazmat.primitives.serialization"])
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Without the extra, the error says what to install; token-based authentication does without."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigurationError, match=r'pip install "\.\[oauth2\]"'):
        machine().bind("1234567", TOKEN_URL)
    TokenAuth("a", "b", "c", "d").bind("1234567", TOKEN_URL)


def test_clients_of_one_account_share_a_token() -> None:
    """What is bound twice to one account is one; another account, or other credentials, have one of their own."""
    auth, other = machine("ES256"), machine("ES256")
    first = auth.bind("1234567", TOKEN_URL)
    assert isinstance(first, Bearer)
    assert auth.bind("1234567", TOKEN_URL) is first
    assert auth.bind("7654321", TOKEN_URL.replace("1234567", "7654321")) is not first
    assert other.bind("1234567", TOKEN_URL) is not first
    tokens, zoeys = TokenAuth("a", "b", "c", "d"), ClientCredentialsAuth("a", "b", "https://shop.test/token")
    assert tokens.bind("1", TOKEN_URL) is tokens.bind("1", TOKEN_URL)
    assert zoeys.bind() is zoeys.bind()


def test_copies_keep_the_keys_and_share_no_token() -> None:
    """Credentials can be carried to another process; what was made ready for them stays."""
    auth = machine("ES256")
    bound = auth.bind("1234567", TOKEN_URL)
    for copied in (pickle.loads(pickle.dumps(auth)), copy.deepcopy(auth)):
        assert copied == auth
        assert copied.bind("1234567", TOKEN_URL) is not bound


def test_zoey_asks_with_a_form() -> None:
    """Zoey's OAuth 2.0 stores are asked with client id and secret in a form."""
    bound = ClientCredentialsAuth("the client", "s&cret", "https://shop.test/oauth/token").bind()
    needed = bound.token_needed(FakeClock())
    assert needed is not None
    request = needed.prove(Request("POST", needed.operation.path), FakeClock())
    expected = {"grant_type": ["client_credentials"], "client_id": ["the client"], "client_secret": ["s&cret"]}
    assert parse_qs(request.content.decode()) == expected


@pytest.mark.parametrize("url", ["shop.test/oauth/token", "/oauth/token", "ftp://shop.test/"])
def test_token_addresses_are_addresses(url: str) -> None:
    """What is no address would send the secret who knows where."""
    with pytest.raises(ConfigurationError, match="token_url"):
        ClientCredentialsAuth("a", "b", url)


CASES: list[tuple[Any, str, dict[str, str]]] = [
    (
        TokenAuth,
        "NETSUITE_",
        {"CONSUMER_KEY": "a", "CONSUMER_SECRET": "b", "TOKEN_ID": "c", "TOKEN_SECRET": "d"},
    ),
    (MachineAuth, "NETSUITE_", {"CLIENT_ID": "a", "CERTIFICATE_ID": "b", "PRIVATE_KEY": "c"}),
    (OAuth1Auth, "ZOEY_", {"CONSUMER_KEY": "a", "CONSUMER_SECRET": "b", "TOKEN": "c", "TOKEN_SECRET": "d"}),
    (ClientCredentialsAuth, "ZOEY_", {"CLIENT_ID": "a", "CLIENT_SECRET": "b", "TOKEN_URL": "https://shop.test/t"}),
]


@pytest.mark.parametrize(("kind", "prefix", "values"), CASES)
@pytest.mark.parametrize("own", [None, "SHOP_2_"])
def test_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: Any, prefix: str, values: dict[str, str], own: str | None
) -> None:
    """Each kind of credentials reads its variables, or files that they name, with any prefix."""
    prefix = own or prefix
    options = {} if own is None else {"prefix": own}
    for number, (name, value) in enumerate(values.items()):
        if number % 2:
            (tmp_path / name).write_text(f"{value}\n")
            monkeypatch.setenv(f"{prefix}{name}_FILE", str(tmp_path / name))
        else:
            monkeypatch.setenv(prefix + name, f" {value}\n")
    made = kind.from_env(**options)
    assert made == kind(**{name.lower(): value for name, value in values.items()})


@pytest.mark.parametrize(("kind", "prefix", "values"), CASES)
def test_all_that_is_missing_is_named_at_once(
    monkeypatch: pytest.MonkeyPatch, kind: Any, prefix: str, values: dict[str, str]
) -> None:
    """One error names every variable that is missing, and no other."""
    first, *others = values
    monkeypatch.setenv(prefix + first, "here")
    for name in others:
        monkeypatch.delenv(prefix + name, raising=False)
    with pytest.raises(ConfigurationError) as caught:
        kind.from_env()
    named = str(caught.value)
    assert all(prefix + name in named for name in others)
    assert f"{prefix}{first}," not in named
    assert f"{prefix}{others[0]}_FILE" in named


def test_files_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that is named but can't be read is an error of its own; its content is never shown."""
    for name in ("CLIENT_ID", "CERTIFICATE_ID"):
        monkeypatch.setenv(f"NETSUITE_{name}", "x")
    monkeypatch.delenv("NETSUITE_PRIVATE_KEY", raising=False)
    monkeypatch.setenv("NETSUITE_PRIVATE_KEY_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ConfigurationError, match=r"NETSUITE_PRIVATE_KEY_FILE names a file that can't be read: No such"):
        MachineAuth.from_env()
    (tmp_path / "nowhere").write_bytes(b"\xff\xfe secret")
    with pytest.raises(ConfigurationError, match="it is no text") as caught:
        MachineAuth.from_env()
    assert caught.value.__cause__ is None


def test_keys_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    r"""A PEM whose lines end in `\n` as text, as variables often hold it, is the same key."""
    key = pem(EC["ES256"])
    for name, value in {"CLIENT_ID": "a", "CERTIFICATE_ID": "b", "PRIVATE_KEY": key.replace("\n", "\\n")}.items():
        monkeypatch.setenv(f"NETSUITE_{name}", value)
    auth = MachineAuth.from_env(algorithm="ES256")
    assert auth.private_key == key.strip()
    assert proven(auth, FakeClock())["client_assertion"]


@pytest.mark.parametrize("wrong", ["", "  ", None, 5, " key", "key\n"])
def test_what_cannot_be_a_key_is_refused(wrong: Any) -> None:
    """Empty, no text, or with white space around: named, and not shown."""
    with pytest.raises(ConfigurationError, match="token_secret"):
        TokenAuth("a", "b", "c", wrong)
    with pytest.raises(ConfigurationError, match="consumer_key"):
        OAuth1Auth(wrong, "b", "c", "d")
    with pytest.raises(ConfigurationError, match="client_secret"):
        ClientCredentialsAuth("a", wrong, "https://shop.test/t")


def test_unknown_algorithms_are_refused() -> None:
    """RS256 is refused by NetSuite, so by us."""
    with pytest.raises(ConfigurationError, match="PS256, PS384, PS512, ES256, ES384, ES512, not 'RS256'"):
        machine("RS256", pem(RSA))


def test_credentials_show_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """No key, token or secret is in a repr, bound or not."""
    secrets = ["key-one", "secret-two", "id-three", "secret-four"]
    many: list[Any] = [TokenAuth(*secrets), OAuth1Auth(*secrets), ClientCredentialsAuth(*secrets[:2], "https://s.test")]
    many += [many[0].bind("1", TOKEN_URL), many[1].bind(), many[2].bind(), machine(), machine().bind("1", TOKEN_URL)]
    many.append(many[-1].token_needed(FakeClock()))
    many.append(answer(200, {"access_token": "secret-two"}))
    with caplog.at_level(logging.DEBUG):
        for value in many:
            logging.getLogger("test").debug("%r %s", value, value)
    for secret in [*secrets, "the-client", "BEGIN PRIVATE"]:
        assert secret not in caplog.text
