"""What a siren is, as one table: the state it was in and what is heard of it give the state it is in."""

from enum import StrEnum

from tocsin.domain.siren.reports import REFUSALS, Condition, Result


class State(StrEnum):
    UNKNOWN = "unknown"
    """It was never heard of."""
    OFFLINE = "offline"
    """Its link is dead. What it does is not known."""
    READY = "ready"
    """It can sound and is silent."""
    SOUNDING = "sounding"
    """It sounds for an alert."""
    CLEARED = "cleared"
    """Silent since it took an all-clear."""
    FAULTY = "faulty"
    """It cannot sound."""
    ALARM = "alarm"
    """It sounds although nobody told it to (Jerusalem and Eilat 2022). Only its silence or an alert ends this."""


class Sign(StrEnum):
    """What is heard of a siren. The first line of each: who says it."""

    LOST = "lost"
    """The broker: its Last Will."""
    BACK = "back"
    """Its health: on line, with no word of the horn."""
    HORN_ON = "horn_on"
    """Its health or its answer: it sounds for an alert."""
    HORN_ON_UNTOLD = "horn_on_untold"
    """Its health, against what it was told."""
    HORN_OFF = "horn_off"
    """Its health: the horn is silent."""
    TOOK_CLEAR = "took_clear"
    """Its answer: it took an all-clear."""
    TOOK_SILENCE = "took_silence"
    """Its answer: it took a state and makes no sound."""
    PASSED = "passed"
    """Its answer: it passed a silent test. Or its health: the amplifier works again."""
    FAULT = "fault"
    """Its answer or its health: it cannot sound."""


_U, _O, _R, _S, _C, _F, _A = State
# Read as: when this is heard of a siren, what was <column> is now <cell>.
#   was:              unknown  offline  ready  sounding  cleared  faulty  alarm
_ROWS = {
    Sign.LOST:           (_O,    _O,     _O,     _O,       _O,      _O,     _A),
    Sign.BACK:           (_R,    _R,     _R,     _S,       _C,      _F,     _A),
    Sign.HORN_ON:        (_S,    _S,     _S,     _S,       _S,      _S,     _S),
    Sign.HORN_ON_UNTOLD: (_A,    _A,     _A,     _A,       _A,      _A,     _A),
    Sign.HORN_OFF:       (_R,    _R,     _R,     _R,       _C,      _F,     _R),
    Sign.TOOK_CLEAR:     (_C,    _C,     _C,     _C,       _C,      _F,     _A),
    Sign.TOOK_SILENCE:   (_R,    _R,     _R,     _R,       _R,      _F,     _A),
    Sign.PASSED:         (_R,    _R,     _R,     _R,       _C,      _R,     _A),
    Sign.FAULT:          (_F,    _F,     _F,     _F,       _F,      _F,     _A),
}  # fmt: skip
TRANSITIONS: dict[Sign, dict[State, State]] = {sign: dict(zip(State, row, strict=True)) for sign, row in _ROWS.items()}


def heard(state: State, sign: Sign | None) -> State:
    """The state after a sign; the same if nothing was heard."""
    return state if sign is None else TRANSITIONS[sign][state]


def sign_of_answer(result: Result, *, test: bool) -> Sign | None:
    """
    What an answer says of the siren; None for a refusal, which only says what it did not do.

    Args:
        test: It answers a silent test.
    """
    if result in REFUSALS:
        return None
    if test and result is Result.SILENT:
        return Sign.PASSED
    return _ANSWERS[result]


_ANSWERS = {
    Result.SOUNDING: Sign.HORN_ON,
    Result.CLEARED: Sign.TOOK_CLEAR,
    Result.SILENT: Sign.TOOK_SILENCE,
    Result.FAULTY: Sign.FAULT,
}


def sign_of_condition(amplifier: bool | None, now: Condition) -> Sign:
    """
    What a condition says of the siren, the worst first.

    Args:
        amplifier: Whether it worked until now.
    """
    if now.unwanted:
        return Sign.HORN_ON_UNTOLD
    if not now.online:
        return Sign.LOST
    if now.sounding:
        return Sign.HORN_ON
    if now.amplifier is False:
        return Sign.FAULT
    if now.amplifier and amplifier is False:
        return Sign.PASSED
    return Sign.BACK if now.sounding is None else Sign.HORN_OFF
