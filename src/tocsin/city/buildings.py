"""The buildings of a city folder, `buildings.npz`: where they stand, how high they are, and who lives in them."""

from pathlib import Path

import numpy as np

from tocsin.city.arrays import Arrays, read_arrays
from tocsin.city.files import BUILDINGS
from tocsin.kernel.errors import Invalid

TYPES = {
    "lat": np.float64,
    "lon": np.float64,
    "ground_m2": np.float32,
    "floors": np.float32,
    "residents": np.int32,
    "node": np.int32,
}
"""One value per building; `node` is where its residents step out."""


def load_buildings(path: Path) -> Arrays:
    """
    Raises:
        Invalid: If the file is absent or malformed; `where` names the file and the array.
    """
    arrays = read_arrays(path)
    for name, type_ in TYPES.items():
        found = arrays.get(name)
        if found is None or found.dtype != type_ or found.shape != arrays["lat"].shape:
            raise Invalid(f"is not a row of {np.dtype(type_)}, one per building", f"{BUILDINGS} {name}")
    return arrays
