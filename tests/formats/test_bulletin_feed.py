"""The bulletin feed as newsrooms read it."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from lxml import etree

from tocsin.domain.bulletins import Content, Published, Version
from tocsin.formats.bulletin.feed import ATOM, write_bulletin_feed

if TYPE_CHECKING:
    from tests.conftest import Golden

NOW = datetime(2025, 4, 24, 3, 35, tzinfo=UTC)
FIRST = Published(
    attack="kyiv-2025-04-24",
    number=1,
    position=71,
    published=NOW,
    content=Content(
        version=Version.INITIAL,
        cutoff=NOW - timedelta(minutes=5),
        since=NOW - timedelta(hours=3),
        figures={},
        titles={"en": "Bulletin No. 1 (initial)", "uk": "Зведення № 1 (перше)"},
        lead={"en": "Nine people were killed.", "uk": "Загинули дев'ятеро людей."},
        texts={"en": "Nine people were killed <& named>.\n", "uk": "Загинули дев'ятеро людей.\n"},
    ),
    prepared_by="petro",
    approved_by="olena",
)
SECOND = msgspec.structs.replace(
    FIRST,
    number=2,
    published=NOW + timedelta(hours=5),
    withdrawn=NOW + timedelta(hours=6),
    withdrawal={"en": "Bulletin No. 2 is withdrawn.", "uk": "Зведення № 2 відкликано."},
)


def feed(*bulletins: Published, realm: str = "live") -> bytes:
    return write_bulletin_feed(
        bulletins, base_url="https://alerts.kyiv.example/", publisher="Kyiv", realm=realm, now=NOW
    )


def texts(document: bytes, path: str) -> list[str]:
    found = etree.fromstring(document).iterfind(path, {"a": ATOM})
    return [element.text or "" for element in found]


def test_the_feed_reads_as_kept(golden: "Golden") -> None:
    golden.check("bulletins.atom", feed(SECOND, FIRST).decode())


def test_a_withdrawn_bulletin_keeps_its_id_and_loses_its_figures() -> None:
    standing = msgspec.structs.replace(SECOND, withdrawn=None, withdrawal={})
    before, after = feed(standing), feed(SECOND)
    assert texts(before, "a:entry/a:id") == texts(after, "a:entry/a:id")
    assert texts(after, "a:entry/a:title") == [
        "Відкликано / Withdrawn: Зведення № 1 (перше) / Bulletin No. 1 (initial)"
    ]
    assert "Nine" not in texts(after, "a:entry/a:content")[0]
    assert texts(after, "a:updated") == ["2025-04-24T09:35:00Z"]


def test_an_exercise_says_so_in_the_feed_and_in_every_entry() -> None:
    document = feed(FIRST, realm="exercise")
    for path in ("a:title", "a:entry/a:title", "a:entry/a:content"):
        assert all(text.startswith("НАВЧАННЯ / EXERCISE") for text in texts(document, path))


def test_an_empty_feed_is_as_of_now() -> None:
    assert texts(feed(), "a:updated") == ["2025-04-24T03:35:00Z"]


def test_a_character_that_xml_forbids_does_not_stop_the_feed() -> None:
    content = msgspec.structs.replace(FIRST.content, texts={"en": "nine\x00 killed", "uk": "x"})
    document = feed(msgspec.structs.replace(FIRST, content=content))
    assert texts(document, "a:entry/a:content") == ["x\n\nnine killed"]
