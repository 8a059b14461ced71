"""What the documentation shows, runs: every Python block of every page and of the README, and all docstring examples.

The blocks of a page run in order, in one namespace, against a sandbox that `os.environ` leads to. In front of a block,
a comment may say otherwise:

    <!--- skip: next "why it can't run" -->     it is not run
    <!--- runs until: SIGTERM -->               it is a service: run as a program, and ended once it has done its work

A ```text block right after a Python block is what that block prints; `...` stands for any text, and line ends and
spaces do not count.
"""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import SkipTest

import httpx
import pytest
from support.shop import sample_sandbox, served_until
from sybil import Sybil
from sybil.document import Document
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

import zoey_netsuite
from zoey_netsuite.sandbox import Fault, Sandbox, samples

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
SERVICE = re.compile(r"<!--- runs until: SIGTERM -->\s*```python\n(.*?)```", re.DOTALL)
ON_POSTGRES = {"docs/how-to/postgres.md", "docs/how-to/several-processes.md"}
"""Pages whose `DATABASE_URL` leads to a database."""

PRINTS = re.compile(r"\s*```text\n(.*?)```", re.DOTALL)
SKIP = re.compile(r"<!---\s*skip:(?P<rest>.*?)-->", re.DOTALL)
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(zoey_netsuite.__path__, "zoey_netsuite.")
    if not module.name.endswith("__main__")
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with sample_sandbox() as running:
        yield running


@pytest.fixture
def surroundings(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader's: the sandbox's addresses and credentials in the environment, a folder to write to."""
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    # A block may put more into the environment; nothing of it is to stay.
    monkeypatch.setattr(os, "environ", os.environ.copy())


def parsed(page: Path) -> Document:
    sybil = Sybil(parsers=[PythonCodeBlockParser(), SkipParser()], path=str(ROOT))
    return sybil.parse(page)


def prints(shown: str, printed: str) -> bool:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(shown, printed, flags)


def test_the_readme_is_typed() -> None:
    """E1: what it shows passes strict type checkers, which look at the copy under `tests/typing`."""
    (shown,) = SERVICE.findall((ROOT / "README.md").read_text())
    assert (ROOT / "tests/typing/readme.py").read_text().endswith(shown)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
@pytest.mark.usefixtures("surroundings")
def test_a_page_runs_as_it_is_read(
    page: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    if page.relative_to(ROOT).as_posix() in ON_POSTGRES:
        os.environ["DATABASE_URL"] = request.getfixturevalue("database_url")
    services = {text.strip() for text in SERVICE.findall(page.read_text())}
    document = parsed(page)
    for example in document.examples():
        source = str(example.parsed).strip()
        if source in services:
            continue
        capsys.readouterr()
        try:
            example.evaluate()
        except SkipTest:
            continue
        printed = capsys.readouterr().out
        shown = PRINTS.match(document.text, example.region.end)
        if shown is not None:
            assert prints(shown[1], printed), f"{page.name}: what is shown is not what is printed:\n{printed}"


@pytest.mark.parametrize(
    ("page", "source"),
    [(page, source) for page in PAGES for source in SERVICE.findall(page.read_text())],
    ids=lambda value: value.relative_to(ROOT).as_posix() if isinstance(value, Path) else "service",
)
def test_a_service_runs_until_it_is_told_to_end(page: Path, source: str, sandbox: Sandbox, tmp_path: Path) -> None:
    """G1: it starts, brings stock in step, and ends in good order at SIGTERM."""
    program = tmp_path / "service.py"
    program.write_text(source)
    output, returncode = served_until(signal.SIGTERM, program, sandbox)
    assert returncode == 0, output


def test_a_block_is_left_out_only_with_a_reason() -> None:
    for page in PAGES:
        for found in SKIP.finditer(page.read_text()):
            assert re.search(r'"[^"]{10,}"', found["rest"]), f"{page}: {found.group()} gives no reason"


def test_every_program_is_shown() -> None:
    """As a snippet over three lines: one line would be valid Python, and the formatter would take it apart."""
    shown = re.findall(
        r"^```python\n--8<--\n(.*)\n--8<--\n```$", (ROOT / "docs" / "programs.md").read_text(), re.MULTILINE
    )
    programs = (ROOT / "docs" / "examples").glob("*.py")
    assert sorted(shown) == sorted(path.relative_to(ROOT).as_posix() for path in programs)
    for page in PAGES:
        assert "--8 <" not in page.read_text(), page


def test_every_python_block_is_one_that_runs() -> None:
    """No block escapes by another spelling of the language."""
    for page in PAGES:
        languages = set(re.findall(r"^[ \t]*(?:```|~~~)[ \t]*\{?\.?([A-Za-z0-9+-]+)", page.read_text(), re.MULTILINE))
        assert not languages & {"py", "python3", "pycon", "pyconsole", "Python"}, page


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.usefixtures("surroundings")
def test_docstring_examples(name: str, request: pytest.FixtureRequest) -> None:
    """Examples see the package's public names, and those of the sandbox; everything else they import."""
    module = importlib.import_module(name)
    names = {public: getattr(zoey_netsuite, public) for public in zoey_netsuite.__all__}
    names |= {"Fault": Fault, "Sandbox": Sandbox, "samples": samples, "httpx": httpx}
    examples = [test for test in doctest.DocTestFinder().find(module, name) if test.examples]
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    report: list[str] = []
    for example in examples:
        example.globs = {**names, **example.globs}
        runner.run(example, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)


def test_the_commands_of_the_readme_are_two() -> None:
    """One runs the main job, one the tests; CI runs the very same line."""
    text = (ROOT / "README.md").read_text()
    commands = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    prepare = "python3 -m venv .venv && .venv/bin/python -m pip install -q nox && .venv/bin/nox -s"
    assert commands == [f"{prepare} demo", f"{prepare} tests"]
    run = (ROOT / ".ci" / "run").read_text()
    assert commands[1].removeprefix("python3") in run
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert sys.version_info >= (3, 11)


def test_the_table_of_promises_names_tests_that_are_there() -> None:
    """Each row names tests that carry its id, or says why there is none yet."""
    rows = re.findall(r"^\| ([A-Z]\d) \|.*\|(.*)\|$", (ROOT / "docs" / "requirements.md").read_text(), re.MULTILINE)
    assert len(rows) >= 20
    for promise, shown_by in rows:
        paths = [ROOT / path for path in re.findall(r"`(tests/[^`]+)`", shown_by)]
        assert [path for path in paths if not path.exists()] == [], promise
        files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*.py"))]
        proved = any(re.search(rf"\b{promise}\b", file.read_text()) for file in files)
        assert proved or re.search(r"not yet: \w+", shown_by), promise
