"""/v1/people and /v1/patients/{tag}: each patient by themselves for those who treat them, names by role and audited."""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from tocsin.domain.response.patients import Care
from tocsin.flow.people import Details, Look
from tocsin.flow.system import System
from tocsin.formats.edxl_tep import Tracked, write_tep
from tocsin.formats.triage_tag import tag_svg
from tocsin.http.auth import actor_of, require_role
from tocsin.http.here import Here
from tocsin.kernel.errors import Unknown
from tocsin.views.patients import PatientState

AnyRequest = Request[Any, Any, Any]
TREATING = frozenset({"administrator", "dispatcher", "team_leader", "medic", "hospital"})
"""Who sees one patient by themselves, without a name: those who may give orders about one."""


class PatientPage(msgspec.Struct, frozen=True):
    position: int
    patient: PatientState


class Family(msgspec.Struct, frozen=True):
    """Everybody with one family code, and where each is."""

    family: str
    patients: list[PatientState]


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In a body, not in the address: addresses are logged."""

    words: str


class People(msgspec.Struct, frozen=True):
    people: list[str]


class Looks(msgspec.Struct, frozen=True):
    looks: list[Look]


class Kept(msgspec.Struct, frozen=True):
    person: str


def patient_of(system: System, tag: str) -> PatientState:
    """
    Raises:
        Unknown: If there is no such patient.
    """
    found = system.views.patients.patient(tag)
    if found is None:
        raise Unknown(f"there is no patient {tag!r}", "patient")
    return found


@get(
    "/v1/patients/{tag:str}",
    tags=["patients"],
    summary="One patient by tag number: triage, way, hospital; no name",
    operation_id="patient",
    sync_to_thread=True,
)
def patient(request: AnyRequest, system: Here, tag: FromPath[str]) -> PatientPage:
    require_role(request, system, TREATING)
    with system.projector.looking() as position:
        return PatientPage(position, patient_of(system, tag))


@get(
    "/v1/patients/{tag:str}/tag.svg",
    tags=["patients"],
    summary="The triage tag to print, with a QR code",
    operation_id="patient_tag",
    sync_to_thread=True,
)
def patient_tag(request: AnyRequest, system: Here, tag: FromPath[str]) -> Response[str]:
    require_role(request, system, TREATING)
    with system.projector.looking():
        found = patient_of(system, tag)
    return Response(tag_svg(found.patient, found.category, found.family), media_type="image/svg+xml")


@get(
    "/v1/patients/{tag:str}/tep.xml",
    tags=["patients"],
    summary="The patient as EDXL-TEP 1.1, without what identifies them",
    operation_id="patient_tep",
    sync_to_thread=True,
)
def patient_tep(request: AnyRequest, system: Here, tag: FromPath[str]) -> Response[bytes]:
    require_role(request, system, TREATING)
    with system.projector.looking():
        found = patient_of(system, tag)
        site = system.views.worksites.worksite(found.worksite) if found.worksite else None
    names = {each.id: each.names.get("uk") or next(iter(each.names.values())) for each in system.city.hospitals}
    tracked = Tracked(
        patient=found.patient,
        incident=site.attack if site is not None else "",
        category=found.category,
        dead=found.care is Care.DEAD,
        child=found.age == "child",
        sex=found.sex,
        family=found.family,
        hospital=names.get(found.hospital, found.hospital),
        team=found.with_team,
        disposition=found.care,
        triaged_at=found.triages[-1].at if found.triages else None,
    )
    return Response(write_tep(tracked, sender=system.sender, now=system.clock()), media_type="application/xml")


@get(
    "/v1/families/{family:str}",
    tags=["patients"],
    summary="Everybody with one family code, and where each is",
    operation_id="family",
    sync_to_thread=True,
)
def family(request: AnyRequest, system: Here, family: FromPath[str]) -> Family:
    require_role(request, system, TREATING)
    with system.projector.looking():
        found = system.views.patients.family(family)
    if not found:
        raise Unknown(f"nobody has the family code {family!r}", "family")
    return Family(family, found)


# Litestar registers the routes of one path anew for each of them and then runs what `sync_to_thread` made of them
# wrongly; hence coroutines where a path has several methods.


@get(
    "/v1/people/{person:str}",
    tags=["people"],
    summary="Who somebody is; the look is recorded",
    operation_id="person",
)
async def person(request: AnyRequest, system: Here, person: FromPath[str]) -> Details:
    return await asyncio.to_thread(system.people.look, person, actor_of(request, system))


@put(
    "/v1/people/{person:str}",
    tags=["people"],
    summary="Write down who somebody is, encrypted and outside the journal",
    operation_id="write_person",
)
async def write_person(request: AnyRequest, system: Here, person: FromPath[str], data: JSONBody[Details]) -> Kept:
    await asyncio.to_thread(system.people.write, person, data, actor_of(request, system))
    return Kept(person)


@delete(
    "/v1/people/{person:str}",
    tags=["people"],
    summary="Forget who somebody is",
    operation_id="erase_person",
    status_code=200,
)
async def erase_person(request: AnyRequest, system: Here, person: FromPath[str], reason: FromQuery[str]) -> Kept:
    await asyncio.to_thread(system.people.erase, person, reason, actor_of(request, system))
    return Kept(person)


@post(
    "/v1/people/search",
    tags=["people"],
    summary="Tags of everybody whose name, document or telephone holds the words; recorded for each",
    operation_id="search_people",
    status_code=200,
    sync_to_thread=True,
)
def search_people(request: AnyRequest, system: Here, data: JSONBody[Wanted]) -> People:
    return People(system.people.search(data.words, actor_of(request, system)))


@get(
    "/v1/people/audit",
    tags=["people"],
    summary="Who looked at whom, newest first",
    operation_id="people_audit",
    sync_to_thread=True,
)
def people_audit(
    request: AnyRequest,
    system: Here,
    person: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 100,
) -> Looks:
    return Looks(system.people.audit(actor_of(request, system), limit, person))


ROUTES = (
    patient,
    patient_tag,
    patient_tep,
    family,
    people_audit,
    search_people,
    person,
    write_person,
    erase_person,
)
