"""Tiny OpenStreetMap files: places are given in metres east and north of a corner of Kyiv."""

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import quoteattr

from pyproj import Geod

LAT, LON = 50.45, 30.52
DATA = Path(__file__).parents[2].parent / "shared" / "data"
"""Real data, outside the repository."""
GEOD = Geod(ellps="WGS84")


def at(east: float, north: float) -> tuple[float, float]:
    """Latitude and longitude, to OpenStreetMap's seven digits."""
    lon, lat, _ = GEOD.fwd(LON, LAT, 90, east)
    lon, lat, _ = GEOD.fwd(lon, lat, 0, north)
    return round(lat, 7), round(lon, 7)


class Osm:
    """Nodes, ways and relations, written in the order they are added."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._next = 1000

    def node(self, id_: int, east: float, north: float, more: str = "", **tags: str) -> int:
        lat, lon = at(east, north)
        self._add("node", f'id="{id_}" lat="{lat}" lon="{lon}" {more}', [], tags)
        return id_

    def way(self, id_: int, nodes: Iterable[int], more: str = "", **tags: str) -> None:
        self._add("way", f'id="{id_}" {more}', [f'<nd ref="{node}"/>' for node in nodes], tags)

    def relation(self, id_: int, members: Iterable[tuple[str, int, str]], **tags: str) -> None:
        lines = [f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members]
        self._add("relation", f'id="{id_}"', lines, tags)

    def square(self, id_: int, east: float, north: float, side: float, **tags: str) -> None:
        """A closed way with its south-west corner there. Its nodes take ids of their own."""
        corners = [(0, 0), (side, 0), (side, side), (0, side)]
        nodes = [self.node(self._take(), east + x, north + y) for x, y in corners]
        self.way(id_, [*nodes, nodes[0]], **tags)

    def raw(self, line: str) -> None:
        self._lines.append(line)

    def write(self, path: Path) -> Path:
        path.write_text(f'<osm version="0.6">\n{"".join(self._lines)}</osm>\n', encoding="utf-8")
        return path

    def _take(self) -> int:
        self._next += 1
        return self._next

    def _add(self, kind: str, attributes: str, inner: list[str], tags: dict[str, str]) -> None:
        inner = inner + [f"<tag k={quoteattr(key.replace('__', ':'))} v={quoteattr(tags[key])}/>" for key in tags]
        self._lines.append(f"<{kind} {attributes}>{''.join(inner)}</{kind}>\n")


def town() -> Osm:
    """
    A square of four streets of 200 m with a diagonal of steps, a house, a bus stop, a bunker and a siren.

    Nodes 1 to 4 are its corners, anticlockwise from the south-west.
    """
    osm = Osm()
    for id_, (east, north) in enumerate([(0, 0), (200, 0), (200, 200), (0, 200)], start=1):
        osm.node(id_, east, north)
    osm.node(5, 100, 20)
    osm.node(6, 50, 210, emergency="siren")
    osm.node(7, 100, 5, military="bunker", bunker_type="bomb_shelter", capacity="300", name="Сховище на Подолі")
    osm.node(8, 20, 5, amenity="shelter", shelter_type="public_transport")
    osm.way(1, [1, 2, 3], highway="residential", name="Перша вулиця")
    osm.way(2, [3, 4, 1], highway="footway")
    osm.way(3, [1, 3], highway="steps")
    osm.square(
        10,
        20,
        20,
        30,
        building="apartments",
        building__levels="9",
        addr__street="вулиця Перша",
        addr__housenumber="12-А",
    )
    return osm
