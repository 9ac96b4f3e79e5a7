"""Reading data sets of past alerts and launches: everything odd is named by its line, nothing vanishes."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.history import ALERTS, DATA, DERIVED, MODELS, alerts, launch, launches

from tocsin.domain.record import WeaponClass
from tocsin.domain.record.history import Launch, Odd, PastAlert, Unread
from tocsin.formats.history import ReadFile, read_history, read_layout, shipped
from tocsin.formats.history.cells import read_count, read_literal, read_targets
from tocsin.kernel.errors import Invalid


def odd(read: ReadFile) -> list[tuple[int, str]]:
    return [(each.line, each.what) for each in read.odd]


def only_alert(row: str) -> tuple[PastAlert, ReadFile]:
    read = read_history(alerts(row), "made.csv")
    (found,) = read.rows
    assert isinstance(found, PastAlert)
    return found, read


def only_launch(row: str) -> tuple[Launch, ReadFile]:
    read = read_history(launches(row), "made.csv")
    (found,) = read.rows
    assert isinstance(found, Launch)
    return found, read


def test_an_alert_has_the_codes_path_of_its_place_and_its_times() -> None:
    found, read = only_alert("Kyiv City,,,oblast,2025-04-23 21:36:19+00:00,2025-04-24 03:33:20+00:00")
    assert found.place == "UA80000000000093317"
    assert found.start == datetime(2025, 4, 23, 21, 36, 19, tzinfo=UTC)
    assert found.end == datetime(2025, 4, 24, 3, 33, 20, tzinfo=UTC)
    assert odd(read) == []


def test_a_row_with_oblast_and_raion_swapped_is_put_right_and_reported() -> None:
    found, read = only_alert(
        "Lubenskyi raion,Poltavska oblast,Hrebinkivska terytorialna hromada,hromada,"
        "2022-03-15 16:46:43+00:00,2022-03-15 16:58:17+00:00"
    )
    assert found.place == "UA53000000000028050/Lubenskyi raion/Hrebinkivska terytorialna hromada"
    assert odd(read) == [(2, "swapped")]


def test_an_alert_of_an_unknown_region_is_kept_under_its_own_name() -> None:
    found, read = only_alert("Atlantis,,,oblast,2022-03-15 16:46:43+00:00,2022-03-15 16:58:17+00:00")
    assert found.place == "Atlantis"
    assert odd(read) == [(2, "place_unknown")]


@pytest.mark.parametrize(
    ("start", "end", "what"),
    [
        ("2022-03-16 06:00:00+00:00", "2022-03-18 04:00:00+00:00", ["long", "whole_hours"]),
        ("2022-03-16 06:00:00+00:00", "2022-03-16 06:00:02+00:00", ["short"]),
        ("2022-03-16 06:00:00+00:00", "2022-03-16 07:00:00+00:00", ["whole_hours"]),
        ("", "2022-03-16 07:00:00+00:00", ["no_start"]),
        ("2022-03-16 06:00:00+00:00", "", ["no_end"]),
        ("2022-03-16", "2022-03-16 06:30:00+00:00", ["date_only"]),
        ("2022-03-16 6:00", "2022-03-16 06:30:01", ["malformed_start"]),
    ],
)
def test_what_is_odd_about_an_alerts_times_is_named(start: str, end: str, what: list[str]) -> None:
    _, read = only_alert(f"Kyivska oblast,,,oblast,{start},{end}")
    assert [each.what for each in read.odd] == what


@pytest.mark.parametrize(
    "row",
    [
        "Kyivska oblast,,,oblast,2022-03-16 07:00:00+00:00,2022-03-16 06:00:00+00:00",
        "Kyivska oblast,,,oblast,yesterday,2022-03-16 06:00:00+00:00",
        "Kyivska oblast,,,oblast,2022-02-30 07:00:00+00:00,",
        "Kyivska oblast,,,oblast,,",
        ",,,oblast,2022-03-16 06:00:00+00:00,",
        "Kyivska oblast,,,oblast",
    ],
)
def test_a_row_that_cannot_be_read_is_kept_as_text_with_the_reason(row: str) -> None:
    read = read_history(alerts(row), "made.csv")
    (kept,) = read.rows
    assert isinstance(kept, Unread)
    assert kept.text.startswith(row)
    assert kept.why
    assert odd(read) == [(2, "unread")]


def test_an_alert_of_a_raion_inside_one_of_its_oblast_is_reported_and_one_that_only_touches_it_is_not() -> None:
    read = read_history(
        alerts(
            "Kyivska oblast,,,oblast,2022-03-16 06:00:00+00:00,2022-03-16 06:50:00+00:00",
            "Kyivska oblast,Buchanskyi raion,,raion,2022-03-16 06:30:00+00:00,2022-03-16 07:10:00+00:00",
            "Kyivska oblast,Obukhivskyi raion,,raion,2022-03-16 06:50:00+00:00,2022-03-16 07:10:00+00:00",
            "Sumska oblast,Sumskyi raion,,raion,2022-03-16 06:30:00+00:00,2022-03-16 07:10:00+00:00",
        ),
        "made.csv",
    )
    assert odd(read) == [(3, "inside_higher")]


def test_a_row_that_stands_twice_is_kept_once_and_two_that_differ_are_both_kept() -> None:
    row = "Kyivska oblast,,,oblast,2022-03-16 06:00:00+00:00,2022-03-16 06:50:00+00:00"
    read = read_history(alerts(row, row, row.replace("06:50:00", "06:55:00")), "made.csv")
    assert read.lines == 3
    assert len(read.rows) == len({each.id for each in read.rows}) == 2
    assert odd(read) == [(3, "repeated")]


def test_a_stated_length_that_is_not_the_alerts_is_reported_and_so_is_one_made_of_several() -> None:
    rows = (
        "Kyiv City,2022-03-15 16:19:20+00:00,2022-03-15 18:52:28+00:00,1,153.13\n"
        "Kyiv City,2022-03-16 16:19:20+00:00,2022-03-16 18:52:28+00:00,3,150.0\n"
    )
    read = read_history((DERIVED + rows).encode(), "made.csv")
    assert odd(read) == [(3, "length_differs"), (3, "merged")]


def test_a_launch_has_its_window_by_the_clocks_of_kyiv_and_the_night_it_ends_in() -> None:
    found, read = only_launch(launch("2025-04-23 19:00", "2025-04-24 06:30", "Shahed-136/131", 145, 64, 68))
    assert (found.start, found.end) == (
        datetime(2025, 4, 23, 16, 0, tzinfo=UTC),
        datetime(2025, 4, 24, 3, 30, tzinfo=UTC),
    )
    assert found.night == date(2025, 4, 24)
    assert (found.launched, found.intercepted, found.lost, found.still_airborne) == (145, 64, 68, None)
    assert found.classes == (WeaponClass.DRONE,)
    assert found.places == ("UA",)
    assert odd(read) == []


def test_a_window_of_dates_alone_is_those_days_and_says_that_it_knows_no_more() -> None:
    found, read = only_launch(launch("2024-05-16", "2024-05-16", "Lancet", 1, 1))
    assert found.night == date(2024, 5, 16)
    assert (found.start_precision_minutes, found.end_precision_minutes) == (1440, 1440)
    assert [each.what for each in read.odd] == ["date_only"]


def test_malformed_starts_and_ends_are_read_as_they_are_meant() -> None:
    read = read_history(
        launches(
            launch("2023-05-16 3:30", "2023-05-16 07:00", "Kalibr", 9, 9),
            launch("2025-03-06 21:00 ", "2025-03-07 10:00", "Shahed-136/131", 112, 54),
            launch("2024-05-16 09:00", "2024-05-16 ", "Lancet", 1, 1),
        ),
        "made.csv",
    )
    assert odd(read) == [(2, "malformed_start"), (3, "malformed_start"), (4, "malformed_end"), (4, "date_only")]
    assert [row.start.hour for row in read.rows if isinstance(row, Launch)] == [0, 19, 6]


def test_a_time_that_the_clock_shows_twice_is_known_to_an_hour_only() -> None:
    found, read = only_launch(launch("2024-10-27 03:30", "2024-10-27 06:00", "Kalibr", 1, 1))
    assert found.start_precision_minutes == 60
    assert odd(read) == [(2, "clock_change")]


def test_joined_models_stay_joined_and_their_parts_are_kept_where_the_row_has_them() -> None:
    found, read = only_launch(
        launch(
            "2024-08-26 03:00",
            "2024-08-26 11:30",
            "X-101/X-555 and Kalibr",
            10,
            9,
            parts="{'X-101/X-555': 7, 'Kalibr': 2}",
            details="{'south': 3, 'east': NaN}",
        )
    )
    assert found.models == ("X-101/X-555", "Kalibr")
    assert found.parts == {"X-101/X-555": 7, "Kalibr": 2}
    assert found.classes == (WeaponClass.CRUISE_MISSILE,)
    assert sorted(each.what for each in read.odd) == ["joined_models", "literal_nan", "parts_differ"]


def test_counts_that_exceed_what_was_launched_are_kept_and_reported() -> None:
    found, read = only_launch(launch("2024-12-27 23:00", "2024-12-28 07:00", "Shahed-136/131", 16, 15, 11))
    assert (found.launched, found.intercepted, found.lost) == (16, 15, 11)
    assert [each.why for each in read.odd] == ["more is accounted for than was launched: 15 + 11 + 0 of 16"]


def test_a_model_nobody_knows_and_a_launch_nobody_counted_are_reported() -> None:
    found, read = only_launch(launch("2024-02-28", "2024-02-28 08:00", "Feniks", None, 0))
    assert found.launched is None
    assert found.classes == (WeaponClass.UNKNOWN,)
    assert [each.what for each in read.odd] == ["date_only", "not_counted", "class_unknown"]


@pytest.mark.parametrize(
    ("text", "paths", "what"),
    [
        ("Ukraine", ("UA",), ()),
        ("", (), ()),
        ("Odesa oblast and Mykolaiv oblast", ("UA51000000000030770", "UA48000000000039575"), ()),
        ("Dnipropetrovsk oblast, Kryvyi Rih Raion", ("UA12000000000090473/Kryvyi Rih Raion",), ()),
        ("Dnipropetrovsk oblas", ("UA12000000000090473",), (Odd.NAME_MENDED,)),
        ("Lutsk oblast", ("UA07000000000024379",), (Odd.NAME_MENDED,)),
        ("Kyiv", ("UA80000000000093317",), ()),
        ("Kyiv oblast (south)", ("UA32000000000030281",), ()),
        ("south and east", ("UA/south", "UA/east"), (Odd.PLACE_VAGUE,)),
        ("Kryvyi Rih, Kharkiv", ("UA12000000000090473/Kryvyi Rih", "UA63000000000041885/Kharkiv"), ()),
    ],
)
def test_targets_become_places(text: str, paths: tuple[str, ...], what: tuple[Odd, ...]) -> None:
    found = read_targets(text)
    assert (found.paths, found.odd) == (paths, what)


def test_a_target_outside_the_country_is_no_place_of_ours() -> None:
    assert read_targets("Kursk oblast").unknown == ("Kursk oblast",)


def test_a_literal_is_read_and_never_run() -> None:
    assert read_literal("{'south': 61, 'east': NaN}").value == {"south": 61, "east": None}
    assert read_literal("__import__('os').getcwd()").odd == (Odd.LITERAL_UNREADABLE,)


@given(st.text())
def test_no_cell_makes_a_literal_or_a_target_fail(text: str) -> None:
    read_literal(text)
    read_targets(text)


@settings(max_examples=40)
@given(st.lists(st.lists(st.text(max_size=12), min_size=7, max_size=7), max_size=6))
def test_no_line_is_lost_whatever_is_in_it(lines: list[list[str]]) -> None:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows(lines)
    read = read_history((ALERTS + out.getvalue()).encode("utf-8", "replace"), "made.csv")
    repeated = sum(1 for each in read.odd if each.what == "repeated")
    assert read.lines == len(read.rows) + repeated


@pytest.mark.parametrize("text", ["-1", "1.5", "many", "inf"])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        read_count(text)


def test_a_file_of_unknown_columns_asks_for_a_column_map() -> None:
    with pytest.raises(Invalid, match="--map"):
        read_history(b"when,where\n2022,here\n", "other.csv")


def test_a_file_that_is_not_text_is_refused_whole() -> None:
    with pytest.raises(Invalid):
        read_history(b"\xff\xfe\x00", "other.csv")


OTHER = """
dataset = "siren-log"
kind = "alerts"
publisher = "City of Example"
url = "https://example.org/log"
time_zone = "Europe/Kyiv"
places = ["where"]

