"""The attention list: the entries of the work list that people should see, and what people can do about them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

from attrs import evolve, field, frozen

from zoey_netsuite.checks import listed, must_be_a
from zoey_netsuite.conflicts import Answer, Side
from zoey_netsuite.conflicts.questions import is_question
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.state.space import to_moment, to_text
from zoey_netsuite.state.store import JSON, Change, Put
from zoey_netsuite.state.worklist import OUTCOME_UNKNOWN, Attempt, State, WorkItem

ENTRIES = "entries of attention.list()"
"""What `items` are."""


@frozen
class AttentionItem:
    """One record that needs a look.

    Attributes:
        state: "waiting" (for something else to happen; it needs nobody), "retrying" (by itself, at `next_try`), "held"
            (a person is to decide) or "failed".
        cause: a label that the same trouble shares.
        message: which record, what is wrong, what the other side said, what to do.
        first_at: when the trouble, or the wait, began; its age alerts, it never expires.
        history: past attempts, oldest first.
        evidence: what is needed to understand it, as JSON.
    """

    sync: str
    unit_id: str
    state: State
    zoey_id: str | None
    netsuite_id: str | None
    cause: str
    message: str
    first_at: datetime | None
    next_try: datetime | None
    attempts: int
    history: Sequence[Attempt] = field(repr=False)
    evidence: JSON = field(repr=False)
    note: str = ""


@frozen
class Question:
    """The same trouble, once, whatever number of records share it."""

    sync: str
    state: State
    cause: str
    count: int
    example: AttentionItem


@frozen
class Attention:
    """What needs a person, in one integration. Selections are by item, or by sync, state and cause."""

    desk: Desk
    syncs: Sequence[str]
    making: Collection[str] = ()

    def list(
        self, *, sync: str | None = None, state: State | None = None, cause: str | None = None
    ) -> Sequence[AttentionItem]:
        """The entries that fit, by sync and unit id."""
        return [_shown(item) for item in self._chosen(None, sync, state, cause)]

    def questions(self) -> Sequence[Question]:
        """The same trouble as one line each, the most frequent first."""
        groups: dict[tuple[str, State, str], Question] = {}
        for item in self._chosen(None, None, None, None):
            name = (item.sync, item.state, item.cause)
            known = groups.get(name)
            groups[name] = evolve(known, count=known.count + 1) if known else Question(*name, 1, _shown(item))
        return sorted(groups.values(), key=lambda question: -question.count)

    def retry(
        self,
        items: AttentionItem | Iterable[AttentionItem] | None = None,
        *,
        sync: str | None = None,
        cause: str | None = None,
        everything: bool = False,
    ) -> int:
        """Try these again in the next run, with the records as they are then. Says how many.

        A once effect whose answer was lost and that nothing can prove is sent again: say so only when you have looked.

        Args:
            items: one, or several.
            sync, cause: instead of `items`, all that fit.
            everything: instead of a selection, all there are but those that wait, which need nobody.

        Raises:
            ConfigurationError: nothing says which.
        """

        def again(item: WorkItem) -> list[Change]:
            now = to_text(self.desk.space.store.now())
            if item.state == "waiting":
                return self.desk.worklist.replace(evolve(item, due=now), item)
            retried = evolve(item, state="retrying", due=now, attempts=max(item.attempts, 1), recovered=False)
            lost = item.state == "held" and item.cause == OUTCOME_UNKNOWN
            return [*self.desk.worklist.replace(retried, item), *(self._said(item, happened=False) if lost else ())]

        return self._change(self._selected("retry", items, sync, cause, everything), again)

    def resolve(
        self,
        items: AttentionItem | Iterable[AttentionItem] | None = None,
        *,
        take: Side | Mapping[str, Side] | None = None,
        sync: str | None = None,
        cause: str | None = None,
        everything: bool = False,
    ) -> int:
        """Answer what is held; the next run applies it. Says how many.

        Args:
            items: one, or several.
            take: of a conflict, the side that is right: "zoey", "netsuite", or one for each field that is asked about,
                `{"phone": "zoey", "email": "netsuite"}`. None lets pass what a guard has held.
            sync, cause: instead of `items`, all that fit.
            everything: instead of a selection, all there are but those that wait, which need nobody.

        An answer stands for exactly what was asked: an entry that says something else by now is left as it is, and one
        whose record changes before the answer is applied is asked about anew.

        Raises:
            ConfigurationError: nothing says which; or one of them is no question of a guard, or with `take` no
                conflict, or a field is missing. Nothing is answered.
        """
        given = _several(items)
        chosen = [*self._selected("resolve", given, sync, cause, everything)]
        asked = {(item.sync, item.id): item.evidence for item in chosen}
        asked |= {(shown.sync, shown.unit_id): shown.evidence for shown in given or ()}
        for item in chosen:
            _answered(evolve(item, evidence=asked[item.sync, item.id]), take)

        def answer(item: WorkItem) -> list[Change]:
            if item.state != "held" or (take is not None and item.evidence != asked[item.sync, item.id]):
                return []
            if take is None and not _is_guarded(item):
                return []
            now = to_text(self.desk.space.store.now())
            return self.desk.worklist.replace(evolve(_answered(item, take), due=now), item)

        return self._change(chosen, answer)

    def dismiss(
        self,
        items: AttentionItem | Iterable[AttentionItem] | None = None,
        *,
        sync: str | None = None,
        cause: str | None = None,
        everything: bool = False,
    ) -> int:
        """Leave these as they are until the record changes again. Says how many.

        A once effect whose answer was lost counts as done from then on. Where a sync makes records, one that is
        dismissed is not made by itself any more, however it changes; `Integration.release` makes it after all.

        Args:
            items: one, or several.
            sync, cause: instead of `items`, all that fit.
            everything: instead of a selection, all there are but those that wait, which need nobody.

        Raises:
            ConfigurationError: nothing says which.
        """

        def forget(item: WorkItem) -> list[Change]:
            changes = [*self.desk.worklist.remove(item), *self._said(item, happened=True)]
            if item.fingerprint is not None:
                key = self.desk.baseline_key(item.sync, item.id)
                changes.append(Put(key, {"fingerprint": item.fingerprint}))
            if item.sync in self.making:
                changes.append(self.desk.tombstones.lay(item.sync, item.id, f"dismissed: {item.message}"))
            return changes

        return self._change(self._selected("dismiss", items, sync, cause, everything), forget)

    def note(self, item: AttentionItem, text: str) -> None:
        """Write a note on an entry, for whoever looks next."""

        def noted(found: WorkItem) -> list[Change]:
            return self.desk.worklist.replace(evolve(found, note=text), found)

        self._change(self._chosen([item], None, None, None), noted)

    def export(self) -> JSON:
        """All entries with all that is known of them, as JSON."""
        return [
            {
                "sync": item.sync,
                "unit_id": item.id,
                "state": item.state,
                "zoey_id": item.zoey_id,
                "netsuite_id": item.netsuite_id,
                "cause": item.cause,
                "message": item.message,
                "first_at": item.first_at,
                "next_try": item.due,
                "attempts": item.attempts,
                "history": [[attempt.at, attempt.message] for attempt in item.history],
                "evidence": item.evidence,
                "note": item.note,
                "data": item.data,
            }
            for item in self._chosen(None, None, None, None)
        ]

    def _selected(
        self,
        what: str,
        items: AttentionItem | Iterable[AttentionItem] | None,
        sync: str | None,
        cause: str | None,
        everything: bool,
    ) -> Iterator[WorkItem]:
        """The entries that are to be changed. A person has to say which: there may be others than they think of."""
        must_be_a("everything", everything, bool, "True or False")
        if everything == (items is not None or sync is not None or cause is not None):
            raise ConfigurationError(
                f"attention.{what} takes either everything=True or a selection, not both: items of attention.list(),"
                " sync=…, cause=…"
                if everything
                else f"attention.{what}() must be told which entries: items of attention.list(), sync=…, cause=…; or"
                " everything=True for all there are"
            )
        chosen = self._chosen(_several(items), sync, None, cause)
        return (item for item in chosen if not everything or item.state != "waiting")

    def _chosen(
        self, items: Iterable[AttentionItem] | None, sync: str | None, state: State | None, cause: str | None
    ) -> Iterator[WorkItem]:
        if sync is not None and sync not in self.syncs:
            msg = f"there is no sync {sync!r} in this integration; it has {', '.join(self.syncs)}"
            raise ConfigurationError(msg)
        if items is not None:
            for shown in listed("items", items, ENTRIES):
                must_be_a("items", shown, AttentionItem, ENTRIES)
                shown = cast("AttentionItem", shown)
                yield from self.desk.worklist.read(shown.sync, [shown.unit_id], evidence=True).values()
            return
        for name in self.syncs if sync is None else [sync]:
            for item in self.desk.worklist.troubled(name):
                if state in (None, item.state) and cause in (None, item.cause):
                    yield item

    def _said(self, item: WorkItem, *, happened: bool) -> Iterator[Change]:
        """What a person has found out of the effects of this entry whose answers were lost."""
        for entry in self.desk.journal.open_of(item.sync, item.id):
            yield self.desk.journal.said(entry, happened=happened)

    def _change(self, items: Iterable[WorkItem], decide: Callable[[WorkItem], Sequence[Change]]) -> int:
        """Change entries one by one; what a worker has just moved on is left to it."""
        count = 0
        for item in [*items]:
            if item.state == "pending":
                continue

            def changes(item: WorkItem = item) -> tuple[Sequence[Change], bool]:
                now = self.desk.worklist.read(item.sync, [item.id], evidence=True).get(item.id)
                if now is None or now.state == "pending":
                    return (), False
                decided = decide(now)
                return decided, bool(decided)

            count += self.desk.space.change(changes)
        return count


def _several(items: AttentionItem | Iterable[AttentionItem] | None) -> Sequence[AttentionItem] | None:
    if items is None:
        return None
    several = [items] if isinstance(items, AttentionItem) else listed("items", items, ENTRIES)
    return cast("Sequence[AttentionItem]", several)


def _is_guarded(item: WorkItem) -> bool:
    return item.cause.startswith("guard ")


def _answered(item: WorkItem, take: Side | Mapping[str, Side] | None) -> WorkItem:
    """The entry with the answer to its question, pending again."""
    is_conflict = item.state == "held" and not _is_guarded(item) and is_question(item.evidence)
    if take is not None:
        try:
            answer = Answer.to(item.evidence if is_conflict else None, take).to_json()
        except ConfigurationError as error:
            msg = f"{item.sync} {item.id} ({item.cause}): {error}. It says: {item.message}"
            raise ConfigurationError(msg) from error
        return evolve(item, state="pending", answer=answer, cause="", message="", evidence=None, has_evidence=False)
    if not _is_guarded(item):
        hint = '; say which side is right, take="zoey" or take="netsuite"' if is_conflict else ""
        msg = f"{item.sync} {item.id} is no question that can be answered with yes ({item.cause}){hint}: {item.message}"
        raise ConfigurationError(msg)
    return evolve(item, state="pending", approved=True, attempts=0, cause="", message="")


def _shown(item: WorkItem) -> AttentionItem:
    return AttentionItem(
        item.sync,
        item.id,
        item.state,
        item.zoey_id,
        item.netsuite_id,
        item.cause,
        item.message,
        None if item.first_at is None else to_moment(item.first_at),
        None if item.due is None else to_moment(item.due),
        item.attempts,
        item.history,
        item.evidence,
        item.note,
    )
