"""What a rule and a finding are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import msgspec
from lxml import etree

from tocsin.formats.cap_xml import path_of

Found: TypeAlias = Iterator[tuple[etree._Element, str]]
"""Each place where a rule is broken, and what is wrong there."""
Check: TypeAlias = Callable[[etree._Element], Found]
"""Takes the alert element. Total: the document may be broken in every other way as well."""


class Severity(StrEnum):
    """An error makes a document invalid. A warning is a bad idea, or is right only now and then."""

    ERROR = "error"
    WARNING = "warning"


class Finding(msgspec.Struct, frozen=True):
    """
    One thing that is wrong.

    Attributes:
        rule: Stable id, such as `references.missing`.
        path: Of the element, such as `/alert/info[2]/area`. For something that is missing, of what lacks it.
    """

    rule: str
    severity: Severity
    path: str
    message: str


@dataclass(frozen=True)
class Rule:
    """
    Attributes:
        id: Stable; what it begins with says what it is about, in a profile the profile.
        source: Standard and section.
        says: What must be so, in one line.
        check: Finds the places where it is not so; None where the reading itself finds them.
    """

    id: str
    severity: Severity
    source: str
    says: str
    check: Check | None = None

    def findings(self, alert: etree._Element) -> Iterator[Finding]:
        if self.check is not None:
            for element, message in self.check(alert):
                yield Finding(self.id, self.severity, path_of(element), message)
