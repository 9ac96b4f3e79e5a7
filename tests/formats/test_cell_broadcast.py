"""Cell broadcast messages against the vectors of Android and Osmocom, and against themselves."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.conftest import Golden

from tocsin.formats.cell_broadcast import (
    EXERCISES,
    LEVELS,
    Circle,
    Decoded,
    Encoding,
    Message,
    Polygon,
    Scope,
    SerialNumber,
    WarningArea,
    carriable,
    decode,
    encode,
    gsm7,
    identifier,
    meaning,
    read_area,
    write_area,
)
from tocsin.kernel.errors import Invalid
from tocsin.kernel.geo import Point

VECTORS = Path(__file__).parents[2].parent / "shared" / "data" / "cellbroadcast" / "cbs_vectors.json"
needs_vectors = pytest.mark.skipif(
    not VECTORS.exists(), reason="the vectors lie outside the repository: no shared/data"
)

SERIAL = SerialNumber(682, 5, Scope.CELL_WIDE_IMMEDIATE)
GSM7 = "".join(char for char in gsm7.ALPHABET if char not in "\x1b\r") + "".join(gsm7.EXTENSION.values())
CYRILLIC = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяАБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ'’ —.,!?«»№0123456789\n"
MIXED = GSM7 + CYRILLIC + "עברית日本語żółw"
LANGUAGES = {GSM7: ["en", "de", "sv", "et", None], CYRILLIC: ["uk", "ru", None], MIXED: ["uk", "en", "et", None]}


def vectors() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(VECTORS.read_text()) if VECTORS.exists() else []
    return read


def vector(test: str) -> bytes:
    return next(bytes.fromhex(each["hex"]) for each in vectors() if each["test"] == test)


PADDED = "A GSM default alphabet message with carriage return padding"
TEXTS = [
    "Hello UMTS world, this is IuBC§Write§5.1.5.sl (new) - Page  1/ 1.",
    PADDED,
    PADDED,
    "First page+Second page",
    "A GSM default alphabet message being exactly 93 characters long, meaning there is no padding!",
    PADDED,
    "",
    "A UCS2 message containing a д character",
    "A UCS2 message containing a д character",
    PADDED,
    PADDED,
    PADDED,
    "宮城県北部山沿い地方で地震発生。強い揺れに備えて下さい（気象庁）",
    "宮城県北部山沿い地方で地震。揺れに備えて下さい（気象庁）",
    "",
]
SPOKEN = ["en", None, None, None, None, "sv", None, None, "xx", None, None, None, None, None, "en"]


@needs_vectors
@pytest.mark.parametrize("number", range(15))
def test_every_vector_is_read_to_its_text_and_numbers(number: int) -> None:
    each = vectors()[number]
    message = decode([bytes.fromhex(each["hex"])])
    assert message.text == TEXTS[number]
    assert message.language == SPOKEN[number]
    if expected := each.get("expected_text"):
        assert message.text == expected.replace("\\u0434", "д")
    told = {"message_id": message.message_identifier, "dcs": message.dcs, "pages": message.pages}
    assert {name: value for name, value in told.items() if name in each} == {
        name: each[name] for name in told if name in each
    }
    assert each.get("serial") in (None, f"{message.serial_number:04x}")


@needs_vectors
def test_there_are_as_many_vectors_as_texts() -> None:
    assert len(vectors()) == len(TEXTS) == len(SPOKEN)


@needs_vectors
@pytest.mark.parametrize(
    ("test", "text", "language"),
    [
        ("testGetMessageBodyUcs2WithLanguageInBody", "A UCS2 message containing a д character", "xx"),
        ("testGetMessageBodyUcs2Umts", "A UCS2 message containing a д character", None),
    ],
)
def test_a_text_of_a_vector_is_written_octet_for_octet_like_it(test: str, text: str, language: str | None) -> None:
    message = encode(text, 50, SerialNumber(0, 0, Scope.CELL_WIDE), language)
    assert vector(test) in (message.gsm()[0], message.umts())


@needs_vectors
@pytest.mark.parametrize(
    ("test", "text"), [("testGetMessageBody7BitFullUmts", TEXTS[4]), ("testGetMessageBody7Bit", TEXTS[1])]
)
def test_a_seven_bit_page_is_written_octet_for_octet_like_a_vector(test: str, text: str) -> None:
    (content,) = encode(text, 50, SerialNumber(0, 0, Scope.CELL_WIDE), None).contents
    assert content.octets in vector(test)


@needs_vectors
def test_the_code_and_the_update_number_are_those_that_androids_tests_read() -> None:
    message = decode([vector("testGetMessageCode")])
    assert (message.message_code, message.update_number) == (682, 5)
    assert message.geographical_scope is Scope.CELL_WIDE_IMMEDIATE


@needs_vectors
def test_the_warning_area_of_androids_message_is_read_and_written_again_octet_for_octet() -> None:
    block = vector("testCreateMessageFromBinary")
    area = decode([block]).area
    assert area is not None
    circle, polygon = area.shapes[:2]
    assert circle == Circle(Point(37.41462707519531, -122.08093643188477), 1546.875)
    assert isinstance(polygon, Polygon)
    assert polygon.vertices == (
        Point(11.109967231750488, 22.219934463500977),
        Point(33.32998752593994, 44.43995475769043),
        Point(55.549964904785156, -56.560020446777344),
    )
    assert area.wait_s == 5
    written = write_area(WarningArea((circle, polygon), area.wait_s))
    assert block[92:].startswith(written)
    assert len(written) == 32


def test_the_seven_bit_packing_is_the_one_everybody_knows() -> None:
    codes = [code for each in gsm7.codes("hellohello") or () for code in each]
    assert gsm7.pack(codes).hex() == "e8329bfd4697d9ec37"
    assert gsm7.read(gsm7.unpack(bytes.fromhex("e8329bfd4697d9ec37"))) == "hellohello"


def test_a_ukrainian_alert_has_the_octets_it_had_before(golden: Golden) -> None:
    text = "ТРИВОГА: Київ. Ракетна небезпека. Негайно прямуйте в укриття."
    pages = encode(text, 4370, SerialNumber(1), "uk").gsm()
    golden.check("cell-broadcast.uk.hex", "\n".join(page.hex() for page in pages) + "\n")


def roundtrip(text: str, language: str | None) -> Message:
    """Through GSM with its pages out of order, and through UMTS."""
    message = encode(text, 4371, SERIAL, language)
    pages = list(message.gsm())
    assert len(pages) <= 15
    assert {len(page) for page in pages} == {88}
    random.Random(len(text)).shuffle(pages)
    for heard in (decode(pages), decode([message.umts()])):
        assert heard.text == text
        assert heard.language == language
        assert (heard.encoding, heard.dcs, heard.pages) == (message.encoding, message.dcs, len(pages))
        assert (heard.message_identifier, heard.serial_number) == (4371, SERIAL.number)
    return message


def spoken(draw: st.DrawFn) -> tuple[str, str | None]:
    alphabet = draw(st.sampled_from(list(LANGUAGES)))
    return draw(st.text(st.sampled_from(alphabet), min_size=1, max_size=600)), draw(
        st.sampled_from(LANGUAGES[alphabet])
    )


@given(st.composite(spoken)())
@example(("@" * 8, "en"))
@example(("a" * 7, "en"))
@example(("€" * 50, "et"))
def test_what_is_written_is_read_again(said: tuple[str, str | None]) -> None:
    roundtrip(*said)


@pytest.mark.heavy
def test_ten_thousand_random_texts_are_read_again() -> None:
    chance = random.Random(2025)
    for number in range(10_000):
        alphabet = list(LANGUAGES)[number % 3]
        text = "".join(chance.choices(alphabet, k=chance.randint(1, 600)))
        roundtrip(text, chance.choice(LANGUAGES[alphabet]))


@pytest.mark.parametrize(
    ("char", "language", "encoding", "dcs", "per_page", "longest"),
    [
        ("a", "en", Encoding.GSM7, 0x01, 93, 1395),
        ("a", None, Encoding.GSM7, 0x0F, 93, 1395),
        ("a", "et", Encoding.GSM7, 0x10, 90, 1350),
        ("ї", None, Encoding.UCS2, 0x48, 41, 615),
        ("ї", "uk", Encoding.UCS2, 0x11, 40, 600),
        ("ї", "en", Encoding.UCS2, 0x11, 40, 600),
        ("a", "uk", Encoding.UCS2, 0x11, 40, 600),
    ],
)
def test_fifteen_pages_hold_this_much_and_not_one_more(
    char: str, language: str | None, encoding: Encoding, dcs: int, per_page: int, longest: int
) -> None:
    message = roundtrip(char * longest, language)
    assert (message.encoding, message.dcs, message.per_page) == (encoding, dcs, per_page)
    assert len(message.contents) == 15
    with pytest.raises(Invalid, match=f"{longest + 1} characters take 16 pages.*hold {longest}"):
        encode(char * (longest + 1), 4370, SERIAL, language)


def test_a_character_of_the_extension_table_is_not_torn_apart_by_the_end_of_a_page() -> None:
    message = roundtrip("a" * 92 + "€" + "b", "en")
    assert [content.used for content in message.contents] == [81, 3]


def test_an_emoji_is_refused_by_name_and_place() -> None:
    with pytest.raises(Invalid, match=r"U\+1F6A8, POLICE CARS REVOLVING LIGHT") as caught:
        encode("Увага 🚨", 4370, SERIAL)
    assert caught.value.where == "text[6]"


@pytest.mark.parametrize("char", ["\ud83d", "\0"])
def test_half_a_character_and_nul_are_refused(char: str) -> None:
    with pytest.raises(Invalid, match="cannot be broadcast"):
        encode(f"Увага{char}", 4370, SERIAL)


@given(st.text(st.characters(), max_size=80))
def test_what_is_left_of_any_text_can_be_broadcast(text: str) -> None:
    left = carriable(f"Увага{text}")
    assert decode(encode(left, 4370, SERIAL).gsm()).text.startswith("Увага")


@pytest.mark.parametrize(
    ("text", "number", "language", "where"),
    [
        ("", 4370, "uk", "text"),
        ("ok", 65536, "uk", "message_identifier"),
        ("ok", 4370, "ukr", "language"),
        ("ok", 4370, "UK", "language"),
    ],
)
def test_what_makes_no_message_is_refused_with_its_field(text: str, number: int, language: str, where: str) -> None:
    with pytest.raises(Invalid) as caught:
        encode(text, number, SERIAL, language)
    assert caught.value.where == where


def test_line_ends_of_any_kind_become_line_feeds() -> None:
    message = encode("one\r\ntwo\rthree\n", 4370, SERIAL, "en")
    assert decode(message.gsm()).text == "one\ntwo\nthree\n"


@given(st.lists(st.binary(max_size=1300), max_size=4))
@example([b"\x01" + b"\x00" * 90])
@example([b""])
def test_octets_of_any_kind_are_read_or_refused_and_nothing_else(blocks: list[bytes]) -> None:
    heard(blocks)


def heard(blocks: list[bytes]) -> Decoded | None:
    try:
        return decode(blocks)
    except Invalid:
        return None


@given(st.data())
def test_a_message_with_some_octets_changed_is_read_or_refused(data: st.DataObject) -> None:
    message = encode("Увага! Attention! " * 8, 4370, SERIAL)
    blocks = [bytearray(block) for block in data.draw(st.sampled_from([list(message.gsm()), [message.umts() + b"ab"]]))]
    for _ in range(data.draw(st.integers(1, 5))):
        block = data.draw(st.sampled_from(blocks))
        block[data.draw(st.integers(0, len(block) - 1))] = data.draw(st.integers(0, 255))
    heard([bytes(block) for block in blocks])


@pytest.mark.parametrize("dcs", range(256))
def test_every_coding_scheme_is_read_or_refused(dcs: int) -> None:
    page = bytes.fromhex("40001112") + bytes([dcs, 0x11]) + bytes(range(82))
    message = heard([page])
    unreadable = dcs >> 4 in (0b0110, 0b0111, 0b1001, 0b1101, 0b1110)
    assert (message is None) == unreadable


def pages() -> list[bytes]:
    return list(encode("Негайно прямуйте в укриття. " * 4, 4370, SERIAL).gsm())


def test_a_missing_page_is_named() -> None:
    first, _, third = pages()
    with pytest.raises(Invalid, match="of 3 there is no 2"):
        decode([third, first])


def test_a_page_of_another_message_is_refused() -> None:
    other = encode("Негайно прямуйте в укриття. " * 4, 4370, SERIAL.changed()).gsm()
    with pytest.raises(Invalid, match="page 2: it is not of the same message"):
        decode([pages()[0], other[1], pages()[2]])


def test_a_page_heard_twice_counts_once_and_a_different_one_in_its_place_is_refused() -> None:
    said = pages()
    assert decode([*said, said[0]]) == decode(said)
    with pytest.raises(Invalid, match="two different pages 1"):
        decode([*said, said[0][:-1] + b"!"])


def test_a_warning_area_that_cannot_be_read_does_not_keep_the_warning_back() -> None:
    message = encode("Увага", 4370, SERIAL)
    for behind in (b"\x00", b"\x05\x00ab", b"\x03\x00\x30\x28\x00"):
        broken = decode([message.umts() + behind])
        assert (broken.text, broken.area) == ("Увага", None)
        assert broken.area_fault


def test_a_warning_area_behind_a_message_is_read() -> None:
    area = WarningArea((Circle(Point(50.45, 30.52), 2000.0),), 10)
    written = write_area(area)
    block = encode("Увага", 4370, SERIAL).umts() + len(written).to_bytes(2, "little") + written
    read = decode([block]).area
    assert read is not None
    (circle,) = read.shapes
    assert isinstance(circle, Circle)
    assert circle.centre.lat == pytest.approx(50.45, abs=1e-4)
    assert circle.centre.lon == pytest.approx(30.52, abs=1e-4)
    assert (circle.radius_m, read.wait_s) == (2000.0, 10)


points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
shapes = st.one_of(
    st.builds(Circle, points, st.floats(0, 1_000_000)),
    st.builds(Polygon, st.lists(points, min_size=3, max_size=10).map(tuple)),
)


@given(st.builds(WarningArea, st.lists(shapes, max_size=6).map(tuple), st.integers(0, 255)))
def test_an_area_written_and_read_is_the_same_when_written_again(area: WarningArea) -> None:
    read = read_area(write_area(area))
    assert write_area(read) == write_area(area)
    assert read.wait_s == area.wait_s
    for before, after in zip(area.shapes, read.shapes, strict=True):
        if isinstance(before, Circle) and isinstance(after, Circle):
            assert before.radius_m - 1e-3 <= after.radius_m <= before.radius_m + 16


@given(st.binary(max_size=200))
def test_an_area_of_any_octets_is_read_or_refused(octets: bytes) -> None:
    try:
        read_area(octets)
    except Invalid:
        return


@pytest.mark.parametrize(
    ("area", "where"),
    [
        (WarningArea((Polygon((Point(0, 0), Point(1, 1))),)), "shapes[0].vertices"),
        (WarningArea((Polygon((Point(0, 0),) * 200),)), "shapes[0].vertices"),
        (WarningArea((Circle(Point(0, 0), 2e7),)), "shapes[0].radius_m"),
        (WarningArea((Circle(Point(0, 0), -1.0),)), "shapes[0].radius_m"),
        (WarningArea((Circle(Point(0, 0), 1.0),) * 103), "shapes"),
        (WarningArea((), 256), "wait_s"),
    ],
)
def test_an_area_that_is_none_is_refused_with_its_field(area: WarningArea, where: str) -> None:
    with pytest.raises(Invalid) as caught:
        write_area(area)
    assert caught.value.where == where


@given(st.integers(0, 0xFFFF))
def test_a_serial_number_is_its_three_parts(number: int) -> None:
    serial = SerialNumber.of(number)
    assert serial.number == number
    assert serial.changed().code == serial.code
    assert serial.changed().update == (serial.update + 1) % 16
    assert serial.following().code == (serial.code + 1) % 1024
    assert serial.following().update == 0
    assert {serial.changed().scope, serial.following().scope} == {serial.scope}


@pytest.mark.parametrize(("code", "update"), [(1024, 0), (-1, 0), (0, 16), (0, -1)])
def test_a_serial_number_out_of_range_is_refused(code: int, update: int) -> None:
    with pytest.raises(Invalid):
        SerialNumber(code, update)


def test_a_number_of_more_than_sixteen_bits_is_no_serial_number() -> None:
    with pytest.raises(Invalid, match="16 bits"):
        SerialNumber.of(0x10000)


@pytest.mark.parametrize(
    ("level", "language", "number"),
    [(1, "uk", 4370), (1, "en", 4383), (2, "uk", 4371), (2, "en", 4384), (3, "uk", 4373), (4, "uk", 4396)],
)
def test_a_level_in_a_language_has_its_message_identifier(level: int, language: str, number: int) -> None:
    assert identifier(level, language) == number
    assert f"level {level}" in meaning(number)
    assert ("additional language" in meaning(number)) == (language != "uk")


def test_an_unknown_level_is_refused_and_an_unknown_identifier_means_nothing() -> None:
    with pytest.raises(Invalid, match="there are 1, 2, 3, 4"):
        identifier(5, "uk")
    assert meaning(50) == ""


def test_no_identifier_of_an_exercise_is_one_of_a_real_alert() -> None:
    assert not set(EXERCISES) & {number for pair in LEVELS.values() for number in pair}
    assert {meaning(number) for number in EXERCISES} == {"EU-Exercise", "EU-Exercise, additional language"}
