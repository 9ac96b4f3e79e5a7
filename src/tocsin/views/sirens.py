"""The sirens: how each is, who answered which alert and how fast, and which sound with nobody having told them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar, TypeVar

import msgspec

from tocsin.domain.siren import (
    Acknowledgement,
    Result,
    SirenHealthChanged,
    SirensAcknowledged,
    SirenTestEnded,
    SirenTestStarted,
)
from tocsin.domain.warning import (
    NEWS,
    AlertCancelled,
    AlertCleared,
    AlertExpired,
    AlertNews,
    AlertRaised,
    AlertUpdated,
    Phase,
)
from tocsin.kernel.event import Event, Recorded
from tocsin.views.siren_facts import Answers, Count, Siren, TestRound, Unanswered, answered, conditioned, latency
from tocsin.views.view import Handler, View

K = TypeVar("K")
V = TypeVar("V")

KEPT = 20
"""How many alerts' acknowledgements are kept siren by siren. The journal has them all."""
TIMED = 500
"""How many events' times are kept to measure answers against."""
EVERYWHERE = "*"
"""Stands for all areas among those that a test round touched."""


class SirensState(msgspec.Struct):
    """
    Attributes:
        sirens: Those that were heard of.
        answers: Alert to who answered it, oldest alert first.
        times: Position of an alert's event to its time.
        areas: Alert that stands to its areas.
        touched: Area to the position of the last event of an alert or a test that covers it, or did.
        rounds: The last test rounds, oldest first.
    """

    sirens: dict[str, Siren] = {}
    answers: dict[str, Answers] = {}
    times: dict[int, datetime] = {}
    areas: dict[str, tuple[str, ...]] = {}
    touched: dict[str, int] = {}
    rounds: dict[str, TestRound] = {}


