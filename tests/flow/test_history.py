"""Importing other people's data sets: each row once, revisions as revisions, and nothing of it on the board."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.history import ANALYST, DATA, MODELS, alerts, bring, launch, launches
from tests.system.test_replay_equals_live import Time, dumps, replayed, system

from tocsin.domain.record.history import PastAlert, RecordHistory
from tocsin.domain.source import Source
from tocsin.flow.history import Imported
from tocsin.kernel.errors import Invalid, Unauthorised
from tocsin.kernel.event import Actor, kind_of
from tocsin.wiring import Running

KYIV_NIGHT = "Kyiv City,,,oblast,2025-04-23 21:36:19+00:00,2025-04-24 03:33:20+00:00"


@pytest.fixture
def running() -> Running:
    return system(Time())


def test_a_second_import_writes_nothing(running: Running) -> None:
    document = alerts(KYIV_NIGHT, "Sumska oblast,,,oblast,2025-04-23 20:00:00+00:00,")
    first = bring(running.system, document)
    head = running.system.journal.head()
    second = bring(running.system, document, "renamed.csv")
    assert (first.recorded, first.known) == (2, 0)
    assert (second.recorded, second.revised, second.known) == (0, 0, 2)
    assert running.system.journal.head() == head


def test_the_odd_rows_of_a_second_import_are_reported_as_those_of_the_first(running: Running) -> None:
    document = alerts("Kyivska oblast,,,oblast,2022-03-16 06:00:00+00:00,2022-03-18 06:00:00+00:00")
    assert bring(running.system, document).odd == bring(running.system, document).odd


def test_a_newer_edition_records_what_is_new_and_revises_what_reads_otherwise(running: Running) -> None:
    older = launches(launch("2025-04-23 19:00", "2025-04-24 06:30", "Shahed-136/131", 145, 60))
    newer = launches(
        launch("2025-04-24 19:00", "2025-04-25 06:30", "Shahed-136/131", 100, 40),
        launch("2025-04-23 19:00", "2025-04-24 06:30", "Shahed-136/131", 145, 64, 68),
    )
    bring(running.system, older)
    result = bring(running.system, newer)
    assert (result.recorded, result.revised, result.known) == (1, 1, 0)
    assert [(each.line, each.what) for each in result.odd] == [(3, "revised")]
    (readings,) = [
        each
        for each in running.system.views.history.state.datasets["massive-missile-attacks"].launches.values()
        if len(each) > 1
    ]
    assert [(each.row.intercepted, each.source) for each in readings] == [(60, 0), (64, 1)]


def test_a_row_that_only_moved_to_another_line_is_no_revision(running: Running) -> None:
    row = launch("2025-04-23 19:00", "2025-04-24 06:30", "Kalibr", 1, 1)
    bring(running.system, launches(row))
    result = bring(running.system, launches(launch("2025-04-24 19:00", "2025-04-25 06:30", "Kalibr", 2, 1), row))
    assert (result.recorded, result.revised, result.known) == (1, 0, 1)


def test_an_import_touches_neither_the_board_nor_the_receipts(running: Running) -> None:
    before = running.system.views.board.dump()
    bring(running.system, alerts("Kyiv City,,,oblast,2025-04-23 21:36:19+00:00,"))
    assert running.system.views.board.dump() == before
    assert {kind_of(each.event) for each in running.system.journal.read()} == {"history.recorded"}


def test_thousands_of_rows_go_into_few_records(running: Running) -> None:
    rows = [f"Kyiv City,,,oblast,2025-04-23 {n // 60:02}:{n % 60:02}:00+00:00," for n in range(1200)]
    result = bring(running.system, alerts(*rows))
    assert result.recorded == 1200
    assert running.system.journal.head().position == 2


def test_launches_of_a_model_that_the_list_lacks_are_reported_once_there_is_a_list(running: Running) -> None:
    document = launches(launch("2025-04-23 19:00", "2025-04-24 06:30", "Kalibr", 1, 1))
    assert bring(running.system, document).odd == []
    bring(running.system, (MODELS + "Shahed-136/131,UAV,iran,\n").encode())
    assert [each.what for each in bring(running.system, document).odd] == ["model_unlisted"]


def test_the_history_replays_to_what_it_was(running: Running) -> None:
    bring(running.system, alerts(KYIV_NIGHT, "nowhere,at,all"))
    bring(running.system, launches(launch("2025-04-23 19:00", "2025-04-24 06:30", "Kalibr", 1, 1)))
    assert replayed(running)["history"] == dumps(running)["history"]


def test_whoever_may_not_change_the_record_cannot_import(running: Running) -> None:
    with pytest.raises(Unauthorised):
        running.system.do(_command(), Actor("oleh", "press_officer"))


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"start": None}, "start"),
        ({"end": datetime(2022, 1, 1, tzinfo=UTC)}, "end"),
    ],
)
def test_an_alert_without_time_or_with_its_end_first_is_refused(
    running: Running, changes: dict[str, datetime | None], where: str
) -> None:
    with pytest.raises(Invalid) as refused:
        running.system.do(_command(**changes), ANALYST)
    assert refused.value.where == f"alerts[0].{where}"


def _command(**changes: datetime | None) -> RecordHistory:
    times: dict[str, datetime | None] = {"start": datetime(2022, 3, 15, tzinfo=UTC), "end": None} | changes
    row = PastAlert(id="1", place="UA80000000000093317", start=times["start"], end=times["end"])
    return RecordHistory(dataset="made", source=Source(publisher="me", url="https://example.org"), alerts=(row,))


@pytest.mark.heavy
@pytest.mark.skipif(not DATA.exists(), reason="the real data is not here: ../shared/data")
def test_the_real_files_import_twice_and_count_as_pandas_counts_them(running: Running) -> None:
    import pandas as pd

    files = [*sorted((DATA / "attacks").glob("*.csv")), *sorted((DATA / "alerts").glob("*.csv"))]
    for file in files:
        frame, result = pd.read_csv(file), _import(running, file)
        assert result.lines == len(frame)
        assert result.recorded + result.known + result.repeated == len(frame)
        assert result.unread == 0
    head = running.system.journal.head()
    for file in files:
        again = _import(running, file)
        assert (again.recorded, again.revised) == (0, 0)
    assert running.system.journal.head() == head
    _compare_launches(running)


def _import(running: Running, file: Path) -> Imported:
    return bring(running.system, file.read_bytes(), file.name)


def _compare_launches(running: Running) -> None:
    import pandas as pd

    frame = pd.read_csv(DATA / "attacks" / "missile_attacks_daily.csv")
    kept = [
        each[-1].row
        for each in running.system.views.history.state.datasets["massive-missile-attacks"].launches.values()
    ]
    for column, field in (
        ("launched", "launched"),
        ("destroyed", "intercepted"),
        ("not_reach_goal", "lost"),
        ("still_attacking", "still_airborne"),
    ):
        assert sum(getattr(row, field) or 0 for row in kept) == frame[column].sum()
        assert sum(getattr(row, field) is None for row in kept) == frame[column].isna().sum()
    night = [row for row in kept if f"{row.night}" == "2025-04-24" and row.places == ("UA",)]
    assert (sum(row.launched or 0 for row in night), sum(row.intercepted or 0 for row in night)) == (215, 112)
    assert sum(row.lost or 0 for row in night) == 68
