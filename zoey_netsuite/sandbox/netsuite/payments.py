"""Money: payments, deposits, credits and refunds, and what of each is still open."""

from __future__ import annotations

from decimal import Decimal

from zoey_netsuite.sandbox.netsuite.content import Values
from zoey_netsuite.sandbox.netsuite.errors import invalid_reference, user_error
from zoey_netsuite.sandbox.netsuite.ledger import Ledger, applied
from zoey_netsuite.sandbox.netsuite.records import Record, Records
from zoey_netsuite.sandbox.netsuite.statuses import STATUS_WORDS
from zoey_netsuite.sandbox.netsuite.sums import cents, exact, plain
from zoey_netsuite.sandbox.netsuite.transactions import LETTER

_TARGETS = {
    "customerPayment": frozenset({"invoice"}),
    "creditMemo": frozenset({"invoice"}),
    "depositApplication": frozenset({"invoice"}),
    "customerRefund": frozenset({"creditMemo", "customerDeposit", "customerPayment"}),
}


class Applications:
    """Applies one document's money to others and keeps what is open of each."""

    def __init__(self, records: Records, ledger: Ledger) -> None:
        self._records = records
        self._ledger = ledger

    def checked(
        self, record: Record, before: Record | None, name: str = "apply", limit: Decimal | None = None
    ) -> list[Values]:
        """The ticked lines of a sublist, each with its amount. Raises Refusal.

        `limit` is how much there is to apply; amounts not given take what is open, up to it.
        """
        own = {line["doc"]: exact(line.get("amount")) for line in applied(before.values)} if before else {}
        left = limit
        found: list[Values] = []
        lines: list[Values] = record.values.get(name, []) if isinstance(record.values.get(name), list) else []
        for number, line in enumerate(lines):
            path = f"{name}.items[{number}]"
            if line.get("apply") is False:
                continue
            target = self._target(record, str(line.get("doc")), f"{path}.doc")
            remaining = self.open_amount(target) + own.get(str(line["doc"]), Decimal(0))
            wanted = exact(line["amount"]) if line.get("amount") is not None else None
            amount = wanted if wanted is not None else remaining if left is None else min(remaining, left)
            amount = cents(amount)
            if amount <= 0 or amount > remaining:
                raise user_error(
                    f"You have entered an Invalid Field Value {plain(amount)} for the following field: amount.",
                    f"{path}.amount",
                )
            left = None if left is None else left - amount
            found.append(
                {
                    **line,
                    "apply": True,
                    "amount": plain(amount),
                    "refNum": target.values.get("tranId"),
                    "type": target.type.label,
                    "total": target.values.get("total", target.values.get("payment")),
                }
            )
        if left is not None and left < 0:
            raise user_error("The amount applied is more than the amount of this transaction.", name)
        return found

    def open_amount(self, record: Record) -> Decimal:
        """What is still open of a document: unpaid, unapplied, unused."""
        total = exact(record.values.get("payment", record.values.get("total")))
        used = self._ledger.applied_to(record.id)
        if record.type.name in ("creditMemo", "customerPayment"):
            used += sum((exact(line["amount"]) for line in applied(record.values)), Decimal(0))
        return cents(total - used)

    def refresh(self, record: Record) -> Record:
        """Note what is open of a document, and its state."""
        left = self.open_amount(record)
        total = exact(record.values.get("payment", record.values.get("total")))
        changes = _opened(record, left, total)
        saved = self._records.save(record.with_values({**changes, "status": _words(record, changes)}))
        self._ledger.write(saved)
        return saved

    def touch(self, record: Record | None) -> None:
        """Note what is open of every document that this one stands on."""
        if record is None:
            return
        documents = {str(line["doc"]) for line in applied(record.values)}
        if isinstance(record.values.get("deposit"), str):
            documents.add(record.values["deposit"])
        for identifier in sorted(documents):
            self.refresh(self._records.transaction(int(identifier)))

    def _target(self, record: Record, identifier: str, path: str) -> Record:
        kept = self._records.database.value('SELECT _record FROM "transaction" WHERE id = ?', identifier)
        if kept not in _TARGETS[record.type.name]:
            raise invalid_reference(identifier, "doc", path)
        target = self._records.transaction(int(identifier))
        party = record.values.get("customer") or record.values.get("entity")
        if party is not None and party != (target.values.get("entity") or target.values.get("customer")):
            raise invalid_reference(identifier, "doc", path)
        return target


