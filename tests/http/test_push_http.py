"""Subscribing to Web Push: without an account, only for known push services, and gone when taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.push_service import Browser
from tests.running import KYIV, PODIL
from tests.system.test_replay_equals_live import Time, city

from tocsin.flow.deliver import DeviceResult, Outcome
from tocsin.flow.push import SERVICES, Subscription, is_allowed
from tocsin.flow.system import System
from tocsin.http.app import build_app
from tocsin.http.push import PER_MINUTE
from tocsin.kernel.errors import Corrupt, Invalid
from tocsin.storage.keys import load_or_make_vapid
from tocsin.storage.subscriptions import SqliteSubscriptions
from tocsin.wiring import Settings, open_system

SETTINGS = Settings(channels={"push": {"contact": "mailto:duty@kyiv.example"}})
Client = TestClient[Litestar]


@pytest.fixture
def system() -> Iterator[System]:
    running = open_system(SETTINGS, city(), clock=Time(), in_memory=True)
    yield running.system
    running.system.close()


@pytest.fixture
def client(system: System) -> Iterator[Client]:
    with TestClient(build_app(system)) as client:
        yield client


def form(*areas: str, endpoint: str = "https://fcm.googleapis.com/fcm/send/abc") -> dict[str, Any]:
    return Browser("a", "").subscription(*(areas or (PODIL,))) | {"endpoint": endpoint}


def test_a_resident_subscribes_looks_whether_it_still_holds_and_takes_it_back(client: Client, system: System) -> None:
    assert len(client.get("/v1/push/key").json()["key"]) == 87
    kept = client.post("/v1/push/subscriptions", json=form(PODIL, KYIV, PODIL)).json()
    assert kept["areas"] == [PODIL, KYIV]
    address = f"/v1/push/subscriptions/{kept['id']}"
    assert client.get(address).json() == kept

    again = client.post("/v1/push/subscriptions", json=form(KYIV) | {"language": "en"}).json()
    assert (again["id"], again["areas"], again["language"]) == (kept["id"], [KYIV], "en")

    assert system.push is not None
    device = f"{kept['id']}.{KYIV}"
    system.push.devices.record_devices("push", 1, system.clock(), [DeviceResult(device, Outcome.SENT)])
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert client.delete(address).status_code == 204
    assert system.push.devices.devices("push", 1) == []


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"endpoint": "https://evil.example/x"}, "endpoint"),
        ({"endpoint": "http://fcm.googleapis.com/x"}, "endpoint"),
        ({"endpoint": "https://fcm.googleapis.com.evil.example/x"}, "endpoint"),
        ({"endpoint": "https://fcm.googleapis.com:8443/x"}, "endpoint"),
        ({"endpoint": "https://user@fcm.googleapis.com/x"}, "endpoint"),
        ({"endpoint": "https://[::1"}, "endpoint"),
        ({"keys": {"p256dh": "AAAA", "auth": "MDEyMzQ1Njc4OWFiY2RlZg"}}, "keys.p256dh"),
        ({"keys": {"p256dh": "B" + "A" * 86, "auth": "MDEyMzQ1Njc4OWFiY2RlZg"}}, "keys.p256dh"),
        ({"keys": {"p256dh": form()["keys"]["p256dh"], "auth": "MDE"}}, "keys.auth"),
        ({"areas": ["nowhere"]}, "areas[0]"),
        ({"areas": []}, "areas"),
        ({"areas": [PODIL] * 11}, "areas"),
        ({"language": "fr"}, "language"),
    ],
)
def test_a_subscription_that_could_not_be_served_is_refused_by_its_field(
    client: Client, changed: dict[str, Any], where: str
) -> None:
    answer = client.post("/v1/push/subscriptions", json=form() | changed)
    assert answer.status_code in (400, 404, 422)
    assert where.partition("[")[0] in answer.text


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/x",
        "https://updates.push.services.mozilla.com/wpush/v2/x",
        "https://web.push.apple.com/x",
        "https://wns2-by3p.notify.windows.com/w/?token=x",
    ],
)
def test_the_push_services_of_the_browsers_are_known(endpoint: str) -> None:
    assert is_allowed(endpoint, SERVICES)
    assert not is_allowed(endpoint.replace("https", "http"), SERVICES)


def test_who_asks_too_often_is_told_to_wait(client: Client) -> None:
    answers = [client.get("/v1/push/subscriptions/none").status_code for _ in range(PER_MINUTE + 1)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert client.get("/v1/board").status_code == 200


def test_a_server_that_sends_no_push_says_so() -> None:
    running = open_system(Settings(), city(), clock=Time(), in_memory=True)
    with TestClient(build_app(running.system)) as client:
        assert client.get("/v1/push/key").status_code == 404
        assert client.post("/v1/push/subscriptions", json=form()).status_code == 404
    running.system.close()


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "tocsin.vapid"
    made = load_or_make_vapid(file)
    assert load_or_make_vapid(file) == made
    assert file.stat().st_mode & 0o077 == 0
    file.write_text("nothing")
    with pytest.raises(Corrupt, match="vapid"):
        load_or_make_vapid(file)


def test_subscriptions_lie_beside_the_journal_and_survive_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        store = SqliteSubscriptions(tmp_path / "tocsin.push")
        if not store.get("a"):
            store.put(Subscription("a", "https://x/", "p", "s", (PODIL, KYIV), "uk"))
        assert store.get("a") == Subscription("a", "https://x/", "p", "s", (PODIL, KYIV), "uk")
        assert [area for _, area in store.of([KYIV])] == [KYIV]
        assert store.of([]) == []
        store.close()
    assert b"https://x/" in (tmp_path / "tocsin.push").read_bytes()


def test_settings_without_a_contact_are_refused() -> None:
    with pytest.raises(Invalid, match="contact"):
        open_system(Settings(channels={"push": {}}), city(), clock=Time(), in_memory=True)
