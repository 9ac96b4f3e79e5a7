"""Hospitals as EDXL-HAVE, and where the wounded could go."""

from tests.http.conftest import Web
from tests.running import PODIL

BEDS = {"AdultICU": {"available": 1, "baseline": 24}, "MedicalSurgical": {"available": 2}}


def report(web: Web, hospital: str, offload_minutes: int = 0) -> None:
    said = {"beds": BEDS, "ed_status": "Normal", "offload_minutes": offload_minutes}
    web.do("hospital.report", "hospital", None, hospital=hospital, **said)


def test_what_hospitals_reported_goes_out_as_have_and_comes_in_again(web: Web) -> None:
    before = web.client.get("/v1/hospitals/have.xml")
    assert (before.status_code, before.json()["where"]) == (422, "hospitals")
    report(web, "emergency", offload_minutes=20)
    document = web.client.get("/v1/hospitals/have.xml")
    assert b"<EMSOffloadMinutes>20</EMSOffloadMinutes>" in document.content
    changed = document.content.replace(b"<AvailableCount>1<", b"<AvailableCount>0<")
    answer = web.client.post("/v1/hospitals/have.xml", content=changed, headers=web.headers("hospital"))
    assert answer.json()["hospitals"] == ["emergency"]
    (state,) = (
        each["state"] for each in web.client.get("/v1/hospitals").json()["hospitals"] if each["state"]["reported_at"]
    )
    assert state["beds"]["AdultICU"]["available"] == 0


def test_a_document_with_a_strange_hospital_is_refused_whole(web: Web) -> None:
    report(web, "emergency")
    head = web.running.system.journal.head().position
    document = web.client.get("/v1/hospitals/have.xml").content
    one = document[document.index(b"<Hospital>") : document.index(b"</HospitalStatus>")]
    two = document.replace(b"</HospitalStatus>", one.replace(b'"emergency"', b'"nowhere"') + b"</HospitalStatus>")
    answer = web.client.post("/v1/hospitals/have.xml", content=two, headers=web.headers("hospital"))
    assert (answer.status_code, answer.json()["where"]) == (404, "OrganisationID")
    assert web.running.system.journal.head().position == head
    assert web.client.post("/v1/hospitals/have.xml", content=document).status_code == 401
    forbidden = web.client.post("/v1/hospitals/have.xml", content=document, headers=web.headers("medic"))
    assert forbidden.status_code == 403


def test_the_wounded_are_spread_over_what_is_free_and_an_admission_takes_its_bed(web: Web) -> None:
    report(web, "emergency")
    web.do("worksite.open", worksite="C-1", type="collapse", lat=50.46, lon=30.51, area=PODIL)
    for number, category in enumerate(("red", "red", "yellow", "black")):
        web.do("patient.tag", role="medic", patient=f"P-{number}", worksite="C-1", category=category, found="trapped")

    def suggested() -> tuple[dict[str, str], list[str]]:
        found = web.client.get("/v1/hospitals/distribution", headers=web.headers("medic")).json()
        return {each["patient"]: each["bed"] for each in found["placements"]}, found["unplaced"]

    placed, unplaced = suggested()
    assert sorted(placed.values()) == ["AdultICU", "MedicalSurgical", "MedicalSurgical"]
    assert unplaced == []
    web.do("patient.admit", role="hospital", patient="P-0", hospital="emergency", bed="AdultICU")
    placed, _ = suggested()
    assert placed == {"P-1": "MedicalSurgical", "P-2": "MedicalSurgical"}
    web.do("hospital.report", role="hospital", hospital="emergency", beds=BEDS, ed_status="Closed")
    assert suggested() == ({}, ["P-1", "P-2"])
    assert web.client.get("/v1/hospitals/distribution", headers=web.headers("analyst")).status_code == 403
