"""The verdict on CAP documents: the schema's own, and every rule by its name."""

import base64
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.cap_documents import GOOD, GOOD_1_0, REAL, Real, official_schema, real_files

from tocsin.domain.warning import Notice, Phase, Threat
from tocsin.formats.cap import CapArea, write_cap
from tocsin.formats.cap_check import PROFILES, RULES, Finding, Severity, check_cap
from tocsin.formats.cap_xml import VERSIONS, parse, path_of
from tocsin.kernel.errors import Invalid

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
DS = "http://www.w3.org/2000/09/xmldsig#"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
EVERY = tuple(PROFILES)
ALERTS = [real for real in real_files() if real.is_alert]
LONG_RING = " ".join(f"50.{n:03},30.{n * n:05}" for n in range(1, 101))


def found(text: str, *profiles: str) -> tuple[Finding, ...]:
    return check_cap(text.encode(), profiles).findings


def test_a_good_document_has_nothing_against_it_in_any_profile() -> None:
    report = check_cap(GOOD.encode(), EVERY)
    assert (report.version, report.valid, report.schema_valid, report.findings) == ("1.2", True, True, ())


# Read as: this rule finds this place, once this in the good document has become that.
SEEDED: list[tuple[str, str, str, str]] = [
    ("xml.malformed", "/", "</alert>", ""),
    ("xml.doctype", "/", "<alert ", "<!DOCTYPE alert [<!ENTITY a 'b'>]><alert "),
    ("cap.root", "/alert", "cap:1.2", "cap:1.3"),
    ("cap.version", "/alert", "cap:1.2", "cap:1.1"),
    ("schema.root", "/alert", "cap:1.2", "cap:1.3"),
    ("schema.missing", "/alert", "<scope>Public</scope>", ""),
    ("schema.element", "/alert/source[2]", "<incidents>", "<source/><incidents>"),
    ("schema.value", "/alert/status", "Actual", "actual"),
    ("schema.text", "/alert", "<info>", "and <info>"),
    ("schema.attribute", "/alert/scope", "<scope>", '<scope id="1">'),
    ("schema.entity", "/alert/source", "", "entity"),
    ("identifier.empty", "/alert/identifier", "urn:oid:2.49.0.1.804.0.2025.4.24.0.46.0", " "),
    ("identifier.characters", "/alert/identifier", "urn:oid:2", "urn,oid:2"),
    ("sender.empty", "/alert/sender", "<sender>alerts@kyiv.example</sender>", "<sender/>"),
    ("sender.characters", "/alert/sender", "<sender>alerts@", "<sender>the alerts@"),
    ("restriction.missing", "/alert", "Public", "Restricted"),
    ("restriction.unused", "/alert/restriction", "</scope>", "</scope><restriction>staff</restriction>"),
    ("addresses.missing", "/alert", "Public", "Private"),
    ("addresses.quotes", "/alert/addresses", "</scope>", '</scope><addresses>"city hall</addresses>'),
    ("references.missing", "/alert", "alerts@kyiv.example,k-1.1,2025-04-24T00:36:00+03:00", ""),
    ("references.form", "/alert/references", "k-1.1,2025-04-24T00:36:00+03:00", "k-1.1"),
    ("references.circular", "/alert/references", "k-1.1,2025", "urn:oid:2.49.0.1.804.0.2025.4.24.0.46.0,2025"),
    ("references.later", "/alert/references", "2025-04-24T00:36:00+03:00", "2025-04-24T00:36:00+02:00"),
    ("info.missing", "/alert", "", "Alert without info"),
    ("note.missing", "/alert", "", "Exercise without note"),
    ("all-clear.cancel", "/alert/info[1]/responseType", "", "Cancel with all-clear"),
    ("all-clear.linked", "/alert", "", "all-clear of nothing"),
    ("all-clear.urgency", "/alert/info[1]", ">Shelter<", ">AllClear<"),
    ("signature.single", "/alert/Signature[2]", "</alert>", f'<Signature xmlns="{DS}"/>' * 2 + "</alert>"),
    ("signature.last", "/alert/Signature", "<info>", f'<Signature xmlns="{DS}"/><info>'),
    ("time.form", "/alert/sent", "<sent>2025-04-24T00:46:00+03:00", "<sent>2025-04-24T00:46:00.5+03:00"),
    ("time.utc", "/alert/sent", "<sent>2025-04-24T00:46:00+03:00", "<sent>2025-04-24T00:46:00+00:00"),
    (
        "effective.early",
        "/alert/info[1]/effective",
        "<expires>",
        "<effective>2025-04-24T00:45:59+03:00</effective><expires>",
    ),
    ("onset.early", "/alert/info[1]/onset", "<expires>", "<onset>2025-04-24T00:46:00+04:00</onset><expires>"),
    ("expires.early", "/alert/info[1]/expires", "<expires>2025-04-24T06", "<expires>2025-04-23T06"),
    ("expires.order", "/alert/info[1]/expires", "<expires>2025-04-24T06:46", "<expires>2025-04-24T00:46"),
    ("expires.missing", "/alert/info[1]", "<expires>2025-04-24T06:46:00+03:00</expires>", ""),
    ("language.missing", "/alert/info[1]", "<language>en-CA</language>", ""),
    ("language.form", "/alert/info[1]/language", "en-CA", "english"),
    ("language.same-text", "/alert/info[2]/headline", "Allez aux abris<", "Go to shelter<"),
    ("language.same-event", "/alert/info[2]/event", "Attaque de missiles", "Ballistic missile attack"),
    ("event.differs", "/alert/info[2]/event", "fr-CA", "en-CA"),
    ("event.empty", "/alert/info[1]/event", "Ballistic missile attack", ""),
    ("certainty.very-likely", "/alert/info[1]/certainty", "Observed", "Very Likely"),
    ("headline.length", "/alert/info[1]/headline", "Go to shelter<", f"Go to shelter{'!' * 150}<"),
    ("web.absolute", "/alert/info[1]/web", "https://kyiv.example/alerts", "/alerts"),
    ("pair.empty", "/alert/info[1]/parameter/value", "<value>1</value>", "<value> </value>"),
    ("area.empty", "/alert/info[1]/area/areaDesc", "<areaDesc>Podil</areaDesc>", "<areaDesc/>"),
    ("polygon.form", "/alert/info[1]/area/polygon", "<polygon>50.4,30.4", "<polygon>50.4;30.4"),
    ("polygon.pairs", "/alert/info[1]/area/polygon", "50.4,30.6 50.5,30.6 ", "50.4,30.6 "),
    ("polygon.closed", "/alert/info[1]/area/polygon", "50.5,30.6 50.4,30.4", "50.5,30.6 50.4,30.5"),
    ("polygon.crossing", "/alert/info[1]/area/polygon", "50.5,30.6 50", "50.5,30.6 50.4,30.5 50.5,30.5 50"),
    ("position.order", "/alert/info[1]/area/circle", "50.45,30.5 2.5", "100.5,30.5 2.5"),
    ("position.range", "/alert/info[1]/area/polygon", "50.5,30.6", "50.5,181"),
    ("circle.form", "/alert/info[1]/area/circle", "50.45,30.5 2.5", "50.45 30.5 2.5"),
    ("circle.radius", "/alert/info[1]/area/circle", "30.5 2.5", "30.5 -2.5"),
    ("ceiling.alone", "/alert/info[1]/area/ceiling", "<altitude>0</altitude>", ""),
    ("ceiling.below", "/alert/info[1]/area/ceiling", "<altitude>0<", "<altitude>101<"),
    ("geocode.alone", "/alert/info[2]/area", "", "second area with a geocode only"),
    ("text.markup", "/alert/info[1]/instruction", "Go to shelter now.", "Go to &lt;b&gt;shelter&lt;/b&gt; now."),
    ("text.escaped", "/alert/info[1]/instruction", "Go to shelter now.", "Go to shelter &amp;amp; stay."),
    ("resource.empty", "/alert/info[1]/resource/resourceDesc", ">Map<", "><"),
    ("resource.mime-type", "/alert/info[1]/resource/mimeType", "image/png", "picture"),
    ("resource.size", "/alert/info[1]/resource/size", "<size>5", "<size>-5"),
    ("resource.size-wrong", "/alert/info[1]/resource/size", "<size>5", "<size>6"),
    ("resource.uri", "/alert/info[1]/resource/uri", "<derefUri>aGVsbG8=</derefUri>", ""),
    ("resource.content", "/alert/info[1]/resource", "<uri>map.png</uri>\n      <derefUri>aGVsbG8=</derefUri>", ""),
    ("resource.base64", "/alert/info[1]/resource/derefUri", "aGVsbG8=", "hello!"),
    ("resource.digest", "/alert/info[1]/resource/digest", "aaf4c61d", "aaf4"),
    ("resource.digest-wrong", "/alert/info[1]/resource/digest", "aaf4c61d", "baf4c61d"),
    ("google.info", "/alert", "", "Alert without info"),
    (
        "google.categories",
        "/alert/info[2]",
        "<category>Safety</category>\n    <category>Security",
        "<category>Security",
    ),
    ("google.event-codes", "/alert/info[2]", "<value>CDW</value>", "<value>CEM</value>"),
    ("google.description", "/alert/info[1]", "Ballistic missiles are flying towards the city.", ""),
    ("google.web", "/alert/info[1]", "<web>https://kyiv.example/alerts</web>", ""),
    ("google.expires", "/alert/info[1]", "<expires>2025-04-24T06:46:00+03:00</expires>", ""),
    ("google.area", "/alert/info[2]", "", "second info without area"),
    ("google.location", "/alert/info[2]/area", "", "second area with a description only"),
    ("google.drawn", "/alert/info[2]/area", "", "second area with a geocode only"),
    ("google.unknown", "/alert/info[1]/urgency", "Immediate", "Unknown"),
    ("google.sender-name", "/alert/info[1]", "<senderName>Kyiv City Military Administration</senderName>", ""),
    ("google.response", "/alert/info[1]", "<responseType>Shelter</responseType>", ""),
    ("google.instruction", "/alert/info[1]", "<instruction>Go to shelter now.</instruction>", ""),
    ("google.contact", "/alert/info[1]", "<contact>112</contact>", ""),
    ("google.headline", "/alert/info[1]/headline", "Go to shelter<", f"Go to shelter{'!' * 130}<"),
    (
        "google.own-words",
        "/alert/info[1]/headline",
        "Go to shelter<",
        "Ballistic missiles are flying towards the city.<",
    ),
    ("google.radius", "/alert/info[1]/area/circle", "30.5 2.5", "30.5 0"),
    (
        "google.offset",
        "/alert/info[1]/expires",
        "<expires>2025-04-24T06:46:00+03:00",
        "<expires>2025-04-24T06:46:00-00:00",
    ),
    ("ipaws.code", "/alert", "IPAWSv1.0", "IPAWSv2.0"),
    ("ipaws.offset", "/alert/sent", "<sent>2025-04-24T00:46:00+03:00", "<sent>2025-04-24T00:46:00-00:00"),
    ("ipaws.categories", "/alert/info[2]", "<category>Safety</category>\n    <category>Security", "<category>Security"),
    ("ipaws.event-codes", "/alert/info[2]", "<value>CDW</value>", "<value>CEM</value>"),
    ("ipaws.same", "/alert/info[1]", "<value>CDW</value>", "<value>CIVIL</value>"),
    ("ipaws.expires", "/alert/info[1]", "<expires>2025-04-24T06:46:00+03:00</expires>", ""),
    ("ipaws.area", "/alert/info[2]", "", "second info without area"),
    ("ipaws.ignored", "/alert/info[1]/onset", "<expires>", "<onset>2025-04-24T00:46:00+03:00</onset><expires>"),
    ("ipaws.description", "/alert/info[1]", "Ballistic missiles are flying towards the city.", ""),
    ("ipaws.instruction", "/alert/info[1]", "<instruction>Go to shelter now.</instruction>", ""),
    ("ipaws.geocode", "/alert/info[1]/area", "006109", "6109"),
    ("cap-cp.code", "/alert", "profile:CAP-CP:1.0", "profile:CAP-UK:1.0"),
    ("cap-cp.info", "/alert", "", "Alert without info"),
    ("cap-cp.event-codes", "/alert/info[2]", "<value>CDW</value>", "<value>CEM</value>"),
    ("cap-cp.event", "/alert/info[1]", "profile:CAP-CP:Event:0.4", "Event"),
    ("cap-cp.area", "/alert/info[2]", "", "second info without area"),
    ("cap-cp.location", "/alert/info[1]/area", "profile:CAP-CP:Location:0.3", "Location"),
    ("cap-cp.languages", "/alert", "fr-CA", "uk-UA"),
    ("cap-cp.expires", "/alert/info[1]", "<expires>2025-04-24T06:46:00+03:00</expires>", ""),
    ("cap-cp.sender-name", "/alert/info[1]", "<senderName>Kyiv City Military Administration</senderName>", ""),
    ("cap-cp.response", "/alert/info[1]", "<responseType>Shelter</responseType>", ""),
    ("cap-cp.instruction", "/alert/info[1]", "<instruction>Go to shelter now.</instruction>", ""),
    ("cap-cp.drawn", "/alert/info[2]/area", "", "second area with a geocode only"),
    ("cap-cp.offset", "/alert/sent", "<sent>2025-04-24T00:46:00+03:00", "<sent>2025-04-24T00:46:00-00:00"),
    ("wmo.identifier", "/alert/identifier", "2.49.0.1.804", "2.49.0.0.804"),
    ("wmo.event", "/alert/info[1]/event", "Ballistic missile attack", "Ballistic missile attack on the whole city"),
    ("wmo.vertices", "/alert/info[1]/area/polygon", "50.5,30.6 50.4,30.4", LONG_RING + " 50.4,30.4"),
    ("wmo.unknown", "/alert/info[1]/severity", "Extreme", "Unknown"),
]


