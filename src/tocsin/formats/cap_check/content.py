"""Rules about texts and about what is attached (CAP 1.2, 3.2.3 and 3.3.1)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from html.entities import html5

from lxml import etree

from tocsin.formats.cap_check.info import parts
from tocsin.formats.cap_check.rule import Found, Rule, Severity
from tocsin.formats.cap_check.values import is_integer
from tocsin.formats.cap_xml import SIGNATURES, children, elements, name_of, namespace_of, said, text_of

# Of HTML only: `<b>` is a tag, `<50 mm` and `<unknown>` are words.
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|body|br|center|code|dd|div|dl|dt|em|font|form|h[1-6]|head|hr|html|i|iframe|img|input"
    r"|li|link|meta|ol|p|pre|s|script|small|span|strike|strong|style|sub|sup|table|tbody|td|th|thead|title|tr|tt|u|ul)"
    r"(?:\s[^<>]*)?/?>",
    re.ASCII | re.IGNORECASE,
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));", re.ASCII)
# In these an ampersand belongs to the address.
_ADDRESSES = frozenset({"web", "uri", "derefUri"})
_TOP_LEVEL = frozenset({"application", "audio", "font", "image", "message", "model", "multipart", "text", "video"})
_MIME = re.compile(r"([a-z]+)/[a-z0-9][a-z0-9!#$&^_.+-]*(?:\s*;.*)?", re.ASCII | re.IGNORECASE | re.DOTALL)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.ASCII | re.IGNORECASE)
SHA1_BYTES = 20


def _texts(element: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for child in elements(element):
        if namespace_of(child) == SIGNATURES or name_of(child) in _ADDRESSES:
            continue
        yield child, text_of(child)
        yield from _texts(child)


def _markup(alert: etree._Element) -> Found:
    for element, text in _texts(alert):
        if found := _TAG.search(text):
            yield element, f"{found[0][:40]!r} is HTML, which most displays show as it is"


def _escaped(alert: etree._Element) -> Found:
    for element, text in _texts(alert):
        for found in _REFERENCE.finditer(text):
            if found[1] is None or f"{found[1]};" in html5:
                yield element, f"{found[0]!r} is escaped once too often"
                break


def _described(alert: etree._Element) -> Found:
    for resource in parts(alert, "resource"):
        for element in children(resource, "resourceDesc"):
            if not text_of(element):
                yield element, "the resource has no description"


def _mime_type(alert: etree._Element) -> Found:
    for resource in parts(alert, "resource"):
        for element in children(resource, "mimeType"):
            found = _MIME.fullmatch(text_of(element))
            if found is None or found[1].lower() not in _TOP_LEVEL:
                yield element, f"{text_of(element)[:60]!r} is no MIME type such as image/png"


def _size(alert: etree._Element) -> Found:
    for resource in parts(alert, "resource"):
        for element in children(resource, "size"):
            if text_of(element).startswith("-"):
                yield element, "the size is negative"


def _uri(alert: etree._Element) -> Found:
    for resource in parts(alert, "resource"):
        for element in children(resource, "uri"):
            if not _ABSOLUTE.match(text_of(element)) and not said(resource, "derefUri"):
                yield element, "a relative address only names a content that is in derefUri, and there is none"


def _content_missing(alert: etree._Element) -> Found:
    for resource in parts(alert, "resource"):
        if not said(resource, "uri") and not said(resource, "derefUri"):
            yield resource, "neither uri nor derefUri says where the resource is"


def _content(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _base64(alert: etree._Element) -> Found:
    for resource in parts(alert, "resource"):
        for element in children(resource, "derefUri"):
            if not text_of(element) or _content(text_of(element)) is None:
                yield element, "the content is not in base64"


def _digest(text: str) -> bytes | None:
    """The twenty bytes of a SHA-1. The standard does not say how they are written: both usual ways are taken."""
    if re.fullmatch(r"[0-9A-Fa-f]{40}", text, re.ASCII):
        return bytes.fromhex(text)
    found = _content(text)
    return found if found is not None and len(found) == SHA1_BYTES else None


def _digest_form(alert: etree._Element) -> Found:
    for resource in parts(alert, "resource"):
        for element in children(resource, "digest"):
            if _digest(text_of(element)) is None:
                yield element, "this is no SHA-1 digest"


def _attached(alert: etree._Element) -> Iterator[tuple[etree._Element, bytes]]:
    for resource in parts(alert, "resource"):
        content = _content(said(resource, "derefUri"))
        if content:
            yield resource, content


def _digest_wrong(alert: etree._Element) -> Found:
    for resource, content in _attached(alert):
        digest = _digest(said(resource, "digest"))
        if digest is not None and digest != hashlib.sha1(content, usedforsecurity=False).digest():
            yield children(resource, "digest")[0], "the content has another digest"


def _size_wrong(alert: etree._Element) -> Found:
    for resource, content in _attached(alert):
        size = said(resource, "size")
        if is_integer(size) and size.lstrip("+0") != str(len(content)):
            yield children(resource, "size")[0], f"the content has {len(content)} bytes"


_E, _W = Severity.ERROR, Severity.WARNING

RULES = (
    Rule("text.markup", _W, "CAP 1.2, 3.3.1", "Texts hold no HTML", _markup),
    Rule("text.escaped", _W, "CAP 1.2, 3.3.1", "Characters are escaped once, not twice", _escaped),
    Rule("resource.empty", _E, "CAP 1.2, 3.2.3 resourceDesc", "The description of a resource is not empty", _described),
    Rule("resource.mime-type", _E, "CAP 1.2, 3.2.3 mimeType; RFC 2046", "A MIME type is one", _mime_type),
    Rule("resource.size", _E, "CAP 1.2, 3.2.3 size", "A size is not negative", _size),
    Rule("resource.size-wrong", _E, "CAP 1.2, 3.2.3 size", "The content has the size it is said to have", _size_wrong),
    Rule("resource.uri", _E, "CAP 1.2, 3.2.3 uri", "An address is absolute, or names the content of derefUri", _uri),
    Rule(
        "resource.content",
        _W,
        "CAP 1.2, 3.2.3 uri, derefUri",
        "A resource is attached or has an address",
        _content_missing,
    ),
    Rule("resource.base64", _E, "CAP 1.2, 3.2.3 derefUri", "The content is in base64", _base64),
    Rule("resource.digest", _E, "CAP 1.2, 3.2.3 digest; FIPS 180-2", "A digest is a SHA-1", _digest_form),
    Rule(
        "resource.digest-wrong",
        _E,
        "CAP 1.2, 3.2.3 digest",
        "The content has the digest it is said to have",
        _digest_wrong,
    ),
)
