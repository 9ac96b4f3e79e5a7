"""The nearest open shelter from a place, and the way there on foot."""

from collections.abc import Collection, Mapping
from functools import cached_property, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec

from tocsin.city.advice import STAY, too_far
from tocsin.city.hours import Hours, hours_of
from tocsin.city.pace import PACES, WALKING_LIMIT_MINUTES, Profile
from tocsin.city.place import City, Shelter
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.geo import Point

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tocsin.city.footways import Door, Footways
    from tocsin.routing.nearest import NearestTree


class ShelterWay(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        shelter: Its id.
        names: By language.
        step_free: Can be entered in a wheelchair.
        hours: Whether it is known to be open at this hour; nobody is sent where it is known to be closed.
        profile: Whom the way and the time are for.
        metres: From the place asked about to the nearest street, along streets, and to the door.
        seconds: The same at the profile's pace.
        in_time: False if that is longer than the limit that was asked for.
        advice: What to do instead, by language, where it is not in time.
        way: GeoJSON LineString, the place asked about first, the door of the shelter last.
    """

    shelter: str
    names: dict[str, str]
    step_free: bool
    hours: Hours
    profile: Profile
    metres: float
    seconds: float
    in_time: bool
    advice: dict[str, str] | None
    way: dict[str, Any]


def nearest_shelter(
    city: City, lat: float, lon: float, open_ids: Collection[str], profile: Profile = Profile.ADULT
) -> ShelterWay:
    """
    One answer from the `Ways` of a city, which are kept until another city is asked about.

    Raises:
        Invalid, Unknown, Refused: As `Ways.nearest`.
    """
    ways = _ways_of(city)
    ways.stand(dict.fromkeys(open_ids, Hours.UNKNOWN))
    return ways.nearest(lat, lon, profile)


@lru_cache(maxsize=1)
def _ways_of(city: City) -> "Ways":
    return Ways(city)


def doors_by_hours(shelters: Collection[Shelter], now: Any) -> dict[str, Hours]:  # noqa: ANN401 - a datetime
    """Those that are not known to be closed at this hour, with what is known."""
    found = {shelter.id: hours_of(shelter.properties, now) for shelter in shelters}
    return {shelter: hours for shelter, hours in found.items() if hours is not Hours.CLOSED}


class Ways:
    """
    Ways to shelter in one city. The streets are indexed once, at the start; then the tree of ways is mended where
    shelters open and close. Any thread may ask.
    """

    def __init__(self, city: City) -> None:
        self._city = city
        self._shelters: dict[str, Shelter] = {shelter.id: shelter for shelter in city.shelters}
        self._doors: dict[str, Hours] = {}
        self._registered: list[str] = []
        self._lock = Lock()

    @cached_property
    def _on_foot(self) -> "_Way":
        from tocsin.city.footways import footways

        return _Way(footways(self._city, step_free=False))

    @cached_property
    def _step_free(self) -> "_Way":
        from tocsin.city.footways import footways

        return _Way(footways(self._city, step_free=True))

    @property
    def footways(self) -> "Footways":
        """The streets everybody on foot can use. Read at the first call."""
        with self._lock:
            return self._on_foot.footways

    def stand(self, doors: Mapping[str, Hours], registered: Collection[Shelter] = ()) -> None:
        """
        Say which shelters may be named from now on, and what is known of their hours.

        Args:
            registered: Shelters that the city's folder does not have.

        Raises:
            Unknown: If a shelter is of neither.
        """
        with self._lock:
            shelters = {shelter.id: shelter for shelter in (*self._city.shelters, *registered)}
            if strangers := doors.keys() - shelters.keys():
                raise Unknown(f"no shelter of this city is called {min(strangers)!r}", "open_ids")
            self._shelters, self._doors = shelters, dict(doors)
            self._registered = [shelter.id for shelter in registered]

    def nearest(
        self, lat: float, lon: float, profile: Profile = Profile.ADULT, minutes: float = WALKING_LIMIT_MINUTES
    ) -> ShelterWay:
        """
        Args:
            lat, lon: Where somebody stands, in degrees.
            minutes: How long they have, more than 0.

        Raises:
            Invalid: If the place is not on Earth, or the time is none.
            Unknown: If it is outside the city.
            Refused: If no open shelter can be reached on foot from there.
        """
        place = Point(lat, lon)
        if not 0 < minutes <= 24 * 60:
            raise Invalid(f"{minutes} is not more than 0 and at most a day", "minutes")
        pace = PACES[profile]
        with self._lock:
            way = self._step_free if pace.step_free else self._on_foot
            way.stand(self._shelters, self._doors, self._registered)
            shelter, metres, line = way.ask(place)
            hours = self._doors[shelter.id]
        seconds = metres / pace.metres_per_second
        in_time = seconds <= minutes * 60
        return ShelterWay(
            shelter=shelter.id,
            names=shelter.names,
            step_free=shelter.step_free,
            hours=hours,
            profile=profile,
            metres=round(metres, 1),
            seconds=round(seconds, 1),
            in_time=in_time,
            advice=None if in_time else too_far(seconds / 60, minutes),
            way={"type": "LineString", "coordinates": line},
        )

    def warm(self) -> None:
        """Do once what the first question would have to wait for: read the streets, load or compile the kernels."""
        with self._lock:
            self._on_foot.stand(self._shelters, self._doors, self._registered)
            self._on_foot.rehearse()


class _Way:
    """The streets of some profiles with their tree of ways, mended when it is asked after doors have changed."""

    def __init__(self, footways: "Footways") -> None:
        self.footways = footways
        self._stood_for: object = None
        self._by_node: dict[int, tuple[Shelter, Door]] = {}
        self._between: list[Shelter] = []
        self._tree: NearestTree | None = None

    def stand(self, shelters: Mapping[str, Shelter], doors: Mapping[str, Hours], registered: Collection[str]) -> None:
        # By identity: `Ways` puts new ones in place of both whenever anything has changed.
        if self._stood_for is doors:
            return
        nodes, beyond = self._standing([shelters[door] for door in doors])
        if self._tree is None:
            from tocsin.routing.nearest import NearestTree

            self._tree = NearestTree(self.footways.streets, nodes, beyond)
        else:
            self._tree.become(nodes, beyond)
        self._between = [
            shelters[door] for door in registered if door in doors and self.footways.doors_of(shelters[door])
        ]
        self._stood_for = doors

    def _standing(self, shelters: list[Shelter]) -> "tuple[NDArray[np.int32], NDArray[np.int32]]":
        """The open shelter on each node that has one: of several the one with the shortest way from it to the door."""
        import numpy as np

        found: dict[int, tuple[Shelter, Door]] = {}
        for shelter in shelters:
            for door in self.footways.doors_of(shelter):
                if door.node not in found or door.beyond < found[door.node][1].beyond:
                    found[door.node] = shelter, door
        self._by_node = found
        return np.array(list(found), np.int32), np.array([door.beyond for _, door in found.values()], np.int32)

    def ask(self, place: Point) -> tuple[Shelter, float, list[tuple[float, float]]]:
        """
        Returns:
            The shelter, metres to it, and the line.

        Raises:
            Unknown, Refused: As `Ways.nearest`.
        """
        from tocsin.routing.snap import MAX_SNAP_M

        if self._tree is None:
            raise LookupError("asked before it was said which shelters are open")
        snapped = self.footways.snap.ask(self._tree, place.lat, place.lon)
        # What goes into an error may go into a log, so it never says where somebody stands.
        if snapped.away > MAX_SNAP_M:
            raise Unknown(f"the place is outside the city: no street within {MAX_SNAP_M / 1000:g} km", "lat, lon")
        if snapped.door < 0:
            raise Refused(f"no open shelter can be reached on foot from there. {STAY['uk']} {STAY['en']}")
        metres = snapped.away + snapped.metres
        if straight := self._on_this_street(place, metres):
            return straight
        shelter, door = self._by_node[snapped.door]
        line = [place.position, *self.footways.snap.line(snapped)]
        if line[-1] != door.place.position:
            line.append(door.place.position)
        return shelter, metres, line

    def _on_this_street(self, place: Point, metres: float) -> tuple[Shelter, float, list[tuple[float, float]]] | None:
        """A shelter between two nodes, if one stands on the same street nearer than this; the tree knows nodes only."""
        here = self.footways.snap.beside(place.lat, place.lon) if self._between else None
        found = None
        for shelter in self._between:
            there = self.footways.beside(shelter)
            if here is None or there is None or here.entry != there.entry:
                continue
            direct = here.away + there.away + abs(here.share - there.share) * here.length / 10
            if direct < metres:
                metres, found = direct, (shelter, direct, [place.position, shelter.point.position])
        return found

    def rehearse(self) -> None:
        """Ask and mend once where it changes nothing."""
        tree = self._tree
        if tree is not None:
            import numpy as np

            lat, lon = float(self.footways.lat[0]), float(self.footways.lon[0])
            self.footways.snap.ask(tree, lat, lon)
            tree.close(np.empty(0, np.int32))
