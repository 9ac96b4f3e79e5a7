"""The rules of worksites."""

from datetime import timedelta

import msgspec
import pytest
from tests.town import START, Town, form, impact, site

from tocsin.domain.response.worksites import (
    ALLOWED,
    WORKSITE,
    Account,
    AttachImpacts,
    Clearance,
    ClearWorksite,
    CloseWorksite,
    Corner,
    DescribeWorksite,
    Effort,
    ExtricateVictim,
    FinishTask,
    Fire,
    HandedTo,
    Kind,
    MarkVictims,
    MergeWorksite,
    NumberWorksite,
    OpenSector,
    Operation,
    Outcome,
    PlanTask,
    ReopenWorksite,
    ReportFire,
    Scheme,
    SplitWorksite,
    Stage,
    TaskPlanned,
    TriageWorksite,
    WorksiteClosed,
)
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Commands, kind_of

TRIAGE = TriageWorksite(worksite="C-1", scheme=Scheme.INSARAG_2015, category="B", missing=4, live_contacts=1)
DOGS = PlanTask(worksite="C-1", operation=Operation.DOG_SEARCH)
FINISH = FinishTask(worksite="C-1", task="T1", result="nobody found")
CLOSE = CloseWorksite(worksite="C-1")
REOPEN = ReopenWorksite(worksite="C-1", reason="knocking heard")
DESCRIBE = DescribeWorksite(worksite="C-1", address="Ярославів Вал, 1")
ATTACH = AttachImpacts(worksite="C-1", impacts=("i-1",))
MERGE = MergeWorksite(worksite="C-1", into="C-2", reason="the same house")
SPLIT = SplitWorksite(
    worksite="C-1", source="C-2", type=Kind.FIRE, lat=50.4, lon=30.5, area="podil", reason="another house"
)
FIRE = ReportFire(worksite="C-1", task="T1", fire=Fire.CONTAINED)
VICTIM = ExtricateVictim(
    worksite="C-1", work=Effort.ASR4, outcome=Outcome.LIVE, handed_to=HandedTo.AMBULANCE, floor=2, minutes=90
)
MARK = ClearWorksite(worksite="C-1", mark=Clearance.CLEAR, team="UKR-01", ordered_by="city headquarters")
SPOT = MarkVictims(worksite="C-1", spot="stairwell 2", live=2, dead=1, bearing=90)
EVERY = (
    site(),
    SPLIT,
    DESCRIBE,
    ATTACH,
    MERGE,
    TRIAGE,
    DOGS,
    FINISH,
    FIRE,
    form(missing=0, contacts=0),
    VICTIM,
    MARK,
    SPOT,
    CLOSE,
    REOPEN,
)
FIRST = (site("C-2"), impact("i-1"))

# What leads to each stage. The task is there so that it can be finished.
HISTORY: dict[Stage, tuple[Command, ...]] = {
    Stage.UNKNOWN: FIRST,
    Stage.OPENED: (*FIRST, site()),
    Stage.WORKING: (*FIRST, site(), PlanTask(worksite="C-1", operation=Operation.SUPPRESS_FIRE)),
    Stage.CLOSED: (*FIRST, site(), CLOSE),
    Stage.MERGED: (*FIRST, site(), MERGE),
}
AT_WORK = {
    "worksite.describe",
    "worksite.attach",
    "worksite.merge",
    "worksite.triage",
    "worksite.plan_task",
    "worksite.report",
    "worksite.extricate",
    "worksite.clear_rapidly",
    "worksite.mark_victims",
    "worksite.close",
}
TABLE = {
    Stage.UNKNOWN: {"worksite.open", "worksite.split"},
    Stage.OPENED: AT_WORK,
    Stage.WORKING: AT_WORK | {"worksite.finish_task", "worksite.report_fire"},
    Stage.CLOSED: {"worksite.reopen"},
    Stage.MERGED: {"worksite.reopen"},
}


@pytest.mark.parametrize("command", EVERY, ids=kind_of)
@pytest.mark.parametrize("stage", Stage)
def test_at_each_stage_exactly_the_commands_of_the_table_are_allowed(stage: Stage, command: Command) -> None:
    town = Town()
    town.do(*HISTORY[stage])
    if stage is Stage.WORKING and command is CLOSE:
        town.do(FINISH)
    if kind_of(command) in TABLE[stage]:
        assert town.do(command)
    else:
        with pytest.raises((Refused, Unknown)):
            town.do(command)
    assert {kind_of(each) for each in ALLOWED[stage]} == TABLE[stage]


@pytest.mark.parametrize("name", ["C-1", "6", "AB-1024"])
def test_a_worksite_is_named_by_sector_and_number_or_number_alone(name: str) -> None:
    body = msgspec.json.encode(site(name))
    assert Commands(WORKSITE.commands).decode("worksite.open", body) == site(name)


