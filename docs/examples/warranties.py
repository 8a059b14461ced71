"""A sync of one's own: each warranty that is entered in NetSuite becomes a comment on its Zoey order, once.

The custom record `customrecord_warranty` names its sales order. Which Zoey order that is, the connector that carries
the orders has written into the attribute `netsuite_order`. Credentials come from the environment; `NETSUITE_URL` leads
to a sandbox instead of the account's own hosts.
"""

import os
from collections.abc import Sequence

import attrs

from zoey_netsuite import (
    AddOrderComment,
    Effect,
    Found,
    Integration,
    Linked,
    MapContext,
    NetSuiteClient,
    SQLiteStore,
    SuiteQLSync,
    Unit,
    ZoeyClient,
    netsuite,
    zoey,
)


@attrs.frozen
class Warranty:
    """A row: its fields are the columns that are read."""

    id: str
    name: str
    custrecord_sales_order: str


class WarrantySync(SuiteQLSync[Warranty]):
    """Scanning, resuming and doing things once are the library's; this says what a row means."""

    name, table, row, changed = "warranties", "customrecord_warranty", Warranty, "lastmodified"

    def unit(self, row: Warranty) -> Unit[Warranty]:
        """A warranty belongs to an order; it is skipped while that order is not linked."""
        return Unit(row.id, about=Linked("orders", netsuite_id=row.custrecord_sales_order), data=row)

    def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect]:
        """The marker lets the comment be found again when the answer to writing it was lost."""
        return [AddOrderComment(unit.link.zoey_id, f"Warranty {unit.data.name}", marker=f"[NS warranty {unit.id}]")]


def main() -> None:
    """Link what the other connector has carried, then run once."""
    account, address = os.environ["NETSUITE_ACCOUNT_ID"], os.environ.get("NETSUITE_URL")
    with (
        NetSuiteClient(account, netsuite.MachineAuth.from_env(), base_url=address) as erp,
        ZoeyClient(os.environ["ZOEY_URL"], zoey.OAuth1Auth.from_env()) as shop,
        SQLiteStore("warranties.db") as store,
    ):
        integration = Integration("acme", erp, shop, store, [WarrantySync()])
        for order in shop.orders.list():
            sales_order = order.custom.get("netsuite_order")
            if sales_order:
                integration.link("orders", zoey_id=order.id, netsuite_id=str(sales_order))
        report = integration.run()
        print(report)
        report.raise_for_failure()


if __name__ == "__main__":
    main()
