"""How the store refuses: the messages of Magento's REST API and the answers that carry them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from attrs import frozen

from zoey_netsuite.sandbox.exchange import Answer

JSON_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"

NOT_FOUND = "Resource not found."
NO_METHOD = "Resource does not support method."
INVALID_DATA = "The request data is invalid."
PRE_VALIDATION = "Resource data pre-validation error."
PAGING = "Resource collection paging error."
PAGING_LIMIT = "The paging limit exceeds the allowed number."
ORDERING = "Resource collection ordering error."
FILTERING = "Resource collection filtering error."
INTERNAL = "Resource internal error."
UPDATED = "Resource updated successful."


@frozen
class Fault:
    """One entry of an error answer."""

    code: int
    message: str


class Refused(Exception):
    """A request that the store does not carry out.

    Attributes:
        faults: what is wrong, in the order of the answer; the last one's code is the HTTP status.
    """

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults: Sequence[Fault] = faults


def bad_request(message: str) -> Refused:
    """A refusal with one error of code 400."""
    return Refused(Fault(400, message))


def not_valid(*messages: str) -> Refused:
    """A refusal of a record's data: what is wrong with it, and the general message last."""
    return Refused(*(Fault(400, message) for message in messages), Fault(400, PRE_VALIDATION))


def not_found() -> Refused:
    """A refusal because there is no such record."""
    return Refused(Fault(404, NOT_FOUND))


def error_answer(faults: Sequence[Fault], form: str = "messages", **headers: str) -> Answer:
    """The answer that carries these faults.

    Args:
        faults: at least one.
        form: `messages` for the store's JSON, `html` for a page instead.
        headers: further headers by keyword, `_` for `-`.
    """
    status = faults[-1].code
    if form == "html":
        return html_page(status, faults[-1].message, **headers)
    errors = [{"code": fault.code, "message": fault.message} for fault in faults]
    return Answer.of({"messages": {"error": errors}}, status, content_type=JSON_TYPE, **headers)


def html_page(status: int, text: str, **headers: str) -> Answer:
    """A page for people, as an edge or a maintenance page sends it."""
    page = (
        f"<html>\n<head><title>{status} {escape(text)}</title></head>\n<body><h1>{escape(text)}</h1></body>\n</html>\n"
    )
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return Answer(status, page.encode(), {"content-type": HTML_TYPE, **named})
