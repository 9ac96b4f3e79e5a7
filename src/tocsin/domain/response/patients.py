"""
Patients: tagged at the site, carried, admitted, and what became of each. By tag number only: no names.

Categories are those of START (adults) and JumpSTART (children).
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.response.hospitals import BedType, require_hospital
from tocsin.domain.response.teams import Duty, Team
from tocsin.domain.response.worksites import Stage, Worksite
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Refused, Unknown
from tocsin.kernel.event import Command, Event, kind_of

# Latin letters only, or a Cyrillic А and a Latin A on one tag would make two patients of one. It has a digit, or
# somebody would write a name there, which the journal could never forget.
Tag = Annotated[str, Meta(pattern="^(?=.*[0-9])[0-9A-Za-z-]{1,40}$", description="Number on the triage tag")]


class Category(StrEnum):
    RED = "red"
    """Immediate."""
    YELLOW = "yellow"
    """Delayed."""
    GREEN = "green"
    """Minor."""
    BLACK = "black"
    """Deceased or expectant. A tag is not a death: that is `patient.die`."""


class Scheme(StrEnum):
    START = "start"
    JUMPSTART = "jumpstart"


class Age(StrEnum):
    CHILD = "child"
    ADULT = "adult"
    UNKNOWN = "unknown"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class Found(StrEnum):
    ON_FOOT = "on_foot"
    CARRIED = "carried"
    TRAPPED = "trapped"


class How(StrEnum):
    STRETCHER = "stretcher"
    ON_FOOT = "on_foot"
    VEHICLE = "vehicle"


class Place(StrEnum):
    """Where somebody was when it was over for them here."""

    SCENE = "scene"
    TRANSPORT = "transport"
    HOSPITAL = "hospital"


class Care(StrEnum):
    """How far a patient has come."""

    UNKNOWN = "unknown"
    """There is no such patient."""
    TAGGED = "tagged"
    CARRIED = "carried"
    ADMITTED = "admitted"
    DISCHARGED = "discharged"
    DEAD = "dead"


class TagPatient(Command, frozen=True, kw_only=True, tag="patient.tag"):
    """
    Attributes:
        worksite: Where the patient was found; empty if it was at none, such as in the street.
    """

    patient: Tag
    worksite: str = ""
    category: Category
    scheme: Scheme = Scheme.START
    age: Age = Age.UNKNOWN
    sex: Sex = Sex.UNKNOWN
    found: Found


class RetriagePatient(Command, frozen=True, kw_only=True, tag="patient.retriage"):
    """Look again. What was found before stays in the journal."""

    patient: Tag
    category: Category
    scheme: Scheme = Scheme.START


class CarryPatient(Command, frozen=True, kw_only=True, tag="patient.carry"):
    """
    Attributes:
        team: Who carries.
        to: The team or ambulance that takes over; empty if it is the same team.
    """

    patient: Tag
    team: str
    how: How
    to: str = ""


class AdmitPatient(Command, frozen=True, kw_only=True, tag="patient.admit"):
    patient: Tag
    hospital: str
    bed: BedType


class TransferPatient(Command, frozen=True, kw_only=True, tag="patient.transfer"):
    """Move to another hospital, or to another bed in the same one. Without `bed` the type of bed stays."""

    patient: Tag
    hospital: str
    bed: BedType | None = None


class DischargePatient(Command, frozen=True, kw_only=True, tag="patient.discharge"):
    """Let go home: from hospital, or from the scene after being treated there."""

    patient: Tag


class RecordDeath(Command, frozen=True, kw_only=True, tag="patient.die"):
    patient: Tag
    place: Place


PatientCommand = (
    TagPatient | RetriagePatient | CarryPatient | AdmitPatient | TransferPatient | DischargePatient | RecordDeath
)


class PatientTagged(Event, frozen=True, kw_only=True, tag="patient.tagged"):
    patient: str
    worksite: str
    category: Category
    scheme: Scheme
    age: Age
    sex: Sex
    found: Found


class PatientRetriaged(Event, frozen=True, kw_only=True, tag="patient.retriaged"):
    patient: str
    category: Category
    scheme: Scheme


class PatientCarried(Event, frozen=True, kw_only=True, tag="patient.carried"):
    patient: str
    team: str
    how: How
    to: str


class PatientAdmitted(Event, frozen=True, kw_only=True, tag="patient.admitted"):
    patient: str
    hospital: str
    bed: BedType


class PatientTransferred(Event, frozen=True, kw_only=True, tag="patient.transferred"):
    """Moved, not added: `previous` is the hospital that has one patient less."""

    patient: str
    previous: str
    hospital: str
    bed: BedType


class PatientDischarged(Event, frozen=True, kw_only=True, tag="patient.discharged"):
    """`hospital` is empty when the patient was treated on the scene and never admitted."""

    patient: str
    hospital: str


class PatientDied(Event, frozen=True, kw_only=True, tag="patient.died"):
    """`hospital` is the one the patient was admitted to, if any."""

    patient: str
    place: Place
    hospital: str


class Patient(msgspec.Struct, frozen=True):
    """One patient as the events leave them."""

    care: Care = Care.UNKNOWN
    tagged: PatientTagged | None = None
    category: Category = Category.GREEN
    scheme: Scheme = Scheme.START
    hospital: str = ""
    bed: BedType = BedType.EMERGENCY_DEPARTMENT


# Read as: this far, these commands are allowed.
ALLOWED: dict[Care, frozenset[type[Command]]] = {
    Care.UNKNOWN: frozenset({TagPatient}),
    # Some walk into a hospital by themselves, and some are treated on the spot and go home.
    Care.TAGGED: frozenset({RetriagePatient, CarryPatient, AdmitPatient, DischargePatient, RecordDeath}),
    Care.CARRIED: frozenset({RetriagePatient, CarryPatient, AdmitPatient, DischargePatient, RecordDeath}),
    # Admitting twice would count one person in two hospitals: whoever is admitted is transferred.
    Care.ADMITTED: frozenset({RetriagePatient, TransferPatient, DischargePatient, RecordDeath}),
    # Those who were sent home come back worse.
    Care.DISCHARGED: frozenset({AdmitPatient}),
    Care.DEAD: frozenset(),
}
# Read as: this far, somebody may have died in these places. A death in hospital of somebody no hospital admitted
# would make the hospitals' figures disagree with the city's.
PLACES: dict[Care, frozenset[Place]] = {
    Care.TAGGED: frozenset({Place.SCENE}),
    Care.CARRIED: frozenset({Place.SCENE, Place.TRANSPORT}),
    Care.ADMITTED: frozenset({Place.HOSPITAL, Place.TRANSPORT}),
}


def consults(command: PatientCommand) -> Sequence[str]:
    match command:
        case TagPatient(worksite=worksite) if worksite:
            return [f"worksite/{worksite}"]
        case CarryPatient():
            return [f"team/{team}" for team in (command.team, command.to) if team]
        case _:
            return ()


def decide(patient: Patient, command: PatientCommand, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If the patient, the worksite, a team or the hospital does not exist.
        Refused: If it cannot be, this far: see ALLOWED and PLACES.
    """
    _require_allowed(patient, command)
    match command:
        case TagPatient():
            return [_tag(command, context)]
        case RetriagePatient():
            # Also when the category is the same: that somebody looked again is worth knowing.
            return [PatientRetriaged(**msgspec.structs.asdict(command))]
        case CarryPatient():
            return [_carry(command, context)]
        case AdmitPatient():
            require_hospital(command.hospital, context)
            return [PatientAdmitted(**msgspec.structs.asdict(command))]
        case TransferPatient():
            return _transfer(patient, command, context)
        case DischargePatient():
            return [PatientDischarged(patient=command.patient, hospital=patient.hospital)]
        case RecordDeath():
            return [_die(patient, command)]


