"""Attacks: what was launched, hit and said, and the questions that newsrooms ask of the record."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import ClassVar

import msgspec

from tocsin.domain.record.attacks import (
    AttackEnded,
    AttackOpened,
    Effect,
    HitRecorded,
    WeaponClass,
    WeaponsCounted,
    count_key,
)
from tocsin.domain.record.statements import StatementRecorded
from tocsin.kernel.event import Event, Recorded
from tocsin.views.attacks.answers import (
    DeadliestSince,
    Killed,
    KilledBounds,
    LastHit,
    deadliest_since,
    last_hit,
)
from tocsin.views.attacks.state import AttackState, Totals, WeaponsCount, chronological, totals
from tocsin.views.view import Handler, View

__all__ = [
    "AttackState",
    "Attacks",
    "AttacksState",
    "DeadliestSince",
    "Killed",
    "KilledBounds",
    "LastHit",
    "Totals",
    "WeaponsCount",
]


class AttacksState(msgspec.Struct):
    attacks: dict[str, AttackState] = {}


class Attacks(View[AttacksState]):
    name: ClassVar[str] = "attacks"

    def __init__(self) -> None:
        super().__init__(AttacksState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            AttackOpened: self._opened,
            AttackEnded: self._ended,
            WeaponsCounted: self._counted,
            HitRecorded: self._hit,
            StatementRecorded: self._said,
        }

    def _opened(self, recorded: Recorded) -> None:
        fields = msgspec.structs.asdict(recorded.event)
        self.state.attacks[recorded.event.attack] = AttackState(position=recorded.position, **fields)

    def _ended(self, recorded: Recorded) -> None:
        self._change(recorded, end=recorded.event.end)

    def _counted(self, recorded: Recorded) -> None:
        event: WeaponsCounted = recorded.event
        count = WeaponsCount(event.scope, event.source, recorded.time, event.weapons, totals(event.weapons))
        self._change(recorded, counts=self._of(recorded).counts | {count_key(event): count})

    def _hit(self, recorded: Recorded) -> None:
        event: HitRecorded = recorded.event
        self._change(recorded, hits=self._of(recorded).hits | {event.hit: event})

    def _said(self, recorded: Recorded) -> None:
        self._change(recorded, statements=(*self._of(recorded).statements, recorded.event))

    def _of(self, recorded: Recorded) -> AttackState:
        return self.state.attacks[recorded.event.attack]

    def _change(self, recorded: Recorded, **changes: object) -> None:
        changed = msgspec.structs.replace(self._of(recorded), position=recorded.position, **changes)
        self.state.attacks[changed.attack] = changed

    def attack(self, attack: str) -> AttackState | None:
        return self.state.attacks.get(attack)

    def all(self) -> list[AttackState]:
        """All attacks, the earliest first."""
        return sorted(self.state.attacks.values(), key=chronological)

    def last_hit(
        self,
        places: Collection[str],
        before: dt.datetime,
        weapon_classes: Collection[WeaponClass] | None = None,
        effects: Collection[Effect] = tuple(Effect),
    ) -> LastHit:
        """See `answers.last_hit`."""
        return last_hit(self.state.attacks, places, before, weapon_classes, effects)

    def deadliest_since(self, attack: str, killed: Killed) -> DeadliestSince | None:
        """See `answers.deadliest_since`."""
        return deadliest_since(self.state.attacks, attack, killed)
