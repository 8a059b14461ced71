"""Clients of both HTTP libraries, as a program hands them to a transport."""

import httpx
import httpx2

from zoey_netsuite import AsyncHttpxTransport, AsyncNetSuiteClient, HttpxTransport, NetSuiteClient, Transport, netsuite

blocking: Transport = HttpxTransport(httpx.Client(trust_env=False))
blocking = HttpxTransport(httpx2.Client(trust_env=False))
blocking = HttpxTransport(library=httpx2)

awaited = AsyncHttpxTransport(httpx.AsyncClient(trust_env=False))
awaited = AsyncHttpxTransport(httpx2.AsyncClient(trust_env=False))

auth = netsuite.TokenAuth("key", "secret", "token", "secret")
with NetSuiteClient("1234567", auth, transport=blocking) as client:
    client.close()
AsyncNetSuiteClient("1234567", auth, transport=awaited)
