"""Persons, counted one by one: every entry of every register, who is the same, and what that comes to at any time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import ClassVar

import msgspec

from tocsin.domain.casualties.claims import Age, Measure, Sex
from tocsin.domain.casualties.duplicates import Entry, Proposal, propose
from tocsin.domain.casualties.persons import (
    Condition,
    PersonRecorded,
    Persons,
    PersonsMerged,
    PersonSplit,
    evolve,
    merged,
)
from tocsin.domain.record.attacks import AttackOpened
from tocsin.domain.response.field_work import FieldEvent
from tocsin.domain.response.patients import (
    Category,
    PatientAdmitted,
    PatientDied,
    PatientDischarged,
    PatientTagged,
    PatientTransferred,
    Place,
)
from tocsin.domain.response.worksites import Outcome, VictimExtricated, WorksiteOpened
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.view import Handler, View


class Step(msgspec.Struct, frozen=True):
    """What became of somebody, and when."""

    at: Instant
    condition: Condition
    hospital: str = ""


class PersonEntry(msgspec.Struct, frozen=True, kw_only=True):
    """
    One entry of one register.

    Attributes:
        first: When it was entered.
        steps: In the order of their times.
    """

    key: str
    attack: str
    worksite: str
    age: Age
    sex: Sex
    first: Instant
    steps: tuple[Step, ...]


class PersonsState(msgspec.Struct):
    """
    Attributes:
        persons: Attack to who is the same.
        starts: Attack to its beginning, the newest last.
        worksites: Worksite to its attack.
        forms: Entry of a victim to the tag that the extrication form has for them: one person, by the form's own word.
    """

    entries: dict[str, PersonEntry] = {}
    persons: dict[str, Persons] = {}
    starts: list[tuple[Instant, str]] = []
    worksites: dict[str, str] = {}
    forms: dict[str, str] = {}


class PersonsView(View[PersonsState]):
    name: ClassVar[str] = "persons"

    def __init__(self) -> None:
        super().__init__(PersonsState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            AttackOpened: self._attack,
            WorksiteOpened: self._worksite,
            VictimExtricated: self._extricated,
            PatientTagged: self._tagged,
            PatientAdmitted: self._admitted,
            PatientTransferred: self._admitted,
            PatientDischarged: self._discharged,
            PatientDied: self._died,
            PersonRecorded: self._recorded,
            PersonsMerged: self._same,
            PersonSplit: self._same,
        }

    def _attack(self, recorded: Recorded) -> None:
        event: AttackOpened = recorded.event
        others = [start for start in self.state.starts if start[1] != event.attack]
        self.state.starts = sorted([*others, (event.start, event.attack)])

    def _worksite(self, recorded: Recorded) -> None:
        self.state.worksites[recorded.event.worksite] = recorded.event.attack

    def _tagged(self, recorded: Recorded) -> None:
        event: PatientTagged = recorded.event
        key = f"tag:{event.patient}"
        # A black tag is not a death, and whoever bears it is not among the living wounded either.
        living = event.category is not Category.BLACK
        self.state.entries[key] = PersonEntry(
            key=key,
            attack=self.state.worksites.get(event.worksite) or self._attack_at(_when(recorded)),
            worksite=event.worksite,
            age=Age(event.age.value),
            sex=Sex(event.sex.value),
            first=_when(recorded),
            steps=(Step(_when(recorded), Condition.WOUNDED),) if living else (),
        )

    def _extricated(self, recorded: Recorded) -> None:
        event: VictimExtricated = recorded.event
        key = f"victim:{event.worksite}/{event.victim}"
        when = _when(recorded)
        condition = Condition.WOUNDED if event.outcome is Outcome.LIVE else Condition.DEAD
        self.state.entries.setdefault(
            key,
            PersonEntry(
                key=key,
                attack=self.state.worksites.get(event.worksite) or self._attack_at(when),
                worksite=event.worksite,
                age=Age.UNKNOWN,
                sex=Sex.UNKNOWN,
                first=when,
                steps=(),
            ),
        )
        self._step(key, Step(when, condition))
        if event.patient:
            self.state.forms[key] = f"tag:{event.patient}"

    def _attack_at(self, moment: datetime) -> str:
        """Who was found in the street belongs to the attack that had begun last."""
        return next((attack for start, attack in reversed(self.state.starts) if start <= moment), "")

    def _admitted(self, recorded: Recorded) -> None:
        event: PatientAdmitted | PatientTransferred = recorded.event
        self._step(f"tag:{event.patient}", Step(_when(recorded), Condition.ADMITTED, event.hospital))

    def _discharged(self, recorded: Recorded) -> None:
        event: PatientDischarged = recorded.event
        condition = Condition.DISCHARGED if event.hospital else Condition.TREATED
        self._step(f"tag:{event.patient}", Step(_when(recorded), condition, event.hospital))

    def _died(self, recorded: Recorded) -> None:
        event: PatientDied = recorded.event
        hospital = event.hospital if event.place is Place.HOSPITAL else ""
        self._step(f"tag:{event.patient}", Step(_when(recorded), Condition.DEAD, hospital))

    def _recorded(self, recorded: Recorded) -> None:
        event: PersonRecorded = recorded.event
        self._same(recorded)
        entry = self.state.entries.get(event.key)
        if entry is None:
            entry = PersonEntry(
                key=event.key,
                attack=event.attack,
                worksite=event.worksite,
                age=event.age,
                sex=event.sex,
                first=event.at,
                steps=(),
            )
        self.state.entries[event.key] = msgspec.structs.replace(
            entry,
            worksite=event.worksite or entry.worksite,
            age=entry.age if event.age is Age.UNKNOWN else event.age,
            sex=entry.sex if event.sex is Sex.UNKNOWN else event.sex,
        )
        self._step(event.key, Step(event.at, event.condition, event.hospital))

    def _step(self, key: str, step: Step) -> None:
        entry = self.state.entries[key]
        # What was done in the field may arrive after what was done later; its own time says where it belongs.
        steps = tuple(sorted((*entry.steps, step), key=lambda each: each.at))
        self.state.entries[key] = msgspec.structs.replace(entry, steps=steps)

    def _same(self, recorded: Recorded) -> None:
        event: PersonRecorded | PersonsMerged | PersonSplit = recorded.event
        persons = self.state.persons.get(event.attack, Persons())
        self.state.persons[event.attack] = evolve(persons, event)

    def people(self, attack: str) -> list[tuple[PersonEntry, ...]]:
        """Every person of an attack: the entries that are them."""
        entries = {key: entry for key, entry in self.state.entries.items() if entry.attack == attack}
        group_of = {key: group for group in self._groups(attack) for key in group}
        groups = dict.fromkeys(group_of.get(key, (key,)) for key in entries)
        return [tuple(entries[key] for key in group if key in entries) for group in groups]

    def _groups(self, attack: str) -> tuple[tuple[str, ...], ...]:
        """Who is one person by a human's word, or by a form's unless a human has told them apart."""
        persons = self.state.persons.get(attack, Persons())
        groups = persons.groups
        for victim, tag in self.state.forms.items():
            if tag in self.state.entries and _sorted_pair(victim, tag) not in persons.apart:
                groups = merged(groups, (victim, tag))
        return groups

    def counts(self, attack: str, as_of: datetime) -> dict[str, int]:
        """
        How many persons each figure comes to, by its key: `killed`, `hospitalised:child:current`, `injured@C-1`.

        A person is counted once under each key, in whatever number of registers they are.
        """
        counted: Counter[str] = Counter()
        for person in self.people(attack):
            measures = set(_measures([step for entry in person for step in entry.steps if step.at <= as_of]))
            ages = {entry.age for entry in person} - {Age.UNKNOWN}
            # Two registers that disagree about a child leave the age open.
            age = ages.pop() if len(ages) == 1 else Age.UNKNOWN
            site = next((entry.worksite for entry in person if entry.worksite), "")
            counted.update(_keys(measures, age, site))
        return dict(counted)

    def proposals(self, attack: str) -> list[Proposal]:
        """Pairs of persons that may be one, for a human to judge."""
        persons = self.state.persons.get(attack, Persons())
        people = self.people(attack)
        one = {pair for person in people for pair in combinations(sorted(entry.key for entry in person), 2)}
        # Not between entries whose persons a human already told apart.
        group_of = {key: group for group in self._groups(attack) for key in group}
        told = {
            _sorted_pair(a, b)
            for key, other in persons.apart
            for a in group_of.get(key, (key,))
            for b in group_of.get(other, (other,))
        }
        return propose((_entry(entry) for person in people for entry in person), one | told)


def _when(recorded: Recorded) -> datetime:
    """When it was done. What was done in the field says so itself; it may have come here much later."""
    event = recorded.event
    return (event.occurred if isinstance(event, FieldEvent) else None) or recorded.time


def _sorted_pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _entry(entry: PersonEntry) -> Entry:
    return Entry(
        key=entry.key,
        age="" if entry.age is Age.UNKNOWN else entry.age,
        sex="" if entry.sex is Sex.UNKNOWN else entry.sex,
        worksite=entry.worksite,
        hospitals=frozenset(step.hospital for step in entry.steps if step.hospital),
        first=entry.first,
    )


def _measures(steps: Iterable[Step]) -> Iterator[tuple[Measure, bool]]:
    """
    What a person is counted under, and whether for that moment only. A wounded person who dies is from then on killed
    and no longer wounded now, and stays among those ever wounded and ever in hospital (E7, E8).
    """
    steps = sorted(steps, key=lambda step: step.at)
    conditions = {step.condition for step in steps}
    hospitalised = bool(conditions & {Condition.ADMITTED, Condition.DISCHARGED})
    if conditions - {Condition.DEAD}:
        yield Measure.INJURED, False
    if hospitalised:
        yield Measure.HOSPITALISED, False
    if Condition.DEAD in conditions:
        yield from _dead(steps, hospitalised)
    elif hospitalised:
        # A tablet that was brought in before the hospital's let them go from the scene, as far as anybody knew then.
        away = steps[-1].condition in (Condition.DISCHARGED, Condition.TREATED)
        yield (Measure.DISCHARGED, False) if away else (Measure.HOSPITALISED, True)
    elif Condition.TREATED in conditions:
        yield Measure.TREATED_ON_SCENE, False


def _dead(steps: Sequence[Step], hospitalised: bool) -> Iterator[tuple[Measure, bool]]:
    yield Measure.KILLED, False
    last = next(index for index, step in enumerate(steps) if step.condition is Condition.DEAD)
    if hospitalised and any(step.hospital for step in steps if step.condition is Condition.DEAD):
        yield Measure.DIED_IN_HOSPITAL, False
    elif last and steps[last - 1].condition is Condition.DISCHARGED:
        # At home, after the hospital had let them go.
        yield Measure.DISCHARGED, False


def _keys(measures: Iterable[tuple[Measure, bool]], age: Age, site: str) -> Iterator[str]:
    stratum = "age-unknown" if age is Age.UNKNOWN else age.value
    for measure, current in measures:
        now = ":current" if current else ""
        yield f"{measure.value}{now}"
        yield f"{measure.value}:{stratum}{now}"
        if site:
            yield f"{measure.value}{now}@{site}"
