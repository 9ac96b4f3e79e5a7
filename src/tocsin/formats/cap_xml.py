"""Bytes to an XML tree that is safe to look at, and the few ways in which CAP is looked at."""

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from tocsin.kernel.errors import Invalid

VERSIONS = {
    "urn:oasis:names:tc:emergency:cap:1.2": "1.2",
    "urn:oasis:names:tc:emergency:cap:1.1": "1.1",
    "http://www.incident.com/cap/1.0": "1.0",
}
"""Namespace to version of CAP."""
SIGNATURES = "http://www.w3.org/2000/09/xmldsig#"

MOST_BYTES = 10_000_000
MOST_DEPTH = 64
"""CAP itself is five deep; a signature adds six."""
MOST_ELEMENTS = 100_000
"""Ten times the largest alerts in use, those of Canada with all their areas in two languages."""
SPACE = " \t\r\n"
"""What XML calls white space. Python's `str.strip` would take a no-break space for one."""


def parse(document: bytes) -> etree._Element:
    """
    The root element. Nothing is fetched, no entity is expanded, no external definition is read.

    A document type declaration is let through here, so that a check can name it; readers refuse it.

    Raises:
        Invalid: If it is not well-formed XML, too large or too deep. Nothing else, whatever the bytes.
    """
    if len(document) > MOST_BYTES:
        raise Invalid(f"the document is larger than {MOST_BYTES} bytes", "document")
    # One for each call: a parser must not be shared between threads.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except (etree.LxmlError, ValueError) as error:
        raise Invalid(f"not well-formed XML: {error}", "document") from None
    _require_bearable(root)
    return root


def _require_bearable(root: etree._Element) -> None:
    depth = count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MOST_DEPTH or count > MOST_ELEMENTS:
            what = f"more than {MOST_ELEMENTS} elements" if depth <= MOST_DEPTH else f"elements {MOST_DEPTH} deep"
            raise Invalid(f"the document has {what}", "document")


def has_doctype(root: etree._Element) -> bool:
    return root.getroottree().docinfo.internalDTD is not None


def namespace_of(element: etree._Element) -> str:
    return etree.QName(element).namespace or ""


def name_of(element: etree._Element) -> str:
    """The name without its namespace."""
    return etree.QName(element).localname


def version_of(root: etree._Element) -> str | None:
    """1.2, 1.1 or 1.0, or None if this is no alert of CAP."""
    return VERSIONS.get(namespace_of(root)) if name_of(root) == "alert" else None


def elements(parent: etree._Element) -> Iterator[etree._Element]:
    """The child elements, without comments, instructions and references."""
    return parent.iterchildren("*")


def children(parent: etree._Element, name: str) -> list[etree._Element]:
    """The child elements of that name in the parent's namespace."""
    return parent.findall(f"{{{namespace_of(parent)}}}{name}")


def raw_text(element: etree._Element) -> str | None:
    """
    All characters directly in an element, comments left out; None if there is not even an empty piece of text.

    The difference between None and "" decides whether a default applies.
    """
    pieces = [element.text, *(child.tail for child in element)]
    found = [piece for piece in pieces if piece is not None]
    return "".join(found) if found else None


def text_of(element: etree._Element) -> str:
    """The characters directly in an element, without white space around them."""
    return (raw_text(element) or "").strip(SPACE)


def said(parent: etree._Element, name: str) -> str:
    """What the first child of that name says; empty if there is none."""
    found = children(parent, name)
    return text_of(found[0]) if found else ""


def path_of(element: etree._Element) -> str:
    """
    Where an element is, such as `/alert/info[2]/area[1]/polygon`.

    Names are without namespaces; a number stands where there are several of that name.
    """
    steps: list[str] = []
    at: etree._Element | None = element
    while at is not None:
        before = sum(1 for _ in at.itersiblings(at.tag, preceding=True))
        alone = not before and next(at.itersiblings(at.tag), None) is None
        steps.append(name_of(at) if alone else f"{name_of(at)}[{before + 1}]")
        at = at.getparent()
    return "/" + "/".join(reversed(steps))


def instant(text: str) -> datetime | None:
    """The moment that a CAP or XML Schema time names; None if it names none, or has no offset from UTC."""
    try:
        found = datetime.fromisoformat(text.strip(SPACE))
    except ValueError:
        return None
    return found if found.tzinfo is not None and "T" in text else None
