"""START and JumpSTART, branch by branch, against the published flow charts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.domain.response.patients import Category, Findings, Response, Scheme, jumpstart, start, triage
from tocsin.kernel.errors import Invalid

RED, YELLOW, GREEN, BLACK = Category.RED, Category.YELLOW, Category.GREEN, Category.BLACK
LIES = Findings(walks=False, breathing=True)


def found(**more: object) -> Findings:
    return Findings(**{"walks": False, "breathing": True, **more})  # type: ignore[arg-type]


START = [
    ("walks", found(walks=True), GREEN),
    ("breathes once the airway is open", found(breathing=False, breathes_after_airway=True), RED),
    ("does not breathe", found(breathing=False, breathes_after_airway=False), BLACK),
    ("31 breaths", found(respiratory_rate=31), RED),
    ("30 breaths, no radial pulse", found(respiratory_rate=30, radial_pulse=False), RED),
    ("refill over 2 s", found(respiratory_rate=30, capillary_refill_s=2.1), RED),
    ("pulse, but refill over 2 s", found(respiratory_rate=20, radial_pulse=True, capillary_refill_s=3), RED),
    ("does not obey", found(respiratory_rate=30, radial_pulse=True, obeys=False), RED),
    ("refill of 2 s, obeys", found(respiratory_rate=30, capillary_refill_s=2.0, obeys=True), YELLOW),
    ("pulse, obeys", found(respiratory_rate=12, radial_pulse=True, obeys=True), YELLOW),
]


@pytest.mark.parametrize(("what", "findings", "category"), START, ids=[row[0] for row in START])
def test_start_goes_every_way_of_the_published_chart(what: str, findings: Findings, category: Category) -> None:
    assert start(findings) is category
    assert triage(Scheme.START, findings) is category


NO_BREATH = {"breathing": False, "breathes_after_airway": False}
CHILD = [
    ("walks", found(walks=True), GREEN),
    ("breathes once the airway is open", found(breathing=False, breathes_after_airway=True), RED),
    ("apnoeic without a pulse", found(**NO_BREATH, pulse=False), BLACK),
    ("five breaths help", found(**NO_BREATH, pulse=True, breathes_after_rescue_breaths=True), RED),
    ("five breaths do not help", found(**NO_BREATH, pulse=True, breathes_after_rescue_breaths=False), BLACK),
    ("14 breaths", found(respiratory_rate=14), RED),
    ("46 breaths", found(respiratory_rate=46), RED),
    ("no pulse", found(respiratory_rate=15, pulse=False), RED),
    ("alert", found(respiratory_rate=15, pulse=True, response=Response.ALERT), YELLOW),
    ("voice", found(respiratory_rate=45, pulse=True, response=Response.VOICE), YELLOW),
    ("pain, appropriate", found(respiratory_rate=30, pulse=True, response=Response.PAIN_APPROPRIATE), YELLOW),
    ("posturing", found(respiratory_rate=30, pulse=True, response=Response.PAIN_INAPPROPRIATE), RED),
    ("unresponsive", found(respiratory_rate=30, pulse=True, response=Response.UNRESPONSIVE), RED),
]


@pytest.mark.parametrize(("what", "findings", "category"), CHILD, ids=[row[0] for row in CHILD])
def test_jumpstart_goes_every_way_of_the_published_chart(what: str, findings: Findings, category: Category) -> None:
    assert jumpstart(findings) is category
    assert triage(Scheme.JUMPSTART, findings) is category


@pytest.mark.parametrize(
    ("scheme", "findings", "field"),
    [
        (Scheme.START, Findings(walks=False), "breathing"),
        (Scheme.START, Findings(walks=False, breathing=False), "breathes_after_airway"),
        (Scheme.START, LIES, "respiratory_rate"),
        (Scheme.START, found(respiratory_rate=20), "radial_pulse"),
        (Scheme.START, found(respiratory_rate=20, radial_pulse=True), "obeys"),
        (Scheme.JUMPSTART, Findings(walks=False), "breathing"),
        (Scheme.JUMPSTART, found(**NO_BREATH), "pulse"),
        (Scheme.JUMPSTART, found(**NO_BREATH, pulse=True), "breathes_after_rescue_breaths"),
        (Scheme.JUMPSTART, LIES, "respiratory_rate"),
        (Scheme.JUMPSTART, found(respiratory_rate=20), "pulse"),
        (Scheme.JUMPSTART, found(respiratory_rate=20, pulse=True), "response"),
    ],
)
def test_a_question_that_nobody_answered_is_named_not_guessed(scheme: Scheme, findings: Findings, field: str) -> None:
    with pytest.raises(Invalid) as error:
        triage(scheme, findings)
    assert error.value.where == f"findings.{field}"


maybe = st.none() | st.booleans()


@given(
    st.sampled_from(Scheme),
    st.builds(
        Findings,
        walks=st.booleans(),
        breathing=maybe,
        breathes_after_airway=maybe,
        pulse=maybe,
        breathes_after_rescue_breaths=maybe,
        respiratory_rate=st.none() | st.integers(0, 60),
        radial_pulse=maybe,
        capillary_refill_s=st.none() | st.floats(0, 5),
        obeys=maybe,
        response=st.none() | st.sampled_from(Response),
    ),
)
def test_whoever_breathes_is_not_black_and_whoever_does_not_is_neither_yellow_nor_green(
    scheme: Scheme, findings: Findings
) -> None:
    try:
        category = triage(scheme, findings)
    except Invalid:
        return
    if findings.walks:
        assert category is GREEN
    elif findings.breathing:
        assert category in (RED, YELLOW)
    else:
        assert category in (RED, BLACK)
