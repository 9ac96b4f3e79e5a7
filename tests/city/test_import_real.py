"""Real extracts, against counts made another way. The data lies outside the repository."""

import gzip
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import osmium
import pytest
from pyproj import Geod
from tests.city.osm_file import DATA

from tocsin.city.check import check_city
from tocsin.city.osm.importing import Wishes, import_city
from tocsin.city.osm.walking import why_not_walked
from tocsin.city.place import load_city
from tocsin.kernel.errors import Invalid

OSM = DATA / "osm"

pytestmark = pytest.mark.skipif(not OSM.exists(), reason="real data lies outside the repository: no shared/data/osm")


def counted(file: Path) -> tuple[int, int, float]:
    """Walked ways, buildings and metres walked, read once more without our own code but for the rules."""
    ways = buildings = 0
    metres = 0.0
    geod = Geod(ellps="WGS84")
    for thing in osmium.FileProcessor(str(file)).with_locations():
        tags = dict(thing.tags)
        if isinstance(thing, osmium.osm.Node):
            continue
        closed = isinstance(thing, osmium.osm.Way) and len(thing.nodes) > 3 and thing.is_closed()
        relation = isinstance(thing, osmium.osm.Relation) and tags.get("type") == "multipolygon"
        buildings += tags.get("building", "no") != "no" and (closed or relation)
        if isinstance(thing, osmium.osm.Way) and "highway" in tags and why_not_walked(tags) is None:
            ways += 1
            places = [(node.lon, node.lat) for node in thing.nodes if node.location.valid()]
            lon, lat = zip(*places, strict=True)
            metres += geod.line_length(lon, lat)
    return ways, buildings, metres


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["monaco.osm.pbf", "liechtenstein.osm.pbf", "bautzen.osm"])
def test_a_real_extract_is_imported_with_the_counts_that_it_has(tmp_path: Path, name: str) -> None:
    report = import_city(OSM / name, tmp_path / "city", Wishes())
    found = check_city(tmp_path / "city")
    assert [finding for finding in found.findings if finding.severity == "error"] == []
    ways, buildings, metres = counted(OSM / name)
    assert report.counts["walkable_ways"] == ways
    # A handful of outlines cross themselves or are cut off; the report names each.
    broken = sum(row.count for row in report.skipped if row.what == "building")
    assert found.counts["buildings"] == pytest.approx(buildings, abs=max(broken, 5))
    # Platforms are walked too, and what is drawn twice is walked once.
    assert found.counts["street_metres"] == pytest.approx(metres, rel=0.03)
    assert found.counts["people_on_islands"] <= found.counts["people"] * 0.01
    city = load_city(tmp_path / "city")
    assert len(city.network.shelters) == len(city.shelters)
    lengths = city.network.streets.lengths
    assert int(lengths.min()) >= 1
    assert np.median(lengths) < 2000


@pytest.mark.heavy
def test_an_extract_of_a_city_is_imported_within_a_minute(tmp_path: Path) -> None:
    """A promise of the documents with room to spare: a quiet machine takes a tenth of it."""
    start = time.process_time()
    command = [str(Path(sys.executable).parent / "tocsin"), "city", "import", str(OSM / "monaco.osm.pbf")]
    subprocess.run([*command, "--out", str(tmp_path / "city")], check=True, capture_output=True, timeout=300)
    assert time.process_time() - start < 60


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_an_extract_that_breaks_off_is_refused(tmp_path: Path, share: float) -> None:
    whole = (OSM / "liechtenstein.osm.pbf").read_bytes()
    (tmp_path / "cut.osm.pbf").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Invalid, match=r"cut\.osm\.pbf"):
        import_city(tmp_path / "cut.osm.pbf", tmp_path / "city", Wishes())


def test_a_compressed_extract_is_read_and_a_place_off_the_earth_refused(tmp_path: Path) -> None:
    with (OSM / "bautzen.osm").open("rb") as plain, gzip.open(tmp_path / "bautzen.osm.gz", "wb") as packed:
        shutil.copyfileobj(plain, packed)
    assert import_city(tmp_path / "bautzen.osm.gz", tmp_path / "city", Wishes()).counts["walkable_ways"] == 26
    with pytest.raises(Invalid, match="not on Earth"):
        import_city(OSM / "invalid_location.osm", tmp_path / "other", Wishes())
