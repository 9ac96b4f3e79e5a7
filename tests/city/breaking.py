"""Ways to break a city folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Arrays: TypeAlias = dict[str, NDArray[Any]]


def edit(path: Path, change: Callable[[Any], object]) -> None:
    """Change the JSON of a file in place."""
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value))


def edit_arrays(folder: Path, change: Callable[[Arrays], object]) -> None:
    """Change the arrays of the network in place."""
    with np.load(folder / "network.npz") as file:
        arrays: Arrays = {name: file[name] for name in file.files}
    change(arrays)
    np.savez(folder / "network.npz", allow_pickle=False, **arrays)
