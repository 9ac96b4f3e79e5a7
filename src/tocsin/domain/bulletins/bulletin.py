"""Bulletins: numbered, drafted from the claims, approved by a second person, published, and withdrawn in public."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from tocsin.domain.bulletins import wording, words
from tocsin.domain.casualties import SHIPPED, Claims, Figure, Lang, figures, main_place
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event, Instant, kind_of

AttackId = Annotated[str, Meta(min_length=1, max_length=200)]
Number = Annotated[int, Meta(ge=1)]
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
    """

    attack: AttackId
    cutoff: Instant
    version: Version
    next_expected: Instant | None = None
    names: Names = {}
    photos: Annotated[tuple[Photo, ...], Meta(max_length=30)] = ()


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
    """Withdraw a published bulletin, in public and with the reason."""

    attack: AttackId
    number: Number
    reason: Annotated[str, Meta(min_length=1, max_length=2000)]


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a bulletin says, by language, and the figures the words were made from.

    Attributes:
        since: The start of the reporting period: the cutoff of the bulletin before, or the first claim's time.
        lead: The one sentence that is read out or pushed to phones.
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
        """Number and content of the last one that is published and not withdrawn."""
        published = [(n, issue) for n, issue in enumerate(self.issues, 1) if issue.stage is Stage.PUBLISHED]
        return published[-1] if published else None

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


# Read as: at this stage, these commands are allowed.
ALLOWED: dict[Stage, frozenset[type[Command]]] = {
    Stage.DRAFTED: frozenset({ApproveBulletin}),
    Stage.APPROVED: frozenset({PublishBulletin}),
    Stage.PUBLISHED: frozenset({RetractBulletin}),
    Stage.RETRACTED: frozenset(),
}


