"""The nearest open shelter from a place, and the way there on foot."""

from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from tocsin.city.place import City
from tocsin.kernel.errors import Refused, Unknown
from tocsin.kernel.geo import Point

if TYPE_CHECKING:
    from tocsin.routing.nearest import NearestTree


class ShelterWay(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        shelter: Its id.
        metres: From the place asked about to the nearest street, and along streets to the shelter.
        seconds: The same at 1.3 metres a second.
        way: GeoJSON LineString, the place asked about first, the shelter last.
    """

    shelter: str
    metres: float
    seconds: float
    way: dict[str, Any]


def nearest_shelter(city: City, lat: float, lon: float, open_ids: Collection[str]) -> ShelterWay:
    """
    One answer from the `Ways` of a city, which are kept until another city is asked about.

    Raises:
        Invalid, Unknown, Refused: As `Ways.nearest`.
    """
    return _ways_of(city).nearest(lat, lon, open_ids)


@lru_cache(maxsize=1)
def _ways_of(city: City) -> "Ways":
    return Ways(city)


class Ways:
    """
    Ways to shelter in one city. The streets are indexed once, at the start; the tree of ways is grown anew when other
    shelters are open than the last time (about 0.1 seconds for a city of three million), and kept until then.
    Any thread may ask.
    """

    def __init__(self, city: City) -> None:
        # Here and not at the top: scipy takes half a second, and a server that only warns must start without it.
        from tocsin.routing.snap import SnapIndex

        network = city.network
        self._network = network
        self._snap = SnapIndex(network.lat, network.lon)
        nodes = network.shelters.tolist()
        self._node = {shelter.id: node for shelter, node in zip(city.shelters, nodes, strict=True)}
        # Set as a whole, so that no thread sees the tree of one set of shelters with the names of another.
        self._grown: tuple[frozenset[str], dict[int, str], NearestTree | None] = (frozenset(), {}, None)

    def nearest(self, lat: float, lon: float, open_ids: Collection[str]) -> ShelterWay:
        """
        Args:
            lat, lon: Where somebody stands, in degrees.
            open_ids: The shelters that may be named.

        Raises:
            Invalid: If the place is not on Earth.
            Unknown: If it is outside the city, or a shelter is not of this city.
            Refused: If no open shelter can be reached on foot from there.
        """
        from tocsin.routing.nearest import WALKING_M_PER_S

        place = Point(lat, lon)
        node, away = self._street(place)
        shelters, tree = self._tree(frozenset(open_ids))
        if tree is None or not tree.reaches(node):
            raise Refused(f"no open shelter can be reached on foot from {lat}, {lon}")
        metres = away + tree.metres(node)
        return ShelterWay(
            shelter=shelters[tree.source(node)],
            metres=round(metres, 1),
            seconds=round(metres / WALKING_M_PER_S, 1),
            way=self._line(place, tree.route(node)),
        )

    def _street(self, place: Point) -> tuple[int, float]:
        from tocsin.routing.snap import MAX_SNAP_M

        found = self._snap.nearest(place.lat, place.lon)
        if found is None:
            limit = f"{MAX_SNAP_M / 1000:g} km"
            raise Unknown(f"{place.lat}, {place.lon} is outside the city: no street within {limit}", "lat, lon")
        return found

    def _tree(self, open_ids: frozenset[str]) -> "tuple[dict[int, str], NearestTree | None]":
        grown_for, shelters, tree = self._grown
        if grown_for != open_ids:
            shelters = self._standing(open_ids)
            tree = self._grow(shelters, tree)
            self._grown = (open_ids, shelters, tree)
        return shelters, tree

    def _standing(self, open_ids: frozenset[str]) -> dict[int, str]:
        """The open shelter on each node that has one: of several on a node the first of the city's folder."""
        if strangers := open_ids - self._node.keys():
            raise Unknown(f"no shelter of this city is called {min(strangers)!r}", "open_ids")
        found: dict[int, str] = {}
        for shelter, node in self._node.items():
            if shelter in open_ids and node >= 0:
                found.setdefault(node, shelter)
        return found

    def _grow(self, shelters: dict[int, str], tree: "NearestTree | None") -> "NearestTree":
        import numpy as np

        from tocsin.routing.nearest import NearestTree

        sources = np.array(list(shelters), np.int32)
        return tree.with_sources(sources) if tree else NearestTree(self._network.streets, sources)

    def _line(self, place: Point, route: list[int]) -> dict[str, Any]:
        nodes = zip(self._network.lon[route].tolist(), self._network.lat[route].tolist(), strict=True)
        return {"type": "LineString", "coordinates": [place.position, *nodes]}
