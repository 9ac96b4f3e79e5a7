"""The walking network of a city folder, `network.npz`: streets, where their nodes lie, and who lives there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from zipfile import BadZipFile

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from tocsin.city.files import NETWORK
from tocsin.kernel.errors import Invalid
from tocsin.routing.plane import Floats
from tocsin.routing.streets import Ints, Streets

NO_NODE = -1

Arrays: TypeAlias = dict[str, NDArray[Any]]

_TYPES = {
    "lat": np.float64,
    "lon": np.float64,
    "indptr": np.int32,
    "indices": np.int32,
    "lengths": np.int32,
    "people": np.int32,
    "shelters": np.int32,
}


@dataclass(frozen=True, eq=False)
class Network:
    """
    Attributes:
        lat, lon: Degrees, per node.
        people: Residents, per node.
        shelters: The node each shelter stands on, in the order of `shelters.geojson`; NO_NODE if on none.
    """

    lat: Floats
    lon: Floats
    streets: Streets
    people: Ints
    shelters: Ints


def save_network(path: Path, network: Network) -> None:
    """Write the file. The same network makes the same bytes."""
    streets = network.streets
    np.savez(
        path,
        allow_pickle=False,
        lat=network.lat,
        lon=network.lon,
        indptr=streets.indptr,
        indices=streets.indices,
        lengths=streets.lengths,
        people=network.people,
        shelters=network.shelters,
    )


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
        _require(bool((np.abs(arrays[name]) <= limit).all()), name, f"is not within -{limit} to {limit} degrees")
    _require(bool((arrays["people"] >= 0).all()), "people", "a node has fewer than no residents")
    shelters = arrays["shelters"]
    _require(bool(((shelters >= NO_NODE) & (shelters < nodes)).all()), "shelters", "names a node that is not there")
    streets = Streets(arrays["indptr"], arrays["indices"], arrays["lengths"])
    return Network(arrays["lat"], arrays["lon"], streets, arrays["people"], shelters)


def _require_streets(arrays: Arrays, nodes: int) -> None:
    indptr, indices, lengths = arrays["indptr"], arrays["indices"], arrays["lengths"]
    _require(len(indptr) == nodes + 1, "indptr", f"{len(indptr)} values for {nodes} nodes")
    rising = bool((np.diff(indptr) >= 0).all())
    _require(rising and indptr[0] == 0 and indptr[-1] == len(indices), "indptr", "does not rise from 0 to its end")
    _require(bool(((indices >= 0) & (indices < nodes)).all()), "indices", "names a node that is not there")
    _require(len(lengths) == len(indices), "lengths", f"{len(lengths)} values for {len(indices)} streets")
    _require(bool((lengths > 0).all()), "lengths", "a street is not longer than nothing")


def _read(path: Path) -> Arrays:
    try:
        # Opened here: numpy leaves its own file open when it turns out to be no archive.
        with path.open("rb") as opened:
            file = np.load(opened, allow_pickle=False)
            if not isinstance(file, NpzFile):
                raise ValueError("a single array")
            arrays = {name: file[name] for name in _TYPES if name in file.files}
    except OSError as error:
        raise Invalid(f"cannot be read: {error.strerror or error}", NETWORK) from None
    except (ValueError, EOFError, BadZipFile) as error:
        raise Invalid(f"not a numpy archive: {error}", NETWORK) from None
    for name, type_ in _TYPES.items():
        _require(name in arrays, name, "is missing")
        found = arrays[name]
        _require(found.dtype == type_ and found.ndim == 1, name, f"is not a row of {np.dtype(type_)}")
    return arrays


def _require(fine: bool, name: str, fault: str) -> None:
    if not fine:
        raise Invalid(fault, f"{NETWORK} {name}")
