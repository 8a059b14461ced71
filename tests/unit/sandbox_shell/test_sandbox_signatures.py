"""The sandbox's OAuth 1.0a verification, against published examples and against oauthlib as another party."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from oauthlib.oauth1 import Client

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.exchange import Request
from zoey_netsuite.sandbox.signatures import (
    Accepted,
    Refused,
    Token,
    Verifier,
    authorization_parameters,
    base_string,
    is_signed,
    signature,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

# Oracle: Token-based Authentication, "The Signature for Web Services and RESTlets".
ORACLE_CONSUMER = "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4"
ORACLE_CONSUMER_SECRET = "d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5"
ORACLE_TOKEN = "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc"
ORACLE_TOKEN_SECRET = "c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295"


def oracle_request(signed_as: str) -> Request:
    return Request(
        "POST",
        "https://123456.restlets.api.netsuite.com/app/site/hosting/restlet.nl"
        "?script=6&deploy=1&customParam=someValue&testParam=someOtherValue",
        {
            "authorization": f'OAuth realm="123456", oauth_consumer_key="{ORACLE_CONSUMER}", '
            f'oauth_token="{ORACLE_TOKEN}", oauth_nonce="fjaLirsIcCGVZWzBX0pg", oauth_timestamp="1508242306", '
            f'oauth_signature_method="HMAC-SHA256", oauth_version="1.0", oauth_signature="{signed_as}"'
        },
    )


def test_base_string_of_the_rfc() -> None:
    """RFC 5849, section 3.4.1.1: form body, repeated names, bare names, `+`, `%20` and double encoding in one."""
    request = Request(
        "POST",
        "http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
        {
            "authorization": 'OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", '
            'oauth_token="kkk9d7dh3k39sjv7", oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", '
            'oauth_nonce="7d8f3e4a", oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D"',
            "content-type": "application/x-www-form-urlencoded",
        },
        b"c2&a3=2+q",
    )
    assert base_string(request) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D"
        "%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1"
        "%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("http://EXAMPLE.COM:80/r%20v/X?id=123", "http%3A%2F%2Fexample.com%2Fr%2520v%2FX"),
        ("https://www.example.net:8080/?q=1", "https%3A%2F%2Fwww.example.net%3A8080%2F"),
        ("HTTPS://www.example.net:443", "https%3A%2F%2Fwww.example.net%2F"),
    ],
)
def test_base_string_uri_of_the_rfc(url: str, uri: str) -> None:
    """RFC 5849, section 3.4.1.2: host in lower case, no default port, path as it came."""
    assert base_string(Request("GET", url)).split("&")[1] == uri


def test_photo_example_of_the_rfc() -> None:
    """RFC 5849, section 1.2: the whole example signature of the photo request."""
    request = Request(
        "GET",
        "http://photos.example.net/photos?file=vacation.jpg&size=original",
        {
            "authorization": 'OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", '
            'oauth_token="nnch734d00sl2jdk", oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131202", '
            'oauth_nonce="chapoH", oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"'
        },
    )
    verifier = Verifier(
        lambda: datetime.fromtimestamp(137131202, UTC),
        {"dpf43f3p2l4k3l03": "kd94hf93k423kf44"},
        {"nnch734d00sl2jdk": Token("pfkkdhi9sl3r4s00")},
        methods=("HMAC-SHA1",),
    )
    assert verifier.verify(request) == Accepted("dpf43f3p2l4k3l03", "nnch734d00sl2jdk", "Photos")


def test_published_netsuite_example() -> None:
    """NetSuite's published HMAC-SHA256 example for a RESTlet: signature and acceptance."""
    request = oracle_request("%2BKK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ%3D")
    made = signature("HMAC-SHA256", base_string(request), ORACLE_CONSUMER_SECRET, ORACLE_TOKEN_SECRET)
    assert made == "+KK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ="
    verifier = Verifier(
        lambda: datetime.fromtimestamp(1508242306, UTC),
        {ORACLE_CONSUMER: ORACLE_CONSUMER_SECRET},
        {ORACLE_TOKEN: Token(ORACLE_TOKEN_SECRET, ORACLE_CONSUMER)},
    )
    assert verifier.verify(request) == Accepted(ORACLE_CONSUMER, ORACLE_TOKEN, "123456")


