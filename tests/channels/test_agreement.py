"""Whatever happens, and whatever fails on the way, the last word of every channel is what the board says."""

import asyncio
import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.bot_api import CHAT, TOKEN, BotApi, Failure, hang_up, plain, refusal
from tests.channels.test_webhook import SECRET
from tests.running import KYIV, PODIL
from tests.system.test_replay_equals_live import ADMIN, Time, system

from tocsin.channels.telegram.api import Api
from tocsin.channels.telegram.channel import TelegramChannel
from tocsin.channels.telegram.turns import Limits
from tocsin.channels.webhook import Endpoint, WebhookChannel
from tocsin.domain.warning import (
    TITLES,
    CancelAlert,
    ClearAlert,
    ExpireAlert,
    Phase,
    RaiseAlert,
    Threat,
    UpdateAlert,
)
from tocsin.flow.deliver import Channel, Delivery, Lane
from tocsin.flow.outside import Outside
from tocsin.kernel.errors import TocsinError, Unavailable
from tocsin.kernel.event import Command
from tocsin.wiring import Running

ALERTS = ("k-1", "k-2", "k-3")

commands = st.one_of(
    st.builds(
        RaiseAlert,
        alert=st.sampled_from(ALERTS),
        areas=st.sampled_from([(KYIV,), (PODIL,), (KYIV, PODIL)]),
        threat=st.sampled_from(Threat),
        phase=st.sampled_from([Phase.ALERT, Phase.PRE_ALERT]),
    ),
    st.builds(
        UpdateAlert,
        alert=st.sampled_from(ALERTS),
        areas=st.sampled_from([None, (PODIL,), (KYIV,)]),
        threat=st.sampled_from(Threat),
    ),
    st.builds(ClearAlert, alert=st.sampled_from(ALERTS)),
    st.builds(CancelAlert, alert=st.sampled_from(ALERTS), reason=st.just("radar")),
    st.builds(ExpireAlert, alert=st.sampled_from(ALERTS)),
)
# A command, the hours that pass before it, and how many calls fail after it; None: nobody delivers in between.
histories = st.lists(
    st.tuples(commands, st.sampled_from([0, 0, 1, 13]), st.one_of(st.none(), st.integers(0, 2))), min_size=1, max_size=8
)


class Endpoints(Outside):
    """The other side of the webhook, without a wire: it fails as often as it is told to."""

    def __init__(self) -> None:
        super().__init__(1)
        self.failing = 0
        self.bodies: list[dict[str, Any]] = []

    async def call(self, method: str, url: object, *, content: bytes = b"", headers: object = None) -> Any:  # noqa: ANN401
        import httpx

        if self.failing > 0:
            self.failing -= 1
            raise Unavailable("no answer")
        self.bodies.append(json.loads(content))
        return httpx.Response(200)


async def carry_out(running: Running, api: BotApi, history: list[tuple[Command, int, int | None]]) -> Endpoints:
    """The history, with both channels brought up to date in between and at the end."""
    ports, clock, endpoints = running.ports(), running.system.clock, Endpoints()
    assert isinstance(clock, Time)
    bot = Api(TOKEN, api.url, Limits(every=0, chat=0, minute=0))
    told = (ports.names(), ports.memory, ports.ended, ports.standing)
    telegram = TelegramChannel(bot, CHAT, *told, Outside(1), photo=ports.photo)
    webhook = WebhookChannel(Endpoint(name="one", url="https://hooks.example/", secret=SECRET), ports)
    await webhook.close()
    webhook._outside = endpoints
    channels: list[Channel] = [telegram, webhook]
    delivery = Delivery(
        running.system.journal, running.receipts, channels, clock, running.bell, running.system.projector.catch_up
    )
    for command, hours, failing in [*history, (ClearAlert(alert="none"), 0, 0)]:
        clock.now += timedelta(hours=hours, seconds=1)
        # What is not allowed in this phase is refused, and nothing is to be told.
        with suppress(TocsinError):
            await running.system.do_soon(command, ADMIN)
        for notice in running.system.views.board.standing():
            # As the policies do: an alert that ran out is said to have, and never just falls silent.
            with suppress(TocsinError):
                await running.system.do_soon(ExpireAlert(alert=notice.alert), ADMIN)
        if failing is None:
            continue
        failures: list[Failure | None] = [hang_up, lambda _: refusal(502, "Bad Gateway")]
        api.failures = failures[:failing]
        endpoints.failing = failing
        for channel in channels:
            await delivery.drain(channel, Lane.ALERT, running.receipts.cursor(channel.name, Lane.ALERT) or 0)
    await telegram.close()
    await endpoints.close()
    return endpoints


@pytest.mark.heavy
@settings(max_examples=15)
@given(history=histories)
def test_the_last_post_and_the_last_call_of_every_alert_say_what_the_board_says(
    history: list[tuple[Command, int, int | None]],
) -> None:
    async def scene() -> None:
        running = system(Time())
        async with BotApi() as api:
            endpoints = await carry_out(running, api, history)
        board = running.system.views.board
        for alert in ALERTS:
            chain = sorted((n for n in board.notices() if n.alert == alert), key=lambda n: n.position)
            told = [body for body in endpoints.bodies if body["notice"]["alert"] == alert]
            assert bool(chain) == bool(told)
            if not chain:
                continue
            assert told[-1]["phase"] == chain[-1].phase
            assert told[-1]["notice"]["revision"] == chain[-1].revision
            thread = f"telegram/exercise/{CHAT}/alert/{alert}"
            last = running.receipts.get(f"{thread}/{chain[-1].revision}")
            assert last is not None
            assert TITLES[chain[-1].phase]["uk"].upper() in plain(api.posts[last])
            first = running.receipts.get(thread)
            if chain[-1].phase in (Phase.ALL_CLEAR, Phase.CORRECTION):
                # Whoever scrolls up to the alert must see that it is over.
                assert first is not None
                assert TITLES[chain[-1].phase]["uk"].upper() in plain(api.posts[first])
        running.system.close()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tocsin.flow.deliver.BACKOFF", (0.0,))
        asyncio.run(scene())
