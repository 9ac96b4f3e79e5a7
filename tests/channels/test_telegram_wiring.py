"""The night up to the first bulletin, through the wired system, on a stand-in of Telegram's Bot API."""

import asyncio
from datetime import datetime

from tests.bot_api import CHAT, TOKEN, BotApi, plain
from tests.system.test_replay_equals_live import Time, city, night

from tocsin.channels.telegram import Telegram
from tocsin.wiring import Loops, Settings, open_system

MORNING = datetime.fromisoformat("2025-04-24T06:30:00+03:00")


def test_alerts_and_the_first_bulletin_of_the_night_are_posted_as_an_exercise() -> None:
    async def scene() -> list[str]:
        clock = Time(night().steps[0].at)
        async with BotApi() as api:
            telegram = Telegram(token=TOKEN, chat=CHAT, api=api.url)
            running = open_system(Settings(channels={"telegram": telegram}), city(), clock=clock, in_memory=True)
            loops = Loops(running)
            task = asyncio.create_task(loops.run())
            try:
                # The channel begins at the journal's head; it must have looked before the night begins.
                await loops.settle(5)
                for step in night().steps:
                    if step.at > MORNING:
                        break
                    clock.now = step.at
                    await asyncio.to_thread(running.system.do, step.command, step.actor, step.key)
                await loops.settle(30)
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                running.system.close()
            return [plain(fields["text"]) for method, fields in api.calls if method == "sendMessage"]

    posts = asyncio.run(scene())
    assert all("EXERCISE" in post for post in posts)
    assert any("Комбінована" in post for post in posts)
    assert sum("nine people were killed and 63 wounded" in post for post in posts) == 1
