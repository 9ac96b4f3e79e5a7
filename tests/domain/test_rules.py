"""The rules of docs/methodology.md, one by one: what each finds, whom it names, and what it leaves alone."""

import random
from datetime import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.casualties import CITY, at, gathered, said

from tocsin.domain.casualties import (
    Age,
    Attachment,
    Claim,
    Claims,
    Counted,
    Finding,
    Interval,
    Known,
    Measure,
    OrgKind,
    PartOf,
    Reason,
    Role,
    Scope,
    Sem,
    Series,
    Setting,
    Sex,
    Source,
    Span,
    Status,
    Stratum,
    account,
)
from tocsin.domain.casualties.bounds import Bounds
from tocsin.domain.casualties.findings import find_clashes
from tocsin.domain.casualties.sums import stated, sums

KILLED, INJURED, HOSPITAL = Measure.KILLED, Measure.INJURED, Measure.HOSPITALISED
MAYOR, NEWSROOM = OrgKind.MAYOR, OrgKind.NEWSROOM
LATE = at(100)


def known(*claims: Claim, when: datetime = LATE, **setting: Any) -> Known:  # noqa: ANN401 - fields of a setting
    return account(gathered(*claims), when, setting=Setting(**setting))


def found(rule: str, *claims: Claim, **setting: Any) -> list[tuple[str, ...]]:  # noqa: ANN401
    """The claims that a rule names, and a check that it has words for them in both languages."""
    findings = [each for each in known(*claims, **setting).findings if rule in each.rule.split("+")]
    for each in findings:
        assert each.why["en"]
        assert each.why["uk"] != each.why["en"]
    return [each.claims for each in findings]


def test_e1_bounds_that_no_count_can_have_cannot_even_be_said() -> None:
    for lo, hi, point in ((-1, None, None), (5, 4, None), (5, 9, 4), (5, 9, 10)):
        with pytest.raises(ValueError, match="E1"):
            Interval(lo, hi, point)


@pytest.mark.parametrize("measure", Measure)
def test_e2_children_never_exceed_the_total_of_any_measure(measure: Measure) -> None:
    whole, part = said("all", measure, 5), said("young", measure, 6, age=Age.CHILD)
    assert found("E2", whole, part) == [("all", "young")]
    assert found("E2", said("all", measure, 6), part) == []


def test_e2_strata_with_the_unknown_among_them_never_sum_to_more_than_the_total() -> None:
    parts = [
        said("women", KILLED, 60, sex=Sex.FEMALE),
        said("men", KILLED, 98, sex=Sex.MALE),
        said("unknown", KILLED, 358, sex=Sex.UNKNOWN),
    ]
    assert found("E2", *parts, said("all", KILLED, 516)) == []
    assert found("E2", *parts, said("all", KILLED, 515)) == [("all", "men", "unknown", "women")]
    assert known(*parts).implied["killed"].lo == 516
    roles = [said("civil", KILLED, 5, role=Role.CIVILIAN), said("open", KILLED, 3, role=Role.UNKNOWN)]
    assert found("E2", *roles, said("all", KILLED, 7)) == [("all", "civil", "open")]


def test_e2_a_declared_partition_is_all_of_the_whole() -> None:
    part = PartOf(claim="all", partition=True)
    here: dict[str, Any] = {"sem": Sem.CURRENT}
    adults = said("adults", HOSPITAL, 26, age=Age.ADULT, part_of=part, **here)
    children = said("children", HOSPITAL, 5, age=Age.CHILD, part_of=part, **here)
    assert found("E2", adults, children, said("all", HOSPITAL, 31, **here)) == []
    assert found("E2", adults, children, said("all", HOSPITAL, 32, **here)) == [("adults", "all", "children")]
    loose = [msgspec.structs.replace(each, part_of=PartOf(claim="all")) for each in (adults, children)]
    assert found("E2", *loose, said("all", HOSPITAL, 32, **here)) == []


def test_e3_treated_at_the_scene_and_taken_to_hospital_are_among_the_wounded() -> None:
    care = [said("hospital", HOSPITAL, 35), said("scene", Measure.TREATED_ON_SCENE, 15)]
    assert found("E3", *care, said("wounded", INJURED, 50)) == []
    assert found("E3", *care, said("wounded", INJURED, 49)) == [("hospital", "scene", "wounded")]
    assert known(*care).implied["injured"].lo == 50
    assert known(*care, said("wounded", INJURED, Interval(40, 60))).feasible["injured"].lo == 50


