"""The rules of the record: attacks and statements."""

from datetime import date, timedelta

import msgspec
import pytest
from tests.town import SOURCE, START, Town, attack, hit, weapons

from tocsin.domain.record.attack_rules import ALLOWED, ATTACK
from tocsin.domain.record.attacks import (
    EFFECTS,
    MISSILES,
    WEAPONS,
    Effect,
    EndAttack,
    HitRecorded,
    Stage,
    WeaponClass,
    WeaponsCounted,
    weapon_classes,
)
from tocsin.domain.record.details import AddPhoto, CorrectAttack, Extent, RecordDamage, Structure, WithdrawHit
from tocsin.domain.record.statements import Kind, RecordStatement
from tocsin.domain.source import Source
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Commands, kind_of

OPEN = attack("a-1", START, date(2025, 4, 24))
END = EndAttack(attack="a-1", end=START + timedelta(hours=6))
SHAHED = ("Shahed-136/131", WeaponClass.DRONE, 145, 64, 68)
COUNT = weapons(SHAHED)
HIT = hit("a-1", "h-1", START + timedelta(hours=1))
DAMAGE = RecordDamage(
    attack="a-1",
    structure=Structure.DWELLING,
    extent=Extent.DESTROYED,
    lo=1,
    area="podil",
    as_of=START + timedelta(hours=2),
    source=SOURCE,
)
PHOTO = AddPhoto(attack="a-1", sha256="0" * 64, alt={"en": "Rubble"}, credit="SES", source=SOURCE)
CORRECT = CorrectAttack(attack="a-1", where_precision=1, reason="it is known")
WITHDRAW = WithdrawHit(attack="a-1", hit="h-0", reason="there was none")
EVERY = (OPEN, END, COUNT, HIT, DAMAGE, PHOTO, CORRECT, WITHDRAW)

BEGUN = (OPEN, hit("a-1", "h-0", START + timedelta(hours=1)))
HISTORY: dict[Stage, tuple[Command, ...]] = {Stage.UNKNOWN: (), Stage.RUNNING: BEGUN, Stage.ENDED: (*BEGUN, END)}
KNOWN = {kind_of(each) for each in EVERY} - {"attack.open"}
TABLE = {Stage.UNKNOWN: {"attack.open"}, Stage.RUNNING: KNOWN, Stage.ENDED: KNOWN}


def said(statement: str = "s-1", answers: str = "", source: Source = SOURCE, org: str = "City") -> RecordStatement:
    return RecordStatement(
        statement=statement,
        attack="a-1",
        type=Kind.CONDEMNATION,
        role="mayor" if org else "",
        org=org,
        original="Це злочин",
        lang="uk",
        translation={"en": "This is a crime"},
        said_at=START,
        answers=answers,
        source=source,
    )


def opened() -> Town:
    town = Town()
    town.do(OPEN)
    return town


@pytest.mark.parametrize("command", EVERY, ids=kind_of)
@pytest.mark.parametrize("stage", Stage)
def test_at_each_stage_exactly_the_commands_of_the_table_are_allowed(stage: Stage, command: Command) -> None:
    town = Town()
    town.do(*HISTORY[stage])
    if kind_of(command) in TABLE[stage]:
        town.do(command)
    else:
        with pytest.raises((Refused, Unknown)):
            town.do(command)
    assert {kind_of(each) for each in ALLOWED[stage]} == TABLE[stage]


@pytest.mark.parametrize("day", [date(2025, 4, 24), date(2025, 4, 25)])
def test_an_attack_bears_the_local_date_of_its_start_or_of_the_next_morning(day: date) -> None:
    assert Town().do(attack("a", START, day)) == ("attack.opened",)


@pytest.mark.parametrize("day", [date(2025, 4, 23), date(2025, 4, 26)])
def test_an_attack_of_another_date_is_invalid(day: date) -> None:
    # 21:36 UTC on the 23rd is 00:36 of the 24th in Kyiv.
    with pytest.raises(Invalid, match=r"^date_local"):
        Town().do(attack("a", START, day))


def test_a_start_that_is_not_known_well_allows_the_date_before() -> None:
    vague = msgspec.structs.replace(attack("a", START, date(2025, 4, 23)), start_precision_minutes=60)
    assert Town().do(vague) == ("attack.opened",)


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "Europe"])
def test_a_time_zone_nobody_keeps_is_invalid(zone: str) -> None:
    with pytest.raises(Invalid, match=r"^time_zone"):
        Town().do(msgspec.structs.replace(OPEN, time_zone=zone))


@pytest.mark.parametrize("zone", ["../../etc/passwd", "+03:00", "europe/kyiv"])
def test_what_is_no_name_of_a_time_zone_is_invalid(zone: str) -> None:
    body = msgspec.json.encode(msgspec.structs.replace(OPEN, time_zone=zone))
    with pytest.raises(Invalid, match="time_zone"):
        Commands(ATTACK.commands).decode("attack.open", body)


def test_an_attack_is_on_an_area_of_the_city_or_on_a_whole_country() -> None:
    assert Town().do(attack("a", START, date(2025, 4, 24), area="UA")) == ("attack.opened",)
    for area in ("lviv", "ua", "U1"):
        with pytest.raises(Unknown, match=r"^area"):
            Town().do(attack("a", START, date(2025, 4, 24), area=area))


def test_an_end_can_be_corrected_but_is_not_before_the_start() -> None:
    town = opened()
    assert town.do(END) == ("attack.ended",)
    assert town.do(END) == ()
    assert town.do(EndAttack(attack="a-1", end=END.end + timedelta(minutes=3))) == ("attack.ended",)
    with pytest.raises(Invalid, match=r"^end"):
        town.do(EndAttack(attack="a-1", end=START - timedelta(minutes=1)))


