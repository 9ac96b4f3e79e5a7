"""Opens the journal and everything that reads it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from tocsin.bus.inprocess import InProcessBell
from tocsin.city.place import City
from tocsin.domain.casualties import SHIPPED, Policy, read_policy
from tocsin.domain.catalogue import SUBJECTS, all_events
from tocsin.domain.subject import Gazetteer
from tocsin.domain.warning import DUTY
from tocsin.flow.channel import Ports
from tocsin.flow.deliver import Devices
from tocsin.flow.handle import Handler
from tocsin.flow.people import People
from tocsin.flow.project import Projector
from tocsin.flow.push import Push
from tocsin.flow.stream import Ring, Stream
from tocsin.flow.system import System, Views
from tocsin.journal import Journal
from tocsin.kernel.errors import Invalid
from tocsin.kernel.event import Actor, Command, Recorded, kind_of
from tocsin.kernel.signing import Ed25519Signer, Signer
from tocsin.kernel.time import Clock, system_clock
from tocsin.storage.access import SqliteAccess
from tocsin.storage.documents import SqliteDocuments
from tocsin.storage.feeds import SqliteFeedLedger
from tocsin.storage.keys import load_or_make_key
from tocsin.storage.memory import MemoryJournal
from tocsin.storage.people import SqlitePeople, load_or_make_people_keys, make_key
from tocsin.storage.photos import Photos
from tocsin.storage.receipts import MemoryReceipts, SqliteReceipts
from tocsin.storage.snapshot import FileSnapshots
from tocsin.storage.sqlite import SqliteJournal
from tocsin.storage.subscribers import SqliteSubscribers
from tocsin.views.attacks import Attacks
from tocsin.views.board import Board
from tocsin.views.bulletins import BulletinList
from tocsin.views.desk import Desk
from tocsin.views.foreign import ForeignAlerts
from tocsin.views.history import Histories
from tocsin.views.hospitals import Hospitals
from tocsin.views.impacts import Impacts
from tocsin.views.ledger import Ledger
from tocsin.views.needs import Needs
from tocsin.views.patients import Patients
from tocsin.views.persons import PersonsView
from tocsin.views.readings import Readings
from tocsin.views.shelters import Shelters
from tocsin.views.sirens import Sirens
from tocsin.views.teams import Teams
from tocsin.views.templates import TemplateList
from tocsin.views.timeline import Timeline
from tocsin.views.worksites import Worksites
from tocsin.wiring.channels import convert
from tocsin.wiring.push import PushSettings, open_push
from tocsin.wiring.settings import Realm, Settings

# Read as: an event of this subject goes out to everybody under this name.
PUBLIC_TOPICS = {"alert": "alert", "shelter": "shelter", "plan": "shelter"}


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
    if isinstance(recorded.event, DUTY):
        return "duty"
    kind = kind_of(recorded.event)
    if kind == "bulletin.published" or kind == "bulletin.retracted":
        return "bulletin"
    return PUBLIC_TOPICS.get(kind.partition(".")[0])


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
    subscribers: SqliteSubscribers
    signer: Signer

    def ports(self) -> Ports:
        """What its channels may use of it."""
        system = self.system

        async def do(command: Command, actor: Actor) -> None:
            await asyncio.to_thread(system.do, command, actor)

        return Ports(
            realm=system.realm,
            sender=system.sender,
            web=system.web,
            city=system.city,
            clock=system.clock,
            signer=self.signer,
            memory=self.receipts,
            devices=self.receipts,
            subscribers=self.subscribers,
            views=system.views,
            looking=system.projector.looking,
            catch_up=system.projector.catch_up,
            do=do,
            photo=system.photos.get,
            push=system.push,
        )


def open_policy(path: Path | None) -> Policy:
    """
    Whom the city believes: the shipped tables, or those of a file.

    Raises:
        Invalid: If the file cannot be read, or is no policy.
    """
    if path is None:
        return SHIPPED
    try:
        return read_policy(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(str(error), str(path)) from None


def make_views(city: City, realm: str, policy: Policy = SHIPPED) -> Views:
    around = {code: city.areas.ancestors(code) for code in city.areas.codes()}
    return Views(
        board=Board(city.areas, realm),
        shelters=Shelters(),
        impacts=Impacts(),
        worksites=Worksites(),
        teams=Teams(),
        needs=Needs(),
        patients=Patients(),
        hospitals=Hospitals(),
        sirens=Sirens({siren.id: city.areas.chain(siren.area) for siren in city.sirens}),
        persons=PersonsView(),
        ledger=Ledger(around, policy),
        attacks=Attacks(),
        history=Histories(around),
        bulletins=BulletinList(),
        timeline=Timeline(),
        foreign_alerts=ForeignAlerts(),
        desk=Desk(),
        templates=TemplateList(),
        readings=Readings(),
    )


def _push(settings: Settings, devices: Devices, db: Path | None) -> Push | None:
    if "push" not in settings.channels:
        return None
    typed = convert("push", settings.channels["push"])
    if not isinstance(typed, PushSettings):
        raise TypeError(f"{typed!r} are no settings of Web Push")
    return open_push(typed, devices, *((None, None) if db is None else (beside(db, "push"), beside(db, "vapid"))))


def open_people(db: Path | None) -> SqlitePeople:
    """The names of people, under the keys in a file of its own: whoever steals one of the two has nothing."""
    if db is None:
        return SqlitePeople(":memory:", [make_key()])
    return SqlitePeople(beside(db, "people"), load_or_make_people_keys(beside(db, "people-key")))


def open_system(
    settings: Settings,
    city: City,
    *,
    clock: Clock = system_clock,
    in_memory: bool = False,
    receipts: SqliteReceipts | None = None,
) -> Running:
    """
    Open the journal and everything that reads it, and bring the views up to date.

    Args:
        in_memory: Keep nothing: for replays.
        receipts: Kept all the same, where they are given.

    Raises:
        Refused, Unavailable, Corrupt: As the journal does.
    """
    db = None if in_memory else settings.db
    journal = open_journal(db, settings.realm)
    kept = receipts or (MemoryReceipts() if db is None else SqliteReceipts(beside(db, "receipts")))
    signer = Ed25519Signer() if db is None else load_or_make_key(beside(db, "key"))
    subscribers = SqliteSubscribers(":memory:" if db is None else beside(db, "subscribers"))
    access = SqliteAccess(":memory:" if db is None else beside(db, "access"))
    feeds = SqliteFeedLedger(":memory:" if db is None else beside(db, "feeds"))
    documents = SqliteDocuments(":memory:" if db is None else beside(db, "documents"))
    people = open_people(db)
    push = _push(settings, kept, db)
    bell, projected = InProcessBell(), InProcessBell()
    policy = open_policy(settings.policy)
    views = make_views(city, settings.realm, policy)
    ring = Ring(views.board, settings.realm, topic)
    snapshots = None if db is None else FileSnapshots(beside(db, "snapshot"))
    projector = Projector(journal, views.all(), snapshots=snapshots, after=ring.add, done=projected.ring)
    projector.restore()
    ring.start(projector.position)
    projector.catch_up()

    def close() -> None:
        projector.save()
        journal.close()
        kept.close()
        subscribers.close()
        access.close()
        feeds.close()
        documents.close()
        people.close()
        if push is not None:
            push.subscriptions.close()

    system = System(
        realm=settings.realm,
        city=city,
        journal=journal,
        handler=Handler(journal, SUBJECTS, gazetteer(city), clock, bell, settings.approvals(), policy),
        projector=projector,
        views=views,
        stream=Stream(ring, views.board, projector.looking, projected, clock),
        receipts=kept,
        access=access,
        feeds=feeds,
        documents=documents,
        people=People(people, clock),
        photos=Photos(None if db is None else beside(db, "photos")),
        originals=Photos(None if db is None else beside(db, "originals")),
        clock=clock,
        sender=settings.sender,
        web=settings.web or f"http://{settings.host}:{settings.port}",
        close=close,
        subscribed=lambda channel, areas: len(subscribers.of(channel, areas)),
        push=push,
        plan_minutes=settings.plan_minutes,
    )
    return Running(system, settings, bell, kept, subscribers, signer)
