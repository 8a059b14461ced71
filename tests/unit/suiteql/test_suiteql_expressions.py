"""What expressions are worth: Oracle's functions, its conversions and its oddities."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zoey_netsuite.sandbox.netsuite.suiteql import QueryError

One = Callable[..., "str | None"]
Rows = Callable[..., list[dict[str, str]]]

_EXPRESSIONS = [
    # numbers: exact, without a needless fraction, divided as decimals
    ("5", "5"),
    ("5/2", "2.5"),
    ("6/2", "3"),
    ("0.1 + 0.2", "0.3"),
    ("-1.50", "-1.5"),
    ("1e3 * 2", "2000"),
    ("2 + 3 * 4", "14"),
    ("(2 + 3) * 4", "20"),
    ("7 - (2 - 1)", "6"),
    ("'4' + 1", "5"),
    ("ABS(-2.5)", "2.5"),
    ("MOD(-7, 3)", "-1"),
    ("MOD(7, 0)", "7"),
    ("ROUND(2.5)", "3"),
    ("ROUND(-2.5)", "-3"),
    ("ROUND(1.005, 2)", "1.01"),
    ("ROUND(1250, -2)", "1300"),
    ("TRUNC(-1.79, 1)", "-1.7"),
    ("TRUNC(1.99)", "1"),
    ("FLOOR(-1.5)", "-2"),
    ("CEIL(1.2)", "2"),
    ("SIGN(-3)", "-1"),
    ("POWER(2, 10)", "1024"),
    ("GREATEST(1, 3, 2)", "3"),
    ("LEAST('b', 'a')", "a"),
    ("TO_NUMBER('12.50')", "12.5"),
    ("TO_NUMBER(' 7 ')", "7"),
    ("CAST('2.567' AS NUMBER(10, 2))", "2.57"),
    ("CAST(2.5 AS INTEGER)", "3"),
    # text
    ("'it''s'", "it's"),
    ("'a' || 'b' || 1", "ab1"),
    ("'x' || 0.5", "x.5"),
    ("'a' || NULL", "a"),
    ("CONCAT('a', 2)", "a2"),
    ("UPPER('straße dör')", "STRASSE DÖR"),
    ("LOWER('DÖR')", "dör"),
    ("INITCAP('hello wORLD')", "Hello World"),
    ("TRIM('  a ')", "a"),
    ("TRIM(LEADING '0' FROM '007')", "7"),
    ("LTRIM('xxa', 'x')", "a"),
    ("RTRIM('a  ')", "a"),
    ("LPAD('7', 3, '0')", "007"),
    ("RPAD('abcdef', 3)", "abc"),
    ("LENGTH('Dör')", "3"),
    ("SUBSTR('abcdef', 2, 3)", "bcd"),
    ("SUBSTR('abcdef', 0, 2)", "ab"),
    ("SUBSTR('abcdef', -2)", "ef"),
    ("INSTR('banana', 'an')", "2"),
    ("INSTR('banana', 'an', 1, 2)", "4"),
    ("INSTR('banana', 'a', -1)", "6"),
    ("INSTR('banana', 'x')", "0"),
    ("REPLACE('a-b-c', '-', '+')", "a+b+c"),
    ("REPLACE('a-b', '-')", "ab"),
    ("CAST('abcdef' AS VARCHAR2(3))", "abc"),
    # null
    ("NVL(NULL, 'x')", "x"),
    ("NVL('', 'empty is null')", "empty is null"),
    ("NVL2(NULL, 'there', 'absent')", "absent"),
    ("COALESCE(NULL, NULL, 3)", "3"),
    ("NULLIF(1, 1)", None),
    ("DECODE(2, 1, 'a', 2, 'b', 'c')", "b"),
    ("DECODE(NULL, NULL, 'null equals null', 'x')", "null equals null"),
    ("DECODE(9, 1, 'a')", None),
    ("GREATEST(1, NULL)", None),
    ("LENGTH('')", None),
    ("CASE WHEN NULL = NULL THEN 'a' ELSE 'b' END", "b"),
    ("CASE 3 WHEN 1 THEN 'one' WHEN 3 THEN 'three' END", "three"),
    # numbers as text
    ("TO_CHAR(1234.5, '9,999.00')", " 1,234.50"),
    ("TO_CHAR(1234.5, 'FM9,999.00')", "1,234.50"),
    ("TO_CHAR(-5, '999')", "  -5"),
    ("TO_CHAR(12345, '999')", "####"),
    ("TO_CHAR(0.5)", ".5"),
    ("TO_CHAR(7, 'FM000')", "007"),
    # dates
    ("TO_CHAR(TO_DATE('2026-02-28', 'YYYY-MM-DD') + 1, 'YYYY-MM-DD')", "2026-03-01"),
    ("TO_DATE('31-JAN-2026', 'DD-MON-YYYY')", "01/31/2026"),
    ("DATE '2026-01-31'", "01/31/2026"),
    ("TO_CHAR(TO_DATE('01/31/2026', 'MM/DD/YYYY') + 0.5, 'HH24:MI')", "12:00"),
    ("TO_CHAR(TO_DATE('2026-01-31 13:05', 'YYYY-MM-DD HH24:MI'), 'HH:MI AM')", "01:05 PM"),
    ("TO_CHAR(TO_DATE('01:05 PM 2026-01-31', 'HH:MI AM YYYY-MM-DD'), 'HH24:MI')", "13:05"),
    ("TO_CHAR(TO_DATE('2026-05-04', 'YYYY-MM-DD'), 'FMDay, DD Month YYYY')", "Monday, 4 May 2026"),
    ("TO_CHAR(TO_DATE('2026-05-04', 'YYYY-MM-DD'), 'MONTH') || '|'", "MAY      |"),
    ("TO_CHAR(DATE '2026-05-04', 'Q-DDD-D-DY')", "2-124-2-MON"),
    ("TO_DATE('2026-03-01', 'YYYY-MM-DD') - TO_DATE('2026-02-01', 'YYYY-MM-DD')", "28"),
    ("ADD_MONTHS(DATE '2026-01-31', 1)", "02/28/2026"),
    ("ADD_MONTHS(DATE '2026-02-28', 1)", "03/31/2026"),
    ("LAST_DAY(DATE '2028-02-10')", "02/29/2028"),
    ("TRUNC(DATE '2026-05-20', 'MM')", "05/01/2026"),
    ("TRUNC(DATE '2026-05-20', 'Q')", "04/01/2026"),
    ("TRUNC(DATE '2026-05-20', 'IW')", "05/18/2026"),
    ("EXTRACT(YEAR FROM DATE '2026-05-20')", "2026"),
    ("TO_CHAR(SYSDATE, 'YYYY-MM-DD\"T\"HH24:MI:SS')", "2026-11-24T09:30:15"),
    ("TO_CHAR(TRUNC(SYSDATE), 'YYYY-MM-DD HH24:MI:SS')", "2026-11-24 00:00:00"),
    ("TO_CHAR(CURRENT_TIMESTAMP - INTERVAL '1' HOUR, 'HH24:MI')", "08:30"),
    ("TO_CHAR(CURRENT_DATE, 'YYYY')", "2026"),
    ("TO_CHAR(SYSTIMESTAMP, 'SS')", "15"),
    ("INSTR('hello', 'o', 0)", "0"),
    ("TO_CHAR(TO_DATE('15-NOV-99', 'DD-MON-RR'), 'YYYY')", "1999"),
    ("TO_CHAR(TO_DATE('15-NOV-49', 'DD-MON-RR'), 'YYYY')", "2049"),
    ("TO_CHAR(TO_DATE('15-NOV-99', 'DD-MON-YY'), 'YYYY')", "2099"),
    ("MONTHS_BETWEEN(TO_DATE('2026-03-31', 'YYYY-MM-DD'), TO_DATE('2026-02-28', 'YYYY-MM-DD'))", "1"),
    (
        "ROUND(MONTHS_BETWEEN(TO_DATE('1995-02-02', 'YYYY-MM-DD'), TO_DATE('1995-01-01', 'YYYY-MM-DD')), 8)",
        "1.03225806",
    ),
    ("REGEXP_REPLACE('a1b22', '[0-9]+', '#')", "a#b#"),
    ("REGEXP_REPLACE('(555) 010-0', '[^0-9]')", "5550100"),
    ("REGEXP_REPLACE('ab', '(a)(b)', '\\2\\1')", "ba"),
    ("REGEXP_SUBSTR('ab-12-x', '[0-9]+')", "12"),
    ("REGEXP_SUBSTR('ab', '[0-9]+')", None),
    ("TRANSLATE('a-b.c', '-.', '_')", "a_bc"),
]


@pytest.mark.parametrize(("expression", "expected"), _EXPRESSIONS, ids=[text for text, _ in _EXPRESSIONS])
def test_expression(one: One, expression: str, expected: str | None) -> None:
    assert one(expression) == expected


_CONDITIONS = [
    ("'abc' LIKE 'a%'", True),
    ("'Abc' LIKE 'a%'", False),
    ("'abc' LIKE '_b_'", True),
    ("'10%' LIKE '10\\%' ESCAPE '\\'", True),
    ("'100' LIKE '10\\%' ESCAPE '\\'", False),
    ("'abc' NOT LIKE 'b%'", True),
    ("'a.c' LIKE 'a_c'", True),
    ("'abc' LIKE 'a.c'", False),
    ("REGEXP_LIKE('SO-17', '^so', 'i')", True),
    ("'10' > 9", True),
    ("'10' > '9'", False),
    ("10 BETWEEN '9' AND '11'", True),
    ("5 NOT BETWEEN 1 AND 4", True),
    ("'a' = 'A'", False),
    ("'' IS NULL", True),
    ("'' = ''", False),
    ("1 IN ('1', 2)", True),
    ("3 NOT IN (1, 2)", True),
    ("NOT (1 = 1 AND 2 = 3) OR 1 = 2", True),
    ("1 <> 2 AND 1 != 2", True),
    ("EXISTS (SELECT 1 FROM customer WHERE id = 1)", True),
    ("NOT EXISTS (SELECT 1 FROM customer WHERE id = 1)", False),
    ("SYSDATE > DATE '2026-11-24'", True),
    ("SYSDATE BETWEEN '11/24/2026' AND '11/25/2026'", True),
    # Oracle reckons in decimal.
    ("0.1 + 0.2 = 0.3", True),
    ("3 * 6.6 = 19.8", True),
    ("0.3 - 0.1 = 0.2", True),
    ("1.1 * 1.1 <> 1.21", False),
    ("(1, 'a') IN ((2, 'b'), (1, 'a'))", True),
    ("(1, 'a') IN ((1, 'b'), (2, 'a'))", False),
    ("(1, 'a') NOT IN ((1, 'b'), (2, 'a'))", True),
]


@pytest.mark.parametrize(("condition", "holds"), _CONDITIONS, ids=[text for text, _ in _CONDITIONS])
def test_condition(rows: Rows, condition: str, holds: bool) -> None:
    assert len(rows(f"SELECT 1 FROM dual WHERE {condition}")) == holds


_BY_PARAMETER = [
    ("id > ?", ["5"], {"10", "11"}),
    ("id > ?", [5], {"10", "11"}),
    ("id > ?", ["9"], {"10", "11"}),
    ("id + 0 > ?", ["9"], {"10", "11"}),
    ("? < id", ["9"], {"10", "11"}),
    ("id IN (?, ?)", ["1", "10"], {"1", "10"}),
    ("id BETWEEN ? AND ?", ["2", "10"], {"2", "10"}),
    ("parent = ?", ["1"], {"2", "10"}),
    ("NVL(parent, 0) = ?", ["0"], {"1", "11"}),
    ("creditlimit >= ?", ["12.50"], {"1", "11"}),
    ("externalid = ?", ["17"], {"11"}),
    ("externalid = ?", [17], {"11"}),
    ("externalid IN (?, ?)", ["zoey-1", "x"], {"1"}),
    ("companyname = ?", ["O'Neill's"], {"2"}),
    ("isperson = ?", ["T"], {"10", "11"}),
    ("entityid LIKE ?", ["%&%"], {"2"}),
    ("companyname = ?", [None], set[str]()),
    ("NVL(companyname, '-') = NVL(?, '-')", [""], {"10", "11"}),
    ("lastmodifieddate >= TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS')", ["2026-07-01 05:00:00"], {"2", "10"}),
    ("lastmodifieddate > TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS')", ["2026-07-01 05:00:00"], {"10"}),
    ("lastmodifieddate < ?", ["07/01/2026"], {"1"}),
    ("(1=1)", [], {"1", "2", "10", "11"}),
    ("(parent > ? OR (parent = ? AND id > ?))", ["1", "1", "2"], {"10"}),
]


@pytest.mark.parametrize(("condition", "params", "ids"), _BY_PARAMETER)
def test_a_parameter_takes_the_type_of_what_it_meets(
    rows: Rows, condition: str, params: list[object], ids: set[str]
) -> None:
    """Values arrive as text; ids are compared as numbers, `10` is more than `9`."""
    assert {row["id"] for row in rows(f"SELECT id FROM customer WHERE {condition}", *params)} == ids


def test_text_against_a_number_converts_the_text_and_fails_on_what_is_none(rows: Rows) -> None:
    """Oracle converts the column, not the literal: one row that is no number spoils the query."""
    assert rows("SELECT id FROM customer WHERE externalid = 17 AND id = 11") == [{"id": "11"}]
    with pytest.raises(QueryError, match="invalid number"):
        rows("SELECT id FROM customer WHERE externalid = 17 AND id = 10")
    with pytest.raises(QueryError, match="invalid number"):
        rows("SELECT id FROM customer WHERE id > ?", "five")


@pytest.mark.parametrize(
    "expression", ["1/0", "TO_DATE('2026-13-01', 'YYYY-MM-DD')", "TO_NUMBER('1,5')", "TO_CHAR(SYSDATE, 'YYYY-NO')"]
)
def test_values_that_oracle_refuses_are_refused(one: One, expression: str) -> None:
    with pytest.raises(QueryError, match=r"Invalid or unsupported search\."):
        one(expression)


def test_display_and_code_of_columns(rows: Rows) -> None:
    """BUILTIN.DF shows references, booleans and statuses as a person sees them, BUILTIN.CF the status with its type."""
    assert rows(
        "SELECT id, status, BUILTIN.DF(status) AS shown, BUILTIN.CF(t.status) AS code, BUILTIN.DF(entity) AS customer, "
        "BUILTIN.DF(t.trandate) AS day FROM transaction t WHERE id = 100"
    ) == [
        {
            "id": "100",
            "status": "B",
            "shown": "Sales Order : Pending Fulfillment",
            "code": "SalesOrd:B",
            "customer": "ACME",
            "day": "11/01/2026",
        }
    ]
    assert rows("SELECT BUILTIN.DF(isperson) AS p, BUILTIN.DF(c.terms) AS t FROM customer c WHERE id IN (1, 10)") == [
        {"p": "No", "t": "Net 30"},
        {"p": "Yes"},
    ]
    grouped = rows("SELECT BUILTIN.DF(entity) AS e, COUNT(*) AS n FROM transaction GROUP BY BUILTIN.DF(entity)")
    assert sorted((row["e"], row["n"]) for row in grouped) == [("ACME", "2"), ("Bolt & Co", "1")]
