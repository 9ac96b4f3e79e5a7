"""What the sirens' reports leave in the journal, and what the view of the sirens makes of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tocsin.domain.siren import (
    SIRENS,
    Acknowledgement,
    Condition,
    Local,
    Press,
    Reports,
    ReportSirens,
    Result,
    SirenAlarmEnded,
    SirenAlarmRaised,
    SirenHealthChanged,
    SirenOperatedLocally,
    SirensAcknowledged,
)
from tocsin.domain.subject import Context, Gazetteer
from tocsin.domain.warning import AlertCleared, AlertRaised, AlertUpdated, Phase, Threat
from tocsin.kernel.errors import Invalid, Unknown
from tocsin.kernel.event import Actor, Cause, Event, Recorded, kind_of
from tocsin.views.sirens import KEPT, Sirens

NOW = datetime(2025, 4, 24, 0, 30, tzinfo=UTC)
TODAY = "2025-04-24"
CITY = Gazetteer(sirens=frozenset({"S-1", "S-2", "S-3"}))


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def ack(
    siren: str = "S-1", revision: int = 10, result: Result = Result.SOUNDING, seconds: float = 1
) -> Acknowledgement:
    sounding_at = at(seconds) if result is Result.SOUNDING else None
    return Acknowledgement(
        siren=siren, alert="a", revision=revision, result=result, received_at=at(seconds), sounding_at=sounding_at
    )


def condition(
    siren: str = "S-1", *, sounding: bool | None = False, battery: int = 100, unwanted: bool = False
) -> Condition:
    return Condition(siren=siren, online=True, sounding=sounding, unwanted=unwanted, battery=battery, at=NOW)


def said(
    *commands: ReportSirens, now: datetime = NOW, reports: Reports | None = None, yesterday: Reports = SIRENS.blank
) -> tuple[Reports, list[Sequence[Event]]]:
    """Carry out commands one after another; the state they leave and the events of each."""
    reports, answers = reports or SIRENS.blank, []
    for command in commands:
        [before] = SIRENS.consults(command)
        events = SIRENS.decide(reports, command, Context(now, Actor("mqtt", "siren"), CITY, {before: yesterday}))
        answers.append(events)
        for event in events:
            reports = SIRENS.evolve(reports, event)
    return reports, answers


def test_a_batch_of_answers_is_one_event_on_the_stream_of_its_day() -> None:
    command = ReportSirens(day=TODAY, acks=(ack("S-1"), ack("S-2")))
    _, [events] = said(command)
    assert events == [SirensAcknowledged(day=TODAY, acks=(ack("S-1"), ack("S-2")))]
    assert SIRENS.stream(command) == "sirens/2025-04-24"


def test_an_answer_given_again_is_not_kept_again() -> None:
    again = ReportSirens(day=TODAY, acks=(ack(seconds=1), ack("S-2", seconds=9)))
    _, [_, events] = said(ReportSirens(day=TODAY, acks=(ack(seconds=1),)), again)
    assert events == [SirensAcknowledged(day=TODAY, acks=(ack("S-2", seconds=9),))]


def test_nothing_new_makes_no_event() -> None:
    command = ReportSirens(day=TODAY, acks=(ack(),), conditions=(condition(),))
    _, [first, second] = said(command, command)
    assert (len(first), second) == (2, [])


def test_the_same_state_answered_otherwise_is_kept() -> None:
    refused = ack(result=Result.REFUSED_SIGNATURE)
    _, [_, events] = said(ReportSirens(day=TODAY, acks=(ack(),)), ReportSirens(day=TODAY, acks=(refused,)))
    assert events == [SirensAcknowledged(day=TODAY, acks=(refused,))]


@pytest.mark.parametrize(("battery", "kept"), [(95, 1), (91, 1), (90, 1), (89, 2)])
def test_a_battery_is_news_by_the_tenth(battery: int, kept: int) -> None:
    first, second = (ReportSirens(day=TODAY, conditions=(condition(battery=level),)) for level in (99, battery))
    _, answers = said(first, second)
    assert sum(len(events) for events in answers) == kept


def test_only_the_last_of_several_conditions_in_one_report_counts() -> None:
    report = ReportSirens(day=TODAY, conditions=(condition(sounding=True), condition(sounding=False)))
    _, [events] = said(report)
    assert events == [SirenHealthChanged(day=TODAY, conditions=(condition(sounding=False),))]


def test_a_siren_that_the_city_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(Unknown, match=r"acks\[1\]\.siren: no siren is called 'S-9'"):
        said(ReportSirens(day=TODAY, acks=(ack("S-1"), ack("S-9"))))
    with pytest.raises(Unknown, match=r"conditions\[0\]\.siren"):
        said(ReportSirens(day=TODAY, conditions=(condition("S-9"),)))


def test_a_report_belongs_to_today_or_to_yesterday_just_after_midnight() -> None:
    midnight = datetime(2025, 4, 25, tzinfo=UTC)
    command = ReportSirens(day=TODAY, acks=(ack(),))
    assert said(command, now=midnight + timedelta(minutes=1))[1] != [[]]
    with pytest.raises(Invalid, match="day: a report of today, 2025-04-25, was expected"):
        said(command, now=midnight + timedelta(minutes=6))


def alarmed(*, unwanted: bool, at: datetime = NOW) -> ReportSirens:
    return ReportSirens(day=f"{at:%Y-%m-%d}", conditions=(condition(sounding=unwanted, unwanted=unwanted),))


def kinds(events: Sequence[Event]) -> list[str]:
    return [kind_of(event) for event in events]


def test_a_siren_that_begins_to_sound_untold_is_an_event_of_its_own_and_so_is_its_end() -> None:
    _, [first, again, last] = said(*(alarmed(unwanted=unwanted) for unwanted in (True, True, False)))
    assert first[1:] == [SirenAlarmRaised(day=TODAY, sirens=("S-1",))]
    assert again == []
    assert last[1:] == [SirenAlarmEnded(day=TODAY, sirens=("S-1",))]


def test_an_alarm_over_midnight_is_neither_raised_twice_nor_forgotten() -> None:
    yesterday, _ = said(alarmed(unwanted=True))
    later = NOW + timedelta(days=1)
    _, [still] = said(alarmed(unwanted=True, at=later), now=later, yesterday=yesterday)
    assert kinds(still) == ["siren.health_changed"]
    _, [ended] = said(alarmed(unwanted=False, at=later), now=later, yesterday=yesterday)
    assert kinds(ended) == ["siren.health_changed", "siren.alarm_ended"]


def test_a_button_pressed_without_a_link_is_journalled_once_with_the_time_of_the_press() -> None:
    pressed = msgspec.structs.replace(condition(), local=Local.ALARM, local_at=at(-600))
    dead = Condition(siren="S-1", online=False, at=NOW)
    reports = (ReportSirens(day=TODAY, conditions=(each,)) for each in (condition(), pressed, dead, pressed))
    _, [_, first, _, back] = said(*reports)
    assert first[1:] == [SirenOperatedLocally(day=TODAY, presses=(Press(siren="S-1", local=Local.ALARM, at=at(-600)),))]
    assert kinds(back) == ["siren.health_changed"]


# The view


class Told:
    """A view and the events it was told, each at the position after the last."""

    def __init__(self, *fleet: str) -> None:
        self.view = Sirens(dict.fromkeys(fleet or ("S-1", "S-2", "S-3"), ("K",)))
        self.position = 0

    def tell(self, event: Event, time: datetime = NOW) -> int:
        self.position += 1
        cause = Cause("key", "command", "digest")
        stream = "alert/a"
        recorded = Recorded(self.position, stream, 1, time, Actor("x", "y"), "exercise", cause, event)
        self.view.handlers()[type(event)](recorded)
        return self.position

    def acks(self, *acks: Acknowledgement) -> None:
        self.tell(SirensAcknowledged(day=TODAY, acks=acks))


def raised(*areas: str, alert: str = "a") -> AlertRaised:
    return AlertRaised(
        alert=alert, revision=1, phase=Phase.ALERT, areas=areas, threat=Threat.DRONE, texts={}, expires=at(999), by="me"
    )


def updated(*areas: str, alert: str = "a") -> AlertUpdated:
    return AlertUpdated(
        alert=alert, revision=2, phase=Phase.ALERT, areas=areas, threat=Threat.DRONE, texts={}, expires=at(999)
    )


def cleared(*areas: str, alert: str = "a") -> AlertCleared:
    return AlertCleared(alert=alert, revision=2, areas=areas, texts={})


def test_the_view_counts_who_sounded_and_who_fell_silent_and_how_fast() -> None:
    told = Told()
    start = told.tell(raised("K"))
    told.acks(*(ack(f"S-{n}", start, seconds=n) for n in (1, 2)), ack("S-3", start, Result.FAULTY))
    end = told.tell(cleared("K"), at(60))
    told.acks(ack("S-1", end, Result.CLEARED, seconds=60.5))
    count = told.view.count("a")
    assert (count.total, count.acknowledged_alert, count.acknowledged_clear) == (3, 2, 1)
    assert (count.alert_latency.n, count.alert_latency.p50, count.alert_latency.p99) == (2, 1.0, 2.0)
    assert (count.clear_latency.p50, count.clear_latency.max) == (0.5, 0.5)
    assert told.view.count() == count


def test_a_siren_that_sounded_and_stopped_by_itself_counts_as_having_acknowledged() -> None:
    told = Told()
    start = told.tell(raised("K"))
    silent = Acknowledgement(
        siren="S-1", alert="a", revision=start, result=Result.SILENT, received_at=at(600), sounding_at=at(1)
    )
    told.acks(silent)
    assert told.view.count("a").acknowledged_alert == 1


def test_a_refusal_is_shown_and_does_not_hide_what_the_siren_does() -> None:
    told = Told()
    told.acks(ack("S-1"), ack("S-1", result=Result.REFUSED_SIGNATURE, seconds=5))
    siren = told.view.sirens()[0]
    assert (siren.answer, siren.sounding) == (Result.SOUNDING, True)
    assert (siren.refusal, siren.refused_at) == (Result.REFUSED_SIGNATURE, at(5))
    assert told.view.count("a").acknowledged_alert == 1


def test_an_answer_that_was_overtaken_does_not_bring_the_alert_back() -> None:
    told = Told()
    told.acks(ack("S-1", 20, Result.CLEARED), ack("S-1", 10, Result.SOUNDING))
    siren = told.view.sirens()[0]
    assert (siren.revision, siren.answer, siren.sounding) == (20, Result.CLEARED, False)


def test_a_siren_that_was_never_heard_of_is_listed_as_unknown() -> None:
    siren = Told("S-7").view.sirens()[0]
    assert (siren.siren, siren.online, siren.sounding) == ("S-7", None, None)


def test_a_siren_that_sounds_unwanted_is_an_alarm_until_it_ceases() -> None:
    told = Told()
    told.tell(SirenHealthChanged(day=TODAY, conditions=(condition(sounding=True, unwanted=True), condition("S-2"))))
    assert [siren.siren for siren in told.view.alarms()] == ["S-1"]
    told.tell(SirenHealthChanged(day=TODAY, conditions=(condition(),)))
    assert told.view.alarms() == []


def test_the_revision_for_an_area_never_goes_back_when_the_newer_of_two_alerts_ends() -> None:
    told = Told()
    told.tell(raised("oblast", alert="a"))
    second = told.tell(raised("raion", alert="b"))
    around = ("raion", "oblast")
    assert told.view.revision(around) == second
    assert told.view.revision(around) < told.tell(cleared("raion", alert="b")) == told.view.revision(around)


def test_an_area_that_an_update_took_away_is_concerned_by_it() -> None:
    told = Told()
    told.tell(raised("K", "L"))
    update = told.tell(updated("K"))
    assert (told.view.revision(["L"]), told.view.revision(["M"])) == (update, 0)


def test_the_view_survives_its_snapshot_and_forgets_the_oldest_alerts() -> None:
    told = Told()
    for number in range(KEPT + 5):
        alert = f"a{number}"
        start = told.tell(raised("K", alert=alert))
        one = Acknowledgement(
            siren="S-1", alert=alert, revision=start, result=Result.SOUNDING, received_at=at(1), sounding_at=at(1)
        )
        told.acks(one)
    assert len(told.view.state.answers) == KEPT
    other = Sirens(dict.fromkeys(("S-1", "S-2", "S-3"), ("K",)))
    other.load(told.view.dump())
    assert other.state == told.view.state
    assert other.count(f"a{KEPT + 4}") == told.view.count(f"a{KEPT + 4}") != told.view.count("a0")


def test_who_has_not_answered_is_known_by_name() -> None:
    told = Told("S-1", "S-2", "S-3", "S-4")
    start = told.tell(raised("K"))
    told.acks(ack("S-1", start), ack("S-2", start, Result.FAULTY))
    missing = told.view.unanswered("a")
    assert (missing.asked, missing.alert, missing.mute) == (4, ("S-3", "S-4"), {"S-2": Result.FAULTY})
    assert missing.clear == (), "nobody was told that it is over"
    end = told.tell(cleared("K"), at(60))
    told.acks(ack("S-1", end, Result.CLEARED, seconds=61), ack("S-3", end, Result.CLEARED, seconds=61))
    missing = told.view.unanswered("a")
    assert (missing.alert, missing.clear) == (("S-4",), ("S-2", "S-4"))


def test_only_the_sirens_in_the_areas_of_an_alert_are_asked() -> None:
    view = Told()
    view.view = Sirens({"S-1": ("K", "city"), "S-2": ("L", "city"), "S-3": ("M", "other")})
    view.tell(raised("K"))
    assert view.view.unanswered("a").alert == ("S-1",)
    view.tell(updated("city"))
    assert view.view.unanswered("a").alert == ("S-1", "S-2")
    assert view.view.unanswered("nothing").asked == 0


def test_an_early_warning_asks_no_siren_to_sound() -> None:
    told = Told()
    told.tell(msgspec.structs.replace(raised("K"), phase=Phase.PRE_ALERT))
    assert told.view.unanswered("a").asked == 0
