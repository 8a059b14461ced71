"""What is sent again, when, and what is told when it ends: each with the blocking and the async driver."""

from __future__ import annotations

import asyncio
import logging
import threading
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.scripted import FULL, OK, Came, answer, operation, rig

from zoey_netsuite.errors import (
    APIError,
    BusyError,
    InvalidFieldError,
    OutcomeUnknown,
    ServerError,
    TransportError,
    UnexpectedAnswerError,
)
from zoey_netsuite.http import AsyncDriver, CallRecord, Driver, Limits, Pages, ResultPage, Retry, Safety
from zoey_netsuite.http.deadline import starting_only_while
from zoey_netsuite.testing.clock import FakeClock

UNSENT = TransportError("refused", sent=False)
LOST = TransportError("reset", sent=True)
BUSY = answer(429, {"message": "too many"})
BROKEN = answer(500, {"message": "oops"})
PAGE = answer(200, b"<html>maintenance</html>", content_type="text/html")


@pytest.mark.parametrize("safety", [Safety.READ, Safety.REPEATABLE, Safety.ONCE])
@pytest.mark.parametrize("trouble", [UNSENT, ConnectionRefusedError("nobody"), BUSY], ids=["unsent", "refused", "429"])
def test_what_was_not_carried_out_is_sent_again(kind: str, safety: Safety, trouble: Came) -> None:
    """A call that never arrived, or was refused for there being too many, is made again, whatever it does."""
    made = rig(kind, [trouble, trouble, OK])
    assert made.run(operation(safety)) == {"done": True}
    assert len(made.script.sent) == 3
    assert made.clock.slept == [0.5, 1.0]
    assert len(set(made.script.proofs)) == 3


@pytest.mark.parametrize("trouble", [LOST, TimeoutError(), ConnectionResetError(), BROKEN, PAGE])
def test_reads_are_repeated(kind: str, trouble: Came) -> None:
    """A lost answer, a failure of the server and an unreadable success cost a read nothing but time."""
    for safety in (Safety.READ, Safety.REPEATABLE):
        made = rig(kind, [trouble, OK])
        assert made.run(operation(safety)) == {"done": True}
        assert len(made.script.sent) == 2


@pytest.mark.parametrize("trouble", [LOST, TimeoutError(), ConnectionResetError(), BROKEN, PAGE])
@pytest.mark.parametrize("before", [0, 2])
def test_once_only_writes_are_never_repeated(kind: str, trouble: Came, before: int) -> None:
    """O1: a write that must not be doubled ends as soon as nobody knows what came of it."""
    made = rig(kind, [*[BUSY] * before, trouble, OK])
    write = operation(Safety.ONCE, json={"total": 1})
    with pytest.raises(OutcomeUnknown) as caught:
        made.run(write)
    assert len(made.script.sent) == before + 1
    assert caught.value.operation is write
    assert caught.value.sent
    assert caught.value.system == "netsuite"
    assert "update salesOrder 4711" in str(caught.value)
    assert caught.value.__cause__ is not None


ENDS: list[tuple[Came, type[Exception]]] = [
    (UNSENT, TransportError),
    (LOST, TransportError),
    (BUSY, BusyError),
    (BROKEN, ServerError),
    (PAGE, UnexpectedAnswerError),
]


@pytest.mark.parametrize(("trouble", "expected"), ENDS)
def test_patience_ends(kind: str, trouble: Came, expected: type[APIError | TransportError]) -> None:
    """After the last attempt the error says how often and how long it was tried, on which record, at which system."""
    made = rig(kind, [trouble])
    with pytest.raises(expected, match=r"update salesOrder 4711.*\(Tried 5 times over 7\.5 s\.\)$") as caught:
        made.run(operation())
    assert type(caught.value) is expected
    assert made.clock.slept == [0.5, 1.0, 2.0, 4.0]
    assert caught.value.system == "netsuite"  # type: ignore[attr-defined]  # both have it