def test_e3_a_later_count_of_patients_does_not_contradict_an_earlier_one_of_wounded() -> None:
    early = said("wounded", INJURED, 31, hours=1)
    assert found("E3", early, said("hospital", HOSPITAL, 44, hours=2)) == []
    assert found("E3", early, said("hospital", HOSPITAL, 44, hours=0.5)) == [("hospital", "wounded")]


def test_e4_bounds_pass_both_ways_between_a_part_and_its_whole() -> None:
    trapped = said("trapped", Measure.TRAPPED, Interval(4, 9), part_of=PartOf(claim="missing"))
    missing = said("missing", Measure.MISSING, Interval(0, 7))
    feasible = known(trapped, missing).feasible
    assert (feasible["missing"].lo, feasible["trapped"].hi) == (4, 7)
    assert feasible["missing"].rules == ("E4",)
    assert found("E4", trapped, said("missing", Measure.MISSING, 3)) == [("missing", "trapped")]
    inferred = PartOf(claim="missing", attachment=Attachment.INFERRED)
    assert known(msgspec.structs.replace(trapped, part_of=inferred), missing).feasible["missing"].lo == 4


def test_e5_disjoint_sites_are_within_the_city_within_the_oblast_within_the_nation() -> None:
    around = {"RAION": ("CITY", "OBLAST", "UA"), "CITY": ("OBLAST", "UA"), "OBLAST": ("UA",)}
    sites = [said("house", INJURED, 87, place="CITY", site="C-1"), said("yard", INJURED, 3, place="CITY", site="C-2")]
    city = said("city", INJURED, 90, place="CITY")
    assert found("E5", *sites, city, around=around) == []
    assert found("E5", *sites, said("city", INJURED, 89, place="CITY"), around=around) == [("city", "house", "yard")]
    assert found("E5", *sites, said("nation", INJURED, 89, place="UA"), around=around) == [("house", "nation", "yard")]
    other = said("other", INJURED, 5, place="TOWN")
    beside = around | {"TOWN": ("OBLAST", "UA")}
    assert (
        known(*sites, other, said("o", INJURED, Interval(1), place="OBLAST"), around=beside)
        .feasible["injured@OBLAST"]
        .lo
        == 95
    )


def test_e6_a_count_that_grows_goes_down_only_as_a_revision_with_a_reason() -> None:
    nine, eight = said("nine", KILLED, 9, hours=1), said("eight", KILLED, 8, hours=2)
    assert found("E6", nine, eight) == [("nine", "eight")]
    revised = msgspec.structs.replace(eight, status=Status.REVISED, reason=Reason.REMAINS_UNDER_EXAMINATION)
    assert found("E6", nine, revised) == []


def test_e6_what_happened_in_one_period_is_within_what_happened_to_date() -> None:
    period = said("night", KILLED, 5, hours=3, span=Span.PER_PERIOD, since=at(1))
    assert found("E6", period, said("all", KILLED, 4, hours=3)) == [("all", "night")]
    assert found("E6", period, said("all", KILLED, 4, hours=2)) == []
    assert known(period).implied["killed"].lo == 5


def test_e7_whoever_dies_in_hospital_is_killed_and_stays_wounded_and_admitted() -> None:
    died = said("died", Measure.DIED_IN_HOSPITAL, 1, hours=5)
    implied = known(died).implied
    assert {key: implied[key].lo for key in ("killed", "injured", "hospitalised")} == {
        "killed": 1,
        "injured": 1,
        "hospitalised": 1,
    }
    assert found("E7", died, said("killed", KILLED, 0, hours=6)) == [("died", "killed")]
    now = said("now", INJURED, 90, hours=5, sem=Sem.CURRENT)
    assert found("E7", died, now, said("ever", INJURED, 90, hours=5)) == [("died", "ever", "now")]
    assert found("E7", died, now, said("ever", INJURED, 91, hours=5)) == []


