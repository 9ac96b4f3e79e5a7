"""Which team to send: the nearest that suits, and why. A suggestion; the dispatcher assigns."""

from collections.abc import Mapping, Sequence

import msgspec

from tocsin.domain.response.teams import Duty, TeamType
from tocsin.domain.response.worksites import Operation

# Read as: this work is done by these teams, the most fitting first.
SUITABLE: Mapping[Operation, tuple[TeamType, ...]] = {
    Operation.DOG_SEARCH: (TeamType.SEARCH_DOGS,),
    Operation.TECHNICAL_SEARCH: (TeamType.HEAVY_RESCUE, TeamType.LIGHT_RESCUE),
    Operation.SHORING: (TeamType.HEAVY_RESCUE, TeamType.ENGINEERS),
    Operation.BREACHING: (TeamType.HEAVY_RESCUE, TeamType.ENGINEERS),
    Operation.LIFTING: (TeamType.HEAVY_RESCUE, TeamType.ENGINEERS),
    Operation.ROPE: (TeamType.HEAVY_RESCUE, TeamType.LIGHT_RESCUE),
    Operation.MEDICAL: (TeamType.MEDICS, TeamType.AMBULANCE),
    Operation.SUPPRESS_FIRE: (TeamType.PUMP, TeamType.LADDER),
    Operation.LADDER_RESCUE: (TeamType.LADDER,),
    Operation.EVACUATE: (TeamType.LIGHT_RESCUE, TeamType.POLICE, TeamType.HEAVY_RESCUE),
}


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        seconds: On the way; None where nobody knows where the team is, or no way leads there.
        relief_due: It has worked as long as it may.
    """

    team: str
    type: TeamType
    duty: Duty
    worksite: str = ""
    seconds: float | None = None
    relief_due: bool = False
    mutual_aid: bool = False


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        sendable: Whether it can be sent now. Those that cannot come last, so that it is seen why they are not there.
        why: In words.
    """

    team: str
    type: TeamType
    seconds: float | None
    sendable: bool
    why: tuple[str, ...]


def rank(operation: Operation, candidates: Sequence[Candidate]) -> tuple[Suggestion, ...]:
    """
    Teams that suit the work, the one to send first.

    Those that are free and rested come before all others; among them the nearest, whatever of the fitting types it
    is, but a type less fitting counts as ten minutes farther, and one lent by others as five.
    """
    types = SUITABLE[operation]
    fitting = [each for each in candidates if each.type in types]

    def order(each: Candidate) -> tuple[bool, bool, float, str]:
        handicap = 600 * types.index(each.type) + 300 * each.mutual_aid
        return (not _sendable(each), each.seconds is None, (each.seconds or 0.0) + handicap, each.team)

    return tuple(
        Suggestion(
            team=each.team,
            type=each.type,
            seconds=each.seconds,
            sendable=_sendable(each),
            why=_why(each, types),
        )
        for each in sorted(fitting, key=order)
    )


def _sendable(each: Candidate) -> bool:
    return each.duty is Duty.FREE and not each.relief_due


def _why(each: Candidate, types: tuple[TeamType, ...]) -> tuple[str, ...]:
    way = "position not known, or no way" if each.seconds is None else f"{round(each.seconds / 60)} min on the way"
    words = [str(each.type) if each.type is types[0] else f"{each.type} instead of {types[0]}", way]
    if each.duty is not Duty.FREE:
        words.append(f"{each.duty} {each.worksite}".strip())
    if each.relief_due:
        words.append("relief is due")
    if each.mutual_aid:
        words.append("mutual aid")
    return tuple(words)
