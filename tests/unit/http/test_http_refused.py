"""Refused credentials and tokens: renewed once, by one caller, for all; and no more than that."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from support.scripted import OK, Awaited, Plain, Script, answer, oauth1, operation, rig

from zoey_netsuite.errors import AuthenticationError, TransportError, UnexpectedAnswerError
from zoey_netsuite.http import AsyncDriver, Driver, Limits, Operation, Request, Retry, Safety
from zoey_netsuite.http.tokens import EARLY, Bearer, TokenRequest, read_grant
from zoey_netsuite.testing.clock import FakeClock

DENIED = answer(401, {"message": "Invalid login attempt"})


class TokenServer:
    """Gives out tokens t1, t2 … and takes only those that are not revoked."""

    def __init__(self, *, life: object = "3600", trouble: Callable[[int], Any] = lambda asked: None) -> None:
        self.asked = 0
        self.life = life
        self.trouble = trouble
        self.revoked: set[str] = set()
        self.lock = threading.Lock()

    def decide(self, request: Request) -> Any:
        if request.url.endswith("/token"):
            with self.lock:
                self.asked += 1
                asked = self.asked
            body = {"access_token": f"token-{asked}", "expires_in": self.life, "token_type": "Bearer"}
            return self.trouble(asked) or answer(200, body)
        proof = request.headers["authorization"]
        return DENIED if proof.removeprefix("Bearer ") in self.revoked else OK


def bearer() -> Bearer:
    asking = Operation(
        "get an access token", "POST", "https://remote.test/token", read_grant, kind="token", secret=True
    )
    return Bearer(TokenRequest(asking, lambda request, clock: evolve(request, content=b"proof")))


def test_tokens_are_fetched_once_and_kept(kind: str) -> None:
    """Calls share a token; the call that gets it is counted like any other."""
    server = TokenServer()
    made = rig(kind, decide=server.decide, auth=bearer())
    for _ in range(3):
        made.run(operation())
    assert server.asked == 1
    assert made.driver.calls == {"token": 1, "record.update": 3}
    assert made.script.proofs == ["", *["Bearer token-1"] * 3]


@pytest.mark.parametrize(("life", "seconds"), [("3600", 3600 - EARLY), (100, 50), (None, 3600 - EARLY), ([], 3480)])
def test_tokens_are_renewed_before_they_end(kind: str, life: object, seconds: float) -> None:
    """No call is sent with a token that may end on its way."""
    server = TokenServer(life=life)
    made = rig(kind, decide=server.decide, auth=bearer())
    made.run(operation())
    made.clock.advance(seconds - 1)
    made.run(operation())
    assert server.asked == 1
    made.clock.advance(2)
    made.run(operation())
    assert server.asked == 2
    assert made.script.proofs[-1] == "Bearer token-2"


@pytest.mark.parametrize("safety", list(Safety))
def test_a_refused_token_is_renewed_once(kind: str, safety: Safety) -> None:
    """A revoked token is replaced and the call made once more, whatever it does: a refused call changed nothing."""
    server = TokenServer()
    made = rig(kind, decide=server.decide, auth=bearer())
    made.run(operation())
    server.revoked.add("token-1")
    assert made.run(operation(safety)) == {"done": True}
    assert server.asked == 2


def test_a_second_refusal_is_final(kind: str) -> None:
    """A fresh token that is refused, too, ends the call: two sendings, one renewal, no more."""
    server = TokenServer()
    server.revoked.update(f"token-{number}" for number in range(100))
    made = rig(kind, decide=server.decide, auth=bearer())
    with pytest.raises(AuthenticationError, match="Tried 2 times"):
        made.run(operation())
    assert server.asked == 2
    assert len(made.script.sent) == 4


@pytest.mark.parametrize("trouble", [answer(500), TransportError("reset", sent=True), answer(200, b"<html>")])
def test_without_a_token_nothing_was_sent(kind: str, trouble: Any) -> None:
    """O1: when no token is to be had, a once-only write has certainly not happened, and the error says so."""
    made = rig(kind, [trouble], auth=bearer())
    with pytest.raises(
        TransportError, match=r"update salesOrder 4711: not sent, for want of an access token\. get an"
    ) as caught:
        made.run(operation(Safety.ONCE))
    assert type(caught.value) is TransportError
    assert not caught.value.sent
    assert caught.value.system == "netsuite"
    assert all(request.url.endswith("/token") for request in made.script.sent)
    assert len(made.script.sent) == 5


def test_refused_keys_are_told_as_such(kind: str) -> None:
    """Keys that the token end point refuses are an error of credentials, after one try."""
    made = rig(kind, [answer(401, {"error": "invalid_client"})], auth=bearer())
    with pytest.raises(AuthenticationError, match=r"get an access token.*invalid_client"):
        made.run(operation())
    assert len(made.script.sent) == 1


@pytest.mark.parametrize("body", [b"{}", b"[]", b'"x"', b'{"access_token": ""}', b'{"access_token": "a\\nb"}', b"no"])
def test_answers_without_a_token_are_not_shown(kind: str, body: bytes) -> None:
    """What can't be read as a token is no token, and none of it is shown: it may hold one."""
    made = rig(kind, [answer(200, body)], auth=bearer(), retry=Retry(attempts=1))
    with pytest.raises(TransportError) as caught:
        made.run(operation())
    assert isinstance(caught.value.__cause__, UnexpectedAnswerError | None)
    assert "access_token" not in str(caught.value)


