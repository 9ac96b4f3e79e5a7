"""The prepared words of alerts: which version is in force, and which wait for a second reader."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from tocsin.domain.warning import TEMPLATE, WORDED, Edition, Phase, Templates, Threat, wording
from tocsin.kernel.event import Event, Recorded
from tocsin.views.view import Handler, View


class TemplateListState(msgspec.Struct):
    templates: dict[Threat, Templates] = {}


class PreparedWords(msgspec.Struct, frozen=True):
    """
    What an alert of one threat says in one phase.

    Attributes:
        version: In force; 0 are the built-in words.
        editions: Every version that was written, oldest first.
    """

    threat: Threat
    phase: Phase
    version: int
    texts: dict[str, str]
    editions: tuple[Edition, ...]


class TemplateList(View[TemplateListState]):
    name: ClassVar[str] = "templates"

    def __init__(self) -> None:
        super().__init__(TemplateListState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return dict.fromkeys(TEMPLATE.events, self._happened)

    def _happened(self, recorded: Recorded) -> None:
        threat = recorded.event.threat
        before = self.state.templates.get(threat) or Templates()
        self.state.templates[threat] = TEMPLATE.evolve(before, recorded.event)

    def all(self) -> list[PreparedWords]:
        """For every threat and phase, what would be said now."""
        return [self._words(threat, phase) for threat in Threat for phase in WORDED]

    def _words(self, threat: Threat, phase: Phase) -> PreparedWords:
        templates = self.state.templates.get(threat) or Templates()
        texts, version = wording(threat, phase, templates)
        return PreparedWords(threat, phase, version, texts, templates.editions.get(phase, ()))
