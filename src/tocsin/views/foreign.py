"""What other warning services say: their messages, which of them are in force, and what could not be read."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

import msgspec

from tocsin.domain.foreign import ForeignAlertReceived, ForeignAlertRejected, Key, Message, active
from tocsin.domain.foreign.receiving import ends
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.kernel.time import format_instant
from tocsin.views.view import Handler, View

MOST_REJECTED = 500
"""How many rejections are listed. What is older is in the journal."""
KEPT = timedelta(days=30)
"""How long after their end messages are remembered here, so that one that comes late is still taken back."""
STAYS = timedelta(days=1)
"""How long a message counts that does not say until when it is valid."""


class Rejection(msgspec.Struct, frozen=True):
    """Something that came and is no message, or one nobody may trust."""

    position: int
    time: Instant
    document: str
    source: str
    address: str
    reason: str
    excerpt: str


class ForeignAlert(msgspec.Struct, frozen=True):
    """
    One message of another service, whoever passed it on.

    Attributes:
        received: When it first came.
        sources: Where it came from, in order of arrival.
        documents: SHA-256 of each document that it came in. Several, if somebody signed it or wrapped it anew.
        said: What those documents say. More than one, if they contradict each other: then somebody has to look.
        fresh: It was news when it first came.
        signer: Whose pinned certificate vouches for it; empty if nobody's.
    """

    received: Instant
    position: int
    sources: tuple[str, ...]
    documents: tuple[str, ...]
    said: tuple[Message, ...]
    fresh: bool
    signer: str

    @property
    def message(self) -> Message:
        return self.said[0]


class ForeignState(msgspec.Struct):
    """
    Attributes:
        alerts: By what a message is referred to: sender, identifier and time.
        swept: When the view last looked for what it may forget.
    """

    alerts: dict[str, ForeignAlert] = {}
    rejected: list[Rejection] = []
    swept: Instant | None = None


class ForeignAlerts(View[ForeignState]):
    name: ClassVar[str] = "foreign_alerts"

    def __init__(self) -> None:
        super().__init__(ForeignState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {ForeignAlertReceived: self._received, ForeignAlertRejected: self._rejected}

    def _received(self, recorded: Recorded) -> None:
        event: ForeignAlertReceived = recorded.event
        name = reference(event.message)
        known = self.state.alerts.get(name)
        first = ForeignAlert(recorded.time, recorded.position, (), (), (), event.fresh, "")
        self.state.alerts[name] = _joined(known or first, event)
        self._forget(recorded.time)

    def _rejected(self, recorded: Recorded) -> None:
        event: ForeignAlertRejected = recorded.event
        self.state.rejected.append(
            Rejection(
                recorded.position,
                recorded.time,
                event.document,
                event.source,
                event.address,
                event.reason,
                event.excerpt,
            )
        )
        del self.state.rejected[:-MOST_REJECTED]

    def _forget(self, now: datetime) -> None:
        if self.state.swept is not None and now < self.state.swept + STAYS:
            return
        self.state.swept = now
        old = {name for name, alert in self.state.alerts.items() if _end(alert) < now - KEPT}
        living = [alert for name, alert in self.state.alerts.items() if name not in old]
        alive = {alert.message.key for alert in living}
        # A message stays while one that it takes back does, or that one would be in force again.
        for name in old:
            if not alive & _named(self.state.alerts[name]):
                del self.state.alerts[name]

    def active(self) -> list[ForeignAlert]:
        """The messages in force, oldest first. What ran out is among them: nobody has cleared it."""
        messages = (message for alert in self.state.alerts.values() for message in alert.said)
        names = dict.fromkeys(reference(message) for message in active(messages))
        return [self.state.alerts[name] for name in names]

    def rejected(self) -> list[Rejection]:
        """What could not be taken, newest first."""
        return self.state.rejected[::-1]

    def __len__(self) -> int:
        return len(self.state.alerts)


def reference(message: Message) -> str:
    """What other messages call this one (CAP 1.2, 3.2.1 references), the time in UTC: one moment has many spellings."""
    return f"{message.key.sender},{message.key.identifier},{format_instant(message.sent)}"


def _joined(alert: ForeignAlert, event: ForeignAlertReceived) -> ForeignAlert:
    return msgspec.structs.replace(
        alert,
        sources=_with(alert.sources, event.source),
        documents=_with(alert.documents, event.document),
        # Sorted, so that what stands first does not depend on who was faster. A signature changes nothing said.
        said=tuple(sorted({*alert.said, msgspec.structs.replace(event.message, signed=False)}, key=repr)),
        signer=alert.signer or event.signer,
    )


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)


def _end(alert: ForeignAlert) -> datetime:
    return max(ends(message) or message.sent + STAYS for message in alert.said)


def _named(alert: ForeignAlert) -> set[Key]:
    return {reference.key for message in alert.said for reference in message.references}
