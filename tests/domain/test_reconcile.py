"""From claims to figures: the real night, and what must hold for any night."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.domain.casualties import (
    CLAIMS,
    Claim,
    Claims,
    Figure,
    Finding,
    Interval,
    Known,
    Measure,
    OrgKind,
    Reason,
    Scope,
    Setting,
    Source,
    Speaker,
    Status,
    Stratum,
    account,
    figure,
    figures,
)
from tocsin.domain.subject import Context, Gazetteer
from tocsin.flow.scenario import read_scenario
from tocsin.kernel.event import Commands

NIGHT = Path(__file__).parent / "kyiv-2025-04-24.claims.toml"
START = datetime(2025, 4, 24, tzinfo=UTC)
END = START + timedelta(days=9)


def the_night() -> Claims:
    scenario = read_scenario(NIGHT.read_text(encoding="utf-8"), Commands(CLAIMS.commands), NIGHT.name)
    claims = CLAIMS.blank
    for step in scenario.steps:
        context = Context(step.at, step.actor, Gazetteer(areas=frozenset({scenario.place})), {})
        for event in CLAIMS.decide(claims, step.command, context):
            claims = CLAIMS.evolve(claims, event)
    return claims


def at(local: str) -> dict[str, Figure]:
    return figures(the_night(), datetime.fromisoformat(f"{local}+03:00"))


def bounds(known: Figure) -> tuple[int, int, int | None, Status]:
    return known.low, known.best, known.high, known.status


def test_at_half_past_six_nine_are_killed_63_wounded_and_42_in_hospital_with_six_children() -> None:
    known = at("2025-04-24T06:30")
    assert bounds(known["killed"]) == (9, 9, None, Status.PRELIMINARY)
    assert bounds(known["injured"]) == (63, 63, None, Status.PRELIMINARY)
    assert bounds(known["hospitalised"]) == (42, 42, None, Status.PRELIMINARY)
    assert bounds(known["hospitalised:child"]) == (6, 6, None, Status.PRELIMINARY)
    assert known["killed"].phrase == {"en": "nine", "uk": "дев'ять"}
    assert known["killed"].claims == ("ses-killed-1", "ses-killed-2")
    assert known["killed"].overtaken == ("klitschko-killed-2",)
    assert known["killed"].source == {"en": "State Emergency Service", "uk": "ДСНС"}
    assert not any(one.conflicts for one in known.values())


def test_at_half_past_seven_the_ministrys_bound_overtakes_the_older_63() -> None:
    injured = at("2025-04-24T07:45")["injured"]
    assert bounds(injured) == (71, 71, None, Status.PRELIMINARY)
    assert injured.phrase["en"] == "more than 70"
    assert "ses-injured-1" in injured.overtaken


def test_at_half_past_eleven_eight_are_killed_with_the_reason_and_the_outlier_stands_beside() -> None:
    known = at("2025-04-24T11:30")
    assert bounds(known["killed"]) == (8, 8, 10, Status.REVISED)
    assert known["killed"].reason is Reason.REMAINS_UNDER_EXAMINATION
    assert known["killed"].reason_note["uk"].startswith("Поки не відомо")  # type: ignore[index]
    assert [conflict.claims for conflict in known["killed"].conflicts] == [
        ("ambassador-israel-killed-1", "klymenko-killed-2")
    ]
    assert known["killed"].conflicts[0].why["en"] == (
        "Embassy of Israel says 10, Ministry of Internal Affairs says 8: these do not agree"
    )
    assert known["injured"].best == 77
    assert known["injured"].high is None
    assert known["remains_unidentified"].low == 1
    assert known["hospitalised"].best == 42
    assert known["hospitalised:current"].best == 31


def test_in_the_end_13_are_killed_and_90_wounded_in_the_city_with_87_at_the_house() -> None:
    known = at("2025-04-29T12:00")
    assert bounds(known["killed"]) == (13, 13, 13, Status.CONFIRMED)
    assert known["injured"].best == 90
    assert bounds(known["injured@C-1"]) == (87, 87, 87, Status.CONFIRMED)
    assert bounds(known["hospitalised"]) == (44, 44, 44, Status.CONFIRMED)
    assert known["killed"].conflicts == ()
    assert known["killed"].reason is None


def test_children_among_the_wounded_and_children_in_hospital_are_both_kept() -> None:
    known = at("2025-04-24T06:30")
    assert known["injured:child"].claims == ("ses-injured-child-1",)
    assert known["injured:child"].attachment == "ambiguous"
    assert known["hospitalised:child"].claims[0] == "ses-hospitalised-child-1"
    assert known["hospitalised:child"].attachment == "explicit"


def accounted(local: str) -> Known:
    return account(
        the_night(), datetime.fromisoformat(f"{local}+03:00"), setting=Setting(start=START - timedelta(hours=3))
    )


def errors_but_d1(known: Known) -> list[Finding]:
    return [finding for finding in known.findings if finding.severity == "error" and finding.rule != "D1"]


@pytest.mark.parametrize(
    "local",
    [
        "2025-04-24T03:40",
        "2025-04-24T04:15",
        "2025-04-24T06:30",
        "2025-04-24T11:30",
        "2025-04-24T17:40",
        "2025-05-01T00:00",
    ],
)
def test_the_real_nights_counts_never_contradict_each_other(local: str) -> None:
    assert errors_but_d1(accounted(local)) == []


def test_in_the_night_35_in_hospital_and_15_treated_on_the_spot_are_the_50_wounded() -> None:
    known = accounted("2025-04-24T03:40")
    assert (known.feasible["injured"].lo, known.feasible["injured"].hi) == (50, 50)
    night = the_night()
    without = Claims({id_: claim for id_, claim in night.by_id.items() if id_ != "klitschko-injured-2"})
    alone = account(without, datetime.fromisoformat("2025-04-24T03:40+03:00"))
    assert alone.implied["injured"].lo == 50
    assert set(alone.implied["injured"].claims) == {"klitschko-hospitalised-1", "klitschko-treated_on_scene-1"}


def test_six_children_are_kept_in_both_readings_and_at_least_six_were_wounded() -> None:
    known = accounted("2025-04-24T06:30")
    assert known.readings == {"ses-injured-child-1": ("injured:child", "hospitalised:child")}
    assert known.feasible["injured:child"].lo == 6
    assert "W5" in {finding.rule for finding in known.findings}
    early = accounted("2025-04-24T06:10")
    assert early.implied["injured:child"].lo == 6
    assert early.implied["injured:child"].rules == ("E3",)


def test_87_at_the_house_are_within_90_in_the_city_and_a_death_in_hospital_leaves_the_wounded() -> None:
    before, after = accounted("2025-04-25T09:00"), accounted("2025-04-29T12:00")
    assert (before.figures["injured@C-1"].best, before.figures["injured"].best) == (87, 90)
    assert after.figures["injured"] == before.figures["injured"]
    assert (before.figures["killed"].best, after.figures["killed"].best) == (12, 13)
    assert after.figures["died_in_hospital"].best == 1


def test_the_ambassadors_ten_is_more_than_a_later_count_allows_and_his_hundred_a_round_jump() -> None:
    findings = {(finding.rule, finding.claims) for finding in accounted("2025-04-24T11:30").findings}
    assert ("W1", ("ambassador-israel-killed-1", "klymenko-killed-2")) in findings
    assert ("W3", ("klymenko-injured-1", "ambassador-israel-injured-1")) in findings
    assert accounted("2025-04-24T11:30").feasible["injured"].lo == 77


def test_what_was_not_yet_published_is_not_yet_known() -> None:
    before = at("2025-04-24T06:05")
    assert before["killed"].best == 2
    assert "ambassador-israel-killed-1" not in at("2025-04-24T08:15")["killed"].claims


def test_the_outlier_is_shown_and_never_the_best() -> None:
    for hour in range(9, 24):
        known = at(f"2025-04-24T{hour:02}:00")
        assert known["killed"].source["en"] != "Embassy of Israel"
        assert known["injured"].best < 101
        assert known["injured"].high is None


def test_the_order_of_arrival_changes_nothing_of_the_real_night() -> None:
    claims = list(the_night().by_id.values())
    expected = at("2025-04-24T11:30")
    for seed in range(20):
        random.Random(seed).shuffle(claims)
        shuffled = Claims({claim.id: claim for claim in claims})
        assert figures(shuffled, datetime.fromisoformat("2025-04-24T11:30+03:00")) == expected


# From here on: any night.

QUICKLY = settings(max_examples=30)


@st.composite
def any_claim(draw: st.DrawFn, number: int = 0) -> Claim:
    interval = draw(
        st.sampled_from(
            [Interval.exactly(n) for n in (6, 8, 9, 12)]
            + [Interval(9, None, 9), Interval(10), Interval(8, 10, 9), Interval(3, 9), Interval(0, 7)]
        )
    )
    as_of = START + timedelta(hours=draw(st.integers(0, 4)))
    published = as_of + timedelta(hours=draw(st.integers(0, 2)))
    return Claim(
        id=f"c-{number}",
        attack="a",
        place="UA80",
        measure=draw(st.sampled_from([Measure.KILLED, Measure.MISSING])),
        as_of=as_of,
        speaker=Speaker(org="Body", org_kind=draw(st.sampled_from(OrgKind))),
        source=Source(published=published),
        origin=draw(st.sampled_from(["ses", "mayor", "newsroom"])),
        status=draw(st.sampled_from([Status.PRELIMINARY, Status.CONFIRMED, Status.REVISED])),
        supersedes=draw(st.sampled_from([(), (), (), ("c-0",), ("c-1",)])) if number > 1 else (),
        lo=interval.lo,
        hi=interval.hi,
        point=interval.point,
    )


@st.composite
def nights(draw: st.DrawFn) -> list[Claim]:
    return [draw(any_claim(number)) for number in range(draw(st.integers(1, 7)))]


def gathered(claims: list[Claim]) -> Claims:
    return Claims({claim.id: claim for claim in claims})


def numbers(known: dict[str, Figure]) -> dict[str, object]:
    return {key: (bounds(one), one.phrase, one.reason, len(one.conflicts), one.as_of) for key, one in known.items()}


@QUICKLY
@given(nights(), st.randoms(use_true_random=False), st.integers(0, 7))
def test_the_order_of_arrival_never_changes_the_figures(night: list[Claim], rng: random.Random, hours: int) -> None:
    when = START + timedelta(hours=hours)
    expected = figures(gathered(night), when)
    rng.shuffle(night)
    assert figures(gathered(night), when) == expected


@QUICKLY
@given(nights())
def test_best_lies_between_low_and_high_and_is_never_an_average(night: list[Claim]) -> None:
    stated = {number for claim in night for number in (claim.lo, claim.point) if number is not None}
    for known in figures(gathered(night), END).values():
        assert known.low <= known.best
        assert known.high is None or known.best <= known.high
        assert known.best in stated


@QUICKLY
@given(nights(), st.data())
def test_a_claim_that_repeats_an_origin_changes_nothing(night: list[Claim], data: st.DataObject) -> None:
    original = data.draw(st.sampled_from(night))
    copy = msgspec.structs.replace(original, id="z-copy")
    assert numbers(figures(gathered([*night, copy]), END)) == numbers(figures(gathered(night), END))


@QUICKLY
@given(nights(), st.data())
def test_a_vaguer_copy_never_widens_a_figure(night: list[Claim], data: st.DataObject) -> None:
    original = data.draw(st.sampled_from([claim for claim in night if not claim.supersedes] or night))
    vaguer = msgspec.structs.replace(original, id="z-copy", lo=0, hi=None, point=None)
    assert numbers(figures(gathered([*night, vaguer]), END)) == numbers(figures(gathered(night), END))


@QUICKLY
@given(nights(), any_claim(99), st.integers(0, 7))
def test_retracting_a_claim_gives_back_the_figures_before_it(night: list[Claim], extra: Claim, hours: int) -> None:
    when = START + timedelta(hours=hours)
    before = gathered(night)
    after = Claims(before.by_id | {extra.id: extra}, {extra.id: "recorded by mistake"})
    assert figures(after, when) == figures(before, when)


@QUICKLY
@given(nights(), st.integers(0, 7))
def test_a_count_that_anybody_stated_never_vanishes_altogether(night: list[Claim], hours: int) -> None:
    when = START + timedelta(hours=hours)
    known = {claim.series.key("UA80") for claim in night if max(claim.as_of, claim.published) <= when}
    moved = {claim.series for claim in night} if any(claim.supersedes for claim in night) else set()
    if len(moved) < 2:
        assert set(figures(gathered(night), when)) == known


@QUICKLY
@given(nights(), st.integers(0, 7))
def test_one_figure_asked_for_alone_is_the_same_as_among_all(night: list[Claim], hours: int) -> None:
    when = START + timedelta(hours=hours)
    known = figures(gathered(night), when)
    for measure in (Measure.KILLED, Measure.MISSING):
        assert figure(night, measure, Stratum(), Scope("UA80"), when) == known.get(measure.value)


def stated(id_: str, hours: float, interval: Interval, kind: OrgKind, **fields: object) -> Claim:
    as_of = START + timedelta(hours=hours)
    claim = Claim(
        id=id_,
        attack="a",
        place="UA80",
        measure=Measure.INJURED,
        as_of=as_of,
        speaker=Speaker(org=id_, org_kind=kind),
        source=Source(published=as_of),
        origin=id_,
        lo=interval.lo,
        hi=interval.hi,
        point=interval.point,
    )
    return msgspec.structs.replace(claim, **fields)


def injured(*claims: Claim) -> Figure:
    return figures(gathered(list(claims)), END)["injured"]


def test_a_bound_gives_way_to_a_number_within_it_and_not_to_one_outside() -> None:
    ministry = stated("ministry", 2, Interval(71), OrgKind.INTERIOR_MINISTRY)
    within = stated("mayor", 1, Interval(70, 80, 75), OrgKind.MAYOR)
    outside = stated("mayor", 3, Interval.exactly(60), OrgKind.MAYOR)
    assert injured(ministry, within).best == 75
    assert injured(ministry, outside).best == 71
    assert len(injured(ministry, outside).conflicts) == 1


def test_a_bound_does_not_give_way_to_a_rumour_within_it() -> None:
    ministry = stated("ministry", 2, Interval(71), OrgKind.INTERIOR_MINISTRY)
    rumour = stated("ambassador", 1, Interval.exactly(110), OrgKind.FOREIGN_OFFICIAL)
    assert injured(ministry, rumour).best == 71


def test_two_corrections_of_one_moment_do_not_remove_each_other() -> None:
    nine, ten = (stated(f"ses-{n}", 1, Interval.exactly(n), OrgKind.EMERGENCY_SERVICE, origin="ses") for n in (9, 10))
    one = msgspec.structs.replace(nine, id="one", supersedes=("ses-9",))
    other = msgspec.structs.replace(nine, id="other", supersedes=("ses-10",))
    assert injured(nine, ten, one, other).claims == ("one", "other")


def test_a_vague_copy_does_not_lend_a_figure_its_status() -> None:
    later = Source(published=START + timedelta(hours=2))
    count = stated("count", 1, Interval(71), OrgKind.EMERGENCY_SERVICE, origin="ses", source=later)
    vague = stated("vague", 1, Interval(0), OrgKind.EMERGENCY_SERVICE, origin="ses", status=Status.CONFIRMED)
    assert injured(count, vague).status is Status.PRELIMINARY


def test_a_rumour_is_the_best_only_when_nobody_else_has_spoken() -> None:
    rumour = stated("ambassador", 2, Interval.exactly(110), OrgKind.FOREIGN_OFFICIAL, status=Status.CONFIRMED)
    service = stated("ses", 1, Interval.exactly(63), OrgKind.EMERGENCY_SERVICE)
    assert injured(rumour).best == 110
    assert injured(rumour, service).best == 63
    assert injured(rumour, service).overtaken == ()


def test_two_claims_of_one_origin_that_exclude_each_other_are_a_conflict_and_the_later_published_counts() -> None:
    first = stated("ses-1", 1, Interval.exactly(63), OrgKind.EMERGENCY_SERVICE, origin="ses")
    later = Source(published=START + timedelta(hours=2))
    second = stated("ses-2", 1, Interval.exactly(61), OrgKind.EMERGENCY_SERVICE, origin="ses", source=later)
    assert injured(first, second).best == 61
    assert [conflict.claims for conflict in injured(first, second).conflicts] == [("ses-1", "ses-2")]


def test_superseding_a_claim_does_not_bring_back_what_its_origin_said_before() -> None:
    early = stated("ses-1", 1, Interval.exactly(2), OrgKind.EMERGENCY_SERVICE, origin="ses")
    late = stated("ses-2", 2, Interval.exactly(9), OrgKind.EMERGENCY_SERVICE, origin="ses")
    ministry = stated("ministry", 3, Interval.exactly(8), OrgKind.INTERIOR_MINISTRY, supersedes=("ses-2",))
    known = injured(early, late, ministry)
    assert (known.low, known.best, known.claims, known.overtaken) == (8, 8, ("ministry",), ())


def test_how_things_are_at_a_moment_is_never_overtaken() -> None:
    old = stated("ses", 1, Interval.exactly(2), OrgKind.EMERGENCY_SERVICE, measure=Measure.MISSING)
    new = stated("mayor", 2, Interval.exactly(5), OrgKind.MAYOR, measure=Measure.MISSING)
    assert len(figures(gathered([old, new]), END)["missing"].conflicts) == 1


@pytest.mark.parametrize(("kind", "best"), [(OrgKind.HEALTH, 44), (OrgKind.HOSPITAL, 44), (OrgKind.MAYOR, 42)])
def test_patients_are_known_to_hospitals_first(kind: OrgKind, best: int) -> None:
    service = stated("ses", 1, Interval.exactly(42), OrgKind.EMERGENCY_SERVICE, measure=Measure.HOSPITALISED)
    other = stated("other", 1, Interval.exactly(44), kind, measure=Measure.HOSPITALISED)
    assert figures(gathered([service, other]), END)["hospitalised"].best == best
