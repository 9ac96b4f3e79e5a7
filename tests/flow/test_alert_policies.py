"""What the time orders of alerts: reminders, escalation, expiry; and what goes where, through the whole system."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.running import KYIV, PODIL
from tests.system.test_replay_equals_live import Time, city

from tocsin.domain.approval import Approval
from tocsin.domain.warning import (
    ApproveAlert,
    CancelAlert,
    ConfirmAlert,
    Phase,
    RaiseAlert,
    Threat,
    UpdateAlert,
)
from tocsin.kernel.event import Actor, Command, kind_of
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