def _require_allowed(patient: Patient, command: PatientCommand) -> None:
    if patient.care is Care.UNKNOWN and not isinstance(command, TagPatient):
        raise Unknown(f"there is no patient {command.patient!r}", "patient")
    if type(command) not in ALLOWED[patient.care]:
        raise Refused(f"a patient who is {patient.care} cannot be changed by {kind_of(command)}")


def _tag(command: TagPatient, context: Context) -> PatientTagged:
    if command.worksite:
        worksite: Worksite = context.others[f"worksite/{command.worksite}"]
        if worksite.stage is Stage.UNKNOWN:
            raise Unknown(f"there is no worksite {command.worksite!r}", "worksite")
    return PatientTagged(**msgspec.structs.asdict(command))


def _carry(command: CarryPatient, context: Context) -> PatientCarried:
    _require_team(command.team, context, "team")
    if command.to:
        _require_team(command.to, context, "to")
    return PatientCarried(**msgspec.structs.asdict(command))


def _require_team(name: str, context: Context, where: str) -> None:
    team: Team = context.others.get(f"team/{name}", Team())
    if team.duty is Duty.UNKNOWN:
        raise Unknown(f"there is no team {name!r}", where)


def _transfer(patient: Patient, command: TransferPatient, context: Context) -> Sequence[Event]:
    require_hospital(command.hospital, context)
    bed = command.bed or patient.bed
    if (command.hospital, bed) == (patient.hospital, patient.bed):
        return []
    return [PatientTransferred(patient=command.patient, previous=patient.hospital, hospital=command.hospital, bed=bed)]


def _die(patient: Patient, command: RecordDeath) -> PatientDied:
    places = PLACES[patient.care]
    if command.place not in places:
        raise Refused(f"a patient who is {patient.care} dies at {' or '.join(sorted(places))}, not {command.place}")
    return PatientDied(patient=command.patient, place=command.place, hospital=patient.hospital)


EVENTS = (
    PatientTagged,
    PatientRetriaged,
    PatientCarried,
    PatientAdmitted,
    PatientTransferred,
    PatientDischarged,
    PatientDied,
)
PatientEvent = (
    PatientTagged
    | PatientRetriaged
    | PatientCarried
    | PatientAdmitted
    | PatientTransferred
    | PatientDischarged
    | PatientDied
)


def evolve(patient: Patient, event: PatientEvent) -> Patient:
    changed = msgspec.structs.replace
    match event:
        case PatientTagged(category=category, scheme=scheme):
            return changed(patient, care=Care.TAGGED, tagged=event, category=category, scheme=scheme)
        case PatientRetriaged(category=category, scheme=scheme):
            return changed(patient, category=category, scheme=scheme)
        case PatientCarried():
            return changed(patient, care=Care.CARRIED)
        case PatientAdmitted(hospital=hospital, bed=bed) | PatientTransferred(hospital=hospital, bed=bed):
            return changed(patient, care=Care.ADMITTED, hospital=hospital, bed=bed)
        case PatientDischarged():
            return changed(patient, care=Care.DISCHARGED, hospital="")
        case PatientDied():
            return changed(patient, care=Care.DEAD)


PATIENT = Subject(
    name="patient",
    id_field="patient",
    commands=(
        TagPatient,
        RetriagePatient,
        CarryPatient,
        AdmitPatient,
        TransferPatient,
        DischargePatient,
        RecordDeath,
    ),
    events=EVENTS,
    blank=Patient(),
    decide=decide,
    evolve=evolve,
    consults=consults,
)