def test_other_refusals_are_raised_at_once(kind: str) -> None:
    """A refusal that repeating cannot mend is raised, unadorned."""
    made = rig(kind, [answer(400, {"message": "no such field"}), OK])
    with pytest.raises(InvalidFieldError, match="no such field") as caught:
        made.run(operation())
    assert len(made.script.sent) == 1
    assert "Tried" not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "0"}, 0.5),
        ({"retry_after": "7000"}, 60.0),
        ({"retry_after": "-3"}, 0.5),
        ({"retry_after": "inf"}, 0.5),
        ({"retry_after": "soon"}, 0.5),
        ({"retry_after": "Mon, 02 Mar 2026 09:00:09 GMT"}, 9.0),
        ({"retry_after": "Mon, 02 Mar 2026 05:00:20 GMT", "date": "Mon, 02 Mar 2026 05:00:08 GMT"}, 12.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honored_within_bounds(kind: str, headers: dict[str, str], seconds: float, status: int) -> None:
    """What the server asks to wait is waited: seconds or a date by its own clock, at most the configured longest."""
    made = rig(kind, [answer(status, None, **headers), OK])
    made.run(operation())
    assert sum(made.clock.slept) == pytest.approx(seconds, abs=0.01)


@given(st.floats(0, 1e9), st.integers(1, 2000), st.floats(0, 1), st.floats(0, 100), st.floats(0, 100))
def test_waits_stay_within_bounds(asked: float, attempt: int, share: float, base: float, maximum: float) -> None:
    """No wait is negative or beyond the longest, and none is shorter than asked for within it."""
    retry = Retry(base=base, maximum=maximum, random=lambda: share)
    assert 0 <= retry.wait(attempt, None) <= maximum
    assert min(asked, maximum) <= retry.wait(attempt, asked) <= maximum


def test_total_time_is_bounded(kind: str) -> None:
    """No attempt is begun after the total time that a call may take."""
    made = rig(kind, [BUSY], retry=Retry(attempts=100, base=10, maximum=60, total=100, random=lambda: 1.0))
    with pytest.raises(BusyError):
        made.run(operation())
    assert made.clock.slept == [10, 20, 40]


def test_retries_take_their_place_again(kind: str) -> None:
    """While a call waits for its next attempt its place is free, and no place is lost at the end."""
    limits = Limits(concurrency=1)
    made = rig(kind, [BUSY, LOST, OK], limiter=limits)
    assert made.run(operation()) == {"done": True}
    assert limits.in_flight == 0


def test_failing_readers_give_back_their_place(kind: str) -> None:
    """A reader of the user's that fails with an error of its own loses no place."""

    def read(response: Any) -> None:
        raise KeyError("mine")

    limits = Limits(concurrency=1)
    made = rig(kind, limiter=limits)
    with pytest.raises(KeyError):
        made.run(operation(read=read))
    assert limits.in_flight == 0
    assert made.run(operation()) == {"done": True}


def test_lists_are_read_as_they_are_needed(kind: str) -> None:
    """A page is asked for when its first item is, and the last one ends the list."""

    def page(number: int) -> Any:
        after = page(number + 1) if number < 2 else None
        return operation(read=lambda response: ResultPage([number * 10, number * 10 + 1], after))

    made = rig(kind)
    if isinstance(made.driver, Driver):
        items = made.driver.iterate(Pages(page(0)))
        assert next(items) == 0
        assert len(made.script.sent) == 1
        assert list(items) == [1, 10, 11, 20, 21]
    else:

        async def read(driver: AsyncDriver) -> list[int]:
            return [item async for item in driver.iterate(Pages(page(0)))]

        assert asyncio.run(read(made.driver)) == [0, 1, 10, 11, 20, 21]
    assert len(made.script.sent) == 3


def test_calls_are_counted_and_told(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """E6: every request is counted by kind, told to the hook, and logged, with its attempt and sizes."""
    told: list[CallRecord] = []
    made = rig(kind, [LOST, answer(200, {"a": 1})], on_call=told.append)
    with caplog.at_level(logging.DEBUG, "zoey_netsuite.http"):
        made.run(operation(json={"b": 2}))
    assert made.driver.calls == {"record.update": 2}
    first, second = told
    assert (first.status, first.attempt, first.sent, first.received) == (None, 1, 7, 0)
    assert (second.status, second.attempt, second.sent, second.received) == (200, 2, 7, 8)
    assert {(record.system, record.kind, record.method) for record in told} == {("netsuite", "record.update", "PATCH")}
    assert [record.call for record in caplog.records if hasattr(record, "call")] == told
    assert "update salesOrder 4711: again in 0.5 s" in caplog.text
    assert "reset" in caplog.text


def test_a_failing_hook_undoes_nothing(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """A counter of the user's that fails is logged; the write was made all the same."""

    def fail(record: CallRecord) -> None:
        raise RuntimeError("my database is away")

    made = rig(kind, on_call=fail)
    assert made.run(operation(Safety.ONCE)) == {"done": True}
    assert "on_call failed" in caplog.text


def test_counting_is_safe_with_threads() -> None:
    """Many threads on one driver: no call is lost from the count or kept from the hook, no proof is used twice."""
    told: list[CallRecord] = []
    made = rig("blocking", on_call=told.append, limiter=Limits(concurrency=3))
    threads = [threading.Thread(target=lambda: [made.run(operation()) for _ in range(50)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert made.driver.calls == {"record.update": 400}
    assert len(told) == 400
    assert len(set(made.script.proofs)) == 400


def test_clocks_that_differ_are_named(kind: str) -> None:
    """A refused signature names the difference of the clocks, when that may be why."""
    clock = FakeClock()
    date = format_datetime(clock.now() + timedelta(seconds=600), usegmt=True)
    with pytest.raises(APIError, match="clock is 600 s behind netsuite's"):
        rig(kind, [answer(401, {}, date=date)], clock=clock).run(operation())


def test_cancelled_calls_lose_nothing() -> None:
    """A task that is cancelled while its call is under way gives its place back, and the call is counted."""

    class Silent:
        async def send(self, request: Any) -> Any:
            await asyncio.Event().wait()

        async def aclose(self) -> None:
            pass

    async def main() -> None:
        limits = Limits(concurrency=1)
        made = rig("async", limiter=limits)
        assert isinstance(made.driver, AsyncDriver)
        answering, made.driver.transport = made.driver.transport, Silent()
        task = asyncio.create_task(made.driver.run(operation(Safety.ONCE)))
        while not limits.in_flight:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert limits.in_flight == 0
        assert made.driver.calls == {"record.update": 1}
        made.driver.transport = answering
        assert await made.driver.run(operation()) == {"done": True}

    asyncio.run(main())


def test_one_async_driver_under_several_loops() -> None:
    """Event loops that come one after the other share a driver, its limits and its token."""
    made = rig("async", limiter=Limits(concurrency=1), retry=FULL)
    assert [made.run(operation()) for _ in range(3)] == [{"done": True}] * 3


@pytest.mark.parametrize("last", [UNSENT, BUSY], ids=["unsent", "429"])
def test_a_lost_answer_is_not_forgotten(kind: str, last: Came) -> None:
    """O1: a repeatable write (a batch under its key) may have happened although the attempts after it were in vain."""
    made = rig(kind, [LOST, *[last] * 9])
    with pytest.raises(OutcomeUnknown):
        made.run(operation(Safety.REPEATABLE))


def test_a_lost_answer_and_no_time_for_another_attempt(kind: str) -> None:
    """O1: it is too late to send it again, and it may have happened all the same."""
    made = rig(kind, [LOST, OK])
    with starting_only_while(lambda: not made.script.sent), pytest.raises(OutcomeUnknown):
        made.run(operation(Safety.REPEATABLE))
    assert len(made.script.sent) == 1

    with starting_only_while(lambda: False), pytest.raises(TransportError) as unsent:
        made.run(operation(Safety.REPEATABLE))
    assert not unsent.value.sent
