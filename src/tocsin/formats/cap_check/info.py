"""Rules about what an alert says: languages, times and scales (CAP 1.2, 3.2.2 and 3.3)."""

import re
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from tocsin.formats.cap_check.rule import Found, Rule, Severity
from tocsin.formats.cap_check.values import is_cap_time
from tocsin.formats.cap_xml import children, instant, said, text_of

LONGEST_HEADLINE = 160
DEFAULT_LANGUAGE = "en-us"
# By RFC 3066 the first part is from ISO 639, two or three letters, or `i` or `x` for what IANA or nobody registered;
# a second part of two letters is a country, and none has one letter or digit.
_LANGUAGE = re.compile(r"(?:[a-z]{2,3}|[ix](?=-))(?:-[a-z0-9]{2,8})*", re.ASCII | re.IGNORECASE)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:(?://)?[^\s/]\S*", re.ASCII | re.IGNORECASE)
_UTC = re.compile(r"[+]00:00$")


def infos(alert: etree._Element) -> list[etree._Element]:
    return children(alert, "info")


def parts(alert: etree._Element, name: str) -> Iterator[etree._Element]:
    """All elements of that name directly in an info."""
    return (element for info in infos(alert) for element in children(info, name))


def language_of(info: etree._Element) -> str:
    """In small letters; what is missing or empty means en-US."""
    return said(info, "language").lower() or DEFAULT_LANGUAGE


def times(alert: etree._Element) -> list[etree._Element]:
    named = [element for name in ("effective", "onset", "expires") for element in parts(alert, name)]
    return [*children(alert, "sent"), *named]


def _time_form(alert: etree._Element) -> Found:
    for element in times(alert):
        if not is_cap_time(text_of(element)):
            yield element, f"{text_of(element)[:40]!r} is not YYYY-MM-DDThh:mm:ss with an offset such as +03:00"


def _time_utc(alert: etree._Element) -> Found:
    for element in times(alert):
        if _UTC.search(text_of(element)):
            yield element, "UTC is written -00:00"


def _early(name: str, alert: etree._Element) -> Found:
    sent = instant(said(alert, "sent"))
    for element in parts(alert, name):
        time = instant(text_of(element))
        if sent is not None and time is not None and time < sent:
            yield element, f"{name} lies before sent"


def _early_effective(alert: etree._Element) -> Found:
    yield from _early("effective", alert)


def _early_onset(alert: etree._Element) -> Found:
    yield from _early("onset", alert)


def _early_expires(alert: etree._Element) -> Found:
    yield from _early("expires", alert)


def _begins(info: etree._Element, sent: datetime | None) -> datetime | None:
    # Without `effective` it takes effect when it is sent.
    return instant(said(info, "effective")) or sent


def _expires_order(alert: etree._Element) -> Found:
    sent = instant(said(alert, "sent"))
    for info in infos(alert):
        begins, ends = _begins(info, sent), instant(said(info, "expires"))
        if begins is not None and ends is not None and ends <= begins:
            yield children(info, "expires")[0], "the alert expires before it takes effect, or at once"


def _expires_missing(alert: etree._Element) -> Found:
    for info in infos(alert):
        if not said(info, "expires"):
            yield info, "nothing says until when this is valid"


def _language_missing(alert: etree._Element) -> Found:
    for info in infos(alert):
        if not said(info, "language"):
            yield info, "no language is named, which means en-US"


def _language_form(alert: etree._Element) -> Found:
    for element in parts(alert, "language"):
        if text_of(element) and not _LANGUAGE.fullmatch(text_of(element)):
            yield element, f"{text_of(element)[:40]!r} is no language by RFC 3066"


def _repeated(alert: etree._Element, names: tuple[str, ...]) -> Found:
    first: dict[tuple[str, str], str] = {}
    for info in infos(alert):
        language = language_of(info).partition("-")[0]
        for name in names:
            text = said(info, name)
            # A text without a letter, such as a number, may well be the same in all languages.
            if not any(map(str.isalpha, text)):
                continue
            before = first.setdefault((name, text), language)
            if before != language:
                yield children(info, name)[0], f"the same words stand under {before} and {language}"


def _text_repeated(alert: etree._Element) -> Found:
    yield from _repeated(alert, ("headline", "description", "instruction"))


def _event_repeated(alert: etree._Element) -> Found:
    yield from _repeated(alert, ("event",))


def _event_differs(alert: etree._Element) -> Found:
    events: dict[str, str] = {}
    for info in infos(alert):
        event = said(info, "event")
        if event != events.setdefault(language_of(info), event):
            yield children(info, "event")[0] if event else info, "another info in this language names another event"


def _event_empty(alert: etree._Element) -> Found:
    for element in parts(alert, "event"):
        if not text_of(element):
            yield element, "the event is empty"


def _very_likely(alert: etree._Element) -> Found:
    for element in parts(alert, "certainty"):
        if text_of(element) == "Very Likely":
            yield element, "Very Likely is of CAP 1.0; it is read as Likely"


def _headline_length(alert: etree._Element) -> Found:
    for element in parts(alert, "headline"):
        if len(text_of(element)) > LONGEST_HEADLINE:
            yield element, f"{len(text_of(element))} characters do not fit on small displays"


def _web(alert: etree._Element) -> Found:
    for element in parts(alert, "web"):
        if not _ABSOLUTE.fullmatch(text_of(element)):
            yield element, f"{text_of(element)[:60]!r} is no absolute address"


def _all_clear_urgency(alert: etree._Element) -> Found:
    for info in infos(alert):
        clear = any(text_of(element) == "AllClear" for element in children(info, "responseType"))
        if clear and said(info, "urgency") != "Past":
            yield info, f"an all-clear has the urgency {said(info, 'urgency')!r}"


def _pairs(alert: etree._Element) -> Found:
    pairs = [*parts(alert, "eventCode"), *parts(alert, "parameter")]
    pairs += [pair for area in parts(alert, "area") for pair in children(area, "geocode")]
    for pair in pairs:
        for name in ("valueName", "value"):
            for element in children(pair, name):
                if not text_of(element):
                    yield element, f"{name} is empty"


_E, _W = Severity.ERROR, Severity.WARNING
_ORDER = "CAP 1.2, 3.2.2 effective, onset, expires"

RULES = (
    Rule("time.form", _E, "CAP 1.2, 3.3.2", "A time has seconds, no fraction, and an offset that is not Z", _time_form),
    Rule("time.utc", _E, "CAP 1.2, 3.3.2", "UTC is written -00:00", _time_utc),
    # Warnings: an earthquake begins before anybody can say so, and an Update may repeat when its alert took effect.
    Rule("effective.early", _W, _ORDER, "An alert does not take effect before it is sent", _early_effective),
    Rule("onset.early", _W, _ORDER, "The beginning does not lie before sent", _early_onset),
    Rule("expires.early", _E, _ORDER, "An alert does not expire before it is sent", _early_expires),
    Rule("expires.order", _E, _ORDER, "An alert expires after it takes effect", _expires_order),
    Rule("expires.missing", _W, "CAP 1.2, 3.2.2 expires", "An info says until when it is valid", _expires_missing),
    Rule("language.missing", _W, "CAP 1.2, 3.2.2 language", "An info names its language", _language_missing),
    Rule("language.form", _E, "RFC 3066, 2.1", "A language is one by RFC 3066", _language_form),
    Rule("language.same-text", _E, "CAP 1.2, 3.2.2 language", "Two languages have different words", _text_repeated),
    # A warning: a tsunami is a tsunami in most languages.
    Rule(
        "language.same-event", _W, "CAP 1.2, 3.2.2 language", "Two languages name an event differently", _event_repeated
    ),
    Rule("event.differs", _W, "CAP 1.2, 3.2.1 info", "All infos in one language are about one event", _event_differs),
    Rule("event.empty", _E, "CAP 1.2, 3.2.2 event", "The event is not empty", _event_empty),
    Rule("certainty.very-likely", _W, "CAP 1.2, 3.2.2 certainty", "Very Likely is written Likely", _very_likely),
    Rule("headline.length", _W, "CAP 1.2, 3.2.2 headline", "A headline has at most 160 characters", _headline_length),
    Rule("web.absolute", _E, "CAP 1.2, 3.2.2 web", "The web address is absolute", _web),
    Rule("all-clear.urgency", _W, "CAP 1.2, 3.2.2 urgency", "An all-clear has the urgency Past", _all_clear_urgency),
    Rule("pair.empty", _W, "CAP 1.2, 3.2.2 eventCode", "Names and values of codes are not empty", _pairs),
)
