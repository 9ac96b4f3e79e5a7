"""The patients who wait and the beds that are free, put together for a suggestion."""

from tocsin.city.travel import driving_seconds
from tocsin.domain.response.distribution import Case, Distribution, Room, distribute
from tocsin.domain.response.hospitals import BedType, FacilityStatus, Traffic
from tocsin.domain.response.patients import Age
from tocsin.flow.system import System
from tocsin.kernel.geo import Point
from tocsin.views.hospitals import HospitalState
from tocsin.views.patients import PatientState

ADVISORY_SECONDS = 15 * 60.0
"""What an emergency department that asks ambulances to go elsewhere counts as, where it says no minutes."""


def suggest_hospitals(system: System, worksite: str | None = None) -> Distribution:
    """
    For everybody who is in no hospital yet, or those of one worksite.

    Raises:
        Invalid: If there are too many at once.
    """
    with system.projector.looking():
        waiting = [each for each in system.views.patients.waiting() if worksite in (None, each.worksite)]
        hospitals = [system.views.hospitals.hospital(each.id) for each in system.city.hospitals]
        places = {each: _place(system, each) for each in waiting}
    ways = _ways(system, set(places.values()) - {None})
    cases = [
        Case(
            patient=each.patient,
            category=each.category,
            child=each.age is Age.CHILD,
            seconds=ways.get(places[each], {}),
        )
        for each in waiting
    ]
    return distribute(cases, [room for hospital in hospitals for room in _rooms(hospital)])


def _place(system: System, patient: PatientState) -> Point | None:
    """Where the patient is: where they were found, or their worksite."""
    if patient.lat is not None and patient.lon is not None:
        return Point(patient.lat, patient.lon)
    site = system.views.worksites.worksite(patient.worksite)
    return None if site is None else Point(site.lat, site.lon)


def _ways(system: System, starts: set[Point | None]) -> dict[Point | None, dict[str, float]]:
    """
    Seconds to every hospital from each place. Whoever was found nobody knows where is as far from all of them.
    """
    hospitals = system.city.hospitals
    ways: dict[Point | None, dict[str, float]] = {None: dict.fromkeys((each.id for each in hospitals), 0.0)}
    for start in starts:
        if start is not None:
            seconds = driving_seconds(system.city, start, [each.point for each in hospitals])
            pairs = zip(hospitals, seconds, strict=True)
            ways[start] = {each.id: away for each, away in pairs if away is not None}
    return ways


def _rooms(hospital: HospitalState) -> list[Room]:
    """Beds that patients may be brought to now. A hospital that never reported has none that we know of."""
    house = hospital.facility
    shut = house is not None and house.facility in (FacilityStatus.CLOSED, FacilityStatus.EVACUATING)
    if shut or hospital.ed_status in (None, Traffic.CLOSED):
        return []
    wait = 60.0 * (hospital.offload_minutes or 0)
    if hospital.ed_status is Traffic.ADVISORY:
        wait = max(wait, ADVISORY_SECONDS)
    return [
        Room(hospital=hospital.hospital, bed=bed, free=hospital.free(bed), wait_seconds=wait)
        for bed in BedType
        if hospital.free(bed)
    ]
