"""GET /healthz and /readyz: is the process alive, and can it do its work."""

from typing import Any

import msgspec
from litestar import Response, get

from tocsin.http.here import Here
from tocsin.kernel.errors import TocsinError


class Ready(msgspec.Struct, frozen=True):
    """
    Attributes:
        troubles: Loops that failed and were started again, with the reason.
        position: Up to which the views have read the journal; `head` is how far it goes.
    """

    ready: bool
    realm: str
    position: int = 0
    head: int = 0
    troubles: dict[str, str] = {}


@get("/healthz", tags=["health"], summary="The process answers", operation_id="healthz")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@get("/readyz", tags=["health"], summary="The journal can be read and the views are up to date", operation_id="readyz")
async def readyz(system: Here) -> Response[Any]:
    try:
        head = system.journal.head().position
        with system.projector.looking() as position:
            ready = Ready(position >= head, system.realm, position, head, system.troubles)
    except TocsinError as error:
        ready = Ready(False, system.realm, troubles={"journal": error.message})
    return Response(ready, status_code=200 if ready.ready else 503)
