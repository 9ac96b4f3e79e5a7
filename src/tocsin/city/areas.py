"""The tree of areas that alerts are raised for: codes, names, levels, parents and outlines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta

from tocsin.city.geojson import Collection, Names, Outline, collection, convert
from tocsin.kernel.errors import Invalid, Unknown
from tocsin.kernel.geo import Point

if TYPE_CHECKING:
    from shapely import STRtree

LEAST, MOST_OF, WHOLE = 0.01, 0.5, 0.95
"""Shares of areas: what counts as touched, what counts as lying inside, what counts as covered."""

Ring: TypeAlias = Sequence[tuple[float, float]]


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """
    A place that can be under alert.

    Attributes:
        code: Stable code; in Ukraine the KATOTTG code.
        level: The word of the country's own division, such as city, oblast, raion, hromada.
        names: By language.
        parent: Code of the area around it; none for the outermost.
        geometry: GeoJSON Polygon or MultiPolygon, if the outline is known.
    """

    code: str
    level: str
    names: dict[str, str]
    parent: str | None = None
    geometry: dict[str, Any] | None = None


class _Properties(msgspec.Struct, frozen=True):
    code: Annotated[str, Meta(min_length=1)]
    level: Annotated[str, Meta(min_length=1)]
    names: Names
    parent: str | None = None


class AreaTree:
    """
    Areas in the order given. Does not change, so any thread may read it.

    Args:
        areas: Parents may stand behind their children.

    Raises:
        Invalid: If a code is doubled, a parent unknown, a name empty, or parents run in a circle;
            `where` names the feature by its index and the field.
    """

    def __init__(self, areas: Iterable[Area]) -> None:
        listed = tuple(areas)
        self._areas = _by_code(listed)
        for index, area in enumerate(listed):
            if area.parent is not None and area.parent not in self._areas:
                raise Invalid(f"no area has the code {area.parent!r}", _where(index, "parent"))
            if not area.names or not all(name.strip() for name in area.names.values()):
                raise Invalid(f"{area.code} has an empty name", _where(index, "names"))
        self._ancestors = {area.code: self._climb(index, area) for index, area in enumerate(listed)}
        self._descendants: dict[str, list[str]] = {code: [] for code in self._areas}
        for code, ancestors in self._ancestors.items():
            for ancestor in ancestors:
                self._descendants[ancestor].append(code)

    @classmethod
    def from_geojson(cls, source: Mapping[str, Any]) -> "AreaTree":
        """
        From a FeatureCollection with the properties code, level, names and parent.

        Raises:
            Invalid: As the constructor does, and where something is missing or malformed.
        """
        typed: type[Collection[_Properties, Outline | None]] = Collection[_Properties, Outline | None]
        read = convert(source, typed)
        return cls(
            Area(
                code=feature.properties.code,
                level=feature.properties.level,
                names=feature.properties.names,
                parent=feature.properties.parent,
                geometry=raw["geometry"],
            )
            for feature, raw in zip(read.features, source["features"], strict=True)
        )

    def geojson(self) -> dict[str, Any]:
        """The FeatureCollection that `from_geojson` reads back to the same tree."""
        return collection(
            [
                ({"code": area.code, "level": area.level, "names": area.names, "parent": area.parent}, area.geometry)
                for area in self._areas.values()
            ]
        )

    def __contains__(self, code: object) -> bool:
        return code in self._areas

    def __getitem__(self, code: str) -> Area:
        """
        Raises:
            Unknown: If no area has this code. So for every question below that takes a code.
        """
        return self._areas[self._known(code)]

    def codes(self) -> tuple[str, ...]:
        return tuple(self._areas)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The areas around it, nearest first."""
        return self._ancestors[self._known(code)]

    def chain(self, code: str) -> tuple[str, ...]:
        """The area itself, then its ancestors: what an alert may be raised for that holds here."""
        return (code, *self.ancestors(code))

    def descendants(self, code: str) -> tuple[str, ...]:
        """All areas inside it at any depth, in the order given."""
        return tuple(self._descendants[self._known(code)])

    def covers(self, outer: str, inner: str) -> bool:
        """True if `inner` is `outer` or lies inside it."""
        return self._known(outer) in self.chain(inner)

    def locate(self, point: Point) -> str | None:
        """
        The deepest area whose outline holds the point, or none. On a shared border the one listed first,
        so that a place always gets the same answer. The first call loads shapely.
        """
        from shapely import Point as Shape
        from shapely import intersects_xy

        codes, index = self._index
        near = index.query(Shape(point.position))
        inside = near[intersects_xy(index.geometries[near], *point.position)]
        found = [codes[at] for at in inside.tolist()]
        order = self._order
        return min(found, key=lambda code: (-len(self._ancestors[code]), order[code]), default=None)

    def locate_all(self, lat: Sequence[float], lon: Sequence[float]) -> list[str | None]:
        """The same as `locate` for many places at once."""
        from shapely import contains_xy, prepare
        from shapely.geometry import shape

        found: list[str | None] = [None] * len(lat)
        deepest_first = sorted(self._areas.values(), key=lambda area: -len(self._ancestors[area.code]))
        for area in deepest_first:
            if area.geometry is None:
                continue
            outline = shape(area.geometry)
            prepare(outline)
            for at in contains_xy(outline, lon, lat).nonzero()[0].tolist():
                if found[at] is None:
                    found[at] = area.code
        return found

    def under(self, rings: Sequence[Ring]) -> tuple[str, ...]:
        """
        The areas that outlines of somebody else lie over, an area instead of all its parts where it is covered whole.

        An area counts if they cover a hundredth of it, or if half of them lies in it; less is a border that two
        maps draw differently. The first call loads shapely.

        Args:
            rings: Longitude and latitude, each closed or not.
        """
        from shapely import Polygon, union_all

        shapes = [Polygon(ring).buffer(0) for ring in rings]
        whole = union_all([shape for shape in shapes if not shape.is_empty])
        if whole.is_empty:
            return ()
        outlined, index = self._index
        shares: dict[str, float] = {}
        for at in index.query(whole).tolist():
            shape = index.geometries[at].buffer(0)
            shared = shape.intersection(whole).area
            if shared >= LEAST * shape.area or shared >= MOST_OF * whole.area:
                shares[outlined[at]] = shared / shape.area
        return tuple(code for root in self._roots for code in self._fewest(root, shares))

    def _fewest(self, code: str, shares: Mapping[str, float]) -> Iterator[str]:
        inside = [part for child in self._children[code] for part in self._fewest(child, shares)]
        if shares.get(code, 0) >= WHOLE or (code in shares and not inside):
            yield code
        else:
            yield from inside

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {code: [] for code in self._areas}
        for area in self._areas.values():
            if area.parent is not None:
                found[area.parent].append(area.code)
        return found

    @cached_property
    def _roots(self) -> list[str]:
        return [area.code for area in self._areas.values() if area.parent is None]

    @cached_property
    def _order(self) -> dict[str, int]:
        return {code: at for at, code in enumerate(self._areas)}

    @cached_property
    def _index(self) -> "tuple[list[str], STRtree]":
        from shapely import STRtree, prepare
        from shapely.geometry import shape

        outlined = {area.code: shape(area.geometry) for area in self._areas.values() if area.geometry is not None}
        tree = STRtree(list(outlined.values()))
        prepare(tree.geometries)
        return list(outlined), tree

    def _known(self, code: str) -> str:
        if code not in self._areas:
            raise Unknown(f"no area has the code {code!r}", "area")
        return code

    def _climb(self, index: int, area: Area) -> tuple[str, ...]:
        found: list[str] = []
        parent = area.parent
        while parent is not None:
            if parent == area.code or parent in found:
                raise Invalid(f"the parents of {area.code} run in a circle through {parent}", _where(index, "parent"))
            found.append(parent)
            parent = self._areas[parent].parent
        return tuple(found)


def _by_code(areas: Iterable[Area]) -> dict[str, Area]:
    found: dict[str, Area] = {}
    for index, area in enumerate(areas):
        if area.code in found:
            raise Invalid(f"{area.code} is doubled", _where(index, "code"))
        found[area.code] = area
    return found


def _where(index: int, field: str) -> str:
    return f"features[{index}].properties.{field}"
