"""From a place to the nearest street, against a plain search of all of them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.routing.drawing import Drawing, straight
from tocsin.routing.nearest import NearestTree
from tocsin.routing.order import hilbert_order, inverse
from tocsin.routing.plane import Plane
from tocsin.routing.snap import MAX_SNAP_M, SnapIndex
from tocsin.routing.streets import Streets, streets_between

HERE = Plane(50.45, 30.52)


def town(places: list[tuple[float, float]], pairs: list[tuple[int, int]]) -> Drawing:
    """Straight streets between places in metres round here; an end of a street is where the plane says it is."""
    metres = np.array(places, np.float64).reshape(-1, 2)
    ends = np.array(pairs, np.int32).reshape(-1, 2)
    lengths = np.maximum(1, np.rint(10 * np.hypot(*(metres[ends[:, 0]] - metres[ends[:, 1]]).T))).astype(np.int32)
    lat, lon = HERE.degrees(metres)
    return straight(streets_between(len(places), ends[:, 0], ends[:, 1], lengths), lat, lon)


def degrees(x: float, y: float) -> tuple[float, float]:
    lat, lon = HERE.degrees(np.array([[x, y]]))
    return float(lat[0]), float(lon[0])


CROSS = town([(0, 0), (200, 0), (0, 300)], [(0, 1), (0, 2)])


@pytest.mark.parametrize(
    ("place", "door", "away", "along"),
    [
        ((50, 20), 1, 20, 150),
        ((50, 20), 0, 20, 50),
        ((-30, 100), 1, 30, 300),
        ((260, 80), 1, 100, 0),
        ((0, 0), 0, 0, 0),
    ],
)
def test_one_walks_to_the_nearest_point_of_the_street_and_turns_to_the_right_end(
    place: tuple[float, float], door: int, away: float, along: float
) -> None:
    tree = NearestTree(CROSS.streets, np.array([door], np.int32))
    found = SnapIndex(CROSS).ask(tree, *degrees(*place))
    assert found.door == door
    assert found.away == pytest.approx(away, abs=0.05)
    assert found.metres == pytest.approx(along, abs=0.05)


@st.composite
def towns(draw: st.DrawFn) -> tuple[list[tuple[float, float]], list[tuple[int, int]]]:
    count = draw(st.integers(2, 10))
    coordinate = st.integers(-900, 900)
    places = draw(st.lists(st.tuples(coordinate, coordinate), min_size=count, max_size=count, unique=True))
    node = st.integers(0, count - 1)
    pairs = draw(st.sets(st.tuples(node, node).filter(lambda pair: pair[0] < pair[1]), max_size=15))
    return [(float(x), float(y)) for x, y in places], sorted(pairs)


@settings(max_examples=150)
@given(towns(), st.tuples(st.integers(-1500, 1500), st.integers(-1500, 1500)))
def test_the_grid_finds_what_a_search_of_all_streets_finds(
    town_: tuple[list[tuple[float, float]], list[tuple[int, int]]], place: tuple[int, int]
) -> None:
    places, pairs = town_
    drawing = town(places, pairs)
    everywhere = NearestTree(drawing.streets, np.arange(len(places), dtype=np.int32))
    lone = set(range(len(places))) - {node for pair in pairs for node in pair}
    away = min(from_line(place, places[a], places[b]) for a, b in [*pairs, *((node, node) for node in lone)])
    index = SnapIndex(drawing)
    found = index.ask(everywhere, *degrees(*place))
    assert found.away == pytest.approx(away, abs=0.3)
    doors, metres = index.ask_all(everywhere, *(np.array([value]) for value in degrees(*place)))
    assert doors[0] == found.door
    assert metres[0] == pytest.approx(found.away + found.metres, abs=1e-3)


def from_line(place: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    share = 0.0 if square == 0 else max(0.0, min(1.0, ((place[0] - a[0]) * dx + (place[1] - a[1]) * dy) / square))
    return math.hypot(a[0] + share * dx - place[0], a[1] + share * dy - place[1])


def test_far_from_every_street_there_is_none() -> None:
    tree = NearestTree(CROSS.streets, np.array([0], np.int32))
    index = SnapIndex(CROSS)
    assert index.ask(tree, *degrees(-MAX_SNAP_M + 1, 0)).door == 0
    lost = index.ask(tree, *degrees(-MAX_SNAP_M - 1, 0))
    assert (lost.door, lost.away) == (-1, math.inf)
    assert index.beside(*degrees(0, 50_000)) is None
    assert index.ask(tree, -33.0, 151.0).away == math.inf


def test_a_place_lies_beside_a_street_at_a_share_of_it() -> None:
    found = SnapIndex(CROSS).beside(*degrees(50, -10))
    assert found is not None
    assert (found.ends, found.length) == ((0, 1), 2000)
    assert found.share == pytest.approx(0.25, abs=1e-3)
    assert found.away == pytest.approx(10, abs=0.05)


def test_a_path_joined_to_nothing_is_passed_over_for_the_street_beside_it_but_not_for_one_far_off() -> None:
    drawing = town([(0, 0), (100, 0), (0, 20), (100, 20), (0, 400), (100, 400)], [(0, 1), (2, 3), (4, 5)])
    index = SnapIndex(drawing)
    tree = NearestTree(drawing.streets, np.array([0], np.int32))
    assert index.ask(tree, *degrees(50, 25)).door == 0
    across = index.ask(tree, *degrees(50, 400))
    assert across.door == -1
    assert across.away < 1


def test_the_way_follows_the_bends_of_the_street_from_where_one_joins_it() -> None:
    streets: Streets = town([(0, 0), (300, 0)], [(0, 1)]).streets
    lat, lon = HERE.degrees(np.array([[0.0, 0.0], [300.0, 0.0]]))
    out, back = [(0.0, 100.0), (300.0, 100.0)], [(300.0, 100.0), (0.0, 100.0)]
    bend_lat, bend_lon = HERE.degrees(np.array(out + back))
    lengths = np.array([5000, 5000], np.int32)
    drawing = Drawing(
        Streets(streets.indptr, streets.indices, lengths), lat, lon, np.array([0, 2, 4]), bend_lat, bend_lon
    )
    index = SnapIndex(drawing)
    for door, turns in ((1, [(150, 100), (300, 100), (300, 0)]), (0, [(150, 100), (0, 100), (0, 0)])):
        tree = NearestTree(drawing.streets, np.array([door], np.int32))
        found = index.ask(tree, *degrees(150, 130))
        assert found.metres == pytest.approx(250, abs=0.1)
        expected = [degrees(*turn)[::-1] for turn in turns]
        assert np.array(index.line(found)) == pytest.approx(np.array(expected), abs=1e-6)


def test_drawing_chosen_for_other_entries_keeps_the_bends_of_each() -> None:
    drawing = town([(0, 0), (100, 0), (200, 0)], [(0, 1), (1, 2)])
    many = len(drawing.streets.indices)
    bends = np.cumsum([0, *([1] * many)])
    marks = np.arange(many, dtype=np.float64)
    bent = Drawing(drawing.streets, drawing.lat, drawing.lon, bends, marks, marks)
    order = np.array([2, 0, 1], np.int64)
    streets, entries = drawing.streets.reordered(order, inverse(order))
    turned = bent.chosen(streets, drawing.lat[order], drawing.lon[order], entries)
    for entry in range(many):
        near, far = order[streets.starts[entry]], order[streets.indices[entry]]
        assert turned.between(entry) == bent.between(drawing.streets.entry(int(near), int(far)))


@given(st.lists(st.tuples(st.integers(-500, 500), st.integers(-500, 500)), max_size=30))
def test_the_order_along_the_curve_names_every_place_once(places: list[tuple[int, int]]) -> None:
    order = hilbert_order(np.array(places, np.float64).reshape(-1, 2))
    assert sorted(order.tolist()) == list(range(len(places)))
    assert (inverse(order)[order] == np.arange(len(places))).all()


def test_neighbours_along_the_curve_are_neighbours_on_the_ground() -> None:
    x, y = np.meshgrid(np.arange(64.0), np.arange(64.0))
    places = np.column_stack((x.ravel(), y.ravel()))
    steps = np.abs(np.diff(places[hilbert_order(places)], axis=0)).sum(axis=1)
    assert steps.max() == 1


def test_a_way_over_hundreds_of_crossings_is_told_whole() -> None:
    many = 700
    drawing = town([(10.0 * at, 0.0) for at in range(many)], [(at, at + 1) for at in range(many - 1)])
    tree = NearestTree(drawing.streets, np.array([0], np.int32))
    index = SnapIndex(drawing)
    for far in (200, 699):
        assert index.ask(tree, *degrees(10.0 * far - 1, 5)).way == list(range(far - 1, -1, -1))
