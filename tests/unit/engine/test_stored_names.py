"""Effects are kept under names that outlive where their classes are (G4)."""

from __future__ import annotations

import subprocess
import sys

import pytest
from attrs import frozen

from zoey_netsuite import AddOrderComment, Clients, ConfigurationError, Done, Effect
from zoey_netsuite.engine.codec import pack, unpack

PLACES = [
    *(f"netsuite_effects:{name}" for name in ("CreateRecord", "TransformRecord", "UpdateRecord", "CloseLines")),
    *(f"zoey_effects:{name}" for name in ("AddOrderComment", "SetStock", "UpdateOrder")),
    *(f"zoey_documents:{name}" for name in ("CreateShipment", "CreateInvoice", "CreateCreditMemo")),
    *(f"zoey_documents:{name}" for name in ("CancelOrder", "HoldOrder")),
    "reconciling:Agree",
]
"""Where the effects were in format 1, below `zoey_netsuite.engine`."""

FIND = """
import zoey_netsuite.integration
from zoey_netsuite.engine import codec
for place in {places!r}:
    print(codec._CLASSES["zoey_netsuite.engine." + place].stored_as)
"""


@frozen
class Call(Effect):
    """Moved here from another module, and renamed."""

    stored_as = "test-call"
    formerly = ("merchant.effects:CallBuyer",)
    number: str
    urgent: bool = False

    @property
    def key(self) -> str:
        return f"call {self.number}"

    def describe(self) -> str:
        return f"call {self.number}"

    def perform(self, clients: Clients) -> Done:
        return Done()


@frozen
class UrgentCall(Call):
    """One that says nothing of its name: it does not inherit one."""


def test_every_place_of_format_1_is_known_to_a_program() -> None:
    """Whatever the program itself imports: another one's entries may stand under the same root."""
    program = FIND.format(places=PLACES)
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    names = told.stdout.split()
    assert len(set(names)) == len(PLACES)
    assert all(name and ":" not in name for name in names)


@pytest.mark.parametrize("name", ["test-call", "merchant.effects:CallBuyer", f"{__name__}:Call"])
def test_read_under_each_of_its_names(name: str) -> None:
    """A field that came later has its default, one that is gone is left out."""
    assert pack(Call("1"))["class"] == "test-call"
    assert unpack({"class": name, "fields": {"number": "1", "gone": 5}}, Effect) == Call("1")  # type: ignore[type-abstract]


def test_a_subclass_stands_under_its_own_place() -> None:
    packed = pack(UrgentCall("1", urgent=True))
    assert packed["class"] == f"{__name__}:UrgentCall"
    assert unpack(packed, Effect) == UrgentCall("1", urgent=True)  # type: ignore[type-abstract]


def test_a_name_is_had_once() -> None:
    with pytest.raises(ConfigurationError, match=r"Other can't be stored as 'zoey-comment': .*AddOrderComment is"):

        class Other(AddOrderComment):
            stored_as = "zoey-comment"


@pytest.mark.parametrize("name", ["merchant.effects:Gone", "gone", f"{__name__}:Gone"])
def test_one_that_is_known_no_more(name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"no class is known under that name any more.*formerly"):
        unpack({"class": name, "fields": {}}, Effect)  # type: ignore[type-abstract]
