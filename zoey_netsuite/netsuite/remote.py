"""NetSuite as the HTTP layer sees it: where it is, what each call carries, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import Factory, field, frozen

from zoey_netsuite._version import __version__
from zoey_netsuite.checks import must_be_number
from zoey_netsuite.http.operation import Operation, Response
from zoey_netsuite.netsuite.account import check_account_id, hosts
from zoey_netsuite.netsuite.auth import TOKEN_PATH
from zoey_netsuite.netsuite.errors import NetSuiteError, read_error


def _hosts_of(remote: NetSuiteRemote) -> Mapping[str, str]:
    return hosts(remote.account_id, remote.base_url, allow_http=remote.allow_http)


def _is_patience(_: object, __: object, seconds: object) -> None:
    must_be_number("timeout", seconds, above=0)


@frozen
class NetSuiteRemote:
    """One account.

    Attributes:
        account_id: in NetSuite's form ("1234567_SB1").
        base_url: replaces both of its hosts, for a sandbox server or a proxy.
        patience: seconds to wait for an answer where an operation does not say.
        allow_http: let a `base_url` without TLS pass, though it is not on this machine.
    """

    account_id: str = field(converter=check_account_id)
    base_url: str | None = None
    patience: float = field(default=120.0, validator=_is_patience)
    allow_http: bool = False
    bases: Mapping[str, str] = field(init=False, repr=False, default=Factory(_hosts_of, takes_self=True))

    @property
    def token_url(self) -> str:
        """Where OAuth 2.0 tokens are asked for."""
        return self.bases["rest"] + TOKEN_PATH

    @property
    def name(self) -> str:
        """What errors and logs call it."""
        return "netsuite"

    def url(self, operation: Operation[Any]) -> str:
        """The address of an operation, without its query. The token end point comes as an address already."""
        if operation.path.startswith(("https://", "http://")):
            return operation.path
        return self.bases[operation.host] + operation.path

    def headers(self, operation: Operation[Any]) -> Mapping[str, str]:
        """Headers that every call carries."""
        return {"accept": "application/json", "user-agent": f"zoey-netsuite/{__version__}"}

    def timeout(self, operation: Operation[Any]) -> float:
        """Seconds to wait for an answer."""
        return self.patience if operation.timeout is None else operation.timeout

    def error(self, operation: Operation[Any], response: Response) -> NetSuiteError:
        """What a refusal means."""
        return read_error(
            response.status, response.headers, response.content, action=operation.name, host=operation.host
        )
