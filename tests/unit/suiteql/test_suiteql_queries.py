"""Whole queries: clauses, joins, grouping, order, and how rows are written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zoey_netsuite.sandbox.netsuite.suiteql import Engine, QueryError

Rows = Callable[..., list[dict[str, str]]]
Values = Callable[..., list[tuple[str | None, ...]]]

_QUERIES = [
    # joins
    (
        "SELECT c.entityid, t.tranid FROM transaction t JOIN customer c ON c.id = t.entity ORDER BY t.id",
        [("ACME", "SO100"), ("ACME", "INV101"), ("Bolt & Co", "SO102")],
    ),
    (
        "SELECT c.id, COUNT(t.id) AS n FROM customer c LEFT OUTER JOIN transaction t ON t.entity = c.id AND t.type = "
        "'SalesOrd' GROUP BY c.id ORDER BY c.id",
        [("1", "1"), ("2", "1"), ("10", "0"), ("11", "0")],
    ),
    (
        "SELECT c.entityid, t.tranid FROM customer c, transaction t WHERE c.id = t.entity AND t.id > 100 ORDER BY 2",
        [("ACME", "INV101"), ("Bolt & Co", "SO102")],
    ),
    (
        "SELECT c.id, NVL(t.tranid, '-') AS t FROM customer c, transaction t WHERE t.entity(+) = c.id AND "
        "t.type(+) = 'CustInvc' AND c.id < 10 ORDER BY c.id",
        [("1", "INV101"), ("2", "-")],
    ),
    (
        "SELECT c.id, i.itemid FROM customer c, transaction t, transactionline l, item i WHERE t.entity(+) = c.id AND "
        "l.transaction(+) = t.id AND l.mainline(+) = 'F' AND i.id(+) = l.item AND i.itemid IS NOT NULL ORDER BY 1, 2",
        [("1", "SET"), ("1", "WIDGET"), ("2", "SET")],
    ),
    ("SELECT COUNT(*) AS n FROM customer CROSS JOIN location", [("8",)]),
    (
        "SELECT l.name, s.item FROM aggregateitemlocation s RIGHT JOIN location l ON l.id = s.location AND s.item = 8 "
        "WHERE s.item IS NOT NULL",
        [("East", "8")],
    ),
    # subqueries
    ("SELECT entityid FROM customer WHERE id IN (SELECT entity FROM transaction WHERE id > 101)", [("Bolt & Co",)]),
    (
        "SELECT id FROM customer c WHERE EXISTS (SELECT 1 FROM transaction t WHERE t.entity = c.id AND "
        "t.type = 'CustInvc')",
        [("1",)],
    ),
    (
        "SELECT id, (SELECT MAX(tranid) FROM transaction t WHERE t.entity = c.id) AS last FROM customer c "
        "WHERE id < 10 ORDER BY id",
        [("1", "SO100"), ("2", "SO102")],
    ),
    (
        "SELECT x.kind, x.n FROM (SELECT type AS kind, COUNT(*) AS n FROM transaction GROUP BY type) x WHERE x.n > 1",
        [("SalesOrd", "2")],
    ),
    (
        "WITH orders AS (SELECT id, entity FROM transaction WHERE type = 'SalesOrd'), buyers(who) AS (SELECT DISTINCT "
        "entity FROM orders) SELECT c.entityid FROM customer c JOIN buyers b ON b.who = c.id ORDER BY 1",
        [("ACME",), ("Bolt & Co",)],
    ),
    ("WITH customer AS (SELECT id FROM customer WHERE id = 1) SELECT id FROM customer", [("1",)]),
    (
        "SELECT c.id, (SELECT t.id FROM transaction t WHERE t.entity = c.id AND t.type = 'CustInvc') AS x "
        "FROM customer c WHERE c.id = 1",
        [("1", "101")],
    ),
    (
        "SELECT (SELECT MAX(id) FROM item) AS x, (SELECT id FROM item FETCH FIRST 1 ROWS ONLY) AS y FROM dual",
        [("8", "7")],
    ),
    # aggregates
    (
        "SELECT SUM(quantity * rate) AS s FROM transactionline WHERE transaction = 102 "
        "HAVING SUM(quantity * rate) = -19.8",
        [("-19.8",)],
    ),
    (
        "SELECT SUM(x) AS s, AVG(x) AS a FROM (SELECT 0.1 AS x FROM dual UNION ALL SELECT 0.2 FROM dual UNION ALL "
        "SELECT -0.3 FROM dual) HAVING SUM(x) = 0",
        [("0", "0")],
    ),
    (
        "SELECT id, LAG(tranid, 1, '-') OVER (ORDER BY id) AS before, LEAD(id, 1, 0) OVER (ORDER BY id) AS after, "
        "FIRST_VALUE(tranid) OVER (PARTITION BY type ORDER BY id) AS f FROM transaction ORDER BY id",
        [("100", "-", "101", "SO100"), ("101", "SO100", "102", "INV101"), ("102", "INV101", "0", "SO100")],
    ),
    (
        "SELECT id, SUM(foreigntotal) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s "
        "FROM transaction ORDER BY id",
        [("100", "150"), ("101", "225.25"), ("102", "95.25")],
    ),
    (
        "SELECT type, SUM(SUM(foreigntotal)) OVER () AS s FROM transaction GROUP BY type ORDER BY type",
        [("CustInvc", "245.25"), ("SalesOrd", "245.25")],
    ),
    ("SELECT LISTAGG(DISTINCT type, ',') WITHIN GROUP (ORDER BY type) AS x FROM transaction", [("CustInvc,SalesOrd",)]),
    ("SELECT SUM(DISTINCT rate) AS s FROM transactionline", [("56.6",)]),
    (
        "SELECT id, SUM(foreigntotal) OVER (PARTITION BY type ORDER BY id) AS s FROM transaction ORDER BY id",
        [("100", "150"), ("101", "75.25"), ("102", "170")],
    ),
    (
        "SELECT item, SUM(quantityavailable) AS available FROM aggregateitemlocation WHERE location IN (1, 2) GROUP BY "
        "item HAVING SUM(quantityavailable) > 1 ORDER BY item",
        [("7", "7.5")],
    ),
    ("SELECT COUNT(DISTINCT item) AS n, MIN(quantityonhand) AS low FROM aggregateitemlocation", [("3", "1")]),
    ("SELECT AVG(quantityonhand) AS mean FROM aggregateitemlocation", [("3.5",)]),
    (
        "SELECT type, LISTAGG(tranid, ', ') WITHIN GROUP (ORDER BY foreigntotal DESC) AS list FROM transaction "
        "GROUP BY type ORDER BY type DESC",
        [("SalesOrd", "SO100, SO102"), ("CustInvc", "INV101")],
    ),
    (
        "SELECT TO_CHAR(trandate, 'YYYY-MM') AS month, COUNT(*) AS n FROM transaction GROUP BY TO_CHAR(trandate, "
        "'YYYY-MM') ORDER BY 1",
        [("2026-11", "2"), ("2026-12", "1")],
    ),
    (
        "SELECT entity, BUILTIN.DF(entity) AS e, COUNT(*) AS n, NVL(SUM(foreigntotal), 0) + entity AS t "
        "FROM transaction GROUP BY entity ORDER BY BUILTIN.DF(entity)",
        [("1", "ACME", "2", "226.25"), ("2", "Bolt & Co", "1", "22")],
    ),
    (
        "SELECT CASE WHEN type = 'SalesOrd' THEN 'order' ELSE 'other' END AS k, COUNT(*) AS n FROM transaction "
        "GROUP BY CASE WHEN type = 'SalesOrd' THEN 'order' ELSE 'other' END ORDER BY COUNT(*)",
        [("other", "1"), ("order", "2")],
    ),
    ("SELECT MAX(lastmodifieddate) AS last FROM customer", [("11/01/2026",)]),
    (
        "SELECT id, ROW_NUMBER() OVER (PARTITION BY type ORDER BY foreigntotal) AS n FROM transaction ORDER BY id",
        [("100", "2"), ("101", "1"), ("102", "1")],
    ),
    ("SELECT id, SUM(foreigntotal) OVER () AS all_ FROM transaction WHERE id > 101", [("102", "20")]),
    # sets
    (
        "SELECT type FROM transaction UNION SELECT itemtype FROM item ORDER BY 1 DESC",
        [("SalesOrd",), ("Kit",), ("InvtPart",), ("CustInvc",)],
    ),
    ("SELECT id FROM item UNION ALL SELECT id FROM item ORDER BY id", [("7",), ("7",), ("8",), ("8",)]),
    ("SELECT id FROM customer MINUS SELECT entity FROM transaction ORDER BY 1", [("10",), ("11",)]),
    ("SELECT id FROM customer INTERSECT SELECT entity FROM transaction ORDER BY id", [("1",), ("2",)]),
    ("SELECT DISTINCT type FROM transaction ORDER BY type", [("CustInvc",), ("SalesOrd",)]),
    # how many
    ("SELECT id FROM customer ORDER BY id FETCH FIRST 2 ROWS ONLY", [("1",), ("2",)]),
    ("SELECT id FROM customer ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY", [("2",), ("10",)]),
    ("SELECT TOP 1 id FROM customer ORDER BY id DESC", [("11",)]),
    ("SELECT id FROM customer WHERE ROWNUM <= 2", [("1",), ("2",)]),
    ("SELECT id FROM customer WHERE ROWNUM < 2", [("1",)]),
    ("SELECT id FROM customer WHERE ROWNUM = 1", [("1",)]),
    ("SELECT id FROM customer WHERE ROWNUM = 2", []),
    ("SELECT id FROM customer WHERE ROWNUM > 1", []),
    ("SELECT id FROM customer WHERE 2 >= ROWNUM AND id > 1", [("2",), ("10",)]),
    ("SELECT id FROM customer WHERE ROWNUM BETWEEN 1 AND 3 AND ROWNUM <= 1", [("1",)]),
    ("SELECT id FROM (SELECT id FROM customer ORDER BY id DESC) WHERE ROWNUM <= 2", [("11",), ("10",)]),
    ("SELECT COUNT(*) AS n FROM customer WHERE ROWNUM <= 3", [("3",)]),
    ("SELECT ROWNUM AS n, id FROM customer WHERE id > 9", [("1", "10"), ("2", "11")]),
    # names and text
    ('SELECT ID AS "Customer Number" FROM CUSTOMER WHERE Id = 1', [("1",)]),
    ("SELECT id -- a comment\nFROM customer /* another, with 'quotes' and ? */ WHERE id = 1", [("1",)]),
    ("SELECT customer.id FROM customer WHERE customer.id = 1", [("1",)]),
    ("SELECT dummy FROM dual", [("X",)]),
]


@pytest.mark.parametrize(("query", "expected"), _QUERIES, ids=[query[:70] for query, _ in _QUERIES])
def test_query(values: Values, query: str, expected: list[tuple[str, ...]]) -> None:
    assert values(query) == expected


def test_rownum_numbers_rows_before_they_are_ordered(values: Values) -> None:
    """Oracle cuts off first and orders then: the two that come first, not the two largest."""
    assert values("SELECT id FROM customer WHERE ROWNUM <= 2 ORDER BY id DESC") == [("2",), ("1",)]
    cut = "SELECT BUILTIN.DF(status) AS s, COUNT(*) AS n FROM transaction WHERE ROWNUM <= 1 GROUP BY BUILTIN.DF(status)"
    assert values(cut) == [("Sales Order : Pending Fulfillment", "1")]


def test_nulls_sort_as_if_larger_than_everything(values: Values) -> None:
    query = "SELECT id FROM customer ORDER BY creditlimit{}, id"
    assert [row[0] for row in values(query.format(""))] == ["2", "11", "1", "10"]
    assert [row[0] for row in values(query.format(" DESC"))] == ["10", "1", "11", "2"]
    assert [row[0] for row in values(query.format(" NULLS FIRST"))] == ["10", "2", "11", "1"]
    outer = "SELECT c.id, t.id AS t FROM customer c LEFT JOIN transaction t ON t.entity = c.id ORDER BY t.id, c.id"
    assert [row[0] for row in values(outer)] == ["1", "1", "2", "10", "11"]


def test_rows_have_lower_case_keys_text_values_and_no_nulls(rows: Rows) -> None:
    assert rows("SELECT * FROM customer WHERE id IN (1, 11) ORDER BY id") == [
        {
            "id": "1",
            "entityid": "ACME",
            "companyname": "Acme, Inc.",
            "isperson": "F",
            "externalid": "zoey-1",
            "creditlimit": "1000",
            "lastmodifieddate": "03/08/2026",
            "terms": "5",
        },
        {"id": "11", "entityid": "Dör", "isperson": "T", "externalid": "17", "creditlimit": "12.5"},
    ]
    assert rows("SELECT COUNT(*), id AS ID, MAX(creditlimit), 'x' FROM customer WHERE id = 10 GROUP BY id") == [
        {"expr1": "1", "id": "10", "expr3": "x"}
    ]
    assert rows("SELECT t.* FROM term t, customer c WHERE c.terms = t.id AND c.id = 1") == [
        {"id": "5", "name": "Net 30"}
    ]


def test_numbers_never_take_a_fraction_they_have_not(rows: Rows) -> None:
    """SQLite's sums are binary; `0.1` three times is `0.3` all the same."""
    assert rows("SELECT SUM(x) AS s FROM (SELECT 0.1 AS x FROM dual UNION ALL SELECT 0.2 FROM dual)") == [{"s": "0.3"}]
    assert rows("SELECT quantityavailable * 2 AS q FROM aggregateitemlocation WHERE item = 7 AND location = 2") == [
        {"q": "5"}
    ]


