"""Credentials that are missing or wrong are told at once, by name, with what to do, and are never shown (G4, E1)."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from zoey_netsuite import (
    AsyncNetSuiteClient,
    AsyncZoeyClient,
    AuthenticationError,
    ConfigurationError,
    Limits,
    NetSuiteClient,
    ZoeyClient,
    netsuite,
    zoey,
)
from zoey_netsuite.sandbox import Sandbox

SECRET = "hush-4711-nobody-may-read-this"
URL = "https://shop.example.com"


def text_of(error: BaseException) -> str:
    """All that a log or a terminal would show of an error, with all that it came from."""
    return "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))


def refusal(make: Callable[[], object]) -> str:
    """The message of the refusal, which must not show the secret."""
    with pytest.raises(ConfigurationError) as caught:
        make()
    assert SECRET not in str(caught.value) + repr(caught.value)
    return str(caught.value)


FOUR = ["CONSUMER_KEY", "CONSUMER_SECRET", "TOKEN_ID", "TOKEN_SECRET"]
SOURCES: dict[str, tuple[Callable[[], Any], str, list[str]]] = {
    "token": (
        netsuite.TokenAuth.from_env,
        "NETSUITE_",
        ["CONSUMER_KEY", "CONSUMER_SECRET", "TOKEN_ID", "TOKEN_SECRET"],
    ),
    "machine": (netsuite.MachineAuth.from_env, "NETSUITE_", ["CLIENT_ID", "CERTIFICATE_ID", "PRIVATE_KEY"]),
    "oauth1": (zoey.OAuth1Auth.from_env, "ZOEY_", ["CONSUMER_KEY", "CONSUMER_SECRET", "TOKEN", "TOKEN_SECRET"]),
    "client": (zoey.ClientCredentialsAuth.from_env, "ZOEY_", ["CLIENT_ID", "CLIENT_SECRET", "TOKEN_URL"]),
}


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("given", [None, "", "  \n"], ids=["absent", "empty", "blank"])
def test_each_missing_variable_is_named(kind: str, given: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """G4: one variable too few names that one, and what to set."""
    make, prefix, names = SOURCES[kind]
    for missing in names:
        for name in names:
            monkeypatch.delenv(f"{prefix}{name}_FILE", raising=False)
            monkeypatch.setenv(f"{prefix}{name}", SECRET)
        if given is None:
            monkeypatch.delenv(prefix + missing)
        else:
            monkeypatch.setenv(prefix + missing, given)

        said = refusal(make)

        assert prefix + missing in said
        assert f"{prefix}{missing}_FILE" in said
        others = [name for name in names if name != missing and not missing.startswith(name)]
        assert not any(f"{prefix}{name}," in said or f"{prefix}{name} " in said for name in others)


@pytest.mark.parametrize("prefix", ["NS_", "NETSUITE", ""])
def test_another_prefix_is_seen_in_the_names(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """G4: a wrong prefix shows in the variables that were looked for."""
    monkeypatch.delenv(f"{prefix}CONSUMER_KEY", raising=False)
    assert f"{prefix}CONSUMER_KEY, {prefix}CONSUMER_SECRET" in refusal(lambda: netsuite.TokenAuth.from_env(prefix))


@pytest.mark.parametrize("prefix", [None, 5, b"ZOEY_"])
def test_a_prefix_is_text(prefix: Any) -> None:
    """E1: `None` is not the beginning of a name."""
    assert "prefix takes the beginning" in refusal(lambda: zoey.OAuth1Auth.from_env(prefix))


@pytest.mark.parametrize("bad", ["", "   ", None, 5, b"bytes", " padded ", f"{SECRET}\n", f"{SECRET}\nmore", "a\0b"])
def test_parts_that_no_key_can_be(bad: Any) -> None:
    """G4: the part is named, its value is not shown."""
    makes: dict[str, Callable[[], object]] = {
        "token_secret": lambda: netsuite.TokenAuth("k", "s", "t", bad),
        "consumer_key": lambda: zoey.OAuth1Auth(bad, "s", "t", "u"),
        "client_secret": lambda: zoey.ClientCredentialsAuth("a", bad, URL),
        "certificate_id": lambda: netsuite.MachineAuth("a", bad, "key"),
    }
    for name, make in makes.items():
        assert name in refusal(make)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("shop.example.com/token", "no address"),
        ("https://", "no address"),
        ("https://[broken", "no address"),
        ("https://shop.example.com:port/", "no address"),
        ("ftp://shop.example.com", "no address"),
        ("http://shop.example.com/token", "unencrypted"),
        (f"https://me:{SECRET}@shop.example.com/", "a user or a password"),
    ],
)
def test_token_addresses(url: str, said: str) -> None:
    """G4: a secret goes to no address that is none, or where everybody could read it."""
    assert said in refusal(lambda: zoey.ClientCredentialsAuth("id", SECRET, url))
    zoey.ClientCredentialsAuth("id", SECRET, "http://127.0.0.1:8080/token")


@pytest.mark.parametrize("scopes", ["rest_webservices", (), ("rest",), None, 5])
def test_scopes(scopes: Any) -> None:
    """E1: text in place of a list would become its letters."""
    assert "scopes" in refusal(lambda: netsuite.MachineAuth("a", "b", SECRET, scopes=scopes))


def _pem(key: Any, protection: KeySerializationEncryption | None = None) -> str:
    form = (Encoding.PEM, PrivateFormat.PKCS8, protection or NoEncryption())
    return str(key.private_bytes(*form).decode())


RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
PUBLIC = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
KEYS: dict[str, tuple[str, str, str]] = {
    "words": (SECRET, "PS256", "name of a file"),
    "a file's name": (f"/etc/{SECRET}.pem", "PS256", "NETSUITE_PRIVATE_KEY_FILE"),
    "a public key": (PUBLIC, "PS256", "a certificate or a public key"),
    "a certificate": (f"-----BEGIN CERTIFICATE-----\n{SECRET}\n-----END CERTIFICATE-----", "PS256", "certificate"),
    "half a key": (_pem(RSA)[:200], "PS256", "an RSA private key in PEM form"),
    "no base64": (f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----", "PS256", "an RSA private key"),
    "with a pass phrase": (_pem(RSA, BestAvailableEncryption(b"x")), "PS256", "protected by a pass phrase"),
    "RSA for ES256": (_pem(RSA), "ES256", "ES256, ES384 and ES512 an EC key"),
    "EC for PS256": (_pem(EC), "PS256", "PS256, PS384 and PS512 take an RSA key"),
    "another curve": (_pem(EC), "ES384", "on the curve of that size"),
}


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("client", [NetSuiteClient, AsyncNetSuiteClient])
def test_keys_that_cannot_sign(name: str, client: Any) -> None:
    """G4: said when the client is made, before any call, with what was given in place of the key."""
    key, algorithm, said = KEYS[name]
    auth = netsuite.MachineAuth("id", "certificate", key, algorithm=algorithm)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=said) as caught:
        client("1234567", auth)
    shown = text_of(caught.value)
    assert SECRET not in shown
    assert not any(line in shown for line in key.splitlines() if len(line) > 40)


@pytest.mark.parametrize("auth", [None, "secret", ("k", "s", "t", "u"), {"token": SECRET}, netsuite.TokenAuth])
def test_what_is_no_credentials(auth: Any) -> None:
    """E1: the message says what is taken, and shows nothing of what was given."""
    for client in (NetSuiteClient, AsyncNetSuiteClient):
        assert "a MachineAuth or a TokenAuth" in refusal(lambda client=client: client("1234567", auth))
    for shop in (ZoeyClient, AsyncZoeyClient):
        assert "an OAuth1Auth or a ClientCredentialsAuth" in refusal(lambda shop=shop: shop(URL, auth))


def test_credentials_of_the_other_system() -> None:
    """E1: taken for each other, as both have four parts."""
    parts = ("k", "s", "t", "u")
    assert "NetSuite credentials" in refusal(lambda: NetSuiteClient("1234567", zoey.OAuth1Auth(*parts)))  # type: ignore[arg-type]
    assert "Zoey credentials" in refusal(lambda: ZoeyClient(URL, netsuite.TokenAuth(*parts)))  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", range(4))
def test_refused_credentials_are_never_shown(wrong: int, caplog: pytest.LogCaptureFixture) -> None:
    """G4: over real HTTP, with every log open, whichever part is wrong."""
    caplog.set_level(logging.DEBUG)
    with Sandbox() as sandbox:
        own, door = sandbox.netsuite, sandbox.zoey
        erp_keys = [own.consumer_key, own.consumer_secret, own.token_id, own.token_secret]
        shop_keys = [door.consumer_key, door.consumer_secret, door.token, door.token_secret]
        erp_keys[wrong] = shop_keys[wrong] = SECRET
        with NetSuiteClient(own.account_id, netsuite.TokenAuth(*erp_keys), base_url=own.url) as erp:
            with pytest.raises(AuthenticationError) as refused:
                list(erp.suiteql("SELECT id FROM item"))
            assert "Login Audit Trail" in str(refused.value)
        with ZoeyClient(door.url, zoey.OAuth1Auth(*shop_keys), limiter=Limits()) as shop:
            with pytest.raises(AuthenticationError) as also:
                shop.orders.get("1")
            assert "list" in str(also.value) or "order" in str(also.value)
        shown = text_of(refused.value) + text_of(also.value) + caplog.text + repr(erp) + repr(shop)
        for key in (*erp_keys, *shop_keys):
            assert key not in shown


def test_a_key_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """G4: the remedy that the message names does work."""
    (tmp_path / "key.pem").write_text(_pem(RSA))
    for name in ("CLIENT_ID", "CERTIFICATE_ID"):
        monkeypatch.setenv(f"NETSUITE_{name}", "x")
    monkeypatch.delenv("NETSUITE_PRIVATE_KEY", raising=False)
    monkeypatch.setenv("NETSUITE_PRIVATE_KEY_FILE", str(tmp_path / "key.pem"))
    with NetSuiteClient("1234567", netsuite.MachineAuth.from_env()) as client:
        assert client.account_id == "1234567"
