"""Persons counted one by one: against an oracle that knows who everybody is, and beside what sources claim."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.casualties import START, at, gathered, said

from tocsin.domain.casualties import PERSON, Age, Measure, Role, Sex, figures
from tocsin.domain.casualties.joined import find_undercounts, join
from tocsin.domain.casualties.persons import (
    Condition,
    MergePersons,
    PersonRecorded,
    PersonsMerged,
    PersonSplit,
    RecordPerson,
    SplitPerson,
)
from tocsin.domain.record.attacks import AttackOpened
from tocsin.domain.response.hospitals import BedType
from tocsin.domain.response.patients import Age as PatientAge
from tocsin.domain.response.patients import (
    Category,
    Found,
    Patient,
    PatientAdmitted,
    PatientDied,
    PatientDischarged,
    PatientRetriaged,
    PatientTagged,
    PatientTransferred,
    Place,
    Scheme,
)
from tocsin.domain.response.patients import Sex as PatientSex
from tocsin.domain.response.worksites import Effort, HandedTo, Outcome, Position, VictimExtricated
from tocsin.domain.subject import Context, Gazetteer
from tocsin.kernel.errors import Invalid, Refused, TocsinError, Unknown
from tocsin.kernel.event import Actor, Cause, Event, Recorded
from tocsin.views.persons import PersonsView

ATTACK = "night"
MEDIC = Actor("olha", "medic")
HOSPITALS = ("okhmatdyt", "emergency", "burns")


class Register:
    """The view, fed with events at times of our choosing."""

    def __init__(self) -> None:
        self.view = PersonsView()
        self._handlers = self.view.handlers()
        self._position = 0
        attack: dict[str, Any] = {"attack": ATTACK, "start": START, "area": "UA80", "names": {"uk": "Ніч"}}
        defaults: dict[str, Any] = {
            "start_precision_minutes": 0,
            "date_local": START.date(),
            "time_zone": "UTC",
            "source": None,
        }
        self.tell(AttackOpened(**attack, **defaults), 0)

    def tell(self, event: Event, hours: float) -> None:
        self._position += 1
        recorded = Recorded(
            position=self._position,
            stream="s",
            version=1,
            realm="exercise",
            time=at(hours),
            actor=MEDIC,
            cause=Cause("k", "c", "0" * 64),
            event=event,
        )
        if (handler := self._handlers.get(type(event))) is not None:
            handler(recorded)

    def count(self, hours: float = 100) -> dict[str, int]:
        return self.view.counts(ATTACK, at(hours))


def tagged(tag: str, worksite: str = "", category: Category = Category.YELLOW, age: str = "adult") -> PatientTagged:
    return PatientTagged(
        patient=tag,
        worksite=worksite,
        category=category,
        scheme=Scheme.START,
        age=PatientAge(age),
        sex=PatientSex.MALE,
        found=Found.CARRIED,
    )


def entered(key: str, condition: Condition, hours: float, **fields: Any) -> PersonRecorded:  # noqa: ANN401
    defaults: dict[str, Any] = {"age": Age.ADULT, "sex": Sex.MALE, "worksite": "", "hospital": ""}
    return PersonRecorded(
        attack=ATTACK, key=key, condition=condition, at=at(hours), role=Role.UNKNOWN, **defaults | fields
    )


def admitted(tag: str, hospital: str = "burns") -> PatientAdmitted:
    return PatientAdmitted(patient=tag, hospital=hospital, bed=BedType.BURN)


def test_a_wounded_person_who_dies_moves_once_everywhere() -> None:
    register = Register()
    register.tell(tagged("24-1"), 1)
    register.tell(admitted("24-1"), 2)
    assert register.count(2) == {
        "injured": 1,
        "injured:adult": 1,
        "hospitalised": 1,
        "hospitalised:adult": 1,
        "hospitalised:current": 1,
        "hospitalised:adult:current": 1,
    }
    register.tell(PatientDied(patient="24-1", place=Place.HOSPITAL, hospital="burns"), 3)
    after = {key: count for key, count in register.count(3).items() if ":adult" not in key}
    assert after == {"injured": 1, "hospitalised": 1, "killed": 1, "died_in_hospital": 1}
    assert "killed" not in register.count(2)


def test_a_transfer_moves_and_adds_nobody() -> None:
    register = Register()
    register.tell(tagged("24-1"), 1)
    register.tell(admitted("24-1"), 2)
    before = register.count()
    register.tell(PatientTransferred(patient="24-1", previous="burns", hospital="okhmatdyt", bed=BedType.BURN), 3)
    assert register.count() == before


def test_a_black_tag_is_neither_a_death_nor_a_wounded_person() -> None:
    register = Register()
    register.tell(tagged("24-1", category=Category.BLACK), 1)
    assert register.count() == {}
    register.tell(PatientDied(patient="24-1", place=Place.SCENE, hospital=""), 2)
    assert register.count() == {"killed": 1, "killed:adult": 1}


def test_entries_that_a_human_merges_are_one_person_and_split_again_two() -> None:
    register = Register()
    register.tell(tagged("24-1"), 1)
    register.tell(entered("hospital:burns/7", Condition.ADMITTED, 2, hospital="burns"), 2)
    assert register.count()["injured"] == 2
    keys = ("hospital:burns/7", "tag:24-1")
    register.tell(PersonsMerged(attack=ATTACK, keys=keys, reason="same"), 3)
    assert (register.count()["injured"], register.count()["hospitalised:current"]) == (1, 1)
    register.tell(PersonSplit(attack=ATTACK, key=keys[0], others=(keys[1],), reason="a brother"), 4)
    assert register.count()["injured"] == 2
    assert register.view.proposals(ATTACK) == []


def test_an_extrication_form_that_names_the_tag_makes_one_person_of_both() -> None:
    register = Register()
    register.tell(tagged("24-1"), 1)
    form: dict[str, Any] = {"lat": None, "lon": None, "team": "", "floor": None, "minutes": None, "injuries": None}
    how: dict[str, Any] = {"position": Position.OTHER, "work": next(iter(Effort)), "handed_to": next(iter(HandedTo))}
    for victim, tag, outcome in ((1, "24-1", Outcome.LIVE), (2, "", Outcome.DECEASED)):
        named: dict[str, Any] = {"worksite": "C-1", "victim": victim, "patient": tag, "outcome": outcome}
        # Filled in without a network, and sent hours later.
        register.tell(VictimExtricated(occurred=at(0.5), **named, **form, **how), 8)
    assert register.count() == {
        "injured": 1,
        "injured:adult": 1,
        "injured@C-1": 1,
        "killed": 1,
        "killed:age-unknown": 1,
        "killed@C-1": 1,
    }
    assert register.count(0.6)["killed"] == 1
    register.tell(PersonSplit(attack=ATTACK, key="tag:24-1", others=("victim:C-1/1",), reason="another man"), 9)
    assert register.count()["injured"] == 2


def test_likely_duplicates_are_proposed_with_reasons_and_change_no_count() -> None:
    register = Register()
    register.tell(tagged("24-1", age="child"), 1)
    register.tell(admitted("24-1"), 2)
    register.tell(entered("hospital:burns/7", Condition.ADMITTED, 1.25, hospital="burns", age=Age.CHILD), 2)
    register.tell(entered("hospital:burns/8", Condition.ADMITTED, 1.25, hospital="burns", age=Age.ADULT), 2)
    [proposal] = register.view.proposals(ATTACK)
    assert proposal.keys == ("hospital:burns/7", "tag:24-1")
    assert proposal.score == 7
    assert "in the same hospital" in proposal.why["en"]
    assert "та сама лікарня" in proposal.why["uk"]
    assert register.count()["injured"] == 3


def test_the_difference_between_counted_and_claimed_is_told_in_words() -> None:
    register = Register()
    for number in range(3):
        register.tell(tagged(f"24-{number}"), 1)
    claims = gathered(said("i", Measure.INJURED, 5, hours=2), said("k", Measure.KILLED, 0, hours=2))
    known = figures(claims, at(3))
    joined = join(register.count(), known, 0)
    assert (joined["injured"].counted, joined["injured"].claimed, joined["injured"].difference) == (3, 5, 2)
    assert "2 more stated than counted" in joined["injured"].why["en"]
    assert "на 2 більше" in joined["injured"].why["uk"]
    assert joined["killed"].difference == 0
    assert joined["injured:adult"].claimed is None
    assert join({}, known, 0) == {}


def test_p1_a_figure_below_the_persons_known_by_then_is_found() -> None:
    register = Register()
    for number in range(3):
        register.tell(tagged(f"24-{number}"), 1)
    low = figures(gathered(said("i", Measure.INJURED, 2, hours=2)), at(3))
    early = figures(gathered(said("i", Measure.INJURED, 2, hours=0.5)), at(3))
    [finding] = find_undercounts(low.values(), lambda when: register.view.counts(ATTACK, when), "UA80")
    assert (finding.rule, finding.claims) == ("P1", ("i",))
    assert find_undercounts(early.values(), lambda when: register.view.counts(ATTACK, when), "UA80") == []


# What a command may do.

CONTEXT = Context(
    at(5),
    MEDIC,
    Gazetteer(hospitals=frozenset(HOSPITALS)),
    {"patient/24-1": msgspec.structs.replace(Patient(), tagged=tagged("24-1")), "patient/24-9": Patient()},
)
WHY: dict[str, Any] = {"attack": ATTACK, "reason": "because"}


def admission(**fields: Any) -> RecordPerson:  # noqa: ANN401 - fields of the command
    defaults: dict[str, Any] = {"key": "hospital:burns/7", "condition": Condition.ADMITTED, "hospital": "burns"}
    return RecordPerson(**{"attack": ATTACK} | defaults | fields)


@pytest.mark.parametrize(
    ("command", "error", "where"),
    [
        (admission(key="tag:24-1"), Invalid, "key"),
        (admission(hospital="nowhere"), Unknown, "hospital"),
        (admission(hospital=""), Invalid, "hospital"),
        (admission(at=at(6)), Invalid, "at"),
        (MergePersons(keys=("tag:24-1", "tag:24-1"), **WHY), Invalid, "keys"),
        (MergePersons(keys=("tag:24-1", "tag:24-9"), **WHY), Unknown, "keys[1]"),
        (MergePersons(keys=("hospital:burns/9", "tag:24-1"), **WHY), Unknown, "keys[0]"),
        (SplitPerson(key="tag:24-9", **WHY), Unknown, "key"),
        (SplitPerson(key="tag:24-1", **WHY), Invalid, "others"),
    ],
)
def test_a_command_that_makes_no_sense_is_refused_naming_the_field(
    command: RecordPerson | MergePersons | SplitPerson, error: type[TocsinError], where: str
) -> None:
    with pytest.raises(error) as caught:
        PERSON.decide(PERSON.blank, command, CONTEXT)
    assert getattr(caught.value, "where", None) == where


def test_nobody_lives_after_their_death_and_merging_twice_says_nothing_new() -> None:
    persons = PERSON.blank
    for command in (
        admission(condition=Condition.DEAD, at=at(2)),
        MergePersons(keys=("hospital:burns/7", "tag:24-1"), **WHY),
    ):
        for event in PERSON.decide(persons, command, CONTEXT):
            persons = PERSON.evolve(persons, event)
    assert persons.group("tag:24-1") == ("hospital:burns/7", "tag:24-1")
    assert PERSON.decide(persons, MergePersons(keys=("tag:24-1", "hospital:burns/7"), **WHY), CONTEXT) == []
    with pytest.raises(Refused, match="condition"):
        PERSON.decide(persons, admission(at=at(3)), CONTEXT)


# The oracle: it knows of every event whose it is.


Story = tuple[list[tuple[float, Event]], set[str]]


def in_hospital(rng: random.Random, tag: str, end: str) -> Story:
    """Admitted, perhaps moved, and then there still, or home, or dead."""
    first, second = rng.sample(HOSPITALS, 2)
    events: list[tuple[float, Event]] = [(2.0, admitted(tag, first))]
    if moved := rng.random() < 0.5:
        events.append((3.0, PatientTransferred(patient=tag, previous=first, hospital=second, bed=BedType.BURN)))
    last = second if moved else first
    if end == "home":
        return [*events, (4.0, PatientDischarged(patient=tag, hospital=last))], {"hospitalised", "discharged"}
    if end == "ward":
        died = PatientDied(patient=tag, place=Place.HOSPITAL, hospital=last)
        return [*events, (4.0, died)], {"hospitalised", "killed", "died_in_hospital"}
    return events, {"hospitalised", "hospitalised:current"}


def fate(rng: random.Random, tag: str, end: str) -> Story:
    if end == "scene":
        return [(2.0, PatientDischarged(patient=tag, hospital=""))], {"treated_on_scene"}
    if end == "street":
        return [(2.0, PatientDied(patient=tag, place=Place.SCENE, hospital=""))], {"killed"}
    return in_hospital(rng, tag, end)


def history(rng: random.Random, number: int) -> tuple[list[tuple[float, Event]], Counter[str]]:
    """One person's events in the order of their times, and what they come to in the end, by the rules in words."""
    tag, key, age = f"24-{number}", f"hospital:burns/{number + 1}", rng.choice(["child", "adult", "unknown"])
    end, site = rng.choice(["scene", "street", "there", "home", "ward", "no tag"]), rng.choice(["", "C-1"])
    # The hospital's own register is sent late, from a tablet that had no network.
    late: tuple[float, Event] = (9.0, entered(key, Condition.ADMITTED, 2.1, hospital="burns", age=Age(age)))
    if end == "no tag":
        return [late], Counter(_keys({"injured", "hospitalised", "hospitalised:current"}, age, ""))
    events, truth = fate(rng, tag, end)
    again = [(1.2, PatientRetriaged(patient=tag, category=Category.RED, scheme=Scheme.START))]
    events = [(1.0, tagged(tag, site, age=age)), *(again if rng.random() < 0.3 else []), *events]
    if end == "there" and rng.random() < 0.5:
        keys = tuple(sorted((key, f"tag:{tag}")))
        events += [late, (9.5, PersonsMerged(attack=ATTACK, keys=keys, reason="same"))]
    return events, Counter(_keys({"injured", *truth}, age, site))


