"""Attacks: when each began and ended, what was launched, and what it hit where. Every count and hit has a source."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.place import Count, Latitude, Longitude, Minutes, Names
from tocsin.domain.record.details import (
    AddPhoto,
    AttackId,
    CorrectAttack,
    DamageRecorded,
    PhotoAdded,
    Precision,
    RecordDamage,
    WithdrawHit,
)
from tocsin.domain.source import Source
from tocsin.kernel.errors import Invalid
from tocsin.kernel.event import Command, Event, Instant

COUNTRY = 2
"""Length of a code that names a whole country (ISO 3166-1 alpha-2): forces are counted for all of it at once."""


class WeaponClass(StrEnum):
    BALLISTIC_MISSILE = "ballistic_missile"
    CRUISE_MISSILE = "cruise_missile"
    AEROBALLISTIC = "aeroballistic"
    GUIDED_AIR_MISSILE = "guided_air_missile"
    SURFACE_TO_AIR_MISSILE = "surface_to_air_missile"
    """Fired at the ground."""
    GUIDED_BOMB = "guided_bomb"
    DRONE = "drone"
    RECONNAISSANCE_DRONE = "reconnaissance_drone"
    OTHER = "other"
    UNKNOWN = "unknown"
    """Nobody has said what it was. It may have been any of the others."""


MISSILES = frozenset(
    {
        WeaponClass.BALLISTIC_MISSILE,
        WeaponClass.CRUISE_MISSILE,
        WeaponClass.AEROBALLISTIC,
        WeaponClass.GUIDED_AIR_MISSILE,
        WeaponClass.SURFACE_TO_AIR_MISSILE,
    }
)


class Effect(StrEnum):
    IMPACT = "impact"
    DEBRIS = "debris"
    """Wreckage of what was shot down."""


# What people call them: in the plural, as in "hit by missiles".
WEAPONS: dict[WeaponClass, dict[str, str]] = {
    WeaponClass.BALLISTIC_MISSILE: {"uk": "балістичні ракети", "en": "ballistic missiles"},
    WeaponClass.CRUISE_MISSILE: {"uk": "крилаті ракети", "en": "cruise missiles"},
    WeaponClass.AEROBALLISTIC: {"uk": "аеробалістичні ракети", "en": "aeroballistic missiles"},
    WeaponClass.GUIDED_AIR_MISSILE: {"uk": "керовані авіаційні ракети", "en": "guided air missiles"},
    WeaponClass.SURFACE_TO_AIR_MISSILE: {"uk": "зенітні ракети", "en": "surface-to-air missiles"},
    WeaponClass.GUIDED_BOMB: {"uk": "керовані авіабомби", "en": "guided bombs"},
    WeaponClass.DRONE: {"uk": "дрони", "en": "drones"},
    WeaponClass.RECONNAISSANCE_DRONE: {"uk": "розвідувальні дрони", "en": "reconnaissance drones"},
    WeaponClass.OTHER: {"uk": "інші засоби", "en": "other weapons"},
    WeaponClass.UNKNOWN: {"uk": "невстановлені засоби", "en": "weapons not established"},
}
EFFECTS: dict[Effect, dict[str, str]] = {
    Effect.IMPACT: {"uk": "влучання", "en": "impact"},
    Effect.DEBRIS: {"uk": "падіння уламків", "en": "falling debris"},
}


class Stage(StrEnum):
    UNKNOWN = "unknown"
    """There is no such attack."""
    RUNNING = "running"
    ENDED = "ended"


class Weapons(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What became of one model. None: the source does not say.

    Attributes:
        lost: Did not reach its goal by itself: jammed, fell, or was a decoy ("lost in location").
        still_airborne: On its way when it was counted.
    """

    model: Annotated[str, Meta(min_length=1, max_length=200)]
    weapon_class: WeaponClass
    launched: Count | None = None
    intercepted: Count | None = None
    lost: Count | None = None
    still_airborne: Count | None = None


