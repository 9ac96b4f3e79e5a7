"""GET /v1/me and /v1/alerts/audience: what an officer is shown before anything is raised."""

from tests.http.conftest import Web
from tests.running import KYIV, PODIL


def test_a_token_says_whom_it_stands_for_and_what_they_may_order(web: Web) -> None:
    said = web.client.get("/v1/me", headers=web.headers("approver")).json()
    assert (said["actor"], said["role"], said["operational"]) == ("approver", "approver", True)
    assert "alert.confirm" in said["may"]
    assert "alert.raise" not in said["may"]


def test_without_a_token_nobody_is_anybody(web: Web) -> None:
    assert web.client.get("/v1/me").status_code == 401
    assert web.client.get("/v1/alerts/audience", params={"areas": KYIV}).status_code == 401


def test_the_audience_of_a_part_of_the_city_is_its_own_sirens_and_that_of_the_city_all(web: Web) -> None:
    headers = web.headers("duty_officer")
    whole = web.client.get("/v1/alerts/audience", params={"areas": KYIV}, headers=headers).json()
    part = web.client.get("/v1/alerts/audience", params={"areas": PODIL}, headers=headers).json()
    city = web.running.system.city
    assert sum(whole["sirens"].values()) == len(city.sirens)
    assert sum(part["sirens"].values()) == sum(PODIL in city.areas.chain(siren.area) for siren in city.sirens)
    assert (part["areas"], set(whole["areas"])) == ([PODIL], set(city.areas.codes()))


def test_the_audience_names_the_ways_out_and_counts_who_subscribed(web: Web) -> None:
    system = web.running.system
    system.channels[:] = ["siren", "telegram_subscribers"]
    web.running.subscribers.add("telegram_subscribers", "1", PODIL)
    headers = web.headers("duty_officer")
    said = web.client.get("/v1/alerts/audience", params={"areas": KYIV}, headers=headers).json()
    assert said["ways"] == [
        {"channel": "siren", "subscribers": 0},
        {"channel": "telegram_subscribers", "subscribers": 1},
    ]
    assert {rule["threat"]: rule["approval"] for rule in said["rules"]}["missile"] == "one_then_confirm"


def test_an_area_that_does_not_exist_is_named(web: Web) -> None:
    answer = web.client.get("/v1/alerts/audience", params={"areas": "X"}, headers=web.headers("duty_officer"))
    assert (answer.status_code, answer.json()["where"]) == (404, "areas")
