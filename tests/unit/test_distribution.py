"""What is built for the package index holds all that the package needs, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "zoey_netsuite"


def test_the_wheel_is_the_package(tmp_path: Path) -> None:
    """E1: the marker for type checkers is in it, and the scripts to deploy in NetSuite."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(next(name for name in names if name.endswith(".dist-info/METADATA"))).decode()
    packaged = {name for name in names if ".dist-info/" not in name}
    expected = {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and not any(part == "__pycache__" or part.startswith(".") for part in path.parts)
    }
    assert packaged == expected
    assert "zoey_netsuite/py.typed" in packaged
    scripts = {name for name in packaged if name.startswith("zoey_netsuite/netsuite/suitescript/src/")}
    assert {Path(name).suffix for name in scripts} >= {".js", ".xml"}
    for extra in ("cli", "oauth2", "postgres", "sandbox", "speed"):
        assert f"Provides-Extra: {extra}" in metadata
    assert "License-Expression: MIT" in metadata
