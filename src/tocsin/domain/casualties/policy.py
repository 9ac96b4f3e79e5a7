"""
Which source is believed first: the policy that is shipped, and the reading of one's own.

The shipped tables are printed in docs/methodology.md by scripts/docs.py.
"""

import tomllib
from functools import cached_property, lru_cache

import msgspec

from tocsin.domain.casualties.claims import Measure, OrgKind, Speaker, Status
from tocsin.domain.casualties.numerals import Lang
from tocsin.kernel.errors import Invalid

_BODIES = (
    OrgKind.FORENSIC_POLICE,
    OrgKind.INTERIOR_MINISTRY,
    OrgKind.EMERGENCY_SERVICE,
    OrgKind.MILITARY_ADMINISTRATION,
    OrgKind.MAYOR,
    OrgKind.HEALTH,
    OrgKind.HOSPITAL,
)
_CARE = (
    OrgKind.HEALTH,
    OrgKind.HOSPITAL,
    OrgKind.EMERGENCY_SERVICE,
    OrgKind.INTERIOR_MINISTRY,
    OrgKind.MILITARY_ADMINISTRATION,
    OrgKind.MAYOR,
    OrgKind.FORENSIC_POLICE,
)
_SCENE = (
    OrgKind.EMERGENCY_SERVICE,
    OrgKind.INTERIOR_MINISTRY,
    OrgKind.FORENSIC_POLICE,
    OrgKind.HEALTH,
    OrgKind.HOSPITAL,
    OrgKind.MILITARY_ADMINISTRATION,
    OrgKind.MAYOR,
)
COUNTING = frozenset(_BODIES)
"""Bodies that count for themselves. Whoever else speaks repeats somebody, knowingly or not."""

_REPEATING = (OrgKind.NEWSROOM, OrgKind.FOREIGN_OFFICIAL, OrgKind.OTHER)

# Read as: for this measure, the first of these that speaks is believed. The dead are established by the police and
# forensic experts, patients are known to hospitals, and who was pulled out is known to those who did it.
PRIORITY: dict[Measure, tuple[OrgKind, ...]] = {
    Measure.KILLED: (*_BODIES, *_REPEATING),
    Measure.INJURED: (*_SCENE, *_REPEATING),
    Measure.HOSPITALISED: (*_CARE, *_REPEATING),
    Measure.TREATED_ON_SCENE: (*_SCENE, *_REPEATING),
    Measure.DISCHARGED: (*_CARE, *_REPEATING),
    Measure.DIED_IN_HOSPITAL: (*_CARE, *_REPEATING),
    Measure.MISSING: (*_BODIES, *_REPEATING),
    Measure.TRAPPED: (*_SCENE, *_REPEATING),
    Measure.RESCUED_ALIVE: (*_SCENE, *_REPEATING),
    Measure.REMAINS_UNIDENTIFIED: (*_BODIES, *_REPEATING),
    Measure.EVACUATED: (*_SCENE, *_REPEATING),
    Measure.PSYCH_SUPPORT: (*_SCENE, *_REPEATING),
}

STANDING = (Status.PRELIMINARY, Status.REVISED, Status.CONFIRMED)
"""From weakest to strongest."""

ORGANISATIONS: dict[OrgKind, dict[str, str]] = {
    OrgKind.FORENSIC_POLICE: {"en": "National Police", "uk": "Національна поліція"},
    OrgKind.INTERIOR_MINISTRY: {"en": "Ministry of Internal Affairs", "uk": "МВС"},
    OrgKind.EMERGENCY_SERVICE: {"en": "State Emergency Service", "uk": "ДСНС"},
    OrgKind.MILITARY_ADMINISTRATION: {"en": "military administration", "uk": "військова адміністрація"},
    OrgKind.MAYOR: {"en": "mayor", "uk": "міський голова"},
    OrgKind.HEALTH: {"en": "health department", "uk": "департамент охорони здоров'я"},
    OrgKind.HOSPITAL: {"en": "hospital", "uk": "лікарня"},
    OrgKind.NEWSROOM: {"en": "news media", "uk": "ЗМІ"},
    OrgKind.FOREIGN_OFFICIAL: {"en": "foreign official", "uk": "іноземний посадовець"},
    OrgKind.OTHER: {"en": "other source", "uk": "інше джерело"},
}


class Policy(msgspec.Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """
    Whom a city believes.

    Attributes:
        counting: The kinds of bodies that count for themselves; all others repeat.
        priority: For each measure the kinds from first to last. What is left out keeps the shipped order: a measure
            wholly, a kind behind those that are named.
    """

    counting: frozenset[OrgKind] = COUNTING
    priority: dict[Measure, tuple[OrgKind, ...]] = {}

    @cached_property
    def _ranks(self) -> dict[tuple[Measure, OrgKind], int]:
        found: dict[tuple[Measure, OrgKind], int] = {}
        for measure in Measure:
            order = dict.fromkeys((*self.priority.get(measure, ()), *PRIORITY[measure]))
            found |= {(measure, kind): -place for place, kind in enumerate(order)}
        return found

    def counts(self, kind: OrgKind) -> bool:
        return kind in self.counting

    def rank(self, measure: Measure, kind: OrgKind) -> int:
        """Higher is believed first."""
        return self._ranks[measure, kind]

    def order(self, measure: Measure) -> tuple[OrgKind, ...]:
        """All kinds, from the first believed to the last."""
        return tuple(sorted(OrgKind, key=lambda kind: -self.rank(measure, kind)))


SHIPPED = Policy()


def read_policy(text: str, name: str) -> Policy:
    """
    A policy from TOML: `counting = ["emergency_service", …]` and `[priority]` with a list for each measure.

    Args:
        name: Of the file, for messages.

    Raises:
        Invalid: If it is not TOML, or names a measure or kind that does not exist, or one twice.
    """
    try:
        policy = msgspec.convert(tomllib.loads(text), Policy)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Invalid(str(error), name) from None
    for measure, kinds in policy.priority.items():
        if len(set(kinds)) < len(kinds):
            raise Invalid("a kind is named twice", f"{name} priority.{measure.value}")
    return policy


def label(speaker: Speaker, lang: Lang) -> str:
    """Whoever spoke, in the language of the reader: the name as given if it is in that language's letters."""
    return _label(speaker.org, speaker.org_kind, lang)


@lru_cache(maxsize=4096)
def _label(org: str, kind: OrgKind, lang: Lang) -> str:
    cyrillic = any("\u0400" <= letter <= "\u04ff" for letter in org)
    return org if cyrillic == (lang is Lang.UK) else ORGANISATIONS[kind][lang]
