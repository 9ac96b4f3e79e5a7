"""The resident's page against a real server: the alert, its end, the server's death, no network, and no script."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Geolocation, Page, ViewportSize, sync_playwright
from tests.browser.test_demo_page import CHROMIUM, LOOK, STATIC, await_phase, heading
from tests.running import KYIV, PODIL, Server

from tocsin.views.board import VALID_FOR

AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
MAIDAN = Geolocation(latitude=50.4501, longitude=30.5234)
PHONE = ViewportSize(width=390, height=844)
TURNS = 1.0
"""Seconds in which an open page turns red."""
WAIT = 30_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM} to look with"),
    pytest.mark.skipif(not STATIC.exists(), reason="the console is not built; run make setup"),
]


@contextmanager
def phone(*, script: bool = True) -> Iterator[BrowserContext]:
    """A phone at the Maidan, in Ukrainian."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        try:
            yield browser.new_context(
                viewport=PHONE,
                locale="uk-UA",
                geolocation=MAIDAN,
                permissions=["geolocation"],
                java_script_enabled=script,
            )
        finally:
            browser.close()


class Officer:
    """Commands of an officer, as another program gives them."""

    def __init__(self, server: Server) -> None:
        self._commands = f"{server.url}/v1/commands"
        self._headers = {"Authorization": f"Bearer {server.token()}"}

    def __call__(self, kind: str, **fields: object) -> str:
        answer = httpx.post(f"{self._commands}/{kind}", json=fields, headers=self._headers, timeout=10)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["stream"]).removeprefix("alert/")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path) as running:
        yield running


def opened(context: BrowserContext, server: Server) -> Page:
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_selector("section.banner:not(.lost)", timeout=WAIT)
    return page


def test_an_open_page_turns_red_within_a_second_and_green_when_it_is_over(server: Server) -> None:
    officer = Officer(server)
    with phone() as context:
        page = opened(context, server)
        assert page.get_attribute("section.banner", "data-phase") == "unknown"
        began = time.monotonic()
        alert = officer("alert.raise", areas=[KYIV], threat="missile")
        await_phase(page, "alert", WAIT / 1000)
        assert time.monotonic() - began < TURNS + LOOK / 3
        assert heading(page) == "Тривога"
        officer("alert.clear", alert=alert)
        await_phase(page, "all_clear", WAIT / 1000)
        assert heading(page) == "Відбій тривоги"


def test_the_page_knows_nothing_after_the_server_died_and_recovers_by_itself(server: Server) -> None:
    Officer(server)("alert.raise", areas=[KYIV], threat="missile")
    with phone() as context:
        page = opened(context, server)
        await_phase(page, "alert", WAIT / 1000)
        server.kill()
        died = time.monotonic()
        page.wait_for_selector("section.banner.lost", timeout=90_000)
        assert time.monotonic() - died < VALID_FOR.total_seconds() + LOOK
        assert "Немає зв’язку з" in page.inner_text("section.banner")
        server.start()
        await_phase(page, "alert", 60)


def test_without_a_network_the_page_opens_says_since_when_it_knows_nothing_and_finds_the_way(server: Server) -> None:
    Officer(server)("alert.raise", areas=[KYIV], threat="missile")
    asked: list[str] = []
    with phone() as context:
        page = opened(context, server)
        page.evaluate("navigator.serviceWorker.ready")
        page.wait_for_function("navigator.serviceWorker.controller !== null", timeout=WAIT)
        page.reload()
        page.wait_for_selector("section.banner:not(.lost)", timeout=WAIT)
        page.on("request", lambda request: asked.append(request.url))
        page.click("text=Знайти шлях")
        page.wait_for_selector(".minutes", timeout=WAIT)
        way = page.inner_text("section:has(.minutes) .name")
        server.kill()
        page.reload()
        page.wait_for_selector("section.banner.lost", timeout=WAIT)
        page.wait_for_selector("section.banner:has-text('Останнє, що відомо: Тривога')", timeout=WAIT)
        assert page.get_attribute("section.banner", "data-phase") == "unknown"
        page.click("text=Знайти шлях")
        page.wait_for_selector(".minutes", timeout=WAIT)
        assert page.inner_text("section:has(.minutes) .name") == way
    assert [url for url in asked if "50.45" in url or "30.52" in url] == []
    assert [url for url in asked if "/v1/shelters/nearest" in url] == []


def test_without_script_the_state_is_there_with_its_age_and_its_areas(server: Server) -> None:
    Officer(server)("alert.raise", areas=[PODIL], threat="drone")
    with phone(script=False) as context:
        page = context.new_page()
        page.goto(f"{server.url}/?area={PODIL}")
        assert heading(page) == "Тривога"
        assert page.get_attribute("section.served", "data-phase") == "alert"
        assert "Стан на" in page.inner_text("section.served")
        page.click("nav a:has-text('Київ')")
        assert page.get_attribute("section.served", "data-phase") == "unknown"
        assert "Тривога в частині:" in page.inner_text("section.served")


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed; run make setup")
@pytest.mark.parametrize("path", ["/", "/city"])
def test_axe_finds_nothing_serious_in_either_language_or_theme(server: Server, path: str) -> None:
    Officer(server)("alert.raise", areas=[KYIV], threat="combined")
    with phone() as context:
        page = context.new_page()
        for lang in ("uk", "en"):
            for theme in ("dark", "light"):
                page.goto(f"{server.url}{path}")
                page.evaluate(
                    "([lang, theme]) => { localStorage['tocsin.lang'] = lang; localStorage['tocsin.theme'] = theme }",
                    [lang, theme],
                )
                page.reload()
                page.wait_for_selector("section.banner[data-phase=alert]", timeout=WAIT)
                page.wait_for_selector("#shelters li", timeout=WAIT)
                page.evaluate(AXE.read_text(encoding="utf-8"))
                found = page.evaluate(
                    "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
                    ".then(({violations}) => violations.filter(v => ['serious', 'critical'].includes(v.impact))"
                    ".map(v => `${v.id}: ${v.nodes.map(n => n.target + ' ' + n.failureSummary).join('; ')}`))"
                )
                assert found == [], (lang, theme)
