"""docs/methodology.md says what the program does."""

from pathlib import Path

import pytest

from tocsin.domain.casualties import SHIPPED, Interval, Lang, Measure, OrgKind, Reason, parse, read_policy, render
from tocsin.domain.casualties.duplicates import ENOUGH, POINTS
from tocsin.domain.casualties.phrases import Form, shape_of
from tocsin.domain.casualties.words import RULES

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
    assert printed == {measure.value: [kind.value for kind in SHIPPED.order(measure)] for measure in Measure}
    for measure in Measure:
        assert set(SHIPPED.order(measure)[: len(SHIPPED.counting)]) == SHIPPED.counting


def test_the_printed_rules_are_the_ones_in_force() -> None:
    printed = {code: (english, ukrainian) for code, english, ukrainian in rows("| rule | English |")}
    assert printed == {code: (said[Lang.EN], said[Lang.UK]) for code, said in RULES.items()}


def test_the_printed_points_are_the_ones_in_force() -> None:
    printed = [points for _, points in rows("| what speaks for one person |")]
    assert [int(point) for points in printed for point in points.split(";")] == list(POINTS.values())
    assert "Five points make a proposal" in PAGE
    assert ENOUGH == 5


def test_the_printed_policy_can_be_read() -> None:
    policy = read_policy(PAGE.partition("```toml\n")[2].partition("```")[0], "docs/methodology.md")
    assert policy.order(Measure.KILLED)[0] is OrgKind.EMERGENCY_SERVICE
    assert not policy.counts(OrgKind.MAYOR)
    assert policy.order(Measure.INJURED) == SHIPPED.order(Measure.INJURED)


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_for_a_lower_figure_is_printed(reason: Reason) -> None:
    assert reason.value in " ".join(PAGE.split())
