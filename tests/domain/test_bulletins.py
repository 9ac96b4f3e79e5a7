"""Bulletins: who may say what when, and that the words follow the figures."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.domain.bulletins import (
    BULLETINS,
    ApproveBulletin,
    BulletinDrafted,
    BulletinPublished,
    BulletinRetracted,
    Bulletins,
    Content,
    DraftBulletin,
    Photo,
    PublishBulletin,
    RetractBulletin,
    Version,
)
from tocsin.domain.bulletins.grammar import CHILDREN, PEOPLE, counted
from tocsin.domain.casualties import (
    CLAIMS,
    Age,
    Claims,
    Interval,
    Lang,
    Measure,
    OrgKind,
    RecordClaim,
    RetractClaim,
    Source,
    Speaker,
    Status,
)
from tocsin.domain.subject import Context, Gazetteer
from tocsin.flow.scenario import read_scenario
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Actor, Command, Commands, Event

if TYPE_CHECKING:
    from tests.conftest import Golden

NIGHT = Path(__file__).parent / "kyiv-2025-04-24.claims.toml"
ATTACK = "kyiv-2025-04-24"
KYIV = "UA80000000000093317"
NAMES = {Lang.EN: "Attack on Kyiv, 24 April 2025", Lang.UK: "Атака на Київ 24 квітня 2025 року"}
DAWN = datetime(2025, 4, 24, 3, 30, tzinfo=UTC)
PRESS, EDITOR = Actor("petro", "press_officer"), Actor("olena", "approver")


class Desk:
    """The press desk: the claims as they are, and the bulletins made of them."""

    def __init__(self, claims: Claims) -> None:
        self.claims = claims
        self.bulletins: Bulletins = BULLETINS.blank
        self.now = DAWN

    def give(self, command: Command, actor: Actor = PRESS) -> list[Event]:
        others = dict.fromkeys(BULLETINS.consults(command), self.claims)
        events = list(BULLETINS.decide(self.bulletins, command, Context(self.now, actor, Gazetteer(), others)))
        for event in events:
            self.bulletins = BULLETINS.evolve(self.bulletins, event)
        return events

    def claim(self, command: Command) -> None:
        context = Context(self.now, Actor("anna", "analyst"), Gazetteer(areas=frozenset({KYIV})), {})
        for event in CLAIMS.decide(self.claims, command, context):
            self.claims = CLAIMS.evolve(self.claims, event)

    def draft(self, version: str = "Initial", **fields: Any) -> Content:  # noqa: ANN401 - fields of the command
        defaults: dict[str, Any] = {"attack": ATTACK, "cutoff": self.now, "names": NAMES, "version": Version(version)}
        [event] = self.give(DraftBulletin(**defaults | fields))
        assert isinstance(event, BulletinDrafted)
        return event.content

    def publish(self, number: int) -> BulletinPublished:
        self.give(ApproveBulletin(attack=ATTACK, number=number), EDITOR)
        [event] = self.give(PublishBulletin(attack=ATTACK, number=number))
        assert isinstance(event, BulletinPublished)
        return event


def the_night() -> Claims:
    scenario = read_scenario(NIGHT.read_text(encoding="utf-8"), Commands(CLAIMS.commands), NIGHT.name)
    desk = Desk(CLAIMS.blank)
    for step in scenario.steps:
        desk.claim(step.command)
    return desk.claims


@pytest.fixture
def desk() -> Desk:
    return Desk(the_night())


def stated(measure: Measure, phrase: str, **fields: Any) -> RecordClaim:  # noqa: ANN401 - fields of the command
    defaults: dict[str, Any] = {
        "attack": ATTACK,
        "place": KYIV,
        "measure": measure,
        "phrase": phrase,
        "lang": Lang.EN,
        "as_of": DAWN,
        "speaker": Speaker(org="State Emergency Service", org_kind=OrgKind.EMERGENCY_SERVICE),
        "source": Source(published=DAWN, url="https://example.org/1", quote=phrase),
        "origin": "ses",
    }
    return RecordClaim(**defaults | fields)


def leads(*claims: RecordClaim) -> dict[str, str]:
    desk = Desk(CLAIMS.blank)
    for claim in claims:
        desk.claim(claim)
    return desk.draft().lead


def both(content: Content) -> str:
    return f"{content.texts['en']}\n{content.texts['uk']}"


def test_the_three_bulletins_of_the_night_read_as_kept(desk: Desk, golden: "Golden") -> None:
    golden.check("bulletin-1-initial.txt", both(desk.draft(next_expected=datetime(2025, 4, 24, 9, tzinfo=UTC))))
    desk.publish(1)
    desk.now = datetime(2025, 4, 24, 8, 30, tzinfo=UTC)
    update = desk.draft("Update", next_expected=datetime(2025, 4, 24, 15, tzinfo=UTC))
    golden.check("bulletin-2-update.txt", both(update))
    desk.publish(2)
    desk.now = datetime(2025, 4, 29, 9, tzinfo=UTC)
    golden.check("bulletin-3-final.txt", both(desk.draft("Final")))


def test_the_sentence_of_the_first_morning(desk: Desk) -> None:
    assert desk.draft().lead == {
        "en": "According to preliminary information, nine people were killed and 63 wounded; "
        "42 are in hospital, including six children.",
        "uk": "За попередніми даними, загинули дев'ятеро людей, поранень зазнали 63 людини; "
        "у лікарнях перебувають 42 людини, зокрема шестеро дітей.",
    }


def test_a_figure_that_went_down_says_why_in_both_languages(desk: Desk) -> None:
    desk.draft()
    desk.publish(1)
    desk.now = datetime(2025, 4, 24, 8, 30, tzinfo=UTC)
    texts = desk.draft("Update").texts
    assert "- Killed: 9 before, now 8. Why it is lower: remains are under examination." in texts["en"]
    assert "- Загиблі: було 9, тепер 8. Чому менше: останки передано на експертизу." in texts["uk"]


def test_a_figure_whose_report_was_retracted_says_so() -> None:
    desk = Desk(CLAIMS.blank)
    desk.claim(stated(Measure.KILLED, "nine"))
    desk.claim(stated(Measure.INJURED, "63"))
    desk.claim(stated(Measure.KILLED, "two", origin="mayor", as_of=DAWN - timedelta(hours=2)))
    desk.draft()
    desk.publish(1)
    desk.claim(RetractClaim(attack=ATTACK, claim="ses-killed-1", reason="a hoax"))
    desk.claim(RetractClaim(attack=ATTACK, claim="ses-injured-1", reason="a hoax"))
    text = desk.draft("Update").texts["en"]
    assert "- Killed: 9 before, now 2. Why it is lower: the earlier report was withdrawn." in text
    assert "- Wounded: 63 before; the report was withdrawn and no other is known." in text


def test_a_bulletin_is_approved_by_another_person_than_the_one_who_prepared_it(desk: Desk) -> None:
    desk.draft()
    with pytest.raises(Refused, match="second person"):
        desk.give(ApproveBulletin(attack=ATTACK, number=1), PRESS)


def test_only_an_approved_bulletin_is_published_and_only_a_published_one_withdrawn(desk: Desk) -> None:
    desk.draft()
    with pytest.raises(Refused, match="drafted"):
        desk.give(PublishBulletin(attack=ATTACK, number=1))
    with pytest.raises(Refused, match="drafted"):
        desk.give(RetractBulletin(attack=ATTACK, number=1, reason="wrong"))
    event = desk.publish(1)
    assert (event.prepared_by, event.approved_by) == ("petro", "olena")
    with pytest.raises(Refused, match="published"):
        desk.give(PublishBulletin(attack=ATTACK, number=1))
    desk.give(RetractBulletin(attack=ATTACK, number=1, reason="wrong"))
    with pytest.raises(Refused, match="retracted"):
        desk.give(ApproveBulletin(attack=ATTACK, number=1), EDITOR)


def test_a_new_draft_keeps_the_number_and_loses_the_approval(desk: Desk) -> None:
    desk.draft()
    desk.give(ApproveBulletin(attack=ATTACK, number=1), EDITOR)
    desk.draft()
    assert len(desk.bulletins.issues) == 1
    with pytest.raises(Refused, match="drafted"):
        desk.give(PublishBulletin(attack=ATTACK, number=1))


def test_who_read_an_older_draft_cannot_approve_the_newer_one(desk: Desk) -> None:
    desk.draft()
    desk.draft()
    with pytest.raises(Refused, match="draft 2"):
        desk.give(ApproveBulletin(attack=ATTACK, number=1, revision=1), EDITOR)
    desk.give(ApproveBulletin(attack=ATTACK, number=1, revision=2), EDITOR)


def test_a_bulletin_is_not_published_once_a_claim_under_it_was_retracted(desk: Desk) -> None:
    desk.draft()
    desk.give(ApproveBulletin(attack=ATTACK, number=1), EDITOR)
    desk.claim(RetractClaim(attack=ATTACK, claim="ses-killed-1", reason="a hoax"))
    with pytest.raises(Refused, match="ses-killed-1"):
        desk.give(PublishBulletin(attack=ATTACK, number=1))


def test_the_first_is_initial_later_ones_are_updates_and_nothing_follows_the_final(desk: Desk) -> None:
    with pytest.raises(Refused, match="Initial"):
        desk.draft("Update")
    desk.draft()
    desk.publish(1)
    with pytest.raises(Refused, match="Initial"):
        desk.draft("Initial")
    desk.draft("Final")
    desk.publish(2)
    with pytest.raises(Refused, match="final"):
        desk.draft("Update")
    desk.give(RetractBulletin(attack=ATTACK, number=2, reason="a man has died in hospital"))
    desk.draft("Update")
    assert len(desk.bulletins.issues) == 3


WRONG = {Lang.UK: "не той час.", Lang.EN: "the hour was another."}


def test_a_correction_says_in_both_languages_what_it_corrects_and_what_was_wrong(desk: Desk) -> None:
    desk.draft()
    desk.publish(1)
    content = desk.draft("Update", corrects=1, correction=WRONG)
    assert (content.corrects, content.correction) == (1, {"uk": "не той час.", "en": "the hour was another."})
    assert content.titles["en"] == "Attack on Kyiv, 24 April 2025. Bulletin No. 2 (update, corrects No. 1)"
    assert content.titles["uk"].endswith("Зведення № 2 (оновлення, виправляє № 1)")
    corrected = "This corrects bulletin No. 1, which no longer holds. What was wrong: the hour was another."
    assert corrected in content.texts["en"]
    assert "reporting period since 03:05" in content.texts["en"]
    assert "Це виправлення зведення № 1, яке більше не чинне. Що було не так: не той час." in content.texts["uk"]


def test_what_a_voided_bulletin_said_of_a_fall_is_said_again_by_its_correction(desk: Desk) -> None:
    desk.draft()
    desk.publish(1)
    desk.now = datetime(2025, 4, 24, 8, 30, tzinfo=UTC)
    desk.draft("Update")
    desk.publish(2)
    text = desk.draft("Update", corrects=2, correction=WRONG).texts["en"]
    assert "Changed since bulletin No. 1:\n- Killed: 9 before, now 8. Why it is lower: remains" in text
    assert "Changed since bulletin No. 2" not in text
    assert "reporting period since 06:30" in text


def test_only_a_bulletin_that_stands_is_corrected_and_only_once(desk: Desk) -> None:
    desk.draft()
    desk.publish(1)
    for number in (2, 7):
        with pytest.raises(Refused, match="nothing to correct"):
            desk.draft("Update", corrects=number, correction=WRONG)
    desk.draft("Update", corrects=1, correction=WRONG)
    desk.publish(2)
    with pytest.raises(Refused, match="nothing to correct"):
        desk.draft("Update", corrects=1, correction=WRONG)
    desk.give(RetractBulletin(attack=ATTACK, number=2, reason="wrong"))
    with pytest.raises(Refused, match="nothing to correct"):
        desk.draft("Update", corrects=2, correction=WRONG)


def test_the_final_bulletin_is_corrected_by_another_final_one(desk: Desk) -> None:
    desk.draft()
    desk.publish(1)
    desk.draft("Final")
    desk.publish(2)
    for version in ("Update", "Final"):
        with pytest.raises(Refused, match="final"):
            desk.draft(version, **({"corrects": 1, "correction": WRONG} if version == "Final" else {}))
    assert desk.draft("Final", corrects=2, correction=WRONG).corrects == 2


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"corrects": 1}, "correction"),
        ({"corrects": 1, "correction": {Lang.UK: "час"}}, "correction"),
        ({"correction": WRONG}, "corrects"),
        (
            {"photos": (Photo(url="https://a.example/1.jpg", sha256="0" * 64, alt={Lang.UK: "завали"}),)},
            "photos[0].alt",
        ),
    ],
)
def test_words_that_a_reader_would_miss_are_asked_for(desk: Desk, fields: dict[str, Any], where: str) -> None:
    desk.draft()
    desk.publish(1)
    with pytest.raises(Invalid) as caught:
        desk.draft("Update", **fields)
    assert caught.value.where == where


def test_a_withdrawal_gives_its_reason_in_each_language(desk: Desk) -> None:
    desk.draft()
    desk.publish(1)
    command = RetractBulletin(attack=ATTACK, number=1, reason="a hoax", reasons={Lang.UK: "неправда"})
    [event] = desk.give(command)
    assert isinstance(event, BulletinRetracted)
    assert event.texts["en"].endswith("Reason: a hoax")
    assert event.texts["uk"].endswith("Причина: неправда")


def test_a_count_whose_whole_is_unclear_is_told_apart_and_added_to_none(desk: Desk) -> None:
    content = desk.draft()
    assert "What is not clear:\n- Wounded (children): 6 (State Emergency Service, 06:06). " in content.texts["en"]
    assert "- Wounded (children)" not in content.texts["en"].partition("What is not clear:")[0]
    assert "Джерело не уточнює, до якого з чисел вони входять; їх не додано до жодного." in content.texts["uk"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "одна дитина"),
        (2, "двоє дітей"),
        (5, "п'ятеро дітей"),
        (11, "11 дітей"),
        (21, "21 дитина"),
        (22, "22 дитини"),
        (25, "25 дітей"),
    ],
)
def test_children_are_counted_as_ukrainian_counts_them(number: int, said: str) -> None:
    assert counted(Interval.exactly(number), CHILDREN, Lang.UK).text == said


def test_without_claims_there_is_nothing_to_write() -> None:
    with pytest.raises(Refused, match="nothing is known"):
        Desk(CLAIMS.blank).draft()


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"cutoff": DAWN + timedelta(seconds=1)}, "cutoff"),
        ({"next_expected": DAWN}, "next_expected"),
        ({"version": Version.FINAL, "next_expected": DAWN + timedelta(hours=1)}, "next_expected"),
    ],
)
def test_times_that_make_no_sense_are_refused_naming_the_field(desk: Desk, fields: dict[str, Any], where: str) -> None:
    if "version" in fields:
        desk.draft()
        desk.publish(1)
    with pytest.raises(Invalid) as caught:
        desk.draft(**fields)
    assert caught.value.where == where


def test_a_bulletin_never_goes_back_in_time(desk: Desk) -> None:
    desk.draft()
    desk.publish(1)
    with pytest.raises(Refused, match="later moment"):
        desk.draft("Update", cutoff=DAWN - timedelta(minutes=1))


def test_a_bulletin_that_does_not_exist_is_unknown(desk: Desk) -> None:
    with pytest.raises(Unknown):
        desk.give(ApproveBulletin(attack=ATTACK, number=1), EDITOR)


@pytest.mark.parametrize(
    ("phrase", "english", "ukrainian"),
    [
        ("one", "One person was killed.", "Загинула одна людина."),
        ("two", "Two people were killed.", "Загинули двоє людей."),
        ("five", "Five people were killed.", "Загинули п'ятеро людей."),
        ("12", "12 people were killed.", "Загинуло 12 людей."),
        ("21", "21 people were killed.", "Загинула 21 людина."),
        ("63", "63 people were killed.", "Загинули 63 людини."),
        ("at least nine", "At least nine people were killed.", "Загинули щонайменше дев'ятеро людей."),
        ("more than 70", "More than 70 people were killed.", "Загинуло понад 70 людей."),
        ("more than one", "More than one person was killed.", "Загинуло понад одну людину."),
        ("more than two", "More than two people were killed.", "Загинуло понад двох людей."),
        ("up to nine", "Up to nine people were killed.", "Загинуло до дев'яти людей."),
        ("about 21", "About 21 people were killed.", "Загинуло близько 21 людини."),
        ("from five to seven", "From five to seven people were killed.", "Загинуло від п'яти до семи людей."),
        ("dozens", "Dozens of people were killed.", "Загинули десятки людей."),
        ("none", "No one was killed.", "Загиблих немає."),
        ("no casualties reported", "No deaths have been reported.", "Про загиблих не повідомляли."),
    ],
)
def test_the_wording_follows_the_bounds(phrase: str, english: str, ukrainian: str) -> None:
    lead = leads(stated(Measure.KILLED, phrase, status=Status.CONFIRMED))
    assert lead == {"en": english, "uk": ukrainian}


def test_only_confirmed_figures_are_said_without_a_caution() -> None:
    confirmed = stated(Measure.KILLED, "nine", status=Status.CONFIRMED)
    assert leads(confirmed)["en"] == "Nine people were killed."
    assert leads(stated(Measure.KILLED, "nine", status=Status.REVISED))["uk"].startswith("За уточненими даними, ")
    assert leads(confirmed, stated(Measure.INJURED, "63"))["en"].startswith("According to preliminary information, ")


def test_nobody_is_said_to_be_in_hospital_once_people_are_known_to_have_left() -> None:
    hospital = stated(Measure.HOSPITALISED, "one")
    assert leads(hospital)["en"] == "According to preliminary information, one person is in hospital."
    later = leads(hospital, stated(Measure.DISCHARGED, "one"))
    assert later["en"] == "According to preliminary information, one person was taken to hospital."
    assert later["uk"] == "За попередніми даними, до лікарень потрапила одна людина."


def test_without_killed_or_wounded_the_lead_says_that_nothing_was_reported() -> None:
    assert leads(stated(Measure.EVACUATED, "40"))["en"] == "Nothing has been reported about people killed or wounded."


def test_an_older_count_of_children_is_not_joined_to_a_newer_total() -> None:
    children = stated(Measure.HOSPITALISED, "six", age=Age.CHILD, as_of=DAWN - timedelta(hours=1))
    assert "children" not in leads(stated(Measure.HOSPITALISED, "42"), children)["en"]


@given(st.integers(0, 300), st.sampled_from(Lang))
def test_any_number_of_people_can_be_said(number: int, lang: Lang) -> None:
    for nouns in (PEOPLE, CHILDREN):
        said = counted(Interval.exactly(number), nouns, lang).text
        assert said.endswith((nouns[lang].one, nouns[lang].few, nouns[lang].many))


def test_every_bulletin_event_survives_the_wire(desk: Desk) -> None:
    content = desk.draft()
    assert msgspec.json.decode(msgspec.json.encode(content), type=Content) == content
