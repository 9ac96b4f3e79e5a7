"""CAP 1.2 documents: valid, the same in both languages, and never calling an alert over that is not."""

import json
from datetime import UTC, datetime, timedelta
from math import cos, pi, sin
from pathlib import Path
from random import Random
from typing import Any, Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace
from shapely import Polygon
from shapely.geometry import shape

from tocsin.domain.warning import STANDS, TITLES, WORDS, Notice, Phase, Threat, prepared
from tocsin.formats.cap import NAMESPACE, CapArea, expires, identifier, write_cap
from tocsin.kernel.errors import Invalid

DATA = Path(__file__).parents[2].parent / "shared" / "data"
XSD = DATA / "cap" / "xsd" / "CAP-v1.2-os.xsd"
RAIONS = DATA / "admin" / "kyiv_raions.geojson"
SENDER = "alerts@kyiv.example"
KYIV = "UA80000000000093317"
PODIL = "UA80000000000719633"
NIGHT = datetime(2025, 4, 23, 21, 36, 19, 480_000, tzinfo=UTC)

SQUARE: dict[str, Any] = {
    "type": "Polygon",
    "coordinates": [[[30.4, 50.4], [30.6, 50.4], [30.6, 50.5], [30.4, 50.5], [30.4, 50.4]]],
}
AREAS = {
    KYIV: CapArea(KYIV, {"uk": "Київ", "en": "Kyiv"}, SQUARE),
    PODIL: CapArea(PODIL, {"uk": "Подільський район", "en": "Podil & <Pochaina>"}),
}


class Golden(Protocol):
    def check(self, name: str, text: str) -> None: ...


def chain(alert: str, *steps: tuple[Phase, dict[str, str]], threat: Threat = Threat.BALLISTIC) -> list[Notice]:
    """An alert's messages, ten minutes apart. Every third revision is left to confirmations, which send none."""
    notices: list[Notice] = []
    for step, (phase, texts) in enumerate(steps):
        notice = Notice(
            alert=alert,
            revision=1 + step + step // 2,
            position=10 + step,
            sent=NIGHT + timedelta(minutes=10 * step),
            since=NIGHT,
            phase=phase,
            areas=(KYIV, PODIL),
            threat=threat,
            texts=prepared(threat, phase) | texts,
            expires=NIGHT + timedelta(hours=2),
            earlier=tuple((earlier.revision, earlier.sent) for earlier in notices),
        )
        notices.append(notice)
    return notices


standing = st.sampled_from([Phase.PRE_ALERT, Phase.ALERT])
texts = st.dictionaries(st.sampled_from(["uk", "en", "pl"]), st.text(min_size=1, max_size=60), max_size=3)
phases = st.builds(
    lambda first, then, last: [first, *then, *last],
    standing,
    st.lists(st.sampled_from([Phase.PRE_ALERT, Phase.ALERT, Phase.EXPIRED]), max_size=3),
    st.lists(st.sampled_from([Phase.ALL_CLEAR, Phase.CORRECTION]), max_size=1),
)


@st.composite
def chains(draw: st.DrawFn, alert: str | None = None) -> list[Notice]:
    name = alert or draw(st.text(min_size=1, max_size=12))
    steps = [(phase, draw(texts)) for phase in draw(phases)]
    return chain(name, *steps, threat=draw(st.sampled_from(Threat)))


def parse(document: bytes) -> etree._Element:
    return etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))


def said(element: etree._Element, name: str) -> list[str]:
    return [found.text or "" for found in element.iter(f"{{{NAMESPACE}}}{name}")]


def infos(document: bytes) -> list[etree._Element]:
    return list(parse(document).iter(f"{{{NAMESPACE}}}info"))


def write(notice: Notice, realm: str = "live") -> bytes:
    return write_cap(notice, AREAS, SENDER, realm)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    if not XSD.exists():
        pytest.skip(f"the official CAP schema is not at {XSD}")
    return etree.XMLSchema(etree.parse(XSD))


@given(chains(), st.sampled_from(["live", "exercise"]))
def test_every_message_of_every_alert_is_valid_against_the_official_schema(
    schema: etree.XMLSchema, notices: list[Notice], realm: str
) -> None:
    for notice in notices:
        schema.assertValid(parse(write_cap(notice, AREAS, SENDER, realm, "https://kyiv.example/alerts")))


