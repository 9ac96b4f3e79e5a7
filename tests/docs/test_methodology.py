"""docs/methodology.md says what the program does."""

from pathlib import Path

import pytest

from tocsin.domain.casualties import Interval, Lang, Measure, Reason, parse, render
from tocsin.domain.casualties.phrases import Form, shape_of
from tocsin.domain.casualties.policy import COUNTING, PRIORITY
from tocsin.domain.casualties.rules import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "methodology.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table whose header begins with these cells."""
    lines = PAGE[PAGE.index(heading) :].splitlines()[2:]
    table = lines[: next((index for index, line in enumerate(lines) if not line.startswith("|")), len(lines))]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table]


PHRASES = rows("| form | English |")


@pytest.mark.parametrize("row", PHRASES, ids=lambda row: str(row[0]))
def test_each_printed_phrase_means_its_printed_bounds(row: list[str]) -> None:
    form, english, ukrainian, *numbers = row
    lo, hi, point = (None if number in ("open", "none") else int(number) for number in numbers)
    assert lo is not None
    interval = Interval(lo, hi, point)
    assert shape_of(interval).form == form
    for lang, phrase in ((Lang.EN, english), (Lang.UK, ukrainian)):
        assert parse(phrase, lang).interval == interval
        assert render(interval, lang) == phrase


def test_every_form_is_printed() -> None:
    assert [row[0] for row in PHRASES] == [form.value for form in Form]


def test_the_printed_priorities_are_the_ones_in_force() -> None:
    printed = {measure: kinds.split(", ") for measure, kinds in rows("| measure | from first to last |")}
    assert printed == {measure.value: [kind.value for kind in PRIORITY[measure]] for measure in Measure}
    for kinds in PRIORITY.values():
        assert set(kinds[: len(COUNTING)]) == COUNTING


def test_the_printed_rules_are_the_ones_in_force() -> None:
    assert dict(rows("| rule | says |")) == RULES


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_for_a_lower_figure_is_printed(reason: Reason) -> None:
    assert reason.value in " ".join(PAGE.split())
