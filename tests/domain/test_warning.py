"""The rules of alerts."""

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest

from tocsin.domain.subject import Context, Gazetteer
from tocsin.domain.warning import (
    ALERT,
    STANDING,
    Alert,
    AlertCancelled,
    AlertCleared,
    AlertEvent,
    AlertRaised,
    AlertUpdated,
    CancelAlert,
    ClearAlert,
    ConfirmAlert,
    ExpireAlert,
    Phase,
    RaiseAlert,
    Threat,
    UpdateAlert,
)
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Actor, Command

NOW = datetime(2025, 4, 23, 21, 36, tzinfo=UTC)
CITY = Gazetteer(areas=frozenset({"kyiv", "podil", "obolon"}))
OLENA, TARAS = Actor("olena", "duty_officer"), Actor("taras", "approver")


def given_alert(*commands: Command, by: Actor = OLENA, at: datetime = NOW) -> Alert:
    alert = Alert()
    for command in commands:
        alert = reduce(ALERT.evolve, decide(alert, command, by=by, at=at), alert)
    return alert


def decide(alert: Alert, command: Command, by: Actor = OLENA, at: datetime = NOW) -> list[AlertEvent]:
    return list(ALERT.decide(alert, command, Context(at, by, CITY, {})))  # type: ignore[arg-type]


RAISE = RaiseAlert(alert="a", areas=("kyiv",), threat=Threat.COMBINED)


def test_a_raised_alert_says_in_both_languages_what_it_is_and_what_to_do() -> None:
    (event,) = decide(Alert(), RAISE)
    assert isinstance(event, AlertRaised)
    assert (event.phase, event.revision, event.by) == (Phase.ALERT, 1, "olena")
    assert event.expires == NOW + STANDING
    assert event.texts == {
        "uk": "Комбінована атака ракетами і дронами. Негайно прямуйте в укриття.",
        "en": "Combined missile and drone attack. Go to shelter now.",
    }


def test_own_words_replace_the_prepared_ones_of_their_language_only() -> None:
    (event,) = decide(Alert(), RaiseAlert(alert="a", areas=("kyiv",), threat=Threat.DRONE, texts={"uk": "Дрони!"}))
    assert isinstance(event, AlertRaised)
    assert event.texts == {"uk": "Дрони!", "en": "Drone attack. Go to shelter now."}


def test_an_area_named_twice_counts_once() -> None:
    (event,) = decide(Alert(), RaiseAlert(alert="a", areas=("podil", "kyiv", "podil"), threat=Threat.DRONE))
    assert isinstance(event, AlertRaised)
    assert event.areas == ("podil", "kyiv")


def test_an_area_that_does_not_exist_is_named_with_its_place() -> None:
    with pytest.raises(Unknown, match=r"areas\[1\].*nowhere"):
        decide(Alert(), RaiseAlert(alert="a", areas=("kyiv", "nowhere"), threat=Threat.DRONE))


@pytest.mark.parametrize("phase", [Phase.ALL_CLEAR, Phase.CORRECTION, Phase.EXPIRED, Phase.UNKNOWN])
def test_nothing_but_a_warning_can_be_raised(phase: Phase) -> None:
    with pytest.raises(Invalid, match="phase"):
        decide(Alert(), RaiseAlert(alert="a", areas=("kyiv",), threat=Threat.DRONE, phase=phase))


def test_an_end_in_the_past_is_refused() -> None:
    with pytest.raises(Invalid, match="expires"):
        decide(Alert(), RaiseAlert(alert="a", areas=("kyiv",), threat=Threat.DRONE, expires=NOW))


def test_an_alert_is_raised_once() -> None:
    with pytest.raises(Refused):
        decide(given_alert(RAISE), RAISE)


def test_what_was_never_raised_cannot_be_cleared() -> None:
    with pytest.raises(Unknown, match="no alert 'a'"):
        decide(Alert(), ClearAlert(alert="a"))


def test_an_update_keeps_what_it_does_not_name_and_counts_the_revision_up() -> None:
    alert = given_alert(RAISE)
    (event,) = decide(alert, UpdateAlert(alert="a", areas=("kyiv", "podil")))
    assert isinstance(event, AlertUpdated)
    assert (event.revision, event.threat, event.texts) == (2, Threat.COMBINED, alert.texts)


def test_an_update_of_the_threat_brings_its_prepared_words() -> None:
    (event,) = decide(given_alert(RAISE), UpdateAlert(alert="a", threat=Threat.BALLISTIC))
    assert isinstance(event, AlertUpdated)
    assert event.texts["en"] == "Ballistic missile attack. Go to shelter now."


def test_an_update_that_changes_nothing_says_nothing() -> None:
    assert decide(given_alert(RAISE), UpdateAlert(alert="a", threat=Threat.COMBINED)) == []


def test_the_all_clear_covers_every_area_of_the_alert() -> None:
    (event,) = decide(given_alert(RAISE, UpdateAlert(alert="a", areas=("kyiv", "podil"))), ClearAlert(alert="a"))
    assert isinstance(event, AlertCleared)
    assert event.areas == ("kyiv", "podil")
    assert event.texts["uk"] == "Відбій тривоги."


def test_a_false_alarm_is_corrected_at_once_by_the_one_who_raised_it() -> None:
    (event,) = decide(given_alert(RAISE), CancelAlert(alert="a", reason="wrong button"), by=OLENA)
    assert isinstance(event, AlertCancelled)
    assert "mistake" in event.texts["en"]


def test_an_alert_is_confirmed_by_somebody_else() -> None:
    alert = given_alert(RAISE)
    with pytest.raises(Refused, match="second person"):
        decide(alert, ConfirmAlert(alert="a"), by=OLENA)
    confirmed = reduce(ALERT.evolve, decide(alert, ConfirmAlert(alert="a"), by=TARAS), alert)
    assert confirmed.confirmed_by == "taras"
    with pytest.raises(Refused, match="already"):
        decide(confirmed, ConfirmAlert(alert="a"), by=TARAS)


def test_an_alert_expires_only_when_its_time_has_run_out() -> None:
    alert = given_alert(RAISE)
    with pytest.raises(Refused, match="stands until"):
        decide(alert, ExpireAlert(alert="a"), at=NOW + STANDING - timedelta(seconds=1))
    expired = reduce(ALERT.evolve, decide(alert, ExpireAlert(alert="a"), at=NOW + STANDING), alert)
    assert expired.phase is Phase.EXPIRED


def test_an_expired_alert_can_still_be_cleared_or_taken_up_again() -> None:
    alert = given_alert(RAISE)
    expired = reduce(ALERT.evolve, decide(alert, ExpireAlert(alert="a"), at=NOW + STANDING), alert)
    later = NOW + STANDING + timedelta(minutes=1)
    (cleared,) = decide(expired, ClearAlert(alert="a"), at=later)
    assert isinstance(cleared, AlertCleared)
    (again,) = decide(expired, UpdateAlert(alert="a", expires=later + timedelta(hours=1)), at=later)
    assert isinstance(again, AlertUpdated)
    assert again.phase is Phase.ALERT