@pytest.mark.parametrize("name", ["", "C", "c-1", "C-0", "C1", "С-1", "C-1 ", "Іван"])
def test_any_other_name_of_a_worksite_is_invalid(name: str) -> None:
    with pytest.raises(Invalid, match=r"worksite\.open worksite"):
        Commands(WORKSITE.commands).decode("worksite.open", msgspec.json.encode(site(name)))


def test_a_worksite_is_made_of_impacts_that_were_reported() -> None:
    town = Town()
    town.do(impact("i-1"))
    with pytest.raises(Unknown, match=r"impacts\[1\].*i-2"):
        town.do(site("C-1", "i-1", "i-2"))
    assert town.do(site("C-1", "i-1")) == ("worksite.opened",)


def test_a_site_with_unfinished_tasks_is_not_closed() -> None:
    town = Town()
    town.do(site(), DOGS, DOGS, FINISH)
    with pytest.raises(Refused, match="unfinished tasks: T2"):
        town.do(CLOSE)
    assert town.do(FinishTask(worksite="C-1", task="T2", result="done"), CLOSE) == ("worksite.closed",)


def test_a_task_without_an_id_gets_the_next_number_that_is_free() -> None:
    town = Town()
    town.do(site(), PlanTask(worksite="C-1", task="T2", operation=Operation.SHORING), DOGS, DOGS)
    planned = [each.event.task for each in town.journal.read() if isinstance(each.event, TaskPlanned)]
    assert planned == ["T2", "T1", "T3"]


def test_a_task_planned_twice_under_one_id_is_one_task_and_another_under_it_is_refused() -> None:
    town = Town()
    rope = PlanTask(worksite="C-1", task="rope", operation=Operation.ROPE)
    town.do(site(), rope)
    assert town.do(rope) == ()
    with pytest.raises(Refused, match="rope"):
        town.do(msgspec.structs.replace(rope, operation=Operation.LIFTING))


def test_a_task_is_finished_once() -> None:
    town = Town()
    town.do(site(), DOGS, FINISH)
    assert town.do(FINISH) == ()
    with pytest.raises(Refused, match="finished already"):
        town.do(FinishTask(worksite="C-1", task="T1", result="two found"))
    with pytest.raises(Unknown, match="T9"):
        town.do(FinishTask(worksite="C-1", task="T9", result="done"))


def test_the_same_form_handed_in_twice_counts_nobody_twice() -> None:
    town = Town()
    town.do(site(), form(alive=2), form(dead=1, hours=2))
    assert town.do(form(alive=2)) == ()


def test_a_period_that_ends_before_it_starts_is_invalid() -> None:
    town = Town()
    town.do(site())
    backwards = msgspec.structs.replace(form(), period_end=START - timedelta(minutes=1))
    with pytest.raises(Invalid, match="period_end"):
        town.do(backwards)


@pytest.mark.parametrize("level", [0, 6])
def test_there_are_five_levels_of_search(level: int) -> None:
    body = msgspec.json.encode(msgspec.structs.replace(form(), asr_level=level))
    with pytest.raises(Invalid, match="asr_level"):
        Commands(WORKSITE.commands).decode("worksite.report", body)


def test_a_category_letter_beyond_f_is_invalid() -> None:
    body = msgspec.json.encode(TRIAGE).replace(b'"category":"B"', b'"category":"G"')
    with pytest.raises(Invalid, match="category"):
        Commands(WORKSITE.commands).decode("worksite.triage", body)


ALIVE = ExtricateVictim(worksite="C-1", work=Effort.ASR4, outcome=Outcome.LIVE, handed_to=HandedTo.AMBULANCE)
DEAD = msgspec.structs.replace(ALIVE, outcome=Outcome.DECEASED, handed_to=HandedTo.MORGUE)


@pytest.mark.parametrize(
    ("done", "close", "names"),
    [
        (
            (form(alive=2, missing=0, contacts=0),),
            CloseWorksite(worksite="C-1", rescued_alive=3),
            "rescued_alive: 3.*2",
        ),
        (
            (form(dead=2, missing=0, contacts=0),),
            CloseWorksite(worksite="C-1", recovered_dead=1),
            "recovered_dead: 1.*2",
        ),
        ((form(alive=2, missing=0, contacts=0), ALIVE), CLOSE, "live_rescues: 1 extrication forms.*2"),
        ((form(alive=1, dead=1, missing=0, contacts=0), ALIVE), CLOSE, "dead_recovered: 0 extrication forms.*1"),
        ((form(missing=2, contacts=0),), CLOSE, "missing: 2"),
        ((form(missing=0, contacts=1),), CLOSE, "live_contacts: 1"),
    ],
)
def test_a_site_whose_totals_disagree_is_closed_only_with_a_reason_and_the_disagreement_is_named(
    done: tuple[Command, ...], close: CloseWorksite, names: str
) -> None:
    town = Town()
    town.do(site(), *done)
    with pytest.raises(Refused, match=names):
        town.do(close)
    assert town.do(msgspec.structs.replace(close, reason="recounted at the hospital")) == ("worksite.closed",)
    closed = list(town.journal.read())[-1].event
    assert isinstance(closed, WorksiteClosed)
    assert len(closed.disagreements) == 1


