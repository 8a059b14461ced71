"""What customers, contacts and employees do beyond keeping their fields: names, address books, prices of their own."""

from __future__ import annotations

from typing import Any

from zoey_netsuite.sandbox.netsuite.content import Values, lines_of
from zoey_netsuite.sandbox.netsuite.database import Row
from zoey_netsuite.sandbox.netsuite.errors import missing_values, user_error
from zoey_netsuite.sandbox.netsuite.records import Record, Records, exists_already


def address_row(values: Values) -> Row:
    """An address subrecord as the SuiteQL address tables hold it."""
    row: Row = {name.lower(): value for name, value in values.items() if not isinstance(value, bool)}
    row["dropdownstate"] = row.get("state")
    row["addrtext"] = address_text(values)
    return row


def address_text(values: Values) -> str:
    """An address on paper."""
    town = " ".join(str(values[name]) for name in ("city", "state", "zip") if values.get(name))
    parts = [values.get(name) for name in ("attention", "addressee", "addr1", "addr2", "addr3")]
    return "\n".join(str(part) for part in [*parts, town, values.get("country")] if part)


class Entities:
    """Behavior of customers, contacts and employees."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._database = records.database

    def prepare(self, record: Record, before: Record | None) -> Record:
        """Names, defaults and the address book in order."""
        values = dict(record.values)
        if record.type.name == "customer":
            self._name_customer(values)
        elif not values.get("entityId"):
            values["entityId"] = _full_name(values)
        if not values.get("entityId"):
            raise missing_values(["Name"])
        if record.type.name == "customer":
            values.setdefault("isPerson", False)
            values["altName"] = values.get("companyName") or _full_name(values) or values["entityId"]
            self._one_subsidiary(values)
            values.setdefault("currency", self._base_currency())
            if values.get("parent") == str(record.id):
                raise user_error("Invalid parent reference key: a customer can't be its own parent.")
        self._insist_unique_name(record, values)
        if values.get("addressBook"):
            values["addressBook"] = self._address_book(values["addressBook"], before)
            default = next((line for line in values["addressBook"] if line.get("defaultBilling")), None)
            values["defaultAddress"] = address_text(default.get("addressBookAddress", {})) if default else None
        return Record(record.type, record.id, {name: value for name, value in values.items() if value is not None})

    def columns(self, record: Record) -> Row:
        """The title that stands for it, and its default addresses."""
        values = record.values
        number, name = values.get("entityId"), values.get("altName")
        row: Row = {"entitytitle": number if name in (None, number) else f"{number} {name}"}
        if record.type.name == "customer":
            for mark in ("defaultBilling", "defaultShipping"):
                line: Values = next(
                    (each for each in lines_of(values, "addressBook") if each.get(mark)), dict[str, Any]()
                )
                row[f"{mark.lower()}address"] = line.get("addressId")
        return row

    def settle(self, record: Record, before: Record | None) -> None:
        """Bring the address book's and price tables in line."""
        if record.type.name == "employee" or (record.type.name == "contact" and not record.values.get("addressBook")):
            return
        if record.type.name == "customer":
            self._write_prices(record)
        self._clear_book(record.id)
        for line in record.values.get("addressBook", []):
            self._database.insert(
                "customeraddressbook",
                {
                    "internalid": line["internalId"],
                    "entity": record.id,
                    "addressbookaddress": line["addressId"],
                    "label": line.get("label"),
                    **{
                        mark.lower(): "T" if line.get(mark) else "F"
                        for mark in ("defaultBilling", "defaultShipping", "isResidential")
                    },
                },
            )
            address = address_row(line.get("addressBookAddress", {}))
            modified = record.values["lastModifiedDate"][:19]
            self._database.insert(
                "customeraddressbookentityaddress",
                {"nkey": line["addressId"], **address, "override": "F", "lastmodifieddate": modified},
            )

    def dissolve(self, record: Record) -> None:
        """Refused while transactions or contacts need it."""
        if record.type.name == "customer":
            used = self._database.value('SELECT id FROM "transaction" WHERE entity = ?', record.id)
            if used is not None:
                raise user_error("This record cannot be deleted because it has dependent records.")
            self._database.delete("customeritempricing", {"customer": record.id})
            self._database.delete("customergrouppricing", {"customer": record.id})
        self._clear_book(record.id)

    def _name_customer(self, values: Values) -> None:
        if values.get("isPerson"):
            missing = [
                label
                for name, label in (("firstName", "First Name"), ("lastName", "Last Name"))
                if not values.get(name)
            ]
            if missing:
                raise missing_values(missing)
        elif not values.get("companyName"):
            if not values.get("entityId"):
                raise missing_values(["Company Name"])
            values["companyName"] = values["entityId"]
        if not values.get("entityId"):
            values["entityId"] = _full_name(values) if values.get("isPerson") else values["companyName"]

    def _one_subsidiary(self, values: Values) -> None:
        if values.get("subsidiary") is None:
            found = self._database.rows("SELECT id FROM subsidiary LIMIT 2")
            if len(found) == 1:
                values["subsidiary"] = str(found[0]["id"])

    def _base_currency(self) -> str | None:
        found = self._database.value("SELECT id FROM currency ORDER BY isbasecurrency DESC, id LIMIT 1")
        return str(found) if found is not None else None

    def _insist_unique_name(self, record: Record, values: Values) -> None:
        if not self._records.settings.unique_entity_names or record.type.name == "employee":
            return
        same: dict[str, Any] = {"entityid": values["entityId"]}
        same |= (
            {"parent": values.get("parent")} if record.type.name == "customer" else {"company": values.get("company")}
        )
        if any(row["id"] != record.id for row in self._database.find(record.type.table, same)):
            raise exists_already(record.type, self._records.settings)

    def _address_book(self, lines: list[Values], before: Record | None) -> list[Values]:
        old = {line["id"]: line for line in lines_of(before.values if before else None, "addressBook")}
        found = [dict(line) for line in lines]
        for mark in ("defaultBilling", "defaultShipping"):
            marked = [line for line in found if line.get(mark)]
            # The mark moves: of several, the one that did not have it before wins.
            newly = [line for line in marked if not old.get(line["id"], {}).get(mark)] or marked
            for line in marked:
                line[mark] = line is newly[-1]
        for line in found:
            line.setdefault("internalId", str(self._database.next_id("addressbook")))
            line.setdefault("addressId", self._database.next_id("address"))
            address = dict(line.get("addressBookAddress", {}))
            address["addrText"] = address_text(address)
            line["addressBookAddress"] = address
            if not line.get("label"):
                line["label"] = address.get("addr1") or address.get("addressee") or str(line["id"])
        return found

    def _clear_book(self, identifier: int) -> None:
        for row in self._database.find("customeraddressbook", {"entity": identifier}):
            self._database.delete("customeraddressbookentityaddress", {"nkey": row["addressbookaddress"]})
        self._database.delete("customeraddressbook", {"entity": identifier})

    def _write_prices(self, record: Record) -> None:
        self._database.delete("customeritempricing", {"customer": record.id})
        self._database.delete("customergrouppricing", {"customer": record.id})
        for line in record.values.get("itemPricing", []):
            row = {name: line.get(name) for name in ("item", "level", "price", "currency")}
            self._database.insert("customeritempricing", {"customer": record.id, **row})
        for line in record.values.get("groupPricing", []):
            self._database.insert(
                "customergrouppricing",
                {"customer": record.id, "group": line.get("group"), "level": line.get("level")},
            )


def _full_name(values: Values) -> str | None:
    text = " ".join(str(values[name]) for name in ("firstName", "middleName", "lastName") if values.get(name))
    return text or None
