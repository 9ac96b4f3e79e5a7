"""Web Push against a push service on this machine that decrypts what it is given."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from aiohttp import web
from litestar.testing import TestClient
from tests.push_service import Browser, PushService
from tests.running import KYIV, PODIL
from tests.system.test_replay_equals_live import Time, city

from tocsin.channels import webpush
from tocsin.channels.webpush import WebPushChannel
from tocsin.domain.warning import CancelAlert, ClearAlert, ExpireAlert, RaiseAlert, Threat
from tocsin.flow.deliver import DeviceReceipt, Outcome
from tocsin.flow.push import Subscription
from tocsin.http.app import build_app
from tocsin.kernel.errors import Unavailable
from tocsin.kernel.event import Actor, Command, Recorded
from tocsin.wiring import Loops, Settings, open_system
from tocsin.wiring.push import PushSettings

OFFICER = Actor("olena", "administrator")
OBOLON = next(code for code in city().areas.descendants(KYIV) if code != PODIL)


class Scene:
    """A system with one channel, whose events are sent one by one."""

    def __init__(self, service: PushService) -> None:
        self.service = service
        self.clock = Time()
        settings = Settings(
            channels={"push": PushSettings(contact="mailto:duty@kyiv.example", services=(service.url,))}
        )
        self.running = open_system(settings, city(), clock=self.clock, in_memory=True)
        push = self.running.system.push
        assert push is not None
        self.push = push
        self.channel = WebPushChannel(push, self.running.ports(), "mailto:duty@kyiv.example", 20)
        self._client = TestClient(build_app(self.running.system))
        self.sent = 0

    def subscribe(self, browser: Browser, *areas: str, language: str = "uk") -> str:
        answer = self._client.post("/v1/push/subscriptions", json=browser.subscription(*areas, language=language))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def do(self, *commands: Command) -> list[Recorded]:
        for command in commands:
            self.clock.now += timedelta(seconds=1)
            await asyncio.to_thread(self.running.system.do, command, OFFICER)
        news = [each for each in self.running.system.journal.read(after=self.sent) if self.channel.lane(each)]
        self.sent = self.running.system.journal.head().position
        return news

    async def tell(self, *commands: Command) -> list[str]:
        return [await self.channel.send(each) for each in await self.do(*commands)]

    def receipts(self, position: int) -> list[DeviceReceipt]:
        return self.running.receipts.devices("push", position)

    async def close(self) -> None:
        await self.channel.close()
        self.running.system.close()


def scene(play: Callable[[Scene], Awaitable[None]]) -> None:
    async def run() -> None:
        async with PushService() as service:
            playing = Scene(service)
            try:
                await play(playing)
            finally:
                await playing.close()

    asyncio.run(run())


def alert(name: str = "a", *areas: str, minutes: int | None = None, now: Time | None = None) -> RaiseAlert:
    until = now.now + timedelta(minutes=minutes) if now is not None and minutes is not None else None
    return RaiseAlert(alert=name, areas=areas or (PODIL,), threat=Threat.MISSILE, expires=until)


def test_a_browser_reads_what_is_true_of_its_area_and_until_when() -> None:
    async def play(s: Scene) -> None:
        browser = s.service.browser()
        s.subscribe(browser, PODIL)
        assert await s.tell(alert()) == ["1 sent"]
        (got,) = browser.got
        assert (got.ttl, got.urgency) == (15 * 60, "high")
        assert (got.payload["phase"], got.payload["alert"], got.payload["revision"]) == ("alert", "a", 1)
        assert (got.payload["realm"], got.payload["area"], got.payload["part_of"]) == ("exercise", PODIL, False)
        assert got.payload["title"].startswith("НАВЧАННЯ. Тривога: Поділ")
        assert got.payload["body"].startswith("НАВЧАННЯ. Ракетна небезпека")
        assert got.payload["tag"] == got.topic
        assert got.payload["valid_until"].endswith("Z") or "+" in got.payload["valid_until"]
        assert s.service.keys == {s.push.public}
        (receipt,) = s.receipts(1)
        assert (receipt.outcome, receipt.detail, receipt.tries) == (Outcome.SENT, "201", 1)
        assert browser.endpoint not in receipt.device

    scene(play)


def test_an_all_clear_takes_the_place_of_an_alert_that_was_not_delivered() -> None:
    async def play(s: Scene) -> None:
        browser = s.service.browser()
        browser.online = False
        s.subscribe(browser, PODIL, language="en")
        await s.tell(alert())
        alerted = next(iter(browser.kept.values()))
        await s.tell(ClearAlert(alert="a"))
        (got,) = browser.come_back()
        assert got.payload["phase"] == "all_clear"
        assert got.payload["title"].startswith("EXERCISE. All clear")
        assert got.topic == alerted.topic
        assert got.ttl >= alerted.ttl

    scene(play)


@pytest.mark.parametrize(
    ("areas", "subscribed", "part"),
    [
        ((PODIL,), PODIL, False),
        ((KYIV,), PODIL, False),
        ((PODIL,), KYIV, True),
        ((PODIL, OBOLON), KYIV, True),
        ((PODIL,), OBOLON, None),
    ],
)
def test_an_alert_reaches_its_areas_what_is_in_them_and_as_a_part_what_is_around_them(
    areas: tuple[str, ...], subscribed: str, part: bool | None
) -> None:
    async def play(s: Scene) -> None:
        browser = s.service.browser()
        s.subscribe(browser, subscribed, language="en")
        await s.tell(alert("a", *areas), ClearAlert(alert="a"))
        assert [got.payload["part_of"] for got in browser.got] == ([] if part is None else [part, part])
        if part:
            assert "part of" in browser.got[0].payload["title"]
            assert "Podil" in browser.got[0].payload["body"]

    scene(play)


def test_the_end_of_one_alert_is_no_all_clear_while_another_stands() -> None:
    async def play(s: Scene) -> None:
        browser = s.service.browser()
        s.subscribe(browser, PODIL)
        await s.tell(alert("a"))
        await s.tell(alert("b", KYIV))
        await s.tell(ClearAlert(alert="a"))
        assert browser.phases == ["alert", "alert", "alert"]
        assert browser.got[-1].payload["alert"] == "b"
        await s.tell(ClearAlert(alert="b"))
        assert browser.phases[-1] == "all_clear"

    scene(play)


def test_the_end_of_one_part_is_no_all_clear_for_the_city_while_another_part_is_in_danger() -> None:
    async def play(s: Scene) -> None:
        browser = s.service.browser()
        s.subscribe(browser, KYIV)
        await s.tell(alert("a", PODIL), alert("b", OBOLON))
        await s.tell(ClearAlert(alert="a"))
        assert (browser.phases[-1], browser.got[-1].payload["alert"]) == ("alert", "b")

    scene(play)


def test_what_ran_out_says_that_it_is_not_known_to_be_over() -> None:
    async def play(s: Scene) -> None:
        browser = s.service.browser()
        s.subscribe(browser, PODIL)
        await s.tell(alert(minutes=2, now=s.clock))
        assert browser.got[0].ttl == 119
        s.clock.now += timedelta(minutes=3)
        await s.tell(ExpireAlert(alert="a"))
        assert browser.phases == ["alert", "expired"]

    scene(play)


def test_a_false_alarm_is_a_correction() -> None:
    async def play(s: Scene) -> None:
        browser = s.service.browser()
        s.subscribe(browser, PODIL)
        await s.tell(alert(), CancelAlert(alert="a", reason="wrong button"))
        assert browser.phases[-1] == "correction"

    scene(play)


@pytest.mark.parametrize("status", [404, 410])
def test_who_is_gone_is_forgotten(status: int) -> None:
    async def play(s: Scene) -> None:
        id_ = s.subscribe(s.service.browser(), PODIL)
        s.service.answer = lambda _request: web.Response(status=status)
        assert await s.tell(alert()) == ["1 undeliverable"]
        assert s.push.subscriptions.get(id_) is None
        assert "gone" in s.receipts(1)[0].detail

    scene(play)


def test_a_browser_that_subscribes_again_while_it_is_found_gone_stays() -> None:
    async def play(s: Scene) -> None:
        browser = s.service.browser()
        id_ = s.subscribe(browser, PODIL)

        def gone(_request: web.Request) -> web.Response:
            held = s.push.subscriptions.get(id_)
            assert held is not None
            s.push.subscriptions.put(held)
            return web.Response(status=410)

        s.service.answer = gone
        await s.tell(alert())
        assert s.push.subscriptions.get(id_) is not None

    scene(play)


def test_what_a_push_service_refuses_or_fails_at_is_no_reason_to_forget_anybody() -> None:
    async def play(s: Scene) -> None:
        for name, status in (("a", 400), ("b", 403), ("c", 413), ("d", 500)):
            id_ = s.subscribe(s.service.browser(name), PODIL)
            s.service.answer = lambda _request, status=status: web.Response(status=status)  # type: ignore[misc]
            await s.do(alert(name))
            with_ = s.running.system.views.board.last(name)
            assert with_ is not None
            assert s.push.subscriptions.get(id_) is not None

    scene(play)


def test_who_was_told_is_not_told_again_when_the_send_is_repeated_after_a_crash() -> None:
    async def play(s: Scene) -> None:
        browser = s.service.browser()
        s.subscribe(browser, PODIL)
        (news,) = await s.do(alert())
        assert await s.channel.send(news) == "1 sent"
        assert await s.channel.send(news) == "1 sent before"
        assert len(browser.got) == 1

    scene(play)


def test_a_service_that_is_busy_is_left_alone_and_its_browsers_are_told_later(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(s: Scene) -> None:
        now = 1000.0
        monkeypatch.setattr(webpush, "monotonic", lambda: now)
        one, other = s.service.browser("one"), s.service.browser("other")
        s.subscribe(one, PODIL)
        s.subscribe(other, PODIL)
        s.service.answer = lambda request: (
            web.Response(status=429, headers={"Retry-After": "7"}) if request.path.endswith("other") else None
        )
        (news,) = await s.do(alert())
        said = await s.channel.send(news)
        s.service.answer = lambda _request: None
        asked = s.service.asked
        await s.channel.retry()
        assert s.service.asked == asked
        now += 8
        await s.channel.retry()
        assert "failed" in said
        assert (one.phases, other.phases) == (["alert"], ["alert"])
        assert {each.outcome for each in s.receipts(1)} == {Outcome.SENT}
        await s.channel.retry()
        assert len(other.got) == 1

    scene(play)


def test_what_is_told_later_is_what_is_true_by_then(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(s: Scene) -> None:
        now = 1000.0
        monkeypatch.setattr(webpush, "monotonic", lambda: now)
        browser = s.service.browser()
        s.subscribe(browser, PODIL)
        s.service.answer = lambda _request: web.Response(status=503)
        (news,) = await s.do(alert())
        with pytest.raises(Unavailable, match="none of 1"):
            await s.channel.send(news)
        await s.do(ClearAlert(alert="a"))
        assert s.channel.superseded(news)
        s.service.answer = lambda _request: None
        now += 60
        await s.channel.retry()
        assert browser.phases == ["all_clear"]
        assert s.push.subscriptions.waiting() == []

    scene(play)


def test_what_waits_is_sent_by_the_next_process_too() -> None:
    async def play(s: Scene) -> None:
        browser = s.service.browser()
        s.subscribe(browser, PODIL)
        s.service.answer = lambda _request: web.Response(status=503)
        with pytest.raises(Unavailable):
            await s.tell(alert())
        s.service.answer = lambda _request: None
        again = WebPushChannel(s.push, s.running.ports(), "mailto:duty@kyiv.example", 20)
        await again.retry()
        assert browser.phases == ["alert"]
        await again.retry()
        assert len(browser.got) == 1
        await again.close()

    scene(play)


def test_a_service_that_does_not_answer_costs_its_patience_once_and_not_for_each_browser() -> None:
    async def play(s: Scene) -> None:
        for number in range(60):
            s.subscribe(s.service.browser(str(number)), PODIL)

        def hang_up(request: web.Request) -> web.Response:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()

        s.service.answer = hang_up
        with pytest.raises(Unavailable, match="none of 60"):
            await s.tell(alert())
        # Those that were under way at the same moment, and nobody after them.
        assert s.service.asked <= 40

    scene(play)


def test_many_subscribers_are_told_in_batches_and_each_has_a_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(s: Scene) -> None:
        monkeypatch.setattr(webpush, "BATCH", 40)
        browsers = [s.service.browser(str(number)) for number in range(100)]
        for browser in browsers:
            keys = browser.subscription()["keys"]
            name = browser.endpoint.rpartition("/")[2]
            s.push.subscriptions.put(Subscription(name, browser.endpoint, keys["p256dh"], keys["auth"], (PODIL,), "uk"))
        assert await s.tell(alert()) == ["100 sent"]
        assert all(len(browser.got) == 1 for browser in browsers)
        assert len(s.receipts(1)) == 100

    scene(play)


def test_a_text_of_any_length_fits_into_one_record() -> None:
    async def play(s: Scene) -> None:
        browser = s.service.browser()
        s.subscribe(browser, PODIL)
        long = {"uk": "їжак " * 400, "en": "siren " * 300}
        await s.tell(RaiseAlert(alert="a", areas=(PODIL,), threat=Threat.OTHER, texts=long))
        assert browser.got[0].payload["body"].endswith("…")

    scene(play)


def test_a_subscription_with_keys_that_are_none_holds_nobody_up() -> None:
    async def play(s: Scene) -> None:
        browser = s.service.browser()
        s.subscribe(browser, PODIL)
        s.push.subscriptions.put(Subscription("bad", f"{s.service.url}/push/x", "garbage", "?", (PODIL,), "uk"))
        s.push.subscriptions.put(Subscription("elsewhere", "http://127.0.0.1:9/push/x", "garbage", "?", (PODIL,), "uk"))
        assert await s.tell(alert()) == ["1 sent, 2 undeliverable"]
        assert browser.phases == ["alert"]

    scene(play)


def test_the_link_test_asks_the_services_and_tells_nobody() -> None:
    async def play(s: Scene) -> None:
        browser = s.service.browser()
        s.subscribe(browser, PODIL)
        only = WebPushChannel(
            s.push._replace(services=(s.service.url, "https://*.example")), s.running.ports(), "mailto:a@b", 1
        )
        assert await only.link_test() == f"{s.service.url} answers"
        assert browser.got == []
        await only.close()
        silent = WebPushChannel(s.push._replace(services=("http://127.0.0.1:9",)), s.running.ports(), "mailto:a@b", 1)
        with pytest.raises(Unavailable, match="127"):
            await silent.link_test()
        await silent.close()

    scene(play)


def test_nobody_who_has_not_asked_is_told() -> None:
    async def play(s: Scene) -> None:
        assert await s.tell(alert()) == ["nobody has subscribed"]

    scene(play)


def test_the_wired_channel_tells_of_an_alert_and_its_end_and_logs_no_address(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> list[str]:
        async with PushService() as service:
            browser = service.browser()
            settings = {"contact": "mailto:duty@kyiv.example", "services": [service.url]}
            running = open_system(Settings(channels={"push": settings}), city(), clock=Time(), in_memory=True)
            loops = Loops(running)
            task = asyncio.create_task(loops.run())
            try:
                await loops.settle(5)
                client = TestClient(build_app(running.system))
                client.post("/v1/push/subscriptions", json=browser.subscription(PODIL))
                for command in (alert(), ClearAlert(alert="a")):
                    await asyncio.to_thread(running.system.do, command, OFFICER)
                    await loops.settle(20)
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                running.system.close()
            return browser.phases

    caplog.set_level(logging.INFO)
    assert asyncio.run(run()) == ["alert", "all_clear"]
    assert "/push/a" not in caplog.text
