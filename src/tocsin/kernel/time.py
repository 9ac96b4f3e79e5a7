"""Instants: always with an offset, never naive (RFC 3339)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from tocsin.kernel.errors import Invalid

Clock: TypeAlias = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


def parse_instant(text: str, where: str = "") -> datetime:
    """
    Read an RFC 3339 instant.

    Raises:
        Invalid: If it is malformed or carries no offset: a naive time is read as the reader's own zone
            by some clients and as UTC by others, and an alert ends up three hours off.
    """
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text!r} is not an RFC 3339 time", where) from None
    if instant.tzinfo is None:
        raise Invalid(f"{text!r} has no offset; write +03:00 or Z", where)
    return instant


def format_instant(instant: datetime) -> str:
    """UTC, microseconds only where there are any, so that texts compare like instants of one precision."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def local(instant: datetime, zone: str) -> datetime:
    """The wall-clock time in a zone such as Europe/Kyiv."""
    return instant.astimezone(ZoneInfo(zone))
