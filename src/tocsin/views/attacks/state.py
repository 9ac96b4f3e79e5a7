"""Attacks as the record has them."""

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from tocsin.domain.record.attacks import HitRecorded, Weapons
from tocsin.domain.record.details import DamageRecorded, PhotoAdded
from tocsin.domain.record.statements import StatementRecorded
from tocsin.domain.source import Source
from tocsin.kernel.event import Instant


class Totals(msgspec.Struct, frozen=True):
    """Sums over the rows that say something. None if none does: not said is not none."""

    launched: int | None
    intercepted: int | None
    lost: int | None
    still_airborne: int | None


class WeaponsCount(msgspec.Struct, frozen=True):
    """One publisher's last count of one scope. Counts of two publishers are never added up or averaged."""

    scope: str
    source: Source
    recorded_at: Instant
    weapons: tuple[Weapons, ...]
    totals: Totals


class Correction(msgspec.Struct, frozen=True):
    """
    Attributes:
        what: `attack`, `hit/…` or `statement/…`.
        position: Of the event. What stood before it is in the journal.
    """

    what: str
    reason: str
    recorded_at: Instant
    position: int


class AttackState(msgspec.Struct, frozen=True):
    """
    One attack as the record has it.

    Attributes:
        counts: By publisher and scope.
        hits: By their ids; each as it was last recorded.
        statements: In the order in which they were recorded, each as it was last corrected.
        where_precision: As UCDP codes it; None: nobody has said.
        damages: By their ids; each as it was last recorded.
        corrections: What was corrected or withdrawn, when, and why.
        position: Of the event that last changed this.
    """

    attack: str
    start: Instant
    start_precision_minutes: int
    date_local: dt.date
    time_zone: str
    area: str
    names: dict[str, str]
    source: Source | None
    position: int
    end: Instant | None = None
    counts: dict[str, WeaponsCount] = {}
    hits: dict[str, HitRecorded] = {}
    statements: tuple[StatementRecorded, ...] = ()
    where_precision: int | None = None
    damages: dict[str, DamageRecorded] = {}
    photos: tuple[PhotoAdded, ...] = ()
    corrections: tuple[Correction, ...] = ()


def totals(weapons: Sequence[Weapons]) -> Totals:
    return Totals(
        _sum(row.launched for row in weapons),
        _sum(row.intercepted for row in weapons),
        _sum(row.lost for row in weapons),
        _sum(row.still_airborne for row in weapons),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    said = [number for number in numbers if number is not None]
    return sum(said) if said else None


def chronological(attack: AttackState) -> tuple[dt.datetime, str]:
    """By start; the id only so that attacks of one moment always come in one order."""
    return attack.start, attack.attack
