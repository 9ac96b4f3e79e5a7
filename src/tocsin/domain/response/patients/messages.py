"""
What may be ordered of a patient, and what has happened to one. By tag number only: no names.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from tocsin.domain.place import Latitude, Longitude
from tocsin.domain.response.field_work import FieldCommand, FieldEvent
from tocsin.domain.response.hospitals import BedType
from tocsin.domain.response.patients.triage import Category, Findings, Scheme

# Latin letters only, or a Cyrillic А and a Latin A on one tag would make two patients of one. It has a digit, or
# somebody would write a name there, which the journal could never forget.
Tag = Annotated[str, Meta(pattern="^(?=.*[0-9])[0-9A-Za-z-]{1,40}$", description="Number on the triage tag")]


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


class TagPatient(FieldCommand, frozen=True, kw_only=True, tag="patient.tag"):
    """
    Attributes:
        worksite: Where the patient was found; empty if it was at none, such as in the street.
        findings: What the category was made from. Where the algorithm gives another, both are kept: whoever tags
            decides.
        lat, lon: Where the patient was found.
    """

    patient: Tag
    worksite: str = ""
    category: Category
    scheme: Scheme = Scheme.START
    age: Age = Age.UNKNOWN
    sex: Sex = Sex.UNKNOWN
    found: Found
    findings: Findings | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None


class RetriagePatient(FieldCommand, frozen=True, kw_only=True, tag="patient.retriage"):
    """Look again. What was found before stays in the journal."""

    patient: Tag
    category: Category
    scheme: Scheme = Scheme.START
    findings: Findings | None = None


class CarryPatient(FieldCommand, frozen=True, kw_only=True, tag="patient.carry"):
    """
    Attributes:
        team: Who carries.
        to: The team or ambulance that takes over; empty if it is the same team.
    """

    patient: Tag
    team: str
    how: How
    to: str = ""


class AdmitPatient(FieldCommand, frozen=True, kw_only=True, tag="patient.admit"):
    patient: Tag
    hospital: str
    bed: BedType


class TransferPatient(FieldCommand, frozen=True, kw_only=True, tag="patient.transfer"):
    """Move to another hospital, or to another bed in the same one. Without `bed` the type of bed stays."""

    patient: Tag
    hospital: str
    bed: BedType | None = None


class DischargePatient(FieldCommand, frozen=True, kw_only=True, tag="patient.discharge"):
    """Let go home: from hospital, or from the scene after being treated there."""

    patient: Tag


class RecordDeath(FieldCommand, frozen=True, kw_only=True, tag="patient.die"):
    patient: Tag
    place: Place


class LinkFamily(FieldCommand, frozen=True, kw_only=True, tag="patient.link_family"):
    """
    Give a patient the code of their family, so that those who belong together find each other without names.

    Attributes:
        family: The code of those who were found together; left out, a new one.
    """

    patient: Tag
    family: Annotated[str, Meta(pattern="^(F-[0-9A-F]{6})?$")] = ""


PatientCommand = (
    LinkFamily
    | TagPatient
    | RetriagePatient
    | CarryPatient
    | AdmitPatient
    | TransferPatient
    | DischargePatient
    | RecordDeath
)


class PatientTagged(FieldEvent, frozen=True, kw_only=True, tag="patient.tagged"):
    """
    Attributes:
        computed: What the algorithm makes of the findings, which need not be the category that was given.
    """

    patient: str
    worksite: str
    category: Category
    scheme: Scheme
    age: Age
    sex: Sex
    found: Found
    findings: Findings | None = None
    computed: Category | None = None
    lat: float | None = None
    lon: float | None = None


class PatientRetriaged(FieldEvent, frozen=True, kw_only=True, tag="patient.retriaged"):
    patient: str
    category: Category
    scheme: Scheme
    findings: Findings | None = None
    computed: Category | None = None


class FamilyLinked(FieldEvent, frozen=True, kw_only=True, tag="patient.family_linked"):
    patient: str
    family: str


class PatientCarried(FieldEvent, frozen=True, kw_only=True, tag="patient.carried"):
    patient: str
    team: str
    how: How
    to: str


class PatientAdmitted(FieldEvent, frozen=True, kw_only=True, tag="patient.admitted"):
    patient: str
    hospital: str
    bed: BedType


class PatientTransferred(FieldEvent, frozen=True, kw_only=True, tag="patient.transferred"):
    """Moved, not added: `previous` is the hospital that has one patient less."""

    patient: str
    previous: str
    hospital: str
    bed: BedType


class PatientDischarged(FieldEvent, frozen=True, kw_only=True, tag="patient.discharged"):
    """`hospital` is empty when the patient was treated on the scene and never admitted."""

    patient: str
    hospital: str


class PatientDied(FieldEvent, frozen=True, kw_only=True, tag="patient.died"):
    """`hospital` is the one the patient was admitted to, if any."""

    patient: str
    place: Place
    hospital: str


EVENTS = (
    PatientTagged,
    PatientRetriaged,
    PatientCarried,
    PatientAdmitted,
    PatientTransferred,
    PatientDischarged,
    PatientDied,
    FamilyLinked,
)
PatientEvent = (
    PatientTagged
    | PatientRetriaged
    | PatientCarried
    | PatientAdmitted
    | PatientTransferred
    | PatientDischarged
    | PatientDied
    | FamilyLinked
)
