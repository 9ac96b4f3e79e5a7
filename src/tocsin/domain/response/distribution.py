"""
Which patient goes to which hospital: a suggestion that overfills none. The dispatcher decides.

As many of the immediate as possible get a bed, then as many of the delayed, then of the minor; among all ways to do
that, the one with the least weighted time. It is an assignment problem, solved exactly (Hungarian method, as in
`scipy.optimize.linear_sum_assignment`).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from tocsin.domain.response.hospitals import BedType
from tocsin.domain.response.patients import Category
from tocsin.kernel.errors import Invalid

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 600
"""Patients at once. Beyond it the costs of three severities no longer fit a double exactly."""

# Read as: these beds suit, the first best; each further one counts as so many more minutes on the way. An adult
# never gets a child's bed: that is what would be missing for the next child.
SUITABLE: Mapping[tuple[Category, bool], tuple[tuple[BedType, int], ...]] = {
    (Category.RED, False): (
        (BedType.ADULT_ICU, 0),
        (BedType.OPERATING_ROOMS, 5),
        (BedType.EMERGENCY_DEPARTMENT, 20),
        (BedType.MEDICAL_SURGICAL, 40),
    ),
    (Category.RED, True): (
        (BedType.PEDIATRIC_ICU, 0),
        (BedType.OPERATING_ROOMS, 10),
        (BedType.PEDIATRICS, 20),
        (BedType.EMERGENCY_DEPARTMENT, 30),
        (BedType.ADULT_ICU, 40),
    ),
    (Category.YELLOW, False): ((BedType.MEDICAL_SURGICAL, 0), (BedType.EMERGENCY_DEPARTMENT, 10)),
    (Category.YELLOW, True): (
        (BedType.PEDIATRICS, 0),
        (BedType.EMERGENCY_DEPARTMENT, 20),
        (BedType.MEDICAL_SURGICAL, 40),
    ),
    (Category.GREEN, False): ((BedType.EMERGENCY_DEPARTMENT, 0), (BedType.MEDICAL_SURGICAL, 10)),
    (Category.GREEN, True): (
        (BedType.PEDIATRICS, 0),
        (BedType.EMERGENCY_DEPARTMENT, 10),
        (BedType.MEDICAL_SURGICAL, 30),
    ),
}
# Read as: a minute on the way of one of these counts so much.
WEIGHT = {Category.RED: 4, Category.YELLOW: 2, Category.GREEN: 1}


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """
    Somebody who needs a hospital.

    Attributes:
        seconds: On the way, by hospital. A hospital that is not in it cannot be reached.
    """

    patient: str
    category: Category
    child: bool
    seconds: Mapping[str, float]


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """
    Free beds of one type in one hospital.

    Attributes:
        wait_seconds: Until an ambulance gets rid of its patient there, or what an advisory counts as.
    """

    hospital: str
    bed: BedType
    free: int
    wait_seconds: float = 0.0


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        seconds: On the way and until it is handed over.
        why: In words.
    """

    patient: str
    category: Category
    hospital: str
    bed: BedType
    seconds: float
    why: tuple[str, ...]


class Distribution(msgspec.Struct, frozen=True):
    """
    Attributes:
        unplaced: Whom no suitable bed was free for: more beds are needed, or hospitals farther away.
    """

    placements: tuple[Placement, ...]
    unplaced: tuple[str, ...]


def distribute(cases: Sequence[Case], rooms: Sequence[Room]) -> Distribution:
    """
    Args:
        cases: The deceased and expectant are passed over: no bed is taken from the living.

    Raises:
        Invalid: If there are more than MOST patients.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    living = [case for case in cases if case.category in WEIGHT]
    if len(living) > MOST:
        raise Invalid(f"{len(living)} patients at once, {MOST} at most: ask for each worksite", "worksite")
    slots = [room for room in rooms for _ in range(min(room.free, len(living)))]
    cost = np.array([[_cost(case, room) for room in slots] for case in living]).reshape(len(living), len(slots))
    row, column = linear_sum_assignment(np.hstack((_bounded(cost, living), _staying(cost, living))))
    chosen = dict(zip(row.tolist(), column.tolist(), strict=True))
    placed = {at: slots[slot] for at, slot in chosen.items() if slot < len(slots) and np.isfinite(cost[at, slot])}
    return Distribution(
        placements=tuple(_placement(living[at], placed[at]) for at in sorted(placed)),
        unplaced=tuple(case.patient for at, case in enumerate(living) if at not in placed),
    )


def _cost(case: Case, room: Room) -> float:
    """Weighted seconds; infinite where the bed does not suit or cannot be reached."""
    minutes = dict(SUITABLE[case.category, case.child]).get(room.bed)
    away = case.seconds.get(room.hospital)
    if minutes is None or away is None:
        return float("inf")
    return WEIGHT[case.category] * float(round(away + room.wait_seconds + 60 * minutes))


def _prices(cost: "NDArray[np.float64]", cases: Sequence[Case]) -> dict[Category, float]:
    """
    What it costs to place nobody of a category: more than all others of the lesser ones and all ways together.
    """
    import numpy as np

    longest = float(np.max(cost[np.isfinite(cost)], initial=0.0)) + 1
    price, prices = 0.0, {}
    for category in (Category.GREEN, Category.YELLOW, Category.RED):
        price = len(cases) * (price + longest) + 1
        prices[category] = price
    return prices


def _bounded(cost: "NDArray[np.float64]", cases: Sequence[Case]) -> "NDArray[np.float64]":
    """An unsuitable bed costs more than none, so that it is never taken while the method still ends."""
    import numpy as np

    prices = _prices(cost, cases)
    never = np.array([[2 * prices[case.category]] for case in cases]).reshape(len(cases), 1)
    bounded: NDArray[np.float64] = np.where(np.isfinite(cost), cost, never)
    return bounded


def _staying(cost: "NDArray[np.float64]", cases: Sequence[Case]) -> "NDArray[np.float64]":
    """A place to stay for everybody, one column each."""
    import numpy as np

    prices = _prices(cost, cases)
    return np.array([[prices[case.category]] * len(cases) for case in cases]).reshape(len(cases), len(cases))


def _placement(case: Case, room: Room) -> Placement:
    seconds = case.seconds[room.hospital] + room.wait_seconds
    best = SUITABLE[case.category, case.child][0][0]
    why = [f"{case.category}{', child' if case.child else ''}: {room.bed}"]
    if room.bed is not best:
        why.append(f"{best} would suit better, none is nearer in all")
    why.append(f"{round(case.seconds[room.hospital] / 60)} min on the way")
    if room.wait_seconds:
        why.append(f"{round(room.wait_seconds / 60)} min until it is handed over")
    return Placement(
        patient=case.patient,
        category=case.category,
        hospital=room.hospital,
        bed=room.bed,
        seconds=round(seconds, 1),
        why=tuple(why),
    )
