"""Bulletins over HTTP: pages, files, the widget, drafts and photos."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator

import pytest
from litestar.testing import TestClient
from lxml import etree
from tests.bulletins import picture
from tests.http.conftest import Web
from tests.system.test_replay_equals_live import Time, night, system

from tocsin.formats.edxl_sitrep import SITREP
from tocsin.formats.photo import draw_anew
from tocsin.http.app import build_app

ATTACK = "kyiv-2025-04-24"
ONE = f"/v1/bulletins/{ATTACK}/1"


def play(web: Web) -> Web:
    """The night until its first bulletin is out."""
    for step in night().steps:
        web.clock.now = step.at
        web.running.system.do(step.command, step.actor, step.key)
        if web.running.system.views.bulletins.published():
            break
    return web


@pytest.fixture
def changing(web: Web) -> Web:
    return play(web)


@pytest.fixture(scope="module")
def published() -> Iterator[Web]:
    """One for all tests that only read."""
    clock = Time()
    running = system(clock)
    with TestClient(build_app(running.system)) as client:
        yield play(Web(client, running, clock))
    running.system.close()


def test_a_bulletin_is_a_page_in_each_language_that_asks_for_no_script(published: Web) -> None:
    for lang, words in (("uk", "загинули дев'ятеро людей"), ("en", "nine people were killed")):
        answer = published.client.get(f"/bulletins/{ATTACK}/1", params={"lang": lang})
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert f'<html lang="{lang}">' in answer.text
        assert words in answer.text.replace("&#x27;", "'")
        assert "<script" not in answer.text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert published.client.get(f"/bulletins/{ATTACK}/1").text == published.client.get(f"{ONE}.html").text


def test_a_page_that_has_not_changed_is_not_sent_again(published: Web) -> None:
    tag = published.client.get(f"/bulletins/{ATTACK}/1").headers["ETag"]
    assert published.client.get(f"/bulletins/{ATTACK}/1", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("ending", "media_type", "start"),
    [
        ("txt", "text/plain; charset=utf-8", "НАВЧАННЯ".encode()),
        ("html", "text/html; charset=utf-8", b"<!doctype html>"),
        ("pdf", "application/pdf", b"%PDF-1.7"),
        ("json", "application/json", b'{"attack":'),
        ("sitrep.xml", "application/xml", b"<?xml"),
        ("hxl.csv", "text/csv; charset=utf-8", b"Attack,"),
    ],
)
def test_a_bulletin_is_handed_out_in_every_form(published: Web, ending: str, media_type: str, start: bytes) -> None:
    answer = published.client.get(f"{ONE}.{ending}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith(media_type)
    assert answer.content.startswith(start)


@pytest.mark.parametrize("name", ["1", "1.doc", "x.pdf", "9.pdf", "٣.pdf", ".pdf"])
def test_a_file_that_does_not_exist_is_unknown(published: Web, name: str) -> None:
    answer = published.client.get(f"/v1/bulletins/{ATTACK}/{name}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown")


def test_the_sitrep_is_the_bulletins_own_and_says_nothing_of_where_a_worksite_is(published: Web) -> None:
    root = etree.fromstring(published.client.get(f"{ONE}.sitrep.xml").content)
    assert root.findtext(f"{{{SITREP}}}reportVersion") == "Initial"
    assert root.findtext(f"{{{SITREP}}}reportNumber") == "1"
    assert b"EDXLGeoLocation" not in etree.tostring(root)


def test_figures_without_words_are_refused_once_the_bulletin_is_withdrawn(changing: Web) -> None:
    changing.do("bulletin.retract", "approver", attack=ATTACK, number=1, reason="a hoax")
    for ending in ("sitrep.xml", "hxl.csv"):
        answer = changing.client.get(f"{ONE}.{ending}")
        assert (answer.status_code, answer.json()["code"]) == (409, "refused")
        assert "a hoax" in answer.json()["detail"]
    assert "a hoax" in changing.client.get(f"{ONE}.txt").text


def test_the_widget_may_be_framed_and_the_page_may_not(published: Web) -> None:
    widget = published.client.get("/bulletins/widget", params={"lang": "en"})
    assert "nine people were killed" in widget.text
    assert "frame-ancestors *" in widget.headers["Content-Security-Policy"]
    page = published.client.get(f"/bulletins/{ATTACK}/1")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "iframe" in published.client.get("/bulletins/widget.js").text


def test_without_bulletins_the_list_and_the_widget_say_so(web: Web) -> None:
    for path in ("/bulletins/all", "/bulletins/widget"):
        assert "Зведень ще не було." in web.client.get(path).text


def test_the_list_shows_every_bulletin_in_the_language_asked_for(published: Web) -> None:
    text = published.client.get("/bulletins/all", params={"lang": "en"}).text
    assert "EXERCISE: Attack on Kyiv, night to 24 April 2025. Bulletin No. 1 (initial)" in text
    assert f"/bulletins/{ATTACK}/1?lang=en" in text
    assert published.client.get("/bulletins/all", params={"lang": "fr"}).status_code == 422


def drafted(web: Web) -> dict[str, object]:
    """A second bulletin with a photo that nobody has approved yet; returns the photo."""
    headers = web.headers("press_officer")
    answer = web.client.post("/v1/bulletins/photos", json={"photo": b64encode(picture()).decode()}, headers=headers)
    assert answer.status_code == 201, answer.text
    photo: dict[str, object] = answer.json() | {"alt": {"uk": "завали", "en": "rubble"}}
    cutoff = web.clock.now.isoformat()
    web.do("bulletin.draft", "press_officer", attack=ATTACK, cutoff=cutoff, version="Update", photos=[photo])
    return photo


def test_a_draft_and_its_photo_are_seen_by_those_who_approve_it_and_by_nobody_else(changing: Web) -> None:
    photo = drafted(changing)
    path = f"/bulletins/photos/{photo['sha256']}"
    assert photo["sha256"] == hashlib.sha256(draw_anew(picture())).hexdigest()
    assert str(photo["url"]).endswith(path)
    for headers, status in (({}, 404), (changing.headers("medic"), 404), (changing.headers("approver"), 200)):
        assert changing.client.get(path, headers=headers).status_code == status
    assert changing.client.get("/v1/bulletins/drafts").status_code == 401
    assert changing.client.get("/v1/bulletins/drafts", headers=changing.headers("medic")).status_code == 403
    answer = changing.client.get("/v1/bulletins/drafts", headers=changing.headers("approver")).json()
    assert [(draft["number"], draft["revision"]) for draft in answer["drafts"]] == [(2, 1)]


def test_a_photo_is_public_once_its_bulletin_is(changing: Web) -> None:
    path = f"/bulletins/photos/{drafted(changing)['sha256']}"
    changing.do("bulletin.approve", "approver", attack=ATTACK, number=2)
    changing.do("bulletin.publish", "press_officer", attack=ATTACK, number=2)
    answer = changing.client.get(path)
    assert (answer.content, answer.headers["Content-Type"]) == (draw_anew(picture()), "image/jpeg")


def test_a_photo_is_kept_only_for_the_press_desk_and_only_if_it_is_one(web: Web) -> None:
    body = {"photo": b64encode(picture()).decode()}
    assert web.client.post("/v1/bulletins/photos", json=body).status_code == 401
    assert web.client.post("/v1/bulletins/photos", json=body, headers=web.headers("medic")).status_code == 403
    text = {"photo": b64encode(b"GIF89a").decode()}
    answer = web.client.post("/v1/bulletins/photos", json=text, headers=web.headers("press_officer"))
    assert (answer.status_code, answer.json()["where"]) == (422, "photo")


def test_what_a_resident_sent_is_not_handed_out_as_a_photo_of_a_bulletin(changing: Web) -> None:
    sha256 = changing.running.system.photos.put(picture())
    assert changing.client.get(f"/bulletins/photos/{sha256}").status_code == 404
