"""A Telegram channel: one post for each message of an alert and for each bulletin (Bot API, through aiogram 3)."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from html import escape
from time import monotonic
from typing import NamedTuple, TypeAlias

import msgspec
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)
from aiogram.types import LinkPreviewOptions, ReplyParameters
from aiogram.utils.token import TokenValidationError

from tocsin.domain.bulletins import BulletinPublished, BulletinRetracted
from tocsin.domain.warning import (
    ADVICE,
    EXERCISE,
    TITLES,
    AlertCancelled,
    AlertCleared,
    AlertExpired,
    AlertRaised,
    AlertUpdated,
    Phase,
)
from tocsin.flow.channel import ChannelKind, Memory, Ports
from tocsin.flow.deliver import Lane, alert_deadline, alert_superseded
from tocsin.kernel.errors import Invalid, Unavailable, Undeliverable
from tocsin.kernel.event import Recorded

AlertNews: TypeAlias = AlertRaised | AlertUpdated | AlertCleared | AlertCancelled | AlertExpired
BulletinNews: TypeAlias = BulletinPublished | BulletinRetracted

# A shape of its own for each phase: never colour alone.
SYMBOLS = {
    Phase.PRE_ALERT: "⚠️",
    Phase.ALERT: "🚨",
    Phase.ALL_CLEAR: "✅",
    Phase.CORRECTION: "↩️",
    Phase.EXPIRED: "❔",
}
UPDATED = {"uk": "оновлено", "en": "updated"}
TITLES_OF_BULLETINS = {"uk": "Зведення №", "en": "Bulletin No."}

PATIENCE = 10.0
"""Seconds for Telegram to answer. Long enough for a slow line, short enough to be tried again while it matters."""
LONGEST = 4096
"""Of a post, in UTF-16 units without the HTML. Telegram refuses a longer one."""
LONGEST_TEXT = 1500
LONGEST_PLACES = 300
"""Of an alert, in UTF-16 units. Both, in two languages, leave room for the rest of a post."""
MINUTE = 60.0
SPARE = 10
"""Posts in a minute after which bulletins wait. Telegram allows a chat about twenty; the rest is for alerts."""


class Telegram(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Attributes:
        chat: The channel to post to, such as @city_alerts or a numeric id.
        api: The address of a Bot API server other than Telegram's own.
    """

    token: str
    chat: str
    api: str | None = None


class Post(NamedTuple):
    """
    Attributes:
        thread: The alert or the bulletin it belongs to. All posts of one reply to its first.
        step: Which post of the thread it is.
        over: What the first post was called, to be struck out, if this one ends the thread.
    """

    thread: str
    step: str
    text: str
    over: str = ""


class TelegramChannel:
    """
    Posts to one chat. Use it in one event loop and close it there.

    Sending twice is harmless once Telegram's answer was kept. Between its answer and that moment, or when the
    answer is lost on the way, nothing can tell whether the post is there, and a second one appears: the Bot API
    takes no idempotency key. For an alert a second post is the lesser evil.

    Args:
        token: Of the bot. It must be an administrator of the chat.
        chat: `@name` or the number of the chat.
        names: Area code to its names by language.
        ended: Tells whether an alert is over by something later than a revision.
        api: Address of a Bot API server of one's own, instead of Telegram's.

    Raises:
        Invalid: If the token has not the form of one.
    """

    name = "telegram"

    def __init__(
        self,
        token: str,
        chat: str,
        names: Mapping[str, Mapping[str, str]],
        posted: Memory,
        ended: Callable[[str, int], bool],
        api: str | None = None,
    ) -> None:
        server = TelegramAPIServer.from_base(api) if api else PRODUCTION
        properties = DefaultBotProperties(
            parse_mode=ParseMode.HTML,
            link_preview=LinkPreviewOptions(is_disabled=True),
            allow_sending_without_reply=True,
        )
        try:
            self._bot = Bot(token, AiohttpSession(api=server, timeout=PATIENCE), properties)
        except TokenValidationError as error:
            raise Invalid(str(error), "telegram.token") from None
        self._chat = chat
        self._names = names
        self._posted = posted
        self._ended = ended
        self._calls: deque[float] = deque(maxlen=SPARE)

    def lane(self, recorded: Recorded) -> Lane | None:
        if isinstance(recorded.event, AlertNews):
            return Lane.ALERT
        return Lane.INFO if isinstance(recorded.event, BulletinNews) else None

    def deadline(self, recorded: Recorded) -> datetime | None:
        return alert_deadline(recorded)

    def superseded(self, recorded: Recorded) -> bool:
        return alert_superseded(recorded, self._ended)

    async def send(self, recorded: Recorded) -> str:
        """
        Post, and when this ends an alert or withdraws a bulletin, also show so in its first post.

        Raises:
            Unavailable: If Telegram cannot be reached, asks to wait, or does not take the token.
            Undeliverable: If Telegram refuses the post: no such chat, or the bot was thrown out of it.
        """
        event: AlertNews | BulletinNews = recorded.event
        if isinstance(event, AlertNews):
            post = _alert_post(event, recorded.realm, self._names)
        else:
            self._leave_room_for_alerts()
            post = _bulletin_post(event, recorded.realm)
        thread = f"telegram/{recorded.realm}/{self._chat}/{post.thread}"
        first = self._posted.get(thread)
        message = await self._post_once(f"{thread}/{post.step}", post.text, first)
        if first is None:
            self._posted.put(thread, message)
        elif post.over and first != message:
            return f"message {message}; {await self._strike(first, post)}"
        return f"message {message}"

    def _leave_room_for_alerts(self) -> None:
        # Telegram's limit is one for all that a bot posts to a chat: it answered 429 to alerts because of what went
        # before them.
        if len(self._calls) == SPARE and (wait := self._calls[0] + MINUTE - monotonic()) > 0:
            raise Unavailable("the other posts of this minute are kept for alerts", retry_after=wait)

    async def _post_once(self, key: str, text: str, reply_to: int | None) -> int:
        # When only what comes after the post failed, the next try must not post again.
        if (message := self._posted.get(key)) is not None:
            return message
        reply = ReplyParameters(message_id=reply_to) if reply_to is not None else None
        with self._translated():
            sent = await self._bot.send_message(self._chat, text, reply_parameters=reply)
        self._posted.put(key, sent.message_id)
        return sent.message_id

    async def _strike(self, first: int, post: Post) -> str:
        """An edit notifies nobody, so it comes on top of the new post and never instead of it."""
        struck = f"<s>{post.over}</s>\n{post.text}"
        with self._translated():
            try:
                await self._bot.edit_message_text(struck, chat_id=self._chat, message_id=first)
            except (TelegramBadRequest, TelegramForbiddenError) as error:
                # The post that tells of the end is out. An administrator may have deleted the first one.
                return f"message {first} not edited: {error.message}"
        return f"message {first} edited"

    @contextmanager
    def _translated(self) -> Iterator[None]:
        self._calls.append(monotonic())
        try:
            yield
        except TelegramRetryAfter as error:
            raise Unavailable(error.message, retry_after=float(error.retry_after)) from error
        except (TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat) as error:
            raise Undeliverable(error.message) from error
        except (AiogramError, UnicodeDecodeError) as error:
            # A token that is not taken is here too: an operator can mend it, and the all-clear waits until then.
            raise Unavailable(str(error).replace(self._bot.token, "<token>")) from error

    async def close(self) -> None:
        await self._bot.session.close()


