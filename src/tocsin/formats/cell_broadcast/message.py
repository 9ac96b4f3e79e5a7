"""
A text as the pages of a cell broadcast message, and back.

Two shapes of one message: GSM sends each page as a block of 88 octets (3GPP TS 23.041, 9.4.1.2), UMTS and LTE send
all pages together, each of 82 octets with the number of octets used after it (9.4.2.2.5).
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from tocsin.formats.cell_broadcast import gsm7
from tocsin.formats.cell_broadcast.area import WarningArea, read_area
from tocsin.formats.cell_broadcast.coding import Coding, Encoding, choose_scheme, read_scheme, require_carriable
from tocsin.formats.cell_broadcast.identifiers import meaning
from tocsin.formats.cell_broadcast.serial import Scope, SerialNumber
from tocsin.kernel.errors import Invalid

MOST_PAGES = 15
CONTENT = 82
"""Octets of text in a page."""
GSM_HEAD = 6
GSM_PAGE = GSM_HEAD + CONTENT
UMTS_HEAD = 6
CBS_MESSAGE = 1
"""The message type of UMTS (TS 25.324, 11.1)."""
SEPTETS = 93
CHARACTERS = CONTENT // 2


class Content(NamedTuple):
    """
    Attributes:
        octets: 82, filled up with carriage returns.
        used: How many of them are text.
    """

    octets: bytes
    used: int


class Message(msgspec.Struct, frozen=True):
    """
    An encoded message.

    Attributes:
        characters: Of the text.
        per_page: How many characters a page holds; one of the extension table counts twice in GSM-7.
    """

    message_identifier: int
    serial: SerialNumber
    dcs: int
    encoding: Encoding
    language: str | None
    characters: int
    per_page: int
    contents: tuple[Content, ...]

    def gsm(self) -> tuple[bytes, ...]:
        """The pages as GSM broadcasts them, 88 octets each."""
        head = self.serial.number.to_bytes(2, "big") + self.message_identifier.to_bytes(2, "big") + bytes([self.dcs])
        total = len(self.contents)
        return tuple(head + bytes([page << 4 | total]) + each.octets for page, each in enumerate(self.contents, 1))

    def data(self) -> bytes:
        """The number of pages and the pages: CB Data of UMTS, Warning Message Contents of LTE and 5G."""
        return bytes([len(self.contents)]) + b"".join(each.octets + bytes([each.used]) for each in self.contents)

    def umts(self) -> bytes:
        """The whole message as UMTS broadcasts it and as Android's modems hand over any that is not of GSM."""
        numbers = self.message_identifier.to_bytes(2, "big") + self.serial.number.to_bytes(2, "big")
        return bytes([CBS_MESSAGE]) + numbers + bytes([self.dcs]) + self.data()


class Decoded(msgspec.Struct, frozen=True):
    """
    What a phone makes of a message.

    Attributes:
        text: Empty where the message is not text.
        meaning: Of the message identifier, where it is one of public warnings.
        pages: How many there are.
        area: Warning area coordinates, where the message brought some that can be read.
        area_fault: Why they cannot be. A message is shown all the same.
    """

    text: str
    language: str | None
    encoding: Encoding
    pages: int
    message_identifier: int
    meaning: str
    serial_number: int
    geographical_scope: Scope
    message_code: int
    update_number: int
    dcs: int
    area: WarningArea | None = None
    area_fault: str = ""


def encode(text: str, message_identifier: int, serial: SerialNumber, language: str | None = "uk") -> Message:
    """
    Pages of a text, each filled up with carriage returns.

    Line ends become line feeds and those at the very end go: a carriage return is what fills up a page.

    Args:
        language: ISO 639-1. In the scheme where it has one there, else at the start of every page. None: not told.

    Raises:
        Invalid: If the text is empty, too long for fifteen pages or has a character that cannot be broadcast, or the
            identifier or the language is not one.
    """
    if not 0 <= message_identifier <= 0xFFFF:
        raise Invalid(f"{message_identifier} is not a number of 16 bits", "message_identifier")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text:
        raise Invalid("there is nothing to broadcast", "text")
    require_carriable(text)
    dcs, coding = choose_scheme(text, language)
    prefix = language if coding.indicated and language is not None else ""
    write = _write_gsm7 if coding.encoding is Encoding.GSM7 else _write_ucs2
    per_page, contents = write(text, prefix)
    if len(contents) > MOST_PAGES:
        fit = f"{MOST_PAGES} pages of {per_page} in {coding.encoding} hold {MOST_PAGES * per_page}"
        raise Invalid(f"{len(text)} characters take {len(contents)} pages; {fit}", "text")
    return Message(message_identifier, serial, dcs, coding.encoding, language, len(text), per_page, tuple(contents))


