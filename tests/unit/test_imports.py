"""What an import brings with it, and that names which come late look as if they had come at once."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import zoey_netsuite

PACKAGE = Path(zoey_netsuite.__file__).parent
LAZY = sorted(path for path in PACKAGE.rglob("__init__.py") if "on_first_use(" in path.read_text())
EXTRAS = {
    "click",
    "cryptography",
    "jwt",
    "orjson",
    "psycopg",
    "psycopg_pool",
    "pygments",
    "rich",
    "sqlglot",
    "starlette",
    "uvicorn",
}


def imported_by(program: str) -> set[str]:
    """The modules that a program imports in a process of its own."""
    source = f"""
import sys
before = set(sys.modules)
{program}
after = set(sys.modules) - before
import json
print(json.dumps(sorted(after)))
"""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def tops(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_the_face_costs_nothing_until_it_is_used() -> None:
    """E1: `import zoey_netsuite` brings none of its rooms and no other library."""
    modules = imported_by("import zoey_netsuite")
    assert {name for name in modules if name.startswith("zoey_netsuite")} == {
        "zoey_netsuite",
        "zoey_netsuite._lazy",
        "zoey_netsuite._version",
    }
    assert tops(modules) & {"attr", "asyncio", "cattrs", "httpx", "inspect", "json", "oauthlib", "ssl"} == set()


@pytest.mark.parametrize(("client", "own"), [("NetSuiteClient", "netsuite"), ("ZoeyClient", "zoey")])
def test_a_client_brings_only_what_carries_calls(client: str, own: str) -> None:
    """E1: neither the engine nor the other client, and no library that the first call may not need."""
    modules = imported_by(f"from zoey_netsuite import {client}")
    rooms = {name.split(".")[1] for name in modules if name.startswith("zoey_netsuite.")}
    assert rooms == {"_lazy", "_version", "checks", "clock", "errors", "http", own, "logs", "wording"}
    assert tops(modules) & {"asyncio", "cattrs", "dateutil", "httpx", "httpx2", "oauthlib", *EXTRAS} == set()


def test_no_name_brings_an_extra() -> None:
    """E1: an extra that is installed is not imported before it is used either."""
    rooms = ("zoey_netsuite", "zoey_netsuite.netsuite", "zoey_netsuite.zoey")
    modules = imported_by("\n".join(f"from {room} import *" for room in rooms))
    assert "zoey_netsuite.integration" in modules
    assert tops(modules) & EXTRAS == set()


@pytest.mark.parametrize("path", LAZY, ids=lambda path: path.parent.name)
def test_what_runs_is_what_type_checkers_read(path: Path) -> None:
    """E1: the table of a package names the same modules as its imports under `TYPE_CHECKING`, and `__all__` all."""
    tree = ast.parse(path.read_text())
    package = import_module(".".join(path.parent.relative_to(PACKAGE.parent).parts))
    read = {
        (name.asname or name.name): (statement.module, name.name)
        for statement in _checked(tree)
        for name in statement.names
    }
    table = {
        name: (f"{package.__name__}.{module}", name) for module, names in _table(tree).items() for name in names.split()
    }
    assert table == read
    eager = {name.name for each in tree.body if isinstance(each, ast.ImportFrom) for name in each.names}
    assert set(package.__all__) == set(table) | (eager - {"TYPE_CHECKING", "on_first_use"})
    for name, (module, _) in read.items():
        assert getattr(package, name) is getattr(import_module(str(module)), name)
    assert table.keys().isdisjoint(_table(tree)), "a module would hide the name it holds"


def _checked(tree: ast.Module) -> Iterator[ast.ImportFrom]:
    (block,) = (each for each in tree.body if isinstance(each, ast.If))
    assert ast.unparse(block.test) == "TYPE_CHECKING"
    for statement in block.body:
        assert isinstance(statement, ast.ImportFrom)
        yield statement


def _table(tree: ast.Module) -> dict[str, str]:
    (call,) = (
        each for each in ast.walk(tree) if isinstance(each, ast.Call) and ast.unparse(each.func) == "on_first_use"
    )
    return ast.literal_eval(call.args[1])  # type: ignore[no-any-return]


def test_dir_help_and_pickle_see_no_difference() -> None:
    """E1: in a fresh process, where nothing was used yet."""
    program = """
import pickle, pydoc, types
import zoey_netsuite
shown = dir(zoey_netsuite)
assert not [name for name in shown if name.startswith("_") and name != "__version__"], shown
assert set(shown) == {*zoey_netsuite.__all__, "netsuite", "zoey"}
assert zoey_netsuite.netsuite.MachineAuth.__module__ == "zoey_netsuite.netsuite.auth"
assert zoey_netsuite.errors.ConfigurationError is zoey_netsuite.ConfigurationError
assert "MachineAuth" in dir(zoey_netsuite.netsuite)
assert not hasattr(zoey_netsuite, "pytest_plugins")
try:
    zoey_netsuite.NetSuiteCient
except AttributeError as error:
    assert str(error) == "module 'zoey_netsuite' has no attribute 'NetSuiteCient'", error
    assert error.name == "NetSuiteCient" and error.obj is zoey_netsuite
for name in zoey_netsuite.__all__:
    value = getattr(zoey_netsuite, name)
    if isinstance(value, type | types.FunctionType):
        assert pickle.loads(pickle.dumps(value)) is value, name
text = pydoc.plain(pydoc.render_doc(zoey_netsuite))
for name in ("NetSuiteClient", "Integration", "reconcile", "ABSENT"):
    assert name in text, name
star = {}
exec("from zoey_netsuite import *", star)
assert set(star) - {"__builtins__"} == set(zoey_netsuite.__all__)
"""
    assert imported_by(program)
