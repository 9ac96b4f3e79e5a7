"""
What a push says: the state of one area in one language, small enough to be encrypted in one record.

State and not event: messages get lost, arrive late and replace each other, and each must be true by itself
(lessons.md 4). The service worker shows it under `tag`, so that a later one takes the place of an earlier one.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from tocsin.domain.warning import EXERCISE, STANDS, TITLES, Notice, Phase, prepared
from tocsin.kernel.event import Instant

MOST_BYTES = 3800
"""Of the text. A record of RFC 8291, section 4, has 4096 bytes, of which 103 are not ours; the rest is to spare."""
ALERT_TTL = timedelta(minutes=15)
"""How long a push service may hold an alert for a phone that is off. A later one would wake people for the past."""
END_TTL = timedelta(hours=24)
"""How long it may hold the end of one. Never less than the alert: whoever saw that must see this."""
LONGEST_PLACES = 200

TITLES_HERE = TITLES | {Phase.UNKNOWN: {"uk": "Тривога тут більше не діє", "en": "Alert no longer in force"}}
NARROWED = {
    "uk": "Тривогу звузили, тут вона більше не діє. Відбою не оголошували: стежте за офіційними повідомленнями.",
    "en": "The alert was narrowed and no longer holds here. No all-clear was given: follow official messages.",
}
PART = {"uk": "частина", "en": "part of"}
LANGUAGES = ("uk", "en")


class Told(NamedTuple):
    """
    What is true of an area, as its subscribers are told.

    Attributes:
        notice: The message that speaks for the area.
        part: It does not hold for the whole area, only for `places` in it.
        position: Of the journal when this was true. Not that of the notice: when a newer alert ends, an older one that
            still stands speaks again.
    """

    area: str
    notice: Notice
    part: bool
    places: tuple[str, ...]
    position: int


class PushMessage(msgspec.Struct, frozen=True):
    """
    The payload, as JSON.

    Attributes:
        part_of: True where the alert holds for some places in the area only.
        valid_until: After this the reader knows nothing: unknown, never safe.
        position: Of the journal, as of which this is true. A worker that has shown a higher one shows this as old news.
        tag: The same for all that is ever said of the area.
    """

    kind: str
    realm: str
    area: str
    phase: Phase
    part_of: bool
    threat: str
    alert: str
    revision: int
    position: int
    sent: Instant
    since: Instant
    valid_until: Instant
    tag: str
    lang: str
    title: str
    body: str
    url: str


def narrowed(notice: Notice) -> Notice:
    """
    An alert that stands elsewhere, as told where it no longer does.

    Nobody has said that the danger is over, so this is no all-clear; and nobody says any longer that there is one.
    """
    return msgspec.structs.replace(notice, phase=Phase.UNKNOWN, texts=NARROWED)


def topic(realm: str, area: str) -> str:
    """
    The name under which a push service keeps one message for a browser (RFC 8030, section 5.4): 32 characters.

    One for each area and realm. So an all-clear takes the place of an alert that has not been delivered.
    """
    return urlsafe_b64encode(hashlib.sha256(f"{realm}/{area}".encode()).digest()[:24]).decode()


def time_to_live(notice: Notice, now: datetime) -> int:
    """Seconds that a push service may hold it (RFC 8030, section 5.2); 0 or less if it is no longer worth sending."""
    if notice.phase in STANDS:
        return int(min(notice.expires - now, ALERT_TTL).total_seconds())
    return int((notice.sent + END_TTL - now).total_seconds())


def write_push(
    told: Told, names: Mapping[str, Mapping[str, str]], realm: str, language: str, now: datetime, url: str
) -> bytes:
    """
    Args:
        names: Area code to its names by language.
        url: Of the page to open.
    """
    notice = told.notice
    mark = f"{EXERCISE[language]}. " if realm != "live" else ""
    place = _name(names, told.area, language)
    where = f"{PART[language]} {place}" if told.part else place
    said = notice.texts.get(language) if notice.phase is not Phase.EXPIRED else None
    text = said or prepared(notice.threat, notice.phase)[language]
    if told.part:
        text = f"{_cut(', '.join(_name(names, code, language) for code in told.places), LONGEST_PLACES)}. {text}"
    message = PushMessage(
        kind="alert",
        realm=realm,
        area=told.area,
        phase=notice.phase,
        part_of=told.part,
        threat=notice.threat,
        alert=notice.alert,
        revision=notice.revision,
        position=told.position,
        sent=notice.sent,
        since=notice.since,
        valid_until=notice.expires if notice.phase in STANDS else now + END_TTL,
        tag=topic(realm, told.area),
        lang=language,
        title=f"{mark}{TITLES_HERE[notice.phase][language]}: {_cut(where, LONGEST_PLACES)}",
        body=f"{mark}{text}",
        url=url,
    )
    return _fitting(message)


def _fitting(message: PushMessage) -> bytes:
    """The message with as much of its body as fits. A message that is refused for its length warns nobody."""
    body = message.body
    while len(encoded := msgspec.json.encode(message)) > MOST_BYTES and body:
        body = body[: len(body) * 3 // 4]
        message = msgspec.structs.replace(message, body=f"{body}…")
    return encoded


def _name(names: Mapping[str, Mapping[str, str]], code: str, language: str) -> str:
    known = names.get(code, {})
    return known.get(language) or known.get("uk") or code


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def speaking(notices: Iterable[tuple[Notice, bool]], rank: Mapping[Phase, int]) -> tuple[Notice, bool] | None:
    """
    Which of the alerts over an area, each with whether it holds for a part only, speaks for it.

    Args:
        rank: Of a phase; the highest speaks, of several for the whole area, of several the newest.
    """
    found = list(notices)
    return max(found, key=lambda each: (rank[each[0].phase], not each[1], each[0].position)) if found else None
