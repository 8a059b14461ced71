"""NetSuite and Zoey stand-ins served over real HTTP on this machine, to build and test against without either.

`Sandbox` starts both. They verify credentials, keep records, speak the real systems' error shapes and are odd where
those are; switches for what differs between accounts and stores are in `NetSuiteSettings` and `ZoeySettings`.
"""

try:
    from zoey_netsuite.sandbox.clock import SandboxClock
    from zoey_netsuite.sandbox.faults import FAULT_KINDS, Fault
    from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings
    from zoey_netsuite.sandbox.remote import RemoteSandbox
    from zoey_netsuite.sandbox.sandbox import Sandbox
    from zoey_netsuite.sandbox.zoey.settings import ZoeySettings
except ImportError as error:
    if error.name is None or error.name.startswith("zoey_netsuite"):
        raise
    raise ImportError(
        f'The sandbox needs {error.name}; install it with: pip install ".[sandbox]" in a checkout of zoey-netsuite',
        name=error.name,
    ) from error

__all__ = ["FAULT_KINDS", "Fault", "NetSuiteSettings", "RemoteSandbox", "Sandbox", "SandboxClock", "ZoeySettings"]
