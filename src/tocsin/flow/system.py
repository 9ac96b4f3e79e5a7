"""A running system, put together: what the doors and the command line work on."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from tocsin.city.pace import WALKING_LIMIT_MINUTES
from tocsin.city.place import City
from tocsin.city.walk import Ways
from tocsin.flow.deliver import Receipts
from tocsin.flow.documents import Documents
from tocsin.flow.doors import Doors
from tocsin.flow.feeds import FeedLedger
from tocsin.flow.handle import Handler
from tocsin.flow.people import People
from tocsin.flow.project import Projector
from tocsin.flow.push import Push
from tocsin.flow.sheltering import Sheltering
from tocsin.flow.stream import Stream
from tocsin.journal import Appended, Journal
from tocsin.kernel.event import Actor, Command
from tocsin.kernel.time import Clock
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
from tocsin.views.view import View
from tocsin.views.worksites import Worksites

if TYPE_CHECKING:
    from tocsin.city.cells import Cells
    from tocsin.city.sketch import Tiles
    from tocsin.formats.cap import CapArea


class Access(Protocol):
    """Who a bearer token belongs to."""

    def actor(self, token: str) -> Actor:
        """
        Raises:
            Unauthorised: If the token is not one of ours.
        """


class Photos(Protocol):
    """Where photos and documents are kept, each under its SHA-256."""

    def put(self, photo: bytes) -> str:
        """
        Raises:
            Unavailable: If it cannot be written.
        """

    def get(self, name: str) -> bytes | None: ...

    def names(self) -> frozenset[str]: ...

    def drop(self, name: str) -> None: ...


@dataclass(frozen=True)
class Views:
    """Every view of the journal."""

    board: Board
    shelters: Shelters
    impacts: Impacts
    worksites: Worksites
    teams: Teams
    needs: Needs
    patients: Patients
    hospitals: Hospitals
    sirens: Sirens
    persons: PersonsView
    ledger: Ledger
    attacks: Attacks
    history: Histories
    bulletins: BulletinList
    timeline: Timeline
    foreign_alerts: ForeignAlerts
    desk: Desk
    templates: TemplateList
    readings: Readings

    def all(self) -> list[View[Any]]:
        return [getattr(self, each.name) for each in fields(self)]


@dataclass(frozen=True)
class System:
    """
    One realm of one city.

    Attributes:
        sender: Who the alerts are from, as CAP wants it: a name without spaces that is unique in the world.
        plan_minutes: The longest walk that the plan of an alert may ask.
        web: Where the pages are reached from outside, for links in what we publish.
        feeds: What was heard of which foreign feed.
        subscribed: How many a channel tells one by one of some areas; Web Push has its own list.
        push: The subscriptions of Web Push, where it is on.
        troubles: What failed and was started again, by name, in words. For whoever watches over the system.
        originals: The texts that were read for the record, as they came.
        channels: The names of those that are served, once they are.
        close: Stops the writer and closes the files. Loops are stopped by whoever started them.
    """

    realm: str
    city: City
    journal: Journal
    handler: Handler
    projector: Projector
    views: Views
    stream: Stream
    receipts: Receipts
    access: Access
    feeds: FeedLedger
    documents: Documents
    people: People
    photos: Photos
    originals: Photos
    clock: Clock
    sender: str
    web: str
    close: Callable[[], None]
    subscribed: Callable[[str, Collection[str]], int]
    push: Push | None = None
    plan_minutes: float = WALKING_LIMIT_MINUTES
    troubles: dict[str, str] = field(default_factory=dict)
    channels: list[str] = field(default_factory=list)

    @cached_property
    def cap_areas(self) -> "dict[str, CapArea]":
        """
        Every area as CAP describes it.

        Raises:
            Invalid: If an outline cannot be read. Ask once at the start, not first during an alert.
        """
        from tocsin.formats.cap import CapArea

        found = (self.city.areas[code] for code in self.city.areas.codes())
        return {area.code: CapArea(area.code, area.names, area.geometry) for area in found}

    @cached_property
    def ways(self) -> Ways:
        """The ways to shelter, which read the walking network when they are first asked."""
        return Ways(self.city)

    @cached_property
    def cells(self) -> "Cells":
        """The walking network in coarse cells, for whoever finds the way without telling where they are."""
        from tocsin.city.cells import Cells

        return Cells(self.city.network, self.city.shelters)

    @cached_property
    def doors(self) -> Doors:
        """Which shelters the ways may name. Refresh before asking them."""
        return Doors(self.city, self.views.shelters, self.projector, self.clock, self.ways)

    @cached_property
    def tiles(self) -> "Tiles":
        """The base map. Opened when first asked for."""
        from tocsin.city.sketch import open_tiles

        return open_tiles(self.city)

    @cached_property
    def sheltering(self) -> Sheltering:
        """The plan of who goes where, kept up during an alert."""
        views = self.views
        told = views.shelters, views.board, self.projector
        return Sheltering(self.city, self.doors, *told, self.do, self.plan_minutes)

    def do(self, command: Command, actor: Actor, key: str | None = None) -> Appended:
        """Carry out a command and bring the views up to it, so that whoever asked can read what they wrote."""
        appended = self.handler.handle(command, actor, key)
        self.projector.catch_up()
        return appended

    async def do_soon(self, command: Command, actor: Actor, key: str | None = None) -> Appended:
        """The same for coroutines."""
        appended = await self.handler.handle_soon(command, actor, key)
        self.projector.catch_up()
        return appended
