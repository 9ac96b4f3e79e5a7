"""What was said, followed to what was answered: a proposal without an answer says so."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from tocsin.domain.record.statements import Kind, StatementRecorded
from tocsin.flow.record.asked import attacks_at
from tocsin.flow.system import System
from tocsin.kernel.errors import Unknown

ASKING = frozenset({Kind.PROPOSAL, Kind.DEMAND})
"""Kinds that want an answer."""
WORDS: dict[str, dict[str, str]] = {
    "no answer yet": {"uk": "відповіді ще немає", "en": "no answer yet"},
    "accepted": {"uk": "прийнято", "en": "accepted"},
    "rejected": {"uk": "відхилено", "en": "rejected"},
    "disputed": {"uk": "одні прийняли, інші відхилили", "en": "accepted by some, rejected by others"},
    "answered": {"uk": "є відповідь", "en": "answered"},
    "": {"uk": "", "en": ""},
}


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """
    A statement with those that answer it.

    Attributes:
        outcome: Of a proposal or a demand: `no answer yet`, `accepted`, `rejected`, `disputed` or `answered`. Empty of
            others.
        answers: In the order in which they were made, each with its own.
    """

    statement: StatementRecorded
    outcome: str
    words: dict[str, str]
    answers: "tuple[Thread, ...]"


def threads(
    system: System,
    as_of: datetime,
    *,
    attack: str = "",
    kind: Kind | None = None,
    recorded: datetime | None = None,
) -> list[Thread]:
    """
    Statements made by a moment, each with what answered it by then, the earliest first.

    Args:
        attack: About this one only. Answers come from everywhere.
        kind: Of this kind only.

    Raises:
        Unknown: If there is no such attack.
    """
    with system.projector.looking():
        view = attacks_at(system, recorded)
        if attack and view.attack(attack) is None:
            raise Unknown(f"there is no attack {attack!r}", "attack")
        said = [each for found in view.all() for each in found.statements if each.said_at <= as_of]
    said.sort(key=lambda each: (each.said_at, each.statement))
    answering: dict[str, list[StatementRecorded]] = {}
    for each in said:
        if each.answers:
            answering.setdefault(each.answers, []).append(each)
    roots = [each for each in said if not attack or each.attack == attack]
    if kind is None:
        inner = {each.statement for found in answering.values() for each in found}
        roots = [each for each in roots if each.statement not in inner or each.answers not in _ids(said)]
    else:
        roots = [each for each in roots if each.type is kind]
    return [_thread(each, answering) for each in roots]


def _ids(said: Iterable[StatementRecorded]) -> frozenset[str]:
    return frozenset(each.statement for each in said)


def _thread(statement: StatementRecorded, answering: Mapping[str, Sequence[StatementRecorded]]) -> Thread:
    # A statement answers one that was there before it, so this ends.
    answers = tuple(_thread(each, answering) for each in answering.get(statement.statement, ()))
    outcome = _outcome(statement, [each.statement.type for each in answers])
    return Thread(statement=statement, outcome=outcome, words=WORDS[outcome], answers=answers)


def _outcome(statement: StatementRecorded, answers: Sequence[Kind]) -> str:
    if statement.type not in ASKING:
        return ""
    accepted, rejected = Kind.ACCEPTANCE in answers, Kind.REJECTION in answers
    if accepted and rejected:
        return "disputed"
    if accepted or rejected:
        return "accepted" if accepted else "rejected"
    return "answered" if answers else "no answer yet"
