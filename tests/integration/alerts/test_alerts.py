"""Somebody hears of it, by mail and by webhook, over a real mail server and a real web server (G4, G6)."""

from __future__ import annotations

import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.colors import ColorSync
from support.inboxes import MailServer, WaitingClock, WebServer, eventually, self_signed
from support.wire import Wire, silent
from support.world import World

from zoey_netsuite import (
    Alert,
    ConfigurationError,
    EmailAlerts,
    Event,
    Guard,
    Hold,
    Report,
    RunEnded,
    SyncReport,
    Timing,
    UnitEnded,
    WebhookAlerts,
)
from zoey_netsuite.sandbox import Fault

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def mailbox() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def hook() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


def to(server: MailServer, **options: Any) -> EmailAlerts:
    given = {"sender": "ERP <erp@example.com>", "to": ["shop@example.com"], "starttls": False} | options
    return EmailAlerts("127.0.0.1", server.port, **given)


def held(number: int, message: str = "", *, at: datetime = AT, cause: str = "mapping item") -> UnitEnded:
    words = message or f"orders {number}: no item"
    return UnitEnded("acme", "orders", str(number), "held", str(number), None, words, cause, at=at)


def ended(*, at: datetime = AT, **outcomes: int) -> RunEnded:
    part = SyncReport("orders", sum(outcomes.values()), outcomes=outcomes)
    return RunEnded("acme", Report("acme", at, 1.0, False, {"orders": part}, {}), at=at)


def tell(alerts: EmailAlerts | WebhookAlerts, *events: Event, sent: bool = True) -> None:
    for event in events:
        alerts.on_event(event)
    assert alerts.close() is sent


def test_one_message_for_5000_records_of_one_cause(mailbox: MailServer, hook: WebServer) -> None:
    events: list[Event] = [held(number) for number in range(5000)]
    events += [held(1, "orders 1: no buyer", cause="buyer"), ended(held=5001)]
    tell(to(mailbox), *events)
    tell(WebhookAlerts(hook.url, headers={"Authorization": "Bearer abc"}), *events)

    subjects = ["acme: orders: 5,000 records held (mapping item)", "acme: orders: 1 record held (buyer)"]
    assert mailbox.subjects == subjects
    body = mailbox.mails[0].get_content()
    assert "orders 0: no item" in body
    assert "… and 4,997 more." in body
    assert [alert["subject"] for alert in hook.received] == subjects
    assert hook.received[0]["count"] == 5000
    assert hook.received[0]["text"].startswith(subjects[0])
    assert hook.headers[0]["authorization"] == "Bearer abc"


def test_a_long_run_is_not_waited_for(mailbox: MailServer) -> None:
    """A first run of hours: what is held at its beginning is told after a quarter of an hour, and once."""
    late = AT + timedelta(minutes=16)
    tell(to(mailbox), *(held(number) for number in range(3)), held(3, at=late), held(4, at=late))
    assert mailbox.subjects == ["acme: orders: 4 records held (mapping item)"]


def test_many_causes_are_no_flood(mailbox: MailServer) -> None:
    tell(to(mailbox), *(held(number, cause=f"cause {number}") for number in range(100)), ended(held=100))
    assert len(mailbox.mails) == 21
    assert mailbox.subjects[-1] == "acme: 80 more records of 80 other causes"


def test_a_system_fails_and_is_back(world: World, mailbox: MailServer) -> None:
    """One when it fails, however often it is tried, and one when it is back."""
    alerts = to(mailbox)
    integration = world.integration(observers=[alerts])
    faults = world.sandbox.netsuite.faults
    faults.add(Fault("503", times=None))
    for _ in range(3):
        integration.run()
        world.later(minutes=1)
    faults.clear()
    world.later(minutes=20)
    integration.run().raise_for_failure()
    assert alerts.close()

    assert mailbox.subjects == ["acme: netsuite failed (outage)", "acme: netsuite works again"]
    assert "503" in mailbox.mails[0].get_content()


