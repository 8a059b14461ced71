"""Addresses: encoded once, and sent as they were signed."""

from __future__ import annotations

from urllib.parse import parse_qsl

import httpx
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.scripted import Plain, operation

from zoey_netsuite.http.retry import build
from zoey_netsuite.http.urls import encode_query, encode_rest

TEXT = st.text(st.characters(codec="utf-8"), max_size=15)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=4))
def test_parameters_come_out_as_they_went_in(params: list[tuple[str, str]]) -> None:
    """Brackets, plus signs, ampersands, spaces, any script: what the server reads is what was given, in order."""
    query = encode_query(params)
    assert (
        parse_qsl(query, keep_blank_values=True) == [pair for pair in params if pair != ("", "")] or ("", "") in params
    )
    assert encode_rest(query) == query
    assert "[" not in query
    assert "+" not in query


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\\"), max_size=20),
    st.lists(st.tuples(TEXT, TEXT), max_size=2),
)
def test_libraries_change_nothing_of_an_address(path: str, params: list[tuple[str, str]]) -> None:
    """Whatever path and parameters a caller gives: httpx and httpx2 send the address that is signed."""
    path = path.replace("#", "").replace("/.", "/")
    url = build(operation(path=f"/a{path}", params=params), Plain()).url
    for library in (httpx, httpx2):
        target = library.URL(url).raw_path.decode()
        assert target == url.removeprefix("https://remote.test")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("/customer/eid:acme-order-1", "/customer/eid:acme-order-1"),
        ("/customer/eid%3Aacme", "/customer/eid%3Aacme"),
        ("/search/100% wool", "/search/100%25%20wool"),
        ("/search/Käse?q=a b&r=[1]", "/search/K%C3%A4se?q=a%20b&r=[1]"),
        ('/a|b^c`{d}<e>"', "/a%7Cb%5Ec%60%7Bd%7D%3Ce%3E%22"),
    ],
)
def test_the_rest_of_an_address(given: str, expected: str) -> None:
    """What is encoded already stays; what no address can hold is encoded."""
    assert encode_rest(given) == expected


def test_requests_are_built_from_operations() -> None:
    """Parameters join a query that the path has; an operation's headers win; a body is compact JSON, or as given."""
    remote = Plain()
    made = build(operation(path="/a?x=1", params=[("filter[1][gt]", "a+b ä")], json={"name": "Zoë", "n": 1}), remote)
    assert made.url == "https://remote.test/a?x=1&filter%5B1%5D%5Bgt%5D=a%2Bb%20%C3%A4"
    assert made.content == '{"name":"Zoë","n":1}'.encode()
    assert made.headers == {"accept": "application/json", "content-type": "application/json"}
    assert made.timeout == 30
    other = build(operation(json=[], content=b"raw", headers={"accept": "text/plain"}, timeout=3), remote)
    assert (other.content, other.headers, other.timeout) == (b"raw", {"accept": "text/plain"}, 3)
    assert build(operation(json=[]), remote).content == b"[]"
    assert build(operation(), remote).content == b""
