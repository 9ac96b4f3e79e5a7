"""Statements: who said what about an attack, in which role, in their own words, and to what it answers."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.place import Lang, Reason
from tocsin.domain.record.attacks import Attack
from tocsin.domain.source import Source, require_citable
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event, Instant

Words = Annotated[str, Meta(min_length=1, max_length=4000)]


class Kind(StrEnum):
    CONDEMNATION = "condemnation"
    DENIAL = "denial"
    PROPOSAL = "proposal"
    ACCEPTANCE = "acceptance"
    REJECTION = "rejection"
    DEMAND = "demand"
    PLEDGE = "pledge"
    ORDER = "order"
    REPORT = "report"


class RecordStatement(Command, frozen=True, kw_only=True, tag="statement.record"):
    """
    Record what somebody said in public, in an office or for an organisation. Never what a casualty said.

    Attributes:
        person, role, org: Who spoke, as the source has it on that day. Sources differ: one person may stand in two
            roles here. Any two may be empty; an organisation speaks without a person.
        original: The words as they were spoken or written, in `lang`.
        translation: The same by language.
        answers: The statement that this one answers.
    """

    statement: Annotated[str, Meta(max_length=80)] = ""
    attack: str
    type: Kind
    person: Annotated[str, Meta(max_length=200)] = ""
    role: Annotated[str, Meta(max_length=200)] = ""
    org: Annotated[str, Meta(max_length=200)] = ""
    original: Words
    lang: Lang
    translation: dict[Lang, Words] = {}
    said_at: Instant
    answers: str = ""
    source: Source


class StatementRecorded(Event, frozen=True, kw_only=True, tag="statement.recorded"):
    statement: str
    attack: str
    type: Kind
    person: str
    role: str
    org: str
    original: str
    lang: str
    translation: dict[str, str]
    said_at: Instant
    answers: str
    source: Source


class CorrectStatement(RecordStatement, frozen=True, kw_only=True, tag="statement.correct"):
    """Say a statement anew, whole: it was misheard, mistranslated, or made by somebody else. With the reason."""

    reason: Reason


class StatementCorrected(StatementRecorded, frozen=True, kw_only=True, tag="statement.corrected"):
    """The statement as it is to be read now. What it was before stays in the journal."""

    reason: str


class Statement(msgspec.Struct, frozen=True):
    recorded: StatementRecorded | None = None


def consults(command: RecordStatement) -> Sequence[str]:
    answered = [f"statement/{command.answers}"] if command.answers else []
    return [f"attack/{command.attack}", *answered]


def decide(statement: Statement, command: RecordStatement, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If the attack or the statement it answers is not in the record.
        Invalid: If nobody is named, or the source cannot be cited.
        Refused: If another statement has this id.
    """
    attack: Attack = context.others[f"attack/{command.attack}"]
    if attack.opened is None:
        raise Unknown(f"there is no attack {command.attack!r}", "attack")
    if command.answers and context.others[f"statement/{command.answers}"] == Statement():
        raise Unknown(f"there is no statement {command.answers!r}", "answers")
    if not (command.person or command.role or command.org):
        raise Invalid("a statement names who made it", "person")
    require_citable(command.source)
    if isinstance(command, CorrectStatement):
        return _correct(statement, command)
    event = StatementRecorded(**msgspec.structs.asdict(command))
    if statement.recorded is None:
        return [event]
    if statement.recorded == event:
        return []
    raise Refused(f"the statement {command.statement!r} is another one", "statement")


def _correct(statement: Statement, command: CorrectStatement) -> Sequence[Event]:
    if statement.recorded is None:
        raise Unknown(f"there is no statement {command.statement!r}", "statement")
    if command.answers == command.statement:
        raise Invalid("a statement does not answer itself", "answers")
    event = StatementCorrected(**msgspec.structs.asdict(command))
    return [] if statement.recorded == event else [event]


def evolve(_statement: Statement, event: StatementRecorded) -> Statement:
    return Statement(event)


STATEMENT = Subject(
    name="statement",
    id_field="statement",
    commands=(RecordStatement, CorrectStatement),
    events=(StatementRecorded, StatementCorrected),
    blank=Statement(),
    decide=decide,
    evolve=evolve,
    consults=consults,
)
