"""A second person before or after; prepared words; reminders: the rules, one by one."""

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest

from tocsin.domain.approval import USUAL, Approval, Approvals
from tocsin.domain.subject import Context, Gazetteer
from tocsin.domain.warning import (
    ALERT,
    STANDING,
    Alert,
    AlertCancelled,
    AlertCleared,
    AlertDrafted,
    AlertEscalated,
    AlertRaised,
    AlertRejected,
    AlertReminded,
    AlertSubmitted,
    AlertUpdated,
    ApproveAlert,
    CancelAlert,
    ClearAlert,
    ConfirmAlert,
    DraftAlert,
    EscalateAlert,
    ExpireAlert,
    Phase,
    RaiseAlert,
    RejectAlert,
    RemindAlert,
    Stage,
    SubmitAlert,
    Threat,
    UpdateAlert,
    Waiting,
)
from tocsin.kernel.errors import Invalid, Refused
from tocsin.kernel.event import Actor, Command, Event

NOW = datetime(2025, 4, 23, 21, 36, tzinfo=UTC)
CITY = Gazetteer(areas=frozenset({"kyiv", "podil", "obolon"}))
OLENA, TARAS, IVAN = Actor("olena", "duty_officer"), Actor("taras", "approver"), Actor("ivan", "duty_officer")
TWO_BEFORE = Approvals(default=Approval.TWO_BEFORE)
RAISE = RaiseAlert(alert="a", areas=("podil",), threat=Threat.DRONE)
WIDER = UpdateAlert(alert="a", areas=("podil", "obolon"))


class Alarm:
    """One alert under one policy, on a clock that is set by hand."""

    def __init__(self, approvals: Approvals = USUAL) -> None:
        self.approvals = approvals
        self.now = NOW
        self.alert = Alert()

    def do(self, command: Command, by: Actor = OLENA) -> Event:
        """Carry out a command; return its last event."""
        events = ALERT.decide(self.alert, command, Context(self.now, by, CITY, {}, self.approvals))
        self.alert = reduce(ALERT.evolve, events, self.alert)
        return events[-1]

    def refused(self, command: Command, by: Actor, why: str) -> None:
        with pytest.raises(Refused, match=why):
            self.do(command, by)


def test_where_two_are_asked_for_before_nothing_goes_out_until_a_second_person_approves() -> None:
    alarm = Alarm(TWO_BEFORE)
    assert isinstance(alarm.do(RAISE), AlertSubmitted)
    assert (alarm.alert.stage, alarm.alert.phase, alarm.alert.areas) == (Stage.PENDING, Phase.UNKNOWN, ())
    alarm.refused(ApproveAlert(alert="a"), OLENA, "second person")
    alarm.now += timedelta(minutes=1)
    raised = alarm.do(ApproveAlert(alert="a"), TARAS)
    assert isinstance(raised, AlertRaised)
    assert (raised.by, raised.confirmed_by, raised.revision) == ("olena", "taras", 1)
    assert raised.expires == alarm.now + STANDING, "it stands from when it goes out"
    alarm.refused(ConfirmAlert(alert="a"), IVAN, "taras has confirmed")


def test_a_threat_may_ask_for_two_before_while_all_others_sound_at_once() -> None:
    approvals = Approvals(threats={"chemical": Approval.TWO_BEFORE})
    chemical = RaiseAlert(alert="a", areas=("podil",), threat=Threat.CHEMICAL)
    assert isinstance(Alarm(approvals).do(chemical), AlertSubmitted)
    alarm = Alarm(approvals)
    assert isinstance(alarm.do(RAISE), AlertRaised)
    change = UpdateAlert(alert="a", threat=Threat.CHEMICAL)
    assert isinstance(alarm.do(change), AlertSubmitted), "no way around it by an update"
    assert alarm.alert.threat is Threat.DRONE


def test_what_was_replaced_meanwhile_is_not_approved_by_who_read_the_old() -> None:
    alarm = Alarm(TWO_BEFORE)
    alarm.do(RAISE)
    alarm.do(ApproveAlert(alert="a", proposal=1), TARAS)
    alarm.do(WIDER, OLENA)
    alarm.do(UpdateAlert(alert="a", areas=("kyiv",)), IVAN)
    alarm.refused(ApproveAlert(alert="a", proposal=2), TARAS, "3 is waiting")
    alarm.refused(ApproveAlert(alert="a", proposal=3), IVAN, "second person")
    assert isinstance(alarm.do(ApproveAlert(alert="a", proposal=3), OLENA), AlertUpdated)
    assert alarm.alert.areas == ("kyiv",)


