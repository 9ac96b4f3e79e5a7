"""
Hospitals: the beds they have and whether their emergency department takes patients.

Terms are those of EDXL-HAVE 1.0 (OASIS): BedType, EMSTrafficStatus, EMSOffloadStatus.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.place import Count
from tocsin.domain.response.field_work import require_past
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Unknown
from tocsin.kernel.event import Command, Event, Instant


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
    Beds of one type: AvailableCount, vacant and staffed now; BaselineCount, how many there are; and how many can be
    added in a day and in three.
    """

    available: Count
    baseline: Count | None = None
    additional_24h: Count | None = None
    additional_72h: Count | None = None


class Triaged(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """TriageCount: patients by colour. What is not said is None."""

    red: Count | None = None
    yellow: Count | None = None
    green: Count | None = None
    black: Count | None = None


class Service(StrEnum):
    """ServiceCoverageStatus: what a hospital treats at all."""

    BURN = "Burn"
    CARDIOLOGY = "Cardiology"
    DIALYSIS = "Dialysis"
    EMERGENCY_DEPARTMENT = "EmergencyDepartment"
    HYPERBARIC_CHAMBER = "HyperbaricChamber"
    INFECTIOUS_DISEASE = "InfectiousDisease"
    NEONATOLOGY = "Neonatology"
    NEUROLOGY = "Neurology"
    OBGYN = "OBGYN"
    OPHTHALMOLOGY = "Ophthalmology"
    ORTHOPEDIC = "Orthopedic"
    PEDIATRICS = "Pediatrics"
    PSYCHIATRIC = "Psychiatric"
    SURGERY = "Surgery"
    TRANSPORT = "TransportServices"


class FacilityStatus(StrEnum):
    NORMAL = "Normal"
    COMPROMISED = "Compromised"
    EVACUATING = "Evacuating"
    CLOSED = "Closed"


class ClinicalStatus(StrEnum):
    NORMAL = "Normal"
    FULL = "Full"


class SecurityStatus(StrEnum):
    NORMAL = "Normal"
    ELEVATED = "Elevated"
    RESTRICTED_ACCESS = "RestrictedAccess"
    LOCKDOWN = "Lockdown"
    QUARANTINE = "Quarantine"


class MorgueStatus(StrEnum):
    OPEN = "Open"
    FULL = "Full"
    EXCEEDED = "Exceeded"


class DeconStatus(StrEnum):
    INACTIVE = "Inactive"
    OPEN = "Open"
    FULL = "Full"
    EXCEEDED = "Exceeded"


class Adequacy(StrEnum):
    ADEQUATE = "Adequate"
    INSUFFICIENT = "Insufficient"


class Facility(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The rest of EDXL-HAVE: how the house stands besides its beds. What is not said is None.

    Attributes:
        traffic_reason: Why ambulances are asked to stay away, without names of people.
        ems_capacity, ems_census: Patients that ambulances may bring, and that they have brought.
        air_offload, air_offload_minutes: The same as for ambulances, for helicopters.
        services: What it treats.
        trauma_level: 1, the most, to 4.
        eoc_active: Whether its own operations centre sits.
        morgue_units: Free places.
        admissions_24h, discharges_24h, deaths_24h: Of the last day.
    """

    traffic_reason: Annotated[str, Meta(max_length=500)] = ""
    ems_capacity: Triaged | None = None
    ems_census: Triaged | None = None
    air_offload: Offload | None = None
    air_offload_minutes: Count | None = None
    services: dict[Service, bool] = {}
    trauma_level: Annotated[int, Meta(ge=1, le=4)] | None = None
    facility: FacilityStatus | None = None
    clinical: ClinicalStatus | None = None
    security: SecurityStatus | None = None
    eoc_active: bool | None = None
    morgue: MorgueStatus | None = None
    morgue_units: Count | None = None
    decon: DeconStatus | None = None
    admissions_24h: Count | None = None
    discharges_24h: Count | None = None
    deaths_24h: Count | None = None
    staffing: Adequacy | None = None
    facility_operations: Adequacy | None = None
    clinical_operations: Adequacy | None = None


class ReportHospital(Command, frozen=True, kw_only=True, tag="hospital.report"):
    """
    The hospital as it stands, whole: a type of bed that is left out is not known, which is not none.

    Attributes:
        offload_minutes: How long an ambulance waits to hand over its patient.
        occurred: When it stood so, if that is not now: an older report that comes in late does not hide a newer one.
    """

    hospital: str
    beds: dict[BedType, Beds]
    ed_status: Traffic
    offload: Offload = Offload.NORMAL
    offload_minutes: Count | None = None
    facility: Facility | None = None
    occurred: Instant | None = None


class HospitalReported(Event, frozen=True, kw_only=True, tag="hospital.reported"):
    hospital: str
    beds: dict[BedType, Beds]
    ed_status: Traffic
    offload: Offload
    offload_minutes: int | None
    facility: Facility | None = None
    occurred: Instant | None = None


class Hospital(msgspec.Struct, frozen=True):
    reported: HospitalReported | None = None


def decide(_hospital: Hospital, command: ReportHospital, context: Context) -> Sequence[Event]:
    """
    A report that says the same again is kept too: that it is fresh is the news.

    Raises:
        Unknown: If the city has no such hospital.
        Invalid: If more beds are free than there are, or it is a report of the future.
    """
    require_hospital(command.hospital, context)
    require_past(command, context.now)
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
