"""Rows as objects of the user's own classes: conversions by annotation, and errors that say what does not fit."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal, NewType

import attrs
import pytest

from zoey_netsuite.errors import ConfigurationError, MappingError
from zoey_netsuite.netsuite.errors import RowError
from zoey_netsuite.netsuite.records import payload
from zoey_netsuite.netsuite.rows import row_reader
from zoey_netsuite.netsuite.values import Formats

PACIFIC = Formats(timezone="America/Los_Angeles")
ItemId = NewType("ItemId", str)


class Status(enum.Enum):
    PENDING = "A"
    OPEN = "B"


class Color(str, enum.Enum):  # noqa: UP042 - the form that users have in their code
    RED = "R"


class Sku(str):
    pass


class Level(enum.IntEnum):
    BASE = 1
    ONLINE = 5


@attrs.frozen
class Everything:
    text: str
    flag: bool
    count: int
    ratio: float
    price: Decimal
    day: date
    moment: datetime
    status: Status
    level: Level
    kind: Literal["x", "y"]
    item: ItemId
    itemType: str
    absent: Decimal | None
    with_default: int = 7


ROW = {
    "text": "a", "flag": "T", "count": "12", "ratio": "0.5", "price": "12.50", "day": "2026-07-21",
    "moment": "2026-07-21T17:32:28", "status": "B", "level": "5", "kind": "y", "item": "42", "itemtype": "InvtPart",
    "unknown": "ignored", "links": [],
}  # fmt: skip


def one(row: dict[str, Any], kind: Any = Everything, formats: Formats = PACIFIC) -> Any:
    (result,) = row_reader(kind, formats)([dict(row)])
    return result


def test_every_annotation_is_converted() -> None:
    assert one(ROW) == Everything(
        "a", True, 12, 0.5, Decimal("12.50"), date(2026, 7, 21), datetime(2026, 7, 22, 0, 32, 28, tzinfo=UTC),
        Status.OPEN, Level.ONLINE, "y", ItemId("42"), "InvtPart", None, 7,
    )  # fmt: skip


def test_what_comes_as_json_already_is_taken_too() -> None:
    row = {**ROW, "flag": False, "count": 12, "ratio": 1, "price": 12.5, "level": 1, "item": 42, "text": 3.5}
    found = one({**row, "with_default": "9", "absent": "0.10"})
    assert (found.flag, found.count, found.ratio, found.price) == (False, 12, 1.0, Decimal("12.5"))
    assert (found.level, found.item, found.text, found.with_default, found.absent) == (
        Level.BASE, "42", "3.5", 9, Decimal("0.10"),
    )  # fmt: skip


def test_a_null_is_none_or_the_default() -> None:
    rows = row_reader(Everything, PACIFIC)([dict(ROW), {**ROW, "absent": None}, {**ROW, "absent": ".5"}])
    assert [row.absent for row in rows] == [None, None, Decimal("0.5")]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("flag", "maybe", '"T" or "F" expected'),
        ("count", "12.5", "whole number expected"),
        ("count", "twelve", "number expected"),
        ("ratio", "x", "number expected"),
        ("price", "NaN", "number expected"),
        ("price", True, "number expected"),
        ("day", "21.07.2026", r"date expected \(YYYY-MM-DD or MM/DD/YYYY\)"),
        ("day", "13/13/2026", "date expected"),
        ("moment", "soon", "time expected"),
        ("moment", "07/21/2026 25:00", "time expected"),
        ("status", "Z", "one of A, B expected"),
        ("level", "9", "one of 1, 5 expected"),
        ("kind", "z", "one of x, y expected"),
        ("text", ["list"], "text expected"),
        ("text", None, "text expected"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_row_and_field(column: str, value: Any, words: str) -> None:
    read = row_reader(Everything, PACIFIC, key=("item",))
    with pytest.raises(RowError, match=words) as caught:
        read([dict(ROW), {**ROW, "item": "43", column: value}])
    assert str(caught.value).startswith(f"Row item='43' cannot be read as Everything: field '{column}' cannot hold")
    assert caught.value.field == column


def test_a_missing_column_is_named() -> None:
    row = {name: value for name, value in ROW.items() if name != "price"}
    with pytest.raises(
        RowError, match="Row number 1 of its page cannot be read as Everything: there is no column 'price'"
    ):
        one(row)


def test_a_time_without_offset_needs_the_accounts_zone() -> None:
    with pytest.raises(RowError, match=r"formats=Formats\(timezone="):
        one(ROW, formats=Formats())
    assert one({**ROW, "moment": "2026-07-21T17:32:28Z"}, formats=Formats()).moment == datetime(
        2026, 7, 21, 17, 32, 28, tzinfo=UTC
    )
    assert one({**ROW, "moment": "2026-07-21T17:32:28-07:00"}, formats=Formats()).moment.hour == 0


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("MM/DD/YYYY", "7/21/2026", date(2026, 7, 21)),
        ("D.M.YYYY", "21.7.2026", date(2026, 7, 21)),
        ("DD-Mon-YYYY", "21-Jul-2026", date(2026, 7, 21)),
        ("D MONTH, YYYY", "21 July, 2026", date(2026, 7, 21)),
        ("YYYY/MM/DD", "2026/07/21", date(2026, 7, 21)),
        ("DD/MM/YYYY", "2026-07-21T10:00:00", date(2026, 7, 21)),
    ],
)
def test_dates_in_the_accounts_own_format(form: str, text: str, expected: date) -> None:
    assert one({**ROW, "day": text}, formats=attrs.evolve(PACIFIC, date=form)).day == expected


@pytest.mark.parametrize(
    ("text", "hour"), [("07/21/2026 5:32 pm", 17), ("07/21/2026 12:05 AM", 0), ("07/21/2026 17:32:10", 17)]
)
def test_times_in_the_accounts_own_format(text: str, hour: int) -> None:
    found = one({**ROW, "moment": text}, formats=Formats(timezone="UTC")).moment
    assert (found.date(), found.hour, found.tzinfo) == (date(2026, 7, 21), hour, UTC)


@pytest.mark.parametrize(
    ("options", "words"), [({"timezone": "Mars/Crater"}, "Mars"), ({"date": "MM/YYYY"}, "no date")]
)
def test_formats_that_do_not_exist_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        Formats(**options)


@attrs.frozen
class Derived:
    color: Color
    sku: Sku


def test_types_derived_from_text_and_numbers_are_made_whole() -> None:
    found = one({"color": "R", "sku": 12}, Derived)
    assert found.color is Color.RED
    assert type(found.sku) is Sku
    assert one(ROW).level is Level.ONLINE


@attrs.frozen
class Twice:
    Name: str
    name: str


@attrs.frozen
class Checked:
    count: int = attrs.field(validator=attrs.validators.gt(0))


def test_classes_that_rows_cannot_be_read_as() -> None:
    with pytest.raises(ConfigurationError, match="letters' case only"):
        row_reader(Twice, PACIFIC)
    with pytest.raises(ConfigurationError, match="no attrs class"):
        row_reader(str, PACIFIC)


def test_a_validator_of_the_class_is_heard() -> None:
    with pytest.raises(RowError, match=r"Row number 1 of its page cannot be read as Checked: .*must be > 0"):
        one({"count": "0"}, Checked)


def test_what_is_written_becomes_plain_json() -> None:
    fields = {
        "amount": Decimal("12.10"), "whole": Decimal(3), "day": date(2026, 1, 2), "flag": True, "none": None,
        "moment": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "status": Status.OPEN, "list": ({"rate": Decimal("0.3")},),
        "long": Decimal("12345678901234567.89"),
    }  # fmt: skip
    assert payload(fields, record="x") == {
        "amount": 12.1, "whole": 3.0, "day": "2026-01-02", "flag": True, "none": None,
        "moment": "2026-01-02T03:04:05Z", "status": "B", "list": [{"rate": 0.3}], "long": "12345678901234567.89",
    }  # fmt: skip
    with pytest.raises(MappingError, match="time zone is missing"):
        payload({"moment": datetime(2026, 1, 2)}, record="x")