def _alert_post(event: AlertNews, realm: str, names: Mapping[str, Mapping[str, str]]) -> Post:
    phase = _phase(event)
    written = {} if isinstance(event, AlertExpired) else event.texts
    parts = []
    for language, title in TITLES[phase].items():
        word = f"{title}, {UPDATED[language]}" if isinstance(event, AlertUpdated) else title
        places = ", ".join(_name(names.get(code, {}), language) or code for code in event.areas)
        text = written.get(language) or ADVICE[phase][language]
        lines = [f"{SYMBOLS[phase]} <b>{word.upper()}</b>", _shown(places, LONGEST_PLACES), _shown(text, LONGEST_TEXT)]
        parts.append("\n".join(lines))
    over = " / ".join(TITLES[Phase.ALERT].values()) if isinstance(event, AlertCleared | AlertCancelled) else ""
    return Post(f"alert/{event.alert}", str(event.revision), "\n\n".join([*_mark(realm), *parts]), over)


def _name(names: Mapping[str, str], language: str) -> str:
    return names.get(language) or names.get("uk", "")


def _bulletin_post(event: BulletinNews, realm: str) -> Post:
    thread = f"bulletin/{event.attack}/{event.number}"
    if isinstance(event, BulletinRetracted):
        parts = [_shown(event.texts[language], LONGEST_TEXT) for language in TITLES_OF_BULLETINS]
        over = " / ".join(f"{title} {event.number}" for title in TITLES_OF_BULLETINS.values())
        return Post(thread, "retracted", "\n\n".join([*_mark(realm), *parts]), over)
    content = event.content
    told = {language: content.texts[language].removeprefix(title).strip() for language, title in content.titles.items()}
    if _units("".join([*content.titles.values(), *told.values()])) > LONGEST - 100:
        # The one sentence that says the most, whole: a text that is cut could lose a digit of a figure.
        told = content.lead
    parts = [
        f"<b>{escape(content.titles[language], quote=False)}</b>\n{escape(told[language], quote=False)}"
        for language in TITLES_OF_BULLETINS
    ]
    return Post(thread, "published", "\n\n".join([*_mark(realm), *parts]))


def _phase(event: AlertNews) -> Phase:
    match event:
        case AlertCleared():
            return Phase.ALL_CLEAR
        case AlertCancelled():
            return Phase.CORRECTION
        case AlertExpired():
            return Phase.EXPIRED
        case _:
            return event.phase


def _mark(realm: str) -> list[str]:
    return [] if realm == "live" else [f"<b>{' / '.join(EXERCISE.values())}</b>"]


def _shown(text: str, longest: int) -> str:
    """Fit to stand in a post: cut where it is too long, and with nothing in it that Telegram takes for HTML."""
    if _units(text) > longest:
        text = text.encode("utf-16-le", "replace")[: 2 * longest - 2].decode("utf-16-le", "ignore") + "…"
    return escape(text, quote=False)


def _units(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text.encode("utf-16-le", "replace")) // 2


def build(settings: Telegram, ports: Ports) -> list[TelegramChannel]:
    return [TelegramChannel(settings.token, settings.chat, ports.names(), ports.memory, ports.ended, settings.api)]


CHANNEL = ChannelKind(Telegram, build)
