"""
The walking network by coarse cells, so that a phone can find the way to shelter by itself.

A phone that asked for the way from its place would tell where somebody is. A cell is some five kilometres square and a
phone asks for the one it is in and for its neighbours: a server learns no more than from the tiles of the map.
"""

from collections.abc import Iterable
from functools import cached_property

import msgspec
import numpy as np

from tocsin.city.network import NO_NODE, NOT_STEP_FREE, Network
from tocsin.city.place import Shelter
from tocsin.kernel.errors import Unknown
from tocsin.routing.streets import Ints

PER_DEGREE = (25, 16)
"""Cells to a degree of latitude and of longitude: 4.4 km high, at 50° north 4.5 km wide."""
SCALE = 100_000
"""Coordinates are whole hundred-thousandths of a degree, about a metre."""


class Door(msgspec.Struct, frozen=True):
    """
    Attributes:
        node: The number of the street node that a shelter is reached by.
    """

    shelter: str
    node: int


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """
    The streets of one cell, in columns. A street that leaves it is in both cells, with the node it leads to.

    Attributes:
        node: Numbers of its nodes, which are the same in every cell.
        lat, lon: Of each, in hundred-thousandths of a degree.
        start, end: Places in `node` of the two ends of each street; each street stands once.
        decimetres: How long each is.
        steps: Places of the streets that cannot be passed in a wheelchair.
        doors: Of the city's shelters that are reached from here.
    """

    cell: str
    node: list[int]
    lat: list[int]
    lon: list[int]
    start: list[int]
    end: list[int]
    decimetres: list[int]
    steps: list[int]
    doors: list[Door]


class Cells:
    """
    Args:
        shelters: In the order of `network.shelters`.
    """

    def __init__(self, network: Network, shelters: Iterable[Shelter]) -> None:
        self._network = network
        self._shelters = [shelter.id for shelter in shelters]

    @cached_property
    def _rows(self) -> Ints:
        return np.floor(self._network.lat * PER_DEGREE[0]).astype(np.int32)

    @cached_property
    def _columns(self) -> Ints:
        return np.floor(self._network.lon * PER_DEGREE[1]).astype(np.int32)

    def cell(self, name: str) -> Cell:
        """
        Args:
            name: Row and column, `1261_488`: latitude and longitude times `PER_DEGREE`, rounded down.

        Raises:
            Unknown: If it is no name of a cell. One without streets is empty.
        """
        row, column = _numbers(name)
        inside = (self._rows == row) & (self._columns == column)
        streets = self._network.streets
        starts = streets.starts
        touched = inside[starts] | inside[streets.indices]
        # Every street stands twice, once for each direction.
        entries = np.flatnonzero(touched & (starts < streets.indices))
        nodes, places = np.unique(np.concatenate((starts[entries], streets.indices[entries])), return_inverse=True)
        start, end = places[: len(entries)], places[len(entries) :]
        flags = self._network.flags
        steps = [] if flags is None else np.flatnonzero(flags[entries] & NOT_STEP_FREE).tolist()
        return Cell(
            cell=name,
            node=nodes.tolist(),
            lat=np.rint(self._network.lat[nodes] * SCALE).astype(np.int64).tolist(),
            lon=np.rint(self._network.lon[nodes] * SCALE).astype(np.int64).tolist(),
            start=start.tolist(),
            end=end.tolist(),
            decimetres=streets.lengths[entries].tolist(),
            steps=steps,
            doors=[
                Door(shelter, node)
                for shelter, node in zip(self._shelters, self._network.shelters.tolist(), strict=True)
                if node != NO_NODE and inside[node]
            ],
        )


def _numbers(name: str) -> tuple[int, int]:
    row, _, column = name.partition("_")
    try:
        found = int(row), int(column)
    except ValueError:
        found = (0, 0)
    if f"{found[0]}_{found[1]}" != name or abs(found[0]) > 90 * PER_DEGREE[0] or abs(found[1]) > 180 * PER_DEGREE[1]:
        raise Unknown(f"there is no cell {name!r}", "cell")
    return found