@pytest.mark.parametrize(
    ("name", "phase", "realm"),
    [
        ("alert.pre_alert", Phase.PRE_ALERT, "live"),
        ("alert.alert", Phase.ALERT, "live"),
        ("alert.all_clear", Phase.ALL_CLEAR, "live"),
        ("alert.correction", Phase.CORRECTION, "live"),
        ("alert.expired", Phase.EXPIRED, "live"),
        ("alert.exercise", Phase.ALERT, "exercise"),
    ],
)
def test_a_document_is_what_it_was(golden: Golden, name: str, phase: Phase, realm: str) -> None:
    steps = [(Phase.PRE_ALERT, {}), (Phase.ALERT, {"en": "Take cover <now> & stay."})]
    notices = chain("20250423-2136-7f3a1c", *(steps if phase not in STANDS else []), (phase, {}))
    golden.check(f"{name}.xml", write_cap(notices[-1], AREAS, SENDER, realm, "https://kyiv.example/").decode())


@given(chains())
def test_only_an_all_clear_says_all_clear_and_an_expired_alert_is_never_past(notices: list[Notice]) -> None:
    for notice in notices:
        for info in infos(write(notice)):
            assert (said(info, "responseType") == ["AllClear"]) == (notice.phase is Phase.ALL_CLEAR)
            over = notice.phase in (Phase.ALL_CLEAR, Phase.CORRECTION)
            assert (said(info, "urgency") == ["Past"]) == over
            assert str(notice.phase) in said(info, "value")


def test_instructions_are_given_for_as_long_as_an_alert_is_not_over() -> None:
    notices = chain("k-1", (Phase.PRE_ALERT, {}), (Phase.ALERT, {}), (Phase.EXPIRED, {}), (Phase.ALL_CLEAR, {}))
    english = [said(infos(write(notice))[1], "instruction") for notice in notices]
    assert english[:2] == [["Be ready to go to shelter."], ["Go to shelter now."]]
    assert "stay in shelter" in english[2][0]
    assert english[3] == []


def test_an_expired_alert_says_in_words_that_it_was_not_cleared() -> None:
    notice = chain("k-1", (Phase.ALERT, {"en": "Go to shelter now!"}), (Phase.EXPIRED, {"en": "Go to shelter now!"}))[1]
    ukrainian, english = infos(write(notice))
    assert said(english, "headline")[0].startswith("Expired, not cleared: status unknown")
    assert "was not cleared" in said(english, "description")[0]
    assert "відбою не було" in said(ukrainian, "description")[0]


@given(chains())
def test_message_types_follow_the_chain_and_only_a_correction_cancels(notices: list[Notice]) -> None:
    types = [said(parse(write(notice)), "msgType")[0] for notice in notices]
    later = ["Cancel" if notice.phase is Phase.CORRECTION else "Update" for notice in notices[1:]]
    assert types == ["Alert", *later]


@given(chains())
def test_every_later_message_references_all_earlier_ones_as_they_were_sent(notices: list[Notice]) -> None:
    triples: list[str] = []
    for notice in notices:
        root = parse(write(notice))
        assert (said(root, "references") or [""])[0].split() == triples
        triples.append(",".join(said(root, name)[0] for name in ("sender", "identifier", "sent")))


def fold(documents: list[bytes]) -> set[str]:
    """The active messages: not referenced by any other, and not themselves an end."""
    held: set[str] = set()
    over: set[str] = set()
    for root in map(parse, documents):
        name = said(root, "identifier")[0]
        held.add(name)
        over |= {triple.split(",")[1] for triple in (said(root, "references") or [""])[0].split()}
        if said(root, "msgType") == ["Cancel"] or "AllClear" in said(root, "responseType"):
            over.add(name)
    return held - over


@given(chains("k-1"), chains("k 2,<&>"), st.data())
def test_any_order_of_arrival_and_any_loss_before_the_last_leave_the_same_active_set(
    one: list[Notice], other: list[Notice], data: st.DataObject
) -> None:
    lasts = [one[-1], other[-1]]
    lost = data.draw(st.sets(st.sampled_from([*one[:-1], *other[:-1], None]).map(lambda n: n and n.position)))
    arrived = [notice for notice in (*one, *other) if notice in lasts or notice.position not in lost]
    documents = data.draw(st.permutations([write(notice) for notice in arrived]))
    over = (Phase.ALL_CLEAR, Phase.CORRECTION)
    assert fold(documents) == {identifier(notice, SENDER) for notice in lasts if notice.phase not in over}


