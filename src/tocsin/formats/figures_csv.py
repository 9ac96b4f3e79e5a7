"""Every figure of an attack as CSV, one a line."""

import csv
import io

from tocsin.domain.casualties.claims import Sem
from tocsin.domain.casualties.periods import CasualtyReport
from tocsin.domain.casualties.reconcile import Figure

MEDIA_TYPE = "text/csv"
COLUMNS = (
    "attack",
    "key",
    "measure",
    "age",
    "sex",
    "role",
    "sem",
    "span",
    "place",
    "site",
    "low",
    "best",
    "high",
    "in_period",
    "status",
    "phrase_en",
    "phrase_uk",
    "as_of",
    "source",
    "claims",
    "conflicts",
    "period_from",
    "period_to",
)


def write_figures_csv(report: CasualtyReport) -> str:
    """
    The figures at the report's end with their growth since its beginning. Empty is not zero: nobody has counted, or
    the count is open.
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for key, figure in report.figures.items():
        rows.writerow(["" if cell is None else cell for cell in _row(report, key, figure)])
    return out.getvalue()


def _row(report: CasualtyReport, key: str, figure: Figure) -> list[object]:
    stratum, scope, before = figure.series.stratum, figure.series.scope, report.before.get(key)
    grown = figure.best - (before.best if before else 0)
    return [
        report.attack,
        key,
        figure.series.measure.value,
        stratum.age.value,
        stratum.sex.value,
        stratum.role.value,
        (Sem.EVER if figure.series.cumulative else stratum.sem or Sem.CURRENT).value,
        stratum.span.value,
        scope.place,
        scope.site,
        figure.low,
        figure.best,
        figure.high,
        grown if figure.series.cumulative and grown >= 0 else None,
        figure.status.value,
        figure.phrase["en"],
        figure.phrase["uk"],
        figure.as_of.isoformat(),
        figure.source["en"],
        " ".join(figure.claims),
        "; ".join(conflict.why["en"] for conflict in figure.conflicts),
        report.since.isoformat(),
        report.until.isoformat(),
    ]
