"""The resident's page without script: what is true of one area, in words, with its age."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.http.conftest import Web
from tests.running import KYIV, PODIL
from tests.system.test_replay_equals_live import Time, system

from tocsin.http.app import build_app
from tocsin.http.state_page import MARK

DOCUMENT = f'<html lang="uk"><body><div id="page">{MARK}</div></body></html>'


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Web]:
    """The application with a document that stands in for the built one."""
    (tmp_path / "index.html").write_text(DOCUMENT, encoding="utf-8")
    clock = Time()
    running = system(clock)
    with TestClient(build_app(running.system, static=tmp_path)) as client:
        yield Web(client, running, clock)
    running.system.close()


def test_a_page_before_any_alert_says_that_nothing_is_known(page: Web) -> None:
    body = page.client.get("/").text
    assert 'data-phase="unknown"' in body
    assert "Це не відбій." in body


def test_an_alert_is_in_the_document_itself_with_its_time_and_its_age(page: Web) -> None:
    page.do("alert.raise", areas=[KYIV], threat="missile")
    answer = page.client.get("/")
    assert 'data-phase="alert"' in answer.text
    assert "<h1>Тривога</h1>" in answer.text
    assert "Стан на" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_area_that_is_asked_for_is_the_one_that_is_told(page: Web) -> None:
    page.do("alert.raise", areas=[PODIL], threat="drone")
    own = page.client.get("/", params={"area": PODIL, "lang": "en"}).text
    whole = page.client.get("/", params={"lang": "en"}).text
    assert 'data-phase="alert"' in own
    assert "<h1>Alert</h1>" in own
    assert 'data-phase="unknown"' in whole
    assert "Alert in part of it:" in whole


def test_an_area_that_does_not_exist_is_never_written_into_the_page(page: Web) -> None:
    body = page.client.get("/", params={"area": "<script>alert(1)</script>"}).text
    assert "<script>" not in body


@pytest.mark.parametrize(("accepted", "lang"), [("en-GB,en;q=0.9", "en"), ("uk-UA,en", "uk"), ("fr", "uk"), ("", "uk")])
def test_the_language_is_the_first_of_ours_that_the_browser_names(page: Web, accepted: str, lang: str) -> None:
    assert f'<html lang="{lang}">' in page.client.get("/", headers={"Accept-Language": accepted}).text


def test_an_exercise_says_so_without_script(page: Web) -> None:
    assert ("НАВЧАННЯ" in page.client.get("/").text) == (page.running.system.realm == "exercise")
