"""Photos and documents outside the journal, each in a file named by its SHA-256; in memory for replays, tests."""

import hashlib
from pathlib import Path

from tocsin.kernel.errors import Unavailable


class Photos:
    """
    Args:
        folder: Where they are kept; None keeps them in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held: dict[str, bytes] = {}

    def put(self, photo: bytes) -> str:
        """
        Keep a photo; return its SHA-256.

        Raises:
            Unavailable: If it cannot be written.
        """
        name = hashlib.sha256(photo).hexdigest()
        if self._folder is None:
            self._held[name] = photo
            return name
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            fresh = self._folder / f"{name}.new"
            fresh.write_bytes(photo)
            fresh.replace(self._folder / name)
        except OSError as error:
            raise Unavailable(f"{self._folder}: {error}") from error
        return name

    def names(self) -> frozenset[str]:
        """The SHA-256 of each that is kept."""
        if self._folder is None:
            return frozenset(self._held)
        if not self._folder.is_dir():
            return frozenset()
        return frozenset(entry.name for entry in self._folder.iterdir() if _is_name(entry.name))

    def drop(self, name: str) -> None:
        """Forget a photo that nothing tells of."""
        self._held.pop(name, None)
        if self._folder is not None and _is_name(name):
            (self._folder / name).unlink(missing_ok=True)

    def get(self, name: str) -> bytes | None:
        """A photo by its SHA-256; None if there is none."""
        if self._folder is None:
            return self._held.get(name)
        if not _is_name(name):
            return None
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(f"{self._folder}: {error}") from error


def _is_name(name: str) -> bool:
    """Only what looks like a digest is looked for: a name with a slash would leave the folder."""
    return len(name) == 64 and set(name) <= set("0123456789abcdef")
