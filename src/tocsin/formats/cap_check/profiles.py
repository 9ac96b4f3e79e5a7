"""What the users of CAP ask for beyond the standard: Google, IPAWS, CAP-CP and WMO."""

import re
from collections.abc import Callable, Iterable
from functools import partial

from lxml import etree

from tocsin.formats.cap_check.geometry import circle_of, circles, corners, is_drawn, polygons
from tocsin.formats.cap_check.info import infos, language_of, parts, times
from tocsin.formats.cap_check.rule import Check, Found, Rule, Severity
from tocsin.formats.cap_xml import children, said, text_of

LONGEST_EVENT = 35
MOST_VERTICES = 100
LONGEST_HEADLINE = 140
# The publisher's arc 2.49.0.0 is not one for identifiers of alerts.
_OID = re.compile(r"urn:oid:2\.49\.0\.1\.\d+\.\d+(?:\.\d+)*\.\d{4}(?:\.\d{1,2}){5}", re.ASCII)
_SCALES = ("urgency", "severity", "certainty")
_ZERO = re.compile(r"(?:[+-]00:00|Z)$")


def _every_info(alert: etree._Element, name: str) -> Found:
    for info in infos(alert):
        if not said(info, name):
            yield info, f"{name} is missing"


def _has(name: str) -> Check:
    """Every info has a part of that name that says something."""
    return lambda alert: _every_info(alert, name)


def _info(alert: etree._Element) -> Found:
    if said(alert, "msgType") not in ("Ack", "Error") and not infos(alert):
        yield alert, "there is no info"


def _area(alert: etree._Element) -> Found:
    for info in infos(alert):
        if not children(info, "area"):
            yield info, "there is no area"


def _pairs(info: etree._Element, name: str) -> frozenset[tuple[str, str]]:
    return frozenset((said(pair, "valueName"), said(pair, "value")) for pair in children(info, name))


def _categories(info: etree._Element) -> frozenset[str]:
    return frozenset(text_of(element) for element in children(info, "category"))


def _codes(info: etree._Element) -> frozenset[tuple[str, str]]:
    return _pairs(info, "eventCode")


def _alike(of: Callable[[etree._Element], object], what: str) -> Check:
    """All infos have the same of something."""

    def check(alert: etree._Element) -> Found:
        first, *others = infos(alert) or [alert]
        same = of(first)
        for info in others:
            if of(info) != same:
                yield info, f"the {what} are not those of the first info"

    return check


def _located(alert: etree._Element) -> Found:
    for area in parts(alert, "area"):
        if not is_drawn(area) and not children(area, "geocode"):
            yield area, "there is no polygon, circle or geocode"


def _drawn(alert: etree._Element) -> Found:
    for info in infos(alert):
        areas = children(info, "area")
        if areas and not any(map(is_drawn, areas)):
            yield areas[0], "no area has a polygon or a circle"


def _unknown(alert: etree._Element) -> Found:
    for name in _SCALES:
        for element in parts(alert, name):
            if text_of(element) == "Unknown":
                yield element, f"the {name} is Unknown"


def _headline(alert: etree._Element) -> Found:
    for element in parts(alert, "headline"):
        if len(text_of(element)) > LONGEST_HEADLINE:
            yield element, f"the headline has {len(text_of(element))} characters"


def _own_words(alert: etree._Element) -> Found:
    for info in infos(alert):
        description = said(info, "description")
        for name in ("headline", "instruction"):
            if description and said(info, name) == description:
                yield children(info, name)[0], f"the {name} repeats the description"


def _radius(alert: etree._Element) -> Found:
    for circle in circles(alert):
        found = circle_of(circle)
        if found is not None and found[1] == 0:
            yield circle, "nobody lives within a radius of zero"


def _zero_offset(elements: Iterable[etree._Element]) -> Found:
    for element in elements:
        if _ZERO.search(text_of(element)):
            yield element, "the offset is zero: is this the local time of the alert?"


def _local_times(alert: etree._Element) -> Found:
    yield from _zero_offset(times(alert))


def _ipaws_offset(alert: etree._Element) -> Found:
    yield from _zero_offset([*children(alert, "sent"), *parts(alert, "expires")])


def _code(starts: str, alert: etree._Element) -> Found:
    if not any(text_of(code).startswith(starts) for code in children(alert, "code")):
        yield alert, f"there is no code {starts}"


def _same_event(alert: etree._Element) -> Found:
    for info in infos(alert):
        same = [said(code, "value") for code in children(info, "eventCode") if said(code, "valueName") == "SAME"]
        if len(same) != 1 or len(same[0]) != 3:
            yield info, "there is not exactly one eventCode SAME of three letters"


def _ignored(alert: etree._Element) -> Found:
    for name in ("effective", "onset"):
        for element in parts(alert, name):
            yield element, f"{name} is ignored: the alert takes effect when it is issued"


def _same_place(alert: etree._Element) -> Found:
    for area in parts(alert, "area"):
        if not any(name == "SAME" and len(value) == 6 for name, value in _pairs(area, "geocode")):
            yield area, "there is no geocode SAME of six digits"


def _canadian_event(alert: etree._Element) -> Found:
    for info in infos(alert):
        if not any(name.startswith("profile:CAP-CP:Event") for name, _ in _codes(info)):
            yield info, "there is no eventCode profile:CAP-CP:Event"


def _canadian_place(alert: etree._Element) -> Found:
    for area in parts(alert, "area"):
        if not any(name.startswith("profile:CAP-CP:Location") for name, _ in _pairs(area, "geocode")):
            yield area, "there is no geocode profile:CAP-CP:Location"


