"""
Sirens over MQTT 3.1.1: each one's wanted state, retained and signed; its acknowledgement and its health.

An acknowledgement by the broker proves nothing but the broker, so the sirens answer themselves.
"""

import asyncio
import random
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import token_urlsafe
from time import monotonic
from typing import Protocol, TypeVar

import msgspec
from aiomqtt import Client, Message, MqttError

from tocsin.domain.siren import (
    BATCH,
    Acknowledgement,
    Condition,
    Mode,
    ReportSirens,
    SirenTestEnded,
    SirenTestStarted,
    day_of,
)
from tocsin.domain.warning import NEWS
from tocsin.flow.deliver import Lane
from tocsin.formats import siren_wire as wire
from tocsin.formats.siren_access import Credential, server_user
from tocsin.formats.siren_wire import Leaf, Status, Wanted
from tocsin.kernel.errors import Invalid, Unavailable
from tocsin.kernel.event import Recorded
from tocsin.kernel.signing import Signer
from tocsin.kernel.tasks import apart
from tocsin.kernel.time import Clock

T = TypeVar("T")
Report = Callable[[ReportSirens], Awaitable[object]]

QUIET_FOR = timedelta(days=365)
"""How long a wanted silence is valid. Silence must not run out, whatever else expires."""
WINDOW = 64
"""How many publications may be without the broker's acknowledgement at once."""
PATIENCE = 10.0
"""Seconds for the broker to acknowledge, and to answer anything at all."""
LISTEN = 2.0
"""Seconds in which the broker hands out what it holds, when a link is tried."""
GATHER = 0.2
"""Seconds in which acknowledgements are gathered into one report."""
GRACE = 5.0
"""Seconds that a siren may sound on after it was told to be silent before that is an alarm."""
HELD = 100_000
"""How many acknowledgements are held while nobody takes them. Beyond it they are counted as lost."""
TRIES = 5
"""How often a report may fail in a way nobody foresaw before it is dropped, counted."""
PAUSE = (0.5, 1.0, 2.0, 5.0)
"""Seconds before the next try to connect, each taken between half and one and a half times."""


class SirenWish(msgspec.Struct, frozen=True):
    """
    What one siren should be doing now.

    Attributes:
        revision: The journal position of the last event that concerned this siren. It must never go back, or the
            sirens will refuse it; 0 if there was none.
        since: When the siren's mode last changed. While an alert is in force a siren sounds anew for a later `since`,
            so it moves only when a new alert begins.
        not_after: When the alert ends. None for a silence.
    """

    alert: str
    mode: Mode
    revision: int
    since: datetime
    not_after: datetime | None = None


class WantedBoard(Protocol):
    """What the sirens should be doing, from the board."""

    def wanted(self, position: int) -> Mapping[str, SirenWish]:
        """
        Every siren of the city by its id, as of the journal's `position` or anything later.

        A board that lagged behind would have an alert marked as sent that no siren ever got.
        """


class Faults(msgspec.Struct):
    """
    What came in and could not be used. Shown to the operator: somebody's device is broken, or is no device.

    Attributes:
        malformed: Messages that are not what the topic says.
        strangers: Messages of sirens that the city does not have, or about states that were never sent.
        lost: Acknowledgements that nobody took.
        last: The newest fault in words.
    """

    malformed: int = 0
    strangers: int = 0
    lost: int = 0
    last: str = ""


