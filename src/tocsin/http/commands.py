"""POST /v1/commands/{kind}: one typed door for each kind of command."""

from typing import Any

import msgspec
from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tocsin.http.auth import IdempotencyKey, actor_of
from tocsin.http.here import Here
from tocsin.kernel.event import Command, kind_of


class Accepted(msgspec.Struct, frozen=True):
    """
    A command was carried out and is durable.

    Attributes:
        position: Of its last event: the views are at or past it.
        events: Kinds of the events it became. None if nothing had to change.
    """

    position: int
    events: tuple[str, ...]
    stream: str


def route(type_: type[Command]) -> HTTPRouteHandler:
    """The handler for one kind of command, so that OpenAPI shows its fields and a body is checked against them."""
    kind = kind_of(type_)

    async def carry_out(
        request: Request[Any, Any, Any],
        system: Here,
        data: Command,
        idempotency_key: IdempotencyKey = None,
    ) -> Accepted:
        actor = actor_of(request, system)
        # A key belongs to who uses it: nobody may read another's answer by guessing a key.
        key = f"{actor.id}:{idempotency_key}" if idempotency_key else None
        appended = await system.do_soon(data, actor, key)
        return Accepted(appended.position, appended.events, appended.stream)

    carry_out.__annotations__["data"] = JSONBody[type_]  # type: ignore[misc, valid-type]
    return post(
        f"/v1/commands/{kind}",
        operation_id=kind,
        summary=(type_.__doc__ or kind).strip().splitlines()[0],
        tags=[kind.partition(".")[0]],
        name=kind,
    )(carry_out)
