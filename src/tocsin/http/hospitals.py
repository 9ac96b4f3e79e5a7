"""/v1/hospitals/…: hospitals as EDXL-HAVE, out and in, and where the wounded could go."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromQuery

from tocsin.domain.response.distribution import Distribution
from tocsin.domain.response.hospitals import Facility, Offload, Traffic
from tocsin.flow.distribution import suggest_hospitals
from tocsin.flow.system import System
from tocsin.formats.edxl_have import HaveHospital, read_have, write_have
from tocsin.http.auth import IdempotencyKey, actor_of, require_operational, require_role
from tocsin.http.here import Here
from tocsin.http.people import TREATING
from tocsin.kernel.errors import Unknown

AnyRequest = Request[Any, Any, Any]


class Taken(msgspec.Struct, frozen=True):
    """Hospitals of a document whose reports were taken in, and the position of the last."""

    position: int
    hospitals: list[str]


@get(
    "/v1/hospitals/have.xml",
    tags=["response"],
    summary="The hospitals that have reported, as EDXL-HAVE 1.0",
    operation_id="hospitals_have",
)
async def hospitals_have(request: AnyRequest, system: Here) -> Response[bytes]:
    require_operational(request, system)
    return Response(await asyncio.to_thread(_have, system), media_type="application/xml")


def _have(system: System) -> bytes:
    told = []
    with system.projector.looking():
        for each in system.city.hospitals:
            state = system.views.hospitals.hospital(each.id)
            if state.reported_at is not None:
                name = each.names.get("uk") or next(iter(each.names.values()))
                told.append(
                    HaveHospital(
                        id=each.id,
                        name=name,
                        lat=each.point.lat,
                        lon=each.point.lon,
                        beds=state.beds,
                        ed_status=state.ed_status or Traffic.NOT_APPLICABLE,
                        offload=state.offload or Offload.NORMAL,
                        offload_minutes=state.offload_minutes,
                        facility=state.facility or Facility(),
                        updated=state.reported_at,
                    )
                )
    return write_have(told)


@post(
    "/v1/hospitals/have.xml",
    tags=["response"],
    summary="Take in the reports of an EDXL-HAVE 1.0 document",
    operation_id="take_have",
)
async def take_have(request: AnyRequest, system: Here, idempotency_key: IdempotencyKey = None) -> Taken:
    actor = actor_of(request, system)
    reports = read_have(await request.body())
    known = {each.id for each in system.city.hospitals}
    for report in reports:
        # Before the first is carried out: a document is taken in whole or not at all.
        if report.hospital not in known:
            raise Unknown(f"no hospital has the id {report.hospital!r}", "OrganisationID")
    position = system.projector.position
    for report in reports:
        key = f"{actor.id}:{idempotency_key}:{report.hospital}" if idempotency_key else None
        position = (await system.do_soon(report, actor, key)).position
    return Taken(position, [report.hospital for report in reports])


@get(
    "/v1/hospitals/distribution",
    tags=["response"],
    summary="Which waiting patient could go to which hospital, overfilling none; a suggestion",
    operation_id="distribution",
    sync_to_thread=True,
)
def distribution(request: AnyRequest, system: Here, worksite: FromQuery[str | None] = None) -> Distribution:
    require_role(request, system, TREATING)
    return suggest_hospitals(system, worksite)


ROUTES = (hospitals_have, take_have, distribution)
