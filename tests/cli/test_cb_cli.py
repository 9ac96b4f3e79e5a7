"""`tocsin cb`: pages of a text, and back."""

import json

import pytest
from tests.running import tocsin

UKRAINIAN = "Повітряна тривога. Негайно прямуйте в укриття, подалі від вікон."


def test_a_text_becomes_pages_that_are_read_again() -> None:
    said = json.loads(tocsin("cb", "encode", "--text", UKRAINIAN, "--code", "7", "--update", "3", "--json").stdout)
    pages = said.pop("pages")
    assert [len(bytes.fromhex(page)) for page in pages] == [88, 88]
    assert said == {
        "dcs": 0x11,
        "language": "uk",
        "message_identifier": 4370,
        "serial_number": 1 << 14 | 7 << 4 | 3,
        "characters": len(UKRAINIAN),
        "per_page": 40,
        "encoding": "ucs2",
    }
    heard = json.loads(tocsin("cb", "decode", *reversed(pages), "--json").stdout)
    assert heard["text"] == UKRAINIAN
    assert (heard["language"], heard["encoding"], heard["pages"]) == ("uk", "ucs2", 2)
    assert (heard["message_identifier"], heard["serial_number"]) == (4370, said["serial_number"])
    assert (heard["message_code"], heard["update_number"], heard["geographical_scope"]) == (7, 3, "plmn_wide")


def test_without_json_the_pages_are_lines_and_the_text_is_bare() -> None:
    pages = tocsin("cb", "encode", "--text", "Air raid {now}", "--lang", "en", "--level", "2").stdout.split()
    assert len(pages) == 1
    assert pages[0][4:8] == f"{4384:04x}"
    assert tocsin("cb", "decode", *pages).stdout == "Air raid {now}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("encode", "--text", "ok 😀"), "text[3]: 😀 (U+1F600, GRINNING FACE) cannot be broadcast"),
        (("encode", "--text", "ї" * 601), "601 characters take 16 pages"),
        (("encode", "--text", "ok", "--level", "5"), "level: 5 is not an EU-Alert level"),
        (("encode", "--text", "ok", "--lang", "ukr"), "language: 'ukr' is not"),
        (("decode", "xyz"), "page 1: not octets in hex"),
        (("decode", "4000"), "page 1: 2 octets"),
    ],
)
def test_what_cannot_be_ends_with_2_and_says_where(arguments: tuple[str, ...], words: str) -> None:
    done = tocsin("cb", *arguments, check=False)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""
