"""What was published stays as it was, and what came in can be read as it came."""

import hashlib
from pathlib import Path

from litestar.testing import TestClient
from tests.alerts import OFFICER, raised
from tests.running import PODIL
from tests.system.test_replay_equals_live import Time, city

from tocsin.http.app import build_app
from tocsin.storage.documents import SqliteDocuments
from tocsin.wiring import Settings, open_system


def test_a_published_cap_document_stays_as_it_is_when_the_settings_change(tmp_path: Path) -> None:
    bodies: list[bytes] = []
    names: list[str] = []
    for sender, web in (("one@kyiv.example", "https://one.example"), ("two@kyiv.example", "https://two.example")):
        settings = Settings(db=tmp_path / "tocsin.db", sender=sender, web=web)
        running = open_system(settings, city(), clock=Time())
        with TestClient(build_app(running.system)) as client:
            if not names:
                running.system.do(raised("a", PODIL), OFFICER)
                names.append(client.get("/cap/feed.atom").text.split("/cap/alerts/")[1].split(".xml")[0])
            bodies.append(client.get(f"/cap/alerts/{names[0]}.xml").content)
        running.system.close()
    assert b"https://one.example" in bodies[0]
    assert bodies[0] == bodies[1]


def test_what_was_published_first_under_a_name_stays() -> None:
    documents = SqliteDocuments(":memory:")
    assert documents.publish("a.xml", b"first") == b"first"
    assert documents.publish("a.xml", b"second") == b"first"
    assert documents.published("b.xml") is None
    documents.close()


def test_of_what_came_in_the_oldest_is_dropped_when_there_is_too_much() -> None:
    documents = SqliteDocuments(":memory:", most=10)
    came = [b"aaaa", b"bbbb", b"cccc"]
    for document in (*came, came[-1]):
        documents.keep(document)
    kept = [documents.received(hashlib.sha256(document).hexdigest()) for document in came]
    assert kept == [None, b"bbbb", b"cccc"]
    documents.keep(b"far too large")
    assert documents.received(hashlib.sha256(b"far too large").hexdigest()) == b"far too large"
    documents.close()
