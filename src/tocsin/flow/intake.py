"""What another warning service published, into the journal: every document once, and nothing silently left out."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from tocsin.domain.foreign import Message, ReceiveForeignAlert, RejectForeignAlert
from tocsin.journal import Appended
from tocsin.kernel.errors import Refused, TocsinError, Unavailable
from tocsin.kernel.event import Actor, Command

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

Do: TypeAlias = Callable[[Command, Actor], Appended]

ACTOR = Actor("feeds", "feed")
LARGEST = 400_000
"""Bytes of what a message says. The largest in use, for all of Canada in two languages, have a quarter of it."""
LONGEST_EXCERPT = 1000


class Result(StrEnum):
    RECEIVED = "received"
    KNOWN = "known"
    """This source had said so before."""
    REJECTED = "rejected"


class Taken(msgspec.Struct, frozen=True):
    """
    What became of one document.

    Attributes:
        document: Its SHA-256 in hex.
        sender, identifier: Of the message; empty if it is none.
        reason: Why it was rejected.
    """

    address: str
    document: str
    result: Result
    sender: str = ""
    identifier: str = ""
    reason: str = ""


class Intake:
    """
    Args:
        do: Carries a command out; returns once it is durable.
        trusted: The certificates of those who may sign for this source. None: signatures are not asked for.
        now: Certificates must be valid at this moment.
        keep: Keeps what came in, byte for byte. Left out, the journal has only what it says.
    """

    def __init__(
        self,
        do: Do,
        source: str,
        trusted: "Sequence[Certificate] | None",
        now: datetime,
        keep: Callable[[bytes], object] = lambda _document: None,
    ) -> None:
        self._do = do
        self._source = source
        self._trusted = trusted
        self._now = now
        self._keep = keep

    def take(self, document: bytes, address: str = "", *, backlog: bool = False) -> Taken:
        """
        Keep a document as a message, or as one that was rejected. Harmless to repeat.

        Args:
            backlog: It was there before we first looked.

        Raises:
            Unavailable: If the journal cannot be written. Then nothing was kept and the document is still to be taken.
        """
        self._keep(document)
        digest = hashlib.sha256(document).hexdigest()
        try:
            message, signer = self._read(document)
            appended = self._do(
                ReceiveForeignAlert(
                    document=digest,
                    source=self._source,
                    address=address[:2000],
                    message=message,
                    backlog=backlog,
                    signer=signer[:500],
                ),
                ACTOR,
            )
        except Unavailable:
            raise
        except TocsinError as error:
            return self.reject(document, address, error.message)
        result = Result.RECEIVED if appended.events else Result.KNOWN
        return Taken(address, digest, result, message.key.sender, message.key.identifier)

    def reject(self, document: bytes, address: str, reason: str) -> Taken:
        """
        Keep that something is there and cannot be taken.

        Raises:
            Unavailable: As `take`.
        """
        self._keep(document)
        digest = hashlib.sha256(document).hexdigest()
        excerpt = document[:LONGEST_EXCERPT].decode("utf-8", "replace")
        self._do(
            RejectForeignAlert(
                document=digest,
                source=self._source,
                address=address[:2000],
                reason=reason[:500] or "no reason is known",
                excerpt=excerpt,
            ),
            ACTOR,
        )
        return Taken(address, digest, Result.REJECTED, reason=reason[:500])

    def _read(self, document: bytes) -> tuple[Message, str]:
        from tocsin.formats.cap_read import read_cap

        signer = ""
        if self._trusted is not None:
            from tocsin.formats.cap_sign import verify_cap

            verified = verify_cap(document, self._trusted, self._now)
            document, signer = verified.document, verified.subject
        message = read_cap(document)
        if len(msgspec.json.encode(message)) > LARGEST:
            raise Refused(f"what the message says is longer than {LARGEST} bytes")
        return message, signer
