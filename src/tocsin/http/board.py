"""GET /v1/board and /v1/areas: the one static, cacheable state document, and the places it speaks of."""

import hashlib
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.params import HeaderParameter

from tocsin.domain.warning import STANDS
from tocsin.flow.system import System
from tocsin.http.here import Here
from tocsin.http.stream import Areas, areas_of
from tocsin.kernel.time import format_instant
from tocsin.views.board import AreaState, BoardCopy

MAX_AGE = 2
"""Seconds that a cache may serve a copy. Far below its validity, so that no cache can make danger look over."""

IfNoneMatch = Annotated[str | None, HeaderParameter(name="If-None-Match", required=False)]


@get("/v1/board", tags=["board"], summary="What is true of every area now", raises=[], operation_id="board")
async def board(system: Here, areas: Areas = None, if_none_match: IfNoneMatch = None) -> Response[BoardCopy]:
    copy = _copy(system, areas)
    return conditional(msgspec.json.encode(copy), "application/json", if_none_match, _age(copy))


@get("/v1/board.txt", tags=["board"], summary="The same, a line for each area", operation_id="board_text")
async def board_text(system: Here, areas: Areas = None, if_none_match: IfNoneMatch = None) -> Response[str]:
    copy = _copy(system, areas)
    lines = "".join(f"{line(copy, state)}\n" for state in copy.areas)
    return conditional(lines.encode(), "text/plain", if_none_match, _age(copy))


def line(copy: BoardCopy, state: AreaState) -> str:
    """
    One area for a device with little memory: code, word, since, valid until, realm, with a space between each.

    The word is the phase, or `partial` where none stands over the area but one over a part of it: a device that took
    an all-clear of the whole for one of its part would show danger as over.
    """
    word = "partial" if state.partly and state.phase not in STANDS else state.phase.value
    since = "-" if state.since is None else _seconds(state.since)
    return f"{state.area} {word} {since} {_seconds(copy.valid_until)} {copy.realm}"


def _seconds(moment: datetime) -> str:
    return format_instant(moment.replace(microsecond=0))


def _copy(system: System, areas: Areas) -> BoardCopy:
    codes = areas_of(system, areas)
    with system.projector.looking() as position:
        return system.views.board.copy(system.clock(), position, codes)


def _age(copy: BoardCopy) -> dict[str, str]:
    return {
        "Cache-Control": f"public, max-age={MAX_AGE}, must-revalidate",
        # For those who were told 304: their copy is the current one, and this is how long it stays so.
        "Tocsin-Generated-At": format_instant(copy.generated_at),
        "Tocsin-Valid-Until": format_instant(copy.valid_until),
    }


def conditional(body: bytes, media_type: str, if_none_match: str | None, headers: dict[str, str]) -> Response[Any]:
    """A body with its ETag, or 304 if the reader has it already (RFC 9110, section 13.1.2)."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"ETag": tag, **headers}
    held = {each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")}
    if tag in held or "*" in held:
        return Response(b"", status_code=304, headers=headers, media_type=media_type)
    return Response(body, headers=headers, media_type=media_type)


@get("/v1/areas", tags=["board"], summary="The tree of areas, as GeoJSON", operation_id="areas")
async def areas(system: Here, if_none_match: IfNoneMatch = None) -> Response[Any]:
    body = msgspec.json.encode(system.city.areas.geojson())
    return conditional(body, "application/geo+json", if_none_match, {"Cache-Control": "public, max-age=300"})
