"""Whatever happens, views replayed from zero, or from a snapshot, are those that were folded live."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.running import KYIV, PODIL

from tocsin.city.generate import generate_city
from tocsin.city.place import City, load_city
from tocsin.domain.casualties import RetractClaim
from tocsin.domain.catalogue import all_commands
from tocsin.domain.shelter import CloseShelter, OpenShelter, ReportOccupancy
from tocsin.domain.warning import CancelAlert, ClearAlert, ConfirmAlert, ExpireAlert, RaiseAlert, Threat, UpdateAlert
from tocsin.flow.project import Projector
from tocsin.flow.scenario import Scenario, read_scenario
from tocsin.kernel.errors import TocsinError
from tocsin.kernel.event import Actor, Command
from tocsin.storage.snapshot import FileSnapshots
from tocsin.wiring import Running, Settings, make_views, open_system

NIGHT = Path(__file__).parents[2] / "scenarios" / "kyiv-2025-04-24.toml"
START = datetime(2025, 4, 23, 21, tzinfo=UTC)
ADMIN, SECOND = Actor("ada", "administrator"), Actor("bohdan", "administrator")


# Kept until the tests end, then removed with all that is in it.
FOLDER = TemporaryDirectory(prefix="tocsin-test-")


@cache
def city() -> City:
    folder = Path(FOLDER.name) / "city"
    generate_city(folder, 0.01, 1)
    return load_city(folder)


@cache
def night() -> Scenario:
    return read_scenario(NIGHT.read_text(encoding="utf-8"), all_commands(), NIGHT.name)


class Time:
    """A clock that is set by hand."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def system(clock: Time) -> Running:
    return open_system(Settings(realm="exercise"), city(), clock=clock, in_memory=True)


def dumps(running: Running) -> dict[str, bytes]:
    return {view.name: view.dump() for view in running.system.views.all()}


def replayed(running: Running, *, after: int = 0, dumped: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """The views of a journal, folded anew from zero, or from states that were dumped at a position."""
    views = make_views(city(), "exercise")
    projector = Projector(running.system.journal, views.all())
    if dumped is not None:
        for view in views.all():
            view.load(dumped[view.name])
        projector.position = after
    projector.catch_up()
    return {view.name: view.dump() for view in views.all()}


def claim(number: int, killed: int) -> Command:
    return all_commands().convert(
        {
            "kind": "claim.record",
            "attack": "a",
            "claim": f"c{number}",
            "place": KYIV,
            "measure": "killed",
            "point": killed,
            "lo": killed,
            "hi": killed,
            "status": "preliminary",
            "as_of": START + timedelta(minutes=number),
            "origin": f"o{number}",
            "speaker": {"org": "Service", "org_kind": "emergency_service"},
            "source": {
                "publisher": "Service",
                "url": "https://example.org",
                "published": START + timedelta(minutes=number),
            },
        },
        "test",
    )


SHELTER = "metro-zoloti-vorota"
COMMANDS: list[Command] = [
    RaiseAlert(alert="x", areas=(KYIV,), threat=Threat.MISSILE),
    RaiseAlert(alert="y", areas=(PODIL,), threat=Threat.DRONE),
    UpdateAlert(alert="x", threat=Threat.COMBINED),
    ConfirmAlert(alert="x"),
    ClearAlert(alert="x"),
    ClearAlert(alert="y"),
    CancelAlert(alert="y", reason="mistake"),
    ExpireAlert(alert="x"),
    OpenShelter(shelter=SHELTER),
    CloseShelter(shelter=SHELTER, reason="flooded"),
    ReportOccupancy(shelter=SHELTER, people=412),
    *(claim(number, killed) for number, killed in ((1, 2), (2, 9), (3, 8))),
    RetractClaim(attack="a", claim="c2", reason="counted twice"),
]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(COMMANDS), st.sampled_from([ADMIN, SECOND]), st.integers(0, 400)), max_size=25),
    st.integers(0, 25),
)
def test_random_histories_replay_to_the_same_views(orders: list[tuple[Command, Actor, int]], cut: int) -> None:
    clock = Time()
    running = system(clock)
    kept, position = dumps(running), 0
    for number, (command, actor, minutes) in enumerate(orders):
        clock.now += timedelta(minutes=minutes)
        with suppress(TocsinError):
            running.system.do(command, actor)
        if number == cut:
            kept, position = dumps(running), running.system.projector.position
    live = dumps(running)
    assert replayed(running) == live
    assert replayed(running, after=position, dumped=kept) == live


def test_the_whole_night_replays_to_the_same_views() -> None:
    clock = Time(night().steps[0].at)
    running = system(clock)
    for step in night().steps:
        clock.now = step.at
        running.system.do(step.command, step.actor, step.key)
    assert running.system.projector.position > 200
    assert replayed(running) == dumps(running)


def test_a_night_played_twice_into_one_journal_acts_once() -> None:
    clock = Time(night().steps[0].at)
    running = system(clock)
    for step in night().steps:
        clock.now = step.at
        running.system.do(step.command, step.actor, step.key)
    head = running.system.journal.head()
    for step in night().steps:
        running.system.do(step.command, step.actor, step.key)
    assert running.system.journal.head() == head


def test_a_start_from_a_snapshot_equals_a_start_from_zero(tmp_path: Path) -> None:
    settings = Settings(db=tmp_path / "tocsin.db", realm="exercise")
    clock = Time(night().steps[0].at)
    first = open_system(settings, city(), clock=clock)
    for step in night().steps[:120]:
        clock.now = step.at
        first.system.do(step.command, step.actor, step.key)
    first.system.close()
    second = open_system(settings, city(), clock=clock)
    assert second.system.projector.position == first.system.projector.position
    for step in night().steps[120:]:
        clock.now = step.at
        second.system.do(step.command, step.actor, step.key)
    assert replayed(second) == dumps(second)
    second.system.close()


def test_a_snapshot_of_another_journal_is_dropped(tmp_path: Path) -> None:
    clock = Time()
    for name, alert in (("one", "x"), ("other", "y")):
        (tmp_path / name).mkdir()
        running = open_system(Settings(db=tmp_path / name / "tocsin.db", realm="exercise"), city(), clock=clock)
        running.system.do(RaiseAlert(alert=alert, areas=(KYIV,), threat=Threat.MISSILE), ADMIN)
        running.system.close()
    foreign = (tmp_path / "other" / "tocsin.snapshot").read_bytes()
    (tmp_path / "one" / "tocsin.snapshot").write_bytes(foreign)
    again = open_system(Settings(db=tmp_path / "one" / "tocsin.db", realm="exercise"), city(), clock=clock)
    assert [notice.alert for notice in again.system.views.board.standing()] == ["x"]
    again.system.close()


def test_a_snapshot_that_cannot_be_read_costs_a_replay_not_a_fact(tmp_path: Path) -> None:
    clock = Time()
    settings = Settings(db=tmp_path / "tocsin.db", realm="exercise")
    first = open_system(settings, city(), clock=clock)
    first.system.do(RaiseAlert(alert="x", areas=(KYIV,), threat=Threat.MISSILE), ADMIN)
    first.system.close()
    (tmp_path / "tocsin.snapshot").write_bytes(b"\x93half a snapshot")
    assert FileSnapshots(tmp_path / "tocsin.snapshot").load() is None
    second = open_system(settings, city(), clock=clock)
    assert [notice.alert for notice in second.system.views.board.standing()] == ["x"]
    second.system.close()
