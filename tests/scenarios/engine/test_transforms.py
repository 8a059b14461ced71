"""What a transform makes is made once, whether or not the account keeps its external id (G1, G9, D1)."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from support.chores import chores
from support.harnessed import as_it_is, assembled
from support.proof import Proof
from support.trade import CUSTOMER, Trade
from support.transform_scenario import BillSync, bills_seed

from zoey_netsuite import Mark, TransformRecord
from zoey_netsuite.sandbox import Fault, NetSuiteSettings
from zoey_netsuite.testing.harness import Harness
from zoey_netsuite.testing.scenario import Scenario

Kept = Literal["kept", "dropped"]


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tells a dead worker by /proc, which Linux has")
@pytest.mark.parametrize("external_id", ["kept", "dropped"])
def test_at_every_step_and_fault(external_id: Kept, proof: Proof) -> None:
    """Killed and faulted at every step of a transform: exactly one invoice of each order, found by either name."""
    what = Scenario(
        build=partial(assembled, BillSync, as_it_is),
        seed=bills_seed(),
        netsuite=NetSuiteSettings(transform_external_id=external_id),
        name=f"transforms, external id {external_id}",
    )
    with Harness(what, faults=proof.faults) as harness:
        result = harness.run(share=proof.share)
        assert harness.sandbox.netsuite.app.count("invoice") == 3
    result.raise_for_failures()


@pytest.mark.parametrize("external_id", ["kept", "dropped"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_its_answer_is_lost(tmp_path: Path, external_id: Kept, when: Literal["before", "after"]) -> None:
    """An order of ten units may be billed twice over, so NetSuite itself would not refuse a second invoice."""
    with Trade(tmp_path, account=NetSuiteSettings(transform_external_id=external_id)) as trade:
        line = {"item": "1", "quantity": 10, "rate": 10, "location": "1"}
        order = str(trade.erp.create("salesOrder", {"entity": CUSTOMER, "item": {"items": [line]}}))
        bill = {"item": {"items": [{"orderLine": 1, "quantity": 2}]}, "memo": "Two of ten"}
        trade.erp.transform("salesOrder", order, "invoice", {**bill, "memo": "another's [acme ZOEY invoice 77]"})
        effect = TransformRecord(
            source="salesOrder", id=order, into="invoice", changes=bill, external_id="acme-invoice-7"
        )
        trade.sandbox.netsuite.faults.add(Fault("reset", when=when, method="POST", path="/!transform/invoice"))
        made = chores(trade, lambda _: [effect])
        for _ in range(4):
            made.run()
            trade.later(minutes=5)

        assert not made.attention.list()
        rows = list(trade.erp.suiteql("SELECT memo, externalid FROM transaction WHERE type = 'CustInvc' ORDER BY id"))
        assert [row["memo"] for row in rows] == [
            "another's [acme ZOEY invoice 77]",
            "Two of ten [acme ZOEY invoice 7]",
        ]
        assert rows[1].get("externalid") == ("acme-invoice-7" if external_id == "kept" else None)


def test_marks() -> None:
    """Names are written and read by one module."""
    mark = Mark("acme", "netsuite", "payment", "4711")
    assert str(mark) == "[acme NS payment 4711]"
    assert Mark.all_in(f"paid {mark}, [acme ZOEY credit memo 8], [x]") == [
        mark,
        Mark("acme", "zoey", "credit memo", "8"),
    ]
    with pytest.raises(ValueError, match="brackets"):
        Mark("acme", "zoey", "in]voice", "7")