class Payments:
    """Customer payments, deposits, deposit applications and refunds."""

    def __init__(self, records: Records, applications: Applications) -> None:
        self._records = records
        self._applications = applications

    def prepare(self, record: Record, before: Record | None) -> Record:
        """Amounts and state."""
        handlers = {
            "customerPayment": self._payment,
            "customerDeposit": self._deposit,
            "depositApplication": self._application,
            "customerRefund": self._refund,
        }
        return record.with_values(handlers[record.type.name](record, before))

    def settle(self, record: Record, before: Record | None) -> None:
        """Let the documents it stands on know."""
        self._applications.touch(before)
        self._applications.touch(record)

    def dissolve(self, record: Record) -> None:
        """Let the documents it stood on be open again."""
        self._applications.touch(record)

    def _payment(self, record: Record, before: Record | None) -> Values:
        given = record.values.get("payment")
        if given is not None and exact(given) < 0:
            raise invalid_reference(given, "payment", "payment")
        lines = self._applications.checked(record, before, limit=exact(given) if given is not None else None)
        spent = sum((exact(line["amount"]) for line in lines), Decimal(0))
        payment = cents(exact(given)) if given is not None else spent
        unapplied = plain(payment - spent)
        sums = {"payment": plain(payment), "total": plain(payment), "applied": plain(spent), "unapplied": unapplied}
        return {**sums, "apply": lines, LETTER: "B" if record.values.get("undepFunds") else "C"}

    def _deposit(self, record: Record, before: Record | None) -> Values:
        payment = cents(exact(record.values.get("payment")))
        if payment <= 0:
            raise user_error("Please enter value(s) for: Payment.")
        order = record.values.get("salesOrder")
        if order is not None:
            source = self._records.transaction(int(order))
            if source.type.name != "salesOrder" or source.values.get("entity") != record.values.get("customer"):
                raise invalid_reference(order, "salesOrder", "salesOrder")
        return {
            "payment": plain(payment),
            "total": plain(payment),
            LETTER: "A" if record.values.get("undepFunds") else "B",
        }

    def _application(self, record: Record, before: Record | None) -> Values:
        if record.values.get("deposit") is None:
            raise user_error("Please enter value(s) for: Deposit.")
        deposit = self._records.transaction(int(record.values["deposit"]))
        if deposit.type.name != "customerDeposit":
            raise invalid_reference(record.values["deposit"], "deposit", "deposit")
        customer = {"customer": deposit.values["customer"]}
        own = exact(before.values.get("applied")) if before else Decimal(0)
        limit = self._applications.open_amount(deposit) + own
        lines = self._applications.checked(record.with_values(customer), before, limit=limit)
        if not lines:
            raise user_error("Please enter value(s) for: Apply.")
        spent = sum((exact(line["amount"]) for line in lines), Decimal(0))
        sums = {"total": plain(spent), "applied": plain(spent), "unapplied": 0}
        return {**customer, **sums, "apply": lines, LETTER: "B"}

    def _refund(self, record: Record, before: Record | None) -> Values:
        lines = self._applications.checked(record, before)
        deposits = self._applications.checked(record, before, "deposit")
        spent = sum((exact(line["amount"]) for line in (*lines, *deposits)), Decimal(0))
        if spent <= 0:
            raise user_error("You must select at least one credit or deposit to refund.", "apply")
        further = {"deposit": deposits} if deposits else {}
        return {"total": plain(spent), "apply": lines, **further, LETTER: "C"}


def _opened(record: Record, left: Decimal, total: Decimal) -> Values:
    kind = record.type.name
    if kind == "invoice":
        paid = plain(total - left)
        box = {"amountRemaining": plain(left), "amountRemainingTotalBox": plain(left), "amountPaid": paid}
        return {**box, LETTER: "B" if left <= 0 else "A"}
    if kind == "creditMemo":
        sums = {"unapplied": plain(left), "amountRemaining": plain(left), "applied": plain(total - left)}
        return {**sums, LETTER: "B" if left <= 0 else "A"}
    if kind == "customerDeposit":
        before = "A" if record.values.get("undepFunds") else "B"
        return {LETTER: "C" if left <= 0 else before}
    return {"unapplied": plain(left)}


def _words(record: Record, changes: Values) -> str:
    return STATUS_WORDS[record.type.name].get(str(changes.get(LETTER, record.values.get(LETTER))), "")
