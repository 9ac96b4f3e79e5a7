"""What the time orders of alerts: reminders, escalation, expiry; and what goes where, through the whole system."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from tests.running import KYIV, PODIL
from tests.system.test_replay_equals_live import Time, city

from tocsin.domain.approval import Approval
from tocsin.domain.warning import (
    AlertNews,
    ApproveAlert,
    CancelAlert,
    ConfirmAlert,
    Phase,
    RaiseAlert,
    Threat,
    UpdateAlert,
)
from tocsin.flow.deliver import Delivery, Lane, alert_deadline, alert_superseded
from tocsin.kernel.errors import Unavailable
from tocsin.kernel.event import Actor, Command, Recorded, kind_of
from tocsin.wiring import Loops, Running, Settings, open_system
from tocsin.wiring.settings import ApprovalSettings, RealmApproval

OLENA, TARAS = Actor("olena", "duty_officer"), Actor("taras", "approver")
CHEMICAL_WAITS = ApprovalSettings(exercise=RealmApproval(threats={Threat.CHEMICAL: Approval.TWO_BEFORE}))


class Night:
    """A system in memory whose policies look at a clock that is set by hand."""

    def __init__(self) -> None:
        self.clock = Time()
        self.running: Running = open_system(
            Settings(realm="exercise", approval=CHEMICAL_WAITS), city(), clock=self.clock, in_memory=True
        )
        self.loops = Loops(self.running)

    def do(self, command: Command, by: Actor = OLENA) -> None:
        self.running.system.do(command, by)

    def wait(self, minutes: float) -> list[str]:
        """Let time pass, a look at the clock every ten seconds; return the kinds of what was recorded meanwhile."""
        head = self.running.system.journal.head().position
        for _ in range(int(minutes * 6)):
            self.clock.now += timedelta(seconds=10)
            self.loops.policies.tick()
        return [kind_of(recorded.event) for recorded in self.running.system.journal.read(after=head)]

    def phase(self) -> Phase:
        return self.running.system.views.board.area(PODIL).phase


@pytest.fixture
def night() -> Iterator[Night]:
    night = Night()
    yield night
    night.running.system.close()


def raised(threat: Threat = Threat.DRONE, minutes: int | None = None, at: Time | None = None) -> RaiseAlert:
    expires = None if minutes is None or at is None else at.now + timedelta(minutes=minutes)
    return RaiseAlert(alert="a", areas=(PODIL,), threat=threat, expires=expires)


def test_an_alert_of_one_person_is_escalated_after_two_minutes_once_unless_a_second_confirms(night: Night) -> None:
    night.do(raised())
    assert night.wait(1.9) == []
    assert night.wait(10) == ["alert.escalated"]
    assert night.phase() is Phase.ALERT
    night.do(UpdateAlert(alert="a", areas=(KYIV,)))
    night.do(ConfirmAlert(alert="a"), TARAS)
    assert night.wait(10) == []


def test_what_waits_for_approval_is_escalated_and_reaches_nobody_before_it_is_approved(night: Night) -> None:
    night.do(raised(Threat.CHEMICAL))
    assert night.wait(5) == ["alert.escalated"]
    system = night.running.system
    assert (night.phase(), system.views.board.standing()) == (Phase.UNKNOWN, [])
    night.do(ApproveAlert(alert="a"), TARAS)
    assert night.phase() is Phase.ALERT
    assert night.wait(5) == []


def test_officers_are_reminded_thirty_ten_and_three_minutes_before_an_alert_lapses(night: Night) -> None:
    night.do(raised(minutes=60, at=night.clock))
    night.do(ConfirmAlert(alert="a"), TARAS)
    assert night.wait(29) == []
    assert night.wait(2) == ["alert.reminded"]
    assert night.wait(28) == ["alert.reminded", "alert.reminded"]
    assert night.wait(2) == ["alert.expired"]
    assert night.phase() is Phase.EXPIRED
    assert night.wait(60) == []


def test_an_alert_that_was_extended_is_reminded_of_anew(night: Night) -> None:
    night.do(raised(minutes=60, at=night.clock))
    night.do(ConfirmAlert(alert="a"), TARAS)
    night.wait(52)
    night.do(UpdateAlert(alert="a", expires=night.clock.now + timedelta(hours=1)))
    assert night.wait(29) == []
    assert night.wait(32) == ["alert.reminded"] * 3 + ["alert.expired"]


def test_a_short_alert_is_not_reminded_of_what_was_said_a_moment_ago(night: Night) -> None:
    night.do(raised(minutes=15, at=night.clock))
    night.do(ConfirmAlert(alert="a"), TARAS)
    assert night.wait(4) == []
    assert night.wait(10) == ["alert.reminded", "alert.reminded"]


def test_policies_that_are_run_again_after_a_crash_order_nothing_twice(night: Night) -> None:
    night.do(raised(minutes=20, at=night.clock))
    assert night.wait(12) == ["alert.escalated", "alert.reminded"]
    night.loops = Loops(night.running)
    assert night.wait(0.5) == []


def test_the_desk_shows_what_waits_and_since_when_by_the_servers_clock(night: Night) -> None:
    night.do(raised(minutes=60, at=night.clock))
    night.wait(3)
    night.do(UpdateAlert(alert="a", threat=Threat.CHEMICAL))
    night.wait(1)
    (line,) = night.running.system.views.desk.lines(night.clock.now)
    assert (line.stage, line.unconfirmed_for, line.overdue) == ("issued", 240, True)
    assert (line.waits_for, line.expires_in) == (60, 56 * 60)
    assert line.proposal is not None
    assert (line.proposal.threat, line.proposal.by) == (Threat.CHEMICAL, "olena")
    night.do(CancelAlert(alert="a", reason="a burst boiler"))
    assert night.running.system.views.desk.lines(night.clock.now) == []


class Radio:
    """A channel that keeps what it was given, or cannot be reached."""

    def __init__(self, name: str, running: Running, *, reached: bool) -> None:
        self.name = name
        self.reached = reached
        self.said: list[str] = []
        self._running = running

    def lane(self, recorded: Recorded) -> Lane | None:
        return Lane.ALERT if isinstance(recorded.event, AlertNews) else None

    def deadline(self, recorded: Recorded) -> datetime | None:
        return alert_deadline(recorded)

    def superseded(self, recorded: Recorded) -> bool:
        return alert_superseded(recorded, self._running.ports().ended)

    async def send(self, recorded: Recorded) -> str:
        if not self.reached:
            raise Unavailable("no carrier")
        self.said.append(kind_of(recorded.event))
        return "said"


def test_one_command_corrects_a_false_alarm_on_every_channel_that_the_alert_used_or_was_about_to(night: Night) -> None:
    system, running = night.running.system, night.running
    heard, mute = Radio("heard", running, reached=True), Radio("mute", running, reached=False)
    delivery = Delivery(
        system.journal, running.receipts, [heard, mute], night.clock, running.bell, system.projector.catch_up
    )

    async def scene() -> None:
        task = asyncio.create_task(delivery.run())
        await asyncio.sleep(0.05)
        await system.do_soon(raised(), OLENA)
        while not heard.said:
            await asyncio.sleep(0.01)
        await system.do_soon(CancelAlert(alert="a", reason="wrong button"), OLENA)
        mute.reached = True
        while len(heard.said) + len(mute.said) < 3:
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(asyncio.wait_for(scene(), 20))
    assert heard.said == ["alert.raised", "alert.cancelled"]
    assert mute.said == ["alert.cancelled"], "who was not told of the alert is told at once to disregard it"
