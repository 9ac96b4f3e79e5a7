"""One bulletin through the whole system: out to every place, corrected in every place, withdrawn from every place."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from litestar.testing import AsyncTestClient
from lxml import etree
from tests.bot_api import CHAT, TOKEN, BotApi, plain
from tests.bulletins import picture
from tests.smtp_server import SmtpServer
from tests.system.test_replay_equals_live import Time, city, night

from tocsin.channels.email import Email
from tocsin.channels.telegram import Telegram
from tocsin.domain.bulletins import DraftBulletin
from tocsin.formats.bulletin.feed import ATOM
from tocsin.http.app import build_app
from tocsin.storage.access import SqliteAccess
from tocsin.wiring import Loops, Running, Settings, open_system

ATTACK = "kyiv-2025-04-24"
WEB = "https://alerts.kyiv.example"
PRESS, HEAD = "press_officer", "approver"


Settle = Callable[[], Awaitable[None]]


class Desk:
    """The press desk, over HTTP."""

    def __init__(self, client: AsyncTestClient[Any], running: Running, clock: Time, settle: Settle) -> None:
        self.client = client
        self._clock = clock
        self._settle = settle
        access = running.system.access
        assert isinstance(access, SqliteAccess)
        self._tokens = {}
        for role in (PRESS, HEAD):
            access.add(role, role)
            self._tokens[role] = access.issue(role)

    async def post(self, path: str, role: str, **fields: object) -> Any:  # noqa: ANN401 - JSON
        self._clock.now += timedelta(seconds=1)
        headers = {"Authorization": f"Bearer {self._tokens[role]}"}
        answer = await self.client.post(path, json=fields, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def publish(self, number: int, **fields: object) -> None:
        cutoff = self._clock.now.isoformat()
        command = "/v1/commands/bulletin."
        await self.post(f"{command}draft", PRESS, attack=ATTACK, cutoff=cutoff, **fields)
        await self.post(f"{command}approve", HEAD, attack=ATTACK, number=number, revision=1)
        await self.post(f"{command}publish", PRESS, attack=ATTACK, number=number)
        await self._settle()

    async def retract(self, number: int) -> None:
        reasons = {"uk": "число стосувалося іншого міста.", "en": "the figure was for another city."}
        await self.post(
            "/v1/commands/bulletin.retract", HEAD, attack=ATTACK, number=number, reason="-", reasons=reasons
        )
        await self._settle()

    async def photo(self) -> dict[str, object]:
        content = b64encode(picture()).decode()
        kept: dict[str, object] = await self.post("/v1/bulletins/photos", PRESS, photo=content)
        return kept | {"alt": {"uk": "Рятувальники розбирають завали", "en": "Rescuers clear the rubble"}}

    async def page(self, path: str) -> str:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def entries(self) -> list[str]:
        feed = etree.fromstring((await self.client.get("/bulletins.atom")).content)
        return [entry.findtext(f"{{{ATOM}}}title") or "" for entry in feed.iter(f"{{{ATOM}}}entry")]


def play(scene: Callable[[Desk, BotApi, SmtpServer], Awaitable[None]]) -> None:
    """The night until its first bulletin would be written, with a Telegram chat and two newsrooms behind it."""

    async def run() -> None:
        clock = Time(night().steps[0].at)
        async with BotApi() as api, SmtpServer() as smtp:
            channels = {
                "telegram": Telegram(token=TOKEN, chat=CHAT, api=api.url),
                "email": Email(
                    host="127.0.0.1",
                    port=smtp.port,
                    security="none",
                    sender="bulletins@kyiv.example",
                    to=("desk@paper.example", "news@agency.example"),
                    unsubscribe="mailto:stop@kyiv.example",
                ),
            }
            running = open_system(Settings(channels=channels, web=WEB), city(), clock=clock, in_memory=True)
            for step in night().steps:
                if isinstance(step.command, DraftBulletin):
                    break
                clock.now = step.at
                await asyncio.to_thread(running.system.do, step.command, step.actor, step.key)
            loops = Loops(running)
            task = asyncio.create_task(loops.run())
            try:
                await loops.settle(10)
                async with AsyncTestClient(build_app(running.system)) as client:
                    await scene(Desk(client, running, clock, lambda: loops.settle(30)), api, smtp)
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                running.system.close()

    asyncio.run(run())


@pytest.mark.heavy
def test_a_bulletin_its_correction_and_its_withdrawal_reach_every_place() -> None:
    async def scene(desk: Desk, api: BotApi, smtp: SmtpServer) -> None:
        photos = [await desk.photo(), await desk.photo()]
        names = {"uk": "Атака на Київ", "en": "Attack on Kyiv"}
        await desk.publish(1, version="Initial", names=names, photos=photos)
        first = next(number for number, text in api.posts.items() if "Зведення № 1" in text)
        assert "nine people were killed and 63 wounded" in plain(api.posts[first])
        assert f"{WEB}/bulletins/{ATTACK}/1" in api.posts[first]
        assert api.albums == [["Рятувальники розбирають завали\nRescuers clear the rubble"] * 2]
        # What goes out is the photo as it was drawn anew and is kept, by its hash.
        assert [sha256(file).hexdigest() for file in api.files] == [photo["sha256"] for photo in photos]
        assert len(smtp.mails) == 2
        page = await desk.page(f"/bulletins/{ATTACK}/1?lang=en")
        assert "Rescuers clear the rubble" in page
        assert (await desk.client.get(f"/bulletins/photos/{photos[0]['sha256']}")).content == api.files[0]

        wrong = {"uk": "світлина з іншої ночі.", "en": "the photo was of another night."}
        await desk.publish(2, version="Update", names=names, corrects=1, correction=wrong)
        second = next(number for number, text in api.posts.items() if "(оновлення, виправляє № 1)" in text)
        assert api.replies[second] == first
        assert api.posts[first].startswith("<s>Зведення № 1 / Bulletin No. 1</s>")
        assert "Bulletin No. 1 is corrected by bulletin No. 2." in api.posts[first]
        assert set(api.captions.values()) == {"<s>Зведення № 1 / Bulletin No. 1</s>"}
        assert smtp.mails[2][1]["In-Reply-To"] == smtp.mails[0][1]["Message-ID"]
        assert "is corrected by bulletin No. 2" in await desk.page(f"/bulletins/{ATTACK}/1?lang=en")
        assert [title.partition(": ")[2].partition(":")[0] for title in await desk.entries()][1] == (
            "Виправлено / Corrected"
        )

        await desk.retract(2)
        assert api.posts[second].startswith("<s>Зведення № 2 / Bulletin No. 2</s>")
        assert "Причина: число стосувалося іншого міста." in api.posts[second]
        assert "Відкликано / Withdrawn" in smtp.mails[4][1]["Subject"]
        assert smtp.mails[4][1]["In-Reply-To"] == smtp.mails[2][1]["Message-ID"]
        for path in (f"/bulletins/{ATTACK}/2", "/bulletins/widget", f"/v1/bulletins/{ATTACK}/2.txt"):
            assert "Reason: the figure was for another city." in await desk.page(f"{path}?lang=en")
        assert "Відкликано / Withdrawn" in (await desk.entries())[0]
        assert len(smtp.mails) == 6

    play(scene)
