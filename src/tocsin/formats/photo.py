"""
A photo as it may be kept: a JPEG or a PNG by its content, without what says where and by whom it was taken.

The picture itself is not made anew: that would need an imaging library. The container is rewritten with only the parts
that a picture needs, so that EXIF (with its position), XMP, IPTC, comments and whatever follows the end are gone.
Sources: ITU-T T.81 annex B (JPEG), W3C PNG section 5.
"""

import zlib
from collections.abc import Iterator

from tocsin.kernel.errors import Invalid

MOST_BYTES = 5_000_000
PNG = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB"})
JPEG_DROPPED = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
"""APP1 to APP13, APP15 and comments. APP0 and APP14 say how the colours are meant."""
STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
SOI, EOI, SOS = 0xD8, 0xD9, 0xDA


def clean_photo(photo: bytes) -> bytes:
    """
    Raises:
        Invalid: If it is too large, no JPEG or PNG, or damaged.
    """
    if len(photo) > MOST_BYTES:
        raise Invalid(f"larger than {MOST_BYTES} bytes", "photo")
    try:
        if photo.startswith(b"\xff\xd8\xff"):
            return b"".join(_jpeg(photo))
        if photo.startswith(PNG):
            return PNG + b"".join(_png(photo))
    except (IndexError, ValueError) as error:
        raise Invalid(f"the picture is damaged: {error}", "photo") from None
    raise Invalid("neither a JPEG nor a PNG", "photo")


def _jpeg(photo: bytes) -> Iterator[bytes]:
    yield photo[:2]
    at, drawn = 2, False
    while True:
        if photo[at] != 0xFF:
            raise ValueError(f"no marker at byte {at}")
        marker = photo[at + 1]
        if marker == EOI:
            if not drawn:
                raise ValueError("there is no picture in it")
            yield photo[at : at + 2]
            return
        end = at + 2 if marker in STANDALONE else _end_of_segment(photo, at)
        if marker not in JPEG_DROPPED:
            yield photo[at:end]
        if marker == SOS:
            drawn, start, end = True, end, _end_of_scan(photo, end)
            yield photo[start:end]
        at = end


def _end_of_segment(photo: bytes, at: int) -> int:
    length = int.from_bytes(photo[at + 2 : at + 4], "big")
    if length < 2 or at + 2 + length > len(photo):
        raise ValueError(f"the segment at byte {at} does not fit")
    return at + 2 + length


def _end_of_scan(photo: bytes, at: int) -> int:
    """Where the next marker is: in the scan a byte FF is followed by 00 or a restart marker."""
    while True:
        at = photo.index(b"\xff", at)
        if photo[at + 1] != 0 and photo[at + 1] not in STANDALONE:
            return at
        at += 2


def _png(photo: bytes) -> Iterator[bytes]:
    at, first = len(PNG), True
    while True:
        length = int.from_bytes(photo[at : at + 4], "big")
        name, end = photo[at + 4 : at + 8], at + 12 + length
        if end > len(photo) or zlib.crc32(photo[at + 4 : end - 4]) != int.from_bytes(photo[end - 4 : end], "big"):
            raise ValueError(f"the chunk at byte {at} does not fit")
        if first and name != b"IHDR":
            raise ValueError("the first chunk is not IHDR")
        if name in PNG_KEPT:
            yield photo[at:end]
        if name == b"IEND":
            return
        at, first = end, False
