"""
The simple types of XML Schema that CAP uses (XML Schema part 2), as libxml2 reads them.

libxml2 stands behind lxml and xmllint, whose verdict people compare ours with. Where it is stricter or laxer than the
text of the standard (a port of a URI is a 32-bit number, the year has at most 64 bits) we follow it.
"""

import re
from calendar import isleap
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tocsin.formats.cap_xml import SPACE

Fits: TypeAlias = Callable[[str], bool]


@dataclass(frozen=True)
class Simple:
    """
    The type of an element that holds characters only.

    Attributes:
        says: What fits, in words.
        base: The type of XML Schema it is, if a document may put a narrower one in its place (`xsi:type`).
        default: What an element without any character means.
    """

    says: str
    fits: Fits
    base: str = ""
    default: str | None = None


def collapsed(text: str) -> str:
    """White space at the ends gone, elsewhere a single space."""
    return " ".join(re.split(f"[{SPACE}]+", text.strip(SPACE)))


def matching(pattern: str) -> Fits:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(collapsed(text)) is not None


def one_of(*values: str) -> Simple:
    """Exactly one of these: white space around it counts."""
    return Simple(f"one of {', '.join(values)}", frozenset(values).__contains__)


_TIME = re.compile(
    r"(-?)(\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d(?:\.\d+)?)(?:Z|[+-](\d\d):(\d\d))?",
    re.ASCII,
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_time(text: str) -> bool:
    """xs:dateTime. Midnight may be written 24:00:00; a leap second may not be written at all."""
    found = _TIME.fullmatch(collapsed(text))
    if found is None:
        return False
    # Python refuses to read more than 4,300 digits, and a year has at most 64 bits.
    year = int(found[2]) if len(found[2]) < 20 else 0
    month, day, hour, minute = (int(found[at]) for at in (3, 4, 5, 6))
    second, beyond = float(found[7]), 60 * int(found[8] or 0) + int(found[9] or 0)
    year_fits = 0 < year < 2**63 and (len(found[2]) == 4 or found[2][0] != "0")
    day_fits = 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1] + (month == 2 and isleap(year))
    time_fits = minute < 60 and second < 60 and (hour < 24 or (hour, minute, second) == (24, 0, 0))
    return year_fits and day_fits and time_fits and beyond <= 14 * 60 and int(found[9] or 0) < 60


def is_plain_time(text: str) -> bool:
    """xs:dateTime where nothing narrows it. libxml2 then bears white space behind a time, but not before it."""
    return is_time(text) and text[0] not in SPACE


# The comma in the schema's own pattern `[-,+]` lets nothing more through: a time with a comma is no xs:dateTime.
_CAP_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", re.ASCII)


def is_cap_time(text: str) -> bool:
    """A time as CAP 1.2 wants it (3.3.2): seconds without fraction, and an offset that is never Z."""
    return is_time(text) and _CAP_TIME.fullmatch(collapsed(text)) is not None


_CHAR = r"(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_NO_COLON = r"(?:[\w.~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})"
_USER = r"(?:[\w.~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})"
_HOST = r"(?:\[[^\]]*\]|(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)"
_AUTHORITY = rf"//(?:{_USER}*@)?{_HOST}(?::(?P<PORT>\d+))?(?:/{_CHAR}*)*"
_ABSOLUTE_PATH = rf"/(?:{_CHAR}+(?:/{_CHAR}*)*)?"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*"
_AFTER_SCHEME = rf"{_AUTHORITY.replace('PORT', 'a')}|{_ABSOLUTE_PATH}|{_CHAR}+(?:/{_CHAR}*)*"
_RELATIVE = rf"{_AUTHORITY.replace('PORT', 'b')}|{_ABSOLUTE_PATH}|{_NO_COLON}+(?:/{_CHAR}*)*"
_REST = rf"(?:\?(?:{_CHAR}|[/?])*)?(?:\#(?:{_CHAR}|[/?\[\]])*)?"
_URI = re.compile(rf"(?:{_SCHEME}:(?:{_AFTER_SCHEME})?|(?:{_RELATIVE})?){_REST}", re.ASCII)
# What a URI may not hold is taken for something to be escaped later, so it fits wherever an underscore does.
_UNESCAPED = re.compile(r"[^\w.~!$&'()*+,;=:@%/?#\[\]-]", re.ASCII)


