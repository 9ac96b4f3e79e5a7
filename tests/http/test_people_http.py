"""Patients one by one, and who they are."""

from typing import Any

from tests.http.conftest import Web

NAME = "Леся Українка"


def tag(web: Web, patient: str = "24-001") -> None:
    web.do("patient.tag", role="medic", patient=patient, category="red", found="trapped")


def test_a_patient_is_read_by_those_who_treat_them_with_every_look_at_them(web: Web) -> None:
    tag(web)
    web.do("patient.retriage", role="medic", patient="24-001", category="yellow")
    page: dict[str, Any] = web.client.get("/v1/patients/24-001", headers=web.headers("medic")).json()
    assert [look["category"] for look in page["patient"]["triages"]] == ["red", "yellow"]
    assert web.client.get("/v1/patients/24-001", headers=web.headers("press_officer")).status_code == 403
    assert web.client.get("/v1/patients/24-001").status_code == 401
    missing = web.client.get("/v1/patients/24-9", headers=web.headers("medic"))
    assert (missing.status_code, missing.json()["where"]) == (404, "patient")


def test_a_tag_and_a_tep_document_are_made_of_a_patient(web: Web) -> None:
    tag(web)
    svg = web.client.get("/v1/patients/24-001/tag.svg", headers=web.headers("medic"))
    assert b"24-001" in svg.content
    tep = web.client.get("/v1/patients/24-001/tep.xml", headers=web.headers("medic"))
    assert b"Priority1" in tep.content


def test_a_family_is_found_by_its_code(web: Web) -> None:
    for patient in ("24-001", "24-002"):
        tag(web, patient)
        web.do("patient.link_family", role="medic", patient=patient, family="F-0A1B2C")
    found = web.client.get("/v1/families/F-0A1B2C", headers=web.headers("medic")).json()
    assert [each["patient"] for each in found["patients"]] == ["24-001", "24-002"]


def test_names_are_kept_by_role_and_never_in_the_journal(web: Web) -> None:
    tag(web)
    medic, admin = web.headers("medic"), web.headers("administrator")
    assert web.client.put("/v1/people/24-001", json={"name": NAME}, headers=medic).status_code == 200
    assert web.client.get("/v1/people/24-001", headers=medic).json() == {"name": NAME}
    assert web.client.get("/v1/people/24-001", headers=web.headers("analyst")).status_code == 403
    assert web.client.get("/v1/people/24-001").status_code == 401
    found = web.client.post("/v1/people/search", json={"words": "леся"}, headers=medic).json()
    assert found == {"people": ["24-001"]}
    journal = web.client.get("/v1/journal", headers=admin).text
    assert NAME not in journal
    looks = web.client.get("/v1/people/audit", headers=admin).json()["looks"]
    assert [look["act"] for look in looks] == ["found", "refused", "looked", "wrote"]
    assert NAME not in str(looks)
    erased = web.client.delete("/v1/people/24-001", params={"reason": "asked for"}, headers=admin)
    assert erased.status_code == 200
    assert web.client.get("/v1/people/24-001", headers=medic).status_code == 404


def test_a_wrong_field_of_a_person_is_named(web: Web) -> None:
    answer = web.client.put("/v1/people/24-001", json={"name": 7}, headers=web.headers("medic"))
    assert (answer.status_code, answer.json()["where"]) == (422, "name")
    answer = web.client.put("/v1/people/lesia", json={"name": NAME}, headers=web.headers("medic"))
    assert (answer.status_code, answer.json()["where"]) == (422, "person")
