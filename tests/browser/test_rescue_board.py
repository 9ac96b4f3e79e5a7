"""The rescue board and the casualty desk: forms offline and back, figures with their sources."""

import pytest
from playwright.sync_api import expect
from tests.browser.town import NEEDS, browser, faults, order, person, town
from tests.running import PODIL, Server

pytestmark = NEEDS
SITE = {"worksite": "1", "type": "collapse", "lat": 50.47, "lon": 30.5, "area": PODIL, "address": "Kyrylivska 1"}


def site(server: Server) -> None:
    order(server, server.token("dmytro", "dispatcher"), "worksite.open", **SITE)


def test_a_form_filled_in_without_a_network_is_kept_and_sent_once_it_is_back(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with town(tmp_path_factory.mktemp("field"), 1) as server, browser() as opened:
        site(server)
        page = person(opened, server, "taras", "team_leader", "/rescue")
        page.locator('[data-site="1"]').click()
        page.context.set_offline(True)
        page.locator('input[name="rescued"]').fill("2")
        page.locator('[data-act="report"]').click()
        expect(page.locator(".outbox")).to_contain_text("worksite.report")
        page.context.set_offline(False)
        expect(page.locator(".outbox")).to_have_count(0, timeout=20_000)
        expect(page.locator(".sites")).to_contain_text("врятовано 2", timeout=20_000)


@pytest.mark.parametrize(("lang", "theme"), [("uk", "dark"), ("en", "light")])
@pytest.mark.parametrize("path", ["/rescue", "/casualties"])
def test_axe_finds_nothing_serious_on_the_board_and_the_casualty_desk(
    tmp_path_factory: pytest.TempPathFactory, path: str, lang: str, theme: str
) -> None:
    with town(tmp_path_factory.mktemp("axe"), 1) as server, browser() as opened:
        site(server)
        page = person(opened, server, "taras", "dispatcher", path, lang, theme)
        if path == "/rescue":
            page.locator('[data-site="1"]').click()
        page.wait_for_timeout(1_500)
        assert faults(page) == []
