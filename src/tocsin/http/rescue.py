"""GET /v1/impacts, /v1/worksites/{id} and the signs painted on it: what the rescue works from."""

from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from tocsin.domain.response.clusters import Proposal
from tocsin.domain.response.dispatch import Suggestion
from tocsin.domain.response.worksites import Operation, Stage
from tocsin.flow.dispatch import suggest_teams
from tocsin.flow.proposals import proposals
from tocsin.flow.system import System
from tocsin.formats.edxl_rm import Request as ResourceRequest
from tocsin.formats.edxl_rm import write_request
from tocsin.formats.insarag_marking import (
    LevelLine,
    Sign,
    clearance_svg,
    victims_svg,
    victims_text,
    worksite_svg,
    worksite_text,
)
from tocsin.http.auth import require_operational
from tocsin.http.here import Here
from tocsin.kernel.errors import Refused, Unknown
from tocsin.kernel.time import local
from tocsin.views.impacts import ImpactState
from tocsin.views.needs import NeedState
from tocsin.views.patients import PatientCounts
from tocsin.views.worksites import WorksiteState

AnyRequest = Request[Any, Any, Any]
SVG = "image/svg+xml"


class ImpactList(msgspec.Struct, frozen=True):
    """
    Attributes:
        proposals: Reports and worksites that may be one place. Nothing merges them but a person.
    """

    position: int
    impacts: list[ImpactState]
    proposals: tuple[Proposal, ...]


class VictimSign(msgspec.Struct, frozen=True):
    spot: str
    text: str


class WorksitePage(msgspec.Struct, frozen=True):
    """
    One worksite with all that is known of it.

    Attributes:
        marking: What is painted at its entry, in words.
        victim_markings: What is painted at each spot.
    """

    position: int
    worksite: WorksiteState
    patients: PatientCounts
    marking: str
    victim_markings: list[VictimSign]


@get(
    "/v1/impacts",
    tags=["response"],
    summary="Reports of where it hit, and which may be one place",
    operation_id="impacts",
    sync_to_thread=True,
)
def impacts(request: AnyRequest, system: Here) -> ImpactList:
    require_operational(request, system)
    with system.projector.looking() as position:
        return ImpactList(position, system.views.impacts.all(), proposals(system))


def worksite_of(system: System, worksite: str) -> WorksiteState:
    """
    Raises:
        Unknown: If there is no such worksite.
    """
    found = system.views.worksites.worksite(worksite)
    if found is None:
        raise Unknown(f"there is no worksite {worksite!r}", "worksite")
    return found


def sign_of(system: System, site: WorksiteState) -> Sign:
    """What is to be painted at the entry. Dates are the city's own."""
    return Sign(
        id=site.number,
        category=site.category or "",
        scheme=site.scheme or "",
        hazards=site.hazards,
        levels=tuple(
            LevelLine(each.team, each.asr_level, local(each.at, system.city.facts.time_zone)) for each in site.levels
        ),
        finished=site.complete or site.stage is Stage.CLOSED,
    )


@get(
    "/v1/worksites/{worksite:str}",
    tags=["response"],
    summary="One worksite: forms, signs, conflicts",
    operation_id="worksite",
    sync_to_thread=True,
)
def worksite(request: AnyRequest, system: Here, worksite: FromPath[str]) -> WorksitePage:
    require_operational(request, system)
    with system.projector.looking() as position:
        site = worksite_of(system, worksite)
        return WorksitePage(
            position=position,
            worksite=site,
            patients=system.views.patients.counts(site.id),
            marking=worksite_text(sign_of(system, site)),
            victim_markings=[VictimSign(mark.spot, victims_text(mark.counts)) for mark in site.marks],
        )


@get(
    "/v1/worksites/{worksite:str}/marking.svg",
    tags=["response"],
    summary="The worksite marking as it is painted; with a spot, the victim marking there",
    operation_id="worksite_marking",
    sync_to_thread=True,
)
def worksite_marking(
    request: AnyRequest, system: Here, worksite: FromPath[str], spot: FromQuery[str | None] = None
) -> Response[str]:
    require_operational(request, system)
    with system.projector.looking():
        site = worksite_of(system, worksite)
        drawn = worksite_svg(sign_of(system, site)) if spot is None else _victims(site, spot)
    return Response(drawn, media_type=SVG)


def _victims(site: WorksiteState, spot: str) -> str:
    for mark in site.marks:
        if mark.spot == spot:
            return victims_svg(mark.counts, mark.bearing)
    raise Unknown(f"the worksite has no victim marking at {spot!r}", "spot")


@get(
    "/v1/worksites/{worksite:str}/clearance.svg",
    tags=["response"],
    summary="The rapid clearance marking, where one was ordered",
    operation_id="worksite_clearance",
    sync_to_thread=True,
)
def worksite_clearance(request: AnyRequest, system: Here, worksite: FromPath[str]) -> Response[str]:
    require_operational(request, system)
    with system.projector.looking():
        site = worksite_of(system, worksite)
    if site.clearance is None:
        raise Refused(f"no rapid clearance marking was ordered at {site.number}")
    at = local(site.clearance.at, system.city.facts.time_zone)
    return Response(clearance_svg(site.clearance.mark, site.clearance.team, at), media_type=SVG)


class TeamsToSend(msgspec.Struct, frozen=True):
    """Teams for one kind of work at one worksite, the one to send first."""

    position: int
    suggestions: tuple[Suggestion, ...]


class NeedList(msgspec.Struct, frozen=True):
    position: int
    needs: list[NeedState]


@get(
    "/v1/worksites/{worksite:str}/dispatch",
    tags=["response"],
    summary="Which team to send for a kind of work, by travel time, and why; a suggestion",
    operation_id="dispatch",
    sync_to_thread=True,
)
def dispatch(
    request: AnyRequest, system: Here, worksite: FromPath[str], operation: FromQuery[Operation]
) -> TeamsToSend:
    require_operational(request, system)
    return TeamsToSend(system.projector.position, suggest_teams(system, worksite, operation))


@get(
    "/v1/needs",
    tags=["response"],
    summary="What is lacking, and how far it has been met",
    operation_id="needs",
    sync_to_thread=True,
)
def needs(request: AnyRequest, system: Here) -> NeedList:
    require_operational(request, system)
    with system.projector.looking() as position:
        return NeedList(position, system.views.needs.all())


@get(
    "/v1/needs/{need:str}/rm.xml",
    tags=["response"],
    summary="A need as an EDXL-RM 1.0 RequestResource",
    operation_id="need_rm",
    sync_to_thread=True,
)
def need_rm(request: AnyRequest, system: Here, need: FromPath[str]) -> Response[bytes]:
    require_operational(request, system)
    with system.projector.looking():
        found = system.views.needs.need(need)
        if found is None:
            raise Unknown(f"there is no need {need!r}", "need")
        site = system.views.worksites.worksite(found.worksite) if found.worksite else None
    asked = ResourceRequest(
        need=found.need,
        incident=site.attack if site is not None else "",
        team_type=found.team_type or "",
        what=found.what,
        left=found.left,
        wanted_by=found.wanted_by,
        place=f"{site.number} {site.address}".strip() if site is not None else system.sender,
        requester=found.asked_by,
    )
    return Response(write_request(asked, sender=system.sender, now=system.clock()), media_type="application/xml")


ROUTES = (worksite, worksite_marking, worksite_clearance, impacts, dispatch, needs, need_rm)
