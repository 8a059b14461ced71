"""Which call goes where: paths under the store's base path, their methods, and reading the request's body."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from attrs import frozen

from zoey_netsuite.sandbox.exchange import JSON, Answer, Request
from zoey_netsuite.sandbox.zoey.errors import INVALID_DATA, NO_METHOD, Fault, Refused, bad_request, not_found
from zoey_netsuite.sandbox.zoey.settings import Action
from zoey_netsuite.sandbox.zoey.shop import Shop
from zoey_netsuite.sandbox.zoey.values import as_object

BASE_PATH = "/api/rest"

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@frozen
class Call:
    """One request that has found its route.

    Attributes:
        request: as it came.
        parameters: what stands in the route's placeholders.
    """

    request: Request
    parameters: Mapping[str, str]

    @property
    def id(self) -> str:
        """What stands in the placeholder `{id}`."""
        return self.parameters["id"]

    def argument(self, name: str) -> str | None:
        """A query parameter, the last one of that name."""
        return dict(self.request.query).get(name)

    def data(self) -> JSON:
        """The request's JSON body, fractions exact. Raises Refused when there is none that can be read."""
        if not self.request.body:
            raise bad_request(INVALID_DATA)
        kind = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise bad_request(f'Server can not understand Content-Type HTTP header media type "{kind}"')
        try:
            return json.loads(self.request.body, parse_float=Decimal)
        except ValueError:
            raise bad_request("Decoding error.") from None

    def fields(self) -> Mapping[str, JSON]:
        """The JSON body as an object; an absent body is an empty one. Raises Refused for anything else."""
        data: JSON = self.data() if self.request.body else {}
        fields = as_object(data)
        if fields is None:
            # PHP cannot tell an empty object from an empty array, so clients written in it send either.
            if data == []:
                return {}
            raise bad_request(INVALID_DATA)
        return fields


Handler: TypeAlias = Callable[[Shop, Call], Answer]


@frozen
class Route:
    """A path and what answers there.

    Attributes:
        path: below the base path; `{name}` stands for one part.
        methods: by HTTP method.
        action: the switch without which the route's methods do not exist; None for public ones.
    """

    path: str
    methods: Mapping[str, Handler]
    action: Action | None = None


class Router:
    """Finds the handler of a request."""

    def __init__(self, routes: Sequence[Route], actions: frozenset[Action]) -> None:
        self._routes: dict[str, dict[str, Handler]] = {}
        for route in routes:
            if route.action is None or route.action in actions:
                self._routes.setdefault(route.path, {}).update(route.methods)
        self._patterns = [(_pattern(path), methods) for path, methods in self._routes.items()]

    def find(self, request: Request) -> tuple[Handler, Call]:
        """The handler and what it is called with. Raises Refused: 404 without a route, 405 without the method."""
        path = request.path.rstrip("/")
        if path.startswith(f"{BASE_PATH}/"):
            for pattern, methods in self._patterns:
                found = pattern.fullmatch(path[len(BASE_PATH) + 1 :])
                if found is None:
                    continue
                handler = methods.get(request.method)
                if handler is None:
                    raise Refused(Fault(405, NO_METHOD))
                return handler, Call(request, found.groupdict())
        raise not_found()


def _pattern(path: str) -> re.Pattern[str]:
    parts = (rf"(?P<{name}>[^/]+)" if at % 2 else re.escape(name) for at, name in enumerate(_PLACEHOLDER.split(path)))
    return re.compile("".join(parts))
