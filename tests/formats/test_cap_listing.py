"""What other services publish: the alerts in it, the links it gives, and nothing left out unseen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cap_documents import GOOD, GOOD_1_0, REAL, real_files
from tests.foreign import cap

from tocsin.formats.cap_listing import Link, Listing, read_listing
from tocsin.formats.cap_read import read_cap
from tocsin.kernel.errors import Invalid

BASE = "https://meteo.example/feeds/all.atom"


def atom(*entries: str, attributes: str = "") -> bytes:
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{attributes}>{inside}</feed>'.encode()


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>".encode()


def links(document: bytes) -> tuple[Link, ...]:
    listing = read_listing(document, BASE)
    assert (listing.found, listing.unusable) == ((), ())
    return listing.links


def test_a_cap_document_is_a_listing_of_itself_byte_for_byte() -> None:
    assert [found.document for found in read_listing(GOOD.encode()).found] == [GOOD.encode()]
    assert len(read_listing(GOOD_1_0.encode()).found) == 1


@pytest.mark.parametrize(
    "entry",
    [
        '<link href="../a.xml" type="application/cap+xml"/>',
        '<link href="/a.html" type="text/html"/><link href="../a.xml" type="application/cap+xml"/>',
        '<link rel="alternate" type="APPLICATION/cap+xml; charset=utf-8" href="https://meteo.example/a.xml"/>',
        '<link href="https://meteo.example/a.xml"/>',
        '<link rel="self" href="/self"/><link href="/a.xml"/>',
    ],
)
def test_an_atom_entry_leads_to_its_cap_document(entry: str) -> None:
    assert links(atom(f"<id>x</id><updated>2025-04-24T00:00:00Z</updated>{entry}")) == (
        Link("https://meteo.example/a.xml", "2025-04-24T00:00:00Z"),
    )


@pytest.mark.parametrize(
    "item",
    [
        "<link>https://meteo.example/a.xml</link>",
        '<link>https://meteo.example/a.html</link><enclosure url="/a.xml" type="application/cap+xml"/>',
    ],
)
def test_an_rss_item_leads_to_its_cap_document(item: str) -> None:
    assert links(rss(f"{item}<pubDate>Thu</pubDate>")) == (Link("https://meteo.example/a.xml", "Thu"),)


def test_a_link_is_relative_to_the_base_that_the_feed_names() -> None:
    document = atom('<link href="a.xml"/>', attributes=' xml:base="https://other.example/caps/"')
    assert links(document) == (Link("https://other.example/caps/a.xml", ""),)


def test_an_entry_that_is_there_twice_is_one_document() -> None:
    assert len(links(atom('<link href="/a.xml"/>', '<link href="/a.xml"/>'))) == 1


@pytest.mark.parametrize(
    "wrapped",
    [
        atom("<id>x</id><content type='application/cap+xml'>{}</content><link href='/a.xml'/>"),
        rss("<guid>x</guid>{}"),
        b"<EDXLDistribution xmlns='urn:oasis:names:tc:emergency:EDXL:DE:1.0'><contentObject><xmlContent>"
        b"<embeddedXMLContent>{}</embeddedXMLContent></xmlContent></contentObject></EDXLDistribution>",
        b"<edxlDistribution xmlns='urn:oasis:names:tc:emergency:EDXL:DE:2.0'><content>{}</content></edxlDistribution>",
    ],
)
def test_an_alert_inside_something_else_is_taken_out_whole(wrapped: bytes) -> None:
    document = wrapped.replace(b"{}", cap())
    (found,) = read_listing(document, BASE).found
    assert read_cap(found.document) == read_cap(cap())


def test_an_entry_that_leads_nowhere_is_kept_with_the_reason() -> None:
    listing = read_listing(
        atom("<id>gone</id>", '<link href="/a.html" type="text/html"/>', '<link href="http://[a"/>'), BASE
    )
    assert [bool(each.reason) for each in listing.unusable] == [True, True, True]
    assert listing.unusable[0].address == "gone"
    assert not listing.links


def test_an_empty_feed_is_no_fault_and_what_is_no_feed_is() -> None:
    assert read_listing(atom()) == Listing()
    assert read_listing(rss()) == Listing()
    for other in (b"<html><body>502</body></html>", b"", b"<!DOCTYPE feed><feed xmlns='http://www.w3.org/2005/Atom'/>"):
        with pytest.raises(Invalid):
            read_listing(other)


SOURCES = [atom('<link href="/a.xml"/>'), rss("<link>/a</link>"), *(real.path.read_bytes() for real in real_files())]


@settings(max_examples=200)
@given(st.sampled_from(SOURCES), st.data())
def test_nothing_but_invalid_comes_of_a_garbled_listing(source: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(source)))
    document = source[:at] + data.draw(st.binary(max_size=8)) + source[at + data.draw(st.integers(0, 8)) :]
    try:
        listing = read_listing(document, BASE)
    except Invalid:
        return
    assert all(link.address for link in listing.links)


@pytest.mark.skipif(not real_files(), reason=f"the collection of CAP files is not at {REAL}")
def test_every_real_feed_and_alert_is_read_or_refused_and_none_is_empty_by_mistake() -> None:
    for real in real_files():
        try:
            listing = read_listing(real.path.read_bytes(), BASE)
        except Invalid:
            assert "xee" in real.path.name
            continue
        assert any(listing) or "no_entries" in real.path.name or "empty" in real.path.name, real.path.name
