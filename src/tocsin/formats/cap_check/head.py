"""Rules about the message as a whole: who says it, to whom, and what it refers to (CAP 1.2, 3.2.1)."""

import re
from functools import partial

from lxml import etree

from tocsin.formats.cap_check.rule import Found, Rule, Severity
from tocsin.formats.cap_check.values import is_cap_time
from tocsin.formats.cap_xml import SIGNATURES, children, elements, instant, namespace_of, said, text_of, version_of

REFERRING = frozenset({"Update", "Cancel", "Ack", "Error"})
"""Types of message that say nothing without naming the messages that they are about."""
FORBIDDEN = re.compile(r"[\s,<&]")


def _empty(name: str, alert: etree._Element) -> Found:
    for element in children(alert, name):
        if not text_of(element):
            yield element, f"{name} is empty"


def _characters(name: str, alert: etree._Element) -> Found:
    for element in children(alert, name):
        if found := FORBIDDEN.search(text_of(element)):
            yield element, f"{name} holds {found[0]!r}"


def _restriction_missing(alert: etree._Element) -> Found:
    if said(alert, "scope") == "Restricted" and not said(alert, "restriction"):
        yield alert, "the scope is Restricted and no restriction says to whom"


def _restriction_unused(alert: etree._Element) -> Found:
    for element in children(alert, "restriction"):
        if said(alert, "scope") != "Restricted":
            yield element, "a restriction stands under a scope that is not Restricted"


def _addresses_missing(alert: etree._Element) -> Found:
    if said(alert, "scope") == "Private" and not said(alert, "addresses"):
        yield alert, "the scope is Private and there are no addresses"


def _quotes(alert: etree._Element) -> Found:
    for name in ("addresses", "incidents"):
        for element in children(alert, name):
            if text_of(element).count('"') % 2:
                yield element, "a quotation mark is left open"


def _references(alert: etree._Element) -> list[tuple[etree._Element, str]]:
    return [(element, triple) for element in children(alert, "references") for triple in text_of(element).split()]


def _references_missing(alert: etree._Element) -> Found:
    kind = said(alert, "msgType")
    if kind in REFERRING and not _references(alert):
        yield alert, f"this {kind} does not say which messages it is about"


def _references_form(alert: etree._Element) -> Found:
    # CAP 1.0 had no triples.
    for element, triple in _references(alert) if version_of(alert) != "1.0" else ():
        parts = triple.split(",")
        if len(parts) != 3 or not all(parts) or not is_cap_time(parts[2]):
            yield element, f"{triple!r} is not sender,identifier,sent"


def _references_circular(alert: etree._Element) -> Found:
    own = [said(alert, "sender"), said(alert, "identifier")]
    for element, triple in _references(alert):
        if all(own) and triple.split(",")[:2] == own:
            yield element, "the message refers to itself"


def _references_later(alert: etree._Element) -> Found:
    sent = instant(said(alert, "sent"))
    for element, triple in _references(alert):
        earlier = instant(triple.split(",")[-1])
        if sent is not None and earlier is not None and earlier > sent:
            yield element, f"{triple!r} was sent after this message"


def _info_missing(alert: etree._Element) -> Found:
    kind = said(alert, "msgType")
    if kind in ("Alert", "Update") and not children(alert, "info"):
        yield alert, f"this {kind} says nothing: it has no info"


def _note_missing(alert: etree._Element) -> Found:
    if not said(alert, "note"):
        if said(alert, "status") == "Exercise":
            yield alert, "no note says which exercise this is"
        elif said(alert, "msgType") == "Error":
            yield alert, "no note says what the error is"


def _all_clear_cancel(alert: etree._Element) -> Found:
    if said(alert, "msgType") == "Cancel":
        for info in children(alert, "info"):
            for element in children(info, "responseType"):
                if text_of(element) == "AllClear":
                    yield element, "a Cancel says: disregard; it does not say: the danger is over"


def _all_clear_linked(alert: etree._Element) -> Found:
    clear = any(text_of(element) == "AllClear" for info in children(alert, "info") for element in _responses(info))
    if clear and not said(alert, "references") and not said(alert, "incidents"):
        yield alert, "neither references nor incidents say of what this is the all-clear"


