"""
The base map as vector tiles (Mapbox Vector Tile 2.1) in the web's square of the Mercator projection (EPSG:3857), and
the PMTiles 3 file that keeps them.
"""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import mapbox_vector_tile
import numpy as np
import shapely
from numpy.typing import NDArray
from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from tocsin.city.place import Facts
from tocsin.kernel.errors import Invalid
from tocsin.routing.plane import Floats

MIN_ZOOM, MAX_ZOOM = 6, 15
EXTENT = 4096
"""Units along the side of a tile."""
_BEYOND = 64
"""Units that a tile shows of its neighbours, so that no edge is seen."""
_SMALLEST = 24.0
"""Units along the side of the smallest outline that is drawn: three pixels."""
_COARSE = 4.0
"""Units that a line may be moved by where the zoom is not the last."""
_LIMIT = 85.05112878
"""Degrees north and south where the square ends."""

LAYERS = ("green", "water", "buildings", "roads", "places")
"""In the order they are drawn."""

Shapes = NDArray[Any]
"""Of shapely geometries."""


class Tile(NamedTuple):
    z: int
    x: int
    y: int


@dataclass(frozen=True, eq=False)
class Drawing:
    """
    Attributes:
        shapes: In the square from 0, 0 (north-west) to 1, 1.
        layer: Of LAYERS, as its index.
        since: The first zoom it is drawn at.
        facts: What the style may ask for.
    """

    shapes: Shapes
    layer: NDArray[np.int8]
    since: NDArray[np.int8]
    facts: list[dict[str, str]]

    @cached_property
    def index(self) -> shapely.STRtree:
        return shapely.STRtree(self.shapes)


class Sketch:
    """Collects what is to be drawn, in degrees."""

    def __init__(self) -> None:
        self._rows: list[tuple[Any, int, int, dict[str, str]]] = []

    def add(self, layer: str, shape: Any, since: int, **facts: str) -> None:  # noqa: ANN401 - a geometry
        self._rows.append((shape, LAYERS.index(layer), since, {key: value for key, value in facts.items() if value}))

    def drawing(self) -> Drawing:
        shapes, layer, since, facts = zip(*self._rows, strict=True) if self._rows else ((), (), (), ())
        array = np.empty(len(shapes), object)
        array[:] = shapes
        square = shapely.transform(array, _square)
        return Drawing(square, np.array(layer, np.int8), np.array(since, np.int8), list(facts))


def _square(degrees: Floats) -> Floats:
    lat = np.radians(np.clip(degrees[:, 1], -_LIMIT, _LIMIT))
    return np.column_stack((degrees[:, 0] / 360 + 0.5, 0.5 - np.arcsinh(np.tan(lat)) / (2 * np.pi)))


def draw(drawing: Drawing, tile: Tile) -> bytes | None:
    """One tile, compressed with gzip; none if there is nothing on it."""
    side = 2.0**-tile.z
    beyond = side * _BEYOND / EXTENT
    west, north = tile.x * side, tile.y * side
    box = shapely.box(west - beyond, north - beyond, west + side + beyond, north + side + beyond)
    at = np.sort(drawing.index.query(box))
    at = at[drawing.since[at] <= tile.z]
    if not len(at):
        return None
    shapes = shapely.transform(drawing.shapes[at], lambda square: (square - (west, north)) * (EXTENT / side))
    shapes = _cut(shapes, tile.z)
    kept = np.flatnonzero(~shapely.is_empty(shapes))
    return _encoded(drawing, at[kept], shapes[kept]) if len(kept) else None