@given(st.lists(st.tuples(st.text(max_size=8), st.integers(1, 30)), min_size=2, max_size=2, unique=True))
def test_two_messages_never_share_an_identifier_and_none_has_a_forbidden_character(
    names: list[tuple[str, int]],
) -> None:
    notice = chain("x", (Phase.ALERT, {}))[0]
    made = [identifier(replace(notice, alert=alert, revision=revision), SENDER) for alert, revision in names]
    assert made[0] != made[1]
    assert not set(" ,<&\t\n\r") & set("".join(made))


@given(chains())
def test_each_language_has_its_own_words_in_one_info(notices: list[Notice]) -> None:
    for notice in notices:
        found = infos(write(notice))
        assert [said(info, "language") for info in found] == [["uk-UA"], ["en"]]
        for name in ("event", "headline", "description"):
            assert said(found[0], name) != said(found[1], name)


def test_one_text_under_two_languages_gives_way_to_the_prepared_words() -> None:
    notice = chain("k-1", (Phase.ALERT, {"uk": "Обстріл Подолу", "en": "Обстріл Подолу"}))[0]
    ukrainian, english = infos(write(notice))
    assert said(ukrainian, "description") == ["Обстріл Подолу"]
    assert said(english, "description") == [prepared(Threat.BALLISTIC, Phase.ALERT)["en"]]


@pytest.mark.parametrize(("realm", "expected"), [("live", "Actual"), ("exercise", "Exercise")])
def test_the_realm_alone_decides_the_status(realm: str, expected: str) -> None:
    notice = chain("k-1", (Phase.ALERT, {"en": "EXERCISE EXERCISE"}))[0]
    assert said(parse(write(notice, realm)), "status") == [expected]


def test_every_info_of_an_exercise_says_so_in_its_own_language() -> None:
    notice = chain("k-1", (Phase.ALERT, {}))[0]
    ukrainian, english = infos(write(notice, "exercise"))
    assert said(ukrainian, "headline")[0].startswith("НАВЧАННЯ. Тривога")
    assert said(english, "headline")[0].startswith("EXERCISE. Alert")
    assert said(ukrainian, "description")[0].startswith("НАВЧАННЯ. ")
    assert said(english, "description")[0].startswith("EXERCISE. ")
    assert not said(parse(write(notice, "live")), "note")


def test_control_characters_are_taken_out_and_the_alert_still_goes_out() -> None:
    notice = chain("k-1", (Phase.ALERT, {"uk": "\x00У\ud800кри\x0bття\x1b", "en": "\x07\x00"}))[0]
    ukrainian, english = infos(write(notice))
    assert said(ukrainian, "description") == ["Укриття"]
    assert said(english, "description") == [prepared(Threat.BALLISTIC, Phase.ALERT)["en"]]


def test_times_are_utc_without_fraction_and_an_alert_never_lapses_early() -> None:
    kyiv_summer = datetime.fromisoformat("2025-04-24T00:36:19.480+03:00")
    notice = Notice("k-1", 1, 1, kyiv_summer, kyiv_summer, Phase.ALERT, (KYIV,), Threat.DRONE, {}, kyiv_summer)
    info = infos(write(notice))[0]
    assert said(parse(write(notice)), "sent") == ["2025-04-23T21:36:19-00:00"]
    assert said(info, "effective") == ["2025-04-23T21:36:19-00:00"]
    assert said(info, "expires") == ["2025-04-23T21:36:20-00:00"]


@given(chains())
def test_no_time_lies_before_sent_and_expires_comes_after_it(notices: list[Notice]) -> None:
    for notice in notices:
        root = parse(write(notice))
        sent = said(root, "sent")[0]
        assert all(time >= sent for name in ("effective", "onset") for time in said(root, name))
        assert all(time > sent for time in said(root, "expires"))


def test_the_end_of_an_alert_is_valid_for_a_day_and_for_as_long_as_the_alert_was() -> None:
    end = chain("k-1", (Phase.ALERT, {}), (Phase.ALL_CLEAR, {}))[1]
    assert expires(end) == end.sent + timedelta(hours=24)
    assert end.expires < expires(end)


def test_an_area_nobody_knows_goes_out_with_its_bare_code() -> None:
    notice = chain("k-1", (Phase.ALERT, {}))[0]
    info = infos(write_cap(notice, {}, SENDER, "live"))[0]
    assert said(info, "areaDesc") == [KYIV, PODIL]
    assert said(info, "valueName")[-1] == "KATOTTG"


