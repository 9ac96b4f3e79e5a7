"""Orders brought by file: whole or not at all, twice is once, and what a rule refuses is named by its line."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.http.conftest import Web
from tests.running import PODIL, Server, tocsin
from tests.town import START

from tocsin.domain.catalogue import all_commands
from tocsin.flow.field_file import note, read, seal
from tocsin.kernel.errors import Invalid

COMMANDS = all_commands()
OPEN = {"worksite": "C-1", "type": "fire", "lat": 50.46, "lon": 30.51, "area": PODIL}
EARLIER = START - timedelta(hours=2)


def lines() -> bytes:
    """Two good orders, and between them one about a worksite that does not exist."""
    written: list[tuple[str, dict[str, Any]]] = [
        ("worksite.open", OPEN),
        ("worksite.describe", {"worksite": "C-9", "address": "nowhere"}),
        ("worksite.plan_task", {"worksite": "C-1", "operation": "suppress_fire"}),
    ]
    return b"".join(
        note(kind, fields, f"device-key-{number}", EARLIER, COMMANDS) for number, (kind, fields) in enumerate(written)
    )


def bring(web: Web, document: bytes, role: str = "dispatcher") -> tuple[int, dict[str, object]]:
    answer = web.client.post("/v1/field", json={"file": document.decode()}, headers=web.headers(role))
    return answer.status_code, answer.json()


def outcomes(answer: dict[str, object]) -> list[tuple[int, str]]:
    results = answer["results"]
    assert isinstance(results, list)
    return [(each["line"], each["outcome"]) for each in results]


def test_what_a_rule_refuses_is_named_and_the_rest_is_carried_out_with_its_own_time(web: Web) -> None:
    status, answer = bring(web, seal("petro", lines()))
    assert status == 201
    assert outcomes(answer) == [(2, "accepted"), (3, "refused"), (4, "accepted")]
    opened = web.client.get("/v1/worksites/C-1").json()["worksite"]["opened_at"]
    assert opened.startswith(f"{EARLIER:%Y-%m-%dT%H:%M}")


def test_a_file_brought_again_by_anybody_does_nothing(web: Web) -> None:
    bring(web, seal("petro", lines()))
    head = web.running.system.journal.head().position
    _, answer = bring(web, seal("petro", lines()), "duty_officer")
    assert outcomes(answer) == [(2, "repeated"), (3, "refused"), (4, "repeated")]
    assert web.running.system.journal.head().position == head


def test_what_its_author_sends_later_over_the_network_is_not_done_twice(web: Web) -> None:
    web.headers("dispatcher")
    bring(web, seal("dispatcher", lines()))
    head = web.running.system.journal.head().position
    fields = json.loads(lines().splitlines()[0])["fields"]
    web.do("worksite.open", "dispatcher", "device-key-0", **fields)
    assert web.running.system.journal.head().position == head


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (lambda file: file.replace(b"suppress_fire", b"suppress_rain"), "line 1 sha256"),
        (lambda file: file[:-20], "line 1 sha256"),
        (lambda file: file.replace(b"tocsin-field-1", b"tocsin-field-9"), "line 1"),
        (lambda _file: b"", "line 1"),
        (lambda _file: seal("petro", lines() + b'{"key":"device-key-9"}\n'), "line 5"),
        (lambda _file: seal("petro", lines().replace(b"suppress_fire", b"suppress_rain")), "line 4"),
        (lambda _file: seal("petro", lines().replace(b"worksite.describe", b"worksite.paint")), "line 3"),
    ],
)
def test_a_file_that_is_partly_bad_names_the_line_and_nothing_of_it_is_done(
    web: Web, spoil: object, where: str
) -> None:
    assert callable(spoil)
    status, problem = bring(web, spoil(seal("petro", lines())))
    assert status in (404, 422)
    assert where in str(problem["where"])
    assert web.running.system.journal.head().position == 0


def test_whoever_may_not_give_an_order_cannot_bring_it_either(web: Web) -> None:
    _, answer = bring(web, seal("petro", lines()), "press_officer")
    assert {outcome for _, outcome in outcomes(answer)} == {"refused"}
    assert web.client.post("/v1/field", json={"file": ""}).status_code == 401


def test_an_order_is_checked_when_it_is_written_down() -> None:
    with pytest.raises(Invalid, match="operation"):
        note("worksite.plan_task", {"worksite": "C-1", "operation": "dance"}, "device-key-1", EARLIER, COMMANDS)
    _, (command,), _ = read(seal("p", note("worksite.open", OPEN, "device-key-1", EARLIER, COMMANDS)), COMMANDS)
    assert getattr(command, "occurred", None) == EARLIER


@pytest.mark.heavy
def test_the_command_line_notes_exports_and_imports(tmp_path: Path) -> None:
    outbox, file = str(tmp_path / "outbox"), str(tmp_path / "file")
    tocsin("field", "note", outbox, "worksite.open", json.dumps(OPEN))
    tocsin("field", "export", outbox, "--out", file, "--author", "petro")
    with Server(tmp_path) as server:
        token = server.token("maria", "dispatcher")
        for outcome in ("accepted", "repeated"):
            done = tocsin("field", "import", file, "--url", server.url, "--token", token)
            assert outcome in done.stdout
