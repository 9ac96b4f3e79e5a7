"""One bot's calls of the Bot API (through aiogram 3): in turn, and with failures said in our own words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

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
from aiogram.methods import GetMe, GetUpdates, TelegramMethod
from aiogram.types import LinkPreviewOptions, Update
from aiogram.utils.token import TokenValidationError

from tocsin.channels.telegram.turns import Limits, Turns, Urgency
from tocsin.kernel.errors import Invalid, Unavailable, Undeliverable

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds for Telegram to answer. Long enough for a slow line, short enough to be tried again while it matters."""
LISTEN = 25
"""Seconds that Telegram holds a question for news open."""
LIMITS = Limits()


class Gone(Undeliverable):
    """Whom we write to has blocked us, thrown us out, or does not exist any more."""


class Api:
    """
    Use it in one event loop and close it there.

    Args:
        base: Address of a Bot API server of one's own, instead of Telegram's.

    Raises:
        Invalid: If the token has not the form of one.
    """

    def __init__(self, token: str, base: str | None = None, limits: Limits = LIMITS) -> None:
        properties = DefaultBotProperties(
            parse_mode=ParseMode.HTML,
            link_preview=LinkPreviewOptions(is_disabled=True),
            allow_sending_without_reply=True,
        )
        server = TelegramAPIServer.from_base(base) if base else PRODUCTION
        try:
            self._bot = Bot(token, AiohttpSession(api=server, timeout=PATIENCE), properties)
        except TokenValidationError as error:
            raise Invalid(str(error), "telegram.token") from None
        self._turns = Turns(limits)

    async def call(self, method: TelegramMethod[T], chat: str, urgency: Urgency) -> T:
        """
        Make a call about a chat as soon as its turn has come.

        Raises:
            Unavailable: If Telegram cannot be reached, asks to wait, or does not take the token.
            Gone: If the bot may not write there any more.
            Undeliverable: If Telegram refuses the call for another reason.
        """
        await self._turns.take(chat, urgency)
        with self._translated(chat):
            return await self._bot(method)

    async def updates(self, offset: int | None) -> list[Update]:
        """
        What people have written to the bot since; waits for something.

        Raises:
            Unavailable: As `call` does.
        """
        kinds = ["message", "callback_query", "my_chat_member"]
        method = GetUpdates(offset=offset, timeout=LISTEN, allowed_updates=kinds)
        with self._translated("0"):
            return await self._bot(method, request_timeout=int(LISTEN + PATIENCE))

    async def who(self) -> str:
        """
        The bot's own name.

        Raises:
            Unavailable: As `call` does.
        """
        with self._translated("0"):
            return (await self._bot(GetMe())).username or ""

    @contextmanager
    def _translated(self, chat: str) -> Iterator[None]:
        try:
            yield
        except TelegramRetryAfter as error:
            self._turns.hold(chat, error.retry_after)
            raise Unavailable(error.message, retry_after=float(error.retry_after)) from error
        except TelegramForbiddenError as error:
            raise Gone(error.message) from error
        except (TelegramBadRequest, TelegramMigrateToChat) as error:
            raise Undeliverable(error.message) from error
        except (AiogramError, UnicodeDecodeError) as error:
            # A token that is not taken is here too: an operator can mend it, and the all-clear waits until then.
            raise Unavailable(str(error).replace(self._bot.token, "<token>")) from error

    async def close(self) -> None:
        await self._bot.session.close()