def signed(
    method: str = "GET",
    url: str = "http://127.0.0.1:8080/api/rest/products?limit=100",
    *,
    at: datetime = NOW,
    nonce: str | None = None,
    body: str | None = None,
    headers: dict[str, str] | None = None,
    by: str = "HMAC-SHA256",
    secret: str = "consumer secret",
    token_secret: str = "token/secret",
    consumer: str = "consumer",
    token: str = "token",
) -> Request:
    client = Client(
        consumer,
        secret,
        token,
        token_secret,
        signature_method=by,
        realm="1234567_SB1",
        timestamp=str(int(at.timestamp())),
        nonce=nonce,
    )
    url, made, text = client.sign(url, method, body, headers or {})
    return Request(method, url, {name.lower(): value for name, value in made.items()}, (text or "").encode())


def verifier(clock: SandboxClock | None = None, *methods: str) -> Verifier:
    clock = clock or SandboxClock(NOW, frozen=True)
    return Verifier(
        clock.now,
        {"consumer": "consumer secret", "other": "x"},
        {
            "token": Token("token/secret", "consumer"),
            "old": Token("token/secret", state="expired"),
            "gone": Token("token/secret", state="revoked"),
        },
        methods=methods or ("HMAC-SHA1", "HMAC-SHA256"),
    )


@pytest.mark.parametrize("by", ["HMAC-SHA1", "HMAC-SHA256"])
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/api/rest/products",
        "http://127.0.0.1:8080/api/rest/products?filter%5B1%5D%5Battribute%5D=updated_at"
        "&filter%5B1%5D%5Bgt%5D=2026-01-31%2000%3A00%3A00",
        "https://shop.example.com/api/rest/orders/a%2Fb?name=J%C3%BCrgen&empty=&x=1&x=0",
    ],
)
def test_accepts_what_another_library_signs(by: str, url: str) -> None:
    """A signature made by oauthlib is accepted, and names consumer, token and realm."""
    assert verifier().verify(signed(url=url, by=by)) == Accepted("consumer", "token", "1234567_SB1")


def test_brackets_may_arrive_bare() -> None:
    """Zoey: a filter name's brackets are signed in encoded form, however they were sent."""
    encoded = "http://127.0.0.1:8080/api/rest/orders?filter%5B1%5D%5Battribute%5D=updated_at"
    request = signed(url=encoded)
    bare = Request("GET", encoded.replace("%5B", "[").replace("%5D", "]"), request.headers)
    assert isinstance(verifier().verify(bare), Accepted)


def test_form_body_is_signed_and_json_is_not() -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    request = signed("POST", "http://127.0.0.1/t", body="grant=a+b&x=1", headers=form)
    assert isinstance(verifier().verify(request), Accepted)
    changed = Request("POST", request.url, request.headers, b"grant=a+b&x=2")
    assert verifier().verify(changed) == Refused(
        "signature_invalid", realm="1234567_SB1", base_string=base_string(changed)
    )
    request = signed("POST", "http://127.0.0.1/t", body='{"a": 1}', headers={"Content-Type": "application/json"})
    assert isinstance(verifier().verify(Request("POST", request.url, request.headers, b'{"a": 2}')), Accepted)


