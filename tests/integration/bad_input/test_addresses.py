"""Account ids and addresses in the forms that people copy from elsewhere: told, with the right form (G4, E1)."""

from __future__ import annotations

from typing import Any

import pytest

from zoey_netsuite import AsyncNetSuiteClient, AsyncZoeyClient, ConfigurationError, NetSuiteClient, ZoeyClient
from zoey_netsuite.netsuite import TokenAuth
from zoey_netsuite.zoey import OAuth1Auth

ERP = TokenAuth("key", "secret", "token", "token-secret")
SHOP = OAuth1Auth("key", "secret", "token", "token-secret")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("1234567_sb1", "write '1234567_SB1'"),
        ("1234567-sb1", "write '1234567_SB1'"),
        ("td123", "write 'TD123'"),
        ("https://1234567-sb1.app.netsuite.com/app/center", "write '1234567_SB1'"),
        ("1234567.suitetalk.api.netsuite.com", "write '1234567'"),
        (" 1234567 ", "white space around it: write '1234567'"),
        ("1234567_SB1\n", "white space around it: write '1234567_SB1'"),
        ("12 34", "It looks like 1234567"),
        ("", "It looks like 1234567"),
        ("https://system.netsuite.com", "It looks like 1234567"),
        (1234567, "in quotes"),
        (None, "in quotes"),
        (b"1234567", "in quotes"),
    ],
)
@pytest.mark.parametrize("client", [NetSuiteClient, AsyncNetSuiteClient])
def test_account_ids(client: Any, given: Any, said: str) -> None:
    """G4: the form that would have been right is named where it can be told."""
    with pytest.raises(ConfigurationError) as caught:
        client(given, ERP)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "no address"),
        ("proxy.example.com", "no address"),
        ("ftp://proxy.example.com", "no address"),
        ("https://[broken", "no address"),
        ("https://proxy.example.com:port", "no address"),
        ("https://proxy .example.com", "no address"),
        ("https://proxy.example.com/services/rest/record/v1", "leave /services/rest"),
        ("http://proxy.example.com", "allow_http=True"),
        ("https://me:hush@proxy.example.com", "user or a password"),
        (5, "address as text"),
    ],
)
@pytest.mark.parametrize("client", [NetSuiteClient, AsyncNetSuiteClient])
def test_addresses_in_place_of_netsuites_own(client: Any, given: Any, said: str) -> None:
    """G4: no call is made to where it cannot work, and none unencrypted by accident."""
    with pytest.raises(ConfigurationError) as caught:
        client("1234567", ERP, base_url=given)
    assert said in str(caught.value)
    assert "hush" not in str(caught.value)


def test_unencrypted_only_when_told() -> None:
    """G4: a proxy in a closed network may be without TLS; so may this machine, and what never leaves it."""
    NetSuiteClient("1234567", ERP, base_url="http://proxy.internal/", allow_http=True).close()
    NetSuiteClient("1234567", ERP, base_url="http://127.0.0.1:1").close()
    ZoeyClient("http://shop.sandbox.invalid", SHOP).close()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("shop.example.com", "lacks its scheme: write 'https://shop.example.com'"),
        ("http://shop.example.com", "allow_http=True"),
        ("https://shop.example.com/api/rest/products", "write 'https://shop.example.com'"),
        ("https://shop .example.com", "no store's address"),
        ("https://[broken", "no store's address"),
        ("https://shop.example.com:port", "no store's address"),
        ("", "no store's address"),
        (None, "address as text"),
        (5, "address as text"),
        (b"https://shop.example.com", "address as text"),
    ],
)
@pytest.mark.parametrize("client", [ZoeyClient, AsyncZoeyClient])
def test_what_is_no_store(client: Any, given: Any, said: str) -> None:
    """G4: said before any call, with the right form."""
    with pytest.raises(ConfigurationError) as caught:
        client(given, SHOP)
    assert said in str(caught.value)


@pytest.mark.parametrize("given", ["/api/rest", "/api/rest/", "/", ""])
def test_what_is_understood(given: str) -> None:
    """G4: the path of the API and a slash at the end are what people copy; they do no harm."""
    with ZoeyClient(f"https://shop.example.com{given}", SHOP) as client:
        assert client.base_url == "https://shop.example.com"