class Sirens(View[SirensState]):
    """
    Args:
        fleet: All the sirens of the city, each with its area and those around it: one that was never heard of must
            be seen to be missing.
    """

    name: ClassVar[str] = "sirens"
    version: ClassVar[int] = 2

    def __init__(self, fleet: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(SirensState())
        self._fleet = {siren: fleet[siren] for siren in sorted(fleet)}

    def handlers(self) -> Mapping[type[Event], Handler]:
        handlers: dict[type[Event], Handler] = dict.fromkeys(NEWS, self._alert)
        return {
            **handlers,
            SirensAcknowledged: self._acknowledged,
            SirenHealthChanged: self._changed,
            SirenTestStarted: self._test_started,
            SirenTestEnded: self._test_ended,
        }

    def _alert(self, recorded: Recorded) -> None:
        event: AlertNews = recorded.event
        self.state.times[recorded.position] = recorded.time
        _keep_newest(self.state.times, TIMED)
        before = self.state.areas.get(event.alert, ())
        match event:
            case AlertRaised(areas=areas) | AlertUpdated(areas=areas):
                self.state.areas[event.alert] = areas
                self._ask(event)
                self._interrupt(event.alert, recorded.position)
            case AlertCleared(areas=areas) | AlertCancelled(areas=areas):
                self.state.areas.pop(event.alert, None)
                if event.alert in self.state.answers:
                    self.state.answers[event.alert].over = True
            case AlertExpired(areas=areas):
                pass
        # An area that an update took away is concerned as much as one that it added.
        for area in (*before, *areas):
            self.state.touched[area] = recorded.position

    def _ask(self, event: AlertRaised | AlertUpdated) -> None:
        """Remember whom an alert concerns. An early warning sounds no siren."""
        if event.phase is Phase.ALERT:
            answers = self.state.answers.setdefault(event.alert, Answers())
            answers.areas = tuple(dict.fromkeys((*answers.areas, *event.areas)))
            _keep_newest(self.state.answers, KEPT)

    def _interrupt(self, by: str, position: int) -> None:
        """An alert, or a newer round, ends the rounds that run: from here on no siren is told of them."""
        for running in self.state.rounds.values():
            if running.runs and running.round != by:
                running.interrupted_by = by
                self._touch(running, position)

    def _touch(self, test: TestRound, position: int) -> None:
        for area in test.areas or (EVERYWHERE,):
            self.state.touched[area] = position

    def _test_started(self, recorded: Recorded) -> None:
        event: SirenTestStarted = recorded.event
        asked = tuple(siren for siren in self._fleet if not event.areas or self._concerns(event.areas, siren))
        started = TestRound(event.round, event.areas, event.by, recorded.time, event.ends, asked)
        self._interrupt(event.round, recorded.position)
        self.state.rounds[event.round] = started
        _keep_newest(self.state.rounds, KEPT)
        if self.state.areas:
            started.interrupted_by = next(iter(self.state.areas))
        else:
            self.state.times[recorded.position] = recorded.time
            self._touch(started, recorded.position)

    def _test_ended(self, recorded: Recorded) -> None:
        event: SirenTestEnded = recorded.event
        ended = self.state.rounds.get(event.round)
        if ended is None:
            return
        if ended.runs:
            self._touch(ended, recorded.position)
        ended.ended_at, ended.outcome = recorded.time, event.outcome
        ended.interrupted_by = event.interrupted_by

    def _concerns(self, areas: Iterable[str], siren: str) -> bool:
        return not set(self._fleet.get(siren, ())).isdisjoint(areas)

    def _acknowledged(self, recorded: Recorded) -> None:
        event: SirensAcknowledged = recorded.event
        for ack in event.acks:
            test = self.state.rounds.get(ack.alert)
            before = self.state.sirens.get(ack.siren) or Siren(ack.siren)
            self.state.sirens[ack.siren] = answered(before, ack, test=test is not None)
            if test is None:
                self._count(ack)
            else:
                self._count_test(test, ack)
        _keep_newest(self.state.answers, KEPT)

    def _count_test(self, test: TestRound, ack: Acknowledgement) -> None:
        if ack.result is Result.SILENT:
            test.passed.setdefault(ack.siren, self._seconds(ack))
            test.failed.pop(ack.siren, None)
        elif ack.siren not in test.passed:
            test.failed[ack.siren] = ack.result

    def _count(self, ack: Acknowledgement) -> None:
        answers = self.state.answers.setdefault(ack.alert, Answers())
        if ack.result is Result.SOUNDING or ack.sounding_at is not None:
            answers.alert.setdefault(ack.siren, self._seconds(ack))
            answers.mute.pop(ack.siren, None)
        elif ack.result is Result.CLEARED:
            answers.clear.setdefault(ack.siren, self._seconds(ack))
        elif ack.result in MUTE and ack.siren not in answers.alert:
            answers.mute.setdefault(ack.siren, ack.result)

    def _seconds(self, ack: Acknowledgement) -> float | None:
        recorded = self.state.times.get(ack.revision)
        return None if recorded is None else (ack.received_at - recorded).total_seconds()

    def _changed(self, recorded: Recorded) -> None:
        event: SirenHealthChanged = recorded.event
        for condition in event.conditions:
            before = self.state.sirens.get(condition.siren) or Siren(condition.siren)
            self.state.sirens[condition.siren] = conditioned(before, condition)

    def sirens(self) -> list[Siren]:
        """Every siren of the city, by id."""
        return [self.state.sirens.get(siren) or Siren(siren) for siren in self._fleet]

    def alarms(self) -> list[Siren]:
        """The sirens that sound although nobody told them to."""
        return [siren for siren in self.sirens() if siren.unwanted]

    def chain(self, siren: str) -> tuple[str, ...]:
        """The area of a siren and those around it."""
        return self._fleet[siren]

    def unanswered(self, alert: str) -> Unanswered:
        """Who has not done what an alert asked."""
        answers = self.state.answers.get(alert)
        if answers is None:
            return Unanswered()
        asked = [siren for siren in self._fleet if self._concerns(answers.areas, siren)]
        heard_from = answers.alert.keys() | answers.mute.keys() | answers.clear.keys()
        return Unanswered(
            asked=len(asked),
            alert=tuple(siren for siren in asked if siren not in heard_from),
            mute=dict(answers.mute),
            clear=tuple(siren for siren in asked if siren not in answers.clear) if answers.over else (),
        )

    def alerted(self) -> bool:
        """True while any alert stands, or ran out with nobody having cleared it."""
        return bool(self.state.areas)

    def rounds(self) -> list[TestRound]:
        """The last test rounds, newest first."""
        return list(reversed(self.state.rounds.values()))

    def testing(self, areas: Iterable[str]) -> TestRound | None:
        """The round that a siren is to take part in now, given its area and all those around it."""
        chain = set(areas)
        for test in reversed(self.state.rounds.values()):
            if test.runs and (not test.areas or not chain.isdisjoint(test.areas)):
                return test
        return None

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
            alert_latency=latency(seconds for answers in all_of_them for seconds in answers.alert.values()),
            clear_latency=latency(seconds for answers in all_of_them for seconds in answers.clear.values()),
        )

    def revision(self, areas: Iterable[str]) -> int:
        """
        The position of the last event of an alert or a test that concerned any of these areas; 0 if there was none.

        The revision of a siren's wanted state, given its area and all those around it. It never goes back, unlike
        the position of the alert that speaks for the area: when the newer of two alerts ends, the older speaks.
        """
        return max(self.state.touched.get(area, 0) for area in (EVERYWHERE, *areas))


MUTE = frozenset({Result.SILENT, Result.FAULTY})


def _keep_newest(kept: dict[K, V], limit: int) -> None:
    for oldest in list(kept)[: max(0, len(kept) - limit)]:
        del kept[oldest]
