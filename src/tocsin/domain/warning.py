"""Alerts: who may raise, extend and end one, in what order, and what it says."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event, Instant

Texts = dict[Annotated[str, Meta(pattern="^[a-z]{2}$")], Annotated[str, Meta(min_length=1, max_length=2000)]]
Areas = Annotated[tuple[str, ...], Meta(min_length=1)]

STANDING = timedelta(hours=12)
"""How long an alert stands when nobody said until when. Long, since it must never lapse while danger lasts."""


class Phase(StrEnum):
    """What is true of an alert. Carried in every payload, never inferred from text."""

    PRE_ALERT = "pre_alert"
    ALERT = "alert"
    ALL_CLEAR = "all_clear"
    CORRECTION = "correction"
    """It was a false alarm. This is 'disregard', which is not 'the danger is over'."""
    EXPIRED = "expired"
    """Its time ran out and nobody cleared it. Not safe: not known."""
    UNKNOWN = "unknown"


class Threat(StrEnum):
    MISSILE = "missile"
    BALLISTIC = "ballistic"
    DRONE = "drone"
    COMBINED = "combined"
    ARTILLERY = "artillery"
    CHEMICAL = "chemical"
    OTHER = "other"


class RaiseAlert(Command, frozen=True, kw_only=True, tag="alert.raise"):
    """Warn people in some areas. Without `texts` the prepared words for the threat go out."""

    alert: str = ""
    areas: Areas
    threat: Threat
    phase: Phase = Phase.ALERT
    texts: Texts = {}
    expires: Instant | None = None


class UpdateAlert(Command, frozen=True, kw_only=True, tag="alert.update"):
    """Change where, what or until when. What is left out stays."""

    alert: str
    areas: Areas | None = None
    threat: Threat | None = None
    phase: Phase | None = None
    texts: Texts | None = None
    expires: Instant | None = None


class ConfirmAlert(Command, frozen=True, kw_only=True, tag="alert.confirm"):
    """A second person agrees with the alert."""

    alert: str


class ClearAlert(Command, frozen=True, kw_only=True, tag="alert.clear"):
    """The danger of this alert is over."""

    alert: str
    texts: Texts = {}


class CancelAlert(Command, frozen=True, kw_only=True, tag="alert.cancel"):
    """The alert was a mistake: disregard it."""

    alert: str
    reason: Annotated[str, Meta(min_length=1)]
    texts: Texts = {}


class ExpireAlert(Command, frozen=True, kw_only=True, tag="alert.expire"):
    """Record that the alert's time ran out with nobody having cleared it."""

    alert: str


class _Stands(Event, frozen=True, kw_only=True):
    """The whole alert as it stands now, so that a reader needs nothing before it."""

    alert: str
    revision: int
    phase: Phase
    areas: tuple[str, ...]
    threat: Threat
    texts: dict[str, str]
    expires: Instant


class AlertRaised(_Stands, frozen=True, kw_only=True, tag="alert.raised"):
    """People in some areas are warned."""

    by: str


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


class AlertCancelled(Event, frozen=True, kw_only=True, tag="alert.cancelled"):
    alert: str
    revision: int
    areas: tuple[str, ...]
    reason: str
    texts: dict[str, str]


class AlertExpired(Event, frozen=True, kw_only=True, tag="alert.expired"):
    """Recorded so that an alert never just vanishes."""

    alert: str
    revision: int
    areas: tuple[str, ...]


class Alert(msgspec.Struct, frozen=True):
    """One alert as its events leave it."""

    alert: str = ""
    phase: Phase = Phase.UNKNOWN
    revision: int = 0
    areas: tuple[str, ...] = ()
    threat: Threat = Threat.OTHER
    texts: dict[str, str] = {}
    expires: datetime | None = None
    raised_by: str = ""
    confirmed_by: str = ""


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


STANDS = frozenset({Phase.PRE_ALERT, Phase.ALERT})
ENDS: frozenset[type[Command]] = frozenset({ClearAlert, CancelAlert, ExpireAlert})

# Read as: in this phase, these commands are allowed.
ALLOWED: dict[Phase, frozenset[type[Command]]] = {
    Phase.UNKNOWN: frozenset({RaiseAlert}),
    Phase.PRE_ALERT: ENDS | {UpdateAlert, ConfirmAlert},
    Phase.ALERT: ENDS | {UpdateAlert, ConfirmAlert},
    # An expired alert may be taken up again or properly ended; it must not stay unclear for ever.
    Phase.EXPIRED: frozenset({UpdateAlert, ClearAlert, CancelAlert}),
    Phase.ALL_CLEAR: frozenset(),
    Phase.CORRECTION: frozenset(),
}

