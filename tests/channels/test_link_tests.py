"""Link tests that no message in a chat can show: what the other side got, and that nobody is alarmed."""

import asyncio
import json
from pathlib import Path

import pytest
from aiomqtt import Client
from tests.bot_api import TOKEN, BotApi
from tests.channels.test_cell_broadcast_channel import Centre, on_air
from tests.channels.test_cell_broadcast_channel import channel as cell_broadcast
from tests.running import free_port
from tests.system.test_replay_equals_live import Time, system

from tocsin.bus.broker import LocalBroker, nats
from tocsin.channels.home_assistant import HomeAssistant, HomeAssistantChannel
from tocsin.channels.siren_mqtt import SirenChannel
from tocsin.channels.telegram.api import Api
from tocsin.channels.telegram.subscribers import SubscriberChannel
from tocsin.flow.channel import LINK_TEST
from tocsin.formats.cell_broadcast import EXERCISES
from tocsin.kernel.errors import Unavailable
from tocsin.storage.receipts import MemoryReceipts
from tocsin.wiring import Mqtt
from tocsin.wiring.sirens import build


def sirens(port: int) -> SirenChannel:
    running = system(Time())
    (channel,) = build(Mqtt(host="127.0.0.1", port=port), running.ports())
    running.system.close()
    return channel


def test_the_sirens_broker_is_asked_for_what_it_holds_and_no_siren_is_told_anything(tmp_path: Path) -> None:
    async def scene(broker: LocalBroker) -> str:
        async with Client(broker.host, broker.port) as siren:
            await siren.publish("tocsin/exercise/sirens/S-1/health", '{"status":"online"}', qos=1, retain=True)
            await siren.subscribe("tocsin/exercise/sirens/+/wanted", qos=1)
            said = await sirens(broker.port).link_test()
            assert len(siren.messages) == 0
        return said

    with nats(tmp_path / "broker") as broker:
        assert asyncio.run(scene(broker)) == "the broker lets us read and holds the health of 1 sirens"


def test_home_assistant_is_left_alone_by_a_test(tmp_path: Path) -> None:
    async def scene(broker: LocalBroker) -> bytes:
        running = system(Time())
        channel = HomeAssistantChannel(HomeAssistant(host=broker.host, port=broker.port), running.ports())
        running.system.close()
        async with Client(broker.host, broker.port) as other:
            await other.subscribe("#", qos=1)
            await channel.link_test()
            async with asyncio.timeout(5):
                message = await anext(aiter(other.messages))
        assert str(message.topic) == "tocsin/exercise/link_test"
        return bytes(message.payload)

    with nats(tmp_path / "broker") as broker:
        assert json.loads(asyncio.run(scene(broker))) == LINK_TEST


@pytest.mark.parametrize("kind", ["siren", "home_assistant"])
def test_a_broker_that_is_not_there_is_unavailable(kind: str) -> None:
    async def scene() -> None:
        port = free_port()
        running = system(Time())
        home = HomeAssistantChannel(HomeAssistant(host="127.0.0.1", port=port), running.ports())
        running.system.close()
        with pytest.raises(Unavailable, match="broker"):
            await (sirens(port) if kind == "siren" else home).link_test()

    asyncio.run(scene())


def test_subscribers_are_not_woken_by_a_test() -> None:
    async def scene() -> None:
        async with BotApi() as api:
            running = system(Time())
            channel = SubscriberChannel(Api(TOKEN, api.url), running.ports(), own=True)
            running.subscribers.add(channel.name, "7", "UA80000000000093317")
            assert await channel.link_test() == "the bot @city_bot answers"
            await channel.close()
            running.system.close()
            assert not api.private

    asyncio.run(scene())


def test_a_cell_broadcast_test_is_on_the_identifiers_for_exercises_whatever_the_realm() -> None:
    async def scene() -> None:
        async with Centre() as centre:
            channel = cell_broadcast(centre.url, MemoryReceipts())
            said = await channel.link_test()
            await channel.close()
            assert said == f"uk on {EXERCISES.local}; en on {EXERCISES.additional}"

            assert {number: on_air(document).text for number, document in centre.air.items()} == {
                EXERCISES.local: LINK_TEST["uk"],
                EXERCISES.additional: LINK_TEST["en"],
            }

    asyncio.run(scene())
