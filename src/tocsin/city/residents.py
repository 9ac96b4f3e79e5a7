"""Who lives where, made up: each raion's real share of the residents, spread over its streets by density."""

import numpy as np
from numpy.random import Generator

from tocsin.city.ground import BANKS
from tocsin.city.kyiv.raions import RAIONS
from tocsin.city.streets import StreetPlan
from tocsin.routing.streets import Ints

RESIDENTS = 3_000_000
"""At scale 1."""
_INHABITED = 0.8
"""Share of the crossings somebody lives at."""


def settle(plan: StreetPlan, raion: Ints, scale: float, rng: Generator) -> Ints:
    """
    Residents per node, RESIDENTS * scale in all. Nobody lives on the islands.

    Args:
        raion: Per node, as an index of RAIONS.
    """
    weight = plan.density**1.5 * rng.gamma(2.0, 1.0, len(raion))
    weight *= (plan.piece < BANKS) & (rng.random(len(raion)) < _INHABITED)
    people = np.zeros(len(raion), np.int32)
    for at, residents in enumerate(_shares(round(RESIDENTS * scale))):
        nodes = np.flatnonzero((raion == at) & (weight > 0))
        people[nodes] = rng.multinomial(residents, weight[nodes] / weight[nodes].sum())
    return people


def _shares(total: int) -> list[int]:
    """The residents of each raion. The roundings cancel out, so that the sum is the total."""
    known = np.cumsum([0] + [raion.residents for raion in RAIONS])
    bounds = np.rint(known * (total / known[-1])).astype(int)
    return [int(share) for share in np.diff(bounds)]
