"""Published bulletins as an Atom feed (RFC 4287), for newsrooms and whoever else follows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from tocsin.domain.bulletins import Published
from tocsin.domain.casualties import Lang
from tocsin.domain.warning import EXERCISE
from tocsin.formats.bulletin.sheet import page_address
from tocsin.formats.bulletin.words import BULLETINS, CORRECTED, CORRECTION, WITHDRAWN
from tocsin.kernel.time import format_instant

if TYPE_CHECKING:
    from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
LANGUAGES = ("uk", "en")
"""In the order in which a text is given. Ukrainian first: it is the one people read."""


def write_bulletin_feed(
    bulletins: Sequence[Published], *, base_url: str, publisher: str, realm: str, now: datetime
) -> bytes:
    """
    The feed, in the order given. A withdrawn bulletin keeps its entry and its id, so that a reader that has it
    replaces its figures by the words that withdraw them.

    Args:
        base_url: The public address of the server; the ids of the entries are made of it.
        publisher: Who answers for the bulletins.
        now: When an empty feed is as of; a feed with entries is as of the newest change among them.
    """
    from lxml import etree

    namespaces: dict[Any, str] = {None: ATOM}
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=namespaces)
    own = f"{base_url.rstrip('/')}/bulletins.atom"
    _add(root, "id", own)
    _add(root, "title", _marked(_both(BULLETINS), realm))
    _add(root, "updated", format_instant(max((_updated(bulletin) for bulletin in bulletins), default=now)))
    _add(_add(root, "author"), "name", publisher)
    _add(root, "link", rel="self", type=MEDIA_TYPE, href=own)
    for bulletin in bulletins:
        _add_entry(root, bulletin, base_url, realm)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_entry(root: "etree._Element", bulletin: Published, base_url: str, realm: str) -> None:
    status = _status(bulletin)
    entry = _add(root, "entry")
    address = page_address(base_url, bulletin.attack, bulletin.number)
    _add(entry, "id", address)
    _add(entry, "title", _marked(f"{status.mark}{_both(bulletin.content.titles)}", realm))
    _add(entry, "published", format_instant(bulletin.published))
    _add(entry, "updated", format_instant(_updated(bulletin)))
    _add(entry, "category", term=status.term)
    for language in LANGUAGES:
        _add(entry, "link", rel="alternate", type="text/html", hreflang=language, href=f"{address}?lang={language}")
    for photo in bulletin.content.photos if status.term == bulletin.content.version.value else ():
        alt = " / ".join(photo.alt[lang] for lang in (Lang.UK, Lang.EN) if lang in photo.alt)
        _add(entry, "link", rel="enclosure", href=photo.url, title=alt)
    text = "\n\n".join(status.texts[language].strip() for language in LANGUAGES)
    _add(entry, "content", _marked(text, realm, "\n\n"), type="text")


class Status(NamedTuple):
    """
    What an entry says of a bulletin by now. One that no longer holds loses its figures.

    Attributes:
        mark: What stands before the title.
    """

    term: str
    mark: str
    texts: dict[str, str]


def _status(bulletin: Published) -> Status:
    if bulletin.withdrawn is not None:
        return Status("Withdrawn", f"{_both(WITHDRAWN)}: ", bulletin.withdrawal)
    if bulletin.corrected_by is not None:
        texts = {
            language: words.format(number=bulletin.number, by=bulletin.corrected_by)
            for language, words in CORRECTED.items()
        }
        return Status("Corrected", f"{_both(CORRECTION)}: ", texts)
    return Status(bulletin.content.version.value, "", bulletin.content.texts)


def _updated(bulletin: Published) -> datetime:
    return bulletin.withdrawn or bulletin.corrected or bulletin.published


def _both(texts: dict[str, str]) -> str:
    return " / ".join(texts[language] for language in LANGUAGES)


def _marked(text: str, realm: str, between: str = ": ") -> str:
    """An exercise says so in every text that leaves the system."""
    return text if realm == "live" else f"{_both(EXERCISE)}{between}{text}"


def _add(parent: "etree._Element", name: str, text: str | None = None, /, **attributes: str) -> "etree._Element":
    from lxml import etree

    from tocsin.formats.cap import xml_text

    child = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = None if text is None else xml_text(text)
    return child
