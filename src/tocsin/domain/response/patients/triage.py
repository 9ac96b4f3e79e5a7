"""
START and JumpSTART: which category somebody's findings give.

Sources: START: Super G. et al., START: Simple Triage and Rapid Treatment Plan, Hoag Memorial Presbyterian Hospital,
1994; Benson M., Koenig K.L., Schultz C.H., Disaster triage: START, then SAVE, Prehospital and Disaster Medicine 11
(1996) 117-124. JumpSTART: Romig L.E., Pediatric triage: a system to JumpSTART your triage of young patients at MCIs,
JEMS 27 (2002) 52-63.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.kernel.errors import Invalid


class Category(StrEnum):
    RED = "red"
    """Immediate."""
    YELLOW = "yellow"
    """Delayed."""
    GREEN = "green"
    """Minor."""
    BLACK = "black"
    """Deceased or expectant. A tag is not a death: that is `patient.die`."""


class Scheme(StrEnum):
    START = "start"
    JUMPSTART = "jumpstart"


class Response(StrEnum):
    """AVPU, with the answer to pain divided as JumpSTART does."""

    ALERT = "alert"
    VOICE = "voice"
    PAIN_APPROPRIATE = "pain_appropriate"
    PAIN_INAPPROPRIATE = "pain_inappropriate"
    """Posturing too."""
    UNRESPONSIVE = "unresponsive"


class Findings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What was found, as far as the algorithm asked for it: only what lies on the way to the answer is needed.

    Attributes:
        walks: Can walk.
        breathing: Breathes by itself.
        breathes_after_airway: Breathes once the airway is opened.
        pulse: A child's peripheral pulse can be felt.
        breathes_after_rescue_breaths: A child breathes after five rescue breaths.
        respiratory_rate: A minute.
        radial_pulse: Can be felt (START).
        capillary_refill_s: Seconds (START).
        obeys: Follows simple commands (START).
        response: AVPU (JumpSTART).
    """

    walks: bool
    breathing: bool | None = None
    breathes_after_airway: bool | None = None
    pulse: bool | None = None
    breathes_after_rescue_breaths: bool | None = None
    respiratory_rate: Annotated[int, Meta(ge=0, le=120)] | None = None
    radial_pulse: bool | None = None
    capillary_refill_s: Annotated[float, Meta(ge=0, le=30)] | None = None
    obeys: bool | None = None
    response: Response | None = None

    def asked(self, field: str) -> bool:
        """
        A finding that the algorithm has to know here.

        Raises:
            Invalid: If nobody looked.
        """
        found = getattr(self, field)
        if found is None:
            raise Invalid("triage comes to this question, and nobody looked", f"findings.{field}")
        return bool(found)

    def rate(self) -> int:
        """
        Raises:
            Invalid: If nobody counted.
        """
        if self.respiratory_rate is None:
            raise Invalid("triage comes to this question, and nobody looked", "findings.respiratory_rate")
        return self.respiratory_rate


def triage(scheme: Scheme, findings: Findings) -> Category:
    """
    Raises:
        Invalid: If a finding is missing that the algorithm comes to, naming it.
    """
    return start(findings) if scheme is Scheme.START else jumpstart(findings)


def start(findings: Findings) -> Category:
    """
    Adults. 30 breaths a minute are not too many, and a refill of 2 seconds is not too slow: more is.

    Raises:
        Invalid: As `triage`.
    """
    if findings.walks:
        return Category.GREEN
    if not findings.asked("breathing"):
        return Category.RED if findings.asked("breathes_after_airway") else Category.BLACK
    if findings.rate() > 30:
        return Category.RED
    if _perfusion_fails(findings):
        return Category.RED
    return Category.YELLOW if findings.asked("obeys") else Category.RED


def _perfusion_fails(findings: Findings) -> bool:
    """Radial pulse or capillary refill: either was taken, and where both were, either may fail."""
    if findings.radial_pulse is None and findings.capillary_refill_s is None:
        raise Invalid("triage comes to radial pulse or capillary refill, and nobody looked", "findings.radial_pulse")
    slow = findings.capillary_refill_s is not None and findings.capillary_refill_s > 2
    return findings.radial_pulse is False or slow


def jumpstart(findings: Findings) -> Category:
    """
    Whoever looks like a child, about 1 to 8 years. 15 to 45 breaths a minute are right.

    An infant that cannot walk yet goes through all of it.

    Raises:
        Invalid: As `triage`.
    """
    if findings.walks:
        return Category.GREEN
    if not findings.asked("breathing"):
        return _apnoeic_child(findings)
    if not 15 <= findings.rate() <= 45:
        return Category.RED
    if not findings.asked("pulse"):
        return Category.RED
    findings.asked("response")
    rests = {Response.ALERT, Response.VOICE, Response.PAIN_APPROPRIATE}
    return Category.YELLOW if findings.response in rests else Category.RED


def _apnoeic_child(findings: Findings) -> Category:
    if findings.asked("breathes_after_airway"):
        return Category.RED
    if not findings.asked("pulse"):
        return Category.BLACK
    return Category.RED if findings.asked("breathes_after_rescue_breaths") else Category.BLACK
