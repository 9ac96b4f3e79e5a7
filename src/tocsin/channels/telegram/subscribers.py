"""The bot that tells each subscriber of their own areas, and answers when asked."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from aiogram.methods import SendMessage

from tocsin.channels.telegram.api import Api, Gone
from tocsin.channels.telegram.dialogue import Dialogue
from tocsin.channels.telegram.posts import alert_post, state_text
from tocsin.channels.telegram.turns import Urgency
from tocsin.domain.warning import AlertNews
from tocsin.flow.channel import Ports, Subscriber
from tocsin.flow.deliver import DeviceResult, Lane, Outcome, alert_deadline, alert_superseded
from tocsin.kernel.errors import TocsinError, Unavailable, Undeliverable
from tocsin.kernel.event import Recorded

_log = logging.getLogger(__name__)

AT_ONCE = 30
"""Messages on their way together. Telegram's limit for a bot is about as many a second."""
ROUND = 300
"""Subscribers after which the results are kept and it is asked whether the news is still news."""
TRIES = 5
"""How often one subscriber is tried before the rest stops waiting for them."""
PAUSE = 3.0
"""Seconds before Telegram is asked for news again after it did not answer."""


class SubscriberChannel:
    """
    One message to each subscriber of an area that an alert concerns: what happened, and what is true of their own
    areas now. So the end of one of two alerts never reads like the end of both.

    Args:
        own: Whether the API is this channel's alone, to be closed with it.
    """

    name = "telegram_subscribers"

    def __init__(self, api: Api, ports: Ports, *, own: bool) -> None:
        self._api = api
        self._ports = ports
        self._own = own
        self._names = ports.names()
        self._dialogue = Dialogue(self.name, api, ports)

    def lane(self, recorded: Recorded) -> Lane | None:
        return Lane.ALERT if isinstance(recorded.event, AlertNews) else None

    def deadline(self, recorded: Recorded) -> datetime | None:
        return alert_deadline(recorded)

    def superseded(self, recorded: Recorded) -> bool:
        return alert_superseded(recorded, self._ports.ended)

    async def send(self, recorded: Recorded) -> str:
        """
        Tell all who have not been told.

        Raises:
            Unavailable: If some could not be reached and are to be tried again.
        """
        done = self._ports.devices.devices(self.name, recorded.position)
        tries = {each.device: each.tries for each in done if each.outcome is Outcome.FAILED}
        settled = {each.device for each in done} - tries.keys()
        todo = [each for each in self._concerned(recorded) if each.device not in settled]
        results: list[DeviceResult] = []
        for start in range(0, len(todo), ROUND):
            if self.superseded(recorded):
                # Whoever was not told yet is told of the end instead, and nobody's all-clear waits for this.
                rest = [DeviceResult(each.device, Outcome.SUPERSEDED) for each in todo[start:]]
                results += self._keep(recorded, rest)
                break
            results += self._keep(recorded, await self._round(recorded, todo[start : start + ROUND], tries))
        return _summary([*(each.outcome for each in done if each.device in settled), *(r.outcome for r in results)])

    def _keep(self, recorded: Recorded, results: list[DeviceResult]) -> list[DeviceResult]:
        self._ports.devices.record_devices(self.name, recorded.position, self._ports.clock(), results)
        return results

    def _concerned(self, recorded: Recorded) -> list[Subscriber]:
        areas = self._ports.concerned(recorded)
        return sorted(self._ports.subscribers.of(self.name, areas), key=lambda each: each.areas)

    async def _round(self, recorded: Recorded, todo: Sequence[Subscriber], tries: dict[str, int]) -> list[DeviceResult]:
        texts = {areas: self._text(recorded, areas) for areas, _ in groupby(todo, key=lambda each: each.areas)}
        queue, results = iter(todo), list[DeviceResult]()

        async def work() -> None:
            for each in queue:
                last = tries.get(each.device, 0) + 1 >= TRIES
                results.append(await self._tell(each, texts[each.areas], last=last))

        async with asyncio.TaskGroup() as tasks:
            for _ in range(min(AT_ONCE, len(todo))):
                tasks.create_task(work())
        return results

    def _text(self, recorded: Recorded, areas: tuple[str, ...]) -> str:
        with self._ports.looking():
            states = [self._ports.views.board.area(area) for area in areas]
        news = alert_post(recorded.event, recorded.realm, self._names).text
        return f"{news}\n\n{state_text(states, self._names, self._ports.city.facts.time_zone)}"

    async def _tell(self, subscriber: Subscriber, text: str, *, last: bool) -> DeviceResult:
        try:
            message = SendMessage(chat_id=int(subscriber.address), text=text)
            await self._api.call(message, subscriber.address, Urgency.SUBSCRIBER)
        except Gone as error:
            self._dialogue.forget(subscriber.address)
            return DeviceResult(subscriber.device, Outcome.UNDELIVERABLE, error.message)
        except Undeliverable as error:
            return DeviceResult(subscriber.device, Outcome.UNDELIVERABLE, error.message)
        except Unavailable as error:
            return DeviceResult(subscriber.device, Outcome.UNDELIVERABLE if last else Outcome.FAILED, error.message)
        return DeviceResult(subscriber.device, Outcome.SENT)

    async def run(self) -> None:
        """Answer what people write to the bot, until cancelled."""
        offset: int | None = None
        while True:
            try:
                updates = await self._api.updates(offset)
            except Unavailable as error:
                await asyncio.sleep(max(PAUSE, error.retry_after or 0))
                continue
            for update in updates:
                offset = update.update_id + 1
                try:
                    await self._dialogue.answer(update)
                except TocsinError as error:
                    # Whom we cannot answer asks again; those behind them in the queue must not wait.
                    _log.info("an answer did not go out: %s", error)

    async def link_test(self) -> str:
        """Ask who the bot is. A test is no reason to wake everybody who has subscribed."""
        return f"the bot @{await self._api.who()} answers"

    async def close(self) -> None:
        if self._own:
            await self._api.close()


def _summary(outcomes: Sequence[Outcome]) -> str:
    counts = {outcome: outcomes.count(outcome) for outcome in Outcome}
    said = f"{counts[Outcome.SENT]} of {len(outcomes)} subscribers"
    others = [f"{counts[each]} {each}" for each in (Outcome.UNDELIVERABLE, Outcome.SUPERSEDED) if counts[each]]
    if counts[Outcome.FAILED]:
        raise Unavailable(", ".join([said, f"{counts[Outcome.FAILED]} to be tried again", *others]))
    return ", ".join([said, *others])
