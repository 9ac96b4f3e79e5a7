"""Sirens: what they should be doing, and what they say they do. One stream of reports for each day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Unknown
from tocsin.kernel.event import Command, Event, Instant

BATCH = 500
"""How many sirens one report speaks of at most. Thousands of acknowledgements are a few appends, not thousands."""
LATE = timedelta(minutes=5)
"""How long after midnight a report of the day before is still taken."""

Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="A day in UTC")]
Percent = Annotated[int, Meta(ge=0, le=100)]


class Mode(StrEnum):
    """What a siren should be doing."""

    ALERT = "alert"
    """Sound, once for each alert, until its own maximum sounding time."""
    ALL_CLEAR = "all_clear"
    """Be silent: the danger is over."""
    TEST_SILENT = "test_silent"
    """Test the amplifier without a sound."""
    OFF = "off"
    """Be silent. Nothing is said about danger."""


class Result(StrEnum):
    """What a siren answered."""

    SOUNDING = "sounding"
    CLEARED = "cleared"
    SILENT = "silent"
    """It took the state and makes no sound: none was wanted, or its sounding time is over."""
    REFUSED_SIGNATURE = "refused_signature"
    REFUSED_EXPIRED = "refused_expired"
    REFUSED_OLDER = "refused_older"
    REFUSED_REPLAY = "refused_replay"
    FAULTY = "faulty"
    """It took the state and cannot sound."""


REFUSALS = frozenset({Result.REFUSED_SIGNATURE, Result.REFUSED_EXPIRED, Result.REFUSED_OLDER, Result.REFUSED_REPLAY})


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    A siren's answer to a wanted state.

    Attributes:
        revision: Of the wanted state: the journal position of the event that made it.
        received_at: By the siren's clock.
        sounding_at: When it began to sound for this alert; None if it did not.
    """

    siren: str
    alert: str
    revision: int
    result: Result
    received_at: Instant
    sounding_at: Instant | None = None


class Condition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    How a siren is.

    Attributes:
        online: False once its link is dead. What it does then is not known.
        sounding: None if it is not known.
        unwanted: It sounds although nobody told it to (Jerusalem and Eilat 2022).
        mains: It has mains power; None if it does not say.
        battery: Its charge in per cent; None if it does not say.
        at: When it said so.
    """

    siren: str
    online: bool
    sounding: bool | None = None
    unwanted: bool = False
    mains: bool | None = None
    battery: Percent | None = None
    at: Instant


class ReportSirens(Command, frozen=True, kw_only=True, tag="siren.report"):
    """Keep what sirens said. What was kept before is left out, so saying it again is harmless."""

    day: Day
    acks: Annotated[tuple[Acknowledgement, ...], Meta(max_length=BATCH)] = ()
    conditions: Annotated[tuple[Condition, ...], Meta(max_length=BATCH)] = ()


class SirensAcknowledged(Event, frozen=True, kw_only=True, tag="siren.acknowledged"):
    """Sirens answered wanted states. Refusals are among them: a forged command is something to know of."""

    day: str
    acks: tuple[Acknowledgement, ...]


class SirenHealthChanged(Event, frozen=True, kw_only=True, tag="siren.health_changed"):
    """Sirens went on or off line, began or ceased to sound, or their power changed."""

    day: str
    conditions: tuple[Condition, ...]


Answer = tuple[str, str, int, Result]
"""Siren, alert, revision, result: what makes an acknowledgement the same as another."""


class Reports(msgspec.Struct, frozen=True):
    """What the sirens said in one day. As large as the fleet times its changes, whatever the broker repeats."""

    answers: frozenset[Answer] = frozenset()
    conditions: Mapping[str, Condition] = {}


def day_of(now: datetime) -> str:
    """The day that a report made now belongs to."""
    return f"{now.astimezone(UTC):%Y-%m-%d}"


def decide(reports: Reports, command: ReportSirens, context: Context) -> Sequence[Event]:
    """
    Raises:
        Invalid: If the day is not today, or yesterday just after midnight.
        Unknown: If a siren is not one of this city.
    """
    if command.day not in {day_of(context.now), day_of(context.now - LATE)}:
        raise Invalid(f"a report of today, {day_of(context.now)}, was expected, not of {command.day}", "day")
    _require_sirens(command.acks, context, "acks")
    _require_sirens(command.conditions, context, "conditions")
    new = {_answer(ack): ack for ack in command.acks if _answer(ack) not in reports.answers}
    changed = _changed(reports.conditions, command.conditions)
    events: list[Event] = []
    if new:
        events.append(SirensAcknowledged(day=command.day, acks=tuple(new.values())))
    if changed:
        events.append(SirenHealthChanged(day=command.day, conditions=changed))
    return events


def _require_sirens(said: Iterable[Acknowledgement | Condition], context: Context, field: str) -> None:
    for index, one in enumerate(said):
        if one.siren not in context.city.sirens:
            raise Unknown(f"no siren is called {one.siren!r}", f"{field}[{index}].siren")


def _answer(ack: Acknowledgement) -> Answer:
    return ack.siren, ack.alert, ack.revision, ack.result


def _changed(before: Mapping[str, Condition], said: Iterable[Condition]) -> tuple[Condition, ...]:
    last = {condition.siren: condition for condition in said}
    return tuple(now for siren, now in last.items() if siren not in before or _gist(now) != _gist(before[siren]))


def _gist(condition: Condition) -> Condition:
    """A condition without what changes all the time: the moment, and the charge within a tenth."""
    tenth = None if condition.battery is None else condition.battery // 10
    return msgspec.structs.replace(condition, at=_NO_MOMENT, battery=tenth)


_NO_MOMENT = datetime.min.replace(tzinfo=UTC)


def evolve(reports: Reports, event: SirensAcknowledged | SirenHealthChanged) -> Reports:
    match event:
        case SirensAcknowledged(acks=acks):
            return msgspec.structs.replace(reports, answers=reports.answers | {_answer(ack) for ack in acks})
        case SirenHealthChanged(conditions=said):
            conditions = {**reports.conditions, **{condition.siren: condition for condition in said}}
            return msgspec.structs.replace(reports, conditions=conditions)


SIRENS = Subject(
    name="sirens",
    id_field="day",
    commands=(ReportSirens,),
    events=(SirensAcknowledged, SirenHealthChanged),
    blank=Reports(),
    decide=decide,
    evolve=evolve,
)
