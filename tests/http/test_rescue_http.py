"""What the rescue reads: reports with proposals, worksites with their signs."""

from typing import Any

from lxml import etree
from tests.http.conftest import Web
from tests.running import PODIL

PLACE: dict[str, Any] = {"lat": 50.46, "lon": 30.51, "area": PODIL}


def report(web: Web, name: str, **more: float) -> None:
    fields: dict[str, Any] = {
        "time": "2025-04-24T00:05:00+03:00",
        "effect": "impact",
        "reporter_kind": "call",
        **PLACE,
        **more,
    }
    web.do("impact.report", impact=name, **fields)


def test_reports_of_one_blow_are_proposed_and_gone_once_they_are_a_worksite(web: Web) -> None:
    report(web, "i-1")
    report(web, "i-2", lat=50.4602)
    found = web.client.get("/v1/impacts").json()
    assert [each["impact"] for each in found["impacts"]] == ["i-2", "i-1"]
    assert [each["impacts"] for each in found["proposals"]] == [["i-1", "i-2"]]
    web.do("worksite.open", worksite="C-1", type="collapse", impacts=["i-1", "i-2"], **PLACE)
    found = web.client.get("/v1/impacts").json()
    assert found["proposals"] == []
    assert {each["worksite"] for each in found["impacts"]} == {"C-1"}


def test_a_worksite_is_read_with_its_sign_and_its_conflicts(web: Web) -> None:
    web.do("worksite.open", worksite="C-1", type="collapse", **PLACE)
    for address in ("one", "two"):
        web.do("worksite.describe", worksite="C-1", address=address, seen=1)
    web.do("worksite.mark_victims", worksite="C-1", spot="cellar", live=1, dead=0)
    page = web.client.get("/v1/worksites/C-1").json()
    assert page["marking"] == "[ C-1 ]\n"
    assert page["victim_markings"] == [{"spot": "cellar", "text": "V L-1\n"}]
    assert [each["field"] for each in page["worksite"]["edits"]["conflicts"]] == ["address"]


def test_the_signs_are_drawn_and_what_is_not_there_is_named(web: Web) -> None:
    web.do("worksite.open", worksite="C-1", type="collapse", **PLACE)
    web.do("worksite.mark_victims", worksite="C-1", spot="cellar", live=1, dead=0)
    for query in ("", "?spot=cellar"):
        answer = web.client.get(f"/v1/worksites/C-1/marking.svg{query}")
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert etree.fromstring(answer.content).tag.endswith("svg")
    missing = web.client.get("/v1/worksites/C-1/marking.svg?spot=roof")
    assert (missing.status_code, missing.json()["where"]) == (404, "spot")
    assert web.client.get("/v1/worksites/C-9").json()["where"] == "worksite"
    assert web.client.get("/v1/worksites/C-1/clearance.svg").status_code == 409
    web.do("worksite.clear_rapidly", worksite="C-1", mark="C", team="UKR-01", ordered_by="headquarters")
    assert web.client.get("/v1/worksites/C-1/clearance.svg").status_code == 200


def test_teams_are_suggested_by_their_way_and_needs_go_out_as_edxl_rm(web: Web) -> None:
    web.do("worksite.open", worksite="C-1", type="fire", address="Верхній Вал, 10", **PLACE)
    for number, lat in enumerate((50.40, 50.459)):
        who = {"names": {"uk": "Драбина", "en": "Ladder"}, "area": PODIL, "crew": 3, "type": "ladder"}
        web.do("team.register", "duty_officer", None, team=f"L-{number}", **who)
        web.do("team.locate", team=f"L-{number}", lat=lat, lon=30.51)
    found = web.client.get("/v1/worksites/C-1/dispatch", params={"operation": "ladder_rescue"}).json()
    assert [each["team"] for each in found["suggestions"]] == ["L-1", "L-0"]
    assert found["suggestions"][0]["seconds"] < found["suggestions"][1]["seconds"]
    web.do("need.ask", need="n", worksite="C-1", team_type="ladder", what="40 m", quantity=2)
    (need,) = web.client.get("/v1/needs").json()["needs"]
    assert (need["status"], need["left"]) == ("open", 2)
    document = etree.fromstring(web.client.get("/v1/needs/n/rm.xml").content)
    assert document.tag.endswith("RequestResource")
    assert "C-1 Верхній Вал, 10" in etree.tostring(document, encoding="unicode")
    assert web.client.get("/v1/needs/x/rm.xml").json()["where"] == "need"