def test_names_of_areas_stand_in_the_language_of_their_info() -> None:
    ukrainian, english = infos(write(chain("k-1", (Phase.ALERT, {}))[0]))
    assert said(ukrainian, "areaDesc") == ["Київ", "Подільський район"]
    assert said(english, "areaDesc") == ["Kyiv", "Podil & <Pochaina>"]


def test_a_headline_stays_within_160_characters_however_many_areas_there_are() -> None:
    areas = {str(code): CapArea(str(code), {"uk": "Подільський район міста Києва"}) for code in range(30)}
    notice = replace(chain("k-1", (Phase.ALERT, {}))[0], areas=tuple(areas))
    for info in infos(write_cap(notice, areas, SENDER, "live")):
        assert len(said(info, "headline")[0]) <= 160
        assert len(said(info, "areaDesc")) == 30


@pytest.mark.parametrize("sender", ["", "a b", "a,b", "a<b", "a&b", "a\tb", "a\x00b"])
def test_a_sender_with_a_forbidden_character_is_refused(sender: str) -> None:
    with pytest.raises(Invalid, match="sender"):
        write_cap(chain("k-1", (Phase.ALERT, {}))[0], AREAS, sender, "live")


@pytest.mark.parametrize("realm", ["", "Live", "test", "actual"])
def test_an_unknown_realm_is_refused_and_never_taken_for_actual(realm: str) -> None:
    with pytest.raises(Invalid, match="realm"):
        write(chain("k-1", (Phase.ALERT, {}))[0], realm)


@pytest.mark.parametrize("web", ["", "/alerts", "kyiv.example", "javascript:alert(1)"])
def test_an_address_that_is_not_absolute_is_refused(web: str) -> None:
    with pytest.raises(Invalid, match="web"):
        write_cap(chain("k-1", (Phase.ALERT, {}))[0], AREAS, SENDER, "live", web)


def test_a_polygon_is_latitude_first_and_closed_and_a_hole_is_filled() -> None:
    outer = [[30.4, 50.4], [30.6, 50.4], [30.6, 50.5, 180.0]]
    hole = [[30.5, 50.42], [30.51, 50.42], [30.51, 50.43], [30.5, 50.42]]
    area = CapArea(KYIV, {}, {"type": "MultiPolygon", "coordinates": [[outer, hole], [outer]]})
    expected = "50.40000,30.40000 50.40000,30.60000 50.50000,30.60000 50.40000,30.40000"
    assert area.polygons == (expected, expected)


def test_a_geometry_that_is_no_polygon_is_refused_before_any_alert() -> None:
    with pytest.raises(Invalid, match=KYIV):
        CapArea(KYIV, {}, {"type": "Point", "coordinates": [30.5, 50.4]})


def read(polygon: str) -> Polygon:
    pairs = [pair.split(",") for pair in polygon.split()]
    assert len(pairs) <= 100
    assert pairs[0] == pairs[-1]
    return Polygon([(float(lon), float(lat)) for lat, lon in pairs])


@settings(max_examples=25)
@given(st.integers(101, 600), st.floats(0.001, 0.3), st.randoms())
def test_a_simplified_outline_is_simple_and_leaves_nobody_out(corners: int, size: float, random: Random) -> None:
    whole = Polygon([(0, 0), *_star(corners, size, random), (0, 0)])
    area = CapArea(KYIV, {}, {"type": "Polygon", "coordinates": [list(whole.exterior.coords)]})
    outline = read(area.polygons[0])
    assert outline.is_valid
    assert outline.covers(whole.buffer(-0.00001))


def _star(corners: int, size: float, random: Random) -> list[tuple[float, float]]:
    radii = [size * random.uniform(0.5, 1) for _ in range(corners)]
    return [(r * cos(pi * i / corners), r * sin(pi * i / corners)) for i, r in enumerate(radii)]


def test_the_raions_of_kyiv_fit_into_a_hundred_pairs_and_leave_nobody_out() -> None:
    if not RAIONS.exists():
        pytest.skip(f"the raions of Kyiv are not at {RAIONS}")
    for feature in json.loads(RAIONS.read_text(encoding="utf-8"))["features"]:
        whole = shape(feature["geometry"])
        (polygon,) = CapArea(KYIV, {}, feature["geometry"]).polygons
        outline = read(polygon)
        assert outline.is_valid
        assert outline.covers(whole)
        assert outline.area < whole.area * 1.1


def test_every_phase_and_threat_has_words_in_both_languages() -> None:
    for words in (*TITLES.values(), *WORDS.values()):
        assert list(words) == ["uk", "en"]
    assert set(TITLES) == set(Phase) - {Phase.UNKNOWN}
