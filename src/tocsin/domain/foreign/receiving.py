"""How a message of another warning service comes into the journal, once from each source, or is kept as rejected."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.foreign.message import Message
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.event import Command, Event

FRESH = timedelta(minutes=15)
"""Until when after it was sent a message is news. What is older is history, whenever we hear of it (lessons.md 14)."""
SKEW = timedelta(minutes=5)
"""How far the clock of another service may be ahead of ours."""

Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256 of the document as it came")]
SourceName = Annotated[str, Meta(min_length=1, max_length=100)]
Address = Annotated[str, Meta(max_length=2000)]


class ReceiveForeignAlert(Command, frozen=True, kw_only=True, tag="foreign_alert.receive"):
    """
    Keep a message of another warning service.

    Attributes:
        source: The feed or file it came from.
        address: Where in the source.
        backlog: It lay there already when we first looked, so it is no news.
        signer: Whose pinned certificate vouches for it; empty if nobody's was asked for.
    """

    document: Digest
    source: SourceName
    address: Address = ""
    message: Message
    backlog: bool = False
    signer: Annotated[str, Meta(max_length=500)] = ""


class RejectForeignAlert(Command, frozen=True, kw_only=True, tag="foreign_alert.reject"):
    """
    Keep that something from another warning service could not be taken for a message, and why.

    Attributes:
        excerpt: How it begins.
    """

    document: Digest
    source: SourceName
    address: Address = ""
    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    excerpt: Annotated[str, Meta(max_length=1000)] = ""


class ForeignAlertReceived(Event, frozen=True, kw_only=True, tag="foreign_alert.received"):
    """
    Another warning service said something.

    Attributes:
        fresh: It was news when it came: sent lately, and not found lying there.
    """

    document: str
    source: str
    address: str
    message: Message
    fresh: bool
    signer: str


class ForeignAlertRejected(Event, frozen=True, kw_only=True, tag="foreign_alert.rejected"):
    """Something came that is no message, or one nobody may trust. Somebody has to look at it."""

    document: str
    source: str
    address: str
    reason: str
    excerpt: str


class Document(msgspec.Struct, frozen=True):
    """
    One document.

    Attributes:
        sources: Where it was received from.
        rejected: Source to the reason given there last.
    """

    sources: frozenset[str] = frozenset()
    rejected: dict[str, str] = {}


def decide(document: Document, command: ReceiveForeignAlert | RejectForeignAlert, context: Context) -> Sequence[Event]:
    """The same document from the same source, once received, is nothing new: whoever asks again may do so for ever."""
    if command.source in document.sources:
        return []
    if isinstance(command, ReceiveForeignAlert):
        return [
            ForeignAlertReceived(
                document=command.document,
                source=command.source,
                address=command.address,
                message=command.message,
                fresh=not command.backlog and is_fresh(command.message, context.now),
                signer=command.signer,
            )
        ]
    if document.rejected.get(command.source) == command.reason:
        return []
    return [
        ForeignAlertRejected(
            document=command.document,
            source=command.source,
            address=command.address,
            reason=command.reason,
            excerpt=command.excerpt,
        )
    ]


def is_fresh(message: Message, now: datetime) -> bool:
    """Whether a message that is heard now is news: sent lately, begun lately or not yet, and not run out."""
    # The onset of an Update is often that of the first message, and the Update is news all the same.
    onsets = [info.onset for info in message.infos if info.onset is not None and message.type == "Alert"]
    begun = min([message.sent, *onsets])
    ended = ends(message)
    return begun >= now - FRESH and message.sent <= now + SKEW and (ended is None or ended > now)


def ends(message: Message) -> datetime | None:
    """When the last of its infos runs out; None if one never does. What has run out was not cleared."""
    found = [info.expires for info in message.infos]
    known = [expires for expires in found if expires is not None]
    return max(known) if known and len(known) == len(found) else None


def evolve(document: Document, event: ForeignAlertReceived | ForeignAlertRejected) -> Document:
    if isinstance(event, ForeignAlertReceived):
        return msgspec.structs.replace(document, sources=document.sources | {event.source})
    return msgspec.structs.replace(document, rejected={**document.rejected, event.source: event.reason})


FOREIGN_ALERT = Subject(
    name="foreign_alert",
    id_field="document",
    commands=(ReceiveForeignAlert, RejectForeignAlert),
    events=(ForeignAlertReceived, ForeignAlertRejected),
    blank=Document(),
    decide=decide,
    evolve=evolve,
)