def decide(bulletins: Bulletins, command: Command, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If there is no bulletin of that number.
        Refused: If its stage does not allow it, the same person would approve their own draft, nothing is known to
            write about, or a claim it rests on was retracted meanwhile.
        Invalid: If a field makes no sense, such as a cutoff in the future.
    """
    match command:
        case DraftBulletin():
            return [_draft(bulletins, command, context)]
        case ApproveBulletin(number=number):
            return [_approve(_issue(bulletins, number, command), command, context)]
        case PublishBulletin(attack=attack, number=number):
            return [_publish(_issue(bulletins, number, command), attack, number, context)]
        case RetractBulletin(attack=attack, number=number, reason=reason):
            _issue(bulletins, number, command)
            texts = {lang.value: words.WITHDRAWN[lang].format(number=number, reason=reason) for lang in Lang}
            return [BulletinRetracted(attack=attack, number=number, reason=reason, texts=texts)]
        case _:
            raise Unknown(f"a bulletin does not know {kind_of(command)}", "kind")


def _issue(bulletins: Bulletins, number: int, command: Command) -> Issue:
    if number > len(bulletins.issues):
        raise Unknown(f"there is no bulletin {number} about this attack", "number")
    issue = bulletins.issues[number - 1]
    if type(command) not in ALLOWED[issue.stage]:
        raise Refused(f"bulletin {number} is {issue.stage}, so {kind_of(command)} is not allowed")
    return issue


def _draft(bulletins: Bulletins, command: DraftBulletin, context: Context) -> BulletinDrafted:
    _require_turn(bulletins, command)
    _require_times(bulletins, command, context.now)
    claims: Claims = context.others[f"claims/{command.attack}"]
    place = main_place(claims.standing, command.cutoff)
    known = figures(claims, command.cutoff, place, policy=context.policy or SHIPPED)
    if not known:
        raise Refused("nothing is known about this attack at the cutoff, so there is nothing to write")
    number, before = bulletins.next_number, bulletins.standing
    since = before[1].content.cutoff if before else min(claim.as_of for claim in claims.standing)
    account = wording.Account(
        number=number,
        version=command.version.value,
        names={lang.value: name for lang, name in command.names.items()},
        cutoff=command.cutoff,
        next_expected=command.next_expected,
        place=place,
        figures=known,
        before_number=before[0] if before else 0,
        before=before[1].content.figures if before else {},
        withdrawn=frozenset(claims.retracted),
    )
    return BulletinDrafted(
        attack=command.attack,
        number=number,
        revision=bulletins.issues[-1].revision + 1 if number == len(bulletins.issues) else 1,
        content=_content(account, command, since),
        by=context.actor.id,
    )


def _content(account: wording.Account, command: DraftBulletin, since: datetime) -> Content:
    return Content(
        version=command.version,
        cutoff=account.cutoff,
        since=since,
        next_expected=account.next_expected,
        figures=account.figures,
        titles={lang.value: wording.title(account, lang) for lang in Lang},
        lead={lang.value: wording.lead(account, lang) for lang in Lang},
        texts={lang.value: wording.text(account, lang) for lang in Lang},
        photos=command.photos,
    )


def _require_turn(bulletins: Bulletins, command: DraftBulletin) -> None:
    if (bulletins.next_number == 1) != (command.version is Version.INITIAL):
        raise Refused("the first bulletin about an attack is the Initial one, and only the first")
    if (last := bulletins.standing) is not None and last[1].content.version is Version.FINAL:
        raise Refused(f"bulletin {last[0]} was the final one; withdraw it before another is written")


def _require_times(bulletins: Bulletins, command: DraftBulletin, now: datetime) -> None:
    if command.cutoff > now:
        raise Invalid("nothing is known of the future", "cutoff")
    if (last := bulletins.standing) is not None and command.cutoff < last[1].content.cutoff:
        raise Refused(f"bulletin {last[0]} already tells of a later moment")
    if command.next_expected is None:
        return
    if command.version is Version.FINAL:
        raise Invalid("after the final bulletin none is expected", "next_expected")
    if command.next_expected <= command.cutoff:
        raise Invalid("the next bulletin comes after this one", "next_expected")


def _approve(issue: Issue, command: ApproveBulletin, context: Context) -> BulletinApproved:
    if context.actor.id == issue.prepared_by:
        raise Refused("a bulletin is approved by a second person, not by the one who prepared it")
    if command.revision not in (None, issue.revision):
        raise Refused(f"draft {issue.revision} has been written since; read it first")
    return BulletinApproved(attack=command.attack, number=command.number, by=context.actor.id)


def _publish(issue: Issue, attack: str, number: int, context: Context) -> BulletinPublished:
    claims: Claims = context.others[f"claims/{attack}"]
    cited = {id_ for figure in issue.content.figures.values() for id_ in figure.claims}
    if gone := sorted(cited & set(claims.retracted)):
        # Between draft and publication minutes pass; a figure withdrawn in them must not go out.
        raise Refused(f"it rests on claims that were retracted since ({', '.join(gone)}); draft it anew")
    return BulletinPublished(
        attack=attack,
        number=number,
        content=issue.content,
        prepared_by=issue.prepared_by,
        approved_by=issue.approved_by,
    )


EVENTS = (BulletinDrafted, BulletinApproved, BulletinPublished, BulletinRetracted)
BulletinEvent = BulletinDrafted | BulletinApproved | BulletinPublished | BulletinRetracted


def evolve(bulletins: Bulletins, event: BulletinEvent) -> Bulletins:
    before, after = bulletins.issues[: event.number - 1], bulletins.issues[event.number :]
    changed = msgspec.structs.replace
    if isinstance(event, BulletinDrafted):
        issue = Issue(stage=Stage.DRAFTED, revision=event.revision, content=event.content, prepared_by=event.by)
        return Bulletins((*before, issue, *after))
    issue = bulletins.issues[event.number - 1]
    match event:
        case BulletinApproved(by=by):
            issue = changed(issue, stage=Stage.APPROVED, approved_by=by)
        case BulletinPublished():
            issue = changed(issue, stage=Stage.PUBLISHED)
        case BulletinRetracted():
            issue = changed(issue, stage=Stage.RETRACTED)
    return Bulletins((*before, issue, *after))


def _consults(command: Any) -> Sequence[str]:  # noqa: ANN401 - the subject's own commands
    return (f"claims/{command.attack}",) if isinstance(command, DraftBulletin | PublishBulletin) else ()


BULLETINS = Subject(
    name="bulletin",
    id_field="attack",
    commands=(DraftBulletin, ApproveBulletin, PublishBulletin, RetractBulletin),
    events=EVENTS,
    blank=Bulletins(),
    decide=decide,
    evolve=evolve,
    consults=_consults,
)
