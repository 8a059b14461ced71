"""Texts as NetSuite takes them: on one line, without control characters, and no longer than their field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias, cast

from zoey_netsuite.checks import must_be_a, must_be_number
from zoey_netsuite.entities import JSON
from zoey_netsuite.errors import MappingError

TooLong: TypeAlias = Literal["hold", "shorten"]

NETSUITE_LENGTHS: Mapping[str, int] = MappingProxyType(
    {
        "otherRefNum": 45,
        "memo": 999,
        "email": 254,
        "addressee": 83,
        "attention": 83,
        "addr1": 150,
        "addr2": 150,
        "addr3": 150,
        "city": 50,
        "state": 30,
        "zip": 36,
        "addrPhone": 32,
        "entityId": 80,
        "companyName": 83,
        "firstName": 32,
        "middleName": 32,
        "lastName": 32,
        "title": 64,
        "phone": 32,
        "label": 50,
    }
)
"""How long NetSuite's standard fields may be, in bytes of UTF-8 (NetSuite: Field Type Descriptions for Custom Fields).

A custom field's length is the account's own: add it, `max_lengths={**NETSUITE_LENGTHS, "custbody_gift": 300}`.
"""

_BREAKS = re.compile(r"\s*[\r\n\t\v\f\x1c-\x1f\x85\u2028\u2029]\s*")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x9f]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def cleaned(text: str | None) -> str | None:
    """A name, a street line, a number: line breaks become blanks, other control characters vanish.

    None where nothing is left that can be seen.
    """
    kept = _CONTROLS.sub("", _BREAKS.sub(" ", text or "")).strip()
    return kept if any(unicodedata.category(letter)[0] not in "CZ" for letter in kept) else None


def size(text: str) -> int:
    """How much of a field's length a text takes."""
    return len(text.encode("utf-8", "surrogatepass"))


def fitted(
    payload: Mapping[str, JSON], limits: Mapping[str, int], too_long: TooLong, record: str, setting: str
) -> dict[str, JSON]:
    """A payload whose texts NetSuite takes: without control characters but line breaks, each within its field's length.

    Args:
        payload: with its subrecords and sublists.
        limits: by the name of the field, wherever it stands.
        too_long: what happens to longer ones.
        record: which record this is, for messages.
        setting: what shortens them, for messages: "OrderMapper(too_long=…)".

    Raises:
        MappingError: texts are too long, all of which are named; or one is no text that can be sent.
    """
    problems: list[tuple[str, str]] = []

    def fit(name: str, value: JSON) -> JSON:
        if isinstance(value, Mapping):
            fields = cast("Mapping[str, JSON]", value)
            return {each: fit(each, inner) for each, inner in fields.items()}
        if isinstance(value, list | tuple):
            return [fit(name, each) for each in cast("list[JSON]", value)]
        if not isinstance(value, str):
            return value
        text = _NO_TEXT.sub("", value)
        limit = limits.get(name)
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            problems.append((name, f"{name} {ascii(text)[:80]} holds half a character (a lone surrogate)"))
        elif limit is not None and size(text) > limit:
            if too_long == "shorten":
                return text.encode()[:limit].decode(errors="ignore").rstrip()
            shown = text if len(text) <= 60 else f"{text[:57]}…"
            problems.append((name, f"{name} {shown!r} is {size(text)} long, and NetSuite takes {limit}"))
        return text

    made = {name: fit(name, value) for name, value in payload.items()}
    if problems:
        told = "; ".join(dict.fromkeys(words for _, words in problems))
        msg = f"{record}: {told}. Correct it in Zoey, then retry; {setting} shortens what is too long by itself"
        raise MappingError(msg, field=problems[0][0])
    return made


def must_be_lengths(what: str, given: object) -> None:
    """Refuse what gives no lengths by field. Raises ConfigurationError."""
    must_be_a(what, given, Mapping, 'a mapping from field to length, e.g. {**NETSUITE_LENGTHS, "custbody_gift": 300}')
    for name, limit in _items(given):
        must_be_number(f"{what}, {name}", limit, least=1, whole=True)


def _items(given: object) -> Iterator[tuple[object, object]]:
    yield from cast("Mapping[object, object]", given).items()