class OpenAttack(Command, frozen=True, kw_only=True, tag="attack.open"):
    """
    Attributes:
        date_local: The date people call it by. An attack that begins in the evening bears the next day's.
        area: The place attacked, of this city; or a whole country, by its two letters.
    """

    attack: AttackId = ""
    start: Instant
    start_precision_minutes: Minutes = 0
    date_local: date
    time_zone: Annotated[str, Meta(pattern="^(UTC|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z0-9_+-]+)+)$")]
    area: str
    names: Names
    where_precision: Precision | None = None
    source: Source | None = None


class EndAttack(Command, frozen=True, kw_only=True, tag="attack.end"):
    """Say when it ended. Said again with another time, it corrects the first."""

    attack: AttackId
    end: Instant


class CountWeapons(Command, frozen=True, kw_only=True, tag="attack.count_weapons"):
    """
    Attributes:
        scope: The area the count is about, or a whole country: forces count for all of it at once.
    """

    attack: AttackId
    weapons: Annotated[tuple[Weapons, ...], Meta(min_length=1)]
    scope: str
    source: Source


class RecordHit(Command, frozen=True, kw_only=True, tag="attack.record_hit"):
    """
    Record what came down where. Recorded again under the same id, it corrects what was said of that hit.

    Attributes:
        hit: Its id within the attack. Without one it gets the next number.
        area: The smallest area that is known for sure.
        lat, lon: Both or neither.
    """

    attack: AttackId
    hit: Annotated[str, Meta(max_length=80)] = ""
    area: str
    lat: Latitude | None = None
    lon: Longitude | None = None
    weapon_class: WeaponClass = WeaponClass.UNKNOWN
    effect: Effect
    time: Instant
    precision_minutes: Minutes = 0
    damage: Annotated[str, Meta(max_length=2000)] = ""
    source: Source


AttackCommand = (
    OpenAttack | EndAttack | CountWeapons | RecordHit | RecordDamage | AddPhoto | CorrectAttack | WithdrawHit
)


class AttackOpened(Event, frozen=True, kw_only=True, tag="attack.opened"):
    attack: str
    start: Instant
    start_precision_minutes: int
    date_local: date
    time_zone: str
    area: str
    names: dict[str, str]
    source: Source | None
    where_precision: int | None = None


class AttackEnded(Event, frozen=True, kw_only=True, tag="attack.ended"):
    attack: str
    end: Instant


class WeaponsCounted(Event, frozen=True, kw_only=True, tag="attack.weapons_counted"):
    """It replaces the same publisher's earlier count of the same scope, and nobody else's."""

    attack: str
    weapons: tuple[Weapons, ...]
    scope: str
    source: Source


class HitRecorded(Event, frozen=True, kw_only=True, tag="attack.hit_recorded"):
    attack: str
    hit: str
    area: str
    lat: float | None
    lon: float | None
    weapon_class: WeaponClass
    effect: Effect
    time: Instant
    precision_minutes: int
    damage: str
    source: Source


class Attack(msgspec.Struct, frozen=True):
    """One attack as its events leave it. `counts` holds the last count of each publisher and scope."""

    stage: Stage = Stage.UNKNOWN
    opened: AttackOpened | None = None
    end: Instant | None = None
    counts: dict[str, WeaponsCounted] = {}
    hits: dict[str, HitRecorded] = {}
    damages: dict[str, DamageRecorded] = {}
    photos: dict[str, PhotoAdded] = {}


def weapon_classes(word: str | None) -> frozenset[WeaponClass] | None:
    """
    What a question means by a weapon: None for anything, all missiles, or one class.

    Raises:
        Invalid: If there is no such class.
    """
    if word is None or word == "any":
        return None
    if word == "missile":
        return MISSILES
    try:
        return frozenset({WeaponClass(word)})
    except ValueError:
        known = ", ".join(("any", "missile", *WeaponClass))
        raise Invalid(f"no weapon class is called {word!r}; there are {known}", "weapon") from None


def count_key(event: WeaponsCounted) -> str:
    """Counts with one key replace each other."""
    return f"{event.scope} {event.source.publisher}"
