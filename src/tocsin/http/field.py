"""POST /v1/field: orders that were written in the field and are brought by file."""

from typing import Any

import msgspec
from litestar import Request, post
from litestar.params import JSONBody

from tocsin.domain.catalogue import all_commands
from tocsin.flow.field_file import Result, carry_out
from tocsin.http.auth import actor_of
from tocsin.http.here import Here

COMMANDS = all_commands()


class Brought(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field file, its text as it is."""

    file: str


class Results(msgspec.Struct, frozen=True):
    """What became of each line."""

    results: list[Result]


@post(
    "/v1/field",
    tags=["response"],
    summary="Carry out the orders of a field file; a second time does nothing",
    operation_id="field",
    sync_to_thread=True,
)
def field(request: Request[Any, Any, Any], system: Here, data: JSONBody[Brought]) -> Results:
    return Results(list(carry_out(system, data.file.encode(), actor_of(request, system), COMMANDS)))


ROUTES = (field,)