def test_e7_taking_the_dead_out_of_the_wounded_is_noticed() -> None:
    before = [said("k1", KILLED, 12, hours=1), said("i1", INJURED, 90, hours=1)]
    why: dict[str, Any] = {"status": Status.REVISED, "reason": Reason.DOUBLE_COUNT}
    after = [said("k2", KILLED, 13, hours=2), said("i2", INJURED, 89, hours=2, **why)]
    assert found("E7", *before, *after) == [("i1", "i2", "k1", "k2")]
    assert found("E7", *before, after[0], said("i2", INJURED, 90, hours=2)) == []


def test_e8_admitted_are_those_there_now_those_discharged_and_those_who_died() -> None:
    left = [said("home", Measure.DISCHARGED, 10), said("died", Measure.DIED_IN_HOSPITAL, 1)]
    now = said("now", HOSPITAL, 31, sem=Sem.CURRENT)
    assert found("E8", now, *left, said("ever", HOSPITAL, 42)) == []
    assert found("E8", now, *left, said("ever", HOSPITAL, 41)) == [("died", "ever", "home", "now")]
    assert found("E8", now, *left, said("ever", HOSPITAL, 43)) == [("died", "ever", "home", "now")]
    assert known(now, *left).implied["hospitalised"].lo == 42
    later = said("now", HOSPITAL, 50, hours=9, sem=Sem.CURRENT)
    assert found("E8", later, said("ever", HOSPITAL, 44, hours=1)) == []


def test_e9_fewer_missing_than_were_found_is_a_warning() -> None:
    missing = [said("m1", Measure.MISSING, 8, hours=1), said("m2", Measure.MISSING, 3, hours=5)]
    dead = [said("k1", KILLED, 9, hours=1), said("k2", KILLED, 12, hours=5)]
    alive = said("r", Measure.RESCUED_ALIVE, 2, hours=4)
    assert found("E9", *missing, *dead) == [("m1", "m2", "k2")]
    assert found("E9", *missing, *dead, alive) == []


def test_e10_what_a_worksite_reports_binds_what_is_claimed() -> None:
    def tally(measure: Measure, lo: int, hi: int | None) -> Counted:
        return Counted("worksite C-1", "E10", Series(measure, Stratum(), Scope(CITY, "C-1")), lo, hi, at(3))

    dead, alive = tally(KILLED, 9, None), tally(Measure.RESCUED_ALIVE, 4, 4)
    assert found("E10", said("k", KILLED, 8, hours=3), counted=(dead,)) == [("k", "worksite C-1")]
    assert found("E10", said("k", KILLED, 9, hours=3), counted=(dead,)) == []
    rescued = said("r", Measure.RESCUED_ALIVE, 5, hours=2, site="C-1")
    assert found("E10", rescued, counted=(alive,)) == [("r", "worksite C-1")]
    assert known(said("k", KILLED, Interval(0), hours=3), counted=(dead,)).feasible["killed"].lo == 9


def test_e11_nothing_is_true_for_a_moment_before_the_attack_or_after_its_publication() -> None:
    assert found("E11", said("early", KILLED, 1, hours=1), start=at(2)) == [("early",)]
    assert found("E11", said("fine", KILLED, 1, hours=2), start=at(2)) == []
    assert found("E11", said("fine", KILLED, 1, hours=2)) == []
    late = said("late", KILLED, 1, hours=2, source=Source(published=at(1)))
    assert found("E11", late) == [("late",)]


def test_e12_a_confirmed_claim_has_its_document_and_its_words() -> None:
    bare = Source(published=at(1))
    assert found("E12", said("a", KILLED, 1, status=Status.CONFIRMED, source=bare)) == [("a",)]
    assert found("E12", said("a", KILLED, 1, status=Status.CONFIRMED)) == []
    assert found("E12", said("a", KILLED, 1, source=bare)) == []


def test_w1_more_killed_than_somebody_who_counted_later_allows() -> None:
    rumour = said("rumour", KILLED, 10, hours=1, kind=OrgKind.FOREIGN_OFFICIAL)
    service = said("service", KILLED, 8, hours=2)
    assert found("W1", rumour, service) == [("rumour", "service")]
    assert found("W1", rumour, said("service", KILLED, 10, hours=2)) == []
    assert found("D1", rumour, service) == [("rumour", "service")]


def test_w2_one_number_for_two_things_in_one_document() -> None:
    page = Source(published=at(1), url="https://example.org/one", quote="63 … 63")
    shelters = said("a", Measure.EVACUATED, 63, source=page)
    assert found("W2", shelters, said("b", INJURED, 63, source=page)) == [("a", "b")]
    assert found("W2", shelters, said("b", INJURED, 63)) == []
    assert found("W2", said("a", KILLED, 6, source=page), said("b", Measure.MISSING, 6, source=page)) == []


