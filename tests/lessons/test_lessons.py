"""
How such systems failed elsewhere, and that ours does not: one test for each lesson.

Where a rule has tests of its own beside its code, the test here runs them under the name of the lesson.
"""

import asyncio
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from litestar.testing import TestClient
from tests.channels import test_siren_device as siren_device
from tests.channels import test_telegram as telegram
from tests.domain import test_foreign_fold as fold
from tests.domain import test_templates as templates
from tests.flow import test_stream as stream
from tests.foreign import NIGHT, cap
from tests.formats import test_cap_sign as signatures
from tests.kernel import test_time as times
from tests.system.night import REALM, Night, all_ways
from tests.views import test_board as board
from tests.virtual_time import VirtualLoop, run, virtual_loop

from tocsin.domain.siren import Mode
from tocsin.domain.warning import (
    EXERCISE,
    AlertExpired,
    AlertReminded,
    CancelAlert,
    ClearAlert,
    ConfirmAlert,
    Phase,
    RaiseAlert,
    Threat,
)
from tocsin.flow.intake import Intake
from tocsin.formats.cap_read import read_cap
from tocsin.formats.push_message import topic
from tocsin.http.app import build_app
from tocsin.kernel.errors import Invalid, Refused, Unavailable
from tocsin.kernel.event import Actor, Command

OFFICER, SECOND = Actor("olena", "administrator"), Actor("bohdan", "administrator")


class Play:
    """Commands, one after the other, with everything that follows from them."""

    def __init__(self, loop: VirtualLoop, night: Night) -> None:
        self._loop = loop
        self.night = night
        self.area = night.areas[1]

    def __call__(self, *commands: Command, wait: float = 5.0) -> None:
        run(self._loop, self._play(commands, wait))

    async def _play(self, commands: tuple[Command, ...], wait: float) -> None:
        await self.night.start()
        await asyncio.sleep(1)
        for command in commands:
            self.night.running.system.do(command, OFFICER)
            await asyncio.sleep(wait)
        await self.night.settle()
        await self.night.stop()

    def alert(self, name: str = "a", minutes: int | None = None, phase: Phase = Phase.ALERT) -> RaiseAlert:
        end = None if minutes is None else self.night.now() + timedelta(minutes=minutes)
        return RaiseAlert(alert=name, areas=(self.area,), threat=Threat.MISSILE, phase=phase, expires=end)


@pytest.fixture
def play() -> Iterator[Play]:
    with virtual_loop() as loop, all_ways(loop) as night:
        yield Play(loop, night)


def test_lesson_01_an_exercise_says_so_everywhere_and_a_false_alarm_is_corrected_by_one_command_of_one_person(
    play: Play,
) -> None:
    play(play.alert())
    with pytest.raises(Refused, match="second person"):
        play.night.running.system.do(ConfirmAlert(alert="a"), OFFICER)
    play(CancelAlert(alert="a", reason="a slip of the hand"))
    assert play.night.phone_states()[play.area] == (Phase.CORRECTION, False)
    assert play.night.siren_modes()[play.area] == Mode.ALL_CLEAR
    assert all(post.removeprefix("<s>").find(EXERCISE["uk"]) >= 0 for post in play.night.chat.posts.values())
    assert {got.payload["realm"] for phone in play.night.phones for got in phone.got} == {REALM}
    assert all(message.status == "Exercise" for message in play.night.reader.held.values())


@pytest.mark.parametrize("phase", [Phase.PRE_ALERT, Phase.ALERT])
def test_lesson_02_the_phase_is_a_word_of_its_own_in_every_payload(play: Play, phase: Phase) -> None:
    def said() -> set[object]:
        system = play.night.running.system
        with TestClient(build_app(system)) as client:
            feed = client.get("/cap/feed.atom").text
        shown = play.night.phones[1].shown()[topic(REALM, play.area)]
        return {system.views.board.area(play.area).phase, shown.payload["phase"], *re.findall('term="(.*?)"', feed)}

    play(play.alert(phase=phase))
    assert said() == {phase}
    play(ClearAlert(alert="a"))
    assert said() == {Phase.ALL_CLEAR}


