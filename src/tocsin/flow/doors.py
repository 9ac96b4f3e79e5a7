"""Which shelters people may be sent to now: what the journal says, and what the hour allows."""

from datetime import datetime
from threading import Lock
from zoneinfo import ZoneInfo

from tocsin.city.hours import Hours, hours_of
from tocsin.city.place import City, Shelter
from tocsin.city.walk import Ways
from tocsin.domain.shelter import ShelterRegistered, Status
from tocsin.flow.project import Projector
from tocsin.kernel.geo import Point
from tocsin.kernel.time import Clock
from tocsin.views.shelters import Shelters


class Doors:
    """
    Keeps the ways to shelter in step with the journal and the clock. Any thread may ask.

    Args:
        shelters: The view that `projector` keeps.
        ways: Is told whenever another shelter may be named than before.
    """

    def __init__(self, city: City, shelters: Shelters, projector: Projector, clock: Clock, ways: Ways) -> None:
        self._city = city
        self._shelters = shelters
        self._projector = projector
        self._clock = clock
        self._zone = ZoneInfo(city.facts.time_zone)
        self._ways = ways
        self._stood_for: tuple[int, datetime] | None = None
        self._lock = Lock()

    def refresh(self) -> None:
        """Have the ways stand as the journal and the minute are now. Costs nothing where neither has moved."""
        now = self._clock().astimezone(self._zone).replace(second=0, microsecond=0)
        with self._lock:
            with self._projector.looking():
                mark = (self._shelters.state.position, now)
                if mark == self._stood_for:
                    return
                registered = [registered_shelter(each) for each in self._shelters.registered()]
                doors = self._open(registered, now)
            self._ways.stand(doors, registered)
            self._stood_for = mark

    @property
    def ways(self) -> Ways:
        return self._ways

    def open_now(self) -> tuple[frozenset[str], list[Shelter]]:
        """
        Those that let people in, full or not.

        Returns:
            Their ids, and the shelters that the city's folder does not have.
        """
        now = self._clock().astimezone(self._zone)
        with self._projector.looking():
            registered = [registered_shelter(each) for each in self._shelters.registered()]
            return frozenset(self._hours(registered, now)), registered

    def warm(self) -> None:
        """Do what the first question would have to wait for, seconds where the kernels have yet to be compiled."""
        self.refresh()
        self._ways.warm()

    def _open(self, registered: list[Shelter], now: datetime) -> dict[str, Hours]:
        """Those with room, as far as is known."""
        capacity = {shelter.id: shelter.capacity for shelter in (*self._city.shelters, *registered)}
        hours, view = self._hours(registered, now), self._shelters
        return {shelter: hours[shelter] for shelter in hours if not view.shelter(shelter).full(capacity[shelter])}

    def _hours(self, registered: list[Shelter], now: datetime) -> dict[str, Hours]:
        view = self._shelters
        found: dict[str, Hours] = {}
        for shelter in (*self._city.shelters, *registered):
            said = view.shelter(shelter.id)
            hours = hours_of(shelter.properties, now)
            if hours is Hours.CLOSED and said.status is Status.OPEN:
                # Somebody stands at the door; the sign beside it does not count.
                hours = Hours.OPEN
            if hours is not Hours.CLOSED and view.is_open(shelter.id):
                found[shelter.id] = hours
        return found


def registered_shelter(registered: ShelterRegistered) -> Shelter:
    """A shelter that was registered, as the city's folder would have it."""
    return Shelter(
        id=registered.shelter,
        names=registered.names,
        kind=registered.type,
        capacity=registered.capacity,
        area=registered.area,
        step_free=registered.step_free,
        point=Point(registered.lat, registered.lon),
    )