def test_further_protocol_parameters_are_signed_too() -> None:
    """A client may send `oauth_body_hash`: taken out of the header, the signature fits no more."""
    client = Client("consumer", "consumer secret", "token", "token/secret", signature_method="HMAC-SHA256")
    client.timestamp = str(int(NOW.timestamp()))
    url = "http://127.0.0.1/services/rest/record/v1/customer"
    base = "http://127.0.0.1/services/rest/record/v1/customer?oauth_body_hash=2jmj7l5rSw0yVb%2FvlWAYkK%2FYBwk%3D"
    header = client.sign(base, "POST")[1]["Authorization"]
    with_hash = header + ', oauth_body_hash="2jmj7l5rSw0yVb%2FvlWAYkK%2FYBwk%3D"'
    assert isinstance(verifier().verify(Request("POST", url, {"authorization": with_hash}, b"{}")), Accepted)
    refused = verifier().verify(Request("POST", url, {"authorization": header}, b"{}"))
    assert isinstance(refused, Refused)
    assert refused.problem == "signature_invalid"


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (signed(secret="wrong"), "signature_invalid"),
        (signed(token_secret="wrong"), "signature_invalid"),
        (signed(consumer="nobody"), "consumer_key_rejected"),
        (signed(token="nobody"), "token_rejected"),
        (signed(consumer="other", secret="x"), "token_rejected"),
        (signed(token="old"), "token_expired"),
        (signed(token="gone"), "token_revoked"),
        (signed(at=NOW - timedelta(minutes=5, seconds=1)), "timestamp_refused"),
        (signed(at=NOW + timedelta(minutes=5, seconds=1)), "timestamp_refused"),
        (signed(by="HMAC-SHA512"), "signature_method_rejected"),
    ],
)
def test_refuses(request_: Request, problem: str) -> None:
    """E5: wrong keys, tokens of another consumer, ended tokens and stale timestamps are refused by name."""
    verdict = verifier().verify(request_)
    assert isinstance(verdict, Refused)
    assert verdict.problem == problem


def test_timestamp_at_the_edge_is_taken() -> None:
    assert isinstance(verifier().verify(signed(at=NOW - timedelta(minutes=5))), Accepted)


def test_names_what_is_absent() -> None:
    header = 'OAuth oauth_consumer_key="consumer", oauth_signature_method="HMAC-SHA256", oauth_signature="x"'
    verdict = verifier().verify(Request("GET", "http://127.0.0.1/", {"authorization": header}))
    assert verdict == Refused("parameter_absent", ["oauth_token", "oauth_timestamp", "oauth_nonce"])


def test_method_must_be_allowed() -> None:
    verdict = verifier(None, "HMAC-SHA256").verify(signed(by="HMAC-SHA1"))
    assert isinstance(verdict, Refused)
    assert verdict.problem == "signature_method_rejected"


def test_nonce_is_used_once() -> None:
    """E5: the very same request is refused when it comes again; a newly signed one is taken."""
    one = verifier()
    assert isinstance(one.verify(signed(nonce="n-1")), Accepted)
    assert one.verify(signed(nonce="n-1")) == Refused("nonce_used", realm="1234567_SB1")
    assert isinstance(one.verify(signed(nonce="n-2")), Accepted)


def test_refused_request_keeps_its_nonce() -> None:
    """A wrong signature must not use up somebody's nonce."""
    one = verifier()
    assert isinstance(one.verify(signed(nonce="n-1", secret="wrong")), Refused)
    assert isinstance(one.verify(signed(nonce="n-1")), Accepted)


def test_nonces_are_forgotten_after_a_while() -> None:
    clock = SandboxClock(NOW, frozen=True)
    one = verifier(clock)
    for number in range(50):
        one.verify(signed(nonce=f"n-{number}", at=clock.now()))
    for number in range(50):
        clock.advance(timedelta(minutes=11))
        assert isinstance(one.verify(signed(nonce=f"n-{number}", at=clock.now())), Accepted)
    assert one.remembered <= 2


def test_is_signed() -> None:
    assert is_signed(signed())
    assert not is_signed(Request("GET", "http://127.0.0.1/", {"authorization": "Bearer abc"}))
    assert is_signed(Request("GET", "http://127.0.0.1/?oauth_token=x"))


def test_header_is_read_loosely() -> None:
    """Some clients leave out quotes and spaces, or write the scheme in lower case."""
    assert list(authorization_parameters('oauth realm="A B",oauth_token=x%2Fy,oauth_nonce="1"')) == [
        ("realm", "A B"),
        ("oauth_token", "x/y"),
        ("oauth_nonce", "1"),
    ]


def test_unknown_method_is_named() -> None:
    with pytest.raises(ValueError, match="PLAINTEXT"):
        Verifier(lambda: NOW, {}, {}, methods=("PLAINTEXT",))


def test_no_secret_in_repr() -> None:
    assert "token/secret" not in repr(Token("token/secret"))