def test_lesson_03_what_ran_out_is_not_cleared_and_officers_were_asked_before(play: Play) -> None:
    board.test_an_area_of_which_nothing_was_ever_said_is_unknown_not_safe()
    board.test_a_copy_says_until_when_it_may_be_believed_and_is_the_same_within_its_window()
    play(play.alert(minutes=4), wait=5 * 60)
    events = [recorded.event for recorded in play.night.running.system.journal.read()]
    assert [event.minutes for event in events if isinstance(event, AlertReminded)] == [3]
    assert isinstance([event for event in events if isinstance(event, AlertReminded | AlertExpired)][-1], AlertExpired)
    assert play.night.running.system.views.board.area(play.area).phase is Phase.EXPIRED
    assert play.night.phone_states()[play.area] == (Phase.EXPIRED, False)
    assert play.night.reader.active()


def test_lesson_04_who_was_away_gets_the_whole_state_and_who_was_away_too_long_a_reset() -> None:
    stream.test_a_new_follower_gets_the_whole_state_first_and_then_what_happens()
    stream.test_one_who_comes_back_hears_exactly_what_was_missed_and_then_what_is_true()
    stream.test_a_position_that_left_the_ring_is_answered_with_a_reset_and_a_snapshot()


def test_lesson_05_an_end_never_waits_for_its_alert_and_an_unknown_type_of_message_is_refused() -> None:
    telegram.test_an_all_clear_goes_out_even_if_its_alert_never_did()
    fold.test_a_cancel_without_info_counts_even_if_it_comes_first()
    with pytest.raises(Invalid):
        read_cap(cap(type_="Surprise"))


def test_lesson_06_any_order_of_arrival_gives_the_same_active_set() -> None:
    fold.test_any_order_of_arrival_and_any_repetition_give_the_same_active_set()
    fold.test_an_update_takes_the_place_of_what_it_is_about()


def test_lesson_07_clearing_one_alert_does_not_clear_another_around_or_inside_it() -> None:
    board.test_an_alert_covers_its_area_and_all_inside_but_not_what_is_around()
    board.test_a_follower_of_the_city_hears_of_a_raion_as_part_of_it()
    board.test_clearing_one_alert_never_clears_another_that_still_covers_the_area()