_PREFIX = "Invalid search query. Detailed unprocessed description follows. Search error occurred: "
_UNSUPPORTED = f"{_PREFIX}Invalid or unsupported search."
_REFUSED = [
    (
        "SELECT subsidiary FROM transaction",
        f"{_PREFIX}Unknown identifier 'subsidiary'. Available identifiers are: {{transaction=transaction}}.",
    ),
    (
        "SELECT t.nope FROM transaction t JOIN item ON 1 = 1",
        f"{_PREFIX}Unknown identifier 'nope'. Available identifiers are: {{t=transaction, item=item}}.",
    ),
    (
        "SELECT x.id FROM transaction t",
        f"{_PREFIX}Unknown identifier 'x'. Available identifiers are: {{t=transaction}}.",
    ),
    (
        "SELECT id FROM transaction t, customer c WHERE t.entity = c.id",
        f"{_PREFIX}Unknown identifier 'id'. Available identifiers are: {{t=transaction, c=customer}}.",
    ),
    (
        "SELECT _fields FROM customer",
        f"{_PREFIX}Unknown identifier '_fields'. Available identifiers are: {{customer=customer}}.",
    ),
    ("SELECT id FROM Email", f"{_PREFIX}Invalid search type: Email."),
    ("SELECT name FROM sqlite_master", f"{_PREFIX}Invalid search type: sqlite_master."),
    *[
        (query, _UNSUPPORTED)
        for query in (
            "",
            "SELEKT id FROM customer",
            "SELECT id FROM customer WHERE",
            "SELECT 1",
            "SELECT id FROM customer LIMIT 5",
            "SELECT id FROM customer; SELECT id FROM item",
            "SELECT id FROM customer;",
            "DELETE FROM customer",
            "UPDATE customer SET entityid = 'x'",
            "INSERT INTO customer (id) VALUES (99)",
            "DROP TABLE customer",
            "CREATE TABLE x AS SELECT 1 FROM dual",
            "PRAGMA writable_schema = 1",
            "SELECT id FROM customer WHERE id = :p1",
            "SELECT id FROM customer WHERE id",
            "SELECT id = 1 FROM customer",
            "SELECT load_extension('x') FROM dual",
            "SELECT printf('%d', 1) FROM dual",
            "SELECT suiteql_number('1') FROM dual",
            "SELECT id FROM main.customer",
            "SELECT id, COUNT(*) FROM customer",
            "SELECT entityid, COUNT(*) FROM customer GROUP BY id",
            "SELECT entityid FROM customer GROUP BY id, isperson",
            "SELECT id FROM customer WHERE COUNT(*) > 1",
            "SELECT MAX(COUNT(*)) FROM customer GROUP BY id",
            "SELECT id FROM customer ORDER BY 2",
            "SELECT DISTINCT id FROM customer ORDER BY entityid",
            "SELECT id FROM item UNION SELECT itemid FROM item",
            "SELECT id, itemid FROM item UNION SELECT id FROM item",
            "SELECT id FROM customer WHERE id IN (SELECT id, entity FROM transaction)",
            "SELECT 1 FROM customer c, item c",
            "SELECT id FROM customer FOR UPDATE",
            "SELECT TRUE FROM dual",
            "SELECT SYSDATE + SYSDATE FROM dual",
            "SELECT id FROM customer WHERE lastmodifieddate > 5",
            "SELECT id FROM customer NATURAL JOIN transaction",
            "SELECT id FROM customer WHERE lastmodifieddate > '2026-01-01'",
            "SELECT LAG(id) OVER () FROM customer",
            "SELECT ROW_NUMBER() OVER (PARTITION BY type) FROM transaction",
            "SELECT id FROM customer WHERE (id, entityid) IN ((1, 2, 3))",
            "SELECT id FROM customer WHERE (id, entityid) IN (SELECT id, entityid FROM customer)",
            "SELECT (SELECT id FROM item) AS x FROM dual",
            "SELECT id FROM customer WHERE id = (SELECT entity FROM transaction)",
            "SELECT c.id, (SELECT t.id FROM transaction t WHERE t.entity = c.id) AS x FROM customer c",
            "SELECT CASE WHEN 1 = 1 THEN 'x' ELSE 1 END FROM dual",
            "SELECT COALESCE(externalid, id) FROM customer",
            "SELECT COALESCE(trandate, 'never') FROM transaction",
            "SELECT NULLIF(id, '1') FROM customer",
            f"SELECT id FROM customer WHERE id IN ({', '.join(map(str, range(1001)))})",
        )
    ],
]


@pytest.mark.parametrize(("query", "detail"), _REFUSED, ids=[query or "nothing" for query, _ in _REFUSED])
def test_refusal(engine: Engine, query: str, detail: str) -> None:
    """What SuiteQL has not is refused in NetSuite's words, never answered by accident."""
    with pytest.raises(QueryError) as refused:
        engine.run(query, [], offset=0, limit=10)
    assert refused.value.detail == detail


@pytest.mark.parametrize("params", [[], ["1", "2"], [True], [["1"]], [{"a": 1}]])
def test_parameters_that_do_not_fit_are_refused(engine: Engine, params: list[object]) -> None:
    with pytest.raises(QueryError) as refused:
        engine.run("SELECT id FROM customer WHERE id = ?", params, offset=0, limit=10)
    assert refused.value.detail == _UNSUPPORTED


def test_a_question_mark_in_a_text_or_comment_is_no_parameter(rows: Rows) -> None:
    assert rows("SELECT '?' AS mark, ? AS given FROM dual -- ?", "x") == [{"mark": "?", "given": "x"}]
