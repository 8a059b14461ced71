"""Records through both clients, against the sandbox over real HTTP (E2)."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest

from zoey_netsuite import errors as meanings
from zoey_netsuite.http.operation import Safety
from zoey_netsuite.netsuite import Customer, Record, RowError, SalesOrder, operations
from zoey_netsuite.netsuite.errors import NetSuiteInvalidFieldError, NetSuiteNotFoundError, NetSuiteUnknownTypeError
from zoey_netsuite.sandbox.faults import Fault
from zoey_netsuite.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.filterwarnings("error::ResourceWarning")


def new_id(kind: str = "acme") -> str:
    return f"{kind}-{uuid.uuid4().hex[:12]}"


def customer(**more: Any) -> dict[str, Any]:
    external_id = new_id()
    return {"companyName": f"Company {external_id}", "externalId": external_id, **more}


def order(**more: Any) -> dict[str, Any]:
    lines = [{"item": {"id": "500"}, "quantity": 2, "rate": Decimal("12.50")}, {"item": {"id": "501"}, "quantity": 1}]
    return {"entity": {"id": "100"}, "externalId": new_id("order"), "item": {"items": lines}, **more}


def test_a_record_is_made_read_changed_and_deleted(erp: Any) -> None:
    made = customer(custentity_segment="gold", email="x@y.test")
    id = erp.create("customer", made)
    assert id.isdigit()
    found = erp.record("customer", id)
    assert isinstance(found, Record)
    assert (found.type, found.id, found["companyName"]) == ("customer", id, made["companyName"])
    assert found.external_id == made["externalId"]
    assert found.custom == {"custentity_segment": "gold"}
    assert erp.update("customer", id, {"email": None, "companyName": "Changed"}) is None
    changed = erp.record("customer", external_id=made["externalId"])
    assert changed["companyName"] == "Changed"
    assert changed.get("email") is None
    assert erp.delete("customer", id) is None
    with pytest.raises(NetSuiteNotFoundError, match=f"read customer {id}: NetSuite answered 404"):
        erp.record("customer", id)


def test_only_the_fields_asked_for_are_read(erp: Any) -> None:
    found = erp.record("customer", "100", fields=["email"], expand=False)
    assert found["email"] == "a@acme.test"
    assert "companyName" not in found.fields


def test_an_order_keeps_its_lines_references_and_custom_fields(erp: Any) -> None:
    id = erp.create("salesOrder", order(custbody_delivery="tomorrow", tranDate=date(2026, 3, 2), otherRefNum="PO 7"))
    found = erp.record("salesOrder", id)
    assert found.reference("entity") is not None
    assert found.reference("entity").id == "100"
    assert [line["quantity"] for line in found.lines()] == [2, 1]
    assert found.custom == {"custbody_delivery": "tomorrow"}
    assert found.lines("nothing") == ()
    typed = erp.record("salesOrder", id, as_=SalesOrder)
    assert typed.tran_date == date(2026, 3, 2)
    assert typed.other_ref_num == "PO 7"
    assert typed.item[0].rate == Decimal("12.5")
    assert typed.item[0].item is not None
    assert typed.item[0].item.id == "500"
    assert typed.custom == {"custbody_delivery": "tomorrow"}


def test_sublists_that_were_not_read_along_say_so(erp: Any) -> None:
    id = erp.create("salesOrder", order())
    with pytest.raises(meanings.ConfigurationError, match="expand=True"):
        erp.record("salesOrder", id, expand=False).lines()


@attrs.frozen
class Named:
    companyName: str
    credit_limit: Decimal


def test_a_record_that_does_not_fit_a_class_says_which_field(erp: Any) -> None:
    with pytest.raises(RowError, match="customer 100 cannot be read as Named: 'credit_limit' is missing"):
        erp.record("customer", "100", as_=Named)


def test_several_records_come_in_the_order_asked_for_and_lazily(erp: Any, sandbox: Sandbox) -> None:
    records = erp.records("customer", ["100", "100"], as_=Customer)
    assert next(records).company_name == "ACME"
    assert sandbox.netsuite.calls.total == 1
    assert [one.id for one in records] == ["100"]
    assert list(erp.records("customer", [])) == []


def test_find_gives_the_id_or_none(erp: Any) -> None:
    assert erp.find("customer", "acme") == "100"
    assert erp.find("customer", "nobody") is None
    with pytest.raises(NetSuiteUnknownTypeError):
        erp.find("custommer", "acme")


def test_an_external_id_is_taken_once(erp: Any) -> None:
    made = order()
    erp.create("salesOrder", made)
    with pytest.raises(meanings.AlreadyExistsError, match=f"create salesOrder with external id {made['externalId']}"):
        erp.create("salesOrder", made)


def test_upsert_makes_and_then_changes(erp: Any) -> None:
    external_id = new_id()
    first = erp.upsert("customer", external_id, {"companyName": external_id})
    second = erp.upsert("customer", external_id, {"email": "up@sert.test"})
    assert first == second == erp.find("customer", external_id)
    assert erp.record("customer", first)["email"] == "up@sert.test"


def test_a_misspelt_field_is_an_error_and_not_ignored(erp: Any) -> None:
    with pytest.raises(NetSuiteInvalidFieldError, match="compnyName"):
        erp.create("customer", {"compnyName": "Typo"})
    with pytest.raises(NetSuiteInvalidFieldError, match="update customer 100"):
        erp.update("customer", "100", {"emial": "x"})


def test_a_refused_value_names_its_place(erp: Any) -> None:
    with pytest.raises(meanings.InvalidFieldError) as caught:
        erp.create("salesOrder", order(item={"items": [{"item": {"id": "9999"}, "quantity": 1}]}))
    assert caught.value.path is not None
    assert "item" in caught.value.path


def test_lines_are_replaced_whole_when_asked(erp: Any) -> None:
    id = erp.create("salesOrder", order())
    erp.update("salesOrder", id, {"item": {"items": [{"item": {"id": "502"}, "quantity": 9}]}}, replace=["item"])
    assert [line["quantity"] for line in erp.record("salesOrder", id).lines()] == [9]
    erp.update("salesOrder", id, {"item": {"items": [{"item": {"id": "503"}, "quantity": 1}]}})
    assert [line["quantity"] for line in erp.record("salesOrder", id).lines()] == [9, 1]


def test_an_order_becomes_a_fulfillment_and_an_invoice(erp: Any) -> None:
    id = erp.create("salesOrder", order())
    shipped = erp.transform("salesOrder", id, "itemFulfillment", {"shipStatus": {"id": "C"}, **_all_lines(erp, id)})
    invoice = erp.transform("salesOrder", id, "invoice")
    assert erp.record("itemFulfillment", shipped).reference("createdFrom").id == id
    assert erp.record("invoice", invoice).reference("createdFrom").id == id


def _all_lines(erp: Any, id: str) -> dict[str, Any]:
    lines = erp.record("salesOrder", id).lines()
    return {"item": {"items": [{"orderLine": line["line"], "location": "1"} for line in lines]}}


def test_a_transform_into_an_unknown_type_is_refused(erp: Any) -> None:
    id = erp.create("salesOrder", order())
    with pytest.raises(meanings.APIError, match=f"transform salesOrder {id} into nonsense"):
        erp.transform("salesOrder", id, "nonsense")


@pytest.mark.parametrize("fault", ["reset", "500"])
def test_a_creation_whose_answer_is_lost_is_not_repeated(erp: Any, sandbox: Sandbox, fault: Any) -> None:
    made = customer()
    sandbox.netsuite.faults.add(Fault(fault, when="after", method="POST"))
    with pytest.raises(meanings.OutcomeUnknown, match=f"external id {made['externalId']}") as caught:
        erp.create("customer", made)
    assert caught.value.operation.kind == "record.create"
    assert sandbox.netsuite.calls.total == 1
    assert erp.find("customer", made["externalId"]) is not None


def test_an_update_whose_answer_is_lost_is_repeated(erp: Any, sandbox: Sandbox) -> None:
    sandbox.netsuite.faults.add(Fault("500", when="after", method="PATCH"))
    erp.update("customer", "100", {"email": "a@acme.test"})
    assert sandbox.netsuite.calls.total == 2


def test_added_lines_are_not_repeated(erp: Any, sandbox: Sandbox) -> None:
    id = erp.create("salesOrder", order())
    sandbox.netsuite.faults.add(Fault("500", when="after", method="PATCH"))
    with pytest.raises(meanings.OutcomeUnknown):
        erp.update("salesOrder", id, {"item": {"items": [{"item": {"id": "503"}, "quantity": 1}]}})
    assert len(erp.record("salesOrder", id).lines()) == 3


def test_a_deletion_whose_answer_is_lost_counts_as_done(erp: Any, sandbox: Sandbox) -> None:
    id = erp.create("customer", customer())
    sandbox.netsuite.faults.add(Fault("reset", when="after", method="DELETE"))
    assert erp.delete("customer", id) is None
    with pytest.raises(NetSuiteNotFoundError):
        erp.delete("customer", id)


def test_a_call_that_was_too_much_is_repeated_even_when_it_writes(erp: Any, sandbox: Sandbox, clock: Any) -> None:
    sandbox.netsuite.faults.add(Fault("429", method="POST", retry_after=9))
    assert erp.create("customer", customer())
    assert sum(clock.slept) >= 9


def test_what_repeating_a_write_does_is_told_by_its_operation() -> None:
    keyed = {"item": {"items": [{"line": 1, "isClosed": True}]}}
    keyless = {"item": {"items": [{"item": {"id": "5"}, "quantity": 1}]}}
    nested = {"addressBook": {"items": [{"id": "7", "addressBookAddress": {"city": "Rome"}}]}}
    assert operations.create("customer", {"externalId": "a-1"}).safety is Safety.ONCE
    assert operations.update("salesOrder", "1", {"memo": "x"}).safety is Safety.REPEATABLE
    assert operations.update("salesOrder", "1", keyed).safety is Safety.REPEATABLE
    assert operations.update("salesOrder", "1", nested).safety is Safety.REPEATABLE
    assert operations.update("salesOrder", "1", keyless).safety is Safety.ONCE
    assert operations.update("salesOrder", "1", keyless, replace=["item"]).safety is Safety.REPEATABLE
    assert operations.upsert("salesOrder", "a-1", {"memo": "x"}).safety is Safety.REPEATABLE
    assert operations.upsert("salesOrder", "a-1", keyless).safety is Safety.ONCE
    assert operations.transform("salesOrder", "1", "invoice").safety is Safety.ONCE


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda erp: erp.record("customer"), meanings.ConfigurationError, "either its id or its external_id"),
        (lambda erp: erp.record("customer", "1", external_id="x"), meanings.ConfigurationError, "either its id"),
        (lambda erp: erp.record("customer/../x", "1"), meanings.ConfigurationError, "no record type"),
        (lambda erp: erp.delete("customer", ""), meanings.MappingError, "cannot be an internal id"),
        (lambda erp: erp.delete("customer", "1/../2"), meanings.MappingError, "cannot be an internal id"),
        (lambda erp: erp.find("customer", "a|b"), meanings.MappingError, "letters, digits, '_' and '-'"),
        (lambda erp: erp.transform("salesOrder", "1", "!x"), meanings.ConfigurationError, "no record type"),
        (lambda erp: erp.create("customer", {"x": {"y": [object()]}}), meanings.MappingError, r"x\.y\[0\] cannot be"),
        (lambda erp: erp.create("customer", {"x": float("nan")}), meanings.MappingError, "finite"),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(
    erp: Any, sandbox: Sandbox, call: Any, error: Any, words: str
) -> None:
    with pytest.raises(error, match=words):
        call(erp)
    assert sandbox.netsuite.calls.total == 0
