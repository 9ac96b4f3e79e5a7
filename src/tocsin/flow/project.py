"""Facts into views, in journal order, from a snapshot where there is one."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any, Protocol

import msgspec

import tocsin
from tocsin.journal import Journal
from tocsin.kernel.errors import Corrupt
from tocsin.kernel.event import Event, Recorded
from tocsin.views.view import Handler, View


class Snapshot(msgspec.Struct, frozen=True):
    """
    The views at one position.

    Attributes:
        hash: Of the record at that position: a snapshot of another journal, or of one that was rewritten, is dropped.
        views: Name to fingerprint and state.
    """

    position: int
    hash: str
    views: dict[str, tuple[str, bytes]]


class Snapshots(Protocol):
    """Where the last snapshot is kept. Losing it costs a replay, never a fact."""

    def load(self) -> Snapshot | None: ...

    def save(self, snapshot: Snapshot) -> None: ...


class Projector:
    """
    Applies the journal to the views. The only one that changes them.

    Args:
        views: Their order is the order in which each event reaches them.
        after: Called with each record once all views have it, in journal order.
        done: Called with the position reached when there is nothing more to apply for now.
    """

    def __init__(
        self,
        journal: Journal,
        views: Sequence[View[Any]],
        *,
        snapshots: Snapshots | None = None,
        after: Callable[[Recorded], None] = lambda _recorded: None,
        done: Callable[[int], None] = lambda _position: None,
    ) -> None:
        self._journal = journal
        self._views = views
        self._snapshots = snapshots
        self._after = after
        self._done = done
        self._lock = RLock()
        self._handlers = _table(views)
        self.position = 0
        self.hash = ""

    @contextmanager
    def looking(self) -> Iterator[int]:
        """Hold the views still while they are read; yields the position they are at."""
        with self._lock:
            yield self.position

    def restore(self) -> None:
        """Start from the last snapshot if it fits this journal and these views, else from nothing."""
        snapshot = self._snapshots.load() if self._snapshots else None
        if snapshot is None or not self._fits(snapshot):
            return
        with self._lock:
            before = [view.state for view in self._views]
            try:
                for view in self._views:
                    view.load(snapshot.views[view.name][1])
            except Corrupt:
                for view, state in zip(self._views, before, strict=True):
                    view.state = state
                return
            self.position, self.hash = snapshot.position, snapshot.hash

    def _fits(self, snapshot: Snapshot) -> bool:
        kept = {name: fingerprint for name, (fingerprint, _) in snapshot.views.items()}
        if kept != {view.name: _fingerprint(view) for view in self._views}:
            return False
        record = next(iter(self._journal.read(after=snapshot.position - 1, limit=1)), None)
        return record is not None and record.hash == snapshot.hash

    def save(self) -> None:
        """Keep a snapshot of the views as they are."""
        if self._snapshots is None:
            return
        with self._lock:
            if not self.position:
                return
            views = {view.name: (_fingerprint(view), view.dump()) for view in self._views}
            snapshot = Snapshot(self.position, self.hash, views)
        self._snapshots.save(snapshot)

    def catch_up(self) -> int:
        """Apply all that the journal holds by now; return the position reached."""
        with self._lock:
            for recorded in self._journal.read(after=self.position):
                for handler in self._handlers.get(type(recorded.event), ()):
                    handler(recorded)
                self.position, self.hash = recorded.position, recorded.hash
                self._after(recorded)
            position = self.position
        self._done(position)
        return position


def _table(views: Iterable[View[Any]]) -> dict[type[Event], list[Handler]]:
    table: dict[type[Event], list[Handler]] = {}
    for view in views:
        for type_, handler in view.handlers().items():
            table.setdefault(type_, []).append(handler)
    return table


def _fingerprint(view: View[Any]) -> str:
    """Changes when the state's fields do, the view's version is raised, or the program is another release."""
    schema = msgspec.json.encode(msgspec.json.schema(type(view.state)), order="sorted")
    return hashlib.sha256(f"{tocsin.__version__} {view.version} ".encode() + schema).hexdigest()
