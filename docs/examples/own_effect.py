"""An effect of one's own that happens once: for every big sales order somebody is asked to call the buyer.

The request is a custom record, `customrecord_call_request`. Its external id is what tells, after a lost answer or a
crash, whether it was made. Credentials come from the environment; `NETSUITE_URL` leads to a sandbox instead of the
account's own hosts.
"""

import os
from collections.abc import Sequence
from decimal import Decimal

import attrs

from zoey_netsuite import (
    Clients,
    Done,
    Effect,
    Evidence,
    Found,
    Integration,
    MapContext,
    NetSuiteClient,
    SQLiteStore,
    SuiteQLSync,
    Unit,
    ZoeyClient,
    netsuite,
    zoey,
)

REQUEST = "customrecord_call_request"


@attrs.frozen
class BigOrder:
    """A row: its fields are the columns that are read."""

    id: str
    tranid: str
    foreigntotal: Decimal


@attrs.frozen
class RequestCall(Effect):
    """Ask for a call, once."""

    stored_as = "request-call"  # in the journal; new fields need a default
    formerly = ("__main__:RequestCall",)  # what an earlier version of this program kept it under
    system = "netsuite"  # where it writes
    order_id: str
    number: str
    external_id: str

    @property
    def key(self) -> str:  # its purpose: an order is called about once, whatever its total becomes
        return "call request"

    @property
    def evidence(self) -> Evidence:  # NetSuite takes an external id once for a type of record
        return Evidence.EXTERNAL_ID

    def describe(self) -> str:
        return f"ask for a call about sales order {self.number} (id {self.order_id})"

    def find(self, clients: Clients) -> Done | None:  # after a lost answer, and when NetSuite says that it exists
        made = clients.netsuite.find(REQUEST, self.external_id)
        return None if made is None else Done(made)

    def perform(self, clients: Clients) -> Done:
        record = {"name": f"Call about {self.number}", "custrecord_call_order": self.order_id}
        return Done(clients.netsuite.create(REQUEST, {**record, "externalId": self.external_id}))


class CallSync(SuiteQLSync[BigOrder]):
    """Sales orders by time of change; those of 30.00 and more."""

    name, table, row, changed = "calls", "transaction", BigOrder, "lastmodifieddate"
    where = "type = 'SalesOrd' AND foreigntotal >= 30"

    def unit(self, row: BigOrder) -> Unit[BigOrder]:  # it stands for itself, linked or not
        return Unit(row.id, data=row)

    def apply(self, unit: Unit[BigOrder], found: Found, ctx: MapContext) -> Sequence[Effect]:
        return [RequestCall(unit.id, unit.data.tranid, f"{ctx.integration}-call-{unit.id}")]


def main() -> None:
    account, address = os.environ["NETSUITE_ACCOUNT_ID"], os.environ.get("NETSUITE_URL")
    with (
        NetSuiteClient(account, netsuite.MachineAuth.from_env(), base_url=address) as erp,
        ZoeyClient(os.environ["ZOEY_URL"], zoey.OAuth1Auth.from_env()) as shop,
        SQLiteStore("calls.db") as store,
    ):
        report = Integration("acme", erp, shop, store, [CallSync()]).run()
        print(report)
        report.raise_for_failure()


if __name__ == "__main__":
    main()
