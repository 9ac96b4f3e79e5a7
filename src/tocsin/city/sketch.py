"""The base map of a city without a tile file, such as the demo city: drawn from its streets and water when asked."""

from functools import lru_cache
from threading import Lock
from typing import Protocol

import numpy as np
import shapely
from shapely.geometry import shape

from tocsin.city.files import TILES
from tocsin.city.network import Network
from tocsin.city.place import City
from tocsin.city.tiles import Drawing, Sketch, Tile, TileFile, draw
from tocsin.routing.plane import Floats

_STREETS_FROM, _MANY_STREETS_FROM, _MANY = 11, 13, 50_000
_KEPT = 512
"""Tiles; some of a screen for each of a few dozen people."""


class Tiles(Protocol):
    """Any thread may ask."""

    def tile(self, tile: Tile) -> bytes | None:
        """Compressed with gzip; none if there is nothing on it."""


def open_tiles(city: City) -> Tiles:
    """
    The file of an imported city, or a map that is drawn when first asked for.

    Raises:
        Invalid: If the file is malformed.
    """
    file = city.folder / TILES
    return TileFile(file) if file.exists() else Drawn(city)


class Drawn:
    """Tiles drawn one by one, the latest kept. The first one reads the whole walking network."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._drawing: Drawing | None = None
        self._lock = Lock()
        self.tile = lru_cache(maxsize=_KEPT)(self._draw)

    def _draw(self, tile: Tile) -> bytes | None:
        # A browser asks for a screenful at once; without the lock each of them would read the network.
        with self._lock:
            if self._drawing is None:
                self._drawing = sketch(self._city)
        return draw(self._drawing, tile)


def sketch(city: City) -> Drawing:
    """Streets and water; a city folder says no more of a made-up city."""
    found = Sketch()
    for feature in city.water["features"]:
        if feature["properties"]["kind"] == "river":
            found.add("water", shape(feature["geometry"]), 6)
        else:
            found.add("roads", shape(feature["geometry"]), 6, kind="major")
    lines = _lines(city.network)
    since = _STREETS_FROM if len(lines) <= _MANY else _MANY_STREETS_FROM
    for line in lines:
        found.add("roads", line, since, kind="minor")
    return found.drawing()


def _lines(network: Network) -> list[shapely.Geometry]:
    """Each street once, straight."""
    streets = network.streets
    near = np.repeat(np.arange(streets.nodes), np.diff(streets.indptr))
    once = near < streets.indices
    places: Floats = np.column_stack((network.lon, network.lat))
    ends = np.stack((places[near[once]], places[streets.indices[once]]), axis=1)
    found: list[shapely.Geometry] = shapely.linestrings(ends).tolist()
    return found
