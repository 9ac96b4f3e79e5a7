"""Worksites, teams, patients and hospitals as the pages show them."""

from datetime import timedelta

import msgspec
from tests.town import START, Town, form, impact, site, tagged, team

from tocsin.domain.response.hospitals import Beds, BedType, Offload, ReportHospital, Traffic
from tocsin.domain.response.patients import (
    AdmitPatient,
    Care,
    CarryPatient,
    Category,
    DischargePatient,
    How,
    Place,
    RecordDeath,
    RetriagePatient,
    TransferPatient,
)
from tocsin.domain.response.teams import ArriveTeam, AssignTeam, Duty, ReleaseTeam
from tocsin.domain.response.worksites import (
    CloseWorksite,
    FinishTask,
    Kind,
    Operation,
    PlanTask,
    ReopenWorksite,
    Scheme,
    Stage,
    Task,
    TriageWorksite,
)
from tocsin.views.hospitals import Hospitals, HospitalState
from tocsin.views.patients import Patients
from tocsin.views.teams import Teams
from tocsin.views.worksites import TeamThere, WorksiteLine, Worksites, WorksiteState

TRIAGE = TriageWorksite(worksite="C-1", scheme=Scheme.INSARAG_2020, category="C", missing=5, live_contacts=2)
DOGS = PlanTask(worksite="C-1", operation=Operation.DOG_SEARCH)


def worksite(town: Town, name: str = "C-1") -> WorksiteState:
    state = town.view(Worksites).worksite(name)
    assert state is not None
    return state


def test_a_new_worksite_knows_where_it_is_and_nothing_of_who_is_missing() -> None:
    town = Town()
    town.do(impact("i-1"), site("C-1", "i-1"))
    state = worksite(town)
    assert (state.kind, state.stage, state.lat, state.lon, state.area) == (
        Kind.COLLAPSE,
        Stage.OPENED,
        50.46,
        30.51,
        "podil",
    )
    assert (state.impacts, state.opened_at, state.position) == (("i-1",), town.now, 2)
    assert (state.category, state.missing, state.live_contacts) == (None, None, None)


def test_the_totals_of_a_worksite_are_the_sums_of_its_reports() -> None:
    town = Town()
    town.do(site(), form(alive=2, dead=1), form(alive=0, dead=3, hours=2), form(alive=1, hours=3))
    state = worksite(town)
    assert (state.rescued_alive, state.recovered_dead, state.reports) == (3, 4, 3)


def test_who_is_missing_is_what_was_said_last_by_triage_or_report() -> None:
    town = Town()
    town.do(site(), TRIAGE)
    assert (worksite(town).missing, worksite(town).live_contacts) == (5, 2)
    town.do(form())
    assert (worksite(town).missing, worksite(town).live_contacts) == (2, 1)
    town.do(TRIAGE)
    assert worksite(town).missing == 5


def test_a_category_never_goes_without_its_scheme() -> None:
    town = Town()
    town.do(site(), TRIAGE)
    assert (worksite(town).scheme, worksite(town).category) == (Scheme.INSARAG_2020, "C")


def test_a_worksite_shows_its_tasks_and_what_came_of_them() -> None:
    town = Town()
    town.do(site(), DOGS, DOGS, FinishTask(worksite="C-1", task="T1", result="two found"))
    assert worksite(town).tasks == (
        Task("T1", Operation.DOG_SEARCH, "two found"),
        Task("T2", Operation.DOG_SEARCH),
    )


def test_a_worksite_goes_from_opened_over_working_to_closed_and_back() -> None:
    town = Town()
    town.do(site())
    stages = [worksite(town).stage]
    for command in (
        TRIAGE,
        form(missing=0, contacts=0),
        CloseWorksite(worksite="C-1"),
        ReopenWorksite(worksite="C-1", reason="knocking"),
    ):
        town.do(command)
        stages.append(worksite(town).stage)
    assert stages == [Stage.OPENED, Stage.OPENED, Stage.WORKING, Stage.CLOSED, Stage.WORKING]


def test_a_worksite_shows_the_teams_on_their_way_and_those_present() -> None:
    town = Town()
    town.do(site(), DOGS, team("UKR-01"), team("UKR-02"))
    town.do(AssignTeam(team="UKR-01", worksite="C-1", task="T1"), AssignTeam(team="UKR-02", worksite="C-1"))
    town.do(ArriveTeam(team="UKR-01"))
    assert set(worksite(town).teams) == {TeamThere("UKR-01", "T1", on_site=True), TeamThere("UKR-02")}
    town.do(AssignTeam(team="UKR-01", worksite="C-1"))
    assert TeamThere("UKR-01", on_site=True) in worksite(town).teams
    town.do(ReleaseTeam(team="UKR-01", reason="relieved"))
    assert worksite(town).teams == (TeamThere("UKR-02"),)


def test_the_report_has_one_line_for_each_worksite_by_id_or_those_of_one_attack() -> None:
    town = Town()
    town.do(site("C-2", type_=Kind.FIRE), msgspec.structs.replace(site("C-1"), attack="a-1"), TRIAGE, form(dead=2))
    first = WorksiteLine("C-1", Kind.COLLAPSE, "C", 0, 2)
    assert town.view(Worksites).report() == [first, WorksiteLine("C-2", Kind.FIRE, None, 0, 0)]
    assert town.view(Worksites).report("a-1") == [first]
    assert msgspec.to_builtins(first) == {
        "id": "C-1",
        "kind": "collapse",
        "category": "C",
        "rescued_alive": 0,
        "recovered_dead": 2,
    }


