"""The engine: pages and totals, time zones, what a role may see, what it costs, and that it never writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.suiteql_account import CATALOGUE, NOW, filled_connection, new_connection

from zoey_netsuite.sandbox.netsuite.catalogue import Catalogue, Column, Table
from zoey_netsuite.sandbox.netsuite.suiteql import Engine, QueryError

KEYSET = (
    "SELECT item, SUM(quantityavailable) AS available FROM aggregateitemlocation WHERE location IN (?, ?, ?) "
    "AND (item > ?) GROUP BY item ORDER BY item"
)


def engine_on(connection: sqlite3.Connection, **options: object) -> Engine:
    return Engine(connection, CATALOGUE, "America/Los_Angeles", lambda: NOW, **options)  # type: ignore[arg-type]


def test_pages_and_their_total(engine: Engine) -> None:
    query = "SELECT id FROM customer ORDER BY id"
    first = engine.run(query, [], offset=0, limit=3)
    assert ([row["id"] for row in first.rows], first.total) == (["1", "2", "10"], 4)
    second = engine.run(query, [], offset=3, limit=3)
    assert ([row["id"] for row in second.rows], second.total) == (["11"], 4)
    beyond = engine.run(query, [], offset=6, limit=3)
    assert (beyond.rows, beyond.total) == ([], 4)


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("SELECT DISTINCT isperson FROM customer", 2),
        ("SELECT COUNT(*) FROM customer", 1),
        ("SELECT isperson FROM customer GROUP BY isperson HAVING COUNT(*) > 2", 0),
        ("SELECT item FROM aggregateitemlocation GROUP BY item", 3),
        ("SELECT id FROM customer UNION SELECT id FROM item", 6),
        ("SELECT id FROM customer ORDER BY id FETCH FIRST 3 ROWS ONLY", 3),
        ("SELECT id FROM customer WHERE ROWNUM <= 2 ORDER BY id", 2),
        ("WITH c AS (SELECT id FROM customer) SELECT id FROM c", 4),
    ],
)
def test_total_counts_the_rows_of_every_form_of_query(engine: Engine, query: str, total: int) -> None:
    assert engine.run(query, [], offset=0, limit=1).total == total


def test_total_follows_the_data(engine: Engine, connection: sqlite3.Connection) -> None:
    query = "SELECT id FROM customer"
    assert engine.run(query, [], offset=0, limit=1).total == 4
    connection.execute("INSERT INTO customer (id) VALUES (12)")
    assert engine.run(query, [], offset=0, limit=1).total == 5


@given(
    stock=st.dictionaries(
        st.tuples(st.integers(1, 40), st.integers(1, 4)), st.none() | st.integers(-5, 500).map(lambda n: n / 4)
    ),
    page=st.integers(1, 7),
)
@settings(max_examples=60, deadline=None)
def test_going_by_key_gives_what_one_answer_gives(stock: dict[tuple[int, int], float | None], page: int) -> None:
    """Every group once, whole, in the order of numbers, however many fit on a page; offsets give the same."""
    connection = new_connection()
    connection.executemany(
        "INSERT INTO aggregateitemlocation (item, location, quantityavailable) VALUES (?, ?, ?)",
        [(item, location, quantity) for (item, location), quantity in stock.items()],
    )
    engine = engine_on(connection)
    places = ["1", "2", "4"]
    whole = engine.run(KEYSET, [*places, "0"], offset=0, limit=1000)
    expected: dict[int, float | None] = {}
    for (item, location), quantity in sorted(stock.items()):
        if str(location) in places:
            expected[item] = (expected.get(item) or 0) + quantity if quantity is not None else expected.get(item)
    assert [(int(row["item"]), float(row["available"]) if "available" in row else None) for row in whole.rows] == [
        *expected.items()
    ]
    by_key: list[dict[str, str]] = []
    after = "0"
    while found := engine.run(KEYSET, [*places, after], offset=0, limit=page).rows:
        by_key += found
        after = found[-1]["item"]
    by_offset: list[dict[str, str]] = []
    while len(by_offset) < whole.total:
        answer = engine.run(KEYSET, [*places, "0"], offset=len(by_offset), limit=page)
        assert answer.total == whole.total
        by_offset += answer.rows
    assert by_key == by_offset == whole.rows


def steps_of(connection: sqlite3.Connection, action: Callable[[], object]) -> int:
    """How many hundreds of SQLite's virtual machine instructions something takes."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    connection.set_progress_handler(count, 100)
    try:
        action()
    finally:
        connection.set_progress_handler(None, 0)
    return counted


