"""Whatever is commanded in whatever order: the views can be thrown away and had back from the journal."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.town import (
    EVENTS,
    START,
    SUBJECTS,
    Town,
    attack,
    cellar,
    form,
    fresh_views,
    hit,
    impact,
    site,
    tagged,
    weapons,
)
from tests.town import team as registered

from tocsin.domain.record import WeaponClass
from tocsin.domain.record.attacks import EndAttack
from tocsin.domain.record.statements import Kind, RecordStatement
from tocsin.domain.response.hospitals import Beds, BedType, ReportHospital, Traffic
from tocsin.domain.response.observations import RecordObservation, Sight
from tocsin.domain.response.patients import (
    AdmitPatient,
    CarryPatient,
    Category,
    DischargePatient,
    How,
    Place,
    RecordDeath,
    RetriagePatient,
    TransferPatient,
)
from tocsin.domain.response.teams import ArriveTeam, AssignTeam, ReleaseTeam
from tocsin.domain.response.worksites import (
    CloseWorksite,
    FinishTask,
    Operation,
    PlanTask,
    ReopenWorksite,
    Scheme,
    TriageWorksite,
    WorksiteReported,
)
from tocsin.domain.shelter import CloseShelter, OpenShelter, ReportOccupancy
from tocsin.domain.source import Source
from tocsin.flow.project import Projector
from tocsin.journal import verify
from tocsin.kernel.errors import TocsinError
from tocsin.kernel.event import Command
from tocsin.views.hospitals import Hospitals
from tocsin.views.patients import Patients
from tocsin.views.worksites import Worksites

shelters = st.sampled_from(["metro-1", "school-3", "cellar-9"])
sites = st.sampled_from(["C-1", "C-2"])
teams = st.sampled_from(["T-1", "T-2"])
patients = st.sampled_from(["A-1", "A-2", "A-3"])
hospitals = st.sampled_from(["h-1", "h-2"])
attacks = st.sampled_from(["a-1", "a-2"])
names = st.sampled_from(["n-1", "n-2"])
tasks = st.sampled_from(["T1", "T2"])
few = st.integers(0, 3)
moments = few.map(lambda hours: START + timedelta(hours=hours))
SOURCE = Source(publisher="Mayor", quote="...")

COMMANDS: list[st.SearchStrategy[Command]] = [
    st.builds(cellar),
    st.builds(OpenShelter, shelter=shelters),
    st.builds(CloseShelter, shelter=shelters, reason=st.sampled_from(["flooded", "full"])),
    st.builds(ReportOccupancy, shelter=shelters, people=few),
    st.builds(RecordObservation, observation=names, what=st.sampled_from(Sight), time=moments, area=st.just("kyiv")),
    st.builds(impact, names),
    st.builds(site, sites),
    st.builds(site, sites, names),
    st.builds(
        TriageWorksite,
        worksite=sites,
        scheme=st.sampled_from(Scheme),
        category=st.sampled_from(["A", "F"]),
        missing=few,
        live_contacts=few,
    ),
    st.builds(PlanTask, worksite=sites, operation=st.sampled_from(Operation)),
    st.builds(FinishTask, worksite=sites, task=tasks, result=st.just("done")),
    st.builds(form, sites, few, few, few),
    st.builds(CloseWorksite, worksite=sites),
    st.builds(ReopenWorksite, worksite=sites, reason=st.just("knocking")),
    st.builds(registered, teams),
    st.builds(AssignTeam, team=teams, worksite=sites, task=st.sampled_from(["", "T1"])),
    st.builds(ArriveTeam, team=teams),
    st.builds(ReleaseTeam, team=teams, reason=st.just("relieved")),
    st.builds(tagged, patients, st.sampled_from(Category), st.sampled_from(["", "C-1"])),
    st.builds(RetriagePatient, patient=patients, category=st.sampled_from(Category)),
    st.builds(CarryPatient, patient=patients, team=teams, how=st.sampled_from(How)),
    st.builds(AdmitPatient, patient=patients, hospital=hospitals, bed=st.sampled_from(BedType)),
    st.builds(TransferPatient, patient=patients, hospital=hospitals),
    st.builds(DischargePatient, patient=patients),
    st.builds(RecordDeath, patient=patients, place=st.sampled_from(Place)),
    st.builds(
        ReportHospital,
        hospital=hospitals,
        beds=st.dictionaries(st.sampled_from(BedType), st.builds(Beds, available=few), max_size=2),
        ed_status=st.sampled_from(Traffic),
    ),
    st.builds(attack, attacks, moments, st.just(date(2025, 4, 24))),
    st.builds(EndAttack, attack=attacks, end=moments),
    st.builds(lambda name, shot: weapons(("X", WeaponClass.DRONE, 3, shot, 0), attack=name), attacks, few),
    st.builds(hit, attacks, names, moments, st.sampled_from(WeaponClass)),
    st.builds(
        RecordStatement,
        statement=names,
        attack=attacks,
        type=st.sampled_from(Kind),
        org=st.just("City"),
        original=st.just("Ні"),
        lang=st.just("uk"),
        said_at=moments,
        answers=st.sampled_from(["", "n-1"]),
        source=st.just(SOURCE),
    ),
]
# What everything else needs comes first, or nearly every random command would be refused.
SETTING = (
    site("C-1"),
    registered("T-1"),
    AssignTeam(team="T-1", worksite="C-1"),
    tagged("A-1"),
    tagged("A-2"),
    attack("a-1", START, date(2025, 4, 24)),
)
histories = st.lists(st.one_of(COMMANDS), min_size=25, max_size=80)


def played(history: list[Command]) -> Town:
    town = Town()
    town.do(*SETTING)
    for command in history:
        try:
            town.do(command)
        except TocsinError:
            continue
    return town


@settings(max_examples=60)
@given(histories)
def test_views_that_followed_live_equal_views_replayed_from_nothing(history: list[Command]) -> None:
    town = played(history)
    replayed = fresh_views()
    Projector(town.journal, replayed).catch_up()
    assert [view.dump() for view in town.views] == [view.dump() for view in replayed]
    verify(town.journal)


@settings(max_examples=40)
@given(histories, st.integers(0, 80))
def test_views_taken_up_from_a_snapshot_equal_views_that_never_stopped(history: list[Command], stop: int) -> None:
    town = played(history[:stop])
    taken_up = fresh_views()
    for view, kept in zip(taken_up, town.views, strict=True):
        view.load(kept.dump())
        assert view.state == kept.state
    projector = Projector(town.journal, taken_up)
    projector.position = town.projector.position
    for command in history[stop:]:
        try:
            town.do(command)
        except TocsinError:
            continue
    projector.catch_up()
    assert [view.state for view in taken_up] == [view.state for view in town.views]


@settings(max_examples=60)
@given(histories)
def test_totals_always_reconcile_with_the_journal(history: list[Command]) -> None:
    town = played(history)
    forms = [each.event for each in town.journal.read() if isinstance(each.event, WorksiteReported)]
    lines = town.view(Worksites).report()
    assert sum(line.rescued_alive for line in lines) == sum(each.live_rescues for each in forms)
    assert sum(line.recovered_dead for line in lines) == sum(each.dead_recovered for each in forms)
    counts = town.view(Patients).counts()
    in_hospitals = {state.hospital: state.patients for state in town.view(Hospitals).all() if state.patients}
    assert in_hospitals == counts.hospitals
    assert sum(in_hospitals.values()) == counts.in_hospital
    assert counts.total == sum(counts.care.values()) == sum(counts.categories.values())
    assert counts.treated_on_scene + counts.hospitalised <= counts.total


@settings(max_examples=40)
@given(histories)
def test_the_states_that_decide_are_the_same_after_reading_the_journal_back(history: list[Command]) -> None:
    town = played(history)
    by_name = {subject.name: subject for subject in SUBJECTS}
    live: dict[str, Any] = {}
    read_back: dict[str, Any] = {}
    for recorded in town.journal.read():
        subject = by_name[recorded.stream.partition("/")[0]]
        again = EVENTS.decode(EVENTS.encode(recorded), recorded.hash)
        for states, event in ((live, recorded.event), (read_back, again.event)):
            states[recorded.stream] = subject.evolve(states.get(recorded.stream, subject.blank), event)
    assert live == read_back
