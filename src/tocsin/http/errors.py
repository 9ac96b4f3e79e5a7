"""Our errors as RFC 9457 problem documents, in one table."""

import re
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from tocsin.kernel.errors import (
    Conflict,
    Corrupt,
    Invalid,
    Refused,
    TocsinError,
    Unauthorised,
    Unavailable,
    Undeliverable,
    Unknown,
)

PROBLEM = "application/problem+json"

# Read as: this error is this status. The most special class comes first.
STATUS: tuple[tuple[type[TocsinError], int], ...] = (
    (Unknown, 404),
    (Invalid, 422),
    (Conflict, 409),
    (Refused, 409),
    (Unavailable, 503),
    (Undeliverable, 502),
    (Corrupt, 500),
)


class Problem(msgspec.Struct, omit_defaults=True):
    """
    RFC 9457 section 3.1.

    Attributes:
        code: Stable; a client may match on it. `type` is the same as an address in the documentation.
        where: The field that is wrong, or that a rule says no to.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    where: str = ""


def _problem(status: int, code: str, detail: str, where: str = "") -> Problem:
    return Problem(f"/problems/{code}", code.replace("_", " ").capitalize(), status, detail, code, where)


def _respond(problem: Problem, headers: dict[str, str] | None = None) -> Response[bytes]:
    return Response(msgspec.json.encode(problem), status_code=problem.status, media_type=PROBLEM, headers=headers or {})


def on_tocsin_error(_request: Request[Any, Any, Any], error: TocsinError) -> Response[bytes]:
    if isinstance(error, Unauthorised):
        status = 403 if error.known else 401
        headers = {} if error.known else {"WWW-Authenticate": 'Bearer realm="tocsin"'}
        return _respond(_problem(status, error.code, error.message), headers)
    status = next((status for type_, status in STATUS if isinstance(error, type_)), 500)
    headers = {}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(int(error.retry_after or 1))
    where = error.where if isinstance(error, Invalid | Refused) else ""
    return _respond(_problem(status, error.code, error.message, where), headers)


def on_validation_error(request: Request[Any, Any, Any], error: ValidationException) -> Response[bytes]:
    """Litestar's own finding about a body or a query, said in our shape and naming the field."""
    first: Any = error.extra[0] if isinstance(error.extra, list) and error.extra else {}
    where = str(first.get("key", "")) if isinstance(first, dict) else ""
    message = str(first.get("message", error.detail)) if isinstance(first, dict) else error.detail
    where = "" if where == "data" else where
    # Of a field that is absent or not known, the place that is told is only that of the object around it.
    if (named := re.search(r"(?:missing required|unknown) field `([^`]+)`", message)) is not None:
        where = ".".join(filter(None, (where, named[1])))
    return _respond(_problem(422, Invalid.code, f"{where}: {message}" if where else message, where))


_CODES = {
    400: "invalid",
    401: "unauthorised",
    403: "unauthorised",
    404: "unknown",
    405: "method_not_allowed",
    429: "too_many",
}


def on_http_error(_request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    code = _CODES.get(error.status_code, "error")
    return _respond(_problem(error.status_code, code, error.detail), dict(error.headers or {}))


def on_any_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A fault of ours. The log says what it was; the outside is told nothing that could help an attacker."""
    request.logger.exception("unhandled error at %s", request.url.path, exc_info=error)
    return _respond(_problem(500, "internal", "something went wrong here; it has been logged"))


HANDLERS: dict[int | type[Exception], Any] = {
    TocsinError: on_tocsin_error,
    ValidationException: on_validation_error,
    HTTPException: on_http_error,
    Exception: on_any_error,
}
