"""Whose turn it is to call the Bot API, so that Telegram's limits are kept and an alert goes before all else."""

import asyncio
from collections import deque
from collections.abc import Callable
from enum import IntEnum
from itertools import count
from time import monotonic
from typing import NamedTuple

NUDGE = 0.01
"""Seconds between looks of one that waits for somebody more urgent."""
REMEMBERED = 20_000
"""Chats whose last call is kept; beyond it those that may be called again are dropped."""


class Urgency(IntEnum):
    """Of a call; the least goes first."""

    POST = 0
    """An alert or its end in the channel: everybody reads it there."""
    SUBSCRIBER = 1
    """The same to one subscriber."""
    REST = 2
    """Bulletins, and answers to what people ask the bot."""


class Limits(NamedTuple):
    """
    What Telegram allows, as its bots FAQ has it: about 30 messages a second in all, one a second in a chat, and 20 a
    minute in a group. A channel is taken for a group.

    Attributes:
        every: Seconds between any two calls.
        chat: Seconds between two calls to one chat.
        minute: Seconds in which a group takes `group` calls.
        spare: Calls in that time after which what is not urgent waits. The rest is for alerts.
    """

    every: float = 1 / 28
    chat: float = 1.05
    minute: float = 61.0
    group: int = 20
    spare: int = 10


class Turns:
    """For one bot, in one event loop."""

    def __init__(self, limits: Limits, now: Callable[[], float] = monotonic) -> None:
        self._limits = limits
        self._now = now
        self._next = 0.0
        self._chats: dict[str, deque[float]] = {}
        self._held: dict[str, float] = {}
        self._held_all = 0.0
        self._waiting: dict[tuple[Urgency, int], str] = {}
        self._tickets = count()

    async def take(self, chat: str, urgency: Urgency) -> None:
        """Return when a call to this chat may go out, the most urgent first, and within one urgency in order."""
        ticket = (urgency, next(self._tickets))
        self._waiting[ticket] = chat
        try:
            while (wait := self._wait(ticket, chat)) > 0:
                await asyncio.sleep(wait)
            self._taken(chat)
        finally:
            del self._waiting[ticket]

    def hold(self, chat: str, seconds: float) -> None:
        """
        Telegram asked to wait. In a group that is the group's own limit. A private chat never gets two calls in a
        second from us, so there it means the whole bot.
        """
        until = self._now() + seconds
        if _group(chat):
            self._held[chat] = until
        else:
            self._held_all = max(self._held_all, until)

    def _wait(self, ticket: tuple[Urgency, int], chat: str) -> float:
        own = max(self._held_all - self._now(), self._next - self._now(), self._chat_wait(chat, ticket[0]))
        if own > 0:
            return own
        # One that is kept back by its own chat alone keeps nobody else waiting.
        before = (other for other in self._waiting if other < ticket)
        return NUDGE if any(self._chat_wait(self._waiting[other], other[0]) <= 0 for other in before) else 0

    def _chat_wait(self, chat: str, urgency: Urgency) -> float:
        now, limits = self._now(), self._limits
        calls = self._chats.get(chat)
        waits = [self._held.get(chat, 0.0) - now]
        if calls:
            waits.append(calls[-1] + limits.chat - now)
        if calls and _group(chat):
            allowed = limits.spare if urgency is Urgency.REST else limits.group
            if len(calls) >= allowed:
                waits.append(calls[-allowed] + limits.minute - now)
        return max(waits)

    def _taken(self, chat: str) -> None:
        now = self._now()
        self._next = now + self._limits.every
        self._chats.setdefault(chat, deque(maxlen=self._limits.group if _group(chat) else 1)).append(now)
        if len(self._chats) > REMEMBERED:
            self._chats = {each: calls for each, calls in self._chats.items() if calls[-1] + self._limits.minute > now}


def _group(chat: str) -> bool:
    """True for a group or a channel: `@name`, or a negative number."""
    return not chat.isdecimal()
