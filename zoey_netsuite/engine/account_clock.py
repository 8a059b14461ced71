"""The account's clock: how far it is from UTC, and whether that fits the time zone that the integration was given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from zoey_netsuite.checks import must_be_a
from zoey_netsuite.engine.findings import Finding
from zoey_netsuite.engine.sync import NETSUITE_TIME
from zoey_netsuite.errors import ConfigurationError, ZoeyNetSuiteError
from zoey_netsuite.netsuite import NetSuiteClient
from zoey_netsuite.netsuite.values import to_zone

STEP = timedelta(minutes=15)
"""Offsets from UTC are multiples of this; the two clocks are read one after the other, so the rest is delay."""


def read_offset(netsuite: NetSuiteClient) -> timedelta:
    """The account's offset from UTC at this moment, by two calls: SuiteQL gives local time, the server clock UTC."""
    return _clocks(netsuite)[1]


def _clocks(netsuite: NetSuiteClient) -> tuple[datetime, timedelta]:
    (row,) = netsuite.suiteql(f"SELECT TO_CHAR(SYSDATE, '{NETSUITE_TIME}') AS now FROM dual")
    local, now = datetime.strptime(str(row["now"]), "%Y-%m-%d %H:%M:%S"), netsuite.server_time()
    return now, round((local - now.replace(tzinfo=None)) / STEP) * STEP


def chosen(given: str | tzinfo | None, of_settings: tzinfo | None, of_client: tzinfo | None) -> tzinfo | None:
    """The one time zone of an integration, wherever it was named.

    Raises:
        ConfigurationError: it is no time zone, or two places name different ones.
    """
    if given is not None:
        must_be_a("Integration(timezone=…)", given, str | tzinfo, 'an IANA name such as "America/Los_Angeles"')
    named = {
        "Integration(timezone=…)": to_zone(given),
        "MapContext(timezone=…)": of_settings,
        "NetSuiteClient(formats=Formats(timezone=…))": of_client,
    }
    zones = {where: zone for where, zone in named.items() if zone is not None}
    if len({str(zone) for zone in zones.values()}) > 1:
        told = " and ".join(f"{where} is {zone}" for where, zone in zones.items())
        raise ConfigurationError(f"{told}: an account has one time zone; name it once, in Integration(timezone=…)")
    return next(iter(zones.values()), None)


def check(timezone: tzinfo, netsuite: NetSuiteClient) -> Iterator[Finding]:
    """An error where the account's clock is not what a time zone says."""
    try:
        now, offset = _clocks(netsuite)
    except ZoeyNetSuiteError as error:
        yield Finding("warning", "netsuite", f"the account's clock can't be compared with {timezone}: {error}")
        return
    expected = now.astimezone(timezone).utcoffset()
    if offset != expected:
        what = (
            f"the integration's time zone is {timezone}, which is {written(expected or timedelta())} now, and the"
            f" account's clock is at {written(offset)}: documents would get the date of another day."
        )
        remedy = "Give Integration(timezone=…) the one of Setup > Company > Company Information > Time Zone."
        yield Finding("error", "settings", what, remedy)


def written(offset: timedelta) -> str:
    """An offset for people: UTC-07:00."""
    minutes = round(offset / timedelta(minutes=1))
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
