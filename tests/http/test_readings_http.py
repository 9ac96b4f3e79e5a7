"""The reading queue over HTTP: nothing is in the record before a person says so."""

from datetime import UTC, datetime
from typing import Any

from tests.http.conftest import Web
from tests.running import KYIV

from tocsin.flow.readings import take
from tocsin.kernel.event import Actor

FEED = Actor("agency", "feed")
TEXT = "Nine people were killed in Kyiv and 63 wounded, the State Emergency Service said on Thursday morning.\n"
PUBLISHED = datetime(2025, 4, 24, 4, tzinfo=UTC)
ATTACK: dict[str, Any] = {
    "attack": "kyiv-2025-04-24",
    "start": "2025-04-24T01:00:00+03:00",
    "date_local": "2025-04-24",
    "time_zone": "Europe/Kyiv",
    "area": KYIV,
    "names": {"en": "Kyiv"},
}


def queue(web: Web, text: str = TEXT, publisher: str = "Agency") -> str:
    done = take(web.running.system, text.encode(), publisher, FEED, published=PUBLISHED)
    return done.stream.removeprefix("reading/")


def claim(web: Web, document: str) -> dict[str, Any]:
    """The order that records the first proposal."""
    return {
        "kind": "claim.record",
        "attack": "kyiv-2025-04-24",
        "place": KYIV,
        "measure": "killed",
        "lo": 9,
        "hi": 9,
        "point": 9,
        "as_of": "2025-04-24T06:06:00+03:00",
        "speaker": {"org": "SES", "org_kind": "emergency_service"},
        "source": {
            "publisher": "Agency",
            "published": "2025-04-24T07:00:00+03:00",
            "sha256": document,
            "quote": TEXT[:23],
        },
        "origin": "ses",
    }


def accept(web: Web, document: str, command: dict[str, Any], role: str = "analyst") -> Any:  # noqa: ANN401 - a response
    path = f"/v1/readings/{document}/c1/accept"
    return web.client.post(path, json={"command": command}, headers=web.headers(role))


def test_a_text_waits_with_its_spans_and_records_nothing(web: Web) -> None:
    document = queue(web)
    page = web.client.get(f"/v1/readings/{document}").json()
    assert page["text"] == TEXT
    proposals = page["queued"]["read"]["proposals"]
    assert {each["type"] for each in proposals} == {"claim", "fact", "statement"}
    assert all(TEXT[each["start"] : each["end"]] == each["quote"] for each in proposals)
    assert page["queued"]["open"] == len(proposals)
    assert all(each.event.__struct_config__.tag == "reading.proposed" for each in web.running.system.journal.read())


def test_what_a_person_accepts_is_recorded_and_noted_once(web: Web) -> None:
    document = queue(web)
    web.do("attack.open", "analyst", **ATTACK)
    assert accept(web, document, claim(web, document)).status_code == 201
    figures = web.client.get("/v1/attacks/kyiv-2025-04-24/figures?as_of=2025-04-24T07:30:00%2B03:00").json()
    assert figures["figures"]["killed"]["best"] == 9
    noted = web.client.get(f"/v1/readings/{document}").json()["queued"]["decided"]["c1"]
    assert noted["became"] == "claim.record"
    assert accept(web, document, claim(web, document)).status_code == 409


def test_what_the_record_refuses_stays_in_the_queue(web: Web) -> None:
    document = queue(web)
    web.do("attack.open", "analyst", **ATTACK)
    refused = accept(web, document, claim(web, document) | {"hi": 3})
    assert refused.status_code in (409, 422), refused.text
    assert web.client.get(f"/v1/readings/{document}").json()["queued"]["decided"] == {}


def test_whoever_may_not_record_a_claim_cannot_accept_one(web: Web) -> None:
    document = queue(web)
    assert accept(web, document, claim(web, document), "dispatcher").status_code == 403
    assert accept(web, document, claim(web, document) | {"kind": "alert.raise"}).status_code in (404, 422)


def test_a_rejected_proposal_waits_no_longer(web: Web) -> None:
    document = queue(web)
    (before,) = web.client.get("/v1/readings").json()["readings"]
    web.do("reading.reject", "analyst", document=document, proposal="c1", reason="of another night")
    (line,) = web.client.get("/v1/readings?waiting=true").json()["readings"]
    assert line["open"] == before["open"] - 1


def test_a_copy_is_found_to_say_the_same_and_another_text_is_not(web: Web) -> None:
    first = queue(web)
    copy = queue(web, f"BREAKING: {TEXT}", "Newsroom")
    other = queue(web, "A fire broke out in a warehouse of the Obolonskyi district, and nobody was hurt.", "Newsroom")
    assert queue(web) == first
    lines = {each["document"]: each["like"] for each in web.client.get("/v1/readings").json()["readings"]}
    assert lines == {first: first, copy: first, other: other}
