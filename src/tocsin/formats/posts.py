"""Posts of public channels and feeds: plain text, a Telegram Desktop export (JSON), Atom, RSS. Text in, posts out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec
from lxml import etree, html

from tocsin.kernel.errors import Invalid
from tocsin.kernel.time import parse_instant


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """One text with what is known of it."""

    text: str
    publisher: str
    published: datetime | None = None
    url: str = ""


def posts(document: bytes, suffix: str, publisher: str, published: datetime | None = None) -> list[Post]:
    """
    Every post of a document.

    Args:
        suffix: Of the file's name: `.json` is an export of a channel, `.xml`, `.atom` and `.rss` are feeds.
        publisher: Where the document itself names none.

    Raises:
        Invalid: If the document is not what its name says.
    """
    if suffix == ".json":
        return list(_telegram(document, publisher))
    if suffix in (".xml", ".atom", ".rss"):
        return list(_feed(document, publisher))
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(f"byte {error.start} is not UTF-8") from None
    return [Post(text=text, publisher=publisher, published=published)]


class _Message(msgspec.Struct):
    """Of Telegram Desktop's `result.json`. `text` is words, or words and entities in order."""

    id: int
    type: str = ""
    date_unixtime: str = ""
    text: str | list[Any] = ""


class _Export(msgspec.Struct):
    messages: list[_Message]
    name: str | None = None


def _telegram(document: bytes, publisher: str) -> Iterator[Post]:
    try:
        export = msgspec.json.decode(document, type=_Export)
    except msgspec.MsgspecError as error:
        raise Invalid(f"not an export of a channel: {error}") from None
    for message in export.messages:
        text = _plain(message.text)
        if message.type == "message" and text.strip():
            seconds = message.date_unixtime
            at = datetime.fromtimestamp(int(seconds), UTC) if seconds.isdecimal() and len(seconds) < 12 else None
            yield Post(text=text, publisher=export.name or publisher, published=at)


def _plain(text: str | list[Any]) -> str:
    parts = [text] if isinstance(text, str) else text
    return "".join(part if isinstance(part, str) else str(part.get("text", "")) for part in parts if part)


def _feed(document: bytes, publisher: str) -> Iterator[Post]:
    try:
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise Invalid(f"not a feed: {error}") from None
    title = _first(root, "title")
    for entry in root.iter("{*}item", "{*}entry"):
        body = _first(entry, "content", "encoded", "description", "summary")
        text = "\n\n".join(filter(None, (_first(entry, "title"), _words(body))))
        if text:
            at = _time(_first(entry, "pubDate", "published", "updated"))
            yield Post(text=text, publisher=title or publisher, published=at, url=_link(entry))


def _first(element: Any, *names: str) -> str:  # noqa: ANN401 - an element of lxml
    """The words of the first of these elements that there is."""
    for name in names:
        found = next(iter(element.iterfind(f"{{*}}{name}")), None)
        if found is None:
            found = next(iter(element.iterfind(f"{{*}}channel/{{*}}{name}")), None)
        if found is not None and found.text:
            return str(found.text).strip()
    return ""


def _words(body: str) -> str:
    """Without the markup that feeds carry inside."""
    if "<" not in body:
        return body
    return "".join(str(part) for part in html.fromstring(f"<div>{body}</div>").itertext()).strip()


def _link(entry: Any) -> str:  # noqa: ANN401 - an element of lxml
    found = next(iter(entry.iterfind("{*}link")), None)
    return "" if found is None else str(found.get("href") or found.text or "").strip()


def _time(text: str) -> datetime | None:
    """RFC 3339 or the older form of RSS; None for what is neither, or has no offset."""
    for reads in (parse_instant, parsedate_to_datetime):
        try:
            found = reads(text)
        except (Invalid, ValueError):
            continue
        if found.tzinfo is not None:
            return found
    return None
