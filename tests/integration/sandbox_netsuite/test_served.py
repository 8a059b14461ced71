"""The account over real HTTP, spoken to by plain httpx with oauthlib's signatures."""

from __future__ import annotations

import json

import httpx
from support.netsuite_shop import SEED, Caller

from zoey_netsuite.sandbox import Sandbox


def test_an_order_travels_over_sockets() -> None:
    """E5: an offline sandbox over real HTTP on loopback."""
    with Sandbox(seed={"netsuite": SEED}) as sandbox:
        caller = Caller(sandbox.netsuite.app)
        records = f"{sandbox.netsuite.url}/services/rest/record/v1"
        url = f"{records}/salesOrder"
        body = {"entity": "501", "location": "1", "item": {"items": [{"item": {"id": "11"}, "quantity": 2}]}}
        made = httpx.post(url, json=body, headers=caller.signed("POST", url))
        assert (made.status_code, made.content) == (204, b"")
        location = made.headers["location"]
        assert location.startswith(f"{records}/salesOrder/")
        read = httpx.get(location, headers=caller.signed("GET", location))
        assert json.loads(read.content)["total"] == 20
        # A signature is over the address as the caller wrote it: for another one it is worth nothing.
        stolen = httpx.get(f"{records}/customer/501", headers=caller.signed("GET", location))
        assert stolen.status_code == 401
