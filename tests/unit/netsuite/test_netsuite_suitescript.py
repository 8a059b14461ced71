"""The saved-search RESTlet: a deployable project, and a script that speaks what the client understands."""

from __future__ import annotations

import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from zoey_netsuite.http.transport import Received
from zoey_netsuite.netsuite import SearchScript, suitescript
from zoey_netsuite.netsuite.restlets import saved_search

RUN = """
let script;
global.define = (names, build) => { script = build(
  { create: (details) => Object.assign(new Error(details.message), details) },
  { load: ({ id }) => ({ runPaged: ({ pageSize }) => {
      const rows = [1, 2, 3, 4, 5, 6, 7];
      const pageRanges = rows.filter((_, at) => at % pageSize === 0);
      const columns = [{ name: 'entityid', label: 'Name' }, { name: 'email', join: 'contact' }];
      const result = (row) => ({ id: row, recordType: 'customer', columns,
        getValue: (column) => `${column.name}-${row}`, getText: () => null });
      return { count: rows.length, pageRanges,
        fetch: ({ index }) => ({ data: rows.slice(index * pageSize, (index + 1) * pageSize).map(result) }) };
  } }) },
); };
require(process.argv[1]);
try { console.log(JSON.stringify(script.post(JSON.parse(process.argv[2])))); }
catch (error) { console.log(JSON.stringify({ error: { code: error.name, message: error.message } })); }
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return suitescript.copy_to(tmp_path / "search")


def test_the_project_is_complete_and_agrees_with_the_client(project: Path) -> None:
    source = project / "src"
    (script_object,) = (source / "Objects").iterdir()
    root = ET.parse(script_object).getroot()
    deployment = root.find("scriptdeployments/scriptdeployment")
    assert deployment is not None
    assert SearchScript(root.attrib["scriptid"], deployment.attrib["scriptid"]) == SearchScript()
    file = (root.findtext("scriptfile") or "").strip("[]")
    assert (source / "FileCabinet" / file.lstrip("/")).read_text(encoding="utf-8").count("@NScriptType Restlet") == 1
    assert ET.parse(source / "manifest.xml").getroot().attrib["projecttype"] == "ACCOUNTCUSTOMIZATION"
    assert ET.parse(source / "deploy.xml").getroot().tag == "deploy"
    assert (project / "README.md").exists()
    assert not list(project.rglob("*.py"))
    with pytest.raises(FileExistsError):
        suitescript.copy_to(project)


def call(project: Path, request: dict[str, Any]) -> bytes:
    script = next(project.rglob("saved_search.js"))
    done = subprocess.run(
        ["node", "-e", RUN, str(script), json.dumps(request)], capture_output=True, check=True, timeout=60
    )
    return done.stdout


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_script_answers_what_the_client_asks(project: Path) -> None:
    operation = saved_search("customsearch_x", page_size=5).first
    page = operation.read(Received(200, {}, call(project, operation.json)))
    assert [row["Name"] for row in page.items] == [f"entityid-{number}" for number in range(1, 6)]
    assert (page.items[0].id, page.items[0].type, page.items[0]["contact.email"]) == ("1", "customer", "email-1")
    assert page.next is not None
    last = page.next.read(Received(200, {}, call(project, page.next.json)))
    assert ([row.id for row in last.items], last.next) == (["6", "7"], None)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"action": "drop"}, "action"),
        ({"action": "page"}, "search"),
        ({"action": "page", "search": "x", "pageSize": 2}, "pageSize"),
        ({"action": "page", "search": "x", "page": -1}, "page"),
    ],
)
def test_the_script_refuses_what_it_cannot_do(project: Path, request_: dict[str, Any], words: str) -> None:
    assert words in json.loads(call(project, request_))["error"]["message"]
