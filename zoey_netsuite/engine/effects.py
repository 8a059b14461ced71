"""Effects: what a sync wants done on a remote system, as values.

There are two kinds. A *once* effect makes something and has a deterministic key: the journal says *started* before and
*done* after, and one that is found started is looked for on the remote side before anything else. A *convergent* effect
brings something to a state: repeating it is harmless, and it is computed anew rather than replayed.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Generic, Self, TypeVar, cast

from attrs import frozen

from zoey_netsuite.checks import must_be_a
from zoey_netsuite.engine.agreement import Agreement
from zoey_netsuite.engine.codec import keep_name
from zoey_netsuite.errors import HeldError, OutcomeUnknown, ZoeyNetSuiteError
from zoey_netsuite.http.writes import noting_writes
from zoey_netsuite.netsuite import NetSuiteClient
from zoey_netsuite.state.encoding import encode_value
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.records import RecordRef, Side
from zoey_netsuite.state.store import JSON
from zoey_netsuite.user_code import WrongReturn, must_give, must_give_list, said
from zoey_netsuite.zoey import ZoeyClient

B = TypeVar("B", bound="BulkEffect[Any]")


class Kind(enum.Enum):
    """What repeating an effect would do."""

    ONCE = "once"
    CONVERGENT = "convergent"


class Evidence(enum.Enum):
    """How a once effect can be found on the remote side after its answer was lost."""

    EXTERNAL_ID = "external id"
    """The remote system refuses a second one with the same id."""
    MARKER = "marker"
    """Something written into the record tells it: looked for before it is tried again."""
    NONE = "none"
    """Nothing tells it: after a lost answer it is never tried again, a person decides (at most once)."""


@frozen
class Clients:
    """The two systems, for effects to be performed on."""

    netsuite: NetSuiteClient
    zoey: ZoeyClient


@frozen
class Done:
    """What came of an effect.

    Attributes:
        result: what it made (an id, mostly), as JSON.
        changed: False when the other side was already so.
        links: pairs that are known from now on.
        agreed: what both sides of the unit's pair hold from now on.

    Raises:
        ConfigurationError, ValueError: what it gives can't be kept in the store. Refused here, it is the trouble of
            one unit; the commit that keeps it may be of many.
    """

    result: JSON = None
    changed: bool = True
    links: Sequence[Link] = ()
    agreed: Agreement | None = None

    def __attrs_post_init__(self) -> None:
        for link in self.links:
            must_be_a("Done(links=…)", link, Link, "a list of Link")
            encode_value(dict(link.data))
        if self.result is not None and type(self.result) is not str:
            encode_value(self.result)


@contextmanager
def nothing_written() -> Generator[None]:
    """An error in here says that nothing was written; where something was, it becomes one of an unknown outcome."""
    with noting_writes() as written:
        try:
            yield
        except OutcomeUnknown:
            raise
        except ZoeyNetSuiteError as error:
            if written.last is None:
                raise
            raise OutcomeUnknown(
                f"{written.last.name}: it was done, or may have been, and then: {error}", operation=written.last
            ) from error


class Effect(ABC):
    """Something to be done, as a value. Subclasses are frozen attrs classes that cattrs can turn into JSON.

    Class attributes:
        kind: once or convergent.
        system: which system it writes to.
        stored_as: a short name under which the journal keeps it, once and for all. With one, the class may be renamed
            and moved; without, it is kept under its place, `module:class`, and must stay there.
        formerly: names and places (`module:class`) under which it was kept before, so that open entries of the journal
            can still be read.
    """

    kind: ClassVar[Kind] = Kind.ONCE
    system: ClassVar[Side] = "zoey"
    stored_as: ClassVar[str] = ""
    formerly: ClassVar[Sequence[str]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        keep_name(cls)

    @property
    @abstractmethod
    def key(self) -> str:
        """Names the effect within its unit, the same whenever it is computed for the same purpose.

        Of an effect that makes a record: with the record's external id or marker in it. Two effects of kind `ONCE` with
        one key in one decision are refused.
        """

    @property
    def former_keys(self) -> Sequence[str]:
        """Keys that this effect had before: what the journal has noted under one of them counts. A `Ref` may use them,
        too, where one effect of the unit has it.
        """
        return ()

    def was(self, result: JSON, clients: Clients) -> bool:
        """Whether what the journal has noted as done under a former key was this effect, and no other of that key.

        Args:
            result: what that one made.
        """
        return True

    @property
    def evidence(self) -> Evidence:
        """How it can be found after its answer was lost."""
        return Evidence.NONE

    @property
    def together(self) -> str | None:
        """Effects of one class with the same text here go out in one call (`perform_many`). None: each alone."""
        return None

    @property
    def pair(self) -> tuple[str, str | RecordRef] | None:
        """Kind of link of the pair that it makes, if it makes one, and the record that is there already (text: the id
        of one in Zoey). Once that record is linked, the effect has happened.
        """
        return None

    @abstractmethod
    def describe(self) -> str:
        """What it does, in a line for people, naming the record."""

    def find(self, clients: Clients) -> Done | None:
        """Look on the remote side whether it has happened. None: no trace of it.

        Called for a *started* once effect whose outcome is open, and when an effect with an external id is refused
        because that id exists: give `Done` only if the record found is the one that this effect makes.
        """
        return None

    @classmethod
    def find_many(cls, effects: Sequence[Self], clients: Clients) -> Sequence[Done | HeldError | None]:
        """`find` for several, in order; override it where one call can tell of many.

        A `HeldError` in place of an answer says that a person must look at that one.
        """
        return [effect.find(clients) for effect in effects]

    @abstractmethod
    def perform(self, clients: Clients) -> Done:
        """Do it.

        An error other than `OutcomeUnknown` says that nothing has happened. If a call that must not be repeated was
        made before it, it is taken for one whose outcome is unknown: better make two effects of two writes.

        Raises:
            APIError: refused.
            OutcomeUnknown: sent, and the answer was lost.
            HeldError: the records, read right before, are such that a person must decide. Nothing was written.
        """

    @classmethod
    def perform_many(cls, effects: Sequence[Self], clients: Clients) -> Sequence[Done | ZoeyNetSuiteError]:
        """Do them all in one call; for each, in order, what came of it. Only called where `together` is no None."""
        outcomes: list[Done | ZoeyNetSuiteError] = []
        for effect in effects:
            try:
                with nothing_written():
                    outcomes.append(effect.perform(clients))
            except ZoeyNetSuiteError as error:
                outcomes.append(error)
        return outcomes


class BulkEffect(Effect, Generic[B]):
    """A convergent effect of which many go out in one call: `class SetColor(BulkEffect["SetColor"])`."""

    kind: ClassVar[Kind] = Kind.CONVERGENT

    @property
    def together(self) -> str | None:
        """All of them."""
        return ""

    @classmethod
    @abstractmethod
    def perform_many(cls, effects: Sequence[B], clients: Clients) -> Sequence[Done | ZoeyNetSuiteError]:  # type: ignore[override]
        """Do them all; for each, in order, what came of it."""

    def perform(self, clients: Clients) -> Done:
        """Do this one alone."""
        (outcome,) = self.perform_many([cast("B", self)], clients)
        if isinstance(outcome, ZoeyNetSuiteError):
            raise outcome
        return outcome


@frozen
class LookAgain(Effect):
    """Ask `apply` again, once all before it is done, with what is there then. What `apply` gives after it waits until
    it is asked again, and gives it then: so effects can be added behind those of a sync that you subclass.

    The units of a claim that ask for it are read together (`Sync.look`). What is to be written is so always decided in
    `apply`, which need not know whether it is asked for the first time. A unit that asks for it again although nothing
    was changed since, or for the third time in a row, is retried later.
    """

    stored_as = "look-again"
    kind = Kind.CONVERGENT

    @property
    def key(self) -> str:
        """There is one for a decision."""
        return "look again"

    def describe(self) -> str:
        """A line for people."""
        return "look again at what is there then, and decide anew"

    def perform(self, clients: Clients) -> Done:
        """Nothing: the engine looks."""
        return Done(changed=False)


def as_decided(effects: Iterable[Effect]) -> Sequence[Effect]:
    """The effects that a sync's `apply` gave, as far as a `LookAgain`, if they can be performed as one decision.

    Raises:
        TypeError: one of them is no effect.
        HeldError: two of them happen once and have one key. The journal could not tell them apart: one would be made,
            and the other be taken for done.
    """
    decided = tuple(effects)
    for effect in decided:
        if not isinstance(effect, Effect):  # pyright: ignore[reportUnnecessaryIsInstance]  the user's code
            raise TypeError(f"apply gave {effect!r}, which is no Effect")
    looks = [index for index, effect in enumerate(decided) if isinstance(effect, LookAgain)]
    decided = decided[: looks[0] + 1] if looks else decided
    counts = Counter(effect.key for effect in decided if effect.kind is Kind.ONCE)
    for key in [key for key, count in counts.items() if count > 1]:
        raise one_key(key, [effect for effect in decided if effect.key == key])
    return decided


def one_key(key: str, effects: Sequence[Effect]) -> HeldError:
    """What is raised where effects that happen once have one key."""
    named = " and ".join(repr(line_for_people(effect)) for effect in effects)
    return HeldError(
        f"{len(effects)} effects of one decision have the key {key!r}: {named}. The second would count as done once the"
        " first is, so it was not performed. Give each its own external id, marker or key in the sync's apply(), then"
        " retry this.",
        cause="effects with one key",
    )


def performed(effect: Effect, clients: Clients) -> Done:
    """What came of one effect. Raises whatever its code raises, and `WrongReturn`."""
    done = effect.perform(clients)
    must_give(effect.perform, done, Done, "Done(…)")
    return done


def performed_many(effects: Sequence[Effect], clients: Clients) -> Sequence[Done | ZoeyNetSuiteError]:
    """What came of several in one call. Raises whatever their code raises, and `WrongReturn`."""
    function = type(effects[0]).perform_many
    takes = f"a list of Done(…) or an error for each of the {len(effects)} effects, in order"
    kinds: Any = Done | ZoeyNetSuiteError
    outcomes = must_give_list(function, function(effects, clients), kinds, takes)
    if len(outcomes) != len(effects):
        raise WrongReturn(function, f"{len(outcomes)} results", takes)
    return outcomes


def line_for_people(effect: Effect) -> str:
    """What an effect says of itself; its name where the user's code fails even at that."""
    try:
        return effect.describe()
    except Exception as error:  # noqa: BLE001 - the user's code: a line for people must not stop the work
        return f"{type(effect).__name__} (its describe() failed: {said(error)})"