def test_whoever_finds_their_mistake_before_it_went_out_withdraws_it_alone() -> None:
    for command in (RejectAlert(alert="a", reason="wrong city"), CancelAlert(alert="a", reason="wrong city")):
        alarm = Alarm(TWO_BEFORE)
        alarm.do(RAISE)
        assert isinstance(alarm.do(command), AlertRejected)
        assert alarm.alert.stage is Stage.REJECTED
        alarm.refused(ApproveAlert(alert="a"), TARAS, "rejected")


@pytest.mark.parametrize("approvals", [USUAL, TWO_BEFORE])
def test_the_end_of_an_alert_is_given_alone_and_at_once_whatever_the_policy(approvals: Approvals) -> None:
    for command, kind in (
        (ClearAlert(alert="a"), AlertCleared),
        (CancelAlert(alert="a", reason="false alarm"), AlertCancelled),
    ):
        alarm = Alarm(approvals)
        alarm.do(RAISE)
        if approvals is TWO_BEFORE:
            alarm.do(ApproveAlert(alert="a"), TARAS)
            alarm.do(WIDER)
        assert isinstance(alarm.do(command, OLENA), kind)
        assert alarm.alert.proposal is None, "what waited for approval is over with it"


def test_more_time_and_fewer_areas_never_wait_for_anybody() -> None:
    alarm = Alarm(TWO_BEFORE)
    alarm.do(RaiseAlert(alert="a", areas=("podil", "obolon"), threat=Threat.DRONE))
    alarm.do(ApproveAlert(alert="a"), TARAS)
    assert isinstance(alarm.do(UpdateAlert(alert="a", expires=NOW + timedelta(days=1))), AlertUpdated)
    assert isinstance(alarm.do(UpdateAlert(alert="a", areas=("podil",))), AlertUpdated)
    assert alarm.alert.confirmed_by == "taras"
    assert isinstance(alarm.do(UpdateAlert(alert="a", texts={"uk": "Інше."})), AlertSubmitted)


def test_a_change_that_waited_while_the_alert_was_extended_does_not_cut_it_short() -> None:
    alarm = Alarm(TWO_BEFORE)
    alarm.do(RAISE)
    alarm.do(ApproveAlert(alert="a"), TARAS)
    alarm.do(UpdateAlert(alert="a", areas=("kyiv",), expires=NOW + timedelta(hours=13)))
    alarm.do(UpdateAlert(alert="a", expires=NOW + timedelta(hours=20)))
    assert alarm.alert.proposal is not None, "the extension leaves what waits waiting"
    alarm.do(ApproveAlert(alert="a"), TARAS)
    assert (alarm.alert.areas, alarm.alert.expires) == (("kyiv",), NOW + timedelta(hours=20))
    assert alarm.alert.proposal is None


def test_what_alarms_more_people_asks_for_a_confirmation_once_more() -> None:
    alarm = Alarm()
    alarm.do(RAISE)
    alarm.do(ConfirmAlert(alert="a"), TARAS)
    alarm.do(UpdateAlert(alert="a", threat=Threat.BALLISTIC), TARAS)
    assert (alarm.alert.unconfirmed, alarm.alert.confirmed_by) == (False, "taras")
    alarm.do(WIDER, TARAS)
    assert (alarm.alert.unconfirmed, alarm.alert.raised_by) == (True, "taras")
    alarm.refused(ConfirmAlert(alert="a"), TARAS, "second person")
    alarm.do(ConfirmAlert(alert="a"), OLENA)


def test_an_alert_that_nobody_confirms_in_time_is_escalated_once_and_goes_on_sounding() -> None:
    alarm = Alarm()
    alarm.do(RAISE)
    alarm.now += USUAL.answer_within - timedelta(seconds=1)
    alarm.refused(EscalateAlert(alert="a"), OLENA, "no second person is late")
    alarm.now += timedelta(seconds=1)
    escalated = alarm.do(EscalateAlert(alert="a"))
    assert isinstance(escalated, AlertEscalated)
    assert (escalated.waiting, escalated.by) == (Waiting.CONFIRMATION, "olena")
    assert alarm.alert.phase is Phase.ALERT
    alarm.refused(EscalateAlert(alert="a"), OLENA, "no second person is late")
    alarm.do(ConfirmAlert(alert="a"), TARAS)
    assert not alarm.alert.unconfirmed


def test_a_proposal_that_nobody_answers_is_escalated_and_still_does_not_go_out() -> None:
    alarm = Alarm(TWO_BEFORE)
    alarm.do(RAISE)
    alarm.now += USUAL.answer_within
    escalated = alarm.do(EscalateAlert(alert="a"))
    assert isinstance(escalated, AlertEscalated)
    assert (escalated.waiting, alarm.alert.stage) == (Waiting.APPROVAL, Stage.PENDING)


