"""Texts that were read for the record: what was proposed from each, and what a person made of every proposal."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.place import Lang, Reason
from tocsin.domain.source import Source
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event

Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256 of the text as it came, in UTF-8")]
Id = Annotated[str, Meta(min_length=1, max_length=80)]
Offset = Annotated[int, Meta(ge=0, description="Characters from the start of the text")]
Kind = Annotated[str, Meta(pattern=r"^[a-z_]+\.[a-z_]+$", description="Of a command, such as claim.record")]

RECORDING = frozenset({"claim.record", "attack.record_hit", "attack.count_weapons", "statement.record"})
"""What a proposal can become."""


class ProposalType(StrEnum):
    CLAIM = "claim"
    FACT = "fact"
    STATEMENT = "statement"


class Proposal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Something a text states, with the words it rests on: `text[start:end] == quote`.

    Attributes:
        attack: Which of the attacks that the text speaks of: `this`, or `earlier-1`.
        said: What was understood, field by field, in words.
    """

    id: Id
    type: ProposalType
    start: Offset
    end: Offset
    quote: Annotated[str, Meta(min_length=1)]
    attack: str = "this"
    said: dict[str, str] = {}


class ProposeReading(Command, frozen=True, kw_only=True, tag="reading.propose"):
    """
    Keep what a text proposes, for a person to decide on. The text itself is kept beside the journal.

    Attributes:
        reader: Who read it: `grammar`, or the name of a model.
        likeness: Numbers that texts which say nearly the same have in common.
    """

    document: Digest
    source: Source
    lang: Lang
    reader: Annotated[str, Meta(min_length=1, max_length=200)] = "grammar"
    likeness: Annotated[tuple[int, ...], Meta(max_length=256)] = ()
    proposals: tuple[Proposal, ...]


class AcceptProposal(Command, frozen=True, kw_only=True, tag="reading.accept"):
    """
    Say that a proposal went into the record.

    Attributes:
        became: The kind of the command that recorded it.
        position: Of its event in the journal.
        edited: A person changed what was proposed.
    """

    document: Digest
    proposal: Id
    became: Kind
    position: Annotated[int, Meta(ge=1)]
    edited: bool = False


class RejectProposal(Command, frozen=True, kw_only=True, tag="reading.reject"):
    """Say that a proposal does not belong in the record, and why."""

    document: Digest
    proposal: Id
    reason: Reason


class ReadingProposed(Event, frozen=True, kw_only=True, tag="reading.proposed"):
    document: str
    source: Source
    lang: str
    reader: str
    likeness: tuple[int, ...]
    proposals: tuple[Proposal, ...]


class ProposalAccepted(Event, frozen=True, kw_only=True, tag="reading.accepted"):
    document: str
    proposal: str
    became: str
    position: int
    edited: bool


class ProposalRejected(Event, frozen=True, kw_only=True, tag="reading.rejected"):
    document: str
    proposal: str
    reason: str


Decided = ProposalAccepted | ProposalRejected


class Read(msgspec.Struct, frozen=True):
    """One text. `decided` holds what became of a proposal, by its id."""

    proposed: ReadingProposed | None = None
    decided: dict[str, Decided] = {}


def decide(read: Read, command: ProposeReading | AcceptProposal | RejectProposal, _context: Context) -> Sequence[Event]:
    """
    A text is read once: read again, it proposes nothing new.

    Raises:
        Unknown: If there is no such text or proposal.
        Refused: If somebody decided otherwise before.
        Invalid: If a proposal rests on no words, or two have one id, or it cannot become what is said.
    """
    if isinstance(command, ProposeReading):
        _require_sound(command.proposals)
        return [] if read.proposed is not None else [ReadingProposed(**msgspec.structs.asdict(command))]
    known = read.proposed.proposals if read.proposed is not None else ()
    if all(each.id != command.proposal for each in known):
        raise Unknown(f"no proposal {command.proposal!r} was made from that text", "proposal")
    event = _decision(command)
    before = read.decided.get(command.proposal)
    if before is not None and before != event:
        raise Refused(f"the proposal {command.proposal!r} is decided already", "proposal")
    return [] if before == event else [event]


def _require_sound(proposals: Sequence[Proposal]) -> None:
    if len({each.id for each in proposals}) < len(proposals):
        raise Invalid("two proposals have one id", "proposals")
    for index, each in enumerate(proposals):
        if each.end - each.start != len(each.quote):
            raise Invalid(f"the quote has not the length of {each.start} to {each.end}", f"proposals[{index}]")


def _decision(command: AcceptProposal | RejectProposal) -> Decided:
    if isinstance(command, RejectProposal):
        return ProposalRejected(**msgspec.structs.asdict(command))
    if command.became not in RECORDING:
        raise Invalid(f"a proposal becomes one of {', '.join(sorted(RECORDING))}", "became")
    return ProposalAccepted(**msgspec.structs.asdict(command))


def evolve(read: Read, event: ReadingProposed | Decided) -> Read:
    if isinstance(event, ReadingProposed):
        return msgspec.structs.replace(read, proposed=event)
    return msgspec.structs.replace(read, decided=read.decided | {event.proposal: event})


READING = Subject(
    name="reading",
    id_field="document",
    commands=(ProposeReading, AcceptProposal, RejectProposal),
    events=(ReadingProposed, ProposalAccepted, ProposalRejected),
    blank=Read(),
    decide=decide,
    evolve=evolve,
)