# The words that go out when the officer has no time to write any. Ukrainian first: it is the one people read.
WORDS: dict[Threat, dict[str, str]] = {
    Threat.MISSILE: {"uk": "Ракетна небезпека", "en": "Missile attack"},
    Threat.BALLISTIC: {"uk": "Загроза балістики", "en": "Ballistic missile attack"},
    Threat.DRONE: {"uk": "Загроза ударних дронів", "en": "Drone attack"},
    Threat.COMBINED: {"uk": "Комбінована атака ракетами і дронами", "en": "Combined missile and drone attack"},
    Threat.ARTILLERY: {"uk": "Загроза обстрілу", "en": "Shelling"},
    Threat.CHEMICAL: {"uk": "Хімічна небезпека", "en": "Chemical hazard"},
    Threat.OTHER: {"uk": "Повітряна тривога", "en": "Air raid alert"},
}
ADVICE: dict[Phase, dict[str, str]] = {
    Phase.PRE_ALERT: {"uk": "Будьте готові йти в укриття.", "en": "Be ready to go to shelter."},
    Phase.ALERT: {"uk": "Негайно прямуйте в укриття.", "en": "Go to shelter now."},
    Phase.ALL_CLEAR: {"uk": "Відбій тривоги.", "en": "All clear. The danger is over."},
    Phase.CORRECTION: {
        "uk": "Попереднє сповіщення помилкове. Не зважайте на нього.",
        "en": "The earlier alert was sent by mistake. Disregard it.",
    },
    Phase.EXPIRED: {
        "uk": "Строк дії тривоги минув, відбою не було. Чи безпечно, невідомо: залишайтеся в укритті.",
        "en": "The alert has expired and was not cleared. Whether it is safe is not known: stay in shelter.",
    },
}
# The phase in a word or two, the same on every channel.
TITLES: dict[Phase, dict[str, str]] = {
    Phase.PRE_ALERT: {"uk": "Попередження", "en": "Early warning"},
    Phase.ALERT: {"uk": "Тривога", "en": "Alert"},
    Phase.ALL_CLEAR: {"uk": "Відбій тривоги", "en": "All clear"},
    Phase.CORRECTION: {"uk": "Хибна тривога", "en": "False alarm"},
    Phase.EXPIRED: {"uk": "Строк минув, відбою не було: стан невідомий", "en": "Expired, not cleared: status unknown"},
}
# Stands first in every text of the exercise realm, in whatever language it is.
EXERCISE = {"uk": "НАВЧАННЯ", "en": "EXERCISE"}


def prepared(threat: Threat, phase: Phase) -> dict[str, str]:
    """The prepared text of a phase in every language we have: what it is, then what to do."""
    advice = ADVICE[phase]
    if phase in STANDS:
        return {lang: f"{words}. {advice[lang]}" for lang, words in WORDS[threat].items()}
    return dict(advice)


