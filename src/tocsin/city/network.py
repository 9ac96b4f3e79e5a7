"""The walking network of a city folder, `network.npz`: streets, where their nodes lie, and who lives there."""

from dataclasses import dataclass
from enum import IntFlag
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tocsin.city.arrays import Arrays, read_arrays, save_arrays
from tocsin.city.files import NETWORK
from tocsin.kernel.errors import Invalid
from tocsin.routing.plane import Floats
from tocsin.routing.streets import Ints, Streets

NO_NODE = -1

Bytes: TypeAlias = NDArray[np.uint8]

_TYPES = {
    "lat": np.float64,
    "lon": np.float64,
    "indptr": np.int32,
    "indices": np.int32,
    "lengths": np.int32,
    "people": np.int32,
    "shelters": np.int32,
}
_MORE = {"flags": np.uint8, "bends_indptr": np.int32, "bends_lat": np.float64, "bends_lon": np.float64}
"""What a made-up city has no need of."""


class Street(IntFlag):
    """
    What is known of a street beside its length. The numbers are in files: they never change.

    Attributes:
        STEPS: Stairs without a ramp for wheelchairs.
        NO_WHEELCHAIR: Cannot be passed in a wheelchair for another reason.
        BRIDGE, TUNNEL: Leads over or under something.
        SQUARE: The outline of a place that is walked across.
    """

    STEPS = 1
    NO_WHEELCHAIR = 2
    BRIDGE = 4
    TUNNEL = 8
    SQUARE = 16


NOT_STEP_FREE = Street.STEPS | Street.NO_WHEELCHAIR


@dataclass(frozen=True, eq=False)
class Bends:
    """
    The points of streets between their two ends. The entry e of `Streets.indices` passes those from `indptr[e]` to
    `indptr[e + 1]`, in the order they are walked; the way back has its own, the other way round.

    Attributes:
        indptr: One more than `Streets.indices`.
        lat, lon: Degrees.
    """

    indptr: Ints
    lat: Floats
    lon: Floats


@dataclass(frozen=True, eq=False)
class Network:
    """
    Attributes:
        lat, lon: Degrees, per node.
        people: Residents, per node.
        shelters: The node each shelter stands on, in the order of `shelters.geojson`; NO_NODE if on none.
        flags: Of `Street`, one per entry of `Streets.indices`; without them, nothing more is known of any street.
        bends: Without them, streets are straight lines.
    """

    lat: Floats
    lon: Floats
    streets: Streets
    people: Ints
    shelters: Ints
    flags: Bytes | None = None
    bends: Bends | None = None


def save_network(path: Path, network: Network) -> None:
    """Write the file. The same network makes the same bytes."""
    streets, bends = network.streets, network.bends
    arrays: Arrays = {
        "lat": network.lat,
        "lon": network.lon,
        "indptr": streets.indptr,
        "indices": streets.indices,
        "lengths": streets.lengths,
        "people": network.people,
        "shelters": network.shelters,
    }
    if network.flags is not None:
        arrays["flags"] = network.flags
    if bends is not None:
        arrays |= {"bends_indptr": bends.indptr, "bends_lat": bends.lat, "bends_lon": bends.lon}
    save_arrays(path, arrays)


def load_network(path: Path) -> Network:
    """
    Read the file.

    Raises:
        Invalid: If it is absent, an array is missing or of another type or length, or it points outside;
            `where` names the file and the array.
    """
    arrays = _read(path)
    nodes = len(arrays["lat"])
    _require(nodes > 0, "lat", "there are no nodes")
    for name in ("lon", "people"):
        _require(len(arrays[name]) == nodes, name, f"{len(arrays[name])} values for {nodes} nodes")
    _require_streets(arrays, nodes)
    for name, limit in (("lat", 90), ("lon", 180)):
        _require_degrees(arrays, name, limit)
    _require(bool((arrays["people"] >= 0).all()), "people", "a node has fewer than no residents")
    shelters = arrays["shelters"]
    _require(bool(((shelters >= NO_NODE) & (shelters < nodes)).all()), "shelters", "names a node that is not there")
    streets = Streets(arrays["indptr"], arrays["indices"], arrays["lengths"])
    flags, bends = _flags(arrays), _bends(arrays)
    return Network(arrays["lat"], arrays["lon"], streets, arrays["people"], shelters, flags, bends)


def _flags(arrays: Arrays) -> Bytes | None:
    flags = arrays.get("flags")
    streets = len(arrays["indices"])
    _require(flags is None or len(flags) == streets, "flags", f"not one for each of {streets} streets")
    return flags


def _bends(arrays: Arrays) -> Bends | None:
    if not any(name in arrays for name in _MORE if name.startswith("bends_")):
        return None
    for name in ("bends_indptr", "bends_lat", "bends_lon"):
        _require(name in arrays, name, "is missing")
    indptr, lat, lon = arrays["bends_indptr"], arrays["bends_lat"], arrays["bends_lon"]
    streets = len(arrays["indices"])
    _require(len(indptr) == streets + 1, "bends_indptr", f"{len(indptr)} values for {streets} streets")
    rising = bool((np.diff(indptr) >= 0).all())
    _require(rising and indptr[0] == 0 and indptr[-1] == len(lat), "bends_indptr", "does not rise from 0 to its end")
    _require(len(lat) == len(lon), "bends_lon", f"{len(lon)} values for {len(lat)} bends")
    for name, limit in (("bends_lat", 90), ("bends_lon", 180)):
        _require_degrees(arrays, name, limit)
    return Bends(indptr, lat, lon)


def _require_degrees(arrays: Arrays, name: str, limit: int) -> None:
    _require(bool((np.abs(arrays[name]) <= limit).all()), name, f"is not within -{limit} to {limit} degrees")


def _require_streets(arrays: Arrays, nodes: int) -> None:
    indptr, indices, lengths = arrays["indptr"], arrays["indices"], arrays["lengths"]
    _require(len(indptr) == nodes + 1, "indptr", f"{len(indptr)} values for {nodes} nodes")
    rising = bool((np.diff(indptr) >= 0).all())
    _require(rising and indptr[0] == 0 and indptr[-1] == len(indices), "indptr", "does not rise from 0 to its end")
    _require(bool(((indices >= 0) & (indices < nodes)).all()), "indices", "names a node that is not there")
    _require(len(lengths) == len(indices), "lengths", f"{len(lengths)} values for {len(indices)} streets")
    _require(bool((lengths > 0).all()), "lengths", "a street is not longer than nothing")


def _read(path: Path) -> Arrays:
    arrays = read_arrays(path)
    for name in _TYPES:
        _require(name in arrays, name, "is missing")
    for name, type_ in (_TYPES | _MORE).items():
        found = arrays.get(name)
        fits = found is None or (found.dtype == type_ and found.ndim == 1)
        _require(fits, name, f"is not a row of {np.dtype(type_)}")
    return arrays


def _require(fine: bool, name: str, fault: str) -> None:
    if not fine:
        raise Invalid(fault, f"{NETWORK} {name}")
