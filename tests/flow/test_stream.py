"""Followers of the board miss nothing, hear nothing twice, and are told when they cannot know."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from tests.alerts import START, TREE, raised

from tocsin.bus.inprocess import InProcessBell
from tocsin.domain.subject import Gazetteer
from tocsin.domain.warning import ALERT, ClearAlert, UpdateAlert
from tocsin.flow import stream
from tocsin.flow.handle import Handler
from tocsin.flow.project import Projector
from tocsin.flow.stream import Frame, Ring, Stream
from tocsin.kernel.event import Actor, Command, Events, Recorded, kind_of
from tocsin.storage.memory import MemoryJournal
from tocsin.views.board import Board


def topic(recorded: Recorded) -> str | None:
    return "alert" if kind_of(recorded.event) != "alert.confirmed" else None


class Radio:
    """A board with its stream."""

    def __init__(self, ring: int = 100) -> None:
        self.now = START
        self.journal = MemoryJournal(Events(ALERT.events))
        city = Gazetteer(areas=frozenset(TREE.codes()))
        self.handler = Handler(self.journal, [ALERT], city, lambda: self.now, InProcessBell())
        self.board = Board(TREE, "exercise")
        self.ring = Ring(self.board, "exercise", topic, ring)
        self.projected = InProcessBell()
        self.projector = Projector(self.journal, [self.board], after=self.ring.add, done=self.projected.ring)
        self.stream = Stream(self.ring, self.board, self.projector.looking, self.projected, lambda: self.now)

    def do(self, *commands: Command) -> None:
        for command in commands:
            self.now += timedelta(minutes=1)
            self.handler.handle(command, Actor("olena", "duty_officer"))
        self.projector.catch_up()

    def hear(
        self,
        count: int,
        *,
        areas: tuple[str, ...] | None = None,
        after: int | None = None,
        then: list[Command] | None = None,
    ) -> list[Frame]:
        """The first frames of a new follower; commands follow once it has its first."""

        async def follow() -> list[Frame]:
            heard: list[Frame] = []
            async with asyncio.timeout(5):
                async for frame in self.stream.follow(areas, after):
                    heard.append(frame)
                    if len(heard) == 1:
                        self.do(*(then or ()))
                    if len(heard) == count:
                        break
            return heard

        return asyncio.run(follow())


def data(frame: Frame) -> dict[str, object]:
    decoded: dict[str, object] = msgspec.json.decode(frame.data)
    return decoded


def kinds(frames: list[Frame]) -> list[tuple[str, int]]:
    return [(frame.event, frame.position) for frame in frames]


def test_a_new_follower_gets_the_whole_state_first_and_then_what_happens() -> None:
    radio = Radio()
    radio.do(raised("a", "kyiv"))
    heard = radio.hear(3, then=[raised("b", "oblast"), ClearAlert(alert="a")])
    assert kinds(heard) == [("snapshot", 1), ("alert", 2), ("alert", 3)]
    areas = data(heard[0])["areas"]
    assert isinstance(areas, list)
    assert [area["phase"] for area in areas] == ["unknown", "alert", "alert", "alert"]


def test_a_frame_carries_the_state_of_each_area_it_touches_as_of_its_own_position() -> None:
    radio = Radio()
    heard = radio.hear(3, then=[raised("a", "kyiv"), ClearAlert(alert="a")])
    first, second = (data(frame)["states"] for frame in heard[1:])
    assert isinstance(first, list)
    assert isinstance(second, list)
    assert {state["area"]: state["phase"] for state in first} == {
        "kyiv": "alert",
        "oblast": "unknown",
        "podil": "alert",
        "obolon": "alert",
    }
    assert {state["phase"] for state in second} == {"all_clear", "unknown"}


def test_one_who_comes_back_hears_exactly_what_was_missed_and_then_what_is_true() -> None:
    radio = Radio()
    radio.do(raised("a", "kyiv"), raised("b", "podil"), ClearAlert(alert="b"))
    heard = radio.hear(3, after=1)
    assert kinds(heard) == [("alert", 2), ("alert", 3), ("heartbeat", 3)]


def test_one_who_missed_nothing_gets_the_state_at_once() -> None:
    radio = Radio()
    radio.do(raised("a", "kyiv"))
    assert kinds(radio.hear(1, after=1)) == [("heartbeat", 1)]


def test_a_position_that_left_the_ring_is_answered_with_a_reset_and_a_snapshot() -> None:
    radio = Radio(ring=2)
    radio.do(raised("a", "kyiv"), raised("b", "podil"), ClearAlert(alert="b"), ClearAlert(alert="a"))
    assert kinds(radio.hear(2, after=1)) == [("reset", 4), ("snapshot", 4)]
    assert kinds(radio.hear(3, after=2)) == [("alert", 3), ("alert", 4), ("heartbeat", 4)]


def test_a_position_from_the_future_is_of_another_journal_and_is_reset() -> None:
    radio = Radio()
    radio.do(raised("a", "kyiv"))
    assert kinds(radio.hear(2, after=99)) == [("reset", 1), ("snapshot", 1)]


def test_a_follower_of_one_area_hears_of_what_is_around_and_inside_but_not_beside_it() -> None:
    radio = Radio()
    commands: list[Command] = [raised("beside", "obolon"), raised("around", "oblast"), raised("own", "podil")]
    heard = radio.hear(3, areas=("podil",), then=commands)
    assert kinds(heard) == [("snapshot", 0), ("alert", 2), ("alert", 3)]


def test_a_follower_of_the_city_hears_of_its_raions() -> None:
    radio = Radio()
    heard = radio.hear(2, areas=("kyiv",), then=[raised("part", "podil")])
    states = data(heard[1])["states"]
    assert isinstance(states, list)
    assert next(state["partly"] for state in states if state["area"] == "kyiv") == ["podil"]


def test_a_follower_of_an_area_that_an_update_takes_out_is_told() -> None:
    radio = Radio()
    radio.do(raised("a", "podil", "obolon"))
    heard = radio.hear(2, areas=("podil",), then=[UpdateAlert(alert="a", areas=("obolon",))])
    assert kinds(heard) == [("snapshot", 1), ("alert", 2)]
    states = data(heard[1])["states"]
    assert isinstance(states, list)
    assert next(state["phase"] for state in states if state["area"] == "podil") == "unknown"


def test_silence_is_broken_by_a_heartbeat_with_the_whole_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    radio = Radio()
    radio.do(raised("a", "kyiv"))
    heard = radio.hear(3)
    assert kinds(heard) == [("snapshot", 1), ("heartbeat", 1), ("heartbeat", 1)]
    assert set(data(heard[1])) >= {"position", "generated_at", "valid_until", "areas"}


def test_a_follower_that_slept_through_the_ring_is_told_so() -> None:
    radio = Radio(ring=2)
    many: list[Command] = [raised(f"a{number}", "podil") for number in range(5)]
    assert kinds(radio.hear(3, then=many)) == [("snapshot", 0), ("reset", 5), ("snapshot", 5)]
