"""
The structure of CAP 1.2, 1.1 and 1.0 as tables: which elements, in which order, how often, holding what.

CAP 1.2: OASIS CAP-v1.2-os, section 3.4; CAP 1.1: OASIS CAP-v1.1 with its schema; CAP 1.0: www.incident.com/cap/1.0.
"""

from dataclasses import dataclass

from tocsin.formats.cap_check.values import (
    CAP_TIME,
    DECIMAL,
    INTEGER,
    LANGUAGE,
    TEXT,
    TIME,
    URI,
    WORDS,
    Simple,
    one_of,
)
from tocsin.formats.cap_xml import VERSIONS

CATEGORIES = ("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE")
RESPONSES = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
MESSAGES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")


@dataclass(frozen=True)
class Part:
    """
    An element at its place in a sequence.

    Attributes:
        least: How often at least.
        most: How often at most; None for as often as one likes.
    """

    name: str
    kind: "Simple | Sequence"
    least: int = 1
    most: int | None = 1


@dataclass(frozen=True)
class Sequence:
    """
    The type of an element that holds elements, in this order.

    Attributes:
        signed: Whether signatures may stand at the end.
    """

    parts: tuple[Part, ...]
    signed: bool = False


@dataclass(frozen=True)
class Schema:
    """The elements that may stand alone. In the schema of CAP these are not the alert only."""

    roots: dict[str, Simple | Sequence]


def _once(kind: Simple | Sequence, *names: str) -> tuple[Part, ...]:
    return tuple(Part(name, kind) for name in names)


def _maybe(kind: Simple | Sequence, *names: str) -> tuple[Part, ...]:
    return tuple(Part(name, kind, least=0) for name in names)


def _any(kind: Simple | Sequence, *names: str, least: int = 0) -> tuple[Part, ...]:
    return tuple(Part(name, kind, least=least, most=None) for name in names)


_PAIR = Sequence(_once(TEXT, "valueName", "value"))
_SCALES = (
    *_once(one_of(*URGENCIES), "urgency"),
    *_once(one_of(*SEVERITIES), "severity"),
)
_SAID = (
    *_maybe(TEXT, "senderName", "headline", "description", "instruction"),
    *_maybe(URI, "web"),
    *_maybe(TEXT, "contact"),
)


def _area(shape: Simple, pair: Simple | Sequence, height: Simple) -> Sequence:
    return Sequence(
        (
            *_once(TEXT, "areaDesc"),
            *_any(shape, "polygon", "circle"),
            *_any(pair, "geocode"),
            *_maybe(height, "altitude", "ceiling"),
        )
    )


def _resource(mime_least: int, *, inline: bool) -> Sequence:
    return Sequence(
        (
            *_once(TEXT, "resourceDesc"),
            Part("mimeType", TEXT, least=mime_least),
            *_maybe(INTEGER, "size"),
            *_maybe(URI, "uri"),
            *_maybe(TEXT, *(("derefUri", "digest") if inline else ("digest",))),
        )
    )


def _info(time: Simple, responses: tuple[str, ...], resource: Sequence, area: Sequence) -> Sequence:
    return Sequence(
        (
            *_maybe(LANGUAGE, "language"),
            *_any(one_of(*CATEGORIES, "Other"), "category", least=1),
            *_once(TEXT, "event"),
            *_any(one_of(*responses), "responseType"),
            *_SCALES,
            *_once(one_of(*CERTAINTIES), "certainty"),
            *_maybe(TEXT, "audience"),
            *_any(_PAIR, "eventCode"),
            *_maybe(time, "effective", "onset", "expires"),
            *_SAID,
            *_any(_PAIR, "parameter"),
            *_any(resource, "resource"),
            *_any(area, "area"),
        )
    )


def _alert(time: Simple, info: Sequence, *, signed: bool) -> Sequence:
    return Sequence(
        (
            *_once(TEXT, "identifier", "sender"),
            *_once(time, "sent"),
            *_once(one_of(*STATUSES), "status"),
            *_once(one_of(*MESSAGES), "msgType"),
            *_maybe(TEXT, "source"),
            *_once(one_of(*SCOPES), "scope"),
            *_maybe(TEXT, "restriction", "addresses"),
            *_any(TEXT, "code"),
            *_maybe(TEXT, "note", "references", "incidents"),
            *_any(info, "info"),
        ),
        signed=signed,
    )


_OLD_RESPONSES = tuple(response for response in RESPONSES if response not in ("Avoid", "AllClear"))
_ALERT_12 = _alert(
    CAP_TIME, _info(CAP_TIME, RESPONSES, _resource(1, inline=True), _area(TEXT, _PAIR, DECIMAL)), signed=True
)
_ALERT_11 = _alert(TIME, _info(TIME, _OLD_RESPONSES, _resource(0, inline=True), _area(TEXT, _PAIR, TEXT)), signed=False)

_INFO_10 = Sequence(
    (
        *_maybe(LANGUAGE, "language"),
        *_any(one_of(*CATEGORIES[:-1], "Other"), "category"),
        *_once(TEXT, "event"),
        *_SCALES,
        *_once(one_of("Very Likely", *CERTAINTIES[1:]), "certainty"),
        *_maybe(TEXT, "audience"),
        *_any(TEXT, "eventCode"),
        *_maybe(TIME, "effective", "onset", "expires"),
        *_SAID,
        *_any(TEXT, "parameter"),
        *_any(_resource(0, inline=False), "resource"),
        *_any(_area(WORDS, TEXT, TEXT), "area"),
    )
)
_ALERT_10 = Sequence(
    (
        *_once(TEXT, "identifier", "sender"),
        *_once(TIME, "sent"),
        *_once(one_of(*STATUSES[:-1]), "status"),
        *_once(one_of(*MESSAGES), "msgType"),
        *_maybe(TEXT, "password", "source"),
        *_maybe(one_of(*SCOPES), "scope"),
        *_maybe(TEXT, "restriction", "addresses"),
        *_any(TEXT, "code"),
        *_maybe(TEXT, "note"),
        *_maybe(WORDS, "references", "incidents"),
        *_any(_INFO_10, "info"),
    )
)

_PAIRS: dict[str, Simple | Sequence] = {"valueName": TEXT, "value": TEXT}
_BY_VERSION = {
    "1.2": Schema({"alert": _ALERT_12, **_PAIRS}),
    "1.1": Schema({"alert": _ALERT_11, **_PAIRS}),
    "1.0": Schema({"alert": _ALERT_10}),
}

SCHEMAS = {namespace: _BY_VERSION[version] for namespace, version in VERSIONS.items()}
"""By namespace."""
