"""A system of three calls, small enough to see what the sandbox's shell adds to it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from zoey_netsuite.sandbox.exchange import Answer, Refusal, Request


class CounterApp:
    """`GET /value` shows a number, `POST /value` adds one to it and answers 204, `POST /echo` says what came."""

    def __init__(self) -> None:
        self.value = 0
        self.busy = False

    def handle(self, request: Request) -> Answer:
        assert not self.busy, "called by two threads at once"
        self.busy = True
        try:
            if request.path == "/slow":
                threading.Event().wait(0.005)  # lets other threads run while this call is inside
            if request.path == "/fail":
                raise LookupError("a flaw in the app")
            if request.path == "/echo":
                return Answer.of(
                    {
                        "method": request.method,
                        "url": request.url,
                        "headers": dict(request.headers),
                        "body": request.body.decode(),
                    }
                )
            if request.method == "POST":
                self.value += 1
                return Answer(204, b"", {"location": f"/value/{self.value}"})
            return Answer.of({"value": self.value, "padding": "x" * 100})
        finally:
            self.busy = False

    def too_many(self, request: Request) -> Answer:
        return Answer.of({"error": "too many"}, 429)

    def refuse(self, request: Request, problem: Refusal) -> Answer:
        return Answer.of({"error": problem}, 401, www_authenticate="Bearer")

    def seed(self, data: Mapping[str, Any]) -> None:
        self.value = int(data["value"])
