"""The web application over a system in memory, with a token for each role."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.system.test_replay_equals_live import Time, system

from tocsin.http.app import build_app
from tocsin.storage.access import SqliteAccess
from tocsin.wiring import Running


class Web:
    """A client of the application. The clock stands still until a test moves it."""

    def __init__(self, client: TestClient[Litestar], running: Running, clock: Time) -> None:
        self.client = client
        self.running = running
        self.clock = clock
        self._tokens: dict[str, str] = {}

    def headers(self, role: str) -> dict[str, str]:
        access = self.running.system.access
        assert isinstance(access, SqliteAccess)
        if role not in self._tokens:
            access.add(role, role)
            self._tokens[role] = access.issue(role)
        return {"Authorization": f"Bearer {self._tokens[role]}"}

    def do(self, kind: str, role: str = "duty_officer", key: str | None = None, **fields: object) -> dict[str, object]:
        self.clock.now += timedelta(seconds=1)
        headers = self.headers(role) | ({"Idempotency-Key": key} if key else {})
        answer = self.client.post(f"/v1/commands/{kind}", json=fields, headers=headers)
        assert answer.status_code == 201, answer.text
        accepted: dict[str, object] = answer.json()
        return accepted


@pytest.fixture
def web() -> Iterator[Web]:
    clock = Time()
    running = system(clock)
    with TestClient(build_app(running.system)) as client:
        yield Web(client, running, clock)
    running.system.close()
