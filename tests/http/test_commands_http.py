"""POST /v1/commands/{kind}: who may, what is answered, and what a mistake gets."""

from typing import Any

import pytest
from tests.http.conftest import Web
from tests.running import KYIV, PODIL

from tocsin.domain.catalogue import all_commands

RAISE: dict[str, Any] = {"alert": "a", "areas": [KYIV], "threat": "combined"}


def test_an_accepted_command_answers_201_with_position_events_and_stream(web: Web) -> None:
    assert web.do("alert.raise", **RAISE) == {"position": 1, "events": ["alert.raised"], "stream": "alert/a"}


def test_a_repeat_with_the_same_key_gets_the_first_answer(web: Web) -> None:
    first = web.do("alert.raise", key="k", **RAISE)
    web.do("alert.clear", alert="a")
    assert web.do("alert.raise", key="k", **RAISE) == first
    assert web.running.system.journal.head().position == 2


def test_one_persons_key_says_nothing_about_anothers(web: Web) -> None:
    web.do("alert.raise", key="k", **RAISE)
    answer = web.client.post(
        "/v1/commands/alert.raise",
        json={**RAISE, "alert": "b"},
        headers={**web.headers("administrator"), "Idempotency-Key": "k"},
    )
    assert answer.json()["stream"] == "alert/b"


def test_the_views_have_what_was_just_accepted(web: Web) -> None:
    web.do("alert.raise", **RAISE)
    areas = web.client.get("/v1/board", params={"areas": PODIL}).json()["areas"]
    assert [(area["area"], area["phase"], area["alert"]) for area in areas] == [(PODIL, "alert", "a")]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer tocsin_forged"}, 401),
        ({"Authorization": "Basic b2xlbmE6cHc="}, 401),
        ({"Authorization": "Bearer "}, 401),
    ],
)
def test_nobody_acts_without_a_valid_token(web: Web, headers: dict[str, str], status: int) -> None:
    answer = web.client.post("/v1/commands/alert.raise", json=RAISE, headers=headers)
    assert answer.status_code == status
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "unauthorised"
    assert web.running.system.journal.head().position == 0


def test_a_role_without_the_right_is_forbidden(web: Web) -> None:
    answer = web.client.post("/v1/commands/alert.raise", json=RAISE, headers=web.headers("press_officer"))
    assert (answer.status_code, answer.json()["code"]) == (403, "unauthorised")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"areas": [KYIV], "threat": "meteor"}, "threat"),
        ({"areas": [], "threat": "drone"}, "areas"),
        ({"threat": "drone"}, "areas"),
        ({"areas": [KYIV], "threat": "drone", "thread": 1}, "thread"),
        ({"areas": [KYIV], "threat": "drone", "expires": "2025-04-24T06:33:20"}, "expires"),
        ({"areas": [KYIV], "threat": "drone", "phase": "all_clear"}, "phase"),
    ],
)
def test_a_malformed_command_is_a_problem_document_that_names_the_field(
    web: Web, body: dict[str, object], where: str
) -> None:
    answer = web.client.post("/v1/commands/alert.raise", json=body, headers=web.headers("duty_officer"))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["status"], problem.get("where", "")) == ("invalid", 422, where)
    assert web.running.system.journal.head().position == 0


def test_an_area_that_does_not_exist_is_not_found_and_named(web: Web) -> None:
    answer = web.client.post(
        "/v1/commands/alert.raise",
        json={"areas": [KYIV, "UA0"], "threat": "drone"},
        headers=web.headers("duty_officer"),
    )
    assert (answer.status_code, answer.json()["where"]) == (404, "areas[1]")


def test_a_body_that_is_not_json_is_invalid(web: Web) -> None:
    answer = web.client.post("/v1/commands/alert.raise", content=b"{", headers=web.headers("duty_officer"))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_a_number_beyond_64_bits_is_invalid(web: Web) -> None:
    shelter = {"shelter": "metro-zoloti-vorota", "people": 10**30}
    answer = web.client.post("/v1/commands/shelter.report_occupancy", json=shelter, headers=web.headers("duty_officer"))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_body_too_large_is_refused(web: Web) -> None:
    answer = web.client.post("/v1/commands/alert.raise", content=b" " * 2_000_000, headers=web.headers("duty_officer"))
    assert answer.status_code == 413


def test_a_rule_that_says_no_is_a_conflict(web: Web) -> None:
    web.do("alert.raise", **RAISE)
    answer = web.client.post("/v1/commands/alert.raise", json=RAISE, headers=web.headers("duty_officer"))
    assert (answer.status_code, answer.json()["code"]) == (409, "refused")


def test_an_unknown_kind_is_not_found(web: Web) -> None:
    answer = web.client.post("/v1/commands/alert.shout", json={}, headers=web.headers("duty_officer"))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown")


def test_every_kind_of_command_has_its_door_and_its_place_in_openapi(web: Web) -> None:
    paths = web.client.get("/schema/openapi.json").json()["paths"]
    assert {f"/v1/commands/{kind}" for kind in all_commands().types} <= set(paths)
    for kind in all_commands().types:
        answer = web.client.post(
            f"/v1/commands/{kind}", json={"no such field": 1}, headers=web.headers("administrator")
        )
        assert answer.status_code == 422, kind
