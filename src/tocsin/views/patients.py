"""Patients, counted: how many of each category, how far, and where. Each one by itself is for medics only."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import ClassVar

import msgspec

from tocsin.domain.response.patients import (
    Age,
    Care,
    Category,
    FamilyLinked,
    Found,
    PatientAdmitted,
    PatientCarried,
    PatientDied,
    PatientDischarged,
    PatientRetriaged,
    PatientTagged,
    PatientTransferred,
    Place,
    Scheme,
    Sex,
)
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.edits import occurred
from tocsin.views.view import Handler, View


class Triage(msgspec.Struct, frozen=True):
    """
    One look at a patient.

    Attributes:
        computed: What the algorithm makes of the findings; None if none were written down.
    """

    category: Category
    scheme: Scheme
    at: Instant
    computed: Category | None = None


class PatientState(msgspec.Struct, frozen=True):
    """
    One patient as they stand. Never shown to the public: only counts are.

    Attributes:
        with_team: The team that has the patient while they are carried.
        hospital: Where the patient is admitted now.
        hospitalised: Whether any hospital ever admitted them. It stays true after they go home.
        died: Where, if they did.
        triages: Every look, in the order of their times, whenever they arrived. The category is that of the last.
        family: Code of those they belong to.
    """

    patient: str
    worksite: str
    category: Category
    age: Age
    sex: Sex
    found: Found
    care: Care = Care.TAGGED
    with_team: str = ""
    hospital: str = ""
    hospitalised: bool = False
    died: Place | None = None
    lat: float | None = None
    lon: float | None = None
    triages: tuple[Triage, ...] = ()
    family: str = ""


class PatientCounts(msgspec.Struct, frozen=True):
    """
    Patients in numbers. Each of the tables sums to `total`, but for `hospitals` and `died`.

    Attributes:
        hospitalised: Ever admitted, those who left since too.
        in_hospital: Admitted now: admitted less discharged less dead (E8).
        treated_on_scene: Sent home without a hospital.
        hospitals: Admitted now, by hospital.
        died: By place.
    """

    total: int
    hospitalised: int
    in_hospital: int
    treated_on_scene: int
    categories: dict[Category, int]
    care: dict[Care, int]
    ages: dict[Age, int]
    hospitals: dict[str, int]
    died: dict[Place, int]


class PatientsState(msgspec.Struct):
    patients: dict[str, PatientState] = {}


class Patients(View[PatientsState]):
    name: ClassVar[str] = "patients"
    version: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__(PatientsState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            PatientTagged: self._tagged,
            PatientRetriaged: self._retriaged,
            PatientCarried: self._carried,
            PatientAdmitted: self._admitted,
            PatientTransferred: self._admitted,
            PatientDischarged: self._discharged,
            PatientDied: self._died,
            FamilyLinked: self._linked,
        }

    def _tagged(self, recorded: Recorded) -> None:
        event: PatientTagged = recorded.event
        self.state.patients[event.patient] = PatientState(
            event.patient,
            event.worksite,
            event.category,
            event.age,
            event.sex,
            event.found,
            lat=event.lat,
            lon=event.lon,
            triages=(_look(recorded),),
        )

    def _retriaged(self, recorded: Recorded) -> None:
        # By the time of the look, not of its arrival: an older one that comes in late is no news of how they are.
        looks = sorted((*self._of(recorded).triages, _look(recorded)), key=lambda look: look.at)
        self._change(recorded, triages=tuple(looks), category=looks[-1].category)

    def _carried(self, recorded: Recorded) -> None:
        event: PatientCarried = recorded.event
        if self._of(recorded).care in (Care.TAGGED, Care.CARRIED):
            self._change(recorded, care=Care.CARRIED, with_team=event.to or event.team)

    def _linked(self, recorded: Recorded) -> None:
        self._change(recorded, family=recorded.event.family)

    def _admitted(self, recorded: Recorded) -> None:
        event: PatientAdmitted | PatientTransferred = recorded.event
        self._change(recorded, care=Care.ADMITTED, with_team="", hospital=event.hospital, hospitalised=True)

    def _discharged(self, recorded: Recorded) -> None:
        self._change(recorded, care=Care.DISCHARGED, with_team="", hospital="")

    def _died(self, recorded: Recorded) -> None:
        event: PatientDied = recorded.event
        self._change(recorded, care=Care.DEAD, with_team="", hospital="", died=event.place)

    def _of(self, recorded: Recorded) -> PatientState:
        return self.state.patients[recorded.event.patient]

    def _change(self, recorded: Recorded, **changes: object) -> None:
        patient = self._of(recorded)
        self.state.patients[patient.patient] = msgspec.structs.replace(patient, **changes)

    def patient(self, patient: str) -> PatientState | None:
        """One patient, for those who treat them."""
        return self.state.patients.get(patient)

    def family(self, code: str) -> list[PatientState]:
        """Everybody of one family code, by tag."""
        found = [patient for patient in self.state.patients.values() if patient.family == code]
        return sorted(found, key=lambda patient: patient.patient)

    def waiting(self) -> list[PatientState]:
        """Everybody who is alive and in no hospital yet, by tag: those whom a hospital is still to be found for."""
        found = [each for each in self.state.patients.values() if each.care in (Care.TAGGED, Care.CARRIED)]
        return sorted(found, key=lambda patient: patient.patient)

    def counts(self, worksite: str | None = None) -> PatientCounts:
        """All patients, or those found at one worksite, in numbers."""
        patients = self.state.patients.values()
        return _counted([patient for patient in patients if worksite in (None, patient.worksite)])


def _look(recorded: Recorded) -> Triage:
    event: PatientTagged | PatientRetriaged = recorded.event
    return Triage(event.category, event.scheme, occurred(recorded), event.computed)


def _counted(patients: Iterable[PatientState]) -> PatientCounts:
    everybody = list(patients)
    care = Counter(patient.care for patient in everybody)
    return PatientCounts(
        total=len(everybody),
        hospitalised=sum(patient.hospitalised for patient in everybody),
        in_hospital=care[Care.ADMITTED],
        treated_on_scene=sum(patient.care is Care.DISCHARGED and not patient.hospitalised for patient in everybody),
        categories=dict(Counter(patient.category for patient in everybody)),
        care=dict(care),
        ages=dict(Counter(patient.age for patient in everybody)),
        hospitals=dict(Counter(patient.hospital for patient in everybody if patient.hospital)),
        died=dict(Counter(patient.died for patient in everybody if patient.died)),
    )