def _keys(truth: set[str], age: str, site: str) -> list[str]:
    found = []
    for name in truth:
        measure, _, now = name.partition(":")
        stratum = "age-unknown" if age == "unknown" else age
        found += [name, ":".join(filter(None, (measure, stratum, now)))]
        if site:
            found.append(f"{name}@{site}")
    return found


def against_the_oracle(people: int, seed: int) -> None:
    rng, register, expected = random.Random(seed), Register(), Counter[str]()
    queues = []
    for number in range(people):
        events, truth = history(rng, number)
        expected += truth
        queues.append(events)
    # Everybody's own events keep their order, as their stream does; whose comes next is chance.
    while queues:
        queue = rng.choice(queues)
        hours, event = queue.pop(0)
        register.tell(event, hours)
        if not queue:
            queues.remove(queue)
    assert register.count() == dict(expected)
    assert len(register.view.people(ATTACK)) == people


@settings(max_examples=15, deadline=timedelta(seconds=5))
@given(st.integers(1, 40), st.integers(0, 10**6))
def test_random_histories_with_duplicates_transfers_and_late_entries_equal_the_oracle(people: int, seed: int) -> None:
    against_the_oracle(people, seed)


@pytest.mark.heavy
def test_ten_thousand_random_histories_equal_the_oracle() -> None:
    for seed in range(100):
        against_the_oracle(100, seed)


@pytest.mark.heavy
def test_one_night_of_ten_thousand_persons_equals_the_oracle() -> None:
    against_the_oracle(10_000, 20250424)


def test_the_view_survives_its_snapshot() -> None:
    register = Register()
    register.tell(tagged("24-1"), 1)
    register.tell(PersonsMerged(attack=ATTACK, keys=("tag:24-1", "victim:C-1/1"), reason="same"), 3)
    again = PersonsView()
    again.load(register.view.dump())
    assert again.state == register.view.state