def _without(text: str, begin: str, end: str) -> str:
    return text[: text.index(begin)] + text[text.index(end) + len(end) :]


_SECOND_AREA = GOOD[GOOD.rindex("<area>") : GOOD.rindex("</area>") + 7]
_POLYGON = "<polygon>50.4,30.4 50.4,30.6 50.5,30.6 50.4,30.4</polygon>"
# What a single replacement cannot do.
SPECIAL: dict[str, Callable[[str], str]] = {
    "entity": lambda text: text.replace("<alert ", "<!DOCTYPE alert [<!ENTITY a 'b'>]><alert ").replace("duty", "&a;"),
    "Alert without info": lambda text: text[: text.index("<info>")] + "</alert>",
    "Exercise without note": lambda text: text.replace("Actual", "Exercise").replace("<note>none</note>", ""),
    "Cancel with all-clear": lambda text: text.replace(">Update<", ">Cancel<").replace(">Shelter<", ">AllClear<", 1),
    "all-clear of nothing": lambda text: _without(text, "<references>", "</incidents>").replace(
        ">Shelter<", ">AllClear<"
    ),
    "second area with a geocode only": lambda text: text.replace(_SECOND_AREA, _SECOND_AREA.replace(_POLYGON, "")),
    "second area with a description only": lambda text: text.replace(
        _SECOND_AREA, "<area><areaDesc>Podil</areaDesc></area>"
    ),
    "second info without area": lambda text: text.replace(_SECOND_AREA, ""),
}


