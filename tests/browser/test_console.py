"""The officer's console: raise in two gestures, confirm as another, sirens answer, the page turns, all-clear."""

import pytest
from playwright.sync_api import expect
from tests.browser.town import NEEDS, browser, faults, hold, order, person, town, visitor
from tests.running import KYIV, PODIL

pytestmark = NEEDS


def test_an_alert_is_raised_in_two_gestures_confirmed_by_another_answered_by_sirens_and_cleared(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with town(tmp_path_factory.mktemp("night"), 20) as server, browser() as opened:
        resident = visitor(opened, server, f"/?area={PODIL}")
        olena = person(opened, server, "olena", "duty_officer", "/console")
        petro = person(opened, server, "petro", "approver", "/console", "en", "light")

        olena.locator('[data-threat="drone"]').click()
        olena.locator(f'[data-area="{KYIV}"]').click()
        review = olena.locator(".review")
        expect(review).to_contain_text("Загроза ударних дронів. Негайно прямуйте в укриття.")
        expect(review).to_contain_text("мовчить, готова: 20", timeout=20_000)
        expect(resident.locator("section.banner")).not_to_have_attribute("data-phase", "alert")
        olena.locator(".send button").click()
        expect(olena.locator("[data-alert]"), "a short press sends nothing").to_have_count(0)
        hold(olena, ".send button")

        expect(resident.locator("section.banner")).to_have_attribute("data-phase", "alert", timeout=5_000)
        expect(olena.locator("[data-act=confirm]"), "nobody confirms their own alert").to_have_count(0)
        petro.locator("[data-act=confirm]").click()
        expect(olena.locator("[data-alert]")).to_contain_text("підтвердив petro")
        expect(olena.locator(".sirens")).to_contain_text("20 / 20 відповіли на тривогу", timeout=20_000)
        expect(olena.locator(".receipts")).to_contain_text("Досягнуто всіх.", timeout=20_000)

        hold(petro, "[data-act=clear] button")
        expect(resident.locator("section.banner")).to_have_attribute("data-phase", "all_clear", timeout=5_000)
        expect(olena.locator("[data-alert]")).to_have_count(0)
        assert resident.locator("h1").inner_text() == "Відбій тривоги"


def test_the_keys_choose_a_threat_mark_an_alert_and_can_be_turned_off(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with town(tmp_path_factory.mktemp("night"), 1) as server, browser() as opened:
        page = person(opened, server, "olena", "duty_officer", "/console")
        order(server, server.token("maria"), "alert.raise", areas=[PODIL], threat="missile")
        expect(page.locator("[data-alert]")).to_have_count(1)
        page.keyboard.press("c")
        expect(page.locator("[data-alert]")).to_contain_text("підтвердив olena")
        page.keyboard.press("3")
        expect(page.locator('[data-threat="drone"]')).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("x")
        page.keyboard.down("Space")
        page.wait_for_timeout(1_500)
        page.keyboard.up("Space")
        expect(page.locator("[data-alert]")).to_have_count(0)
        page.keyboard.press("?")
        page.locator("dialog input").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("4")
        expect(page.locator('[data-threat="drone"]')).to_have_attribute("aria-pressed", "true")


def test_in_the_live_realm_the_areas_name_is_typed_before_anything_can_be_sent(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with town(tmp_path_factory.mktemp("live"), 1, "--realm", "live") as server, browser() as opened:
        page = person(opened, server, "olena", "duty_officer", "/console")
        assert "НАВЧАННЯ" not in page.inner_text("body")
        page.locator('[data-threat="missile"]').click()
        page.locator(f'[data-area="{PODIL}"]').click()
        expect(page.locator(".send button")).to_be_disabled()
        page.locator(".review input").fill("Подільський район")
        expect(page.locator(".send button")).to_be_enabled()


@pytest.mark.parametrize(("lang", "theme"), [("uk", "dark"), ("uk", "light"), ("en", "dark"), ("en", "light")])
def test_axe_finds_nothing_serious_on_the_console(
    tmp_path_factory: pytest.TempPathFactory, lang: str, theme: str
) -> None:
    with town(tmp_path_factory.mktemp("axe"), 2) as server, browser() as opened:
        page = person(opened, server, "olena", "duty_officer", "/console", lang, theme)
        order(server, server.token("maria"), "alert.raise", areas=[PODIL], threat="missile")
        page.locator('[data-threat="drone"]').click()
        page.locator(f'[data-area="{KYIV}"]').click()
        expect(page.locator(".send button")).to_be_enabled()
        assert faults(page) == []
