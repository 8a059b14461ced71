"""A stand-in for a Zoey store: its REST API, as oddly as the real one answers, over records in SQLite.

`ZoeyApp` and `ZoeySettings` are what to use; the modules behind them each hold one resource or one habit of the store.
"""

from zoey_netsuite.sandbox.zoey.app import ZoeyApp
from zoey_netsuite.sandbox.zoey.settings import ClientCredentials, OAuth1Credentials, ZoeySettings

__all__ = ["ClientCredentials", "OAuth1Credentials", "ZoeyApp", "ZoeySettings"]
