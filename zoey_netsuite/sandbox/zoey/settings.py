"""What differs between Zoey stores, or is not known for sure: the switches of the sandbox, and its credentials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from attrs import Factory, field, frozen

ListShape: TypeAlias = Literal["array", "map"]
Action: TypeAlias = Literal[
    "accounts.update",
    "orders.update",
    "orders.comments",
    "orders.hold",
    "orders.cancel",
    "shipments",
    "invoices",
    "creditmemos",
]

ACTIONS: frozenset[Action] = frozenset(
    (
        "accounts.update",
        "orders.update",
        "orders.comments",
        "orders.hold",
        "orders.cancel",
        "shipments",
        "invoices",
        "creditmemos",
    )
)


@frozen
class OAuth1Credentials:
    """Consumer and token that sign requests (OAuth 1.0a)."""

    consumer_key: str = "sandbox-consumer-key"
    consumer_secret: str = field(default="sandbox-consumer-secret", repr=False)
    token: str = "sandbox-token"  # noqa: S105  a name, not a secret
    token_secret: str = field(default="sandbox-token-secret", repr=False)


@frozen
class ClientCredentials:
    """A client of the newer stores (OAuth 2.0 client credentials)."""

    client_id: str = "sandbox-client-id"
    client_secret: str = field(default="sandbox-client-secret", repr=False)


def _statuses() -> Mapping[str, Sequence[str]]:
    return {
        "new": ("pending", "pending_approval"),
        "pending_payment": ("pending_payment",),
        "processing": ("processing", "in_warehouse"),
        "complete": ("complete",),
        "closed": ("closed",),
        "canceled": ("canceled",),
        "holded": ("holded",),
        "payment_review": ("payment_review",),
    }


@frozen
class ZoeySettings:
    """One store.

    Every attribute that starts with "Assumed:" stands for a behaviour that is not known for sure, so a client has to
    work with each of its values.

    Attributes:
        oauth1: signing credentials that are let in.
        clients: client credentials that are let in.
        token_path: where they get a bearer token; given per store.
        token_life: of a bearer token, in seconds of the sandbox's clock.
        refused_agents: beginnings of `User-Agent` that the edge turns away, in lower case; a blank one always is.
        requests_per_second: Assumed: the sustained quota; None lifts it.
        burst: Assumed: requests that may come at once before the quota bites.
        retry_after: Assumed: seconds that a 429 names in `Retry-After`; None leaves the header out.
        list_shapes: whether a resource's list is an array or an object keyed by id, where not as it is by default.
        repeats_last_page: resources that repeat their last page past the end; None is each as it is by default (all
            but the accounts).
        default_direction: Assumed: how an ordered list without `dir` goes.
        unfilterable: Assumed: attributes that a resource shows but does not filter or order by, by resource.
        hidden: Assumed: attributes that a resource neither shows nor filters by, by resource.
        missing: how a value that is not there is shown; `mixed` is in turns, as seen.
        string_or_array: whether contacts show roles and locations as a string in one record, an array in the next.
        iso_times: Assumed: times as ISO 8601 with offset instead of `YYYY-MM-DD HH:MM:SS`.
        timezone: Assumed: the zone that times are shown in; filters are always UTC.
        error_form: Assumed: errors as JSON messages, or as HTML pages.
        attributes: the merchant's own attributes, by resource. Seeding adds to them.
        unknown_attributes: what becomes of attributes that the store does not know: dropped without a word (Magento),
            kept as the merchant's own, or refused.
        bulk_limit: Assumed: how many records one bulk call takes.
        actions: Assumed: the calls that are not public; one that is off does not exist (404).
        sublists_paged: Assumed: whether an order's items, addresses and comments, asked for on their own, come in pages
            of 10 like any list (Magento), or all at once.
        order_list_lines: Assumed: whether lists of orders hold lines.
        order_list_addresses: Assumed: whether lists of orders hold addresses.
        nested_lists: Assumed: whether a list inside an account that is put is merged by id or replaces the old one.
        creation_answer: Assumed: what a new shipment, invoice or credit memo is answered with: its address in
            `Location`, as customers are, or its id in the body, as accounts are.
        payment_methods: those that a cart takes.
        duplicate_email_status: Assumed: the status that refuses a second customer of one e-mail address.
        invitation_attribute: Assumed: what asks for an invitation when a customer or account is created.
        cart_answer: Assumed: which number converting a cart gives.
        statuses: statuses by state, the state's own first.
        order_number: what the first order's increment id is.
        currency: of prices and orders.
        counts_down: whether placing an order takes its quantities off the stock.
        cancel_returns_stock: whether a cancellation puts them back.
        credit_returns_stock: whether a credit memo puts them back when its lines do not say.
        auto_in_stock: whether `is_in_stock` follows the quantity where a change does not name it.
        shipment_email: Assumed: `tracking`: a shipment with tracking numbers tells the buyer unless told not to;
            `notify`: any does, but only when told to.
        open_bills: whether invoices can be open (newer stores) and paid or voided later.
    """

    oauth1: Sequence[OAuth1Credentials] = (OAuth1Credentials(),)
    clients: Sequence[ClientCredentials] = (ClientCredentials(),)
    token_path: str = "/oauth2/token"  # noqa: S105  a path, not a secret
    token_life: float = 3600
    refused_agents: Sequence[str] = ("python-urllib", "java/", "libwww-perl")
    requests_per_second: float | None = 2
    burst: int = 5
    retry_after: int | None = None
    list_shapes: Mapping[str, ListShape] = Factory(dict[str, ListShape])
    repeats_last_page: frozenset[str] | None = None
    default_direction: Literal["asc", "desc"] = "desc"
    unfilterable: Mapping[str, frozenset[str]] = Factory(dict[str, frozenset[str]])
    hidden: Mapping[str, frozenset[str]] = Factory(dict[str, frozenset[str]])
    missing: Literal["mixed", "null", "empty", "absent"] = "mixed"
    string_or_array: bool = True
    iso_times: bool = False
    timezone: str = "UTC"
    error_form: Literal["messages", "html"] = "messages"
    attributes: Mapping[str, Sequence[str]] = Factory(lambda: {"products": ("netsuite_id",)})
    unknown_attributes: Literal["dropped", "kept", "refused"] = "dropped"
    bulk_limit: int = 100
    actions: frozenset[Action] = ACTIONS
    sublists_paged: bool = True
    order_list_lines: bool = True
    order_list_addresses: bool = True
    nested_lists: Literal["merge", "replace"] = "merge"
    creation_answer: Literal["location", "id"] = "location"
    payment_methods: Sequence[str] = ("netterm", "free", "cryozonic_stripe", "cryozonic_ach")
    duplicate_email_status: int = 400
    invitation_attribute: str = "send_invitation"
    cart_answer: Literal["increment_id", "entity_id"] = "increment_id"
    statuses: Mapping[str, Sequence[str]] = Factory(_statuses)
    order_number: int = 100000001
    currency: str = "USD"
    counts_down: bool = True
    cancel_returns_stock: bool = True
    credit_returns_stock: bool = False
    auto_in_stock: bool = True
    shipment_email: Literal["tracking", "notify"] = "tracking"
    open_bills: bool = False