def test_lesson_08_the_board_is_one_document_that_caches_serve_for_a_moment_and_never_past_its_validity(
    play: Play,
) -> None:
    with TestClient(build_app(play.night.running.system)) as client:
        first = client.get("/v1/board")
        age = re.search(r"max-age=(\d+)", first.headers["cache-control"])
        assert age is not None
        assert 1 <= int(age[1]) <= 5
        again = client.get("/v1/board", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304


def test_lesson_09_the_board_and_the_feeds_are_open_to_everybody(play: Play) -> None:
    with TestClient(build_app(play.night.running.system)) as client:
        for path in ("/v1/board", "/cap/feed.atom", "/cap/feed.rss", "/schema/openapi.json"):
            assert client.get(path).status_code == 200, path


def test_lesson_10_a_siren_obeys_nobody_but_its_server_and_stops_by_itself() -> None:
    siren_device.test_a_forged_message_is_refused_and_answered_for_the_state_that_is_held()
    siren_device.test_an_expired_message_is_refused()
    siren_device.test_a_replayed_nonce_is_refused_unless_the_broker_kept_the_message_for_us()
    siren_device.test_a_siren_stops_by_itself_at_its_maximum_sounding_time()


def test_lesson_11_whatever_element_is_missing_a_message_is_read_or_refused_by_name() -> None:
    whole = cap("1", "0@0", area="<geocode><valueName>KATOTTG</valueName><value>UA80</value></geocode>").decode()
    for name in sorted(set(re.findall(r"<([a-zA-Z]+)[ >]", whole))):
        for less in (
            re.sub(rf"<{name}[ >].*?</{name}>", "", whole, flags=re.S),
            whole.replace(f"<{name}>", f"<{name}/>"),
        ):
            # Anything but Invalid fails the test.
            with suppress(Invalid):
                read_cap(less.encode())


def test_lesson_12_a_repeated_order_is_one_alert_and_words_are_read_by_two_people(play: Play) -> None:
    system = play.night.running.system
    first = system.do(play.alert(), OFFICER, "key")
    assert system.do(play.alert(), OFFICER, "key").position == first.position
    templates.test_a_version_is_used_once_a_second_person_has_read_every_language_of_it()
    templates.test_nobody_approves_their_own_words()


def test_lesson_13_both_half_past_threes_of_october_are_told_apart() -> None:
    times.test_half_past_three_comes_twice_in_october_and_each_is_an_instant_of_its_own()
    times.test_three_oclock_does_not_come_in_march()
    times.test_cap_keeps_both_half_past_threes_apart_written_and_read()


def test_lesson_14_what_lay_there_before_we_looked_is_no_news_and_a_siren_that_boots_does_not_sound_for_it(
    play: Play,
) -> None:
    siren_device.test_after_boot_a_siren_sounds_for_a_fresh_alert_and_not_for_an_old_one()
    system = play.night.running.system
    Intake(system.do, "meteo", None, NIGHT).take(cap(), backlog=True)
    system.projector.catch_up()
    assert not any(alert.fresh for alert in system.views.foreign_alerts.active())


def test_lesson_15_what_could_not_be_kept_is_not_taken_for_done_and_what_cannot_be_read_is_shown(play: Play) -> None:
    def away(_command: Command, _actor: Actor) -> None:
        raise Unavailable("the disk is full")

    with pytest.raises(Unavailable):
        Intake(away, "meteo", None, NIGHT).take(cap())  # type: ignore[arg-type]
    system = play.night.running.system
    Intake(system.do, "meteo", None, NIGHT).take(b"<html/>")
    system.projector.catch_up()
    (rejection,) = system.views.foreign_alerts.rejected()
    assert rejection.excerpt == "<html/>"


def test_lesson_16_telegram_gets_one_post_of_an_alert_and_its_end_is_a_new_post_that_also_strikes_the_first(
    play: Play,
) -> None:
    play(play.alert(), ClearAlert(alert="a"))
    first, second = play.night.thread("a")
    assert first.startswith("<s>")
    assert not second.startswith("<s>")


def test_lesson_16_an_alert_does_not_wait_for_bulletins_and_telegram_is_asked_when_it_says() -> None:
    telegram.test_bulletins_wait_when_a_minute_is_half_used_and_alerts_do_not()
    telegram.test_telegram_asking_to_wait_is_passed_on_with_the_seconds()


def test_lesson_17_what_the_broker_took_is_not_what_a_siren_did(play: Play) -> None:
    siren = next(each for each in play.night.sirens if each.device.siren == play.night.running.system.city.sirens[0].id)

    async def quiet() -> None:
        await play.night.start()
        await asyncio.sleep(1)
        play.night.broker.line(siren, online=False)
        play.night.running.system.do(play.alert(), OFFICER)
        await asyncio.sleep(60)
        await play.night.stop()

    run(play._loop, quiet())
    assert play.night.loops.delivered()
    said = {each.siren: each.revision for each in play.night.running.system.views.sirens.sirens()}
    assert said[siren.device.siren] == 0
    play()
    said = {each.siren: each.revision for each in play.night.running.system.views.sirens.sirens()}
    assert said[siren.device.siren]


def test_lesson_18_areas_are_chosen_and_nobody_is_asked_where_they_are(play: Play) -> None:
    with TestClient(build_app(play.night.running.system)) as client:
        (area,) = client.get(f"/v1/board?areas={play.area}").json()["areas"]
        assert area["area"] == play.area
        body = play.night.phones[0].subscription(play.area) | {"lat": 50.4, "lon": 30.5}
        assert "lat" not in client.post("/v1/push/subscriptions", json=body).text


def test_lesson_19_a_signature_proves_something_only_by_a_certificate_that_was_pinned() -> None:
    signatures.test_a_signature_by_an_untrusted_certificate_fails()
    signatures.test_the_certificate_that_a_signature_brings_along_proves_nothing()
    signatures.test_a_signature_over_an_alert_inside_another_does_not_vouch_for_the_outer_one()


def test_lesson_20_the_buttons_at_a_siren_work_without_a_link_and_are_told_of_later() -> None:
    siren_device.test_the_alarm_at_the_siren_sounds_it_without_any_link_until_its_maximum_sounding_time()
    siren_device.test_a_press_is_told_when_the_link_is_back_with_the_time_it_was_made()
    siren_device.test_what_a_siren_remembers_survives_a_power_cut()
