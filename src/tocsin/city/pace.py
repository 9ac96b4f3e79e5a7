"""How fast people walk to shelter, and which ways and doors they can use."""

from enum import StrEnum
from typing import NamedTuple


class Profile(StrEnum):
    ADULT = "adult"
    CHILD = "child"
    """A child on foot, or an adult with a small one by the hand."""
    WHEELCHAIR = "wheelchair"
    """No steps; step-free doors only."""


class Pace(NamedTuple):
    """
    Attributes:
        metres_per_second: On the level.
        step_free: Only ways without steps and doors without steps will do.
    """

    metres_per_second: float
    step_free: bool


# Where each speed is from stands in docs/shelters.md.
PACES: dict[Profile, Pace] = {
    Profile.ADULT: Pace(1.3, step_free=False),
    Profile.CHILD: Pace(1.0, step_free=False),
    Profile.WHEELCHAIR: Pace(0.69, step_free=True),
}

WALKING_LIMIT_MINUTES = 10.0
"""Beyond this a shelter is too far, if nobody says otherwise."""
MAX_MINUTES = 120.0
"""Of a plan: whoever walks longer than this is not going to a shelter."""
