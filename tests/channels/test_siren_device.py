"""The rules of a siren in the field."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.channels.siren_device import GUARD, MAXIMUM_SOUNDING, NONCES, SirenDevice, SirenState
from tocsin.domain.siren import REFUSALS, Local, Mode, Result
from tocsin.formats import siren_wire as wire
from tocsin.formats.siren_wire import Ack, Wanted
from tocsin.kernel.signing import Ed25519Signer

NOW = datetime(2025, 4, 24, 0, 36, tzinfo=UTC)
SIGNER = Ed25519Signer(bytes(range(32)))
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


class Bench:
    """A siren on the bench, with what it remembers and a clock."""

    def __init__(self, *, works: bool = True) -> None:
        self.device = SirenDevice("exercise", "S-1", SIGNER.public, works=works)
        self.state = SirenState()
        self.now = NOW
        self.sent = 0

    def payload(
        self,
        mode: Mode,
        revision: int,
        *,
        alert: str = "a",
        issued: datetime | None = None,
        not_after: datetime | None = None,
        realm: str = "exercise",
        siren: str = "S-1",
        signer: Ed25519Signer = SIGNER,
    ) -> bytes:
        self.sent += 1
        wanted = Wanted(
            alert=alert,
            revision=revision,
            mode=mode,
            issued=issued or self.now,
            not_after=not_after or self.now + HOUR,
            nonce=str(self.sent),
        )
        return wire.sign(realm, siren, wanted, signer)

    def hear(self, payload: bytes, *, retained: bool = False) -> Ack:
        self.state, ack = self.device.accept(self.state, payload, self.now, retained=retained)
        return ack

    def boot(self) -> None:
        self.hear(self.payload(Mode.OFF, 0))

    @property
    def sounding(self) -> bool:
        return self.device.sounding(self.state, self.now)


def test_a_siren_sounds_for_an_alert_and_falls_silent_at_the_all_clear() -> None:
    bench = Bench()
    ack = bench.hear(bench.payload(Mode.ALERT, 10))
    assert (ack.alert, ack.revision, ack.result, ack.sounding_at) == ("a", 10, Result.SOUNDING, NOW)
    assert bench.sounding
    ack = bench.hear(bench.payload(Mode.ALL_CLEAR, 11))
    assert (ack.result, ack.sounding_at, bench.sounding) == (Result.CLEARED, None, False)


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.TEST_SILENT])
def test_a_siren_makes_no_sound_when_none_is_wanted(mode: Mode) -> None:
    bench = Bench()
    assert bench.hear(bench.payload(mode, 10)).result is Result.SILENT
    assert not bench.sounding


def test_a_siren_stops_by_itself_at_its_maximum_sounding_time() -> None:
    bench = Bench()
    bench.hear(bench.payload(Mode.ALERT, 10))
    bench.now += MAXIMUM_SOUNDING - SECOND
    assert bench.sounding
    bench.now += SECOND
    assert not bench.sounding
    assert bench.device.health(bench.state, bench.now).sounding is False


def test_a_siren_stops_when_the_alert_ends_before_its_maximum_sounding_time() -> None:
    bench = Bench()
    bench.hear(bench.payload(Mode.ALERT, 10, not_after=NOW + MINUTE))
    bench.now += MINUTE
    assert not bench.sounding


def test_the_same_state_published_again_is_acknowledged_and_does_not_sound_anew() -> None:
    bench = Bench()
    first = bench.hear(bench.payload(Mode.ALERT, 10))
    bench.now += MAXIMUM_SOUNDING
    again = bench.hear(bench.payload(Mode.ALERT, 10, issued=NOW))
    assert (again.result, again.sounding_at) == (Result.SILENT, first.sounding_at)
    assert not bench.sounding


def test_an_update_of_the_same_alert_neither_sounds_anew_nor_lengthens_the_sound() -> None:
    bench = Bench()
    bench.hear(bench.payload(Mode.ALERT, 10))
    bench.now += MINUTE
    assert bench.hear(bench.payload(Mode.ALERT, 11, issued=NOW)).result is Result.SOUNDING
    bench.now = NOW + MAXIMUM_SOUNDING
    assert not bench.sounding


def test_the_end_of_a_newer_alert_does_not_sound_the_older_one_anew() -> None:
    bench = Bench()
    bench.hear(bench.payload(Mode.ALERT, 10, alert="a"))
    bench.now += 10 * MINUTE
    bench.hear(bench.payload(Mode.ALERT, 11, alert="b"))
    assert bench.sounding, "a new alert sounds though an older one stands"
    bench.now += 10 * MINUTE
    assert bench.hear(bench.payload(Mode.ALERT, 12, alert="a", issued=NOW)).result is Result.SILENT


def test_a_new_alert_after_an_all_clear_sounds() -> None:
    bench = Bench()
    for revision, mode in enumerate((Mode.ALERT, Mode.ALL_CLEAR, Mode.ALERT), 10):
        bench.now += MINUTE
        bench.hear(bench.payload(mode, revision))
    assert bench.sounding


def test_an_alert_that_began_elsewhere_and_is_extended_to_a_silent_siren_sounds_it() -> None:
    bench = Bench()
    bench.hear(bench.payload(Mode.ALERT, 10, alert="b"))
    bench.now += MINUTE
    bench.hear(bench.payload(Mode.ALL_CLEAR, 11, alert="b"))
    ack = bench.hear(bench.payload(Mode.ALERT, 12, alert="a", issued=NOW - HOUR))
    assert (ack.result, bench.sounding) == (Result.SOUNDING, True)


def test_an_alert_that_ran_out_unheard_does_not_keep_the_next_one_silent() -> None:
    bench = Bench()
    bench.hear(bench.payload(Mode.ALERT, 10, not_after=NOW + MINUTE))
    bench.now += 2 * MINUTE
    assert bench.hear(bench.payload(Mode.ALERT, 12, issued=NOW)).result is Result.SOUNDING


def test_a_siren_that_was_away_for_a_while_sounds_for_an_alert_it_missed() -> None:
    bench = Bench()
    bench.boot()
    assert bench.hear(bench.payload(Mode.ALERT, 10, issued=NOW - 20 * MINUTE)).result is Result.SOUNDING


def test_after_boot_a_siren_sounds_for_a_fresh_alert_and_not_for_an_old_one() -> None:
    fresh, old = Bench(), Bench()
    ack = fresh.hear(fresh.payload(Mode.ALERT, 10, issued=NOW - MINUTE), retained=True)
    assert ack.result is Result.SOUNDING
    ack = old.hear(old.payload(Mode.ALERT, 10, issued=NOW - MAXIMUM_SOUNDING - SECOND), retained=True)
    assert (ack.result, ack.sounding_at) == (Result.SILENT, None)
    old.hear(old.payload(Mode.ALERT, 10, issued=NOW - MAXIMUM_SOUNDING - SECOND))
    assert not old.sounding, "not even when the server says it again"


def test_a_forged_message_is_refused_and_answered_for_the_state_that_is_held() -> None:
    bench = Bench()
    bench.hear(bench.payload(Mode.ALL_CLEAR, 10))
    for payload in (
        bench.payload(Mode.ALERT, 99, signer=Ed25519Signer()),
        bench.payload(Mode.ALERT, 99, siren="S-2"),
        bench.payload(Mode.ALERT, 99, realm="live"),
        bench.payload(Mode.ALERT, 99).replace(b'"revision":99', b'"revision":98'),
        b"on",
        b"",
    ):
        ack = bench.hear(payload)
        assert (ack.result, ack.alert, ack.revision) == (Result.REFUSED_SIGNATURE, "a", 10)
    assert bench.state.mode is Mode.ALL_CLEAR


def test_an_expired_message_is_refused() -> None:
    bench = Bench()
    ack = bench.hear(bench.payload(Mode.ALERT, 10, not_after=NOW - SECOND), retained=True)
    assert (ack.result, ack.revision, bench.sounding) == (Result.REFUSED_EXPIRED, 10, False)


def test_an_older_revision_is_refused() -> None:
    bench = Bench()
    bench.hear(bench.payload(Mode.ALL_CLEAR, 11))
    ack = bench.hear(bench.payload(Mode.ALERT, 10))
    assert (ack.result, ack.revision, bench.sounding) == (Result.REFUSED_OLDER, 10, False)


def test_a_replayed_nonce_is_refused_unless_the_broker_kept_the_message_for_us() -> None:
    bench = Bench()
    payload = bench.payload(Mode.ALERT, 10)
    bench.hear(payload)
    assert bench.hear(payload).result is Result.REFUSED_REPLAY
    assert bench.hear(payload, retained=True).result is Result.SOUNDING
    bench.hear(bench.payload(Mode.ALERT, 10))
    assert bench.hear(payload, retained=True).result is Result.REFUSED_REPLAY, "it is no longer the one that is kept"


def test_the_memory_of_nonces_is_bounded() -> None:
    bench = Bench()
    for revision in range(3 * NONCES):
        bench.hear(bench.payload(Mode.OFF, revision))
    assert len(bench.state.nonces) == NONCES


def test_a_broken_horn_is_reported_and_still_takes_the_state() -> None:
    bench = Bench(works=False)
    assert bench.hear(bench.payload(Mode.TEST_SILENT, 9)).result is Result.FAULTY
    ack = bench.hear(bench.payload(Mode.ALERT, 10))
    assert (ack.result, ack.sounding_at, bench.sounding) == (Result.FAULTY, None, False)
    assert bench.hear(bench.payload(Mode.ALL_CLEAR, 11)).result is Result.CLEARED


MESSAGES = st.lists(
    st.tuples(st.sampled_from(Mode), st.integers(0, 20), st.integers(-30, 30), st.booleans(), st.integers(0, 400)),
    max_size=12,
)


@given(MESSAGES)
def test_whatever_the_order_a_siren_holds_the_newest_state_it_took_and_sounds_only_for_an_alert(
    messages: list[tuple[Mode, int, int, bool, int]],
) -> None:
    bench = Bench()
    taken = -1
    for mode, revision, ends, retained, wait in messages:
        bench.now += wait * SECOND
        ack = bench.hear(bench.payload(mode, revision, not_after=bench.now + ends * MINUTE), retained=retained)
        taken = taken if ack.result in REFUSALS else max(taken, revision)
        assert bench.state.revision == taken
        assert bench.sounding <= (bench.state.mode is Mode.ALERT and bench.now < bench.state.not_after)
        assert (ack.result is Result.SOUNDING) <= bench.sounding
    bench.now += MAXIMUM_SOUNDING
    assert not bench.sounding


@given(st.binary(), st.booleans())
def test_no_bytes_upset_a_siren(payload: bytes, retained: bool) -> None:
    bench = Bench()
    assert bench.hear(payload, retained=retained).result is Result.REFUSED_SIGNATURE
    assert bench.state == SirenState()


# Silent tests


def test_a_siren_that_passes_a_silent_test_says_so_and_remembers_when() -> None:
    bench = Bench()
    ack = bench.hear(bench.payload(Mode.TEST_SILENT, 10, alert="round"))
    assert (ack.alert, ack.result, ack.sounding_at, bench.sounding) == ("round", Result.SILENT, None, False)
    assert bench.device.health(bench.state, bench.now).tested_at == NOW


def test_a_broken_siren_fails_a_silent_test() -> None:
    bench = Bench(works=False)
    assert bench.hear(bench.payload(Mode.TEST_SILENT, 10)).result is Result.FAULTY
    health = bench.device.health(bench.state, bench.now)
    assert (health.tested_at, health.amplifier) == (None, False)


def test_an_alert_sounds_in_the_middle_of_a_silent_test() -> None:
    bench = Bench()
    bench.hear(bench.payload(Mode.TEST_SILENT, 10))
    bench.now += SECOND
    assert bench.hear(bench.payload(Mode.ALERT, 11)).result is Result.SOUNDING


# The buttons at the siren itself


def press(bench: Bench, button: Local, held: timedelta = GUARD) -> None:
    bench.state = bench.device.press(bench.state, button, bench.now, held)


def test_the_alarm_at_the_siren_sounds_it_without_any_link_until_its_maximum_sounding_time() -> None:
    bench = Bench()
    press(bench, Local.ALARM)
    assert bench.sounding
    bench.now += MAXIMUM_SOUNDING
    assert not bench.sounding


@pytest.mark.parametrize("button", Local)
def test_a_button_that_is_only_touched_does_nothing(button: Local) -> None:
    bench = Bench()
    before = bench.state
    press(bench, button, GUARD - timedelta(milliseconds=1))
    assert bench.state == before


def test_the_clear_at_the_siren_ends_the_sound_of_an_alert_and_a_later_alert_sounds_again() -> None:
    bench = Bench()
    bench.hear(bench.payload(Mode.ALERT, 10))
    bench.now += SECOND
    press(bench, Local.CLEAR)
    assert not bench.sounding
    assert bench.hear(bench.payload(Mode.ALERT, 11, issued=NOW)).result is Result.SILENT, "an update of the same"
    bench.now += SECOND
    assert bench.hear(bench.payload(Mode.ALERT, 12, alert="b")).result is Result.SOUNDING


def test_an_all_clear_that_was_decided_before_the_alarm_was_pressed_does_not_silence_it() -> None:
    bench = Bench()
    bench.boot()
    bench.now += MINUTE
    press(bench, Local.ALARM)
    assert bench.hear(bench.payload(Mode.ALL_CLEAR, 11, issued=NOW)).result is Result.CLEARED
    assert bench.sounding
    bench.now += SECOND
    bench.hear(bench.payload(Mode.ALL_CLEAR, 12))
    assert not bench.sounding, "whoever decided this may have known of the alarm"


def test_a_press_is_told_when_the_link_is_back_with_the_time_it_was_made() -> None:
    bench = Bench()
    press(bench, Local.ALARM)
    bench.now += HOUR
    health = bench.device.health(bench.state, bench.now)
    assert (health.local, health.local_at, health.sounding) == (Local.ALARM, NOW, False)


def test_what_a_siren_remembers_survives_a_power_cut() -> None:
    bench = Bench()
    bench.hear(bench.payload(Mode.ALERT, 10))
    again = bench.payload(Mode.ALERT, 9)
    press(bench, Local.ALARM)
    kept = msgspec.json.encode(bench.state)
    bench.state = msgspec.json.decode(kept, type=SirenState)
    assert bench.sounding
    assert bench.hear(again).result is Result.REFUSED_OLDER


@pytest.mark.parametrize("button", Local)
def test_a_broken_horn_makes_no_sound_whatever_is_pressed(button: Local) -> None:
    bench = Bench(works=False)
    press(bench, button)
    assert not bench.sounding
