"""The signs on the wall, as golden files and as words."""

from datetime import UTC, datetime

import pytest
from lxml import etree
from tests.conftest import Golden

from tocsin.formats.insarag_marking import (
    LevelLine,
    Sign,
    clearance_svg,
    victims_svg,
    victims_text,
    worksite_svg,
    worksite_text,
)

DAY = datetime(2025, 4, 24, 6, tzinfo=UTC)
SIGN = Sign(
    id="C-6",
    category="B",
    scheme="insarag-2015",
    hazards=("gas", "unstable <wall>"),
    levels=(LevelLine("UKR-01", 3, DAY), LevelLine("UKR-02", 4, DAY)),
    bearing=270,
)


def test_the_worksite_marking_is_painted_as_the_guidelines_say(golden: Golden) -> None:
    golden.check("worksite-marking.svg", worksite_svg(SIGN))


def test_a_finished_worksite_has_a_line_through_it(golden: Golden) -> None:
    golden.check("worksite-marking-finished.svg", worksite_svg(Sign(id="AB-1024", finished=True)))


def test_the_victim_marking_strikes_out_what_was_before(golden: Golden) -> None:
    golden.check("victim-marking.svg", victims_svg([(2, 1), (1, 1), (0, 1)], 45))


def test_the_rapid_clearance_marking_has_its_letter_team_and_day(golden: Golden) -> None:
    golden.check("rapid-clearance.svg", clearance_svg("D", "UKR-01", DAY))


def test_the_marking_in_words_is_what_is_painted_line_by_line() -> None:
    assert worksite_text(SIGN).splitlines() == [
        "! gas",
        "! unstable <wall>",
        "[ C-6 ]",
        "B (insarag-2015)",
        "UKR-01 - ASR3 - 24.04.25",
        "UKR-02 - ASR4 - 24.04.25",
    ]
    assert worksite_text(Sign(id="6", finished=True)).splitlines() == ["[ 6 ]", "———— no more rescue work ————"]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([], "V\n"),
        ([(2, 0)], "V L-2\n"),
        ([(0, 3)], "V D-3\n"),
        ([(2, 1), (1, 1), (0, 0)], "V ~L-2 D-1~ ~L-1 D-1~\n"),
    ],
)
def test_the_victim_marking_in_words(counts: list[tuple[int, int]], words: str) -> None:
    assert victims_text(counts).replace(" \n", "\n") == words


def test_whatever_the_hazard_is_called_the_drawing_is_well_formed() -> None:
    odd = Sign(id='C-6"', category="A", hazards=('<&"', "газ"))
    assert etree.fromstring(worksite_svg(odd).encode()).tag.endswith("svg")
