"""The rules of worksites."""

from datetime import timedelta

import msgspec
import pytest
from tests.town import START, Town, form, impact, site

from tocsin.domain.response.worksites import (
    ALLOWED,
    WORKSITE,
    CloseWorksite,
    FinishTask,
    Operation,
    PlanTask,
    ReopenWorksite,
    Scheme,
    Stage,
    TaskPlanned,
    TriageWorksite,
)
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Commands, kind_of

TRIAGE = TriageWorksite(worksite="C-1", scheme=Scheme.INSARAG_2015, category="B", missing=4, live_contacts=1)
DOGS = PlanTask(worksite="C-1", operation=Operation.DOG_SEARCH)
FINISH = FinishTask(worksite="C-1", task="T1", result="nobody found")
CLOSE = CloseWorksite(worksite="C-1")
REOPEN = ReopenWorksite(worksite="C-1", reason="knocking heard")
EVERY = (site(), TRIAGE, DOGS, FINISH, form(), CLOSE, REOPEN)

# What leads to each stage. The task is there so that it can be finished.
HISTORY: dict[Stage, tuple[Command, ...]] = {
    Stage.UNKNOWN: (),
    Stage.OPENED: (site(),),
    Stage.WORKING: (site(), DOGS),
    Stage.CLOSED: (site(), CLOSE),
}
TABLE = {
    Stage.UNKNOWN: {"worksite.open"},
    Stage.OPENED: {"worksite.triage", "worksite.plan_task", "worksite.report", "worksite.close"},
    Stage.WORKING: {
        "worksite.triage",
        "worksite.plan_task",
        "worksite.finish_task",
        "worksite.report",
        "worksite.close",
    },
    Stage.CLOSED: {"worksite.reopen"},
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
