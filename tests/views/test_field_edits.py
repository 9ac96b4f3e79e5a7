"""Two edits of a worksite made apart: nothing is overwritten, and the conflict is in sight until somebody decides."""

from datetime import datetime, timedelta

import msgspec
from tests.town import START, Town, form, impact, site, team

from tocsin.domain.response.teams import ArriveTeam, AssignTeam
from tocsin.domain.response.worksites import (
    Account,
    AttachImpacts,
    Clearance,
    ClearWorksite,
    DescribeWorksite,
    Effort,
    ExtricateVictim,
    HandedTo,
    MarkVictims,
    MergeWorksite,
    NumberWorksite,
    OpenSector,
    Outcome,
    ReopenWorksite,
    Scheme,
    SplitWorksite,
    Stage,
    TriageWorksite,
)
from tocsin.domain.response.worksites import Kind as SiteKind
from tocsin.views.edits import FieldConflict
from tocsin.views.impacts import Impacts
from tocsin.views.worksites import LevelDone, Victims, Worksites, WorksiteState


def worksite(town: Town, name: str = "C-1") -> WorksiteState:
    state = town.view(Worksites).worksite(name)
    assert state is not None
    return state


def conflicts(town: Town) -> tuple[FieldConflict, ...]:
    return worksite(town).edits.conflicts


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def describe(address: str, seen: int | None = None, occurred: datetime | None = None) -> DescribeWorksite:
    return DescribeWorksite(worksite="C-1", address=address, seen=seen, occurred=occurred)


def test_two_edits_made_apart_are_both_kept_and_the_later_one_is_shown() -> None:
    town = Town()
    town.do(site())
    town.now += timedelta(hours=1)
    town.do(describe("Cathedral Street 5", seen=1, occurred=at(20)))
    town.do(describe("Cathedral Street 7", seen=1, occurred=at(10)))
    assert worksite(town).address == "Cathedral Street 5"
    (conflict,) = conflicts(town)
    assert (conflict.field, conflict.shown.value) == ("address", "Cathedral Street 5")
    assert [(other.value, other.at, other.by) for other in conflict.others] == [("Cathedral Street 7", at(10), "olena")]


def test_it_does_not_matter_which_of_two_edits_arrives_first() -> None:
    shown = []
    for order in ((20, 10), (10, 20)):
        town = Town()
        town.do(site())
        town.now += timedelta(hours=1)
        town.do(*(describe(f"house {minutes}", seen=1, occurred=at(minutes)) for minutes in order))
        (conflict,) = conflicts(town)
        shown.append((conflict.shown.value, [other.value for other in conflict.others]))
    assert shown[0] == shown[1] == ("house 20", ["house 10"])


def test_whoever_has_seen_both_words_decides() -> None:
    town = Town()
    town.do(site())
    town.now += timedelta(hours=1)
    town.do(describe("5", seen=1, occurred=at(20)), describe("7", seen=1, occurred=at(10)))
    town.do(describe("9", seen=2))
    assert [other.value for other in conflicts(town)[0].others] == ["5", "7"]
    town.do(describe("7", seen=worksite(town).position))
    assert conflicts(town) == ()
    assert worksite(town).address == "7"


def test_the_same_word_written_twice_is_no_conflict_and_other_fields_are_not_touched() -> None:
    town = Town()
    town.do(site(), describe("5", seen=1), describe("5", seen=1))
    town.do(DescribeWorksite(worksite="C-1", hazards=("gas",), seen=1))
    assert conflicts(town) == ()
    assert (worksite(town).address, worksite(town).hazards) == ("5", ("gas",))


def test_an_old_edit_that_arrives_late_does_not_hide_a_newer_one() -> None:
    town = Town()
    town.do(site())
    town.now += timedelta(hours=1)
    town.do(describe("5"), describe("7", occurred=at(10)))
    assert worksite(town).address == "5"
    assert [each.field for each in conflicts(town)] == ["address"]


def test_two_triages_made_apart_conflict_in_the_fields_they_differ_in() -> None:
    town = Town()
    triage = TriageWorksite(
        worksite="C-1", scheme=Scheme.INSARAG_2020, category="B", missing=5, live_contacts=2, seen=1
    )
    town.do(site())
    town.do(triage, msgspec.structs.replace(triage, category="C", live_contacts=0))
    assert [each.field for each in conflicts(town)] == ["live_contacts", "triage"]


