"""
Simulated sirens: the rules a siren in the field keeps, and a fleet of them on a real MQTT broker.

The rules are pure and are the reference for whoever builds a device; docs/channels.md says them in words.
"""

import asyncio
import random
import socket
from collections.abc import Collection, Iterable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta

import msgspec
from aiomqtt import Client, Message, MqttError, Will

from tocsin.domain.siren import Mode, Result
from tocsin.formats import siren_wire as wire
from tocsin.formats.siren_wire import Ack, Health, Leaf, Status, Wanted
from tocsin.kernel.errors import Invalid
from tocsin.kernel.signing import Ed25519Verifier
from tocsin.kernel.time import Clock, system_clock

MAXIMUM_SOUNDING = timedelta(minutes=5)
"""After this a siren falls silent by itself, whatever it was told or failed to be told."""
NONCES = 64
"""How many nonces a siren remembers."""
NEVER = datetime.min.replace(tzinfo=UTC)


class SirenState(msgspec.Struct, frozen=True):
    """
    What a siren remembers.

    Attributes:
        revision: Of the wanted state it holds; -1 after boot.
        honoured: `issued` of the newest alert it has dealt with. While an alert is in force it sounds anew for a
            later one only, so neither an update nor the end of another alert sounds it again.
        sounding_at: When it began to sound for the alert it holds.
        nonces: Of the messages it took, newest last.
    """

    alert: str = ""
    revision: int = -1
    mode: Mode = Mode.OFF
    not_after: datetime = NEVER
    honoured: datetime = NEVER
    sounding_at: datetime | None = None
    nonces: tuple[str, ...] = ()


class SirenDevice:
    """
    The rules of one siren. Pure: states in, states out.

    Args:
        public_key: Pinned when the siren was installed; never taken from a message.
        maximum: Its maximum sounding time. A siren that has just booted also ignores an onset older than this:
            whoever had to hear it would have heard it from the others.
        works: False for one whose horn is broken.
    """

    def __init__(
        self,
        realm: str,
        siren: str,
        public_key: str,
        *,
        maximum: timedelta = MAXIMUM_SOUNDING,
        works: bool = True,
    ) -> None:
        self.siren = siren
        self.topic = wire.topic(realm, siren, Leaf.WANTED)
        self._verifier = Ed25519Verifier(public_key)
        self._maximum = maximum
        self._works = works

    def accept(
        self, state: SirenState, payload: bytes, now: datetime, *, retained: bool = False
    ) -> tuple[SirenState, Ack]:
        """
        Take or refuse what came in on the siren's topic. Total over all bytes.

        Args:
            retained: The broker gave it out because we subscribed, so that it may well be what we have already.
        """
        wanted = self._verified(payload)
        if wanted is None:
            return state, Ack(
                alert=state.alert,
                revision=max(state.revision, 0),
                received_at=now,
                result=Result.REFUSED_SIGNATURE,
            )
        refusal = _refusal(state, wanted, now, retained=retained)
        if refusal is not None:
            return state, Ack(alert=wanted.alert, revision=wanted.revision, received_at=now, result=refusal)
        after = self._take(state, wanted, now)
        sounding_at = after.sounding_at if after.mode is Mode.ALERT else None
        result = self._result(after, now)
        return after, Ack(
            alert=after.alert, revision=after.revision, received_at=now, sounding_at=sounding_at, result=result
        )

    def _verified(self, payload: bytes) -> Wanted | None:
        try:
            signed, signature = wire.signed(self.topic, payload)
            return wire.read_wanted(payload) if self._verifier.accepts(signed, signature) else None
        except Invalid:
            return None

    def _take(self, state: SirenState, wanted: Wanted, now: datetime) -> SirenState:
        nonces = (*(nonce for nonce in state.nonces if nonce != wanted.nonce), wanted.nonce)[-NONCES:]
        if wanted.revision == state.revision:
            return msgspec.structs.replace(state, nonces=nonces)
        after = msgspec.structs.replace(
            state,
            alert=wanted.alert,
            revision=wanted.revision,
            mode=wanted.mode,
            not_after=wanted.not_after,
            nonces=nonces,
        )
        if wanted.mode is not Mode.ALERT:
            return msgspec.structs.replace(after, sounding_at=None)
        in_force = state.mode is Mode.ALERT and now <= state.not_after
        if in_force and wanted.issued <= state.honoured:
            return after
        # A siren that comes back to power hours into an alert must not send a quiet city running again.
        stale = state.revision < 0 and now - wanted.issued > self._maximum
        starts = None if stale or not self._works else now
        return msgspec.structs.replace(after, honoured=max(state.honoured, wanted.issued), sounding_at=starts)

    def _result(self, state: SirenState, now: datetime) -> Result:
        if state.mode is Mode.ALL_CLEAR:
            return Result.CLEARED
        if state.mode in (Mode.ALERT, Mode.TEST_SILENT) and not self._works:
            return Result.FAULTY
        return Result.SOUNDING if self.sounding(state, now) else Result.SILENT

    def sounding(self, state: SirenState, now: datetime) -> bool:
        """True while the horn is on."""
        if state.mode is not Mode.ALERT or state.sounding_at is None:
            return False
        return now < min(state.sounding_at + self._maximum, state.not_after)

    def health(self, state: SirenState, now: datetime) -> Health:
        return Health(status=Status.ONLINE, at=now, sounding=self.sounding(state, now), mains=True, battery=100)


