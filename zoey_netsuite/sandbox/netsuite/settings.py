"""What differs between NetSuite accounts: the switches of the sandbox, its credentials and its custom fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Literal, TypeAlias

from attrs import Factory, field, frozen

from zoey_netsuite.sandbox.netsuite.catalogue import ColumnType
from zoey_netsuite.sandbox.netsuite.errors import ErrorShapes

DateFormat: TypeAlias = Literal["MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY", "YYYY-MM-DD"]


LENGTHS: Mapping[str, int] = MappingProxyType(
    {
        "otherRefNum": 45,
        "memo": 999,
        "email": 254,
        "addressee": 83,
        "attention": 83,
        "addr1": 150,
        "addr2": 150,
        "addr3": 150,
        "city": 50,
        "state": 30,
        "zip": 36,
        "addrPhone": 32,
        "entityId": 80,
        "companyName": 83,
        "firstName": 32,
        "middleName": 32,
        "lastName": 32,
        "title": 64,
        "phone": 32,
        "label": 50,
    }
)
"""How long the texts of standard fields may be, in bytes."""


@frozen
class TokenCredentials:
    """Consumer and token of token-based authentication (OAuth 1.0a)."""

    consumer_key: str = "sandbox-consumer-key"
    consumer_secret: str = field(default="sandbox-consumer-secret", repr=False)
    token_id: str = "sandbox-token-id"  # noqa: S105  a name, not a secret
    token_secret: str = field(default="sandbox-token-secret", repr=False)


@frozen
class MachineCredentials:
    """An integration and its certificate for OAuth 2.0 machine to machine.

    Attributes:
        public_key: a PEM public key or certificate; what assertions are verified with.
        private_key: PEM; only so that a client can be given it. The sandbox never needs it.
    """

    client_id: str
    certificate_id: str
    public_key: str = field(repr=False)
    private_key: str | None = field(default=None, repr=False)

    @classmethod
    def generated(cls) -> MachineCredentials:
        """Throw-away credentials with an RSA key, made once per process."""
        return _generated()


@cache
def _generated() -> MachineCredentials:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return MachineCredentials("sandbox-client-id", "sandbox-certificate-id", public.decode(), private.decode())


@frozen
class CustomField:
    """A custom field of the account.

    Attributes:
        name: its script id; the prefix says where it stands (`custentity_`, `custbody_`, `custcol_`, `custitem_`,
            `custrecord_`).
        type: how its values are to be read.
        target: for a select, the table (or `customlist_*`) that it picks from.
        record: for `custrecord_*`, the custom record type it belongs to.
    """

    name: str
    type: ColumnType = "text"
    target: str | None = None
    record: str | None = None


@frozen
class NetSuiteSettings:
    """One account.

    Attributes:
        account_id: e.g. `1234567_SB1`; upper case is the OAuth realm.
        timezone: the account's time zone, which SuiteQL's dates follow.
        date_format: the user's, in which dates come out of SuiteQL that nothing formats, and go into filters.
        tokens: token-based credentials that are let in.
        machines: machine-to-machine integrations that are let in; empty turns that way off.
        audience: whether an assertion's `aud` has to be the token end point's address; some clients send another.
        administrator: whether the role is an administrator's (governance limits are theirs alone).
        withheld: permissions that the role lacks, e.g. `Lists -> Items`.
        withheld_answer: how the record API says that a permission is missing.
        withheld_tables: what SuiteQL makes of a table the role may not see.
        errors: how refusals are written.
        advanced_shipping: when off, a fulfilment makes the invoice, too.
        bill_in_advance: whether an order can be billed before it is fulfilled.
        initial_order_status: of a sales order that names none.
        commit_at_entry: whether stock is set aside for an order's lines when the order is entered (Accounting
            Preferences > Order Management > Perform Item Commitment After Transaction Entry). A line can also say
            `commitInventory: 3` (do not commit).
        cancel_from: the order states from which `orderStatus: C` is taken.
        transform_external_id: whether a transform keeps the `externalId` that it is given.
        delete_linked: whether a document that others came of can be deleted.
        status_form: SuiteQL's raw `status`: the bare letter, or the long form of some accounts.
        line_step: how far apart line numbers of a transaction are.
        unique_entity_names: whether two customers (or contacts) of one name are refused.
        duplicate_codes: the code of "exists already" by record type; the others say USER_ERROR.
        transactionline_itemtype: whether that column can be queried.
        tax: `none`, `suitetax` (computed at `tax_rate`, or given with `taxDetailsOverride`); legacy tax has no REST.
        tax_rate: in percent, on lines, shipping and handling excluded.
        serial_numbers: whether lot and serial items insist on `inventoryDetail`.
        line_changes_header: whether a changed line moves the header's `lastmodifieddate`.
        polls_per_task: how often a job has to be asked before one more of its tasks is done; 0 is at once.
        seconds_per_task: how much of the sandbox's time a task takes.
        concurrency: shown by the governance limits; counting is the server's.
        custom_fields: what the account has beyond the standard.
        closed_until: the last day of the closed accounting periods.
        max_lengths: how long a field's text may be, by name, in bytes; empty takes any. Script ids of custom fields may
            be named, too.
    """

    account_id: str = "1234567_SB1"
    company: str = "Sandbox Wholesale Inc."
    timezone: str = "America/Los_Angeles"
    date_format: DateFormat = "MM/DD/YYYY"
    tokens: Sequence[TokenCredentials] = (TokenCredentials(),)
    machines: Sequence[MachineCredentials] = Factory(lambda: (MachineCredentials.generated(),))
    audience: Literal["checked", "ignored"] = "checked"
    administrator: bool = False
    withheld: frozenset[str] = frozenset()
    withheld_answer: Literal[400, 403] = 403
    withheld_tables: Literal["empty", "unknown"] = "empty"
    errors: ErrorShapes = Factory(ErrorShapes)
    advanced_shipping: bool = True
    bill_in_advance: bool = True
    initial_order_status: Literal["A", "B"] = "B"
    commit_at_entry: bool = True
    cancel_from: frozenset[str] = frozenset({"A"})
    transform_external_id: Literal["kept", "dropped"] = "kept"
    delete_linked: bool = False
    status_form: Literal["letter", "long"] = "letter"
    line_step: int = 3
    unique_entity_names: bool = True
    duplicate_codes: Mapping[str, str] = Factory(lambda: {"salesOrder": "DUP_RCRD", "invoice": "DUP_RCRD"})
    transactionline_itemtype: bool = True
    tax: Literal["none", "suitetax"] = "none"
    tax_rate: Decimal = Decimal(0)
    serial_numbers: bool = True
    line_changes_header: bool = True
    polls_per_task: int = 0
    seconds_per_task: float = 0
    concurrency: int = 5
    custom_fields: Sequence[CustomField] = ()
    closed_until: date | None = None
    max_lengths: Mapping[str, int] = LENGTHS

    @property
    def realm(self) -> str:
        """The account id as OAuth writes it."""
        return self.account_id.upper().replace("-", "_")

    @property
    def hosts(self) -> Sequence[str]:
        """The account's real hosts: of REST and its tokens, and of RESTlets."""
        name = self.account_id.lower().replace("_", "-")
        return (f"{name}.suitetalk.api.netsuite.com", f"{name}.restlets.api.netsuite.com")