def seeded(old: str, new: str) -> str:
    text = SPECIAL[new](GOOD) if new in SPECIAL else GOOD.replace(old, new, 1)
    assert text != GOOD, "the fault did not get into the document"
    return text


def test_the_table_of_seeded_faults_covers_every_rule() -> None:
    assert sorted({rule for rule, *_ in SEEDED}) == sorted(RULES)


@pytest.mark.parametrize(("rule", "path", "old", "new"), SEEDED, ids=[rule for rule, *_ in SEEDED])
def test_a_seeded_fault_is_named_where_it_is(rule: str, path: str, old: str, new: str) -> None:
    text = seeded(old, new)
    report = check_cap(text.encode(), EVERY)
    assert (rule, path) in {(finding.rule, finding.path) for finding in report.findings}
    assert {finding.severity for finding in report.findings if finding.rule == rule} == {RULES[rule].severity}
    assert report.valid == all(finding.severity is Severity.WARNING for finding in report.findings)
    assert RULES[rule].severity is Severity.WARNING or not report.valid


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.split(".")[0] in PROFILES])
def test_a_rule_of_a_profile_is_applied_only_when_the_profile_is_asked_for(rule: str) -> None:
    profile = rule.split(".")[0]
    _, _, old, new = next(fault for fault in SEEDED if fault[0] == rule)
    text = seeded(old, new)
    assert rule in {finding.rule for finding in found(text, profile)}
    assert rule not in {finding.rule for finding in found(text, *(set(PROFILES) - {profile}))}


