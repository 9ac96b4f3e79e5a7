"""GET /v1/record/…: every question answers over HTTP, and refuses what makes no sense."""

from urllib.parse import quote

import pytest
from tests.history import alerts, bring
from tests.http.conftest import Web
from tests.running import KYIV


@pytest.mark.parametrize(
    "path",
    [
        "count",
        f"count?place={KYIV}&from=2025-04-01T00:00:00Z&to=2025-04-02T00:00:00Z&weapon=missile&effect=impact&min_killed=1",
        "deadliest-list?n=3",
        "months",
        "unusual?night=2025-04-24&weapon=drone",
        "interception?period=year&source=kpszsu",
        f"alert-time?place={KYIV}",
        f"disagreements?place={KYIV}",
        "lead-times",
        f"false-alarms?place={KYIV}",
        "statements?type=proposal",
        "datasets",
        f"last-hit?place={KYIV}&effect=debris&recorded=2025-04-24T00:00:00Z",
    ],
)
def test_a_question_answers_on_an_empty_record(web: Web, path: str) -> None:
    answer = web.client.get(f"/v1/record/{path}")
    assert answer.status_code == 200, answer.text
    assert isinstance(answer.json(), dict)


@pytest.mark.parametrize("form", ["csv", "geojson", "hxl", "ucdp-ged", "acled"])
def test_an_export_has_the_media_type_of_its_form(web: Web, form: str) -> None:
    answer = web.client.get(f"/v1/record/export?form={form}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == ("application/geo+json" if form == "geojson" else "text/csv")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("count?weapon=sword", 422),
        ("count?from=2025-04-02T00:00:00", 422),
        ("count?from=2025-04-02T00:00:00Z&to=2025-04-01T00:00:00Z", 422),
        ("count?place=nowhere", 404),
        ("unusual?night=yesterday", 422),
        (f"alert-time?place={KYIV}&from=2030-01-01T00:00:00Z", 422),
        ("statements?attack=nowhere", 404),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(web: Web, path: str, status: int) -> None:
    assert web.client.get(f"/v1/record/{path}").status_code == status


def test_data_sets_are_listed_with_their_files_and_time_under_alert_is_theirs(web: Web) -> None:
    row = "Kyiv City,,,oblast,2025-04-23 18:00:00+00:00,2025-04-23 19:30:00+00:00"
    bring(web.running.system, alerts(row), "alerts.csv")
    (found,) = web.client.get("/v1/record/datasets").json()["datasets"]
    assert (found["dataset"], found["alerts"], found["sources"][0]["name"]) == (
        "official-air-raid-alerts",
        1,
        "alerts.csv",
    )
    window = f"from={quote('2025-04-23T18:30:00Z')}&to={quote('2025-04-23T19:00:00Z')}"
    (source,) = web.client.get(f"/v1/record/alert-time?place={KYIV}&{window}").json()["sources"]
    assert source["seconds"] == 1800
