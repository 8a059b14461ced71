"""How lines for people are put on paper."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from zoey_netsuite import Finding, Findings, Report, SyncReport, SystemFailure
from zoey_netsuite.engine.report import EXAMPLES, Named
from zoey_netsuite.wording import WIDTH, moment, sentences, wrapped


def test_a_long_line_goes_on_further_in() -> None:
    lines = wrapped("    held: " + "a-hyphenated word " * 20).splitlines()
    assert len(lines) > 1
    assert all(len(line) <= WIDTH for line in lines)
    assert lines[0].startswith("    held: a-hyphenated")
    assert all(line.startswith("      ") and line[6] != " " for line in lines[1:])
    assert all(line.endswith(("word", "a-hyphenated")) for line in lines)


def test_a_long_word_is_not_broken() -> None:
    address = "https://example.com/" + "a" * WIDTH
    assert address in wrapped(f"  see {address} there")


@pytest.mark.parametrize("what", ["It is so", "It is so."])
def test_two_remarks_are_two_sentences(what: str) -> None:
    """With a full stop between them, whether the first brought one or not."""
    assert sentences(what, "Mend it.") == "It is so. Mend it."
    assert str(Finding("error", "zoey", what, "Mend it.")) == "error (zoey): It is so. Mend it."
    assert str(SystemFailure(what, system="zoey", cause="outage", remedy="Mend it.")) == "It is so. Mend it."


def test_a_single_remark_stays_as_it_is() -> None:
    assert (sentences("so", ""), sentences("", "so"), sentences("", "")) == ("so", "so", "")


def test_a_moment_is_said_to_the_second() -> None:
    assert moment(datetime(2026, 3, 2, 9, 15, 0, 123456, tzinfo=UTC)) == "2026-03-02 09:15:00 UTC"


def test_findings_fit_the_width() -> None:
    findings = Findings(
        (Finding("warning", "zoey", "many products " * 30, "Mend them."), Finding("info", "zoey", "so"))
    )
    assert max(map(len, str(findings).splitlines())) <= WIDTH
    assert str(findings).splitlines()[-1] == "info (zoey): so"


def report(named: list[Named], **outcomes: int) -> Report:
    part = SyncReport("orders", 99, outcomes=outcomes, named=named)
    return Report("acme", datetime(2026, 3, 2, tzinfo=UTC), 1.0, False, {"orders": part}, {})


def test_a_report_shows_a_few_of_each_trouble_and_counts_the_others() -> None:
    """All of them stand in its data."""
    same = [Named(str(n), None, None, "held", "mapping item", f"no item for order {n}") for n in range(10)]
    other = Named("77", None, None, "failed", "refused", "order 77 was refused")
    made = report([*same, other], held=10, failed=1)
    text = str(made)
    assert text.count("held: no item") == EXAMPLES
    assert "failed: order 77 was refused" in text
    assert f"… and {10 - EXAMPLES} more: see integration.attention.list()" in text
    assert len(made.syncs["orders"].named) == 11


def test_a_report_says_nothing_of_what_is_not() -> None:
    assert "as they should be" not in str(report([], held=0))
