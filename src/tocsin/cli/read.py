"""tocsin read: what a public text proposes for the record, with the words each proposal rests on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.output import Json, emit, table
from tocsin.cli.times import time_option

if TYPE_CHECKING:
    from tocsin.domain.casualties import Lang
    from tocsin.reading import ProposedClaim, Reading
    from tocsin.reading.proposals import AnyFact, Bounds, Speaker


def read(
    file: Annotated[Path, typer.Argument(help="A text in UTF-8: a news report, an agency's post")],
    lang: Annotated[str | None, typer.Option("--lang", help="en or uk; found from the letters when left out")] = None,
    source: Annotated[str, typer.Option("--source", help="Who published it")] = "",
    published: Annotated[str | None, time_option("--published", "When, RFC 3339; dates without a year need it")] = None,
    as_json: Json = False,
) -> None:
    """Proposed claims, attack facts and statements of a public text in English or Ukrainian. Nothing is recorded."""
    from tocsin import reading
    from tocsin.kernel.time import parse_instant

    text = read_text(file)
    when = None if published is None else parse_instant(published, "--published")
    found = reading.read(text, lang=language_option(lang), source=source, published=when)
    emit(found, lambda: _show(found), as_json=as_json)


def read_text(file: Path) -> str:
    """
    A file as it is: offsets count its characters, so no line ending is changed.

    Raises:
        Invalid: If there is no such file, or it is not UTF-8.
    """
    from tocsin.kernel.errors import Invalid

    try:
        return read_bytes(file).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(f"byte {error.start} is not UTF-8", str(file)) from None


def read_bytes(file: Path) -> bytes:
    """
    Raises:
        Invalid: If there is no such file.
    """
    from tocsin.kernel.errors import Invalid

    try:
        return file.read_bytes()
    except OSError as error:
        raise Invalid(error.strerror or "it cannot be read", str(file)) from None


def language_option(lang: str | None) -> "Lang | None":
    """
    Raises:
        Invalid: If no text of that language can be read.
    """
    from tocsin.domain.casualties import Lang
    from tocsin.kernel.errors import Invalid

    if lang is None:
        return None
    if lang not in list(Lang):
        raise Invalid(f"no text in {lang!r} can be read; there are {', '.join(Lang)}", "--lang")
    return Lang(lang)


def _show(found: "Reading") -> None:
    claims = [
        (
            each.id,
            each.attack,
            each.place,
            _series(each),
            _bounds(each),
            each.status,
            each.origin,
            _part(each),
            each.quote,
        )
        for each in found.claims
    ]
    columns = ("claim", "attack", "place", "measure", "bounds", "status", "origin", "part of", "quote")
    table("Proposed claims", columns, claims)
    facts = [(each.attack, *_fact(each), each.quote) for each in found.facts]
    table("Facts of the attack", ("attack", "kind", "what", "quote"), facts)
    statements = [
        (each.id, each.type, _speaker(each.speaker), "own words" if each.direct else "reported", each.quote)
        for each in found.statements
    ]
    table("Statements", ("statement", "kind", "speaker", "", "quote"), statements)


def _series(claim: "ProposedClaim") -> str:
    strata = [word.value for word in (claim.age, claim.sex, claim.role) if word.value != "all"]
    return ":".join((claim.measure.value, *strata, *([claim.sem.value] if claim.sem else [])))


def _bounds(bounds: "Bounds | ProposedClaim") -> str:
    return str(bounds.lo) if bounds.lo == bounds.hi else f"{bounds.lo}–{'' if bounds.hi is None else bounds.hi}"


def _part(claim: "ProposedClaim") -> str:
    part = claim.part_of
    if part is None:
        return ""
    return f"{part.claim} or {part.alternative}" if part.alternative else f"{part.claim} ({part.attachment})"


def _speaker(speaker: "Speaker") -> str:
    return ", ".join(filter(None, (speaker.person, speaker.role, speaker.org)))


def _fact(fact: "AnyFact") -> tuple[str, str]:
    from tocsin.reading.proposals import PlaceFact, TimeFact, WeaponFact

    match fact:
        case PlaceFact():
            return "place", fact.name
        case TimeFact():
            said = [str(part) for part in (fact.day, fact.clock) if part]
            return "time", " ".join([*said, fact.precision.value, *(["about"] if fact.about else [])])
        case WeaponFact():
            count = [_bounds(fact.count)] if fact.count else []
            return "weapon", " ".join([*count, fact.word, *([fact.fate] if fact.fate else [])])
        case _:
            return "effect", fact.effect
