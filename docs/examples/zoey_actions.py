"""A store whose API differs: orders are put on hold by a workflow, so that one call is overridden.

Needs `ZOEY_URL` and the credentials that `OAuth1Auth.from_env` names.
"""

import os

from zoey_netsuite import zoey
from zoey_netsuite.http.operation import Operation, Response, Safety
from zoey_netsuite.zoey import ZoeyActions, ZoeyClient


def nothing(response: Response) -> None:
    """The status says all."""


class WorkflowActions(ZoeyActions):
    """All calls as they are assumed, but for one."""

    def hold_order(self, order_id: str) -> Operation[None]:
        """Start the store's own workflow. It sends an e-mail, so a lost answer must not start it again."""
        return Operation(
            name=f"hold order {order_id}",
            method="POST",
            path="/workflow/start",
            read=nothing,
            kind="orders.hold",
            json={"workflow": "hold", "order": order_id},
            safety=Safety.ONCE,
        )


if __name__ == "__main__":
    with ZoeyClient(os.environ["ZOEY_URL"], zoey.OAuth1Auth.from_env(), actions=WorkflowActions()) as shop:
        shop.orders.hold("12345")
