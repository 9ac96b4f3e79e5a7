"""Receipts: by alert, channel, try and device, how fast, and who was not reached, by name."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.http.conftest import Web
from tests.running import KYIV

from tocsin.flow.deliver import Attempt, DeviceResult, Lane, Outcome

CHANNELS = ("siren", "telegram", "webhook:metro")


def tried(web: Web, channel: str, position: int, outcome: Outcome, after: float, detail: str = "") -> None:
    """A try so many seconds after the event it is about."""
    (recorded,) = web.running.system.journal.read(after=position - 1, limit=1)
    receipts = web.running.receipts
    number = receipts.attempts(channel, position) + 1
    time = recorded.time + timedelta(seconds=after)
    attempt = Attempt(channel, Lane.ALERT, position, number, time, outcome, detail)
    receipts.record(attempt, done=outcome is not Outcome.FAILED)


@pytest.fixture
def night(web: Web) -> Web:
    """An alert raised and cleared: told by Telegram at the second try, by the webhook not yet."""
    web.running.system.channels[:] = CHANNELS
    web.do("alert.raise", alert="a", areas=[KYIV], threat="drone")
    web.do("alert.clear", alert="a")
    tried(web, "telegram", 1, Outcome.FAILED, 1, "503")
    tried(web, "telegram", 1, Outcome.SENT, 3, "message 101")
    tried(web, "telegram", 2, Outcome.SENT, 2, "message 102")
    tried(web, "siren", 1, Outcome.SENT, 0.1, "the broker took it")
    tried(web, "siren", 2, Outcome.SENT, 0.1, "the broker took it")
    return web


def read(web: Web, **query: str) -> dict[str, Any]:
    answer = web.client.get("/v1/receipts", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_each_message_of_an_alert_shows_its_tries_and_seconds_on_each_channel(night: Web) -> None:
    found = read(night, alert="a", channel="telegram")
    assert [(each["position"], each["number"], each["outcome"]) for each in found["attempts"]] == [
        (2, 1, "sent"),
        (1, 2, "sent"),
        (1, 1, "failed"),
    ]
    alert, clear = found["reached"]
    assert (alert["phase"], alert["tries"], alert["seconds"], alert["detail"]) == ("alert", 2, 3.0, "message 101")
    assert (clear["phase"], clear["tries"], clear["seconds"]) == ("all_clear", 1, 2.0)
    (pace,) = found["paces"]
    assert (pace["channel"], pace["seconds"]["n"], pace["seconds"]["p50"], pace["seconds"]["max"]) == (
        "telegram",
        2,
        2.0,
        3.0,
    )


def test_who_was_not_reached_is_named_channel_by_channel_and_siren_by_siren(night: Web) -> None:
    missed = {each["channel"]: each for each in read(night, alert="a")["missed"]}
    assert set(missed) == {"webhook:metro", "siren"}
    assert missed["webhook:metro"]["why"] == "not tried yet"
    # The broker took it; not one siren has answered, and that is what counts.
    assert set(missed["siren"]["devices"]) == {siren.id for siren in night.running.system.city.sirens}


def test_a_channel_that_failed_on_an_alert_and_got_its_end_out_is_not_missed(night: Web) -> None:
    tried(night, "webhook:metro", 1, Outcome.SUPERSEDED, 1)
    tried(night, "webhook:metro", 2, Outcome.SENT, 1)
    assert "webhook:metro" not in {each["channel"] for each in read(night, alert="a")["missed"]}
    tried(night, "telegram", 2, Outcome.UNDELIVERABLE, 5, "chat not found")
    assert {"alert": "a", "channel": "telegram", "why": "undeliverable: chat not found", "devices": []} in read(
        night, alert="a"
    )["missed"]


def test_devices_are_counted_by_outcome_timed_and_named_where_they_were_missed(night: Web) -> None:
    tried(night, "push", 2, Outcome.SENT, 4)
    (cleared,) = night.running.system.journal.read(after=1, limit=1)
    results = [DeviceResult("one", Outcome.SENT), DeviceResult("two", Outcome.UNDELIVERABLE, "410")]
    night.running.receipts.record_devices("push", 2, cleared.time + timedelta(seconds=4), results)
    (reached,) = read(night, alert="a", channel="push")["reached"]
    assert reached["devices"] == {"sent": 1, "undeliverable": 1}
    assert (reached["device_seconds"]["n"], reached["device_seconds"]["p99"]) == (1, 4.0)
    assert reached["unreached"] == ["two"]


def test_a_channel_that_had_nothing_to_say_of_an_alert_is_not_missed(night: Web) -> None:
    # Its cursor has passed the alert without a try: an endpoint of another area.
    night.running.receipts.move("webhook:metro", Lane.ALERT, 2)
    found = read(night, alert="a")
    assert "webhook:metro" not in {each["channel"] for each in found["reached"]}
    assert "webhook:metro" not in {each["channel"] for each in found["missed"]}


def test_without_an_alert_the_newest_ones_are_told_of_and_all_tries_listed(night: Web) -> None:
    night.do("alert.raise", alert="b", areas=[KYIV], threat="drone")
    found = read(night)
    assert {each["alert"] for each in found["reached"]} == {"a", "b"}
    assert len(found["attempts"]) == 5
    times = [datetime.fromisoformat(each["time"]) for each in found["attempts"]]
    assert all(time.tzinfo is not None for time in times)
    assert read(night, limit="2")["attempts"] == found["attempts"][:2]


def test_an_alert_that_does_not_exist_is_named(web: Web) -> None:
    answer = web.client.get("/v1/receipts", params={"alert": "never"})
    assert (answer.status_code, answer.json()["where"]) == (404, "alert")
    assert read(web) == {"attempts": [], "reached": [], "paces": [], "missed": []}
