"""docs/cap.md says what the program does."""

from pathlib import Path

import pytest

from tocsin.formats.cap_check import PROFILES
from tocsin.formats.cap_check.check import MOST_FINDINGS
from tocsin.formats.cap_xml import MOST_BYTES, MOST_DEPTH, MOST_ELEMENTS

PAGE = (Path(__file__).parents[2] / "docs" / "cap.md").read_text(encoding="utf-8")


def rows(profile: str) -> list[list[str]]:
    section = PAGE.partition(f"\n### {profile}\n")[2].partition("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_printed_rules_are_the_ones_in_force(profile: str) -> None:
    rules = PROFILES[profile]
    assert rows(profile) == [[f"`{rule.id}`", rule.severity.value, rule.source, rule.says] for rule in rules]


def test_no_other_profile_is_printed() -> None:
    assert [line[4:] for line in PAGE.splitlines() if line.startswith("### ")] == list(PROFILES)


def test_the_printed_limits_are_the_ones_in_force() -> None:
    text = " ".join(PAGE.split())
    assert f"{MOST_BYTES // 1_000_000} MB, {MOST_ELEMENTS:,} elements or {MOST_DEPTH} levels" in text
    assert f"at most {MOST_FINDINGS} findings" in text
