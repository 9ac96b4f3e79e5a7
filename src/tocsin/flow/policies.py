"""When this has happened or this time has come, that is ordered. The only way from events back to commands."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from threading import Lock

from tocsin.domain.response.teams import ArriveTeam, AssignTeam, MissAccount, ReleaseTeam
from tocsin.domain.response.worksites import WorksiteClosed, WorksiteMerged
from tocsin.domain.warning import OUT, EscalateAlert, ExpireAlert, RemindAlert
from tocsin.flow.bell import Bell
from tocsin.flow.deliver import Lane, Receipts
from tocsin.journal import Journal
from tocsin.kernel.errors import Refused, TocsinError, Unavailable
from tocsin.kernel.event import Actor, Command, Recorded
from tocsin.kernel.time import Clock
from tocsin.views.desk import Desk, OpenAlert
from tocsin.views.teams import Teams
from tocsin.views.worksites import Worksites

NAME = "policies"
ACTOR = Actor("tocsin", "policy")
TICK = 1.0
"""Seconds between looks at the clock."""
PAGE = 500

Do = Callable[[Command, Actor, str], object]


class Policies:
    """
    Follows the journal with a cursor of its own. What it orders carries a key made of the event it follows from,
    so that a policy that is run again after a crash orders nothing twice.

    Args:
        do: Carries a command out.
        receipts: Where the cursor is kept.
        remind_before: Minutes before an alert expires at which its officers are reminded.
    """

    def __init__(
        self,
        journal: Journal,
        do: Do,
        desk: Desk,
        worksites: Worksites,
        teams: Teams,
        receipts: Receipts,
        clock: Clock,
        bell: Bell,
        remind_before: Iterable[int],
    ) -> None:
        self._journal = journal
        self._do = do
        self._desk = desk
        self._worksites = worksites
        self._teams = teams
        self._receipts = receipts
        self._clock = clock
        self._bell = bell
        self._remind_before = sorted(remind_before)
        self._one_at_a_time = Lock()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                cursor = await asyncio.to_thread(self.tick)
            except Unavailable:
                await asyncio.sleep(TICK)
                continue
            await self._bell.wait(cursor, TICK)

    def tick(self) -> int:
        """Order all that is due by now; return the position up to which events were seen."""
        with self._one_at_a_time:
            return self._tick()

    def _tick(self) -> int:
        now = self._clock()
        for line in self._desk.open():
            for what, command in self._timely(line, now):
                self._order(command, f"{NAME}:{what}:{line.alert.alert}:{line.position}")
        for team in self._teams.unheard(self._clock()):
            if team.account_due is not None:
                key = f"{NAME}:account:{team.team}:{team.account_due.isoformat()}"
                self._order(MissAccount(team=team.team, due=team.account_due), key)
        cursor = self._receipts.cursor(NAME, Lane.INFO) or 0
        while page := list(self._journal.read(after=cursor, limit=PAGE)):
            for recorded in page:
                for what, command in self._following(recorded):
                    self._order(command, f"{NAME}:{recorded.position}:{what}")
                cursor = recorded.position
            self._receipts.move(NAME, Lane.INFO, cursor)
        return cursor

    def _timely(self, line: OpenAlert, now: datetime) -> Iterable[tuple[str, Command]]:
        """What the time has come for with an alert, each with a name that is the same whenever it is asked."""
        alert = line.alert
        if line.overdue(now):
            yield "escalate", EscalateAlert(alert=alert.alert)
        if alert.stage not in OUT or alert.expires is None:
            return
        if alert.expires <= now:
            yield "expire", ExpireAlert(alert=alert.alert)
        elif (minutes := self._reminder(line, alert.expires, now)) is not None:
            yield f"remind-{minutes}", RemindAlert(alert=alert.alert, minutes=minutes)

    def _reminder(self, line: OpenAlert, expires: datetime, now: datetime) -> int | None:
        """The reminder that is due. One that lay before the alert was last heard of would only repeat it."""
        for minutes in self._remind_before:
            due = expires - timedelta(minutes=minutes)
            if line.said_at is not None and line.said_at < due <= now:
                given = line.alert.reminded
                return minutes if given is None or minutes < given else None
        return None

    def _following(self, recorded: Recorded) -> Iterable[tuple[str, Command]]:
        """What follows from an event, each with a name that is the same whenever it is asked."""
        match recorded.event:
            case WorksiteClosed(worksite=worksite):
                # A team that is still counted on a closed site is missing where it is needed.
                site = self._worksites.worksite(worksite)
                for there in site.teams if site is not None else ():
                    yield there.team, ReleaseTeam(team=there.team, reason=f"worksite {worksite} was closed")

            case WorksiteMerged(worksite=worksite, into=into):
                # The place is the same: whoever works there goes on, under the number that stays.
                site = self._worksites.worksite(worksite)
                for there in site.teams if site is not None else ():
                    reason = f"worksite {worksite} was merged into {into}"
                    yield f"{there.team}:release", ReleaseTeam(team=there.team, reason=reason)
                    yield f"{there.team}:assign", AssignTeam(team=there.team, worksite=into)
                    if there.on_site:
                        yield f"{there.team}:arrive", ArriveTeam(team=there.team)

    def _order(self, command: Command, key: str) -> None:
        try:
            self._do(command, ACTOR, key)
        except Unavailable:
            raise
        except Refused:
            # Somebody was faster: the alert was cleared, the team released. That is what we wanted.
            return
        except TocsinError as error:
            raise AssertionError(f"a policy gave an order that makes no sense: {error}") from error