def test_w3_a_round_number_far_above_the_last_count() -> None:
    first = said("first", INJURED, 71, hours=1)
    jump = said("jump", INJURED, Interval(101), hours=2, kind=OrgKind.FOREIGN_OFFICIAL)
    assert found("W3", first, jump) == [("first", "jump")]
    assert found("W3", first, said("next", INJURED, 80, hours=2)) == []
    assert found("W3", first, said("next", INJURED, 103, hours=2)) == []
    assert found("W3", first, jump, said("service", INJURED, 104, hours=3)) == []


def test_w4_as_many_in_hospital_as_wounded() -> None:
    assert found("W4", said("a", INJURED, 12), said("b", HOSPITAL, 12)) == [("a", "b")]
    assert found("W4", said("a", INJURED, 13), said("b", HOSPITAL, 12)) == []
    assert found("W4", said("a", INJURED, 1), said("b", HOSPITAL, 1)) == []


def test_w5_of_an_ambiguous_claim_only_what_every_reading_implies_is_derived() -> None:
    wounded, patients = said("i", INJURED, 63), said("h", HOSPITAL, 42)
    six = said("six", INJURED, 6, age=Age.CHILD, part_of=PartOf(claim="i", attachment=Attachment.AMBIGUOUS))
    night = known(wounded, patients, six)
    assert night.readings == {"six": ("injured:child", "hospitalised:child")}
    assert (night.feasible["injured:child"].lo, night.feasible["injured:child"].hi) == (6, 63)
    assert "hospitalised:child" not in night.implied
    assert found("W5", wounded, patients, six) == [("six",)]
    seven = said("seven", HOSPITAL, 7, age=Age.CHILD)
    assert found("W5", wounded, patients, six, seven) == [("six",)]
    assert [each.rule for each in known(wounded, patients, six, seven).findings if each.severity == "error"] == []


def test_w5_readings_that_do_not_lie_within_each_other_imply_nothing() -> None:
    dead, wounded = said("k", KILLED, 9), said("i", INJURED, 63)
    part = PartOf(claim="k", alternative="i", attachment=Attachment.AMBIGUOUS)
    six = said("six", INJURED, 6, age=Age.CHILD, part_of=part)
    night = known(dead, wounded, six)
    assert night.readings["six"] == ("injured:child", "killed:child")
    assert night.feasible["injured:child"].lo == 0


def test_the_smallest_set_is_named_and_what_has_no_part_in_it_is_not() -> None:
    claims = [
        said("wounded", INJURED, 49),
        said("hospital", HOSPITAL, 35),
        said("scene", Measure.TREATED_ON_SCENE, 15),
        said("children", HOSPITAL, 6, age=Age.CHILD),
        said("killed", KILLED, 9),
    ]
    assert [each.claims for each in known(*claims).findings if each.severity == "error"] == [
        ("hospital", "scene", "wounded")
    ]
    for index in range(3):
        assert not [e for e in known(*claims[:index], *claims[index + 1 :]).findings if e.severity == "error"]


def test_a_difference_of_definition_is_told_with_the_clash() -> None:
    stress = said("hospital", HOSPITAL, 60, definition_note="includes acute stress")
    [finding] = [e for e in known(stress, said("wounded", INJURED, 50, kind=MAYOR)).findings if e.rule == "E3"]
    assert "includes acute stress" in finding.why["en"]


def test_nothing_is_derived_from_a_rumour_while_a_body_that_counts_has_spoken() -> None:
    rumour = said("rumour", HOSPITAL, 120, kind=NEWSROOM, hours=3)
    count = said("count", HOSPITAL, 42, hours=1)
    wounded = said("wounded", INJURED, 63, hours=3)
    night = known(rumour, count, wounded)
    assert night.feasible["injured"].lo == 63
    assert [each.claims for each in night.findings if each.rule == "E3"] == [("rumour", "wounded")]


# From here on: any claims at all.

MEASURES = (KILLED, INJURED, HOSPITAL, Measure.TREATED_ON_SCENE, Measure.DIED_IN_HOSPITAL, Measure.MISSING)


