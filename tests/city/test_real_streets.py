"""The kernels on the streets of real cities: distances by scipy's, and the ways that lead there."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tocsin.city.footways import Footways, footways
from tocsin.city.osm.importing import Wishes, import_city
from tocsin.city.place import load_city
from tocsin.routing.nearest import FAR, NearestTree
from tocsin.routing.plane import Floats
from tocsin.routing.streets import Ints

OSM = Path(__file__).parents[3] / "shared" / "data" / "osm"

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module", params=["monaco", "liechtenstein"])
def ways(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Footways:
    extract = OSM / f"{request.param}.osm.pbf"
    if not extract.exists():
        pytest.skip(f"no {extract.name} in ../shared/data/osm")
    folder = tmp_path_factory.mktemp("real") / request.param
    import_city(extract, folder, Wishes())
    return footways(load_city(folder), step_free=False)


def by_scipy(ways: Footways, doors: Ints) -> Floats:
    streets = ways.streets
    lengths = csr_array((streets.lengths.astype(np.float64), streets.indices, streets.indptr))
    found = dijkstra(lengths, indices=doors, min_only=True)
    reached: Floats = np.where(np.isfinite(found), found, float(FAR))
    return reached


def test_distances_are_scipys_on_every_node_whatever_closes_and_opens(ways: Footways) -> None:
    rng = np.random.default_rng(4)
    doors = rng.choice(ways.streets.nodes, 60, replace=False).astype(np.int32)
    tree = NearestTree(ways.streets, doors)
    assert (tree.decimetres == by_scipy(ways, doors)).all()
    for share in (0.02, 0.3, 0.9):
        left = rng.permutation(doors)[round(share * len(doors)) :]
        tree.become(left)
        assert (tree.decimetres == by_scipy(ways, left)).all()
        tree.become(doors)
        assert (tree.decimetres == by_scipy(ways, doors)).all()


def test_every_way_is_as_long_as_its_distance(ways: Footways) -> None:
    rng = np.random.default_rng(5)
    doors = rng.choice(ways.streets.nodes, 60, replace=False).astype(np.int32)
    tree = NearestTree(ways.streets, doors)
    for node in rng.choice(np.flatnonzero(tree.door >= 0), 500).tolist():
        way = tree.route(node)
        entries = [ways.streets.entry(near, far) for near, far in pairwise(way)]
        assert int(ways.streets.lengths[entries].sum()) == int(tree.decimetres[node])
