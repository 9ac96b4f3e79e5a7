"""A fleet of simulated sirens, each a client of its own on a real MQTT broker."""

import asyncio
import random
import socket
import ssl
from collections.abc import Collection, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import timedelta

import msgspec
from aiomqtt import Client, Message, MqttError, Will

from tocsin.channels.siren_device.rules import GUARD, MAXIMUM_SOUNDING, SirenDevice, SirenState
from tocsin.domain.siren import Local
from tocsin.formats import siren_wire as wire
from tocsin.formats.siren_access import Credential, siren_user
from tocsin.formats.siren_wire import Health, Leaf, Status
from tocsin.kernel.errors import Invalid
from tocsin.kernel.time import Clock, system_clock

PATIENCE = 5.0
"""Seconds for the broker to answer anything before a siren connects anew."""
KEEPALIVE = 30
"""Seconds. A broker says that a siren is dead after one and a half times this."""
SETTLE = 0.3
"""Seconds after subscribing in which all that the broker kept for us arrives. See `_Link._settle`."""
TICK = 0.25
"""Seconds between looks at whether a siren has sounded long enough."""
AT_ONCE = 64
"""How many sirens connect at the same time, so that a restarted broker is not drowned by its own fleet."""
PAUSE = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before the next try to connect, each taken between half and one and a half times."""


class Fleet:
    """
    Simulated sirens, each a client of its own on the broker.

    Args:
        clock: The sirens' clock. A replay gives the scenario's.
        faulty: The sirens whose horn is broken.
        credentials: Siren to what it shows the broker; none where the broker asks for none.
        tls: How to reach a broker that wants TLS.

    Attributes:
        devices: Siren to its rules.
        states: Siren to what it remembers now. Lost with the process: a new fleet has just booted.
        online: The sirens that are connected and subscribed.
    """

    def __init__(
        self,
        host: str,
        port: int,
        realm: str,
        sirens: Iterable[str],
        public_key: str,
        clock: Clock = system_clock,
        *,
        maximum: timedelta = MAXIMUM_SOUNDING,
        faulty: Collection[str] = (),
        credentials: Mapping[str, Credential] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.devices = {
            siren: SirenDevice(realm, siren, public_key, maximum=maximum, works=siren not in faulty) for siren in sirens
        }
        self.states = dict.fromkeys(self.devices, SirenState())
        self.online: set[str] = set()
        self.clock = clock
        self.credentials: Mapping[str, Credential] = credentials or {}
        self.tls = tls
        self._door = asyncio.Semaphore(AT_ONCE)
        self._links = {device.siren: _Link(self, host, port, realm, device) for device in self.devices.values()}

    def sounding(self) -> list[str]:
        """The sirens whose horn is on."""
        now = self.clock()
        return [siren for siren, device in self.devices.items() if device.sounding(self.states[siren], now)]

    async def press(self, siren: str, button: Local, held: timedelta = GUARD) -> None:
        """Hold a button at a siren. Without a link the siren tells of it when it is back."""
        self.states[siren] = self.devices[siren].press(self.states[siren], button, self.clock(), held)
        await self._links[siren].tell_health()

    async def run(self) -> None:
        """Keep all sirens connected until cancelled; then say that they are offline and leave."""
        async with asyncio.TaskGroup() as tasks:
            for link in self._links.values():
                tasks.create_task(link.run(self._door))
            tasks.create_task(self._watch())

    async def all_online(self) -> None:
        """Return once every siren is connected."""
        while len(self.online) < len(self.devices):
            await asyncio.sleep(0.02)

    async def _watch(self) -> None:
        """Let the sirens that have fallen silent by themselves say so."""
        while True:
            await asyncio.sleep(TICK)
            await asyncio.gather(*(link.tell_health() for link in self._links.values() if link.said_sounding))


class _Link:
    """One siren's connection."""

    def __init__(self, fleet: Fleet, host: str, port: int, realm: str, device: SirenDevice) -> None:
        self._fleet = fleet
        self._host = host
        self._port = port
        self._device = device
        self._identifier = siren_user(realm, device.siren)
        self._ack_topic = wire.topic(realm, device.siren, Leaf.ACK)
        self._health_topic = wire.topic(realm, device.siren, Leaf.HEALTH)
        self._client: Client | None = None
        self._said: Health | None = None

    @property
    def said_sounding(self) -> bool:
        return self._said is not None and self._said.sounding is True

    async def run(self, door: asyncio.Semaphore) -> None:
        tries = 0
        while True:
            try:
                async with AsyncExitStack() as stack:
                    async with door:
                        client = await stack.enter_async_context(self._new_client())
                        # A broker may refuse a subscription and leave the siren connected and deaf.
                        if 1 not in await client.subscribe(self._device.topic, qos=1):
                            raise MqttError(f"the broker refused {self._device.topic}")
                    tries = 0
                    await self._serve(client)
            except MqttError:
                # The broker is away. Nothing to tell and nobody to tell it to: the state that was held goes on.
                pass
            await asyncio.sleep(PAUSE[tries] * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
            tries = min(tries + 1, len(PAUSE) - 1)

    def _new_client(self) -> Client:
        credential = self._fleet.credentials.get(self._device.siren)
        will = Will(self._health_topic, wire.encode(Health(status=Status.OFFLINE)), qos=1, retain=True)
        return Client(
            self._host,
            self._port,
            username=credential.username if credential else None,
            password=credential.password if credential else None,
            tls_context=self._fleet.tls,
            identifier=self._identifier,
            clean_session=False,
            will=will,
            keepalive=KEEPALIVE,
            timeout=PATIENCE,
            socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
        )

    async def _serve(self, client: Client) -> None:
        self._client, self._said = client, None
        try:
            await self.say_health()
            self._fleet.online.add(self._device.siren)
            for message in await self._settle(client):
                await self._hear(client, message)
            async for message in client.messages:
                await self._hear(client, message)
        except asyncio.CancelledError:
            with suppress(MqttError):
                await client.publish(
                    self._health_topic, wire.encode(Health(status=Status.OFFLINE)), qos=1, retain=True, timeout=2
                )
            raise
        finally:
            self._client = None
            self._fleet.online.discard(self._device.siren)

    async def _settle(self, client: Client) -> list[Message]:
        """
        What the broker kept for us, newest first.

        After an outage it hands out every state of the meantime, the alert before its all-clear. Heard in that
        order the siren would sound for an alert that is over.
        """
        await asyncio.sleep(SETTLE)
        kept = [await anext(client.messages) for _ in range(len(client.messages))]
        return sorted(kept, key=_claimed_revision, reverse=True)

    async def _hear(self, client: Client, message: Message) -> None:
        siren, now = self._device.siren, self._fleet.clock()
        state, ack = self._device.accept(
            self._fleet.states[siren], bytes(message.payload), now, retained=message.retain
        )
        self._fleet.states[siren] = state
        await client.publish(self._ack_topic, wire.encode(ack), qos=1)
        await self.say_health()

    async def tell_health(self) -> None:
        # A dead connection is the business of `run`, which will say how the siren is on the next one.
        with suppress(MqttError):
            await self.say_health()

    async def say_health(self) -> None:
        """Publish the siren's health if anything in it but the moment has changed since it last was."""
        now, state = self._fleet.clock(), self._fleet.states[self._device.siren]
        health = self._device.health(state, now)
        said = msgspec.structs.replace(health, at=None)
        if self._client is None or said == self._said:
            return
        self._said = said
        await self._client.publish(self._health_topic, wire.encode(health), qos=1, retain=True)


def _claimed_revision(message: Message) -> int:
    try:
        return wire.read_wanted(bytes(message.payload)).revision
    except Invalid:
        return -1
