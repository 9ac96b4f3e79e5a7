"""Impact reports, and which worksite each became part of."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

import msgspec

from tocsin.domain.response.impacts import Effect, ImpactReported, Reporter
from tocsin.domain.response.worksites import ImpactsAttached, WorksiteOpened, WorksiteSplit
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.view import Handler, View


class ImpactState(msgspec.Struct, frozen=True):
    """
    One report.

    Attributes:
        worksite: The one it is part of, by the id that was opened; empty while it is nobody's.
        recorded_at: When it arrived.
    """

    impact: str
    attack: str
    time: Instant
    lat: float
    lon: float
    area: str
    effect: Effect
    text: str
    reporter_kind: Reporter
    address: str
    trapped: int | None
    photo: str
    recorded_at: Instant
    position: int
    worksite: str = ""


class ImpactsState(msgspec.Struct):
    impacts: dict[str, ImpactState] = {}


class Impacts(View[ImpactsState]):
    name: ClassVar[str] = "impacts"

    def __init__(self) -> None:
        super().__init__(ImpactsState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            ImpactReported: self._reported,
            WorksiteOpened: self._taken,
            ImpactsAttached: self._taken,
            WorksiteSplit: self._taken,
        }

    def _reported(self, recorded: Recorded) -> None:
        event: ImpactReported = recorded.event
        self.state.impacts[event.impact] = ImpactState(
            recorded_at=recorded.time, position=recorded.position, **msgspec.structs.asdict(event)
        )

    def _taken(self, recorded: Recorded) -> None:
        self._put(recorded.event.impacts, recorded.event.worksite)

    def _put(self, impacts: Iterable[str], worksite: str) -> None:
        for impact in impacts:
            self.state.impacts[impact] = msgspec.structs.replace(self.state.impacts[impact], worksite=worksite)

    def all(self) -> list[ImpactState]:
        """All reports, the newest first."""
        return sorted(self.state.impacts.values(), key=lambda each: -each.position)
