"""The tree of nearest doors, against a plain Dijkstra and against scipy's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from tests.routing.networks import Drawn, columns, networks, plain_dijkstra

from tocsin.routing.nearest import FAR, NearestTree
from tocsin.routing.plane import Floats
from tocsin.routing.streets import MAX_LENGTH, Ints, Streets, streets_between


def assert_right(tree: NearestTree, network: Drawn, doors: list[tuple[int, int]]) -> None:
    expected = plain_dijkstra(network, doors)
    for node in range(network.nodes):
        assert tree.reaches(node) == (node in expected)
        if node in expected:
            way = tree.route(node)
            assert (way[0], way[-1]) == (node, int(tree.door[node]))
            beyond = min(beyond for at, beyond in doors if at == way[-1])
            assert network.length(way) + beyond == expected[node]
            assert tree.metres(node) == expected[node] / 10
        else:
            assert tree.state[node, :3].tolist() == [FAR, -1, -1]


@given(networks(), st.data(), st.sampled_from([1, 3, 5, 1000]))
def test_the_nearest_is_the_nearest_whatever_closes_and_opens(network: Drawn, data: st.DataObject, block: int) -> None:
    tree = NearestTree(network.arrays(), *columns(network.doors), block)
    assert_right(tree, network, network.doors)
    some = st.lists(st.sampled_from(network.doors), unique=True) if network.doors else st.just([])
    for _ in range(4):
        left = data.draw(some)
        tree.become(*columns(left))
        assert_right(tree, network, left)


@given(networks(), st.data())
def test_closing_and_opening_one_by_one_mends_the_tree_exactly(network: Drawn, data: st.DataObject) -> None:
    standing = {node: min(b for at, b in network.doors if at == node) for node, _ in network.doors}
    tree = NearestTree(network.arrays(), *columns(network.doors))
    for node in data.draw(st.lists(st.integers(0, network.nodes - 1), max_size=8)):
        if node in standing:
            del standing[node]
            tree.close(np.array([node], np.int32))
        else:
            standing[node] = data.draw(st.sampled_from([0, 5, 60]))
            tree.open(*columns([(node, standing[node])]))
        assert_right(tree, network, list(standing.items()))


@pytest.mark.parametrize("share", [0.01, 0.3, 0.9])
def test_distances_equal_scipys_after_any_share_has_closed_and_opened(share: float) -> None:
    streets, rng = square(60), np.random.default_rng(5)
    doors = rng.choice(streets.nodes, 120, replace=False).astype(np.int32)
    tree = NearestTree(streets, doors, block=500)
    assert (tree.decimetres == by_scipy(streets, doors)).all()
    for _ in range(3):
        left = rng.permutation(doors)[round(share * len(doors)) :]
        tree.become(left)
        assert (tree.decimetres == by_scipy(streets, left)).all()
        tree.become(doors)
        assert (tree.decimetres == by_scipy(streets, doors)).all()


def square(side: int) -> Streets:
    """Blocks of streets of random length, some of them missing."""
    rng = np.random.default_rng(3)
    node = np.arange(side * side, dtype=np.int32).reshape(side, side)
    start = np.concatenate((node[:-1].ravel(), node[:, :-1].ravel()))
    end = np.concatenate((node[1:].ravel(), node[:, 1:].ravel()))
    kept = rng.random(len(start)) < 0.8
    lengths = rng.integers(1, 3000, int(kept.sum())).astype(np.int32)
    return streets_between(side * side, start[kept], end[kept], lengths)


def by_scipy(streets: Streets, doors: Ints) -> Floats:
    lengths = csr_array((streets.lengths.astype(np.float64), streets.indices, streets.indptr))
    found = dijkstra(lengths, indices=doors, min_only=True)
    reached: Floats = np.where(np.isfinite(found), found, float(FAR))
    return reached


def test_a_way_where_there_is_none_is_an_error_not_infinity() -> None:
    island = Drawn(3, {(0, 1): 10}, [(0, 0)])
    tree = NearestTree(island.arrays(), *columns(island.doors))
    assert not tree.reaches(2)
    for ask in (tree.metres, tree.route):
        with pytest.raises(ValueError, match="node 2"):
            ask(2)


def test_with_no_door_at_all_nothing_is_reached_until_one_opens() -> None:
    pair = Drawn(2, {(0, 1): 10}, [])
    tree = NearestTree(pair.arrays(), *columns([]))
    assert not tree.reaches(0)
    tree.open(np.array([1], np.int32))
    assert tree.metres(0) == 1.0
    tree.close(np.array([1], np.int32))
    assert not tree.reaches(0)


@settings(max_examples=20)
@given(networks())
def test_opening_what_is_open_and_closing_what_is_closed_changes_nothing(network: Drawn) -> None:
    tree = NearestTree(network.arrays(), *columns(network.doors))
    before = tree.state.copy()
    tree.open(*columns(network.doors))
    shut = sorted(set(range(network.nodes)) - {node for node, _ in network.doors})
    tree.close(np.array(shut, np.int32))
    assert (tree.state == before).all()


@pytest.mark.parametrize("length", [-5, 0, MAX_LENGTH + 1, 2**31 - 1])
def test_a_street_of_no_length_or_an_absurd_one_is_refused_before_memory_is_asked_for(length: int) -> None:
    streets = streets_between(2, *(np.array([each], np.int32) for each in (0, 1, length)))
    with pytest.raises(ValueError, match="shorter than 1 or longer"):
        NearestTree(streets, np.array([0], np.int32))


@pytest.mark.parametrize("beyond", [-1, MAX_LENGTH + 1])
def test_a_door_absurdly_far_beyond_its_node_is_refused_and_the_tree_stays(beyond: int) -> None:
    tree = NearestTree(Drawn(2, {(0, 1): 10}, []).arrays(), np.array([0], np.int32))
    before = tree.state.copy()
    for change in (tree.open, tree.become):
        with pytest.raises(ValueError, match="beyond its node"):
            change(*columns([(1, beyond)]))
    assert (tree.state == before).all()
    tree.close(np.array([0], np.int32))
    assert not tree.reaches(1)
