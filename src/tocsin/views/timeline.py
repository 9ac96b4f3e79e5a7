"""The timeline: what happened lately, one line each, in words for whoever may read it."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import msgspec

from tocsin.domain.record.attacks import AttackEnded, AttackOpened, Weapons, WeaponsCounted
from tocsin.domain.record.statements import StatementRecorded
from tocsin.domain.response.worksites import Kind, WorksiteClosed, WorksiteOpened, WorksiteReopened
from tocsin.domain.shelter import ShelterClosed, ShelterOpened
from tocsin.domain.siren import (
    Local,
    Outcome,
    SirenAlarmEnded,
    SirenAlarmRaised,
    SirenOperatedLocally,
    SirenTestEnded,
    SirenTestStarted,
)
from tocsin.domain.warning import (
    TITLES,
    WORDS,
    AlertCancelled,
    AlertCleared,
    AlertConfirmed,
    AlertDrafted,
    AlertEscalated,
    AlertExpired,
    AlertRaised,
    AlertRejected,
    AlertReminded,
    AlertSubmitted,
    AlertUpdated,
    Phase,
    Waiting,
)
from tocsin.kernel.event import Event, Instant, Recorded, kind_of
from tocsin.views.view import Handler, View

KEPT = 500
"""How many lines are kept. What is older is in the journal."""

Words = dict[str, str]


class Line(msgspec.Struct, frozen=True):
    """
    One event.

    Attributes:
        role: Of whoever caused it, without their name.
        stream: Of the thing it happened to, such as `alert/a-17`.
        areas: Codes of the areas it concerns, for the page to name.
        text: One sentence, by language.
        duty: For officers alone, in the exercise realm too: it tells of what has not gone out.
    """

    position: int
    time: Instant
    kind: str
    role: str
    stream: str
    areas: tuple[str, ...]
    text: Words
    duty: bool = False


class TimelineState(msgspec.Struct):
    """Oldest line first."""

    lines: list[Line] = []


class Timeline(View[TimelineState]):
    name: ClassVar[str] = "timeline"
    version: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__(TimelineState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return dict.fromkeys(SENTENCES, self._happened)

    def _happened(self, recorded: Recorded) -> None:
        event: Event = recorded.event
        self.state.lines.append(
            Line(
                position=recorded.position,
                time=recorded.time,
                kind=kind_of(event),
                role=recorded.actor.role,
                stream=recorded.stream,
                areas=tuple(getattr(event, "areas", ())),
                text=SENTENCES[type(event)](event),
                duty=_is_duty(event),
            )
        )
        del self.state.lines[:-KEPT]

    def recent(self, limit: int = KEPT, *, duty: bool = False) -> list[Line]:
        """
        The last lines, newest first.

        Args:
            duty: With those for officers alone.
        """
        lines = self.state.lines if duty else [line for line in self.state.lines if not line.duty]
        return lines[: -limit - 1 : -1]


def _alert(event: AlertRaised | AlertUpdated) -> Words:
    return {lang: f"{title}. {_in(lang, event.texts)}" for lang, title in TITLES[event.phase].items()}


def _alert_over(event: AlertCleared | AlertCancelled) -> Words:
    return {lang: _in(lang, event.texts) for lang in ("uk", "en")}


def _is_duty(event: Event) -> bool:
    """Whether it tells of what has not gone out. That is for officers alone even where an exercise hides nothing."""
    unapproved = isinstance(event, AlertEscalated) and event.waiting is Waiting.APPROVAL
    return unapproved or isinstance(event, AlertDrafted | AlertSubmitted | AlertRejected)


ASKED: dict[Waiting, Words] = {
    Waiting.APPROVAL: {
        "uk": "Ніхто не погодив тривогу {alert} вчасно: вона ще не оголошена.",
        "en": "Nobody approved alert {alert} in time: it has not gone out.",
    },
    Waiting.CONFIRMATION: {
        "uk": "Ніхто не підтвердив тривогу {alert} вчасно: вона звучить за рішенням однієї особи.",
        "en": "Nobody confirmed alert {alert} in time: it sounds on the word of one person.",
    },
}


def _escalated(event: AlertEscalated) -> Words:
    return {lang: words.format(alert=event.alert) for lang, words in ASKED[event.waiting].items()}


def _submitted(event: AlertSubmitted) -> Words:
    threat = WORDS[event.threat]
    return {
        "uk": f"Тривога {event.alert} чекає на погодження другою особою: {threat['uk']}. Автор: {event.by}.",
        "en": f"Alert {event.alert} waits for a second person's approval: {threat['en']}. By {event.by}.",
    }


def _in(lang: str, texts: Mapping[str, str]) -> str:
    """The text in a language; in any other rather than none."""
    return texts.get(lang) or next(iter(texts.values()), "")


SITES: dict[Kind, Words] = {
    Kind.COLLAPSE: {"uk": "обвал будівлі", "en": "collapsed building"},
    Kind.FIRE: {"uk": "пожежа", "en": "fire"},
    Kind.DEBRIS: {"uk": "уламки", "en": "debris"},
    Kind.DAMAGE: {"uk": "пошкодження", "en": "damage"},
}


def _worksite(event: WorksiteOpened) -> Words:
    site = SITES[event.type]
    return {
        "uk": f"Рятувальники почали роботи на об'єкті {event.worksite}: {site['uk']}.",
        "en": f"Rescue work begins at site {event.worksite}: {site['en']}.",
    }


def _weapons(event: WeaponsCounted) -> Words:
    def said(label: str, of: Callable[[Weapons], int | None]) -> str:
        numbers = [number for row in event.weapons if (number := of(row)) is not None]
        # Not said is not none: what no row speaks of is left out.
        return f", {label} {sum(numbers)}" if numbers else ""

    def sentence(launched: str, intercepted: str, lost: str) -> str:
        counts = (
            said(launched, lambda row: row.launched)
            + said(intercepted, lambda row: row.intercepted)
            + said(lost, lambda row: row.lost)
        )
        return f"{event.source.publisher} ({event.scope}){counts}."

    return {
        "uk": sentence("запущено", "збито", "не досягли цілей"),
        "en": sentence("launched", "intercepted", "lost"),
    }


def _pressed(event: SirenOperatedLocally) -> Words:
    def sentence(alarm: str, clear: str) -> str:
        words = {Local.ALARM: alarm, Local.CLEAR: clear}
        return " ".join(f"{words[press.local]}: {press.siren}, {press.at:%H:%M} UTC." for press in event.presses)

    return {
        "uk": sentence("На сирені натиснуто «тривога»", "На сирені натиснуто «відбій»"),
        "en": sentence("Alarm pressed at siren", "Clear pressed at siren"),
    }


def _test_over(event: SirenTestEnded) -> Words:
    if event.outcome is Outcome.INTERRUPTED:
        return {
            "uk": f"Беззвучну перевірку сирен перервано: {event.interrupted_by}.",
            "en": f"The silent test of the sirens was interrupted: {event.interrupted_by}.",
        }
    return {"uk": "Беззвучну перевірку сирен завершено.", "en": "The silent test of the sirens is over."}


def _statement(event: StatementRecorded) -> Words:
    who = ", ".join(part for part in (event.person, event.role, event.org) if part)
    words = {event.lang: event.original} | event.translation
    return {"uk": f"{who}: «{_in('uk', words)}»", "en": f"{who}: “{_in('en', words)}”"}


# What may be read, and how it is said; in the live realm by who has a part in the response. Not in it, on purpose:
# patients, teams, hospitals, observations, impacts, hits and what a worksite found. They tell an attacker where to aim
# again, or a family what nobody has told them yet; the bulletins say it once it has been approved.
SENTENCES: dict[type[Event], Callable[[Any], Words]] = {
    AlertRaised: _alert,
    AlertUpdated: _alert,
    AlertCleared: _alert_over,
    AlertCancelled: _alert_over,
    AlertExpired: lambda _event: dict(TITLES[Phase.EXPIRED]),
    AlertConfirmed: lambda event: {
        "uk": f"Тривогу {event.alert} підтвердила друга особа.",
        "en": f"Alert {event.alert} was confirmed by a second person.",
    },
    AlertReminded: lambda event: {
        "uk": f"Тривога {event.alert} діє ще не більш як {event.minutes} хв. Подовжте її або оголосіть відбій.",
        "en": f"Alert {event.alert} expires within {event.minutes} min. Extend it or give the all-clear.",
    },
    AlertEscalated: _escalated,
    AlertSubmitted: _submitted,
    AlertDrafted: lambda event: {
        "uk": f"Тривогу {event.alert} записано як чернетку.",
        "en": f"Alert {event.alert} was written as a draft.",
    },
    AlertRejected: lambda event: {
        "uk": f"Тривогу {event.alert} відхилено: {event.reason}",
        "en": f"Alert {event.alert} was rejected: {event.reason}",
    },
    SirenAlarmRaised: lambda event: {
        "uk": f"Сирени звучать без наказу: {', '.join(event.sirens)}. Перевірте негайно.",
        "en": f"Sirens sound although nobody told them to: {', '.join(event.sirens)}. Look at once.",
    },
    SirenAlarmEnded: lambda event: {
        "uk": f"Сирени більше не звучать без наказу: {', '.join(event.sirens)}.",
        "en": f"Sirens no longer sound untold: {', '.join(event.sirens)}.",
    },
    SirenOperatedLocally: _pressed,
    SirenTestStarted: lambda _event: {
        "uk": "Розпочато беззвучну перевірку сирен.",
        "en": "A silent test of the sirens has begun.",
    },
    SirenTestEnded: _test_over,
    ShelterOpened: lambda event: {
        "uk": f"Укриття {event.shelter} відчинено.",
        "en": f"Shelter {event.shelter} is open.",
    },
    ShelterClosed: lambda event: {
        "uk": f"Укриття {event.shelter} зачинено: {event.reason}",
        "en": f"Shelter {event.shelter} is closed: {event.reason}",
    },
    WorksiteOpened: _worksite,
    WorksiteClosed: lambda event: {
        "uk": f"Роботи на об'єкті {event.worksite} завершено.",
        "en": f"Work at site {event.worksite} is finished.",
    },
    WorksiteReopened: lambda event: {
        "uk": f"Роботи на об'єкті {event.worksite} поновлено.",
        "en": f"Work at site {event.worksite} is resumed.",
    },
    AttackOpened: lambda event: {
        "uk": f"Відкрито запис про атаку: {_in('uk', event.names)}.",
        "en": f"Record opened: {_in('en', event.names)}.",
    },
    AttackEnded: lambda event: {
        "uk": f"Атака {event.attack} завершилася.",
        "en": f"The attack {event.attack} is over.",
    },
    WeaponsCounted: _weapons,
    StatementRecorded: _statement,
}
