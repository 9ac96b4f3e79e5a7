"""Who may be the same person: a score and why, for a human to judge. Nothing is merged by it."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import combinations

import msgspec

from tocsin.domain.casualties.numerals import Lang

ENOUGH = 5
"""From this score on two entries are proposed."""
# Read as: so much speaks for it that this is the same. What is known of both and differs speaks against it for good.
POINTS = {"worksite": 3, "hospital": 2, "half_hour": 2, "two_hours": 1, "age": 1, "sex": 1, "registers": 1}
WHY: dict[str, dict[Lang, str]] = {
    "worksite": {Lang.EN: "found at the same worksite", Lang.UK: "знайдено на тому самому майданчику"},
    "hospital": {Lang.EN: "in the same hospital", Lang.UK: "та сама лікарня"},
    "half_hour": {Lang.EN: "entered within half an hour", Lang.UK: "внесено з різницею до пів години"},
    "two_hours": {Lang.EN: "entered within two hours", Lang.UK: "внесено з різницею до двох годин"},
    "age": {Lang.EN: "of the same age group", Lang.UK: "та сама вікова група"},
    "sex": {Lang.EN: "of the same sex", Lang.UK: "та сама стать"},
    "registers": {Lang.EN: "numbered by two registers", Lang.UK: "записи у двох різних реєстрах"},
}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of somebody by one register, as far as it tells two people apart. Empty where unknown."""

    key: str
    age: str
    sex: str
    worksite: str
    hospitals: frozenset[str]
    first: datetime

    @property
    def register(self) -> str:
        """Whatever gives each number once: all tags, one worksite's victims, one hospital's records."""
        return self.key.partition(":")[0] if self.key.startswith("tag:") else self.key.rpartition("/")[0]


class Proposal(msgspec.Struct, frozen=True):
    """
    Two entries that may be one person.

    Attributes:
        score: From 5, the least that is proposed, to 10.
        why: What speaks for it, by language.
    """

    keys: tuple[str, str]
    score: int
    why: dict[str, str]


def propose(entries: Iterable[Entry], settled: Collection[tuple[str, str]]) -> list[Proposal]:
    """
    Pairs that look like one person, the likeliest first.

    Args:
        settled: Pairs a human has judged, each sorted.
    """
    found = {
        pair: proposal
        for group in _blocks(entries)
        for one, other in combinations(sorted(group, key=lambda entry: entry.key), 2)
        if (pair := (one.key, other.key)) not in settled and (proposal := _compare(one, other))
    }
    return sorted(found.values(), key=lambda proposal: (-proposal.score, proposal.keys))


def _blocks(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Only who shares a place is compared: everybody with everybody would be millions of pairs."""
    by_place: dict[str, list[Entry]] = {}
    for entry in entries:
        for place in {entry.worksite, *entry.hospitals} - {""}:
            by_place.setdefault(place, []).append(entry)
    yield from by_place.values()


def _compare(one: Entry, other: Entry) -> Proposal | None:
    if one.register == other.register and not one.key.startswith("tag:"):
        return None
    if _differ(one.age, other.age) or _differ(one.sex, other.sex) or _differ(one.worksite, other.worksite):
        return None
    apart = abs(one.first - other.first)
    speaks = {
        "worksite": bool(one.worksite) and one.worksite == other.worksite,
        "hospital": bool(one.hospitals & other.hospitals),
        "half_hour": apart <= timedelta(minutes=30),
        "two_hours": timedelta(minutes=30) < apart <= timedelta(hours=2),
        "age": bool(one.age) and one.age == other.age,
        "sex": bool(one.sex) and one.sex == other.sex,
        "registers": one.register != other.register,
    }
    reasons = [reason for reason, true in speaks.items() if true]
    score = sum(POINTS[reason] for reason in reasons)
    if score < ENOUGH:
        return None
    why = {lang.value: ", ".join(WHY[reason][lang] for reason in reasons) for lang in Lang}
    return Proposal((one.key, other.key), score, why)


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one != other
