"""An OpenStreetMap file (PBF, XML, also compressed) as a stream of tagged objects with their places and outlines."""

import bz2
import gzip
import re
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import osmium

from tocsin.city.osm.report import Tally
from tocsin.kernel.errors import Invalid

Bounds: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north."""

_OBJECT = re.compile(rb"<(node|way|relation)\s[^<]*?>")
_DELETED = re.compile(rb"""\saction\s*=\s*["']delete["']""")
_ID = re.compile(rb"""\sid\s*=\s*["'](-?\d+)["']""")
_TRUSTED_FROM = 10_000_000
"""Bytes. A larger file that says it is in order is taken at its word: looking it through takes as long as reading."""


@dataclass(frozen=True)
class Extract:
    """
    A file that was looked through once and can be read in order.

    Attributes:
        path: Of the file itself, or of its copy in order.
        scratch: A folder for the index of nodes, which for a large city is larger than memory should be.
        bounds: What the file says it covers; none if it does not say.
    """

    path: Path
    scratch: Path
    bounds: Bounds | None

    def objects(self) -> Iterator[Any]:
        """
        Every tagged node, way and relation, ways with the places of their nodes; and every area that closes.

        Raises:
            Invalid: If the file breaks off or cannot be read on.
        """
        index = f"sparse_file_array,{self.scratch / 'nodes.index'}"
        reader = osmium.FileProcessor(str(self.path)).with_locations(index).with_areas()
        with _reading(self.path):
            yield from reader.with_filter(osmium.filter.EmptyTagFilter())


@contextmanager
def open_extract(path: Path, tally: Tally) -> Iterator[Extract]:
    """
    Look a file through and put it in order if need be: of an object that is there twice only the newest version is
    kept, of a deleted one none.

    Raises:
        Invalid: If it is no OpenStreetMap file, breaks off, or holds nothing.
    """
    if not path.is_file():
        raise Invalid("there is no such file", str(path))
    # Beside nothing of the user's: a large city's index is gigabytes for a moment.
    with tempfile.TemporaryDirectory(prefix="tocsin-import-") as folder:
        scratch = Path(folder)
        with _reading(path):
            header = osmium.FileProcessor(str(path)).header
        said = header.get("sorting") == "Type_then_ID" and not header.has_multiple_object_versions
        trusted = said and path.stat().st_size >= _TRUSTED_FROM
        marked = _marked(path) if header.get("generator") == "JOSM" else frozenset()
        if not (trusted or _survey(path, marked, tally)):
            path = _in_order(path, marked, scratch / "in-order.osm.pbf")
        yield Extract(path, scratch, _bounds(header))


def _bounds(header: osmium.io.Header) -> Bounds | None:
    box = header.box()
    if not box.valid():
        return None
    return (box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat)


def _marked(path: Path) -> frozenset[str]:
    """What is deleted in a file that JOSM keeps: osmium does not see its mark, `action='delete'`."""
    unpack: Callable[[bytes], bytes] = {".gz": gzip.decompress, ".bz2": bz2.decompress}.get(path.suffix, bytes)
    try:
        text = unpack(path.read_bytes())
    except (OSError, EOFError) as error:
        raise Invalid(f"cannot be read as OpenStreetMap data: {error}", path.name) from None
    found = set()
    for tag in _OBJECT.finditer(text):
        if _DELETED.search(tag[0]) and (id_ := _ID.search(tag[0])):
            found.add(f"{tag[1][:1].decode()}{int(id_[1])}")
    return frozenset(found)


def _survey(path: Path, marked: Collection[str], tally: Tally) -> bool:
    """Whether everything stands once, in order and undeleted; counts what does not."""
    before = (0, False, -1)
    seen, in_order = False, True
    with _reading(path):
        for thing in osmium.FileProcessor(str(path)):
            if isinstance(thing, osmium.osm.Changeset):
                continue
            seen = True
            now = ("nwr".index(thing.type_str()), thing.id >= 0, abs(thing.id))
            gone = not thing.visible or f"{thing.type_str()}{thing.id}" in marked
            if gone:
                tally.skip("object", "deleted", f"{thing.type_str()}{thing.id}")
            elif now == before:
                tally.skip("object", "stands twice; the newest version counts", f"{thing.type_str()}{thing.id}")
            elif isinstance(thing, osmium.osm.Node) and not thing.location.valid():
                tally.skip("node", "is not on Earth", f"n{thing.id}")
            in_order = in_order and not gone and now > before
            before = now
    if not seen:
        raise Invalid("holds no OpenStreetMap objects", path.name)
    return in_order


def _in_order(path: Path, marked: Collection[str], copy: Path) -> Path:
    merged = osmium.MergeInputReader()
    with _reading(path):
        merged.add_file(str(path))
        with osmium.SimpleWriter(str(copy)) as writer:
            merged.apply(_Living(writer, marked), simplify=True)
    return copy


class _Living(osmium.SimpleHandler):
    """Passes on what is not deleted."""

    def __init__(self, writer: osmium.SimpleWriter, marked: Collection[str]) -> None:
        super().__init__()
        self._writer, self._marked = writer, marked

    def node(self, node: Any) -> None:  # noqa: ANN401 - osmium's own, which has no stubs for all of it
        if node.visible and node.location.valid() and f"n{node.id}" not in self._marked:
            self._writer.add_node(node)

    def way(self, way: Any) -> None:  # noqa: ANN401
        if way.visible and f"w{way.id}" not in self._marked:
            self._writer.add_way(way)

    def relation(self, relation: Any) -> None:  # noqa: ANN401
        if relation.visible and f"r{relation.id}" not in self._marked:
            self._writer.add_relation(relation)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise Invalid(f"cannot be read as OpenStreetMap data: {error}", path.name) from None
