"""What is read over HTTP: by everybody, by roles, and by caches."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient
from lxml import etree
from tests.http.conftest import Web
from tests.running import KYIV, PODIL
from tests.system.test_replay_equals_live import Time, city, night

from tocsin.http.app import build_app
from tocsin.wiring import Settings, open_system

SHARED = Path(__file__).parents[3] / "shared" / "data"
ATOM = "{http://www.w3.org/2005/Atom}"


def raise_alert(web: Web) -> None:
    web.do("alert.raise", alert="a", areas=[KYIV], threat="combined")


def test_the_board_says_of_every_area_what_is_true_and_until_when(web: Web) -> None:
    raise_alert(web)
    board = web.client.get("/v1/board").json()
    assert (board["realm"], board["position"], len(board["areas"])) == ("exercise", 1, 11)
    assert {area["phase"] for area in board["areas"]} == {"alert"}
    assert board["generated_at"] < board["valid_until"]


def test_the_text_board_has_a_line_for_each_area_and_calls_unknown_unknown(web: Web) -> None:
    url = f"/v1/board.txt?areas={KYIV},{PODIL}"
    answer = web.client.get(url)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    until = "2025-04-23T21:00:45Z exercise\n"
    assert answer.text == f"{KYIV} unknown - {until}{PODIL} unknown - {until}"
    assert web.client.get(url, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    web.do("alert.raise", alert="a", areas=[PODIL], threat="drone")
    kyiv, podil = (line.split() for line in web.client.get(url).text.splitlines())
    assert kyiv[1:3] == ["partial", "-"]
    assert podil[1:3] == ["alert", "2025-04-23T21:00:01Z"]
    web.do("alert.clear", alert="a")
    assert web.client.get(url).text.splitlines()[1].split()[1] == "all_clear"


def test_the_board_is_not_sent_again_to_who_has_it(web: Web) -> None:
    first = web.client.get("/v1/board")
    assert first.headers["cache-control"].startswith("public, max-age=")
    again = web.client.get("/v1/board", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["tocsin-valid-until"]
    raise_alert(web)
    assert web.client.get("/v1/board", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_a_board_that_nobody_changed_is_made_anew_before_it_could_be_taken_for_stale(web: Web) -> None:
    first = web.client.get("/v1/board")
    web.clock.now += timedelta(seconds=30)
    second = web.client.get("/v1/board", headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert second.json()["valid_until"] > first.json()["valid_until"]


def test_an_area_asked_for_that_does_not_exist_is_named(web: Web) -> None:
    answer = web.client.get("/v1/board", params={"areas": f"{KYIV},UA0"})
    assert (answer.status_code, answer.json()["where"]) == (404, "areas")


def test_the_tree_of_areas_is_geojson_with_names_in_both_languages(web: Web) -> None:
    features = web.client.get("/v1/areas").json()["features"]
    assert len(features) == 11
    assert all(set(feature["properties"]["names"]) == {"uk", "en"} for feature in features)


def test_a_closed_shelter_is_not_the_nearest_any_more(web: Web) -> None:
    place = {"lat": 50.45, "lon": 30.52}
    first = web.client.get("/v1/shelters/nearest", params=place).json()
    assert first["metres"] > 0
    assert first["way"]["type"] == "LineString"
    web.do("shelter.close", shelter=first["shelter"], reason="flooded")
    second = web.client.get("/v1/shelters/nearest", params=place).json()
    assert second["shelter"] != first["shelter"]
    assert second["metres"] >= first["metres"]
    web.do("shelter.open", shelter=first["shelter"])
    assert web.client.get("/v1/shelters/nearest", params=place).json() == first


def test_a_full_shelter_is_shown_full_and_nobody_is_sent_there(web: Web) -> None:
    place = {"lat": 50.45, "lon": 30.52}
    first = web.client.get("/v1/shelters/nearest", params=place).json()["shelter"]
    web.do("shelter.report_occupancy", shelter=first, people=100_000)
    shelters = web.client.get("/v1/shelters").json()["features"]
    assert next(each["properties"]["status"] for each in shelters if each["id"] == first) == "full"
    assert web.client.get("/v1/shelters/nearest", params=place).json()["shelter"] != first


def test_a_registered_shelter_is_listed_closed_until_it_is_opened_and_then_led_to(web: Web) -> None:
    place = {"lat": 50.4561, "lon": 30.5226}
    what: dict[str, Any] = {"names": {"uk": "Підвал"}, "capacity": 40, "area": KYIV, "type": "basement"}
    web.do("shelter.register", shelter="cellar-9", lat=place["lat"], lon=place["lon"], **what)

    def status() -> str:
        features = web.client.get("/v1/shelters").json()["features"]
        found: str = next(f["properties"]["status"] for f in features if f["id"] == "cellar-9")
        return found

    assert status() == "closed"
    assert web.client.get("/v1/shelters/nearest", params=place).json()["shelter"] != "cellar-9"
    web.do("shelter.open", shelter="cellar-9")
    assert status() == "open"
    assert web.client.get("/v1/shelters/nearest", params=place).json()["shelter"] == "cellar-9"
    web.do("shelter.report_occupancy", shelter="cellar-9", people=40)
    assert status() == "full"
    assert web.client.get("/v1/shelters/nearest", params=place).json()["shelter"] != "cellar-9"


def test_the_plan_is_read_as_json_as_a_map_layer_and_as_a_table(web: Web) -> None:
    plan = web.client.get("/v1/shelters/plan").json()
    assert plan["placed"] + plan["unplaced"] == plan["people"]
    assert plan["optimal"]
    closed = max(plan["shelters"], key=lambda load: load["people"])["shelter"]
    web.do("shelter.close", shelter=closed, reason="flooded")
    after = web.client.get("/v1/shelters/plan").json()
    assert next(load["people"] for load in after["shelters"] if load["shelter"] == closed) == 0
    assert web.client.get("/v1/shelters/plan?format=geojson").json()["type"] == "FeatureCollection"
    assert web.client.get("/v1/shelters/plan?format=csv").text.startswith("shelter,name,area,places,people")
    assert web.client.get("/v1/shelters/plan?format=pdf").status_code == 422


@pytest.mark.parametrize("wrong", [{"minutes": "0"}, {"minutes": "nan"}, {"profile": "dog"}, {"lat": "95"}])
def test_a_question_for_shelter_that_makes_no_sense_is_refused(web: Web, wrong: dict[str, str]) -> None:
    answer = web.client.get("/v1/shelters/nearest", params={"lat": "50.45", "lon": "30.52"} | wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_place_far_outside_the_city_is_said_to_be_outside(web: Web) -> None:
    answer = web.client.get("/v1/shelters/nearest", params={"lat": 48.0, "lon": 20.0})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown")
    assert web.client.get("/v1/shelters/nearest", params={"lat": 91, "lon": 20.0}).json()["where"] == "lat"


def test_each_message_of_an_alert_is_a_cap_document_reached_from_the_feed(web: Web) -> None:
    raise_alert(web)
    web.do("alert.clear", alert="a")
    feed = etree.fromstring(web.client.get("/cap/feed.atom").content)
    (entry,) = feed.findall(f"{ATOM}entry")
    link = entry.find(f"{ATOM}link")
    assert link is not None
    address = link.get("href", "")
    answer = web.client.get(address[address.index("/cap/") :])
    assert answer.headers["content-type"].startswith("application/cap+xml")
    assert "immutable" in answer.headers["cache-control"]
    document = etree.fromstring(answer.content)
    assert document.findtext("{*}status") == "Exercise"
    assert document.findtext("{*}msgType") == "Update"
    schema = SHARED / "cap" / "xsd" / "CAP-v1.2-os.xsd"
    if schema.exists():
        etree.XMLSchema(etree.parse(str(schema))).assertValid(document)


def test_the_feed_is_not_sent_again_to_who_has_it_and_moves_when_the_meaning_does(web: Web) -> None:
    raise_alert(web)
    first = web.client.get("/cap/feed.atom")
    assert first.headers["last-modified"]
    assert web.client.get("/cap/feed.atom", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    web.do("alert.clear", alert="a")
    assert web.client.get("/cap/feed.atom", headers={"If-None-Match": first.headers["etag"]}).status_code == 200
    assert web.client.get("/cap/feed.rss").headers["content-type"].startswith("application/rss+xml")


def test_a_message_that_does_not_exist_is_not_found(web: Web) -> None:
    assert web.client.get("/cap/alerts/nothing.xml").status_code == 404


def test_the_journal_is_for_auditors_only(web: Web) -> None:
    raise_alert(web)
    assert web.client.get("/v1/journal").status_code == 401
    assert web.client.get("/v1/journal", headers=web.headers("duty_officer")).status_code == 403
    page = web.client.get("/v1/journal", headers=web.headers("auditor")).json()
    assert page["head"] == 1
    assert page["records"][0]["event"]["kind"] == "alert.raised"
    assert page["records"][0]["actor"] == {"id": "duty_officer", "role": "duty_officer"}


OPERATIONAL = [
    "/v1/worksites",
    "/v1/teams",
    "/v1/hospitals",
    "/v1/sirens",
    "/v1/sirens/tests",
    "/v1/receipts",
    "/v1/attacks",
    "/v1/timeline",
]


def test_where_the_city_was_hit_is_not_for_everybody_while_it_is_live() -> None:
    running = open_system(Settings(realm="live"), city(), clock=Time(), in_memory=True)
    with TestClient(build_app(running.system)) as client:
        for path in OPERATIONAL:
            assert client.get(path).status_code == 401, path
        for path in ("/v1/board", "/v1/shelters", "/v1/bulletins", "/cap/feed.atom", "/bulletins.atom"):
            assert client.get(path).status_code == 200, path
    running.system.close()


def test_an_exercise_has_nothing_to_hide(web: Web) -> None:
    for path in OPERATIONAL:
        assert web.client.get(path).status_code == 200, path


@pytest.fixture
def whole_night(web: Web) -> Web:
    web.clock.now = night().steps[0].at
    for step in night().steps:
        web.clock.now = step.at
        web.running.system.do(step.command, step.actor, step.key)
    return web


def test_figures_are_given_as_of_any_time_with_the_claims_they_rest_on(whole_night: Web) -> None:
    path = "/v1/attacks/kyiv-2025-04-24/figures"
    then = whole_night.client.get(path, params={"as_of": "2025-04-24T06:30:00+03:00"}).json()["figures"]
    assert (then["killed"]["best"], then["killed"]["status"], then["killed"]["phrase"]) == (9, "preliminary", "nine")
    assert then["killed"]["claims"]
    # A plus that was not escaped arrives as a space; the reader meant a plus.
    unescaped = whole_night.client.get(f"{path}?as_of=2025-04-24T06:30:00+03:00").json()["figures"]
    assert unescaped == then
    now = whole_night.client.get(path).json()["figures"]
    assert (now["killed"]["best"], now["injured"]["best"]) == (13, 90)
    assert whole_night.client.get(path, params={"as_of": "2025-04-24T06:30:00"}).json()["where"] == "as_of"


def test_a_reader_of_the_feed_who_knows_only_dates_is_told_when_nothing_changed(web: Web) -> None:
    raise_alert(web)
    early = {"If-Modified-Since": web.client.get("/cap/feed.atom").headers["last-modified"]}
    assert web.client.get("/cap/feed.atom", headers=early).status_code == 200
    web.clock.now += timedelta(minutes=5)
    first = web.client.get("/cap/feed.atom")
    since = {"If-Modified-Since": first.headers["last-modified"]}
    web.clock.now += timedelta(minutes=5)
    assert web.client.get("/cap/feed.atom", headers=since).status_code == 304
    assert web.client.get("/cap/feed.atom", headers=since | {"If-None-Match": '"other"'}).status_code == 200
    assert web.client.get("/cap/feed.atom", headers={"If-Modified-Since": "yesterday"}).status_code == 200
    web.do("alert.clear", alert="a")
    assert web.client.get("/cap/feed.atom", headers=since).status_code == 200


def test_bulletins_are_published_on_the_page_and_in_the_feed(whole_night: Web) -> None:
    bulletins = whole_night.client.get("/v1/bulletins").json()["bulletins"]
    assert bulletins[0]["number"] == len(bulletins)
    assert set(bulletins[0]["content"]["texts"]) == {"uk", "en"}
    feed = etree.fromstring(whole_night.client.get("/bulletins.atom").content)
    assert len(feed.findall(f"{ATOM}entry")) == len(bulletins)


def test_the_record_answers_when_the_city_was_last_hit_and_since_when_none_was_deadlier(whole_night: Web) -> None:
    hit = whole_night.client.get(
        "/v1/record/last-hit", params={"place": KYIV, "before": "2025-04-24T00:30:00+03:00", "weapon": "missile"}
    ).json()
    assert hit["date"] == "2025-04-06"
    assert hit["citations"]
    deadliest = whole_night.client.get("/v1/record/deadliest", params={"attack": "kyiv-2025-04-24"}).json()
    assert (deadliest["date"], bool(deadliest["claims"])) == ("2024-07-08", True)
    assert whole_night.client.get("/v1/record/last-hit", params={"place": KYIV, "weapon": "stone"}).status_code == 422


def test_no_read_of_a_whole_night_fails(whole_night: Web) -> None:
    for path in (
        *OPERATIONAL,
        "/v1/board",
        "/v1/areas",
        "/v1/city",
        "/v1/city/water",
        "/v1/shelters",
        "/readyz",
        "/healthz",
    ):
        answer = whole_night.client.get(path)
        assert answer.status_code == 200, path
        assert msgspec.json.decode(answer.content)
    worksites = whole_night.client.get("/v1/worksites").json()["worksites"]
    assert {site["id"]: site["recovered_dead"] for site in worksites}["C-1"] == 12
    assert PODIL in web_areas(whole_night)


def test_the_metrics_tell_how_far_the_journal_and_the_views_are(web: Web) -> None:
    raise_alert(web)
    text = web.client.get("/metrics").text
    for line in (
        "tocsin_journal_head 1.0",
        "tocsin_views_position 1.0",
        "tocsin_alerts_standing 1.0",
        "tocsin_troubles 0.0",
    ):
        assert line in text.splitlines()
    assert 'tocsin_requests_total{app_name="tocsin"' in text


def web_areas(web: Web) -> set[str]:
    return {area["area"] for area in web.client.get("/v1/board").json()["areas"]}
