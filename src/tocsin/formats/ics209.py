"""
Casualties as blocks 31 to 33 of the Incident Status Summary, form ICS 209 (FEMA): the public, responders, remarks.

The form counts confirmed dead only. Who is reported dead and not confirmed stands in block 33 with the source.
"""

from collections.abc import Iterator

import msgspec

from tocsin.domain.casualties.claims import Measure, Role, Status
from tocsin.domain.casualties.numerals import Lang
from tocsin.domain.casualties.periods import CasualtyReport
from tocsin.domain.casualties.phrases import render
from tocsin.domain.casualties.reconcile import Figure


class Line(msgspec.Struct, frozen=True):
    """
    One line of block 31 or 32.

    Attributes:
        letter: D to N.
        this_period, to_date: Columns A and B; None where nobody has counted, which is left blank.
    """

    letter: str
    name: str
    this_period: int | None
    to_date: int | None


class Blocks(msgspec.Struct, frozen=True):
    """Blocks 31 (the public), 32 (responders) and 33 (remarks on life safety)."""

    public: tuple[Line, ...]
    responders: tuple[Line, ...]
    remarks: tuple[str, ...]


# J to M ask for what no claim counts here; they stay blank, so that the form has all its lines.
LINES: tuple[tuple[str, str, Measure | None], ...] = (
    ("D", "Fatalities", Measure.KILLED),
    ("E", "With injuries/illness", Measure.INJURED),
    ("F", "Trapped/in need of rescue", Measure.TRAPPED),
    ("G", "Missing", Measure.MISSING),
    ("H", "Evacuated", Measure.EVACUATED),
    ("I", "Sheltering in place", None),
    ("J", "In temporary shelters", None),
    ("K", "Have received mass immunizations", None),
    ("L", "Require immunizations", None),
    ("M", "In quarantine", None),
)
AFFECTED = (Measure.KILLED, Measure.INJURED, Measure.MISSING)


def ics209(report: CasualtyReport) -> Blocks:
    """The three blocks. Without a count of responders of their own, everybody stands in block 31."""
    return Blocks(
        public=tuple(_lines(report, Role.ALL)),
        responders=tuple(_lines(report, Role.RESPONDER)),
        remarks=tuple(_remarks(report)),
    )


def write_ics209(report: CasualtyReport) -> str:
    """The blocks as text, in the order of the form."""
    blocks = ics209(report)
    parts = [
        f"ICS 209 INCIDENT STATUS SUMMARY — {report.version} {report.number}",
        *(["EXERCISE EXERCISE EXERCISE"] if report.exercise else []),
        f"1. Incident name: {report.names.get('en') or report.attack}",
        f"11. For time period: {report.since.isoformat()} to {report.until.isoformat()}",
        *_table("31. Public status summary", blocks.public),
        *_table("32. Responder status summary", blocks.responders),
        "33. Life, safety, and health status/threat remarks:",
        *(f"    {remark}" for remark in blocks.remarks),
    ]
    return "\n".join(parts) + "\n"


def _table(title: str, lines: tuple[Line, ...]) -> Iterator[str]:
    yield f"{title:<44}{'A. # this period':>18}{'B. total to date':>18}"
    for line in lines:
        numbers = ("" if number is None else str(number) for number in (line.this_period, line.to_date))
        yield (f"    {line.letter}. {line.name:<37}" + "".join(f"{number:>18}" for number in numbers)).rstrip()


def _lines(report: CasualtyReport, role: Role) -> Iterator[Line]:
    for letter, name, measure in LINES:
        yield Line(letter, name, *(_numbers(report, measure, role) if measure else (None, None)))
    counted = [figure.best for measure in AFFECTED if (figure := report.figure(measure, role=role))]
    # Whoever died of a wound in hospital is among the dead and among the wounded.
    died = report.figure(Measure.DIED_IN_HOSPITAL, role=role)
    yield Line("N", "Total # affected", None, sum(counted) - (died.best if died else 0) if counted else None)


def _numbers(report: CasualtyReport, measure: Measure, role: Role) -> tuple[int | None, int | None]:
    figure = report.figure(measure, role=role)
    if figure is None:
        return None, None
    if measure is Measure.KILLED and figure.status is not Status.CONFIRMED:
        return 0, 0
    responders = report.figure(measure, role=Role.RESPONDER) if role is Role.ALL else None
    fewer = responders.best if responders else 0
    period = report.in_period(measure, role=role)
    less = (report.in_period(measure, role=Role.RESPONDER) or 0) if responders else 0
    return (None if period is None else max(0, period - less)), max(0, figure.best - fewer)


def _remarks(report: CasualtyReport) -> Iterator[str]:
    for figure in report.figures.values():
        if figure.series.measure is Measure.KILLED and figure.status is not Status.CONFIRMED:
            yield f"Reported killed, not confirmed: {_said(figure)}."
        elif figure.conflicts:
            yield f"{figure.series.measure.value}: {figure.conflicts[0].why['en']}."
        if figure.reason is not None:
            yield f"Revised: {figure.reason.value}."
    hospitalised = report.figure(Measure.HOSPITALISED)
    if hospitalised is not None:
        yield f"Of the injured, taken to hospital: {_said(hospitalised)}."


def _said(figure: Figure) -> str:
    return f"{render(figure.says, Lang.EN)} ({figure.source['en']}, {figure.as_of.isoformat()})"
