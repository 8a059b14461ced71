"""What all transactions have in common: numbers, dates, periods, parties, addresses, and their row for SuiteQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from zoey_netsuite.sandbox.netsuite.database import Row
from zoey_netsuite.sandbox.netsuite.errors import invalid_reference, user_error
from zoey_netsuite.sandbox.netsuite.ledger import Ledger, tracking_numbers
from zoey_netsuite.sandbox.netsuite.records import Record, Records
from zoey_netsuite.sandbox.netsuite.statuses import STATUS_WORDS

LETTER = "_letter"
_NEGATIVE_TOTALS = frozenset({"creditMemo", "cashRefund", "customerRefund", "returnAuthorization"})
_ADDRESS_FIELDS = {
    "shippingAddress": ("shipAddressList", "defaultShipping"),
    "billingAddress": ("billAddressList", "defaultBilling"),
}


class Periods:
    """The closed accounting periods."""

    def __init__(self, closed_until: date | None) -> None:
        self._closed: list[tuple[date, date]] = [(date.min, closed_until)] if closed_until else []

    def close(self, first: date, last: date) -> None:
        """Close the days from first to last."""
        self._closed.append((first, last))

    def reopen(self) -> None:
        """Open all periods."""
        self._closed.clear()

    def insist_open(self, day: str | None) -> None:
        """Raise Refusal if the day lies in a closed period."""
        if day is None:
            return
        moment = date.fromisoformat(day)
        if any(first <= moment <= last for first, last in self._closed):
            raise user_error(
                "You cannot create, change or delete this transaction because its accounting period "
                f"({moment.strftime('%b %Y')}) is closed."
            )


class Kind(Protocol):
    """What one kind of transaction does beyond what all do."""

    def prepare(self, record: Record, before: Record | None) -> Record:
        """The record with its lines checked and summed, and its state letter set."""
        ...

    def settle(self, record: Record, before: Record | None) -> None:
        """Bring stock and other documents in line."""
        ...

    def dissolve(self, record: Record) -> None:
        """Take back what it did to stock and other documents, after its lines and links are gone."""
        ...


class Transactions:
    """Behavior of the `transaction` table: the common part around each kind's own."""

    def __init__(self, records: Records, ledger: Ledger, kinds: Mapping[str, Kind], periods: Periods) -> None:
        self._records = records
        self._database = records.database
        self._ledger = ledger
        self._kinds = kinds
        self._periods = periods

    def prepare(self, record: Record, before: Record | None) -> Record:
        """Defaults, period and party, then the kind's own rules."""
        values = dict(record.values)
        if not values.get("tranDate"):
            values["tranDate"] = self._records.today().isoformat()
        if record.type.posting:
            if before is not None:
                self._periods.insist_open(before.values.get("tranDate"))
            self._periods.insist_open(values["tranDate"])
        if not values.get("tranId"):
            values["tranId"] = f"{record.type.abbreviation}{self._database.next_id(f'number {record.type.name}')}"
        values.setdefault("transactionNumber", values["tranId"])
        self._party(record, values)
        prepared = self._kinds[record.type.name].prepare(Record(record.type, record.id, values), before)
        letter = str(prepared.values.get(LETTER, ""))
        words = STATUS_WORDS[record.type.name].get(letter, "")
        return prepared.with_values({"status": words})

    def columns(self, record: Record) -> Row:
        """The header's columns that have other names, signs or forms than the fields."""
        values = record.values
        letter = values.get(LETTER, "")
        long_form = f"{record.type.code}:{letter}" if letter else str(record.type.code)
        total = values.get("total", 0)
        row: Row = {
            "type": record.type.code,
            "abbrevtype": record.type.abbreviation,
            "recordtype": record.type.name.lower(),
            "status": long_form if self._records.settings.status_form == "long" else letter,
            "_status_text": f"{record.type.label} : {values.get('status', '')}",
            "_status_code": long_form,
            "shipstatus": values.get("shipStatus"),
            "_shipstatus_text": STATUS_WORDS["itemFulfillment"].get(str(values.get("shipStatus"))),
            "entity": values.get("entity") or values.get("customer"),
            "foreigntotal": -total if record.type.name in _NEGATIVE_TOTALS else total,
            "foreignamountpaid": values.get("amountPaid"),
            "foreignamountunpaid": values.get("amountRemaining"),
            "foreignpaymentamountunused": values.get("unapplied"),
            "trandisplayname": f"{record.type.label} #{values.get('tranId')}",
            "employee": values.get("salesRep"),
            "shipcarrier": values.get("shipMethod"),
            "posting": "T" if record.type.posting else "F",
            "voided": "F",
            "void": "F",
            "trackingnumberlist": " ".join(tracking_numbers(values)) or None,
        }
        for kind in ("shipping", "billing"):
            row[f"{kind}address"] = record.id if values.get(f"{kind}Address") else None
        return row

    def settle(self, record: Record, before: Record | None) -> None:
        """Lines and links first, then what the kind does to others."""
        self._ledger.write(record)
        self._kinds[record.type.name].settle(record, before)

    def dissolve(self, record: Record) -> None:
        """Refused in a closed period and while other documents stand on it."""
        if record.type.posting:
            self._periods.insist_open(record.values.get("tranDate"))
        if not self._records.settings.delete_linked:
            used = self._database.value("SELECT 1 FROM previoustransactionlink WHERE previousdoc = ?", record.id)
            if used is not None:
                raise user_error(
                    "This transaction cannot be deleted because it is linked to by one or more transactions."
                )
        self._ledger.remove(record)
        self._kinds[record.type.name].dissolve(record)

    def _party(self, record: Record, values: dict[str, Any]) -> None:
        party = values.get("entity") or values.get("customer")
        if party is None:
            return
        customer = self._records.find(self._records.registry.get("customer"), int(party))
        if customer is None:
            raise invalid_reference(party, "entity", "entity")
        own = customer.values
        if values.get("subsidiary") is None and own.get("subsidiary") is not None:
            values["subsidiary"] = own["subsidiary"]
        if values.get("currency") is None and own.get("currency") is not None:
            values["currency"] = own["currency"]
        known = [own.get("currency"), *(line.get("currency") for line in own.get("currencyList", []))]
        if own.get("currency") is not None and values.get("currency") not in known:
            raise invalid_reference(values.get("currency"), "currency", "currency")
        if values.get("exchangeRate") is None:
            values["exchangeRate"] = 1
        if "terms" in record.type.fields and "terms" not in values and own.get("terms") and "payment" not in values:
            values["terms"] = own["terms"]
        if values.get("email") is None and own.get("email"):
            values["email"] = own["email"]
        self._addresses(record, values, own.get("addressBook", []))

    def _addresses(self, record: Record, values: dict[str, Any], book: list[dict[str, Any]]) -> None:
        for name, (choice, mark) in _ADDRESS_FIELDS.items():
            if name not in record.type.fields or values.get(name):
                continue
            picked = values.get(choice)
            for line in book:
                chosen = (
                    picked in (str(line.get("addressId")), str(line.get("internalId"))) if picked else line.get(mark)
                )
                if chosen:
                    values[name] = dict(line.get("addressBookAddress", {}))
