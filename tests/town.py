"""A small town with shelters, hospitals, teams and a past, for the tests of rescue and of the record."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from tocsin.bus.inprocess import InProcessBell
from tocsin.domain.record import RECORD, WeaponClass
from tocsin.domain.record.attacks import CountWeapons, Effect, OpenAttack, RecordHit, Weapons
from tocsin.domain.response import RESPONSE
from tocsin.domain.response.impacts import Effect as Trace
from tocsin.domain.response.impacts import Reporter, ReportImpact
from tocsin.domain.response.patients import Category, Found, TagPatient
from tocsin.domain.response.teams import RegisterTeam, TeamType
from tocsin.domain.response.worksites import Kind, OpenWorksite, ReportWorksite
from tocsin.domain.shelter import SHELTER, RegisterShelter
from tocsin.domain.source import Source
from tocsin.domain.subject import Gazetteer
from tocsin.domain.warning import ALERT
from tocsin.flow.handle import Handler
from tocsin.flow.project import Projector
from tocsin.kernel.event import Actor, Command, Events
from tocsin.storage.memory import MemoryJournal
from tocsin.views.attacks import Attacks
from tocsin.views.hospitals import Hospitals
from tocsin.views.impacts import Impacts
from tocsin.views.needs import Needs
from tocsin.views.patients import Patients
from tocsin.views.shelters import Shelters
from tocsin.views.teams import Teams
from tocsin.views.timeline import Timeline
from tocsin.views.view import View
from tocsin.views.worksites import Worksites

START = datetime(2025, 4, 23, 21, 36, tzinfo=UTC)
CHIEF = Actor("olena", "administrator")
CITY = Gazetteer(
    areas=frozenset({"kyiv", "podil", "obolon"}),
    shelters={"metro-1": 900, "school-3": 120},
    hospitals=frozenset({"h-1", "h-2"}),
)
SUBJECTS = (ALERT, SHELTER, *RESPONSE, *RECORD)
EVENTS = Events(event for subject in SUBJECTS for event in subject.events)
SOURCE = Source(publisher="Emergency Service", url="https://example.org/1")

ViewT = TypeVar("ViewT", bound=View[Any])


def fresh_views() -> list[View[Any]]:
    return [Shelters(), Impacts(), Worksites(), Teams(), Needs(), Patients(), Hospitals(), Attacks(), Timeline()]


class Town:
    """Everything from the command to the view, in memory, on a clock that a command moves on by a minute."""

    def __init__(self) -> None:
        self.now = START
        self.journal = MemoryJournal(EVENTS)
        self.handler = Handler(self.journal, SUBJECTS, CITY, lambda: self.now, InProcessBell())
        self.views = fresh_views()
        self.projector = Projector(self.journal, self.views)

    def do(self, *commands: Command) -> tuple[str, ...]:
        """Carry commands out; return the kinds of the last one's events."""
        kinds: tuple[str, ...] = ()
        for command in commands:
            self.now += timedelta(minutes=1)
            kinds = self.handler.handle(command, CHIEF).events
            self.projector.catch_up()
        return kinds

    def view(self, type_: type[ViewT]) -> ViewT:
        return next(view for view in self.views if isinstance(view, type_))


def cellar(name: str = "cellar-9", capacity: int = 40) -> RegisterShelter:
    """A shelter that the city's folder does not have."""
    return RegisterShelter(
        shelter=name,
        names={"uk": "Підвал", "en": "Cellar"},
        lat=50.4,
        lon=30.5,
        capacity=capacity,
        area="podil",
        type="basement",
    )


def impact(name: str = "i-1") -> ReportImpact:
    return ReportImpact(
        impact=name,
        time=START,
        lat=50.46,
        lon=30.51,
        area="podil",
        effect=Trace.IMPACT,
        reporter_kind=Reporter.CALL,
    )


def site(name: str = "C-1", *impacts: str, type_: Kind = Kind.COLLAPSE) -> OpenWorksite:
    return OpenWorksite(worksite=name, type=type_, lat=50.46, lon=30.51, area="podil", impacts=impacts)


def form(
    name: str = "C-1", alive: int = 0, dead: int = 0, hours: int = 1, missing: int = 2, contacts: int = 1
) -> ReportWorksite:
    """The report form of a period that many hours long."""
    return ReportWorksite(
        worksite=name,
        period_start=START,
        period_end=START + timedelta(hours=hours),
        asr_level=4,
        live_rescues=alive,
        dead_recovered=dead,
        missing=missing,
        live_contacts=contacts,
    )


def team(name: str = "UKR-01", type_: TeamType = TeamType.SEARCH_DOGS) -> RegisterTeam:
    return RegisterTeam(team=name, type=type_, names={"uk": "Кінологи", "en": "Dog team"}, area="kyiv", crew=4)


def tagged(patient: str = "A-1", category: Category = Category.RED, worksite: str = "") -> TagPatient:
    return TagPatient(patient=patient, worksite=worksite, category=category, found=Found.TRAPPED)


def attack(name: str, start: datetime, day: date, area: str = "kyiv") -> OpenAttack:
    return OpenAttack(
        attack=name,
        start=start,
        date_local=day,
        time_zone="Europe/Kyiv",
        area=area,
        names={"uk": "Удар по Києву", "en": "Strike on Kyiv"},
    )


def hit(
    attack: str,
    name: str,
    time: datetime,
    weapon_class: WeaponClass = WeaponClass.BALLISTIC_MISSILE,
    *,
    area: str = "podil",
    effect: Effect = Effect.IMPACT,
    publisher: str = "Emergency Service",
) -> RecordHit:
    source = Source(publisher=publisher, quote=f"hit {name}")
    return RecordHit(
        attack=attack, hit=name, area=area, weapon_class=weapon_class, effect=effect, time=time, source=source
    )


def weapons(*rows: tuple[str, WeaponClass, int, int, int], attack: str = "a-1", by: str = "Air Force") -> CountWeapons:
    """Rows are model, class, launched, intercepted and lost."""
    return CountWeapons(
        attack=attack,
        weapons=tuple(
            Weapons(model=model, weapon_class=class_, launched=launched, intercepted=intercepted, lost=lost)
            for model, class_, launched, intercepted, lost in rows
        ),
        scope="UA",
        source=Source(publisher=by, url="https://example.org/af"),
    )
