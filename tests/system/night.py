"""A city with all its ways out, on virtual time: what people and machines see of an alert, whatever goes wrong."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Final

import httpx
import pytest
from tests.far_sides import Broker, Chat, Luck, Phone, PushSide, Siren
from tests.system.test_replay_equals_live import START, city
from tests.virtual_time import VirtualLoop

from tocsin.channels import siren_mqtt, webpush
from tocsin.channels.telegram import Telegram, api
from tocsin.domain.approval import Approval
from tocsin.domain.foreign import Message
from tocsin.domain.foreign.fold import active
from tocsin.domain.warning import EXERCISE, Threat
from tocsin.flow import policies
from tocsin.flow.push import Subscription
from tocsin.formats import cap_feed
from tocsin.formats.cap import write_cap
from tocsin.formats.cap_listing import read_listing
from tocsin.formats.cap_read import read_cap
from tocsin.formats.push_message import topic
from tocsin.kernel.errors import TocsinError
from tocsin.kernel.event import Actor, Command
from tocsin.wiring import Loops, Settings, open_system
from tocsin.wiring.channels import kinds
from tocsin.wiring.push import PushSettings
from tocsin.wiring.settings import ApprovalSettings, RealmApproval
from tocsin.wiring.sirens import Mqtt, SirenWishes

REALM: Final = "exercise"
CHAT = "@kyiv_alerts"
WEB = "https://kyiv.test"
_kinds = cache(kinds)
PATIENCE = 300
"""Seconds of virtual time after which what has not come to rest never will."""


class Reader:
    """Somebody who looks at our feed now and then, fetches what it leads to, and folds what they hold."""

    def __init__(self) -> None:
        self.held: dict[str, Message] = {}

    def look(self, night: "Night") -> None:
        system = night.running.system
        notices, now = list(system.views.board.notices()), night.now()
        feed = cap_feed.Feed("Kyiv", system.sender, REALM, WEB, system.cap_areas)
        listed = cap_feed.write_atom(feed, cap_feed.current(notices, now), cap_feed.updated_at(notices, now))
        documents = {feed.document(notice): notice for notice in notices}
        for link in read_listing(listed, WEB).links:
            if link.address not in self.held:
                document = write_cap(documents[link.address], system.cap_areas, system.sender, REALM, WEB)
                self.held[link.address] = read_cap(document)

    def active(self) -> set[str]:
        return {message.key.identifier for message in active(self.held.values())}


class Night:
    """
    A system with all its ways out and the loops that serve them, started and stopped at will.

    Attributes:
        lucks: Of the requests to the broker, to Telegram and to the push service.
        crashes: How often the loops were stopped in the middle of whatever they did.
    """

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self.broker, self.chat, self.push = Broker(Luck()), Chat(Luck()), PushSide(Luck())
        self.lucks = (self.broker.luck, self.chat.luck, self.push.luck)
        self.reader = Reader()
        self.crashes = 0
        whole = city()
        raions = [code for code in whole.areas.codes() if len(whole.areas.chain(code)) > 1][:3]
        self.areas = [whole.areas.chain(raions[0])[-1], *raions]
        sirens = [next(siren for siren in whole.sirens if siren.area == area) for area in raions]
        self.running = open_system(
            self._settings(), replace(whole, sirens=tuple(sirens)), clock=self.now, in_memory=True
        )
        for siren in sirens:
            far = Siren(REALM, siren.id, self.running.signer.public, self.now)
            self.broker.sirens[far.device.topic] = far
        self._phones = {area: self._subscribe(area) for area in self.areas}
        self.loops: Loops
        self._serving: asyncio.Task[None] | None = None

    def _settings(self) -> Settings:
        two = RealmApproval(threats={Threat.CHEMICAL: Approval.TWO_BEFORE})
        return Settings(
            realm=REALM,
            web=WEB,
            approval=ApprovalSettings(exercise=two),
            channels={
                "siren": Mqtt(host="broker.test"),
                "telegram": Telegram(token="42:TEST-token_of-a-bot", chat=CHAT),
                "push": PushSettings(contact="mailto:duty@kyiv.example", services=(PushSide.url,)),
            },
        )

    def _subscribe(self, area: str) -> Phone:
        phone = self.push.phone(area)
        body = phone.subscription(area)
        assert self.running.system.push is not None
        self.running.system.push.subscriptions.put(
            Subscription(area, phone.endpoint, body["keys"]["p256dh"], body["keys"]["auth"], (area,), "uk")
        )
        return phone

    @property
    def phones(self) -> list[Phone]:
        return list(self._phones.values())

    @property
    def sirens(self) -> list[Siren]:
        return list(self.broker.sirens.values())

    def now(self) -> datetime:
        return START + timedelta(seconds=self._loop.time())

    def do(self, command: Command, actor: Actor) -> None:
        """Carry a command out, or have it refused."""
        with suppress(TocsinError):
            self.running.system.do(command, actor)

    async def start(self) -> None:
        self.loops = Loops(self.running)
        self._serving = asyncio.create_task(self.loops.run())
        await asyncio.sleep(0)

    async def stop(self) -> None:
        """As a crash does: wherever everything is just now."""
        if self._serving is not None:
            self._serving.cancel()
            await asyncio.gather(self._serving, return_exceptions=True)
            self._serving = None

    async def restart(self) -> None:
        self.crashes += 1
        await self.stop()
        await self.start()

    async def settle(self) -> None:
        """Let everything come back and come to rest."""
        for luck in self.lucks:
            luck.draw(())
        self.broker.start()
        for siren in self.sirens:
            self.broker.line(siren, online=True)
        until = self._loop.time() + PATIENCE
        while not self._at_rest():
            assert self._loop.time() < until, "it never came to rest"
            await asyncio.sleep(5)
        for phone in self.phones:
            phone.come_back()
        self.reader.look(self)

    def _at_rest(self) -> bool:
        push = self.running.system.push
        assert push is not None
        return self.loops.delivered() and not push.subscriptions.waiting() and self._sirens_answered()

    def _sirens_answered(self) -> bool:
        wishes = SirenWishes(self.running.ports()).wanted(0)
        said = self.running.system.views.sirens.sirens()
        return all(siren.revision == wishes[siren.siren].revision for siren in said)

    # What each of them says at the end

    def siren_modes(self) -> dict[str, str]:
        """Area to what its siren was told last."""
        areas = {siren.id: siren.area for siren in self.running.system.city.sirens}
        return {areas[siren.device.siren]: siren.state.mode for siren in self.sirens}

    def phone_states(self) -> dict[str, tuple[str, bool] | None]:
        """Area to the phase that its phone shows, and whether for a part only."""
        found: dict[str, tuple[str, bool] | None] = {}
        for area, phone in self._phones.items():
            shown = phone.shown().get(topic(REALM, area))
            found[area] = None if shown is None else (shown.payload["phase"], shown.payload["part_of"])
        return found

    def thread(self, alert: str) -> list[str]:
        """The posts about an alert in their order, as they stand now."""
        first = self.running.receipts.get(f"telegram/{REALM}/{CHAT}/alert/{alert}")
        posts = self.chat.posts.items()
        mark = f"<b>{' / '.join(EXERCISE.values())}</b>\n\n"
        return [text.replace(mark, "") for number, text in posts if first in (number, self.chat.replies.get(number))]


@contextmanager
def all_ways(loop: VirtualLoop) -> Iterator[Night]:
    """A night whose channels reach the far sides in memory."""
    with pytest.MonkeyPatch.context() as patch:
        # The bell has to wake everybody; the looks at the clock between two rings only cost time here.
        patch.setattr("tocsin.flow.deliver.POLL", 5.0)
        patch.setattr(policies, "TICK", 5.0)
        patch.setattr(webpush, "TICK", 2.0)
        # What distributions are installed does not change from night to night, and takes long to find out.
        patch.setattr("tocsin.wiring.channels.kinds", _kinds)
        night = Night(loop)
        patch.setattr(siren_mqtt, "Client", night.broker.connect)
        patch.setattr(api, "AiohttpSession", night.chat.session)
        patch.setattr(
            httpx, "AsyncClient", partial(httpx.AsyncClient, transport=httpx.MockTransport(night.push.answer))
        )
        try:
            yield night
        finally:
            night.running.system.close()
