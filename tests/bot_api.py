"""Telegram's side, on this machine: a Bot API server that keeps what is posted and refuses what the real one does."""

import asyncio
import json
import re
from collections import defaultdict, deque
from collections.abc import Callable
from html import unescape
from time import monotonic
from typing import Any

from aiohttp import web

TOKEN = "42:TEST-token_of-a-bot"
CHAT = "@kyiv_alerts"

Failure = Callable[[web.Request], web.Response]
Fields = dict[str, str]


class BotApi:
    """
    Keeps the posts of a chat and of private chats, hands out what people write, and enforces the limits.

    Args:
        second: What it takes for a second, so that a test of the limits need not last a minute. None: no limits.

    Attributes:
        posts: Message id to its text as it stands now, with the HTML still in it.
        replies: Message id to the message it replies to.
        failures: What to answer instead, one for each call to come. None answers as usual.
        private: Number of a person to the texts they got.
        albums: The captions of each album and photo, as they were sent.
        captions: Number of a photo to its caption as it stands now.
        blocked: People who have blocked the bot.
        refused: How often a limit was broken.
    """

    def __init__(self, second: float | None = None) -> None:
        self.calls: list[tuple[str, Fields]] = []
        self.posts: dict[int, str] = {}
        self.replies: dict[int, int] = {}
        self.failures: list[Failure | None] = []
        self.private: dict[int, list[str]] = defaultdict(list)
        self.keyboards: dict[int, list[tuple[str, str]]] = {}
        self.albums: list[list[str]] = []
        self.files: list[bytes] = []
        self.captions: dict[int, str] = {}
        self.blocked: set[int] = set()
        self.refused = 0
        self.url = ""
        self._second = second
        self._times: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=30))
        self._updates: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "BotApi":
        app = web.Application(client_max_size=200_000_000)
        app.router.add_post("/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def write(self, person: int, text: str) -> None:
        """A person writes to the bot."""
        message = {"message_id": 1, "date": 1745444160, "chat": private(person), "from": user(person), "text": text}
        self._update({"message": message})

    def press(self, person: int, data: str) -> None:
        """A person presses a button under the last keyboard they got."""
        message = {"message_id": 1, "date": 1745444160, "chat": private(person), "text": "…"}
        query = {"id": "q", "from": user(person), "chat_instance": "c", "data": data, "message": message}
        self._update({"callback_query": query})

    def block(self, person: int) -> None:
        """A person blocks the bot, and Telegram says so."""
        self.blocked.add(person)
        old = {"status": "member", "user": user(42)}
        new = {"status": "kicked", "user": user(42), "until_date": 0}
        changed = {"chat": private(person), "from": user(person), "date": 1745444160}
        self._update({"my_chat_member": changed | {"old_chat_member": old, "new_chat_member": new}})

    def _update(self, fields: dict[str, Any]) -> None:
        self._updates.append({"update_id": len(self._updates) + 1, **fields})
        self._news.set()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        files = [value.file.read() for value in form.values() if isinstance(value, web.FileField)]
        method = request.match_info["method"]
        if method == "getUpdates":
            return await self._hand_out(int(fields.get("offset", "0")))
        self.calls.append((method, fields))
        if self.failures and (failure := self.failures.pop(0)) is not None:
            return failure(request)
        if request.match_info["token"] != TOKEN:
            return refusal(401, "Unauthorized")
        if method == "getMe":
            return web.json_response({"ok": True, "result": user(42) | {"username": "city_bot"}})
        if method == "answerCallbackQuery":
            return web.json_response({"ok": True, "result": True})
        return self._to_chat(method, fields, files)

    def _to_chat(self, method: str, fields: Fields, files: list[bytes]) -> web.Response:
        chat = fields["chat_id"]
        if chat != CHAT and not chat.isdecimal():
            return refusal(400, "Bad Request: chat not found")
        if (wait := self._too_fast(chat)) > 0:
            self.refused += 1
            return refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        if chat.isdecimal() and int(chat) in self.blocked:
            return refusal(403, "Forbidden: bot was blocked by the user")
        if method in ("sendPhoto", "sendMediaGroup"):
            return self._album(method, fields, files)
        if method == "editMessageReplyMarkup":
            self.keyboards[int(chat)] = buttons(fields)
            return message(1, "…", int(chat))
        if method == "editMessageCaption":
            return self._caption(fields)
        text = plain(fields["text"])
        if fields.get("parse_mode") != "HTML" or not text or len(text.encode("utf-16-le")) // 2 > 4096:
            return refusal(400, "Bad Request: message is too long or not HTML")
        return self._edit(fields) if method == "editMessageText" else self._post(fields)

    def _too_fast(self, chat: str) -> int:
        """Seconds to wait by the bots FAQ: 30 a second in all, one a second in a chat, 20 a minute in a group."""
        if self._second is None:
            return 0
        now, second = monotonic(), self._second
        rules = [("", 30, second), (chat, 1, second)] + [(chat, 20, 60 * second)] * (not chat.isdecimal())
        for key, allowed, window in rules:
            times = self._times[key]
            if len(times) >= allowed and times[-allowed] + window > now:
                return max(1, round(times[-allowed] + window - now))
        self._times[""].append(now)
        self._times[chat].append(now)
        return 0

    def _post(self, fields: Fields) -> web.Response:
        number = 100 + len(self.calls)
        if fields["chat_id"].isdecimal():
            person = int(fields["chat_id"])
            self.private[person].append(fields["text"])
            self.keyboards[person] = buttons(fields)
            return message(number, fields["text"], person)
        if "reply_parameters" in fields and not self._reply(number, fields):
            return refusal(400, "Bad Request: message to be replied not found")
        self.posts[number] = fields["text"]
        return message(number, fields["text"])

    def _reply(self, number: int, fields: Fields) -> bool:
        reply = json.loads(fields["reply_parameters"])
        if reply["message_id"] in self.posts:
            self.replies[number] = reply["message_id"]
        return number in self.replies or bool(reply.get("allow_sending_without_reply"))

    def _album(self, method: str, fields: Fields, files: list[bytes]) -> web.Response:
        media = json.loads(fields["media"]) if method == "sendMediaGroup" else [fields]
        captions = [each.get("caption", "") for each in media]
        if method == "sendMediaGroup" and not 2 <= len(media) <= 10:
            return refusal(400, "Bad Request: group send failed: 2 to 10 items")
        if any(len(plain(each).encode("utf-16-le")) // 2 > 1024 for each in captions):
            return refusal(400, "Bad Request: message caption is too long")
        assert len(files) == len(media)
        number = 100 + len(self.calls)
        self._reply(number, fields)
        self.albums.append(captions)
        self.files += files
        numbers = [number * 1000 + index for index in range(len(media))]
        self.captions |= dict(zip(numbers, captions, strict=True))
        sent = [json.loads(message(each, "…").text or "")["result"] for each in numbers]
        return web.json_response({"ok": True, "result": sent if method == "sendMediaGroup" else sent[0]})

    def _caption(self, fields: Fields) -> web.Response:
        number = int(fields["message_id"])
        if number not in self.captions:
            return refusal(400, "Bad Request: message to edit not found")
        self.captions[number] = fields["caption"]
        return message(number, "…")

    def _edit(self, fields: Fields) -> web.Response:
        number = int(fields["message_id"])
        if number not in self.posts:
            return refusal(400, "Bad Request: message to edit not found")
        if self.posts[number] == fields["text"]:
            return refusal(400, "Bad Request: message is not modified")
        self.posts[number] = fields["text"]
        return message(number, fields["text"])

    async def _hand_out(self, offset: int) -> web.Response:
        due = [update for update in self._updates if update["update_id"] >= offset]
        if not due:
            self._news.clear()
            await self._news.wait()
            due = [update for update in self._updates if update["update_id"] >= offset]
        return web.json_response({"ok": True, "result": due})


def private(person: int) -> dict[str, Any]:
    return {"id": person, "type": "private", "first_name": "Olena"}


def user(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": person == 42, "first_name": "Olena"}


def buttons(fields: Fields) -> list[tuple[str, str]]:
    markup = json.loads(fields.get("reply_markup", "{}"))
    return [(each["text"], each["callback_data"]) for row in markup.get("inline_keyboard", ()) for each in row]


def plain(text: str) -> str:
    """What Telegram shows of a text. Tags other than its own are refused, as they are there."""
    shown = re.sub(r"</?(b|s)>", "", text)
    return "" if re.search(r"<|&(?!(lt|gt|amp);)", shown) else unescape(shown)


def message(number: int, text: str, person: int | None = None) -> web.Response:
    chat = {"id": -1001, "type": "channel", "title": "Kyiv"} if person is None else private(person)
    return web.json_response(
        {"ok": True, "result": {"message_id": number, "date": 1745444160, "chat": chat, "text": plain(text)}}
    )


def refusal(code: int, description: str, **parameters: int) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=code)


def hang_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
