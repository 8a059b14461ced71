"""An extra that is not installed is named, with the command that brings it (E1)."""

from __future__ import annotations

import subprocess
import sys

import pytest

BLOCK = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocker())
from zoey_netsuite import *
from zoey_netsuite import netsuite, zoey
"""

OAUTH2 = """
try:
    NetSuiteClient("1234567", netsuite.MachineAuth("a", "b", "-----BEGIN PRIVATE KEY-----"))
except ConfigurationError as error:
    print(error)
NetSuiteClient("1234567", netsuite.TokenAuth("a", "b", "c", "d")).close()
"""
SPEED = """
store = MemoryStore()
store.commit([Put(("a",), {"b": [1, 2.5, None]})])
print(store.read([("a",)])[("a",)].value)
"""
ONLY_HTTPX2 = """
from zoey_netsuite.sandbox import Sandbox
with Sandbox() as sandbox:
    own = sandbox.environment()
    auth = netsuite.TokenAuth(*(own[f"NETSUITE_{name}"] for name in (
        "CONSUMER_KEY", "CONSUMER_SECRET", "TOKEN_ID", "TOKEN_SECRET")))
    with NetSuiteClient(sandbox.netsuite.account_id, auth, base_url=sandbox.netsuite.url) as erp:
        made = erp.create("customer", {"companyName": "Acme", "externalId": "a"})
        print(erp.find("customer", "a") == made, "httpx" in sys.modules, "httpx2" in sys.modules)
"""
NO_HTTP = """
try:
    HttpxTransport()
except ConfigurationError as error:
    print(error)
"""
SANDBOX = """
try:
    import zoey_netsuite.sandbox
except ImportError as error:
    print(error)
"""
COMMAND = """
sys.argv = ["zoey_netsuite", "sandbox"]
import runpy
runpy.run_module("zoey_netsuite", run_name="__main__")
"""


def output(blocked: tuple[str, ...], program: str) -> str:
    """What a program prints where these modules are not installed; it must end without a traceback."""
    source = BLOCK.format(blocked=blocked) + program
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("blocked", "program", "said"),
    [
        (("jwt",), OAUTH2, 'pip install ".[oauth2]"'),
        (("cryptography",), OAUTH2, 'pip install ".[oauth2]"'),
        (("sqlglot",), SANDBOX, 'The sandbox needs sqlglot; install it with: pip install ".[sandbox]"'),
        (("click",), COMMAND, 'pip install ".[sandbox,cli]"'),
        (("orjson",), SPEED, "{'b': [1, 2.5, None]}"),
        (("httpx",), ONLY_HTTPX2, "True False True"),
        (("httpx", "httpx2"), NO_HTTP, "Install one: pip install 'httpx>=0.27,<1'"),
    ],
    ids=["PyJWT", "cryptography", "sandbox", "command line", "speed is no need", "httpx2 alone", "no HTTP library"],
)
def test_extras(blocked: tuple[str, ...], program: str, said: str) -> None:
    """E1: the rest works without them."""
    assert said in output(blocked, program)
