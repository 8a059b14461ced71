"""Lines for people: how what reports, findings and errors say is put on paper."""

from __future__ import annotations

import json
import re
import textwrap
from datetime import datetime
from hashlib import sha256

WIDTH = 120
"""Columns of a line that is printed."""

_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, halves of characters, and marks that turn the direction of reading."""


def one_line(text: str) -> str:
    """Text that stays on the line it is written on: a blank for line breaks and tabs, and what moves a terminal's
    cursor or can't be written is shown by its number.
    """
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", _BREAKS.sub(" ", text))


NAMELESS = "without id "
"""What the name of a record begins with whose id can't be read; no id begins so."""


def nameless(record: object) -> str:
    """A name for a record whose id can't be read: the same whenever the same record comes."""
    return f"{NAMELESS}{sha256(json.dumps(record, sort_keys=True, default=str).encode()).hexdigest()[:12]}"


def is_nameless(id: str) -> bool:
    """Whether this names a record whose id can't be read, so that nobody can ask for it alone."""
    return id.startswith(NAMELESS)


def wrapped(line: str) -> str:
    """A line as a paragraph: what does not fit goes on below, two spaces further in than the line begins."""
    text = line.lstrip(" ")
    indent = " " * (len(line) - len(text))
    return textwrap.fill(
        one_line(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def sentences(what: str, more: str) -> str:
    """Two remarks in a row: the first gets its full stop, where it has none and another one follows."""
    if not what or not more:
        return what or more
    return f"{what} {more}" if what.endswith((".", "!", "?")) else f"{what}. {more}"


def extra(*names: str) -> str:
    """The command that installs what comes with an extra. Until the first release there is only a checkout."""
    return f'pip install ".[{",".join(names)}]" in a checkout of zoey-netsuite'


def moment(at: datetime) -> str:
    """A moment in UTC, to the second: `2026-03-02 09:15:00 UTC`."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