def _responses(info: etree._Element) -> list[etree._Element]:
    return children(info, "responseType")


def _signatures(alert: etree._Element) -> list[etree._Element]:
    return [element for element in elements(alert) if namespace_of(element) == SIGNATURES]


def _signature_single(alert: etree._Element) -> Found:
    for element in _signatures(alert)[1:]:
        yield element, "there is more than one signature"


def _signature_last(alert: etree._Element) -> Found:
    after = False
    for element in reversed(list(elements(alert))):
        if namespace_of(element) != SIGNATURES:
            after = True
        elif after:
            yield element, "something of the alert stands behind its signature"


def _version(alert: etree._Element) -> Found:
    if version_of(alert) != "1.2":
        yield alert, f"this is CAP {version_of(alert)}"


_E, _W = Severity.ERROR, Severity.WARNING
_MESSAGES = "Update, Cancel, Ack and Error name the messages that they are about"

RULES = (
    Rule("cap.version", _W, "CAP 1.2, 1.1", "The version is 1.2: older ones lack AllClear and more", _version),
    Rule(
        "identifier.empty",
        _E,
        "CAP 1.2, 3.2.1 identifier",
        "The identifier is not empty",
        partial(_empty, "identifier"),
    ),
    Rule(
        "identifier.characters",
        _E,
        "CAP 1.2, 3.2.1 identifier",
        "The identifier has no space, comma, `<` or `&`",
        partial(_characters, "identifier"),
    ),
    Rule("sender.empty", _E, "CAP 1.2, 3.2.1 sender", "The sender is not empty", partial(_empty, "sender")),
    Rule(
        "sender.characters",
        _E,
        "CAP 1.2, 3.2.1 sender",
        "The sender has no space, comma, `<` or `&`",
        partial(_characters, "sender"),
    ),
    Rule(
        "restriction.missing",
        _E,
        "CAP 1.2, 3.2.1 restriction",
        "A Restricted alert has a restriction",
        _restriction_missing,
    ),
    Rule(
        "restriction.unused",
        _W,
        "CAP 1.2, 3.2.1 restriction",
        "Only a Restricted alert has a restriction",
        _restriction_unused,
    ),
    Rule("addresses.missing", _E, "CAP 1.2, 3.2.1 addresses", "A Private alert has addresses", _addresses_missing),
    Rule("addresses.quotes", _E, "CAP 1.2, 3.2.1 addresses", "Each quotation mark in a list has its partner", _quotes),
    Rule("references.missing", _E, "CAP 1.2, 3.2.1 msgType", _MESSAGES, _references_missing),
    Rule(
        "references.form",
        _E,
        "CAP 1.2, 3.2.1 references",
        "References are triples sender,identifier,sent with spaces between them",
        _references_form,
    ),
    Rule("references.circular", _E, "CAP 1.2, 3.2.1 references", "No message refers to itself", _references_circular),
    Rule(
        "references.later",
        _E,
        "CAP 1.2, 3.2.1 references",
        "No message refers to one that was sent after it",
        _references_later,
    ),
    Rule("info.missing", _W, "CAP 1.2, 3.2.1 info", "An Alert or an Update has something to say", _info_missing),
    Rule("note.missing", _W, "CAP 1.2, 3.2.1 status, msgType", "An Exercise or an Error has a note", _note_missing),
    Rule(
        "all-clear.cancel",
        _W,
        "CAP 1.2, 3.2.1 msgType",
        "An all-clear is an Update, not a Cancel",
        _all_clear_cancel,
    ),
    Rule(
        "all-clear.linked",
        _W,
        "CAP 1.2, 3.2.2 responseType",
        "An all-clear says of what, by references or incidents",
        _all_clear_linked,
    ),
    Rule("signature.single", _W, "CAP 1.2, 3.3.4.1", "There is at most one signature", _signature_single),
    Rule("signature.last", _E, "CAP 1.2, 3.3.4.1", "Signatures stand at the end of the alert", _signature_last),
)
