"""SuiteQL texts taken apart: parameters at the right place, and only queries that can be read on by key."""

import pytest

from zoey_netsuite.netsuite.errors import PagingError
from zoey_netsuite.netsuite.statement import START, keyset, parse_statement

ORDERED = "SELECT id, type FROM transaction WHERE :after ORDER BY type, id"


@pytest.mark.parametrize(
    ("query", "placeholders", "resumable"),
    [
        ("SELECT 1 FROM dual WHERE a = ? AND b = ?", 2, False),
        ("SELECT '?' FROM dual WHERE a = ? AND :after", 1, True),
        ("SELECT 'it''s ? :after' FROM dual WHERE a = ?", 1, False),
        ('SELECT a AS "why? :after" FROM dual', 0, False),
        ("SELECT a -- really? :after\nFROM dual WHERE :AFTER", 0, True),
        ("SELECT a /* ? :after\n ? */ FROM dual WHERE x = ?", 1, False),
        ("SELECT q'[it's ? here]' FROM dual WHERE x = ?", 1, False),
        ("SELECT q'!it's ? here!' FROM dual WHERE x = ?", 1, False),
        ("SELECT Nq'{a'?}' FROM dual WHERE x = ?", 1, False),
        ("SELECT '' FROM dual WHERE x = ? AND y = ''", 1, False),
        ("SELECT a FROM dual WHERE b = :afterwards", 0, False),
        ("SELECT 'never closed ?", 0, False),
    ],
)
def test_parameters_are_found_outside_of_literals_names_and_comments(query, placeholders, resumable):
    statement = parse_statement(query)
    assert (statement.placeholders, statement.resumable) == (placeholders, resumable)


def test_bind_parameters_stand_where_the_condition_stands():
    statement = parse_statement("SELECT '?', a FROM t WHERE x = ? AND :after AND y = ? GROUP BY a ORDER BY a")
    text, params = statement.render(["X", "Y"], "(a > ?)", ["A"])
    assert text == "SELECT '?', a FROM t WHERE x = ? AND (a > ?) AND y = ? GROUP BY a ORDER BY a"
    assert params == ["X", "A", "Y"]


def test_every_occurrence_of_the_condition_gets_its_own_parameters():
    statement = parse_statement(
        "SELECT a FROM t WHERE :after UNION ALL SELECT a FROM u WHERE z = ? AND :after ORDER BY a"
    )
    assert statement.render(["Z"], "(a > ?)", ["A"])[1] == ["A", "Z", "A"]


def test_the_condition_nests_for_several_columns():
    one = keyset("id", parse_statement("SELECT id FROM t WHERE :after ORDER BY id"))
    two = keyset(("type", "id"), parse_statement(ORDERED))
    three = keyset(("a", "b", "c"), parse_statement("SELECT a, b, c FROM t WHERE :after ORDER BY a, b, c"))
    assert (one.condition, one.binds(["1"])) == ("(id > ?)", ["1"])
    assert (two.condition, two.binds(["x", "1"])) == ("(type > ? OR (type = ? AND id > ?))", ["x", "x", "1"])
    assert three.condition == "(a > ? OR (a = ? AND (b > ? OR (b = ? AND c > ?))))"
    assert three.binds(["1", "2", "3"]) == ["1", "1", "2", "2", "3"]
    assert START == "(1=1)"


def test_a_column_can_stand_for_an_expression():
    query = "SELECT t.id AS number, TO_CHAR(t.d, 'YYYY') AS y FROM t WHERE :after ORDER BY to_char( t.d,'YYYY'), 2 ASC"
    keys = keyset({"Y": "TO_CHAR(t.d, 'YYYY')", "number": "t.id"}, parse_statement(query))
    assert keys.columns == ("y", "number")
    assert keys.condition == "(TO_CHAR(t.d, 'YYYY') > ? OR (TO_CHAR(t.d, 'YYYY') = ? AND t.id > ?))"


@pytest.mark.parametrize(
    "order",
    [
        "ORDER BY id",
        "order   by\nID",
        "ORDER BY t.id ASC NULLS LAST",
        "ORDER BY 1",
        "ORDER BY id -- up\n",
        "ORDER BY id, x DESC",
    ],
)
def test_ways_to_write_the_order(order):
    assert keyset(("id",), parse_statement(f"SELECT id FROM t WHERE :after {order}")).columns == ("id",)


@pytest.mark.parametrize(
    ("query", "by", "words"),
    [
        ("SELECT id FROM t ORDER BY id", ("id",), "`:after`"),
        ("SELECT id FROM t WHERE id = ':after' ORDER BY id", ("id",), "`:after`"),
        ("SELECT id FROM t WHERE :after", ("id",), "no ORDER BY"),
        ("SELECT id FROM (SELECT id FROM t ORDER BY id) WHERE :after", ("id",), "no ORDER BY"),
        ("SELECT id, RANK() OVER (ORDER BY id) FROM t WHERE :after", ("id",), "no ORDER BY"),
        ("SELECT id FROM t WHERE :after -- ORDER BY id", ("id",), "no ORDER BY"),
        ("SELECT id FROM t WHERE :after ORDER BY name, id", ("id",), "must begin with"),
        ("SELECT id FROM t WHERE :after ORDER BY id", ("id", "name"), "its number 2 is missing"),
        ("SELECT id FROM t WHERE :after ORDER BY id DESC", ("id",), "upwards"),
        ("SELECT id FROM t WHERE :after ORDER BY id NULLS FIRST", ("id",), "upwards"),
        ("SELECT id FROM t WHERE :after ORDER BY id FETCH FIRST 5 ROWS ONLY", ("id",), "FETCH FIRST"),
        ("SELECT id FROM t WHERE :after ORDER BY id", (), "names no column"),
        ("SELECT id FROM t WHERE :after ORDER BY id", {"id": "NVL(id, ?)"}, "cannot hold parameters"),
    ],
)
def test_queries_that_cannot_be_read_by_key_are_refused_before_anything_is_sent(query, by, words):
    with pytest.raises(PagingError, match=words.replace("`", ".")):
        keyset(by, parse_statement(query))
