"""Deciding about claims: read the words, keep the rules, give the claim its name."""

import re
from collections.abc import Sequence

import msgspec

from tocsin.domain.casualties.claims import (
    Claim,
    ClaimRecorded,
    ClaimRetracted,
    Claims,
    RecordClaim,
    RetractClaim,
    Stated,
    Status,
    evolve,
)
from tocsin.domain.casualties.interval import Interval
from tocsin.domain.casualties.phrases import Said, parse
from tocsin.domain.casualties.rules import require_consistent
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Event


def decide(claims: Claims, command: RecordClaim | RetractClaim, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If the area, or a claim that is named, does not exist.
        Invalid: If the words cannot be read, or a field contradicts another.
        Refused: If a rule of `rules` says no, or the id is taken.
    """
    match command:
        case RecordClaim():
            return [_record(claims, command, context)]
        case RetractClaim():
            return _retract(claims, command)


def _record(claims: Claims, command: RecordClaim, context: Context) -> ClaimRecorded:
    if command.place not in context.city.areas:
        raise Unknown(f"no area has the code {command.place!r}", "place")
    if command.claim in claims.by_id:
        raise Refused(f"a claim {command.claim!r} was recorded already", "claim")
    if command.status is Status.RETRACTED:
        raise Invalid("a claim is taken back with claim.retract", "status")
    command = msgspec.structs.replace(command, origin=_origin(claims, command))
    interval = _interval(command)
    stated = {name: getattr(command, name) for name in Stated.__struct_fields__}
    claim = Claim(
        **stated,
        id=command.claim or _next_id(claims, command),
        lo=interval.lo,
        hi=interval.hi,
        point=interval.point,
    )
    require_consistent(claims, claim)
    return ClaimRecorded(attack=command.attack, claim=claim)


def _origin(claims: Claims, command: RecordClaim) -> str:
    """Whoever counted: the origin of the claim that is quoted, which had it from the claim that it quoted."""
    if not command.quotes:
        if not command.origin.strip():
            raise Invalid("a claim names who counted, or the claim that it quotes", "origin")
        return command.origin
    quoted = claims.by_id.get(command.quotes)
    if quoted is None or quoted.id in claims.retracted:
        raise Unknown(f"no claim about this attack stands as {command.quotes!r}", "quotes")
    if command.origin not in ("", quoted.origin):
        raise Invalid(f"what it quotes was counted by {quoted.origin!r}", "origin")
    return quoted.origin


def _interval(command: RecordClaim) -> Interval:
    given = _given(command)
    if not command.phrase:
        if given is None:
            raise Invalid("a claim needs a phrase or bounds", "phrase")
        return given
    said = _said(command)
    if given is not None and given != said.interval:
        raise Invalid(f"{command.phrase!r} is not what lo, hi and point say", "phrase")
    if said.preliminary and command.status is Status.CONFIRMED:
        raise Invalid("the phrase calls itself preliminary", "status")
    return said.interval


def _said(command: RecordClaim) -> Said:
    if command.lang is None:
        raise Invalid("a phrase needs its language", "lang")
    return parse(command.phrase, command.lang)


def _given(command: RecordClaim) -> Interval | None:
    if command.lo is None:
        if command.hi is not None or command.point is not None:
            raise Invalid("bounds begin with lo", "lo")
        return None
    try:
        return Interval(command.lo, command.hi, command.point)
    except ValueError as error:
        raise Invalid(str(error), "lo") from None


def _next_id(claims: Claims, command: RecordClaim) -> str:
    """Origin, measure and number, such as `ses-killed-1`: it can be read out and it is the same on every replay."""
    origin = re.sub(r"[^\w]+", "-", command.origin.casefold()).strip("-")
    stem = "-".join((origin, command.measure.value, *command.stratum.tokens))
    number = 1
    while f"{stem}-{number}" in claims.by_id:
        number += 1
    return f"{stem}-{number}"


def _retract(claims: Claims, command: RetractClaim) -> list[Event]:
    if command.claim not in claims.by_id:
        raise Unknown(f"there is no claim {command.claim!r} about this attack", "claim")
    if command.claim in claims.retracted:
        return []
    return [ClaimRetracted(attack=command.attack, claim=command.claim, reason=command.reason)]


CLAIMS = Subject(
    name="claims",
    id_field="attack",
    commands=(RecordClaim, RetractClaim),
    events=(ClaimRecorded, ClaimRetracted),
    blank=Claims(),
    decide=decide,
    evolve=evolve,
)
