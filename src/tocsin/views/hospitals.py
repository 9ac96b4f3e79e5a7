"""Hospitals: the beds each last reported, and how many of our patients it has."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from tocsin.domain.response.hospitals import Beds, BedType, Facility, HospitalReported, Offload, Traffic
from tocsin.domain.response.patients import PatientAdmitted, PatientDied, PatientDischarged, PatientTransferred
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.edits import occurred
from tocsin.views.view import Handler, View


class HospitalState(msgspec.Struct, frozen=True):
    """
    One hospital as it stands. What it never reported is None or missing: not known, which is not none.

    Attributes:
        patients: Ours that are in it now, by the events of each patient. Not what the hospital reports.
        reported_at: When the hospital stood so. Beds are as fresh as that.
        taken: Our patients admitted since then, by type of bed: these beds are not free any more.
    """

    hospital: str
    beds: dict[BedType, Beds] = {}
    ed_status: Traffic | None = None
    offload: Offload | None = None
    offload_minutes: int | None = None
    patients: int = 0
    reported_at: Instant | None = None
    position: int = 0
    facility: Facility | None = None
    taken: dict[BedType, int] = {}

    def free(self, bed: BedType) -> int:
        """Beds of a type that are free as far as we know; none where that was never said."""
        beds = self.beds.get(bed)
        return 0 if beds is None else max(0, beds.available - self.taken.get(bed, 0))


class HospitalsState(msgspec.Struct):
    hospitals: dict[str, HospitalState] = {}


class Hospitals(View[HospitalsState]):
    name: ClassVar[str] = "hospitals"
    version: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__(HospitalsState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            HospitalReported: self._reported,
            PatientAdmitted: self._admitted,
            PatientTransferred: self._transferred,
            PatientDischarged: self._left,
            PatientDied: self._left,
        }

    def _reported(self, recorded: Recorded) -> None:
        said = msgspec.structs.asdict(recorded.event)
        at, before = occurred(recorded), self.hospital(said["hospital"]).reported_at
        del said["occurred"]
        if before is None or at >= before:
            self._change(said["hospital"], recorded, reported_at=at, taken={}, **said)

    def _admitted(self, recorded: Recorded) -> None:
        self._move(recorded.event.hospital, recorded, 1)
        self._take(recorded)

    def _take(self, recorded: Recorded) -> None:
        hospital = self.hospital(recorded.event.hospital)
        bed: BedType = recorded.event.bed
        if hospital.reported_at is None or occurred(recorded) >= hospital.reported_at:
            taken = {**hospital.taken, bed: hospital.taken.get(bed, 0) + 1}
            self._change(hospital.hospital, recorded, taken=taken)

    def _transferred(self, recorded: Recorded) -> None:
        self._move(recorded.event.previous, recorded, -1)
        self._move(recorded.event.hospital, recorded, 1)
        self._take(recorded)

    def _left(self, recorded: Recorded) -> None:
        # Whoever was treated or died on the scene was never in a hospital.
        if recorded.event.hospital:
            self._move(recorded.event.hospital, recorded, -1)

    def _move(self, hospital: str, recorded: Recorded, by: int) -> None:
        self._change(hospital, recorded, patients=self.hospital(hospital).patients + by)

    def _change(self, hospital: str, recorded: Recorded, /, **changes: object) -> None:
        changed = msgspec.structs.replace(self.hospital(hospital), position=recorded.position, **changes)
        self.state.hospitals[hospital] = changed

    def hospital(self, hospital: str) -> HospitalState:
        """A hospital as it stands; one that was never heard of has told nothing."""
        return self.state.hospitals.get(hospital) or HospitalState(hospital)

    def all(self) -> list[HospitalState]:
        """All hospitals that were heard of, by id."""
        return [self.state.hospitals[hospital] for hospital in sorted(self.state.hospitals)]
