"""Both sides change the same record: who is right, what is written, and what a person says (G2)."""

from __future__ import annotations

import pytest
from support.people import People, Person
from support.world import World

from zoey_netsuite import (
    Attention,
    ConfigurationError,
    ConflictStrategy,
    Integration,
    MergeFields,
    NetSuiteWins,
    ZoeyWins,
)


@pytest.fixture
def people(world: World) -> People:
    return People(world)


def at_rest(people: People, integration: Integration) -> None:
    """Nothing is written any more, on either side."""
    for _ in range(2):
        integration.run().raise_for_failure()
    people.world.reset_calls()
    integration.run().raise_for_failure()
    assert people.world.writes() == 0


def test_what_one_side_changed_goes_to_the_other(people: People) -> None:
    """Each field by itself, custom ones too; nothing comes back as an echo."""
    integration = people.integration()
    at_rest(people, integration)
    people.in_zoey(phone="(415) 555-0100")
    people.in_netsuite(firstName="Anna", custentity_vip="yes")

    explained = str(integration.explain("people", zoey_id="1"))
    assert "firstname" in explained
    assert "held" not in explained, "one side changed each field: that is no conflict"
    integration.run().raise_for_failure()

    assert people.zoey[0] == "Anna"
    assert people.zoey[2] == "yes"
    assert people.netsuite[0] == "Anna"
    assert people.netsuite[1]
    assert not integration.attention.list()
    at_rest(people, integration)


@pytest.mark.parametrize(
    ("strategy", "name"),
    [
        (NetSuiteWins(), "Nora"),
        (ZoeyWins(), "Zoe"),
        (MergeFields(rules={"name": ZoeyWins()}), "Zoe"),
        (MergeFields(otherwise=NetSuiteWins()), "Nora"),
    ],
)
def test_a_strategy_decides_what_both_changed(people: People, strategy: ConflictStrategy[Person], name: str) -> None:
    integration = people.integration(strategy)
    at_rest(people, integration)
    people.in_zoey(firstname="Zoe")
    people.in_netsuite(firstName="Nora")
    integration.run().raise_for_failure()
    assert people.zoey[0] == people.netsuite[0] == name
    at_rest(people, integration)


class TestAPersonDecides:
    """Held, with both values; the answer counts once, for the very conflict that was asked about."""

    @pytest.fixture
    def integration(self, people: People) -> Integration:
        made = people.integration()
        at_rest(people, made)
        people.in_zoey(firstname="Zoe")
        people.in_netsuite(firstName="Nora")
        made.run().raise_for_failure()
        return made

    def asked(self, attention: Attention) -> str:
        (item,) = attention.list()
        assert (item.state, item.cause) == ("held", "conflict")
        return item.message

    @pytest.mark.parametrize(("take", "name"), [("zoey", "Zoe"), ("netsuite", "Nora"), ({"name": "zoey"}, "Zoe")])
    def test_the_answer_is_carried_out_and_the_list_is_empty(
        self, people: People, integration: Integration, take: object, name: str
    ) -> None:
        assert '"Zoe"' in self.asked(integration.attention)
        assert people.netsuite[0] == "Nora"
        assert people.zoey[0] == "Zoe"
        assert integration.attention.resolve(cause="conflict", take=take) == 1  # type: ignore[arg-type]  # a parameter
        integration.run().raise_for_failure()
        assert people.zoey[0] == people.netsuite[0] == name
        assert not integration.attention.list()
        at_rest(people, integration)

    def test_another_conflict_is_asked_anew(self, people: People, integration: Integration) -> None:
        integration.attention.resolve(cause="conflict", take="zoey")
        people.in_netsuite(firstName="Norma")
        integration.run().raise_for_failure()
        assert '"Norma"' in self.asked(integration.attention)
        assert people.netsuite[0] == "Norma"

    def test_the_next_conflict_is_a_new_question(self, people: People, integration: Integration) -> None:
        integration.attention.resolve(cause="conflict", take="zoey")
        at_rest(people, integration)
        people.in_zoey(firstname="Zara")
        people.in_netsuite(firstName="Nina")
        integration.run().raise_for_failure()
        assert '"Zara"' in self.asked(integration.attention)

    def test_what_is_no_answer(self, integration: Integration) -> None:
        with pytest.raises(ConfigurationError, match="is no side"):
            integration.attention.resolve(cause="conflict", take="both")  # type: ignore[arg-type]  # what is refused
        with pytest.raises(ConfigurationError, match="with yes"):
            integration.attention.resolve(cause="conflict")


def test_a_new_rule_is_no_change_on_both_sides(people: People) -> None:
    """A field that the mapper did not know before gets its base when it is first seen."""
    people.in_netsuite(custentity_vip="gold")
    people.in_zoey(vip="silver")
    integration = people.integration(NetSuiteWins())
    at_rest(people, integration)
    (key,) = [key for key, _ in people.world.store.scan(("acme", "agreed"))]
    entry = people.world.store.read([key])[key]
    for side in ("zoey", "netsuite"):
        del entry.value[side]["custom.vip"]
    from zoey_netsuite import Put

    people.world.store.commit([Put(key, entry.value)])
    people.in_zoey(vip="bronze")

    newer = people.integration(NetSuiteWins(), digest="2")
    at_rest(people, newer)
    assert (people.zoey[2], people.netsuite[2]) == ("bronze", "gold")
    people.in_netsuite(custentity_vip="platinum")
    at_rest(people, newer)
    assert people.zoey[2] == "platinum"


def test_a_field_that_goes_to_and_fro_is_held(people: People) -> None:
    """Something on one side writes its own value back again and again: that is no news for ever."""
    integration = people.integration(MergeFields(otherwise=NetSuiteWins()))
    at_rest(people, integration)
    for _ in range(8):
        people.in_zoey(firstname="Zoe")
        integration.run().raise_for_failure()
        integration.run().raise_for_failure()
        if integration.attention.list():
            break
        people.in_netsuite(firstName="Ann")
        integration.run().raise_for_failure()
        integration.run().raise_for_failure()
        if integration.attention.list():
            break
    (item,) = integration.attention.list()
    assert (item.state, item.cause) == ("held", "going back and forth")