def _both_languages(alert: etree._Element) -> Found:
    spoken = {language_of(info).partition("-")[0] for info in infos(alert)}
    if infos(alert) and not {"en", "fr"} <= spoken:
        yield alert, "it is not said in both English and French"


def _oid(alert: etree._Element) -> Found:
    for element in children(alert, "identifier"):
        if not _OID.fullmatch(text_of(element)):
            yield element, "this is not urn:oid:2.49.0.1.COUNTRY.ORGANISATION.YYYY.M.D.h.m.s"


def _short_event(alert: etree._Element) -> Found:
    for element in parts(alert, "event"):
        if len(text_of(element)) > LONGEST_EVENT:
            yield element, f"the event has {len(text_of(element))} characters"


def _vertices(alert: etree._Element) -> Found:
    for polygon in polygons(alert):
        count = len(corners(polygon) or ())
        if count > MOST_VERTICES:
            yield polygon, f"the polygon has {count} pairs"


_E, _W = Severity.ERROR, Severity.WARNING
_G = "Google Public Alerts CAP v1.0"
_I = "IPAWS Profile v1.0"
_C = "CAP-CP Introduction and Rule Set"
_M = "WMO guidelines for CAP"

GOOGLE = (
    Rule("google.info", _E, _G, "There is an info", _info),
    Rule("google.categories", _E, _G, "All infos have the same categories", _alike(_categories, "categories")),
    Rule("google.event-codes", _E, _G, "All infos have the same event codes", _alike(_codes, "event codes")),
    Rule("google.description", _E, _G, "Every info has a description", _has("description")),
    Rule("google.web", _E, _G, "Every info has a web address", _has("web")),
    Rule("google.expires", _E, _G, "Every info says until when it is valid", _has("expires")),
    Rule("google.area", _E, _G, "Every info has an area", _area),
    Rule("google.location", _E, _G, "Every area has a polygon, a circle or a geocode", _located),
    Rule("google.drawn", _W, _G, "Some area has a polygon or a circle", _drawn),
    Rule("google.unknown", _W, _G, "Urgency, severity and certainty are known", _unknown),
    Rule("google.sender-name", _W, _G, "Every info has a senderName", _has("senderName")),
    Rule("google.response", _W, _G, "Every info has a responseType", _has("responseType")),
    Rule("google.instruction", _W, _G, "Every info has an instruction", _has("instruction")),
    Rule("google.contact", _W, _G, "Every info has a contact", _has("contact")),
    Rule("google.headline", _W, _G, "A headline has at most 140 characters", _headline),
    Rule("google.own-words", _W, _G, "Headline, description and instruction differ", _own_words),
    Rule("google.radius", _W, _G, "A circle has a radius above zero", _radius),
    Rule("google.offset", _W, _G, "Times have the offset of the place", _local_times),
)
IPAWS = (
    Rule("ipaws.code", _E, _I, "There is a code IPAWSv1.0", partial(_code, "IPAWSv1.0")),
    Rule("ipaws.offset", _E, _I, "sent and expires have the offset of the place", _ipaws_offset),
    Rule("ipaws.categories", _E, _I, "All infos have the same categories", _alike(_categories, "categories")),
    Rule("ipaws.event-codes", _E, _I, "All infos have the same event codes", _alike(_codes, "event codes")),
    Rule("ipaws.same", _E, _I, "Every info has exactly one eventCode SAME of three letters", _same_event),
    Rule("ipaws.expires", _E, _I, "Every info says until when it is valid", _has("expires")),
    Rule("ipaws.area", _E, _I, "Every info has an area", _area),
    Rule("ipaws.ignored", _W, _I, "There is neither effective nor onset", _ignored),
    Rule("ipaws.description", _W, _I, "Every info has a description", _has("description")),
    Rule("ipaws.instruction", _W, _I, "Every info has an instruction", _has("instruction")),
    Rule("ipaws.geocode", _W, _I, "Every area has a geocode SAME of six digits", _same_place),
)
CAP_CP = (
    Rule("cap-cp.code", _E, _C, "There is a code profile:CAP-CP:", partial(_code, "profile:CAP-CP:")),
    Rule("cap-cp.info", _E, _C, "There is an info", _info),
    Rule("cap-cp.event-codes", _E, _C, "All infos have the same event codes", _alike(_codes, "event codes")),
    Rule("cap-cp.event", _E, _C, "Every info has an eventCode profile:CAP-CP:Event", _canadian_event),
    Rule("cap-cp.area", _E, _C, "Every info has an area", _area),
    Rule("cap-cp.location", _E, _C, "Every area has a geocode profile:CAP-CP:Location", _canadian_place),
    Rule("cap-cp.languages", _W, _C, "It is said in English and French", _both_languages),
    Rule("cap-cp.expires", _W, _C, "Every info says until when it is valid", _has("expires")),
    Rule("cap-cp.sender-name", _W, _C, "Every info has a senderName", _has("senderName")),
    Rule("cap-cp.response", _W, _C, "Every info has a responseType", _has("responseType")),
    Rule("cap-cp.instruction", _W, _C, "Every info has an instruction", _has("instruction")),
    Rule("cap-cp.drawn", _W, _C, "Some area has a polygon or a circle", _drawn),
    Rule("cap-cp.offset", _W, _C, "Times have the offset of the place", _local_times),
)
WMO = (
    Rule("wmo.identifier", _E, _M, "The identifier is an OID of WMO with the time", _oid),
    Rule("wmo.event", _E, _M, "An event has at most 35 characters", _short_event),
    Rule("wmo.vertices", _E, _M, "A polygon has at most 100 pairs", _vertices),
    Rule("wmo.unknown", _E, _M, "Urgency, severity and certainty are known", _unknown),
)
