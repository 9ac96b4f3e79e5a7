"""GET /v1/board and /v1/areas: the one static, cacheable state document, and the places it speaks of."""

import hashlib
from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.params import HeaderParameter

from tocsin.http.here import Here
from tocsin.http.stream import Areas, areas_of
from tocsin.kernel.time import format_instant
from tocsin.views.board import BoardCopy

MAX_AGE = 2
"""Seconds that a cache may serve a copy. Far below its validity, so that no cache can make danger look over."""

IfNoneMatch = Annotated[str | None, HeaderParameter(name="If-None-Match", required=False)]


@get("/v1/board", tags=["board"], summary="What is true of every area now", raises=[], operation_id="board")
async def board(system: Here, areas: Areas = None, if_none_match: IfNoneMatch = None) -> Response[BoardCopy]:
    codes = areas_of(system, areas)
    with system.projector.looking() as position:
        copy = system.views.board.copy(system.clock(), position, codes)
    body = msgspec.json.encode(copy)
    return conditional(
        body,
        "application/json",
        if_none_match,
        {
            "Cache-Control": f"public, max-age={MAX_AGE}, must-revalidate",
            # For those who were told 304: their copy is the current one, and this is how long it stays so.
            "Tocsin-Generated-At": format_instant(copy.generated_at),
            "Tocsin-Valid-Until": format_instant(copy.valid_until),
        },
    )


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
