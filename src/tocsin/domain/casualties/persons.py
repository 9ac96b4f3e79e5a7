"""
Persons: who is the same person in which register. Ids only; names never come here.

A register is whatever numbers people: triage tags, victims brought out of one worksite, a hospital's records. A person
is all the entries that a register or a human says are one. A computer proposes; only a human merges or splits.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.casualties.claims import Age, Name, Role, Sex
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event, Instant

# Each has a digit, or somebody would write a name there, which the journal could never forget.
Key = Annotated[
    str,
    Meta(
        pattern="^(tag:(?=.*[0-9])[0-9A-Za-z-]{1,40}|victim:[A-Z0-9-]{1,10}/[1-9][0-9]{0,3}"
        "|hospital:[a-z0-9_-]{1,60}/(?=.*[0-9])[0-9A-Za-z-]{1,40})$",
        description="An entry of a register: `tag:24-017`, `victim:C-1/9`, `hospital:okhmatdyt/5511`",
    ),
]
Why = Annotated[str, Meta(min_length=1, max_length=2000)]


class Condition(StrEnum):
    """What a register says of somebody."""

    WOUNDED = "wounded"
    TREATED = "treated"
    """On the scene, and let go home."""
    ADMITTED = "admitted"
    DISCHARGED = "discharged"
    DEAD = "dead"


class RecordPerson(Command, frozen=True, kw_only=True, tag="person.record"):
    """
    Enter somebody who has no tag, or what became of them since. The newest entry by `at` says how they are.

    Attributes:
        at: When it was so; now when left out.
        worksite: Where they were found.
        hospital: Where they were admitted, or died, or were discharged from.
    """

    attack: Name
    key: Key
    condition: Condition
    age: Age = Age.UNKNOWN
    sex: Sex = Sex.UNKNOWN
    role: Role = Role.UNKNOWN
    worksite: Annotated[str, Meta(max_length=40)] = ""
    hospital: Annotated[str, Meta(max_length=60)] = ""
    at: Instant | None = None


class MergePersons(Command, frozen=True, kw_only=True, tag="person.merge"):
    """Say that entries of registers are one person."""

    attack: Name
    keys: Annotated[tuple[Key, ...], Meta(min_length=2, max_length=20)]
    reason: Why


class SplitPerson(Command, frozen=True, kw_only=True, tag="person.split"):
    """Say that an entry is another person than those given, or than all it was merged with."""

    attack: Name
    key: Key
    others: tuple[Key, ...] = ()
    reason: Why


class PersonRecorded(Event, frozen=True, kw_only=True, tag="person.recorded"):
    attack: str
    key: str
    condition: Condition
    age: Age
    sex: Sex
    role: Role
    worksite: str
    hospital: str
    at: Instant


class PersonsMerged(Event, frozen=True, kw_only=True, tag="person.merged"):
    attack: str
    keys: tuple[str, ...]
    reason: str


class PersonSplit(Event, frozen=True, kw_only=True, tag="person.split_off"):
    """`key` is another person than each of `others`."""

    attack: str
    key: str
    others: tuple[str, ...]
    reason: str


class Persons(msgspec.Struct, frozen=True):
    """
    Attributes:
        recorded: Keys entered here, with the newest event of each.
        groups: Entries that are one person, each group sorted.
        apart: Pairs that a human said are two, each sorted.
    """

    recorded: dict[str, PersonRecorded] = {}
    groups: tuple[tuple[str, ...], ...] = ()
    apart: frozenset[tuple[str, str]] = frozenset()

    def group(self, key: str) -> tuple[str, ...]:
        """All entries of the person that an entry is of."""
        return next((group for group in self.groups if key in group), (key,))


def consults(command: RecordPerson | MergePersons | SplitPerson) -> Sequence[str]:
    match command:
        case MergePersons(keys=keys):
            named: Iterable[str] = keys
        case SplitPerson(key=key, others=others):
            named = (key, *others)
        case RecordPerson():
            named = ()
    return [f"patient/{key.removeprefix('tag:')}" for key in named if key.startswith("tag:")]


def decide(
    persons: Persons, command: RecordPerson | MergePersons | SplitPerson, context: Context
) -> Sequence[PersonRecorded | PersonsMerged | PersonSplit]:
    """
    Raises:
        Unknown: If an entry or a hospital does not exist.
        Invalid: If a field makes no sense.
        Refused: If somebody would live after their death.
    """
    match command:
        case RecordPerson():
            return [_record(persons, command, context)]
        case MergePersons():
            return _merge(persons, command, context)
        case SplitPerson():
            return _split(persons, command, context)


def _record(persons: Persons, command: RecordPerson, context: Context) -> PersonRecorded:
    if command.key.startswith("tag:"):
        raise Invalid("whoever has a tag is entered with patient.tag", "key")
    if command.hospital and command.hospital not in context.city.hospitals:
        raise Unknown(f"no hospital has the id {command.hospital!r}", "hospital")
    if command.condition in (Condition.ADMITTED, Condition.DISCHARGED) and not command.hospital:
        raise Invalid("needs the hospital", "hospital")
    before = persons.recorded.get(command.key)
    at = command.at or context.now
    if at > context.now:
        raise Invalid("is in the future", "at")
    if before and before.condition is Condition.DEAD and command.condition is not Condition.DEAD and at > before.at:
        raise Refused(f"{command.key} died before that; if they live, split and record anew", "condition")
    fields = msgspec.structs.asdict(command) | {"at": at}
    return PersonRecorded(**fields)


def _merge(persons: Persons, command: MergePersons, context: Context) -> list[PersonsMerged]:
    keys = tuple(sorted(set(command.keys)))
    if len(keys) < 2:
        raise Invalid("one entry is one person already", "keys")
    for index, key in enumerate(command.keys):
        _require_entry(persons, key, context, f"keys[{index}]")
    if len({persons.group(key) for key in keys}) == 1:
        return []
    return [PersonsMerged(attack=command.attack, keys=keys, reason=command.reason)]


def _split(persons: Persons, command: SplitPerson, context: Context) -> list[PersonSplit]:
    _require_entry(persons, command.key, context, "key")
    for index, key in enumerate(command.others):
        _require_entry(persons, key, context, f"others[{index}]")
    others = tuple(sorted(set(command.others or persons.group(command.key)) - {command.key}))
    if not others:
        raise Invalid("it is merged with no other, so say from whom it differs", "others")
    if all(_pair(command.key, other) in persons.apart for other in others):
        return []
    return [PersonSplit(attack=command.attack, key=command.key, others=others, reason=command.reason)]


def _require_entry(persons: Persons, key: str, context: Context, where: str) -> None:
    known = key in persons.recorded
    if key.startswith("tag:"):
        patient = context.others.get(f"patient/{key.removeprefix('tag:')}")
        known = getattr(patient, "tagged", None) is not None
    elif key.startswith("victim:"):
        # Victims are brought out by worksite forms, which number them without asking here.
        known = True
    if not known:
        raise Unknown(f"no register has {key!r}", where)


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def evolve(persons: Persons, event: PersonRecorded | PersonsMerged | PersonSplit) -> Persons:
    changed = msgspec.structs.replace
    match event:
        case PersonRecorded(key=key):
            before = persons.recorded.get(key)
            newest = event if before is None or event.at >= before.at else before
            return changed(persons, recorded=persons.recorded | {key: newest})
        case PersonsMerged(keys=keys):
            return changed(
                persons,
                groups=merged(persons.groups, keys),
                apart=frozenset(pair for pair in persons.apart if not set(pair) <= set(keys)),
            )
        case PersonSplit(key=key, others=others):
            return changed(
                persons,
                groups=without(persons.groups, key, others),
                apart=persons.apart | {_pair(key, other) for other in others},
            )


def merged(groups: tuple[tuple[str, ...], ...], keys: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The groups with these entries, and all they were merged with before, as one."""
    keys = set(keys)
    touched = [group for group in groups if keys & set(group)]
    union = tuple(sorted(keys.union(*touched)))
    return (*(group for group in groups if group not in touched), union)


def without(groups: tuple[tuple[str, ...], ...], key: str, others: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The groups with an entry taken out of the one it shares with any of the others."""
    others = set(others)
    left = (tuple(k for k in group if k != key) if key in group and others & set(group) else group for group in groups)
    return tuple(group for group in left if len(group) > 1)


PERSON = Subject(
    name="person",
    id_field="attack",
    commands=(RecordPerson, MergePersons, SplitPerson),
    events=(PersonRecorded, PersonsMerged, PersonSplit),
    blank=Persons(),
    decide=decide,
    evolve=evolve,
    consults=consults,
)
