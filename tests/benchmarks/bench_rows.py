"""What reading SuiteQL rows into typed objects costs, beside the least it could cost.

The floor is an httpx GET, `orjson.loads` and the class called by hand, for the same rows. A child process serves canned
pages, so that its work does not count.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import attrs
import httpx
import orjson

from zoey_netsuite.netsuite import NetSuiteClient, TokenAuth

ROWS = 100_000
PAGE = 1_000
LIMIT = 2.5
QUERY = (
    "SELECT item, SUM(quantityavailable) AS available FROM aggregateitemlocation "
    "WHERE location = ? AND :after GROUP BY item ORDER BY item"
)


@attrs.frozen
class Level:
    item: str
    available: float


class Pages(BaseHTTPRequestHandler):
    """Answers any POST with the rows after its last bind parameter, any GET with those after `?after=`."""

    protocol_version = "HTTP/1.1"
    rows = tuple(
        b'{"links":[],"item":"%d","available":"%d.5"}' % (number, number % 90) for number in range(1, ROWS + 1)
    )

    def do_POST(self) -> None:
        params = json.loads(self.rfile.read(int(self.headers["content-length"])))["params"]
        self.give(int(params[-1]) if len(params) > 1 else 0)

    def do_GET(self) -> None:
        self.give(int(parse_qs(urlsplit(self.path).query)["after"][0]))

    def give(self, after: int) -> None:
        more = b"true" if after + PAGE < ROWS else b"false"
        body = b'{"links":[],"items":[%s],"hasMore":%s}' % (b",".join(self.rows[after : after + PAGE]), more)
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        self.wfile.write(head + body)


def serve() -> None:
    """Run the child: print the port, serve until the parent ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    print(server.server_port, flush=True)
    server.serve_forever()


def floor(url: str) -> int:
    """Read all rows with as little as possible."""
    levels: list[Level] = []
    with httpx.Client() as client:
        for after in range(0, ROWS, PAGE):
            items = orjson.loads(client.get(url, params={"after": str(after)}).content)["items"]
            levels += [Level(row["item"], float(row["available"])) for row in items]
    return len(levels)


def ours(url: str) -> int:
    """Read all rows with the client: signed, limited, keyset-paged, typed."""
    with NetSuiteClient("1234567", TokenAuth("a", "b", "c", "d"), base_url=url) as erp:
        return len(list(erp.suiteql(QUERY, ["7"], as_=Level, by=("item",))))


def cost(read: Callable[[str], int], url: str) -> float:
    """The least CPU seconds of several runs."""
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        count = read(url)
        best = min(best, time.process_time() - began)
        if count != ROWS:
            raise SystemExit(f"{read.__name__} read {count} rows, not {ROWS}")
    return best


def main() -> None:
    """Print both costs and their ratio; fail when it is too high."""
    child = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        url = f"http://127.0.0.1:{int(child.stdout.readline())}"
        least, spent = cost(floor, url), cost(ours, url)
    finally:
        child.terminate()
        child.wait(timeout=10)
    ratio = spent / least
    print(f"SuiteQL rows into typed objects, {ROWS:,} rows:")
    print(f"  floor  {least:.3f} s CPU   ours  {spent:.3f} s CPU   ratio {ratio:.2f} (at most {LIMIT})")
    if ratio > LIMIT:
        raise SystemExit(1)


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["serve"] else main()
