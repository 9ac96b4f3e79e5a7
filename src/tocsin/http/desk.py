"""GET /v1/me and /v1/alerts/audience: who is asking, and whom an alert would reach before anybody raises it."""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request, get
from litestar.params import FromQuery

from tocsin.domain.approval import Approval
from tocsin.domain.siren import State
from tocsin.domain.warning import STANDING, Threat
from tocsin.flow.push import CHANNEL as PUSH
from tocsin.flow.roles import MAY
from tocsin.flow.system import System
from tocsin.http.auth import OPERATIONAL, actor_of, require_role
from tocsin.http.here import Here
from tocsin.kernel.errors import Unknown


class Me(msgspec.Struct, frozen=True):
    """
    Who is asking.

    Attributes:
        may: The kinds of commands of their role; `*` stands for any verb, or for every kind.
        operational: They read what is not for everybody.
    """

    actor: str
    role: str
    may: tuple[str, ...]
    operational: bool


class Way(msgspec.Struct, frozen=True):
    """
    One channel that an alert goes out by.

    Attributes:
        subscribers: How many it tells one by one; 0 where nobody subscribes, as with sirens.
    """

    channel: str
    subscribers: int


class Rule(msgspec.Struct, frozen=True):
    """
    Who else must agree with an alert of a threat.

    Attributes:
        answer_within: Seconds that the second person has.
    """

    threat: Threat
    approval: Approval
    answer_within: int


class Audience(msgspec.Struct, frozen=True):
    """
    Whom an alert for some areas would reach.

    Attributes:
        areas: Those asked for and all inside them, which the sirens stand in.
        sirens: Of these areas, by state; the rest of the city's stay silent.
        standing: Seconds that an alert stands when nobody says otherwise.
    """

    areas: tuple[str, ...]
    sirens: dict[State, int]
    ways: tuple[Way, ...]
    rules: tuple[Rule, ...]
    standing: int


@get("/v1/me", tags=["operations"], summary="Whom the token stands for, and what they may order", operation_id="me")
async def me(request: Request[Any, Any, Any], system: Here) -> Me:
    actor = actor_of(request, system)
    return Me(actor.id, actor.role, MAY.get(actor.role, ()), actor.role in OPERATIONAL)


@get(
    "/v1/alerts/audience",
    tags=["alert"],
    summary="Whom an alert for some areas would reach, and who else must agree; nothing is sent",
    operation_id="audience",
    sync_to_thread=True,
)
def audience(request: Request[Any, Any, Any], system: Here, areas: FromQuery[str]) -> Audience:
    require_role(request, system, OPERATIONAL)
    asked = tuple(dict.fromkeys(areas.split(",")))
    tree = system.city.areas
    for area in asked:
        if area not in tree.codes():
            raise Unknown(f"no area has the code {area!r}", "areas")
    inside = tuple(dict.fromkeys(code for area in asked for code in (area, *tree.descendants(area))))
    with system.projector.looking():
        states = {siren.siren: siren.state for siren in system.views.sirens.sirens()}
        touched = system.views.board.affected(asked)
    counted = Counter(states[siren.id] for siren in system.city.sirens if siren.area in inside)
    ways = tuple(Way(name, _subscribers(system, name, touched)) for name in system.channels)
    return Audience(inside, dict(counted), ways, _rules(system), int(STANDING.total_seconds()))


def _subscribers(system: System, channel: str, areas: Collection[str]) -> int:
    if channel == PUSH and system.push is not None:
        return len({subscription.id for subscription, _ in system.push.subscriptions.of(areas)})
    return system.subscribed(channel, areas)


def _rules(system: System) -> tuple[Rule, ...]:
    approvals = system.handler.approvals
    within = approvals.answer_within // timedelta(seconds=1)
    return tuple(Rule(threat, approvals.of(threat), within) for threat in Threat)
