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
from tocsin.domain.record.details import AttackCorrected, DamageRecorded, HitWithdrawn, PhotoAdded
from tocsin.domain.record.statements import StatementCorrected, StatementRecorded
from tocsin.kernel.event import Event, Recorded
from tocsin.views.attacks.answers import (
    DeadliestSince,
    Killed,
    KilledBounds,
    LastHit,
    deadliest_since,
    last_hit,
)
from tocsin.views.attacks.state import AttackState, Correction, Totals, WeaponsCount, chronological, totals
from tocsin.views.view import Handler, View

__all__ = [
    "AttackState",
    "Attacks",
    "AttacksState",
    "Correction",
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
            StatementCorrected: self._restated,
            DamageRecorded: self._damaged,
            PhotoAdded: self._photographed,
            AttackCorrected: self._corrected,
            HitWithdrawn: self._withdrawn,
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

    def _restated(self, recorded: Recorded) -> None:
        event: StatementCorrected = recorded.event
        # It may have been said of another attack after all.
        before = next(
            each for each in self.state.attacks.values() if any(s.statement == event.statement for s in each.statements)
        )
        others = tuple(each for each in before.statements if each.statement != event.statement)
        self.state.attacks[before.attack] = msgspec.structs.replace(before, statements=others)
        fields = {name: getattr(event, name) for name in StatementRecorded.__struct_fields__}
        self._change(recorded, statements=(*self._of(recorded).statements, StatementRecorded(**fields)))
        self._note(recorded, f"statement/{event.statement}")

    def _damaged(self, recorded: Recorded) -> None:
        event: DamageRecorded = recorded.event
        self._change(recorded, damages=self._of(recorded).damages | {event.damage: event})

    def _photographed(self, recorded: Recorded) -> None:
        event: PhotoAdded = recorded.event
        others = tuple(each for each in self._of(recorded).photos if each.sha256 != event.sha256)
        self._change(recorded, photos=(*others, event))

    def _corrected(self, recorded: Recorded) -> None:
        fields = msgspec.structs.asdict(recorded.event)
        del fields["reason"]
        self._change(recorded, **fields)
        self._note(recorded, "attack")

    def _withdrawn(self, recorded: Recorded) -> None:
        event: HitWithdrawn = recorded.event
        hits = {name: each for name, each in self._of(recorded).hits.items() if name != event.hit}
        self._change(recorded, hits=hits)
        self._note(recorded, f"hit/{event.hit}")

    def _note(self, recorded: Recorded, what: str) -> None:
        note = Correction(what, recorded.event.reason, recorded.time, recorded.position)
        self._change(recorded, corrections=(*self._of(recorded).corrections, note))

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
