"""
A bulletin as one page of A4: PDF 1.7, tagged by the rules of PDF/UA-1 (ISO 14289-1), with its fonts in it.

Typst refuses to write what would break the standard: a picture without words, headings out of order, no title.
"""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from tocsin.formats.bulletin.sheet import Sheet, Shown

MEDIA_TYPE = "application/pdf"
TEMPLATE = Path(__file__).with_name("sheet.typ")
SIZES = (10.5, 9.5, 8.5, 7.5)
"""Points of the letters, largest first: the largest with which all of it stands on one page is taken."""
PHOTO_HEIGHTS = (50, 38, 28, 20)
"""Millimetres, beside the sizes."""
MOST_PHOTOS = 3
LARGEST_PHOTO = 1_500_000
"""Bytes. A larger photo is named with its address and its hash instead: a page that is printed is no gallery."""


def write_pdf(shown: Sheet, publisher: str, photo: Callable[[str], bytes | None]) -> bytes:
    """
    The same bytes whenever the bulletin is the same. A text that is too long for one page in the smallest letters
    takes another: nothing is left out.

    Args:
        photo: The content of a photo by its SHA-256, where it is kept here.
    """
    from typst import compile as typeset

    if shown.withdrawn:
        shown = shown.without_figures()
    kept = [(each, content) for each in shown.photos if (content := photo(each.sha256)) and _fits(content)]
    kept = kept[:MOST_PHOTOS]
    template = TEMPLATE.read_bytes()
    written = b""
    for size, height in zip(SIZES, PHOTO_HEIGHTS, strict=True):
        data = _data(shown, publisher, kept) | {"size": size, "photo_height": height}
        inputs = {"data": json.dumps(data, ensure_ascii=False)}
        written = typeset(template, format="pdf", ignore_system_fonts=True, pdf_standards="ua-1", sys_inputs=inputs)
        if pages(written) == 1:
            break
    return written


def pages(document: bytes) -> int:
    """How many pages a PDF has, of those that typst writes: the root of its page tree counts them."""
    return max(int(count) for count in re.findall(rb"/Type\s*/Pages\s*/Count\s+(\d+)", document))


def _fits(content: bytes) -> bool:
    return len(content) <= LARGEST_PHOTO


def _data(shown: Sheet, publisher: str, kept: Sequence[tuple[Shown, bytes]]) -> dict[str, object]:
    embedded = {each.sha256 for each, _ in kept}
    return {
        "lang": shown.lang.value,
        "publisher": publisher,
        "exercise": shown.exercise,
        "title": shown.title,
        "covers": shown.covers,
        "remarks": [remark.text for remark in shown.remarks],
        "intro": shown.intro,
        "sections": msgspec.to_builtins(shown.sections),
        "outro": shown.outro,
        "photos": [{"alt": each.alt, "content": list(content)} for each, content in kept],
        "listed": [msgspec.to_builtins(each) for each in shown.photos if each.sha256 not in embedded],
        "signed": shown.signed,
        "address": shown.address,
    }
