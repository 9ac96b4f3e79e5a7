"""
The signs that are painted on a building, as text and as SVG.

Source: INSARAG Guidelines, Volume II Manual B, worksite, victim and rapid clearance marking. Worksite marking: a box of
1.2 by 1.0 m at the entry with an arrow to it; the worksite's id inside in letters of 40 cm; hazards above; the triage
letter below, 10 cm; under it for each completed level `team - ASRn - date`; a horizontal line through the whole once no
rescue work is left. Victim marking: V, an arrow where needed, below it L-n and D-n, struck out and painted anew as
people are brought out. Rapid clearance: C or D in a circle, only where the authority in charge (LEMA) has ordered it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

import msgspec

BOX = (120, 100)
"""Centimetres. One unit of the drawing is one centimetre on the wall."""
MARGIN = 20
LETTER = {"id": 40, "category": 10, "line": 7}
PAINT = "#f60"


class LevelLine(msgspec.Struct, frozen=True):
    """One completed level of search."""

    team: str
    asr_level: int
    at: datetime


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        id: Of the worksite, such as C-6.
        category: The triage letter; empty before triage.
        scheme: The edition that gives the letter its meaning: it is not painted, but the text names it.
        bearing: Where the entry is, in degrees clockwise from straight up; None if it is right below the sign.
        finished: No more rescue work here.
    """

    id: str
    category: str = ""
    scheme: str = ""
    hazards: tuple[str, ...] = ()
    levels: tuple[LevelLine, ...] = ()
    bearing: int | None = None
    finished: bool = False


def worksite_text(sign: Sign) -> str:
    """The sign in words, one line each, as it is read over the radio."""
    return "\n".join(_worksite_lines(sign)) + "\n"


def _worksite_lines(sign: Sign) -> Iterator[str]:
    yield from (f"! {hazard}" for hazard in sign.hazards)
    yield f"[ {sign.id} ]"
    if sign.category:
        yield f"{sign.category} ({sign.scheme})" if sign.scheme else sign.category
    yield from (_level(level) for level in sign.levels)
    if sign.finished:
        yield "———— no more rescue work ————"


def _level(level: LevelLine) -> str:
    return f"{level.team or '?'} - ASR{level.asr_level} - {level.at:%d.%m.%y}"


def worksite_svg(sign: Sign) -> str:
    """The sign as it is painted, to the scale of one unit a centimetre."""
    width, top = BOX[0] + 2 * MARGIN, MARGIN + 9 * len(sign.hazards)
    below = top + BOX[1]
    parts = [_text(hazard, MARGIN, MARGIN + 9 * line, LETTER["line"]) for line, hazard in enumerate(sign.hazards)]
    size = f'width="{BOX[0]}" height="{BOX[1]}"'
    parts.append(f'<rect x="{MARGIN}" y="{top}" {size} fill="none" stroke="{PAINT}" stroke-width="4"/>')
    parts.append(_text(sign.id, width / 2, top + BOX[1] / 2 + 14, LETTER["id"], middle=True, fit=BOX[0] - 12))
    if sign.category:
        parts.append(_text(sign.category, width / 2, below + 14, LETTER["category"], middle=True))
    parts.append(_arrow(width - MARGIN - 12, top + 14, 180 if sign.bearing is None else sign.bearing))
    start = below + 26
    parts += [_text(_level(level), MARGIN, start + 10 * line, LETTER["line"]) for line, level in enumerate(sign.levels)]
    height = start + 10 * len(sign.levels) + MARGIN / 2
    if sign.finished:
        middle = top + BOX[1] / 2
        parts.append(_line(MARGIN / 2, middle, width - MARGIN / 2, middle))
    return _svg(width, height, f"Worksite {sign.id}", parts)


def victims_text(counts: Sequence[tuple[int, int]]) -> str:
    """
    Args:
        counts: The living and the dead as they were painted one after another.
    """
    struck = [f"~{words}~" for pair in counts[:-1] if (words := _count(pair))]
    return " ".join(["V", *struck, *([_count(counts[-1])] if counts else [])]).strip() + "\n"


def victims_svg(counts: Sequence[tuple[int, int]], bearing: int | None) -> str:
    """The victim marking; all counts but the last are struck out."""
    parts = [_text("V", 40, 50, 50, middle=True)]
    if bearing is not None:
        parts.append(_arrow(82, 32, bearing))
    for line, pair in enumerate(counts):
        y = 72 + 16 * line
        parts.append(_text(_count(pair) or "—", 40, y, 13, middle=True))
        if line < len(counts) - 1:
            parts.append(_line(8, y - 4, 72, y - 4))
    return _svg(110, 72 + 16 * len(counts), "Victims", parts)


def _count(pair: tuple[int, int]) -> str:
    live, dead = pair
    return " ".join(f"{letter}-{number}" for letter, number in (("L", live), ("D", dead)) if number)


def clearance_svg(mark: str, team: str, at: datetime) -> str:
    """
    The rapid clearance marking: C for clear, D for deceased only.
    """
    parts = [
        f'<circle cx="50" cy="45" r="36" fill="none" stroke="{PAINT}" stroke-width="4"/>',
        _text(mark, 50, 60, 42, middle=True),
        _text(f"{team} - {at:%d.%m.%y}", 50, 98, LETTER["line"], middle=True),
    ]
    return _svg(100, 106, f"Rapid clearance {mark}", parts)


def _text(words: str, x: float, y: float, size: int, *, middle: bool = False, fit: int | None = None) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    # An id of a double sector, such as AB-1024, is wider than the box in letters of 40 cm.
    squeezed = f' textLength="{fit}" lengthAdjust="spacingAndGlyphs"' if fit and len(words) * size * 0.6 > fit else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}"{anchor}{squeezed}>{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{PAINT}" stroke-width="4"/>'


def _arrow(x: float, y: float, bearing: int) -> str:
    return (
        f'<path d="M0 10V-10M-6 -3L0 -10L6 -3" fill="none" stroke="{PAINT}" stroke-width="3"'
        f' transform="translate({x:g} {y:g}) rotate({bearing})"/>'
    )


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}mm"'
        f' height="{height:g}mm" font-family="sans-serif" font-weight="bold" fill="{PAINT}">'
    )
    return "\n".join([head, f"<title>{escape(title)}</title>", *parts, "</svg>"]) + "\n"
