"""The ledger: every claim about every attack, and the figures they give at any time."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import msgspec

from tocsin.domain.casualties import (
    Claim,
    ClaimRecorded,
    ClaimRetracted,
    Claims,
    Conflict,
    Figure,
    Lang,
    evolve,
    figures,
)
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.view import Handler, View


class Entry(msgspec.Struct, frozen=True):
    """
    A claim with its place in the journal.

    Attributes:
        recorded, by: When and by whom it was recorded, which is neither when it was true nor when it was said.
        retracted: Why it was taken back; empty if it stands.
    """

    claim: Claim
    position: int
    recorded: Instant
    by: str
    retracted: str = ""


class FigureCopy(msgspec.Struct, frozen=True, kw_only=True):
    """
    A figure as it leaves the system.

    Attributes:
        high: None while it is open.
        phrase: In English; `phrases` has it in every language.
    """

    low: int
    best: int
    high: int | None
    status: str
    phrase: str
    claims: tuple[str, ...]
    phrases: dict[str, str]
    source: dict[str, str]
    as_of: Instant
    reason: str | None
    reason_note: dict[Lang, str]
    overtaken: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


class LedgerState(msgspec.Struct):
    """
    Attributes:
        attacks: Attack to its claims.
        noted: Attack to claim id to position, time and person of its recording.
    """

    attacks: dict[str, Claims] = {}
    noted: dict[str, dict[str, tuple[int, Instant, str]]] = {}


class Ledger(View[LedgerState]):
    name: ClassVar[str] = "ledger"

    def __init__(self) -> None:
        super().__init__(LedgerState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {ClaimRecorded: self._recorded, ClaimRetracted: self._fold}

    def _recorded(self, recorded: Recorded) -> None:
        self._fold(recorded)
        event: ClaimRecorded = recorded.event
        noted = self.state.noted.setdefault(event.attack, {})
        noted[event.claim.id] = (recorded.position, recorded.time, recorded.actor.id)

    def _fold(self, recorded: Recorded) -> None:
        event: ClaimRecorded | ClaimRetracted = recorded.event
        self.state.attacks[event.attack] = evolve(self.state.attacks.get(event.attack, Claims()), event)

    def attacks(self) -> tuple[str, ...]:
        """Every attack that any claim is about."""
        return tuple(sorted(self.state.attacks))

    def claims(self, attack: str) -> tuple[Entry, ...]:
        """Every claim about an attack in the order of the journal, those taken back too."""
        claims = self.state.attacks.get(attack, Claims())
        noted = self.state.noted.get(attack, {})
        return tuple(
            Entry(claim, *noted[claim.id], claims.retracted.get(claim.id, "")) for claim in claims.by_id.values()
        )

    def figures(self, attack: str, as_of: datetime) -> dict[str, FigureCopy]:
        """
        What was known of an attack at a time: figures by key, such as `killed`, `hospitalised:child`, `injured@C-1`.

        A claim counts once it is published, whenever it was recorded. Claims retracted since do not count.
        """
        known = figures(self.state.attacks.get(attack, Claims()), as_of)
        return {key: _copy(figure) for key, figure in known.items()}

    def conflicts(self, attack: str, as_of: datetime) -> dict[str, tuple[Conflict, ...]]:
        """The disagreements behind the figures, by key; keys without one are left out."""
        return {key: figure.conflicts for key, figure in self.figures(attack, as_of).items() if figure.conflicts}


def _copy(figure: Figure) -> FigureCopy:
    return FigureCopy(
        low=figure.low,
        best=figure.best,
        high=figure.high,
        status=figure.status.value,
        phrase=figure.phrase[Lang.EN.value],
        claims=figure.claims,
        phrases=figure.phrase,
        source=figure.source,
        as_of=figure.as_of,
        reason=figure.reason.value if figure.reason else None,
        reason_note=figure.reason_note,
        overtaken=figure.overtaken,
        conflicts=figure.conflicts,
    )
