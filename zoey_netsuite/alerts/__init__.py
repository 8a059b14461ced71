"""Alerts: observers that speak up when a person is needed, in the log, by mail or to a web address.

`news` decides what is worth telling, and how often; `outbox` sends it on a thread of its own. An observer of your own
needs neither: it is any object with `on_event`.
"""

from typing import TYPE_CHECKING

from zoey_netsuite._lazy import on_first_use

if TYPE_CHECKING:
    from zoey_netsuite.alerts.log import LogAlerts
    from zoey_netsuite.alerts.mail import EmailAlerts
    from zoey_netsuite.alerts.news import Alert
    from zoey_netsuite.alerts.webhook import WebhookAlerts
else:
    __getattr__ = on_first_use(
        __name__,
        {"log": "LogAlerts", "mail": "EmailAlerts", "news": "Alert", "webhook": "WebhookAlerts"},
    )

__all__ = ["Alert", "EmailAlerts", "LogAlerts", "WebhookAlerts"]
