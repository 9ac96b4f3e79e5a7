"""The base map: tiles that any reader of the format decodes, from a file or drawn when asked for."""

import gzip
import json
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from pmtiles.reader import MmapSource, Reader, all_tiles
from tests.city.osm_file import LAT, LON, Osm, at, town
from tests.city.test_import import made

from tocsin.city.place import Facts, load_city
from tocsin.city.sketch import open_tiles
from tocsin.city.tiles import EXTENT, MAX_ZOOM, Sketch, Tile, TileFile, draw, write_tiles
from tocsin.kernel.errors import Invalid


def tile_at(lat: float, lon: float, z: int) -> Tile:
    """As the web's maps number them."""
    n = 2**z
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2
    return Tile(z, int((lon + 180) / 360 * n), int(y * n))


def decoded(body: bytes | None) -> dict[str, Any]:
    assert body is not None
    found: dict[str, Any] = mapbox_vector_tile.decode(gzip.decompress(body), default_options={"y_coord_down": True})
    return found


def test_an_imported_city_has_roads_buildings_and_names_on_its_tiles(tmp_path: Path) -> None:
    osm = town()
    osm.square(90, 60, 100, 60, natural="water")
    osm.square(91, 100, 150, 40, leisure="park")
    osm.node(92, 100, 100, place="suburb", name="Поділ", name__en="Podil")
    city, _ = made(osm, tmp_path)
    # A corner of the town may lie on the tile beside.
    found = [open_tiles(city).tile(tile_at(*at(east, 100), MAX_ZOOM)) for east in (20, 180)]
    layers = [layer for body in found if body for layer in decoded(body)]
    assert set(layers) == {"green", "water", "buildings", "roads", "places"}


def test_a_place_is_where_it_belongs_on_its_tile(tmp_path: Path) -> None:
    sketch = Sketch()
    sketch.add("places", shapely.Point(LON, LAT), 0, kind="city", name="Київ")
    tile = tile_at(LAT, LON, 12)
    feature = decoded(draw(sketch.drawing(), tile))["places"]["features"][0]
    x, y = feature["geometry"]["coordinates"]
    lon = (tile.x + x / EXTENT) / 2**12 * 360 - 180
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (tile.y + y / EXTENT) / 2**12))))
    assert (lat, lon) == (pytest.approx(LAT, abs=2e-5), pytest.approx(LON, abs=2e-5))
    assert feature["properties"] == {"kind": "city", "name": "Київ"}


def test_outlines_turn_as_the_format_wants_and_keep_to_their_tile() -> None:
    sketch = Sketch()
    lake = shapely.box(LON - 1, LAT - 1, LON + 1, LAT + 1).difference(shapely.box(LON, LAT - 0.02, LON + 0.02, LAT))
    sketch.add("water", lake, 0)
    geometry = decoded(draw(sketch.drawing(), tile_at(LAT, LON, 12)))["water"]["features"][0]["geometry"]
    rings = geometry["coordinates"]
    # The decoder sorts rings into outlines and holes by the way they turn.
    assert geometry["type"] == "Polygon"
    assert len(rings) == 2
    assert np.abs(np.array(rings[0])).max() <= EXTENT + 64


def test_a_tile_file_is_read_by_others_and_says_what_it_covers(tmp_path: Path) -> None:
    city, _ = made(town(), tmp_path)
    with (tmp_path / "city" / "tiles.pmtiles").open("rb") as file:
        source = MmapSource(file)
    header, tiles = Reader(source).header(), list(all_tiles(source))
    # A town of lanes has nothing to show from farther away.
    assert (header["min_zoom"], header["max_zoom"]) == (12, MAX_ZOOM)
    assert {z for (z, _, _), _ in tiles} == {12, 13, 14, 15}
    assert "OpenStreetMap" in json.dumps(Reader(source).metadata(), ensure_ascii=False)
    assert header["min_lon_e7"] == round(city.facts.bbox[0] * 1e7)


def test_a_city_with_nothing_to_draw_has_an_empty_file(tmp_path: Path) -> None:
    facts = Facts(name="x", names={"uk": "x"}, time_zone="Europe/Kyiv", bbox=(30, 50, 30.01, 50.01), format=1)
    assert write_tiles(tmp_path / "tiles.pmtiles", Sketch().drawing(), facts, lambda _done: None) == 0
    assert TileFile(tmp_path / "tiles.pmtiles").tile(tile_at(50, 30, 12)) is None


@pytest.mark.parametrize("content", [b"", b"PMTiles", b"no tiles at all" * 20])
def test_a_malformed_tile_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tiles.pmtiles").write_bytes(content)
    with pytest.raises(Invalid, match=r"tiles\.pmtiles"):
        TileFile(tmp_path / "tiles.pmtiles")


def test_the_made_up_city_is_drawn_when_asked_for(kyiv: Path) -> None:
    tiles = open_tiles(load_city(kyiv))
    found = decoded(tiles.tile(tile_at(50.45, 30.56, 12)))
    assert {"water", "roads"} <= set(found)
    assert tiles.tile(tile_at(10, 10, 12)) is None


def test_small_outlines_are_left_out_where_nobody_could_see_them() -> None:
    sketch = Sketch()
    sketch.add("green", shapely.box(LON, LAT, LON + 0.001, LAT + 0.001), 0)
    drawing = sketch.drawing()
    assert draw(drawing, tile_at(LAT, LON, 8)) is None
    assert draw(drawing, tile_at(LAT + 0.0005, LON + 0.0005, 15)) is not None


def test_a_sea_of_coordinates_does_not_break_a_tile(tmp_path: Path) -> None:
    osm = Osm()
    for id_, (east, north) in enumerate([(0, 0), (0.001, 0), (5000, 3000), (5000, 3000)], start=1):
        osm.node(id_, east, north)
    osm.way(1, [1, 2, 1, 2, 3, 4, 3], highway="path")
    osm.way(2, [1, 2, 1], building="yes")
    city, _ = made(osm, tmp_path)
    assert "roads" in decoded(open_tiles(city).tile(tile_at(LAT, LON, 14)))


def coast(reaches: bool) -> Osm:
    """A shore along the middle of a town, drawn eastwards: the water is in the south."""
    osm = town()
    ends = (-500, 700) if reaches else (50, 150)
    for id_, east in zip((70, 71), ends, strict=True):
        osm.node(id_, east, 100)
    osm.way(70, [70, 71], natural="coastline")
    return osm


@pytest.mark.parametrize(("reaches", "pieces"), [(True, 1), (False, 0)])
def test_the_sea_is_on_the_right_of_its_shore_or_not_drawn_at_all(tmp_path: Path, reaches: bool, pieces: int) -> None:
    city, _ = made(coast(reaches), tmp_path)
    tile = tile_at(*at(100, 50), 14)
    body = open_tiles(city).tile(tile)
    water = decoded(body).get("water", {"features": []})["features"]
    assert len(water) == pieces
    if water:
        lats = [y for ring in water[0]["geometry"]["coordinates"] for _, y in ring]
        streets = decoded(body)["roads"]["features"]
        assert min(lats) > min(y for road in streets for _, y in shapely.get_coordinates(_shape(road)).tolist())


def _shape(feature: dict[str, Any]) -> shapely.Geometry:
    found: shapely.Geometry = shapely.from_geojson(json.dumps(feature["geometry"]))
    return found
