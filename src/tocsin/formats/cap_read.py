"""
CAP documents to messages: CAP 1.2, and 1.1 and 1.0 as far as they say the same (OASIS CAP-v1.2-os, section 3.2).

A reader is strict where a mistake could end or miss an alert (who, when, what kind of message) and lenient everywhere
else: a polygon that cannot be read must not keep people from hearing of an attack (lessons.md 11).
What is wrong besides is for `cap_check` to say.
"""

from datetime import datetime

from lxml import etree

from tocsin.domain.foreign.message import Area, Info, Key, Message, Reference
from tocsin.formats.cap_xml import (
    SIGNATURES,
    children,
    elements,
    has_doctype,
    instant,
    namespace_of,
    parse,
    said,
    text_of,
    version_of,
)
from tocsin.kernel.errors import Invalid

STATUSES = frozenset({"Actual", "Exercise", "System", "Test", "Draft"})
TYPES = frozenset({"Alert", "Update", "Cancel", "Ack", "Error"})
SCOPES = frozenset({"Public", "Restricted", "Private"})
RESPONSES = frozenset(
    {"Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"},
)
URGENCIES = frozenset({"Immediate", "Expected", "Future", "Past"})
SEVERITIES = frozenset({"Extreme", "Severe", "Moderate", "Minor"})
CERTAINTIES = frozenset({"Observed", "Likely", "Possible", "Unlikely"})
UNKNOWN = "Unknown"
DEFAULT_LANGUAGE = "en-US"


def read_cap(document: bytes) -> Message:
    """
    Raises:
        Invalid: If it is no alert of CAP 1.2, 1.1 or 1.0, declares a document type, or does not say plainly who sent
            it, when, with which status and scope, and what kind of message it is. Names the element. Nothing else is
            ever raised, whatever the bytes.
    """
    root = parse(document)
    if has_doctype(root):
        raise Invalid("the document declares a type of its own, which a reader must not trust", "document")
    version = version_of(root)
    if version is None:
        raise Invalid(f"{root.tag} is no alert of CAP 1.2, 1.1 or 1.0", "document")
    named = [(words, _reference(words, version)) for words in " ".join(_all(root, "references")).split()]
    return Message(
        version=version,
        key=Key(_required(root, "sender"), _required(root, "identifier")),
        sent=_sent(root),
        status=_among(root, "status", STATUSES),
        type=_among(root, "msgType", TYPES),
        # CAP 1.0 let the scope away, and knew of no other than the public.
        scope="Public" if version == "1.0" and not said(root, "scope") else _among(root, "scope", SCOPES),
        references=tuple(reference for _, reference in named if reference is not None),
        unreadable=tuple(words for words, reference in named if reference is None),
        incidents=said(root, "incidents"),
        codes=_all(root, "code"),
        restriction=said(root, "restriction"),
        addresses=said(root, "addresses"),
        source=said(root, "source"),
        note=said(root, "note"),
        infos=tuple(_info(info) for info in children(root, "info")),
        signed=any(namespace_of(element) == SIGNATURES for element in elements(root)),
    )


def _required(root: etree._Element, name: str) -> str:
    found = children(root, name)
    if len(found) != 1 or not text_of(found[0]):
        raise Invalid("must be there exactly once and say something", f"/alert/{name}")
    return text_of(found[0])


def _among(root: etree._Element, name: str, known: frozenset[str]) -> str:
    text = _required(root, name)
    if text not in known:
        # Never guessed: a Cancel that is read as an Alert does the opposite of what it says (lessons.md 5).
        raise Invalid(f"{text[:40]!r} is not one of {', '.join(sorted(known))}", f"/alert/{name}")
    return text


def _sent(root: etree._Element) -> datetime:
    found = instant(_required(root, "sent"))
    if found is None:
        raise Invalid("is not a time with an offset from UTC", "/alert/sent")
    return found


def _reference(words: str, version: str) -> Reference | None:
    if version == "1.0":
        # CAP 1.0 wrote `identifier/sender`.
        identifier, _, sender = words.partition("/")
        return Reference(Key(sender, identifier), None) if sender and identifier else None
    sender, _, rest = words.partition(",")
    # From the right: a comma that an identifier should not have must not hide what is taken back.
    identifier, _, text = rest.rpartition(",")
    sent = instant(text)
    return None if sent is None or not sender or not identifier else Reference(Key(sender, identifier), sent)


def _info(info: etree._Element) -> Info:
    return Info(
        language=said(info, "language") or DEFAULT_LANGUAGE,
        event=said(info, "event"),
        categories=_all(info, "category"),
        responses=tuple(response for response in _all(info, "responseType") if response in RESPONSES),
        urgency=_scale(info, "urgency", URGENCIES),
        severity=_scale(info, "severity", SEVERITIES),
        certainty=_certainty(info),
        effective=instant(said(info, "effective")),
        onset=instant(said(info, "onset")),
        expires=instant(said(info, "expires")),
        sender_name=said(info, "senderName"),
        headline=said(info, "headline"),
        description=said(info, "description"),
        instruction=said(info, "instruction"),
        web=said(info, "web"),
        contact=said(info, "contact"),
        event_codes=_pairs(info, "eventCode"),
        parameters=_pairs(info, "parameter"),
        areas=tuple(_area(area) for area in children(info, "area")),
    )


def _scale(info: etree._Element, name: str, known: frozenset[str]) -> str:
    text = said(info, name)
    return text if text in known else UNKNOWN


def _certainty(info: etree._Element) -> str:
    # CAP 1.2, 3.2.2 certainty: the value of CAP 1.0 is to be taken for Likely.
    return "Likely" if said(info, "certainty") == "Very Likely" else _scale(info, "certainty", CERTAINTIES)


def _area(area: etree._Element) -> Area:
    return Area(
        description=said(area, "areaDesc"),
        polygons=_all(area, "polygon"),
        circles=_all(area, "circle"),
        geocodes=_pairs(area, "geocode"),
    )


def _all(parent: etree._Element, name: str) -> tuple[str, ...]:
    return tuple(text_of(element) for element in children(parent, name))


def _pairs(parent: etree._Element, name: str) -> tuple[tuple[str, str], ...]:
    return tuple(_pair(element) for element in children(parent, name))


def _pair(element: etree._Element) -> tuple[str, str]:
    # CAP 1.0 wrote `name=value`.
    name, _, value = text_of(element).partition("=")
    return (said(element, "valueName"), said(element, "value")) if not name else (name, value)
