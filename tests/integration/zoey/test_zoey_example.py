"""The documentation's example runs as it stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from zoey_netsuite.sandbox import Sandbox, ZoeySettings

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "zoey_alone.py"
SEED = {
    "products": [{"sku": f"SKU-{n}", "price": 5, "qty": n * 3} for n in range(1, 7)],
    "customers": [{"firstname": "Jane", "lastname": "Doe", "email": "jane@example.com"}],
    "orders": [{"customer_id": 1, "items": [{"sku": "SKU-6", "qty": 1}]}],
}


def test_the_client_alone() -> None:
    """E2: read orders, set low stock in bulk, read products awaited."""
    with Sandbox(zoey=ZoeySettings(requests_per_second=None), seed={"zoey": SEED}) as sandbox:
        ran = subprocess.run(
            [sys.executable, str(EXAMPLE)],
            env={**os.environ, **sandbox.environment()},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[0].split() == ["100000001", "5.0000", "None"]
    assert [line.split()[1] for line in lines[1:4]] == ["set", "set", "set"]
    assert lines[-1].startswith("6 products up to id ")
