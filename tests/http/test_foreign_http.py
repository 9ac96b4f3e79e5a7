"""Foreign alerts over HTTP: information for officers, with an order that only they give."""

from datetime import timedelta
from typing import Any

from tests.foreign import NIGHT, cap
from tests.http.conftest import Web
from tests.running import PODIL

from tocsin.flow.intake import Intake

GEOCODE = f"<geocode><valueName>KATOTTG</valueName><value>{PODIL}</value></geocode>"


def take(web: Web, document: bytes) -> None:
    system = web.running.system
    Intake(system.do, "meteo", None, web.clock.now, system.documents.keep).take(document)


def test_an_alert_of_another_service_is_shown_with_an_offer_and_sounds_nothing(web: Web) -> None:
    web.clock.now = NIGHT + timedelta(minutes=1)
    board = web.client.get("/v1/board").json()["areas"]
    take(web, cap(area=GEOCODE))
    take(web, b"<html/>")
    (line,) = web.client.get("/v1/foreign-alerts").json()["alerts"]
    assert (line["areas"], line["fresh"], line["expired"], line["disputed"]) == ([PODIL], True, False, False)
    assert line["message"]["key"] == {"sender": "alerts@meteo.example", "identifier": "1"}
    assert web.client.get("/v1/board").json()["areas"] == board

    kind = line["offer"].pop("kind")
    web.do(kind, **line["offer"])
    assert web.client.get(f"/v1/board?areas={PODIL}").json()["areas"][0]["phase"] == "alert"


def test_what_was_rejected_is_there_for_all_officers_to_see(web: Web) -> None:
    take(web, b"<html>busy</html>")
    (rejection,) = web.client.get("/v1/foreign-alerts").json()["rejected"]
    assert rejection["excerpt"] == "<html>busy</html>"
    assert rejection["reason"]


def test_alerts_of_other_places_and_of_yesterday_are_left_out_when_asked(web: Web) -> None:
    web.clock.now = NIGHT
    take(web, cap("near", area=GEOCODE))
    take(web, cap("far"))

    def listed(query: str) -> list[str]:
        lines = web.client.get(f"/v1/foreign-alerts?{query}").json()["alerts"]
        return [line["message"]["key"]["identifier"] for line in lines]

    assert sorted(listed("")) == ["far", "near"]
    assert listed("here=true") == ["near"]
    web.clock.now += timedelta(days=2)
    assert listed("") == []
    assert sorted(listed("old=true")) == ["far", "near"]


def test_the_feeds_are_listed_with_how_they_are_heard(web: Web) -> None:
    feeds = web.running.system.feeds
    feeds.register("meteo", "https://meteo.example/feed", 60)
    feeds.fail("meteo", web.clock.now, "answered 502")
    (feed,) = web.client.get("/v1/feeds").json()["feeds"]
    assert (feed["name"], feed["stale"], feed["error"], feed["failures"]) == ("meteo", True, "answered 502", 1)


def test_a_message_over_http_is_kept_for_an_integrator_and_for_nobody_else(web: Web) -> None:
    message = {
        "version": "1.2",
        "key": {"sender": "a", "identifier": "1"},
        "sent": "2025-04-24T00:36:00+03:00",
        "status": "Actual",
        "type": "Alert",
        "scope": "Public",
    }
    fields: dict[str, Any] = {"document": "0" * 64, "source": "hub", "message": message}
    assert web.do("foreign_alert.receive", "integrator", **fields)["events"] == ["foreign_alert.received"]
    answer = web.client.post("/v1/commands/foreign_alert.receive", json=fields, headers=web.headers("medic"))
    assert answer.status_code == 403


def test_what_came_in_can_be_read_byte_for_byte_by_officers_and_is_never_shown_as_a_page(web: Web) -> None:
    take(web, b"<html>busy</html>")
    (rejection,) = web.client.get("/v1/foreign-alerts").json()["rejected"]
    answer = web.client.get(f"/v1/foreign-alerts/documents/{rejection['document']}")
    assert answer.content == b"<html>busy</html>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert web.client.get(f"/v1/foreign-alerts/documents/{'0' * 64}").status_code == 404
