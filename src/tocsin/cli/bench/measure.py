"""What a benchmark prints: medians, spread, and ratios to the peers of the same run."""

import os
import platform
from collections.abc import Sequence
from statistics import median
from typing import Literal

import msgspec

from tocsin.cli.output import emit, table


class Row(msgspec.Struct, frozen=True):
    """One metric of one contender; `n` is how often it was measured."""

    name: str
    metric: str
    unit: str
    better: Literal["lower", "higher"]
    n: int
    min: float
    median: float
    max: float


class Bench(msgspec.Struct):
    """
    Attributes:
        ratios: Metric to peer to ours over the peer's median.
    """

    bench: str
    machine: str
    rows: list[Row]
    ratios: dict[str, dict[str, float]]

    def show(self, as_json: bool) -> None:
        columns = ("metric", "name", "min", "median", "max", "unit", "better", "n")
        rows = [
            (row.metric, row.name, _short(row.min), _short(row.median), _short(row.max), row.unit, row.better, row.n)
            for row in self.rows
        ]

        def words() -> None:
            table(f"{self.bench} on {self.machine}", columns, rows)
            ratios = [
                (metric, peer, _short(ratio)) for metric, peers in self.ratios.items() for peer, ratio in peers.items()
            ]
            if ratios:
                table("Ours over the peer's median", ("metric", "peer", "ratio"), ratios)

        emit(self, words, as_json=as_json)


def row(name: str, metric: str, unit: str, better: Literal["lower", "higher"], values: Sequence[float]) -> Row:
    return Row(name, metric, unit, better, len(values), min(values), median(values), max(values))


def bench(name: str, rows: Sequence[Row]) -> Bench:
    """The result with a ratio for every peer that was measured in the same metric as we."""
    ours = {each.metric: each.median for each in rows if each.name == "tocsin"}
    ratios: dict[str, dict[str, float]] = {}
    for each in rows:
        if each.name != "tocsin" and each.metric in ours and each.median:
            ratios.setdefault(each.metric, {})[each.name] = round(ours[each.metric] / each.median, 4)
    return Bench(name, machine(), list(rows), ratios)


def machine() -> str:
    """Enough to tell one machine's figures from another's."""
    return f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()} Python {platform.python_version()}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