def test_what_is_older_than_a_limit_is_told_once(world: World, hook: WebServer) -> None:
    """By any process: the store keeps what was told."""

    def hold(unit: Any) -> Hold:
        return Hold(f"{unit.id} is red", cause="red")

    colors = {"a": "red", "b": "red"}

    def run() -> None:
        alerts = WebhookAlerts(hook.url)
        integration = world.integration(
            ColorSync(colors, apply=hold), observers=[alerts], timing=Timing(overdue=3 * 86400)
        )
        integration.run()
        assert alerts.close()

    run()
    world.later(days=1)
    colors["c"] = "red"
    run()
    hook.received.clear()
    world.later(days=2, hours=1)
    for _ in range(3):
        run()
        world.later(hours=1)
    assert [(one["kind"], one["count"]) for one in hook.received] == [("overdue", 2)]
    assert "a is red" in hook.received[0]["text"]
    assert "2026-03-02 09:00:" in hook.received[0]["text"]
    world.later(days=1)
    run()
    assert [(one["kind"], one["count"]) for one in hook.received[1:]] == [("overdue", 1)]


def test_a_guard_asks_once(world: World, hook: WebServer) -> None:
    """G7: what a guard holds has no event of its own."""
    for product in range(101, 109):
        world.set_zoey(product, 5)
        world.set_netsuite(product - 100, 0, 0, 0)
    alerts = WebhookAlerts(hook.url)
    integration = world.integration(observers=[alerts], guards=[Guard("zero_stock", max_share=0.1, min_count=3)])
    integration.run(dry_run=True)
    for _ in range(3):
        integration.run()
    assert alerts.close()
    assert [(one["kind"], one["count"]) for one in hook.received] == [("guard", 8)]
    assert "zero_stock" in hook.received[0]["text"]


@pytest.mark.parametrize("kind", ["mail", "web"])
def test_a_server_that_is_down_delays_nothing(kind: str, mailbox: MailServer) -> None:
    """Neither one that refuses connections nor one that takes them and is silent."""
    mailbox.stop()
    given: list[EmailAlerts | WebhookAlerts] = []
    with Wire(silent) as wire:
        port = int(wire.url.rpartition(":")[2])
        for dead in (mailbox.port, port):
            alerts: EmailAlerts | WebhookAlerts = WebhookAlerts(f"http://127.0.0.1:{dead}/", timeout=5)
            if kind == "mail":
                alerts = EmailAlerts("127.0.0.1", dead, sender="a@b.example", to=["c@d.example"], timeout=5)
            given.append(alerts)
            began = time.monotonic()
            for number in range(2000):
                alerts.on_event(held(number, cause=str(number % 1500)))
            alerts.on_event(ended(held=2000))
            assert time.monotonic() - began < 2
            began = time.monotonic()
            assert not alerts.close(timeout=0.2)
            assert time.monotonic() - began < 2
    for alerts in given:
        alerts.close()


def test_tried_again_until_the_server_is_back(mailbox: MailServer) -> None:
    mailbox.stop()
    clock = WaitingClock(lambda waits: mailbox.start() if waits == 3 else None)
    alerts = to(mailbox, clock=clock)
    for number in (1, 2):
        alerts.on_event(held(number))
        alerts.on_event(ended(held=1))
    eventually(lambda: len(mailbox.received) == 2)
    assert clock.slept == [10, 30, 60]
    assert [mail.get_content().count("no item") for mail in mailbox.mails] == [1, 1]


@pytest.mark.parametrize(("status", "asked"), [(404, 1), (302, 1), (429, 11), (500, 11)])
def test_what_is_refused_for_good_does_not_stop_the_next(hook: WebServer, status: int, asked: int) -> None:
    """Redirects are not followed; what may pass is tried for hours, and then given up."""
    hook.status = status
    alerts = WebhookAlerts(hook.url, clock=WaitingClock(lambda waits: None))
    alerts.on_event(held(1))
    alerts.on_event(ended(held=1))
    eventually(lambda: hook.asked == asked)
    alerts.close()
    hook.status = 200
    alerts.on_event(held(2))
    alerts.on_event(ended(held=1))
    alerts.close()
    assert [one["count"] for one in hook.received] == [1]


def test_a_mail_refused_for_good_does_not_stop_the_next(mailbox: MailServer) -> None:
    mailbox.answer = "554 no"
    alerts = to(mailbox, clock=WaitingClock(lambda waits: None))
    tell(alerts, held(1), ended(held=1), sent=False)
    mailbox.answer = "250 OK"
    tell(alerts, held(2), ended(held=1))
    assert len(mailbox.received) == 1


EVIL = "ORDER-1\r\nBcc: thief@example.com\r\n\r\nhello\u2028X\x85Y\x1b[2Jz\ud800\x00é"


