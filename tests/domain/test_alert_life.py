"""The life of an alert under each policy: whatever anybody orders in whatever order, some things never happen."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tocsin.domain.approval import Approval, Approvals
from tocsin.domain.subject import Context, Gazetteer
from tocsin.domain.warning import (
    ALERT,
    OUT,
    STANDS,
    TRANSITIONS,
    Alert,
    AlertCancelled,
    AlertCleared,
    AlertConfirmed,
    AlertRaised,
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
)
from tocsin.kernel.errors import TocsinError
from tocsin.kernel.event import Actor, Command, Event

START = datetime(2025, 4, 23, 21, tzinfo=UTC)
AREAS = ("kyiv", "podil", "obolon")
CITY = Gazetteer(areas=frozenset(AREAS))
PEOPLE = [Actor(name, "duty_officer") for name in ("olena", "taras", "ivan")]

people = st.sampled_from(PEOPLE)
areas = st.lists(st.sampled_from(AREAS), min_size=1, max_size=3).map(tuple)
threats = st.sampled_from([Threat.DRONE, Threat.CHEMICAL])
phases = st.sampled_from([Phase.PRE_ALERT, Phase.ALERT])
hours = st.none() | st.integers(1, 30)


OVER = frozenset({Stage.ALL_CLEAR, Stage.CANCELLED, Stage.REJECTED})


def is_new(life: "Life") -> bool:
    return life.alert.stage is Stage.NEW


def is_begun(life: "Life") -> bool:
    return life.alert.stage not in OVER | {Stage.NEW}


def is_waiting(life: "Life") -> bool:
    return life.alert.proposal is not None


class Life(RuleBasedStateMachine):
    """Several people and the policies order what they like of one alert."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.alert = Alert()
        self.events: list[Event] = []

    @initialize(default=st.sampled_from(Approval), chemical=st.sampled_from(Approval))
    def settle_policy(self, default: Approval, chemical: Approval) -> None:
        self.approvals = Approvals(default=default, threats={"chemical": chemical})

    def order(self, command: Command, by: Actor) -> list[Event]:
        before = self.alert
        try:
            events = list(ALERT.decide(before, command, Context(self.now, by, CITY, {}, self.approvals)))
        except TocsinError:
            return []
        for event in events:
            self._check(event, by)
            self.alert = ALERT.evolve(self.alert, event)
            self.events.append(event)
        if events:
            assert self.alert.stage in TRANSITIONS[before.stage][type(command)]
        return events

    def _check(self, event: Event, by: Actor) -> None:
        match event:
            case AlertRaised() | AlertUpdated() if event.proposal is not None:
                asked = [each for each in self.events if isinstance(each, AlertSubmitted)][-1]
                assert (asked.proposal, asked.by) == (event.proposal, event.by), "what was read is what goes out"
                assert event.by != by.id == event.confirmed_by, "never the same person twice"
            case AlertConfirmed():
                assert event.by != self.alert.raised_by, "never the same person twice"

    def expires(self, later: int | None) -> datetime | None:
        return None if later is None else self.now + timedelta(hours=later)

    @precondition(is_new)
    @rule(by=people, areas=areas, threat=threats, phase=phases, later=hours)
    def raise_(self, by: Actor, areas: tuple[str, ...], threat: Threat, phase: Phase, later: int | None) -> None:
        self.order(RaiseAlert(alert="a", areas=areas, threat=threat, phase=phase, expires=self.expires(later)), by)

    @precondition(is_new)
    @rule(by=people, areas=areas, threat=threats)
    def draft(self, by: Actor, areas: tuple[str, ...], threat: Threat) -> None:
        self.order(DraftAlert(alert="a", areas=areas, threat=threat), by)

    @precondition(is_begun)
    @rule(
        by=people,
        areas=st.none() | areas,
        threat=st.none() | threats,
        phase=st.none() | phases,
        later=hours,
        own=st.booleans(),
    )
    def update(
        self,
        by: Actor,
        areas: tuple[str, ...] | None,
        threat: Threat | None,
        phase: Phase | None,
        later: int | None,
        own: bool,
    ) -> None:
        texts = {"uk": "Інші слова."} if own else None
        self.order(
            UpdateAlert(alert="a", areas=areas, threat=threat, phase=phase, texts=texts, expires=self.expires(later)),
            by,
        )

    @precondition(is_waiting)
    @rule(by=people, submit=st.booleans())
    def answer(self, by: Actor, submit: bool) -> None:
        self.order(SubmitAlert(alert="a") if submit else ApproveAlert(alert="a"), by)

    @precondition(is_begun)
    @rule(
        by=people,
        command=st.sampled_from(
            [
                SubmitAlert(alert="a"),
                ApproveAlert(alert="a"),
                RejectAlert(alert="a", reason="no"),
                ConfirmAlert(alert="a"),
                EscalateAlert(alert="a"),
                RemindAlert(alert="a", minutes=30),
                ExpireAlert(alert="a"),
            ]
        ),
    )
    def judge(self, by: Actor, command: Command) -> None:
        self.order(command, by)

    @precondition(is_begun)
    @rule(by=people, command=st.sampled_from([ClearAlert(alert="a"), CancelAlert(alert="a", reason="false alarm")]))
    def end(self, by: Actor, command: Command) -> None:
        self.order(command, by)

    @precondition(lambda life: life.alert.stage in OVER)
    @rule(by=people, command=st.sampled_from([UpdateAlert(alert="a", areas=("kyiv",)), ApproveAlert(alert="a")]))
    def come_too_late(self, by: Actor, command: Command) -> None:
        assert self.order(command, by) == [], "what is over stays over"
        self.alert, self.events = Alert(), []

    @rule(minutes=st.sampled_from([1, 3, 30, 300, 720]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def nothing_sounds_without_the_second_person_that_was_asked_for(self) -> None:
        last = self.events[-1] if self.events else None
        if isinstance(last, AlertRaised) and self.approvals.of(last.threat) is Approval.TWO_BEFORE:
            assert last.confirmed_by
            assert last.confirmed_by != last.by
        if isinstance(last, AlertUpdated) and self.approvals.of(last.threat) is Approval.TWO_BEFORE:
            before = next(each for each in reversed(self.events[:-1]) if isinstance(each, AlertRaised | AlertUpdated))
            told = (last.phase, last.threat, last.texts) != (before.phase, before.threat, before.texts)
            if told or not set(last.areas) <= set(before.areas):
                assert last.proposal is not None, "what is new was approved"

    @invariant()
    def residents_hear_of_an_alert_only_once_it_was_issued(self) -> None:
        news = any(isinstance(each, AlertRaised) for each in self.events)
        assert news == (self.alert.phase is not Phase.UNKNOWN)
        assert not news or self.alert.stage not in (Stage.NEW, Stage.DRAFT, Stage.PENDING, Stage.REJECTED)

    @invariant()
    def an_all_clear_was_given_by_somebody_and_is_never_what_time_makes_of_an_alert(self) -> None:
        assert (self.alert.stage in OUT) == (self.alert.phase in STANDS)
        assert (self.alert.stage is Stage.EXPIRED) == (self.alert.phase is Phase.EXPIRED)
        if self.alert.phase is Phase.ALL_CLEAR:
            assert isinstance(self.events[-1], AlertCleared)
        if self.alert.phase is Phase.CORRECTION:
            assert isinstance(self.events[-1], AlertCancelled)

    @invariant()
    def an_alert_that_sounds_can_be_ended_by_anybody_alone_at_any_moment(self) -> None:
        if self.alert.stage not in OUT | {Stage.EXPIRED}:
            return
        for person in PEOPLE:
            context = Context(self.now, person, CITY, {}, self.approvals)
            (cleared,) = ALERT.decide(self.alert, ClearAlert(alert="a"), context)
            (cancelled,) = ALERT.decide(self.alert, CancelAlert(alert="a", reason="false alarm"), context)
            assert isinstance(cleared, AlertCleared)
            assert isinstance(cancelled, AlertCancelled)

    @invariant()
    def the_revisions_of_what_went_out_count_up_by_one(self) -> None:
        counted = [number for each in self.events if (number := getattr(each, "revision", None)) is not None]
        steps = {later - earlier for earlier, later in pairwise(counted)}
        assert steps <= {0, 1}


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
