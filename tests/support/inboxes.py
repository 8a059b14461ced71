"""Where alerts arrive: a mail server and a web server, both real, on this machine."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from zoey_netsuite.testing.clock import FakeClock


class _AnyPort(Controller):
    """Takes the port that it was given for port 0."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class MailServer:
    """Keeps what it is sent. A context manager.

    Attributes:
        answer: to each message, after it has come whole.
        port: the same each time it is started.
    """

    def __init__(self, *, certificate: Path | None = None, password: str | None = None) -> None:
        self.received: list[bytes] = []
        self.answer = "250 OK"
        options: dict[str, Any] = {}
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            options = {"tls_context": context, "require_starttls": True}
        if password is not None:
            options |= {"authenticator": self._knows(password), "auth_required": True}
        self._options = options
        self._controller = _AnyPort(self)
        self.port = 0
        self._running = False

    @staticmethod
    def _knows(password: str) -> Callable[..., AuthResult]:
        def authenticate(server: SMTP, session: Session, envelope: Envelope, how: str, given: Any) -> AuthResult:
            return AuthResult(success=given.password.decode() == password, handled=given.password.decode() == password)

        return authenticate

    def start(self) -> None:
        self._controller = _AnyPort(self, hostname="127.0.0.1", port=self.port, **self._options)
        self._controller.start()
        self.port = self._controller.port
        self._running = True

    def stop(self) -> None:
        if self._running:
            self._running = False
            self._controller.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        if self.answer.startswith("250"):
            self.received.append(envelope.content)
        return self.answer

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=default) for content in self.received]  # type: ignore[misc]

    @property
    def subjects(self) -> list[str]:
        return [mail["Subject"] for mail in self.mails]


class WebServer:
    """Keeps what is posted to it. A context manager.

    Attributes:
        status: of its answers.
    """

    def __init__(self) -> None:
        self.received: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.asked = 0
        self.status = 200
        kept = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["content-length"]))
                kept.asked += 1
                if kept.status == 200:
                    kept.received.append(json.loads(content))
                    kept.headers.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(kept.status)
                self.send_header("location", "/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


class WaitingClock(FakeClock):
    """A clock that calls `on_wait` each time that something waits, and then lets it go on at once."""

    def __init__(self, on_wait: Callable[[int], None]) -> None:
        super().__init__()
        self.on_wait = on_wait

    def wait(self, event: threading.Event, seconds: float) -> bool:
        self.slept.append(seconds)
        self.on_wait(len(self.slept))
        return event.is_set()


def eventually(true: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until something that another thread does has come true."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.005)


def self_signed(folder: Path) -> Path:
    """A certificate for this machine, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path
