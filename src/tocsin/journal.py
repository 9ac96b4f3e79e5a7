"""The journal port: the only place where facts are kept."""

import hashlib
from collections.abc import Awaitable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tocsin.kernel.errors import Corrupt, Invalid
from tocsin.kernel.event import Actor, Cause, Event, Instant, Recorded
from tocsin.kernel.signing import Ed25519Verifier, Signer

GENESIS = "0" * 64
"""The hash before the first record."""


class Appended(msgspec.Struct, frozen=True):
    """
    What was written for one cause.

    Attributes:
        position: Of the last event; the head of the journal before it when there was nothing to write.
        repeated: True if the cause was already in the journal and nothing new was written.
    """

    stream: str
    version: int
    position: int
    events: tuple[str, ...]
    cause: Cause
    repeated: bool = False


class Head(msgspec.Struct, frozen=True):
    """How far the journal reaches, and the hash that stands for all of it."""

    position: int
    hash: str


class Line(msgspec.Struct, frozen=True):
    """A record as it is kept: the very bytes that were hashed. One line of an export."""

    record: msgspec.Raw
    hash: str


class Journal(Protocol):
    """
    An append-only, hash-chained sequence of events of one realm. Safe to use from many threads.

    A reader that has seen position N will never later find a new event at or below N.
    """

    realm: str

    def append(
        self, stream: str, events: Sequence[Event], *, expect: int, actor: Actor, cause: Cause, time: datetime
    ) -> Appended:
        """
        Add events to a stream; return only once they are durable.

        All or none are written. A cause that is already in the journal writes nothing and gets the answer
        of its first time, so that a caller who lost the answer may ask again.

        Raises:
            Conflict: If the stream does not hold exactly *expect* events.
            Unavailable: If the store cannot be written. Nothing was kept.
        """

    def append_soon(
        self, stream: str, events: Sequence[Event], *, expect: int, actor: Actor, cause: Cause, time: datetime
    ) -> Awaitable[Appended]:
        """The same for coroutines, of which thousands can wait where a thread each would be too many."""

    def read(
        self, *, after: int = 0, limit: int | None = None, streams: Collection[str] | None = None
    ) -> Iterator[Recorded]:
        """Yield events in journal order, oldest first, up to the head as it is when they are reached."""

    def lines(self, *, after: int = 0) -> Iterator[Line]:
        """Yield the records as they are kept, undecoded, for export and verification."""

    def extend(self, lines: Iterable[Line]) -> Head:
        """
        Append exported records to the end of this journal, all or none.

        Raises:
            Corrupt: If a line does not follow from the one before it, or is of another realm.
        """

    def find(self, key: str) -> Appended | None:
        """What was written for a cause, or None."""

    def head(self) -> Head: ...

    def close(self) -> None: ...


def chain(previous: str, text: bytes) -> str:
    """The hash of a record: SHA-256 over the previous hash in hex and the record's text."""
    return hashlib.sha256(previous.encode("ascii") + text).hexdigest()


class _Place(msgspec.Struct, frozen=True):
    position: int
    stream: str
    version: int
    realm: str


class Verifier:
    """
    Follows a journal line by line and says at the first wrong one what is wrong with it.

    Args:
        start: The head to go on from.
        versions: The number of events that each stream holds at that head.
    """

    def __init__(self, realm: str, start: Head | None = None, versions: dict[str, int] | None = None) -> None:
        self._realm = realm
        self.head = start or Head(0, GENESIS)
        self.versions = dict(versions or {})
        self._decoder = msgspec.json.Decoder(_Place)

    def follow(self, line: Line) -> None:
        """
        Raises:
            Corrupt: If the line does not follow from the ones before it.
        """
        text, expected = bytes(line.record), self.head.position + 1
        try:
            place = self._decoder.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Corrupt(f"position {expected}: unreadable record: {error}") from None
        if place.position != expected:
            raise Corrupt(f"position {expected} is missing: found {place.position}")
        if place.realm != self._realm:
            raise Corrupt(f"position {expected} is of the realm {place.realm!r}, not {self._realm!r}")
        version = self.versions.get(place.stream, 0) + 1
        if place.version != version:
            raise Corrupt(f"position {expected}: {place.stream} holds version {place.version} where {version} is due")
        if chain(self.head.hash, text) != line.hash:
            raise Corrupt(f"position {expected}: the hash does not fit: this record or one before it was changed")
        self.versions[place.stream] = version
        self.head = Head(place.position, line.hash)


def verify(journal: Journal) -> Head:
    """
    Check every record of a journal against the chain.

    Raises:
        Corrupt: At the first record that was changed, lost, doubled or moved.
    """
    verifier = Verifier(journal.realm)
    for line in journal.lines():
        verifier.follow(line)
    return verifier.head


class Checkpoint(msgspec.Struct, frozen=True):
    """
    A signed statement of how far a journal reached and what its hash was then.

    The chain alone cannot show that the end was cut off or that all of it was written anew; a checkpoint kept
    somewhere else can.
    """

    realm: str
    position: int
    hash: str
    time: Instant
    signature: str = ""

    def text(self) -> bytes:
        """What is signed."""
        return b"tocsin checkpoint " + msgspec.json.encode((self.realm, self.position, self.hash, self.time))


def sign_checkpoint(journal: Journal, signer: Signer, now: datetime) -> Checkpoint:
    """
    Verify a journal and sign its head.

    Raises:
        Corrupt: If it does not verify; a fault must not get a signature.
    """
    head = verify(journal)
    unsigned = Checkpoint(journal.realm, head.position, head.hash, now)
    return msgspec.structs.replace(unsigned, signature=signer.sign(unsigned.text()))


def read_checkpoint(text: bytes) -> Checkpoint:
    """
    Raises:
        Invalid: If it is not a checkpoint.
    """
    try:
        return msgspec.json.decode(text, type=Checkpoint)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(str(error), "checkpoint") from None


def agree(journal: Journal, checkpoint: Checkpoint, public: str) -> None:
    """
    Check that a journal still holds what a checkpoint says it held.

    Args:
        public: The pinned key of whoever signs checkpoints.

    Raises:
        Corrupt: If the signature is not by that key, or the journal was truncated or rewritten since.
    """
    if not Ed25519Verifier(public).accepts(checkpoint.text(), checkpoint.signature):
        raise Corrupt("the checkpoint is not signed with this key")
    if checkpoint.realm != journal.realm:
        raise Corrupt(f"the checkpoint is of the realm {checkpoint.realm!r}, the journal of {journal.realm!r}")
    if checkpoint.position == 0:
        return
    line = next(iter(journal.lines(after=checkpoint.position - 1)), None)
    if line is None:
        raise Corrupt(f"the journal was truncated: the checkpoint saw position {checkpoint.position}")
    if line.hash != checkpoint.hash:
        raise Corrupt(f"the journal was rewritten at or before position {checkpoint.position}")
