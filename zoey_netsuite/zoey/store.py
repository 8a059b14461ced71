"""A store as the HTTP layer sees it: its address, what every call carries, what a refusal means."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

from attrs import evolve, field, frozen

from zoey_netsuite._version import __version__
from zoey_netsuite.checks import described, must_be_number, must_be_text
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.http.operation import JSON, Operation, Pages, Response, Safety
from zoey_netsuite.http.urls import needs_no_encryption
from zoey_netsuite.zoey import resources
from zoey_netsuite.zoey.actions import ZoeyActions
from zoey_netsuite.zoey.errors import RecordError, ZoeyError, read_error, unexpected
from zoey_netsuite.zoey.filters import in_
from zoey_netsuite.zoey.operations import ReadOperations
from zoey_netsuite.zoey.resources import Resource
from zoey_netsuite.zoey.settings import ZoeyBehavior

T = TypeVar("T")

API = "/api/rest"
VALUES_IN_ONE_CALL = 80
"""How many values a filter names, so that the address stays within what servers take."""

_READING = frozenset(("GET", "HEAD", "OPTIONS"))


@frozen
class Store:
    """A store's address and manners.

    Attributes:
        address: without a path of the API.
        seconds: to wait for an answer, where a call does not say.
        common: headers of every call.
    """

    address: str
    seconds: float
    common: Mapping[str, str] = field(repr=False)
    name: str = "zoey"

    @classmethod
    def at(cls, base_url: str, *, timeout: float, user_agent: str | None, allow_http: bool) -> Store:
        """A store by its address.

        Raises:
            ConfigurationError: the address cannot be a store's, or time-out or name make no sense.
        """
        must_be_number("timeout", timeout, above=0)
        if user_agent is not None:
            must_be_text("user_agent", user_agent)
        agent = default_agent() if user_agent is None else f"{user_agent} {default_agent()}"
        if not agent.isprintable() or not agent.isascii():
            raise ConfigurationError("user_agent holds characters that no header can carry.")
        common = {"accept": "application/json", "user-agent": agent}
        return cls(checked_address(base_url, allow_http=allow_http), timeout, common)

    @property
    def host(self) -> str:
        """The host, with its port where it has one of its own."""
        return urlsplit(self.address).netloc.lower()

    def url(self, operation: Operation[Any]) -> str:
        """The absolute address of an operation; a token end point is named in full."""
        if operation.path.startswith(("https://", "http://")):
            return operation.path
        return f"{self.address}{API}{operation.path}"

    def headers(self, operation: Operation[Any]) -> Mapping[str, str]:
        """What every call carries."""
        return self.common

    def timeout(self, operation: Operation[Any]) -> float:
        """Seconds to wait for an answer."""
        return self.seconds if operation.timeout is None else operation.timeout

    def error(self, operation: Operation[Any], response: Response) -> ZoeyError:
        """What a refusal means."""
        return read_error(response.status, response.headers, response.content, action=operation.name)


def default_agent() -> str:
    """How this library calls itself."""
    return f"zoey-netsuite/{__version__} (Python {platform.python_version()})"


def checked_address(base_url: object, *, allow_http: bool) -> str:
    """A store's address in its short form: scheme and host, and the path of a store that has one.

    Raises:
        ConfigurationError: it cannot be a store's.
    """
    if not isinstance(base_url, str):
        raise ConfigurationError(
            f"base_url takes an address as text, such as https://shop.example.com, not {described(base_url)}."
        )
    given = base_url.strip(" ")
    if not given.isprintable():
        raise ConfigurationError(f"base_url={given!r} holds a control character: give the bare address.")
    try:
        parts = urlsplit(given if "://" in given else f"//{given}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ConfigurationError("base_url is no store's address such as https://shop.example.com.") from None
    if "@" in parts.netloc:
        raise ConfigurationError("base_url holds a user or a password: give the store's bare address.")
    if not parts.scheme and host:
        raise ConfigurationError(f"base_url={given!r} lacks its scheme: write 'https://{given}'.")
    if not host or set(host) & set(" \t\n") or parts.scheme not in ("http", "https"):
        raise ConfigurationError(f"base_url={given!r} is no store's address such as https://shop.example.com.")
    if parts.query or parts.fragment:
        raise ConfigurationError(f"base_url={given!r} goes on after the address: write 'https://{parts.netloc}'.")
    if parts.scheme == "http" and not (allow_http or needs_no_encryption(host)):
        raise ConfigurationError(
            f"base_url={given!r} would send everything unencrypted: write https, or say allow_http=True."
        )
    path = parts.path.rstrip("/")
    if path.endswith(API):
        path = path.removesuffix(API)
    elif API in path + "/":
        raise ConfigurationError(f"base_url={given!r} names a resource: write '{parts.scheme}://{parts.netloc}'.")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{'' if port is None else f':{port}'}{path}"


def checked(operation: Operation[T]) -> Operation[T]:
    """The same call; an answer that cannot be read becomes an error that says what was being done."""

    def read(response: Response) -> T:
        try:
            return operation.read(response)
        except ValueError as problem:
            raise unexpected(response.status, action=operation.name, problem=str(problem)) from problem
        except RecordError as problem:
            raise RecordError(f"Could not {operation.name}: {problem}", field=problem.field) from problem

    return evolve(operation, read=read)


def raw(
    method: str,
    path: str,
    *,
    params: Sequence[tuple[str, str]],
    json: JSON,
    content: bytes | None,
    headers: Mapping[str, str] | None,
    repeatable: bool,
) -> Operation[Response]:
    """Any call. See `ZoeyClient.raw`."""
    if not path.startswith("/"):
        raise ConfigurationError(f"{path!r} must be a path under {API}, beginning with '/'.")
    method = method.upper()
    return Operation(
        name=f"{method} {path}",
        method=method,
        path=path.removeprefix(API),
        read=lambda response: response,
        kind="raw",
        params=params,
        json=json,
        content=content,
        headers={name.lower(): value for name, value in (headers or {}).items()},
        safety=Safety.READ if method in _READING else Safety.REPEATABLE if repeatable else Safety.ONCE,
    )


def find(
    name: str, attribute: str, values: Iterable[str], behavior: ZoeyBehavior, actions: ZoeyActions
) -> Iterator[Pages[Mapping[str, JSON]]]:
    """The lists that hold the records wanted, as they come. See `ZoeyClient.find`."""
    known: dict[str, Resource[Any]] = {
        resource.name: resource
        for resource in (
            resources.ACCOUNTS,
            resources.CUSTOMERS,
            resources.PRODUCTS,
            resources.STOCK,
            resources.ORDERS,
            actions.shipments,
            actions.invoices,
            actions.credit_memos,
        )
    }
    if name not in known:
        raise ConfigurationError(f"Zoey has no resource {name!r}: there are {', '.join(sorted(known))}.")
    plain = known[name].unread()
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), VALUES_IN_ONE_CALL):
        among = in_(wanted[start : start + VALUES_IN_ONE_CALL])
        yield ReadOperations(plain, behavior).list({attribute: among})
