"""Bulletins: numbered, drafted from the claims, approved by a second person, published, and withdrawn in public."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from tocsin.domain.bulletins import wording, words
from tocsin.domain.bulletins.terms import (
    EVENTS,
    ApproveBulletin,
    BulletinApproved,
    BulletinDrafted,
    BulletinEvent,
    BulletinPublished,
    BulletinRetracted,
    Bulletins,
    Content,
    DraftBulletin,
    Issue,
    PublishBulletin,
    RetractBulletin,
    Stage,
    Version,
)
from tocsin.domain.casualties import SHIPPED, Claims, Lang, figures, main_place
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event, kind_of

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
        case RetractBulletin(number=number):
            _issue(bulletins, number, command)
            return [_retract(command)]
        case _:
            raise Unknown(f"a bulletin does not know {kind_of(command)}", "kind")


def _issue(bulletins: Bulletins, number: int, command: Command) -> Issue:
    if number > len(bulletins.issues):
        raise Unknown(f"there is no bulletin {number} about this attack", "number")
    issue = bulletins.issues[number - 1]
    if type(command) not in ALLOWED[issue.stage]:
        raise Refused(f"bulletin {number} is {issue.stage}, so {kind_of(command)} is not allowed", "number")
    return issue


def _draft(bulletins: Bulletins, command: DraftBulletin, context: Context) -> BulletinDrafted:
    _require_turn(bulletins, command)
    _require_times(bulletins, command, context.now)
    _require_words(bulletins, command)
    claims: Claims = context.others[f"claims/{command.attack}"]
    place = main_place(claims.standing, command.cutoff)
    known = figures(claims, command.cutoff, place, policy=context.policy or SHIPPED)
    if not known:
        raise Refused("nothing is known about this attack at the cutoff, so there is nothing to write", "cutoff")
    number = bulletins.next_number
    before = [wording.Before(n, issue.content.figures) for n, issue in _compared(bulletins, command)]
    kept = [issue for n, issue in bulletins.holding.items() if n != command.corrects]
    since = kept[-1].content.cutoff if kept else min(claim.as_of for claim in claims.standing)
    account = wording.Account(
        number=number,
        version=command.version.value,
        names=_by_language(command.names),
        since=since,
        cutoff=command.cutoff,
        next_expected=command.next_expected,
        corrects=command.corrects,
        correction=_by_language(command.correction),
        place=place,
        figures=known,
        before=tuple(before),
        withdrawn=frozenset(claims.retracted),
    )
    return BulletinDrafted(
        attack=command.attack,
        number=number,
        revision=bulletins.issues[-1].revision + 1 if number == len(bulletins.issues) else 1,
        content=_content(account, command),
        by=context.actor.id,
    )


def _compared(bulletins: Bulletins, command: DraftBulletin) -> list[tuple[int, Issue]]:
    """
    The bulletins whose readers are told what changed: the last one, and if this one takes its place, the one before
    that too. Otherwise what the voided one said of a fall would be lost with it.
    """
    holding = list(bulletins.holding.items())
    return holding[-2:][::-1] if holding and holding[-1][0] == command.corrects else holding[-1:]


def _by_language(texts: dict[Lang, str]) -> dict[str, str]:
    return {lang.value: text for lang, text in texts.items()}


def _content(account: wording.Account, command: DraftBulletin) -> Content:
    return Content(
        version=command.version,
        cutoff=account.cutoff,
        since=account.since,
        next_expected=account.next_expected,
        figures=account.figures,
        titles={lang.value: wording.title(account, lang) for lang in Lang},
        lead={lang.value: wording.lead(account, lang) for lang in Lang},
        texts={lang.value: wording.text(account, lang) for lang in Lang},
        photos=command.photos,
        corrects=account.corrects,
        correction=account.correction,
    )


def _require_turn(bulletins: Bulletins, command: DraftBulletin) -> None:
    if (bulletins.next_number == 1) != (command.version is Version.INITIAL):
        raise Refused("the first bulletin about an attack is the Initial one, and only the first", "version")
    last = bulletins.standing
    if last is None or last[1].content.version is not Version.FINAL:
        return
    if command.corrects != last[0] or command.version is not Version.FINAL:
        raise Refused(f"bulletin {last[0]} was the final one; correct it by another, or withdraw it", "version")


def _require_times(bulletins: Bulletins, command: DraftBulletin, now: datetime) -> None:
    if command.cutoff > now:
        raise Invalid("nothing is known of the future", "cutoff")
    if (last := bulletins.standing) is not None and command.cutoff < last[1].content.cutoff:
        raise Refused(f"bulletin {last[0]} already tells of a later moment", "cutoff")
    if command.next_expected is None:
        return
    if command.version is Version.FINAL:
        raise Invalid("after the final bulletin none is expected", "next_expected")
    if command.next_expected <= command.cutoff:
        raise Invalid("the next bulletin comes after this one", "next_expected")


def _require_words(bulletins: Bulletins, command: DraftBulletin) -> None:
    for index, photo in enumerate(command.photos):
        if set(photo.alt) != set(Lang):
            raise Invalid("say in every language what it shows, for those who do not see it", f"photos[{index}].alt")
    if command.corrects is None:
        if command.correction:
            raise Invalid("it says what was wrong, but not in which bulletin", "corrects")
        return
    if set(command.correction) != set(Lang):
        raise Invalid("say in every language what was wrong", "correction")
    if command.corrects not in bulletins.holding:
        raise Refused(
            f"there is no bulletin {command.corrects} that stands, so there is nothing to correct", "corrects"
        )


def _retract(command: RetractBulletin) -> BulletinRetracted:
    texts = {
        lang.value: words.WITHDRAWN[lang].format(
            number=command.number, reason=command.reasons.get(lang, command.reason)
        )
        for lang in Lang
    }
    return BulletinRetracted(attack=command.attack, number=command.number, reason=command.reason, texts=texts)


def _approve(issue: Issue, command: ApproveBulletin, context: Context) -> BulletinApproved:
    if context.actor.id == issue.prepared_by:
        raise Refused("a bulletin is approved by a second person, not by the one who prepared it")
    if command.revision not in (None, issue.revision):
        raise Refused(f"draft {issue.revision} has been written since; read it first", "revision")
    return BulletinApproved(attack=command.attack, number=command.number, by=context.actor.id)


def _publish(issue: Issue, attack: str, number: int, context: Context) -> BulletinPublished:
    claims: Claims = context.others[f"claims/{attack}"]
    cited = {id_ for figure in issue.content.figures.values() for id_ in figure.claims}
    if gone := sorted(cited & set(claims.retracted)):
        # Between draft and publication minutes pass; a figure withdrawn in them must not go out.
        raise Refused(f"it rests on claims that were retracted since ({', '.join(gone)}); draft it anew", "number")
    return BulletinPublished(
        attack=attack,
        number=number,
        content=issue.content,
        prepared_by=issue.prepared_by,
        approved_by=issue.approved_by,
    )


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
