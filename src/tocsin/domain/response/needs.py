"""Needs: what a worksite or the headquarters lacks, and how far it has been met."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.place import Reason
from tocsin.domain.response.field_work import FieldCommand, FieldEvent, require_past
from tocsin.domain.response.teams import TeamType
from tocsin.domain.response.worksites import Stage, Worksite
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event, Instant, kind_of

Quantity = Annotated[int, Meta(ge=1, le=100_000)]


class Status(StrEnum):
    UNKNOWN = "unknown"
    """There is no such need."""
    OPEN = "open"
    PARTLY_MET = "partly_met"
    MET = "met"
    CANCELLED = "cancelled"


class AskNeed(FieldCommand, frozen=True, kw_only=True, tag="need.ask"):
    """
    Say what is lacking.

    Attributes:
        worksite: Where; empty for the headquarters.
        team_type: The kind of team, where it is one.
        what: In words: what is needed, or what the team is for.
        wanted_by: When it should be there.
    """

    need: str = ""
    worksite: str = ""
    team_type: TeamType | None = None
    what: Annotated[str, Meta(min_length=1, max_length=500)]
    quantity: Quantity
    wanted_by: Instant | None = None


class MeetNeed(FieldCommand, frozen=True, kw_only=True, tag="need.meet"):
    """
    Say that some of it has come.

    Attributes:
        by: Who or what: a call sign, an agency, a store.
    """

    need: str
    quantity: Quantity
    by: Annotated[str, Meta(min_length=1, max_length=200)]


class CancelNeed(FieldCommand, frozen=True, kw_only=True, tag="need.cancel"):
    need: str
    reason: Reason


NeedCommand = AskNeed | MeetNeed | CancelNeed


class NeedAsked(FieldEvent, frozen=True, kw_only=True, tag="need.asked"):
    need: str
    worksite: str
    team_type: TeamType | None
    what: str
    quantity: int
    wanted_by: Instant | None


class NeedMet(FieldEvent, frozen=True, kw_only=True, tag="need.met"):
    """Some of it has come; `left` is what is still lacking."""

    need: str
    quantity: int
    by: str
    left: int


class NeedCancelled(FieldEvent, frozen=True, kw_only=True, tag="need.cancelled"):
    need: str
    reason: str


class Need(msgspec.Struct, frozen=True):
    status: Status = Status.UNKNOWN
    asked: NeedAsked | None = None
    left: int = 0


# Read as: at this status, these commands are allowed.
ALLOWED: dict[Status, frozenset[type[Command]]] = {
    Status.UNKNOWN: frozenset({AskNeed}),
    Status.OPEN: frozenset({MeetNeed, CancelNeed}),
    Status.PARTLY_MET: frozenset({MeetNeed, CancelNeed}),
    Status.MET: frozenset(),
    Status.CANCELLED: frozenset(),
}


def consults(command: NeedCommand) -> Sequence[str]:
    return [f"worksite/{command.worksite}"] if isinstance(command, AskNeed) and command.worksite else ()


def decide(need: Need, command: NeedCommand, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If the need or its worksite does not exist.
        Refused: If the need is met or cancelled.
        Invalid: If more comes than is lacking.
    """
    if need.status is Status.UNKNOWN and not isinstance(command, AskNeed):
        raise Unknown(f"there is no need {command.need!r}", "need")
    if type(command) not in ALLOWED[need.status]:
        raise Refused(f"a need that is {need.status} cannot be changed by {kind_of(command)}", "need")
    require_past(command, context.now)
    said = msgspec.structs.asdict(command)
    match command:
        case AskNeed(worksite=worksite):
            if worksite:
                site: Worksite = context.others[f"worksite/{worksite}"]
                if site.stage is Stage.UNKNOWN:
                    raise Unknown(f"there is no worksite {worksite!r}", "worksite")
            return [NeedAsked(**said)]
        case MeetNeed(quantity=quantity):
            if quantity > need.left:
                raise Invalid(f"{quantity} came where {need.left} are lacking", "quantity")
            return [NeedMet(left=need.left - quantity, **said)]
        case CancelNeed():
            return [NeedCancelled(**said)]


def evolve(need: Need, event: NeedAsked | NeedMet | NeedCancelled) -> Need:
    match event:
        case NeedAsked(quantity=quantity):
            return Need(Status.OPEN, event, quantity)
        case NeedMet(left=left):
            return msgspec.structs.replace(need, status=Status.PARTLY_MET if left else Status.MET, left=left)
        case NeedCancelled():
            return msgspec.structs.replace(need, status=Status.CANCELLED)


NEED = Subject(
    name="need",
    id_field="need",
    commands=(AskNeed, MeetNeed, CancelNeed),
    events=(NeedAsked, NeedMet, NeedCancelled),
    blank=Need(),
    decide=decide,
    evolve=evolve,
    consults=consults,
)
