"""Play many histories: `python -m simulation --seeds 10000 --start 200 --processes 2`.

`--play FILE` plays one again: the text that a failure prints, a `History(...)`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from simulation import histories, merchant, people
from simulation.histories import History, history
from simulation.merchant import Grounds
from zoey_netsuite.testing import events

AT_ONCE = 50


def failing(seeds: Sequence[int]) -> list[str]:
    """What is to be told of these histories: each that fails, with its shortest form."""
    told: list[str] = []
    with TemporaryDirectory() as folder:
        grounds = Grounds.made(Path(folder))
        for seed in seeds:
            first = history(seed)
            problems = first.problems(grounds)
            if problems:
                shortest = first.shrunk(grounds)
                told.append(f"seed {seed}: {problems[0]}\n{shortest.told()}\n  {shortest.problems(grounds)[0]}")
    return told


def play(text: str) -> Sequence[str]:
    """What is wrong with a history that is given as text; what happens is printed."""
    names = {**vars(events), **vars(merchant), **vars(people), **vars(histories)}
    told: History = eval(text, names)
    trace: list[str] = []
    with TemporaryDirectory() as folder:
        problems = told.problems(Grounds.made(Path(folder)), trace)
    print(*trace, sep="\n")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(prog="simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--start", type=int, default=0, help="the first one")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--play", type=Path, help="a file with a History(...)")
    asked = parser.parse_args()
    if asked.play is not None:
        problems = play(asked.play.read_text())
        print(*(problems or ["nothing is wrong"]), sep="\n")
        return bool(problems)
    began, failed = time.monotonic(), 0
    parts = [
        range(first, min(first + AT_ONCE, asked.start + asked.seeds))
        for first in range(asked.start, asked.start + asked.seeds, AT_ONCE)
    ]
    with ProcessPoolExecutor(asked.processes) as pool:
        for told in pool.map(failing, parts):
            failed += len(told)
            print(*told, sep="\n", end="\n" if told else "", flush=True)
    print(f"{asked.seeds} histories from {asked.start} on, {failed} failed, {time.monotonic() - began:.0f} s")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
