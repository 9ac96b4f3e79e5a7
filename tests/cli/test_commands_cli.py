"""The command line: what it prints, and what its exit codes mean."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.running import KYIV, PODIL, TOCSIN, Server, tocsin

GROUPS = [
    "",
    "alert",
    "template",
    "cap",
    "cb",
    "siren",
    "city",
    "shelters",
    "record",
    "bulletin",
    "journal",
    "user",
    "bench",
]


@pytest.mark.parametrize("group", GROUPS)
def test_every_level_has_help(group: str) -> None:
    done = tocsin(*group.split(), "--help")
    assert "Usage" in done.stdout


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['tocsin', '--help']\n"
        "from tocsin.cli.main import run\n"
        "try: run()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'scipy', 'shapely', 'lxml', 'litestar', 'aiogram', 'cryptography', 'msgspec', 'babel'}\n"
        "sys.stderr.write(' '.join(sorted(heavy & set(sys.modules))))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr in ("", "msgspec")


def test_serving_an_empty_journal_loads_no_scientific_libraries(tmp_path: Path) -> None:
    city = str(tmp_path / "city")
    tocsin("city", "generate", "--out", city, "--scale", "0.01")
    with Server(tmp_path, "--city", city) as server:
        assert server.process is not None
        maps = Path(f"/proc/{server.process.pid}/maps").read_text()
    assert [name for name in ("scipy", "shapely", "numba") if f"/site-packages/{name}/" in maps] == []


def test_a_journal_goes_out_as_lines_and_comes_back_the_same(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        token = server.token()
        for alert in ("a", "b"):
            tocsin("alert", "raise", PODIL, "--id", alert, "--url", server.url, "--token", token)
    db, out, copy = str(server.db), tmp_path / "out.jsonl", str(tmp_path / "copy.db")
    first = json.loads(tocsin("journal", "verify", "--db", db, "--json").stdout)
    tocsin("journal", "export", str(out), "--db", db)
    assert len(out.read_text().splitlines()) == first["position"] >= 2
    tocsin("journal", "import", str(out), "--db", copy)
    assert json.loads(tocsin("journal", "verify", "--db", copy, "--json").stdout)["hash"] == first["hash"]
    again = tocsin("journal", "import", str(out), "--db", copy, check=False)
    missing = f"position {first['position'] + 1} is missing"
    assert (again.returncode, missing in again.stderr) == (1, True)


def test_a_backup_restores_to_the_same_journal_and_overwrites_nothing(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        tocsin("alert", "raise", PODIL, "--url", server.url, "--token", server.token())
        tocsin("journal", "backup", str(tmp_path / "kept.db"), "--db", str(server.db))
    tocsin("journal", "restore", str(tmp_path / "kept.db"), "--db", str(tmp_path / "new.db"))
    verified = [
        tocsin("journal", "verify", "--db", str(tmp_path / name)).stdout for name in ("kept.db", "new.db", "tocsin.db")
    ]
    assert len(set(verified)) == 1
    refused = tocsin("journal", "backup", str(tmp_path / "kept.db"), "--db", str(server.db), check=False)
    assert refused.returncode == 1


def test_a_checkpoint_finds_a_truncated_journal_out(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        token = server.token()
        for alert in ("a", "b"):
            tocsin("alert", "raise", PODIL, "--id", alert, "--url", server.url, "--token", token)
    db, checkpoint = str(server.db), str(tmp_path / "checkpoint.json")
    tocsin("journal", "checkpoint", "--db", db, "--out", checkpoint)
    key = tocsin("siren", "key", "--db", db).stdout.strip()
    tocsin("journal", "verify", "--db", db, "--checkpoint", checkpoint, "--key", key)
    tocsin("journal", "export", str(tmp_path / "out.jsonl"), "--db", db)
    (tmp_path / "cut.jsonl").write_text((tmp_path / "out.jsonl").read_text().splitlines()[0] + "\n")
    tocsin("journal", "import", str(tmp_path / "cut.jsonl"), "--db", str(tmp_path / "cut.db"))
    found = tocsin(
        "journal", "verify", "--db", str(tmp_path / "cut.db"), "--checkpoint", checkpoint, "--key", key, check=False
    )
    assert (found.returncode, "truncated" in found.stderr) == (1, True)


def test_alerts_are_raised_confirmed_and_cleared_from_the_command_line(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        at = ("--url", server.url)
        olena, taras = server.token("olena"), server.token("taras", "approver")
        raised = tocsin("alert", "raise", KYIV, "--threat", "combined", "--id", "a", "--json", *at, "--token", olena)
        assert json.loads(raised.stdout)["events"] == ["alert.raised"]
        own = tocsin("alert", "confirm", "a", *at, "--token", olena, check=False)
        assert (own.returncode, "second person" in own.stderr) == (1, True)
        tocsin("alert", "confirm", "a", *at, "--token", taras)
        tocsin("alert", "update", "a", "--threat", "ballistic", *at, "--token", olena)
        tocsin("alert", "clear", "a", *at, "--token", olena)
        board = json.loads(tocsin("alert", "status", PODIL, "--json", *at).stdout)
        assert board["areas"][0]["phase"] == "all_clear"


def test_exit_codes_tell_refused_from_malformed_from_unavailable(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        at = ("--url", server.url)
        assert tocsin("alert", "raise", KYIV, *at, "--token", "forged", check=False).returncode == 1
        malformed = tocsin("alert", "raise", "UA0", *at, "--token", server.token(), check=False)
        assert (malformed.returncode, "areas[0]" in malformed.stderr) == (2, True)
    assert tocsin("alert", "status", *at, check=False).returncode == 3
    assert tocsin("alert", "shout", check=False).returncode == 2
    assert tocsin("journal", "verify", "--db", str(tmp_path / "absent.db"), check=False).returncode == 2


def test_a_token_that_was_revoked_lets_nobody_in(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        token = server.token()
        tocsin("user", "revoke", "olena", "--db", str(server.db))
        assert tocsin("alert", "raise", KYIV, "--url", server.url, "--token", token, check=False).returncode == 1
    users = json.loads(tocsin("user", "list", "--db", str(server.db), "--json").stdout)
    assert users == [{"id": "olena", "role": "duty_officer", "tokens": 0}]
    assert tocsin("user", "add", "x", "--role", "king", "--db", str(server.db), check=False).returncode == 2
    assert tocsin("user", "add", "olena", "--role", "medic", "--db", str(server.db), check=False).returncode == 1


def test_a_generated_city_checks_sound_and_names_the_nearest_shelter(tmp_path: Path) -> None:
    folder = str(tmp_path / "city")
    made = json.loads(tocsin("city", "generate", "--out", folder, "--scale", "0.01", "--seed", "7", "--json").stdout)
    assert made["areas"] == 11
    assert json.loads(tocsin("city", "check", folder, "--json").stdout)["findings"] == []
    way = json.loads(tocsin("shelters", "nearest", "50.45", "30.52", "--city", folder, "--json").stdout)
    assert way["metres"] > 0
    assert tocsin("city", "generate", "--out", str(tmp_path / "x"), "--scale", "7", check=False).returncode == 2
    assert tocsin("shelters", "nearest", "0", "0", "--city", folder, check=False).returncode == 2


def test_the_live_realm_and_the_exercise_realm_never_share_a_journal(tmp_path: Path) -> None:
    Server(tmp_path).start().stop()
    done = subprocess.run(
        [str(TOCSIN), "serve", "--db", str(tmp_path / "tocsin.db"), "--realm", "live", "--port", "0"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, "realm" in done.stderr) == (1, True)


def test_a_config_file_with_a_wrong_field_is_refused_by_its_name(tmp_path: Path) -> None:
    config = tmp_path / "tocsin.toml"
    config.write_text('realm = "exercise"\nprot = 8080\n')
    done = tocsin("serve", "--config", str(config), check=False)
    assert (done.returncode, "prot" in done.stderr) == (2, True)
