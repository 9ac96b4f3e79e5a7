"""What one of our officers may make of a foreign alert: areas of ours, and an order to raise an alert, filled in."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from textwrap import shorten

from tocsin.city.areas import AreaTree
from tocsin.domain.foreign import Info, Message
from tocsin.domain.foreign.receiving import ends
from tocsin.domain.warning import Phase, RaiseAlert, Threat
from tocsin.formats.cap_place import rings

CODES = "KATOTTG"
"""The name under which a geocode is one of our areas' codes."""
STATUSES = {"live": frozenset({"Actual"}), "exercise": frozenset({"Actual", "Exercise"})}
"""Read as: in this realm, messages of these statuses may become alerts. An exercise must never become a real one."""
LONGEST_TEXT = 2000


def areas_of(message: Message, tree: AreaTree) -> tuple[str, ...]:
    """Our areas that a message is about: by their codes where it names them, else by where its outlines lie."""
    areas = [area for info in message.infos for area in info.areas]
    named = [value for area in areas for name, value in area.geocodes if name.upper() == CODES and value in tree]
    if named:
        return tuple(dict.fromkeys(named))
    return tree.under([ring for area in areas for ring in rings(area)])


def offer(message: Message, areas: tuple[str, ...], realm: str, own: str, now: datetime) -> RaiseAlert | None:
    """
    The order that would warn our people of the same, for an officer to change and to give; nobody else gives it.

    None if there is nothing to warn of: it is about other places, has run out, is our own message come back, or is
    an exercise while we are live.

    Args:
        own: Our own sender.
    """
    end = ends(message)
    over = end is not None and end <= now
    if not areas or not message.infos or over or message.key.sender == own or message.status not in STATUSES[realm]:
        return None
    return RaiseAlert(
        areas=areas,
        threat=_threat(message),
        phase=Phase.ALERT if any(info.urgency == "Immediate" for info in message.infos) else Phase.PRE_ALERT,
        texts=dict(_texts(message)),
        expires=end,
    )


def _threat(message: Message) -> Threat:
    for info in message.infos:
        for name, value in info.event_codes:
            if name == "tocsin:threat" and value in set(Threat):
                return Threat(value)
    return Threat.CHEMICAL if any("CBRNE" in info.categories for info in message.infos) else Threat.OTHER


def _texts(message: Message) -> Iterator[tuple[str, str]]:
    said: Mapping[str, Info] = {info.language[:2].lower(): info for info in reversed(message.infos)}
    for language in ("uk", "en"):
        info = said.get(language)
        words = " ".join(part for part in (info.headline, info.description, info.instruction) if part) if info else ""
        if words.strip():
            yield language, shorten(words, LONGEST_TEXT, placeholder=" …")
