"""What waits for a second person, over HTTP: shown to officers, and to nobody else before it is approved."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.http.conftest import Web
from tests.running import KYIV, PODIL
from tests.system.test_replay_equals_live import Time, city

from tocsin.domain.approval import Approval
from tocsin.domain.warning import Threat
from tocsin.http.app import build_app
from tocsin.wiring import Settings, open_system
from tocsin.wiring.settings import ApprovalSettings, RealmApproval

CHEMICAL_WAITS = ApprovalSettings(exercise=RealmApproval(threats={Threat.CHEMICAL: Approval.TWO_BEFORE}))
PUBLIC = ("/v1/board", "/v1/timeline", "/cap/feed.atom", "/cap/feed.rss", "/v1/bulletins", "/v1/areas")


@pytest.fixture
def web() -> Iterator[Web]:
    clock = Time()
    settings = Settings(realm="exercise", approval=CHEMICAL_WAITS)
    running = open_system(settings, city(), clock=clock, in_memory=True)
    with TestClient(build_app(running.system)) as client:
        yield Web(client, running, clock)
    running.system.close()


def ask(web: Web) -> None:
    answer = web.do("alert.raise", alert="secret-1", areas=[KYIV], threat="chemical")
    assert answer["events"] == ["alert.submitted"]


def test_an_air_raid_sounds_at_once(web: Web) -> None:
    answer = web.do("alert.raise", alert="a", areas=[KYIV], threat="missile")
    assert answer["events"] == ["alert.raised"]


def test_nothing_of_what_waits_for_approval_is_read_without_a_token(web: Web) -> None:
    ask(web)
    for path in PUBLIC:
        text = web.client.get(path).text
        assert "secret-1" not in text, path
        assert "Хімічна" not in text, path
    assert {area["phase"] for area in web.client.get("/v1/board").json()["areas"]} == {"unknown"}
    assert web.client.get("/cap/alerts/tocsin@localhost.secret-1.1.xml").status_code == 404


def test_who_has_a_part_in_the_response_sees_what_waits_who_wants_it_and_for_how_long(web: Web) -> None:
    ask(web)
    web.clock.now += timedelta(seconds=90)
    answer = web.client.get("/v1/alerts", headers=web.headers("approver")).json()
    (line,) = answer["alerts"]
    assert (line["stage"], line["waits_for"], line["raised_at"]) == ("pending", 90, None)
    assert (line["proposal"]["by"], line["proposal"]["areas"]) == ("duty_officer", [KYIV])
    assert "Хімічна" in line["proposal"]["texts"]["uk"], "whoever approves reads what will be said"
    lines = web.client.get("/v1/timeline", headers=web.headers("approver")).json()["events"]
    assert [each["kind"] for each in lines] == ["alert.submitted"]


def test_the_desk_asks_for_a_token_in_an_exercise_too(web: Web) -> None:
    for path in ("/v1/alerts", "/v1/alerts/templates"):
        assert web.client.get(path).status_code == 401
        assert web.client.get(path, headers=web.headers("integrator")).status_code == 403
        assert web.client.get(path, headers=web.headers("duty_officer")).status_code == 200


def test_what_was_approved_goes_out_with_both_names_on_it(web: Web) -> None:
    ask(web)
    own = web.client.post("/v1/commands/alert.approve", json={"alert": "secret-1"}, headers=web.headers("duty_officer"))
    assert (own.status_code, own.json()["code"]) == (409, "refused")
    assert web.do("alert.approve", "approver", alert="secret-1")["events"] == ["alert.raised"]
    assert {area["phase"] for area in web.client.get("/v1/board").json()["areas"]} == {"alert"}
    records = web.client.get("/v1/journal", headers=web.headers("auditor")).json()["records"]
    event = records[-1]["event"]
    assert (event["by"], event["confirmed_by"], event["template"]) == ("duty_officer", "approver", 0)


def test_the_watchmans_instruments_count_what_waits_and_what_one_person_alone_wanted(web: Web) -> None:
    ask(web)
    web.do("alert.raise", alert="a", areas=[PODIL], threat="missile")
    text = web.client.get("/metrics").text
    assert "tocsin_alerts_pending 1.0" in text
    assert "tocsin_alerts_unconfirmed 1.0" in text
    assert "tocsin_alerts_escalated 0.0" in text
    assert "tocsin_alert_expires_in_seconds 43200.0" in text
    web.clock.now += timedelta(seconds=121)
    web.do("alert.escalate", "administrator", alert="a")
    assert "tocsin_alerts_escalated 1.0" in web.client.get("/metrics").text
    web.do("alert.confirm", "approver", alert="a")
    assert "tocsin_alerts_escalated 0.0" in web.client.get("/metrics").text


def test_prepared_words_are_written_by_an_administrator_read_by_another_and_then_used(web: Web) -> None:
    words = {"uk": "Ракети. В укриття!", "en": "Missiles. Take shelter!"}
    body: dict[str, Any] = {"threat": "missile", "phase": "alert", "texts": words}
    refused = web.client.post("/v1/commands/template.write", json=body, headers=web.headers("duty_officer"))
    assert refused.status_code == 403
    web.do("template.write", "administrator", **body)
    version: dict[str, Any] = {"threat": "missile", "phase": "alert", "version": 1}
    web.do("template.approve", "approver", **version, languages=["uk", "en"])
    found = web.client.get("/v1/alerts/templates", headers=web.headers("approver")).json()["templates"]
    (mine,) = [each for each in found if (each["threat"], each["phase"]) == ("missile", "alert")]
    assert (mine["version"], mine["texts"]) == (1, words)
    web.do("alert.raise", alert="a", areas=[KYIV], threat="missile")
    assert web.client.get("/v1/board").json()["areas"][0]["texts"] == words


def test_unfinished_words_are_refused_by_field(web: Web) -> None:
    body = {"areas": [KYIV], "threat": "missile", "texts": {"en": "Alert in {area}"}}
    answer = web.client.post("/v1/commands/alert.raise", json=body, headers=web.headers("duty_officer"))
    assert (answer.status_code, answer.json()["where"]) == (422, "texts.en")
