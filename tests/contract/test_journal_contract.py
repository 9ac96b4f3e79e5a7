"""What every journal must do. A new store is one more line in `STORES`."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tocsin.journal import (
    GENESIS,
    Appended,
    Head,
    Journal,
    Line,
    agree,
    read_checkpoint,
    sign_checkpoint,
    verify,
)
from tocsin.kernel.errors import Conflict, Corrupt, Invalid, Refused, Unavailable
from tocsin.kernel.event import Actor, Cause, Event, Events
from tocsin.kernel.signing import Ed25519Signer
from tocsin.storage.memory import MemoryJournal
from tocsin.storage.sqlite import SqliteJournal

NOW = datetime(2025, 4, 24, 0, 36, tzinfo=UTC)
OFFICER = Actor("olena", "duty_officer")


class Noted(Event, frozen=True, kw_only=True, tag="note.noted"):
    text: str


EVENTS = Events([Noted])
STORES: dict[str, Callable[[Path], Journal]] = {
    "memory": lambda _folder: MemoryJournal(EVENTS, realm="exercise"),
    "sqlite": lambda folder: SqliteJournal(folder / "journal.db", EVENTS, realm="exercise"),
}


@pytest.fixture(params=STORES)
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    journal = STORES[request.param](tmp_path)
    yield journal
    journal.close()


def note(
    journal: Journal, stream: str, *texts: str, expect: int = 0, key: str | None = None, command: str = "note.write"
) -> Appended:
    cause = Cause(key or f"{stream}-{expect}-{texts}", command, "0")
    events = [Noted(text=text) for text in texts]
    return journal.append(stream, events, expect=expect, actor=OFFICER, cause=cause, time=NOW)


def texts(journal: Journal, **what: object) -> list[str]:
    return [recorded.event.text for recorded in journal.read(**what)]  # type: ignore[arg-type]


def test_an_empty_journal_has_the_genesis_head(journal: Journal) -> None:
    assert journal.head() == Head(0, GENESIS)
    assert list(journal.read()) == []
    assert verify(journal) == Head(0, GENESIS)


def test_events_are_read_back_in_order_with_all_that_was_said_of_them(journal: Journal) -> None:
    appended = note(journal, "a", "one", "two", key="k-1")
    assert appended == Appended("a", 2, 2, ("note.noted", "note.noted"), Cause("k-1", "note.write", "0"))
    first, second = journal.read()
    assert (first.position, first.version, second.position, second.version) == (1, 1, 2, 2)
    assert (first.stream, first.time, first.actor, first.realm) == ("a", NOW, OFFICER, "exercise")
    assert first.cause.key == "k-1"
    assert first.event == Noted(text="one")
    assert second.hash == journal.head().hash


def test_positions_are_dense_over_all_streams(journal: Journal) -> None:
    for number in range(20):
        note(journal, f"s{number % 3}", f"{number}", expect=number // 3)
    assert [recorded.position for recorded in journal.read()] == list(range(1, 21))


def test_the_second_writer_of_a_version_loses_and_leaves_nothing(journal: Journal) -> None:
    note(journal, "a", "first")
    with pytest.raises(Conflict):
        note(journal, "a", "second", "third", key="other")
    assert texts(journal) == ["first"]
    assert journal.find("other") is None


def test_an_expectation_too_high_is_a_conflict(journal: Journal) -> None:
    with pytest.raises(Conflict):
        note(journal, "a", "early", expect=3)


def test_one_cause_is_written_once_and_answered_the_same_again(journal: Journal) -> None:
    first = note(journal, "a", "one", "two", key="k")
    note(journal, "a", "three", expect=2)
    again = note(journal, "a", "one", "two", key="k")
    assert again == msgspec.structs.replace(first, repeated=True)
    assert texts(journal) == ["one", "two", "three"]
    assert journal.find("k") == first


def test_reading_goes_on_after_a_position_and_stops_at_a_limit(journal: Journal) -> None:
    note(journal, "a", *"abcdef")
    assert texts(journal, after=2, limit=3) == ["c", "d", "e"]
    assert texts(journal, after=6) == []
    assert texts(journal, limit=0) == []


def test_reading_some_streams_keeps_the_journals_order(journal: Journal) -> None:
    for expect, number in enumerate("123"):
        for stream in "abc":
            note(journal, stream, f"{stream}{number}", expect=expect)
    assert texts(journal, streams=("c", "a")) == ["a1", "c1", "a2", "c2", "a3", "c3"]
    assert texts(journal, streams=("c", "a"), after=4) == ["c2", "a3", "c3"]
    assert texts(journal, streams=("absent",)) == []


def test_a_journal_longer_than_a_page_is_read_whole(journal: Journal) -> None:
    note(journal, "a", *(str(number) for number in range(4500)))
    assert texts(journal) == [str(number) for number in range(4500)]
    assert len(texts(journal, after=1, limit=4100)) == 4100


def test_many_writers_lose_nothing_and_get_each_position_once(journal: Journal) -> None:
    def write(writer: int) -> list[int]:
        return [note(journal, f"w{writer}", f"{number}", expect=number).position for number in range(50)]

    with ThreadPoolExecutor(16) as pool:
        positions = [position for answered in pool.map(write, range(16)) for position in answered]
    assert sorted(positions) == list(range(1, 801))
    for writer in range(16):
        assert texts(journal, streams=(f"w{writer}",)) == [str(number) for number in range(50)]
    assert verify(journal).position == 800


def test_of_many_writers_of_one_version_exactly_one_wins(journal: Journal) -> None:
    def write(writer: int) -> bool:
        try:
            note(journal, "contested", f"{writer}", key=f"k{writer}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(write, range(32))) == 1
    assert len(texts(journal)) == 1


def test_a_reader_that_tails_never_misses_what_is_written_beside_it(journal: Journal) -> None:
    def write(writer: int) -> None:
        for number in range(60):
            note(journal, f"w{writer}", f"{number}", expect=number)

    seen: list[int] = []
    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, writer) for writer in range(4)]
        while len(seen) < 240:
            seen.extend(recorded.position for recorded in journal.read(after=seen[-1] if seen else 0))
            assert not any(future.done() and future.exception() for future in writing)
    assert seen == list(range(1, 241))


def test_an_export_extends_an_empty_journal_to_the_same_head(journal: Journal) -> None:
    note(journal, "a", "one", "two", key="k")
    note(journal, "b", "три")
    copy = MemoryJournal(EVENTS, realm="exercise")
    assert copy.extend(journal.lines()) == journal.head()
    assert list(copy.read()) == list(journal.read())
    assert copy.find("k") == journal.find("k")


def test_an_import_continues_a_journal_and_refuses_what_does_not_follow(journal: Journal) -> None:
    source = MemoryJournal(EVENTS, realm="exercise")
    note(source, "a", "one", "two", "three")
    lines = list(source.lines())
    journal.extend(lines[:2])
    with pytest.raises(Corrupt, match="position 3 is missing"):
        journal.extend(lines[:1])
    changed = Line(msgspec.Raw(bytes(lines[2].record).replace(b"three", b"threw")), lines[2].hash)
    with pytest.raises(Corrupt, match="hash does not fit"):
        journal.extend([changed])
    assert texts(journal) == ["one", "two"]
    assert journal.extend(lines[2:]) == source.head()


def test_an_import_that_fails_half_way_leaves_nothing(journal: Journal) -> None:
    source = MemoryJournal(EVENTS, realm="exercise")
    note(source, "a", "one", "two", "three")
    lines = list(source.lines())
    with pytest.raises(Corrupt):
        journal.extend([lines[0], lines[2]])
    assert journal.head() == Head(0, GENESIS)


def test_lines_of_the_other_realm_are_refused(journal: Journal) -> None:
    live = MemoryJournal(EVENTS, realm="live")
    note(live, "a", "one")
    with pytest.raises(Corrupt, match="realm"):
        journal.extend(live.lines())


# What only a file can suffer.


def sqlite_journal(folder: Path) -> SqliteJournal:
    return SqliteJournal(folder / "journal.db", EVENTS, realm="exercise")


def test_a_journal_opened_again_holds_what_was_acknowledged(tmp_path: Path) -> None:
    first = sqlite_journal(tmp_path)
    note(first, "a", "one")
    head = first.head()
    first.close()
    second = sqlite_journal(tmp_path)
    assert second.head() == head
    assert note(second, "a", "two", expect=1).position == 2
    second.close()


def test_two_processes_of_one_file_share_one_order(tmp_path: Path) -> None:
    one, other = sqlite_journal(tmp_path), sqlite_journal(tmp_path)

    def write(journal: SqliteJournal, name: str) -> None:
        for number in range(50):
            note(journal, name, f"{number}", expect=number)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, (one, other), ("one", "other")))
    assert verify(one).position == 100
    one.close()
    other.close()


def test_a_file_of_the_other_realm_is_refused(tmp_path: Path) -> None:
    sqlite_journal(tmp_path).close()
    with pytest.raises(Refused, match="realm"):
        SqliteJournal(tmp_path / "journal.db", EVENTS, realm="live")


def test_a_file_that_is_no_journal_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"not a database, not at all" * 100)
    with pytest.raises(Corrupt, match=r"journal\.db"):
        sqlite_journal(tmp_path)


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        sqlite_journal(tmp_path / "absent")


def tamper(folder: Path, sql: str) -> None:
    db = sqlite3.connect(folder / "journal.db")
    with db:
        db.execute(sql)
    db.close()


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("UPDATE journal SET record = replace(record, 'two', 'owt') WHERE position = 2", "position 2: the hash"),
        ("DELETE FROM journal WHERE position = 2", "position 2 is missing"),
        ("UPDATE journal SET hash = lower(hex(randomblob(32))) WHERE position = 1", "position 1: the hash"),
        ("UPDATE journal SET record = 'nonsense' WHERE position = 3", "position 3: unreadable"),
    ],
)
def test_a_record_changed_behind_our_back_is_found_and_named(tmp_path: Path, sql: str, complaint: str) -> None:
    journal = sqlite_journal(tmp_path)
    note(journal, "a", "one", "two", "three")
    tamper(tmp_path, sql)
    with pytest.raises(Corrupt, match=complaint):
        verify(journal)
    journal.close()


def test_a_full_disk_refuses_the_append_and_keeps_the_journal_whole(tmp_path: Path) -> None:
    journal = sqlite_journal(tmp_path)
    note(journal, "a", "one")
    limit = sqlite3.connect(tmp_path / "journal.db")
    (pages,) = limit.execute("PRAGMA page_count").fetchone()
    limit.close()
    # The writer's own connection is told that the file may not grow: what SQLite does when the disk is full.
    journal.run_on_writer(lambda db: db.execute(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(Unavailable, match="full"):
        note(journal, "a", *("x" * 1000 for _ in range(100)), expect=1)
    journal.run_on_writer(lambda db: db.execute("PRAGMA max_page_count = 1000000"))
    assert note(journal, "a", "two", expect=1).position == 2
    assert verify(journal).position == 2
    journal.close()


def test_a_closed_journal_says_so(tmp_path: Path) -> None:
    journal = sqlite_journal(tmp_path)
    journal.close()
    with pytest.raises(Unavailable, match="closed"):
        note(journal, "a", "one")


def test_a_backup_taken_while_writing_is_a_whole_journal(tmp_path: Path) -> None:
    journal = sqlite_journal(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(lambda: [note(journal, "a", f"{n}", expect=n) for n in range(200)])
        head = journal.backup(tmp_path / "copy.db")
        writing.result()
    copy = SqliteJournal(tmp_path / "copy.db", EVENTS, realm="exercise")
    assert verify(copy) == head
    with pytest.raises(Refused, match="exists"):
        journal.backup(tmp_path / "copy.db")
    copy.close()
    journal.close()


WRITER = """
import sys, threading
from pathlib import Path
sys.path[:0] = [{tests!r}]
from test_journal_contract import sqlite_journal, note
journal = sqlite_journal(Path(sys.argv[1]))
lock = threading.Lock()
def write(name):
    version = sum(1 for _ in journal.read(streams=(name,)))
    while True:
        version = note(journal, name, f"{{name}} {{version}}", expect=version).version
        with lock:
            print(name, version, flush=True)