def _refusal(state: SirenState, wanted: Wanted, now: datetime, *, retained: bool) -> Result | None:
    if now > wanted.not_after:
        return Result.REFUSED_EXPIRED
    if wanted.revision < state.revision:
        return Result.REFUSED_OLDER
    again = wanted.nonce in state.nonces
    if again and not (retained and wanted.nonce == state.nonces[-1]):
        return Result.REFUSED_REPLAY
    return None


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
    ) -> None:
        self.devices = {
            siren: SirenDevice(realm, siren, public_key, maximum=maximum, works=siren not in faulty) for siren in sirens
        }
        self.states = dict.fromkeys(self.devices, SirenState())
        self.online: set[str] = set()
        self.clock = clock
        self._door = asyncio.Semaphore(AT_ONCE)
        self._links = [_Link(self, host, port, realm, device) for device in self.devices.values()]

    def sounding(self) -> list[str]:
        """The sirens whose horn is on."""
        now = self.clock()
        return [siren for siren, device in self.devices.items() if device.sounding(self.states[siren], now)]

    async def run(self) -> None:
        """Keep all sirens connected until cancelled; then say that they are offline and leave."""
        async with asyncio.TaskGroup() as tasks:
            for link in self._links:
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
            await asyncio.gather(*(link.fall_silent() for link in self._links if link.said_sounding))


class _Link:
    """One siren's connection."""

    def __init__(self, fleet: Fleet, host: str, port: int, realm: str, device: SirenDevice) -> None:
        self._fleet = fleet
        self._host = host
        self._port = port
        self._device = device
        self._identifier = f"tocsin-{realm}-siren-{device.siren}"
        self._ack_topic = wire.topic(realm, device.siren, Leaf.ACK)
        self._health_topic = wire.topic(realm, device.siren, Leaf.HEALTH)
        self._client: Client | None = None
        self.said_sounding: bool | None = None

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
        will = Will(self._health_topic, wire.encode(Health(status=Status.OFFLINE)), qos=1, retain=True)
        return Client(
            self._host,
            self._port,
            identifier=self._identifier,
            clean_session=False,
            will=will,
            keepalive=KEEPALIVE,
            timeout=PATIENCE,
            socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
        )

    async def _serve(self, client: Client) -> None:
        self._client, self.said_sounding = client, None
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

    async def fall_silent(self) -> None:
        # A dead connection is the business of `run`, which will say how the siren is on the next one.
        with suppress(MqttError):
            await self.say_health()

    async def say_health(self) -> None:
        """Publish the siren's health if its horn went on or off since it last did."""
        now, state = self._fleet.clock(), self._fleet.states[self._device.siren]
        sounding = self._device.sounding(state, now)
        if self._client is None or sounding is self.said_sounding:
            return
        self.said_sounding = sounding
        await self._client.publish(self._health_topic, wire.encode(self._device.health(state, now)), qos=1, retain=True)


def _claimed_revision(message: Message) -> int:
    try:
        return wire.read_wanted(bytes(message.payload)).revision
    except Invalid:
        return -1


async def run_fleet(
    host: str,
    port: int,
    realm: str,
    sirens: Iterable[str],
    public_key: str,
    clock: Clock = system_clock,
    *,
    maximum: timedelta = MAXIMUM_SOUNDING,
    faulty: Collection[str] = (),
) -> None:
    """Run simulated sirens until cancelled. See `Fleet`."""
    await Fleet(host, port, realm, sirens, public_key, clock, maximum=maximum, faulty=faulty).run()