SQUARE = {"type": "Polygon", "coordinates": [[[30.4, 50.4], [30.6, 50.4], [30.6, 50.5], [30.4, 50.4]]]}
NIGHT = datetime(2025, 4, 24, tzinfo=UTC)


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.UNKNOWN])
@pytest.mark.parametrize("threat", Threat)
def test_our_own_documents_obey_every_rule(phase: Phase, threat: Threat) -> None:
    earlier = ((1, NIGHT),)
    notice = Notice("k-1", 2, 2, NIGHT, NIGHT, phase, ("UA1",), threat, {}, NIGHT + timedelta(hours=1), earlier)
    areas = {"UA1": CapArea("UA1", {"uk": "Поділ", "en": "Podil"}, SQUARE)}
    live = check_cap(write_cap(notice, areas, "alerts@kyiv.example", "live"))
    assert (live.findings, live.schema_valid) == ((), True)
    exercise = check_cap(write_cap(notice, areas, "alerts@kyiv.example", "exercise"))
    assert exercise.valid
    assert {finding.rule for finding in exercise.findings} <= {"note.missing"}


def test_an_unknown_profile_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="cap-eu"):
        check_cap(GOOD.encode(), ["cap-eu"])


# The verdict of the schema.


@pytest.mark.skipif(not real_files(), reason=f"the collection of CAP files is not at {REAL}")
@pytest.mark.parametrize("real", real_files(), ids=lambda real: str(real.path.name))
def test_the_verdict_on_a_real_file_is_that_of_the_official_schema(real: Real) -> None:
    report = check_cap(real.path.read_bytes(), EVERY)
    assert report.schema_valid == real.schema_valid
    assert report.version == (real.version if real.is_alert else "")


