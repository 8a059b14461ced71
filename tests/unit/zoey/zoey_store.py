"""A list of a store in memory, as oddly as stores behave, that changes between calls."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

from attrs import define, field, frozen

from zoey_netsuite.http.operation import Request
from zoey_netsuite.http.transport import Received

NUMBER = re.compile(r"filter\[(\d+)\]\[(\w+)\]")


@frozen
class Asked:
    """A request that arrived."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: object


@define
class ScriptedTransport:
    """Answers as told, and remembers what was asked."""

    answer: Callable[[Asked], Received]
    asked: list[Asked] = field(factory=list)

    def send(self, request: Request) -> Received:
        parts = urlsplit(request.url)
        body = json.loads(request.content) if request.content else None
        asked = Asked(request.method, parts.path, dict(parse_qsl(parts.query, True)), request.headers, body)
        self.asked.append(asked)
        return self.answer(asked)

    def close(self) -> None:
        pass


def json_answer(value: object, status: int = 200, **headers: str) -> Received:
    """An answer with a JSON body."""
    return Received(status, {"content-type": "application/json", **headers}, json.dumps(value).encode())


@define
class Shelf:
    """Records by id, in the order in which the store lists them."""

    ids: list[int]
    key: str = "entity_id"
    shape: str = "array"
    past_the_end: str = "repeat"
    filters: bool = True
    orders: bool = True
    newest_first: bool = False
    own_size: int | None = None
    before: Callable[[Shelf, int], None] = lambda shelf, call: None
    calls: int = 0

    def answer(self, asked: Asked) -> Received:
        """The page that is asked for."""
        self.before(self, self.calls)
        self.calls += 1
        params = asked.params
        limit, page = self.own_size or int(params.get("limit", 10)), int(params.get("page", 1))
        ordered = sorted(self.ids, reverse=self.newest_first and not (self.orders and "order" in params))
        if self.filters:
            ordered = [id for id in ordered if self._passes(id, params)]
        found = ordered[(page - 1) * limit : page * limit]
        if not found and self.past_the_end == "repeat" and ordered:
            last = (len(ordered) - 1) // limit
            found = ordered[last * limit :]
        records = [{self.key: str(id), "name": f"record {id}"} for id in found]
        if self.shape == "map" and records:
            return json_answer({record[self.key]: record for record in records})
        return json_answer(records)

    def _passes(self, id: int, params: Mapping[str, str]) -> bool:
        for name, value in params.items():
            found = NUMBER.fullmatch(name)
            if found is None or found[2] == "attribute":
                continue
            if params[f"filter[{found[1]}][attribute]"] == self.key and found[2] == "gt" and id <= int(value):
                return False
        return True