def test_a_page_by_key_costs_as_much_as_the_page_not_as_the_table() -> None:
    """I3: 20,000 items at 3 locations are read in pages that each cost the same, first and last, total included."""

    def cost(items: int, after: int) -> int:
        connection = new_connection()
        connection.executemany(
            "INSERT INTO aggregateitemlocation (item, location, quantityavailable) VALUES (?, ?, 1)",
            ((item, location) for item in range(1, items + 1) for location in (1, 2, 3)),
        )
        engine = engine_on(connection)
        engine.run(KEYSET, ["1", "2", "3", "0"], offset=0, limit=100)  # the first of a text is counted to its end
        found = engine.run(KEYSET, ["1", "2", "3", "1"], offset=0, limit=100)
        assert found.total >= min(items - 1, 10_000)
        return steps_of(connection, lambda: engine.run(KEYSET, ["1", "2", "3", str(after)], offset=0, limit=100))

    small, large = cost(11_000, 500), cost(20_000, 500)
    assert large <= small * 1.1
    assert cost(20_000, 19_900) * 20 < large, "the rest of a result is counted ten thousand rows ahead, no more"


def test_a_far_total_is_a_lower_bound_unless_exact_ones_are_asked_for() -> None:
    connection = new_connection()
    connection.executemany("INSERT INTO item (id) VALUES (?)", ((number,) for number in range(1, 12_001)))
    query = "SELECT id FROM item WHERE id > ? ORDER BY id"
    engine, exact = engine_on(connection), engine_on(connection, exact_totals=True)
    for each in (engine, exact):
        assert each.run(query, ["0"], offset=0, limit=10).total == 12_000
    assert engine.run(query, ["1"], offset=0, limit=10).total == 10_010
    assert exact.run(query, ["1"], offset=0, limit=10).total == 11_999
    assert engine.run(query, ["5000"], offset=0, limit=10).total == 7_000


def test_nothing_is_written_and_the_connection_can_write_afterwards(
    engine: Engine, connection: sqlite3.Connection
) -> None:
    """While a query runs SQLite itself refuses writes, whatever the query might have become."""
    refused: list[str] = []

    def write(text: str) -> str:
        try:
            connection.execute("DELETE FROM item")
        except sqlite3.OperationalError as error:
            refused.append(str(error))
        return text

    connection.create_function("suiteql_upper", 1, write)
    assert engine.run("SELECT UPPER(entityid) AS e FROM customer WHERE id = 1", [], offset=0, limit=1).rows == [
        {"e": "ACME"}
    ]
    assert refused
    assert all("readonly" in each for each in refused)
    with pytest.raises(QueryError):
        engine.run("SELECT 1/0 FROM customer", [], offset=0, limit=10)
    connection.execute("DELETE FROM customer WHERE id = 1")
    assert engine.run("SELECT id FROM customer", [], offset=0, limit=10).total == 3


