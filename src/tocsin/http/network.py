"""GET /v1/network/{cell}: the streets of a neighbourhood, so that the way to shelter is found on the phone."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from tocsin.http.board import IfNoneMatch, conditional
from tocsin.http.here import Here

CACHED = {"Cache-Control": "public, max-age=86400, stale-while-revalidate=2592000"}
"""Streets change when a city is imported anew."""


@get(
    "/v1/network/{cell:str}",
    tags=["places"],
    summary="The streets of one cell, for finding the way on the phone: the server is not told where anybody is",
    operation_id="network_cell",
    sync_to_thread=True,
)
def network_cell(system: Here, cell: FromPath[str], if_none_match: IfNoneMatch = None) -> Response[Any]:
    return conditional(msgspec.json.encode(system.cells.cell(cell)), "application/json", if_none_match, CACHED)
