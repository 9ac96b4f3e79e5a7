"""The views' snapshot in one file, replaced whole or not at all."""

import os
from pathlib import Path

import msgspec

from tocsin.flow.project import Snapshot


class FileSnapshots:
    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Snapshot | None:
        """The last snapshot, or None when there is none that can be read: the journal has everything."""
        try:
            return msgspec.msgpack.decode(self._path.read_bytes(), type=Snapshot)
        except (OSError, msgspec.DecodeError):
            return None

    def save(self, snapshot: Snapshot) -> None:
        new = self._path.with_name(self._path.name + ".new")
        with new.open("wb") as file:
            file.write(msgspec.msgpack.encode(snapshot))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
