"""The data coding scheme: which alphabet a message is in, and where its language stands (3GPP TS 23.038, 5)."""

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple

from tocsin.formats.cell_broadcast import gsm7
from tocsin.kernel.errors import Invalid


class Encoding(StrEnum):
    GSM7 = "gsm7"
    UCS2 = "ucs2"
    BINARY = "8bit"
    """Octets that are no text."""


class Coding(NamedTuple):
    """
    Attributes:
        language: ISO 639-1, where the scheme itself names it.
        indicated: The language stands at the start of every page instead.
    """

    encoding: Encoding
    language: str | None = None
    indicated: bool = False


# Languages that have a scheme of their own, all in the 7-bit alphabet. Ukrainian has none.
LANGUAGES = {
    0x00: "de",
    0x01: "en",
    0x02: "it",
    0x03: "fr",
    0x04: "es",
    0x05: "nl",
    0x06: "sv",
    0x07: "da",
    0x08: "pt",
    0x09: "fi",
    0x0A: "no",
    0x0B: "el",
    0x0C: "tr",
    0x0D: "hu",
    0x0E: "pl",
    0x20: "cs",
    0x21: "he",
    0x22: "ar",
    0x23: "ru",
    0x24: "is",
}
SCHEMES = {language: scheme for scheme, language in LANGUAGES.items()}

GSM7_INDICATED = 0x10
UCS2_INDICATED = 0x11
GSM7_UNSPECIFIED = 0x0F
UCS2_UNSPECIFIED = 0x48

# Ukrainian is never written in the 7-bit alphabet, not even a text that happens to fit it: a phone set to Ukrainian
# would find the same sender's messages in two alphabets.
ALWAYS_UCS2 = frozenset({"uk"})

# Bits 3 and 2 of the general coding groups. The fourth value is reserved and read as the default alphabet.
_CHARACTER_SETS = (Encoding.GSM7, Encoding.BINARY, Encoding.UCS2, Encoding.GSM7)


def read_scheme(dcs: int) -> Coding:
    """
    What an octet of data coding scheme says. A reserved one is the default alphabet (TS 23.038, 5).

    Raises:
        Invalid: If the text is compressed, or behind a header, or not a broadcast text at all.
    """
    if dcs in (GSM7_INDICATED, UCS2_INDICATED):
        return Coding(Encoding.GSM7 if dcs == GSM7_INDICATED else Encoding.UCS2, indicated=True)
    group = dcs >> 4
    if group in (0b0110, 0b0111):
        raise Invalid("compressed text (3GPP TS 23.042) is not read", f"dcs 0x{dcs:02x}")
    if group in (0b1001, 0b1101, 0b1110):
        raise Invalid("a message with a user data header, of I1 or of WAP is not read", f"dcs 0x{dcs:02x}")
    if group in (0b0100, 0b0101):
        return Coding(_CHARACTER_SETS[dcs >> 2 & 0b11])
    if group == 0b1111:
        return Coding(Encoding.BINARY if dcs & 0b0100 else Encoding.GSM7)
    return Coding(Encoding.GSM7, LANGUAGES.get(dcs))


def choose_scheme(text: str, language: str | None) -> tuple[int, Coding]:
    """
    The scheme a text goes out in: 7-bit where it fits and the language allows, else UCS-2.

    Raises:
        Invalid: If the language is not a code of two letters.
    """
    if language is not None and not re.fullmatch("[a-z]{2}", language):
        raise Invalid(f"{language!r} is not a language of two letters (ISO 639-1)", "language")
    narrow = language not in ALWAYS_UCS2 and gsm7.codes(text) is not None
    if language is None:
        return (GSM7_UNSPECIFIED, Coding(Encoding.GSM7)) if narrow else (UCS2_UNSPECIFIED, Coding(Encoding.UCS2))
    if narrow and language in SCHEMES:
        return SCHEMES[language], Coding(Encoding.GSM7, language)
    encoding = Encoding.GSM7 if narrow else Encoding.UCS2
    return (GSM7_INDICATED if narrow else UCS2_INDICATED), Coding(encoding, indicated=True)


def require_carriable(text: str) -> None:
    """
    Raises:
        Invalid: If a character cannot be broadcast, naming it and its place.
    """
    for place, char in enumerate(text):
        if not _carries(char):
            name = unicodedata.name(char, "a character without a name")
            reason = "UCS-2 holds only the Basic Multilingual Plane" if ord(char) > 0xFFFF else "it is not text"
            shown = char if ord(char) > 0xFFFF else ascii(char)
            raise Invalid(f"{shown} (U+{ord(char):04X}, {name}) cannot be broadcast: {reason}", f"text[{place}]")


def carriable(text: str) -> str:
    """The text without the characters that cannot be broadcast: one emoji must not keep an alert from going out."""
    return "".join(char for char in text if _carries(char))


def _carries(char: str) -> bool:
    # NUL fills up what some senders leave empty, and half a surrogate pair is no character.
    return 0 < ord(char) <= 0xFFFF and not 0xD800 <= ord(char) <= 0xDFFF
