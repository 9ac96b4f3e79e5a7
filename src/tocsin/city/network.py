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
from tocsin.routing.streets import MAX_LENGTH, Ints, Streets

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
_BENDS = {"bends_indptr": np.int32, "bends_lat": np.float64, "bends_lon": np.float64}
_ENTRANCES = {
    "entrances_indptr": np.int32,
    "entrances": np.int32,
    "entrances_lat": np.float64,
    "entrances_lon": np.float64,
    "entrances_step_free": np.uint8,
}
_MORE = {"flags": np.uint8} | _BENDS | _ENTRANCES
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
class Entrances:
    """
    Where a shelter with several entrances, such as a metro station, is gone into: by those from `indptr[s]` to
    `indptr[s + 1]` for shelter s; by its own node and place where there are none.

    Attributes:
        indptr: One more than there are shelters.
        node: The street node each stands on; NO_NODE if on none.
        lat, lon: Degrees.
        step_free: 1 if it is, per entrance.
    """

    indptr: Ints
    node: Ints
    lat: Floats
    lon: Floats
    step_free: Bytes


@dataclass(frozen=True, eq=False)
class Network:
    """
    Attributes:
        lat, lon: Degrees, per node.
        people: Residents, per node.
        shelters: The node each shelter stands on, in the order of `shelters.geojson`; NO_NODE if on none.
        flags: Of `Street`, one per entry of `Streets.indices`; without them, nothing more is known of any street.
        bends: Without them, streets are straight lines.
        entrances: Without them, each shelter has one.
    """

    lat: Floats
    lon: Floats
    streets: Streets
    people: Ints
    shelters: Ints
    flags: Bytes | None = None
    bends: Bends | None = None
    entrances: Entrances | None = None


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
    if (doors := network.entrances) is not None:
        values = (doors.indptr, doors.node, doors.lat, doors.lon, doors.step_free)
        arrays |= dict(zip(_ENTRANCES, values, strict=True))
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
    flags, bends, entrances = _flags(arrays), _bends(arrays), _entrances(arrays)
    return Network(arrays["lat"], arrays["lon"], streets, arrays["people"], shelters, flags, bends, entrances)


def _flags(arrays: Arrays) -> Bytes | None:
    flags = arrays.get("flags")
    streets = len(arrays["indices"])
    _require(flags is None or len(flags) == streets, "flags", f"not one for each of {streets} streets")
    return flags


def _bends(arrays: Arrays) -> Bends | None:
    if not any(name in arrays for name in _BENDS):
        return None
    for name in _BENDS:
        _require(name in arrays, name, "is missing")
    indptr, lat, lon = (arrays[name] for name in _BENDS)
    _require_rising(arrays, "bends_indptr", len(arrays["indices"]), "streets", len(lat))
    _require(len(lat) == len(lon), "bends_lon", f"{len(lon)} values for {len(lat)} bends")
    for name, limit in (("bends_lat", 90), ("bends_lon", 180)):
        _require_degrees(arrays, name, limit)
    return Bends(indptr, lat, lon)


def _entrances(arrays: Arrays) -> Entrances | None:
    if not any(name in arrays for name in _ENTRANCES):
        return None
    for name in _ENTRANCES:
        _require(name in arrays, name, "is missing")
    node = arrays["entrances"]
    _require_rising(arrays, "entrances_indptr", len(arrays["shelters"]), "shelters", len(node))
    for name in ("entrances_lat", "entrances_lon", "entrances_step_free"):
        _require(len(arrays[name]) == len(node), name, f"{len(arrays[name])} values for {len(node)} entrances")
    for name, limit in (("entrances_lat", 90), ("entrances_lon", 180)):
        _require_degrees(arrays, name, limit)
    inside = bool(((node >= NO_NODE) & (node < len(arrays["lat"]))).all())
    _require(inside, "entrances", "names a node that is not there")
    return Entrances(*(arrays[name] for name in _ENTRANCES))


def _require_rising(arrays: Arrays, name: str, count: int, of: str, end: int) -> None:
    indptr = arrays[name]
    _require(len(indptr) == count + 1, name, f"{len(indptr)} values for {count} {of}")
    rising = bool((np.diff(indptr) >= 0).all())
    _require(rising and indptr[0] == 0 and indptr[-1] == end, name, "does not rise from 0 to its end")


def _require_degrees(arrays: Arrays, name: str, limit: int) -> None:
    _require(bool((np.abs(arrays[name]) <= limit).all()), name, f"is not within -{limit} to {limit} degrees")


def _require_streets(arrays: Arrays, nodes: int) -> None:
    indices, lengths = arrays["indices"], arrays["lengths"]
    _require_rising(arrays, "indptr", nodes, "nodes", len(indices))
    _require(bool(((indices >= 0) & (indices < nodes)).all()), "indices", "names a node that is not there")
    _require(len(lengths) == len(indices), "lengths", f"{len(lengths)} values for {len(indices)} streets")
    _require(bool((lengths > 0).all()), "lengths", "a street is not longer than nothing")
    _require(bool((lengths <= MAX_LENGTH).all()), "lengths", f"a street is longer than {MAX_LENGTH // 10} m")


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
