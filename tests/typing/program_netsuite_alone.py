"""A user's program: NetSuite alone, blocking and async."""

import attrs

from zoey_netsuite import AsyncNetSuiteClient, NetSuiteClient, netsuite


@attrs.frozen
class Level:
    item: str
    available: float


QUERY = "SELECT item, SUM(quantityavailable) AS available FROM aggregateitemlocation WHERE location = ? AND :after GROUP BY item ORDER BY item"  # noqa: E501

with NetSuiteClient("1234567_SB1", netsuite.TokenAuth.from_env()) as erp:
    for level in erp.suiteql(QUERY, ["7"], as_=Level, by=("item",)):
        print(level.item, level.available)


async def main() -> None:
    async with AsyncNetSuiteClient("1234567_SB1", netsuite.MachineAuth.from_env()) as erp:
        async for level in erp.suiteql(QUERY, ["7"], as_=Level, by=("item",)):
            print(level.item, level.available)
