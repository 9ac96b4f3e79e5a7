"""Questions that need more than one view: figures, the record's questions, the report of a night."""

from datetime import datetime

import msgspec

from tocsin.domain.casualties import Conflict
from tocsin.domain.record.attacks import WeaponClass
from tocsin.flow.system import System
from tocsin.kernel.errors import Unknown
from tocsin.kernel.event import Instant
from tocsin.views.attacks import DeadliestSince, KilledBounds, LastHit
from tocsin.views.ledger import FigureCopy


class FiguresAnswer(msgspec.Struct, frozen=True):
    """What is known of an attack's casualties as of a time: the figure of every measure and stratum, by key."""

    attack: str
    as_of: Instant
    position: int
    figures: dict[str, FigureCopy]
    conflicts: list[Conflict]


def figures(system: System, attack: str, as_of: datetime) -> FiguresAnswer:
    """
    Raises:
        Unknown: If there is no such attack.
    """
    with system.projector.looking() as position:
        if system.views.attacks.attack(attack) is None:
            raise Unknown(f"there is no attack {attack!r}", "attack")
        found = system.views.ledger.figures(attack, as_of)
    conflicts = [conflict for figure in found.values() for conflict in figure.conflicts]
    return FiguresAnswer(attack, as_of, position, found, conflicts)


def last_hit(
    system: System, place: str, before: datetime, weapon_classes: frozenset[WeaponClass] | None = None
) -> LastHit:
    """
    When a place was last hit before a moment.

    Raises:
        Unknown: If no area has this code.
    """
    places = (place, *system.city.areas.descendants(place))
    with system.projector.looking():
        return system.views.attacks.last_hit(places, before, weapon_classes)


def deadliest_since(system: System, attack: str, as_of: datetime) -> DeadliestSince:
    """
    Since when no attack on the same place killed more, all figures as of one moment.

    Raises:
        Unknown: If there is no such attack, or nobody has said how many it killed.
    """

    def killed(name: str) -> KilledBounds | None:
        figure = system.views.ledger.figures(name, as_of).get("killed")
        if figure is None:
            return None
        return KilledBounds(figure.low, figure.best, figure.high, figure.as_of, figure.claims)

    with system.projector.looking():
        answer = system.views.attacks.deadliest_since(attack, killed)
    if answer is None:
        raise Unknown(f"nobody has said how many were killed in {attack!r} by then", "attack")
    return answer
