"""How far a patient has come, what is allowed then, and what comes of it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec

from tocsin.domain.response.field_work import require_past
from tocsin.domain.response.hospitals import BedType, require_hospital
from tocsin.domain.response.patients.messages import (
    AdmitPatient,
    Care,
    CarryPatient,
    DischargePatient,
    FamilyLinked,
    LinkFamily,
    PatientAdmitted,
    PatientCarried,
    PatientCommand,
    PatientDied,
    PatientDischarged,
    PatientEvent,
    PatientRetriaged,
    PatientTagged,
    PatientTransferred,
    Place,
    RecordDeath,
    RetriagePatient,
    TagPatient,
    TransferPatient,
)
from tocsin.domain.response.patients.triage import Category, Scheme, triage
from tocsin.domain.response.teams import Duty, Team
from tocsin.domain.response.worksites import Stage, Worksite
from tocsin.domain.subject import Context
from tocsin.kernel.errors import Refused, Unknown
from tocsin.kernel.event import Command, Event, kind_of


class Patient(msgspec.Struct, frozen=True):
    """One patient as the events leave them."""

    care: Care = Care.UNKNOWN
    tagged: PatientTagged | None = None
    category: Category = Category.GREEN
    scheme: Scheme = Scheme.START
    hospital: str = ""
    bed: BedType = BedType.EMERGENCY_DEPARTMENT
    family: str = ""


# Some walk into a hospital by themselves, and some are treated on the spot and go home.
BEFORE_HOSPITAL: frozenset[type[Command]] = frozenset(
    {RetriagePatient, CarryPatient, AdmitPatient, DischargePatient, RecordDeath, LinkFamily}
)
# Read as: this far, these commands are allowed.
ALLOWED: dict[Care, frozenset[type[Command]]] = {
    Care.UNKNOWN: frozenset({TagPatient}),
    Care.TAGGED: BEFORE_HOSPITAL,
    Care.CARRIED: BEFORE_HOSPITAL,
    # Admitting twice would count one person in two hospitals: whoever is admitted is transferred.
    Care.ADMITTED: frozenset({RetriagePatient, TransferPatient, DischargePatient, RecordDeath, LinkFamily}),
    # Those who were sent home come back worse.
    Care.DISCHARGED: frozenset({AdmitPatient, LinkFamily}),
    Care.DEAD: frozenset({LinkFamily}),
}
# Read as: these may come in late from the field, with their own time, when the patient is further already. They
# are kept, and move nobody back.
LATE: frozenset[type[Command]] = frozenset({RetriagePatient, CarryPatient})
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
        Refused: If it cannot be, this far: see ALLOWED, LATE and PLACES.
        Invalid: If it was done in the future, or a finding is missing that triage comes to.
    """
    _require_allowed(patient, command)
    require_past(command, context.now)
    said = msgspec.structs.asdict(command)
    match command:
        case TagPatient():
            return [_tag(command, context)]
        case RetriagePatient():
            # Also when the category is the same: that somebody looked again is worth knowing.
            return [PatientRetriaged(computed=_computed(command), **said)]
        case CarryPatient():
            return [_carry(command, context)]
        case AdmitPatient():
            require_hospital(command.hospital, context)
            return [PatientAdmitted(**said)]
        case TransferPatient():
            return _transfer(patient, command, context)
        case DischargePatient():
            return [PatientDischarged(hospital=patient.hospital, **said)]
        case RecordDeath():
            return [_die(patient, command)]
        case LinkFamily():
            return _link(patient, command, context.now)


def _require_allowed(patient: Patient, command: PatientCommand) -> None:
    if patient.care is Care.UNKNOWN and not isinstance(command, TagPatient):
        raise Unknown(f"there is no patient {command.patient!r}", "patient")
    late = command.occurred is not None and type(command) in LATE
    if type(command) not in ALLOWED[patient.care] and not late:
        raise Refused(f"a patient who is {patient.care} cannot be changed by {kind_of(command)}", "patient")


def _computed(command: TagPatient | RetriagePatient) -> Category | None:
    return None if command.findings is None else triage(command.scheme, command.findings)


def _link(patient: Patient, command: LinkFamily, now: datetime) -> Sequence[Event]:
    # Six digits of a digest: what is said over a radio must be short, and the tag alone would make it guessable.
    made = hashlib.sha256(f"{command.patient} {now.isoformat()}".encode()).hexdigest()[:6].upper()
    family = command.family or patient.family or f"F-{made}"
    if family == patient.family:
        return []
    return [FamilyLinked(patient=command.patient, family=family, occurred=command.occurred)]


def _tag(command: TagPatient, context: Context) -> PatientTagged:
    if command.worksite:
        worksite: Worksite = context.others[f"worksite/{command.worksite}"]
        if worksite.stage is Stage.UNKNOWN:
            raise Unknown(f"there is no worksite {command.worksite!r}", "worksite")
    return PatientTagged(computed=_computed(command), **msgspec.structs.asdict(command))


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
    return [
        PatientTransferred(
            patient=command.patient,
            previous=patient.hospital,
            hospital=command.hospital,
            bed=bed,
            occurred=command.occurred,
        )
    ]


def _die(patient: Patient, command: RecordDeath) -> PatientDied:
    places = PLACES[patient.care]
    if command.place not in places:
        raise Refused(
            f"a patient who is {patient.care} dies at {' or '.join(sorted(places))}, not {command.place}", "place"
        )
    return PatientDied(hospital=patient.hospital, **msgspec.structs.asdict(command))


def evolve(patient: Patient, event: PatientEvent) -> Patient:
    changed = msgspec.structs.replace
    match event:
        case PatientTagged(category=category, scheme=scheme):
            return changed(patient, care=Care.TAGGED, tagged=event, category=category, scheme=scheme)
        case PatientRetriaged(category=category, scheme=scheme):
            return changed(patient, category=category, scheme=scheme)
        case PatientCarried():
            before = patient.care in (Care.TAGGED, Care.CARRIED)
            return changed(patient, care=Care.CARRIED) if before else patient
        case PatientAdmitted(hospital=hospital, bed=bed) | PatientTransferred(hospital=hospital, bed=bed):
            return changed(patient, care=Care.ADMITTED, hospital=hospital, bed=bed)
        case PatientDischarged():
            return changed(patient, care=Care.DISCHARGED, hospital="")
        case PatientDied():
            return changed(patient, care=Care.DEAD)
        case FamilyLinked(family=family):
            return changed(patient, family=family)
