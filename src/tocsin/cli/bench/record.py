"""The record's questions on a whole imported record, beside pandas on the same rows and the same question."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tocsin.cli.bench.measure import Bench, bench, row
from tocsin.cli.output import progress
from tocsin.domain.record import MISSILES
from tocsin.domain.record.regions import KYIV
from tocsin.flow import answers
from tocsin.flow.history import import_history
from tocsin.flow.record import Asked, count, deadliest, false_alarms, months
from tocsin.flow.system import System
from tocsin.formats.history import read_history
from tocsin.kernel.errors import Invalid
from tocsin.kernel.event import Actor
from tocsin.views.history.alerts import alert_time, disagreements
from tocsin.views.history.launches import Period, interception, unusual

ROUNDS = 15
BEGINS, ENDS = datetime(2023, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)
NIGHT = date(2025, 4, 24)
ALERTS = "official_data_en.csv"
LAUNCHES = "missile_attacks_daily.csv"


def run(files: Sequence[Path]) -> Bench:
    """
    Contenders take turns, round by round, each with its rows in memory: we with our index, pandas with parsed frames.

    Raises:
        Invalid: If a file cannot be read.
    """
    from tocsin.cli.serve import open_city
    from tocsin.wiring import Settings, open_system

    settings = Settings(realm="exercise")
    system = open_system(settings, open_city(settings), in_memory=True).system
    try:
        with progress("importing") as advance:
            for number, file in enumerate(files):
                document = _bytes(file)
                read = read_history(document, str(file))
                import_history(system, file.name, document, read, Actor("bench", "analyst"))
                advance(file.name, (number + 1) / len(files))
        found: dict[tuple[str, str], list[float]] = {}
        contenders = [*_ours(system), *_pandas({file.name: file for file in files})]
        for _, _, ask in contenders:
            ask()  # the first question makes the index; it is made once
        for _ in range(ROUNDS):
            for name, metric, ask in contenders:
                start = time.perf_counter()
                ask()
                found.setdefault((name, metric), []).append((time.perf_counter() - start) * 1e3)
    finally:
        system.close()
    return bench("record", [row(name, metric, "ms", "lower", values) for (name, metric), values in found.items()])


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Invalid(str(error), str(file)) from None


def _ours(system: System) -> list[tuple[str, str, Callable[[], object]]]:
    index = system.views.history.index()
    year = Asked(start=BEGINS, end=ENDS, place=KYIV, as_of=ENDS)
    return [
        ("tocsin", "count_ms", lambda: count(system, Asked(start=BEGINS, end=ENDS, weapon=MISSILES, as_of=ENDS))),
        ("tocsin", "unusual_ms", lambda: unusual(index, "UA", NIGHT, MISSILES)),
        ("tocsin", "interception_ms", lambda: interception(index, "UA", Period.YEAR, None, None)),
        ("tocsin", "alert_time_ms", lambda: alert_time(index, KYIV, BEGINS, ENDS)),
        ("tocsin", "disagreements_ms", lambda: list(disagreements(index, KYIV, BEGINS, ENDS))),
        ("tocsin", "false_alarms_ms", lambda: false_alarms(system, year)),
        ("tocsin", "months_ms", lambda: months(system, Asked(place=KYIV, as_of=ENDS))),
        ("tocsin", "last_hit_ms", lambda: answers.last_hit(system, KYIV, ENDS, MISSILES)),
        ("tocsin", "deadliest_ms", lambda: deadliest(system, Asked(as_of=ENDS))),
    ]


def _pandas(files: dict[str, Path]) -> list[tuple[str, str, Callable[[], object]]]:
    """The plain sums behind three of the questions: no bounds, no citations, no model."""
    try:
        import pandas as pd
    except ImportError:
        return []
    found: list[tuple[str, str, Callable[[], object]]] = []
    if LAUNCHES in files:
        frame = pd.read_csv(files[LAUNCHES])
        frame["day"] = pd.to_datetime(frame["time_end"].str.slice(0, 10))
        missiles = frame["model"].str.contains("X-|Iskander|Kalibr|KN-23|Kinzhal|C-300|Missile", regex=True)
        begins, ends = pd.Timestamp(2023, 1, 1), pd.Timestamp(2024, 1, 1)

        def counted() -> object:
            chosen = frame[missiles & (frame["day"] >= begins) & (frame["day"] < ends)]
            return chosen[["launched", "destroyed"]].sum()

        def shares() -> object:
            sums = frame.groupby([frame["day"].dt.year, "model"])[["launched", "destroyed"]].sum()
            return sums["destroyed"] / sums["launched"]

        found += [("pandas", "count_ms", counted), ("pandas", "interception_ms", shares)]
    if ALERTS in files:
        alerts = pd.read_csv(files[ALERTS], parse_dates=["started_at", "finished_at"])
        found.append(("pandas", "alert_time_ms", lambda: _union(alerts)))
    return found


def _union(alerts: Any) -> float:  # noqa: ANN401 - a frame of pandas
    """Seconds under alert: overlapping intervals made one by the running maximum of their ends."""
    here = alerts[(alerts["oblast"] == "Kyiv City") & (alerts["finished_at"] > BEGINS) & (alerts["started_at"] < ENDS)]
    here = here.sort_values("started_at")
    starts, ends = here["started_at"].clip(lower=BEGINS), here["finished_at"].clip(upper=ENDS)
    reached = ends.cummax().shift(fill_value=starts.iloc[0])
    return float((ends - starts.where(starts > reached, reached)).dt.total_seconds().clip(lower=0).sum())
