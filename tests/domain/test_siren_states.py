"""What a siren is, by the table."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.test_siren import TODAY, Told, ack, at, cleared, condition, raised

from tocsin.domain.siren import (
    REFUSALS,
    TRANSITIONS,
    Result,
    Sign,
    SirenHealthChanged,
    State,
    heard,
    sign_of_answer,
    sign_of_condition,
)

signs = st.lists(st.sampled_from(Sign))


def after(*said: Sign, state: State = State.UNKNOWN) -> State:
    for sign in said:
        state = heard(state, sign)
    return state


def test_the_table_knows_every_sign_in_every_state() -> None:
    assert set(TRANSITIONS) == set(Sign)
    assert all(set(row) == set(State) for row in TRANSITIONS.values())


def test_the_table_in_the_documentation_is_this_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "channels.md").read_text(encoding="utf-8")
    lines = page.partition("### What a siren is\n")[2].partition("\n| heard |")[2].splitlines()
    shown = [[cell.strip() for cell in line.strip("|").split("|")][1:] for line in lines[2 : 2 + len(Sign)]]
    table = [["." if after is was else str(after) for was, after in TRANSITIONS[sign].items()] for sign in Sign]
    assert shown == table


def test_an_alarm_ends_only_when_the_horn_is_silent_or_an_alert_wants_it() -> None:
    ends = {sign for sign in Sign if heard(State.ALARM, sign) is not State.ALARM}
    assert ends == {Sign.HORN_OFF, Sign.HORN_ON}


@given(signs)
def test_a_siren_that_sounds_untold_is_an_alarm_whatever_it_was(said: list[Sign]) -> None:
    assert after(*said, Sign.HORN_ON_UNTOLD) is State.ALARM


@given(signs)
def test_a_siren_whose_link_is_dead_is_never_taken_for_silent(said: list[Sign]) -> None:
    assert after(*said, Sign.LOST) in (State.OFFLINE, State.ALARM)


@given(signs)
def test_a_faulty_siren_stays_so_until_it_sounds_passes_a_test_or_is_lost(said: list[Sign]) -> None:
    mends = {Sign.HORN_ON, Sign.PASSED, Sign.LOST, Sign.HORN_ON_UNTOLD}
    if not mends & set(said):
        assert after(*said, state=State.FAULTY) is State.FAULTY


@given(signs.filter(bool))
def test_a_siren_that_was_heard_of_is_never_unknown_again(said: list[Sign]) -> None:
    assert after(*said) is not State.UNKNOWN


@pytest.mark.parametrize("refusal", sorted(REFUSALS))
def test_a_refusal_says_nothing_of_what_a_siren_is(refusal: Result) -> None:
    assert sign_of_answer(refusal, test=False) is None
    assert heard(State.SOUNDING, None) is State.SOUNDING


def test_silence_is_a_test_passed_only_when_a_test_was_asked_for() -> None:
    assert sign_of_answer(Result.SILENT, test=True) is Sign.PASSED
    assert sign_of_answer(Result.SILENT, test=False) is Sign.TOOK_SILENCE


def test_a_broken_amplifier_is_a_fault_and_its_repair_ends_it() -> None:
    broken = msgspec.structs.replace(condition(), amplifier=False)
    mended = msgspec.structs.replace(condition(), amplifier=True)
    assert sign_of_condition(None, broken) is Sign.FAULT
    assert sign_of_condition(False, mended) is Sign.PASSED
    assert sign_of_condition(True, mended) is Sign.HORN_OFF


def test_through_a_night_the_view_follows_the_table() -> None:
    told = Told("S-1")

    def state() -> State:
        return told.view.sirens()[0].state

    assert state() is State.UNKNOWN
    told.tell(SirenHealthChanged(day=TODAY, conditions=(condition(),)))
    assert state() is State.READY
    start = told.tell(raised("K"))
    told.acks(ack("S-1", start))
    assert state() is State.SOUNDING
    end = told.tell(cleared("K"), at(60))
    told.acks(ack("S-1", end, Result.CLEARED, seconds=61))
    assert state() is State.CLEARED
    told.tell(SirenHealthChanged(day=TODAY, conditions=(condition(sounding=True, unwanted=True),)))
    assert state() is State.ALARM
    told.tell(SirenHealthChanged(day=TODAY, conditions=(condition(sounding=False),)))
    assert state() is State.READY
