"""Who else must agree before an alert goes out, or soon after: a setting of each realm, threat by threat."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

import msgspec


class Approval(StrEnum):
    TWO_BEFORE = "two_before"
    """A second person approves before anything goes out."""
    ONE_THEN_CONFIRM = "one_then_confirm"
    """It sounds at once. A second person confirms it in time, or everybody on duty is told that nobody has."""


class Approvals(msgspec.Struct, frozen=True):
    """
    What one realm asks for.

    Attributes:
        default: For every threat that `threats` does not name. An air raid cannot wait for a second person.
        answer_within: How long a second person may take to approve or confirm before it is escalated.
        threats: Names of threats, such as `chemical`.
    """

    default: Approval = Approval.ONE_THEN_CONFIRM
    answer_within: timedelta = timedelta(seconds=120)
    threats: Mapping[str, Approval] = msgspec.field(default_factory=dict)

    def of(self, threat: str) -> Approval:
        return self.threats.get(threat, self.default)


USUAL = Approvals()
"""What a realm asks for whose settings say nothing of it."""
