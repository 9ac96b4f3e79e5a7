"""What a claim must keep before it is recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tocsin.domain.casualties import (
    CLAIMS,
    Attachment,
    Claim,
    ClaimRecorded,
    Claims,
    Lang,
    Measure,
    OrgKind,
    PartOf,
    Reason,
    RecordClaim,
    RetractClaim,
    Sem,
    Source,
    Speaker,
    Status,
)
from tocsin.domain.subject import Context, Gazetteer
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Actor, Commands, Events

KYIV = "UA80000000000093317"
DAWN = datetime(2025, 4, 24, 3, 6, tzinfo=UTC)
CONTEXT = Context(DAWN, Actor("anna", "analyst"), Gazetteer(areas=frozenset({KYIV})), {})
POST = Source(published=DAWN, channel="dsns", message_id="17", quote="загинули 9 людей")


def claim(hours: float = 0, **fields: Any) -> RecordClaim:  # noqa: ANN401 - fields of the command
    at = DAWN + timedelta(hours=hours)
    defaults: dict[str, Any] = {
        "attack": "kyiv-2025-04-24",
        "place": KYIV,
        "measure": Measure.KILLED,
        "as_of": at,
        "speaker": Speaker(org="State Emergency Service", org_kind=OrgKind.EMERGENCY_SERVICE),
        "source": msgspec.structs.replace(POST, published=at),
        "origin": "ses",
    }
    return RecordClaim(**defaults | fields)


def record(*commands: RecordClaim | RetractClaim, claims: Claims | None = None) -> Claims:
    claims = CLAIMS.blank if claims is None else claims
    for command in commands:
        for event in CLAIMS.decide(claims, command, CONTEXT):
            claims = CLAIMS.evolve(claims, event)
    return claims


def only(claims: Claims) -> Claim:
    [one] = claims.by_id.values()
    return one


def test_a_phrase_becomes_bounds_and_the_claim_gets_a_readable_id() -> None:
    recorded = only(record(claim(phrase="at least nine", lang=Lang.EN)))
    assert (recorded.lo, recorded.hi, recorded.point) == (9, None, 9)
    assert recorded.id == "ses-killed-1"


def test_the_next_claim_of_an_origin_gets_the_next_number() -> None:
    claims = record(claim(lo=9, hi=9), claim(1, lo=9, hi=9))
    assert list(claims.by_id) == ["ses-killed-1", "ses-killed-2"]


def test_bounds_alone_are_enough_and_bounds_that_agree_with_the_phrase_are_taken() -> None:
    assert only(record(claim(lo=9))).hi is None
    assert only(record(claim(phrase="понад 60", lang=Lang.UK, lo=61))).lo == 61


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({}, "phrase"),
        ({"hi": 9}, "lo"),
        ({"lo": 9, "hi": 8}, "lo"),
        ({"lo": 9, "point": 8}, "lo"),
        ({"phrase": "nine"}, "lang"),
        ({"phrase": "lots", "lang": Lang.EN}, "phrase"),
        ({"phrase": "nine", "lang": Lang.EN, "lo": 9}, "phrase"),
        ({"lo": 9, "status": Status.RETRACTED}, "status"),
        ({"phrase": "preliminarily nine", "lang": Lang.EN, "status": Status.CONFIRMED}, "status"),
        ({"lo": 9, "reason": Reason.DOUBLE_COUNT}, "reason"),
        ({"lo": 9, "as_of": DAWN + timedelta(minutes=1)}, "source.published"),
        ({"lo": 9, "place": "UA00"}, "place"),
        ({"lo": 9, "supersedes": ("ses-killed-7",)}, "supersedes[0]"),
        ({"lo": 9, "part_of": PartOf(claim="ses-injured-1")}, "part_of.claim"),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused_naming_the_field(fields: dict[str, Any], where: str) -> None:
    with pytest.raises(Invalid) as caught:
        record(claim(**fields))
    assert caught.value.where == where


def test_an_id_is_used_once_even_after_its_claim_was_retracted() -> None:
    claims = record(claim(claim="a", lo=9), RetractClaim(attack="kyiv-2025-04-24", claim="a", reason="typing error"))
    with pytest.raises(Refused, match="already"):
        record(claim(claim="a", lo=9), claims=claims)


@pytest.mark.parametrize("source", [{"quote": ""}, {"channel": ""}, {"message_id": ""}])
def test_a_confirmed_claim_needs_its_document_and_its_words(source: dict[str, str]) -> None:
    record(claim(lo=9, status=Status.CONFIRMED))
    with pytest.raises(Refused, match="E12"):
        record(claim(lo=9, status=Status.CONFIRMED, source=msgspec.structs.replace(POST, **source)))


def test_a_count_of_one_origin_does_not_silently_go_down() -> None:
    claims = record(claim(lo=9, hi=9))
    with pytest.raises(Refused, match="E6"):
        record(claim(5, lo=8, hi=8), claims=claims)
    with pytest.raises(Refused, match="E6"):
        record(claim(5, lo=8, hi=8, status=Status.REVISED), claims=claims)
    record(claim(5, lo=8, hi=8, status=Status.REVISED, reason=Reason.DOUBLE_COUNT), claims=claims)


def test_the_same_rule_holds_when_the_older_claim_arrives_last() -> None:
    claims = record(claim(5, lo=8, hi=8))
    with pytest.raises(Refused, match="E6"):
        record(claim(lo=9, hi=9), claims=claims)


def test_replacing_anothers_claim_by_a_lower_one_needs_a_reason_too() -> None:
    claims = record(claim(lo=9, hi=9))
    lower: dict[str, Any] = {"lo": 8, "hi": 8, "origin": "ministry", "supersedes": ("ses-killed-1",)}
    with pytest.raises(Refused, match="E6"):
        record(claim(5, **lower), claims=claims)
    record(claim(5, **lower, status=Status.REVISED, reason=Reason.REMAINS_UNDER_EXAMINATION), claims=claims)


def test_a_vaguer_word_is_no_drop() -> None:
    record(claim(lo=63, hi=63), claim(1, phrase="more than 60", lang=Lang.EN))


def test_how_things_are_at_a_moment_may_go_down_without_a_reason() -> None:
    record(claim(measure=Measure.MISSING, lo=5, hi=5), claim(2, measure=Measure.MISSING, lo=2, hi=2))
    hospital: dict[str, Any] = {"measure": Measure.HOSPITALISED, "sem": Sem.CURRENT}
    record(claim(**hospital, lo=42, hi=42), claim(5, **hospital, lo=31, hi=31))


def test_a_part_is_not_larger_than_the_whole_it_was_stated_with() -> None:
    whole = record(claim(measure=Measure.HOSPITALISED, lo=42, hi=42))
    part = PartOf(claim="ses-hospitalised-1")
    with pytest.raises(Refused, match="E2"):
        record(claim(measure=Measure.HOSPITALISED, lo=43, hi=43, part_of=part), claims=whole)
    record(claim(measure=Measure.INJURED, lo=42, hi=42, part_of=part), claims=whole)
    ambiguous = PartOf(claim="ses-hospitalised-1", attachment=Attachment.AMBIGUOUS)
    record(claim(measure=Measure.INJURED, lo=43, hi=43, part_of=ambiguous), claims=whole)


def test_a_retracted_claim_can_be_neither_superseded_nor_be_a_whole() -> None:
    gone = record(claim(lo=9, hi=9), RetractClaim(attack="kyiv-2025-04-24", claim="ses-killed-1", reason="hoax"))
    for fields in ({"supersedes": ("ses-killed-1",)}, {"part_of": PartOf(claim="ses-killed-1")}):
        with pytest.raises(Unknown, match="ses-killed-1"):
            record(claim(lo=1, **fields), claims=gone)


def test_retracting_twice_says_nothing_new_and_retracting_the_unknown_is_refused() -> None:
    retract = RetractClaim(attack="kyiv-2025-04-24", claim="ses-killed-1", reason="hoax")
    gone = record(claim(lo=9), retract)
    assert gone.retracted == {"ses-killed-1": "hoax"}
    assert CLAIMS.decide(gone, retract, CONTEXT) == []
    with pytest.raises(Unknown):
        CLAIMS.decide(CLAIMS.blank, retract, CONTEXT)


def test_each_attack_has_one_stream_of_claims() -> None:
    assert CLAIMS.stream(claim(lo=9)) == "claims/kyiv-2025-04-24"


def test_a_claim_survives_the_journal_and_the_wire() -> None:
    [event] = CLAIMS.decide(CLAIMS.blank, claim(phrase="понад 60", lang=Lang.UK, reason_note={Lang.UK: "x"}), CONTEXT)
    text = msgspec.json.encode(event)
    assert msgspec.json.decode(text, type=ClaimRecorded) == event
    assert Events(CLAIMS.events).types["claim.recorded"] is ClaimRecorded


def test_a_misspelt_field_of_a_command_is_refused() -> None:
    body = msgspec.json.encode(msgspec.to_builtins(claim(lo=9)) | {"colour": "red"})
    with pytest.raises(Invalid, match="colour"):
        Commands(CLAIMS.commands).decode("claim.record", body)
