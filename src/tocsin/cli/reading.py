"""Opens a journal only to read it: for figures, the record and the bulletins."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.flow.system import System


@contextmanager
def reading(db: Path, realm: str, city: Path | None, policy: Path | None = None) -> "Iterator[System]":
    """
    The system behind a journal, without its loops.

    Args:
        policy: Which source is believed first; the shipped order when left out.

    Raises:
        Invalid: If there is no such journal, or the policy is none.
    """
    from tocsin.cli.output import require_realm
    from tocsin.cli.serve import open_city
    from tocsin.kernel.errors import Invalid
    from tocsin.wiring import Settings, open_system

    if not db.exists():
        raise Invalid("there is no such journal", str(db))
    settings = Settings(db=db, realm=require_realm(realm), city=city, policy=policy)
    running = open_system(settings, open_city(settings))
    try:
        yield running.system
    finally:
        running.system.close()
