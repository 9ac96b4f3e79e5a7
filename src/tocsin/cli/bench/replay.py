"""A journal of a million events into all views, from zero and from a snapshot."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tocsin.cli.bench.measure import Bench, bench, row
from tocsin.cli.output import progress
from tocsin.domain.catalogue import all_events
from tocsin.domain.shelter import OccupancyReported, ShelterClosed, ShelterOpened
from tocsin.domain.siren import Acknowledgement, Result, SirensAcknowledged
from tocsin.domain.warning import AlertCleared, AlertRaised, AlertUpdated, Phase, Threat, prepared
from tocsin.flow.project import Projector
from tocsin.kernel.event import Actor, Cause, Event
from tocsin.storage.snapshot import FileSnapshots
from tocsin.storage.sqlite import SqliteJournal

ROUNDS = 3
START = datetime(2022, 2, 24, 3, tzinfo=UTC)
ACTOR = Actor("bench", "administrator")


def run(events: int) -> Bench:
    """Fill a journal once, then read it into new views several times."""
    from tocsin.city.generate import generate_city
    from tocsin.city.place import load_city
    from tocsin.wiring import make_views

    with tempfile.TemporaryDirectory(prefix="tocsin-bench-", dir=".") as name:
        folder = Path(name)
        generate_city(folder / "city", 0.02, 1, None)
        city = load_city(folder / "city")
        journal = SqliteJournal(folder / "journal.db", all_events(), realm="exercise")
        _fill(journal, city.areas.codes(), [shelter.id for shelter in city.shelters], events)
        snapshots = FileSnapshots(folder / "snapshot")
        cold: list[float] = []
        warm: list[float] = []
        for _ in range(ROUNDS):
            projector = Projector(journal, make_views(city, "exercise").all(), snapshots=snapshots)
            start = time.perf_counter()
            projector.catch_up()
            cold.append((time.perf_counter() - start) * 1e6 / projector.position)
            projector.save()
            resumed = Projector(journal, make_views(city, "exercise").all(), snapshots=snapshots)
            start = time.perf_counter()
            resumed.restore()
            resumed.catch_up()
            warm.append(time.perf_counter() - start)
        journal.close()
    return bench(
        "replay",
        [
            row("tocsin", "million_events_s", "s", "lower", cold),
            row("tocsin", "start_from_snapshot_s", "s", "lower", warm),
        ],
    )


def _fill(journal: SqliteJournal, areas: Sequence[str], shelters: Sequence[str], events: int) -> None:
    """Alerts with their sirens' answers and the shelters' counts, as three years of nights would leave them."""
    versions: dict[str, int] = {}
    with progress("filling the journal") as advance:
        for number, (stream, batch) in enumerate(_batches(areas, shelters, events)):
            now = START + timedelta(minutes=number)
            expect = versions.get(stream, 0)
            cause = Cause(f"bench-{number}", "bench.fill", "0" * 64)
            journal.append(stream, batch, expect=expect, actor=ACTOR, cause=cause, time=now)
            versions[stream] = expect + len(batch)
            if number % 50 == 0:
                advance("filling the journal", journal.head().position / events)


def _batches(areas: Sequence[str], shelters: Sequence[str], events: int) -> Iterator[tuple[str, list[Event]]]:
    made, night = 0, 0
    while made < events:
        for stream, batch in _night(night, areas, shelters):
            kept = batch[: events - made]
            made += len(kept)
            if kept:
                yield stream, kept
        night += 1


def _night(night: int, areas: Sequence[str], shelters: Sequence[str]) -> Iterator[tuple[str, list[Event]]]:
    alert, area = f"night-{night}", areas[night % len(areas)]
    expires = START + timedelta(days=night + 1)
    said: dict[str, Any] = {"alert": alert, "areas": (area,), "threat": Threat.COMBINED, "expires": expires}
    words = prepared(Threat.COMBINED, Phase.ALERT)
    yield (
        f"alert/{alert}",
        [
            AlertRaised(revision=1, phase=Phase.ALERT, texts=words, by="bench", **said),
            AlertUpdated(revision=2, phase=Phase.ALERT, texts=words, **said),
        ],
    )
    for start in range(0, 2000, 500):
        shelter = shelters[(night * 4 + start // 500) % len(shelters)]
        counts = [OccupancyReported(shelter=shelter, people=people) for people in range(start, start + 490)]
        yield f"shelter/{shelter}", [ShelterOpened(shelter=shelter), *counts, ShelterClosed(shelter=shelter, reason="")]
    day = f"{START + timedelta(days=night):%Y-%m-%d}"
    acks = tuple(
        Acknowledgement(siren=f"s{n}", alert=alert, revision=1, result=Result.SOUNDING, received_at=expires)
        for n in range(20)
    )
    yield f"sirens/{day}", [SirensAcknowledged(day=day, acks=acks)]
    clear = AlertCleared(alert=alert, revision=3, areas=(area,), texts=prepared(Threat.COMBINED, Phase.ALL_CLEAR))
    yield f"alert/{alert}", [clear]
