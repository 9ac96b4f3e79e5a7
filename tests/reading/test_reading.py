"""What a text proposes, seen as a whole: spans, attacks, origins, attachments."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reading.coded import coded
from tocsin.domain.casualties import Attachment, Lang, Measure, Status
from tocsin.domain.record.statements import Kind
from tocsin.kernel.errors import Invalid
from tocsin.reading import THIS, ProposedClaim, Reading, read
from tocsin.reading.grammar import LONGEST
from tocsin.reading.proposals import PlaceFact, Precision, Spanned, TimeFact, WeaponFact

PUBLISHED = datetime(2025, 4, 24, 6, tzinfo=UTC)
REPORT = """Nine killed in Russian attack on Kyiv

A large-scale Russian missile and drone attack on Kyiv killed at least nine people and wounded more than 60 overnight, \
Ukrainian officials said on Thursday.

“According to preliminary information, nine people were killed, 63 wounded,” the State Emergency Service said on \
Telegram. It said 42 people were hospitalised, six of them children.

AFP journalists heard loud blasts at around 1 am after air raid sirens sounded.

The service posted photos of fires in apartment blocks and of medics carrying a wounded man on a stretcher.

Strikes on Kyiv are less common than on other cities. Kyiv was last hit by missiles in early April when at least three \
people were wounded.

“Putin shows only a desire to kill,” said Andriy Yermak, the head of Ukraine's presidential office. “The attacks on \
civilians must stop.”