def _write_gsm7(text: str, prefix: str) -> tuple[int, list[Content]]:
    head = [code for each in gsm7.codes(f"{prefix}\r" if prefix else "") or () for code in each]
    pages: list[list[int]] = [list(head)]
    for each in gsm7.codes(text) or ():
        # An escape and its code stay on one page: a phone reads every page by itself.
        if len(pages[-1]) + len(each) > SEPTETS:
            pages.append(list(head))
        pages[-1].extend(each)
    contents = []
    for page in pages:
        filled = gsm7.pack(page + [gsm7.CR] * (SEPTETS - len(page)))
        contents.append(Content(filled, (7 * len(page) + 7) // 8))
    return SEPTETS - len(head), contents


def _write_ucs2(text: str, prefix: str) -> tuple[int, list[Content]]:
    head = gsm7.pack([code for each in gsm7.codes(prefix) or () for code in each])
    per_page = (CONTENT - len(head)) // 2
    contents = []
    for start in range(0, len(text), per_page):
        written = head + text[start : start + per_page].encode("utf-16-be")
        contents.append(Content(written + b"\x00\x0d" * ((CONTENT - len(written)) // 2), len(written)))
    return per_page, contents


def decode(blocks: Sequence[bytes]) -> Decoded:
    """
    Read a message: the pages of GSM in any order, or the one block of UMTS, with Android's warning area behind it.

    Raises:
        Invalid: If they are not one whole message. Nothing else, whatever the octets are.
    """
    if not blocks:
        raise Invalid("there is no page", "pages")
    if len(blocks) == 1 and len(blocks[0]) > GSM_PAGE:
        return _decode_umts(blocks[0])
    return _decode_gsm(blocks)


def _decode_gsm(blocks: Sequence[bytes]) -> Decoded:
    pages: dict[int, bytes] = {}
    for place, block in enumerate(blocks, 1):
        if not GSM_HEAD <= len(block) <= GSM_PAGE:
            raise Invalid(f"{len(block)} octets; a page has {GSM_HEAD} to {GSM_PAGE}", f"page {place}")
        number, total = _page_of(block)
        if block[: GSM_HEAD - 1] != blocks[0][: GSM_HEAD - 1] or total != _page_of(blocks[0])[1] or number > total:
            raise Invalid("it is not of the same message as the first", f"page {place}")
        if pages.setdefault(number, block) != block:
            raise Invalid(f"there are two different pages {number}", f"page {place}")
    head, total = blocks[0], _page_of(blocks[0])[1]
    if missing := [number for number in range(1, total + 1) if number not in pages]:
        raise Invalid(f"of {total} there is no {', '.join(map(str, missing))}", "pages")
    contents = [pages[number][GSM_HEAD:] for number in sorted(pages)]
    return _decoded(int.from_bytes(head[2:4], "big"), int.from_bytes(head[:2], "big"), head[4], contents)


def _page_of(block: bytes) -> tuple[int, int]:
    """Which page of how many. Zero in either place is reserved and means the only page (TS 23.041, 9.4.1.2.4)."""
    number, total = block[5] >> 4, block[5] & 0xF
    return (number, total) if number and total else (1, 1)


def _decode_umts(block: bytes) -> Decoded:
    if block[0] != CBS_MESSAGE:
        raise Invalid(f"message type {block[0]} is not a broadcast message", "octet 0")
    total = block[UMTS_HEAD]
    if not 1 <= total <= MOST_PAGES:
        raise Invalid(f"{total} is not a number of pages from 1 to {MOST_PAGES}", f"octet {UMTS_HEAD}")
    end = UMTS_HEAD + 1 + total * (CONTENT + 1)
    if len(block) < end:
        raise Invalid(f"{len(block)} octets; {total} pages take {end}", "pages")
    contents = []
    for page, start in enumerate(range(UMTS_HEAD + 1, end, CONTENT + 1), 1):
        used = block[start + CONTENT]
        if used > CONTENT:
            raise Invalid(f"{used} octets used of {CONTENT}", f"page {page}")
        contents.append(block[start : start + used])
    numbers = int.from_bytes(block[1:3], "big"), int.from_bytes(block[3:5], "big")
    decoded = _decoded(*numbers, block[5], contents)
    return _with_area(decoded, block[end:]) if len(block) > end else decoded


def _with_area(decoded: Decoded, behind: bytes) -> Decoded:
    """Android's modems put the length in octets before the area, lowest octet first (AOSP, GsmSmsCbMessage)."""
    length = int.from_bytes(behind[:2], "little")
    try:
        if len(behind) < 2 + length:
            raise Invalid(f"{len(behind)} octets where {2 + length} should be", "area")
        return msgspec.structs.replace(decoded, area=read_area(behind[2 : 2 + length]))
    except Invalid as error:
        # An optional part that is broken must not keep the warning from being read.
        return msgspec.structs.replace(decoded, area_fault=error.message)


def _decoded(message_identifier: int, serial_number: int, dcs: int, contents: Sequence[bytes]) -> Decoded:
    coding = read_scheme(dcs)
    read = [_read_page(octets, coding) for octets in contents]
    serial = SerialNumber.of(serial_number)
    return Decoded(
        text="".join(text for _, text in read),
        language=coding.language or read[0][0],
        encoding=coding.encoding,
        pages=len(contents),
        message_identifier=message_identifier,
        meaning=meaning(message_identifier),
        serial_number=serial_number,
        geographical_scope=serial.scope,
        message_code=serial.code,
        update_number=serial.update,
        dcs=dcs,
    )


def _read_page(octets: bytes, coding: Coding) -> tuple[str | None, str]:
    """The language indicated on a page, and its text without what fills it up."""
    if coding.encoding is Encoding.BINARY:
        return None, ""
    septets = gsm7.unpack(octets)[:SEPTETS]
    if coding.encoding is Encoding.GSM7:
        indicated = coding.indicated and septets[2:3] == [gsm7.CR]
        return (
            _language(septets) if indicated else None,
            gsm7.read(septets[3:] if indicated else septets).rstrip("\r"),
        )
    text = octets[2:] if coding.indicated else octets
    shown = text[: len(text) // 2 * 2].decode("utf-16-be", "replace")
    # Some senders fill up with NUL.
    return _language(septets) if coding.indicated else None, shown.rstrip("\r\0")


def _language(septets: Sequence[int]) -> str | None:
    code = gsm7.read(septets[:2])
    return code.lower() if len(code) == 2 and code.isascii() and code.isalpha() else None
