"""Reading CAP: what was written is what is read, and nothing but Invalid comes of anything else."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.cap_documents import GOOD, GOOD_1_0, REAL, Real, real_files

from tocsin.domain.foreign.message import Key, Message, Reference
from tocsin.domain.warning import Notice, Phase, Threat
from tocsin.formats.cap import identifier, write_cap
from tocsin.formats.cap_read import read_cap
from tocsin.formats.cap_xml import MOST_BYTES
from tocsin.kernel.errors import Invalid

NIGHT = datetime(2025, 4, 23, 21, 36, tzinfo=UTC)
SENDER = "alerts@kyiv.example"
REFUSED = {"google__cap-library__testdata_xee.cap", "farrel__RCAP__spec_assets_invalid.cap"}
ALERTS = [real for real in real_files() if real.is_alert]


def read(text: str) -> Message:
    return read_cap(text.encode())


def test_every_part_of_a_message_is_read() -> None:
    message = read(GOOD)
    assert message.key == Key(SENDER, "urn:oid:2.49.0.1.804.0.2025.4.24.0.46.0")
    assert message.sent == NIGHT + timedelta(minutes=10)
    assert (message.version, message.status, message.type, message.scope) == ("1.2", "Actual", "Update", "Public")
    assert message.references == (Reference(Key(SENDER, "k-1.1"), NIGHT),)
    assert (message.codes, message.incidents) == (("IPAWSv1.0", "profile:CAP-CP:1.0"), 'night "24 April"')
    english, french = message.infos
    assert (english.language, french.language) == ("en-CA", "fr-CA")
    assert (english.urgency, english.severity, english.certainty) == ("Immediate", "Extreme", "Observed")
    assert (english.responses, english.categories) == (("Shelter",), ("Security", "Safety"))
    assert english.expires == NIGHT + timedelta(hours=6, minutes=10)
    assert english.event_codes[0] == ("SAME", "CDW")
    (area,) = english.areas
    assert (area.description, area.circles) == ("Podil", ("50.45,30.5 2.5",))
    assert area.geocodes == (("SAME", "006109"), ("profile:CAP-CP:Location:0.3", "47"))


@pytest.mark.parametrize("phase", [Phase.PRE_ALERT, Phase.ALERT, Phase.ALL_CLEAR, Phase.CORRECTION, Phase.EXPIRED])
def test_what_we_write_we_read(phase: Phase) -> None:
    notice = Notice("k-1", 2, 2, NIGHT, NIGHT, phase, ("UA1",), Threat.DRONE, {}, NIGHT, ((1, NIGHT),))
    message = read_cap(write_cap(notice, {}, SENDER, "exercise"))
    assert message.key == Key(SENDER, identifier(notice, SENDER))
    assert (message.status, message.sent) == ("Exercise", NIGHT)
    assert message.references == (Reference(Key(SENDER, f"{SENDER}.k-1.1"), NIGHT),)
    assert ("tocsin:phase", str(phase)) in message.infos[0].parameters
    assert [info.language for info in message.infos] == ["uk-UA", "en"]


@pytest.mark.skipif(not ALERTS, reason=f"the collection of CAP files is not at {REAL}")
@pytest.mark.parametrize("real", ALERTS, ids=lambda real: str(real.path.name))
def test_a_real_alert_is_read_unless_it_is_an_attack_or_lacks_what_it_must_have(real: Real) -> None:
    document = real.path.read_bytes()
    if real.path.name in REFUSED:
        with pytest.raises(Invalid):
            read_cap(document)
    else:
        assert read_cap(document).version == real.version


def test_older_versions_are_named() -> None:
    assert read(GOOD_1_0).version == "1.0"
    assert read(GOOD.replace("cap:1.2", "cap:1.1")).version == "1.1"


def test_cap_1_0_is_read_as_it_was_meant() -> None:
    message = read(GOOD_1_0.replace("<scope>Public</scope>", ""))
    assert message.scope == "Public"
    assert message.references == (Reference(Key(SENDER, "k-1"), None),)
    assert message.infos[0].certainty == "Likely"
    assert message.infos[0].event_codes == (("SAME", "SVR"),)


def test_very_likely_is_read_as_likely() -> None:
    assert read(GOOD.replace("Observed", "Very Likely")).infos[0].certainty == "Likely"


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16", "windows-1251", "UTF-8"])
def test_the_declared_encoding_is_used(encoding: str) -> None:
    word = "Podil é" if encoding == "ISO-8859-1" else "Поділ"
    text = GOOD.replace('encoding="UTF-8"', f'encoding="{encoding}"').replace("Podil", word)
    assert read_cap(text.encode(encoding)).infos[0].areas[0].description == word


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("<msgType>Update", "<msgType>Clear", "msgType"),
        ("<msgType>Update</msgType>", "", "msgType"),
        ("<msgType>Update</msgType>", "<msgType>Update</msgType><msgType>Cancel</msgType>", "msgType"),
        ("<status>Actual", "<status>actual", "status"),
        ("<scope>Public", "<scope>Everybody", "scope"),
        ("<sender>alerts@kyiv.example", "<sender>", "sender"),
        ("<sent>2025-04-24T00:46:00+03:00", "<sent>2025-04-24T00:46:00", "sent"),
        ("<sent>2025-04-24T00:46:00+03:00", "<sent>yesterday", "sent"),
        ("cap:1.2", "cap:1.3", "document"),
        ("<alert ", "<!DOCTYPE alert><alert ", "document"),
        ("</alert>", "", "document"),
    ],
)
def test_a_message_that_does_not_say_what_it_is_is_refused_by_the_element(old: str, new: str, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(GOOD.replace(old, new))
    assert refused.value.where.endswith(where)


def test_a_cancel_without_info_is_read() -> None:
    message = read(GOOD[: GOOD.index("<info>")].replace(">Update<", ">Cancel<") + "</alert>")
    assert (message.type, message.infos) == ("Cancel", ())
    assert message.references


def test_a_reference_that_cannot_be_read_hides_neither_the_message_nor_the_others() -> None:
    message = read(GOOD.replace("<references>", "<references>garbage a,b c,d,e "))
    assert [reference.key.identifier for reference in message.references] == ["k-1.1"]
    assert message.unreadable == ("garbage", "a,b", "c,d,e")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<expires>2025-04-24T06:46:00+03:00", "<expires>tomorrow"),
        ("50.4,30.4", "garbage"),
        ("<urgency>Immediate</urgency>", ""),
        ("<language>en-CA</language>", ""),
        ("<eventCode>", "<eventCode>="),
        ("<size>5", "<size>five"),
    ],
)
def test_a_detail_that_cannot_be_read_does_not_keep_the_alert_from_being_heard(old: str, new: str) -> None:
    message = read(GOOD.replace(old, new, 1))
    assert message.infos[0].event == "Ballistic missile attack"
    assert message.infos[0].description


def test_what_is_not_known_is_unknown_and_never_an_all_clear() -> None:
    info = read(
        GOOD.replace(">Shelter<", ">allclear<").replace(">Immediate<", ">Over<").replace(">Extreme<", ">None<")
    ).infos[0]
    assert (info.responses, info.urgency, info.severity) == ((), "Unknown", "Unknown")


def _elements(text: str) -> list[str]:
    root = etree.fromstring(text.encode())
    return [root.getroottree().getpath(element) for element in root.iter("*")][1:]


@pytest.mark.parametrize("path", _elements(GOOD))
def test_any_element_may_be_missing_and_nothing_but_invalid_comes_of_it(path: str) -> None:
    root = etree.fromstring(GOOD.encode())
    found = root.xpath(path)
    assert isinstance(found, list)
    element = found[0]
    assert isinstance(element, etree._Element)
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)
    missing = etree.QName(element).localname
    if missing in {"identifier", "sender", "sent", "status", "msgType", "scope"}:
        with pytest.raises(Invalid, match=f"/alert/{missing}"):
            read_cap(etree.tostring(root))
    else:
        assert read_cap(etree.tostring(root)).key.sender == SENDER


@settings(max_examples=300)
@given(st.binary(max_size=400))
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\x00" * 10)
@example(b"<a>" * 3000 + b"</a>" * 3000)
@example(b"<?xml version='1.0' encoding='utf-7'?><a/>")
def test_nothing_but_invalid_comes_of_any_bytes(document: bytes) -> None:
    with pytest.raises(Invalid):
        read_cap(document)


@settings(max_examples=300)
@given(st.integers(0, 2**32))
def test_nothing_but_invalid_comes_of_a_garbled_document(seed: int) -> None:
    random = Random(seed)
    sources = [GOOD.encode(), GOOD_1_0.encode(), *(real.path.read_bytes() for real in ALERTS)]
    document = bytearray(random.choice(sources))
    for _ in range(random.randrange(1, 5)):
        at = random.randrange(len(document))
        document[at : at + random.randrange(30)] = random.choice(
            [
                b"",
                random.randbytes(2),
                b"&#1;",
                b"0",
                b"<x/>",
                b"9999-12-31T23:59:59-14:00",
                b"0001-01-01T00:00:00+14:00",
            ]
        )
    try:
        message = read_cap(bytes(document))
    except Invalid:
        return
    assert hash(message) == hash(read_cap(bytes(document)))
    assert message.type in {"Alert", "Update", "Cancel", "Ack", "Error"}


def test_a_document_that_is_too_large_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(Invalid, match="larger"):
        read_cap(b"<" * (MOST_BYTES + 1))


def test_a_document_with_too_many_elements_is_refused() -> None:
    with pytest.raises(Invalid, match="elements"):
        read_cap(b"<a>" + b"<b/>" * 100_001 + b"</a>")
