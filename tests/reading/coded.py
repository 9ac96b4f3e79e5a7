"""Coded texts: what a careful reader takes from each, and how near the reader comes to it."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tocsin.domain.casualties import Lang
from tocsin.reading import THIS, ProposedClaim, Reading, read
from tocsin.reading.proposals import PlaceFact, TimeFact, WeaponFact

HERE = Path(__file__).parent
KINDS = ("claims", "attachments", "facts", "statements")


class Coded(NamedTuple):
    lang: Lang
    text: str
    published: datetime
    expected: dict[str, Counter[str]]


class Score(NamedTuple):
    """Of one kind: found rightly, found wrongly, missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


def coded(lang: Lang) -> list[Coded]:
    """All coded texts of a language."""
    table = tomllib.loads((HERE / f"sentences.{lang.value}.toml").read_text(encoding="utf-8"))
    published = datetime.fromisoformat(table["published"])
    return [Coded(lang, row["text"], published, _expected(row)) for row in table["text"]]


def _expected(row: dict[str, list[str]]) -> dict[str, Counter[str]]:
    claims, attachments = [], []
    for code in row.get("claims", ()):
        claim, joined, whole = code.replace(" @earlier", "").partition(" in ")
        claims.append(claim + " @earlier" * code.endswith("@earlier"))
        if joined:
            attachments.append(f"{claim} in {whole}")
    found = {"claims": claims, "attachments": attachments}
    return {kind: Counter(found.get(kind, row.get(kind, ()))) for kind in KINDS}


def found_in(reading: Reading) -> dict[str, Counter[str]]:
    """What was read, coded the same way."""
    by_id = {claim.id: claim for claim in reading.claims}
    claims = [_claim(claim) + " @earlier" * (claim.attack != THIS) for claim in reading.claims]
    statements = [
        f"{each.type.value}: {each.speaker.person or each.speaker.role or each.speaker.org}"
        for each in reading.statements
    ]
    return {
        "claims": Counter(claims),
        "attachments": Counter(_attachments(by_id)),
        "facts": Counter(_facts(reading)),
        "statements": Counter(statements),
    }


def _claim(claim: ProposedClaim) -> str:
    strata = [word.value for word in (claim.age, claim.sex, claim.role) if word.value != "all"]
    sem = [claim.sem.value] if claim.sem else []
    return f"{':'.join((claim.measure.value, *strata, *sem))} {_bounds(claim)}"


def _bounds(claim: ProposedClaim) -> str:
    if claim.hi is None:
        return f">{claim.lo - 1}" if claim.point is None and claim.lo else f">={claim.lo}"
    if claim.lo == claim.hi:
        return str(claim.lo)
    return f"<={claim.hi}" if claim.lo == 0 else f"{claim.lo}..{claim.hi}"


def _attachments(by_id: dict[str, ProposedClaim]) -> Iterator[str]:
    for claim in by_id.values():
        if claim.part_of is not None:
            other = by_id.get(claim.part_of.alternative)
            alternative = f" or {other.measure.value}" if other else ""
            yield f"{_claim(claim)} in {by_id[claim.part_of.claim].measure.value}{alternative}"


def _facts(reading: Reading) -> Iterator[str]:
    for fact in reading.facts:
        match fact:
            case PlaceFact():
                yield f"place {fact.name}"
            case TimeFact():
                yield f"time {fact.clock or fact.day or fact.precision.value}"
            case WeaponFact():
                count = f" {fact.count.lo}" if fact.count else ""
                yield f"weapon {fact.weapon_class.value}{count}" + (f" {fact.fate.value}" if fact.fate else "")
            case _:
                yield f"effect {fact.effect}"


class Miss(NamedTuple):
    """A text that was not read as coded. `wrong`: found and not there; `missed`: there and not found."""

    lang: Lang
    text: str
    kind: str
    wrong: list[str]
    missed: list[str]


def measure(lang: Lang) -> tuple[dict[str, Score], list[Miss]]:
    """The reader's score by kind on the coded texts of a language, and every text it did not read as coded."""
    totals = {kind: Score(0, 0, 0) for kind in KINDS}
    misses: list[Miss] = []
    for each in coded(lang):
        found = found_in(read(each.text, lang=lang, published=each.published))
        for kind in KINDS:
            wrong, missed = found[kind] - each.expected[kind], each.expected[kind] - found[kind]
            right = (found[kind] & each.expected[kind]).total()
            total = totals[kind]
            totals[kind] = Score(total.right + right, total.wrong + wrong.total(), total.missed + missed.total())
            if wrong or missed:
                misses.append(Miss(lang, each.text, kind, sorted(wrong.elements()), sorted(missed.elements())))
    return totals, misses
