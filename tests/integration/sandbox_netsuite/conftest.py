"""Accounts of the NetSuite sandbox to test against."""

from __future__ import annotations

import pytest
from support.netsuite_shop import NOON, Caller, Shop, shop_with

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.netsuite.app import NetSuiteApp
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(NOON, frozen=True)


@pytest.fixture
def settings() -> NetSuiteSettings:
    return NetSuiteSettings()


@pytest.fixture
def app(settings: NetSuiteSettings, clock: SandboxClock) -> NetSuiteApp:
    return NetSuiteApp(settings, clock)


@pytest.fixture
def caller(app: NetSuiteApp) -> Caller:
    return Caller(app)


@pytest.fixture
def shop(clock: SandboxClock) -> Shop:
    return shop_with(clock)
