"""What happened lately, as anybody may read it."""

from datetime import date, timedelta

import msgspec
import pytest
from tests.town import START, Town, attack, cellar, form, hit, impact, site, tagged, team, weapons

from tocsin.domain.record import WeaponClass
from tocsin.domain.record.attacks import EndAttack
from tocsin.domain.record.statements import Kind as StatementKind
from tocsin.domain.record.statements import RecordStatement
from tocsin.domain.response.hospitals import ReportHospital, Traffic
from tocsin.domain.response.observations import RecordObservation, Sight
from tocsin.domain.response.teams import ArriveTeam, AssignTeam
from tocsin.domain.response.worksites import CloseWorksite, Kind, ReopenWorksite
from tocsin.domain.shelter import CloseShelter, OpenShelter, ReportOccupancy
from tocsin.domain.source import Source
from tocsin.domain.warning import CancelAlert, ClearAlert, ExpireAlert, RaiseAlert, Threat, UpdateAlert
from tocsin.kernel.event import Command
from tocsin.views.timeline import KEPT, SENTENCES, SITES, Line, Timeline

RAISE = RaiseAlert(alert="a", areas=("kyiv",), threat=Threat.COMBINED, expires=START + timedelta(minutes=2, seconds=30))
ATTACK = attack("a-1", START, date(2025, 4, 24))
STATEMENT = RecordStatement(
    attack="a-1",
    type=StatementKind.CONDEMNATION,
    person="Vitalii Klychko",
    role="mayor",
    original="Це злочин",
    lang="uk",
    said_at=START,
    source=Source(publisher="Telegram", quote="Це злочин"),
)


def said(*commands: Command) -> list[Line]:
    town = Town()
    town.do(*commands)
    return town.view(Timeline).recent()


def test_a_line_tells_when_by_what_role_and_to_what_it_happened() -> None:
    (line,) = said(RAISE)
    assert (line.position, line.time, line.kind) == (1, START + timedelta(minutes=1), "alert.raised")
    assert (line.role, line.stream, line.areas) == ("administrator", "alert/a", ("kyiv",))
    assert line.text == {
        "uk": "Тривога. Комбінована атака ракетами і дронами. Негайно прямуйте в укриття.",
        "en": "Alert. Combined missile and drone attack. Go to shelter now.",
    }


@pytest.mark.parametrize(
    ("commands", "en", "uk"),
    [
        ((RAISE, UpdateAlert(alert="a", threat=Threat.DRONE)), "Drone attack", "Загроза ударних дронів"),
        ((RAISE, ClearAlert(alert="a")), "All clear", "Відбій"),
        ((RAISE, CancelAlert(alert="a", reason="test")), "Disregard it", "Не зважайте"),
        ((RAISE, OpenShelter(shelter="metro-1"), ExpireAlert(alert="a")), "not cleared", "відбою не було"),
        ((OpenShelter(shelter="metro-1"),), "Shelter metro-1 is open.", "Укриття metro-1 відчинено."),
        ((CloseShelter(shelter="metro-1", reason="flood"),), "closed: flood", "зачинено: flood"),
        ((site(type_=Kind.FIRE),), "begins at site C-1: fire.", "об'єкті C-1: пожежа."),
        ((site(), CloseWorksite(worksite="C-1")), "C-1 is finished", "C-1 завершено"),
        (
            (site(), CloseWorksite(worksite="C-1"), ReopenWorksite(worksite="C-1", reason="knocking")),
            "C-1 is resumed",
            "C-1 поновлено",
        ),
        ((ATTACK,), "Strike on Kyiv", "Удар по Києву"),
        ((ATTACK, EndAttack(attack="a-1", end=START)), "a-1 is over", "a-1 завершилася"),
        (
            (ATTACK, weapons(("Kalibr", WeaponClass.CRUISE_MISSILE, 12, 6, 0), ("X", WeaponClass.DRONE, 3, 1, 2))),
            "Air Force (UA), launched 15, intercepted 7, lost 2.",
            "Air Force (UA), запущено 15, збито 7, не досягли цілей 2.",
        ),
        ((ATTACK, STATEMENT), "Vitalii Klychko, mayor: “Це злочин”", "Vitalii Klychko, mayor: «Це злочин»"),
        (
            (ATTACK, msgspec.structs.replace(STATEMENT, translation={"en": "This is a crime"})),
            "“This is a crime”",
            "«Це злочин»",
        ),
    ],
)
def test_each_public_fact_is_one_sentence_in_both_languages(commands: tuple[Command, ...], en: str, uk: str) -> None:
    line = said(*commands)[0]
    assert en in line.text["en"]
    assert uk in line.text["uk"]
    assert set(line.text) == {"uk", "en"}


def test_alerts_in_words_of_one_language_only_are_told_in_that_one_rather_than_not_at_all() -> None:
    (line,) = said(msgspec.structs.replace(RAISE, texts={"uk": "Дрони!", "en": ""}))
    assert line.text["en"] == "Alert. Дрони!"


def test_where_it_was_hit_who_was_found_and_who_is_where_is_not_for_the_timeline() -> None:
    quiet = (
        RecordObservation(what=Sight.BLAST, time=START, area="podil"),
        impact(),
        team(),
        AssignTeam(team="UKR-01", worksite="C-1"),
        ArriveTeam(team="UKR-01"),
        form(alive=1, dead=2),
        tagged(),
        ReportHospital(hospital="h-1", beds={}, ed_status=Traffic.NORMAL),
        hit("a-1", "h-1", START),
        cellar(),
        ReportOccupancy(shelter="metro-1", people=5),
    )
    assert [line.kind for line in said(ATTACK, site(), *quiet)] == ["worksite.opened", "attack.opened"]


def test_a_worksite_on_the_timeline_does_not_say_where_it_is() -> None:
    (line,) = said(msgspec.structs.replace(site(), address="Peremohy 1"))
    shown = msgspec.json.encode(line).decode()
    assert line.areas == ()
    assert not any(place in shown for place in ("Peremohy", "podil", "50.46", "30.51"))


def test_only_the_last_lines_are_kept_newest_first() -> None:
    town = Town()
    doors = (OpenShelter(shelter="metro-1"), CloseShelter(shelter="metro-1", reason="full"))
    town.do(*(doors[number % 2] for number in range(KEPT + 3)))
    timeline = town.view(Timeline)
    assert [line.position for line in timeline.recent()] == list(range(KEPT + 3, 3, -1))
    assert [line.position for line in timeline.recent(2)] == [KEPT + 3, KEPT + 2]
    assert timeline.recent(0) == []
    assert len(timeline.state.lines) == KEPT


def test_every_kind_of_worksite_has_words_and_every_sentence_is_reached_by_a_handler() -> None:
    assert set(SITES) == set(Kind)
    assert set(Timeline().handlers()) == set(SENTENCES)
