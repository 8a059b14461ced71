"""How to get into the sandboxed systems: addresses and credentials, as values, attributes and environment variables."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from attrs import asdict, field, frozen


@frozen
class NetSuiteAccess:
    """What a NetSuite client needs. What an account does not let in by is an empty string.

    Attributes:
        url: the base address of all its hosts, without a slash at the end.
        restlet_script: under which the saved-search RESTlet is found.
        restlet_deployment: under which it is deployed.
    """

    url: str
    account_id: str
    consumer_key: str = ""
    consumer_secret: str = field(default="", repr=False)
    token_id: str = ""
    token_secret: str = field(default="", repr=False)
    client_id: str = ""
    certificate_id: str = ""
    private_key: str = field(default="", repr=False)
    restlet_script: str = ""
    restlet_deployment: str = ""

    def environment(self) -> dict[str, str]:
        """As environment variables."""
        return _variables("NETSUITE", self)


@frozen
class ZoeyAccess:
    """What a Zoey client needs. What a store does not let in by is an empty string."""

    url: str
    consumer_key: str = ""
    consumer_secret: str = field(default="", repr=False)
    token: str = ""
    token_secret: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    token_url: str = ""

    def environment(self) -> dict[str, str]:
        """As environment variables."""
        return _variables("ZOEY", self)


class NetSuiteDoor(ABC):
    """A NetSuite account that can be got into."""

    @property
    @abstractmethod
    def access(self) -> NetSuiteAccess:
        """Address and credentials in one value."""

    @property
    def url(self) -> str:
        """The base address of all its hosts, without a slash at the end."""
        return self.access.url

    @property
    def account_id(self) -> str:
        """The account id, which is also the realm of signatures."""
        return self.access.account_id

    @property
    def consumer_key(self) -> str:
        """Token-based authentication: the integration's key."""
        return self.access.consumer_key

    @property
    def consumer_secret(self) -> str:
        """Token-based authentication: the integration's secret."""
        return self.access.consumer_secret

    @property
    def token_id(self) -> str:
        """Token-based authentication: the token."""
        return self.access.token_id

    @property
    def token_secret(self) -> str:
        """Token-based authentication: the token's secret."""
        return self.access.token_secret

    @property
    def client_id(self) -> str:
        """Machine to machine: the integration's client id."""
        return self.access.client_id

    @property
    def certificate_id(self) -> str:
        """Machine to machine: the id of the certificate, `kid` of assertions."""
        return self.access.certificate_id

    @property
    def private_key(self) -> str:
        """Machine to machine: the private key that belongs to the certificate, PEM."""
        return self.access.private_key

    @property
    def restlet_script(self) -> str:
        """The script id of the saved-search RESTlet."""
        return self.access.restlet_script

    @property
    def restlet_deployment(self) -> str:
        """The deployment id of the saved-search RESTlet."""
        return self.access.restlet_deployment


class ZoeyDoor(ABC):
    """A Zoey store that can be got into."""

    @property
    @abstractmethod
    def access(self) -> ZoeyAccess:
        """Address and credentials in one value."""

    @property
    def url(self) -> str:
        """The store's address, without `/api/rest` and without a slash at the end."""
        return self.access.url

    @property
    def consumer_key(self) -> str:
        """OAuth 1.0a: the consumer's key."""
        return self.access.consumer_key

    @property
    def consumer_secret(self) -> str:
        """OAuth 1.0a: the consumer's secret."""
        return self.access.consumer_secret

    @property
    def token(self) -> str:
        """OAuth 1.0a: the token."""
        return self.access.token

    @property
    def token_secret(self) -> str:
        """OAuth 1.0a: the token's secret."""
        return self.access.token_secret

    @property
    def client_id(self) -> str:
        """OAuth 2.0: the client."""
        return self.access.client_id

    @property
    def client_secret(self) -> str:
        """OAuth 2.0: the client's secret."""
        return self.access.client_secret

    @property
    def token_url(self) -> str:
        """OAuth 2.0: where bearer tokens are got."""
        return self.access.token_url


def _variables(prefix: str, access: NetSuiteAccess | ZoeyAccess) -> dict[str, str]:
    values: Mapping[str, str] = asdict(access)
    return {f"{prefix}_{name.upper()}": value for name, value in values.items() if value}
