"""Writing a city folder: whole or not at all, and never over anything else."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from tocsin.city.files import CITY, FILES
from tocsin.kernel.errors import Refused


def replace_folder(out: Path, write: Callable[[Path], None]) -> None:
    """
    Have a folder written beside `out`, then put it in its place. Missing parents are made.

    Args:
        write: Fills the empty folder it is given.

    Raises:
        Refused: If `out` exists and is neither empty nor a city folder.
    """
    require_replaceable(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    # Beside `out`, not in /tmp: a rename over file systems is a copy, and a copy can end half done.
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as scratch:
        fresh = Path(scratch) / "fresh"
        fresh.mkdir()
        write(fresh)
        # Once more: somebody may have put something there while we were writing.
        require_replaceable(out)
        _swap(out, fresh, Path(scratch) / "old")


def require_replaceable(out: Path) -> None:
    """
    Raises:
        Refused: If `out` exists and is neither empty nor a city folder. A city folder with a file we do not
            know is not ours to replace either: that file would be lost.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise Refused(f"{out} is a file, not a folder")
    found = {entry.name for entry in out.iterdir()}
    if found and CITY not in found:
        raise Refused(f"{out} is not a city folder (it has no {CITY}) and is not empty; choose another")
    if strangers := found - FILES:
        raise Refused(f"{out} also holds {', '.join(sorted(strangers))}, which would be lost; choose another")


def _swap(out: Path, fresh: Path, old: Path) -> None:
    if out.exists():
        out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        # Otherwise the city that was there goes away with the scratch folder.
        if old.exists():
            old.rename(out)
        raise
