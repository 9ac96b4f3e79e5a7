"""Durable appends per second: ours, and the eventsourcing library's SQLite recorder, on the same disk."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import uvloop

from tocsin.cli.bench.measure import Bench, bench, row
from tocsin.domain.shelter import OccupancyReported
from tocsin.kernel.event import Actor, Cause, Events
from tocsin.kernel.ids import new_key
from tocsin.storage.sqlite import SqliteJournal

ROUNDS = 7
ALONE = 500
"""Appends of the single writer in a round."""
WRITERS = 64
EACH = 100
"""Appends of each of many writers in a round. Each has a stream of its own, as shelters and sirens do."""

Rate = Callable[[str, int, int], float]
"""Appends per second of some writers with so many appends each, to streams of this name. Each append is durable
before its writer goes on."""


def run() -> Bench:
    """
    Contenders take turns, round by round, so that the machine's noise falls on both.

    Ours is driven as the server drives it, by coroutines; with threads in their place under `tocsin_threads`. The
    peer has only calls that block, so its writers are threads; and it is driven at its recorder, below its
    aggregates and mappers, which would only make it slower.
    """
    found: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-", dir=".") as folder, ExitStack() as stack:
        contenders = stack.enter_context(_ours(Path(folder))) | stack.enter_context(_peer(Path(folder)))
        for round_ in range(ROUNDS):
            for name, rate in contenders.items():
                found.setdefault((name, "appends_1_writer"), []).append(rate(f"{round_}-one", 1, ALONE))
                found.setdefault((name, "appends_64_writers"), []).append(rate(f"{round_}-many", WRITERS, EACH))
    return bench("journal", [row(name, metric, "1/s", "higher", rates) for (name, metric), rates in found.items()])


@contextmanager
def _ours(folder: Path) -> Iterator[dict[str, Rate]]:
    journal = SqliteJournal(folder / "tocsin.db", Events([OccupancyReported]), realm="exercise")
    actor, now = Actor("bench", "administrator"), datetime.now(UTC)

    def event(stream: str, version: int) -> list[OccupancyReported]:
        return [OccupancyReported(shelter=stream, people=version)]

    def cause() -> Cause:
        return Cause(new_key(), "shelter.report_occupancy", "0" * 64)

    async def write_soon(stream: str, each: int) -> None:
        for version in range(each):
            await journal.append_soon(
                stream, event(stream, version), expect=version, actor=actor, cause=cause(), time=now
            )

    def append(stream: str, version: int) -> None:
        journal.append(stream, event(stream, version), expect=version, actor=actor, cause=cause(), time=now)

    async def all_soon(prefix: str, writers: int, each: int) -> float:
        start = time.perf_counter()
        await asyncio.gather(*(write_soon(f"{prefix}-{writer}", each) for writer in range(writers)))
        return writers * each / (time.perf_counter() - start)

    def by_coroutines(prefix: str, writers: int, each: int) -> float:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(all_soon(prefix, writers, each))

    yield {"tocsin": by_coroutines, "tocsin_threads": _by_threads(append, "t")}
    journal.close()


@contextmanager
def _peer(folder: Path) -> Iterator[dict[str, Rate]]:
    try:
        from eventsourcing.persistence import StoredEvent
        from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
    except ImportError:
        yield {}
        return
    datastore = SQLiteDatastore(str(folder / "peer.db"))
    recorder = SQLiteApplicationRecorder(datastore)
    recorder.create_table()
    ids: dict[str, UUID] = {}

    def append(stream: str, version: int) -> None:
        originator = ids.setdefault(stream, uuid4())
        state = b'{"kind":"shelter.occupancy_reported","shelter":"%s","people":%d}' % (stream.encode(), version)
        recorder.insert_events([StoredEvent(originator, version, "shelter.occupancy_reported", state)])

    yield {"eventsourcing": _by_threads(append, "p")}
    datastore.close()


def _by_threads(append: Callable[[str, int], None], name: str) -> Rate:
    def rate(prefix: str, writers: int, each: int) -> float:
        def write(writer: int) -> None:
            for version in range(each):
                append(f"{name}-{prefix}-{writer}", version)

        with ThreadPoolExecutor(writers) as pool:
            start = time.perf_counter()
            list(pool.map(write, range(writers)))
            return writers * each / (time.perf_counter() - start)

    return rate