Russia launched 215 missiles and drones, of which 112 were shot down and 68 were lost, the air force said.
"""


def report(text: str = REPORT) -> Reading:
    return read(text, source="AFP", published=PUBLISHED)


def claims(reading: Reading, measure: Measure, attack: str = THIS) -> list[ProposedClaim]:
    return [each for each in reading.claims if each.measure is measure and each.attack == attack]


def spans(reading: Reading) -> list[Spanned]:
    again = [span for claim in reading.claims for span in claim.again]
    return [*reading.claims, *again, *reading.facts, *reading.statements]


def test_a_lead_has_the_origin_of_the_figure_it_rounds() -> None:
    reading = report()
    exact, rounded = sorted(claims(reading, Measure.INJURED), key=lambda claim: claim.lo, reverse=True)
    assert (exact.lo, exact.hi, rounded.lo, rounded.hi) == (63, 63, 61, None)
    assert exact.origin == rounded.origin == "ses"
    assert rounded.quoted_by == ("afp",)
    assert {each.origin for each in claims(reading, Measure.KILLED)} == {"ses"}


def test_an_earlier_attack_is_kept_apart_from_the_one_reported() -> None:
    reading = report()
    assert [(each.id, each.day) for each in reading.attacks] == [
        (THIS, date(2025, 4, 24)),
        ("earlier-1", date(2025, 4, 1)),
    ]
    (wounded,) = claims(reading, Measure.INJURED, "earlier-1")
    assert (wounded.lo, wounded.hi) == (3, None)
    (when,) = [fact for fact in reading.facts if isinstance(fact, TimeFact) and fact.attack == "earlier-1"]
    assert when.precision is Precision.PART_OF_MONTH


def test_preliminary_is_a_status_and_moves_no_bound() -> None:
    exact = max(claims(report(), Measure.INJURED), key=lambda claim: claim.lo)
    assert exact.status is Status.PRELIMINARY
    assert read("Confirmed: nine people were killed.").claims[0].status is Status.CONFIRMED


def test_children_belong_to_those_in_hospital_when_a_pronoun_says_so() -> None:
    in_hospital, children = claims(report(), Measure.HOSPITALISED)
    assert children.part_of is not None
    assert (children.part_of.claim, children.part_of.attachment) == (in_hospital.id, Attachment.EXPLICIT)


def test_children_after_a_list_belong_to_either_of_its_last_two() -> None:
    wounded, in_hospital, children = read("63 wounded, 42 in hospital, including six children.").claims
    assert children.part_of is not None
    assert children.part_of.attachment is Attachment.AMBIGUOUS
    assert (children.part_of.claim, children.part_of.alternative) == (in_hospital.id, wounded.id)


def test_parts_that_sum_up_to_the_whole_are_all_of_it() -> None:
    whole, *parts = read("31 people remain in hospital: 26 adults and five children.").claims
    for part in parts:
        assert part.part_of is not None
        assert part.part_of.claim == whole.id
        assert part.part_of.partition


def test_one_agency_quoted_twice_is_one_origin_and_one_claim() -> None:
    (claim,) = read(
        "Nine people were killed, the SES said.\n\nThe State Emergency Service said nine people died."
    ).claims
    assert claim.origin == "ses"
    assert len(claim.again) == 1


def test_whoever_is_cited_is_the_origin() -> None:
    (claim,) = read("Sixteen people were wounded, Ukrinform reported, citing the State Emergency Service.").claims
    assert claim.origin == "ses"
    assert "newsroom" in claim.quoted_by


def test_weapons_are_counted_by_what_became_of_them() -> None:
    counted = [fact for fact in report().facts if isinstance(fact, WeaponFact) and fact.count]
    assert [(fact.count.lo, fact.fate) for fact in counted if fact.count] == [
        (215, "launched"),
        (112, "intercepted"),
        (68, "lost"),
    ]


def test_a_quotation_goes_on_after_its_speaker_is_named() -> None:
    said = [each for each in report().statements if each.speaker.person == "Andriy Yermak"]
    assert [(each.type, each.quote) for each in said] == [
        (Kind.REPORT, "Putin shows only a desire to kill,"),
        (Kind.DEMAND, "The attacks on civilians must stop."),
    ]


def test_a_wounded_man_in_a_photograph_is_no_figure() -> None:
    assert all(claim.sex.value == "all" for claim in report().claims)


def test_the_time_of_a_figure_is_the_one_it_was_true_for() -> None:
    (claim,) = read("Станом на 08:30 загинули 9 людей.", published=PUBLISHED).claims
    assert claim.as_of is not None
    assert claim.as_of.isoformat() == "2025-04-24T08:30:00+03:00"


def test_a_rising_toll_names_what_it_was() -> None:
    (claim,) = read("Кількість загиблих зросла з 9 до 12.").claims
    assert (claim.lo, claim.hi) == (12, 12)
    assert claim.previous is not None
    assert claim.previous.point == 9


def test_a_report_without_a_time_of_publication_still_knows_early_april_as_another_attack() -> None:
    text = "Nine people were killed. Kyiv was hit in early April when three people were wounded."
    assert [claim.attack for claim in read(text).claims] == [THIS, "earlier-1"]


def test_places_are_named_in_one_way_for_both_languages() -> None:
    for text in ("A fire broke out in Kharkiv.", "У Харкові сталася пожежа."):
        assert [fact.name for fact in read(text).facts if isinstance(fact, PlaceFact)] == ["Kharkiv"]


def test_a_text_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid):
        read("a" * (LONGEST + 1))


WORDS = st.sampled_from(
    [word for lang in Lang for each in coded(lang) for word in each.text.split()]
    + ["\n", "\n\n", "«", "»", "“", "”", '"', ":", ";", "—", "\u00a0", "🔴", "\u0301", "١٢", "²", "a.m.", "1,000,000"]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(WORDS, max_size=60).map(" ".join), st.text(max_size=300)), st.sampled_from([*Lang, None]))
def test_whatever_the_text_every_span_is_its_words(text: str, lang: Lang | None) -> None:
    reading = read(text, lang=lang, published=PUBLISHED)
    for span in spans(reading):
        assert text[span.start : span.end] == span.quote
        assert span.quote
    known = {claim.id for claim in reading.claims}
    assert all(claim.part_of.claim in known for claim in reading.claims if claim.part_of)


@pytest.mark.parametrize(
    "unit",
    [
        "9 ",
        "nine killed, ",
        "including ",
        "1,000",
        "((",
        "“",
        '" ',
        "a-",
        "за даними ",
        "of them ",
        "killed ",
        "\n- 5",
        "і ",
    ],
)
def test_four_times_the_text_takes_about_four_times_the_steps(unit: str) -> None:
    """Counted, not timed: function calls; eight times would be on the way to the square."""
    assert _calls(unit * 1200) < 8 * _calls(unit * 300)


def _calls(text: str) -> int:
    import cProfile
    import pstats

    profile = cProfile.Profile()
    profile.runcall(read, text, published=PUBLISHED)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]
