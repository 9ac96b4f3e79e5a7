"""What else is recorded of an attack: damage, photos, and corrections of what was recorded before. With sources."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from tocsin.domain.place import Count, Lang, Latitude, Longitude, Minutes, Names, Reason
from tocsin.domain.source import Source
from tocsin.kernel.event import Command, Event, Instant

AttackId = Annotated[str, Meta(max_length=80, description="Such as kyiv-2025-04-24")]
Precision = Annotated[
    int,
    Meta(
        ge=1,
        le=7,
        description="As UCDP: 1 exact, 2 near, 3 second-level area, 4 first-level, 5 and 6 wider, 7 sea",
    ),
]
PartId = Annotated[str, Meta(max_length=80, description="Within the attack. Left out, it gets the next number")]


class Structure(StrEnum):
    """What was damaged."""

    DWELLING = "dwelling"
    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    HOSPITAL = "hospital"
    POWER = "power"
    HEATING = "heating"
    WATER = "water"
    GAS = "gas"
    TRANSPORT = "transport"
    INDUSTRY = "industry"
    CULTURE = "culture"
    WORSHIP = "worship"
    VEHICLE = "vehicle"
    OTHER = "other"


class Extent(StrEnum):
    DAMAGED = "damaged"
    DESTROYED = "destroyed"
    OUT_OF_SERVICE = "out_of_service"
    """It stands, and gives nothing: no power, no water."""


class RecordDamage(Command, frozen=True, kw_only=True, tag="attack.record_damage"):
    """
    Record what was damaged. Recorded again under the same id, it corrects what was said of it.

    Attributes:
        lo, hi: How many, at least and at most; `hi` left out: it is open.
        hit: The hit that did it, where that is known.
        as_of: The moment it is true for.
    """

    attack: AttackId
    damage: PartId = ""
    structure: Structure
    extent: Extent
    lo: Count
    hi: Count | None = None
    area: str
    hit: str = ""
    words: Annotated[str, Meta(max_length=2000)] = ""
    as_of: Instant
    source: Source


class DamageRecorded(Event, frozen=True, kw_only=True, tag="attack.damage_recorded"):
    attack: str
    damage: str
    structure: Structure
    extent: Extent
    lo: int
    hi: int | None
    area: str
    hit: str
    words: str
    as_of: Instant
    source: Source


class AddPhoto(Command, frozen=True, kw_only=True, tag="attack.add_photo"):
    """
    Record a photo by its hash. The picture itself is not in the journal.

    Attributes:
        alt: What it shows, by language, for those who do not see it. Never who: no names of casualties.
    """

    attack: AttackId
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="Of the file, in hex")]
    alt: Names
    credit: Annotated[str, Meta(min_length=1, max_length=200)]
    taken_at: Instant | None = None
    area: str = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    hit: str = ""
    source: Source


class PhotoAdded(Event, frozen=True, kw_only=True, tag="attack.photo_added"):
    attack: str
    sha256: str
    alt: dict[Lang, str]
    credit: str
    taken_at: Instant | None
    area: str
    lat: float | None
    lon: float | None
    hit: str
    source: Source


class CorrectAttack(Command, frozen=True, kw_only=True, tag="attack.correct"):
    """Say anew when and where an attack was, and how exactly that is known. What is left out stays as it is."""

    attack: AttackId
    start: Instant | None = None
    start_precision_minutes: Minutes | None = None
    date_local: date | None = None
    area: str | None = None
    where_precision: Precision | None = None
    names: Names | None = None
    source: Source | None = None
    reason: Reason


class AttackCorrected(Event, frozen=True, kw_only=True, tag="attack.corrected"):
    """The attack as it is to be read now, whole, and why. What it was before stays in the journal."""

    attack: str
    start: Instant
    start_precision_minutes: int
    date_local: date
    area: str
    where_precision: int | None
    names: dict[str, str]
    source: Source | None
    reason: str


class WithdrawHit(Command, frozen=True, kw_only=True, tag="attack.withdraw_hit"):
    """Take a hit back: there was none, or it was another attack's."""

    attack: AttackId
    hit: Annotated[str, Meta(min_length=1, max_length=80)]
    reason: Reason


class HitWithdrawn(Event, frozen=True, kw_only=True, tag="attack.hit_withdrawn"):
    attack: str
    hit: str
    reason: str
