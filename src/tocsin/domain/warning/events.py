"""What can have happened to an alert. `NEWS` goes out to everybody; the rest is between officers."""

from tocsin.domain.warning.terms import Phase, Threat, Waiting
from tocsin.kernel.event import Event, Instant


class _Stands(Event, frozen=True, kw_only=True):
    """
    The whole alert as it stands now, so that a reader needs nothing before it.

    Attributes:
        by: Who wanted it out.
        confirmed_by: The second person, where one has agreed already.
        confirm_by: When a second person should have confirmed it.
        template: Version of the prepared words it uses: 0 for the built-in ones, null for none.
        proposal: The number of what a second person approved, if this is that.
    """

    alert: str
    revision: int
    phase: Phase
    areas: tuple[str, ...]
    threat: Threat
    texts: dict[str, str]
    expires: Instant
    by: str = ""
    confirmed_by: str = ""
    confirm_by: Instant | None = None
    template: int | None = None
    proposal: int | None = None


class AlertRaised(_Stands, frozen=True, kw_only=True, tag="alert.raised"):
    """People in some areas are warned."""


class AlertUpdated(_Stands, frozen=True, kw_only=True, tag="alert.updated"):
    """The alert as it stands now, whole."""


class AlertConfirmed(Event, frozen=True, kw_only=True, tag="alert.confirmed"):
    alert: str
    revision: int
    by: str


class AlertCleared(Event, frozen=True, kw_only=True, tag="alert.cleared"):
    alert: str
    revision: int
    areas: tuple[str, ...]
    texts: dict[str, str]
    template: int | None = None


class AlertCancelled(Event, frozen=True, kw_only=True, tag="alert.cancelled"):
    alert: str
    revision: int
    areas: tuple[str, ...]
    reason: str
    texts: dict[str, str]
    template: int | None = None


class AlertExpired(Event, frozen=True, kw_only=True, tag="alert.expired"):
    """Recorded so that an alert never just vanishes."""

    alert: str
    revision: int
    areas: tuple[str, ...]


class _Proposed(Event, frozen=True, kw_only=True):
    """
    What somebody would have go out, whole.

    Attributes:
        proposal: Its number among those of this alert.
        expires: Null: twelve hours from when it goes out; of a change: as the alert stands.
        template: Version of the prepared words it uses: 0 for the built-in ones, null for none.
    """

    alert: str
    proposal: int
    phase: Phase
    areas: tuple[str, ...]
    threat: Threat
    texts: dict[str, str]
    expires: Instant | None
    template: int | None
    by: str


class AlertDrafted(_Proposed, frozen=True, kw_only=True, tag="alert.drafted"):
    """An alert was written, or written anew. Nothing goes out."""


class AlertSubmitted(_Proposed, frozen=True, kw_only=True, tag="alert.submitted"):
    """
    A second person is asked. Nothing goes out before they approve.

    Attributes:
        answer_by: When it is escalated.
    """

    answer_by: Instant


class AlertRejected(Event, frozen=True, kw_only=True, tag="alert.rejected"):
    """What waited does not go out."""

    alert: str
    proposal: int
    reason: str
    by: str


class AlertReminded(Event, frozen=True, kw_only=True, tag="alert.reminded"):
    """The officers are told that an alert expires in so many minutes, unless somebody extends or clears it."""

    alert: str
    revision: int
    areas: tuple[str, ...]
    expires: Instant
    minutes: int


class AlertEscalated(Event, frozen=True, kw_only=True, tag="alert.escalated"):
    """
    Everybody on duty is told that a second person has not answered.

    Attributes:
        by: Who wanted the alert out, and so cannot be the one to answer.
    """

    alert: str
    waiting: Waiting
    areas: tuple[str, ...]
    threat: Threat
    by: str
    due: Instant


NEWS = (AlertRaised, AlertUpdated, AlertCleared, AlertCancelled, AlertExpired)
"""What goes out. Channels, feeds, the board and the public stream know of nothing else."""
DUTY = (AlertDrafted, AlertSubmitted, AlertRejected, AlertConfirmed, AlertReminded, AlertEscalated)
"""What is between the officers."""
EVENTS = NEWS + DUTY

AlertNews = AlertRaised | AlertUpdated | AlertCleared | AlertCancelled | AlertExpired
AlertEvent = AlertNews | AlertDrafted | AlertSubmitted | AlertRejected | AlertConfirmed | AlertReminded | AlertEscalated
