"""kill -9 at any moment: what was acknowledged is there, and the journal verifies."""

import random
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from tests.running import PODIL, Server, tocsin

from tocsin.domain.catalogue import all_events
from tocsin.journal import verify
from tocsin.storage.sqlite import SqliteJournal

WRITERS = 8
PATIENCE = 60.0
"""Seconds for an answer. A machine that runs other tests is slow, not broken."""


class Load:
    """Writers that raise and clear alerts as fast as they can, and remember what the server acknowledged."""

    def __init__(self, server: Server, token: str) -> None:
        self._url = server.url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._over = threading.Event()
        self.acknowledged: list[tuple[int, str, str]] = []
        self.unanswered: list[tuple[str, Mapping[str, object], str]] = []
        self._threads = [threading.Thread(target=self._write, args=(writer,)) for writer in range(WRITERS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wait_for_first(self) -> None:
        """Until something was acknowledged: killing a server that has done nothing proves nothing."""
        deadline = time.monotonic() + 30
        while not self.acknowledged and time.monotonic() < deadline:
            time.sleep(0.005)

    def finish(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _write(self, writer: int) -> None:
        with httpx.Client(timeout=PATIENCE) as client:
            number = 0
            while not self._over.is_set():
                alert, number = f"{id(self)}-{writer}-{number}", number + 1
                body = {"alert": alert, "areas": [PODIL], "threat": "drone"}
                if not self._post(client, "alert.raise", body) or not self._post(
                    client, "alert.clear", {"alert": alert}
                ):
                    return

    def _post(self, client: httpx.Client, kind: str, body: Mapping[str, object]) -> bool:
        key = f"{kind}-{body['alert']}"
        try:
            answer = client.post(
                f"{self._url}/v1/commands/{kind}", json=body, headers={**self._headers, "Idempotency-Key": key}
            )
        except httpx.HTTPError:
            self.unanswered.append((kind, body, key))
            return False
        assert answer.status_code == 201, answer.text
        accepted = answer.json()
        self.acknowledged.append((accepted["position"], accepted["stream"], accepted["events"][-1]))
        return True


def rounds(folder: Path, count: int) -> None:
    chance = random.Random(20250424)
    acknowledged: list[tuple[int, str, str]] = []
    token = ""
    for _ in range(count):
        with Server(folder) as server:
            token = token or server.token()
            load = Load(server, token)
            load.start()
            load.wait_for_first()
            time.sleep(chance.uniform(0.05, 0.6))
            server.kill()
            load.finish()
        acknowledged += load.acknowledged
        journal = SqliteJournal(folder / "tocsin.db", all_events(), realm="exercise")
        verify(journal)
        kept = {recorded.position: (recorded.stream, recorded.event) for recorded in journal.read()}
        for position, stream, kind in acknowledged:
            assert position in kept
            assert kept[position][0] == stream
            assert type(kept[position][1]).__struct_config__.tag == kind
        journal.close()
        _ask_again(folder, token, load)
    assert len(acknowledged) > count


def _ask_again(folder: Path, token: str, load: Load) -> None:
    """Whoever lost the answer asks again with the same key, and the command has been carried out exactly once."""
    with Server(folder) as server, httpx.Client(timeout=PATIENCE) as client:
        for kind, body, key in load.unanswered:
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
            answer = client.post(f"{server.url}/v1/commands/{kind}", json=body, headers=headers)
            assert answer.status_code == 201, answer.text
    journal = SqliteJournal(folder / "tocsin.db", all_events(), realm="exercise")
    keys = [recorded.cause.key for recorded in journal.read()]
    assert len(keys) == len(set(keys))
    journal.close()


def test_a_server_killed_under_load_loses_no_acknowledged_command(tmp_path: Path) -> None:
    rounds(tmp_path, 4)


@pytest.mark.heavy
def test_a_server_killed_under_load_many_times_loses_no_acknowledged_command(tmp_path: Path) -> None:
    rounds(tmp_path, 60)


def test_a_server_asked_to_stop_stops_and_leaves_a_snapshot(tmp_path: Path) -> None:
    server = Server(tmp_path).start()
    token = server.token()
    httpx.post(
        f"{server.url}/v1/commands/alert.raise",
        json={"areas": [PODIL], "threat": "drone"},
        headers={"Authorization": f"Bearer {token}"},
    ).raise_for_status()
    assert server.stop() == 0
    assert (tmp_path / "tocsin.snapshot").exists()
    assert "chain ok" in tocsin("journal", "verify", "--db", str(server.db)).stdout
