"""How long a vehicle takes from one place to others in the city: for ranking, not as a time of arrival."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tocsin.kernel.geo import Point

if TYPE_CHECKING:
    from tocsin.city.place import City

SPEED_M_PER_S = 30 / 3.6
"""30 km/h: an emergency vehicle in a city, over a network that has footways too and knows no rubble."""
MAX_SNAP_M = 2000.0
"""Whoever is farther than this from every street is outside the city."""


def driving_seconds(city: "City", start: Point, places: Sequence[Point]) -> list[float | None]:
    """
    Along the city's streets from a place to each of others; None where there is no way, or no street near.

    Takes about half a second for a city of a million crossings: one search from the start serves all.

    Raises:
        Invalid: If the city's network cannot be read.
    """
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    network = city.network
    lat, lon = np.asarray(network.lat), np.asarray(network.lon)
    # Flat is near enough here: a city is small, and only the nearest crossing is asked for.
    scale = np.array([111_195.0, 111_195.0 * float(np.cos(np.radians(start.lat)))])

    def nearest(place: Point) -> tuple[int, float]:
        away = np.hypot((lat - place.lat) * scale[0], (lon - place.lon) * scale[1])
        node = int(np.argmin(away))
        return node, float(away[node])

    first, off = nearest(start)
    if off > MAX_SNAP_M:
        return [None] * len(places)
    streets = network.streets
    graph = csr_array((streets.lengths, streets.indices, streets.indptr), shape=(streets.nodes, streets.nodes))
    decimetres = dijkstra(graph, directed=True, indices=[first])[0]
    found: list[float | None] = []
    for place in places:
        node, away = nearest(place)
        metres = off + away + float(decimetres[node]) / 10
        found.append(round(metres / SPEED_M_PER_S, 1) if away <= MAX_SNAP_M and np.isfinite(metres) else None)
    return found
