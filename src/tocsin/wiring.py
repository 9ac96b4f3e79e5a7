"""Settings to a running system. The only file that names the adapters."""

import asyncio
import logging
import tomllib
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from tocsin.bus.inprocess import InProcessBell
from tocsin.channels.siren_mqtt import SirenChannel, SirenWish
from tocsin.city.place import City
from tocsin.domain.catalogue import SUBJECTS, all_events
from tocsin.domain.siren import Mode, ReportSirens
from tocsin.domain.subject import Gazetteer
from tocsin.domain.warning import STANDS, Notice, Phase
from tocsin.flow.deliver import POLL, Channel, Delivery, Lane
from tocsin.flow.handle import Handler
from tocsin.flow.policies import Policies
from tocsin.flow.project import Projector
from tocsin.flow.stream import Ring, Stream
from tocsin.flow.system import System, Views
from tocsin.journal import Journal
from tocsin.kernel.errors import Invalid
from tocsin.kernel.event import Actor, Recorded, kind_of
from tocsin.kernel.signing import Ed25519Signer, Signer
from tocsin.kernel.time import Clock, system_clock
from tocsin.storage.access import SqliteAccess
from tocsin.storage.keys import load_or_make_key
from tocsin.storage.memory import MemoryJournal
from tocsin.storage.receipts import MemoryReceipts, SqliteReceipts
from tocsin.storage.snapshot import FileSnapshots
from tocsin.storage.sqlite import SqliteJournal
from tocsin.views.attacks import Attacks
from tocsin.views.board import Board
from tocsin.views.bulletins import BulletinList
from tocsin.views.hospitals import Hospitals
from tocsin.views.ledger import Ledger
from tocsin.views.patients import Patients
from tocsin.views.shelters import Shelters
from tocsin.views.sirens import Sirens
from tocsin.views.teams import Teams
from tocsin.views.timeline import Timeline
from tocsin.views.worksites import Worksites

if TYPE_CHECKING:
    from tocsin.channels.cell_broadcast import CellBroadcastChannel
    from tocsin.channels.telegram import TelegramChannel

_log = logging.getLogger(__name__)

Realm = Literal["live", "exercise"]
SIREN_ACTOR = Actor("sirens", "siren")

# Read as: an event of this subject goes out to everybody under this name.
PUBLIC_TOPICS = {"alert": "alert", "shelter": "shelter"}


class Mqtt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sirens' broker."""

    host: str
    port: int = 1883
    username: str | None = None
    password: str | None = None


class Telegram(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Attributes:
        chat: The channel to post to, such as @city_alerts or a numeric id.
        api: The address of a Bot API server other than Telegram's own.
    """

    token: str
    chat: str
    api: str | None = None


class CellBroadcast(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Attributes:
        url: Of a broadcast centre with the REST interface of osmo-cbc, such as http://127.0.0.1:12345.
    """

    url: str


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    What `tocsin.toml` may hold. Every field can be left out.

    Attributes:
        db: The journal's file. Receipts, snapshot, access and key lie beside it under the same name.
        city: The city's folder.
        sender: Who alerts are from: unique in the world, without spaces (CAP 1.2, sender).
        web: Where the pages are reached from outside, for links.
    """

    db: Path = Path("tocsin.db")
    realm: Realm = "exercise"
    city: Path | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    sender: Annotated[str, Meta(pattern=r"^[^\s,<&]+$")] = "tocsin@localhost"
    web: str = ""
    mqtt: Mqtt | None = None
    telegram: Telegram | None = None
    cell_broadcast: CellBroadcast | None = None


def read_settings(path: Path) -> Settings:
    """
    Raises:
        Invalid: If the file cannot be read or a field is wrong, naming it.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Settings)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Invalid(str(error), str(path)) from None


def beside(db: Path, kind: str) -> Path:
    """The file of a kind that belongs to a journal: `tocsin.db` to `tocsin.receipts`."""
    return db.with_suffix(f".{kind}")


def open_journal(db: Path | None, realm: Realm) -> Journal:
    """The journal of a file, or one in memory."""
    events = all_events()
    return MemoryJournal(events, realm=realm) if db is None else SqliteJournal(db, events, realm=realm)


def gazetteer(city: City) -> Gazetteer:
    return Gazetteer(
        areas=frozenset(city.areas.codes()),
        shelters={shelter.id: shelter.capacity for shelter in city.shelters},
        sirens=frozenset(siren.id for siren in city.sirens),
        hospitals=frozenset(hospital.id for hospital in city.hospitals),
    )


