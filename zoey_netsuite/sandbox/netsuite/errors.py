"""Refusals and the shapes in which NetSuite tells them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from attrs import field, frozen

from zoey_netsuite.sandbox.exchange import Answer

TypeForm: TypeAlias = Literal["w3", "rfc9110"]
DetailForm: TypeAlias = Literal["list", "top"]

TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    412: "Precondition Failed",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
_W3 = "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html"
_W3_SECTIONS = {
    400: "#sec10.4.1",
    403: "#sec10.4.4",
    404: "#sec10.4.5",
    405: "#sec10.4.6",
    409: "#sec10.4.10",
    412: "#sec10.4.13",
    413: "#sec10.4.14",
    415: "#sec10.4.16",
    500: "#sec10.5.1",
    503: "#sec10.5.4",
}
_RFC9110 = "https://www.rfc-editor.org/rfc/rfc9110.html"
_RFC9110_SECTIONS = {
    400: "#section-15.5.1",
    401: "#section-15.5.2",
    403: "#section-15.5.4",
    404: "#section-15.5.5",
    405: "#section-15.5.6",
    409: "#section-15.5.10",
    412: "#section-15.5.13",
    413: "#section-15.5.14",
    415: "#section-15.5.16",
    500: "#section-15.6.1",
    503: "#section-15.6.4",
}
_ACCESSING = "Error while accessing a resource. "


class Refusal(Exception):
    """Why a request is refused, before it takes a shape.

    Attributes:
        status: the HTTP status.
        code: NetSuite's error code.
        detail: the words.
        at: where the fault lies, e.g. `{"o:errorPath": "item.items[0].item"}`.
        headers: further headers of the answer.
        title: instead of the status's usual title.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        at: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        title: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.at = dict(at or {})
        self.headers = dict(headers or {})
        self.title = title or TITLES.get(status, "Error")


@frozen
class ErrorShapes:
    """How refusals are written; accounts and releases differ.

    Attributes:
        type_form: which specification the `type` link names.
        details: `list` puts what is wrong under `o:errorDetails`, `top` puts it beside the status.
    """

    type_form: TypeForm = field(default="w3")
    details: DetailForm = field(default="list")

    def value(self, refusal: Refusal) -> dict[str, object]:
        """The JSON document that tells this refusal."""
        what: dict[str, object] = {"detail": refusal.detail, **refusal.at, "o:errorCode": refusal.code}
        head: dict[str, object] = {
            "type": self._link(refusal.status),
            "title": refusal.title,
            "status": refusal.status,
        }
        return {**head, **what} if self.details == "top" else {**head, "o:errorDetails": [what]}

    def answer(self, refusal: Refusal) -> Answer:
        """The answer of the REST services."""
        content_type = "application/vnd.oracle.resource+json; type=error"
        answer = Answer.of(self.value(refusal), refusal.status, content_type=content_type)
        return Answer(answer.status, answer.body, {**answer.headers, **refusal.headers})

    def _link(self, status: int) -> str:
        if self.type_form == "w3":
            return _W3 + _W3_SECTIONS.get(status, "")
        return _RFC9110 + _RFC9110_SECTIONS.get(status, "")


def restlet_error(refusal: Refusal) -> Answer:
    """The answer of a RESTlet, which has a shape of its own."""
    value = {"error": {"code": refusal.code, "message": refusal.detail}}
    answer = Answer.of(value, refusal.status)
    return Answer(answer.status, answer.body, {**answer.headers, **refusal.headers})


def user_error(words: str, path: str | None = None, *, prefix: bool = True) -> Refusal:
    """400 `USER_ERROR`, the usual form of a business rule's refusal."""
    return Refusal(
        400, "USER_ERROR", (_ACCESSING if prefix else "") + words, at={"o:errorPath": path} if path else None
    )


def missing_values(names: list[str]) -> Refusal:
    """Required fields are absent; `names` are the labels a person sees."""
    return user_error(f"Please enter value(s) for: {', '.join(names)}.")


def invalid_reference(value: object, name: str, path: str) -> Refusal:
    """A reference points at nothing."""
    words = f"You have entered an Invalid Field Value {value} for the following field: {name}"
    return Refusal(400, "INVALID_CONTENT", f"Error while accessing resource: {words}", at={"o:errorPath": path})


def invalid_content(detail: str, path: str | None = None) -> Refusal:
    """The body can't be understood."""
    return Refusal(400, "INVALID_CONTENT", detail, at={"o:errorPath": path} if path else None)


def invalid_parameter(detail: str, name: str) -> Refusal:
    """A query parameter can't be understood."""
    return Refusal(400, "INVALID_PARAMETER", detail, at={"o:errorQueryParam": name})


def invalid_header(detail: str, name: str) -> Refusal:
    """A header is absent or can't be understood."""
    return Refusal(400, "INVALID_HEADER", detail, at={"o:errorHeader": name})


def nonexistent() -> Refusal:
    """No record has this id."""
    return Refusal(404, "NONEXISTENT_ID", "The record instance does not exist. Provide a valid record instance ID.")


def invalid_id(text: str, url: str) -> Refusal:
    """The id has no id's form."""
    detail = f"Invalid record instance identifier '{text}'. Provide a valid record instance ID."
    return Refusal(400, "INVALID_ID", detail, at={"o:errorUrl": url})


def unknown_type(name: str, url: str) -> Refusal:
    """No record type has this name."""
    return Refusal(404, "NONEXISTENT_RECORD_TYPE", f"Record type '{name}' does not exist", at={"o:errorUrl": url})


def invalid_login(realm: str) -> Refusal:
    """Credentials of token-based authentication that don't hold."""
    detail = (
        "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at "
        "Setup > Users/Roles > User Management > View Login Audit Trail."
    )
    headers = {"www-authenticate": f'OAuth realm="{realm}", error="token_rejected"'}
    return Refusal(401, "INVALID_LOGIN", detail, headers=headers)
