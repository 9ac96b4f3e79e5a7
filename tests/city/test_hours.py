"""What opening_hours say, and what they do not."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.city.hours import Hours, hours_of, read_hours

KYIV = ZoneInfo("Europe/Kyiv")
WEDNESDAY_NIGHT = datetime(2025, 4, 23, 1, 30, tzinfo=KYIV)
WEDNESDAY_NOON = datetime(2025, 4, 23, 12, 0, tzinfo=KYIV)
SUNDAY_NOON = datetime(2025, 4, 27, 12, 0, tzinfo=KYIV)


@pytest.mark.parametrize(
    ("text", "night", "noon", "sunday"),
    [
        ("24/7", "open", "open", "open"),
        ("10:00-18:00", "closed", "open", "open"),
        ("Mo-Fr 08:00-18:00", "closed", "open", "closed"),
        ("Mo-Fr 08:00-18:00; Su 11:00-13:00", "closed", "open", "open"),
        ("Mo-Su 08:00-18:00; Su off", "closed", "open", "closed"),
        ("Tu 22:00-06:00", "open", "closed", "closed"),
        ("Sa-Mo 09:00-12:00,12:30-14:00", "closed", "closed", "closed"),
        ("Tu,We 00:00-24:00", "open", "open", "closed"),
        ("off", "closed", "closed", "closed"),
        ("", "unknown", "unknown", "unknown"),
        ("sunrise-sunset", "unknown", "unknown", "unknown"),
        ("24/7; PH off", "unknown", "unknown", "unknown"),
        ('Mo-Fr "за дзвінком"', "unknown", "unknown", "unknown"),
    ],
)
def test_hours_say_open_closed_or_that_they_are_not_known(text: str, night: str, noon: str, sunday: str) -> None:
    said = [read_hours(text, now) for now in (WEDNESDAY_NIGHT, WEDNESDAY_NOON, SUNDAY_NOON)]
    assert said == [night, noon, sunday]


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    assert read_hours(text, WEDNESDAY_NOON) in Hours


def test_where_only_pupils_are_let_in_nobody_else_is_sent() -> None:
    assert hours_of({"access": "pupils", "opening_hours": "24/7"}, WEDNESDAY_NOON) is Hours.CLOSED
    assert hours_of({"access": "yes", "opening_hours": "24/7"}, WEDNESDAY_NOON) is Hours.OPEN
    assert hours_of({}, WEDNESDAY_NOON) is Hours.UNKNOWN