def is_uri(text: str) -> bool:
    """xs:anyURI: a reference by RFC 3986, absolute or relative; characters that it forbids stand for escaped ones."""
    found = _URI.fullmatch(_UNESCAPED.sub("_", collapsed(text)))
    return found is not None and _small(found["a"] or found["b"] or "0")


def _small(port: str) -> bool:
    digits = port.lstrip("0") or "0"
    return len(digits) < 11 and int(digits) < 2**31


is_integer = matching(r"[+-]?\d+")
is_decimal = matching(r"[+-]?(\d+(\.\d*)?|\.\d+)")
is_language = matching(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def _any_text(_text: str) -> bool:
    return True


TEXT = Simple("text", _any_text, "string")
WORDS = Simple("a list of words", _any_text)
TIME = Simple("a time of XML Schema, such as 2025-04-24T00:36:19+03:00", is_plain_time, "dateTime")
CAP_TIME = Simple("a time with seconds and an offset, such as 2025-04-24T00:36:19+03:00", is_cap_time)
URI = Simple("a URI", is_uri, "anyURI")
INTEGER = Simple("a whole number", is_integer, "integer")
DECIMAL = Simple("a number", is_decimal, "decimal")
LANGUAGE = Simple("a language by RFC 3066, such as uk-UA", is_language, "language", default="en-US")


def _between(least: int | None, most: int | None) -> Fits:
    def fits(text: str) -> bool:
        # Longer than any bound, and Python refuses to read more than 4,300 digits.
        if not is_integer(text) or len(collapsed(text).lstrip("+-0")) > 30:
            return False
        number = int(collapsed(text))
        return (least is None or number >= least) and (most is None or number <= most)

    return fits


_INTEGERS: dict[str, Fits] = {
    "integer": is_integer,
    "nonNegativeInteger": lambda text: (
        is_integer(text) and (text.strip(SPACE)[0] != "-" or not text.strip(SPACE + "-0"))
    ),
    "positiveInteger": lambda text: is_integer(text) and "-" not in text and bool(text.strip(SPACE + "+0")),
    "nonPositiveInteger": lambda text: is_integer(text) and ("-" in text or not text.strip(SPACE + "+0")),
    "negativeInteger": lambda text: is_integer(text) and "-" in text and bool(text.strip(SPACE + "-0")),
    **{
        name: _between(-(2**bits), 2**bits - 1)
        for name, bits in (("long", 63), ("int", 31), ("short", 15), ("byte", 7))
    },
    **{
        f"unsigned{name}": _between(0, 2**bits - 1)
        for name, bits in (("Long", 64), ("Int", 32), ("Short", 16), ("Byte", 8))
    },
}
_NAME = re.compile(r"[^\W\d][\w.·-]*")

# Read as: where the schema asks for this type, a document may say that it means this narrower one.
NARROWER: dict[str, dict[str, Fits]] = {
    "string": {
        "string": _any_text,
        "normalizedString": _any_text,
        "token": _any_text,
        "language": is_language,
        "NMTOKEN": lambda text: re.fullmatch(r"[\w.:·-]+", collapsed(text)) is not None,
        "Name": lambda text: re.fullmatch(r"(?:[^\W\d]|:)[\w.:·-]*", collapsed(text)) is not None,
        **dict.fromkeys(("NCName", "ID", "IDREF"), lambda text: _NAME.fullmatch(collapsed(text)) is not None),
    },
    "dateTime": {"dateTime": is_plain_time},
    "anyURI": {"anyURI": is_uri},
    "language": {"language": is_language},
    "integer": _INTEGERS,
    "decimal": {"decimal": is_decimal, **_INTEGERS},
}
