"""Needs, open and met."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from tocsin.domain.response.needs import NeedAsked, NeedCancelled, NeedMet, Status
from tocsin.domain.response.teams import TeamType
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.edits import occurred
from tocsin.views.view import Handler, View


class Met(msgspec.Struct, frozen=True):
    """What came, from whom and when."""

    quantity: int
    by: str
    at: Instant


class NeedState(msgspec.Struct, frozen=True):
    """
    Attributes:
        left: How much is still lacking.
    """

    need: str
    worksite: str
    team_type: TeamType | None
    what: str
    quantity: int
    wanted_by: Instant | None
    asked_at: Instant
    asked_by: str
    left: int
    position: int
    status: Status = Status.OPEN
    met: tuple[Met, ...] = ()


class NeedsState(msgspec.Struct):
    needs: dict[str, NeedState] = {}


class Needs(View[NeedsState]):
    name: ClassVar[str] = "needs"

    def __init__(self) -> None:
        super().__init__(NeedsState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {NeedAsked: self._asked, NeedMet: self._met, NeedCancelled: self._cancelled}

    def _asked(self, recorded: Recorded) -> None:
        event: NeedAsked = recorded.event
        said = {name: value for name, value in msgspec.structs.asdict(event).items() if name != "occurred"}
        self.state.needs[event.need] = NeedState(
            asked_at=occurred(recorded),
            asked_by=recorded.actor.role,
            left=event.quantity,
            position=recorded.position,
            **said,
        )

    def _met(self, recorded: Recorded) -> None:
        event: NeedMet = recorded.event
        need = self.state.needs[event.need]
        met = (*need.met, Met(event.quantity, event.by, occurred(recorded)))
        self._change(recorded, left=event.left, met=met, status=Status.PARTLY_MET if event.left else Status.MET)

    def _cancelled(self, recorded: Recorded) -> None:
        self._change(recorded, status=Status.CANCELLED)

    def _change(self, recorded: Recorded, **changes: object) -> None:
        need = self.state.needs[recorded.event.need]
        self.state.needs[need.need] = msgspec.structs.replace(need, position=recorded.position, **changes)

    def need(self, need: str) -> NeedState | None:
        return self.state.needs.get(need)

    def all(self) -> list[NeedState]:
        """All needs, what is still lacking first, then the oldest first."""
        over = (Status.MET, Status.CANCELLED)
        return sorted(self.state.needs.values(), key=lambda need: (need.status in over, need.asked_at, need.need))
