"""Instants: always with an offset, never naive (RFC 3339)."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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


def retry_after(text: str | None, now: datetime) -> float | None:
    """Seconds to wait, from the header of that name (RFC 9110, section 10.2.3); None where it says nothing usable."""
    if text is None:
        return None
    if text.strip().isascii() and text.strip().isdigit() and len(text) < 10:
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (until - now).total_seconds()) if until.tzinfo is not None else None


# Both names of a zone that was renamed in 2022. A machine with older or pruned zone data knows one of them only.
ALIASES = {"Europe/Kyiv": "Europe/Kiev", "Europe/Kiev": "Europe/Kyiv"}


def zone_of(name: str, where: str = "") -> ZoneInfo:
    """
    The rules of a zone such as Europe/Kyiv, under whichever of its names this machine knows them.

    Raises:
        Invalid: If there is no such zone.
    """
    for known in (name, ALIASES.get(name, name)):
        try:
            return ZoneInfo(known)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    raise Invalid(f"there is no time zone {name!r}", where)


def local(instant: datetime, zone: str) -> datetime:
    """
    The wall-clock time in a zone, with its offset.

    Raises:
        Invalid: If there is no such zone.
    """
    return instant.astimezone(zone_of(zone))


def is_repeated(instant: datetime, zone: str) -> bool:
    """Whether the clocks of a zone show this time twice, because they are set back around it."""
    here = local(instant, zone)
    return here.replace(fold=0).utcoffset() != here.replace(fold=1).utcoffset()