def decide(alert: Alert, command: Command, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If the alert or an area does not exist.
        Refused: If the alert's phase does not allow it, or the same person would confirm their own alert.
        Invalid: If a field makes no sense, such as an end in the past.
    """
    if alert.phase is Phase.UNKNOWN and not isinstance(command, RaiseAlert):
        raise Unknown(f"there is no alert {getattr(command, 'alert', '')!r}", "alert")
    if type(command) not in ALLOWED[alert.phase]:
        raise Refused(f"an alert in the phase {alert.phase} cannot be changed by {command.__struct_config__.tag}")
    match command:
        case RaiseAlert():
            return [_raise(command, context)]
        case UpdateAlert():
            return _update(alert, command, context)
        case ConfirmAlert():
            return [_confirm(alert, context)]
        case _:
            return [_end(alert, command, context)]


def _raise(command: RaiseAlert, context: Context) -> AlertRaised:
    context.city.require_areas(command.areas)
    expires = command.expires or context.now + STANDING
    _require_standing(command.phase, expires, context.now)
    return AlertRaised(
        alert=command.alert,
        revision=1,
        phase=command.phase,
        areas=_unique(command.areas),
        threat=command.threat,
        texts=prepared(command.threat, command.phase) | command.texts,
        expires=expires,
        by=context.actor.id,
    )


def _update(alert: Alert, command: UpdateAlert, context: Context) -> list[Event]:
    if command.areas is not None:
        context.city.require_areas(command.areas)
    phase = command.phase or (alert.phase if alert.phase in STANDS else Phase.ALERT)
    threat = command.threat or alert.threat
    expires = command.expires or alert.expires or context.now + STANDING
    _require_standing(phase, expires, context.now)
    said_anew = phase is not alert.phase or threat is not alert.threat
    texts = (prepared(threat, phase) if said_anew else alert.texts) | (command.texts or {})
    areas = alert.areas if command.areas is None else _unique(command.areas)
    if (phase, threat, expires, texts, areas) == (alert.phase, alert.threat, alert.expires, alert.texts, alert.areas):
        return []
    return [
        AlertUpdated(
            alert=alert.alert,
            revision=alert.revision + 1,
            phase=phase,
            areas=areas,
            threat=threat,
            texts=texts,
            expires=expires,
        )
    ]


def _require_standing(phase: Phase, expires: datetime, now: datetime) -> None:
    if phase not in STANDS:
        raise Invalid(f"an alert is raised as pre_alert or alert, not {phase}", "phase")
    if expires <= now:
        raise Invalid("an alert must end in the future", "expires")


def _confirm(alert: Alert, context: Context) -> AlertConfirmed:
    if alert.confirmed_by:
        raise Refused(f"{alert.confirmed_by} has confirmed this alert already")
    if context.actor.id == alert.raised_by:
        # Hawaii 2018: one person alone could send.
        raise Refused("an alert is confirmed by a second person, not by the one who raised it")
    return AlertConfirmed(alert=alert.alert, revision=alert.revision + 1, by=context.actor.id)


def _end(alert: Alert, command: Command, context: Context) -> Event:
    name, revision, areas = alert.alert, alert.revision + 1, alert.areas
    match command:
        case ClearAlert(texts=texts):
            words = prepared(alert.threat, Phase.ALL_CLEAR) | texts
            return AlertCleared(alert=name, revision=revision, areas=areas, texts=words)
        case CancelAlert(texts=texts, reason=reason):
            words = prepared(alert.threat, Phase.CORRECTION) | texts
            return AlertCancelled(alert=name, revision=revision, areas=areas, reason=reason, texts=words)
        case _:
            if alert.expires is not None and context.now < alert.expires:
                raise Refused(f"the alert stands until {alert.expires.isoformat()}")
            return AlertExpired(alert=name, revision=revision, areas=areas)


def _unique(areas: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(areas))


EVENTS = (AlertRaised, AlertUpdated, AlertConfirmed, AlertCleared, AlertCancelled, AlertExpired)
AlertEvent = AlertRaised | AlertUpdated | AlertConfirmed | AlertCleared | AlertCancelled | AlertExpired


def evolve(alert: Alert, event: AlertEvent) -> Alert:
    changed = msgspec.structs.replace
    match event:
        case AlertRaised(by=by):
            return _standing(changed(alert, raised_by=by), event)
        case AlertUpdated():
            return _standing(alert, event)
        case AlertConfirmed(by=by, revision=revision):
            return changed(alert, confirmed_by=by, revision=revision)
        case AlertCleared(texts=texts, revision=revision):
            return changed(alert, phase=Phase.ALL_CLEAR, texts=texts, revision=revision)
        case AlertCancelled(texts=texts, revision=revision):
            return changed(alert, phase=Phase.CORRECTION, texts=texts, revision=revision)
        case AlertExpired(revision=revision):
            return changed(alert, phase=Phase.EXPIRED, revision=revision)


def _standing(alert: Alert, event: AlertRaised | AlertUpdated) -> Alert:
    return msgspec.structs.replace(
        alert,
        alert=event.alert,
        phase=event.phase,
        revision=event.revision,
        areas=event.areas,
        threat=event.threat,
        texts=event.texts,
        expires=event.expires,
    )


ALERT = Subject(
    name="alert",
    id_field="alert",
    commands=(RaiseAlert, UpdateAlert, ConfirmAlert, ClearAlert, CancelAlert, ExpireAlert),
    events=EVENTS,
    blank=Alert(),
    decide=decide,
    evolve=evolve,
)
