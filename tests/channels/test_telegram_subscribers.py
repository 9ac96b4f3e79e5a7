"""The subscriber bot against a Bot API server on this machine that enforces Telegram's limits."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from tests.bot_api import CHAT, TOKEN, BotApi, plain, refusal
from tests.running import KYIV, PODIL
from tests.system.test_replay_equals_live import ADMIN, Time, city, system

from tocsin.channels.telegram import Subscribing, Telegram
from tocsin.channels.telegram.api import Api
from tocsin.channels.telegram.subscribers import SubscriberChannel
from tocsin.channels.telegram.turns import Limits, Turns, Urgency
from tocsin.domain.warning import ClearAlert, RaiseAlert, Threat, UpdateAlert
from tocsin.flow.deliver import Outcome
from tocsin.kernel.errors import Unavailable
from tocsin.kernel.event import Command, Recorded
from tocsin.wiring import Loops, Running, Settings, open_system

OLENA, TARAS = 1001, 1002
SECOND = 0.3
"""What the stand-in takes for a second."""
DARNYTSIA = next(code for code in city().areas.descendants(KYIV) if code != PODIL)
FAST = Limits(every=0, chat=0, minute=0)


class Stage:
    """A system in memory, the stand-in, and the subscribers' channel between them."""

    def __init__(self, api: BotApi, limits: Limits) -> None:
        self.api = api
        self.clock = Time()
        self.running: Running = system(self.clock)
        self.bot = Api(TOKEN, api.url, limits)
        self.channel = SubscriberChannel(self.bot, self.running.ports(), own=True)
        self.subscribers = self.running.subscribers

    def subscribe(self, person: int, *areas: str) -> None:
        for area in areas:
            self.subscribers.add(self.channel.name, str(person), area)

    def areas(self, person: int) -> tuple[str, ...]:
        return self.subscribers.areas(self.channel.name, str(person))

    def do(self, command: Command) -> Recorded:
        self.clock.now += timedelta(seconds=1)
        position = self.running.system.do(command, ADMIN).position
        return next(iter(self.running.system.journal.read(after=position - 1, limit=1)))

    async def tell(self, command: Command) -> str:
        return await self.channel.send(self.do(command))

    async def heard(self, person: int, count: int) -> list[str]:
        """What a person got, once it is so many messages."""
        async with asyncio.timeout(10):
            while len(self.api.private[person]) < count:
                await asyncio.sleep(0.01)
        return [plain(text) for text in self.api.private[person]]


def play(scene: Callable[[Stage], Awaitable[None]], *, limits: Limits = FAST, second: float | None = None) -> None:
    async def run() -> None:
        async with BotApi(second) as api:
            stage = Stage(api, limits)
            listening = asyncio.create_task(stage.channel.run())
            try:
                await scene(stage)
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
                await stage.channel.close()
                stage.running.system.close()

    asyncio.run(run())


def alert(name: str, *areas: str, threat: Threat = Threat.MISSILE) -> RaiseAlert:
    return RaiseAlert(alert=name, areas=areas, threat=threat)


def test_an_alert_goes_to_whoever_chose_the_area_one_around_it_or_one_inside_it() -> None:
    async def scene(stage: Stage) -> None:
        stage.subscribe(OLENA, PODIL)
        stage.subscribe(TARAS, KYIV)
        stage.subscribe(7, DARNYTSIA)
        assert await stage.tell(alert("k-1", PODIL)) == "2 of 2 subscribers"
        (olena,), (taras,) = await stage.heard(OLENA, 1), await stage.heard(TARAS, 1)
        assert olena.startswith("НАВЧАННЯ / EXERCISE")
        assert "Подільський район: тривога з 24.04 00:00" in olena
        assert "небезпека в частині району: Подільський район" in taras
        assert not stage.api.private[7]
        assert await stage.tell(alert("k-2", KYIV)) == "3 of 3 subscribers"

    play(scene)


def test_the_end_of_one_of_two_alerts_says_that_the_area_is_still_under_alert() -> None:
    async def scene(stage: Stage) -> None:
        stage.subscribe(OLENA, PODIL)
        await stage.tell(alert("k-1", KYIV))
        await stage.tell(alert("k-2", PODIL))
        await stage.tell(ClearAlert(alert="k-2"))
        assert "Podilskyi raion: alert since" in (await stage.heard(OLENA, 3))[-1]
        await stage.tell(ClearAlert(alert="k-1"))
        assert "Podilskyi raion: all clear" in (await stage.heard(OLENA, 4))[-1]

    play(scene)


