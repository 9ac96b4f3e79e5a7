"""A place in a shelter for every resident: as many as can be placed within a walk, then the least walking in all."""

import csv
import io
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec
import numpy as np

from tocsin.city.footways import Footways
from tocsin.city.geojson import collection
from tocsin.city.pace import MAX_MINUTES, PACES, WALKING_LIMIT_MINUTES, Profile
from tocsin.city.place import City, Shelter
from tocsin.kernel.errors import Invalid, Unknown
from tocsin.routing.allocation import Allocation
from tocsin.routing.cold import solve_cold
from tocsin.routing.reach import Longs, Reach, within

_MOST_HELPFUL = 20


class ShelterLoad(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        places: How many it takes now: none if it is closed.
        people: How many are sent there.
        one_more_places: Residents that one more place here would place, 0 or 1, moves of others counted in.
        one_more_saves_m: Metres that all together would walk less with one more place here, if it places nobody.
    """

    shelter: str
    names: dict[str, str]
    area: str
    places: int
    people: int
    one_more_places: int
    one_more_saves_m: float


class AreaUnplaced(msgspec.Struct, frozen=True):
    """
    Attributes:
        area: The deepest area where they live; empty for outside of all areas.
    """

    area: str
    people: int


class PlanReport(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        minutes: Nobody is sent farther than an adult walks in this time.
        total_walk_m, mean_walk_m: Metres, of those who are placed.
        seconds: How long the computing took.
        gap_m: Person-metres by which the plan may be worse than the best; 0 proves that it is the best one.
        optimal: True if the gap is zero.
        unplaced_areas: Where the unplaced live, most first.
        most_helpful: Shelters where one more place would help most, best first.
        shelters: In the order of the city's folder.
    """

    minutes: float
    people: int
    placed: int
    unplaced: int
    total_walk_m: float
    mean_walk_m: float
    seconds: float
    gap_m: float
    optimal: bool
    unplaced_areas: tuple[AreaUnplaced, ...]
    most_helpful: tuple[str, ...]
    shelters: tuple[ShelterLoad, ...]


class CityPlan:
    """
    The plan of one city, kept warm. Not safe to change from two threads.

    Args:
        shelters: All that may ever have places; a plan with others is a new one.
        places: By shelter; those left out have none.
        solve: Makes the first plan, as `tocsin.routing.cold` does.

    Raises:
        Invalid: If the minutes are not more than 0 and at most MAX_MINUTES, or places fewer than none.
        Unknown: If a place is in a shelter that is not among these.
    """

    def __init__(
        self,
        city: City,
        ways: Footways,
        shelters: Collection[Shelter],
        places: Mapping[str, int],
        minutes: float = WALKING_LIMIT_MINUTES,
        solve: Callable[[Reach, Longs], Longs] = solve_cold,
    ) -> None:
        if not 0 < minutes <= MAX_MINUTES:
            raise Invalid(f"{minutes} is not more than 0 and at most {MAX_MINUTES:g}", "minutes")
        start = time.perf_counter()
        self.shelters = tuple(shelters)
        self.minutes = minutes
        self._city = city
        self._ways = ways
        self._index = {shelter.id: at for at, shelter in enumerate(self.shelters)}
        nodes, beyond, begin = ways.all_doors(self.shelters)
        limit = int(minutes * 60 * PACES[Profile.ADULT].metres_per_second * 10)
        reach = within(ways.streets, ways.people, nodes, beyond, limit, begin)
        everybody = int(reach.people.sum())
        wanted = np.zeros(len(self.shelters), np.int64)
        for at, number in self._numbered(places).items():
            wanted[at] = min(number, everybody)
        self.allocation = Allocation(reach, wanted, solve)
        self._areas: list[str | None] | None = None
        self.seconds = time.perf_counter() - start

    def change(self, places: Mapping[str, int], *, quickly: bool = False) -> int:
        """
        Give some shelters another number of places: exactly, or quickly as `Allocation` says.

        Returns:
            How many shelters have another number now than before.

        Raises:
            Unknown, Invalid: As the constructor does.
        """
        start = time.perf_counter()
        changes = self.differing(places)
        if changes:
            (self.allocation.change_quickly if quickly else self.allocation.change)(changes)
            self.seconds = time.perf_counter() - start
        return len(changes)

    def differing(self, places: Mapping[str, int]) -> dict[int, int]:
        """Those of some places that are not so already, by the shelter's index."""
        everybody, now = int(self.allocation.reach.people.sum()), self.allocation.places
        numbers = {at: min(number, everybody) for at, number in self._numbered(places).items()}
        return {at: number for at, number in numbers.items() if now[at] != number}

    def loads(self) -> dict[str, int]:
        """People sent to each shelter."""
        return dict(zip(self._index, self.allocation.loads.tolist(), strict=True))

    def _numbered(self, places: Mapping[str, int]) -> dict[int, int]:
        if strangers := places.keys() - self._index.keys():
            raise Unknown(f"no shelter of this city is called {min(strangers)!r}", "shelter")
        for shelter, number in places.items():
            if number < 0:
                raise Invalid(f"{shelter} cannot have {number} places", "places")
        return {self._index[shelter]: number for shelter, number in places.items()}

    def report(self) -> PlanReport:
        allocation = self.allocation
        everybody = int(self._ways.people.sum(dtype=np.int64))
        gap = allocation.gap()
        placing, saving = allocation.worth() if gap == 0 else (np.zeros_like(allocation.places),) * 2
        loads = tuple(
            ShelterLoad(
                shelter=shelter.id,
                names=shelter.names,
                area=shelter.area,
                places=places,
                people=people,
                one_more_places=places_one,
                one_more_saves_m=saves / 10,
            )
            for shelter, places, people, places_one, saves in zip(
                self.shelters,
                allocation.places.tolist(),
                allocation.loads.tolist(),
                placing.tolist(),
                saving.tolist(),
                strict=True,
            )
        )
        placed = everybody - allocation.unplaced
        helpful = sorted(loads, key=lambda load: (-load.one_more_places, -load.one_more_saves_m))[:_MOST_HELPFUL]
        return PlanReport(
            minutes=self.minutes,
            people=everybody,
            placed=placed,
            unplaced=allocation.unplaced,
            total_walk_m=round(allocation.walked, 1),
            mean_walk_m=round(allocation.walked / placed, 1) if placed else 0.0,
            seconds=round(self.seconds, 6),
            gap_m=gap / 10,
            optimal=gap == 0,
            unplaced_areas=self._unplaced(),
            most_helpful=tuple(load.shelter for load in helpful if load.one_more_places or load.one_more_saves_m),
            shelters=loads,
        )

    def _unplaced(self) -> tuple[AreaUnplaced, ...]:
        homes = self.allocation.reach.homes
        if self._areas is None:
            self._areas = self._city.areas.locate_all(self._ways.lat[homes].tolist(), self._ways.lon[homes].tolist())
        found: Counter[str] = Counter()
        left = self.allocation.unplaced_by_home
        for home in np.flatnonzero(left).tolist():
            found[self._areas[home] or ""] += int(left[home])
        return tuple(AreaUnplaced(area, people) for area, people in found.most_common())


def plan_csv(report: PlanReport) -> str:
    """The loads as a table with a heading."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(("shelter", "name", "area", "places", "people", "one_more_places", "one_more_saves_m"))
    for load in report.shelters:
        name = load.names.get("uk") or next(iter(load.names.values()))
        table.writerow(
            (load.shelter, name, load.area, load.places, load.people, load.one_more_places, load.one_more_saves_m)
        )
    return written.getvalue()


def plan_geojson(report: PlanReport, shelters: Collection[Shelter], city: City) -> dict[str, Any]:
    """A map layer: shelters with their loads (`layer` is `shelter`), and areas with their unplaced (`unplaced`)."""
    points = {shelter.id: {"type": "Point", "coordinates": shelter.point.position} for shelter in shelters}
    parts: list[tuple[Any, Any]] = [
        ({"layer": "shelter", **msgspec.to_builtins(load)}, points[load.shelter]) for load in report.shelters
    ]
    for unplaced in report.unplaced_areas:
        geometry = city.areas[unplaced.area].geometry if unplaced.area else None
        parts.append(({"layer": "unplaced", "area": unplaced.area, "people": unplaced.people}, geometry))
    return collection(parts)
