"""What is ordered, decided and known of a bulletin: its commands, events and states."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.casualties import Figure, Lang
from tocsin.kernel.event import Command, Event, Instant

MOST_PHOTOS = 30
"""Of one bulletin."""
AttackId = Annotated[str, Meta(min_length=1, max_length=200)]
Number = Annotated[int, Meta(ge=1)]
Words = dict[Lang, Annotated[str, Meta(min_length=1, max_length=2000)]]
Names = dict[Lang, Annotated[str, Meta(min_length=1, max_length=200)]]


class Version(StrEnum):
    """As EDXL-SitRep 1.0 has it (`reportVersion`)."""

    INITIAL = "Initial"
    UPDATE = "Update"
    FINAL = "Final"


class Stage(StrEnum):
    DRAFTED = "drafted"
    APPROVED = "approved"
    PUBLISHED = "published"
    RETRACTED = "retracted"


PUBLIC = frozenset({Stage.PUBLISHED, Stage.RETRACTED})
"""At these stages a bulletin has been out."""


class Photo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A photo that goes with a bulletin. What is shown must be what was approved, so it is known by its hash.

    Attributes:
        url: Where it lies.
        sha256: Of the file, in hex.
        alt: What it shows, by language, for those who do not see it.
    """

    url: Annotated[str, Meta(pattern=r"^https?://[^\s]+$", max_length=2000)]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    alt: dict[Lang, Annotated[str, Meta(min_length=1, max_length=400)]] = {}


class DraftBulletin(Command, frozen=True, kw_only=True, tag="bulletin.draft"):
    """
    Write the next bulletin from what is known. A draft that was not published yet is replaced.

    Attributes:
        cutoff: The moment whose figures it gives.
        names: What the attack is called, by language.
        corrects: Number of a published bulletin in which something was wrong; this one takes its place.
        correction: What was wrong in it, by language. Needed with `corrects`, and senseless without.
    """

    attack: AttackId
    cutoff: Instant
    version: Version
    next_expected: Instant | None = None
    names: Names = {}
    photos: Annotated[tuple[Photo, ...], Meta(max_length=MOST_PHOTOS)] = ()
    corrects: Number | None = None
    correction: Words = {}


class ApproveBulletin(Command, frozen=True, kw_only=True, tag="bulletin.approve"):
    """
    A second person has read it and agrees.

    Attributes:
        revision: The draft that was read. When it is given and another was written meanwhile, nothing is approved.
    """

    attack: AttackId
    number: Number
    revision: Number | None = None


class PublishBulletin(Command, frozen=True, kw_only=True, tag="bulletin.publish"):
    attack: AttackId
    number: Number


class RetractBulletin(Command, frozen=True, kw_only=True, tag="bulletin.retract"):
    """
    Withdraw a published bulletin, in public and with the reason.

    Attributes:
        reasons: The reason as each language says it; a language left out gets `reason`.
    """

    attack: AttackId
    number: Number
    reason: Annotated[str, Meta(min_length=1, max_length=2000)]
    reasons: Words = {}


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a bulletin says, by language, and the figures the words were made from.

    Attributes:
        since: The start of the reporting period: the cutoff of the bulletin before, or the first claim's time.
        lead: The one sentence that is read out or pushed to phones.
        corrects: Number of the bulletin it takes the place of; `correction` says what was wrong there, by language.
    """

    version: Version
    cutoff: Instant
    since: Instant
    next_expected: Instant | None = None
    figures: dict[str, Figure]
    titles: dict[str, str]
    lead: dict[str, str]
    texts: dict[str, str]
    photos: tuple[Photo, ...] = ()
    corrects: int | None = None
    correction: dict[str, str] = {}


class BulletinDrafted(Event, frozen=True, kw_only=True, tag="bulletin.drafted"):
    """
    Attributes:
        revision: 1 for the first draft of this number, 2 for the next.
    """

    attack: str
    number: int
    revision: int
    content: Content
    by: str


class BulletinApproved(Event, frozen=True, kw_only=True, tag="bulletin.approved"):
    attack: str
    number: int
    by: str


class BulletinPublished(Event, frozen=True, kw_only=True, tag="bulletin.published"):
    """The whole bulletin, so that whoever sends it out needs nothing before it."""

    attack: str
    number: int
    content: Content
    prepared_by: str
    approved_by: str


class BulletinRetracted(Event, frozen=True, kw_only=True, tag="bulletin.retracted"):
    attack: str
    number: int
    reason: str
    texts: dict[str, str]


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """One bulletin as its events leave it."""

    stage: Stage
    revision: int
    content: Content
    prepared_by: str
    approved_by: str = ""


class Bulletins(msgspec.Struct, frozen=True):
    """The bulletins about one attack, the first at index 0."""

    issues: tuple[Issue, ...] = ()

    @property
    def standing(self) -> tuple[int, Issue] | None:
        """Number and content of the last one that holds."""
        return next(reversed(self.holding.items()), None)

    @property
    def holding(self) -> dict[int, Issue]:
        """Those that are published, and neither withdrawn nor corrected since, by number."""
        public = {n: issue for n, issue in enumerate(self.issues, 1) if issue.stage in PUBLIC}
        corrected = {issue.content.corrects for issue in public.values()}
        return {n: i for n, i in public.items() if i.stage is Stage.PUBLISHED and n not in corrected}

    @property
    def next_number(self) -> int:
        """Of the bulletin a draft would be: an unpublished one keeps its number when it is drafted anew."""
        open_ = bool(self.issues) and self.issues[-1].stage in (Stage.DRAFTED, Stage.APPROVED)
        return len(self.issues) + (0 if open_ else 1)


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """
    A bulletin as the public has it.

    Attributes:
        position: Of its publication in the journal.
        withdrawn: When it was withdrawn, if it was; `withdrawal` says so and why, by language.
        corrected: When another took its place, if one did: `corrected_by` is its number.
    """

    attack: str
    number: int
    position: int
    published: Instant
    content: Content
    prepared_by: str
    approved_by: str
    withdrawn: Instant | None = None
    withdrawal: dict[str, str] = {}
    corrected: Instant | None = None
    corrected_by: int | None = None


EVENTS = (BulletinDrafted, BulletinApproved, BulletinPublished, BulletinRetracted)
BulletinEvent = BulletinDrafted | BulletinApproved | BulletinPublished | BulletinRetracted
