"""Shelters: which are open and how full. What the city's folder says of them is added when somebody asks."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

import msgspec

from tocsin.domain.shelter import OccupancyReported, ShelterClosed, ShelterOpened, ShelterRegistered, Status
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.view import Handler, View


class ShelterState(msgspec.Struct, frozen=True):
    """
    What has been said of one shelter.

    Attributes:
        reason: Why it is closed.
        since: When it was opened or closed.
        people: How many were inside when somebody last counted; None if nobody ever did.
        counted_at: When that was.
        position: Of the event that last changed this.
    """

    shelter: str
    status: Status = Status.UNKNOWN
    reason: str = ""
    since: Instant | None = None
    people: int | None = None
    counted_at: Instant | None = None
    position: int = 0

    def full(self, capacity: int) -> bool:
        """True if it is known to have no place left. It may hold more people than it has places for."""
        return self.people is not None and self.people >= capacity

    def room(self, capacity: int) -> int:
        """Places left; all of them as long as nobody counted."""
        return max(0, capacity - (self.people or 0))


class SheltersState(msgspec.Struct):
    """
    Attributes:
        said: What has been said, by shelter. Those nobody spoke of are not in it.
        registered: Shelters that the city's folder does not have.
        position: Of the event that last changed any of it.
    """

    said: dict[str, ShelterState] = {}
    registered: dict[str, ShelterRegistered] = {}
    position: int = 0


class Shelters(View[SheltersState]):
    name: ClassVar[str] = "shelters"

    def __init__(self) -> None:
        super().__init__(SheltersState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            ShelterRegistered: self._registered,
            ShelterOpened: self._opened,
            ShelterClosed: self._closed,
            OccupancyReported: self._counted,
        }

    def _registered(self, recorded: Recorded) -> None:
        self.state.registered[recorded.event.shelter] = recorded.event
        self.state.position = recorded.position

    def _opened(self, recorded: Recorded) -> None:
        self._say(recorded, status=Status.OPEN, reason="", since=recorded.time)

    def _closed(self, recorded: Recorded) -> None:
        self._say(recorded, status=Status.CLOSED, reason=recorded.event.reason, since=recorded.time)

    def _counted(self, recorded: Recorded) -> None:
        self._say(recorded, people=recorded.event.people, counted_at=recorded.time)

    def _say(self, recorded: Recorded, **changes: object) -> None:
        shelter = recorded.event.shelter
        said = self.shelter(shelter)
        self.state.said[shelter] = msgspec.structs.replace(said, position=recorded.position, **changes)
        self.state.position = recorded.position

    def shelter(self, shelter: str) -> ShelterState:
        """What has been said of a shelter; that nothing has been said is an answer too."""
        return self.state.said.get(shelter) or ShelterState(shelter)

    def said(self) -> list[ShelterState]:
        """All shelters that anything has been said of, by id."""
        return [self.state.said[shelter] for shelter in sorted(self.state.said)]

    def registered(self) -> list[ShelterRegistered]:
        """The shelters that the city's folder does not have, by id."""
        return [self.state.registered[shelter] for shelter in sorted(self.state.registered)]

    def open_ids(self, all_ids: Iterable[str]) -> list[str]:
        """Those of some shelters that people may be sent to, in the order given."""
        return [shelter for shelter in all_ids if self.is_open(shelter)]

    def is_open(self, shelter: str) -> bool:
        """
        A shelter of the city's folder is open until somebody closes it, as its door is not locked for want of a
        message. One that was registered tonight is open only once somebody says so.
        """
        status = self.shelter(shelter).status
        return status is Status.OPEN or (status is Status.UNKNOWN and shelter not in self.state.registered)