TEXTS = [
    "",
    " ",
    "x",
    "Actual",
    " Actual",
    "Very Likely",
    "AllClear",
    "en-US",
    "uk_UA",
    "abcdefghi",
    "5",
    "+5.0",
    "1e3",
    "-.5",
    "2025-04-24T00:46:00+03:00",
    " 2025-04-24T00:46:00+03:00\n",
    "2025-04-24T24:00:00-14:00",
    "2025-02-29T00:46:00+03:00",
    "2025-04-24T00:46:00Z",
    "2025-04-24T00:46:00.5+03:00",
    "2025-04-24T00:46:00,03:00",
    "http://x/[a]",
    "http://x:80:90",
    "a b|c",
    "%zz",
    "a#b#c",
    "\u00a0",
    "Місто",
]
NAMES = [
    "alert",
    "info",
    "area",
    "value",
    "valueName",
    "identifier",
    "event",
    "category",
    "language",
    "Signature",
    "none",
]
SPACES = [CAP, "urn:oasis:names:tc:emergency:cap:1.1", DS, "urn:none", ""]
ATTRIBUTES = [
    ("id", "1"),
    (f"{{{XSI}}}nil", "true"),
    (f"{{{XSI}}}schemaLocation", "urn:none none.xsd"),
    (f"{{{XSI}}}type", "xs:string"),
    (f"{{{XSI}}}type", "xs:token"),
    (f"{{{XSI}}}type", "xs:language"),
    (f"{{{XSI}}}type", "xs:unsignedByte"),
    (f"{{{XSI}}}type", "string"),
    ("{http://www.w3.org/XML/1998/namespace}lang", "uk"),
]


@cache
def originals(version: str) -> list[bytes]:
    written = [text.encode() for text in (GOOD, GOOD_1_0) if VERSIONS[_namespace(text)] == version]
    return written + [real.path.read_bytes() for real in ALERTS if real.version == version]


def _namespace(text: str) -> str:
    return text.partition('xmlns="')[2].partition('"')[0]


def _somewhere(element: etree._Element, random: Random) -> int:
    return random.randrange(len(element) + 1)


def _drop(element: etree._Element, parent: etree._Element, _random: Random) -> None:
    parent.remove(element)


