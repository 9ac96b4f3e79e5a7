"""GET /v1/worksites, /v1/teams, /v1/hospitals: the night's work."""

from typing import Any

import msgspec
from litestar import Request, get
from litestar.params import FromQuery

from tocsin.http.auth import require_operational
from tocsin.http.here import Here
from tocsin.views.hospitals import HospitalState
from tocsin.views.patients import PatientCounts
from tocsin.views.teams import TeamState
from tocsin.views.worksites import WorksiteState

AnyRequest = Request[Any, Any, Any]


class WorksiteList(msgspec.Struct, frozen=True):
    position: int
    worksites: list[WorksiteState]
    patients: PatientCounts


class TeamList(msgspec.Struct, frozen=True):
    position: int
    teams: list[TeamState]


class HospitalLine(msgspec.Struct, frozen=True):
    """A hospital of the city with what it last said."""

    hospital: str
    names: dict[str, str]
    lat: float
    lon: float
    area: str
    state: HospitalState


class HospitalList(msgspec.Struct, frozen=True):
    position: int
    hospitals: list[HospitalLine]


@get(
    "/v1/worksites",
    tags=["response"],
    summary="Where people are searched for and rescued",
    operation_id="worksites",
    sync_to_thread=True,
)
def worksites(request: AnyRequest, system: Here, attack: FromQuery[str | None] = None) -> WorksiteList:
    require_operational(request, system)
    with system.projector.looking() as position:
        return WorksiteList(position, system.views.worksites.all(attack), system.views.patients.counts())


@get(
    "/v1/teams",
    tags=["response"],
    summary="Who there is and where each is sent",
    operation_id="teams",
    sync_to_thread=True,
)
def teams(request: AnyRequest, system: Here) -> TeamList:
    require_operational(request, system)
    with system.projector.looking() as position:
        return TeamList(position, system.views.teams.all())


@get(
    "/v1/hospitals",
    tags=["response"],
    summary="Beds, emergency departments, patients received",
    operation_id="hospitals",
    sync_to_thread=True,
)
def hospitals(request: AnyRequest, system: Here) -> HospitalList:
    require_operational(request, system)
    with system.projector.looking() as position:
        lines = [
            HospitalLine(
                each.id, each.names, each.point.lat, each.point.lon, each.area, system.views.hospitals.hospital(each.id)
            )
            for each in system.city.hospitals
        ]
    return HospitalList(position, lines)
