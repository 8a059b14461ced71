"""The SuiteScript that runs saved searches, as an SDF project to deploy into your NetSuite account (see README.md)."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path


def copy_to(folder: str | Path) -> Path:
    """Copy the SDF project into a new folder, ready for `suitecloud project:deploy`.

    Args:
        folder: must not exist yet.

    Returns:
        The folder.

    Raises:
        FileExistsError: the folder exists.
    """
    target = Path(folder)
    with as_file(files(__name__)) as source:
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__init__.py", "__pycache__"))
    (target / "suitecloud.config.js").write_text(
        'module.exports = { defaultProjectFolder: "src" };\n', encoding="utf-8"
    )
    return target
