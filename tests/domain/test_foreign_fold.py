"""The active set: the same for any order of arrival, and ended by nothing but a message."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.domain.foreign.fold import active, is_all_clear
from tocsin.domain.foreign.message import Info, Key, Message, Reference
from tocsin.domain.warning import Notice, Phase, Threat
from tocsin.formats.cap import write_cap
from tocsin.formats.cap_read import read_cap

NIGHT = datetime(2025, 4, 24, tzinfo=UTC)
SENDER = "alerts@kyiv.example"
DANGER = Info("uk-UA", "Тривога", ("Security",), ("Shelter",), "Immediate", "Extreme", "Observed")
CLEAR = replace(DANGER, responses=("AllClear",), urgency="Past")


def message(number: int, kind: str = "Alert", *about: int, infos: tuple[Info, ...] = (DANGER,)) -> Message:
    """A message sent in that minute, about the messages of those minutes."""
    return Message(
        version="1.2",
        key=Key(SENDER, str(number)),
        sent=NIGHT + timedelta(minutes=number),
        status="Actual",
        type=kind,
        scope="Public",
        references=tuple(Reference(Key(SENDER, str(earlier)), NIGHT + timedelta(minutes=earlier)) for earlier in about),
        infos=infos,
    )


def numbers(messages: tuple[Message, ...]) -> list[str]:
    return [found.key.identifier for found in messages]


@st.composite
def histories(draw: st.DrawFn) -> list[Message]:
    """Messages of a few senders, each about some before it, now and then about itself or a later one."""
    found = []
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["Alert", "Update", "Update", "Cancel", "Ack", "Error"]))
        about = draw(st.lists(st.integers(0, 8), max_size=3))
        infos = draw(st.sampled_from([(DANGER,), (CLEAR,), (CLEAR, DANGER), ()]))
        made = message(number, kind, *about, infos=infos)
        status = draw(st.sampled_from(["Actual", "Actual", "Exercise"]))
        sender = draw(st.sampled_from([SENDER, SENDER, "other@example"]))
        same_second = draw(st.booleans())
        found.append(
            replace(made, status=status, key=Key(sender, made.key.identifier), sent=NIGHT if same_second else made.sent)
        )
    return found


@given(histories(), st.data())
def test_any_order_of_arrival_and_any_repetition_give_the_same_active_set(
    history: list[Message], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(history), max_size=4))
    arrived = data.draw(st.permutations([*history, *again]))
    assert active(arrived) == active(history)


@given(histories(), histories())
def test_a_message_more_never_brings_back_what_was_over(history: list[Message], more: list[Message]) -> None:
    held = set(active(history))
    assert {found for found in active([*history, *more]) if found in history} <= held


@given(histories())
def test_an_exercise_changes_nothing_that_is_actual(history: list[Message]) -> None:
    actual = [found for found in history if found.status == "Actual"]
    assert [found for found in active(history) if found.status == "Actual"] == list(active(actual))


@given(histories(), st.data())
def test_a_lost_message_never_ends_an_alert(history: list[Message], data: st.DataObject) -> None:
    arrived = data.draw(st.lists(st.sampled_from(history), unique_by=id))
    standing = {found for found in active(history) if found in arrived}
    assert standing <= set(active(arrived))


@st.composite
def chains(draw: st.DrawFn) -> list[bytes]:
    """The documents that we write of one alert."""
    phases = [Phase.ALERT, *draw(st.lists(st.sampled_from([Phase.ALERT, Phase.EXPIRED]), max_size=3))]
    phases += draw(st.lists(st.sampled_from([Phase.ALL_CLEAR, Phase.CORRECTION]), max_size=1))
    times = [NIGHT + timedelta(seconds=step) for step in range(len(phases))]
    return [
        write_cap(
            Notice(
                alert="k-1",
                revision=step + 1,
                position=step + 1,
                sent=times[step],
                since=NIGHT,
                phase=phase,
                areas=("UA1",),
                threat=Threat.DRONE,
                texts={},
                expires=NIGHT + timedelta(hours=1),
                earlier=tuple((before + 1, times[before]) for before in range(step)),
            ),
            {},
            SENDER,
            "live",
        )
        for step, phase in enumerate(phases)
    ]


@given(chains(), st.data())
def test_of_our_own_messages_the_last_decides_whatever_was_lost_before_it(
    chain: list[bytes], data: st.DataObject
) -> None:
    lost = data.draw(st.sets(st.integers(0, len(chain) - 1)))
    arrived = [document for step, document in enumerate(chain) if step not in lost or step == len(chain) - 1]
    last = read_cap(chain[-1])
    over = last.type == "Cancel" or is_all_clear(last)
    assert active(map(read_cap, data.draw(st.permutations(arrived)))) == (() if over else (last,))


def test_an_update_takes_the_place_of_what_it_is_about() -> None:
    assert numbers(active([message(1), message(2, "Update", 1), message(3)])) == ["2", "3"]


def test_a_cancel_without_info_counts_even_if_it_comes_first() -> None:
    cancel = message(2, "Cancel", 1, infos=())
    assert active([cancel, message(1)]) == ()


def test_an_all_clear_ends_its_alert_and_is_not_in_force_itself() -> None:
    assert active([message(1), message(2, "Update", 1, infos=(CLEAR, CLEAR))]) == ()


def test_an_all_clear_in_one_language_only_is_none() -> None:
    assert numbers(active([message(1), message(2, "Update", 1, infos=(CLEAR, DANGER))])) == ["2"]


@pytest.mark.parametrize("kind", ["Ack", "Error", "Alert"])
def test_no_other_type_of_message_ends_an_alert(kind: str) -> None:
    assert "1" in numbers(active([message(1), message(2, kind, 1)]))


def test_a_stranger_does_not_end_an_alert() -> None:
    stranger = replace(message(2, "Cancel", 1), key=Key("stranger@example", "2"))
    assert numbers(active([message(1), stranger])) == ["1"]


def test_a_cancel_does_not_end_what_was_sent_after_it() -> None:
    assert numbers(active([message(3), message(2, "Cancel", 3)])) == ["3"]


def test_a_message_about_itself_stays() -> None:
    assert numbers(active([message(1, "Update", 1)])) == ["1"]


def test_two_messages_that_take_each_other_back_both_stay() -> None:
    one, other = message(1, "Update", 2), message(2, "Update", 1)
    assert len(active([replace(one, sent=NIGHT), replace(other, sent=NIGHT)])) == 2


def test_the_time_in_a_reference_need_not_be_right() -> None:
    wrong = replace(message(2, "Cancel"), references=(Reference(Key(SENDER, "1"), NIGHT - timedelta(days=1)),))
    assert active([message(1), wrong]) == ()