def _double(element: etree._Element, parent: etree._Element, random: Random) -> None:
    parent.insert(_somewhere(parent, random), deepcopy(element))


def _move(element: etree._Element, parent: etree._Element, random: Random) -> None:
    parent.insert(random.randrange(len(parent)), element)


def _write(element: etree._Element, _parent: etree._Element, random: Random) -> None:
    element.text = random.choice([*TEXTS, None])


def _write_after(element: etree._Element, _parent: etree._Element, random: Random) -> None:
    element.tail = random.choice([None, " ", "\n", "x", "\u00a0", "5"])


def _attribute(element: etree._Element, _parent: etree._Element, random: Random) -> None:
    name, value = random.choice(ATTRIBUTES)
    element.set(name, value)


def _name(element: etree._Element, random: Random) -> str:
    space = random.choice([*SPACES, *[etree.QName(element).namespace or ""] * 3])
    name = random.choice([*NAMES, etree.QName(element).localname])
    return f"{{{space}}}{name}" if space else name


def _rename(element: etree._Element, _parent: etree._Element, random: Random) -> None:
    element.tag = _name(element, random)


def _comment(element: etree._Element, _parent: etree._Element, random: Random) -> None:
    element.insert(_somewhere(element, random), etree.Comment("x"))


def _add(element: etree._Element, _parent: etree._Element, random: Random) -> None:
    element.insert(_somewhere(element, random), etree.Element(_name(element, random)))


MUTATIONS = (_drop, _double, _move, _write, _write_after, _attribute, _rename, _comment, _add)


def _mutate(root: etree._Element, random: Random) -> None:
    """Break or bend one thing."""
    element = random.choice(list(root.iter("*")))
    parent = element.getparent()
    if parent is None:
        random.choice([_write, _attribute, _rename, _comment, _add])(element, element, random)
    else:
        random.choice(MUTATIONS)(element, parent, random)


def _agree(schema: etree.XMLSchema, document: bytes) -> None:
    official = schema.validate(etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True)))
    report = check_cap(document)
    assert report.schema_valid == official, (report.findings[:3], str(schema.error_log), document)


@pytest.mark.parametrize("version", ["1.2", "1.1", "1.0"])
@settings(max_examples=150)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_the_verdict_on_a_broken_document_is_that_of_the_official_schema(version: str, seed: int, times: int) -> None:
    schema, random = official_schema(version), Random(seed)
    # Half of them begin with a document that has every element.
    root = parse(random.choice(originals(version)[:1] * 20 + originals(version)))
    if next(root.iter(etree.Entity), None) is not None:
        return
    # With the prefix that some of the attributes need.
    prefixed = etree.tostring(root).replace(b" xmlns", b' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns', 1)
    root = parse(prefixed)
    for _ in range(times):
        _mutate(root, random)
    _agree(schema, etree.tostring(root))


TYPES = f'xmlns:i="{XSI}" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
# What people seldom write, with the verdict of the official schema; it is asked too, where it is at hand.
SELDOM = [
    ("<language>en-CA</language>", "<language/>", True),
    ("<language>en-CA</language>", "<language> </language>", False),
    ("<status>Actual", "<status>Act<!-- and -->ual", True),
    ("<status>Actual", "<status><![CDATA[Actual]]>", True),
    ("<size>5", f'<size {TYPES} i:type="xs:unsignedByte">255', True),
    ("<size>5", f'<size {TYPES} i:type="xs:unsignedByte">256', False),
    ("<size>5", f'<size {TYPES} i:type="xs:byte">{"1" * 40}', False),
    ("<size>5", f'<size {TYPES} i:type="xs:decimal">5', False),
    ("<source>", f'<source {TYPES} i:type="xs:token">', True),
    ("<source>", f'<source {TYPES} i:type="token">', False),
    ("<source>", f'<source {TYPES} i:nil="false">', False),
    ("<source>", f'<source {TYPES} i:schemaLocation="urn:none none.xsd">', True),
    ("</alert>", f'<Signature xmlns="{DS}" a="b">text<x xmlns=""/></Signature></alert>', True),
    ("</alert>", f'<Signature xmlns="{DS}"><value xmlns="{CAP}">1</value></Signature></alert>', True),
    ("</alert>", f'<Signature xmlns="{DS}"><x><alert xmlns="{CAP}"/></x></Signature></alert>', False),
    ("</alert>", f'<Signature xmlns="{DS}" {TYPES} i:type="xs:int">1</Signature></alert>', True),
    ("</alert>", f'<Signature xmlns="{DS}" {TYPES} i:type="xs:int">a</Signature></alert>', False),
    ("</alert>", f'<Signature xmlns="{DS}" {TYPES} i:type="xs:none">1</Signature></alert>', False),
    ("<info>", f'<Signature xmlns="{DS}"/><info>', True),
    ("<code>IPAWS", f'<Signature xmlns="{DS}"/><code>IPAWS', False),
]


