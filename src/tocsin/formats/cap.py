"""Our alerts as CAP 1.2 documents (OASIS CAP-v1.2-os, 2010-07-01, section 3.2)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from textwrap import shorten
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote, urlsplit

from lxml import etree

from tocsin.domain.warning import ADVICE, EXERCISE, STANDS, TITLES, WORDS, Notice, Phase, Threat, prepared
from tocsin.kernel.errors import Invalid

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
NSMAP: dict[Any, str] = {None: NAMESPACE}
MEDIA_TYPE = "application/cap+xml"

STATUS = {"live": "Actual", "exercise": "Exercise"}
LANGUAGES = {"uk": "uk-UA", "en": "en"}
"""Our languages as RFC 3066 writes them. CAP takes a missing language for en-US, so it is never left out."""

OVER = frozenset({Phase.ALL_CLEAR, Phase.CORRECTION})
"""The phases in which there is nothing left to do. An expired alert is not among them."""
KEPT = timedelta(hours=24)
"""How long the message that ends an alert is valid at least, so that who missed it can still find it."""
MOST_VERTICES = 100
DIGITS = 5
"""Decimals of a coordinate: about a metre."""
LONGEST_HEADLINE = 160

Ring: TypeAlias = Sequence[tuple[float, float]]
"""Longitude and latitude in degrees, as GeoJSON has them."""


class Meaning(NamedTuple):
    """What a phase is in the words of CAP: msgType, responseType, urgency, severity, certainty."""

    message: str
    response: str
    urgency: str
    severity: str
    certainty: str


# A Cancel means "disregard", it does not mean "the danger is over": that is an Update with AllClear. An alert that
# ran out is neither: every scale says Unknown, so that no reader can take it for safe.
MEANINGS: dict[Phase, Meaning] = {
    Phase.PRE_ALERT: Meaning("Update", "Prepare", "Expected", "Severe", "Likely"),
    Phase.ALERT: Meaning("Update", "Shelter", "Immediate", "Extreme", "Observed"),
    Phase.ALL_CLEAR: Meaning("Update", "AllClear", "Past", "Minor", "Observed"),
    Phase.CORRECTION: Meaning("Cancel", "None", "Past", "Minor", "Unlikely"),
    Phase.EXPIRED: Meaning("Update", "Monitor", "Unknown", "Unknown", "Unknown"),
}


@dataclass(frozen=True)
class CapArea:
    """
    An area as an alert describes it. Make it once, at the start: its outlines are simplified here, and a
    geometry that cannot be read is found out before the first alert and not during it.

    Args:
        code: KATOTTG.
        names: Language (`uk`, `en`) to name.
        geometry: GeoJSON Polygon or MultiPolygon, or None where only the code is known.

    Attributes:
        polygons: Of CAP: `lat,lon lat,lon …`, closed, of at most 100 pairs each. Holes are filled.

    Raises:
        Invalid: If the geometry is neither.
    """

    code: str
    names: Mapping[str, str]
    geometry: Mapping[str, Any] | None = None
    polygons: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "polygons", _polygons(self.code, self.geometry))

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names.get("uk") or self.code


def identifier(notice: Notice, sender: str) -> str:
    """
    The name of a notice among all messages of a sender, such as `alerts@kyiv.example.20250424-0036-7f3a1c.2`.

    Two notices never share one, whatever an alert is called: what CAP forbids in an identifier (spaces,
    commas, `<`, `&`) is percent-encoded.
    """
    return _identifier(sender, notice.alert, notice.revision)


def expires(notice: Notice) -> datetime:
    """Until when a message is valid. The one that ends an alert stays at least as long as the alert would have."""
    return notice.expires if notice.phase in STANDS else max(notice.expires, notice.sent + KEPT)


def headline(notice: Notice, areas: Mapping[str, CapArea], realm: str, language: str) -> str:
    """What it is and where, in one line of at most 160 characters."""
    said = [EXERCISE[language]] if realm != "live" else []
    said.append(TITLES[notice.phase][language])
    if notice.phase in STANDS:
        said.append(WORDS[notice.threat][language])
    where = ", ".join(area.name(language) for area in _areas(notice, areas))
    return shorten(xml_text(f"{'. '.join(said)}: {where}"), LONGEST_HEADLINE, placeholder=" …")


def descriptions(notice: Notice, realm: str) -> dict[str, str]:
    """
    What happened and what to do, in each of our languages, Ukrainian first. In an exercise each says so.

    An expired notice speaks for itself and not with the alert's old words. A text that stands under two
    languages is the wrong one in at least one of them, so there the prepared words take its place.
    """
    ready = prepared(notice.threat, notice.phase)
    written = {} if notice.phase is Phase.EXPIRED else notice.texts
    said: dict[str, str] = {}
    for language, words in ready.items():
        text = xml_text(written.get(language, "")).strip()
        taken = {*said.values(), *(ready[other] for other in ready if other != language)}
        said[language] = words if not text or text in taken else text
    if realm == "live":
        return said
    # Many readers show the description alone.
    return {language: f"{EXERCISE[language]}. {text}" for language, text in said.items()}


def xml_text(text: str) -> str:
    """The text without the characters that XML 1.0 forbids: one of them must not keep an alert from going out."""
    return _FORBIDDEN.sub("", text)


_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def require_sender(sender: str) -> None:
    """
    Raises:
        Invalid: If it is empty or holds what CAP forbids in a sender.
    """
    if not sender or re.search(r"[\s,<&]", sender) or xml_text(sender) != sender:
        raise Invalid(f"{sender!r} is empty or has a space, a comma, '<' or '&' in it", "sender")


def status(realm: str) -> str:
    """
    Raises:
        Invalid: If the realm is not known. It is never guessed: an exercise must not go out as Actual.
    """
    if realm not in STATUS:
        raise Invalid(f"{realm!r} is neither live nor exercise", "realm")
    return STATUS[realm]


def write_cap(notice: Notice, areas: Mapping[str, CapArea], sender: str, realm: str, web: str | None = None) -> bytes:
    """
    One message of an alert as a CAP 1.2 document in UTF-8. The same input gives the same bytes.

    Args:
        areas: By code. An area that is missing here goes out with its bare code.
        sender: Globally unique and the same for ever, such as `alerts@kyiv.example`.
        realm: `live` gives status Actual, `exercise` Exercise.
        web: Absolute address of a page about the alert.

    Raises:
        Invalid: If the sender, the realm or the address is not one.
    """
    require_sender(sender)
    if web is not None and not (urlsplit(web).scheme in ("http", "https") and urlsplit(web).netloc):
        raise Invalid(f"{web!r} is not an absolute address", "web")
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap=NSMAP)
    _add_all(root, _head(notice, sender, realm))
    for language, description in descriptions(notice, realm).items():
        _add_info(root, notice, areas, realm, web, language, description)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _head(notice: Notice, sender: str, realm: str) -> list[tuple[str, str]]:
    # The order of elements is a sequence in the schema; `references` stands last of these.
    head = [
        ("identifier", identifier(notice, sender)),
        ("sender", sender),
        ("sent", _time(notice.sent)),
        ("status", status(realm)),
        ("msgType", MEANINGS[notice.phase].message if notice.earlier else "Alert"),
        ("scope", "Public"),
    ]
    if status(realm) == "Exercise":
        head.append(("note", f"{EXERCISE['uk']}: це не справжня тривога. {EXERCISE['en']}: this is not a real alert."))
    if notice.earlier:
        # All of them, not only the last: who missed one in between must still know that the first is over.
        chain = (f"{sender},{_identifier(sender, notice.alert, rev)},{_time(sent)}" for rev, sent in notice.earlier)
        head.append(("references", " ".join(chain)))
    return head


def _add_info(
    root: etree._Element,
    notice: Notice,
    areas: Mapping[str, CapArea],
    realm: str,
    web: str | None,
    language: str,
    description: str,
) -> None:
    info = _add(root, "info")
    _add_all(info, _scales(notice, language))
    _add_pair(info, "eventCode", "tocsin:threat", notice.threat)
    _add_all(info, _times(notice))
    _add(info, "headline", headline(notice, areas, realm, language))
    _add(info, "description", description)
    if notice.phase not in OVER:
        _add(info, "instruction", ADVICE[notice.phase][language])
    if web is not None:
        _add(info, "web", web)
    # Typed, since a reader must never have to infer the phase from words.
    _add_pair(info, "parameter", "tocsin:phase", notice.phase)
    _add_pair(info, "parameter", "tocsin:since", _time(notice.since))
    for area in _areas(notice, areas):
        _add_area(info, area, language)


def _scales(notice: Notice, language: str) -> list[tuple[str, str]]:
    meaning = MEANINGS[notice.phase]
    categories = ["Security", "Safety"] + (["CBRNE"] if notice.threat is Threat.CHEMICAL else [])
    return [
        ("language", LANGUAGES[language]),
        *(("category", category) for category in categories),
        ("event", WORDS[notice.threat][language]),
        ("responseType", meaning.response),
        ("urgency", meaning.urgency),
        ("severity", meaning.severity),
        ("certainty", meaning.certainty),
    ]


def _times(notice: Notice) -> list[tuple[str, str]]:
    times = [("effective", _time(notice.sent))]
    # In a later message the onset lies before `sent`, where readers call it an error, and a made-up one would
    # let an old alert pass for a fresh one. `tocsin:since` has it.
    if notice.phase is Phase.ALERT and not notice.earlier:
        times.append(("onset", _time(notice.sent)))
    # Rounded up: an alert must not lapse early, and must lapse after it began.
    return [*times, ("expires", _time(expires(notice) + timedelta(microseconds=999_999)))]


def _add_area(info: etree._Element, area: CapArea, language: str) -> None:
    element = _add(info, "area")
    _add(element, "areaDesc", area.name(language))
    for polygon in area.polygons:
        _add(element, "polygon", polygon)
    _add_pair(element, "geocode", "KATOTTG", area.code)


def _areas(notice: Notice, areas: Mapping[str, CapArea]) -> list[CapArea]:
    return [areas.get(code) or CapArea(code, {}) for code in notice.areas]


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    child.text = None if text is None else xml_text(text)
    return child


def _add_all(parent: etree._Element, children: Iterable[tuple[str, str]]) -> None:
    for name, text in children:
        _add(parent, name, text)


def _add_pair(parent: etree._Element, name: str, key: str, value: str) -> None:
    pair = _add(parent, name)
    _add_all(pair, [("valueName", key), ("value", value)])


def _identifier(sender: str, alert: str, revision: int) -> str:
    return f"{sender}.{quote(alert, safe='')}.{revision}"


def _time(instant: datetime) -> str:
    """Section 3.3.2: no fraction, no Z, and UTC is written -00:00."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def _polygons(code: str, geometry: Mapping[str, Any] | None) -> tuple[str, ...]:
    match geometry:
        case None:
            return ()
        case {"type": "Polygon", "coordinates": rings}:
            return (_polygon(rings[0]),)
        case {"type": "MultiPolygon", "coordinates": parts}:
            return tuple(_polygon(rings[0]) for rings in parts)
        case _:
            raise Invalid(f"the geometry of {code} is neither a Polygon nor a MultiPolygon", "geometry")


def _polygon(positions: Sequence[Sequence[float]]) -> str:
    # A position may carry a height as its third number.
    ring = [(position[0], position[1]) for position in positions]
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    if len(ring) > MOST_VERTICES:
        ring = _simplified(ring)
    return " ".join(f"{lat:.{DIGITS}f},{lon:.{DIGITS}f}" for lon, lat in ring)


def _simplified(ring: Ring) -> list[tuple[float, float]]:
    """A simpler outline that holds the whole of the given one: who lives at the edge must not fall out of the alert."""
    from shapely import Polygon

    shape = Polygon(ring)
    if not shape.is_valid:
        shape = shape.convex_hull
    tolerance = 0.0001
    while True:
        # Widened by a little more than simplifying takes away; where spikes are thin it may take more, so we look.
        outline: Any = Polygon(shape.buffer(1.2 * tolerance).simplify(tolerance).exterior)
        if len(outline.exterior.coords) <= MOST_VERTICES and outline.covers(shape):
            return [(lon, lat) for lon, lat in outline.exterior.coords]
        tolerance *= 1.5