def test_a_draft_is_written_anew_as_often_as_needed_and_goes_out_when_submitted() -> None:
    alarm = Alarm()
    assert isinstance(alarm.do(DraftAlert(alert="a", areas=("podil",), threat=Threat.DRONE)), AlertDrafted)
    assert isinstance(alarm.do(WIDER, TARAS), AlertDrafted)
    assert alarm.alert.phase is Phase.UNKNOWN
    raised = alarm.do(SubmitAlert(alert="a"), IVAN)
    assert isinstance(raised, AlertRaised)
    assert (raised.by, raised.areas) == ("ivan", ("podil", "obolon"))
    thrown = Alarm()
    thrown.do(DraftAlert(alert="a", areas=("podil",), threat=Threat.DRONE))
    thrown.do(RejectAlert(alert="a", reason="not needed"))
    thrown.refused(SubmitAlert(alert="a"), OLENA, "rejected")


def test_a_proposal_whose_end_passed_while_it_waited_is_not_sent_late() -> None:
    alarm = Alarm(TWO_BEFORE)
    alarm.do(RaiseAlert(alert="a", areas=("podil",), threat=Threat.DRONE, expires=NOW + timedelta(minutes=5)))
    alarm.now += timedelta(minutes=5)
    alarm.refused(ApproveAlert(alert="a"), TARAS, "is past")


def test_an_expired_alert_is_taken_up_again_only_with_the_second_person_that_the_realm_asks_for() -> None:
    alarm = Alarm(TWO_BEFORE)
    alarm.do(RAISE)
    alarm.do(ApproveAlert(alert="a"), TARAS)
    alarm.now += STANDING
    alarm.do(ExpireAlert(alert="a"))
    assert alarm.alert.phase is Phase.EXPIRED
    assert isinstance(
        alarm.do(UpdateAlert(alert="a", expires=alarm.now + timedelta(hours=1))),
        AlertSubmitted,
    )
    assert alarm.alert.phase is Phase.EXPIRED
    alarm.do(ApproveAlert(alert="a"), TARAS)
    assert (alarm.alert.stage, alarm.alert.phase) == (Stage.UPDATED, Phase.ALERT)


def test_the_officers_are_reminded_of_an_end_ever_closer_to_it_and_anew_once_it_was_moved() -> None:
    alarm = Alarm()
    alarm.do(RAISE)
    alarm.refused(RemindAlert(alert="a", minutes=30), OLENA, "no reminder is due")
    alarm.now += STANDING - timedelta(minutes=30)
    reminded = alarm.do(RemindAlert(alert="a", minutes=30))
    assert isinstance(reminded, AlertReminded)
    alarm.refused(RemindAlert(alert="a", minutes=30), OLENA, "no reminder is due")
    alarm.now += timedelta(minutes=20)
    alarm.do(RemindAlert(alert="a", minutes=10))
    alarm.do(UpdateAlert(alert="a", expires=alarm.now + timedelta(hours=1)))
    assert alarm.alert.reminded is None
    alarm.now += timedelta(hours=1)
    alarm.refused(RemindAlert(alert="a", minutes=30), OLENA, "no reminder is due")
    alarm.do(ExpireAlert(alert="a"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Тривога в {area}", "placeholder"),
        ("Тривога до [час]", "placeholder"),
        ("Тривога: ___", "placeholder"),
        ("Тривога ХХХ", "placeholder"),
        ("Тривoга", "Тривoга.*mixes"),
    ],
)
def test_words_that_are_not_finished_are_refused_by_language_and_word(text: str, why: str) -> None:
    with pytest.raises(Invalid, match=rf"texts\.uk: .*{why}"):
        Alarm().do(RaiseAlert(alert="a", areas=("podil",), threat=Threat.DRONE, texts={"uk": text}))


@pytest.mark.parametrize("text", ["Ракети Х-101, дрони Shahed-136", "Patriot збив Shahed-и, укриття — о 3:15", "Х 101"])
def test_latin_names_within_ukrainian_words_of_their_own_are_no_fault(text: str) -> None:
    raised = Alarm().do(RaiseAlert(alert="a", areas=("podil",), threat=Threat.DRONE, texts={"uk": text}))
    assert isinstance(raised, AlertRaised)
    assert (raised.texts["uk"], raised.template) == (text, 0)


def test_an_alert_in_the_officers_own_words_names_no_template() -> None:
    own = {"uk": "Дрони над Подолом", "en": "Drones over Podil"}
    raised = Alarm().do(RaiseAlert(alert="a", areas=("podil",), threat=Threat.DRONE, texts=own))
    assert isinstance(raised, AlertRaised)
    assert raised.template is None
