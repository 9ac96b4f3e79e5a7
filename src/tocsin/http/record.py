"""GET /v1/attacks, /v1/bulletins, /v1/record/…, /v1/timeline, /v1/journal: what is known, said and kept."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery, QueryParameter

from tocsin.domain.bulletins import Published
from tocsin.domain.record import weapon_classes
from tocsin.domain.record.attacks import Effect
from tocsin.flow import answers
from tocsin.flow.answers import FiguresAnswer, PersonsAnswer
from tocsin.flow.system import System
from tocsin.formats.bulletin.feed import write_bulletin_feed
from tocsin.formats.casualties import WRITERS, Form
from tocsin.http.auth import AUDIT, is_operational, require_operational, require_role
from tocsin.http.board import IfNoneMatch, conditional
from tocsin.http.here import Here
from tocsin.kernel.errors import Unknown
from tocsin.kernel.event import Recorded
from tocsin.kernel.time import parse_instant
from tocsin.views.attacks import AttackState, DeadliestSince, LastHit
from tocsin.views.ledger import Entry
from tocsin.views.timeline import Line

AsOf = Annotated[str | None, QueryParameter(name="as_of", description="RFC 3339; now when left out", required=False)]
Public = Annotated[
    str | None, QueryParameter(name="published", description="Count what was public by then", required=False)
]
RecordedBy = Annotated[
    str | None, QueryParameter(name="recorded", description="As the ledger stood then", required=False)
]
Since = Annotated[
    str | None,
    QueryParameter(name="since", description="Start of the period; the attack's when left out", required=False),
]
Before = Annotated[str | None, QueryParameter(name="before", description="RFC 3339; now when left out", required=False)]
Limit = Annotated[int, QueryParameter(ge=1, le=1000)]


class AttackList(msgspec.Struct, frozen=True):
    position: int
    attacks: list[AttackState]


class ClaimList(msgspec.Struct, frozen=True):
    position: int
    claims: tuple[Entry, ...]


class BulletinList(msgspec.Struct, frozen=True):
    position: int
    bulletins: tuple[Published, ...]


class Events(msgspec.Struct, frozen=True):
    events: list[Line]


class JournalPage(msgspec.Struct, frozen=True):
    head: int
    records: list[Recorded]


def moment(system: System, text: str | None, field: str = "as_of") -> datetime:
    """
    Raises:
        Invalid: If it is not a time with an offset. A `+` that was not written `%2B` arrives as a space; it is one.
    """
    return system.clock() if text is None else parse_instant(text.replace(" ", "+"), field)


@get(
    "/v1/attacks",
    tags=["record"],
    summary="Every attack on the record, newest first",
    operation_id="attacks",
    sync_to_thread=True,
)
def attacks(request: Request[Any, Any, Any], system: Here) -> AttackList:
    require_operational(request, system)
    with system.projector.looking() as position:
        return AttackList(position, list(reversed(system.views.attacks.all())))


@get("/v1/attacks/{attack_id:str}", tags=["record"], summary="One attack", operation_id="attack", sync_to_thread=True)
def attack(request: Request[Any, Any, Any], system: Here, attack_id: FromPath[str]) -> AttackState:
    require_operational(request, system)
    with system.projector.looking():
        found = system.views.attacks.attack(attack_id)
    if found is None:
        raise Unknown(f"there is no attack {attack_id!r}", "id")
    return found


@get(
    "/v1/attacks/{attack_id:str}/figures",
    tags=["record"],
    summary="What is known of the casualties as of a time, with the claims it rests on",
    operation_id="figures",
    sync_to_thread=True,
)
def figures(
    request: Request[Any, Any, Any],
    system: Here,
    attack_id: FromPath[str],
    as_of: AsOf = None,
    published: Public = None,
    recorded: RecordedBy = None,
) -> FiguresAnswer:
    return answers.figures(
        system,
        attack_id,
        moment(system, as_of),
        published=None if published is None else moment(system, published, "published"),
        recorded=None if recorded is None else moment(system, recorded, "recorded"),
        counted=system.realm != "live" or is_operational(request, system),
    )


@get(
    "/v1/attacks/{attack_id:str}/report",
    tags=["record"],
    summary="The casualties to date and in a period: CSV, HXL, EDXL-SitRep or ICS 209",
    operation_id="casualty_report",
    sync_to_thread=True,
)
def report(
    request: Request[Any, Any, Any],
    system: Here,
    attack_id: FromPath[str],
    form: Annotated[Form, QueryParameter(name="form", description="csv, hxl, sitrep-xml or ics-209")],
    as_of: AsOf = None,
    since: Since = None,
) -> Response[bytes]:
    # It says where a worksite is.
    require_operational(request, system)
    begins = None if since is None else moment(system, since, "since")
    media_type, write = WRITERS[form]
    written = write(answers.casualty_report(system, attack_id, moment(system, as_of), begins, system.sender))
    # Litestar says itself how text is encoded.
    return Response(
        written, media_type=media_type if media_type.startswith("text/") else f"{media_type}; charset=utf-8"
    )


@get(
    "/v1/attacks/{attack_id:str}/claims",
    tags=["record"],
    summary="Every claim about an attack as it was recorded, those taken back too",
    operation_id="claims",
    sync_to_thread=True,
)
def claims(request: Request[Any, Any, Any], system: Here, attack_id: FromPath[str]) -> ClaimList:
    require_operational(request, system)
    with system.projector.looking() as position:
        return ClaimList(position, system.views.ledger.claims(attack_id))


@get(
    "/v1/attacks/{attack_id:str}/persons",
    tags=["record"],
    summary="Persons counted one by one beside what sources state, and entries that may be one person",
    operation_id="persons",
    sync_to_thread=True,
)
def persons(
    request: Request[Any, Any, Any], system: Here, attack_id: FromPath[str], as_of: AsOf = None
) -> PersonsAnswer:
    require_operational(request, system)
    return answers.persons(system, attack_id, moment(system, as_of))


@get(
    "/v1/bulletins",
    tags=["record"],
    summary="Published bulletins, newest first",
    operation_id="bulletins",
    sync_to_thread=True,
)
def bulletins(system: Here) -> BulletinList:
    with system.projector.looking() as position:
        return BulletinList(position, system.views.bulletins.published())


@get(
    "/bulletins.atom",
    tags=["record"],
    summary="The bulletins as Atom",
    operation_id="bulletins_atom",
    sync_to_thread=True,
)
def bulletins_atom(system: Here, if_none_match: IfNoneMatch = None) -> Response[Any]:
    with system.projector.looking():
        published = system.views.bulletins.published()
    body = write_bulletin_feed(
        published, base_url=system.web, publisher=system.sender, realm=system.realm, now=system.clock()
    )
    return conditional(body, "application/atom+xml", if_none_match, {"Cache-Control": "public, max-age=10"})


@get(
    "/v1/record/last-hit",
    tags=["record"],
    summary="When a place was last hit",
    operation_id="last_hit",
    sync_to_thread=True,
)
def last_hit(
    system: Here,
    place: FromQuery[str],
    before: Before = None,
    weapon: FromQuery[str | None] = None,
    effect: FromQuery[Effect | None] = None,
    recorded: RecordedBy = None,
) -> LastHit:
    then = None if recorded is None else moment(system, recorded, "recorded")
    return answers.last_hit(system, place, moment(system, before, "before"), weapon_classes(weapon), effect, then)


@get(
    "/v1/record/deadliest",
    tags=["record"],
    summary="Since when no attack killed more",
    operation_id="deadliest",
    sync_to_thread=True,
)
def deadliest(system: Here, attack: FromQuery[str], as_of: AsOf = None, recorded: RecordedBy = None) -> DeadliestSince:
    then = None if recorded is None else moment(system, recorded, "recorded")
    return answers.deadliest_since(system, attack, moment(system, as_of), then)


@get(
    "/v1/timeline",
    tags=["record"],
    summary="What happened last, newest first",
    operation_id="timeline",
    sync_to_thread=True,
)
def timeline(request: Request[Any, Any, Any], system: Here, limit: Limit = 100) -> Events:
    require_operational(request, system)
    with system.projector.looking():
        return Events(system.views.timeline.recent(limit, duty=is_operational(request, system)))


@get(
    "/v1/journal",
    tags=["record"],
    summary="The journal itself, for auditors",
    operation_id="journal",
    sync_to_thread=True,
)
def journal(
    request: Request[Any, Any, Any],
    system: Here,
    after: Annotated[int, QueryParameter(ge=0)] = 0,
    limit: Limit = 100,
) -> JournalPage:
    require_role(request, system, AUDIT)
    return JournalPage(system.journal.head().position, list(system.journal.read(after=after, limit=limit)))
