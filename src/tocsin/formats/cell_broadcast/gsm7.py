"""The GSM 7-bit default alphabet with its extension table, and its packing (3GPP TS 23.038, 6.1.2.2 and 6.2.1)."""

from collections.abc import Iterable, Sequence

ESCAPE = 0x1B
CR = 0x0D
"""Fills up a page (TS 23.038, 6.1.2.2)."""

# Row by row as in the standard; the place of a character is its code. The escape itself is no character.
ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}

_CODES: dict[str, tuple[int, ...]] = {
    **{char: (code,) for code, char in enumerate(ALPHABET) if code != ESCAPE},
    **{char: (ESCAPE, code) for code, char in EXTENSION.items()},
}


def codes(text: str) -> list[tuple[int, ...]] | None:
    """The septets of each character, one or two, or None if a character is not in the alphabet."""
    found = [_CODES.get(char) for char in text]
    return None if None in found else [each for each in found if each is not None]


def read(septets: Iterable[int]) -> str:
    """
    The text of some septets.

    An escaped code that stands for nothing shows as the unescaped one, an escape with nothing after it or with
    another escape as a space (TS 23.038, 6.2.1.1): every input is readable.
    """
    shown: list[str] = []
    escaped = False
    for septet in septets:
        if escaped:
            shown.append(" " if septet == ESCAPE else EXTENSION.get(septet, ALPHABET[septet]))
            escaped = False
        elif septet == ESCAPE:
            escaped = True
        else:
            shown.append(ALPHABET[septet])
    return "".join(shown) + (" " if escaped else "")


def pack(septets: Sequence[int]) -> bytes:
    """Septets into octets, the first in the lowest bits; what is left of the last octet is zero."""
    number = sum(septet << 7 * place for place, septet in enumerate(septets))
    return number.to_bytes((7 * len(septets) + 7) // 8, "little")


def unpack(octets: bytes) -> list[int]:
    """All whole septets of some octets."""
    number = int.from_bytes(octets, "little")
    return [number >> 7 * place & 0x7F for place in range(len(octets) * 8 // 7)]
