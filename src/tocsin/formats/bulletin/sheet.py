"""
A published bulletin in one language, taken apart for whoever lays it out.

Nothing is worded anew: the text that was approved is cut into its parts. Only what came later stands beside it: that it
was withdrawn, corrected or followed by a newer one, and who answers for it.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias
from urllib.parse import quote

import msgspec

from tocsin.domain.bulletins import Photo, Published
from tocsin.domain.bulletins.wording import moment
from tocsin.domain.casualties import Lang
from tocsin.domain.warning import EXERCISE
from tocsin.formats.bulletin import words

Kind: TypeAlias = Literal["withdrawn", "corrected", "newer"]


class Section(msgspec.Struct, frozen=True):
    """
    Attributes:
        rows: What is told, and what is said of it; the second is empty where a line has no such parts.
    """

    heading: str
    rows: tuple[tuple[str, str], ...]


class Remark(msgspec.Struct, frozen=True):
    """
    What has to be known before the rest is read.

    Attributes:
        number: Of the bulletin to read instead, if there is one.
    """

    kind: Kind
    text: str
    number: int | None = None


class Shown(msgspec.Struct, frozen=True):
    """A photo with what it shows in the language of the sheet."""

    url: str
    sha256: str
    alt: str


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        exercise: The word that stands first in an exercise; empty in the live realm.
        covers: The moment and the period it is of.
        intro, outro: Paragraphs before and after the sections.
        signed: Who prepared it, who authorised it, and when it was published.
        address: Where the page is.
    """

    lang: Lang
    exercise: str
    attack: str
    number: int
    title: str
    covers: str
    remarks: tuple[Remark, ...]
    intro: tuple[str, ...]
    sections: tuple[Section, ...]
    outro: tuple[str, ...]
    signed: str
    photos: tuple[Shown, ...]
    address: str

    @property
    def void(self) -> bool:
        """Whether its figures must not be relied on any more."""
        return any(remark.kind != "newer" for remark in self.remarks)

    @property
    def withdrawn(self) -> bool:
        return any(remark.kind == "withdrawn" for remark in self.remarks)

    def without_figures(self) -> "Sheet":
        """What is left of a withdrawn bulletin where nothing can be struck out."""
        return msgspec.structs.replace(self, intro=(), sections=(), outro=(), photos=())


def page_address(base_url: str, attack: str, number: int) -> str:
    """The stable address of a bulletin's page; also its id in the feed."""
    return f"{base_url.rstrip('/')}/bulletins/{quote(attack, safe='')}/{number}"


def sheet(bulletin: Published, lang: Lang, *, newest: int, realm: str, base_url: str) -> Sheet:
    """
    Args:
        newest: Number of the newest bulletin about the attack that stands.
    """
    content = bulletin.content
    head, *blocks = content.texts[lang].strip().split("\n\n")
    title, _, covers = head.partition("\n")
    paragraphs: list[str] = []
    sections: list[Section] = []
    outro: list[str] = []
    for block in blocks:
        if "\n- " in block:
            sections.append(_section(block))
        else:
            (outro if sections else paragraphs).append(block)
    return Sheet(
        lang=lang,
        exercise="" if realm == "live" else EXERCISE[lang],
        attack=bulletin.attack,
        number=bulletin.number,
        title=title,
        covers=covers,
        remarks=tuple(_remarks(bulletin, lang, newest)),
        intro=tuple(paragraphs),
        sections=tuple(sections),
        outro=tuple(outro),
        signed=words.SIGNED[lang].format(
            prepared=bulletin.prepared_by, approved=bulletin.approved_by, published=moment(bulletin.published, lang)
        ),
        photos=tuple(_shown(photo, lang) for photo in content.photos),
        address=page_address(base_url, bulletin.attack, bulletin.number),
    )


def write_text(shown: Sheet) -> str:
    """The bulletin for a terminal and for the plain part of a mail."""
    if shown.withdrawn:
        shown = shown.without_figures()
    parts: list[Sequence[str]] = [
        [shown.exercise],
        [remark.text for remark in shown.remarks],
        [shown.title, shown.covers],
        *([paragraph] for paragraph in shown.intro),
        *([section.heading, *map(_line, section.rows)] for section in shown.sections),
        *([paragraph] for paragraph in shown.outro),
        [f"[{photo.alt}] {photo.url}" for photo in shown.photos],
        [shown.signed, shown.address],
    ]
    blocks = ("\n".join(filter(None, part)) for part in parts)
    return "\n\n".join(filter(None, blocks)) + "\n"


def _line(row: tuple[str, str]) -> str:
    what, said = row
    return f"- {what}: {said}" if said else f"- {what}"


def _section(block: str) -> Section:
    heading, *lines = block.split("\n")
    rows = []
    for line in lines:
        what, _, said = line.removeprefix("- ").partition(": ")
        rows.append((what, said))
    return Section(heading, tuple(rows))


def _remarks(bulletin: Published, lang: Lang, newest: int) -> list[Remark]:
    found = []
    if bulletin.withdrawn is not None:
        found.append(Remark("withdrawn", bulletin.withdrawal[lang]))
    if bulletin.corrected_by is not None:
        text = words.CORRECTED[lang].format(number=bulletin.number, by=bulletin.corrected_by)
        found.append(Remark("corrected", text, bulletin.corrected_by))
    if newest > max(bulletin.number, bulletin.corrected_by or 0):
        found.append(Remark("newer", words.NEWER[lang].format(number=newest), newest))
    return found


def _shown(photo: Photo, lang: Lang) -> Shown:
    return Shown(photo.url, photo.sha256, photo.alt.get(lang) or next(iter(photo.alt.values()), ""))
