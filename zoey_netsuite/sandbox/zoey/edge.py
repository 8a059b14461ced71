"""What stands before the store: the CDN that turns clients away by their headers, and the quota."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.zoey.errors import Fault, error_answer, html_page
from zoey_netsuite.sandbox.zoey.settings import ZoeySettings


class Edge:
    """Lets requests through or answers them itself.

    Args:
        settings: the store's.
        now: the sandbox's time, by which the quota fills up again.
    """

    def __init__(self, settings: ZoeySettings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._left = float(settings.burst)
        self._counted_at = now()

    def refusal(self, request: Request) -> Answer | None:
        """The edge's own answer to a request that it does not let through; None lets it through."""
        agent = request.headers.get("user-agent", "").strip().lower()
        unwanted = any(agent.startswith(start) for start in self._settings.refused_agents)
        if not agent or unwanted or not request.headers.get("accept", "").strip():
            return html_page(403, "Forbidden", server="cloudflare")
        return None

    def over_quota(self) -> bool:
        """Count a request against the quota, and tell whether it was one too many."""
        rate = self._settings.requests_per_second
        if rate is None:
            return False
        now = self._now()
        passed = max(0.0, (now - self._counted_at).total_seconds())
        self._counted_at = now
        self._left = min(float(max(1, self._settings.burst)), self._left + passed * rate)
        if self._left < 1:
            return True
        self._left -= 1
        return False

    def too_many(self) -> Answer:
        """The answer to a request over the quota."""
        seconds = self._settings.retry_after
        headers = {} if seconds is None else {"retry_after": str(seconds)}
        return error_answer([Fault(429, "Too Many Requests")], self._settings.error_form, **headers)