def test_an_area_that_an_update_takes_away_hears_that_it_is_no_longer_meant() -> None:
    async def scene(stage: Stage) -> None:
        stage.subscribe(OLENA, DARNYTSIA)
        await stage.tell(alert("k-1", PODIL, DARNYTSIA))
        await stage.tell(UpdateAlert(alert="k-1", areas=(PODIL,)))
        assert "status unknown" in (await stage.heard(OLENA, 2))[-1]

    play(scene)


def test_a_crowd_is_told_within_the_limits_and_everybody_once() -> None:
    async def scene(stage: Stage) -> None:
        for person in range(2000, 2120):
            stage.subscribe(person, PODIL)
        assert await stage.tell(alert("k-1", PODIL)) == "120 of 120 subscribers"
        assert stage.api.refused == 0
        assert [len(texts) for texts in stage.api.private.values()] == [1] * 120

    limits = Limits(every=SECOND / 28, chat=1.05 * SECOND, minute=61 * SECOND)
    play(scene, limits=limits, second=SECOND)


def test_the_stand_in_refuses_whoever_does_not_keep_the_limits() -> None:
    async def scene(stage: Stage) -> None:
        for person in range(2000, 2060):
            stage.subscribe(person, PODIL)
        with pytest.raises(Unavailable, match="to be tried again"):
            await stage.tell(alert("k-1", PODIL))
        assert stage.api.refused > 0

    play(scene, second=5.0)


def test_whom_an_outage_kept_from_the_news_is_told_later_and_nobody_twice() -> None:
    async def scene(stage: Stage) -> None:
        for person in range(2000, 2005):
            stage.subscribe(person, PODIL)
        stage.api.failures = [lambda _: refusal(502, "Bad Gateway")] * 2
        recorded = stage.do(alert("k-1", PODIL))
        with pytest.raises(Unavailable, match="3 of 5 subscribers, 2 to be tried again"):
            await stage.channel.send(recorded)
        assert await stage.channel.send(recorded) == "5 of 5 subscribers"
        assert [len(texts) for texts in stage.api.private.values()] == [1] * 5
        assert {each.tries for each in stage.running.receipts.devices(stage.channel.name, 1)} == {1, 2}

    play(scene)


def test_one_who_can_never_be_reached_does_not_hold_up_the_rest_for_ever() -> None:
    async def scene(stage: Stage) -> None:
        stage.subscribe(OLENA, PODIL)
        recorded = stage.do(alert("k-1", PODIL))
        stage.api.failures = [lambda _: refusal(500, "Internal")] * 5
        for _ in range(4):
            with pytest.raises(Unavailable):
                await stage.channel.send(recorded)
        assert await stage.channel.send(recorded) == "0 of 1 subscribers, 1 undeliverable"

    play(scene)


def test_a_subscriber_who_blocked_the_bot_is_forgotten() -> None:
    async def scene(stage: Stage) -> None:
        stage.subscribe(OLENA, PODIL)
        stage.subscribe(TARAS, PODIL)
        stage.api.blocked.add(OLENA)
        assert await stage.tell(alert("k-1", PODIL)) == "1 of 2 subscribers, 1 undeliverable"
        assert stage.areas(OLENA) == ()
        stage.api.block(TARAS)
        async with asyncio.timeout(10):
            while stage.areas(TARAS):
                await asyncio.sleep(0.01)

    play(scene)


