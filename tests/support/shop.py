"""A sample business for documentation and examples, and programs that are run against it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from zoey_netsuite.sandbox import Sandbox, ZoeySettings, samples

PATIENCE = 60.0
"""Seconds after which a program that should have done its work is ended, and the test fails."""

CUSTOM_FIELDS = [
    {"name": "custrecord_call_order", "record": "customrecord_call_request", "type": "text"},
    {"name": "custbody_tax_note", "record": "salesOrder", "type": "text"},
    {"name": "custrecord_note_order", "record": "customrecord_order_note", "type": "text"},
    {"name": "custrecord_note_text", "record": "customrecord_order_note", "type": "text"},
]
"""What examples write to, of the merchant's own."""


SAMPLE = samples.wholesaler(products=40, locations=7, accounts=8, orders=12)
"""A small wholesaler's records on both systems."""


@contextmanager
def sample_sandbox() -> Generator[Sandbox, None, None]:
    """A small wholesaler on both systems, with seven locations (examples name 1, 2 and 7), without quotas."""
    settings = ZoeySettings(requests_per_second=None)
    with Sandbox(zoey=settings, seed=SAMPLE) as running:
        running.netsuite.concurrency.limit = None
        linked = [order for order in SAMPLE["zoey"]["orders"] if order.get("netsuite_order")]
        running.seed({"netsuite": _warranties([str(order["netsuite_order"]) for order in linked[:2]])})
        running.seed({"netsuite": {"custom_fields": CUSTOM_FIELDS}})
        yield running


def _warranties(sales_orders: Sequence[str]) -> dict[str, Any]:
    """A custom record that nobody foresaw, and one of it for each of these orders."""
    field = {"name": "custrecord_sales_order", "record": "customrecord_warranty", "type": "text"}
    rows = [
        {"id": number, "name": f"{number} years", "custrecord_sales_order": order}
        for number, order in enumerate(sales_orders, start=1)
    ]
    return {"custom_fields": [field], "customrecord_warranty": rows}


def run_program(program: Path, sandbox: Sandbox, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, with the sandbox's addresses and credentials in its environment."""
    return subprocess.run(
        [sys.executable, str(program)],
        env={**os.environ, **sandbox.environment()},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def served_until(number: int, program: Path, sandbox: Sandbox) -> tuple[str, int]:
    """Run a service until it has written to Zoey and asked for no more for a moment; then send it a signal.

    Returns:
        What it printed, and its exit status.
    """
    with subprocess.Popen(
        [sys.executable, str(program)],
        env={**os.environ, **sandbox.environment()},
        cwd=program.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            _until_quiet(process, sandbox)
            process.send_signal(number)
            output, _ = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    return output, process.returncode


def _until_quiet(process: subprocess.Popen[str], sandbox: Sandbox) -> None:
    """Another program's work can only be watched from outside: by the calls that it makes."""
    ends = time.monotonic() + PATIENCE
    seen, since = -1, time.monotonic()
    while time.monotonic() < ends and process.poll() is None:
        made = sandbox.netsuite.calls.total + sandbox.zoey.calls.total
        if made != seen:
            seen, since = made, time.monotonic()
        elif sandbox.zoey.calls.writes and time.monotonic() - since > 0.5:
            return
        time.sleep(0.02)
