"""The first page against the real demo: what a resident sees during the night, and when the server dies."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

import tocsin
from tocsin.views.board import VALID_FOR

CHROMIUM = Path("/usr/bin/chromium")
STATIC = Path(tocsin.__file__).parent / "http" / "static" / "index.html"
TOCSIN = Path(sys.executable).parent / "tocsin"
START = 60.0
"""Seconds that the demo may take to answer."""
LOOK = 3.0
"""Seconds that the page may take to notice: it looks at its clock every second, and so does the test."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM} to look with"),
    pytest.mark.skipif(not STATIC.exists(), reason="the console is not built; run make setup"),
]


@contextmanager
def demo(folder: Path, speed: int) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """The demo on a free port, with its address. Its broker and its sirens end with it."""
    port = free_port()
    log = (folder / "demo.log").open("wb")
    process = subprocess.Popen(
        [TOCSIN, "demo", "--port", str(port), "--speed", str(speed)],
        stdout=log,
        stderr=log,
        env={**os.environ, "TMPDIR": str(folder)},
        start_new_session=True,
    )
    try:
        await_answer(process, port, folder / "demo.log")
        yield f"http://127.0.0.1:{port}", process
    finally:
        kill(process)
        log.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def await_answer(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"the demo does not answer:\n{log.read_text()[-2000:]}")


def kill(process: "subprocess.Popen[bytes]") -> None:
    """At once and without a word, as a power cut would. The session has the broker in it too."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def browser_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=[
                "--no-sandbox",
                "--use-angle=swiftshader",
                "--enable-unsafe-swiftshader",
                "--disable-background-networking",
            ],
        )
        try:
            yield browser.new_page(viewport={"width": 390, "height": 844}, locale="uk-UA")
        finally:
            browser.close()


def await_phase(page: Page, phase: str, seconds: float) -> None:
    page.wait_for_selector(f'section.banner[data-phase="{phase}"]', timeout=seconds * 1000)


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_the_page_shows_the_alert_and_then_the_all_clear_of_the_night(tmp_path: Path) -> None:
    asked: list[str] = []
    broken: list[str] = []
    with demo(tmp_path, speed=1200) as (address, _process), browser_page() as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(address)
        await_phase(page, "alert", 90)
        assert heading(page) == "Тривога"
        assert "Тривога" in page.title()
        assert "НАВЧАННЯ" in page.inner_text("body")
        assert "EXERCISE" in page.inner_text("body")
        await_phase(page, "all_clear", 90)
        assert heading(page) == "Відбій тривоги"
    assert broken == []
    assert {url for url in asked if not url.startswith((address, "data:", "blob:"))} == set()


def test_the_page_knows_nothing_once_the_server_is_dead_for_as_long_as_promised(tmp_path: Path) -> None:
    with demo(tmp_path, speed=60) as (address, process), browser_page() as page:
        page.goto(address)
        page.wait_for_selector("section.banner:not(.lost)", timeout=20_000)
        kill(process)
        died = time.monotonic()
        page.wait_for_selector("section.banner.lost", timeout=90_000)
        assert time.monotonic() - died < VALID_FOR.total_seconds() + LOOK
        assert page.get_attribute("section.banner", "data-phase") == "unknown"
        assert heading(page) == "Стан невідомий"
        assert "Немає зв’язку з" in page.inner_text("section.banner")


def test_the_map_is_opened_once_and_stays_while_the_night_goes_on(tmp_path: Path) -> None:
    with demo(tmp_path, speed=60) as (address, _process), browser_page() as page:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{address}/city")
        page.wait_for_selector("canvas", timeout=60_000)
        page.evaluate("document.querySelector('canvas').dataset.first = 'yes'")
        # Several answers of every poll: each makes the page draw, none may open the map anew.
        page.wait_for_timeout(8_000)
        assert page.get_attribute("canvas", "data-first") == "yes"
        assert page.locator(".waiting").count() == 0
