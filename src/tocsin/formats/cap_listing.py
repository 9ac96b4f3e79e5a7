"""
What other services publish, to the CAP documents in it and the addresses of those it leads to.

Read are a CAP document itself, Atom (RFC 4287) and RSS with links or with whole alerts in their entries (OASIS
CAP-Feeds-v1.0), and EDXL-DE 1.0 and 2.0 with alerts inside.
"""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from lxml import etree

from tocsin.formats.cap import MEDIA_TYPE
from tocsin.formats.cap_xml import elements, has_doctype, name_of, namespace_of, parse, text_of, version_of
from tocsin.kernel.errors import Invalid

ATOM = "http://www.w3.org/2005/Atom"
DISTRIBUTIONS = "urn:oasis:names:tc:emergency:EDXL:DE:"
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


class Link(NamedTuple):
    """
    Where a document is.

    Attributes:
        stamp: What changes when the document there does: the entry's own time; empty if it has none.
    """

    address: str
    stamp: str


class Found(NamedTuple):
    """An alert that stands in the listing itself, and where."""

    address: str
    document: bytes


class Unusable(NamedTuple):
    """An entry that leads to no alert. Nothing may vanish unseen, so it is kept."""

    address: str
    document: bytes
    reason: str


class Listing(NamedTuple):
    """What there is, each in the order of the listing."""

    found: tuple[Found, ...] = ()
    links: tuple[Link, ...] = ()
    unusable: tuple[Unusable, ...] = ()


def read_listing(document: bytes, base: str = "") -> Listing:
    """
    Args:
        base: The address of the document, for relative links.

    Raises:
        Invalid: If it is none of what is read here, or declares a document type. Nothing else, whatever the bytes.
    """
    root = parse(document)
    if has_doctype(root):
        raise Invalid("the document declares a type of its own, which a reader must not trust", "document")
    if version_of(root) is not None:
        return Listing(found=(Found(base, document),))
    if namespace_of(root).startswith(DISTRIBUTIONS):
        return Listing(found=tuple(Found(base, _alone(alert)) for alert in _alerts(root)))
    entries = list(_entries(root))
    if not entries and not (_is_feed(root)):
        raise Invalid(f"{root.tag} is neither an alert of CAP, nor a feed, nor a distribution of EDXL", "document")
    parts = [_entry(entry, base) for entry in entries]
    return Listing(
        found=tuple(each for part in parts for each in part.found),
        # An entry that is there twice is one document.
        links=tuple(dict.fromkeys(each for part in parts for each in part.links)),
        unusable=tuple(each for part in parts for each in part.unusable),
    )


def _is_feed(root: etree._Element) -> bool:
    return (namespace_of(root), name_of(root)) == (ATOM, "feed") or name_of(root) in ("rss", "RDF")


def _entries(root: etree._Element) -> Iterator[etree._Element]:
    # RSS 0.9x and 2.0 have no namespace, RSS 1.0 has one of its own.
    if name_of(root) in ("rss", "RDF"):
        yield from (element for element in root.iter("{*}item") if version_of(element) is None)
    elif (namespace_of(root), name_of(root)) in ((ATOM, "feed"), (ATOM, "entry")):
        yield from (root,) if name_of(root) == "entry" else root.iterchildren(f"{{{ATOM}}}entry")


def _entry(entry: etree._Element, base: str) -> Listing:
    name = _text(entry, "id") or _text(entry, "guid") or _text(entry, "title") or base
    if alerts := list(_alerts(entry)):
        return Listing(found=tuple(Found(name, _alone(alert)) for alert in alerts))
    address = _address(entry)
    if address is None:
        return Listing(unusable=(Unusable(name, _alone(entry), "the entry has neither an alert nor a link to one"),))
    stamp = _text(entry, "updated") or _text(entry, "pubDate") or _text(entry, "date")
    try:
        return Listing(links=(Link(urljoin(base, _base(entry, address)), stamp),))
    except ValueError as error:
        return Listing(unusable=(Unusable(name, _alone(entry), f"{address[:200]!r} is no address: {error}"),))


def _address(entry: etree._Element) -> str | None:
    """The link that says it leads to CAP; else one that says nothing; never one that says it leads elsewhere."""
    silent: list[str] = []
    for element in elements(entry):
        if name_of(element) not in ("link", "enclosure") or element.get("rel", "alternate") not in _RELATIONS:
            continue
        address = str(element.get("href") or element.get("url") or text_of(element)).strip()
        media_type = str(element.get("type", "")).partition(";")[0].strip().lower()
        if address and media_type == MEDIA_TYPE:
            return address
        if address and not media_type and name_of(element) == "link":
            silent.append(address)
    return silent[0] if silent else None


_RELATIONS = frozenset({"alternate", "enclosure", "related", "via"})


def _base(entry: etree._Element, address: str) -> str:
    at: etree._Element | None = entry
    while at is not None:
        address = urljoin(str(at.get(XML_BASE, "")), address)
        at = at.getparent()
    return address


def _text(entry: etree._Element, name: str) -> str:
    found = next((element for element in elements(entry) if name_of(element) == name), None)
    return "" if found is None else text_of(found)


def _alerts(parent: etree._Element) -> Iterator[etree._Element]:
    """The alerts anywhere in it, but not those inside another one."""
    for element in elements(parent):
        if version_of(element) is not None:
            yield element
        else:
            yield from _alerts(element)


def _alone(element: etree._Element) -> bytes:
    return etree.tostring(element, encoding="UTF-8", with_tail=False)
