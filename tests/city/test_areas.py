"""The tree of areas."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.city.areas import Area, AreaTree
from tocsin.kernel.errors import Invalid, Unknown
from tocsin.kernel.geo import Point


def square(west: float, south: float, side: float) -> dict[str, Any]:
    east, north = west + side, south + side
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def feature(code: str, parent: str | None = None, geometry: dict[str, Any] | None = None) -> dict[str, Any]:
    facts = {"code": code, "level": "raion", "names": {"en": code.title(), "uk": code.title()}, "parent": parent}
    return {"type": "Feature", "properties": facts, "geometry": geometry}


def tree_of(*features: dict[str, Any]) -> AreaTree:
    return AreaTree.from_geojson({"type": "FeatureCollection", "features": list(features)})


CITY = tree_of(
    feature("city", None, square(30, 50, 2)),
    feature("west", "city", square(30, 50, 1)),
    feature("east", "city", square(31, 50, 1)),
    feature("market", "east", square(31.5, 50.5, 0.25)),
    feature("unmapped", "west"),
)


@st.composite
def parents(draw: st.DrawFn) -> dict[str, str | None]:
    """A forest: the parent of each area, in any order."""
    count = draw(st.integers(1, 12))
    chosen = [draw(st.integers(-1, at - 1)) for at in range(count)]
    order = draw(st.permutations(range(count)))
    return {f"a{at}": None if chosen[at] < 0 else f"a{chosen[at]}" for at in order}


@given(parents())
def test_descendants_are_those_whose_chain_leads_through_an_area(forest: dict[str, str | None]) -> None:
    tree = AreaTree(Area(code=code, level="any", names={"en": code}, parent=up) for code, up in forest.items())
    for code, parent in forest.items():
        assert tree.chain(code) == (code, *(tree.chain(parent) if parent else ()))
        assert tree.ancestors(code) == tree.chain(code)[1:]
        assert tree.descendants(code) == tuple(other for other in forest if code in tree.ancestors(other))
        assert [other for other in forest if tree.covers(code, other)] == [
            other for other in forest if other == code or other in tree.descendants(code)
        ]


@given(parents())
def test_a_tree_comes_back_from_geojson_as_it_went(forest: dict[str, str | None]) -> None:
    areas = [
        Area(code=code, level="raion", names={"uk": code}, parent=up, geometry=square(30, 50, 1))
        for code, up in forest.items()
    ]
    again = AreaTree.from_geojson(AreaTree(areas).geojson())
    assert again.geojson() == AreaTree(areas).geojson()
    assert [again[code].names for code in again.codes()] == [area.names for area in areas]


@given(parents(), st.data())
def test_a_circle_of_parents_is_refused(forest: dict[str, str | None], data: st.DataObject) -> None:
    tree = AreaTree(Area(code=code, level="any", names={"en": code}, parent=up) for code, up in forest.items())
    top = data.draw(st.sampled_from([code for code, up in forest.items() if up is None]))
    inside = data.draw(st.sampled_from([top, *tree.descendants(top)]))
    with pytest.raises(Invalid, match="circle"):
        AreaTree(Area(code=c, level="any", names={"en": c}, parent=inside if c == top else forest[c]) for c in forest)


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [(50.6, 31.6, "market"), (50.1, 31.1, "east"), (50.5, 30.5, "west"), (51.5, 30.5, "city"), (49, 30, None)],
)
def test_a_place_lies_in_the_deepest_area_around_it(lat: float, lon: float, code: str | None) -> None:
    assert CITY.locate(Point(lat, lon)) == code


def test_a_place_on_a_shared_border_lies_in_the_area_listed_first() -> None:
    assert CITY.locate(Point(50.5, 31.0)) == "west"


def test_an_area_without_an_outline_holds_no_place() -> None:
    assert tree_of(feature("city")).locate(Point(50, 30)) is None


def test_a_question_about_no_area_is_refused() -> None:
    for ask in (CITY.chain, CITY.ancestors, CITY.descendants, CITY.__getitem__):
        with pytest.raises(Unknown, match="atlantis"):
            ask("atlantis")
    with pytest.raises(Unknown, match="atlantis"):
        CITY.covers("atlantis", "city")


def without(field: str) -> dict[str, Any]:
    broken = feature("b")
    del broken["properties"][field]
    return broken


def having(**facts: object) -> dict[str, Any]:
    broken = feature("b")
    broken["properties"] |= facts
    return broken


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        (feature("a"), "features[1].properties.code"),
        (having(code=""), "features[1].properties.code"),
        (having(parent="nowhere"), "features[1].properties.parent"),
        (having(parent="b"), "features[1].properties.parent"),
        (having(names={}), "features[1].properties.names"),
        (having(names={"en": ""}), "features[1].properties.names[...]"),
        (having(names={"en": " "}), "features[1].properties.names"),
        (having(level=3), "features[1].properties.level"),
        (without("level"), "features[1].properties"),
        (feature("b", None, {"type": "Point", "coordinates": [30, 50]}), "features[1].geometry.type"),
        (feature("b", None, {"type": "Polygon", "coordinates": [[[30, 50]]]}), "features[1].geometry.coordinates[0]"),
        (feature("b", None, square(179.5, 50, 1)), "features[1].geometry.coordinates[0][1][0]"),
    ],
)
def test_a_malformed_area_is_refused_by_its_index_and_field(broken: dict[str, Any], where: str) -> None:
    with pytest.raises(Invalid) as error:
        tree_of(feature("a"), broken)
    assert error.value.where.startswith(where)


def test_what_is_not_a_collection_is_refused() -> None:
    with pytest.raises(Invalid, match="features"):
        AreaTree.from_geojson({"type": "FeatureCollection"})


def test_a_city_is_loaded_without_shapely_numpy_or_scipy() -> None:
    """A server that only warns starts in a moment."""
    look = (
        "import sys, tocsin.city.areas, tocsin.city.place, tocsin.city.walk;"
        "print({'numpy', 'scipy', 'shapely'} & sys.modules.keys())"
    )
    assert subprocess.check_output([sys.executable, "-c", look], text=True).strip() == "set()"
