"""
What the first view of a page costs a slow phone: bytes, requests, and the time until the state is seen.

Usage: budget.py ADDRESS, such as http://127.0.0.1:8080/. Wants Debian's chromium. The phone is four times slower than
this machine, on a line of 1.6 Mbit/s with 150 ms there and back ("slow 4G" of Chromium's own tools). It prints and
judges nothing.
"""

import sys
from typing import Any

from playwright.sync_api import ViewportSize, sync_playwright

CHROMIUM = "/usr/bin/chromium"
SLOWER = 4
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
STATE = ".served, section.banner"


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport=ViewportSize(width=390, height=844), locale="uk-UA")
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", LINE)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        sizes: dict[str, float] = {}
        kinds: dict[str, str] = {}
        wire.on("Network.responseReceived", lambda said: kinds.update({said["requestId"]: said["type"]}))
        wire.on("Network.dataReceived", lambda said: _add(sizes, said))
        page.goto(address, wait_until="commit")
        page.wait_for_selector(STATE)
        seen = page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()"
        )
        page.wait_for_selector("section.banner:not(.lost)")
        lives = page.evaluate("performance.now()")
        browser.close()
    total = sum(sizes.values())
    print(f"state seen after      {seen:8.0f} ms")
    print(f"follows the stream    {lives:8.0f} ms")
    print(f"bytes on the wire     {total / 1000:8.1f} kB in {len(kinds)} requests")
    for kind in sorted(set(kinds.values())):
        print(f"  {kind:<20}{sum(size for id_, size in sizes.items() if kinds.get(id_) == kind) / 1000:8.1f} kB")


def _add(sizes: dict[str, float], said: dict[str, Any]) -> None:
    sizes[said["requestId"]] = sizes.get(said["requestId"], 0) + said["encodedDataLength"]


if __name__ == "__main__":
    main(sys.argv[1])