def test_a_table_the_role_may_not_see_is_empty_or_unknown(connection: sqlite3.Connection) -> None:
    hidden = {"customer"}
    engine = engine_on(connection, hidden=hidden)
    joined = "SELECT t.id, c.entityid FROM transaction t LEFT JOIN customer c ON c.id = t.entity ORDER BY t.id"
    assert engine.run("SELECT id FROM Customer", [], offset=0, limit=10).rows == []
    assert engine.run(joined, [], offset=0, limit=1).rows == [{"id": "100"}]
    hidden.clear()
    assert engine.run(joined, [], offset=0, limit=1).rows == [{"id": "100", "entityid": "ACME"}]
    strict = engine_on(connection, hidden={"customer"}, hidden_answer="unknown")
    with pytest.raises(QueryError, match=r"Invalid search type: customer\."):
        strict.run(joined, [], offset=0, limit=10)


def test_a_column_can_fail_in_an_account(connection: sqlite3.Connection) -> None:
    """Some accounts can't query `transactionline.itemtype`."""
    query = 'SELECT itemtype FROM transactionline WHERE "transaction" = 102 AND id = 1'
    assert engine_on(connection).run(query, [], offset=0, limit=10).rows == [{"itemtype": "Kit"}]
    engine = engine_on(connection, fails={("transactionline", "itemtype")})
    with pytest.raises(QueryError, match="Unknown identifier 'itemtype'"):
        engine.run(query, [], offset=0, limit=10)
    assert "itemtype" not in engine.run("SELECT * FROM transactionline WHERE id = 4", [], offset=0, limit=1).rows[0]


def test_a_catalogue_that_grows_is_followed(connection: sqlite3.Connection) -> None:
    """Custom fields are columns as soon as they are there."""
    catalogues = [CATALOGUE]
    engine = Engine(connection, lambda: catalogues[-1], "UTC", lambda: NOW)
    query = "SELECT custentity_region FROM customer WHERE id = 1"
    everything = "SELECT * FROM customer WHERE id = 1"
    assert "custentity_region" not in engine.run(everything, [], offset=0, limit=10).rows[0]
    with pytest.raises(QueryError, match="Unknown identifier"):
        engine.run(query, [], offset=0, limit=10)
    connection.execute("ALTER TABLE customer ADD COLUMN custentity_region TEXT DEFAULT 'north'")
    customer = CATALOGUE.tables["customer"]
    columns = {**customer.columns, "custentity_region": Column("custentity_region")}
    catalogues.append(Catalogue({**CATALOGUE.tables, "customer": Table("customer", columns, "entityid")}))
    assert engine.run(query, [], offset=0, limit=10).rows == [{"custentity_region": "north"}]
    assert engine.run(everything, [], offset=0, limit=10).rows[0]["custentity_region"] == "north"


def test_the_user_chooses_the_format_of_dates(connection: sqlite3.Connection) -> None:
    engine = engine_on(connection, date_format="DD.MM.YYYY")
    query = "SELECT trandate, lastmodifieddate FROM transaction WHERE trandate = '01.11.2026'"
    # The order was changed at midnight UTC, which is the evening before in the account's zone.
    assert engine.run(query, [], offset=0, limit=10).rows == [
        {"trandate": "01.11.2026", "lastmodifieddate": "19.11.2026"}
    ]


_DST = [
    # spring: 02:00 becomes 03:00 on 2026-03-08, so 01:59:59 is 09:59:59 UTC and 03:00 is 10:00 UTC
    ("2026-03-08T09:59:59Z", "2026-03-08T01:59:59"),
    ("2026-03-08T10:00:00Z", "2026-03-08T03:00:00"),
    # autumn: 01:00 to 02:00 comes twice on 2026-11-01, first as 08:00 to 09:00 UTC, then as 09:00 to 10:00 UTC
    ("2026-11-01T08:30:00Z", "2026-11-01T01:30:00"),
    ("2026-11-01T09:30:00Z", "2026-11-01T01:30:00"),
    ("2026-11-01T10:00:00Z", "2026-11-01T02:00:00"),
]


