"""Work in the field, where the network may be gone: an order carries its own time and what its author had seen."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from tocsin.kernel.errors import Invalid
from tocsin.kernel.event import Command, Event, Instant

SKEW = timedelta(minutes=5)
"""How far ahead of ours a clock in the field may run."""


class FieldCommand(Command, frozen=True, kw_only=True):
    """
    Attributes:
        occurred: When it was done, where that is not when it arrives here.
    """

    occurred: Instant | None = None


class FieldEvent(Event, frozen=True, kw_only=True):
    """
    Attributes:
        occurred: When it was done, if that was not when it was recorded.
    """

    occurred: Instant | None = None


class EditCommand(FieldCommand, frozen=True, kw_only=True):
    """
    Attributes:
        seen: The `position` of the thing as its author had it on the screen. If somebody changed the same field
            after that, neither word is thrown away: both stand as a conflict until a person decides.
    """

    seen: Annotated[int, Meta(ge=0)] | None = None


class EditEvent(FieldEvent, frozen=True, kw_only=True):
    """
    Attributes:
        seen: The position of the thing that its author had before them.
    """

    seen: int | None = None


def require_past(command: object, now: datetime) -> None:
    """
    Raises:
        Invalid: If it says that it was done in the future.
    """
    occurred = getattr(command, "occurred", None)
    if occurred is not None and occurred > now + SKEW:
        raise Invalid(f"{occurred.isoformat()} has not come yet", "occurred")
