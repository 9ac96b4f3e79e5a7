"""The fleet as the console and the command line read it."""

from datetime import timedelta

from tests.http.conftest import Web
from tests.running import KYIV

from tocsin.domain.siren import Acknowledgement, Condition, ReportSirens, Result, day_of
from tocsin.kernel.event import Actor

SIREN = Actor("sirens", "siren")


def say(web: Web, *, acks: dict[str, Result] | None = None, alert: str = "", unwanted: str = "") -> None:
    """What sirens say two seconds later, to the newest position."""
    now, head = web.clock.now + timedelta(seconds=2), web.running.system.journal.head().position
    answers = tuple(
        Acknowledgement(
            siren=siren,
            alert=alert,
            revision=head,
            result=result,
            received_at=now,
            sounding_at=now if result is Result.SOUNDING else None,
        )
        for siren, result in (acks or {}).items()
    )
    loud = (Condition(siren=unwanted, online=True, sounding=True, unwanted=True, tamper=True, at=now),)
    report = ReportSirens(day=day_of(now), acks=answers, conditions=loud if unwanted else ())
    web.running.system.do(report, SIREN)


def sirens(web: Web) -> list[str]:
    return sorted(siren.id for siren in web.running.system.city.sirens)


def test_groups_name_the_sirens_of_every_area_by_state(web: Web) -> None:
    first, *rest = sirens(web)
    say(web, unwanted=first)
    groups = web.client.get("/v1/sirens").json()["groups"]
    assert groups[0]["area"] == KYIV
    assert groups[0]["names"]["en"] == "Kyiv"
    assert groups[0]["total"] == len(rest) + 1
    assert groups[0]["states"] == {"alarm": [first], "unknown": rest}
    named = [siren for group in groups[1:] for ids in group["states"].values() for siren in ids]
    assert sorted(named) == [first, *rest], "each stands in one raion"


def test_the_list_can_be_asked_by_area_and_by_state(web: Web) -> None:
    first = sirens(web)[0]
    say(web, unwanted=first)
    [line] = web.client.get("/v1/sirens", params={"state": "alarm"}).json()["sirens"]
    assert (line["siren"], line["unwanted"], line["tamper"]) == (first, True, True)
    place = line["area"]
    there = web.client.get("/v1/sirens", params={"area": place}).json()["sirens"]
    assert {siren["area"] for siren in there} == {place}
    assert web.client.get("/v1/sirens", params={"area": "nowhere"}).status_code == 404
    assert web.client.get("/v1/sirens", params={"state": "asleep"}).status_code == 422


def test_who_answered_an_alert_how_fast_and_who_has_not_by_name(web: Web) -> None:
    web.do("alert.raise", alert="a", areas=[KYIV], threat="drone")
    first, second, *rest = sirens(web)
    say(web, alert="a", acks={first: Result.SOUNDING, second: Result.FAULTY})
    web.do("alert.raise", alert="b", areas=[KYIV], threat="drone")
    said = web.client.get("/v1/sirens", params={"alert": "a"}).json()
    assert said["alert"] == "a"
    assert said["unanswered"] == {"asked": len(rest) + 2, "alert": rest, "mute": {second: "faulty"}, "clear": []}
    assert said["count"]["alert_latency"] == {"n": 1, "p50": 2.0, "p90": 2.0, "p99": 2.0, "max": 2.0}
    assert web.client.get("/v1/sirens").json()["alert"] == "b", "the newest, unless another is asked for"


def test_the_report_of_a_round_says_who_passed_who_failed_and_who_is_missing(web: Web) -> None:
    web.do("siren_test.start", round="r")
    first, second, *rest = sirens(web)
    say(web, alert="r", acks={first: Result.SILENT, second: Result.FAULTY})
    said = web.client.get("/v1/sirens/tests").json()
    [test] = said["rounds"]
    assert (test["round"], test["outcome"], test["asked"]) == ("r", None, len(rest) + 2)
    assert (test["passed"], test["failed"], test["missing"]) == ([first], {second: "faulty"}, rest)
    assert test["latency"]["p50"] == 2.0
    assert [each["siren"] for each in said["tested"]] == [second, *rest, first], "longest untested first"
    web.do("siren_test.end", round="r")
    assert web.client.get("/v1/sirens/tests").json()["rounds"][0]["outcome"] == "completed"


def test_a_siren_that_sounds_untold_is_on_the_timeline_and_in_the_metrics(web: Web) -> None:
    first, *rest = sirens(web)
    say(web, unwanted=first)
    [line] = web.client.get("/v1/timeline").json()["events"]
    assert line["kind"] == "siren.alarm_raised"
    assert first in line["text"]["uk"]
    assert first in line["text"]["en"]
    metrics = web.client.get("/metrics").text
    assert 'tocsin_sirens_by_state{state="alarm"} 1.0' in metrics
    assert f'tocsin_sirens_by_state{{state="unknown"}} {len(rest)}.0' in metrics


def test_only_who_may_starts_a_round(web: Web) -> None:
    answer = web.client.post("/v1/commands/siren_test.start", json={}, headers=web.headers("medic"))
    assert answer.status_code == 403
