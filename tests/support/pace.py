"""Which tests take how much of the processors: measured in every run, and printed at its end.

What a test's own processes use counts, also PostgreSQL servers and processes that are forked by a fork server.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import forkserver
from typing import Any

import psutil
import pytest

WATCHED: set[int] = set()
"""Processes that outlive a test, by id."""


def watch(process: int) -> None:
    """Count what a process uses while it runs. What it used is this process's own once it has ended."""
    WATCHED.add(process)


def used() -> float:
    """Seconds of processor time that this process and all that it started have used so far."""
    seconds = sum(os.times()[:4])
    for process in (*WATCHED, getattr(forkserver._forkserver, "_forkserver_pid", None)):  # type: ignore[attr-defined]
        if process is not None:
            with suppress(psutil.NoSuchProcess):
                seconds += sum(psutil.Process(process).cpu_times()[:4])
    return seconds


class Pace:
    """A plugin of pytest that measures, and tells. Also in each process of pytest-xdist.

    Attributes:
        tests: seconds of processor time, by test.
        workers: likewise, by process.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._began = time.monotonic()
        self._last = used()
        self.tests: dict[str, float] = defaultdict(float)
        self.workers: list[float] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Iterator[None]:
        """What was used since the last report is this one's."""
        report = yield
        now = used()
        report.processor, self._last = now - self._last, now  # type: ignore[attr-defined]
        return report

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A part of a test is over, here or in another process."""
        self.tests[report.nodeid] += report.processor

    def pytest_sessionfinish(self) -> None:
        """Tell the process that gave the tests out."""
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput["processor"] = used()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A process of pytest-xdist has ended."""
        self.workers.append(getattr(node, "workeroutput", {}).get("processor", 0.0))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the totals, and what took longest."""
        count = self._config.getoption("longest")
        if not count or not self.tests:
            return
        files: dict[str, float] = defaultdict(float)
        for test, seconds in self.tests.items():
            files[test.partition("::")[0]] += seconds
        terminalreporter.section("time")
        # The processes of pytest-xdist are children of this one, and have said themselves what they used.
        total = sum(self.workers) + sum(os.times()[:2]) if self.workers else used()
        wall = time.monotonic() - self._began
        terminalreporter.write_line(f"processors {total:.0f} s ({total / 60:.1f} min), wall {wall:.0f} s; most of it:")
        for named in (files, self.tests):
            for name, seconds in sorted(named.items(), key=lambda each: -each[1])[:count]:
                terminalreporter.write_line(f"{seconds:7.1f} s  {name}")
            terminalreporter.write_line("")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--longest 0` prints nothing."""
    parser.addoption("--longest", type=int, default=12, help="how many files and tests to name that take longest")


def pytest_configure(config: pytest.Config) -> None:
    """Measure."""
    config.pluginmanager.register(Pace(config))
