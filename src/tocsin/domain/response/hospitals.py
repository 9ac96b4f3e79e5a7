"""
Hospitals: the beds they have and whether their emergency department takes patients.

Terms are those of EDXL-HAVE 1.0 (OASIS): BedType, EMSTrafficStatus, EMSOffloadStatus.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from tocsin.domain.place import Count
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Unknown
from tocsin.kernel.event import Command, Event


class BedType(StrEnum):
    ADULT_ICU = "AdultICU"
    PEDIATRIC_ICU = "PediatricICU"
    NEONATAL_ICU = "NeonatalICU"
    EMERGENCY_DEPARTMENT = "EmergencyDepartment"
    NURSERY_BEDS = "NurseryBeds"
    MEDICAL_SURGICAL = "MedicalSurgical"
    REHAB_LONG_TERM_CARE = "RehabLongTermCare"
    BURN = "Burn"
    PEDIATRICS = "Pediatrics"
    ADULT_PSYCHIATRIC = "AdultPsychiatric"
    PEDIATRIC_PSYCHIATRIC = "PediatricPsychiatric"
    NEGATIVE_FLOW_ISOLATION = "NegativeFlowIsolation"
    OTHER_ISOLATION = "OtherIsolation"
    OPERATING_ROOMS = "OperatingRooms"


class Traffic(StrEnum):
    """EMSTrafficStatus: whether ambulances may come."""

    NORMAL = "Normal"
    ADVISORY = "Advisory"
    CLOSED = "Closed"
    NOT_APPLICABLE = "NotApplicable"


class Offload(StrEnum):
    """EMSOffloadStatus: whether ambulances get rid of their patients in time."""

    NORMAL = "Normal"
    DELAYED = "Delayed"


class Beds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Beds of one type: AvailableCount, vacant and staffed now; BaselineCount, how many there are.
    """

    available: Count
    baseline: Count | None = None


class ReportHospital(Command, frozen=True, kw_only=True, tag="hospital.report"):
    """
    The hospital as it stands, whole: a type of bed that is left out is not known, which is not none.

    Attributes:
        offload_minutes: How long an ambulance waits to hand over its patient.
    """

    hospital: str
    beds: dict[BedType, Beds]
    ed_status: Traffic
    offload: Offload = Offload.NORMAL
    offload_minutes: Count | None = None


class HospitalReported(Event, frozen=True, kw_only=True, tag="hospital.reported"):
    hospital: str
    beds: dict[BedType, Beds]
    ed_status: Traffic
    offload: Offload
    offload_minutes: int | None


class Hospital(msgspec.Struct, frozen=True):
    reported: HospitalReported | None = None


def decide(_hospital: Hospital, command: ReportHospital, context: Context) -> Sequence[Event]:
    """
    A report that says the same again is kept too: that it is fresh is the news.

    Raises:
        Unknown: If the city has no such hospital.
        Invalid: If more beds are free than there are.
    """
    require_hospital(command.hospital, context)
    for bed, beds in command.beds.items():
        if beds.baseline is not None and beds.available > beds.baseline:
            raise Invalid(f"{beds.available} beds free of {beds.baseline}", f"beds.{bed}.available")
    return [HospitalReported(**msgspec.structs.asdict(command))]


def require_hospital(hospital: str, context: Context) -> None:
    """
    Raises:
        Unknown: If the city has no such hospital.
    """
    if hospital not in context.city.hospitals:
        raise Unknown(f"no hospital has the id {hospital!r}", "hospital")


def evolve(_hospital: Hospital, event: HospitalReported) -> Hospital:
    return Hospital(event)


HOSPITAL = Subject(
    name="hospital",
    id_field="hospital",
    commands=(ReportHospital,),
    events=(HospitalReported,),
    blank=Hospital(),
    decide=decide,
    evolve=evolve,
)
