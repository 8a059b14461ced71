"""The two NetSuite clients: one interface, accounts named rightly, secrets kept, transports left alone (E2)."""

from __future__ import annotations

import inspect
import re
import typing
from typing import Any

import pytest

from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.netsuite import AsyncNetSuiteClient, NetSuiteClient, TokenAuth
from zoey_netsuite.netsuite.account import check_account_id, hosts

AUTH = TokenAuth("ck", "consumer-secret", "ti", "token-secret")
RENAMED = {"aclose": "close", "__aenter__": "__enter__", "__aexit__": "__exit__"}


def methods(kind: type) -> dict[str, Any]:
    own = {
        name: value for name, value in vars(kind).items() if inspect.isfunction(value) or isinstance(value, property)
    }
    return {
        RENAMED.get(name, name): value
        for name, value in own.items()
        if not name.startswith("_") or name in ("__init__", "__aenter__", "__aexit__", "__enter__", "__exit__")
    }


def shape(function: Any) -> list[str]:
    """A signature as text, with what is async about it taken away."""
    if isinstance(function, property):
        function = function.fget
    overloads = typing.get_overloads(function) or [function]
    return [re.sub(r"Async(?=[A-Z])", "", str(inspect.signature(one))) for one in overloads]


def test_both_clients_have_the_same_methods_with_the_same_signatures() -> None:
    blocking, waiting = methods(NetSuiteClient), methods(AsyncNetSuiteClient)
    assert list(blocking) == list(waiting)
    assert len(blocking) > 25
    for name in blocking:
        assert shape(blocking[name]) == shape(waiting[name]), name


def test_what_is_awaited_is_a_coroutine_and_what_is_iterated_is_not() -> None:
    lists = {"iterate", "records", "suiteql", "dataset", "saved_search", "__init__"}
    for name, method in methods(AsyncNetSuiteClient).items():
        if not isinstance(method, property):
            assert inspect.iscoroutinefunction(method) is (name not in lists), name


def test_every_method_is_documented() -> None:
    for kind in (NetSuiteClient, AsyncNetSuiteClient):
        for name, method in methods(kind).items():
            if not name.startswith("__"):
                assert (method.fget if isinstance(method, property) else method).__doc__, name


@pytest.mark.parametrize(
    "account_id", ["1234567", "1234567_SB1", "1234567_RP2", "TSTDRV1234567", "TD123", "TSTDRV12_SB1"]
)
def test_account_ids(account_id: str) -> None:
    assert check_account_id(account_id) == account_id


@pytest.mark.parametrize(
    ("account_id", "words"),
    [
        ("1234567-sb1", "write '1234567_SB1'"),
        ("1234567_sb1", "write '1234567_SB1'"),
        ("tstdrv1234567", "write 'TSTDRV1234567'"),
        (
            "https://1234567-sb1.suitetalk.api.netsuite.com",
            "an address, not the NetSuite account id: write '1234567_SB1'",
        ),
        ("1234567.app.netsuite.com", "write '1234567'"),
        ("", "is no NetSuite account id"),
        ("my company", "is no NetSuite account id"),
        ("http://[broken", "is no NetSuite account id"),
    ],
)
def test_wrong_account_ids_are_told_the_right_form(account_id: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        NetSuiteClient(account_id, AUTH)


def test_hosts_follow_from_the_account_and_from_base_url() -> None:
    assert hosts("1234567_SB1") == {
        "rest": "https://1234567-sb1.suitetalk.api.netsuite.com",
        "restlet": "https://1234567-sb1.restlets.api.netsuite.com",
    }
    assert hosts("1234567", "http://127.0.0.1:8000/") == dict.fromkeys(("rest", "restlet"), "http://127.0.0.1:8000")
    with pytest.raises(ConfigurationError, match="base_url"):
        hosts("1234567", "127.0.0.1:8000")


def test_no_secret_is_shown() -> None:
    with NetSuiteClient("1234567", AUTH) as client:
        assert repr(client) == "NetSuiteClient('1234567')"
        assert "secret" not in repr(vars(client)).replace("_secret", "")


def test_a_transport_of_ones_own_stays_open() -> None:
    class Kept:
        closed = False

        def send(self, request: Any) -> Any:
            raise ConnectionRefusedError

        def close(self) -> None:
            self.closed = True

    transport = Kept()
    with NetSuiteClient("1234567", AUTH, transport=transport):
        pass
    assert not transport.closed
