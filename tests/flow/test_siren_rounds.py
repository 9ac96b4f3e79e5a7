"""Silent test rounds: by the calendar, never during an alert, and with a report."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.running import KYIV
from tests.system.test_replay_equals_live import ADMIN, Time, system

from tocsin.domain.siren import (
    Acknowledgement,
    EndSirenTest,
    Mode,
    Outcome,
    ReportSirens,
    Result,
    StartSirenTest,
    day_of,
)
from tocsin.domain.warning import ClearAlert, RaiseAlert, Threat
from tocsin.flow.siren_tests import DAYS, Schedule, SirenTests
from tocsin.kernel.errors import Refused, Unknown
from tocsin.views.siren_facts import TestRound
from tocsin.wiring.sirens import SirenWishes

ZONE = "Europe/Kyiv"
WEDNESDAY = datetime(2025, 4, 23, 11, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
WEEKLY = Schedule(weekday="wednesday", at="11:00", window=60, minutes=10)
MINUTE = timedelta(minutes=1)


class Town:
    """A city with sirens, its wishes, and the loop of the rounds, ticked by hand."""

    def __init__(self, schedule: Schedule | None = WEEKLY, now: datetime = WEDNESDAY) -> None:
        self.clock = Time(now)
        self.running = system(self.clock)
        self.system = self.running.system
        self.view = self.system.views.sirens
        self.wishes = SirenWishes(self.running.ports())
        self.ids = [siren.id for siren in self.system.city.sirens]
        self.loop = SirenTests(self.system.do, self.system.projector, self.view, self.clock, ZONE, schedule)

    def tick(self, minutes: float = 0) -> None:
        self.clock.now += minutes * MINUTE
        # Twice, as the loop does: once for what ends, once for what may begin then.
        self.loop.tick()
        self.loop.tick()

    def start(self, name: str = "r", *, areas: tuple[str, ...] = (), minutes: int = 10) -> None:
        self.system.do(StartSirenTest(round=name, areas=areas, minutes=minutes), ADMIN)

    def alert(self, name: str = "a") -> None:
        self.system.do(RaiseAlert(alert=name, areas=(KYIV,), threat=Threat.DRONE), ADMIN)

    def clear(self, name: str = "a") -> None:
        self.system.do(ClearAlert(alert=name), ADMIN)

    def answer(self, *sirens: str, result: Result = Result.SILENT) -> None:
        wanted = self.wishes.wanted(0)
        acks = tuple(
            Acknowledgement(
                siren=siren,
                alert=wanted[siren].alert,
                revision=wanted[siren].revision,
                result=result,
                received_at=self.clock.now + timedelta(seconds=2),
            )
            for siren in sirens
        )
        self.system.do(ReportSirens(day=day_of(self.clock.now), acks=acks), ADMIN)

    def modes(self) -> set[Mode]:
        return {wish.mode for wish in self.wishes.wanted(0).values()}

    @property
    def rounds(self) -> dict[str, TestRound]:
        return {test.round: test for test in self.view.rounds()}


def test_a_round_begins_in_its_window_and_once_a_week_only() -> None:
    town = Town(now=WEDNESDAY - MINUTE)
    town.tick()
    assert town.rounds == {}
    town.tick(1)
    assert list(town.rounds) == ["weekly-2025-04-23"]
    assert town.modes() == {Mode.TEST_SILENT}
    town.answer(*town.ids)
    for _ in range(70):
        town.tick(1)
    assert list(town.rounds) == ["weekly-2025-04-23"]
    town.clock.now = WEDNESDAY + timedelta(days=7)
    town.tick()
    assert "weekly-2025-04-30" in town.rounds


def test_a_round_ends_when_all_have_answered_and_reports_who_did_what() -> None:
    town = Town(None)
    town.start()
    first, second, *rest = town.ids
    town.answer(first, *rest[1:])
    town.answer(second, result=Result.FAULTY)
    town.tick()
    test = town.rounds["r"]
    assert (test.runs, test.missing(), test.failed) == (True, (rest[0],), {second: Result.FAULTY})
    town.answer(rest[0])
    town.tick()
    test = town.rounds["r"]
    assert (test.outcome, test.missing(), test.passed[first]) == (Outcome.COMPLETED, (), 2.0)
    assert town.modes() == {Mode.OFF}
    tested = {siren.siren: siren.tested_at for siren in town.view.sirens()}
    assert tested[second] is None
    assert tested[first] == town.clock.now + timedelta(seconds=2)


def test_a_round_ends_at_its_time_and_names_those_that_did_not_answer() -> None:
    town = Town(None)
    town.start(minutes=10)
    town.answer(*town.ids[1:])
    town.tick(9)
    assert town.rounds["r"].runs
    town.tick(1)
    assert (town.rounds["r"].outcome, town.rounds["r"].missing()) == (Outcome.COMPLETED, (town.ids[0],))


def test_an_alert_interrupts_a_round_at_once_and_the_sirens_sound() -> None:
    town = Town(None)
    town.start()
    before = {siren: wish.revision for siren, wish in town.wishes.wanted(0).items()}
    town.alert()
    # Without any loop having run: what a siren hears follows from the journal alone.
    after = town.wishes.wanted(0)
    assert {wish.mode for wish in after.values()} == {Mode.ALERT}
    assert all(wish.revision > before[siren] for siren, wish in after.items())
    town.tick()
    test = town.rounds["r"]
    assert (test.outcome, test.interrupted_by) == (Outcome.INTERRUPTED, "a")


def test_an_alert_over_one_place_ends_a_test_everywhere_with_a_new_revision() -> None:
    town = Town(None)
    town.start()
    before = {siren: wish.revision for siren, wish in town.wishes.wanted(0).items()}
    place = town.system.city.sirens[0].area
    town.system.do(RaiseAlert(alert="a", areas=(place,), threat=Threat.DRONE), ADMIN)
    after = town.wishes.wanted(0)
    assert {wish.mode for wish in after.values()} == {Mode.ALERT, Mode.OFF}
    assert all(wish.revision > before[siren] for siren, wish in after.items())


def test_no_round_begins_while_an_alert_stands_and_it_begins_after_it_within_the_window() -> None:
    town = Town()
    town.alert()
    town.tick(30)
    assert town.rounds == {}
    town.clear()
    town.tick()
    assert list(town.rounds) == ["weekly-2025-04-23"]


def test_a_round_that_an_alert_interrupted_is_tried_again_within_the_window_only() -> None:
    town = Town()
    town.tick()
    town.alert()
    town.tick(5)
    town.clear()
    town.tick(5)
    assert sorted(town.rounds) == ["weekly-2025-04-23", "weekly-2025-04-23-2"]
    town.alert("b")
    town.tick(55)
    town.clear("b")
    town.tick(1)
    assert len(town.rounds) == 2


def test_a_round_started_by_hand_during_an_alert_tells_no_siren_and_is_interrupted() -> None:
    town = Town(None)
    town.alert()
    before = town.wishes.wanted(0)
    town.start()
    assert town.wishes.wanted(0) == before
    town.tick()
    assert (town.rounds["r"].outcome, town.rounds["r"].interrupted_by) == (Outcome.INTERRUPTED, "a")
    town.clear()
    assert town.modes() == {Mode.ALL_CLEAR}


def test_a_newer_round_takes_the_place_of_an_older_one() -> None:
    town = Town(None)
    town.start()
    town.system.do(StartSirenTest(round="s"), ADMIN)
    town.tick()
    assert (town.rounds["r"].interrupted_by, town.rounds["s"].outcome) == ("s", None)
    assert {wish.alert for wish in town.wishes.wanted(0).values()} == {"s"}


def test_a_round_of_one_area_leaves_the_others_alone() -> None:
    town = Town(None)
    place = town.system.city.sirens[0].area
    town.start(areas=(place,))
    asked = {siren.id for siren in town.system.city.sirens if place in town.view.chain(siren.id)}
    assert {siren for siren, wish in town.wishes.wanted(0).items() if wish.mode is Mode.TEST_SILENT} == asked
    assert set(town.rounds["r"].asked) == asked


def test_rounds_that_make_no_sense_are_refused() -> None:
    town = Town(None)
    town.start()
    with pytest.raises(Refused, match="there was a round 'r' already"):
        town.start()
    with pytest.raises(Unknown, match=r"areas\[0\]"):
        town.system.do(StartSirenTest(areas=("nowhere",)), ADMIN)
    with pytest.raises(Unknown, match="there is no round 'x'"):
        town.system.do(EndSirenTest(round="x"), ADMIN)
    town.system.do(EndSirenTest(round="r"), ADMIN)
    with pytest.raises(Refused, match="the round 'r' is over"):
        town.system.do(EndSirenTest(round="r"), ADMIN)


def test_revisions_only_ever_grow_through_tests_and_alerts() -> None:
    town = Town(None)
    seen: dict[str, tuple[int, Mode]] = {}
    steps: list[Callable[[], None]] = [town.start, town.alert, town.tick, town.clear]
    steps += [lambda: town.start("t"), lambda: town.tick(11)]
    for step in steps:
        step()
        for siren, wish in town.wishes.wanted(0).items():
            revision, mode = seen.get(siren, (0, Mode.OFF))
            assert wish.revision >= revision
            assert wish.mode is mode or wish.revision > revision, "a siren ignores what has no new revision"
            seen[siren] = (wish.revision, wish.mode)


@pytest.mark.parametrize(
    ("day", "at", "begins"),
    [
        # The night the clocks go forward: 03:30 does not exist; the moment that it would have been is meant.
        ("2025-03-30", "03:30", "2025-03-30T01:30:00+00:00"),
        # The night they go back: 03:30 comes twice, and the first is meant.
        ("2025-10-26", "03:30", "2025-10-26T00:30:00+00:00"),
        ("2025-10-26", "11:00", "2025-10-26T09:00:00+00:00"),
        ("2025-06-01", "11:00", "2025-06-01T08:00:00+00:00"),
    ],
)
def test_the_window_is_in_the_citys_time_also_when_its_clocks_change(day: str, at: str, begins: str) -> None:
    schedule = Schedule(weekday="sunday", at=at, window=30)
    start = datetime.fromisoformat(begins)
    assert schedule.open_day(start - timedelta(seconds=1), ZONE) is None
    assert schedule.open_day(start, ZONE) == day
    assert schedule.open_day(start + timedelta(minutes=29, seconds=59), ZONE) == day
    assert schedule.open_day(start + timedelta(minutes=30), ZONE) is None


def test_a_window_reaches_past_midnight() -> None:
    schedule = Schedule(weekday="wednesday", at="23:50", window=20)
    begins = datetime.combine(date(2025, 4, 23), time(23, 50), ZoneInfo(ZONE))
    assert schedule.open_day(begins + 15 * MINUTE, ZONE) == "2025-04-23"


@given(st.integers(0, 3 * 365 * 24), st.sampled_from(DAYS), st.integers(0, 23))
def test_every_window_belongs_to_a_day_of_its_name(hours: int, weekday: str, hour: int) -> None:
    schedule = Schedule(weekday=weekday, at=f"{hour:02}:00")  # type: ignore[arg-type]
    day = schedule.open_day(WEDNESDAY + timedelta(hours=hours), ZONE)
    assert day is None or DAYS[date.fromisoformat(day).weekday()] == weekday