[columns]
start = "from"
end = "to"
"""


def test_a_column_map_reads_another_export() -> None:
    layout = read_layout(OTHER, "other.toml")
    read = read_history("where,from,to,who\nм. Київ,2025-04-24 00:36,2025-04-24 06:33,x\n".encode(), "log.csv", layout)
    (found,) = read.rows
    assert isinstance(found, PastAlert)
    assert found.place == "UA80000000000093317"
    assert found.start == datetime(2025, 4, 23, 21, 36, tzinfo=UTC)
    assert read.passed_over == ("who",)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ('start = "from"', 'begins = "from"', "begins"),
        ('start = "from"\n', "", "start"),
        ('places = ["where"]', "", "places"),
        ('"Europe/Kyiv"', '"Europe/Nowhere"', "time zone"),
        ("dataset =", "data set =", "other.toml"),
    ],
)
def test_a_column_map_that_means_nothing_is_refused(before: str, after: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        read_layout(OTHER.replace(before, after), "other.toml")


def test_a_column_that_the_map_names_and_the_file_lacks_is_named() -> None:
    with pytest.raises(Invalid, match="'to'"):
        read_history(b"where,from\nKyiv,2025-04-24 00:36\n", "log.csv", read_layout(OTHER, "other.toml"))


def test_every_shipped_layout_is_one_and_they_are_told_apart() -> None:
    assert {each.dataset for each in shipped()} == {
        "official-air-raid-alerts",
        "derived-air-raid-alerts",
        "massive-missile-attacks",
        "missiles-and-uavs",
    }
    read = read_history((MODELS + "X-22 and X-32,cruise missile,russia,\n").encode(), "models.csv")
    assert read.layout.dataset == "missiles-and-uavs"


@pytest.mark.skipif(not DATA.exists(), reason="the real data is not here: ../shared/data")
@pytest.mark.parametrize(
    ("file", "lines", "expected"),
    [
        (
            "attacks/missile_attacks_daily.csv",
            3770,
            {"malformed_start": 7, "malformed_end": 2, "exceeds_launched": 1, "not_counted": 3, "place_unknown": 3},
        ),
        ("alerts/official_derived_2025-04-22_25.csv", 143, {"merged": 25}),
    ],
)
def test_the_real_files_are_read_whole_with_the_oddities_they_are_known_for(
    file: str, lines: int, expected: dict[str, int]
) -> None:
    read = read_history((DATA / file).read_bytes(), file)
    assert read.lines == len(read.rows) == lines
    counted = Counter(each.what for each in read.odd)
    assert {what: counted[what] for what in expected} == expected
    assert counted["unread"] == 0
