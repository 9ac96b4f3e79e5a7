"""The duty officers' desk: every alert that is not over, what waits for a second person, and until when it stands."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import msgspec

from tocsin.domain.warning import EVENTS, NEWS, OUT, Alert, AlertDrafted, AlertSubmitted, Proposal, Stage, evolve
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.view import Handler, View

OVER = frozenset({Stage.ALL_CLEAR, Stage.CANCELLED, Stage.REJECTED})


class OpenAlert(msgspec.Struct, frozen=True):
    """
    One alert that is not over.

    Attributes:
        raised_at: When it first went out; None while it never has.
        said_at: When something of it last went out.
        asked_at: When a second person was last asked to confirm it.
        proposed_at: When what waits was written or submitted.
        position: Of its last event.
    """

    alert: Alert
    raised_at: Instant | None = None
    said_at: Instant | None = None
    asked_at: Instant | None = None
    proposed_at: Instant | None = None
    position: int = 0

    def overdue(self, now: datetime) -> bool:
        """A second person is late, and nobody has been told so yet."""
        proposal, alert = self.alert.proposal, self.alert
        unapproved = proposal is not None and not proposal.escalated and _past(proposal.answer_by, now)
        unconfirmed = alert.stage in OUT and alert.unconfirmed and not alert.overdue and _past(alert.confirm_by, now)
        return unapproved or unconfirmed


def _past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


class DeskState(msgspec.Struct):
    """Alerts that are not over, in the order in which they were first heard of."""

    alerts: dict[str, OpenAlert] = {}


class DeskLine(msgspec.Struct, frozen=True):
    """
    One alert as the desk shows it. Every age is by the server's clock, so that none depends on the reader's.

    Attributes:
        expires_in: Seconds until it expires.
        unconfirmed_for: Seconds since it went out on one person's word; None where a second has agreed.
        overdue: Everybody on duty has been told that nobody confirmed it.
        waits_for: Seconds since what waits was written.
        proposal: What waits: a draft, or what a second person was asked to approve.
    """

    alert: str
    stage: Stage
    revision: int
    areas: tuple[str, ...]
    threat: str
    texts: dict[str, str]
    template: int | None
    raised_by: str
    raised_at: Instant | None
    confirmed_by: str
    expires: Instant | None
    expires_in: float | None
    unconfirmed_for: float | None
    overdue: bool
    waits_for: float | None
    proposal: Proposal | None


class Desk(View[DeskState]):
    name: ClassVar[str] = "desk"

    def __init__(self) -> None:
        super().__init__(DeskState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return dict.fromkeys(EVENTS, self._happened)

    def _happened(self, recorded: Recorded) -> None:
        name = recorded.event.alert
        before = self.state.alerts.get(name) or OpenAlert(Alert())
        alert = evolve(before.alert, recorded.event)
        if alert.stage in OVER:
            self.state.alerts.pop(name, None)
            return
        news = isinstance(recorded.event, NEWS)
        asked = alert.confirm_by is not None and alert.confirm_by != before.alert.confirm_by
        proposed = isinstance(recorded.event, AlertDrafted | AlertSubmitted)
        self.state.alerts[name] = OpenAlert(
            alert,
            raised_at=before.raised_at or (recorded.time if news else None),
            said_at=recorded.time if news else before.said_at,
            asked_at=recorded.time if asked else before.asked_at,
            proposed_at=recorded.time if proposed else before.proposed_at,
            position=recorded.position,
        )

    def open(self) -> list[OpenAlert]:
        return list(self.state.alerts.values())

    def lines(self, now: datetime) -> list[DeskLine]:
        return [_line(each, now) for each in self.open()]


def _line(each: OpenAlert, now: datetime) -> DeskLine:
    alert, proposal = each.alert, each.alert.proposal
    unconfirmed = alert.unconfirmed and alert.stage in OUT
    return DeskLine(
        alert=alert.alert,
        stage=alert.stage,
        revision=alert.revision,
        areas=alert.areas,
        threat=alert.threat if alert.revision else "",
        texts=alert.texts,
        template=alert.template,
        raised_by=alert.raised_by,
        raised_at=each.raised_at,
        confirmed_by=alert.confirmed_by,
        expires=alert.expires,
        expires_in=None if alert.expires is None else (alert.expires - now).total_seconds(),
        unconfirmed_for=_age(each.asked_at, now) if unconfirmed else None,
        overdue=alert.overdue,
        waits_for=None if proposal is None else _age(each.proposed_at, now),
        proposal=proposal,
    )


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else (now - since).total_seconds()
