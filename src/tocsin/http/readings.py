"""GET /v1/readings: the reading queue, each text with its proposals; and the door by which one is accepted."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from tocsin.domain.catalogue import all_commands
from tocsin.domain.reading import RECORDING
from tocsin.flow import readings as queue
from tocsin.http.auth import actor_of, require_operational
from tocsin.http.commands import Accepted
from tocsin.http.here import Here
from tocsin.kernel.errors import Unknown
from tocsin.kernel.event import Commands, kind_of
from tocsin.views.readings import Queued


class ReadingLine(msgspec.Struct, frozen=True):
    """A text in the queue without its proposals. `like` is the first text that says nearly the same."""

    document: str
    publisher: str
    published: str
    received: str
    lang: str
    like: str
    proposals: int
    open: int


class ReadingList(msgspec.Struct, frozen=True):
    position: int
    readings: list[ReadingLine]


class ReadingPage(msgspec.Struct, frozen=True):
    """A text with what it proposes. `text` is the original; None if it was not kept here."""

    text: str | None
    queued: Queued


class Acceptance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The command that records the proposal, with its `kind`, as a person completed it."""

    command: dict[str, Any]
    edited: bool = False


@get(
    "/v1/readings",
    tags=["readings"],
    summary="Texts that were read, newest first, and how much of each waits for a decision",
    operation_id="readings",
    sync_to_thread=True,
)
def readings(request: Request[Any, Any, Any], system: Here, waiting: FromQuery[bool] = False) -> ReadingList:
    require_operational(request, system)
    with system.projector.looking() as position:
        queued = system.views.readings.all(waiting=waiting)
    return ReadingList(position, [_line(each) for each in queued])


def _line(queued: Queued) -> ReadingLine:
    read = queued.read
    return ReadingLine(
        document=read.document,
        publisher=read.source.publisher,
        published=read.source.published.isoformat() if read.source.published else "",
        received=queued.received.isoformat(),
        lang=read.lang,
        like=queued.like,
        proposals=len(read.proposals),
        open=queued.open,
    )


@get(
    "/v1/readings/{document:str}",
    tags=["readings"],
    summary="A text with its proposals, each with its place in it, and what became of them",
    operation_id="reading",
    sync_to_thread=True,
)
def reading(request: Request[Any, Any, Any], system: Here, document: FromPath[str]) -> ReadingPage:
    require_operational(request, system)
    with system.projector.looking():
        queued = system.views.readings.get(document)
    if queued is None:
        raise Unknown(f"no text {document!r} was read", "document")
    kept = system.originals.get(document)
    return ReadingPage(None if kept is None else kept.decode("utf-8"), queued)


@post(
    "/v1/readings/{document:str}/{proposal:str}/accept",
    tags=["readings"],
    summary="Record a proposal by a command that a person completed, and note it in the queue",
    operation_id="accept_proposal",
    sync_to_thread=True,
)
def accept(
    request: Request[Any, Any, Any],
    system: Here,
    document: FromPath[str],
    proposal: FromPath[str],
    data: JSONBody[Acceptance],
) -> Accepted:
    actor = actor_of(request, system)
    command = _RECORDING.convert(data.command, "command")
    noted = queue.accept(system, document, proposal, command, actor, edited=data.edited)
    return Accepted(noted.position, noted.events, noted.stream)


_RECORDING = Commands(type_ for type_ in all_commands().types.values() if kind_of(type_) in RECORDING)
