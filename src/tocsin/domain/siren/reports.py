"""Sirens: what they should be doing, and what they say they do. One stream of reports for each day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
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


class Local(StrEnum):
    """What was done at the siren itself, by its guarded button (docs/channels.md)."""

    ALARM = "alarm"
    CLEAR = "clear"


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
        amplifier: Its amplifier can drive the horn; None if it does not say.
        tamper: Its cabinet is open or was moved; None if it does not say.
        tested_at: When it last passed a silent test, by its own memory.
        local, local_at: What was last pressed at the siren itself, and when by its clock.
        at: When it said so.
    """

    siren: str
    online: bool
    sounding: bool | None = None
    unwanted: bool = False
    mains: bool | None = None
    battery: Percent | None = None
    amplifier: bool | None = None
    tamper: bool | None = None
    tested_at: Instant | None = None
    local: Local | None = None
    local_at: Instant | None = None
    at: Instant


class Press(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody pressed a button at a siren. `at` is by the siren's clock, and may be long before we hear of it."""

    siren: str
    local: Local
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


class SirenAlarmRaised(Event, frozen=True, kw_only=True, tag="siren.alarm_raised"):
    """These sirens sound although nobody told them to: somebody may have hold of them."""

    day: str
    sirens: tuple[str, ...]


class SirenAlarmEnded(Event, frozen=True, kw_only=True, tag="siren.alarm_ended"):
    """These sirens no longer sound unasked: they are silent, or an alert wants them to sound."""

    day: str
    sirens: tuple[str, ...]


class SirenOperatedLocally(Event, frozen=True, kw_only=True, tag="siren.operated_locally"):
    """Buttons were pressed at sirens. Told whenever their link is back, so the journal has it in the end."""

    day: str
    presses: tuple[Press, ...]


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
    events: list[Event] = []
    if new:
        events.append(SirensAcknowledged(day=command.day, acks=tuple(new.values())))
    # What a siren was at midnight it still is at one past, so the day before is asked where today has no word yet.
    before = {**context.others[_stream_before(command.day)].conditions, **reports.conditions}
    said = [_with_press(before.get(condition.siren), condition) for condition in command.conditions]
    if changed := _changed(reports.conditions, said):
        events.append(SirenHealthChanged(day=command.day, conditions=changed))
        events += _consequences(command.day, before, changed)
    return events


def _consequences(day: str, before: Mapping[str, Condition], changed: Sequence[Condition]) -> Iterable[Event]:
    """What changed conditions mean to whoever watches: alarms that begin and end, buttons that were pressed."""

    def was(siren: str) -> bool:
        return siren in before and before[siren].unwanted

    if raised := tuple(now.siren for now in changed if now.unwanted and not was(now.siren)):
        yield SirenAlarmRaised(day=day, sirens=raised)
    if ended := tuple(now.siren for now in changed if not now.unwanted and was(now.siren)):
        yield SirenAlarmEnded(day=day, sirens=ended)
    if presses := tuple(_presses(before, changed)):
        yield SirenOperatedLocally(day=day, presses=presses)


def _presses(before: Mapping[str, Condition], changed: Sequence[Condition]) -> Iterable[Press]:
    for now in changed:
        known = before[now.siren].local_at if now.siren in before else None
        # A siren says its last press whenever it connects, and a broker's Last Will says none at all.
        if now.local is not None and now.local_at is not None and (known is None or now.local_at > known):
            yield Press(siren=now.siren, local=now.local, at=now.local_at)


def _stream_before(day: str) -> str:
    return f"{NAME}/{date.fromisoformat(day) - timedelta(days=1)}"


def _require_sirens(said: Iterable[Acknowledgement | Condition], context: Context, field: str) -> None:
    for index, one in enumerate(said):
        if one.siren not in context.city.sirens:
            raise Unknown(f"no siren is called {one.siren!r}", f"{field}[{index}].siren")


def _answer(ack: Acknowledgement) -> Answer:
    return ack.siren, ack.alert, ack.revision, ack.result


def _changed(before: Mapping[str, Condition], said: Iterable[Condition]) -> tuple[Condition, ...]:
    last = {condition.siren: condition for condition in said}
    return tuple(now for siren, now in last.items() if siren not in before or _gist(now) != _gist(before[siren]))


def _with_press(before: Condition | None, now: Condition) -> Condition:
    """A condition with the press that was known, if it names none: a Last Will cannot know of it."""
    if before is None or now.local is not None:
        return now
    return msgspec.structs.replace(now, local=before.local, local_at=before.local_at)


def _gist(condition: Condition) -> Condition:
    """A condition without what changes all the time: the moment, and the charge within a tenth."""
    tenth = None if condition.battery is None else condition.battery // 10
    return msgspec.structs.replace(condition, at=_NO_MOMENT, battery=tenth)


_NO_MOMENT = datetime.min.replace(tzinfo=UTC)


def evolve(reports: Reports, event: Event) -> Reports:
    match event:
        case SirensAcknowledged(acks=acks):
            return msgspec.structs.replace(reports, answers=reports.answers | {_answer(ack) for ack in acks})
        case SirenHealthChanged(conditions=said):
            conditions = {**reports.conditions, **{condition.siren: condition for condition in said}}
            return msgspec.structs.replace(reports, conditions=conditions)
        case _:
            # Alarms and presses follow from the conditions, which are kept already.
            return reports


NAME = "sirens"
SIRENS = Subject(
    name=NAME,
    id_field="day",
    commands=(ReportSirens,),
    events=(SirensAcknowledged, SirenHealthChanged, SirenAlarmRaised, SirenAlarmEnded, SirenOperatedLocally),
    blank=Reports(),
    decide=decide,
    evolve=evolve,
    consults=lambda command: (_stream_before(command.day),),
)
