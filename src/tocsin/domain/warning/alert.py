"""One alert as its events leave it, and its messages as they went out."""

import msgspec

from tocsin.domain.warning.events import (
    AlertCancelled,
    AlertCleared,
    AlertConfirmed,
    AlertDrafted,
    AlertEscalated,
    AlertEvent,
    AlertExpired,
    AlertRaised,
    AlertRejected,
    AlertReminded,
    AlertSubmitted,
    AlertUpdated,
)
from tocsin.domain.warning.terms import Phase, Stage, Threat, Waiting
from tocsin.kernel.event import Instant


class Proposal(msgspec.Struct, frozen=True):
    """
    What somebody would have go out: a draft, or what waits for a second person.

    Attributes:
        by: Who wants it out; that person cannot approve it.
        answer_by: When it is escalated; None while it is a draft.
        escalated: Everybody on duty has been told that it waits.
    """

    number: int
    phase: Phase
    areas: tuple[str, ...]
    threat: Threat
    texts: dict[str, str]
    expires: Instant | None
    template: int | None
    by: str
    answer_by: Instant | None = None
    escalated: bool = False


class Alert(msgspec.Struct, frozen=True):
    """
    One alert as its events leave it.

    Attributes:
        phase: What residents are told; `unknown` while nothing has gone out.
        raised_by: Who wanted out what has gone out.
        confirm_by: When a second person should have confirmed it; None where two have agreed from the start.
        overdue: Everybody on duty has been told that nobody confirmed it.
        reminded: The last reminder of its end: so many minutes before.
        proposals: How many there have been.
    """

    alert: str = ""
    stage: Stage = Stage.NEW
    phase: Phase = Phase.UNKNOWN
    revision: int = 0
    areas: tuple[str, ...] = ()
    threat: Threat = Threat.OTHER
    texts: dict[str, str] = {}
    template: int | None = None
    expires: Instant | None = None
    raised_by: str = ""
    confirmed_by: str = ""
    confirm_by: Instant | None = None
    overdue: bool = False
    reminded: int | None = None
    proposal: Proposal | None = None
    proposals: int = 0

    @property
    def unconfirmed(self) -> bool:
        """One person alone wanted it out, and a second has not agreed."""
        return self.confirm_by is not None and not self.confirmed_by


class Notice(msgspec.Struct, frozen=True):
    """
    One message of an alert as it went out. The alert is the chain of its notices (CAP 1.2, references).

    Attributes:
        sent: When it was recorded.
        since: When the alert was first raised.
        position: Of its event in the journal.
        earlier: Revision and time of every notice before this one, oldest first.
    """

    alert: str
    revision: int
    position: int
    sent: Instant
    since: Instant
    phase: Phase
    areas: tuple[str, ...]
    threat: Threat
    texts: dict[str, str]
    expires: Instant
    earlier: tuple[tuple[int, Instant], ...] = ()


def evolve(alert: Alert, event: AlertEvent) -> Alert:  # noqa: C901 - one case a kind of event
    changed = msgspec.structs.replace
    match event:
        case AlertDrafted():
            return changed(_proposed(alert, event), stage=Stage.DRAFT)
        case AlertSubmitted():
            before = alert.stage in (Stage.NEW, Stage.DRAFT, Stage.PENDING)
            return changed(_proposed(alert, event), stage=Stage.PENDING if before else alert.stage)
        case AlertRejected():
            before = alert.stage in (Stage.DRAFT, Stage.PENDING)
            return changed(alert, proposal=None, stage=Stage.REJECTED if before else alert.stage)
        case AlertRaised():
            return changed(_standing(alert, event), stage=Stage.ISSUED)
        case AlertUpdated():
            return changed(_standing(alert, event), stage=Stage.UPDATED)
        case AlertConfirmed(by=by, revision=revision):
            return changed(alert, confirmed_by=by, revision=revision)
        case AlertReminded(minutes=minutes):
            return changed(alert, reminded=minutes)
        case AlertEscalated(waiting=waiting):
            if waiting is Waiting.CONFIRMATION or alert.proposal is None:
                return changed(alert, overdue=True)
            return changed(alert, proposal=changed(alert.proposal, escalated=True))
        case _:
            return _ended(alert, event)


def _ended(alert: Alert, event: AlertCleared | AlertCancelled | AlertExpired) -> Alert:
    changed = msgspec.structs.replace
    match event:
        case AlertExpired(revision=revision):
            return changed(alert, stage=Stage.EXPIRED, phase=Phase.EXPIRED, revision=revision)
        case AlertCleared():
            stage, phase = Stage.ALL_CLEAR, Phase.ALL_CLEAR
        case AlertCancelled():
            stage, phase = Stage.CANCELLED, Phase.CORRECTION
    return changed(
        alert,
        stage=stage,
        phase=phase,
        texts=event.texts,
        template=event.template,
        revision=event.revision,
        proposal=None,
    )


def _proposed(alert: Alert, event: AlertDrafted | AlertSubmitted) -> Alert:
    proposal = Proposal(
        number=event.proposal,
        phase=event.phase,
        areas=event.areas,
        threat=event.threat,
        texts=event.texts,
        expires=event.expires,
        template=event.template,
        by=event.by,
        answer_by=event.answer_by if isinstance(event, AlertSubmitted) else None,
    )
    return msgspec.structs.replace(alert, alert=event.alert, proposal=proposal, proposals=event.proposal)


def _standing(alert: Alert, event: AlertRaised | AlertUpdated) -> Alert:
    # An update that went out at once, such as an extension, leaves what waits for approval waiting.
    done = alert.proposal is None or isinstance(event, AlertRaised) or event.proposal == alert.proposal.number
    return msgspec.structs.replace(
        alert,
        alert=event.alert,
        phase=event.phase,
        revision=event.revision,
        areas=event.areas,
        threat=event.threat,
        texts=event.texts,
        template=event.template,
        expires=event.expires,
        # Journals from before updates named who wanted them.
        raised_by=event.by or alert.raised_by,
        confirmed_by=event.confirmed_by,
        confirm_by=event.confirm_by,
        overdue=alert.overdue and event.confirm_by == alert.confirm_by,
        reminded=alert.reminded if event.expires == alert.expires else None,
        proposal=None if done else alert.proposal,
    )
