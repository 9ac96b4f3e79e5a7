"""The streets of a city as its walkers use them, by what they can pass, and the doors of its shelters."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tocsin.city.network import NO_NODE, NOT_STEP_FREE, Network
from tocsin.city.place import City, Shelter
from tocsin.kernel.geo import Point, metres
from tocsin.routing.drawing import Drawing, straight
from tocsin.routing.order import hilbert_order, inverse
from tocsin.routing.plane import Floats, Plane
from tocsin.routing.reach import Longs
from tocsin.routing.snap import Beside, SnapIndex
from tocsin.routing.streets import MAX_LENGTH, Ints, Streets


class Door(NamedTuple):
    """
    Attributes:
        node: The street node a shelter is reached by, as `Footways` numbers them.
        beyond: Decimetres from there to the door.
        place: Where the door is.
    """

    node: int
    beyond: int
    place: Point


@dataclass(frozen=True, eq=False)
class Footways:
    """
    Attributes:
        streets, lat, lon: With the nodes along a Hilbert curve.
        people: Residents, per node.
        step_free: Without steps, and only step-free doors.
        doors: By shelter of the city's folder, nearest first; none if it stands on no street or cannot be entered. One
            that was registered stands between two nodes, and has a door from each; one with several entrances has one
            for each of them.
    """

    streets: Streets
    lat: Floats
    lon: Floats
    people: Ints
    snap: SnapIndex
    step_free: bool
    doors: dict[str, tuple[Door, ...]] = field(default_factory=dict)

    def doors_of(self, shelter: Shelter) -> tuple[Door, ...]:
        """The doors of a shelter, also of one that the city's folder does not have."""
        if shelter.id not in self.doors:
            self.doors[shelter.id] = self._found(shelter)
        return self.doors[shelter.id]

    def all_doors(self, shelters: Iterable[Shelter]) -> tuple[Ints, Ints, Longs]:
        """
        The doors of some shelters, one shelter after another.

        Returns:
            Node and decimetres beyond it per door; and where the doors of each shelter begin, one more than there are.
        """
        doors = [self.doors_of(shelter) for shelter in shelters]
        nodes = np.array([door.node for each in doors for door in each], np.int32)
        beyond = np.array([door.beyond for each in doors for door in each], np.int32)
        return nodes, beyond, np.concatenate(([0], np.cumsum([len(each) for each in doors], dtype=np.int64)))

    def beside(self, shelter: Shelter) -> Beside | None:
        """The street a shelter stands at; none if there is none near."""
        return self.snap.beside(shelter.point.lat, shelter.point.lon)

    def _found(self, shelter: Shelter) -> tuple[Door, ...]:
        found = None if self.step_free and not shelter.step_free else self.beside(shelter)
        if found is None:
            return ()
        away, there, back = round(found.away * 10), found.share * found.length, (1 - found.share) * found.length
        both = zip(found.ends, (there, back), strict=True)
        doors = [Door(node, away + round(far), shelter.point) for node, far in both]
        return tuple(sorted((door for door in doors if door.beyond <= MAX_LENGTH), key=lambda door: door.beyond))


def footways(city: City, *, step_free: bool) -> Footways:
    """
    Raises:
        Invalid: If the city's network is malformed.
    """
    network = city.network
    drawing, order = _drawn(network, step_free)
    gone = inverse(order)
    found = Footways(drawing.streets, drawing.lat, drawing.lon, network.people[order], SnapIndex(drawing), step_free)
    for at, shelter in enumerate(city.shelters):
        found.doors[shelter.id] = _doors(shelter, at, network, gone, step_free)
    return found


def _drawn(network: Network, step_free: bool) -> tuple[Drawing, NDArray[np.int64]]:
    """The streets that can be used, along the curve; and the old number of each node."""
    streets, lat, lon, bends = network.streets, network.lat, network.lon, network.bends
    drawing = straight(streets, lat, lon)
    if bends is not None:
        drawing = Drawing(streets, lat, lon, bends.indptr, bends.lat, bends.lon)
    if step_free and network.flags is not None:
        left, entries = streets.without((network.flags & NOT_STEP_FREE) != 0)
        drawing = drawing.chosen(left, lat, lon, entries)
    order = hilbert_order(Plane(float(lat.mean()), float(lon.mean())).metres(lat, lon))
    placed, entries = drawing.streets.reordered(order, inverse(order))
    return drawing.chosen(placed, lat[order], lon[order], entries), order


def _doors(shelter: Shelter, at: int, network: Network, gone: Ints, step_free: bool) -> tuple[Door, ...]:
    if step_free and not shelter.step_free:
        return ()
    places = _entrances(at, network, step_free) or [(int(network.shelters[at]), shelter.point)]
    doors = []
    for node, place in places:
        if node != NO_NODE:
            away = metres(place, Point(float(network.lat[node]), float(network.lon[node])))
            doors.append(Door(int(gone[node]), min(MAX_LENGTH, round(away * 10)), place))
    return tuple(sorted(doors, key=lambda door: door.beyond))


def _entrances(at: int, network: Network, step_free: bool) -> list[tuple[int, Point]]:
    """Node and place of each entrance of a shelter. Where none is said to be step-free, all of a step-free one may."""
    known = network.entrances
    if known is None:
        return []
    these = list(range(int(known.indptr[at]), int(known.indptr[at + 1])))
    if step_free:
        these = [each for each in these if known.step_free[each]] or these
    return [(int(known.node[each]), Point(float(known.lat[each]), float(known.lon[each]))) for each in these]
