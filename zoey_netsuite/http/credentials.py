"""Credentials as they are given: from environment variables, checked, and never shown."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from zoey_netsuite.checks import described, must_have, must_take
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.http.auth import Authenticator
from zoey_netsuite.http.urls import needs_no_encryption


class Bound:
    """What credentials were made ready for, so that all clients of one account share a token.

    Copies and pickles of the credentials begin with nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[Hashable, Authenticator] = {}

    def get(self, place: Hashable, make: Callable[[], Authenticator]) -> Authenticator:
        """The one for that place, made if need be."""
        with self._lock:
            if place not in self._made:
                self._made[place] = make()
            return self._made[place]

    def __reduce__(self) -> tuple[type[Bound], tuple[()]]:
        return Bound, ()


def bound(auth: object, takes: str, *places: str) -> Authenticator:
    """Credentials made ready for a place.

    Args:
        takes: which credentials are meant, for the message.

    Raises:
        ConfigurationError: they are none, or another system's.
    """
    must_have("auth", auth, ["bind"], takes)
    bind = cast("Callable[..., Authenticator]", getattr(auth, "bind", None))
    must_take("auth", bind, len(places), takes)
    return bind(*places)


def read_environment(kind: str, prefix: object, names: Sequence[str]) -> dict[str, str]:
    """Settings from environment variables, `PREFIX` + the name in capitals; `…_FILE` names a file that holds the value.

    White space around a value is dropped: files and shells like to leave a line's end.

    Raises:
        ConfigurationError: naming every variable that is missing, or the file that can't be read.
    """
    if not isinstance(prefix, str):
        raise ConfigurationError(
            f"{kind}.from_env: prefix takes the beginning of the variables' names as text, not {described(prefix)}"
        )
    found: dict[str, str] = {}
    missing: list[str] = []
    for name in names:
        variable = f"{prefix}{name.upper()}"
        value = os.environ.get(variable, "").strip() or _read_file(f"{variable}_FILE")
        if value:
            found[name] = value
        else:
            missing.append(variable)
    if missing:
        some = "the environment variables" if len(missing) > 1 else "the environment variable"
        are = "which are not set" if len(missing) > 1 else "which is not set"
        remedy = f"Set {'them' if len(missing) > 1 else 'it'}, or {missing[0]}_FILE with the name of a file."
        raise ConfigurationError(f"{kind} needs {some} {', '.join(missing)}, {are}. {remedy}")
    return found


def must_be_text(kind: str, values: Mapping[str, object]) -> None:
    """Refuse credentials that cannot be right, without showing any.

    Raises:
        ConfigurationError: naming those that are empty, no text, or surrounded by white space.
    """
    wrong = [name for name, value in values.items() if not isinstance(value, str) or not value.strip()]
    if wrong:
        raise ConfigurationError(f"{kind} needs {', '.join(wrong)}: given as text, and not empty")
    loose = [name for name, value in values.items() if value != str(value).strip()]
    if loose:
        raise ConfigurationError(f"{kind}: {', '.join(loose)} begins or ends with white space, which no key does")


def must_be_line(kind: str, values: Mapping[str, object]) -> None:
    """Refuse credentials of which a part cannot be sent: no key has line breaks or control characters.

    Raises:
        ConfigurationError: naming those.
    """
    must_be_text(kind, values)
    broken = [name for name, value in values.items() if not str(value).isprintable()]
    if broken:
        raise ConfigurationError(f"{kind}: {', '.join(broken)} holds a line break or another control character")


def must_be_token_url(kind: str, url: str) -> None:
    """Refuse an address to which credentials cannot or must not be sent.

    Raises:
        ConfigurationError: it is none, holds a password, or is unencrypted and not on this machine.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("https", "http") or not host:
        raise ConfigurationError(f"{kind}'s token_url is no address such as https://shop.example.com/oauth/token")
    if "@" in parts.netloc:
        raise ConfigurationError(f"{kind}'s token_url holds a user or a password: give the bare address")
    if parts.scheme == "http" and not needs_no_encryption(host):
        raise ConfigurationError(f"{kind}'s token_url would send the secret unencrypted: write https")


def _read_file(variable: str) -> str:
    name = os.environ.get(variable)
    if not name:
        return ""
    try:
        return Path(name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        cause = error if isinstance(error, OSError) else None  # the other one holds the file's bytes
        raise ConfigurationError(f"{variable} names a file that can't be read: {why}") from cause
