"""What is true of every area, whatever alerts overlap."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.alerts import OFFICER, START, TREE, raised

from tocsin.bus.inprocess import InProcessBell
from tocsin.domain.subject import Gazetteer
from tocsin.domain.warning import (
    ALERT,
    CancelAlert,
    ClearAlert,
    ExpireAlert,
    Phase,
    Threat,
    UpdateAlert,
)
from tocsin.flow.handle import Handler
from tocsin.flow.project import Projector
from tocsin.kernel.errors import TocsinError
from tocsin.kernel.event import Command, Events
from tocsin.storage.memory import MemoryJournal
from tocsin.views.board import VALID_FOR, AreaState, Board


class City:
    """A handler, a journal and a board over a small tree."""

    def __init__(self) -> None:
        self.now = START
        self.journal = MemoryJournal(Events(ALERT.events))
        city = Gazetteer(areas=frozenset(TREE.codes()))
        self.handler = Handler(self.journal, [ALERT], city, lambda: self.now, InProcessBell())
        self.board = Board(TREE, "exercise")
        self.projector = Projector(self.journal, [self.board])

    def do(self, *commands: Command) -> None:
        for command in commands:
            self.now += timedelta(minutes=1)
            self.handler.handle(command, OFFICER)
        self.projector.catch_up()

    def phases(self) -> dict[str, Phase]:
        return {code: self.board.area(code).phase for code in TREE.codes()}


def test_an_area_of_which_nothing_was_ever_said_is_unknown_not_safe() -> None:
    assert City().board.area("podil") == AreaState("podil", Phase.UNKNOWN)


def test_an_alert_covers_its_area_and_all_inside_but_not_what_is_around() -> None:
    city = City()
    city.do(raised("a", "kyiv"))
    assert city.phases() == {
        "oblast": Phase.UNKNOWN,
        "kyiv": Phase.ALERT,
        "podil": Phase.ALERT,
        "obolon": Phase.ALERT,
    }
    assert city.board.area("oblast").partly == ("kyiv",)


def test_a_follower_of_the_city_hears_of_a_raion_as_part_of_it() -> None:
    city = City()
    city.do(raised("a", "podil"))
    assert city.board.area("kyiv").phase is Phase.UNKNOWN
    assert city.board.area("kyiv").partly == ("podil",)
    assert city.board.area("obolon").partly == ()


def test_clearing_one_alert_never_clears_another_that_still_covers_the_area() -> None:
    city = City()
    city.do(raised("oblast-wide", "oblast"), raised("city-wide", "kyiv"), ClearAlert(alert="city-wide"))
    state = city.board.area("podil")
    assert (state.phase, state.alert, state.alerts) == (Phase.ALERT, "oblast-wide", ("oblast-wide",))
    city.do(ClearAlert(alert="oblast-wide"))
    assert set(city.phases().values()) == {Phase.ALL_CLEAR}


def test_an_all_clear_names_when_it_was_given_and_an_alert_when_it_was_raised() -> None:
    city = City()
    city.do(raised("a", "kyiv"), UpdateAlert(alert="a", threat=Threat.BALLISTIC))
    assert city.board.area("kyiv").since == START + timedelta(minutes=1)
    city.do(ClearAlert(alert="a"))
    assert city.board.area("kyiv").since == START + timedelta(minutes=3)


def test_a_full_alert_speaks_before_a_pre_alert_whichever_came_first() -> None:
    city = City()
    city.do(raised("now", "kyiv"), raised("soon", "podil", phase=Phase.PRE_ALERT))
    assert city.board.area("podil").alerts == ("now", "soon")
    assert city.board.area("podil").phase is Phase.ALERT


def test_an_alert_whose_time_ran_out_is_shown_as_expired_until_somebody_ends_it() -> None:
    city = City()
    city.do(raised("a", "kyiv"))
    city.now += timedelta(hours=13)
    city.do(ExpireAlert(alert="a"))
    assert city.board.area("podil").phase is Phase.EXPIRED
    city.do(raised("b", "kyiv"), ClearAlert(alert="b"))
    assert city.board.area("podil").phase is Phase.EXPIRED, "b's all-clear says nothing about a"
    city.do(ClearAlert(alert="a"))
    assert city.board.area("podil").phase is Phase.ALL_CLEAR


def test_an_update_that_leaves_an_area_out_takes_the_alert_from_it() -> None:
    city = City()
    city.do(raised("a", "podil", "obolon"), UpdateAlert(alert="a", areas=("obolon",)))
    assert city.board.area("podil").phase is Phase.UNKNOWN
    assert city.board.area("obolon").phase is Phase.ALERT


def test_a_false_alarm_is_a_correction_not_an_all_clear() -> None:
    city = City()
    city.do(raised("a", "kyiv"), CancelAlert(alert="a", reason="drill script"))
    assert city.board.area("podil").phase is Phase.CORRECTION


def test_every_message_of_an_alert_refers_to_all_before_it() -> None:
    city = City()
    city.do(raised("a", "kyiv"), UpdateAlert(alert="a", threat=Threat.DRONE), ClearAlert(alert="a"))
    last = city.board.last("a")
    assert last is not None
    assert [revision for revision, _ in last.earlier] == [1, 2]
    assert last.since == START + timedelta(minutes=1)


def test_a_copy_says_until_when_it_may_be_believed_and_is_the_same_within_its_window() -> None:
    city = City()
    city.do(raised("a", "kyiv"))
    now = city.now + timedelta(seconds=2.5)
    copy = city.board.copy(now, 1)
    assert copy.valid_until - copy.generated_at == VALID_FOR
    assert copy.generated_at <= now
    assert copy == city.board.copy(now + timedelta(seconds=1), 1)
    assert copy != city.board.copy(now + timedelta(seconds=5), 1)


def test_the_newest_alert_is_the_one_raised_last_whatever_was_said_since() -> None:
    city = City()
    assert city.board.newest() is None
    city.do(
        raised("a", "kyiv"), raised("b", "podil"), ClearAlert(alert="b"), UpdateAlert(alert="a", threat=Threat.DRONE)
    )
    assert city.board.newest() == "b"


def test_a_copy_never_claims_to_be_older_than_the_last_change_in_it() -> None:
    city = City()
    city.do(raised("a", "kyiv"))
    assert city.board.copy(city.now, 1).generated_at >= city.now


COMMANDS: list[Command] = [
    raised("a", "kyiv"),
    raised("b", "podil", phase=Phase.PRE_ALERT),
    raised("c", "oblast", "obolon"),
    UpdateAlert(alert="a", areas=("obolon",)),
    UpdateAlert(alert="b", phase=Phase.ALERT),
    *(ClearAlert(alert=alert) for alert in "abc"),
    CancelAlert(alert="b", reason="mistake"),
    ExpireAlert(alert="a"),
]


def play(city: City, commands: list[tuple[Command, int]]) -> None:
    for command, hours in commands:
        city.now += timedelta(hours=hours)
        try:
            city.do(command)
        except TocsinError:
            continue


@given(st.lists(st.tuples(st.sampled_from(COMMANDS), st.integers(0, 8)), max_size=20))
def test_the_board_agrees_with_a_plain_reading_of_the_journal(commands: list[tuple[Command, int]]) -> None:
    city = City()
    play(city, commands)
    alerts = dict.fromkeys({recorded.event.alert for recorded in city.journal.read()}, ALERT.blank)
    for recorded in city.journal.read():
        alerts[recorded.event.alert] = ALERT.evolve(alerts[recorded.event.alert], recorded.event)
    for code in TREE.codes():
        covering = {
            name
            for name, alert in alerts.items()
            if alert.phase in (Phase.ALERT, Phase.PRE_ALERT, Phase.EXPIRED) and set(alert.areas) & set(TREE.chain(code))
        }
        state = city.board.area(code)
        assert set(state.alerts) == covering
        if any(alerts[name].phase is Phase.ALERT for name in covering):
            assert state.phase is Phase.ALERT
        if not covering:
            assert state.phase in (Phase.ALL_CLEAR, Phase.CORRECTION, Phase.UNKNOWN)


@given(st.lists(st.tuples(st.sampled_from(COMMANDS), st.integers(0, 8)), max_size=20), st.integers(0, 20))
def test_a_board_from_a_snapshot_equals_one_replayed_from_zero(commands: list[tuple[Command, int]], cut: int) -> None:
    city = City()
    play(city, commands[:cut])
    dumped, position = city.board.dump(), city.projector.position
    play(city, commands[cut:])
    resumed = Board(TREE, "exercise")
    resumed.load(dumped)
    for recorded in city.journal.read(after=position):
        if (handler := resumed.handlers().get(type(recorded.event))) is not None:
            handler(recorded)
    assert resumed.state == city.board.state
