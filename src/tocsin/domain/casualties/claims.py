"""Claims: who said which figure of what, as of when, and on what evidence. Wishes, facts and what they leave."""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain import source
from tocsin.domain.casualties.interval import LARGEST, Interval
from tocsin.domain.casualties.numerals import Lang
from tocsin.kernel.event import Command, Event, Instant

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=4000)]
Count = Annotated[int, Meta(ge=0, le=LARGEST)]


class Measure(StrEnum):
    """What is counted, in the order in which a bulletin tells it."""

    KILLED = "killed"
    INJURED = "injured"
    HOSPITALISED = "hospitalised"
    TREATED_ON_SCENE = "treated_on_scene"
    DISCHARGED = "discharged"
    DIED_IN_HOSPITAL = "died_in_hospital"
    MISSING = "missing"
    TRAPPED = "trapped"
    RESCUED_ALIVE = "rescued_alive"
    REMAINS_UNIDENTIFIED = "remains_unidentified"
    EVACUATED = "evacuated"
    PSYCH_SUPPORT = "psych_support"


class Age(StrEnum):
    ALL = "all"
    CHILD = "child"
    ADULT = "adult"
    UNKNOWN = "unknown"


class Sex(StrEnum):
    ALL = "all"
    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class Role(StrEnum):
    ALL = "all"
    CIVILIAN = "civilian"
    RESPONDER = "responder"
    MILITARY = "military"
    UNKNOWN = "unknown"


class Sem(StrEnum):
    """Everybody it ever happened to, or those for whom it is so at the moment. 42 taken to hospital, 31 still there."""

    EVER = "ever"
    CURRENT = "current"


class Span(StrEnum):
    """From the start of the attack until the claim's time, or within one reporting period only."""

    TO_DATE = "to_date"
    PER_PERIOD = "per_period"


STOCKS = frozenset({Measure.MISSING, Measure.TRAPPED, Measure.REMAINS_UNIDENTIFIED})
"""Measures that say how things are at the moment unless a claim says otherwise. All others only grow."""


class Status(StrEnum):
    PRELIMINARY = "preliminary"
    CONFIRMED = "confirmed"
    REVISED = "revised"
    RETRACTED = "retracted"


class Reason(StrEnum):
    """Why a count that can only grow went down all the same. There is no other reason."""

    MISIDENTIFIED = "misidentified"
    REMAINS_UNDER_EXAMINATION = "remains under examination"
    DOUBLE_COUNT = "double count"
    SCOPE_ERROR = "scope error"
    PERSON_FOUND_ALIVE = "person found alive"


class OrgKind(StrEnum):
    """What kind of body speaks. The priority of sources is a table over these, never over names."""

    FORENSIC_POLICE = "forensic_police"
    INTERIOR_MINISTRY = "interior_ministry"
    EMERGENCY_SERVICE = "emergency_service"
    MILITARY_ADMINISTRATION = "military_administration"
    MAYOR = "mayor"
    HEALTH = "health"
    HOSPITAL = "hospital"
    NEWSROOM = "newsroom"
    FOREIGN_OFFICIAL = "foreign_official"
    OTHER = "other"


class Attachment(StrEnum):
    """How sure it is what a figure is a part of. "63 wounded, 42 in hospital, including six children": of which?"""

    EXPLICIT = "explicit"
    INFERRED = "inferred"
    AMBIGUOUS = "ambiguous"


# What follows is made by the hundred thousand and holds no cycles, so the collector of cycles passes it by (gc=False).


