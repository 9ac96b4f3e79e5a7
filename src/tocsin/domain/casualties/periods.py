"""A report of casualties, as the forms of others want it: each count to date, and in the reporting period."""

import msgspec

from tocsin.domain.casualties.claims import STOCKS, Age, Measure, Role, Scope, Series, Sex, Span, Status, Stratum
from tocsin.domain.casualties.reconcile import Figure
from tocsin.kernel.event import Instant


class CasualtyReport(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a situation report is made of.

    Attributes:
        attack: Its id; `names` what it is called, by language.
        place: Code of the area whose figures need no mention; `place_names` what that is called, by language.
        lat, lon: Of a worksite of the attack, or None.
        start: When the attack began, if that is known.
        since, until: The reporting period. `until` is the moment the figures are of.
        figures: At its end, by key; `before`: at its beginning.
        number, version: Of the report; version is Initial, Update or Final as EDXL-SitRep has it.
        precedes: Message ids of earlier reports.
        exercise: The report is of an exercise and says so.
        sources: Claim id to publisher and address of its document.
    """

    attack: str
    names: dict[str, str] = {}
    place: str
    place_names: dict[str, str] = {}
    lat: float | None = None
    lon: float | None = None
    start: Instant | None = None
    since: Instant
    until: Instant
    figures: dict[str, Figure]
    before: dict[str, Figure] = {}
    number: int = 1
    version: str = "Initial"
    precedes: tuple[str, ...] = ()
    prepared_by: str
    authorized_by: str
    next_expected: Instant | None = None
    exercise: bool = True
    sources: dict[str, tuple[str, str]] = {}

    def figure(self, measure: Measure, *, age: Age = Age.ALL, role: Role = Role.ALL) -> Figure | None:
        return self.figures.get(self._key(measure, age, role))

    def in_period(self, measure: Measure, *, age: Age = Age.ALL, role: Role = Role.ALL) -> int | None:
        """
        How many there were in the period: what a source said of just this period, else the growth of the count.

        None where it cannot be told: nobody has counted, or a revision took away more than was added, and of how
        things are at a moment there is no growth.
        """
        key = self._key(measure, age, role)
        if (stated := self._stated(measure, age, role)) is not None:
            return stated
        now, before = self.figures.get(key), self.before.get(key)
        if now is None or measure in STOCKS:
            return None
        grown = now.best - (before.best if before else 0)
        return grown if grown >= 0 else None

    def _stated(self, measure: Measure, age: Age, role: Role) -> int | None:
        for figure in self.figures.values():
            series = figure.series
            same = series.measure is measure and (series.stratum.age, series.stratum.role) == (age, role)
            whole = series.stratum.sex is Sex.ALL and series.scope == Scope(self.place)
            exact = series.stratum.span is Span.PER_PERIOD and series.stratum.since == self.since
            if same and whole and exact and figure.as_of == self.until:
                return figure.best
        return None

    def _key(self, measure: Measure, age: Age, role: Role) -> str:
        return Series(measure, Stratum(age, Sex.ALL, role), Scope(self.place)).key(self.place)

    @property
    def confidence(self) -> str:
        """How sure the figures are, in the words of EDXL-SitRep 1.0 (ConfidenceDefaultValues)."""
        main = [figure for m in (Measure.KILLED, Measure.INJURED, Measure.HOSPITALISED) if (figure := self.figure(m))]
        if not main:
            return "NoConfidence"
        if any(figure.conflicts for figure in main):
            return "Unsure"
        return "HighlyConfident" if all(f.status is Status.CONFIRMED for f in main) else "SomewhatConfident"
