"""The night that ships with Tocsin: it plays, it gives the public figures, and everything in it can be looked up."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import msgspec
import pytest

from tocsin.bus.inprocess import InProcessBell
from tocsin.city.generate import generate_city
from tocsin.city.place import City, load_city
from tocsin.domain.casualties import RecordClaim
from tocsin.domain.catalogue import SUBJECTS, all_commands, all_events
from tocsin.domain.record import MISSILES
from tocsin.domain.source import Source
from tocsin.domain.subject import Gazetteer
from tocsin.domain.warning import Phase
from tocsin.flow.handle import Handler
from tocsin.flow.project import Projector
from tocsin.flow.replay import ScenarioClock, play
from tocsin.flow.scenario import Scenario, Step, read_scenario
from tocsin.journal import verify
from tocsin.kernel.event import Command, kind_of
from tocsin.kernel.geo import Point
from tocsin.storage.memory import MemoryJournal
from tocsin.views.attacks import Attacks, KilledBounds
from tocsin.views.board import Board
from tocsin.views.bulletins import BulletinList
from tocsin.views.ledger import FigureCopy, Ledger
from tocsin.views.patients import Patients
from tocsin.views.view import View
from tocsin.views.worksites import Worksites

ROOT = Path(__file__).parents[2]
FILE = ROOT / "scenarios" / "kyiv-2025-04-24.toml"
NIGHT = "kyiv-2025-04-24"
KYIV = "UA80000000000093317"
EARLY, LATE_MORNING, END = (
    datetime.fromisoformat(f"2025-04-{time}:00+03:00") for time in ("24T06:30", "24T11:30", "28T15:00")
)

V = TypeVar("V", bound=View[Any])


class Night:
    """The scenario played into an empty journal, with the views of it."""

    def __init__(self, scenario: Scenario, city: City, until: datetime | None = None) -> None:
        self.scenario, self.city = scenario, city
        self.journal = MemoryJournal(all_events())
        self.views: list[View[Any]] = [
            *(Ledger(), Attacks(), BulletinList(), Worksites(), Patients()),
            Board(city.areas, "exercise"),
        ]
        self.play(until)
        Projector(self.journal, self.views).catch_up()

    def play(self, until: datetime | None = None) -> int:
        clock = ScenarioClock(self.scenario.steps[0].at, None)
        handler = Handler(self.journal, SUBJECTS, gazetteer(self.city), clock, InProcessBell())
        return asyncio.run(play(self.scenario, clock, handler.handle, until=until))

    def view(self, type_: type[V]) -> V:
        return next(view for view in self.views if isinstance(view, type_))

    def figures(self, as_of: datetime) -> dict[str, FigureCopy]:
        return self.view(Ledger).figures(NIGHT, as_of)

    def killed(self, as_of: datetime) -> Callable[[str], KilledBounds | None]:
        def bounds(attack: str) -> KilledBounds | None:
            figure = self.view(Ledger).figures(attack, as_of).get("killed")
            if figure is None:
                return None
            return KilledBounds(figure.low, figure.best, figure.high, as_of, figure.claims)

        return bounds


def gazetteer(city: City) -> Gazetteer:
    return Gazetteer(
        areas=frozenset(city.areas.codes()),
        shelters={shelter.id: shelter.capacity for shelter in city.shelters},
        sirens=frozenset(siren.id for siren in city.sirens),
        hospitals=frozenset(hospital.id for hospital in city.hospitals),
    )


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario(FILE.read_text(encoding="utf-8"), all_commands(), FILE.name)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city") / "kyiv"
    generate_city(folder, 0.01, 1)
    return load_city(folder)


@pytest.fixture(scope="module")
def night(scenario: Scenario, city: City) -> Night:
    return Night(scenario, city)


def claims_of(scenario: Scenario) -> list[tuple[Step, RecordClaim]]:
    return [(step, step.command) for step in scenario.steps if isinstance(step.command, RecordClaim)]


def sources_of(scenario: Scenario) -> list[tuple[Step, Source]]:
    found = [(step, getattr(step.command, "source", None)) for step in scenario.steps]
    return [(step, source) for step, source in found if isinstance(source, Source)]


def best(figures: dict[str, FigureCopy], *keys: str) -> list[tuple[int, int, str]]:
    return [(figures[key].low, figures[key].best, figures[key].status) for key in keys]


def test_every_step_is_carried_out_and_the_chain_holds(night: Night) -> None:
    assert night.journal.head().position >= len(night.scenario.steps)
    assert verify(night.journal) == night.journal.head()


def test_playing_it_again_into_the_same_journal_changes_nothing(scenario: Scenario, city: City) -> None:
    night = Night(scenario, city)
    head = night.journal.head()
    assert night.play() == len(scenario.steps)
    assert night.journal.head() == head


def test_the_city_starts_the_night_in_all_clear_and_ends_it_so(scenario: Scenario, city: City, night: Night) -> None:
    before = Night(scenario, city, until=scenario.starts).view(Board).area(KYIV)
    during = Night(scenario, city, until=EARLY).view(Board).area(KYIV)
    after = night.view(Board).area(KYIV)
    assert [before.phase, during.phase, after.phase] == [Phase.ALL_CLEAR, Phase.ALERT, Phase.ALL_CLEAR]
    assert during.since == datetime.fromisoformat("2025-04-24T00:36:19+03:00")
    assert after.since == datetime.fromisoformat("2025-04-24T06:33:20+03:00")


def test_at_half_past_six_nine_are_killed_63_injured_and_42_in_hospital_with_six_children(night: Night) -> None:
    figures = night.figures(EARLY)
    told = best(figures, "killed", "injured", "hospitalised", "hospitalised:child")
    assert told == [(n, n, "preliminary") for n in (9, 63, 42, 6)]
    assert figures["killed"].high is None
    assert not any(figure.conflicts for figure in figures.values())


def test_at_half_past_eleven_the_ninth_is_under_examination_and_77_are_injured(night: Night) -> None:
    figures = night.figures(LATE_MORNING)
    assert best(figures, "killed", "injured") == [(8, 8, "revised"), (77, 77, "preliminary")]
    assert figures["killed"].reason == "remains under examination"
    assert figures["remains_unidentified"].best == 1
    assert figures["hospitalised:current"].best == 31


def test_in_the_end_13_are_killed_and_90_injured_of_whom_87_at_the_house(night: Night) -> None:
    figures = night.figures(END)
    assert best(figures, "killed", "injured") == [(13, 13, "confirmed"), (90, 90, "confirmed")]
    assert figures["injured@C-1"].best == 87
    assert figures["died_in_hospital"].best == 1


def test_the_children_are_kept_both_as_injured_and_as_hospitalised(night: Night) -> None:
    parts = {entry.claim.id: entry.claim.part_of for entry in night.view(Ledger).claims(NIGHT)}
    among_injured, among_hospitalised = parts["pravda-injured-child-0606"], parts["ses-hospitalised-child-0606"]
    assert among_injured is not None
    assert among_hospitalised is not None
    assert [among_injured.attachment.value, among_hospitalised.attachment.value] == ["ambiguous", "explicit"]


def test_the_worksite_reconciles_with_the_public_figures(night: Night) -> None:
    lines = {line.id: line for line in night.view(Worksites).report(NIGHT)}
    figures = night.figures(END)
    assert lines["C-1"].recovered_dead == figures["killed@C-1"].best == 12
    assert lines["C-1"].rescued_alive == figures["rescued_alive@C-1"].low == 1
    assert sum(line.recovered_dead for line in lines.values()) <= figures["killed"].best
    assert night.view(Patients).counts().died == {"hospital": figures["died_in_hospital"].best}


def test_weapons_of_the_night_add_up_to_what_the_air_force_said(night: Night) -> None:
    attack = night.view(Attacks).attack(NIGHT)
    assert attack is not None
    (count,) = attack.counts.values()
    assert (count.totals.launched, count.totals.intercepted, count.totals.lost) == (215, 112, 68)


def test_missiles_last_hit_the_city_on_6_april_and_drones_on_the_10th(night: Night) -> None:
    attacks = night.view(Attacks)
    attack = attacks.attack(NIGHT)
    assert attack is not None
    places = (KYIV, *night.city.areas.descendants(KYIV))
    by_missiles = attacks.last_hit(places, attack.start, MISSILES)
    assert (by_missiles.date, by_missiles.attack, by_missiles.possible) == (date(2025, 4, 6), "kyiv-2025-04-06", ())
    assert attacks.last_hit(places, attack.start).date == date(2025, 4, 10)


@pytest.mark.parametrize("as_of", [EARLY, LATE_MORNING, END])
def test_it_is_the_deadliest_since_8_july_2024_at_any_time(night: Night, as_of: datetime) -> None:
    answer = night.view(Attacks).deadliest_since(NIGHT, night.killed(as_of))
    assert answer is not None
    assert (answer.date, answer.since, answer.unknown) == (date(2024, 7, 8), "kyiv-2024-07-08", ())
    assert answer.since_killed is not None
    assert answer.since_killed.best == 33


def test_the_first_bulletin_is_out_before_half_past_six_and_the_second_explains_the_eight(
    scenario: Scenario, city: City, night: Night
) -> None:
    (first,) = Night(scenario, city, until=EARLY).view(BulletinList).published(NIGHT)
    assert (first.number, first.content.version.value) == (1, "Initial")
    assert "nine people were killed and 63 wounded; 42" in first.content.lead["en"]
    assert first.prepared_by != first.approved_by
    second = night.view(BulletinList).one(NIGHT, 2)
    assert second.published < LATE_MORNING
    assert "9 before, now 8" in second.content.texts["en"]
    versions = [bulletin.content.version.value for bulletin in reversed(night.view(BulletinList).published(NIGHT))]
    assert versions == ["Initial", "Update", "Update", "Update", "Final"]
    assert "13 people were killed" in night.view(BulletinList).one(NIGHT, 5).content.lead["en"]


def test_every_claim_can_be_looked_up(scenario: Scenario) -> None:
    for step, claim in claims_of(scenario):
        assert all((claim.source.url, claim.source.quote)), step.where
        assert claim.as_of <= claim.source.published, step.where


def test_nothing_is_recorded_before_it_was_published(scenario: Scenario) -> None:
    for step, source in sources_of(scenario):
        assert source.url, step.where
        assert source.published is None or source.published <= step.at, step.where


def test_a_whole_number_in_a_claim_stands_in_its_quote(scenario: Scenario) -> None:
    for step, claim in claims_of(scenario):
        digits = "".join(letter for letter in claim.phrase if letter.isdigit())
        assert digits in claim.source.quote, step.where


def test_every_position_lies_in_the_raion_it_names(scenario: Scenario, city: City) -> None:
    placed = [step for step in scenario.steps if {"lat", "lon", "area"} <= set(get_type_hints(type(step.command)))]
    for step in placed:
        lat, lon = getattr(step.command, "lat", None), getattr(step.command, "lon", None)
        if lat is not None and lon is not None:
            assert city.areas.locate(Point(lat, lon)) == getattr(step.command, "area", ""), step.where
    assert {kind_of(step.command) for step in placed} >= {"impact.report", "worksite.open"}


def test_whoever_raises_an_alert_has_it_confirmed_by_another_within_five_minutes(scenario: Scenario) -> None:
    alerts = [step for step in scenario.steps if kind_of(step.command) in ("alert.raise", "alert.confirm")]
    for raised, confirmed in zip(alerts[::2], alerts[1::2], strict=True):
        assert alert_of(raised.command) == alert_of(confirmed.command)
        assert raised.actor.id != confirmed.actor.id
        assert (confirmed.at - raised.at).total_seconds() < 300


def alert_of(command: Command) -> str:
    return str(msgspec.structs.asdict(command)["alert"])


def test_every_source_of_the_scenario_is_listed_in_its_page() -> None:
    page = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    urls = {line.split('"')[1] for line in FILE.read_text(encoding="utf-8").splitlines() if line.startswith("url = ")}
    assert len(urls) > 50
    assert sorted(url for url in urls if url not in page) == []
