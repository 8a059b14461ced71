"""The shape of the package: who may import whom, what importing costs and shows, how big a room may be."""

from __future__ import annotations

import ast
import inspect
import itertools
import os
import subprocess
import sys
import tomllib
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import grimp
import pytest

import zoey_netsuite
from zoey_netsuite import Sync, netsuite, zoey

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "zoey_netsuite"
MODULES = sorted(PACKAGE.rglob("*.py"))

LONG = {"__init__.py": "every name of the face three times: for type checkers, the interpreter and `import *`"}
"""Modules of more than 450 lines, each with the reason why it is not two."""

EXTRAS = (
    "cryptography",
    "jwt",
    "orjson",
    "psycopg",
    "psycopg_pool",
    "starlette",
    "uvicorn",
    "sqlglot",
    "rich",
    "click",
)
TOOLS = ("pytest", "hypothesis", "httpx2", "zoey_netsuite.sandbox", "zoey_netsuite.testing")
CONTAINED = frozenset({"Sync", "Unit", "BulkEffect", "Operation", "Pages"})
"""Classes of which `Any` kind may be meant: a list of syncs can be no more precise than `list[Sync[Any]]`."""


def test_imports_go_down_the_layers() -> None:
    """Every contract in pyproject.toml holds, and there are as many as were agreed on."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert {"layers", "sandbox", "tools"} <= {contract["id"] for contract in settings["contracts"]}
    outcome = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_no_room_leans_on_the_face() -> None:
    """The package's face hands names on; a room that took them from there would depend on all the others."""
    graph = grimp.build_graph("zoey_netsuite", exclude_type_checking_imports=True, cache_dir=None)
    leaning = graph.find_modules_that_directly_import("zoey_netsuite")
    assert leaning <= {"zoey_netsuite.__main__", "zoey_netsuite.demo"}


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_only_one_module_knows_httpx(library: str) -> None:
    """It alone chooses the library."""
    graph = grimp.build_graph("zoey_netsuite", include_external_packages=True, cache_dir=None)
    knowing = graph.find_modules_that_directly_import(library)
    outside = {name for name in knowing if not name.startswith(("zoey_netsuite.sandbox", "zoey_netsuite.testing"))}
    assert outside == {"zoey_netsuite.http.transport"}


