"""Records by name."""

from __future__ import annotations

from typing import Any

import pytest

from zoey_netsuite import RecordRef


def test_a_record_is_named_by_side_and_id() -> None:
    """Two sides may use one number for different records."""
    order = RecordRef("zoey", "812")
    assert order != RecordRef("netsuite", "812")
    assert len({order, RecordRef("zoey", "812")}) == 1
    assert (str(order), str(RecordRef("netsuite", "-5"))) == ("Zoey 812", "NetSuite -5")
    assert order.other_side == "netsuite"
    assert RecordRef(order.other_side, "1").other_side == "zoey"


@pytest.mark.parametrize(
    ("side", "id", "said"),
    [
        ("shop", "1", "side='shop' is not a side: give 'zoey' or 'netsuite'"),
        ("zoey", 55, "id=55 is not an id: ids are text"),
        ("netsuite", None, "id=None is not an id"),
        ("netsuite", "", "id='' is not an id: it is empty"),
    ],
)
def test_what_names_no_record_is_refused_by_name(side: Any, id: Any, said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=said):
        RecordRef(side, id)
