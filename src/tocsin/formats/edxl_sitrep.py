"""
Casualties as an EDXL-SitRep 1.0 report (OASIS EDXL-SitRep-v1.0 cs02, 6 October 2016): CasualtyAndIllnessSummary.

The standard has no field for children: they are told in the remarks, as is everything else that has none.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from tocsin.domain.casualties.claims import Age, Measure, Role
from tocsin.domain.casualties.numerals import Lang
from tocsin.domain.casualties.periods import CasualtyReport
from tocsin.domain.casualties.phrases import render
from tocsin.domain.casualties.reconcile import Figure

MEDIA_TYPE = "application/xml"
SITREP = "urn:oasis:names:tc:emergency:EDXL:SitRep:1.0"
CT = "urn:oasis:names:tc:emergency:edxl:ct:1.0"
XNL = "urn:oasis:names:tc:emergency:edxl:ciq:1.0:xnl"
GML = "http://www.opengis.net/gml/3.2"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
# The type of the report is named by a value, and a value takes no default namespace: it needs the prefix.
PREFIXES = {"sitrep": SITREP, "ct": CT, "n": XNL, "gml": GML, "xsi": XSI}
LONGEST = 1023
"""Characters of an EDXL string."""

FIELDS: tuple[tuple[str, Measure], ...] = (
    ("fatalities", Measure.KILLED),
    ("hospitalized", Measure.HOSPITALISED),
    ("withInjuryOrIllness", Measure.INJURED),
    ("trappedOrInNeedOfRescue", Measure.TRAPPED),
    ("missing", Measure.MISSING),
    ("evacuated", Measure.EVACUATED),
)


def message_id(report: CasualtyReport) -> str:
    return f"{report.attack}-sitrep-{report.number}"


def write_sitrep(report: CasualtyReport) -> bytes:
    """
    The report as a document in UTF-8.

    A count that is only a bound, or preliminary, is marked estimated. Who is not known to be a responder is counted
    with the others, and the remarks say so.
    """
    root = etree.Element(_sitrep("sitRep"), nsmap=PREFIXES)
    _text(root, _sitrep("messageID"), message_id(report))
    _person(root, "preparedBy", report.prepared_by, report.until)
    _person(root, "authorizedBy", report.authorized_by, report.until)
    _text(root, _sitrep("reportPurpose"), _purpose(report))
    _text(root, _sitrep("reportNumber"), str(report.number))
    _text(root, _sitrep("reportVersion"), report.version)
    period = etree.SubElement(root, _sitrep("forTimePeriod"))
    _text(period, f"{{{CT}}}fromDateTime", moment(report.since))
    _text(period, f"{{{CT}}}toDateTime", moment(report.until))
    if title := report.names.get("en") or report.names.get("uk"):
        _text(root, _sitrep("reportTitle"), title)
    _text(root, _sitrep("incidentID"), report.attack)
    _text(root, _sitrep("incidentLifecyclePhase"), "Response")
    for earlier in report.precedes:
        _text(root, _sitrep("precedingMessageID"), earlier)
    _text(root, _sitrep("urgency"), "Immediate")
    _text(root, _sitrep("reportConfidence"), report.confidence)
    _text(root, _sitrep("severity"), _severity(report))
    _location(root, report)
    if report.next_expected is not None:
        _text(root, _sitrep("nextContact"), moment(report.next_expected))
    _summary(root, report)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def moment(when: datetime) -> str:
    """A time as EDXL takes it: without a fraction, and with an offset in digits, since `Z` is refused."""
    return when.astimezone(UTC).replace(microsecond=0).isoformat()


def _purpose(report: CasualtyReport) -> str:
    said = "Casualties of an air attack"
    return f"EXERCISE: {said}. НАВЧАННЯ." if report.exercise else said


def _severity(report: CasualtyReport) -> str:
    killed, injured = report.figure(Measure.KILLED), report.figure(Measure.INJURED)
    if killed and killed.best:
        return "Extreme"
    if injured and injured.best:
        return "Severe"
    return "Unknown" if killed is None and injured is None else "Minor"


def _summary(root: etree._Element, report: CasualtyReport) -> None:
    summary = etree.SubElement(root, _sitrep("report"))
    summary.set(f"{{{XSI}}}type", "sitrep:CasualtyAndIllnessSummaryType")
    for name, in_period in (("numberThisReportingPeriod", True), ("totalNumberToDate", False)):
        span = etree.SubElement(summary, _sitrep(name))
        _people(etree.SubElement(span, _sitrep("nonResponder")), report, Role.ALL, in_period)
        if any(report.figure(measure, role=Role.RESPONDER) for _, measure in FIELDS):
            _people(etree.SubElement(span, _sitrep("responder")), report, Role.RESPONDER, in_period)


def _people(parent: etree._Element, report: CasualtyReport, role: Role, in_period: bool) -> None:
    for name, measure in FIELDS:
        if (count := _count(report, measure, role, in_period)) is not None:
            _text(parent, _sitrep(name), str(count))
    remarks = "" if in_period else " ".join(_remarks(report, role))
    if remarks:
        _text(parent, _sitrep("remarks"), remarks)
    _text(parent, _sitrep("estimated"), str(report.confidence != "HighlyConfident").lower())


def _count(report: CasualtyReport, measure: Measure, role: Role, in_period: bool) -> int | None:
    def of(who: Role) -> int | None:
        if in_period:
            return report.in_period(measure, role=who)
        figure = report.figure(measure, role=who)
        return None if figure is None else figure.best

    found, responders = of(role), of(Role.RESPONDER)
    if role is Role.RESPONDER or found is None or responders is None:
        return found
    return max(0, found - responders)


def _remarks(report: CasualtyReport, role: Role) -> Iterator[str]:
    for name, measure in FIELDS:
        if (figure := report.figure(measure, role=role)) is not None:
            source = f"{figure.source['en']}, {moment(figure.as_of)}"
            yield f"{name}: {render(figure.says, Lang.EN)}, {figure.status.value} ({source})."
            yield from _doubts(figure)
        children = report.figure(measure, age=Age.CHILD, role=role)
        # Of an ambiguous count of children nobody knows what it is a part of.
        if children is not None and children.attachment != "ambiguous":
            yield f"{name}, children: {render(children.says, Lang.EN)}."
    if role is Role.ALL and report.figure(Measure.KILLED, role=Role.RESPONDER) is None:
        yield "Responders are not told apart."


def _doubts(figure: Figure) -> Iterator[str]:
    if figure.reason is not None:
        yield f"Revised: {figure.reason.value}."
    for conflict in figure.conflicts:
        yield f"{conflict.why['en']}."


def _location(root: etree._Element, report: CasualtyReport) -> None:
    location = etree.SubElement(root, _sitrep("reportingLocation"))
    if report.lat is not None and report.lon is not None:
        place = etree.SubElement(location, f"{{{CT}}}EDXLGeoLocation")
        # This profile of GML has a lower-case point, an upper-case Id, and SrsName without a prefix.
        point = etree.SubElement(place, f"{{{GML}}}point")
        point.set(f"{{{GML}}}Id", "place")
        point.set("SrsName", "urn:ogc:def:crs:EPSG::4326")
        _text(point, f"{{{GML}}}pos", f"{report.lat} {report.lon}")
    else:
        code = etree.SubElement(etree.SubElement(location, f"{{{CT}}}EDXLGeoPoliticalLocation"), f"{{{CT}}}geoCode")
        _text(code, f"{{{CT}}}valueListURI", "urn:katottg")
        _text(code, f"{{{CT}}}value", report.place)


def _person(root: etree._Element, role: str, name: str, when: datetime) -> None:
    pair = etree.SubElement(root, _sitrep(role))
    person = etree.SubElement(etree.SubElement(pair, f"{{{CT}}}personDetails"), f"{{{XNL}}}personName")
    _text(person, f"{{{XNL}}}nameElement", name)
    _text(pair, f"{{{CT}}}timeValue", moment(when))


def _sitrep(name: str) -> str:
    return f"{{{SITREP}}}{name}"


def _text(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text[:LONGEST]