@pytest.mark.parametrize(("instant", "local"), _DST)
def test_times_are_told_in_the_account_s_zone_across_clock_changes(
    connection: sqlite3.Connection, engine: Engine, instant: str, local: str
) -> None:
    connection.execute("UPDATE customer SET lastmodifieddate = ? WHERE id = 1", [instant])
    query = "SELECT TO_CHAR(lastmodifieddate, 'YYYY-MM-DD\"T\"HH24:MI:SS') AS at FROM customer WHERE id = 1"
    assert engine.run(query, [], offset=0, limit=1).rows == [{"at": local}]


@pytest.mark.parametrize(
    ("literal", "instant"),
    [
        ("2026-03-08 01:59:59", "2026-03-08T09:59:59Z"),
        ("2026-03-08 03:00:00", "2026-03-08T10:00:00Z"),
        ("2026-11-01 00:59:59", "2026-11-01T07:59:59Z"),
        ("2026-11-01 01:30:00", "2026-11-01T08:30:00Z"),
        ("2026-11-01 02:00:00", "2026-11-01T10:00:00Z"),
        ("2026-07-04 00:00:00", "2026-07-04T07:00:00Z"),
        ("2026-12-24 00:00:00", "2026-12-24T08:00:00Z"),
    ],
)
def test_literals_are_the_account_s_wall_time_across_clock_changes(
    connection: sqlite3.Connection, engine: Engine, literal: str, instant: str
) -> None:
    """Of an hour that comes twice the first is meant, so that "changed since" never misses a row."""
    moment = datetime.fromisoformat(instant)
    ids = {}
    for number, seconds in ((1, -1), (2, 0), (10, 1)):
        ids[seconds] = str(number)
        at = (moment + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
        connection.execute("UPDATE customer SET lastmodifieddate = ? WHERE id = ?", [at, number])
    found = {}
    for operator in (">=", ">", "=", "<", "<="):
        query = f"SELECT id FROM customer WHERE lastmodifieddate {operator} TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS')"
        found[operator] = {row["id"] for row in engine.run(query, [literal], offset=0, limit=10).rows}
    assert found == {
        ">=": {ids[0], ids[1]},
        ">": {ids[1]},
        "=": {ids[0]},
        "<": {ids[-1]},
        "<=": {ids[-1], ids[0]},
    }


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))
@settings(max_examples=100, deadline=None)
def test_a_time_read_can_be_compared_with_again(moment: datetime) -> None:
    """What TO_CHAR tells finds its row as TO_DATE; in the hour that comes twice only `>=` is sure to."""
    connection = filled_connection()
    connection.execute("UPDATE customer SET lastmodifieddate = ?", [moment.strftime("%Y-%m-%dT%H:%M:%SZ")])
    engine = engine_on(connection)
    read = "SELECT TO_CHAR(lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS') AS at FROM customer WHERE id = 1"
    (row,) = engine.run(read, [], offset=0, limit=1).rows
    expected = moment.replace(tzinfo=UTC).astimezone(ZoneInfo("America/Los_Angeles"))
    assert row["at"] == expected.strftime("%Y-%m-%d %H:%M:%S")
    again = "SELECT id FROM customer WHERE id = 1 AND lastmodifieddate {} TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS')"
    assert engine.run(again.format(">="), [row["at"]], offset=0, limit=1).total == 1
    if expected.fold == 0:
        assert engine.run(again.format("="), [row["at"]], offset=0, limit=1).total == 1


def test_the_clock_is_asked_at_every_query(connection: sqlite3.Connection) -> None:
    times = [NOW]
    engine = Engine(connection, CATALOGUE, ZoneInfo("Europe/Berlin"), lambda: times[-1])
    query = "SELECT TO_CHAR(SYSDATE, 'HH24:MI') AS at FROM dual"
    assert engine.run(query, [], offset=0, limit=1).rows == [{"at": "18:30"}]
    times.append(NOW + timedelta(minutes=5))
    assert engine.run(query, [], offset=0, limit=1).rows == [{"at": "18:35"}]
