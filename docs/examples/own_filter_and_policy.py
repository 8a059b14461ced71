"""Which orders go, and when NetSuite may ship them: a filter and a totals policy of one's own. It writes nothing.

Credentials come from the environment; `NETSUITE_URL` leads to a sandbox instead of the account's own hosts.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import attrs

from zoey_netsuite import (
    Hold,
    Integration,
    Matches,
    Matching,
    NetSuiteClient,
    Order,
    OrderMapper,
    OrderSync,
    ReleaseAfterCheck,
    SQLiteStore,
    Table,
    TotalDifference,
    ZoeyClient,
    netsuite,
    zoey,
)


def is_no_sample(order: Order) -> bool:
    """Orders of nothing but samples are sent by hand."""
    return any(not (line.sku or "").startswith("SAMPLE-") for line in order.lines)


@attrs.frozen
class ReleaseDespiteTaxCents(ReleaseAfterCheck):
    """Every order waits in *pending approval* until it was compared. A few cents of tax do not keep it there: they are
    written into a field, for the accountant. Everything else does.
    """

    most: Decimal = Decimal("0.05")

    def after(self, order: str, differing: Sequence[TotalDifference]) -> Hold | Mapping[str, Any]:
        """Decides on what NetSuite computed: hold, or the fields to be written."""
        is_tax = {each.component for each in differing} <= {"tax", "total"}
        if not is_tax or any(abs(each.zoey - each.netsuite) > self.most for each in differing):
            return super().after(order, differing)
        return {"orderStatus": {"id": "B"}, "custbody_tax_note": "; ".join(map(str, differing)) or None}


orders = OrderSync(
    start_at=datetime(2026, 2, 1, tzinfo=UTC),
    mapper=OrderMapper(currencies=Table({"USD": "1"})),
    filter=Matches(state=("new", "processing")) & Matching(is_no_sample),
    totals=ReleaseDespiteTaxCents(),
)


def main() -> None:
    """Say what a run would do, and of each order left out by which rule."""
    account, address = os.environ["NETSUITE_ACCOUNT_ID"], os.environ.get("NETSUITE_URL")
    with (
        NetSuiteClient(account, netsuite.MachineAuth.from_env(), base_url=address) as erp,
        ZoeyClient(os.environ["ZOEY_URL"], zoey.OAuth1Auth.from_env()) as shop,
        SQLiteStore("orders.db") as store,
    ):
        integration = Integration("acme", erp, shop, store, [orders])
        print(integration.run(dry_run=True))
        for record in shop.orders.list(created_at=zoey.gteq(orders.start_at)):
            print(integration.explain("orders", zoey_id=record.id))


if __name__ == "__main__":
    main()