def test_a_site_whose_forms_and_reports_agree_is_closed() -> None:
    town = Town()
    town.do(site(), ALIVE, msgspec.structs.replace(ALIVE, floor=3), DEAD, form(alive=2, dead=1, missing=0, contacts=0))
    assert town.do(CloseWorksite(worksite="C-1", rescued_alive=2, recovered_dead=1)) == ("worksite.closed",)


def test_victims_of_a_site_are_numbered_and_one_patient_is_on_one_form() -> None:
    town = Town()
    one = msgspec.structs.replace(ALIVE, patient="A-1")
    town.do(site(), one)
    with pytest.raises(Refused, match="A-1 is on the form of victim 1"):
        town.do(one)
    town.do(msgspec.structs.replace(ALIVE, patient="A-2"))
    numbers = [each.event.victim for each in town.journal.read() if hasattr(each.event, "victim")]
    assert numbers == [1, 2]
    again = msgspec.structs.replace(one, victim=1)
    assert town.do(again) == ()


def test_a_report_names_only_victims_that_have_a_form() -> None:
    town = Town()
    town.do(site())
    with pytest.raises(Unknown, match=r"account\.victims\[0\]"):
        town.do(msgspec.structs.replace(form(), account=Account(victims=(4,))))


def test_a_fire_is_worked_on_until_it_is_extinguished() -> None:
    town = Town()
    fire = PlanTask(worksite="C-1", operation=Operation.SUPPRESS_FIRE)
    town.do(site(), fire, DOGS, FIRE, msgspec.structs.replace(FIRE, fire=Fire.UNDER_CONTROL))
    with pytest.raises(Refused, match="unfinished tasks: T1, T2"):
        town.do(CLOSE)
    with pytest.raises(Refused, match=r"T2.*dog_search"):
        town.do(msgspec.structs.replace(FIRE, task="T2"))
    town.do(msgspec.structs.replace(FIRE, fire=Fire.EXTINGUISHED), msgspec.structs.replace(FINISH, task="T2"))
    with pytest.raises(Refused, match="plan another"):
        town.do(FIRE)
    assert town.do(CLOSE) == ("worksite.closed",)


def test_a_merged_site_names_where_it_went_and_may_be_taken_apart_again() -> None:
    town = Town()
    town.do(*FIRST, site(), MERGE)
    with pytest.raises(Refused, match="merged into C-2"):
        town.do(form())
    assert town.do(REOPEN) == ("worksite.reopened",)
    assert town.do(form()) == ("worksite.reported",)


def test_a_site_is_not_merged_into_itself_or_into_one_that_is_over() -> None:
    town = Town()
    town.do(*FIRST, site())
    with pytest.raises(Invalid, match="into"):
        town.do(msgspec.structs.replace(MERGE, into="C-1"))
    with pytest.raises(Unknown, match="into"):
        town.do(msgspec.structs.replace(MERGE, into="C-9"))
    town.do(CloseWorksite(worksite="C-2"))
    with pytest.raises(Refused, match="C-2 is closed"):
        town.do(MERGE)


def test_a_position_has_both_coordinates_and_a_boundary_three_corners() -> None:
    town = Town()
    town.do(site())
    with pytest.raises(Invalid, match="lon"):
        town.do(DescribeWorksite(worksite="C-1", lat=50.0))
    with pytest.raises(Invalid, match="boundary"):
        town.do(DescribeWorksite(worksite="C-1", boundary=(Corner(50, 30), Corner(50, 31))))


def test_nothing_was_done_in_the_future() -> None:
    town = Town()
    with pytest.raises(Invalid, match="occurred"):
        town.do(msgspec.structs.replace(site(), occurred=START + timedelta(hours=1)))


def test_a_number_of_a_sector_belongs_to_one_site_for_ever() -> None:
    town = Town()
    names = {"uk": "Сектор C", "en": "Sector C"}
    with pytest.raises(Unknown, match="sector"):
        town.do(site("6"), NumberWorksite(sector="C", worksite="6", number=6))
    town.do(site("7"), site("C-5"), OpenSector(sector="C", names=names), OpenSector(sector="D", names=names))
    assert town.do(NumberWorksite(sector="C", worksite="6", number=6)) == ("sector.numbered",)
    assert town.do(NumberWorksite(sector="C", worksite="6", number=6)) == ()
    with pytest.raises(Refused, match="C-6 belongs to the worksite 6"):
        town.do(NumberWorksite(sector="C", worksite="7", number=6))
    with pytest.raises(Refused, match="C-5 belongs to the worksite C-5"):
        town.do(NumberWorksite(sector="C", worksite="7", number=5))
    town.do(NumberWorksite(sector="D", worksite="6", number=1))
    with pytest.raises(Refused, match="C-6 was given to the worksite 6"):
        town.do(site("C-6"))
    with pytest.raises(Unknown, match="worksite"):
        town.do(NumberWorksite(sector="D", worksite="99", number=2))
