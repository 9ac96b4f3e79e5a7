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
    Bulletins,
    Content,
    DraftBulletin,
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
