"""What a text is read as: proposals, each with the words it rests on. None of them is in the record."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

from tocsin.domain.casualties import Age, Attachment, Lang, Measure, OrgKind, Role, Sem, Sex, Status
from tocsin.domain.record import WeaponClass
from tocsin.domain.record.statements import Kind
from tocsin.reading.text import Token

THIS = "this"
"""The attack the text is about. Earlier ones that it mentions are `earlier-1`, `earlier-2` and so on."""


class Spanned(msgspec.Struct, frozen=True, kw_only=True):
    """
    Something that stands in the text.

    Attributes:
        start, end: Offsets in characters; `text[start:end] == quote` always.
    """

    start: int
    end: int
    quote: str

    def as_fields(self) -> dict[str, Any]:
        """For a proposal that rests on this span."""
        return {"start": self.start, "end": self.end, "quote": self.quote}


def span_of(text: str, tokens: Sequence[Token], start: int, end: int) -> Spanned:
    """The words of the tokens `start` to `end`."""
    first, last = tokens[start].start, tokens[end - 1].end
    return Spanned(start=first, end=last, quote=text[first:last])


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """Who is said to have said it, in the words of the text. `origin` is one name for all names of one source."""

    person: str = ""
    role: str = ""
    org: str = ""
    org_kind: OrgKind = OrgKind.OTHER
    origin: str = ""


class Bounds(msgspec.Struct, frozen=True):
    lo: int
    hi: int | None = None
    point: int | None = None


class Belongs(msgspec.Struct, frozen=True, kw_only=True):
    """
    The proposed claim whose people these are among.

    Attributes:
        alternative: The other one it may be instead, where the sentence allows both readings.
        partition: The parts that say so together are the whole.
    """

    claim: str
    attachment: Attachment
    alternative: str = ""
    partition: bool = False


class ProposedClaim(Spanned, frozen=True, kw_only=True):
    """
    A figure that the text states, in the terms of a claim (docs/methodology.md).

    Attributes:
        more: They come on top of those counted before: "two more".
        previous: What it was before, where the text says "rose to 12 from nine".
        place: The name of the place that it is said of; empty where the text names none.
        quoted_by: Those who repeat it, from who counted to this text's publisher.
        again: Where else the text says the same.
    """

    id: str
    attack: str = THIS
    place: str = ""
    measure: Measure
    age: Age = Age.ALL
    sex: Sex = Sex.ALL
    role: Role = Role.ALL
    sem: Sem | None = None
    lo: int
    hi: int | None = None
    point: int | None = None
    phrase: str
    more: bool = False
    previous: Bounds | None = None
    status: Status = Status.PRELIMINARY
    speaker: Speaker
    origin: str
    quoted_by: tuple[str, ...] = ()
    as_of: datetime | None = None
    part_of: Belongs | None = None
    again: tuple[Spanned, ...] = ()


class Precision(StrEnum):
    MINUTE = "minute"
    HOUR = "hour"
    PART_OF_DAY = "part_of_day"
    DAY = "day"
    PART_OF_MONTH = "part_of_month"
    MONTH = "month"
    YEAR = "year"


class Fact(Spanned, frozen=True, kw_only=True, tag_field="kind"):
    attack: str = THIS


class PlaceFact(Fact, frozen=True, kw_only=True, tag="place"):
    name: str


class TimeFact(Fact, frozen=True, kw_only=True, tag="time"):
    """
    When. Each part is there only if the text, with its time of publication, says it.

    Attributes:
        day: The local date; the first of those meant by "early April".
        clock: Local time of day, `HH:MM`.
        about: The text says "around".
    """

    day: date | None = None
    clock: str | None = None
    precision: Precision
    about: bool = False


class Fate(StrEnum):
    """What became of weapons, named as in the record."""

    LAUNCHED = "launched"
    INTERCEPTED = "intercepted"
    LOST = "lost"
    STILL_AIRBORNE = "still_airborne"


class WeaponFact(Fact, frozen=True, kw_only=True, tag="weapon"):
    """`count` of a word for weapons, and what became of them."""

    word: str
    weapon_class: WeaponClass
    count: Bounds | None = None
    fate: Fate | None = None


class EffectFact(Fact, frozen=True, kw_only=True, tag="effect"):
    """What was done to things, such as `fire` or `damage`, in the clause that says it."""

    effect: str


AnyFact = PlaceFact | TimeFact | WeaponFact | EffectFact


class ProposedStatement(Spanned, frozen=True, kw_only=True):
    """What somebody said. `direct`: the quote is in their own words, not the text's."""

    id: str
    type: Kind
    speaker: Speaker
    direct: bool
    attack: str = THIS


class AttackMention(msgspec.Struct, frozen=True, kw_only=True):
    """An attack that the text speaks of. `words` say when the earlier ones were."""

    id: str
    day: date | None = None
    words: str = ""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """Everything found in one text. `reader` is `grammar`, or the name of the model that was asked."""

    lang: Lang
    source: str
    published: datetime | None
    sha256: str
    reader: str = "grammar"
    attacks: tuple[AttackMention, ...]
    claims: tuple[ProposedClaim, ...]
    facts: tuple[AnyFact, ...]
    statements: tuple[ProposedStatement, ...]