def test_a_report_that_comes_in_late_counts_its_rescues_but_does_not_say_who_is_missing_now() -> None:
    town = Town()
    town.now += timedelta(hours=5)
    town.do(site(), form(alive=1, hours=3, missing=1), form(alive=2, hours=2, missing=9))
    state = worksite(town)
    assert (state.rescued_alive, state.missing, state.reports) == (3, 1, 2)


def test_a_merged_worksite_counts_where_it_went_and_is_not_counted_twice() -> None:
    town = Town()
    town.do(impact("i-1"), impact("i-2"), site("C-1", "i-1"), site("C-2", "i-2"))
    town.do(form("C-1", alive=2), form("C-2", alive=1, dead=1))
    town.do(MergeWorksite(worksite="C-2", into="C-1", reason="the same house"))
    state = worksite(town)
    assert (state.rescued_alive, state.recovered_dead, state.impacts) == (3, 1, ("i-1", "i-2"))
    assert (worksite(town, "C-2").stage, worksite(town, "C-2").into) == (Stage.MERGED, "C-1")
    assert [(line.id, line.rescued_alive) for line in town.view(Worksites).report()] == [("C-1", 3)]
    town.do(ReopenWorksite(worksite="C-2", reason="two houses after all"))
    assert [line.rescued_alive for line in town.view(Worksites).report()] == [2, 1]


def test_a_split_worksite_takes_its_reports_with_it() -> None:
    town = Town()
    town.do(impact("i-1"), impact("i-2"), site("C-1", "i-1"), AttachImpacts(worksite="C-1", impacts=("i-2",)))
    split = SplitWorksite(
        worksite="C-2",
        source="C-1",
        type=SiteKind.FIRE,
        lat=50.4,
        lon=30.5,
        area="podil",
        impacts=("i-2",),
        reason="two houses",
    )
    assert town.do(split) == ("worksite.opened", "worksite.split_off")
    assert (worksite(town).impacts, worksite(town, "C-2").impacts) == (("i-1",), ("i-2",))
    assert {each.impact: each.worksite for each in town.view(Impacts).all()} == {"i-1": "C-1", "i-2": "C-2"}


def test_a_worksite_is_found_under_its_new_number_and_its_old_ones_are_kept() -> None:
    town = Town()
    names = {"uk": "Сектор", "en": "Sector"}
    town.do(site("6"), OpenSector(sector="C", names=names), OpenSector(sector="D", names=names))
    town.do(NumberWorksite(sector="C", worksite="6", number=6), NumberWorksite(sector="D", worksite="6", number=2))
    state = worksite(town, "D-2")
    assert (state.id, state.number, state.former) == ("6", "D-2", ("6", "C-6"))
    town.do(NumberWorksite(sector="C", worksite="6", number=7))
    assert worksite(town, "6").former == ("6", "C-6", "D-2")


def test_what_is_painted_on_the_wall_is_kept() -> None:
    town = Town()
    victim = ExtricateVictim(worksite="C-1", work=Effort.ASR3, outcome=Outcome.LIVE, handed_to=HandedTo.AMBULANCE)
    town.do(site(), team(), AssignTeam(team="UKR-01", worksite="C-1"), ArriveTeam(team="UKR-01"), victim)
    mark = MarkVictims(worksite="C-1", spot="cellar", live=2, dead=0)
    town.do(mark, msgspec.structs.replace(mark, live=1), form())
    town.do(ClearWorksite(worksite="C-1", mark=Clearance.CLEAR, team="UKR-01", ordered_by="headquarters"))
    done = msgspec.structs.replace(form(hours=0), account=Account(teams=("UKR-01",), level_complete=True))
    town.do(done)
    state = worksite(town)
    assert state.marks[0].counts == ((2, 0), (1, 0))
    assert state.victims == Victims(live=1, deceased=0)
    assert state.clearance is not None
    assert (state.clearance.mark, state.clearance.at) == (Clearance.CLEAR, town.now - timedelta(minutes=1))
    assert state.levels == (LevelDone("UKR-01", 4, START),)
