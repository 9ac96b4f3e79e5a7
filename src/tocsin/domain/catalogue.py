"""Everything the domain knows of: all subjects, and so all kinds of commands and events."""

from typing import Any

from tocsin.domain.bulletins import BULLETINS
from tocsin.domain.casualties import CLAIMS, PERSON
from tocsin.domain.foreign import FOREIGN_ALERT
from tocsin.domain.plan import PLAN
from tocsin.domain.reading import READING
from tocsin.domain.record import RECORD
from tocsin.domain.response import RESPONSE
from tocsin.domain.shelter import SHELTER
from tocsin.domain.siren import SIREN_TESTS, SIRENS
from tocsin.domain.subject import Subject
from tocsin.domain.warning import ALERT, TEMPLATE
from tocsin.kernel.event import Commands, Events

SUBJECTS: tuple[Subject[Any], ...] = (
    ALERT,
    TEMPLATE,
    SIRENS,
    SIREN_TESTS,
    SHELTER,
    PLAN,
    *RESPONSE,
    *RECORD,
    CLAIMS,
    PERSON,
    BULLETINS,
    FOREIGN_ALERT,
    READING,
)


def all_events() -> Events:
    return Events(event for subject in SUBJECTS for event in subject.events)


def all_commands() -> Commands:
    return Commands(command for subject in SUBJECTS for command in subject.commands)
