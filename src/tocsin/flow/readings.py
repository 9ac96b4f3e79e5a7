"""Public text into the queue, and out of it into the record: by a person, through the same door as everything else."""

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from tocsin.domain.casualties import Lang
from tocsin.domain.reading import RECORDING, AcceptProposal, Proposal, ProposalType, ProposeReading
from tocsin.domain.source import Source
from tocsin.flow.system import System
from tocsin.journal import Appended
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Actor, Command, kind_of

if TYPE_CHECKING:
    from tocsin.reading import Reading
    from tocsin.reading.proposals import Spanned


def take(
    system: System,
    document: bytes,
    publisher: str,
    actor: Actor,
    *,
    lang: Lang | None = None,
    published: datetime | None = None,
    url: str = "",
) -> Appended:
    """
    Read a text, keep it as it came, and queue what it proposes. A text that was read before changes nothing.

    Raises:
        Invalid: If it is not UTF-8, or too long to be a report.
        Unavailable: If it cannot be kept.
    """
    # A server that reads no texts need not load the tables of words.
    from tocsin.reading import read
    from tocsin.reading.likeness import likeness
    from tocsin.reading.text import tokenize

    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(f"byte {error.start} is not UTF-8", "text") from None
    reading = read(text, lang=lang, source=publisher, published=published)
    name = system.originals.put(document)
    command = ProposeReading(
        document=name,
        source=Source(publisher=publisher, url=url, published=published, sha256=name, quote=text[:200]),
        lang=reading.lang.value,
        reader=reading.reader,
        likeness=likeness(tokenize(text)),
        proposals=proposals_of(reading),
    )
    return system.do(command, actor, f"reading:{name}")


def proposals_of(reading: "Reading") -> tuple[Proposal, ...]:
    """What was read, as it is kept in the journal."""
    claims = [_proposal(each, each.id, ProposalType.CLAIM) for each in reading.claims]
    facts = [_proposal(each, f"f{index}", ProposalType.FACT) for index, each in enumerate(reading.facts, 1)]
    statements = [_proposal(each, each.id, ProposalType.STATEMENT) for each in reading.statements]
    return (*claims, *facts, *statements)


_PLACED = ("id", "attack", "start", "end", "quote", "again")


def _proposal(found: "Spanned", id_: str, type_: ProposalType) -> Proposal:
    fields = {name: value for name, value in msgspec.to_builtins(found).items() if name not in _PLACED}
    said = {name: _words(value) for name, value in fields.items() if _is_said(value)}
    attack = getattr(found, "attack", "this")
    return Proposal(id=id_, type=type_, start=found.start, end=found.end, quote=found.quote, attack=attack, said=said)


def _is_said(value: object) -> bool:
    """Not left out; a count of none is said."""
    return value is not None and value is not False and value != "" and value != []


def _words(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def accept(
    system: System, document: str, proposal: str, command: Command, actor: Actor, *, edited: bool = False
) -> Appended:
    """
    Record what was proposed, as a person completed it, and note that in the queue.

    Both steps carry keys made of the proposal: repeated after a crash between them, nothing is recorded twice.

    Raises:
        Unknown: If nothing of that id was proposed.
        Invalid: If the command is not one that records.
        Refused: If the proposal is decided already, or the command breaks a rule.
    """
    kind = kind_of(command)
    if kind not in RECORDING:
        raise Invalid(f"a proposal becomes one of {', '.join(sorted(RECORDING))}", "kind")
    with system.projector.looking():
        queued = system.views.readings.get(document)
    if queued is None or all(each.id != proposal for each in queued.read.proposals):
        raise Unknown(f"no proposal {proposal!r} was made from that text", "proposal")
    if proposal in queued.decided:
        raise Refused(f"the proposal {proposal!r} is decided already")
    recorded = system.do(command, actor, f"reading:{document}:{proposal}")
    noted = AcceptProposal(document=document, proposal=proposal, became=kind, position=recorded.position, edited=edited)
    return system.do(noted, actor, f"reading:{document}:{proposal}:accepted")
