"""The night of 24 April 2025, played through the command line with real sirens on a real broker."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.running import KYIV, tocsin

NIGHT = Path(__file__).parents[2] / "scenarios" / "kyiv-2025-04-24.toml"


@cache
def report(until: str | None) -> dict[str, Any]:
    """The report as of a time on 24 April, or the end."""
    stop = ("--until", until) if until else ()
    found: dict[str, Any] = json.loads(tocsin("replay", str(NIGHT), *stop, "--speed", "max", "--json").stdout)
    return found


MORNING, CLEAR, NOON = (f"2025-04-24T{hour}:00+03:00" for hour in ("06:30", "07:00", "11:30"))


def test_in_the_morning_nine_are_known_killed_and_sixty_three_wounded_according_to_preliminary_information() -> None:
    figures = report(MORNING)["figures"]
    assert {key: figures[key]["best"] for key in ("killed", "injured", "hospitalised", "hospitalised:child")} == {
        "killed": 9,
        "injured": 63,
        "hospitalised": 42,
        "hospitalised:child": 6,
    }
    assert (figures["killed"]["low"], figures["killed"]["high"], figures["killed"]["phrase"]) == (9, None, "nine")
    assert {figure["status"] for figure in figures.values()} == {"preliminary"}
    assert all(figure["claims"] for figure in figures.values())


def test_the_first_bulletin_says_so_in_both_languages() -> None:
    (bulletin,) = report(MORNING)["bulletins"]
    assert (bulletin["number"], bulletin["version"]) == (1, "Initial")
    assert "According to preliminary information, nine people were killed and 63 wounded" in bulletin["text"]["en"]
    assert "including six children" in bulletin["text"]["en"]
    assert "За попередніми даними" in bulletin["text"]["uk"]


def test_before_the_all_clear_every_siren_has_sounded_and_none_was_cleared() -> None:
    found = report(MORNING)
    sirens = found["sirens"]
    assert sirens["total"] > 0
    assert (sirens["acknowledged_alert"], sirens["acknowledged_clear"]) == (sirens["total"], 0)
    assert [(alert["area"], alert["phase"], alert["cleared_at"]) for alert in found["alerts"]] == [
        (KYIV, "alert", None)
    ]


def test_at_seven_the_all_clear_stands_and_every_siren_has_acknowledged_it() -> None:
    found = report(CLEAR)
    assert found["sirens"]["acknowledged_clear"] == found["sirens"]["total"] > 0
    (alert,) = found["alerts"]
    assert (alert["phase"], alert["raised_at"], alert["cleared_at"]) == (
        "all_clear",
        "2025-04-24T00:36:19+03:00",
        "2025-04-24T06:33:20+03:00",
    )


def test_before_noon_eight_and_unidentified_remains_are_a_revision_with_its_reason() -> None:
    figures = report(NOON)["figures"]
    killed = figures["killed"]
    assert (killed["best"], killed["status"], killed["reason"]) == (8, "revised", "remains under examination")
    assert set(killed["reason_note"]) == {"uk", "en"}
    assert figures["remains_unidentified"]["low"] >= 1
    assert "8" in report(NOON)["bulletins"][-1]["text"]["en"]


def test_in_the_end_thirteen_were_killed_and_ninety_wounded() -> None:
    found = report(None)
    assert (found["figures"]["killed"]["best"], found["figures"]["injured"]["best"]) == (13, 90)
    assert found["figures"]["injured@C-1"]["best"] == 87
    assert found["bulletins"][-1]["version"] == "Final"
    assert next(site["recovered_dead"] for site in found["worksites"] if site["id"] == "C-1") == 12


def test_the_weapons_of_the_night_sum_to_what_the_air_force_said() -> None:
    (count,) = report(None)["weapons"]
    assert {key: count["totals"][key] for key in ("launched", "intercepted", "lost")} == {
        "launched": 215,
        "intercepted": 112,
        "lost": 68,
    }


@pytest.mark.parametrize("until", [MORNING, NOON, None])
def test_the_record_answers_with_citations_at_every_hour(until: str | None) -> None:
    answers = report(until)["answers"]
    assert (answers["last_hit"]["date"], answers["deadliest_since"]["date"]) == ("2025-04-06", "2024-07-08")
    assert answers["last_hit"]["citations"]
    assert answers["deadliest_since"]["claims"]


def test_the_report_is_of_the_exercise_realm_and_its_chain_is_whole() -> None:
    found = report(None)
    assert (found["scenario"], found["realm"], found["chain"]) == ("kyiv-2025-04-24", "exercise", "ok")
    assert found["head"] > 300


def test_the_headless_demo_prints_the_same_night() -> None:
    demo = json.loads(tocsin("demo", "--headless", "--speed", "max", "--json").stdout)
    for key in ("scenario", "realm", "chain", "figures", "answers", "worksites", "alerts"):
        assert demo[key] == report(None)[key], key


def test_a_night_kept_in_a_file_can_be_asked_afterwards(tmp_path: Path) -> None:
    db = str(tmp_path / "night.db")
    tocsin("replay", str(NIGHT), "--db", db, "--json")
    as_of = ("--as-of", "2025-04-24T06:30:00+03:00", "--db", db, "--json")
    figures = json.loads(tocsin("figures", "kyiv-2025-04-24", *as_of).stdout)["figures"]
    assert figures["killed"]["best"] == 9
    hit = json.loads(
        tocsin("record", "last-hit", KYIV, "--weapon", "missile", "--before", MORNING, "--db", db, "--json").stdout
    )
    assert hit["date"] == "2025-04-24", "by the morning the city had been hit that night"
    verified = json.loads(tocsin("journal", "verify", "--db", db, "--json").stdout)
    assert verified["chain"] == "ok"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("this is not TOML", "night.toml"),
        ("[scenario]\nid = 1", "night.toml"),
        ('[actors]\n[[step]]\nat = 2025-04-24T00:00:00+03:00\nactor = "x"\nkind = "alert.raise"', "scenario"),
    ],
)
def test_a_malformed_scenario_is_refused_by_the_name_of_the_file(tmp_path: Path, text: str, names: str) -> None:
    file = tmp_path / "night.toml"
    file.write_text(text)
    done = tocsin("replay", str(file), check=False)
    assert done.returncode == 2
    assert names in done.stderr


def test_a_step_that_the_rules_refuse_is_named_with_its_time(tmp_path: Path) -> None:
    file = tmp_path / "night.toml"
    file.write_text(
        """
[scenario]
id = "s"
names = { en = "s" }
place = "UA80000000000093317"
attack = "a"
time_zone = "Europe/Kyiv"
starts = 2025-04-24T00:00:00+03:00
[actors]
olena = "duty_officer"
[[step]]
at = 2025-04-24T00:36:00+03:00
actor = "olena"
kind = "alert.clear"
alert = "never-raised"
"""
    )
    done = tocsin("replay", str(file), check=False)
    assert done.returncode == 2
    assert "step 1 (2025-04-24 00:36:00+03:00)" in done.stderr
    assert "never-raised" in done.stderr