def test_line_breaks_in_values_never_reach_a_header(mailbox: MailServer, hook: WebServer) -> None:
    for alerts in (to(mailbox), WebhookAlerts(hook.url)):
        tell(alerts, held(1, f"orders {EVIL}", cause=EVIL), ended(held=1))
    (mail,) = mailbox.mails
    head, _, _ = mailbox.received[0].partition(b"\r\n\r\n")
    assert b"\nbcc:" not in head.lower()
    assert sorted(mail.keys()) == sorted(
        ["Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", *_content_headers(mail)]
    )
    assert mail["To"] == "shop@example.com"
    assert mail["Subject"].startswith(
        "acme: orders: 1 record held (ORDER-1 Bcc: thief@example.com hello X  Y\\u001b[2Jz"
    )
    assert any("ORDER-1 Bcc:" in line and "é" in line for line in mail.get_content().splitlines())
    assert "\x1b" not in mail.get_content()
    (posted,) = hook.received
    assert all(len(line.splitlines()) == 1 for line in posted["lines"])


def _content_headers(mail: Any) -> list[str]:
    return [name for name in mail if name.lower().startswith("content-")]


def test_tls_and_a_password(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As mail providers have it; a wrong password is tried again, and never shown."""
    certificate = self_signed(tmp_path)
    trusted = ssl.create_default_context(cafile=certificate)
    with MailServer(certificate=certificate, password="s3cret-word") as server:
        right = to(server, starttls=True, tls=trusted, credentials=("erp", "s3cret-word"))
        tell(right, held(1), ended(held=1))
        assert len(server.received) == 1
        assert "s3cret" not in repr(right)
        for options in (
            {"tls": trusted, "credentials": ("erp", "s3cret-wrong")},
            {"credentials": ("erp", "s3cret-word")},
        ):
            wrong = to(server, starttls=True, clock=WaitingClock(lambda waits: None), **options)
            tell(wrong, held(1), ended(held=1), sent=False)
        assert len(server.received) == 1
    assert "535" in caplog.text
    assert "CERTIFICATE_VERIFY_FAILED" in caplog.text
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize(
    "options",
    [
        {"sender": "no address"},
        {"sender": "a@b.example\r\nBcc: c@d.example"},
        {"to": "a@b.example"},
        {"to": []},
        {"to": ["a@b.example, c@d.example"]},
        {"credentials": ("pa55",)},
        {"credentials": ("erp", "pa55"), "host": "mail.example.com"},
        {"port": 0},
    ],
)
def test_wrong_settings_are_refused(options: dict[str, Any]) -> None:
    given = {"sender": "a@b.example", "to": ["c@d.example"], "host": "127.0.0.1", "starttls": False} | options
    with pytest.raises(ConfigurationError) as caught:
        EmailAlerts(**given)
    assert "pa55" not in str(caught.value)


@pytest.mark.parametrize("url", ["ftp://a.example/x", "https://a.example/x\r\nHost: b", "a.example", "", 5])
def test_addresses_that_are_none_are_refused(url: Any) -> None:
    with pytest.raises(ConfigurationError):
        WebhookAlerts(url)


def test_an_address_without_tls_is_refused_unless_it_is_this_machine() -> None:
    """The message shows no address: it is often a password."""
    with pytest.raises(ConfigurationError, match="allow_http=True") as caught:
        WebhookAlerts("http://a.example/T0/secret")
    assert "secret" not in str(caught.value)
    WebhookAlerts("http://127.0.0.1:9/")
    WebhookAlerts("http://a.example/", allow_http=True)


def test_a_header_with_a_line_break_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        WebhookAlerts("https://a.example/", headers={"x": "1\r\ny: 2"})


def test_a_format_of_ones_own(hook: WebServer) -> None:
    def pager(alert: Alert) -> object:
        return {"summary": alert.subject, "severity": "critical" if alert.kind == "system failed" else "warning"}

    tell(WebhookAlerts(hook.url, format=pager), held(1), ended(held=1))
    assert hook.received == [{"summary": "acme: orders: 1 record held (mapping item)", "severity": "warning"}]


def test_a_program_that_ends_sends_what_waits(hook: WebServer) -> None:
    """One that cron starts: its last line is no reason to lose the alert."""
    program = f"""
from datetime import datetime, UTC
from zoey_netsuite import WebhookAlerts, SystemFailed, SystemFailure
failure = SystemFailure("no answer", system="netsuite", cause="outage")
WebhookAlerts({hook.url!r}).on_event(SystemFailed("acme", failure, at=datetime.now(UTC)))
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    assert [one["kind"] for one in hook.received] == ["system failed"]
