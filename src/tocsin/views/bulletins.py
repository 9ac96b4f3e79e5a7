"""What the public was told, newest first, and what is about to be told, for those who prepare it."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from tocsin.domain.bulletins import (
    BulletinApproved,
    BulletinDrafted,
    BulletinPublished,
    BulletinRetracted,
    Content,
    Published,
)
from tocsin.kernel.errors import Unknown
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.view import Handler, View

SEE_DRAFTS = frozenset({"administrator", "approver", "press_officer", "auditor"})
"""Roles that may read a bulletin before the public does. Everybody else sees an unapproved figure as a leak."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A bulletin on its way; `revision` is what an approver names to approve just this text."""

    attack: str
    number: int
    revision: int
    position: int
    drafted: Instant
    content: Content
    prepared_by: str
    approved_by: str = ""


class BulletinsState(msgspec.Struct):
    """
    Attributes:
        published: In the order of publication.
        drafts: Attack to the one bulletin about it that is not published yet.
    """

    published: list[Published] = []
    drafts: dict[str, Draft] = {}


class BulletinList(View[BulletinsState]):
    name: ClassVar[str] = "bulletins"

    def __init__(self) -> None:
        super().__init__(BulletinsState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            BulletinDrafted: self._drafted,
            BulletinApproved: self._approved,
            BulletinPublished: self._published,
            BulletinRetracted: self._retracted,
        }

    def _drafted(self, recorded: Recorded) -> None:
        event: BulletinDrafted = recorded.event
        self.state.drafts[event.attack] = Draft(
            attack=event.attack,
            number=event.number,
            revision=event.revision,
            position=recorded.position,
            drafted=recorded.time,
            content=event.content,
            prepared_by=event.by,
        )

    def _approved(self, recorded: Recorded) -> None:
        event: BulletinApproved = recorded.event
        draft = self.state.drafts[event.attack]
        self.state.drafts[event.attack] = msgspec.structs.replace(draft, approved_by=event.by)

    def _published(self, recorded: Recorded) -> None:
        event: BulletinPublished = recorded.event
        self.state.drafts.pop(event.attack, None)
        if event.content.corrects is not None:
            self._mark(event.attack, event.content.corrects, corrected=recorded.time, corrected_by=event.number)
        self.state.published.append(
            Published(
                attack=event.attack,
                number=event.number,
                position=recorded.position,
                published=recorded.time,
                content=event.content,
                prepared_by=event.prepared_by,
                approved_by=event.approved_by,
            )
        )

    def _retracted(self, recorded: Recorded) -> None:
        event: BulletinRetracted = recorded.event
        self._mark(event.attack, event.number, withdrawn=recorded.time, withdrawal=event.texts)

    def _mark(self, attack: str, number: int, **changed: object) -> None:
        for index, bulletin in enumerate(self.state.published):
            if (bulletin.attack, bulletin.number) == (attack, number):
                self.state.published[index] = msgspec.structs.replace(bulletin, **changed)

    def published(self, attack: str | None = None) -> tuple[Published, ...]:
        """Newest first. Those withdrawn stay, marked: what was said in public is corrected in public."""
        found = (bulletin for bulletin in reversed(self.state.published) if attack in (None, bulletin.attack))
        return tuple(found)

    def newest(self, attack: str) -> int:
        """Number of the newest that still holds; 0 if none does."""
        return max((b.number for b in self.published(attack) if not (b.withdrawn or b.corrected_by)), default=0)

    def shows(self, sha256: str, role: str) -> bool:
        """Whether a photo stands in a bulletin that the role may see."""
        contents = [bulletin.content for bulletin in self.state.published]
        contents += [draft.content for draft in self.drafts(role)]
        return any(photo.sha256 == sha256 for content in contents for photo in content.photos)

    def one(self, attack: str, number: int) -> Published:
        """
        Raises:
            Unknown: If it was never published.
        """
        for bulletin in self.state.published:
            if (bulletin.attack, bulletin.number) == (attack, number):
                return bulletin
        raise Unknown(f"no bulletin {number} about {attack!r} was published", "number")

    def drafts(self, role: str) -> tuple[Draft, ...]:
        """Those not published yet, newest first; none for a role that may not see them."""
        if role not in SEE_DRAFTS:
            return ()
        return tuple(sorted(self.state.drafts.values(), key=lambda draft: -draft.position))
