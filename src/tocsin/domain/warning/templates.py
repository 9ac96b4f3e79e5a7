"""The prepared words of alerts: versions of them for each threat and phase, read by two people in every language."""

from collections.abc import Mapping, Sequence
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from tocsin.domain.place import Lang, Reason
from tocsin.domain.subject import Context, Subject
from tocsin.domain.warning.checks import require_every_language, require_finished
from tocsin.domain.warning.terms import Phase, Text, Threat
from tocsin.domain.warning.words import prepared
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event

Version = Annotated[int, Meta(ge=1)]

WORDED = (Phase.PRE_ALERT, Phase.ALERT, Phase.ALL_CLEAR, Phase.CORRECTION)
"""The phases that an officer can say. That an alert expired is said by the system, always in the same words."""


class WriteTemplate(Command, frozen=True, kw_only=True, tag="template.write"):
    """Write a new version of the prepared words. It is used once a second person has approved every language of it."""

    threat: Threat
    phase: Phase
    texts: dict[Lang, Text]


class ApproveTemplate(Command, frozen=True, kw_only=True, tag="template.approve"):
    """
    A second person has read a version in some languages and found it right.

    Attributes:
        languages: Those that they have read.
    """

    threat: Threat
    phase: Phase
    version: Version
    languages: Annotated[tuple[Lang, ...], Meta(min_length=1)]


class WithdrawTemplate(Command, frozen=True, kw_only=True, tag="template.withdraw"):
    """A version is not to be used any more. The one before it is in force again."""

    threat: Threat
    phase: Phase
    version: Version
    reason: Reason


class TemplateWritten(Event, frozen=True, kw_only=True, tag="template.written"):
    threat: Threat
    phase: Phase
    version: int
    texts: dict[str, str]
    by: str


class TemplateApproved(Event, frozen=True, kw_only=True, tag="template.approved"):
    """
    Attributes:
        languages: Those that were read now.
        in_force: True if all of them have been read, so that alerts use it from now on.
    """

    threat: Threat
    phase: Phase
    version: int
    languages: tuple[str, ...]
    in_force: bool
    by: str


class TemplateWithdrawn(Event, frozen=True, kw_only=True, tag="template.withdrawn"):
    threat: Threat
    phase: Phase
    version: int
    reason: str
    by: str


class Edition(msgspec.Struct, frozen=True):
    """
    One version of the prepared words for a threat and a phase.

    Attributes:
        approved: Language to who has read it.
    """

    version: int
    texts: dict[str, str]
    by: str
    approved: dict[str, str] = {}
    withdrawn: bool = False

    @property
    def in_force(self) -> bool:
        return not self.withdrawn and set(self.approved) >= set(self.texts)


class Templates(msgspec.Struct, frozen=True):
    """All editions of the words for one threat, oldest first, by phase."""

    editions: dict[Phase, tuple[Edition, ...]] = {}


class Wording(NamedTuple):
    texts: dict[str, str]
    version: int


def wording(threat: Threat, phase: Phase, templates: Templates) -> Wording:
    """The newest approved words; the built-in ones, version 0, where there are none."""
    for edition in reversed(templates.editions.get(phase, ())):
        if edition.in_force:
            return Wording(edition.texts, edition.version)
    return Wording(prepared(threat, phase), 0)


def stream_of(threat: Threat) -> str:
    return f"template/{threat}"


def templates_of(threat: Threat, others: Mapping[str, object]) -> Templates:
    """The templates of a threat among the streams that a decision consulted."""
    found = others.get(stream_of(threat))
    return found if isinstance(found, Templates) else Templates()


TemplateCommand = WriteTemplate | ApproveTemplate | WithdrawTemplate
TemplateEvent = TemplateWritten | TemplateApproved | TemplateWithdrawn


def decide(templates: Templates, command: TemplateCommand, context: Context) -> Sequence[Event]:
    """
    Raises:
        Invalid: If a text is unfinished or a language is missing.
        Unknown: If there is no such version.
        Refused: If the writer would approve their own words.
    """
    editions = templates.editions.get(command.phase, ())
    if isinstance(command, WriteTemplate):
        return [_write(command, len(editions) + 1, context)]
    edition = next((each for each in editions if each.version == command.version), None)
    if edition is None:
        raise Unknown(f"there is no version {command.version} for {command.threat}, {command.phase}", "version")
    if edition.withdrawn:
        raise Refused(f"version {edition.version} was withdrawn; write it anew")
    if isinstance(command, ApproveTemplate):
        return _approve(command, edition, context)
    return [
        TemplateWithdrawn(
            threat=command.threat,
            phase=command.phase,
            version=edition.version,
            reason=command.reason,
            by=context.actor.id,
        )
    ]


def _write(command: WriteTemplate, version: int, context: Context) -> TemplateWritten:
    if command.phase not in WORDED:
        raise Invalid(f"there are words for {', '.join(WORDED)}, not for {command.phase}", "phase")
    require_every_language(command.texts)
    require_finished(command.texts)
    return TemplateWritten(
        threat=command.threat, phase=command.phase, version=version, texts=command.texts, by=context.actor.id
    )


def _approve(command: ApproveTemplate, edition: Edition, context: Context) -> list[Event]:
    if context.actor.id == edition.by:
        raise Refused("prepared words are approved by a second person, not by the one who wrote them")
    for language in command.languages:
        if language not in edition.texts:
            raise Unknown(f"version {edition.version} has no text in {language!r}", "languages")
    read = tuple(language for language in dict.fromkeys(command.languages) if language not in edition.approved)
    if not read:
        return []
    return [
        TemplateApproved(
            threat=command.threat,
            phase=command.phase,
            version=edition.version,
            languages=read,
            in_force=set(edition.texts) <= {*edition.approved, *read},
            by=context.actor.id,
        )
    ]


def evolve(templates: Templates, event: TemplateEvent) -> Templates:
    editions = templates.editions.get(event.phase, ())
    if isinstance(event, TemplateWritten):
        editions = (*editions, Edition(event.version, event.texts, event.by))
    else:
        editions = tuple(_changed(each, event) if each.version == event.version else each for each in editions)
    return Templates({**templates.editions, event.phase: editions})


def _changed(edition: Edition, event: TemplateApproved | TemplateWithdrawn) -> Edition:
    if isinstance(event, TemplateWithdrawn):
        return msgspec.structs.replace(edition, withdrawn=True)
    return msgspec.structs.replace(edition, approved=edition.approved | dict.fromkeys(event.languages, event.by))


TEMPLATE = Subject(
    name="template",
    id_field="threat",
    commands=(WriteTemplate, ApproveTemplate, WithdrawTemplate),
    events=(TemplateWritten, TemplateApproved, TemplateWithdrawn),
    blank=Templates(),
    decide=decide,
    evolve=evolve,
)
