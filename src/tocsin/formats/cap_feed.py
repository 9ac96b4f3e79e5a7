"""The feeds that lead to our CAP documents: Atom (RFC 4287) and RSS 2.0, after OASIS CAP-Feeds-v1.0 cn02."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlsplit

from lxml import etree

from tocsin.domain.warning import EXERCISE, Notice
from tocsin.formats.cap import (
    LANGUAGES,
    MEDIA_TYPE,
    OVER,
    CapArea,
    descriptions,
    expires,
    headline,
    identifier,
    require_sender,
    status,
    xml_text,
)
from tocsin.kernel.errors import Invalid
from tocsin.kernel.time import format_instant

ATOM = "http://www.w3.org/2005/Atom"
NSMAP: dict[Any, str] = {None: ATOM}
ATOM_MEDIA_TYPE = "application/atom+xml"
RSS_MEDIA_TYPE = "application/rss+xml"


@dataclass(frozen=True)
class Feed:
    """
    Whose feed it is. One feed is of one realm, so an exercise cannot stand in the live one.

    Args:
        title: Of the feed, in both languages.
        base_url: The public address of the server, such as `https://alerts.kyiv.example`. The ids of the
            entries are made of it: readers take every entry for new when it changes.
        areas: By code.

    Raises:
        Invalid: If the sender, the realm or the address is not one.
    """

    title: str
    sender: str
    realm: str
    base_url: str
    areas: Mapping[str, CapArea]

    def __post_init__(self) -> None:
        require_sender(self.sender)
        status(self.realm)
        if urlsplit(self.base_url).scheme not in ("http", "https") or not urlsplit(self.base_url).netloc:
            raise Invalid(f"{self.base_url!r} is not an absolute address", "base_url")

    def address(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/cap/{path}"

    def document(self, notice: Notice) -> str:
        """Where the CAP document of a notice is."""
        return self.address(f"alerts/{quote(identifier(notice, self.sender), safe='@')}.xml")

    def heading(self) -> str:
        return self.title if self.realm == "live" else f"{' / '.join(EXERCISE.values())}: {self.title}"

    def said(self, notice: Notice) -> str:
        """The headline of an entry in both languages."""
        return " / ".join(headline(notice, self.areas, self.realm, language) for language in LANGUAGES)

    def details(self, notice: Notice) -> str:
        """What happened and what to do, a line for each language."""
        return "\n".join(descriptions(notice, self.realm).values())


def current(notices: Iterable[Notice], now: datetime) -> list[Notice]:
    """
    What belongs in the feed: the newest message of every alert, newest first.

    It stands for its whole chain, which it references; the messages before it are left out, or a reader that
    takes entry by entry would sound an alert that is over. A message that ends an alert stays for as long as it
    is valid, so that who missed it sees it. An alert that ran out stays: it is not over until somebody says so.
    """
    listed = [notice for notice in _newest(notices) if notice.phase not in OVER or now < expires(notice)]
    return sorted(listed, key=lambda notice: notice.position, reverse=True)


def updated_at(notices: Iterable[Notice], now: datetime) -> datetime:
    """
    When the feed last began to mean something else: an entry came, or left. An empty feed means that nothing is
    known to be wrong *now*, so it is always as of now.
    """
    newest = _newest(notices)
    if not current(newest, now):
        return now
    left = [ended for notice in newest if notice.phase in OVER and (ended := expires(notice)) <= now]
    return max([notice.sent for notice in newest] + left)


def _newest(notices: Iterable[Notice]) -> list[Notice]:
    newest: dict[str, Notice] = {}
    for notice in notices:
        if notice.alert not in newest or newest[notice.alert].revision < notice.revision:
            newest[notice.alert] = notice
    return list(newest.values())


def write_atom(feed: Feed, notices: Sequence[Notice], updated: datetime) -> bytes:
    """
    The Atom feed of some notices, one entry for each, in the order given.

    Args:
        notices: As `current` chose them.
        updated: As `updated_at` tells it.
    """
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=NSMAP)
    own = feed.address("feed.atom")
    _add(root, "id", own)
    _add(root, "title", feed.heading())
    _add(root, "updated", format_instant(updated))
    _add(_add(root, "author"), "name", feed.sender)
    _add(root, "link", rel="self", type=ATOM_MEDIA_TYPE, href=own)
    for notice in notices:
        _add_entry(root, feed, notice)
    return _text(root)


def _add_entry(root: etree._Element, feed: Feed, notice: Notice) -> None:
    entry = _add(root, "entry")
    document = feed.document(notice)
    _add(entry, "id", document)
    _add(entry, "title", feed.said(notice))
    # A CAP message never changes: what changes is a new message, and that is a new entry with a new id.
    _add(entry, "updated", format_instant(notice.sent))
    _add(entry, "link", rel="alternate", type=MEDIA_TYPE, href=document)
    _add(entry, "category", term=notice.phase)
    _add(entry, "summary", feed.details(notice))


def write_rss(feed: Feed, notices: Sequence[Notice], updated: datetime) -> bytes:
    """The same as RSS 2.0."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": ATOM})
    channel = _add(root, "channel", namespace="")
    own = feed.address("feed.rss")
    heading = feed.heading()
    for name, text in (
        ("title", heading),
        ("link", feed.base_url),
        ("description", heading),
        ("lastBuildDate", _rfc822(updated)),
    ):
        _add(channel, name, text, namespace="")
    _add(channel, "link", rel="self", type=RSS_MEDIA_TYPE, href=own)
    for notice in notices:
        _add_item(channel, feed, notice)
    return _text(root)


def _add_item(channel: etree._Element, feed: Feed, notice: Notice) -> None:
    item = _add(channel, "item", namespace="")
    document = feed.document(notice)
    rows = {
        "title": feed.said(notice),
        "link": document,
        "guid": document,
        "pubDate": _rfc822(notice.sent),
        "category": notice.phase,
        "description": feed.details(notice),
    }
    for name, text in rows.items():
        _add(item, name, text, namespace="")


def etag(document: bytes) -> str:
    """
    An ETag of what a feed says. It does not look at when the feed says it, so an empty feed keeps its own from
    hour to hour; the 304 is then what tells the reader that it is fresh. Weak, since the bytes differ.
    """
    said = re.sub(rb"<(updated|lastBuildDate)>[^<]*</\1>", b"", document, count=1)
    return f'W/"{sha256(said).hexdigest()[:32]}"'


def _add(
    parent: etree._Element, name: str, text: str | None = None, /, *, namespace: str = ATOM, **attributes: str
) -> etree._Element:
    child = etree.SubElement(parent, f"{{{namespace}}}{name}" if namespace else name, attributes)
    child.text = None if text is None else xml_text(text)
    return child


def _rfc822(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def _text(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
