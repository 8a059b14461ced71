"""What two runs are compared by, and how it is told in what they differ."""

from __future__ import annotations

from zoey_netsuite.sandbox import Sandbox
from zoey_netsuite.testing.picture import Before, Records, differences

ORDER = {"entity_id": 1, "customer_email": "m@example.com", "items": [{"sku": "A", "qty": 1}]}
SEED = {
    "netsuite": {"customer": [{"id": "501", "companyName": "Ridgeline", "subsidiary": "1"}]},
    "zoey": {"products": [{"entity_id": 1, "sku": "A", "price": "4.00"}], "orders": [ORDER]},
}
REFERENCES = ("entity", "subsidiary")


def test_equal_pictures_differ_nowhere() -> None:
    assert differences({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}) == []


def test_a_field_is_named_by_its_path() -> None:
    before, after = {"zoey.orders": {"1": {"status": "new"}}}, {"zoey.orders": {"1": {"status": "closed"}}}
    assert differences(before, after) == ["zoey.orders 1 status: closed instead of new"]


def test_what_is_missing_and_what_is_too_much() -> None:
    assert differences({"a": 1}, {"b": 2}) == ["a: missing; it should be 1", "b: should not be there: 2"]
    assert differences({"a": ["x", "y"]}, {"a": ["y", "z", "z"]}) == [
        "a: missing: x",
        "a: should not be there: z",
        "a: should not be there: z",
    ]


def test_records_that_are_much_alike_are_told_field_by_field() -> None:
    one = {"name": "Claim", "source": "1", "state": "open"}
    assert differences({"new": [one]}, {"new": [{**one, "state": "shut"}]}) == ["new […] state: shut instead of open"]


def test_many_differences_are_cut_short() -> None:
    lines = differences({str(n): 0 for n in range(40)}, {str(n): 1 for n in range(40)})
    assert len(lines) == 13
    assert lines[-1] == "… and more"


def test_times_and_new_ids_do_not_count() -> None:
    """Two new customers in either order, an hour apart: the same picture."""
    pictures = []
    for names in (("First", "Second"), ("Second", "First")):
        with Sandbox(seed=SEED) as sandbox:
            began = sandbox.snapshot()
            before = Before(began.netsuite.records(), began.zoey.records(), REFERENCES)
            for name in names:
                sandbox.netsuite.seed({"customer": [{"companyName": name, "subsidiary": "1"}]})
                sandbox.clock.advance(3600)
            pictures.append(Records().picture(before, sandbox.snapshot()))
    assert pictures[0] == pictures[1]
    made = pictures[0]["netsuite.customer"]["new"]
    assert [(one["companyName"], one["subsidiary"]) for one in made] == [("First", "1"), ("Second", "1")]


def test_what_was_there_counts_with_its_ids() -> None:
    """A changed field, a comment more, a record gone."""
    with Sandbox(seed=SEED) as sandbox:
        began = sandbox.snapshot()
        before = Before(began.netsuite.records(), began.zoey.records(), REFERENCES)
        expected = Records().picture(before, began)
        with sandbox.zoey.acting() as app:
            app.change_order(1, po_number="PO-7")
            app.delete_product(1)
        with sandbox.netsuite.acting() as account:
            account.update("customer", 501, {"companyName": "Ridgeline Inc."})
        found = Records(leave_out=["zoey.stockitems"]).picture(before, sandbox.snapshot())
    lines = differences({k: v for k, v in expected.items() if k != "zoey.stockitems"}, found)
    assert "netsuite.customer 501 companyName: Ridgeline Inc. instead of Ridgeline" in lines
    assert "zoey.orders 1 po_number: should not be there: PO-7" in lines
    assert any(line.startswith("zoey.products 1: missing") for line in lines)
