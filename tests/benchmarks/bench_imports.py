"""What importing costs, beside a bare interpreter and `import httpx` in the same run. Prints; proves nothing.

The budgets: the package at most 30 ms beyond a bare interpreter, the NetSuite client at most 1.5 times httpx.
"""

from __future__ import annotations

import resource
import subprocess
import sys

PROGRAMS = {
    "bare interpreter": "pass",
    # where click is installed, httpx imports its command line with it
    "httpx": "import sys; sys.modules['click'] = None; import httpx",
    "zoey_netsuite": "import zoey_netsuite",
    "NetSuiteClient": "from zoey_netsuite import NetSuiteClient",
}
ROUNDS = 9


def milliseconds(program: str) -> float:
    """CPU time of one process that runs the program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    # in turn, so that a busy minute is shared by all of them
    rounds = [[milliseconds(program) for program in PROGRAMS.values()] for _ in range(ROUNDS)]
    costs = [min(times) for times in zip(*rounds, strict=True)]
    for name, cost in zip(PROGRAMS, costs, strict=True):
        print(f"{name:20}{cost:6.0f} ms of CPU, the best of {ROUNDS}")
    bare, httpx, package, client = costs
    print(f"import zoey_netsuite: {package - bare:.0f} ms beyond a bare interpreter (budget 30)")
    print(f"NetSuiteClient: {(client - bare) / (httpx - bare):.2f} times httpx, both beyond it (budget 1.5)")


if __name__ == "__main__":
    main()
