"""One attack with everything that the forms of others ask for."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from tocsin.domain.record.attacks import MISSILES, Effect, WeaponClass
from tocsin.kernel.event import Instant
from tocsin.kernel.time import local


class Bounds(msgspec.Struct, frozen=True):
    """A count: `best` None where no single number can be given, `high` None while it is open."""

    low: int
    best: int | None
    high: int | None

    @property
    def figure(self) -> int:
        return self.low if self.best is None else self.best


class Cited(msgspec.Struct, frozen=True):
    publisher: str
    url: str
    headline: str
    published: Instant | None


class Down(msgspec.Struct, frozen=True, kw_only=True):
    """Something that came down."""

    hit: str
    time: Instant
    precision_minutes: int
    area: str
    area_names: dict[str, str]
    lat: float | None
    lon: float | None
    weapon_class: WeaponClass
    effect: Effect
    damage: str
    source: Cited


class RecordRow(msgspec.Struct, frozen=True, kw_only=True):
    """
    One attack.

    Attributes:
        number: A whole number of its own.
        where_prec: As UCDP codes it: 1 exact, 2 within 25 km, 3 second-level area, 4 first-level, 5 vague, 6 country.
        country, admin1, admin2: In English, as far as they are known; `admin2` inside `admin1`.
        lat, lon: Of a hit, if any has them.
        counted: Class of weapon to launched, where any count says so.
        civilians: Of the killed, where a claim says so.
    """

    number: int
    attack: str
    names: dict[str, str]
    start: Instant
    end: Instant | None
    start_precision_minutes: int
    date_local: date
    time_zone: str
    area: str
    where_prec: int
    country: str
    admin1: str
    admin2: str
    lat: float | None
    lon: float | None
    counted: dict[WeaponClass, int]
    intercepted: int | None
    hits: tuple[Down, ...]
    killed: Bounds | None
    civilians: int | None
    injured: Bounds | None
    sources: tuple[Cited, ...]
    as_of: Instant

    @property
    def last_day(self) -> date:
        return self.date_local if self.end is None else max(self.date_local, local(self.end, self.time_zone).date())

    @property
    def date_prec(self) -> int:
        """As UCDP codes it: 1 a day, 2 two to six days, 3 a week, 4 a month, 5 more."""
        days = self.start_precision_minutes / (24 * 60)
        return next((code for code, most in ((1, 1), (2, 6), (3, 7), (4, 31)) if days <= most), 5)

    @property
    def classes(self) -> frozenset[WeaponClass]:
        return frozenset((*self.counted, *(hit.weapon_class for hit in self.hits)))

    @property
    def by_missiles_alone(self) -> bool:
        known = self.classes - {WeaponClass.UNKNOWN}
        return bool(known) and known <= MISSILES


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV with a header. Empty is not zero: nobody has said."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return out.getvalue()
