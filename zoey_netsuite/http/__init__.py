"""Where bytes leave the machine: operations as data, policy as generators, two small drivers, one transport seam.

A newcomer may write a transport of their own (`Transport`), set limits (`Limits`) and patience (`Retry`).
"""

from zoey_netsuite.http.drivers import AsyncDriver, CallRecord, Driver
from zoey_netsuite.http.limits import Limiter, Limits, Permit, Signal
from zoey_netsuite.http.operation import JSON, Operation, Pages, Request, Response, ResultPage, Safety
from zoey_netsuite.http.retry import Remote, Retry
from zoey_netsuite.http.store_limits import StoreLimiter
from zoey_netsuite.http.transport import AsyncHttpxTransport, AsyncTransport, HttpxTransport, Transport

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
