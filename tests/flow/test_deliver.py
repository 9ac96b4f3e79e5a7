"""Channels get every event they want, at least once, and an alert never waits for anything else."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tocsin.bus.inprocess import InProcessBell
from tocsin.flow.deliver import POISON, Delivery, DeviceReceipt, DeviceResult, Lane, Outcome, Receipts
from tocsin.kernel.errors import Unavailable, Undeliverable
from tocsin.kernel.event import Actor, Cause, Event, Events, Recorded
from tocsin.storage.memory import MemoryJournal
from tocsin.storage.receipts import MemoryReceipts, SqliteReceipts

NOW = datetime(2025, 4, 23, 21, 36, tzinfo=UTC)


class Alarmed(Event, frozen=True, kw_only=True, tag="test.alarmed"):
    text: str


class Informed(Event, frozen=True, kw_only=True, tag="test.informed"):
    text: str


class Radio:
    """A channel that fails as it is told to, and keeps what it has said."""

    name = "radio"

    def __init__(self, fail: Callable[[str, int], Exception | None] = lambda _text, _number: None) -> None:
        self.said: list[str] = []
        self.tried: dict[str, int] = {}
        self.over: set[str] = set()
        self.until: datetime | None = None
        self._fail = fail

    def lane(self, recorded: Recorded) -> Lane | None:
        return Lane.ALERT if isinstance(recorded.event, Alarmed) else Lane.INFO

    def deadline(self, recorded: Recorded) -> datetime | None:
        return self.until

    def superseded(self, recorded: Recorded) -> bool:
        return recorded.event.text in self.over

    async def send(self, recorded: Recorded) -> str:
        text = recorded.event.text
        self.tried[text] = self.tried.get(text, 0) + 1
        if (error := self._fail(text, self.tried[text])) is not None:
            raise error
        self.said.append(text)
        return f"heard {text}"


class Station:
    """A journal, receipts, a clock and one channel."""

    def __init__(self, receipts: Receipts, radio: Radio) -> None:
        self.journal = MemoryJournal(Events([Alarmed, Informed]))
        self.bell = InProcessBell()
        self.receipts = receipts
        self.now = NOW
        self.radio = radio
        for lane in Lane:
            receipts.move(radio.name, lane, 0)

    def say(self, event: Event) -> None:
        head = self.journal.head().position
        cause = Cause(f"k{head}", "test", "0")
        self.journal.append(f"s{head}", [event], expect=0, actor=Actor("a", "r"), cause=cause, time=self.now)
        self.bell.ring(head + 1)

    def delivery(self) -> Delivery:
        return Delivery(
            self.journal, self.receipts, [self.radio], lambda: self.now, self.bell, lambda: self.journal.head().position
        )

    def run_until(self, done: Callable[[], bool], seconds: float = 10) -> None:
        async def run() -> None:
            task = asyncio.create_task(self.delivery().run())
            try:
                async with asyncio.timeout(seconds):
                    while not done():
                        await asyncio.sleep(0.005)
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

        asyncio.run(run())

    def outcomes(self, position: int) -> list[Outcome]:
        return [attempt.outcome for attempt in reversed(self.receipts.latest(100, [position]))]


@pytest.fixture(params=["memory", "sqlite"])
def receipts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Receipts]:
    kept: MemoryReceipts | SqliteReceipts
    kept = MemoryReceipts() if request.param == "memory" else SqliteReceipts(tmp_path / "receipts.db")
    yield kept
    kept.close()


def test_what_could_not_be_sent_is_sent_once_the_other_side_is_back(receipts: Receipts) -> None:
    radio = Radio(lambda _text, number: Unavailable("no answer") if number == 1 else None)
    station = Station(receipts, radio)
    station.say(Alarmed(text="alarm"))
    station.run_until(lambda: radio.said == ["alarm"])
    assert station.outcomes(1) == [Outcome.FAILED, Outcome.SENT]
    assert receipts.cursor("radio", Lane.ALERT) == 1


def test_the_receipt_keeps_what_the_other_side_answered(receipts: Receipts) -> None:
    station = Station(receipts, Radio())
    station.say(Informed(text="bulletin"))
    station.run_until(lambda: len(receipts.latest(10)) == 1)
    (attempt,) = receipts.latest(10)
    assert (attempt.channel, attempt.lane, attempt.position, attempt.number) == ("radio", Lane.INFO, 1, 1)
    assert (attempt.outcome, attempt.detail, attempt.time) == (Outcome.SENT, "heard bulletin", NOW)


def test_an_alert_does_not_wait_for_a_bulletin_that_cannot_be_sent(receipts: Receipts) -> None:
    radio = Radio(lambda text, _number: Unavailable("slow") if text == "bulletin" else None)
    station = Station(receipts, radio)
    station.say(Informed(text="bulletin"))
    station.say(Alarmed(text="alarm"))
    station.run_until(lambda: radio.said == ["alarm"], seconds=2)
    assert receipts.cursor("radio", Lane.INFO) == 0


def test_an_event_that_never_can_be_sent_is_recorded_and_passed_over(receipts: Receipts) -> None:
    radio = Radio(lambda text, _number: Undeliverable("chat not found") if text == "bad" else None)
    station = Station(receipts, radio)
    station.say(Alarmed(text="bad"))
    station.say(Alarmed(text="good"))
    station.run_until(lambda: radio.said == ["good"])
    assert station.outcomes(1) == [Outcome.UNDELIVERABLE]


def test_a_fault_of_our_own_is_tried_again_then_passed_over(
    receipts: Receipts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.flow.deliver.BACKOFF", (0.001,))
    radio = Radio(lambda text, _number: ZeroDivisionError("oops") if text == "bad" else None)
    station = Station(receipts, radio)
    station.say(Alarmed(text="bad"))
    station.say(Alarmed(text="good"))
    station.run_until(lambda: radio.said == ["good"])
    assert station.outcomes(1) == [Outcome.FAILED] * (POISON - 1) + [Outcome.UNDELIVERABLE]
    assert receipts.latest(1, [1])[0].detail == "ZeroDivisionError: oops"


def test_an_alert_that_was_cleared_before_it_could_go_out_is_dropped_and_the_clear_sent(receipts: Receipts) -> None:
    radio = Radio(lambda text, _number: Unavailable("no answer") if text == "alarm" else None)
    station = Station(receipts, radio)
    station.say(Alarmed(text="alarm"))

    def cleared() -> bool:
        if radio.tried and not radio.over:
            radio.over.add("alarm")
            station.say(Alarmed(text="clear"))
        return radio.said == ["clear"]

    station.run_until(cleared, seconds=3)
    assert station.outcomes(1)[-1] is Outcome.SUPERSEDED


def test_what_could_not_be_sent_while_it_mattered_is_recorded_as_expired(receipts: Receipts) -> None:
    radio = Radio()
    radio.until = NOW + timedelta(minutes=10)
    station = Station(receipts, radio)
    station.say(Alarmed(text="alarm"))
    station.now = NOW + timedelta(minutes=10)
    station.run_until(lambda: bool(receipts.latest(1)))
    assert radio.said == []
    assert station.outcomes(1) == [Outcome.EXPIRED]


def test_after_a_restart_delivery_goes_on_where_it_stopped(receipts: Receipts) -> None:
    station = Station(receipts, Radio())
    station.say(Alarmed(text="one"))
    station.run_until(lambda: station.radio.said == ["one"])
    station.say(Alarmed(text="two"))
    station.run_until(lambda: "two" in station.radio.said)
    assert station.radio.said == ["one", "two"]


def test_a_channel_plugged_in_today_does_not_send_yesterdays_alerts(receipts: Receipts) -> None:
    station = Station(receipts, Radio())
    station.radio.name = "new"
    station.say(Alarmed(text="yesterday"))
    station.run_until(lambda: receipts.cursor("new", Lane.ALERT) == 1)
    station.say(Alarmed(text="today"))
    station.run_until(lambda: bool(station.radio.said))
    assert station.radio.said == ["today"]


def test_a_wait_asked_for_by_the_other_side_is_kept(receipts: Receipts) -> None:
    radio = Radio(lambda _text, number: Unavailable("429", retry_after=30) if number == 1 else None)
    station = Station(receipts, radio)
    station.say(Alarmed(text="alarm"))

    async def run() -> None:
        task = asyncio.create_task(station.delivery().run())
        for ring in range(20):
            await asyncio.sleep(0.02)
            station.say(Informed(text=f"ring {ring}"))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
    assert radio.tried["alarm"] == 1


def test_a_device_is_counted_on_from_try_to_try_and_forgotten_when_asked(receipts: MemoryReceipts) -> None:
    one, other = DeviceResult("one", Outcome.FAILED, "503"), DeviceResult("other", Outcome.SENT)
    receipts.record_devices("push", 7, NOW, [one, other])
    receipts.record_devices("push", 7, NOW + timedelta(seconds=2), [DeviceResult("one", Outcome.SENT)])
    receipts.record_devices("push", 8, NOW, [one])
    receipts.record_devices("pull", 7, NOW, [one])
    later = NOW + timedelta(seconds=2)
    assert receipts.devices("push", 7) == [
        DeviceReceipt("push", 7, "one", 2, later, Outcome.SENT),
        DeviceReceipt("push", 7, "other", 1, NOW, Outcome.SENT),
    ]
    receipts.forget_device("push", "one")
    assert [each.device for each in receipts.devices("push", 7)] == ["other"]
    assert receipts.devices("push", 8) == []
    assert len(receipts.devices("pull", 7)) == 1