def _cut(shapes: Shapes, zoom: int) -> Shapes:
    surface = shapely.get_dimensions(shapes) == 2
    shapes[surface & (shapely.area(shapes) < _SMALLEST**2)] = shapely.Point()
    if zoom < MAX_ZOOM:
        shapes = shapely.simplify(shapes, _COARSE, preserve_topology=False)
    low, high = -_BEYOND, EXTENT + _BEYOND
    bounds = shapely.bounds(shapes)
    beyond = (bounds[:, :2] < low).any(axis=1) | (bounds[:, 2:] > high).any(axis=1)
    shapes[beyond] = shapely.clip_by_rect(shapes[beyond], low, low, high, high)
    return shapely.orient_polygons(shapely.transform(shapes, np.rint))  # type: ignore[no-any-return]


def _encoded(drawing: Drawing, at: NDArray[np.int64], shapes: Shapes) -> bytes | None:
    layers: dict[int, list[dict[str, Any]]] = {}
    for each, shape in zip(at.tolist(), shapes.tolist(), strict=True):
        # A corner that only touches the frame comes back as a collection of points and lines.
        if shape.geom_type != "GeometryCollection":
            row = {"geometry": shape, "properties": drawing.facts[each]}
            layers.setdefault(int(drawing.layer[each]), []).append(row)
    named = [{"name": LAYERS[layer], "features": layers[layer]} for layer in sorted(layers)]
    # Rounded and turned already, all at once; the encoder would do it point by point.
    options = {"y_coord_down": True, "extents": EXTENT, "check_winding_order": False}
    body: bytes = mapbox_vector_tile.encode(named, default_options=options)
    return gzip.compress(body, 6, mtime=0) if body else None


def write_tiles(path: Path, drawing: Drawing, facts: Facts, tell: Callable[[float], None]) -> int:
    """
    Every tile of a city that is not empty, in one PMTiles file.

    Args:
        tell: Is told how much of the whole is done, from 0 to 1.

    Returns:
        How many there are.
    """
    tiles = sorted(_tiles(facts.bbox), key=lambda tile: zxy_to_tileid(*tile))
    written = 0
    with path.open("wb") as file:
        writer = Writer(file)
        for done, tile in enumerate(tiles):
            body = draw(drawing, tile)
            if body is not None:
                writer.write_tile(zxy_to_tileid(*tile), body)
                written += 1
            tell(done / len(tiles))
        if not written:
            # The format has no file without tiles.
            writer.write_tile(0, gzip.compress(b"", mtime=0))
        writer.finalize(_header(facts), _metadata(facts))
    return written


def _tiles(bbox: tuple[float, float, float, float]) -> Iterator[Tile]:
    (west, north), (east, south) = _square(np.array([[bbox[0], bbox[3]], [bbox[2], bbox[1]]])).tolist()
    for z in range(MIN_ZOOM, MAX_ZOOM + 1):
        n = 2**z
        for x in range(max(0, int(west * n)), min(n - 1, int(east * n)) + 1):
            for y in range(max(0, int(north * n)), min(n - 1, int(south * n)) + 1):
                yield Tile(z, x, y)


def _header(facts: Facts) -> dict[str, Any]:
    west, south, east, north = (round(edge * 1e7) for edge in facts.bbox)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_zoom": MIN_ZOOM,
        "max_zoom": MAX_ZOOM,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": 12,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }


def _metadata(facts: Facts) -> dict[str, Any]:
    fields = {"kind": "String", "name": "String", "name_uk": "String", "name_en": "String"}
    return {
        "name": facts.name,
        "attribution": facts.licence,
        "vector_layers": [{"id": layer, "fields": fields} for layer in LAYERS],
    }


class TileFile:
    """
    A PMTiles file, mapped. Any thread may ask it.

    Raises:
        Invalid: If it is no PMTiles file.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._reader = Reader(MmapSource(file))
            self._reader.header()
        except Exception as error:
            # The library's own errors share no class, and a cut file ends in any of them.
            raise Invalid(f"is no PMTiles file: {error}", path.name) from None

    def tile(self, tile: Tile) -> bytes | None:
        """Compressed with gzip; none if there is nothing on it."""
        found: bytes | None = self._reader.get(*tile)
        return found
