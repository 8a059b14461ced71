"""Alerts to a web address: chat programs, pagers, a service of your own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from attrs import Factory, field, frozen

from zoey_netsuite.alerts.news import Alert, News
from zoey_netsuite.alerts.outbox import AT_EXIT, Outbox, Refused
from zoey_netsuite.checks import having, must_take, number
from zoey_netsuite.clock import Clock, SystemClock
from zoey_netsuite.engine.observe import Event
from zoey_netsuite.errors import ConfigurationError, TransportError
from zoey_netsuite.http import HttpxTransport, Request, Transport
from zoey_netsuite.http.urls import needs_no_encryption
from zoey_netsuite.state.store import JSON

LATER = (408, 425, 429)
"""Refusals after which it is tried again, as after those from 500 on."""


def _address(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"https?://[^\s/]\S*", value) and value.isprintable():
        return value
    # it is not shown: the address of a chat program's webhook is a password
    raise ConfigurationError('WebhookAlerts(url) takes an address that begins with "https://" or "http://"')


def _may_be_in_clear(alerts: WebhookAlerts, _: object, allowed: bool) -> None:
    address = urlsplit(alerts.url)
    if address.scheme == "http" and not (allowed or needs_no_encryption(address.hostname or "")):
        raise ConfigurationError(
            "WebhookAlerts(url) would send names and orders unencrypted: write https, or say allow_http=True"
        )


def _can_be_called(_: object, __: object, value: Any) -> None:
    must_take("WebhookAlerts(format=…)", value, 1, "a function of one Alert")


def _headers(values: Mapping[str, str] | None) -> Mapping[str, str]:
    for name, value in (values or {}).items():
        if not (isinstance(name, str) and isinstance(value, str) and f"{name}{value}".isprintable()):  # pyright: ignore[reportUnnecessaryIsInstance]  what users give
            raise ConfigurationError("WebhookAlerts(headers=…) takes names and values that are text of one line each")
    return {name.lower(): value for name, value in (values or {}).items()}


def _as_data(alert: Alert) -> JSON:
    return alert.as_data()


def _outbox(alerts: WebhookAlerts) -> Outbox:
    return Outbox(urlsplit(alerts.url).hostname or "the webhook", alerts.deliver, alerts.clock)


@frozen
class WebhookAlerts:
    """Posts JSON to a web address: one for each cause and run, however many records share it; one when a system fails,
    one when it works again; one for records that have waited on the attention list for longer than `Timing.overdue`.

    By default `Alert.as_data()` is sent, whose `text` is what Slack, Mattermost and others show. It is sent on a thread
    of its own and tried again for hours, as `EmailAlerts` does; redirects are not followed.

    Args:
        url: where to; it is never shown.
        headers: to send along, such as `{"authorization": "Bearer …"}`.
        format: makes what is sent from an `Alert`; any JSON.
        timeout: seconds to wait for the answer.
        allow_http: let an address without TLS pass, though it is not on this machine.
        transport: what carries it.
        clock: waits between two tries.

    Raises:
        ConfigurationError: `url` is not an http(s) address, or has no TLS; a header has a line break in it.
    """

    url: str = field(repr=False, converter=_address)
    headers: Mapping[str, str] = field(default=None, kw_only=True, repr=False, converter=_headers)
    format: Callable[[Alert], JSON] = field(default=_as_data, kw_only=True, repr=False, validator=_can_be_called)
    timeout: float = field(default=10.0, kw_only=True, validator=number(above=0))
    allow_http: bool = field(default=False, kw_only=True, repr=False, validator=_may_be_in_clear)
    transport: Transport = field(
        factory=HttpxTransport, kw_only=True, repr=False, validator=having("send", takes="a Transport")
    )
    clock: Clock = field(factory=SystemClock, kw_only=True, repr=False, validator=having("wait", takes="a Clock"))
    _news: News = field(factory=News, init=False, repr=False, eq=False)
    _outbox: Outbox = field(
        default=Factory(_outbox, takes_self=True),
        init=False,
        repr=False,
        eq=False,
    )

    def on_event(self, event: Event) -> None:
        """Take it down, and have sent what is worth it. Returns at once."""
        self._outbox.post(self._news.hear(event))

    def close(self, timeout: float = AT_EXIT) -> bool:
        """Try what waits once more, for so many seconds at the most. Says whether all of it was sent."""
        return self._outbox.close(timeout)

    def deliver(self, alert: Alert) -> None:
        """Send one now, and wait for the answer: for trying the settings.

        Raises:
            TransportError: there was no answer, or one after which it is tried again.
            ZoeyNetSuiteError: it is refused for good, and trying again would not help.
        """
        try:
            content = json.dumps(self.format(alert)).encode()
        except Exception as error:
            raise Refused(f"format failed ({type(error).__name__}: {error})") from error
        headers = {"content-type": "application/json", **self.headers}
        answer = self.transport.send(Request("POST", self.url, headers, content, self.timeout))
        if answer.status >= 500 or answer.status in LATER:
            raise TransportError(f"it answered {answer.status}", sent=True)
        if not 200 <= answer.status < 300:
            raise Refused(f"it answered {answer.status}")
