"""The map of an imported city, with no internet: every request goes to our own server."""

from pathlib import Path

import pytest
from tests.browser.test_demo_page import CHROMIUM, STATIC, browser_page
from tests.city.osm_file import town
from tests.city.test_import import made
from tests.running import Server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM} to look with"),
    pytest.mark.skipif(not STATIC.exists(), reason="the console is not built; run make setup"),
]


def test_the_base_map_comes_from_our_own_tiles_and_says_whose_data_it_is(tmp_path: Path) -> None:
    made(town(), tmp_path)
    answers: list[tuple[int, str]] = []
    broken: list[str] = []
    with Server(tmp_path, "--city", str(tmp_path / "city")) as server, browser_page() as page:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.on("response", lambda answer: answers.append((answer.status, answer.url)))
        page.on("pageerror", lambda error: broken.append(str(error)))
        with page.expect_response(lambda answer: "/tiles/" in answer.url and answer.status == 200, timeout=60_000):
            page.goto(f"{server.url}/city")
        page.wait_for_selector("section.map .legend:has-text('OpenStreetMap contributors')")
        assert page.locator(".waiting").count() == 0
        own = (server.url, "data:", "blob:")
    assert broken == []
    assert [url for _, url in answers if not url.startswith(own)] == []
    assert {status for status, url in answers if "/tiles/" in url} <= {200, 204}
