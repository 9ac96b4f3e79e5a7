"""Talks to the API of a running server."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import httpx

Url = Annotated[str, typer.Option("--url", help="Address of the server", envvar="TOCSIN_URL")]
Token = Annotated[str, typer.Option("--token", help="Bearer token", envvar="TOCSIN_TOKEN")]
DEFAULT_URL = "http://127.0.0.1:8080"


def get(url: str, path: str, token: str = "", **query: str) -> Any:  # noqa: ANN401
    """
    Raises:
        TocsinError: What the server answered, as the error it stands for.
        Unavailable: If it cannot be reached.
    """
    return _request("GET", url, path, token, None, query)


def fetch(url: str, path: str, token: str = "", **query: str) -> bytes:
    """
    What lies at a path, as it is.

    Raises:
        TocsinError: As `get` does.
    """
    return _answer("GET", url, path, token, None, query).content


def command(url: str, token: str, kind: str, fields: Mapping[str, object], key: str | None = None) -> Any:  # noqa: ANN401
    """
    Give a command; return what the server accepted. Fields that are None are left out.

    Raises:
        TocsinError: As `get` does.
    """
    body = {name: value for name, value in fields.items() if value is not None}
    return _request("POST", url, f"/v1/commands/{kind}", token, body, {}, key)


def post(url: str, token: str, path: str, body: object) -> Any:  # noqa: ANN401
    """
    Raises:
        TocsinError: As `get` does.
    """
    return _request("POST", url, path, token, body, {})


def _request(
    method: str, url: str, path: str, token: str, body: object, query: dict[str, str], key: str | None = None
) -> Any:  # noqa: ANN401
    return _answer(method, url, path, token, body, query, key).json()


def _answer(
    method: str, url: str, path: str, token: str, body: object, query: dict[str, str], key: str | None = None
) -> "httpx.Response":
    import httpx

    from tocsin.kernel.errors import Unavailable

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if key:
        headers["Idempotency-Key"] = key
    try:
        answer = httpx.request(method, url.rstrip("/") + path, json=body, params=query, headers=headers, timeout=15)
    except httpx.HTTPError as error:
        raise Unavailable(f"{url}: {error}") from None
    if answer.is_success:
        return answer
    raise _error(answer.status_code, answer.content)


def _error(status: int, body: bytes) -> Exception:
    import msgspec

    from tocsin.kernel.errors import Invalid, Refused, Unauthorised, Unavailable

    try:
        problem = msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        problem = {}
    detail = str(problem.get("detail", f"the server answered {status}"))
    if status in (401, 403):
        return Unauthorised(detail, known=status == 403)
    if status in (400, 404, 422):
        return Invalid(detail)
    return Unavailable(detail) if status >= 500 else Refused(detail)