@st.composite
def any_claims(draw: st.DrawFn) -> list[Claim]:
    def one(number: int) -> Claim:
        lo = draw(st.integers(0, 12))
        hi = draw(st.sampled_from([None, lo, lo + 3]))
        return said(
            f"c-{number}",
            draw(st.sampled_from(MEASURES)),
            Interval(lo, hi),
            hours=draw(st.integers(1, 3)),
            kind=draw(st.sampled_from([OrgKind.EMERGENCY_SERVICE, MAYOR, NEWSROOM])),
            age=draw(st.sampled_from([Age.ALL, Age.CHILD, Age.UNKNOWN])),
            site=draw(st.sampled_from(["", "", "C-1", "C-2"])),
            sem=draw(st.sampled_from([None, None, Sem.CURRENT])),
        )

    return [one(number) for number in range(draw(st.integers(1, 8)))]


def ranges(claims: list[Claim]) -> dict[tuple[Series, float], tuple[int, float]]:
    """Every count's bounds at every moment that matters."""
    bounds = Bounds(stated(claims), sums(claims, {}))
    moments = [at(hours / 2).timestamp() for hours in range(8)]
    found = {}
    for series in bounds.series():
        for moment in moments:
            lower, upper = bounds.at(series, moment)
            found[series, moment] = (lower.value, float("inf") if upper is None else upper.value)
    return found


@settings(max_examples=40)
@given(any_claims(), st.randoms(use_true_random=False))
def test_the_order_of_claims_changes_neither_bounds_nor_clashes(claims: list[Claim], rng: random.Random) -> None:
    bounds, clashes = ranges(claims), find_clashes(claims, {})[1]
    rng.shuffle(claims)
    assert ranges(claims) == bounds
    assert find_clashes(claims, {})[1] == clashes


@settings(max_examples=40)
@given(any_claims())
def test_saying_everything_twice_says_nothing_new(claims: list[Claim]) -> None:
    again = [msgspec.structs.replace(claim, id=f"{claim.id}-again") for claim in claims]
    assert ranges([*claims, *again]) == ranges(claims)


@settings(max_examples=40)
@given(any_claims())
def test_another_claim_never_widens_what_is_feasible(claims: list[Claim]) -> None:
    before, after = ranges(claims[:-1]), ranges(claims)
    for key, (lo, hi) in before.items():
        new_lo, new_hi = after[key]
        assert new_lo >= lo
        assert new_hi <= hi


@settings(max_examples=40)
@given(any_claims())
def test_retracting_a_claim_undoes_it(claims: list[Claim]) -> None:
    *rest, last = claims
    taken_back = Claims({claim.id: claim for claim in claims}, {last.id: "recorded by mistake"})
    assert account(taken_back, LATE, place=CITY) == account(gathered(*rest), LATE, place=CITY)


@settings(max_examples=40)
@given(any_claims())
def test_every_named_set_is_smallest(claims: list[Claim]) -> None:
    def clashes(left: list[Claim]) -> list[Finding]:
        return find_clashes(left, {})[1]

    by_id = {claim.id: claim for claim in claims}
    for finding in clashes(claims):
        together = [by_id[id_] for id_ in finding.claims]
        assert clashes(together)
        for one in together:
            assert not clashes([claim for claim in together if claim is not one])


@settings(max_examples=40)
@given(any_claims(), st.integers(0, 12))
def test_bounds_hold_every_count_that_the_claims_allow(claims: list[Claim], children: int) -> None:
    """An oracle by enumeration: whole and children of one measure, all claims of one moment."""
    same = [
        msgspec.structs.replace(claim, measure=KILLED, site="", sem=None, as_of=at(1))
        for claim in claims
        if claim.age in (Age.ALL, Age.CHILD)
    ]
    possible = [
        (whole, part)
        for whole in range(30)
        for part in range(whole + 1)
        if all(claim.interval.holds(part if claim.age is Age.CHILD else whole) for claim in same)
    ]
    bounds = Bounds(stated(same), sums(same, {}))
    for index, age in enumerate((Age.ALL, Age.CHILD)):
        series = Series(KILLED, Stratum(age), Scope(CITY))
        lower, upper = bounds.at(series, at(1).timestamp())
        for counts in possible:
            assert lower.value <= counts[index]
            assert upper is None or counts[index] <= upper.value
        if possible:
            assert lower.value == min(counts[index] for counts in possible)