for name in "abcdefgh":
    threading.Thread(target=write, args=(name,), daemon=True).start()
threading.Event().wait()
"""


def test_a_writer_killed_at_any_moment_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    program = WRITER.format(tests=str(Path(__file__).parent))
    acknowledged: dict[str, int] = {}
    for round_ in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert writer.stdout is not None
        for _ in range(20 + 37 * round_):
            name, version = writer.stdout.readline().split()
            acknowledged[name] = max(acknowledged.get(name, 0), int(version))
        writer.kill()
        for line in writer.stdout.read().splitlines(keepends=True):
            if line.endswith("\n"):
                name, version = line.split()
                acknowledged[name] = max(acknowledged.get(name, 0), int(version))
        writer.wait()
        writer.stdout.close()
        journal = sqlite_journal(tmp_path)
        verify(journal)
        for stream, least in acknowledged.items():
            assert sum(1 for _ in journal.read(streams=(stream,))) >= least
        journal.close()


def test_a_checkpoint_agrees_with_the_journal_it_was_taken_of_and_with_all_that_came_after(journal: Journal) -> None:
    note(journal, "a", "one", "two")
    signer = Ed25519Signer()
    checkpoint = read_checkpoint(msgspec.json.encode(sign_checkpoint(journal, signer, NOW)))
    note(journal, "a", "three", expect=2)
    agree(journal, checkpoint, signer.public)


def test_a_truncated_journal_is_found_out_by_a_checkpoint(tmp_path: Path) -> None:
    journal = sqlite_journal(tmp_path)
    note(journal, "a", "one", "two", "three")
    signer = Ed25519Signer()
    checkpoint = sign_checkpoint(journal, signer, NOW)
    tamper(tmp_path, "DELETE FROM journal WHERE position > 1")
    assert verify(journal).position == 1, "the chain alone does not show it"
    with pytest.raises(Corrupt, match="truncated"):
        agree(journal, checkpoint, signer.public)
    journal.close()


def test_a_journal_written_anew_is_found_out_by_a_checkpoint(journal: Journal) -> None:
    signer = Ed25519Signer()
    other = MemoryJournal(EVENTS)
    note(other, "a", "what really happened")
    checkpoint = sign_checkpoint(other, signer, NOW)
    note(journal, "a", "what they would like")
    with pytest.raises(Corrupt, match="rewritten"):
        agree(journal, checkpoint, signer.public)


def test_a_checkpoint_signed_by_another_key_or_changed_afterwards_proves_nothing(journal: Journal) -> None:
    note(journal, "a", "one")
    signer = Ed25519Signer()
    checkpoint = sign_checkpoint(journal, signer, NOW)
    with pytest.raises(Corrupt, match="not signed"):
        agree(journal, checkpoint, Ed25519Signer().public)
    with pytest.raises(Corrupt, match="not signed"):
        agree(journal, msgspec.structs.replace(checkpoint, position=0), signer.public)


class Counted(Event, frozen=True, kw_only=True, tag="note.counted"):
    number: Any


def test_an_event_that_cannot_be_written_fails_alone_and_not_its_whole_batch(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.db", Events([Counted]), realm="exercise")

    def count(writer: int) -> str:
        cause = Cause(f"k{writer}", "note.count", "0")
        events = [Counted(number=1), Counted(number=object() if writer % 4 == 0 else writer)]
        try:
            journal.append(f"w{writer}", events, expect=0, actor=OFFICER, cause=cause, time=NOW)
        except Invalid:
            return "invalid"
        return "kept"

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(count, range(64)))
    assert outcomes == ["invalid" if writer % 4 == 0 else "kept" for writer in range(64)]
    assert verify(journal).position == 2 * 48
    journal.close()
