"""Names of people: encrypted, by role, erasable, every look recorded."""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.running import tocsin

from tocsin.flow.people import Act, Details, People
from tocsin.kernel.errors import Corrupt, Invalid, Unauthorised, Unknown
from tocsin.kernel.event import Actor
from tocsin.storage.people import SqlitePeople, load_or_make_people_keys, make_key, write_people_keys

NOW = datetime(2025, 4, 24, tzinfo=UTC)
MEDIC, ADMIN = Actor("maria", "medic"), Actor("ada", "administrator")
NAME = "Леся Українка"
LESIA = Details(name=NAME, born=date(1991, 2, 25), phone="+380 44 000 00 00", marks="scar")


def people(path: Path | str = ":memory:", *keys: bytes) -> People:
    return People(SqlitePeople(path, keys or (make_key(),)), lambda: NOW)


def test_what_was_written_is_read_and_the_look_is_in_the_audit() -> None:
    door = people()
    door.write("A-1", LESIA, MEDIC)
    assert door.look("A-1", MEDIC) == LESIA
    assert [(look.act, look.actor, look.person) for look in door.audit(ADMIN, 10)] == [
        (Act.LOOKED, "maria", "A-1"),
        (Act.WROTE, "maria", "A-1"),
    ]


@pytest.mark.parametrize("role", ["dispatcher", "team_leader", "press_officer", "analyst", "auditor", "duty_officer"])
def test_other_roles_see_no_name_and_that_they_tried_is_recorded(role: str) -> None:
    door = people()
    door.write("A-1", LESIA, MEDIC)
    with pytest.raises(Unauthorised):
        door.look("A-1", Actor("x", role))
    assert door.audit(ADMIN, 1)[0].act is Act.REFUSED


def test_a_look_at_nobody_is_recorded_too() -> None:
    door = people()
    with pytest.raises(Unknown, match="person"):
        door.look("A-9", MEDIC)
    assert [look.person for look in door.audit(ADMIN, 10)] == ["A-9"]


def test_whoever_is_erased_is_gone_for_a_reason_and_the_audit_stays() -> None:
    door = people()
    door.write("A-1", LESIA, MEDIC)
    with pytest.raises(Unauthorised):
        door.erase("A-1", "asked for", MEDIC)
    with pytest.raises(Invalid, match="reason"):
        door.erase("A-1", " ", ADMIN)
    door.erase("A-1", "asked for", ADMIN)
    with pytest.raises(Unknown):
        door.look("A-1", MEDIC)
    assert Act.ERASED in {look.act for look in door.audit(ADMIN, 10)}


def test_a_search_finds_by_name_and_marks_everybody_it_found() -> None:
    door = people()
    door.write("A-1", LESIA, MEDIC)
    door.write("A-2", Details(name="Taras"), MEDIC)
    assert door.search("україн", MEDIC) == ["A-1"]
    assert [(look.act, look.person) for look in door.audit(ADMIN, 1)] == [(Act.FOUND, "A-1")]
    with pytest.raises(Invalid, match="words"):
        door.search("ук", MEDIC)


@pytest.mark.parametrize("person", ["", "Lesia", "A 1", "А-1", "x" * 61])
def test_a_person_is_known_by_a_number_never_by_a_name(person: str) -> None:
    with pytest.raises(Invalid, match="person"):
        people().write(person, LESIA, MEDIC)


def test_neither_the_file_nor_its_free_pages_hold_a_name(tmp_path: Path) -> None:
    door = people(tmp_path / "p")
    door.write("A-1", LESIA, MEDIC)
    sealed = sqlite3.connect(tmp_path / "p").execute("SELECT sealed FROM people").fetchone()[0]
    door.erase("A-1", "asked for", ADMIN)
    kept = (tmp_path / "p").read_bytes()
    assert NAME.encode() not in kept
    assert sealed not in kept
    assert (tmp_path / "p").stat().st_mode & 0o077 == 0


def test_under_another_key_nothing_can_be_read(tmp_path: Path) -> None:
    people(tmp_path / "p", make_key()).write("A-1", LESIA, MEDIC)
    with pytest.raises(Corrupt, match="A-1"):
        people(tmp_path / "p", make_key()).look("A-1", MEDIC)


def test_one_persons_details_do_not_pass_for_anothers(tmp_path: Path) -> None:
    door = people(tmp_path / "p")
    door.write("A-1", LESIA, MEDIC)
    door.write("A-2", Details(name="Taras"), MEDIC)
    with sqlite3.connect(tmp_path / "p") as db:
        db.execute("UPDATE people SET sealed = (SELECT sealed FROM people WHERE person = 'A-1') WHERE person = 'A-2'")
    db.close()
    with pytest.raises(Corrupt, match="somebody else"):
        door.look("A-2", MEDIC)


def test_after_a_rotation_the_old_key_is_not_needed_and_opens_nothing(tmp_path: Path) -> None:
    old, new = make_key(), make_key()
    store = SqlitePeople(tmp_path / "p", [old])
    store.put("A-1", LESIA)
    assert store.rotate([new, old]) == 1
    assert SqlitePeople(tmp_path / "p", [new]).get("A-1") == LESIA
    with pytest.raises(Corrupt):
        SqlitePeople(tmp_path / "p", [old]).get("A-1")


def test_a_rotation_that_lacks_a_key_changes_nobody(tmp_path: Path) -> None:
    old = make_key()
    store = SqlitePeople(tmp_path / "p", [old])
    store.put("A-1", LESIA)
    with pytest.raises(Corrupt, match="none of these keys"):
        store.rotate([make_key()])
    assert SqlitePeople(tmp_path / "p", [old]).get("A-1") == LESIA


def test_the_key_file_is_made_once_for_its_owner_only_and_refused_when_it_is_none(tmp_path: Path) -> None:
    file = tmp_path / "k"
    assert load_or_make_people_keys(file) == load_or_make_people_keys(file)
    assert file.stat().st_mode & 0o077 == 0
    write_people_keys(file, [b"short"])
    with pytest.raises(Corrupt, match="not a key"):
        SqlitePeople(":memory:", load_or_make_people_keys(file))
    file.write_bytes(b"")
    with pytest.raises(Corrupt, match="no key"):
        load_or_make_people_keys(file)


def test_the_command_line_rotates_the_key_and_shows_the_audit(tmp_path: Path) -> None:
    db = tmp_path / "tocsin.db"
    keys = load_or_make_people_keys(tmp_path / "tocsin.people-key")
    door = People(SqlitePeople(tmp_path / "tocsin.people", keys), lambda: NOW)
    door.write("A-1", LESIA, MEDIC)
    assert "1 people" in tocsin("people", "rotate", "--db", str(db)).stdout
    fresh = load_or_make_people_keys(tmp_path / "tocsin.people-key")
    assert len(fresh) == 1
    assert fresh != keys
    assert SqlitePeople(tmp_path / "tocsin.people", fresh).get("A-1") == LESIA
    assert "maria" in tocsin("people", "audit", "--db", str(db)).stdout
