"""What the HTTP layer costs: signing, one call beside a bare httpx call in the same run. Prints; proves nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import httpx

from zoey_netsuite import Limits, Retry, SystemClock
from zoey_netsuite.http import Driver, HttpxTransport, Operation, Request
from zoey_netsuite.http.answers import read_json
from zoey_netsuite.http.auth import OAuth1
from zoey_netsuite.netsuite.remote import NetSuiteRemote

SERVER = """
import socketserver

class Answer(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        while self.rfile.readline():
            while self.rfile.readline().strip():
                pass
            self.wfile.write(b'HTTP/1.1 200 OK\\r\\nContent-Length: 14\\r\\n\\r\\n{"done": true}')

class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

with Server(("127.0.0.1", 0), Answer) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
"""
CREDENTIALS = ("consumer-key" * 5, "consumer-secret" * 4, "token-id" * 8, "token-secret" * 5)
ROUNDS = 7


def best_of(work: Callable[[], object], times: int) -> float:
    """Seconds that one costs: the median of some rounds."""
    rounds: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(times):
            work()
        rounds.append((time.perf_counter() - began) / times)
    return median(rounds)


def signing() -> None:
    """The cost of one signature, by method and by how much there is to sign."""
    clock = SystemClock()
    short = Request("POST", "https://1234567.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql?limit=1000")
    filters = "&".join(f"filter%5B{number}%5D%5Battribute%5D=sku" for number in range(20))
    long = Request("GET", f"https://shop.example.com/api/rest/products?{filters}")
    for method in ("HMAC-SHA1", "HMAC-SHA256"):
        auth = OAuth1(*CREDENTIALS, method=method)  # type: ignore[arg-type]  # one of the two
        for name, request in (("1 parameter", short), ("20 parameters", long)):
            cost = best_of(lambda auth=auth, request=request: auth.sign(request, clock), 300)  # type: ignore[misc]  # defaults
            print(f"signing, {method}, {name}: {cost * 1e6:.0f} µs")


def calls() -> None:
    """One call through a driver beside a bare httpx call, on one kept-alive connection each."""
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        remote = NetSuiteRemote("1234567", address)
        auth = OAuth1(*CREDENTIALS, "HMAC-SHA256", "1234567")
        operation = Operation("read", "GET", "/services/rest/record/v1/customer/1", read_json)
        with httpx.Client(trust_env=False) as client, httpx.Client(trust_env=False) as bare:
            parts = (remote, auth, Limits(5), Retry(), SystemClock())
            driver = Driver(*parts, transport=HttpxTransport(client))
            url = address + operation.path
            ours: list[float] = []
            floor: list[float] = []
            for _ in range(5):
                floor.append(best_of(lambda: bare.get(url).json(), 20))
                ours.append(best_of(lambda: driver.run(operation), 20))
        cost, least = median(ours), median(floor)
        print(f"one call: {cost * 1e6:.0f} µs, bare httpx: {least * 1e6:.0f} µs, ratio {cost / least:.2f}")
    finally:
        server.kill()
        server.wait()


def main() -> None:
    """Print all of it."""
    signing()
    calls()


if __name__ == "__main__":
    main()
