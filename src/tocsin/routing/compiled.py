"""
Kernels in machine code (numba). They run without the interpreter's lock, so that a server goes on answering meanwhile.

What has been compiled is kept on disk: in the folder of NUMBA_CACHE_DIR where that is set, else in the user's cache
folder, else in none, and then every process compiles for itself. Never beside the source, which may be read-only.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., Any])
Array: TypeAlias = Any
"""An array as a kernel sees it: numba compiles for the type it is given."""
whole: Any = np.int64
"""Makes a number wide enough for sums, and of one type on all paths of a kernel; to mypy it is an int."""


def _cache_folder() -> Path | None:
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(given)
    try:
        base = os.environ.get("XDG_CACHE_HOME")
        folder = (Path(base) if base else Path.home() / ".cache") / "tocsin" / "kernels"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        # A service account may have no home: compiling at every start is slow, not starting is worse.
        return None
    return folder if os.access(folder, os.W_OK) else None


_FOLDER = _cache_folder()
if _FOLDER is not None:
    numba.config.CACHE_DIR = str(_FOLDER)  # type: ignore[attr-defined]


def compiled(kernel: F) -> F:
    """Compile at the first call with these types. Arrays are not bound-checked: callers answer for their shapes."""
    made: F = numba.njit(kernel, cache=_FOLDER is not None, nogil=True)
    return made