def test_a_team_is_shown_where_it_is_and_since_when() -> None:
    town = Town()
    teams = town.view(Teams)
    town.do(site(), team(), AssignTeam(team="UKR-01", worksite="C-1"))
    (state,) = teams.all()
    assert (state.duty, state.worksite, state.since) == (Duty.ASSIGNED, "C-1", START + timedelta(minutes=3))
    town.do(ArriveTeam(team="UKR-01"), msgspec.structs.replace(team(), crew=7))
    (state,) = teams.all()
    assert (state.duty, state.crew, state.since) == (Duty.ON_SITE, 7, START + timedelta(minutes=4))
    town.do(ReleaseTeam(team="UKR-01", reason="relieved"))
    (state,) = teams.all()
    assert (state.duty, state.worksite, state.task) == (Duty.FREE, "", "")


def night_of_patients() -> Town:
    """Four patients: one sent home from the scene, one in hospital, one who died there, one who died at the site."""
    town = Town()
    town.do(
        team(),
        site(),
        *(tagged(f"A-{n}", worksite="C-1") for n in (1, 2, 3)),
        tagged("A-4", Category.GREEN),
        CarryPatient(patient="A-1", team="UKR-01", how=How.STRETCHER),
        *(AdmitPatient(patient=f"A-{n}", hospital="h-1", bed=BedType.ADULT_ICU) for n in (1, 2)),
        TransferPatient(patient="A-1", hospital="h-2"),
        RecordDeath(patient="A-2", place=Place.HOSPITAL),
        RecordDeath(patient="A-3", place=Place.SCENE),
        DischargePatient(patient="A-4"),
    )
    return town


def test_patients_are_counted_once_each_however_far_they_came() -> None:
    counts = night_of_patients().view(Patients).counts()
    assert counts.total == 4
    assert counts.care == {Care.ADMITTED: 1, Care.DEAD: 2, Care.DISCHARGED: 1}
    assert (counts.hospitalised, counts.in_hospital, counts.treated_on_scene) == (2, 1, 1)
    assert counts.hospitals == {"h-2": 1}
    assert counts.died == {Place.HOSPITAL: 1, Place.SCENE: 1}
    assert sum(counts.categories.values()) == sum(counts.ages.values()) == sum(counts.care.values()) == 4


def test_patients_of_one_worksite_are_counted_apart() -> None:
    patients = night_of_patients().view(Patients)
    assert patients.counts("C-1").total == 3
    assert patients.counts("C-2").total == 0


def test_a_black_tag_is_not_yet_a_death() -> None:
    town = Town()
    town.do(tagged(), RetriagePatient(patient="A-1", category=Category.BLACK))
    counts = town.view(Patients).counts()
    assert (counts.categories, counts.died) == ({Category.BLACK: 1}, {})


def test_whoever_comes_back_after_going_home_is_still_one_person_in_hospital() -> None:
    town = Town()
    admit = AdmitPatient(patient="A-1", hospital="h-1", bed=BedType.BURN)
    town.do(tagged(), admit, DischargePatient(patient="A-1"), admit)
    counts = town.view(Patients).counts()
    assert (counts.total, counts.hospitalised, counts.in_hospital) == (1, 1, 1)
    assert town.view(Hospitals).hospital("h-1").patients == 1


def test_a_carried_patient_is_with_the_team_that_took_over() -> None:
    town = Town()
    carry = CarryPatient(patient="A-1", team="UKR-01", how=How.STRETCHER)
    town.do(team(), team("UKR-02"), tagged(), carry)
    patients = town.view(Patients)
    state = patients.patient("A-1")
    assert state is not None
    assert state.with_team == "UKR-01"
    town.do(msgspec.structs.replace(carry, to="UKR-02"))
    state = patients.patient("A-1")
    assert state is not None
    assert state.with_team == "UKR-02"


def test_a_transfer_moves_a_patient_between_hospitals_and_adds_none() -> None:
    town = night_of_patients()
    hospitals = town.view(Hospitals)
    assert {state.hospital: state.patients for state in hospitals.all()} == {"h-1": 0, "h-2": 1}


def test_a_hospital_shows_its_last_report_and_what_it_never_reported_is_not_none_but_unknown() -> None:
    town = Town()
    hospitals = town.view(Hospitals)
    assert hospitals.hospital("h-1") == HospitalState("h-1")
    first = ReportHospital(
        hospital="h-1",
        beds={BedType.BURN: Beds(available=3), BedType.ADULT_ICU: Beds(available=1)},
        ed_status=Traffic.ADVISORY,
        offload=Offload.DELAYED,
        offload_minutes=25,
    )
    town.do(first, ReportHospital(hospital="h-1", beds={BedType.BURN: Beds(available=2)}, ed_status=Traffic.CLOSED))
    state = hospitals.hospital("h-1")
    assert state.beds == {BedType.BURN: Beds(available=2)}
    assert (state.ed_status, state.offload, state.offload_minutes) == (Traffic.CLOSED, Offload.NORMAL, None)
    assert state.reported_at == town.now