class Speaker(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """
    Who said it, in the role they held that day.

    Attributes:
        person: An official who speaks in public. Never the name of a casualty: the journal cannot forget.
    """

    org: Name
    org_kind: OrgKind
    person: Text = ""
    role: Text = ""


class Source(source.Source, frozen=True, kw_only=True, gc=False):
    """
    The document it was read in, and the words of it that carry the figure.

    Attributes:
        published: Needed here: what was not yet public at a time cannot count for that time.
        message_id: Of the post within its channel.
    """

    publisher: Text = ""
    published: Instant
    channel: Text = ""
    message_id: Text = ""

    @property
    def document(self) -> tuple[str, ...]:
        """Names the document among all others; empty when the source names none."""
        if self.sha256:
            return (self.sha256,)
        if self.url:
            return (self.url,)
        return (self.channel, self.message_id) if self.channel and self.message_id else ()


class PartOf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """
    The claim whose figure includes this one.

    Attributes:
        alternative: The other claim it may be a part of instead, where that is ambiguous.
        partition: The parts that say so together are the whole: "31, of them 26 adults and five children".
    """

    claim: Name
    attachment: Attachment = Attachment.EXPLICIT
    alternative: Annotated[str, Meta(max_length=200)] = ""
    partition: bool = False


class Scope(msgspec.Struct, frozen=True, order=True, cache_hash=True, gc=False):
    """Where the counted people were: an area, or one site in it. 87 at the house and 90 in the city stand apart."""

    place: str
    site: str = ""


class Stratum(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """Which of the people are counted, and how. Two claims speak of one figure only if all of this is the same."""

    age: Age = Age.ALL
    sex: Sex = Sex.ALL
    role: Role = Role.ALL
    sem: Sem | None = None
    span: Span = Span.TO_DATE
    since: Instant | None = None

    @property
    def tokens(self) -> tuple[str, ...]:
        """What sets it apart from "everybody, to date", in a fixed order: `child`, `female`, `current`."""
        return _tokens(self)


@lru_cache(maxsize=4096)
def _tokens(stratum: Stratum) -> tuple[str, ...]:
    people = [word.value for word in (stratum.age, stratum.sex, stratum.role)]
    counted = [stratum.sem.value] if stratum.sem else []
    spans = [] if stratum.span is Span.TO_DATE else [stratum.span.value]
    return (*_set_apart(people), *counted, *spans)


def _set_apart(people: list[str]) -> Iterator[str]:
    for name, word in zip(("age", "sex", "role"), people, strict=True):
        if word == "unknown":
            yield f"{name}-unknown"
        elif word != "all":
            yield word


class Series(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """What a figure is a figure of."""

    measure: Measure
    stratum: Stratum
    scope: Scope

    @property
    def cumulative(self) -> bool:
        """It can only grow, unless somebody corrects themselves."""
        stock = self.measure in STOCKS
        sem = self.stratum.sem or (Sem.CURRENT if stock else Sem.EVER)
        return sem is Sem.EVER and self.stratum.span is Span.TO_DATE

    @property
    def grows(self) -> bool:
        """It goes up from moment to moment: to date, or in the period that it is of."""
        return self.cumulative or (self.stratum.span is Span.PER_PERIOD and self.measure not in STOCKS)

    def key(self, place: str) -> str:
        """
        Its name in a table of figures: `killed`, `hospitalised:child`, `injured@C-1`.

        Args:
            place: The area that needs no mention, because the table is about it.
        """
        return _key(self, place)


@lru_cache(maxsize=16384)
def _key(series: Series, place: str) -> str:
    elsewhere = series.scope.place if series.scope.place != place else ""
    where = "/".join(part for part in (elsewhere, series.scope.site) if part)
    since = series.stratum.since
    period = (f"since-{since.astimezone(UTC):%Y-%m-%dT%H%MZ}",) if since else ()
    return ":".join((series.measure.value, *series.stratum.tokens, *period)) + (f"@{where}" if where else "")


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a claim says besides the numbers. See docs/methodology.md for each field.

    Attributes:
        place: Code of the area the figure covers; `site` is a worksite or building in it, if it covers only that.
        as_of: The moment the figure was true for, which is not when it was published or recorded.
        since: Where the reporting period begins, for a count of one period; it ends at `as_of`.
        quotes: The claim that this one repeats, and so its origin; along a chain of quotes, the first one's.
        origin: Who counted. A newsroom that quotes an agency carries the agency's origin, so that a copy is
            never taken for a second count. Left out where `quotes` names the claim that is repeated.
        supersedes: Ids of claims this one replaces.
        reason, reason_note: Why it is lower than what it replaces; the note says more, by language.
        definition_note: What the source counts in, such as "includes acute stress".
    """

    attack: Name
    place: Name
    site: Annotated[str, Meta(max_length=200)] = ""
    measure: Measure
    age: Age = Age.ALL
    sex: Sex = Sex.ALL
    role: Role = Role.ALL
    sem: Sem | None = None
    span: Span = Span.TO_DATE
    since: Instant | None = None
    phrase: Text = ""
    lang: Lang | None = None
    status: Status = Status.PRELIMINARY
    as_of: Instant
    speaker: Speaker
    source: Source
    origin: Annotated[str, Meta(max_length=200)] = ""
    quotes: Annotated[str, Meta(max_length=200)] = ""
    supersedes: tuple[Name, ...] = ()
    reason: Reason | None = None
    reason_note: dict[Lang, Text] = {}
    part_of: PartOf | None = None
    definition_note: Text = ""

    @property
    def stratum(self) -> Stratum:
        # "Killed ever" and "killed" are one figure, as are "missing now" and "missing".
        usual = Sem.CURRENT if self.measure in STOCKS else Sem.EVER
        sem = None if self.sem is usual else self.sem
        return Stratum(self.age, self.sex, self.role, sem, self.span, self.since)


class Claim(Stated, frozen=True, kw_only=True, dict=True):
    """One figure that somebody stated. It is never edited, so what is worked out of it is worked out once."""

    id: Name
    lo: Count
    hi: Count | None = None
    point: Count | None = None

    @cached_property
    def series(self) -> Series:
        return Series(self.measure, self.stratum, Scope(self.place, self.site))

    @cached_property
    def interval(self) -> Interval:
        return Interval(self.lo, self.hi, self.point)

    @cached_property
    def told(self) -> tuple[datetime, datetime, str]:
        """Its place in the order in which claims tell of a night, which is not that of their arrival."""
        return self.as_of, self.source.published, self.id

    @property
    def ambiguous(self) -> bool:
        """It is not certain what it is a part of, and so not what it counts."""
        return self.part_of is not None and self.part_of.attachment is Attachment.AMBIGUOUS

    @property
    def stratum_is_all(self) -> bool:
        return self.age is Age.ALL and self.sex is Sex.ALL and self.role is Role.ALL

    @property
    def published(self) -> datetime:
        return self.source.published


class RecordClaim(Stated, Command, frozen=True, kw_only=True, tag="claim.record"):
    """
    Record a figure that somebody stated. Give its `phrase` with `lang`, or bounds, or both if they agree.

    Attributes:
        claim: Its id; left empty, it gets the next one of its origin and measure.
        lo, hi, point: The bounds, where `hi` left out means open, and the number named if one was.
    """

    claim: Annotated[str, Meta(max_length=200)] = ""
    lo: Count | None = None
    hi: Count | None = None
    point: Count | None = None


class RetractClaim(Command, frozen=True, kw_only=True, tag="claim.retract"):
    """Take a claim back: it should never have been recorded, or its source withdrew it."""

    attack: Name
    claim: Name
    reason: Annotated[str, Meta(min_length=1, max_length=4000)]


class ClaimRecorded(Event, frozen=True, kw_only=True, tag="claim.recorded"):
    attack: str
    claim: Claim


class ClaimRetracted(Event, frozen=True, kw_only=True, tag="claim.retracted"):
    attack: str
    claim: str
    reason: str


class Claims(msgspec.Struct, frozen=True):
    """
    All claims about one attack.

    Attributes:
        by_id: Every claim ever recorded.
        retracted: Id to the reason.
    """

    by_id: dict[str, Claim] = {}
    retracted: dict[str, str] = {}

    @property
    def standing(self) -> tuple[Claim, ...]:
        """Those not retracted."""
        return tuple(claim for claim in self.by_id.values() if claim.id not in self.retracted)


def evolve(claims: Claims, event: ClaimRecorded | ClaimRetracted) -> Claims:
    changed = msgspec.structs.replace
    match event:
        case ClaimRecorded(claim=claim):
            return changed(claims, by_id=claims.by_id | {claim.id: claim})
        case ClaimRetracted(claim=id_, reason=reason):
            return changed(claims, retracted=claims.retracted | {id_: reason})
