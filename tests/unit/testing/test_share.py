"""A share of many cases is the same everywhere, and all parts together are all cases (G4)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from zoey_netsuite.testing.share import WHOLE, Share

CASES = [("one order", "kill", step) for step in range(100)]

MODULE = """
import pytest

@pytest.mark.parametrize("number", [pytest.param(n, marks=pytest.mark.proof_only) for n in range(20)])
def test_long(number): ...

def test_cases(proof):
    print("cases", proof.share, sorted(proof.faults)[0], proof.is_proof)

def test_short(): ...
"""


def test_the_same_everywhere() -> None:
    """No random seed of this process and no version of Python changes it."""
    assert [case[2] for case in CASES if Share(1, 6).takes(*case)] == [
        2,
        3,
        10,
        15,
        20,
        29,
        43,
        48,
        49,
        60,
        65,
        68,
        73,
        77,
        78,
        82,
        91,
    ]


def test_parts_are_all_cases_once() -> None:
    parts = [Share(part, 6).of_cases(CASES, lambda case: case) for part in range(1, 7)]
    assert sorted(case for part in parts for case in part) == sorted(CASES)
    assert all(8 <= len(part) <= 26 for part in parts)
    assert WHOLE.of_cases(CASES, lambda case: case) == CASES


def test_a_part_of_few_cases_keeps_one() -> None:
    for name in "abcdefghij":
        assert len(Share(1, 6).of_cases([0, 1], lambda case: (name, case))) >= 1  # noqa: B023
    assert Share(1, 6).of_cases([], lambda case: (case,)) == []


@pytest.mark.parametrize("text", ["", "3", "0/6", "7/6", "a/6", "1/0", "-1/6", "1/6/2"])
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(ValueError):
        Share.parse(text)
    assert str(Share.parse("2/6")) == "2/6"


def test_which_tests_a_run_has(tmp_path: Path) -> None:
    """Without a shard: all but those of the proof. The shards: those with cases, and the others of the proof once."""
    module = tmp_path / "test_some.py"
    module.write_text(MODULE)
    paths = {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def ran(*options: str) -> tuple[set[str], str]:
        command = [sys.executable, "-m", "pytest", "-p", "support.proof", "-vs", *options, str(module)]
        said = subprocess.run(
            command, cwd=tmp_path, env={**os.environ, **paths}, capture_output=True, text=True, check=True
        ).stdout
        return {line.split("::")[1].split()[0] for line in said.splitlines() if "::" in line}, said

    tests, said = ran()
    assert tests == {"test_cases", "test_short"}
    assert "cases 1/6 not sent False" in said
    (first, said), (second, _) = ran("--shard", "1/2"), ran("--shard", "2/2")
    assert first & second == {"test_cases"}
    assert first | second == {"test_cases", *(f"test_long[{number}]" for number in range(20))}
    assert "cases 1/2 429 True" in said
    assert "replay: nox -s proof -- --shard 1/2" in said
