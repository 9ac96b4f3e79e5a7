"""
Which reports are of one place: proposals for a person to merge, never a merge by itself.

Reports of one blow come in from several callers within minutes, each placed where the caller stood. Two reports
are linked if they name the same building, or lie close together in time and space; what is linked through others
belongs together too (single linkage). A link is given with its reason, so that the dispatcher can judge it.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from tocsin.kernel.geo import Point, metres


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        near_m, within: Reports at most so far apart in place and time are of one blow.
        same_address_within: Reports of one address at most so far apart in time are, however far apart they were
            placed: a caller's phone is placed hundreds of metres off.
        same_site_m: A report or another worksite at most so far from a worksite is of it. Not bound in time.
    """

    near_m: float = 75.0
    within: timedelta = timedelta(minutes=15)
    same_address_within: timedelta = timedelta(hours=2)
    same_site_m: float = 40.0


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """
    A report or a worksite, as far as it matters here.

    Attributes:
        worksite: True of a worksite.
    """

    id: str
    lat: float
    lon: float
    time: datetime
    address: str = ""
    worksite: bool = False


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Why two of them are of one place, in words and in metres."""

    a: str
    b: str
    metres: int
    reasons: tuple[str, ...]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What may be one place: reports to open a worksite of or to attach to one, worksites to merge."""

    impacts: tuple[str, ...]
    worksites: tuple[str, ...]
    links: tuple[Link, ...]


def propose(sightings: Sequence[Sighting], rules: Rules | None = None) -> tuple[Proposal, ...]:
    """
    Groups of two or more that may be one place, largest first. Does not depend on the order they are given in.

    A group of reports that reaches two worksites names both: whether they are one place is the dispatcher's question.
    """
    rules = rules or Rules()
    ordered = sorted(sightings, key=lambda each: (each.worksite, each.id))
    links = [link for a, b in _pairs(ordered) if (link := _link(a, b, rules)) is not None]
    groups = _groups([_key(each) for each in ordered], ((link.a, link.b) for link in links))
    named = [
        Proposal(
            impacts=tuple(key.removeprefix(IMPACT) for key in group if key.startswith(IMPACT)),
            worksites=tuple(key.removeprefix(WORKSITE) for key in group if key.startswith(WORKSITE)),
            links=tuple(link for link in links if link.a in group),
        )
        for group in groups
    ]
    return tuple(sorted(named, key=lambda each: (-len(each.impacts) - len(each.worksites), each.impacts)))


IMPACT, WORKSITE = "impact/", "worksite/"
DEGREE_M = 111_000.0
"""Metres of a degree of latitude, rounded down."""


def _key(sighting: Sighting) -> str:
    return f"{WORKSITE if sighting.worksite else IMPACT}{sighting.id}"


def _pairs(sightings: Sequence[Sighting]) -> Iterable[tuple[Sighting, Sighting]]:
    for index, a in enumerate(sightings):
        for b in sightings[index + 1 :]:
            yield a, b


def _link(a: Sighting, b: Sighting, rules: Rules) -> Link | None:
    apart = abs(a.time - b.time)
    site = a.worksite or b.worksite
    address = normal_address(a.address)
    same_address = bool(address) and address == normal_address(b.address)
    reasons: list[str] = []
    if same_address and (site or apart <= rules.same_address_within):
        reasons.append("same address")
    # The haversine of every pair would be most of the time: a degree of latitude has 111 km.
    limit = rules.same_site_m if site else rules.near_m
    if not reasons and abs(a.lat - b.lat) * DEGREE_M > limit:
        return None
    away = metres(Point(a.lat, a.lon), Point(b.lat, b.lon))
    if away <= limit and (site or apart <= rules.within):
        minutes = round(apart.total_seconds() / 60)
        reasons.append(f"{round(away)} m apart" + ("" if site else f" and {minutes} min"))
    return Link(a=_key(a), b=_key(b), metres=round(away), reasons=tuple(reasons)) if reasons else None


def _groups(keys: Sequence[str], links: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The connected parts with more than one member, each in the order of the keys."""
    head = {key: key for key in keys}

    def top(key: str) -> str:
        while head[key] != key:
            head[key] = head[head[key]]
            key = head[key]
        return key

    for a, b in links:
        head[top(b)] = top(a)
    groups: dict[str, list[str]] = {}
    for key in keys:
        groups.setdefault(top(key), []).append(key)
    return [group for group in groups.values() if len(group) > 1]


# A street is called вулиця, вул. or nothing at all by callers. What is left must be the same word for word.
_STREET = re.compile(
    r"\b(вулиця|вул|проспект|просп|пр-т|провулок|пров|бульвар|бул|площа|пл|street|str|st|avenue|ave|будинок|буд)\b\.?"
)


def normal_address(address: str) -> str:
    """An address for comparing: without case, words for street, and punctuation. Empty if no house number is in it."""
    words = re.sub(r"[^\w/-]+", " ", _STREET.sub(" ", address.lower().replace("’", "'").replace("'", ""))).split()
    # A street without a number is kilometres long.
    return " ".join(words) if any(character.isdigit() for character in "".join(words)) else ""
