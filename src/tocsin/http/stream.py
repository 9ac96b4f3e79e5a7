"""GET /v1/stream (Server-Sent Events) and /v1/ws (WebSocket): the same frames, from the same reader."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, WebSocket, get, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.params import QueryParameter
from litestar.response import Stream as StreamResponse

from tocsin.flow.stream import Frame
from tocsin.flow.system import System
from tocsin.http.auth import is_operational
from tocsin.http.here import Here
from tocsin.kernel.errors import Invalid, Unauthorised, Unknown

Areas = Annotated[str | None, QueryParameter(name="areas", description="Codes, separated by commas", required=False)]
HEADERS = {
    # A proxy that buffers or transforms would hold an alert back until its buffer is full.
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
}
RETRY = (2.0, 6.0)
"""Seconds that a client waits before it comes back, drawn at random so that a crowd does not come back at once."""


def areas_of(system: System, text: str | None) -> tuple[str, ...] | None:
    """
    Raises:
        Unknown: If a code names no area of this city.
    """
    if not text:
        return None
    codes = tuple(code.strip() for code in text.split(",") if code.strip())
    for code in codes:
        if code not in system.city.areas:
            raise Unknown(f"no area has the code {code!r}", "areas")
    return codes


def position_of(text: str | None) -> int | None:
    """
    Raises:
        Invalid: If it is not a position.
    """
    if text is None or text == "":
        return None
    if not text.isascii() or not text.isdigit():
        raise Invalid("a position is a whole number", "last_event_id")
    return int(text)


@get("/v1/stream", media_type="text/event-stream", tags=["stream"], summary="Follow the board and the public facts")
async def server_sent_events(
    request: Request[Any, Any, Any],
    system: Here,
    areas: Areas = None,
    last_event_id: Annotated[str | None, QueryParameter(name="last_event_id", required=False)] = None,
) -> Response[Any]:
    codes = areas_of(system, areas)
    after = position_of(request.headers.get("last-event-id") or last_event_id)
    duty = is_operational(request, system)
    return StreamResponse(_events(system, codes, after, duty), media_type="text/event-stream", headers=HEADERS)


async def _events(system: System, areas: tuple[str, ...] | None, after: int | None, duty: bool) -> AsyncIterator[bytes]:
    yield f"retry: {int(random.uniform(*RETRY) * 1000)}\n\n".encode()  # noqa: S311 - spreads load, keeps no secret
    async for frame in system.stream.follow(areas, after, duty=duty):
        yield event_text(frame)


def event_text(frame: Frame) -> bytes:
    """A frame as an event of the HTML Living Standard, section 9.2. Our JSON has no line breaks."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (frame.position, frame.event.encode(), frame.data)


@websocket("/v1/ws")
async def web_socket(socket: WebSocket[Any, Any, Any], system: Here) -> None:
    """The same frames as JSON: {"id": position, "event": name, "data": {…}}."""
    await socket.accept()
    try:
        areas = areas_of(system, socket.query_params.get("areas"))
        after = position_of(socket.query_params.get("last_event_id"))
        duty = is_operational(socket, system)
    except (Invalid, Unauthorised) as error:
        await socket.close(code=1008, reason=error.message)
        return
    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(_send(socket, system, areas, after, duty))
        try:
            # Clients say nothing; waiting for them is how we learn that they are gone.
            while True:
                await socket.receive_data(mode="text")
        except WebSocketDisconnect:
            sending.cancel()


async def _send(
    socket: WebSocket[Any, Any, Any], system: System, areas: tuple[str, ...] | None, after: int | None, duty: bool
) -> None:
    async for frame in system.stream.follow(areas, after, duty=duty):
        message = {"id": frame.position, "event": frame.event, "data": msgspec.Raw(frame.data)}
        await socket.send_data(msgspec.json.encode(message), mode="text", encoding="utf-8")
