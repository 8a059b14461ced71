"""Alerts by mail."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

from attrs import Factory, field, frozen

from zoey_netsuite.alerts.news import Alert, News
from zoey_netsuite.alerts.outbox import AT_EXIT, Outbox, Refused
from zoey_netsuite.checks import having, listed, must_be_a, must_be_text, number, text
from zoey_netsuite.clock import Clock, SystemClock
from zoey_netsuite.engine.observe import Event
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.http.urls import needs_no_encryption
from zoey_netsuite.logs import logger_of

IMPLICIT_TLS = 465
"""The port on which servers speak TLS from the first byte on."""

logger = logger_of("alerts")


def _address(what: str, value: object) -> str:
    must_be_text(what, value)
    found = EmailMessage()
    try:
        found["To"] = value
    except (ValueError, MessageError, IndexError) as error:
        raise ConfigurationError(f"{what} takes an e-mail address, not {value!r}: {error}") from error
    header: Any = found["To"]
    if len(header.addresses) != 1 or header.defects or not header.addresses[0].domain:
        raise ConfigurationError(f"{what} takes an e-mail address such as erp@example.com, not {value!r}")
    return str(value)


def _sender(value: object) -> str:
    return _address("EmailAlerts(sender=…)", value)


def _addresses(values: object) -> tuple[str, ...]:
    what = "EmailAlerts(to=…)"
    found = listed(what, values, "e-mail addresses")
    if not found:
        raise ConfigurationError(f"{what} takes at least one e-mail address")
    return tuple(_address(what, value) for value in found)


def _is_pair(_: object, __: object, value: Any) -> None:
    if value is not None:
        takes = "a user name and a password, both text, as a tuple"
        must_be_a("EmailAlerts(credentials=…)", value, tuple, takes)
        if len(value) != 2 or not all(isinstance(one, str) and one for one in value):
            raise ConfigurationError(f"EmailAlerts(credentials=…) takes {takes}")


def _outbox(alerts: EmailAlerts) -> Outbox:
    return Outbox(f"mail server {alerts.host}", alerts.deliver, alerts.clock)


@frozen
class EmailAlerts:
    """Sends mails: one for each cause and run, however many records share it; one when a system fails, one when it
    works again; one for records that have waited on the attention list for longer than `Timing.overdue`.

    Mails go out on a thread of their own, and are tried again for hours; a run never waits for the mail server. When a
    program ends, what waits is tried once more, for 10 seconds at the most. Several threads and integrations may share
    one.

    Args:
        host, port: of the mail server (SMTP). Port 465 means TLS from the start.
        sender: the address that the mails come from.
        to: the addresses that they go to.
        starttls: whether the connection is encrypted. False is for a server on this machine: credentials are never
            sent unencrypted to another one.
        credentials: user name and password, where the server asks for them.
        tls: how the server's certificate is checked; by default as Python does.
        timeout: seconds to wait for each answer of the server.
        clock: waits between two tries.

    Raises:
        ConfigurationError: an address is not an e-mail address, or credentials would be sent unencrypted.
    """

    host: str = field(validator=text())
    port: int = field(default=587, validator=number(least=1, most=65535, whole=True))
    sender: str = field(kw_only=True, converter=_sender)
    to: Sequence[str] = field(kw_only=True, converter=_addresses)
    starttls: bool = field(default=True, kw_only=True)
    credentials: tuple[str, str] | None = field(default=None, kw_only=True, repr=False, validator=_is_pair)
    tls: ssl.SSLContext | None = field(default=None, kw_only=True, repr=False)
    timeout: float = field(default=10.0, kw_only=True, validator=number(above=0))
    clock: Clock = field(factory=SystemClock, kw_only=True, repr=False, validator=having("wait", takes="a Clock"))
    _news: News = field(factory=News, init=False, repr=False, eq=False)
    _outbox: Outbox = field(
        default=Factory(_outbox, takes_self=True),
        init=False,
        repr=False,
        eq=False,
    )

    def __attrs_post_init__(self) -> None:
        if self.credentials and not self.starttls and not needs_no_encryption(self.host):
            raise ConfigurationError(
                f"EmailAlerts(starttls=False) would send the password unencrypted to {self.host}: leave starttls out"
            )

    def on_event(self, event: Event) -> None:
        """Take it down, and have sent what is worth it. Returns at once."""
        self._outbox.post(self._news.hear(event))

    def close(self, timeout: float = AT_EXIT) -> bool:
        """Try what waits once more, for so many seconds at the most. Says whether all of it was sent."""
        return self._outbox.close(timeout)

    def deliver(self, alert: Alert) -> None:
        """Send one now, and wait until the server has taken it: for trying the settings.

        Raises:
            OSError, smtplib.SMTPException: the server can't be reached, or has not taken it.
            ZoeyNetSuiteError: it is refused for good, and trying again would not help.
        """
        message = self._message(alert)
        try:
            with self._connected() as server:
                if self.credentials is not None:
                    server.login(*self.credentials)
                refused = server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= 500 for code, _ in error.recipients.values()):
                raise Refused(f"all recipients ({error})") from error
            raise
        except smtplib.SMTPResponseException as error:
            if error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError):
                raise Refused(f"{error.smtp_code} {error.smtp_error!r}") from error
            raise
        for recipient, answer in refused.items():
            logger.error("mail server %s refused the recipient %s: %r", self.host, recipient, answer)

    def _connected(self) -> smtplib.SMTP:
        context = self.tls or ssl.create_default_context()
        if self.starttls and self.port == IMPLICIT_TLS:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.starttls:
                server.starttls(context=context)
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, alert: Alert) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = alert.subject
        message["From"] = self.sender
        message["To"] = ", ".join(self.to)
        message["Date"] = alert.at
        message["Message-ID"] = make_msgid(domain=message["From"].addresses[0].domain)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(alert.text)
        return message
