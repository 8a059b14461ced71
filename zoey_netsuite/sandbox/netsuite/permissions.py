"""What the role may see and do: permissions that a test can take away and give back."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Set
from contextlib import contextmanager

from zoey_netsuite.sandbox.netsuite.catalogue import Catalogue
from zoey_netsuite.sandbox.netsuite.database import Database, quoted
from zoey_netsuite.sandbox.netsuite.errors import Refusal, user_error
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings
from zoey_netsuite.sandbox.netsuite.shapes import RecordType
from zoey_netsuite.sandbox.netsuite.transaction_types import TRANSACTION_TYPES

REST = "Setup -> REST Web Services"
TOKENS = "Setup -> Log in using Access Tokens"
WORKBOOK = "Reports -> SuiteAnalytics Workbook"
DELETED = "Lists -> Deleted Records"
_LINES = ("transactionline",)
_LINKS = (
    "previoustransactionlinelink",
    "nexttransactionlinelink",
    "previoustransactionlink",
    "nexttransactionlink",
)


class Role:
    """The role behind the credentials. It has every permission that was not withdrawn."""

    def __init__(self, settings: NetSuiteSettings) -> None:
        self._settings = settings
        self._withheld = {_normal(each): each for each in settings.withheld}

    @property
    def withheld(self) -> Set[str]:
        """The permissions that it lacks."""
        return set(self._withheld.values())

    def withdraw(self, permission: str) -> None:
        """Take a permission away, e.g. `Lists -> Items`."""
        self._withheld[_normal(permission)] = permission

    def grant(self, permission: str) -> None:
        """Give a permission back."""
        self._withheld.pop(_normal(permission), None)

    def has(self, permission: str | None) -> bool:
        """Whether the role may."""
        return permission is None or _normal(permission) not in self._withheld

    def insist(self, permission: str | None) -> None:
        """Refuse unless the role may. Raises Refusal in the words of the account's setting."""
        if permission is None or self.has(permission):
            return
        if self._settings.withheld_answer == 400:
            raise user_error(
                f"Your current role does not have permission to perform this action. ({permission})", prefix=False
            )
        raise Refusal(
            403,
            "INSUFFICIENT_PERMISSION",
            f"Permission Violation: You need the '{permission}' permission to access this page. "
            "Please contact your account administrator.",
        )

    def insist_on(self, record_type: RecordType) -> None:
        """Refuse unless the role may work with this record type."""
        self.insist(record_type.permission)

    def hidden_tables(self, catalogue: Catalogue) -> frozenset[str]:
        """The tables whose rows SuiteQL does not show this role."""
        return frozenset(table.name for table in catalogue.tables.values() if not self.has(table.permission))

    @contextmanager
    def narrowed(self, database: Database) -> Generator[None]:
        """While inside, unqualified table names show only the transactions that the role may see.

        Temporary views shadow the tables: SQLite looks into its temporary schema first.
        """
        made: list[str] = []
        try:
            for name, condition in self._conditions():
                sql = f"CREATE TEMP VIEW {quoted(name)} AS SELECT * FROM main.{quoted(name)} WHERE {condition}"
                database.connection.execute(sql)
                made.append(name)
            yield
        finally:
            for name in made:
                database.connection.execute(f"DROP VIEW temp.{quoted(name)}")

    def _conditions(self) -> Iterator[tuple[str, str]]:
        hidden = [each.code for each in TRANSACTION_TYPES if not self.has(each.permission)]
        if hidden:
            codes = ", ".join(f"'{code}'" for code in hidden)
            there = f'SELECT id FROM main."transaction" WHERE type IN ({codes})'
            yield "transaction", f"type NOT IN ({codes})"
            for name in _LINES:
                yield name, f'"transaction" NOT IN ({there})'
            for name in _LINKS:
                yield name, f"previoustype NOT IN ({codes}) AND nexttype NOT IN ({codes})"


def _normal(permission: str) -> str:
    return " ".join(permission.lower().replace("->", ">").replace("→", ">").split())
