"""The stream of a real server: Server-Sent Events and WebSocket."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.running import KYIV, PODIL, Server
from websockets.sync.client import connect


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("stream")) as server:
        yield server


@pytest.fixture(scope="module")
def token(server: Server) -> str:
    return server.token()


def do(server: Server, token: str, kind: str, **fields: object) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{server.url}/v1/commands/{kind}", json=fields, headers=headers).raise_for_status()
    return int(answer.json()["position"])


Event = tuple[str, int, dict[str, Any]]


def events(server: Server, query: str = "", headers: dict[str, str] | None = None) -> Iterator[Event]:
    """Events as an EventSource reads them."""
    with httpx.stream("GET", f"{server.url}/v1/stream{query}", headers=headers, timeout=20) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "no-transform" in answer.headers["cache-control"]
        fields: dict[str, str] = {}
        for line in answer.iter_lines():
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "data" in fields:
                yield fields["event"], int(fields["id"]), json.loads(fields["data"])
                fields = {}


def test_a_follower_gets_a_snapshot_then_each_alert_as_it_comes(server: Server, token: str) -> None:
    following = events(server, f"?areas={PODIL}")
    name, _, snapshot = next(following)
    assert name == "snapshot"
    assert [area["area"] for area in snapshot["areas"]] == [PODIL]
    position = do(server, token, "alert.raise", alert="s1", areas=[KYIV], threat="missile")
    name, at, frame = next(following)
    assert (name, at, frame["alert"], frame["phase"]) == ("alert", position, "s1", "alert")
    assert {state["area"]: state["phase"] for state in frame["states"]}[PODIL] == "alert"
    do(server, token, "alert.clear", alert="s1")
    assert next(following)[2]["phase"] == "all_clear"


def test_one_who_comes_back_with_last_event_id_has_missed_nothing(server: Server, token: str) -> None:
    first = do(server, token, "alert.raise", alert="s2", areas=[PODIL], threat="drone")
    second = do(server, token, "alert.clear", alert="s2")
    for query, headers in (("", {"Last-Event-ID": str(first)}), (f"?last_event_id={first}", None)):
        following = events(server, query, headers)
        assert [next(following)[:2] for _ in range(2)] == [("alert", second), ("heartbeat", second)]


def test_a_position_out_of_reach_gets_reset_and_a_snapshot(server: Server, token: str) -> None:
    following = events(server, "?last_event_id=999999")
    assert [next(following)[0] for _ in range(2)] == ["reset", "snapshot"]


def test_a_heartbeat_comes_within_fifteen_seconds_with_the_whole_state(server: Server) -> None:
    following = events(server)
    next(following)
    start = time.monotonic()
    name, _, beat = next(following)
    assert name == "heartbeat"
    assert time.monotonic() - start < 15
    assert len(beat["areas"]) == 11
    assert beat["valid_until"] > beat["generated_at"]


@pytest.mark.parametrize("query", ["?areas=UA0", "?last_event_id=abc"])
def test_a_wrong_question_is_answered_with_a_problem_not_a_stream(server: Server, query: str) -> None:
    answer = httpx.get(f"{server.url}/v1/stream{query}")
    assert answer.status_code in (404, 422)
    assert answer.json()["where"] in ("areas", "last_event_id")


def test_a_websocket_carries_the_same_frames(server: Server, token: str) -> None:
    with connect(f"ws://127.0.0.1:{server.port}/v1/ws?areas={PODIL}") as socket:
        assert json.loads(socket.recv(timeout=5))["event"] == "snapshot"
        position = do(server, token, "alert.raise", alert="s3", areas=[PODIL], threat="drone")
        message = json.loads(socket.recv(timeout=5))
        assert (message["id"], message["event"], message["data"]["alert"]) == (position, "alert", "s3")
    do(server, token, "alert.clear", alert="s3")


def test_after_a_restart_a_follower_is_told_where_it_stands(tmp_path: Path) -> None:
    server = Server(tmp_path).start()
    token = server.token()
    first = do(server, token, "alert.raise", alert="r", areas=[PODIL], threat="drone")
    server.kill()
    with server:
        following = events(server, f"?last_event_id={first}&areas={PODIL}")
        states = []
        for name, _, data in following:
            states.append(name)
            if "areas" in data and name in ("snapshot", "heartbeat"):
                assert data["areas"][0]["phase"] == "alert"
                break
        assert states[-1] in ("snapshot", "heartbeat")


def test_what_is_between_officers_reaches_officers_and_no_resident(server: Server, token: str) -> None:
    officer = {"Authorization": f"Bearer {token}"}
    second = server.token("taras", "approver")
    start = do(server, token, "alert.draft", alert="s9", areas=[KYIV], threat="chemical")
    told = events(server, f"?last_event_id={start - 1}", officer)
    name, at, frame = next(told)
    assert (name, at, frame["kind"], frame["fact"]["by"]) == ("duty", start, "alert.drafted", "olena")
    do(server, token, "alert.submit", alert="s9")
    confirmed = do(server, second, "alert.confirm", alert="s9")
    resident = events(server, f"?last_event_id={start - 1}")
    heard = [next(resident)]
    while heard[-1][0] != "heartbeat":
        heard.append(next(resident))
    # An alert is followed by the plan of shelters whenever that is made.
    assert [(name, frame.get("alert")) for name, _, frame in heard if name != "shelter"] == [
        ("alert", "s9"),
        ("heartbeat", None),
    ]
    said = next(event for event in told if event[0] == "duty")
    assert (said[1], said[2]["kind"]) == (confirmed, "alert.confirmed")
    with connect(
        f"{server.url.replace('http', 'ws')}/v1/ws?last_event_id={start - 1}", additional_headers=officer
    ) as socket:
        assert json.loads(socket.recv(timeout=5))["event"] == "duty"
    assert httpx.get(f"{server.url}/v1/stream", headers={"Authorization": "Bearer forged"}).status_code == 401
    do(server, token, "alert.clear", alert="s9")
