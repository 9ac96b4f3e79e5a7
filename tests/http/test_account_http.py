"""The account of an attack as it is read over HTTP: figures, claims, persons and reports, and what is refused."""

import io
from typing import Any

import hxl
import pytest
from lxml import etree
from tests.http.conftest import Web
from tests.running import KYIV

SPOKE: dict[str, Any] = {"org": "ses", "org_kind": "emergency_service"}
START = "2025-04-23T21:30:00Z"


def say(web: Web, claim: str, measure: str, phrase: str, minute: int, **fields: Any) -> None:  # noqa: ANN401 - fields
    web.do("claim.record", "analyst", **told(claim, measure, phrase, minute) | fields)


def told(claim: str, measure: str, phrase: str, minute: int) -> dict[str, Any]:
    time = f"2025-04-24T00:{minute:02}:00Z"
    source = {"publisher": "SES", "url": f"https://example.org/{claim}", "published": time, "quote": phrase}
    claimed = {"attack": "night", "claim": claim, "place": KYIV, "measure": measure, "phrase": phrase, "lang": "uk"}
    return {**claimed, "as_of": time, "origin": "ses", "speaker": SPOKE, "source": source}


@pytest.fixture
def night(web: Web) -> Web:
    web.do(
        "attack.open",
        "analyst",
        attack="night",
        start=START,
        start_precision_minutes=5,
        date_local="2025-04-24",
        time_zone="Europe/Kyiv",
        area=KYIV,
        names={"uk": "Ніч", "en": "Night"},
        source={"publisher": "AF", "url": "https://example.org/af"},
    )
    say(web, "k1", "killed", "за попередніми даними, двоє загиблих", 10)
    say(web, "i1", "injured", "21 постраждалий", 20)
    say(web, "h1", "hospitalised", "12", 20, part_of={"claim": "i1"})
    say(web, "c1", "hospitalised", "зокрема двоє дітей", 20, age="child", part_of={"claim": "h1"})
    say(web, "k2", "killed", "кількість загиблих зросла до 4", 30)
    say(web, "k3", "killed", "троє", 50, status="revised", reason="double count", supersedes=["k2"])
    return web


@pytest.mark.parametrize(
    ("as_of", "killed"),
    [
        ("2025-04-24T00:15:00Z", (2, 2, None, "preliminary")),
        ("2025-04-24T00:40:00Z", (4, 4, None, "preliminary")),
        ("2025-04-24T00:55:00Z", (3, 3, 3, "revised")),
    ],
)
def test_figures_are_those_of_the_moment_that_is_asked_for(
    night: Web, as_of: str, killed: tuple[int, int, int | None, str]
) -> None:
    found = night.client.get("/v1/attacks/night/figures", params={"as_of": as_of}).json()
    figure = found["figures"]["killed"]
    assert (figure["low"], figure["best"], figure["high"], figure["status"]) == killed


def test_claims_carry_who_recorded_them_and_why_one_was_taken_back(night: Web) -> None:
    night.do("claim.retract", "analyst", attack="night", claim="k3", reason="the source withdrew it")
    claims = night.client.get("/v1/attacks/night/claims", headers=night.headers("analyst")).json()["claims"]
    assert [entry["claim"]["id"] for entry in claims] == ["k1", "i1", "h1", "c1", "k2", "k3"]
    assert claims[-1]["retracted"] == "the source withdrew it"
    assert {entry["by"] for entry in claims} == {"analyst"}
    after = night.client.get("/v1/attacks/night/figures", params={"as_of": "2025-04-24T00:55:00Z"}).json()
    assert after["figures"]["killed"]["best"] == 4


@pytest.mark.parametrize("form", ["csv", "hxl", "sitrep-xml", "ics-209"])
def test_a_report_is_given_in_every_form_and_says_its_encoding_once(night: Web, form: str) -> None:
    asked = {"form": form, "as_of": "2025-04-24T00:55:00Z"}
    answer = night.client.get("/v1/attacks/night/report", params=asked, headers=night.headers("dispatcher"))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].count("charset") == 1
    if form == "sitrep-xml":
        etree.fromstring(answer.content)
    if form == "hxl":
        rows = hxl.data(io.BytesIO(answer.content), hxl.InputOptions(allow_local=True))
        assert next(iter(rows)).get("#affected+killed+best") == "3"


def test_a_report_tells_the_growth_of_its_period_and_never_a_fall(night: Web) -> None:
    asked = {"form": "csv", "since": "2025-04-24T00:15:00Z", "as_of": "2025-04-24T00:40:00Z"}
    grown = night.client.get("/v1/attacks/night/report", params=asked, headers=night.headers("dispatcher")).text
    assert any(line.startswith("killed") or ",killed," in line for line in grown.splitlines())
    later = asked | {"since": "2025-04-24T00:40:00Z", "as_of": "2025-04-24T00:55:00Z"}
    fallen = night.client.get("/v1/attacks/night/report", params=later, headers=night.headers("dispatcher")).text
    assert "-1" not in fallen.replace("00-1", "")


def test_persons_stand_beside_what_is_claimed(night: Web) -> None:
    answer = night.client.get("/v1/attacks/night/persons", headers=night.headers("analyst"))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("changed", "status", "where"),
    [
        ({"phrase": "чимало"}, 422, "phrase"),
        ({"place": "UA00"}, 404, "place"),
        ({"phrase": "двоє"}, 409, "status"),
        ({"status": "confirmed", "source": {"published": "2025-04-24T00:59:00Z"}}, 409, "source"),
        ({"supersedes": ["k1", "nobody"]}, 404, "supersedes[1]"),
        ({"claim": "k1"}, 409, "claim"),
        ({"as_of": "2025-04-24T01:30:00Z"}, 422, "source.published"),
        ({"colour": "red"}, 422, "colour"),
    ],
)
def test_a_claim_that_is_refused_names_the_field(night: Web, changed: dict[str, Any], status: int, where: str) -> None:
    head = night.running.system.journal.head().position
    answer = night.client.post(
        "/v1/commands/claim.record",
        json=told("k9", "killed", "п'ятеро", 59) | changed,
        headers=night.headers("analyst"),
    )
    assert (answer.status_code, answer.json()["where"]) == (status, where), answer.text
    assert night.running.system.journal.head().position == head


def test_a_field_that_is_absent_is_named(night: Web) -> None:
    fields = {name: value for name, value in told("k9", "killed", "п'ятеро", 59).items() if name != "measure"}
    answer = night.client.post("/v1/commands/claim.record", json=fields, headers=night.headers("analyst"))
    assert (answer.status_code, answer.json()["where"]) == (422, "measure")