@pytest.mark.parametrize(("old", "new", "verdict"), SELDOM)
def test_what_is_seldom_written_gets_the_verdict_of_the_official_schema(old: str, new: str, verdict: bool) -> None:
    document = GOOD.replace(old, new, 1).encode()
    assert check_cap(document).schema_valid == verdict
    if REAL.exists():
        _agree(official_schema("1.2"), document)


def _holding(name: str, value: str) -> bytes:
    root = parse(GOOD.encode())
    element = next(root.iter(f"{{{CAP}}}{name}"))
    element.text = value
    return etree.tostring(root)


_xml = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from(" \t\n")
_uri = st.text(st.sampled_from("ab:/?#[]@!%41zé .|-_0") | _xml, max_size=14)
_authority = st.builds(
    "{}://{}{}{}".format, st.sampled_from(["http", "a1", "1a"]), _uri, st.sampled_from(["", ":"]), _uri
)
_number = st.text(st.sampled_from("+-.0159eE \n٣"), max_size=8)
_two = st.integers(0, 61).map("{:02}".format)
_time = st.builds(
    "{}-{}-{}T{}:{}:{}{}".format,
    st.integers(0, 12000).map("{:04}".format) | st.sampled_from(["2024", "1900", "2000", "0000", "-2024"]),
    _two,
    _two,
    _two | st.just("24"),
    _two | st.just("00"),
    _two | st.sampled_from(["00", "00.0", "00.5"]),
    st.builds("{}{}:{}".format, st.sampled_from("+-,"), _two | st.just("14"), _two | st.just("00"))
    | st.sampled_from(["", "Z"]),
)
_likely_time = st.datetimes().map(lambda time: f"{time:%Y-%m-%dT%H:%M:%S}+03:00".rjust(25, "0"))
_language = st.text(st.sampled_from("abZ1-_ ") | _xml, max_size=12)


@settings(max_examples=400)
@given(
    st.tuples(st.just("web"), _uri | _authority)
    | st.tuples(st.sampled_from(["size", "altitude"]), _number)
    | st.tuples(st.just("sent"), _time | _likely_time)
    | st.tuples(st.just("language"), _language)
    | st.tuples(st.sampled_from(["status", "urgency", "event"]), st.sampled_from(TEXTS) | st.text(_xml, max_size=5))
)
@example(("web", "http://x:2147483647"))
@example(("web", "http://x:2147483648"))
@example(("web", "//[::1]x"))
@example(("size", "1" * 5000))
@example(("sent", "1" * 5000 + "-01-01T00:00:00+00:00"))
def test_a_value_fits_when_the_official_schema_lets_it_through(held: tuple[str, str]) -> None:
    _agree(official_schema("1.2"), _holding(*held))


# No bytes bring it down.


@settings(max_examples=300)
@given(st.binary(max_size=300))
@example(b"")
@example(b"\xff\xfe<\x00a\x00/\x00>\x00")
@example(b"<?xml version='1.0' encoding='none'?><a/>")
@example(b"<a>" * 5000)
@example(b"<a>" * 100 + b"</a>" * 100)
@example(b"<a b='&x;'/>")
@example(b"<?xml version='1.1'?><a/>")
def test_any_bytes_get_a_report(document: bytes) -> None:
    report = check_cap(document, EVERY)
    assert not report.valid
    assert not report.schema_valid
    assert report.findings