def test_threads_and_tasks_renew_once() -> None:
    """E1: threads and tasks of several event loops that share credentials: one asks for a token, all use it."""
    auth, server, clock = bearer(), TokenServer(), FakeClock()
    gate, arrived = threading.Event(), threading.Semaphore(0)
    inner = server.decide

    def decide(request: Request) -> Any:
        if request.url.endswith("/token"):
            arrived.release()
            assert gate.wait(20)
        return inner(request)

    script = Script([OK], decide)
    parts = (Plain(), auth, Limits(), Retry(), clock)
    blocking, other = Driver(*parts, transport=script), Driver(*parts, transport=script)
    done: list[Any] = []

    def tasks() -> None:
        async def main() -> None:
            driver = AsyncDriver(*parts, transport=Awaited(script))
            done.extend(await asyncio.gather(*(driver.run(operation()) for _ in range(5))))

        asyncio.run(main())

    def calls(driver: Driver) -> None:
        done.append(driver.run(operation()))

    threads = [threading.Thread(target=calls, args=(driver,)) for driver in (blocking, other) for _ in range(4)]
    threads += [threading.Thread(target=tasks) for _ in range(2)]
    threads[0].start()
    assert arrived.acquire(timeout=20)
    for thread in threads[1:]:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(20)
    assert done == [{"done": True}] * 18
    assert server.asked == 1


def test_those_who_wait_share_the_failure() -> None:
    """When the one who asks for a token fails, those who waited fail with it and ask no more."""
    server = TokenServer(trouble=lambda asked: answer(401, {"error": "invalid_client"}))
    made = rig("async", decide=server.decide, auth=bearer())

    async def main() -> list[Any]:
        assert isinstance(made.driver, AsyncDriver)
        return await asyncio.gather(*(made.driver.run(operation()) for _ in range(6)), return_exceptions=True)

    assert [type(outcome) for outcome in asyncio.run(main())] == [AuthenticationError] * 6
    assert server.asked == 1


def test_a_cancelled_renewal_is_taken_over() -> None:
    """When the task that asks for a token is cancelled, another one asks; one that stops waiting disturbs nobody."""
    server = TokenServer()

    async def main() -> None:
        made = rig("async", decide=server.decide, auth=bearer())
        driver = made.driver
        assert isinstance(driver, AsyncDriver)
        tasks = [asyncio.create_task(driver.run(operation())) for _ in range(4)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        tasks[2].cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError, dict, asyncio.CancelledError, dict]

    asyncio.run(asyncio.wait_for(main(), 20))
    assert server.asked == 1


def test_calls_in_a_crowd_do_not_wait_for_a_token_in_places() -> None:
    """A call holds no place while it waits for a token: with one place in all, the renewal still comes through."""
    server = TokenServer()
    limits = Limits(concurrency=1)
    made = rig("async", decide=server.decide, auth=bearer(), limiter=limits)

    async def main() -> list[Any]:
        assert isinstance(made.driver, AsyncDriver)
        return await asyncio.wait_for(asyncio.gather(*(made.driver.run(operation()) for _ in range(5))), 20)

    assert asyncio.run(main()) == [{"done": True}] * 5
    server.revoked.add("token-1")
    assert asyncio.run(main()) == [{"done": True}] * 5
    assert server.asked == 2


def test_signatures_that_were_never_good_are_final(kind: str) -> None:
    """Wrong keys are sent once, and cost the account's other callers nothing."""
    limits = Limits(concurrency=8)
    made = rig(kind, [DENIED, OK], limiter=limits)
    with pytest.raises(AuthenticationError):
        made.run(operation())
    assert len(made.script.sent) == 1
    assert limits.allowed == 8


def test_signatures_that_were_good_a_moment_ago_are_made_anew(kind: str) -> None:
    """A 401 amid calls that succeed is tried once more, newly signed, after a wait, with half as many calls at once
    (NetSuite under too much concurrency)."""
    limits = Limits(concurrency=8)
    made = rig(kind, [OK, DENIED, OK], limiter=limits)
    made.run(operation())
    assert made.run(operation(Safety.ONCE)) == {"done": True}
    assert limits.allowed == 4
    assert made.clock.slept == [0.5]
    assert len(set(made.script.proofs)) == 3


def test_signatures_that_are_refused_twice_are_bad(kind: str) -> None:
    """Revoked keys: the first call tries twice, every later one only once, until one is taken again."""
    limits = Limits(concurrency=8)
    made = rig(kind, [OK, DENIED], limiter=limits)
    made.run(operation())
    for expected in (3, 4, 5):
        with pytest.raises(AuthenticationError):
            made.run(operation())
        assert len(made.script.sent) == expected
    assert limits.allowed == 4


def test_long_ago_is_not_a_moment_ago(kind: str) -> None:
    """Signatures that were good some minutes ago say nothing about now."""
    made = rig(kind, [OK, DENIED])
    made.run(operation())
    made.clock.advance(121)
    with pytest.raises(AuthenticationError):
        made.run(operation())
    assert len(made.script.sent) == 2


def test_clients_of_one_account_know_of_each_other(kind: str) -> None:
    """What one client learns of shared credentials, another one knows."""
    auth = oauth1()
    clock = FakeClock()
    rig(kind, [OK], auth=auth, clock=clock).run(operation())
    other = rig(kind, [DENIED, OK], auth=auth, clock=clock)
    assert other.run(operation()) == {"done": True}