def test_importing_it_needs_no_extra_and_does_nothing() -> None:
    """E1: no extra, no thread, no file written, no logging set up, no environment read into it."""
    program = f"""
import sys, threading, logging, socket, builtins

blocked = {EXTRAS + TOOLS!r}

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if any(name == other or name.startswith(other + ".") for other in blocked):
            raise ImportError(f"{{name}} is blocked", name=name)

sys.meta_path.insert(0, Blocker())

def audit(event, arguments):
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        if not str(arguments[0]).endswith(".pyc") and ".pyc." not in str(arguments[0]):
            raise AssertionError(f"writes {{arguments[0]}}")
    if event in ("socket.connect", "socket.bind", "subprocess.Popen", "os.system", "sqlite3.connect"):
        raise AssertionError(event)

sys.addaudithook(audit)
import zoey_netsuite
for name in zoey_netsuite.__all__:
    getattr(zoey_netsuite, name)
assert threading.active_count() == 1, threading.enumerate()
assert not logging.root.handlers
assert not logging.getLogger("zoey_netsuite").handlers or all(
    isinstance(handler, logging.NullHandler) for handler in logging.getLogger("zoey_netsuite").handlers
)
"""
    # What measures coverage in child processes writes files of its own.
    measured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run([sys.executable, "-c", program], env=measured, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr == ""


def test_suites_are_imported_when_they_are_asked_for() -> None:
    """E3: `testing` hands them on; its clock and its harness need neither pytest nor hypothesis."""
    program = """
import sys
import zoey_netsuite.testing.harness
from zoey_netsuite.testing import FakeClock
assert not {"pytest", "hypothesis"} & set(sys.modules)
from zoey_netsuite.testing import StoreConformance, StoreMachine, StrategyConformance
assert "pytest" in sys.modules
assert StoreConformance is zoey_netsuite.testing.stores.StoreConformance
assert not hasattr(zoey_netsuite.testing, "Conformance")
assert all(hasattr(zoey_netsuite.testing, name) for name in zoey_netsuite.testing.__all__)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_module_says_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text()))
    assert docstring, f"{path} has no docstring"
    first = docstring.partition("\n\n")[0]
    assert first.rstrip().endswith((".", "…", "`.")), f"the first line of {path} is no sentence: {first!r}"


def test_no_module_grows_unnoticed() -> None:
    """450 lines are a question; those that answered it are listed, and leave the list when they shrink."""
    lengths = {path.relative_to(PACKAGE).as_posix(): len(path.read_text().splitlines()) for path in MODULES}
    long = {name for name, length in lengths.items() if length > 450}
    assert long == set(LONG)


def test_the_face_is_sorted_and_explained() -> None:
    names = list(zoey_netsuite.__all__)
    assert len(names) == len(set(names))
    assert names == sorted(names)
    silent = [name for name in names if name != "__version__" and not _explanation(name)]
    assert silent == []


def test_no_any_in_public_signatures() -> None:
    """E1: what users call says what it takes and gives. JSON is the exception, under its own name."""

    class Careless:
        def take(self, values: dict[str, typing.Any]) -> list[Sync[typing.Any]]:
            return list(values.values())

    assert list(_vague_function("take", Careless.take)) == ["take(values: dict[str, typing.Any])"]
    vague = [where for name in zoey_netsuite.__all__ for where in _vague(name, getattr(zoey_netsuite, name))]
    for module in (netsuite, zoey):
        vague += [where for name in module.__all__ for where in _vague(name, getattr(module, name))]
    assert sorted(set(vague)) == []


def _explanation(name: str) -> str | None:
    """The docstring of a name, or the text below its assignment where it is a value or an alias."""
    value = getattr(zoey_netsuite, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        # attrs gives no docstring of its own, and a class inherits none it can't be told by
        return value.__doc__
    for path in MODULES:
        body = ast.parse(path.read_text()).body
        for statement, below in itertools.pairwise(body):
            if isinstance(statement, ast.Assign | ast.AnnAssign) and name in _targets(statement):
                if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                    return str(below.value.value)
                if any(isinstance(option, type) for option in typing.get_args(value)):
                    return f"one of {value}"  # a union of documented classes explains itself
    return None


def _targets(statement: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _vague(name: str, value: object) -> Iterator[str]:
    """Where a public class or function says `Any`, by the text of its annotations."""
    if inspect.isfunction(value):
        yield from _vague_function(name, value)
    elif inspect.isclass(value) and value.__module__.startswith("zoey_netsuite"):
        for attribute, member in vars(value).items():
            function = getattr(member, "__func__", member)
            function = function.fget if isinstance(function, property) else function
            public = not attribute.startswith("_") or attribute == "__init__"
            if public and inspect.isfunction(function) and function.__module__.startswith("zoey_netsuite"):
                yield from _vague_function(f"{name}.{attribute}", function)


def _vague_function(where: str, function: Callable[..., object]) -> Iterator[str]:
    for parameter, annotation in inspect.get_annotations(function).items():
        if "Any" in _names(str(annotation)):
            yield f"{where}({parameter}: {annotation})"


def _names(annotation: str) -> set[str]:
    tree = ast.parse(annotation, mode="eval")
    content = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in CONTAINED
        for inner in ast.walk(node.slice)
    }
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute) and id(node) not in content
    }


def test_the_modules_are_all_looked_at() -> None:
    """The checks above read the checkout that is installed."""
    module: ModuleType = zoey_netsuite
    assert Path(str(module.__file__)).parent == PACKAGE
    assert len(MODULES) > 100
