"""OAuth 1.0a signatures agree with what was published, and with another implementation (E2)."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oauthlib.oauth1 import Client
from support.scripted import oauth1

from zoey_netsuite.http.auth import OAuth1, base_string
from zoey_netsuite.http.operation import Request
from zoey_netsuite.http.urls import encode_query
from zoey_netsuite.testing.clock import FakeClock

PRINTER = ("dpf43f3p2l4k3l03", "kd94hf93k423kf44")
ORACLE = OAuth1(
    "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
    "d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5",
    "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
    "c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295",
    "HMAC-SHA256",
    "123456",
)


def parameters(header: str) -> dict[str, str]:
    return {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', header)}


def printer(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return [("oauth_consumer_key", PRINTER[0]), ("oauth_signature_method", "HMAC-SHA1"), *pairs]


@pytest.mark.parametrize(
    ("method", "url", "token", "secret", "pairs", "expected"),
    [
        (
            "POST",
            "https://photos.example.net/initiate",
            "",
            "",
            printer(
                ("oauth_timestamp", "137131200"),
                ("oauth_nonce", "wIjqoS"),
                ("oauth_callback", "http://printer.example.com/ready"),
            ),
            "74KNZJeDHnMBp0EMJ9ZHt/XKycU=",
        ),
        (
            "POST",
            "https://photos.example.net/token",
            "hh5s93j4hdidpola",
            "hdhd0244k9j7ao03",
            printer(
                ("oauth_token", "hh5s93j4hdidpola"),
                ("oauth_timestamp", "137131201"),
                ("oauth_nonce", "walatlh"),
                ("oauth_verifier", "hfdp7dh39dks9884"),
            ),
            "gKgrFCywp7rO0OXSjdot/IHF7IU=",
        ),
        (
            "GET",
            "http://photos.example.net/photos?file=vacation.jpg&size=original",
            "nnch734d00sl2jdk",
            "pfkkdhi9sl3r4s00",
            printer(("oauth_token", "nnch734d00sl2jdk"), ("oauth_timestamp", "137131202"), ("oauth_nonce", "chapoH")),
            "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
        ),
    ],
    ids=["temporary credentials", "token", "photo"],
)
def test_example_of_the_printer(
    method: str, url: str, token: str, secret: str, pairs: list[tuple[str, str]], expected: str
) -> None:
    """The three requests of RFC 5849, section 1.2."""
    credentials = OAuth1(*PRINTER, token, secret, "HMAC-SHA1", "Photos")
    assert credentials.signature(base_string(method, url, pairs)) == expected


def test_example_of_the_base_string() -> None:
    """RFC 5849, sections 3.4.1.1 and 3.1 (the signature as verified erratum 2550 has it): upper-case host, default
    port, parameters of query and form, names that come twice, empty values, what was encoded twice."""
    pairs = [
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
        ("c2", ""),
        ("a3", "2 q"),
    ]
    base = base_string("POST", "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b", pairs)
    assert base == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D"
        "%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1"
        "%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )
    credentials = OAuth1("9djdj82h48djs9d2", "j49sk3j29djd", "kkk9d7dh3k39sjv7", "dh893hdasih9", "HMAC-SHA1")
    assert credentials.signature(base) == "r6/TJjbCOr97/+UU0NsvSne7s5g="


@pytest.mark.parametrize(
    ("method", "url", "expected"),
    [
        (
            "GET",
            "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40",
            "B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY=",
        ),
        (
            "POST",
            "https://123456.restlets.api.netsuite.com/app/site/hosting/restlet.nl"
            "?script=6&deploy=1&customParam=someValue&testParam=someOtherValue",
            "+KK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ=",
        ),
    ],
    ids=["REST", "RESTlet"],
)
def test_example_of_netsuite(method: str, url: str, expected: str) -> None:
    """The worked examples of NetSuite's help: "The Signature for Web Services and RESTlets"
    (docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1534941088.html), header and signature.
    """
    header = ORACLE.header(method, url, "fjaLirsIcCGVZWzBX0pg", "1508242306")
    assert header.startswith('OAuth realm="123456", ')
    assert parameters(header) == {
        "realm": "123456",
        "oauth_consumer_key": ORACLE.consumer_key,
        "oauth_token": ORACLE.token,
        "oauth_nonce": "fjaLirsIcCGVZWzBX0pg",
        "oauth_timestamp": "1508242306",
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_version": "1.0",
        "oauth_signature": expected,
    }


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
NAMES = TEXT.filter(lambda name: not name.startswith("oauth_"))


@given(
    params=st.lists(st.tuples(NAMES, TEXT), max_size=5),
    path=st.sampled_from(["/", "/salesOrder/eid:acme-order-1", "/a%20b/%C3%A9", "/x;y=1"]),
    keys=st.tuples(*[st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=1, max_size=9)] * 4),
    method=st.sampled_from(["HMAC-SHA1", "HMAC-SHA256"]),
)
def test_agrees_with_another_client(
    params: list[tuple[str, str]], path: str, keys: tuple[str, str, str, str], method: str
) -> None:
    """Whatever the parameters and keys: the same signature as oauthlib's own client makes."""
    url = f"https://remote.test:8443{path}" + (f"?{encode_query(params)}" if params else "")
    ours = OAuth1(*keys, method).header("GET", url, "nonce", "1508242306")  # type: ignore[arg-type]  # of a list
    other = Client(*keys, signature_method=method, nonce="nonce", timestamp="1508242306")
    _, headers, _ = other.sign(url, "GET")
    assert parameters(ours)["oauth_signature"] == parameters(headers["Authorization"])["oauth_signature"]


def test_every_signature_is_fresh() -> None:
    """Two signatures of one request differ in nonce, follow the clock, and leave the rest of the request alone."""
    clock = FakeClock()
    request = Request("GET", "https://remote.test/a", {"accept": "application/json"}, b"body", 7.0)
    first = oauth1().sign(request, clock)
    clock.advance(61)
    second = oauth1().sign(request, clock)
    proofs = [parameters(signed.headers["authorization"]) for signed in (first, second)]
    assert proofs[0]["oauth_nonce"] != proofs[1]["oauth_nonce"]
    assert int(proofs[1]["oauth_timestamp"]) - int(proofs[0]["oauth_timestamp"]) == 61
    assert int(proofs[0]["oauth_timestamp"]) == int(FakeClock().now().timestamp())
    assert (second.method, second.url, second.content, second.timeout) == ("GET", request.url, b"body", 7.0)
    assert second.headers["accept"] == "application/json"
    assert len({oauth1().nonce() for _ in range(1000)}) == 1000


def test_no_realm_where_there_is_none() -> None:
    """Zoey's signatures carry no realm."""
    assert "realm" not in oauth1(realm=None).header("GET", "https://remote.test/", "n", "1")
