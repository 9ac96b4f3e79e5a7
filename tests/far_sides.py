"""
The far sides of the channels in memory, with faults: a broker with its sirens, a Bot API, a push service.

Each does to a request what its luck says next, and by itself what the real one does: the broker keeps what is retained
and what waits for the server's session, sirens keep the rules of the reference device, the push service keeps one
message for each topic, Telegram keeps a post that it has taken although nobody heard it say so.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import httpx
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import EditMessageText, SendMessage, TelegramMethod
from aiomqtt import Message, MqttError

from tests.push_service import Browser, Got
from tocsin.channels.siren_device.rules import SirenDevice, SirenState
from tocsin.formats import siren_wire as wire
from tocsin.formats.siren_wire import Leaf

HANGS = 12.0
"""Seconds: longer than any channel's patience."""
SLOW = 3.0
ASKS = 7
"""Seconds that a busy one asks us to wait."""


class Fault(StrEnum):
    NONE = "none"
    REFUSED = "refused"
    """Not taken."""
    LOST = "answer lost"
    """Taken, and the answer is lost on the way."""
    BUSY = "busy"
    """Not taken: 429 with a time to wait, where there is such a thing."""
    SLOW = "slow"
    HANGS = "hangs"
    """Not taken, and silent until the patience ends."""
    TWICE = "twice"
    """Delivered twice."""


class Luck:
    """What happens to the requests to come, one after the other; nothing bad once it is used up."""

    def __init__(self) -> None:
        self._faults: Iterator[Fault] = iter(())
        self.lost = 0

    def draw(self, faults: Sequence[Fault]) -> None:
        self._faults = iter(faults)

    def next(self) -> Fault:
        fault = next(self._faults, Fault.NONE)
        self.lost += fault is Fault.LOST
        return fault


async def _wait(fault: Fault) -> None:
    await asyncio.sleep({Fault.SLOW: SLOW, Fault.HANGS: HANGS}.get(fault, 0.01))


class Siren:
    """A siren that may be off the line, where it hears nothing."""

    def __init__(self, realm: str, name: str, key: str, clock: Callable[[], datetime]) -> None:
        self.device = SirenDevice(realm, name, key)
        self.state = SirenState()
        self.online = True
        self.ack_topic = wire.topic(realm, name, Leaf.ACK)
        self._clock = clock

    def hear(self, payload: bytes, *, retained: bool) -> bytes:
        self.state, ack = self.device.accept(self.state, payload, self._clock(), retained=retained)
        return wire.encode(ack)

    @property
    def sounding(self) -> bool:
        return self.device.sounding(self.state, self._clock())


class Broker:
    """
    Attributes:
        sirens: By the topic they listen to.
    """

    def __init__(self, luck: Luck) -> None:
        self.luck = luck
        self.up = True
        self.retained: dict[str, bytes] = {}
        self.sirens: dict[str, Siren] = {}
        self.client: BrokerClient | None = None
        self._kept: list[Message] = []

    def connect(self, *_args: object, **_kwargs: object) -> "BrokerClient":
        """In place of aiomqtt.Client."""
        return BrokerClient(self)

    def put(self, topic: str, payload: bytes, times: int) -> None:
        self.retained[topic] = payload
        siren = self.sirens.get(topic)
        if siren is not None and siren.online:
            for _ in range(times):
                self._answer(siren, payload, retained=False)

    def line(self, siren: Siren, *, online: bool) -> None:
        """A siren leaves the line, or comes back on it and is handed what is retained."""
        back = online and not siren.online
        siren.online = online
        if back:
            self._hand_out(siren)

    def _hand_out(self, siren: Siren) -> None:
        payload = self.retained.get(siren.device.topic)
        if self.up and payload is not None:
            self._answer(siren, payload, retained=True)

    def _answer(self, siren: Siren, payload: bytes, *, retained: bool) -> None:
        message = Message(siren.ack_topic, siren.hear(payload, retained=retained), 1, False, 1, None)
        if self.client is None:
            self._kept.append(message)
        else:
            self.client.inbox.put_nowait(message)

    def hand_over(self, client: "BrokerClient") -> None:
        for message in self._kept:
            client.inbox.put_nowait(message)
        self._kept.clear()

    def stop(self, *, forget: bool) -> None:
        """The process dies, and its store with it or not."""
        self.up = False
        if forget:
            self.retained.clear()
            self._kept.clear()
        if self.client is not None:
            self.client.inbox.put_nowait(None)

    def start(self) -> None:
        if not self.up:
            self.up = True
            for siren in self.sirens.values():
                if siren.online:
                    self._hand_out(siren)


