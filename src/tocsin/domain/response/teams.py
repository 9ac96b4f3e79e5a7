"""Teams: who there is, where each is sent, and when it is free again. One worksite at a time."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.place import Latitude, Longitude, Names, Reason, require_area
from tocsin.domain.response.field_work import FieldCommand, FieldEvent, require_past
from tocsin.domain.response.worksites import WORKABLE, Stage, Worksite
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event, Instant, kind_of

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
    RESTING = "resting"
    """Relieved. It cannot be sent until it says that it is back."""


class RegisterTeam(Command, frozen=True, kw_only=True, tag="team.register"):
    """
    Attributes:
        area: Where it is at home.
        crew: People in it.
        equipment: What it brings, such as a 40 m ladder.
        agency: Whose it is.
        mutual_aid: Whether it is lent by another city or country.
    """

    team: TeamId
    type: TeamType
    names: Names
    area: str
    crew: Annotated[int, Meta(ge=1)]
    equipment: tuple[Annotated[str, Meta(min_length=1, max_length=100)], ...] = ()
    agency: Annotated[str, Meta(max_length=200)] = ""
    mutual_aid: bool = False


class AssignTeam(FieldCommand, frozen=True, kw_only=True, tag="team.assign"):
    """Send a team to a worksite, or give one that is there already another task."""

    team: TeamId
    worksite: str
    task: str = ""


class ArriveTeam(FieldCommand, frozen=True, kw_only=True, tag="team.arrive"):
    """The team has reached the worksite it was sent to."""

    team: TeamId


class ReleaseTeam(FieldCommand, frozen=True, kw_only=True, tag="team.release"):
    team: TeamId
    reason: Reason


class LocateTeam(FieldCommand, frozen=True, kw_only=True, tag="team.locate"):
    """Say where the team is."""

    team: TeamId
    lat: Latitude
    lon: Longitude


class AccountTeam(FieldCommand, frozen=True, kw_only=True, tag="team.account"):
    """
    Personnel accountability report: so many of the crew are accounted for.

    Attributes:
        next_minutes: When the next one is due; left out, the timer stops.
    """

    team: TeamId
    people: Annotated[int, Meta(ge=0)]
    next_minutes: Annotated[int, Meta(ge=1, le=720)] | None = None


class MissAccount(Command, frozen=True, kw_only=True, tag="team.miss_account"):
    """The accountability report that was due at this time did not come. Ordered by the clock."""

    team: TeamId
    due: Instant


class RestTeam(FieldCommand, frozen=True, kw_only=True, tag="team.rest"):
    """Relieve a free team: it is not sent anywhere until it is back."""

    team: TeamId
    reason: Reason


class ReturnTeam(FieldCommand, frozen=True, kw_only=True, tag="team.return"):
    """The team is rested and may be sent again."""

    team: TeamId


TeamCommand = (
    RegisterTeam
    | AssignTeam
    | ArriveTeam
    | ReleaseTeam
    | LocateTeam
    | AccountTeam
    | MissAccount
    | RestTeam
    | ReturnTeam
)


class TeamRegistered(Event, frozen=True, kw_only=True, tag="team.registered"):
    team: str
    type: TeamType
    names: dict[str, str]
    area: str
    crew: int
    equipment: tuple[str, ...] = ()
    agency: str = ""
    mutual_aid: bool = False


class TeamAssigned(FieldEvent, frozen=True, kw_only=True, tag="team.assigned"):
    """Sent to a worksite, or given another task at the one it is on: then it does not have to arrive again."""

    team: str
    worksite: str
    task: str


class TeamArrived(FieldEvent, frozen=True, kw_only=True, tag="team.arrived"):
    team: str
    worksite: str


class TeamReleased(FieldEvent, frozen=True, kw_only=True, tag="team.released"):
    """Free again. `worksite` is the one it leaves."""

    team: str
    worksite: str
    reason: str


class TeamLocated(FieldEvent, frozen=True, kw_only=True, tag="team.located"):
    team: str
    lat: float
    lon: float


class TeamAccounted(FieldEvent, frozen=True, kw_only=True, tag="team.accounted"):
    """`due` is when the next report has to come; None if the timer stopped."""

    team: str
    people: int
    crew: int
    due: Instant | None


class AccountMissed(Event, frozen=True, kw_only=True, tag="team.account_missed"):
    """Nobody has heard since `due` whether all of the team are safe."""

    team: str
    worksite: str
    due: Instant


class TeamRested(FieldEvent, frozen=True, kw_only=True, tag="team.rested"):
    team: str
    reason: str


class TeamReturned(FieldEvent, frozen=True, kw_only=True, tag="team.returned"):
    team: str


class Team(msgspec.Struct, frozen=True):
    """One team as its events leave it. Worksite and task are empty while it is free."""

    duty: Duty = Duty.UNKNOWN
    registered: TeamRegistered | None = None
    worksite: str = ""
    task: str = ""
    due: Instant | None = None


# Read as: on this duty, these commands are allowed. A free team cannot arrive anywhere: it must be sent first, or
# the worksite would not know who is on it.
ALLOWED: dict[Duty, frozenset[type[Command]]] = {
    Duty.UNKNOWN: frozenset({RegisterTeam}),
    Duty.FREE: frozenset({RegisterTeam, LocateTeam, AssignTeam, RestTeam}),
    Duty.ASSIGNED: frozenset({RegisterTeam, LocateTeam, AssignTeam, ArriveTeam, ReleaseTeam, AccountTeam, MissAccount}),
    Duty.ON_SITE: frozenset({RegisterTeam, LocateTeam, AssignTeam, ReleaseTeam, AccountTeam, MissAccount}),
    Duty.RESTING: frozenset({RegisterTeam, LocateTeam, ReturnTeam}),
}


def consults(command: TeamCommand) -> Sequence[str]:
    return [f"worksite/{command.worksite}"] if isinstance(command, AssignTeam) else ()


def decide(team: Team, command: TeamCommand, context: Context) -> Sequence[Event]:  # noqa: C901 - a table
    """
    Raises:
        Unknown: If the team, the area, the worksite or the task does not exist.
        Refused: If its duty does not allow it, it is assigned elsewhere, or the worksite or the task is over.
        Invalid: If more people are accounted for than there are, or something was done in the future.
    """
    if team.duty is Duty.UNKNOWN and not isinstance(command, RegisterTeam):
        raise Unknown(f"there is no team {command.team!r}", "team")
    if type(command) not in ALLOWED[team.duty]:
        raise Refused(f"a team that is {team.duty} cannot be changed by {kind_of(command)}", "team")
    require_past(command, context.now)
    said = msgspec.structs.asdict(command)
    match command:
        case RegisterTeam():
            return _register(team, command, context)
        case AssignTeam():
            return _assign(team, command, context)
        case ArriveTeam():
            return [TeamArrived(worksite=team.worksite, **said)]
        case ReleaseTeam():
            return [TeamReleased(worksite=team.worksite, **said)]
        case LocateTeam():
            return [TeamLocated(**said)]
        case AccountTeam():
            return [_account(team, command, context)]
        case MissAccount(due=due):
            # Whoever reported meanwhile is not missed.
            return [AccountMissed(worksite=team.worksite, **said)] if team.due == due else []
        case RestTeam():
            return [TeamRested(**said)]
        case ReturnTeam():
            return [TeamReturned(**said)]


def _account(team: Team, command: AccountTeam, context: Context) -> TeamAccounted:
    crew = team.registered.crew if team.registered is not None else 0
    if command.people > crew:
        raise Invalid(f"{command.people} of a crew of {crew} are accounted for", "people")
    at = command.occurred or context.now
    due = None if command.next_minutes is None else at + timedelta(minutes=command.next_minutes)
    return TeamAccounted(team=command.team, people=command.people, crew=crew, due=due, occurred=command.occurred)


def _register(team: Team, command: RegisterTeam, context: Context) -> Sequence[Event]:
    """Registering again tells of a new crew or home; the team stays where it is."""
    require_area(context.city, command.area)
    event = TeamRegistered(**msgspec.structs.asdict(command))
    if team.registered is not None and team.registered.type is not command.type:
        # A ladder does not become a dog team: two teams share a call sign.
        raise Refused(f"the team {command.team!r} is {team.registered.type} already", "type")
    return [] if event == team.registered else [event]


def _assign(team: Team, command: AssignTeam, context: Context) -> Sequence[Event]:
    if team.worksite and team.worksite != command.worksite:
        raise Refused(f"the team is assigned to {team.worksite}; release it first", "worksite")
    _require_work(context.others[f"worksite/{command.worksite}"], command)
    if (team.worksite, team.task) == (command.worksite, command.task):
        return []
    return [TeamAssigned(**msgspec.structs.asdict(command))]


def _require_work(worksite: Worksite, command: AssignTeam) -> None:
    if worksite.stage is Stage.UNKNOWN:
        raise Unknown(f"there is no worksite {command.worksite!r}", "worksite")
    if worksite.stage not in WORKABLE:
        raise Refused(f"the worksite {command.worksite} is {worksite.stage}", "worksite")
    if not command.task:
        return
    task = worksite.task(command.task)
    if task is None:
        raise Unknown(f"the worksite has no task {command.task!r}", "task")
    if task.result:
        raise Refused(f"the task {command.task!r} is finished", "task")


EVENTS = (
    TeamRegistered,
    TeamAssigned,
    TeamArrived,
    TeamReleased,
    TeamLocated,
    TeamAccounted,
    AccountMissed,
    TeamRested,
    TeamReturned,
)
TeamEvent = (
    TeamRegistered
    | TeamAssigned
    | TeamArrived
    | TeamReleased
    | TeamLocated
    | TeamAccounted
    | AccountMissed
    | TeamRested
    | TeamReturned
)


def evolve(team: Team, event: TeamEvent) -> Team:  # noqa: C901 - a table
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
            return changed(team, duty=Duty.FREE, worksite="", task="", due=None)
        case TeamAccounted(due=due):
            return changed(team, due=due)
        case AccountMissed():
            return changed(team, due=None)
        case TeamRested():
            return changed(team, duty=Duty.RESTING)
        case TeamReturned():
            return changed(team, duty=Duty.FREE)
        case TeamLocated():
            return team


TEAM = Subject(
    name="team",
    id_field="team",
    commands=(
        RegisterTeam,
        AssignTeam,
        ArriveTeam,
        ReleaseTeam,
        LocateTeam,
        AccountTeam,
        MissAccount,
        RestTeam,
        ReturnTeam,
    ),
    events=EVENTS,
    blank=Team(),
    decide=decide,
    evolve=evolve,
    consults=consults,
)
