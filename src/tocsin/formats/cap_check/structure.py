"""Compares a document with the schema: the verdict of the OASIS schema, with a finding for each thing that is wrong."""

from collections.abc import Iterator

from lxml import etree

from tocsin.formats.cap_check.rule import Finding, Rule, Severity
from tocsin.formats.cap_check.schema import SCHEMAS, Part, Schema, Sequence
from tocsin.formats.cap_check.values import NARROWER, Fits, Simple, collapsed
from tocsin.formats.cap_xml import SIGNATURES, SPACE, elements, name_of, namespace_of, path_of, raw_text

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
# What any document may carry to say where its schema is.
HINTS = frozenset({f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation"})
TYPE = f"{{{XSI}}}type"
LONGEST_QUOTE = 60

_SCHEMA = "CAP 1.2, 3.4 XML schema"
RULES = (
    Rule("schema.root", Severity.ERROR, _SCHEMA, "The outermost element is alert, in a namespace of CAP"),
    Rule("schema.missing", Severity.ERROR, _SCHEMA, "No mandatory element is missing"),
    Rule("schema.element", Severity.ERROR, _SCHEMA, "Every element is known, in its place and not too often there"),
    Rule("schema.value", Severity.ERROR, _SCHEMA, "Every element holds what its type allows"),
    Rule("schema.text", Severity.ERROR, _SCHEMA, "No characters stand between elements"),
    Rule("schema.attribute", Severity.ERROR, _SCHEMA, "No element has an attribute"),
    Rule("schema.entity", Severity.ERROR, _SCHEMA, "No reference to an entity stands for something that is not known"),
)


def compare(root: etree._Element) -> Iterator[Finding]:
    """What the schema of the document's version has against it; nothing if the document is schema-valid."""
    schema = SCHEMAS.get(namespace_of(root))
    kind = None if schema is None else schema.roots.get(name_of(root))
    if schema is None or kind is None:
        yield _finding(
            "schema.root", root, f"{{{namespace_of(root)}}}{name_of(root)} is no element of CAP to begin with"
        )
        return
    for reference in root.iter(etree.Entity):
        parent = reference.getparent()
        yield _finding("schema.entity", root if parent is None else parent, f"{reference.text} is not expanded")
    yield from _compare(root, kind, schema)


def _finding(rule: str, element: etree._Element, message: str) -> Finding:
    return Finding(rule, Severity.ERROR, path_of(element), message)


def _compare(element: etree._Element, kind: Simple | Sequence, schema: Schema) -> Iterator[Finding]:
    if isinstance(kind, Simple):
        yield from _simple(element, kind)
    else:
        yield from _attributes(element, typed=False)
        yield from _sequence(element, kind, schema)


def _attributes(element: etree._Element, *, typed: bool) -> Iterator[Finding]:
    for name in element.attrib:
        if name not in HINTS and not (typed and name == TYPE):
            yield _finding("schema.attribute", element, f"the attribute {str(name)!r} is not allowed")


def _simple(element: etree._Element, kind: Simple) -> Iterator[Finding]:
    fits = _meant(element, kind)
    yield from _attributes(element, typed=fits is not None)
    if next(elements(element), None) is not None:
        yield _finding("schema.element", element, f"{name_of(element)} holds characters only")
        return
    text = raw_text(element)
    if text is None and kind.default is not None:
        return
    if not (fits or kind.fits)(text or ""):
        yield _finding("schema.value", element, f"{_quote(text or '')} is not {kind.says}")


def _quote(text: str) -> str:
    return repr(text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…")


def _named(element: etree._Element) -> str | None:
    """The type of XML Schema that the document itself names for an element."""
    prefix, _, local = str(element.get(TYPE, "")).rpartition(":")
    return local if element.nsmap.get(prefix or None) == XSD else None


def _meant(element: etree._Element, kind: Simple) -> Fits | None:
    """The narrower type that the document itself names; None if it names none that is one."""
    named = _named(element)
    return None if named is None else NARROWER.get(kind.base, {}).get(named)


def _sequence(element: etree._Element, kind: Sequence, schema: Schema) -> Iterator[Finding]:
    if (raw_text(element) or "").strip(SPACE):
        yield _finding("schema.text", element, f"{_quote(collapsed(raw_text(element) or ''))} stands between elements")
    at, count = 0, 0
    for child in elements(element):
        if kind.signed and namespace_of(child) == SIGNATURES:
            yield from _skipped(element, kind.parts[at:], count)
            # libxml2 lets what may stand last before a signature follow it as well; a rule of its own forbids that.
            at, count = len(kind.parts) - 1, 0
            yield from _foreign(child, schema)
            continue
        place = _place(kind.parts, at, count, child, namespace_of(element))
        if place is None:
            yield _finding("schema.element", child, _misplaced(kind, child, namespace_of(element)))
            continue
        if place > at:
            yield from _skipped(element, kind.parts[at:place], count)
            at, count = place, 0
        count += 1
        yield from _compare(child, kind.parts[at].kind, schema)
    yield from _skipped(element, kind.parts[at:], count)


def _place(parts: tuple[Part, ...], at: int, count: int, child: etree._Element, namespace: str) -> int | None:
    if namespace_of(child) != namespace:
        return None
    for place in range(at, len(parts)):
        most = parts[place].most
        room = place > at or most is None or count < most
        if parts[place].name == name_of(child) and room:
            return place
    return None


def _skipped(parent: etree._Element, parts: tuple[Part, ...], count: int) -> Iterator[Finding]:
    """The mandatory ones among parts that were passed over; `count` is how often the first of them was there."""
    for number, part in enumerate(parts):
        if part.least > (count if number == 0 else 0):
            yield _finding("schema.missing", parent, f"{part.name} is missing, or not where it belongs")


def _misplaced(kind: Sequence, child: etree._Element, namespace: str) -> str:
    name = name_of(child)
    if namespace_of(child) != namespace:
        return f"{name} of the namespace {namespace_of(child) or 'without a name'} is not allowed here"
    if any(part.name == name for part in kind.parts):
        return f"{name} is out of order or there once too often"
    return f"there is no {name} here"


def _foreign(element: etree._Element, schema: Schema) -> Iterator[Finding]:
    """
    Inside a signature anything goes, except that what calls itself an element of CAP must be a right one, and what
    says of itself which type it has must have it. No signature says so: of the types only those of CAP are known.
    """
    if TYPE in element.attrib and _named(element) != "anyType":
        yield from _foreign_type(element)
        return
    for child in elements(element):
        own = SCHEMAS.get(namespace_of(child)) is schema
        kind = schema.roots.get(name_of(child)) if own else None
        yield from _foreign(child, schema) if kind is None else _compare(child, kind, schema)


def _foreign_type(element: etree._Element) -> Iterator[Finding]:
    named = _named(element)
    for types in NARROWER.values():
        if named in types:
            yield from _simple(element, Simple(f"of the type {named}", types[named], base=next(iter(types))))
            return
    yield _finding("schema.attribute", element, f"the type {str(element.get(TYPE))!r} is not known")
