"""tocsin siren, as whoever looks after the sirens runs it."""

import json
from pathlib import Path

from tests.running import KYIV, Server, tocsin


def test_credentials_are_given_once_taken_away_and_given_anew(tmp_path: Path) -> None:
    access = ("siren", "provision", "--out", str(tmp_path / "access"), "--db", str(tmp_path / "tocsin.db"), "--json")
    first = json.loads(tocsin(*access).stdout)
    names = first["issued"]
    assert names
    again = json.loads(tocsin(*access).stdout)
    assert (again["issued"], again["kept"]) == ([], len(names))
    assert json.loads(tocsin(*access, "--revoke", names[0]).stdout)["revoked"] == [names[0]]
    assert json.loads(tocsin(*access, "--rotate", names[0], "--rotate-server").stdout)["issued"] == [names[0]]
    wrong = tocsin(*access, "--revoke", "nobody", check=False)
    assert (wrong.returncode, wrong.stderr) == (2, "tocsin: siren: no siren is called 'nobody'\n")


def test_a_test_round_and_an_alert_are_reported_by_name(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        there = ("--url", server.url, "--token", server.token())
        assert tocsin("siren", "test", *there).stdout.startswith("round ")
        said = tocsin("siren", "report", *there).stdout
        assert "runs" in said
        assert "never tested: siren-001" in said
        tocsin("alert", "raise", KYIV, "--id", "a", *there)
        said = tocsin("siren", "report", "--alert", "a", *there).stdout
        assert "no answer to the alert: siren-001" in said
        found = json.loads(tocsin("siren", "report", "--alert", "a", "--json", *there).stdout)
        assert found["unanswered"]["asked"] == len(found["unanswered"]["alert"]) > 0