class SirenChannel:
    """
    Keeps every siren's wanted state on the broker. Implements `flow.deliver.Channel`.

    It always publishes the state of now, never the state of the event it was called for: so it is never
    superseded, and an alert that is over cannot go out late.

    Args:
        report: Takes what the sirens say and returns once it is kept. Called from `run`, one call at a time.
        identifier: The MQTT client id. Fixed, so that acknowledgements wait in the broker while we restart; two
            processes with one id throw each other out.
        tester: Who `link_test` connects as. A broker that makes the user name the client id would take one with
            the server's own for the server, and throw that out.

    Attributes:
        connected: Whether there is a connection to the broker now.
        trouble: Why there is none, in words; empty while there is.
        faults: See `Faults`.
    """

    name = "siren"

    def __init__(
        self,
        host: str,
        port: int,
        realm: str,
        board: WantedBoard,
        signer: Signer,
        clock: Clock,
        report: Report,
        *,
        username: str | None = None,
        password: str | None = None,
        tester: Credential | None = None,
        tls: ssl.SSLContext | None = None,
        identifier: str = "",
    ) -> None:
        self._host, self._port, self._realm = host, port, realm
        self._username, self._password, self._tester, self._tls = username, password, tester, tls
        self._identifier = identifier or server_user(realm)
        self._board = board
        self._signer = signer
        self._clock = clock
        self._client: Client | None = None
        self._lost = asyncio.Event()
        self._told: dict[str, SirenWish] = {}
        self._telling = asyncio.Lock()
        self._urgent = 0
        self.trouble = "not started"
        self.faults = Faults()
        self._inbox = _Inbox(report, clock, self.faults)

    @property
    def connected(self) -> bool:
        return self._client is not None

    def lane(self, recorded: Recorded) -> Lane | None:
        if isinstance(recorded.event, SirenTestStarted | SirenTestEnded):
            return Lane.INFO
        return Lane.ALERT if isinstance(recorded.event, NEWS) else None

    def deadline(self, recorded: Recorded) -> datetime | None:
        return None

    def superseded(self, recorded: Recorded) -> bool:
        return False

    async def send(self, recorded: Recorded) -> str:
        """
        Publish the wanted state of every siren for which it changed.

        Raises:
            Unavailable: If the broker did not take all of them. What it took is not sent again.
        """
        told = await self._tell(recorded.position, urgent=self.lane(recorded) is Lane.ALERT)
        return f"the broker took the wanted state of {told} sirens"

    async def run(self) -> None:
        """Keep the connection, the fleet's state and the reports going until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._stay_connected())
            tasks.create_task(self._inbox.run())

    async def link_test(self) -> str:
        """
        Ask the broker for the health of the sirens, under another client id: a running server is not thrown out. No
        siren is told anything; they have silent tests of their own.
        """
        heard: set[str] = set()
        try:
            async with self._new_client(f"{self._identifier}-link-test", clean=True, user=self._tester) as client:
                await self._subscribe(client, Leaf.HEALTH)
                with suppress(TimeoutError):
                    async with asyncio.timeout(LISTEN):
                        async for message in client.messages:
                            heard.add(str(message.topic))
        except MqttError as error:
            raise Unavailable(f"the sirens' broker: {error}") from error
        return f"the broker lets us read and holds the health of {len(heard)} sirens"

    async def _stay_connected(self) -> None:
        tries = 0
        served = asyncio.Event()
        while True:
            served.clear()
            try:
                await apart(self._connect(served))
            except* Exception as group:
                # Whatever it was, giving up would leave the sirens without us. The operator sees the words.
                self.trouble = _words(group)
            finally:
                self._client = None
            tries = 0 if served.is_set() else tries
            await asyncio.sleep(PAUSE[tries] * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
            tries = min(tries + 1, len(PAUSE) - 1)

    async def _connect(self, served: asyncio.Event) -> None:
        async with self._new_client(self._identifier, clean=False) as client:
            served.set()
            await self._serve(client)

    def _new_client(self, identifier: str, *, clean: bool, user: Credential | None = None) -> Client:
        client = Client(
            self._host,
            self._port,
            username=user.username if user else self._username,
            password=user.password if user else self._password,
            tls_context=self._tls,
            identifier=identifier,
            clean_session=clean,
            timeout=PATIENCE,
            keepalive=15,
            max_inflight_messages=WINDOW,
            # Small packets one after another: without this each waits for the answer to the one before.
            socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
        )
        client.pending_calls_threshold = WINDOW
        return client

    async def _subscribe(self, client: Client, leaf: Leaf) -> None:
        # A broker may refuse a subscription and leave us connected and deaf.
        if 1 not in await client.subscribe(wire.subscription(self._realm, leaf), qos=1):
            raise Unavailable(f"the sirens' broker does not let us read {wire.subscription(self._realm, leaf)}")

    async def _serve(self, client: Client) -> None:
        # Before the first message, since answers kept by the broker from before our restart come at once.
        self._inbox.wishes = self._board.wanted(0)
        for leaf in (Leaf.ACK, Leaf.HEALTH):
            await self._subscribe(client, leaf)
        # A broker that lost its store must not stay wrong: whatever was told before is told again.
        self._told.clear()
        self._client, self._lost, self.trouble = client, asyncio.Event(), ""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(client))
                tasks.create_task(self._tell(0))
        finally:
            self._lost.set()

    async def _tell(self, position: int, *, urgent: bool = False) -> int:
        # Whoever is telling the fleet of something else leaves the rest to us: we tell all that is due.
        self._urgent += urgent
        try:
            await self._telling.acquire()
        finally:
            self._urgent -= urgent
        try:
            if (client := self._client) is None:
                raise Unavailable(f"no connection to the sirens' broker: {self.trouble}")
            wishes = self._board.wanted(position)
            due = {siren: wish for siren, wish in wishes.items() if self._told.get(siren) != wish}
            self._inbox.wishes = wishes
            await self._publish(client, due)
            return sum(1 for siren, wish in due.items() if self._told.get(siren) is wish)
        finally:
            self._telling.release()

    async def _publish(self, client: Client, due: Mapping[str, SirenWish]) -> None:
        # Those that have to sound come first: the others are silent already.
        queue = iter(sorted(due.items(), key=lambda item: item[1].mode is not Mode.ALERT))

        async def work() -> None:
            for siren, wish in queue:
                if self._urgent:
                    return
                payload = self._signed(siren, wish)
                await client.publish(wire.topic(self._realm, siren, Leaf.WANTED), payload, qos=1, retain=True)
                self._told[siren] = wish

        try:
            async with asyncio.TaskGroup() as tasks:
                lost = tasks.create_task(self._fail_once_lost())
                workers = [tasks.create_task(work()) for _ in range(min(WINDOW, len(due)))]
                if workers:
                    await asyncio.wait(workers)
                lost.cancel()
        except* MqttError as group:
            raise Unavailable(f"the sirens' broker did not answer: {_words(group)}") from None

    async def _fail_once_lost(self) -> None:
        # A publication that waits for the broker does not hear that the connection died. Without this the next
        # connection would wait behind it for as long as our patience lasts.
        await self._lost.wait()
        raise MqttError("the connection was lost")

    def _signed(self, siren: str, wish: SirenWish) -> bytes:
        wanted = Wanted(
            alert=wish.alert,
            revision=wish.revision,
            mode=wish.mode,
            issued=wish.since,
            not_after=wish.not_after or self._clock() + QUIET_FOR,
            nonce=token_urlsafe(12),
        )
        return wire.sign(self._realm, siren, wanted, self._signer)

    async def _listen(self, client: Client) -> None:
        async for message in client.messages:
            self._inbox.take(message)


class _Inbox:
    """What the sirens say, gathered into reports. Nothing that comes in can stop it."""

    def __init__(self, report: Report, clock: Clock, faults: Faults) -> None:
        self._report = report
        self._clock = clock
        self._faults = faults
        self._acks: list[Acknowledgement] = []
        self._conditions: dict[str, Condition] = {}
        self._loud: dict[str, _Loud] = {}
        self._something = asyncio.Event()
        self.wishes: Mapping[str, SirenWish] = {}

    def take(self, message: Message) -> None:
        try:
            address = wire.address(str(message.topic))
            payload = bytes(message.payload)
            if address.leaf is Leaf.ACK:
                self._take_ack(address.siren, wire.read_ack(payload))
            else:
                self._take_health(address.siren, wire.read_health(payload))
        except Invalid as error:
            self._faults.malformed += 1
            self._faults.last = f"{message.topic}: {error.message}"

    def _take_ack(self, siren: str, ack: wire.Ack) -> None:
        wish = self.wishes.get(siren)
        if wish is None or ack.revision > wish.revision:
            self._stranger(siren, f"answers revision {ack.revision}, which was never sent to it")
        elif len(self._acks) >= HELD:
            self._faults.lost += 1
        else:
            fields = msgspec.structs.asdict(ack)
            self._acks.append(Acknowledgement(siren=siren, **fields))
            self._something.set()

    def _take_health(self, siren: str, health: wire.Health) -> None:
        if siren not in self.wishes:
            self._stranger(siren, "is not a siren of this city")
            return
        online = health.status is Status.ONLINE
        condition = Condition(
            siren=siren,
            online=online,
            # A siren whose link is dead may sound on. Not knowing is not silence.
            sounding=health.sounding if online else None,
            mains=health.mains,
            battery=health.battery,
            amplifier=health.amplifier,
            tamper=health.tamper,
            tested_at=health.tested_at,
            local=health.local,
            local_at=health.local_at,
            at=health.at or self._clock(),
        )
        loud = self._loud.get(siren)
        if loud is not None and (condition.sounding or not online):
            condition = loud.condition = msgspec.structs.replace(condition, unwanted=loud.condition.unwanted)
        elif condition.sounding:
            self._loud[siren] = _Loud(condition)
        else:
            self._loud.pop(siren, None)
        self._put(condition)

    def _put(self, condition: Condition) -> None:
        self._conditions[condition.siren] = condition
        self._something.set()

    def _stranger(self, siren: str, what: str) -> None:
        self._faults.strangers += 1
        self._faults.last = f"{siren} {what}"

    async def run(self) -> None:
        while True:
            try:
                # Not wait_for: in Python 3.11 it can swallow a cancellation that comes together with a message.
                async with asyncio.timeout(1.0):
                    await self._something.wait()
            except TimeoutError:
                self._look_for_unwanted()
                continue
            if len(self._acks) < BATCH:
                await asyncio.sleep(GATHER)
            self._look_for_unwanted()
            await self._flush()

    def _look_for_unwanted(self) -> None:
        """Say which sirens have been sounding for a while although they were told to be silent, and which ceased."""
        now = monotonic()
        for siren, loud in self._loud.items():
            wish = self.wishes.get(siren)
            if wish is not None and wish.mode is Mode.ALERT:
                loud.since, unwanted = None, False
            else:
                loud.since = now if loud.since is None else loud.since
                unwanted = now - loud.since >= GRACE
            if unwanted is not loud.condition.unwanted:
                loud.condition = msgspec.structs.replace(loud.condition, unwanted=unwanted, at=self._clock())
                self._put(loud.condition)

    async def _flush(self) -> None:
        self._something.clear()
        while self._acks or self._conditions:
            acks = self._acks[:BATCH]
            conditions = [self._conditions.pop(siren) for siren in list(self._conditions)[:BATCH]]
            del self._acks[:BATCH]
            report = ReportSirens(day=day_of(self._clock()), acks=tuple(acks), conditions=tuple(conditions))
            await self._hand_over(report)

    async def _hand_over(self, report: ReportSirens) -> None:
        tries = 0
        while tries < TRIES:
            try:
                await self._report(msgspec.structs.replace(report, day=day_of(self._clock())))
            except Unavailable as error:
                # The journal is away. What the sirens said is worth waiting for.
                self._faults.last = error.message
            except Exception as error:
                self._faults.last = f"{type(error).__name__}: {error}"
                tries += 1
            else:
                return
            await asyncio.sleep(1.0)
        self._faults.lost += len(report.acks)


class _Loud(msgspec.Struct):
    """A siren that says it sounds, and since when (by the monotonic clock) nobody wants it to."""

    condition: Condition
    since: float | None = None


def _words(group: ExceptionGroup[Exception]) -> str:
    """The first of several errors in words."""
    error: Exception = group
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return str(error) or type(error).__name__
