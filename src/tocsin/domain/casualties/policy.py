"""Which source is believed first. A table of policy, printed in docs/methodology.md; change both together."""

from tocsin.domain.casualties.claims import Measure, OrgKind, Status

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


def counts(kind: OrgKind) -> bool:
    return kind in COUNTING


def rank(measure: Measure, kind: OrgKind) -> int:
    """Higher is believed first."""
    return -PRIORITY[measure].index(kind)
