"""Teams: who there is, where each is sent, and when it is free again. One worksite at a time."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.place import Names, Reason, require_area
from tocsin.domain.response.worksites import WORKABLE, Stage, Worksite
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Refused, Unknown
from tocsin.kernel.event import Command, Event, kind_of

TeamId = Annotated[
    str, Meta(min_length=1, max_length=40, description="AAA-00 (INSARAG country code and number) or a local call sign")
]


class TeamType(StrEnum):
    SEARCH_DOGS = "search_dogs"
    HEAVY_RESCUE = "heavy_rescue"
    LIGHT_RESCUE = "light_rescue"
    LADDER = "ladder"
    PUMP = "pump"
    MEDICS = "medics"
    AMBULANCE = "ambulance"
    ENGINEERS = "engineers"
    POLICE = "police"


class Duty(StrEnum):
    """What a team is doing."""

    UNKNOWN = "unknown"
    """There is no such team."""
    FREE = "free"
    ASSIGNED = "assigned"
    """On its way to a worksite."""
    ON_SITE = "on_site"


class RegisterTeam(Command, frozen=True, kw_only=True, tag="team.register"):
    """
    Attributes:
        area: Where it is at home.
        crew: People in it.
    """

    team: TeamId
    type: TeamType
    names: Names
    area: str
    crew: Annotated[int, Meta(ge=1)]


class AssignTeam(Command, frozen=True, kw_only=True, tag="team.assign"):
    """Send a team to a worksite, or give one that is there already another task."""

    team: TeamId
    worksite: str
    task: str = ""


class ArriveTeam(Command, frozen=True, kw_only=True, tag="team.arrive"):
    """The team has reached the worksite it was sent to."""

    team: TeamId


class ReleaseTeam(Command, frozen=True, kw_only=True, tag="team.release"):
    team: TeamId
    reason: Reason


TeamCommand = RegisterTeam | AssignTeam | ArriveTeam | ReleaseTeam


class TeamRegistered(Event, frozen=True, kw_only=True, tag="team.registered"):
    team: str
    type: TeamType
    names: dict[str, str]
    area: str
    crew: int


class TeamAssigned(Event, frozen=True, kw_only=True, tag="team.assigned"):
    """Sent to a worksite, or given another task at the one it is on: then it does not have to arrive again."""

    team: str
    worksite: str
    task: str


class TeamArrived(Event, frozen=True, kw_only=True, tag="team.arrived"):
    team: str
    worksite: str


class TeamReleased(Event, frozen=True, kw_only=True, tag="team.released"):
    """Free again. `worksite` is the one it leaves."""

    team: str
    worksite: str
    reason: str


class Team(msgspec.Struct, frozen=True):
    """One team as its events leave it. Worksite and task are empty while it is free."""

    duty: Duty = Duty.UNKNOWN
    registered: TeamRegistered | None = None
    worksite: str = ""
    task: str = ""


# Read as: on this duty, these commands are allowed. A free team cannot arrive anywhere: it must be sent first, or
# the worksite would not know who is on it.
ALLOWED: dict[Duty, frozenset[type[Command]]] = {
    Duty.UNKNOWN: frozenset({RegisterTeam}),
    Duty.FREE: frozenset({RegisterTeam, AssignTeam}),
    Duty.ASSIGNED: frozenset({RegisterTeam, AssignTeam, ArriveTeam, ReleaseTeam}),
    Duty.ON_SITE: frozenset({RegisterTeam, AssignTeam, ReleaseTeam}),
}


def consults(command: TeamCommand) -> Sequence[str]:
    return [f"worksite/{command.worksite}"] if isinstance(command, AssignTeam) else ()


def decide(team: Team, command: TeamCommand, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If the team, the area, the worksite or the task does not exist.
        Refused: If its duty does not allow it, it is assigned elsewhere, or the worksite or the task is over.
    """
    if team.duty is Duty.UNKNOWN and not isinstance(command, RegisterTeam):
        raise Unknown(f"there is no team {command.team!r}", "team")
    if type(command) not in ALLOWED[team.duty]:
        raise Refused(f"a team that is {team.duty} cannot be changed by {kind_of(command)}")
    match command:
        case RegisterTeam():
            return _register(team, command, context)
        case AssignTeam():
            return _assign(team, command, context)
        case ArriveTeam():
            return [TeamArrived(team=command.team, worksite=team.worksite)]
        case ReleaseTeam(reason=reason):
            return [TeamReleased(team=command.team, worksite=team.worksite, reason=reason)]


def _register(team: Team, command: RegisterTeam, context: Context) -> Sequence[Event]:
    """Registering again tells of a new crew or home; the team stays where it is."""
    require_area(context.city, command.area)
    event = TeamRegistered(**msgspec.structs.asdict(command))
    if team.registered is not None and team.registered.type is not command.type:
        # A ladder does not become a dog team: two teams share a call sign.
        raise Refused(f"the team {command.team!r} is {team.registered.type} already")
    return [] if event == team.registered else [event]


def _assign(team: Team, command: AssignTeam, context: Context) -> Sequence[Event]:
    if team.worksite and team.worksite != command.worksite:
        raise Refused(f"the team is assigned to {team.worksite}; release it first")
    _require_work(context.others[f"worksite/{command.worksite}"], command)
    if (team.worksite, team.task) == (command.worksite, command.task):
        return []
    return [TeamAssigned(team=command.team, worksite=command.worksite, task=command.task)]


def _require_work(worksite: Worksite, command: AssignTeam) -> None:
    if worksite.stage is Stage.UNKNOWN:
        raise Unknown(f"there is no worksite {command.worksite!r}", "worksite")
    if worksite.stage not in WORKABLE:
        raise Refused(f"the worksite {command.worksite} is {worksite.stage}")
    if not command.task:
        return
    task = worksite.task(command.task)
    if task is None:
        raise Unknown(f"the worksite has no task {command.task!r}", "task")
    if task.result:
        raise Refused(f"the task {command.task!r} is finished")


EVENTS = (TeamRegistered, TeamAssigned, TeamArrived, TeamReleased)
TeamEvent = TeamRegistered | TeamAssigned | TeamArrived | TeamReleased


def evolve(team: Team, event: TeamEvent) -> Team:
    changed = msgspec.structs.replace
    match event:
        case TeamRegistered():
            return changed(team, registered=event, duty=Duty.FREE if team.duty is Duty.UNKNOWN else team.duty)
        case TeamAssigned(worksite=worksite, task=task):
            duty = Duty.ON_SITE if team.duty is Duty.ON_SITE else Duty.ASSIGNED
            return changed(team, duty=duty, worksite=worksite, task=task)
        case TeamArrived():
            return changed(team, duty=Duty.ON_SITE)
        case TeamReleased():
            return changed(team, duty=Duty.FREE, worksite="", task="")


TEAM = Subject(
    name="team",
    id_field="team",
    commands=(RegisterTeam, AssignTeam, ArriveTeam, ReleaseTeam),
    events=EVENTS,
    blank=Team(),
    decide=decide,
    evolve=evolve,
    consults=consults,
)