def test_more_accounted_for_than_launched_is_invalid_and_names_the_row() -> None:
    fine, wrong = SHAHED, ("Kalibr", WeaponClass.CRUISE_MISSILE, 12, 10, 3)
    with pytest.raises(Invalid, match=r"^weapons\[1\]: Kalibr: 13 accounted for of 12"):
        opened().do(weapons(fine, wrong))


def test_all_accounted_for_is_fine_and_so_is_not_knowing_how_many_were_launched() -> None:
    town = opened()
    assert town.do(weapons(("Kalibr", WeaponClass.CRUISE_MISSILE, 12, 10, 2))) == ("attack.weapons_counted",)
    (row,) = COUNT.weapons
    unknown = msgspec.structs.replace(COUNT, weapons=(msgspec.structs.replace(row, launched=None),))
    assert town.do(unknown) == ("attack.weapons_counted",)


def test_the_same_count_again_changes_nothing_until_it_has_changed() -> None:
    town = opened()
    assert town.do(COUNT) == ("attack.weapons_counted",)
    assert town.do(COUNT) == ()
    later = weapons((*SHAHED[:3], 70, 68))
    assert town.do(later) == ("attack.weapons_counted",)
    # Going back to the first count is news again.
    assert town.do(COUNT) == ("attack.weapons_counted",)
    counted = [each.event for each in town.journal.read() if isinstance(each.event, WeaponsCounted)]
    assert [event.weapons[0].intercepted for event in counted] == [64, 70, 64]


def test_a_hit_without_an_id_gets_the_next_number() -> None:
    town = opened()
    nameless = hit("a-1", "", HIT.time)
    town.do(nameless, nameless)
    hits = [each.event.hit for each in town.journal.read() if isinstance(each.event, HitRecorded)]
    assert hits == ["1", "2"]


def test_a_hit_recorded_again_under_its_id_corrects_it() -> None:
    town = opened()
    town.do(HIT)
    assert town.do(HIT) == ()
    assert town.do(msgspec.structs.replace(HIT, area="obolon")) == ("attack.hit_recorded",)


def test_a_hit_long_before_the_attack_is_invalid_unless_the_times_are_vague() -> None:
    early = hit("a-1", "h-0", START - timedelta(minutes=30))
    with pytest.raises(Invalid, match=r"^time"):
        opened().do(early)
    assert opened().do(msgspec.structs.replace(early, precision_minutes=30)) == ("attack.hit_recorded",)


def test_a_hit_names_a_place_in_the_city_and_both_coordinates_or_none() -> None:
    with pytest.raises(Unknown, match=r"^area"):
        opened().do(msgspec.structs.replace(HIT, area="UA"))
    with pytest.raises(Invalid, match=r"^lon"):
        opened().do(msgspec.structs.replace(HIT, lat=50.4))
    assert opened().do(msgspec.structs.replace(HIT, lat=50.4, lon=30.5))


@pytest.mark.parametrize("command", [COUNT, HIT, said()], ids=kind_of)
@pytest.mark.parametrize(
    ("source", "where"), [(Source(publisher=" ", url="x"), "publisher"), (Source(publisher="AFP"), "url")]
)
def test_counts_hits_and_statements_need_a_source_that_can_be_found(
    command: Command, source: Source, where: str
) -> None:
    with pytest.raises(Invalid, match=rf"^source\.{where}"):
        opened().do(msgspec.structs.replace(command, source=source))


def test_a_source_named_without_its_publisher_is_invalid() -> None:
    body = msgspec.json.encode(HIT).replace(b'"publisher":"Emergency Service",', b"")
    with pytest.raises(Invalid, match="publisher"):
        Commands(ATTACK.commands).decode("attack.record_hit", body)


def test_a_statement_is_about_an_attack_in_the_record() -> None:
    with pytest.raises(Unknown, match=r"^attack: .*a-1"):
        Town().do(said())


def test_a_statement_answers_one_that_is_in_the_record() -> None:
    town = opened()
    with pytest.raises(Unknown, match=r"^answers: .*s-1"):
        town.do(said("s-2", answers="s-1"))
    assert town.do(said("s-1"), said("s-2", answers="s-1")) == ("statement.recorded",)


def test_a_statement_that_nobody_made_is_invalid() -> None:
    with pytest.raises(Invalid, match=r"^person"):
        opened().do(said(org=""))


def test_a_statement_again_changes_nothing_and_another_under_its_id_is_refused() -> None:
    town = opened()
    town.do(said())
    assert town.do(said()) == ()
    with pytest.raises(Refused, match="s-1"):
        town.do(said(org="Country"))


def test_every_weapon_class_and_effect_has_words_in_both_languages() -> None:
    assert set(WEAPONS) == set(WeaponClass)
    assert set(EFFECTS) == set(Effect)
    for words in (*WEAPONS.values(), *EFFECTS.values()):
        assert set(words) == {"uk", "en"}


def test_a_drone_is_no_missile_and_neither_is_what_nobody_has_named() -> None:
    assert MISSILES.isdisjoint({WeaponClass.DRONE, WeaponClass.OTHER, WeaponClass.UNKNOWN})


def test_a_question_asks_for_anything_for_missiles_or_for_one_class() -> None:
    assert weapon_classes(None) is weapon_classes("any") is None
    assert weapon_classes("missile") == MISSILES
    assert weapon_classes("drone") == frozenset({WeaponClass.DRONE})
    with pytest.raises(Invalid, match=r"^weapon: .*slingshot"):
        weapon_classes("slingshot")