class BrokerClient:
    """What our channel uses of aiomqtt.Client."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self.inbox: asyncio.Queue[Message | None] = asyncio.Queue()
        self.pending_calls_threshold = 0

    async def __aenter__(self) -> "BrokerClient":
        self._require_up()
        self._broker.client = self
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._broker.client is self:
            self._broker.client = None

    async def subscribe(self, _topic: str, qos: int) -> tuple[int]:
        self._require_up()
        self._broker.hand_over(self)
        return (qos,)

    async def publish(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> None:
        assert qos == 1
        assert retain
        fault = self._broker.luck.next()
        await _wait(fault)
        self._require_up()
        if fault in (Fault.REFUSED, Fault.BUSY, Fault.HANGS):
            raise MqttError("no answer")
        self._broker.put(topic, payload, 2 if fault is Fault.TWICE else 1)
        if fault is Fault.LOST:
            raise MqttError("the answer was lost")

    @property
    def messages(self) -> AsyncIterator[Message]:
        return self._messages()

    async def _messages(self) -> AsyncIterator[Message]:
        while (message := await self.inbox.get()) is not None:
            yield message
        raise MqttError("disconnected")

    def _require_up(self) -> None:
        if not self._broker.up or self._broker.client not in (None, self):
            raise MqttError("connection refused")


class Chat:
    """
    A Telegram channel.

    Attributes:
        posts: Message number to its text as it stands now.
        replies: Message number to that of the message it replies to.
    """

    def __init__(self, luck: Luck) -> None:
        self.luck = luck
        self.posts: dict[int, str] = {}
        self.replies: dict[int, int] = {}

    def session(self, *_args: object, **_kwargs: object) -> BaseSession:
        """In place of aiogram's AiohttpSession."""
        return _ChatSession(self)

    async def answer(self, method: TelegramMethod[Any]) -> tuple[int, dict[str, Any]]:
        fault = self.luck.next()
        await _wait(fault)
        if fault is Fault.BUSY:
            parameters = {"retry_after": ASKS}
            return 429, {"ok": False, "error_code": 429, "description": "slow down", "parameters": parameters}
        if fault in (Fault.REFUSED, Fault.HANGS):
            raise TelegramNetworkError(method, "no answer")
        status, body = self._take(method)
        if fault is Fault.LOST:
            raise TelegramNetworkError(method, "the answer was lost")
        return status, body

    def _take(self, method: TelegramMethod[Any]) -> tuple[int, dict[str, Any]]:
        match method:
            case SendMessage(text=str(text), reply_parameters=reply):
                number = 100 + len(self.posts)
                self.posts[number] = text
                if reply is not None:
                    assert reply.message_id in self.posts
                    self.replies[number] = reply.message_id
                return 200, _message(number, text)
            case EditMessageText(text=str(text), message_id=int(number)) if self.posts.get(number) not in (None, text):
                self.posts[number] = text
                return 200, _message(number, text)
            case _:
                return 400, {"ok": False, "error_code": 400, "description": "Bad Request: message is not modified"}


def _message(number: int, text: str) -> dict[str, Any]:
    chat = {"id": -1001, "type": "channel", "title": "Kyiv"}
    return {"ok": True, "result": {"message_id": number, "date": 1745444160, "chat": chat, "text": text}}


class _ChatSession(BaseSession):
    def __init__(self, chat: Chat) -> None:
        super().__init__()
        self._chat = chat

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ANN401
        status, body = await self._chat.answer(method)
        return self.check_response(bot, method, status, json.dumps(body)).result

    async def stream_content(self, *_args: Any, **_kwargs: Any) -> Any:  # noqa: ANN401
        raise AssertionError("nothing is downloaded")
        yield b""

    async def close(self) -> None:
        """Nothing is open."""


class Phone(Browser):
    """A browser whose worker shows, under each tag, what it got as of the latest moment, whatever came later."""

    def shown(self) -> dict[str, Got]:
        shown: dict[str, Got] = {}
        for got in self.got:
            before = shown.get(got.payload["tag"])
            if before is None or before.payload["position"] <= got.payload["position"]:
                shown[got.payload["tag"]] = got
        return shown


class PushSide:
    """A push service and its phones, by the address of their subscription."""

    url = "https://push.test"

    def __init__(self, luck: Luck) -> None:
        self.luck = luck
        self.phones: dict[str, Phone] = {}

    def phone(self, name: str) -> Phone:
        made = Phone(name, self.url)
        self.phones[made.endpoint] = made
        return made

    async def answer(self, request: httpx.Request) -> httpx.Response:
        fault = self.luck.next()
        await _wait(fault)
        if fault is Fault.BUSY:
            return httpx.Response(429, headers={"Retry-After": str(ASKS)})
        if fault in (Fault.REFUSED, Fault.HANGS):
            raise httpx.ReadTimeout("no answer")
        for _ in range(2 if fault is Fault.TWICE else 1):
            self.phones[str(request.url)].take(request.content, request.headers)
        if fault is Fault.LOST:
            raise httpx.ReadTimeout("the answer was lost")
        return httpx.Response(201)
