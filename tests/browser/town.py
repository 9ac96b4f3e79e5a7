"""A real `tocsin serve` with a real broker and simulated sirens, and a browser for each person at it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from tests.running import TOCSIN, Server

import tocsin
from tocsin.bus import broker

CHROMIUM = Path("/usr/bin/chromium")
STATIC = Path(tocsin.__file__).parent / "http" / "static" / "app.html"
AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

NEEDS = [
    pytest.mark.browser,
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM} to look with"),
    pytest.mark.skipif(not STATIC.exists(), reason="the console is not built; run make setup"),
]


@contextmanager
def town(folder: Path, sirens: int = 8, *arguments: str) -> Iterator[Server]:
    """A server whose sirens answer by a broker of their own; all of it ends with the block."""
    with broker.nats(folder) as hub, Server(folder, "--mqtt", f"{hub.host}:{hub.port}", *arguments) as server:
        command = [str(TOCSIN), "siren", "simulate", "--count", str(sirens), "--mqtt", f"{hub.host}:{hub.port}"]
        with (folder / "sirens.log").open("wb") as log:
            fleet = subprocess.Popen([*command, "--db", str(server.db)], stdout=log, stderr=log)
        try:
            yield server
        finally:
            fleet.terminate()
            fleet.wait(timeout=20)


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        )
        try:
            yield opened
        finally:
            opened.close()


def person(
    browser: Browser, server: Server, user: str, role: str, path: str, lang: str = "uk", theme: str = "dark"
) -> Page:
    """Somebody at a page of their own, signed in with a token of their own by typing it."""
    page = visitor(browser, server, path, lang, theme)
    page.locator('input[type="password"]').fill(server.token(user, role))
    page.locator("form button").click()
    page.locator('input[type="password"]').wait_for(state="detached")
    return page


def visitor(browser: Browser, server: Server, path: str, lang: str = "uk", theme: str = "dark") -> Page:
    """Somebody who only looks."""
    page = browser.new_context(viewport=DESKTOP, reduced_motion="reduce").new_page()
    for name, value in (("lang", lang), ("theme", theme)):
        page.add_init_script(f"localStorage.setItem('tocsin.{name}', '{value}')")
    page.goto(server.url + path)
    return page


def hold(page: Page, selector: str) -> None:
    """Press and keep pressing, as the button asks for."""
    button = page.locator(selector)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(1_500)
    page.mouse.up()


def faults(page: Page) -> list[str]:
    """What axe finds serious or critical, as lines."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def order(server: Server, token: str, kind: str, **fields: object) -> dict[str, object]:
    """Give a command, so that there is something to see."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{server.url}/v1/commands/{kind}", json=fields, headers=headers, timeout=20)
    assert answer.status_code == 201, answer.text
    accepted: dict[str, object] = answer.json()
    return accepted
