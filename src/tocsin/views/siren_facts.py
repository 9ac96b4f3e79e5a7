"""What is known of sirens, of their answers and of their tests; and how one word of theirs changes it."""

from collections.abc import Iterable
from datetime import datetime
from math import ceil
from typing import ClassVar

import msgspec

from tocsin.domain.siren import (
    REFUSALS,
    Acknowledgement,
    Condition,
    Local,
    Outcome,
    Result,
    State,
    heard,
    sign_of_answer,
    sign_of_condition,
)
from tocsin.kernel.event import Instant


class Siren(msgspec.Struct, frozen=True):
    """
    One siren as far as it is known.

    Attributes:
        state: By the table in `domain.siren.states`.
        online: None if it was never heard of.
        sounding: None if it is not known, as when the link is dead.
        unwanted: It sounds although nobody told it to.
        answer: To the last wanted state that it took: what it does.
        tested_at: When it last passed a silent test.
        local, local_at: What was last pressed at the siren itself, and when.
        refusal: The last that it refused, with `refused_at`. It says nothing of what the siren does.
    """

    siren: str
    state: State = State.UNKNOWN
    online: bool | None = None
    sounding: bool | None = None
    unwanted: bool = False
    mains: bool | None = None
    battery: int | None = None
    amplifier: bool | None = None
    tamper: bool | None = None
    tested_at: Instant | None = None
    local: Local | None = None
    local_at: Instant | None = None
    seen_at: Instant | None = None
    alert: str = ""
    revision: int | None = None
    answer: Result | None = None
    answered_at: Instant | None = None
    refusal: Result | None = None
    refused_at: Instant | None = None


class Answers(msgspec.Struct):
    """
    Who answered one alert.

    Attributes:
        areas: All that it ever covered, as an alert.
        over: Its sirens were told that it is over.
        alert, clear: Siren to the seconds it took to take the alert and sound, and to take the end of it.
            None where it cannot be said.
        mute: Siren to why it took the alert and did not sound.
    """

    areas: tuple[str, ...] = ()
    over: bool = False
    alert: dict[str, float | None] = {}
    clear: dict[str, float | None] = {}
    mute: dict[str, Result] = {}


class Unanswered(msgspec.Struct, frozen=True):
    """
    Who has not done what one alert asked, by name.

    Attributes:
        asked: How many sirens the alert concerned.
        alert: Not heard from since it was raised.
        mute: Took it and did not sound, with the reason.
        clear: Not heard from since it ended. Empty while it stands.
    """

    asked: int = 0
    alert: tuple[str, ...] = ()
    mute: dict[str, Result] = {}
    clear: tuple[str, ...] = ()


class TestRound(msgspec.Struct):
    """
    One silent test round, and its report.

    Attributes:
        asked: The sirens that are to test themselves.
        interrupted_by: The alert or the newer round that came before its end; no siren is told of it since.
        passed: Siren to the seconds it took to answer.
        failed: Siren to what it answered instead.
        ended_at: None while it runs.
    """

    __test__: ClassVar[bool] = False

    round: str
    areas: tuple[str, ...]
    by: str
    started_at: Instant
    ends: Instant
    asked: tuple[str, ...]
    interrupted_by: str = ""
    passed: dict[str, float | None] = {}
    failed: dict[str, Result] = {}
    ended_at: Instant | None = None
    outcome: Outcome | None = None

    @property
    def runs(self) -> bool:
        return self.ended_at is None and not self.interrupted_by

    def missing(self) -> tuple[str, ...]:
        """The sirens that have not answered."""
        return tuple(siren for siren in self.asked if siren not in self.passed and siren not in self.failed)


class Latency(msgspec.Struct, frozen=True):
    """Seconds from the record in the journal to the siren, by the siren's clock. Nearest-rank percentiles."""

    n: int
    p50: float | None = None
    p90: float | None = None
    p99: float | None = None
    max: float | None = None


class Count(msgspec.Struct, frozen=True):
    """How many of the city's sirens answered, and how fast."""

    total: int
    acknowledged_alert: int
    acknowledged_clear: int
    alert_latency: Latency
    clear_latency: Latency


def answered(siren: Siren, ack: Acknowledgement, *, test: bool) -> Siren:
    changed = msgspec.structs.replace
    if ack.result in REFUSALS:
        return changed(siren, refusal=ack.result, refused_at=ack.received_at)
    if ack.revision < (siren.revision or 0):
        # Acknowledgements of two states may overtake each other on their way.
        return siren
    return changed(
        siren,
        state=heard(siren.state, sign_of_answer(ack.result, test=test)),
        tested_at=ack.received_at if test and ack.result is Result.SILENT else siren.tested_at,
        alert=ack.alert,
        revision=ack.revision,
        answer=ack.result,
        answered_at=ack.received_at,
        sounding=ack.result is Result.SOUNDING,
    )


def conditioned(siren: Siren, condition: Condition) -> Siren:
    return msgspec.structs.replace(
        siren,
        state=heard(siren.state, sign_of_condition(siren.amplifier, condition)),
        online=condition.online,
        sounding=condition.sounding,
        unwanted=condition.unwanted,
        mains=condition.mains,
        battery=condition.battery,
        amplifier=condition.amplifier,
        tamper=condition.tamper,
        tested_at=_newest(siren.tested_at, condition.tested_at),
        local=condition.local or siren.local,
        local_at=condition.local_at or siren.local_at,
        seen_at=condition.at,
    )


def _newest(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)


def latency(all_seconds: Iterable[float | None]) -> Latency:
    known = sorted(seconds for seconds in all_seconds if seconds is not None)
    if not known:
        return Latency(0)
    p50, p90, p99 = (known[ceil(len(known) * share) - 1] for share in (0.50, 0.90, 0.99))
    return Latency(len(known), p50, p90, p99, known[-1])
