"""Casualties as HXL 1.1 (Humanitarian Exchange Language): one row for each report, under hashtags that libhxl knows."""

import csv
import io
from collections.abc import Iterable

from tocsin.domain.casualties.claims import Age, Measure
from tocsin.domain.casualties.periods import CasualtyReport

MEDIA_TYPE = "text/csv"
# +hospitalised, +missing and +period are not core attributes; HXL allows one's own.
_COUNTED = (Measure.KILLED, Measure.INJURED, Measure.HOSPITALISED, Measure.MISSING)
COLUMNS: tuple[tuple[str, str], ...] = (
    ("Attack", "#event+id"),
    ("Began", "#event+start"),
    ("Area code", "#adm1+code"),
    ("Area", "#adm1+name"),
    ("Latitude", "#geo+lat"),
    ("Longitude", "#geo+lon"),
    *(
        column
        for measure in _COUNTED
        for column in (
            (f"{measure.value.capitalize()}, least", f"#affected+{measure.value}+min"),
            (f"{measure.value.capitalize()}, best", f"#affected+{measure.value}+best"),
            (f"{measure.value.capitalize()}, most", f"#affected+{measure.value}+max"),
            (f"{measure.value.capitalize()}, in the period", f"#affected+{measure.value}+period"),
            (f"{measure.value.capitalize()}, children", f"#affected+{measure.value}+children"),
        )
    ),
    ("Status of the dead", "#status"),
    ("Period from", "#date+start"),
    ("As of", "#date+reported"),
    ("Source", "#meta+source"),
    ("Address", "#meta+url"),
)


def write_hxl(reports: Iterable[CasualtyReport]) -> str:
    """
    CSV with a row of headings, a row of hashtags, and a row for each report.

    Empty is not zero: it means that nobody has counted, or, under `max`, that the count is open.
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow([heading for heading, _ in COLUMNS])
    rows.writerow([tag for _, tag in COLUMNS])
    for report in reports:
        rows.writerow(["" if cell is None else cell for cell in _row(report)])
    return out.getvalue()


def _row(report: CasualtyReport) -> list[object]:
    killed = report.figure(Measure.KILLED)
    source = report.sources.get(killed.claims[0], ("", "")) if killed else ("", "")
    return [
        report.attack,
        report.start.date().isoformat() if report.start else "",
        report.place,
        report.place_names.get("en") or report.place_names.get("uk", ""),
        report.lat,
        report.lon,
        *(cell for measure in _COUNTED for cell in _cells(report, measure)),
        killed.status.value if killed else "",
        report.since.date().isoformat(),
        report.until.date().isoformat(),
        (killed.source["en"] if killed else "") or source[0],
        source[1],
    ]


def _cells(report: CasualtyReport, measure: Measure) -> list[int | None]:
    figure, children = report.figure(measure), report.figure(measure, age=Age.CHILD)
    if figure is None:
        return [None] * 5
    attached = children is not None and children.attachment != "ambiguous"
    return [
        figure.low,
        figure.best,
        figure.high,
        report.in_period(measure),
        children.best if children is not None and attached else None,
    ]
