"""Where bytes leave the machine: operations as data, policy as generators, two small drivers, one transport seam.

A newcomer may write a transport of their own (`Transport`), set limits (`Limits`) and patience (`Retry`).
"""

from typing import TYPE_CHECKING

from zoey_netsuite._lazy import on_first_use

if TYPE_CHECKING:
    from zoey_netsuite.http.drivers import AsyncDriver, CallRecord, Driver
    from zoey_netsuite.http.limits import Limiter, Limits, Signal
    from zoey_netsuite.http.operation import JSON, Operation, Pages, Request, Response, ResultPage, Safety
    from zoey_netsuite.http.retry import Remote, Retry
    from zoey_netsuite.http.store_limits import StoreLimiter
    from zoey_netsuite.http.transport import AsyncHttpxTransport, AsyncTransport, HttpxTransport, Transport
    from zoey_netsuite.http.turns import Permit
else:
    __getattr__ = on_first_use(
        __name__,
        {
            "drivers": "AsyncDriver CallRecord Driver",
            "limits": "Limiter Limits Signal",
            "operation": "JSON Operation Pages Request Response ResultPage Safety",
            "retry": "Remote Retry",
            "store_limits": "StoreLimiter",
            "transport": "AsyncHttpxTransport AsyncTransport HttpxTransport Transport",
            "turns": "Permit",
        },
    )


__all__ = [
    "AsyncDriver",
    "AsyncHttpxTransport",
    "AsyncTransport",
    "CallRecord",
    "Driver",
    "HttpxTransport",
    "JSON",
    "Limiter",
    "Limits",
    "Operation",
    "Pages",
    "Permit",
    "Remote",
    "Request",
    "Response",
    "ResultPage",
    "Retry",
    "Safety",
    "Signal",
    "StoreLimiter",
    "Transport",
]


def __dir__() -> list[str]:
    return list(__all__)