def topic(recorded: Recorded) -> str | None:
    """What the public stream calls an event, or None where it is nobody's business."""
    kind = kind_of(recorded.event)
    if kind == "bulletin.published" or kind == "bulletin.retracted":
        return "bulletin"
    return None if kind == "alert.confirmed" else PUBLIC_TOPICS.get(kind.partition(".")[0])


@dataclass(frozen=True)
class Running:
    """
    A system with what its loops need.

    Attributes:
        bell: Rung by the handler.
        receipts: Also remembers what was posted where.
    """

    system: System
    settings: Settings
    bell: InProcessBell
    receipts: MemoryReceipts | SqliteReceipts
    signer: Signer


def make_views(city: City, realm: str) -> Views:
    return Views(
        board=Board(city.areas, realm),
        shelters=Shelters(),
        worksites=Worksites(),
        teams=Teams(),
        patients=Patients(),
        hospitals=Hospitals(),
        sirens=Sirens([siren.id for siren in city.sirens]),
        ledger=Ledger(),
        attacks=Attacks(),
        bulletins=BulletinList(),
        timeline=Timeline(),
    )


def open_system(settings: Settings, city: City, *, clock: Clock = system_clock, in_memory: bool = False) -> Running:
    """
    Open the journal and everything that reads it, and bring the views up to date.

    Args:
        in_memory: Keep nothing: for replays.

    Raises:
        Refused, Unavailable, Corrupt: As the journal does.
    """
    db = None if in_memory else settings.db
    journal = open_journal(db, settings.realm)
    receipts = MemoryReceipts() if db is None else SqliteReceipts(beside(db, "receipts"))
    signer = Ed25519Signer() if db is None else load_or_make_key(beside(db, "key"))
    access = SqliteAccess(":memory:" if db is None else beside(db, "access"))
    bell, projected = InProcessBell(), InProcessBell()
    views = make_views(city, settings.realm)
    ring = Ring(views.board, settings.realm, topic)
    snapshots = None if db is None else FileSnapshots(beside(db, "snapshot"))
    projector = Projector(journal, views.all(), snapshots=snapshots, after=ring.add, done=projected.ring)
    projector.restore()
    ring.start(projector.position)
    projector.catch_up()

    def close() -> None:
        projector.save()
        journal.close()
        receipts.close()
        access.close()

    system = System(
        realm=settings.realm,
        city=city,
        journal=journal,
        handler=Handler(journal, SUBJECTS, gazetteer(city), clock, bell),
        projector=projector,
        views=views,
        stream=Stream(ring, views.board, projector.looking, projected, clock),
        receipts=receipts,
        access=access,
        clock=clock,
        sender=settings.sender,
        web=settings.web or f"http://{settings.host}:{settings.port}",
        close=close,
    )
    return Running(system, settings, bell, receipts, signer)


class SirenWishes:
    """What every siren should be doing, from the board."""

    def __init__(self, system: System) -> None:
        self._system = system

    def wanted(self, position: int) -> Mapping[str, SirenWish]:
        system = self._system
        if system.projector.position < position:
            system.projector.catch_up()
        with system.projector.looking():
            wishes = {area: self._wish(area) for area in {siren.area for siren in system.city.sirens}}
        return {siren.id: wishes[siren.area] for siren in system.city.sirens}

    def _wish(self, area: str) -> SirenWish:
        views = self._system.views
        state = views.board.area(area)
        notice = views.board.last(state.alert) if state.alert else None
        return SirenWish(
            alert=state.alert,
            mode=MODES.get(state.phase, Mode.OFF),
            revision=views.sirens.revision(self._system.city.areas.chain(area)),
            since=state.since or EPOCH,
            not_after=notice.expires if notice is not None and state.phase is Phase.ALERT else None,
        )


EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Since when a siren has been silent that never was told anything."""

# A siren can say only two things. A false alarm ends like any other on the horn; the words go by the other channels.
MODES = {Phase.ALERT: Mode.ALERT, Phase.ALL_CLEAR: Mode.ALL_CLEAR, Phase.CORRECTION: Mode.ALL_CLEAR}


Loop = Callable[[], Coroutine[Any, Any, None]]


class Loops:
    """
    Everything that runs beside the doors: projecting, policies, delivery and the sirens' connection.

    Attributes:
        sirens: The sirens' channel, where a broker is configured.
    """

    def __init__(self, running: Running) -> None:
        self._running = running
        settings, system = running.settings, running.system
        self.sirens = self._siren_channel(settings.mqtt) if settings.mqtt is not None else None
        self.channels: list[Channel] = [] if self.sirens is None else [self.sirens]
        self._open: list[TelegramChannel | CellBroadcastChannel] = []
        if settings.telegram is not None:
            self._open.append(self._telegram_channel(settings.telegram))
        if settings.cell_broadcast is not None:
            self._open.append(self._cell_broadcast_channel(settings.cell_broadcast))
        self.channels += self._open
        self._delivery = Delivery(
            system.journal, running.receipts, self.channels, system.clock, running.bell, system.projector.catch_up
        )
        self.policies = Policies(
            system.journal,
            system.do,
            system.views.board,
            system.views.worksites,
            running.receipts,
            system.clock,
            running.bell,
        )

    def _siren_channel(self, mqtt: Mqtt) -> SirenChannel:
        system = self._running.system

        async def report(command: ReportSirens) -> None:
            await asyncio.to_thread(system.do, command, SIREN_ACTOR)

        return SirenChannel(
            mqtt.host,
            mqtt.port,
            system.realm,
            SirenWishes(system),
            self._running.signer,
            system.clock,
            report,
            username=mqtt.username,
            password=mqtt.password,
        )

    def _telegram_channel(self, telegram: Telegram) -> "TelegramChannel":
        # aiogram takes two seconds to import; a server without Telegram must not wait for it.
        from tocsin.channels.telegram import TelegramChannel

        return TelegramChannel(
            telegram.token, telegram.chat, self._area_names(), self._running.receipts, self._ended, telegram.api
        )

    def _cell_broadcast_channel(self, cell_broadcast: CellBroadcast) -> "CellBroadcastChannel":
        from tocsin.channels.cell_broadcast import CellBroadcastChannel

        system = self._running.system

        def standing() -> list[Notice]:
            with system.projector.looking():
                return system.views.board.standing()

        return CellBroadcastChannel(
            cell_broadcast.url, self._area_names(), self._running.receipts, self._ended, standing
        )

    def _area_names(self) -> dict[str, dict[str, str]]:
        areas = self._running.system.city.areas
        return {code: areas[code].names for code in areas.codes()}

    def _ended(self, alert: str, revision: int) -> bool:
        notice = self._running.system.views.board.last(alert)
        return notice is not None and notice.revision > revision and notice.phase not in STANDS

    async def run(self) -> None:
        """
        Until cancelled; then the channels' connections are closed, so that a `Loops` runs once.

        A loop that fails is started again: the fault of one must not silence the others.
        """
        loops: dict[str, Loop] = {
            "project": self._project,
            "policies": self.policies.run,
            "delivery": self._delivery.run,
        }
        if self.sirens is not None:
            loops["sirens"] = self.sirens.run
        try:
            async with asyncio.TaskGroup() as tasks:
                for name, loop in loops.items():
                    tasks.create_task(self._keep_up(name, loop))
        finally:
            for channel in self._open:
                await channel.close()

    async def _keep_up(self, name: str, loop: Loop) -> None:
        while True:
            try:
                await loop()
            except Exception as error:
                _log.exception("the loop %r failed and is started again", name)
                self._running.system.troubles[name] = f"{type(error).__name__}: {error}"
            await asyncio.sleep(POLL)

    async def _project(self) -> None:
        """Follow what other processes append to the same journal; our own commands do not wait for this."""
        position = self._running.system.projector.position
        while True:
            await self._running.bell.wait(position, POLL)
            position = await asyncio.to_thread(self._running.system.projector.catch_up)

    def delivered(self) -> bool:
        """True if every channel is done with all that the journal holds, one way or another."""
        head = self._running.system.journal.head().position
        return all(
            (self._running.receipts.cursor(channel.name, lane) or 0) >= head
            for channel in self.channels
            for lane in Lane
        )

    async def settle(self, patience: float) -> None:
        """
        Return once all that was set off has come to rest: views up to date, policies and channels done, sirens heard.

        Sirens that do not answer in time are left to show as missing in the report.
        """
        system = self._running.system
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while not await asyncio.to_thread(self._at_rest):
                    await asyncio.sleep(0.01)
        await asyncio.to_thread(system.projector.catch_up)

    def _at_rest(self) -> bool:
        system = self._running.system
        self.policies.tick()
        system.projector.catch_up()
        return self.delivered() and self._sirens_heard()

    def _sirens_heard(self) -> bool:
        if self.sirens is None:
            return True
        system = self._running.system
        wishes = SirenWishes(system).wanted(0)
        with system.projector.looking():
            said = system.views.sirens.sirens()
        return all(siren.revision == wishes[siren.siren].revision for siren in said)
