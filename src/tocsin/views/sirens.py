"""The sirens: how each is, who answered which alert and how fast, and which sound with nobody having told them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from math import ceil
from typing import ClassVar, TypeVar

import msgspec

from tocsin.domain.siren import REFUSALS, Acknowledgement, Condition, Result, SirenHealthChanged, SirensAcknowledged
from tocsin.domain.warning import (
    NEWS,
    AlertCancelled,
    AlertCleared,
    AlertExpired,
    AlertNews,
    AlertRaised,
    AlertUpdated,
)
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.view import Handler, View

K = TypeVar("K")
V = TypeVar("V")

KEPT = 20
"""How many alerts' acknowledgements are kept siren by siren. The journal has them all."""
TIMED = 500
"""How many alert events' times are kept to measure answers against."""


class Siren(msgspec.Struct, frozen=True):
    """
    One siren as far as it is known.

    Attributes:
        online: None if it was never heard of.
        sounding: None if it is not known, as when the link is dead.
        unwanted: It sounds although nobody told it to.
        answer: To the last wanted state that it took: what it does.
        refusal: The last that it refused, with `refused_at`. It says nothing of what the siren does.
    """

    siren: str
    online: bool | None = None
    sounding: bool | None = None
    unwanted: bool = False
    mains: bool | None = None
    battery: int | None = None
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
        alert, clear: Siren to the seconds it took to take the alert and sound, and to take the end of it.
            None where it cannot be said.
    """

    alert: dict[str, float | None] = {}
    clear: dict[str, float | None] = {}


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


class SirensState(msgspec.Struct):
    """
    Attributes:
        sirens: Those that were heard of.
        answers: Alert to who answered it, oldest alert first.
        times: Position of an alert's event to its time.
        areas: Alert that stands to its areas.
        touched: Area to the position of the last event of an alert that covers it, or did.
    """

    sirens: dict[str, Siren] = {}
    answers: dict[str, Answers] = {}
    times: dict[int, datetime] = {}
    areas: dict[str, tuple[str, ...]] = {}
    touched: dict[str, int] = {}


class Sirens(View[SirensState]):
    """
    Args:
        fleet: The ids of all the sirens of the city: one that was never heard of must be seen to be missing.
    """

    name: ClassVar[str] = "sirens"

    def __init__(self, fleet: Collection[str]) -> None:
        super().__init__(SirensState())
        self._fleet = sorted(fleet)

    def handlers(self) -> Mapping[type[Event], Handler]:
        handlers: dict[type[Event], Handler] = dict.fromkeys(NEWS, self._alert)
        return {**handlers, SirensAcknowledged: self._acknowledged, SirenHealthChanged: self._changed}

    def _alert(self, recorded: Recorded) -> None:
        event: AlertNews = recorded.event
        self.state.times[recorded.position] = recorded.time
        _keep_newest(self.state.times, TIMED)
        before = self.state.areas.get(event.alert, ())
        match event:
            case AlertRaised(areas=areas) | AlertUpdated(areas=areas):
                self.state.areas[event.alert] = areas
            case AlertCleared(areas=areas) | AlertCancelled(areas=areas):
                self.state.areas.pop(event.alert, None)
            case AlertExpired(areas=areas):
                pass
        # An area that an update took away is concerned as much as one that it added.
        for area in (*before, *areas):
            self.state.touched[area] = recorded.position

    def _acknowledged(self, recorded: Recorded) -> None:
        event: SirensAcknowledged = recorded.event
        for ack in event.acks:
            before = self.state.sirens.get(ack.siren) or Siren(ack.siren)
            self.state.sirens[ack.siren] = _answered(before, ack)
            self._count(ack)
        _keep_newest(self.state.answers, KEPT)

    def _count(self, ack: Acknowledgement) -> None:
        answers = self.state.answers.setdefault(ack.alert, Answers())
        if ack.result is Result.SOUNDING or ack.sounding_at is not None:
            answers.alert.setdefault(ack.siren, self._seconds(ack))
        elif ack.result is Result.CLEARED:
            answers.clear.setdefault(ack.siren, self._seconds(ack))

    def _seconds(self, ack: Acknowledgement) -> float | None:
        recorded = self.state.times.get(ack.revision)
        return None if recorded is None else (ack.received_at - recorded).total_seconds()

    def _changed(self, recorded: Recorded) -> None:
        event: SirenHealthChanged = recorded.event
        for condition in event.conditions:
            before = self.state.sirens.get(condition.siren) or Siren(condition.siren)
            self.state.sirens[condition.siren] = _conditioned(before, condition)

    def sirens(self) -> list[Siren]:
        """Every siren of the city, by id."""
        return [self.state.sirens.get(siren) or Siren(siren) for siren in self._fleet]

    def alarms(self) -> list[Siren]:
        """The sirens that sound although nobody told them to."""
        return [siren for siren in self.sirens() if siren.unwanted]

    def count(self, alert: str | None = None) -> Count:
        """Who answered one alert, or any of the last `KEPT`."""
        if alert is None:
            all_of_them = list(self.state.answers.values())
        else:
            all_of_them = [self.state.answers.get(alert) or Answers()]
        return Count(
            total=len(self._fleet),
            acknowledged_alert=len({siren for answers in all_of_them for siren in answers.alert}),
            acknowledged_clear=len({siren for answers in all_of_them for siren in answers.clear}),
            alert_latency=_latency(seconds for answers in all_of_them for seconds in answers.alert.values()),
            clear_latency=_latency(seconds for answers in all_of_them for seconds in answers.clear.values()),
        )

    def revision(self, areas: Iterable[str]) -> int:
        """
        The position of the last event of an alert that concerned any of these areas; 0 if there was none.

        The revision of a siren's wanted state, given its area and all those around it. It never goes back, unlike
        the position of the alert that speaks for the area: when the newer of two alerts ends, the older speaks.
        """
        return max((self.state.touched.get(area, 0) for area in areas), default=0)


def _answered(siren: Siren, ack: Acknowledgement) -> Siren:
    changed = msgspec.structs.replace
    if ack.result in REFUSALS:
        return changed(siren, refusal=ack.result, refused_at=ack.received_at)
    if ack.revision < (siren.revision or 0):
        # Acknowledgements of two states may overtake each other on their way.
        return siren
    return changed(
        siren,
        alert=ack.alert,
        revision=ack.revision,
        answer=ack.result,
        answered_at=ack.received_at,
        sounding=ack.result is Result.SOUNDING,
    )


def _conditioned(siren: Siren, condition: Condition) -> Siren:
    return msgspec.structs.replace(
        siren,
        online=condition.online,
        sounding=condition.sounding,
        unwanted=condition.unwanted,
        mains=condition.mains,
        battery=condition.battery,
        seen_at=condition.at,
    )


def _latency(all_seconds: Iterable[float | None]) -> Latency:
    known = sorted(seconds for seconds in all_seconds if seconds is not None)
    if not known:
        return Latency(0)
    p50, p90, p99 = (known[ceil(len(known) * share) - 1] for share in (0.50, 0.90, 0.99))
    return Latency(len(known), p50, p90, p99, known[-1])


def _keep_newest(kept: dict[K, V], limit: int) -> None:
    for oldest in list(kept)[: max(0, len(kept) - limit)]:
        del kept[oldest]
