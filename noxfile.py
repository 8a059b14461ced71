"""What is done with this project: `nox -s NAME` makes an environment of its own for each of these, and runs it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["tests", "lint", "types", "docs"]
nox.options.error_on_external_run = True
nox.options.default_venv_backend = "uv|virtualenv"

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT)
"""The versions that the classifiers promise."""

EXTRAS = "sandbox,cli,oauth2,speed,postgres"
TEST_PROCESSES = ["-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "loadgroup"]
COVERAGE = os.environ.get("COVERAGE", "0") not in ("", "0")


def _install(session: nox.Session, *groups: str) -> None:
    """This checkout with all extras, and dependency groups."""
    session.install("-e", f".[{EXTRAS}]", *nox.project.dependency_groups(PROJECT, *groups))


def _test(session: nox.Session) -> None:
    _install(session, "test")
    if session.posargs:
        session.run("pytest", *session.posargs)
    elif not COVERAGE:
        session.run("pytest", *TEST_PROCESSES)
    else:
        session.run("coverage", "erase", silent=True)
        session.run("coverage", "run", "-m", "pytest", *TEST_PROCESSES)
        session.run("coverage", "combine", "--quiet")
        session.run("coverage", "report", "--skip-covered", "--skip-empty")


@nox.session
def tests(session: nox.Session) -> None:
    """All tests, and a sixth of the proof, with the Python that runs nox. `-s tests -- -k stock` goes to pytest.

    With `COVERAGE=1` in the environment it takes half as long again, and fails where too little is tested.
    """
    _test(session)


for version in PYTHONS:
    nox.session(_test, name=f"tests-{version}", python=version)


@nox.session
def proof(session: nox.Session) -> None:
    """Killed at every step, every call with every fault: `-- --shard 2/6` runs a part, `-- -k twenty` one test."""
    _install(session, "test")
    everything = [] if "--shard" in session.posargs else ["--shard", "1/1"]
    session.run("pytest", *TEST_PROCESSES, *everything, *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, form and the direction of imports."""
    _install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Both type checkers, over the package, the typing tests and the examples."""
    _install(session, "test", "types")
    session.run("mypy")
    session.run("pyright", "--pythonpath", str(Path(session.bin, "python")))


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation as a site in `site/`; a broken link or name fails it. `-s docs -- serve` serves it."""
    _install(session, "docs")
    if session.posargs:
        session.run("mkdocs", *session.posargs)
    else:
        # The warning is about the future of the tool, not about these pages.
        session.run("mkdocs", "build", "--strict", "--quiet", env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session
def demo(session: nox.Session) -> None:
    """Both systems as stand-ins on this machine, and stock brought in step between them."""
    session.install(f".[{EXTRAS}]")
    folder = session.create_tmp()
    # Outside the checkout, so that what runs is the package as it would be installed.
    with session.chdir(folder):
        session.run("python", "-m", "zoey_netsuite", "demo", *session.posargs)
    shutil.rmtree(folder, ignore_errors=True)


@nox.session
def bench(session: nox.Session) -> None:
    """What things cost, measured and printed. Arguments name the ones to run: `-s bench -- bench_store.py`."""
    _install(session, "test")
    for script in sorted(Path("tests", "benchmarks").glob("*.py")):
        if not session.posargs or script.name in session.posargs:
            session.run("python", str(script))


@nox.session(venv_backend="uv")
def lowest(session: nox.Session) -> None:
    """The lowest versions that pyproject.toml allows: unit tests and stock carried. Needs uv."""
    session.install("--resolution", "lowest-direct", "-e", f".[{EXTRAS}]")
    kept = Path(session.create_tmp(), "lowest.txt")
    kept.write_text(
        str(session.run("uv", "pip", "freeze", "--quiet", "--exclude-editable", silent=True, external=True))
    )
    # one that a tool for tests needs newer fails here
    session.install("--constraint", str(kept), *nox.project.dependency_groups(PROJECT, "test"))
    session.run("pytest", *(session.posargs or ["-n", "2", "tests/unit", "tests/scenarios/inventory"]))


@nox.session
@nox.parametrize("version", ["0.27", "0.28"])
def httpx(session: nox.Session, version: str) -> None:
    """Everything about transports, with one minor version of httpx."""
    session.install("-e", f".[{EXTRAS}]", *nox.project.dependency_groups(PROJECT, "test"), f"httpx=={version}.*")
    session.run("pytest", *(session.posargs or ["tests/unit/http", "tests/integration/http"]))


@nox.session
def simulate(session: nox.Session) -> None:
    """Many random histories, each from a number: `-s simulate -- --seeds 20000 --start 1000`."""
    _install(session, "test")
    session.run("python", "-m", "simulation", *session.posargs, env={"PYTHONPATH": "tests"})