def test_an_all_clear_does_not_wait_until_the_last_subscriber_has_got_the_alert(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tocsin.channels.telegram.subscribers.ROUND", 10)

    async def scene(stage: Stage) -> None:
        for person in range(2000, 2040):
            stage.subscribe(person, PODIL)
        raised = asyncio.create_task(stage.channel.send(stage.do(alert("k-1", PODIL))))
        while not stage.api.private:
            await asyncio.sleep(0)
        cleared = stage.do(ClearAlert(alert="k-1"))
        assert "superseded" in await raised
        assert await stage.channel.send(cleared) == "40 of 40 subscribers"
        assert all("all clear" in texts[-1] for texts in stage.api.private.values())
        outcomes = [each.outcome for each in stage.running.receipts.devices(stage.channel.name, 1)]
        assert outcomes.count(Outcome.SUPERSEDED) >= 10

    play(scene)


def test_areas_are_chosen_by_button_and_by_name_in_both_languages_and_all_is_forgotten_on_stop() -> None:
    async def scene(stage: Stage) -> None:
        api = stage.api
        api.write(OLENA, "/start")
        await stage.heard(OLENA, 1)
        assert (f"t:{PODIL}") in [data for _, data in api.keyboards[OLENA]]
        api.press(OLENA, f"t:{PODIL}")
        await until(lambda: ("✅ Подільський район / Podilskyi raion", f"t:{PODIL}") in api.keyboards[OLENA])
        assert stage.areas(OLENA) == (PODIL,)
        api.write(OLENA, "дарницький район")
        api.write(OLENA, "Kyiv")
        api.write(OLENA, "Atlantis")
        said = await stage.heard(OLENA, 4)
        assert len(stage.areas(OLENA)) == 3
        assert "There is no such area" in said[-1]
        api.press(OLENA, f"t:{PODIL}")
        await until(lambda: len(stage.areas(OLENA)) == 2)
        api.write(OLENA, "/stop")
        assert "Nothing about you is kept" in (await stage.heard(OLENA, 5))[-1]
        assert stage.areas(OLENA) == ()

    play(scene)


def test_the_state_is_told_on_demand_with_its_age_and_unknown_is_called_unknown() -> None:
    async def scene(stage: Stage) -> None:
        stage.api.write(OLENA, "/state")
        assert "You have chosen no area yet" in (await stage.heard(OLENA, 1))[-1]
        stage.subscribe(OLENA, PODIL)
        stage.api.write(OLENA, "/state")
        said = (await stage.heard(OLENA, 2))[-1]
        assert said.startswith("НАВЧАННЯ / EXERCISE")
        assert "❔ Podilskyi raion: status unknown" in said
        assert "Do not rely on it after 00:00:45" in said
        stage.do(alert("k-1", KYIV))
        stage.api.write(OLENA, "/state")
        assert "🚨 Podilskyi raion: alert since 24.04 00:00" in (await stage.heard(OLENA, 3))[-1]

    play(scene)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


def test_an_alert_goes_before_all_that_waits_for_its_turn() -> None:
    order: list[str] = []

    async def call(turns: Turns, chat: str, urgency: Urgency) -> None:
        await turns.take(chat, urgency)
        order.append(f"{urgency.name} {chat}")

    async def scene() -> None:
        turns = Turns(Limits(every=0.02, chat=0.02, minute=1, spare=2))
        async with asyncio.TaskGroup() as tasks:
            for number in range(5):
                tasks.create_task(call(turns, str(number), Urgency.REST))
            for number in range(5, 8):
                tasks.create_task(call(turns, str(number), Urgency.SUBSCRIBER))
            await asyncio.sleep(0.01)
            tasks.create_task(call(turns, CHAT, Urgency.POST))

    asyncio.run(scene())
    assert order[1] == f"POST {CHAT}"
    assert [line.partition(" ")[0] for line in order[2:]] == ["SUBSCRIBER"] * 3 + ["REST"] * 4


def test_what_is_not_urgent_leaves_room_for_alerts_in_a_groups_minute() -> None:
    async def scene() -> None:
        turns = Turns(Limits(every=0, chat=0, minute=60, group=4, spare=2))
        for _ in range(2):
            await turns.take(CHAT, Urgency.REST)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await turns.take(CHAT, Urgency.REST)
        async with asyncio.timeout(1):
            await turns.take(CHAT, Urgency.POST)
            await turns.take(CHAT, Urgency.POST)

    asyncio.run(scene())


def test_a_wait_that_a_group_asked_for_holds_up_nobody_else() -> None:
    async def scene() -> None:
        turns = Turns(FAST)
        turns.hold(CHAT, 60)
        waiting = asyncio.create_task(turns.take(CHAT, Urgency.POST))
        async with asyncio.timeout(1):
            await turns.take("7", Urgency.REST)
        turns.hold("7", 60)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await turns.take("8", Urgency.REST)
        waiting.cancel()

    asyncio.run(scene())


def test_posts_and_subscribers_come_from_one_table_of_the_settings() -> None:
    async def scene() -> list[str]:
        given = Telegram(token=TOKEN, chat=CHAT, subscribers=Subscribing())
        running = open_system(Settings(channels={"telegram": given}), city(), clock=Time(), in_memory=True)
        loops = Loops(running)
        for channel in loops.channels:
            await channel.close()  # type: ignore[attr-defined]
        running.system.close()
        return [channel.name for channel in loops.channels]

    assert asyncio.run(scene()) == ["telegram", "telegram_subscribers"]
