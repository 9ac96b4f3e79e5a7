"""The cities that the shelter benchmarks run on: the demo city at a scale, or a folder."""

import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tocsin.city.footways import Footways, footways
from tocsin.city.generate import generate_city
from tocsin.city.place import City, load_city

SEED = 1
MOST = 3.0
"""The largest scale: about a million crossings."""


@contextmanager
def ground(folder: Path | None, scale: float) -> Iterator[tuple[City, Footways]]:
    """A city with its streets on foot; a generated one is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-", dir=".") as scratch:
        if folder is None:
            folder = Path(scratch) / "city"
            generate_city(folder, scale, SEED, None, most=MOST)
        city = load_city(folder)
        yield city, footways(city, step_free=False)


def memory_mib() -> float:
    """The most this process has held in memory so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
