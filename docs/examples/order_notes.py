"""A sync in both directions: comments on Zoey orders become notes in NetSuite, and people's notes become comments.

A note is a custom record with the fields `ORDER` (its sales order) and `TEXT`. Which Zoey order a sales order is, the
connector that carries the orders has written into the attribute `netsuite_order`; notes wait for it. Credentials come
from the environment; `NETSUITE_URL` leads to a sandbox instead of the account's own hosts.
"""

import os
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import zoey_netsuite as zn
from zoey_netsuite import Linked, LinkTo, RecordRef, SyncContext, Unit, netsuite, zoey

NOTE, ORDER, TEXT = "customrecord_order_note", "custrecord_note_order", "custrecord_note_text"
MARKER = re.compile(r"\[NS note (\d+)\]")
SINCE = "lastmodified >= TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS')"
EVER, OVERLAP = "2000-01-01 00:00:00", timedelta(hours=1)


class NoteSync(zn.Sync[str]):
    """Units are named after their record: z and the comment's id, n and the note's."""

    name, link_kind, makes = "notes", "notes", True

    def scan(self, since: dict[str, str] | None, ctx: SyncContext) -> Iterator[zn.Page[str]]:
        window = ctx.window(since and since["netsuite"])
        changed = zoey.gteq(datetime.fromisoformat(since["zoey"] if since else f"{EVER}+00:00"))
        for page in ctx.zoey.orders.list(updated_at=changed).pages():
            yield zn.Page([unit for order in page.items for unit in self.of_order(order.id, ctx)], since)
        reached = {"netsuite": window.end, "zoey": (ctx.now - OVERLAP).isoformat()}
        yield zn.Page([*self.of_people(SINCE, [window.start or EVER], ctx)], reached)

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterator[Unit[str]]:
        for order in {id[1:-15] for id in ids if id[0] == "z"}:
            yield from (unit for unit in self.of_order(order, ctx) if unit.id in ids)
        notes = [id[1:] for id in ids if id[0] == "n"]
        if notes:
            yield from self.of_people(f"id IN ({', '.join('?' * len(notes))})", notes, ctx)

    def of_order(self, order: str, ctx: SyncContext) -> Iterator[Unit[str]]:
        """What people have written in Zoey; what has a marker came from NetSuite."""
        for comment in ctx.zoey.orders.comments(order):
            if comment.comment and not MARKER.search(comment.comment):
                origin = RecordRef("zoey", comment.id_on(order))
                yield self.unit(origin, Linked("orders", zoey_id=order), comment.comment)

    def of_people(self, condition: str, params: Sequence[str], ctx: SyncContext) -> Iterator[Unit[str]]:
        """What people have written in NetSuite; what has an external id of ours came from Zoey."""
        theirs = "(externalid IS NULL OR externalid NOT LIKE ?)"
        whole = f"{ORDER} IS NOT NULL AND {TEXT} IS NOT NULL"
        query = f"SELECT id, {ORDER}, {TEXT} FROM {NOTE} WHERE {condition} AND {theirs} AND {whole} ORDER BY id"
        for row in ctx.netsuite.suiteql(query, [*params, f"{ctx.integration}-note-%"]):
            origin, about = RecordRef("netsuite", str(row["id"])), Linked("orders", netsuite_id=str(row[ORDER]))
            yield self.unit(origin, about, str(row[TEXT]))

    def unit(self, origin: RecordRef, about: Linked, text: str) -> Unit[str]:
        id = f"{origin.side[0]}{origin.id}"
        return Unit(id, origin, about=about, unlinked="wait", data=text, fingerprint=text)

    def apply(self, unit: Unit[str], found: zn.Found, ctx: zn.MapContext) -> Sequence[zn.Effect]:
        id, pair = unit.id[1:], unit.link
        if pair.kind == self.link_kind:  # it is on both sides
            return []
        if unit.id[0] == "n":
            link = LinkTo("notes", netsuite_id=id, root=pair.root)
            return [zn.AddOrderComment(pair.zoey_id, unit.data, marker=f"[NS note {id}]", link=link)]
        record, link = {ORDER: pair.netsuite_id, TEXT: unit.data}, LinkTo("notes", id, root=pair.root)
        mark = f"{ctx.integration}-note-{id[:-15]}-{id[-15:]}"
        return [zn.CreateRecord(NOTE, record, external_id=mark, link=link)]

    def rebuild(self, ctx: SyncContext) -> Iterator[zn.Link]:
        ours = f"SELECT id, externalid FROM {NOTE} WHERE externalid LIKE ? ORDER BY id"
        for row in ctx.netsuite.suiteql(ours, [f"{ctx.integration}-note-%"]):
            yield zn.Link("notes", "".join(str(row["externalid"]).split("-")[-2:]), str(row["id"]))
        for order in ctx.zoey.orders.list():
            for comment in ctx.zoey.orders.comments(order.id):
                for note in MARKER.findall(comment.comment or ""):
                    yield zn.Link("notes", comment.id_on(order.id), note)


def main() -> None:
    account, address = os.environ["NETSUITE_ACCOUNT_ID"], os.environ.get("NETSUITE_URL")
    with (
        zn.NetSuiteClient(account, netsuite.MachineAuth.from_env(), base_url=address) as erp,
        zn.ZoeyClient(os.environ["ZOEY_URL"], zoey.OAuth1Auth.from_env()) as shop,
        zn.SQLiteStore("notes.db") as store,
    ):
        integration = zn.Integration("acme", erp, shop, store, [NoteSync()])
        for order in shop.orders.list():
            if order.custom.get("netsuite_order"):
                integration.link("orders", zoey_id=order.id, netsuite_id=str(order.custom["netsuite_order"]))
        report = integration.run()
        print(report)
        report.raise_for_failure()


if __name__ == "__main__":
    main()
