"""The example of NetSuite alone runs as it stands, against a sandbox (E2)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from zoey_netsuite.sandbox.sandbox import Sandbox

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "netsuite_alone.py"


def test_netsuite_alone_prints_all_levels_blocking_and_async() -> None:
    items = [{"id": number, "itemId": f"SKU-{number}"} for number in range(1, 4)]
    stock = [{"item": number, "location": 7, "quantityAvailable": number + 0.5} for number in range(1, 4)]
    location = [{"id": 7, "name": "West"}]
    seed = {"netsuite": {"location": location, "inventoryItem": items, "stock": stock}}
    with Sandbox(seed=seed) as sandbox:
        done = subprocess.run(
            [sys.executable, str(EXAMPLE)],
            env={**os.environ, **sandbox.environment()},
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["1 1.5", "2 2.5", "3 3.5"] * 2
