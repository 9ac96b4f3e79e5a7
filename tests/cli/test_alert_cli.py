"""Two people and an alert, from the command line of each."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.running import KYIV, PODIL, Server
from typer.testing import CliRunner

from tocsin.cli.main import app
from tocsin.kernel.errors import Invalid, Refused

SETTINGS = """
remind_before = [720]

[approval.exercise]
default = "one_then_confirm"
answer_within = 5

[approval.exercise.threats]
chemical = "two_before"
"""


class Desk:
    """A server with settings of its own, and the command lines of those who work with it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        people = {"ada": "administrator", "olena": "duty_officer", "taras": "approver"}
        self._tokens = {who: server.token(who, role) for who, role in people.items()}

    def run(self, who: str, *arguments: str, refused: str = "") -> str:
        """Give a command; return what it prints, or check that it is refused with these words."""
        done = CliRunner().invoke(app, [*arguments, "--url", self.server.url, "--token", self._tokens.get(who, "")])
        assert (refused in str(done.exception)) if refused else done.exit_code == 0, done.exception
        assert not refused or isinstance(done.exception, Refused | Invalid)
        return done.stdout

    def status(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.run("olena", "alert", "status", "--json"))["alerts"]
        return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("desk")
    (folder / "tocsin.toml").write_text(SETTINGS)
    with Server(folder, "--config", str(folder / "tocsin.toml")) as server:
        yield Desk(server)


def test_an_alert_that_needs_two_is_raised_by_one_and_approved_by_another(desk: Desk) -> None:
    said = desk.run("olena", "alert", "raise", KYIV, "--threat", "chemical", "--id", "c")
    assert said.startswith("alert.submitted")
    (line,) = desk.status()
    assert (line["stage"], line["proposal"]["by"]) == ("pending", "olena")
    shown = desk.run("olena", "alert", "status", PODIL)
    assert "approval of proposal 1" in shown
    assert "│ unknown │" in shown, "the board knows nothing of it"
    assert "alerts" not in json.loads(desk.run("", "alert", "status", "--json"))
    desk.run("olena", "alert", "approve", "c", refused="second person")
    desk.run("taras", "alert", "approve", "c", "--proposal", "7", refused="1 is waiting")
    assert desk.run("taras", "alert", "approve", "c", "--proposal", "1").startswith("alert.raised")
    assert (desk.status()[0]["confirmed_by"], desk.status()[0]["unconfirmed_for"]) == ("taras", None)
    assert desk.run("olena", "alert", "cancel", "c", "--reason", "a burst boiler").startswith("alert.cancelled")


def test_a_draft_is_submitted_or_thrown_away(desk: Desk) -> None:
    desk.run("olena", "alert", "draft", PODIL, "--threat", "drone", "--id", "d")
    assert "to be submitted" in desk.run("olena", "alert", "status")
    assert desk.run("olena", "alert", "submit", "d").startswith("alert.raised")
    assert "confirmation" in desk.run("olena", "alert", "status")
    desk.run("olena", "alert", "clear", "d")
    desk.run("olena", "alert", "draft", PODIL, "--threat", "drone", "--id", "e")
    assert desk.run("olena", "alert", "reject", "e", "--reason", "not needed").startswith("alert.rejected")
    assert desk.status() == []


def test_prepared_words_are_written_read_used_and_withdrawn(desk: Desk) -> None:
    words = ("--uk", "Загроза зблизька.", "--en", "A threat from near.")
    desk.run("ada", "template", "write", "artillery", "alert", *words)
    desk.run("ada", "template", "approve", "artillery", "alert", "1", refused="second person")
    desk.run("taras", "template", "approve", "artillery", "alert", "1", "--lang", "uk")
    assert json.loads(desk.run("ada", "template", "list", "--json"))[4 * 4 + 1]["version"] == 0
    desk.run("taras", "template", "approve", "artillery", "alert", "1", "--lang", "en")
    desk.run("olena", "alert", "raise", PODIL, "--threat", "artillery", "--id", "t")
    (line,) = desk.status()
    assert (line["texts"]["uk"], line["template"]) == ("Загроза зблизька.", 1)
    desk.run("olena", "alert", "clear", "t")
    desk.run("ada", "template", "withdraw", "artillery", "alert", "1", "--reason", "unclear")
    assert "A threat from near." not in desk.run("ada", "template", "list")
    unfinished = ("--uk", "Загроза в {area}", "--en", "A threat")
    desk.run("ada", "template", "write", "artillery", "alert", *unfinished, refused="texts.uk: a placeholder")


@pytest.mark.heavy
def test_a_server_escalates_by_itself_what_no_second_person_confirms(desk: Desk) -> None:
    import time

    desk.run("olena", "alert", "raise", PODIL, "--threat", "drone", "--id", "late")
    deadline = time.monotonic() + 20
    while not desk.status()[0]["overdue"] and time.monotonic() < deadline:
        time.sleep(0.5)
    assert "confirmation (late)" in desk.run("taras", "alert", "status")
    desk.run("taras", "alert", "confirm", "late")
    assert desk.status()[0]["unconfirmed_for"] is None
    desk.run("olena", "alert", "clear", "late")
