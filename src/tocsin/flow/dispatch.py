"""Where each team is and how far from a worksite: for a suggestion whom to send."""

from tocsin.city.travel import driving_seconds
from tocsin.domain.response.dispatch import Candidate, Suggestion, rank
from tocsin.domain.response.worksites import Operation
from tocsin.flow.system import System
from tocsin.kernel.errors import Unknown
from tocsin.kernel.geo import Point
from tocsin.views.teams import TeamState


def suggest_teams(system: System, worksite: str, operation: Operation) -> tuple[Suggestion, ...]:
    """
    Raises:
        Unknown: If there is no such worksite.
    """
    now = system.clock()
    with system.projector.looking():
        site = system.views.worksites.worksite(worksite)
        if site is None:
            raise Unknown(f"there is no worksite {worksite!r}", "worksite")
        teams = system.views.teams.all()
        places = {team.team: place for team in teams if (place := _place(system, team)) is not None}
    seconds = driving_seconds(system.city, Point(site.lat, site.lon), list(places.values()))
    ways = dict(zip(places, seconds, strict=True))
    return rank(
        operation,
        [
            Candidate(
                team=team.team,
                type=team.type,
                duty=team.duty,
                worksite=team.worksite,
                seconds=ways.get(team.team),
                relief_due=team.relief_due is not None and team.relief_due <= now,
                mutual_aid=team.mutual_aid,
            )
            for team in teams
        ],
    )


def _place(system: System, team: TeamState) -> Point | None:
    """Where it last said it is, else its worksite, else the middle of its home area."""
    if team.lat is not None and team.lon is not None:
        return Point(team.lat, team.lon)
    site = system.views.worksites.worksite(team.worksite) if team.worksite else None
    if site is not None:
        return Point(site.lat, site.lon)
    outline = system.city.areas[team.area].geometry if team.area in system.city.areas else None
    if outline is None:
        return None
    from shapely.geometry import shape

    middle = shape(outline).representative_point()
    return Point(float(middle.y), float(middle.x))
