"""Residents from buildings onto the walking network, and made to agree with what a district is known to have."""

import numpy as np
from scipy.spatial import cKDTree

from tocsin.city.osm.districts import Districts
from tocsin.city.osm.doors import NEAR_M
from tocsin.city.osm.dwellings import Dwellings
from tocsin.city.osm.pavement import Pavement, leads_somewhere
from tocsin.city.osm.report import Tally
from tocsin.routing.plane import Plane
from tocsin.routing.streets import Ints


def whole_residents(dwellings: Dwellings, districts: Districts, tally: Tally) -> Ints:
    """
    Residents of each building in whole people. In a district whose residents are known they add up to that; where a
    district inside another is known too, the outer one's buildings share the rest.
    """
    codes, owner = districts.locate(dwellings.lon, dwellings.lat)
    known = [_known_around(districts, code) for code in codes]
    owner_of = np.array([-1 if code is None else codes.index(code) for code in known] + [-1])
    owner = owner_of[owner]
    residents = dwellings.residents.copy()
    for code, total in districts.residents.items():
        mine = owner == codes.index(code) if code in codes else np.zeros(len(owner), np.bool_)
        rest = total - sum(districts.residents[inner] for inner in _known_inside(districts, code))
        estimated = float(residents[mine].sum())
        if rest < 0:
            tally.note(f"{code}: the districts inside have {-rest:.0f} residents more than the whole; theirs count")
        elif estimated > 0:
            residents[mine] *= rest / estimated
            continue
        elif rest > 0:
            tally.note(f"{code}: {rest:.0f} residents are known, but no building there is lived in")
        residents[mine] = 0
    order = np.argsort(owner, kind="stable")
    found = np.zeros(len(residents), np.int32)
    # Roundings cancel out, so that a district's sum is its own.
    found[order] = np.diff(np.rint(np.round(np.cumsum(residents[order]), 4)), prepend=0)
    return found


def settle(dwellings: Dwellings, pavement: Pavement) -> Ints:
    """
    The node each building's residents step out at: the nearest, but one on a mere fragment of the network only where
    nothing else is near.
    """
    plane = Plane(float(pavement.lat.mean()), float(pavement.lon.mean()))
    nodes, doors = plane.metres(pavement.lat, pavement.lon), plane.metres(dwellings.lat, dwellings.lon)
    large = np.flatnonzero(leads_somewhere(pavement.parts()[1]))
    away, at = cKDTree(nodes[large]).query(doors)
    found: Ints = large[at].astype(np.int32)
    far = np.flatnonzero(away > NEAR_M)
    if len(far):
        found[far] = cKDTree(nodes).query(doors[far])[1]
    return found


def _known_around(districts: Districts, code: str) -> str | None:
    """The deepest area round this one, itself included, whose residents are known."""
    return next((each for each in districts.tree.chain(code) if each in districts.residents), None)


def _known_inside(districts: Districts, code: str) -> list[str]:
    """The known areas directly inside: none of them is inside another of them."""
    return [
        inner
        for inner in districts.tree.descendants(code)
        if inner in districts.residents
        and next(each for each in districts.tree.ancestors(inner) if each in districts.residents) == code
    ]


def per_node(residents: Ints, node: Ints, nodes: int) -> Ints:
    return np.rint(np.bincount(node, weights=residents, minlength=nodes)).astype(np.int32)