def _cut(document: bytes, random: Random) -> bytes:
    """A few bytes lost, doubled, changed or swapped for something that means much in XML."""
    broken = bytearray(document)
    for _ in range(random.randrange(1, 6)):
        at = random.randrange(len(broken))
        end = at + random.randrange(40)
        broken[at:end] = random.choice(
            [
                b"",
                bytes(broken[at:end]) * 2,
                random.randbytes(3),
                b"&#0;",
                b"&amp;lt;",
                b"<",
                b"]]>",
                b"-99999999999999999999",
            ]
        )
        if not broken:
            return b""
    return bytes(broken)


@settings(max_examples=200)
@given(st.integers(0, 2**32))
def test_a_garbled_document_gets_a_report(seed: int) -> None:
    random = Random(seed)
    report = check_cap(_cut(random.choice(originals("1.2") + originals("1.1")), random), EVERY)
    assert report.valid == all(finding.severity is Severity.WARNING for finding in report.findings)
    assert report.schema_valid or not report.valid


@settings(max_examples=150)
@given(st.integers(0, 2**32), st.integers(1, 6))
def test_every_rule_bears_a_document_that_is_broken_in_other_ways(seed: int, times: int) -> None:
    random = Random(seed)
    root = parse(random.choice(originals("1.2") + originals("1.1") + originals("1.0")))
    for _ in range(times):
        _mutate(root, random)
    for finding in check_cap(etree.tostring(root), EVERY).findings:
        assert finding.rule in RULES
        assert finding.path.startswith("/")
        assert finding.message


def test_an_entity_is_neither_fetched_nor_expanded(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    declared = f'<!DOCTYPE alert [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]><alert '
    text = GOOD.replace("<alert ", declared).replace(">Map<", ">&e;<")
    findings = found(text)
    assert {"xml.doctype", "schema.entity"} <= {finding.rule for finding in findings}
    assert "secret" not in "".join(finding.message for finding in findings)


def test_entities_that_would_grow_to_gigabytes_are_refused_at_once() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    text = GOOD.replace("<alert ", f'<!DOCTYPE alert [<!ENTITY e0 "x">{bomb}]><alert ').replace(">Map<", ">&e11;<")
    assert not check_cap(text.encode()).valid


def test_a_long_list_of_the_same_mistake_is_cut_short() -> None:
    text = GOOD.replace("<incidents>", "<note/>" * 5000 + "<incidents>")
    findings = [finding for finding in found(text) if finding.rule == "schema.element"]
    assert len(findings) == 50


@pytest.mark.parametrize(
    ("polygon", "rules"),
    [
        ("50,179 50,-179 51,-179 51,179 50,179", set()),
        ("50,179 51,-179 50,-179 51,179 50,179", {"polygon.crossing"}),
        ("50,30 50,30 50,30 50,30", {"polygon.pairs"}),
        ("50,30 51,31 52,32 50,30", {"polygon.crossing"}),
        ("50.,+30 50,31 51,31 .5e2,30", {"polygon.form"}),
        ("", {"polygon.form"}),
        ("nan,30 50,31 51,31 nan,30", {"polygon.form"}),
        ("100,30 100,31 101,31 100,30", {"position.order"}),
        ("200,30 100,31 101,31 200,30", {"position.range"}),
        ("50,30", {"polygon.pairs"}),
    ],
)
def test_a_polygon_is_judged_on_the_globe(polygon: str, rules: set[str]) -> None:
    text = GOOD.replace("50.4,30.4 50.4,30.6 50.5,30.6 50.4,30.4", polygon, 1)
    judged = {finding.rule for finding in found(text)}
    assert judged == rules


@pytest.mark.parametrize("text", ["rain <50 mm", "a < b > c", "R&D; and more", "<unknown>", "5 > 3", "AT&T"])
def test_a_text_that_only_looks_like_html_is_none(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    assert found(GOOD.replace("Go to shelter now.", escaped)) == ()


def test_a_digest_may_be_written_in_base64_too() -> None:
    digest = base64.b64encode(bytes.fromhex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")).decode()
    assert found(GOOD.replace("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d", digest)) == ()


def test_a_path_numbers_what_there_is_more_of() -> None:
    root = parse(GOOD.encode())
    paths = {path_of(element) for element in root.iter("*")}
    assert {"/alert", "/alert/sent", "/alert/info[2]/eventCode[1]/value", "/alert/info[1]/area/circle"} <= paths
