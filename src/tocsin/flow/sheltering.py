"""The city plan during an alert: pinned when it is raised, kept up as shelters close, fill and open."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import RLock
from typing import TYPE_CHECKING

from tocsin.city.pace import WALKING_LIMIT_MINUTES
from tocsin.city.place import City, Shelter
from tocsin.domain.plan import RecordPlan, Unplaced
from tocsin.domain.warning import Phase
from tocsin.flow.bell import Bell
from tocsin.flow.doors import Doors
from tocsin.flow.policies import ACTOR
from tocsin.flow.project import Projector
from tocsin.kernel.errors import Unavailable
from tocsin.views.board import Board
from tocsin.views.shelters import Shelters

if TYPE_CHECKING:
    from tocsin.city.plan import CityPlan, PlanReport
    from tocsin.routing.reach import Longs

TICK = 5.0
"""Seconds between looks at the clock, for shelters with hours."""
START_AFTER = 8.0
MENDED_AT_ONCE = 60
"""So many shelters that change at once are mended exactly within a second; with more, a plan is solved from nothing in
a process of its own, and until it is there a quick one is served that sends nobody where there is no place."""


class Sheltering:
    """
    The plan of the city. `keep_up` is one thread's; the report may be asked for by any.

    A shelter that is closed, or not open at this hour, has no places. People who are counted in one beyond those whom
    the pinned plan sends there are taken for others, who hold places that the plan then does not have.

    Args:
        do: Carries a command out.
        minutes: The longest walk.
    """

    def __init__(
        self,
        city: City,
        doors: Doors,
        shelters: Shelters,
        board: Board,
        projector: Projector,
        do: Callable[..., object],
        minutes: float = WALKING_LIMIT_MINUTES,
    ) -> None:
        self._city = city
        self._doors = doors
        self._shelters = shelters
        self._board = board
        self._projector = projector
        self._do = do
        self._minutes = minutes
        self._plan: CityPlan | None = None
        self._report: PlanReport | None = None
        self._alert = ""
        self._pinned: dict[str, int] = {}
        self._changing = RLock()
        self._solver = ThreadPoolExecutor(1, "plan")
        self._solving: tuple[Longs, Future[Longs]] | None = None

    async def run(self, bell: Bell) -> None:
        """Until cancelled. Begins some seconds after the start: what was open then is served first."""
        await asyncio.sleep(START_AFTER)
        while True:
            position = self._projector.position
            try:
                await asyncio.to_thread(self.keep_up)
            except Unavailable:
                await asyncio.sleep(TICK)
                continue
            await bell.wait(position, TICK)

    def keep_up(self) -> None:
        """Bring the plan up to date while an alert stands, and write down what has changed. Else do nothing."""
        with self._projector.looking():
            standing = [notice.alert for notice in self._board.standing() if notice.phase is Phase.ALERT]
        with self._changing:
            if not standing:
                self._alert = ""
                return
            reason = "the shelters have changed"
            if self._alert not in standing:
                self._alert, self._pinned, reason = standing[0], {}, "the alert was raised"
            report, changed = self._current()
            if not self._pinned:
                self._pinned = self._loads()
            if changed or reason == "the alert was raised":
                self._do(_summary(self._alert, report, reason), ACTOR)

    def warm(self) -> None:
        """Load or compile what the first plan of an alert would have to wait for."""
        from tocsin.routing.allocation import rehearse

        rehearse()

    def report(self) -> "PlanReport":
        """The plan as things are now; the first one may take seconds in a large city."""
        with self._changing:
            return self._current()[0]

    def shelters(self) -> tuple[Shelter, ...]:
        """Those of the last report."""
        return () if self._plan is None else self._plan.shelters

    def close(self) -> None:
        self._solver.shutdown(wait=False, cancel_futures=True)

    def _loads(self) -> dict[str, int]:
        return {} if self._plan is None else self._plan.loads()

    def _current(self) -> "tuple[PlanReport, bool]":
        """The report, and whether it is another than the last one."""
        places, shelters = self._places()
        plan, changed = self._plan, True
        if plan is None or {shelter.id for shelter in plan.shelters} != places.keys():
            self._plan = plan = self._made(places, shelters)
        else:
            changed = self._absorb(plan) | self._mend(plan, places)
        if changed or self._report is None:
            self._report = plan.report()
        return self._report, changed

    def _places(self) -> tuple[dict[str, int], list[Shelter]]:
        open_now, registered = self._doors.open_now()
        shelters = [*self._city.shelters, *registered]
        with self._projector.looking():
            said = {shelter.id: self._shelters.shelter(shelter.id).people or 0 for shelter in shelters}
        places = {}
        for shelter in shelters:
            others = max(0, said[shelter.id] - self._pinned.get(shelter.id, 0))
            places[shelter.id] = max(0, shelter.capacity - others) if shelter.id in open_now else 0
        return places, shelters

    def _made(self, places: dict[str, int], shelters: list[Shelter]) -> "CityPlan":
        from tocsin.city.plan import CityPlan
        from tocsin.routing.cold import solve_apart

        self._solving = None
        return CityPlan(self._city, self._doors.ways.footways, shelters, places, self._minutes, solve=solve_apart)

    def _mend(self, plan: "CityPlan", places: dict[str, int]) -> bool:
        many = len(plan.differing(places))
        if not many:
            return False
        large = many > MENDED_AT_ONCE or self._solving is not None
        plan.change(places, quickly=large)
        if large:
            self._solve(plan)
        return True

    def _solve(self, plan: "CityPlan") -> None:
        """Begin to solve the plan from nothing, for the places as they are now."""
        from tocsin.routing.cold import solve_apart

        wanted = plan.allocation.places.copy()
        self._solving = (wanted, self._solver.submit(solve_apart, plan.allocation.reach, wanted))

    def _absorb(self, plan: "CityPlan") -> bool:
        """
        Take over a plan that was solved from nothing meanwhile; it is dropped if the shelters have changed since.

        Raises:
            Exception: What ended the solver, such as a process that was killed. It is started again.
        """
        if self._solving is None or not self._solving[1].done():
            return False
        wanted, solved = self._solving
        self._solving = None
        if (wanted != plan.allocation.places).any():
            return False
        try:
            flow = solved.result()
        except Exception:
            # Else the quick plan would be served for the rest of the alert, and nobody would look for a better one.
            self._solve(plan)
            raise
        plan.allocation.take(flow)
        return True


def _summary(alert: str, report: "PlanReport", reason: str) -> RecordPlan:
    return RecordPlan(
        alert=alert,
        minutes=report.minutes,
        shelters=sum(load.places > 0 for load in report.shelters),
        placed=report.placed,
        unplaced=report.unplaced,
        mean_walk_m=report.mean_walk_m,
        gap_m=report.gap_m,
        unplaced_areas=tuple(Unplaced(each.area, each.people) for each in report.unplaced_areas),
        reason=reason,
    )
