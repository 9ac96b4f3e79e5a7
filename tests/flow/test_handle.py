"""Commands become events once, in order, by those who may."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tocsin.bus.inprocess import InProcessBell
from tocsin.domain.subject import Gazetteer
from tocsin.domain.warning import ALERT, AlertRaised, ClearAlert, RaiseAlert, Threat, UpdateAlert
from tocsin.flow.handle import Handler
from tocsin.journal import Journal
from tocsin.kernel.errors import Invalid, Refused, Unauthorised
from tocsin.kernel.event import Actor, Events
from tocsin.storage.memory import MemoryJournal
from tocsin.storage.sqlite import SqliteJournal

NOW = datetime(2025, 4, 23, 21, 36, tzinfo=UTC)
OFFICER = Actor("olena", "duty_officer")
EVENTS = Events(ALERT.events)


@pytest.fixture(params=["memory", "sqlite"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    journal: Journal = (
        MemoryJournal(EVENTS)
        if request.param == "memory"
        else SqliteJournal(tmp_path / "j.db", EVENTS, realm="exercise")
    )
    yield journal
    journal.close()


@pytest.fixture
def handler(journal: Journal) -> Handler:
    city = Gazetteer(areas=frozenset({"kyiv", "podil"}))
    return Handler(journal, [ALERT], city, lambda: NOW, InProcessBell())


def raise_(alert: str = "a") -> RaiseAlert:
    return RaiseAlert(alert=alert, areas=("kyiv",), threat=Threat.MISSILE)


def test_the_answer_names_position_stream_and_events(handler: Handler) -> None:
    answer = handler.handle(raise_(), OFFICER)
    assert (answer.position, answer.stream, answer.events) == (1, "alert/a", ("alert.raised",))


def test_a_refused_command_leaves_nothing(handler: Handler, journal: Journal) -> None:
    handler.handle(raise_(), OFFICER)
    with pytest.raises(Refused):
        handler.handle(raise_(), OFFICER)
    assert journal.head().position == 1


def test_the_same_key_again_gets_the_first_answer_and_does_nothing(handler: Handler, journal: Journal) -> None:
    first = handler.handle(raise_(), OFFICER, key="k")
    again = handler.handle(raise_(), OFFICER, key="k")
    assert again.repeated
    assert (again.position, again.events, again.stream) == (first.position, first.events, first.stream)
    assert journal.head().position == 1


def test_a_key_used_for_another_command_is_refused(handler: Handler) -> None:
    handler.handle(raise_(), OFFICER, key="k")
    with pytest.raises(Invalid, match="Idempotency-Key"):
        handler.handle(ClearAlert(alert="a"), OFFICER, key="k")


def test_a_new_thing_without_a_name_gets_one_that_follows_from_the_key(handler: Handler, journal: Journal) -> None:
    handler.handle(raise_(""), OFFICER, key="k")
    (recorded,) = journal.read()
    assert isinstance(recorded.event, AlertRaised)
    assert recorded.event.alert.startswith("20250423-2136-")
    assert recorded.stream == f"alert/{recorded.event.alert}"


def test_a_role_without_the_right_is_turned_away(handler: Handler) -> None:
    with pytest.raises(Unauthorised, match="press_officer"):
        handler.handle(raise_(), Actor("ivan", "press_officer"))
    with pytest.raises(Unauthorised):
        handler.handle(raise_(), Actor("ivan", "no such role"))


def test_a_command_that_changes_nothing_answers_with_the_head(handler: Handler) -> None:
    handler.handle(raise_(), OFFICER)
    answer = handler.handle(UpdateAlert(alert="a", threat=Threat.MISSILE), OFFICER)
    assert (answer.position, answer.events) == (1, ())


def test_commands_that_race_for_one_alert_are_all_decided_on_what_is_true(handler: Handler, journal: Journal) -> None:
    handler.handle(raise_(), OFFICER)
    threats = [Threat.DRONE, Threat.BALLISTIC, Threat.COMBINED, Threat.ARTILLERY] * 4

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda threat: handler.handle(UpdateAlert(alert="a", threat=threat), OFFICER), threats))
    revisions = [recorded.event.revision for recorded in journal.read()]
    assert revisions == list(range(1, len(revisions) + 1))
    assert len(revisions) > 1


def test_a_handler_that_starts_later_knows_what_was_decided_before(handler: Handler, journal: Journal) -> None:
    handler.handle(raise_(), OFFICER)
    fresh = Handler(journal, [ALERT], Gazetteer(areas=frozenset({"kyiv"})), lambda: NOW, InProcessBell())
    with pytest.raises(Refused):
        fresh.handle(raise_(), OFFICER)
    assert fresh.handle(ClearAlert(alert="a"), OFFICER).events == ("alert.cleared",)
