"""NetSuite alone, blocking and async: stock levels of a location, any number of rows, a page at a time.

Credentials come from the environment (`NETSUITE_CONSUMER_KEY` …); `NETSUITE_URL` leads to a sandbox instead of the
account's own hosts.
"""

import asyncio
import os

import attrs

from zoey_netsuite import AsyncNetSuiteClient, NetSuiteClient, netsuite


@attrs.frozen
class Level:
    item: str
    available: float


ACCOUNT = os.environ.get("NETSUITE_ACCOUNT_ID", "1234567_SB1")
URL = os.environ.get("NETSUITE_URL")
QUERY = (
    "SELECT item, SUM(quantityavailable) AS available FROM aggregateitemlocation "
    "WHERE location = ? AND :after GROUP BY item ORDER BY item"
)


def blocking() -> None:
    with NetSuiteClient(ACCOUNT, netsuite.TokenAuth.from_env(), base_url=URL) as erp:
        for level in erp.suiteql(QUERY, ["7"], as_=Level, by=("item",)):
            print(level.item, level.available)


async def main() -> None:
    async with AsyncNetSuiteClient(ACCOUNT, netsuite.MachineAuth.from_env(), base_url=URL) as erp:
        async for level in erp.suiteql(QUERY, ["7"], as_=Level, by=("item",)):
            print(level.item, level.available)


if __name__ == "__main__":
    blocking()
    asyncio.run(main())
