"""The calls for accounts (companies) and customers (people), as data."""

from __future__ import annotations

from attrs import field, frozen

from zoey_netsuite.checks import must_be_id
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.http.operation import Operation, Pages
from zoey_netsuite.zoey.actions import ZoeyActions
from zoey_netsuite.zoey.answers import read_created_id
from zoey_netsuite.zoey.operations import (
    ReadOperations,
    Values,
    body_of,
    create,
    create_record,
    delete_record,
    path_of,
    read_one,
    update_record,
)
from zoey_netsuite.zoey.records.accounts import Account, Customer, CustomerAddress
from zoey_netsuite.zoey.resources import CUSTOMER_ADDRESSES

ACCOUNT = "/companyAccounts/account"


@frozen
class AccountOperations(ReadOperations[Account]):
    """Accounts."""

    actions: ZoeyActions = field(factory=ZoeyActions)

    def get(self, id: str) -> Operation[Account]:
        """Read one account."""
        must_be_id("the id of an account", id)
        if not id.strip():
            raise ConfigurationError("An id is needed to name an account; the one given is empty.")
        return read_one(f"read account {id}", ACCOUNT, self.resource, params=(("id", id),))

    def create(self, values: Values) -> Operation[str]:
        """Make an account; the result is its id."""
        body = {"companyData": body_of(values, "create account")}
        return create("create account", ACCOUNT, body, "accounts.create", read_created_id)

    def update(self, id: str, values: Values) -> Operation[None]:
        """Bring an account's fields to given values."""
        return self.actions.update_account(id, values)


class CustomerOperations(ReadOperations[Customer]):
    """Customers and their address books."""

    def create(self, values: Values) -> Operation[str]:
        """Make a customer; the result is its id."""
        return create_record(self.resource, values)

    def update(self, id: str, values: Values) -> Operation[None]:
        """Bring a customer's fields to given values."""
        return update_record(self.resource, id, values)

    def delete(self, id: str) -> Operation[None]:
        """Delete a customer."""
        return delete_record(self.resource, id)

    def addresses(self, customer_id: str) -> Pages[CustomerAddress]:
        """Read a customer's address book."""
        path = path_of(self.resource.path, customer_id, "addresses")
        book = CUSTOMER_ADDRESSES.below(path, f"addresses of customer {customer_id}")
        return ReadOperations(book, self.behavior).list({})

    def address(self, address_id: str) -> Operation[CustomerAddress]:
        """Read one address."""
        path = path_of(CUSTOMER_ADDRESSES.path, address_id)
        return read_one(f"read customer address {address_id}", path, CUSTOMER_ADDRESSES, kind="addresses.get")

    def create_address(self, customer_id: str, values: Values) -> Operation[str]:
        """Put an address into a customer's address book; the result is its id."""
        action = f"create an address of customer {customer_id}"
        path = path_of(self.resource.path, customer_id, "addresses")
        return create(action, path, body_of(values, action), "addresses.create", read_created_id)

    def update_address(self, address_id: str, values: Values) -> Operation[None]:
        """Bring an address's fields to given values."""
        return update_record(CUSTOMER_ADDRESSES, address_id, values)

    def delete_address(self, address_id: str) -> Operation[None]:
        """Delete an address."""
        return delete_record(CUSTOMER_ADDRESSES, address_id)
