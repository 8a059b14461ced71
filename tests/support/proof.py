"""How much of the exhaustive tests a run goes through: a fixed sixth, or what `nox -s proof` asks for.

A test with the fixture `proof` takes from it which of its cases are run. A test with the mark `proof_only` is run by
`nox -s proof` alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from attrs import frozen

from zoey_netsuite.sandbox import Fault
from zoey_netsuite.testing.scenario import FAULTS, OUTCOMES
from zoey_netsuite.testing.share import Share

SIXTH = Share(1, 6)


@frozen
class Proof:
    """What a test with many cases goes through in this run.

    Attributes:
        share: which of its cases.
        faults: what calls meet.
        is_proof: whether this is `nox -s proof`.
    """

    share: Share
    faults: Mapping[str, Fault]
    is_proof: bool


def asked(config: pytest.Config) -> Proof:
    """What this run goes through."""
    shard: Share | None = config.getoption("shard")
    return Proof(SIXTH, OUTCOMES, False) if shard is None else Proof(shard, {**FAULTS, **OUTCOMES}, True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--shard 2/6` runs the proof: the second of six parts."""
    parser.addoption(
        "--shard", type=Share.parse, help="run the proof alone, this part of its cases: 2/6, or 1/1 for all"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose the tests, and begin with those that take longest, so that no process ends long after the others."""
    proof = asked(config)
    chosen = [item for item in items if _is_chosen(item, proof)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = sorted(chosen, key=lambda item: item.get_closest_marker("slow") is None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how a part of the proof is run again."""
    proof = asked(config)
    if proof.is_proof:
        terminalreporter.write_line(f"replay: nox -s proof -- --shard {proof.share}")


@pytest.fixture(scope="session")
def proof(request: pytest.FixtureRequest) -> Proof:
    """Which cases are run."""
    return asked(request.config)


def _is_chosen(item: pytest.Item, proof: Proof) -> bool:
    fixtures: Sequence[str] = getattr(item, "fixturenames", ())
    if item.get_closest_marker("proof_only") is not None:
        return proof.is_proof and ("proof" in fixtures or proof.share.takes(item.nodeid))
    return "proof" in fixtures or not proof.is_proof
