"""The plan that an alert pins: how many residents have a place in a shelter, and where those live who have none."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.place import Count, Reason
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.event import Command, Event

Metres = Annotated[float, Meta(ge=0)]


class Unplaced(msgspec.Struct, frozen=True):
    """
    Attributes:
        area: Where they live; empty for outside of all areas.
    """

    area: str
    people: Count


class RecordPlan(Command, frozen=True, kw_only=True, tag="plan.record"):
    """Keep the summary of a plan. Given by our own loop; who goes where is computed, not kept."""

    alert: str
    minutes: Annotated[float, Meta(gt=0)]
    shelters: Count
    placed: Count
    unplaced: Count
    mean_walk_m: Metres
    gap_m: Metres
    unplaced_areas: tuple[Unplaced, ...] = ()
    reason: Reason


class PlanPinned(Event, frozen=True, kw_only=True, tag="plan.pinned"):
    """
    The plan that an alert began with.

    Attributes:
        minutes: The longest walk.
        shelters: How many had places.
        gap_m: Person-metres by which it may be worse than the best plan; 0 proves it the best.
    """

    alert: str
    minutes: float
    shelters: int
    placed: int
    unplaced: int
    mean_walk_m: float
    gap_m: float
    unplaced_areas: tuple[Unplaced, ...]
    reason: str


class PlanChanged(PlanPinned, frozen=True, kw_only=True, tag="plan.changed"):
    """The plan after shelters have closed, filled or opened during the alert."""


class Plan(msgspec.Struct, frozen=True):
    """The plan of one alert as its events leave it."""

    last: PlanPinned | None = None


def decide(plan: Plan, command: RecordPlan, context: Context) -> Sequence[Event]:
    """The first plan of an alert is pinned; a later one is a change, if it says anything else."""
    facts = msgspec.structs.asdict(command)
    if plan.last is None:
        return [PlanPinned(**facts)]
    if {**msgspec.structs.asdict(plan.last), "reason": command.reason} == facts:
        return []
    return [PlanChanged(**facts)]


def evolve(_plan: Plan, event: PlanPinned) -> Plan:
    return Plan(event)


PLAN = Subject(
    name="plan",
    id_field="alert",
    commands=(RecordPlan,),
    events=(PlanPinned, PlanChanged),
    blank=Plan(),
    decide=decide,
    evolve=evolve,
)
