"""The control interface: what a test in another process may ask of a sandboxed system over HTTP.

Under `/_sandbox/`, for callers on this machine only; its calls are not counted and meet no faults. All bodies are JSON.

====================== ========================================================================================
`GET clock`            `{"now", "frozen"}`, as after each change
`POST clock`           `{"advance": seconds}`, `{"set": "2026-03-01T12:00:00Z"}`, `{"freeze": true}`, `{"run": true}`
`POST seed`            records in the system's own format, or `{"sample": "inventory", "items": 1000, ...}`
`GET faults`           each planned fault with how often it was seen and hit
`POST faults`          one fault or a list of them; with `"call": 3` on the third call from now
`DELETE faults`        none from now on
`GET calls`            counts, and the peak of requests in flight
`DELETE calls`         counts from 0 again
`GET log`              the last calls (`?last=100`)
`GET settings`         `{"latency": seconds, "concurrency": most in flight or null}`
`POST settings`        the same, what is to change
====================== ========================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias, TypeGuard

from zoey_netsuite.sandbox import samples
from zoey_netsuite.sandbox.exchange import JSON, Answer, Request
from zoey_netsuite.sandbox.faults import Fault, Planned
from zoey_netsuite.sandbox.shell import Shell

PREFIX = "/_sandbox/"

_Route: TypeAlias = Callable[[Request], JSON]


class Control:
    """Answers the control calls of one system."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._routes: Mapping[tuple[str, str], _Route] = {
            ("GET", "clock"): self._show_clock,
            ("POST", "clock"): self._move_clock,
            ("POST", "seed"): self._seed,
            ("GET", "faults"): self._list_faults,
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "calls"): self._show_calls,
            ("DELETE", "calls"): self._reset_calls,
            ("GET", "log"): self._show_log,
            ("GET", "settings"): self._show_settings,
            ("POST", "settings"): self._change_settings,
        }

    def answer(self, request: Request, *, loopback: bool = True) -> Answer:
        """Answer one call; 400 says what is wrong with it."""
        if not loopback:
            return Answer.of({"error": "The control interface is for callers on this machine."}, 403)
        name = request.path.removeprefix(PREFIX).strip("/")
        route = self._routes.get((request.method, name))
        if route is None:
            known = sorted(f"{method} {PREFIX}{path}" for method, path in self._routes)
            return Answer.of({"error": f"No {request.method} {request.path}.", "known": known}, 404)
        try:
            return Answer.of(route(request))
        except (ValueError, TypeError, KeyError) as error:
            return Answer.of({"error": f"{type(error).__name__}: {error}"}, 400)

    def _show_clock(self, request: Request) -> JSON:
        return {"now": self._shell.clock.now().isoformat(), "frozen": self._shell.clock.frozen}

    def _move_clock(self, request: Request) -> JSON:
        clock, asked = self._shell.clock, _object(request.json())
        unknown = set(asked) - {"advance", "set", "freeze", "run"}
        if unknown or not asked:
            raise ValueError("Say advance (seconds), set (a time with its offset), freeze or run.")
        if asked.get("freeze"):
            clock.freeze()
        if asked.get("run"):
            clock.run()
        if "set" in asked:
            clock.set(datetime.fromisoformat(asked["set"]))
        if "advance" in asked:
            clock.advance(float(asked["advance"]))
        return self._show_clock(request)

    def _seed(self, request: Request) -> JSON:
        data = _object(request.json())
        if "sample" in data:
            data = samples.by_name(**data).get(self._shell.name, {})
        self._shell.seed(data)
        return {"seeded": sorted(data)}

    def _list_faults(self, request: Request) -> JSON:
        return [_planned(planned) for planned in self._shell.faults]

    def _add_faults(self, request: Request) -> JSON:
        given: Any = request.json()
        for data in given if _is_list(given) else [given]:
            fields = dict(_object(data))
            call = fields.pop("call", None)
            fault = Fault.from_data(fields)
            if call is None:
                self._shell.faults.add(fault)
            else:
                self._shell.faults.on_call(int(call), fault)
        return self._list_faults(request)

    def _clear_faults(self, request: Request) -> JSON:
        self._shell.faults.clear()
        return []

    def _show_calls(self, request: Request) -> JSON:
        calls, concurrency = self._shell.calls, self._shell.concurrency
        return {
            "total": calls.total,
            "by_kind": calls.by_kind,
            "by_path": calls.by_path,
            "by_status": calls.by_status,
            "by_fault": calls.by_fault,
            "in_flight": concurrency.in_flight,
            "peak": concurrency.peak,
            "tally": calls.tally().as_data(),
        }

    def _reset_calls(self, request: Request) -> JSON:
        self._shell.calls.reset()
        self._shell.concurrency.reset()
        return self._show_calls(request)

    def _show_log(self, request: Request) -> JSON:
        last = int(dict(request.query).get("last", "100"))
        return [
            {
                "number": call.number,
                "at": call.at.isoformat(),
                "method": call.method,
                "target": call.target,
                "kind": call.kind,
                "status": call.status,
                "fault": call.fault,
            }
            for call in self._shell.calls.log[-last:]
        ]

    def _show_settings(self, request: Request) -> JSON:
        return {"latency": self._shell.latency, "concurrency": self._shell.concurrency.limit}

    def _change_settings(self, request: Request) -> JSON:
        asked = _object(request.json())
        unknown = set(asked) - {"latency", "concurrency"}
        if unknown:
            raise ValueError(f"There is no setting {', '.join(sorted(unknown))}, only latency and concurrency.")
        if "latency" in asked:
            self._shell.latency = float(asked["latency"])
        if "concurrency" in asked:
            self._shell.concurrency.limit = None if asked["concurrency"] is None else int(asked["concurrency"])
        return self._show_settings(request)


def _object(data: JSON) -> dict[str, JSON]:
    if not _is_object(data):
        raise ValueError(f"A JSON object is wanted here, not {type(data).__name__}.")
    return data


def _is_object(data: object) -> TypeGuard[dict[str, JSON]]:
    return isinstance(data, dict)


def _is_list(data: object) -> TypeGuard[list[JSON]]:
    return isinstance(data, list)


def _planned(planned: Planned) -> JSON:
    return {**planned.fault.as_data(), "seen": planned.seen, "hit": planned.hit}
