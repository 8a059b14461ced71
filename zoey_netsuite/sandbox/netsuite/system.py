"""The small services around the records: server time, limits, who a token is."""

from __future__ import annotations

from typing import Any

from zoey_netsuite.sandbox.netsuite.errors import Refusal
from zoey_netsuite.sandbox.netsuite.records import Records
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings

SERVER_TIME_PATH = "/services/rest/system/v1/serverTime"
LIMITS_PATH = "/services/rest/system/v1/governanceLimits"
TOKEN_INFO_PATH = "/rest/tokeninfo"  # noqa: S105  a path


def server_time(records: Records) -> dict[str, Any]:
    """The server's clock, in UTC. Needs no permission."""
    return {"serverTime": records.now()}


def governance_limits(settings: NetSuiteSettings) -> dict[str, Any]:
    """The account's concurrency limits: administrators only. Raises Refusal."""
    if not settings.administrator:
        raise Refusal(
            403,
            "INSUFFICIENT_PERMISSION",
            "Permission Violation: You need the 'Administrator' role to access this page.",
        )
    return {
        "accountConcurrencyLimit": settings.concurrency,
        "accountUnallocatedConcurrencyLimit": settings.concurrency,
        "integrationConcurrencyLimit": None,
    }


def token_info(settings: NetSuiteSettings) -> dict[str, Any]:
    """Who the credentials are. NetSuite documents no shape: these are the names that clients have been seen to read."""
    role = "Administrator" if settings.administrator else "Integration"
    return {
        "companyId": settings.account_id,
        "companyName": settings.company,
        "roleId": 3 if settings.administrator else 1001,
        "roleName": role,
        "userId": 7,
        "userName": "Sandbox Integration",
    }
