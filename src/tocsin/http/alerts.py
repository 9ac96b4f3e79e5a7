"""GET /v1/alerts and /v1/alerts/templates: the duty officers' desk, and the words that are ready."""

from typing import Any

import msgspec
from litestar import Request, get

from tocsin.http.auth import OPERATIONAL, require_role
from tocsin.http.here import Here
from tocsin.kernel.event import Instant
from tocsin.views.desk import DeskLine
from tocsin.views.templates import PreparedWords


class OpenAlerts(msgspec.Struct, frozen=True):
    """
    Attributes:
        generated_at: By the server's clock, against which every age was taken.
    """

    position: int
    generated_at: Instant
    alerts: list[DeskLine]


class PreparedList(msgspec.Struct, frozen=True):
    position: int
    templates: list[PreparedWords]


@get(
    "/v1/alerts",
    tags=["alert"],
    summary="Alerts that are not over: what waits for a second person, what is unconfirmed, when each expires",
    operation_id="alerts",
    sync_to_thread=True,
)
def alerts(request: Request[Any, Any, Any], system: Here) -> OpenAlerts:
    # In an exercise too: what was not approved has not been said, and is nobody's business yet.
    require_role(request, system, OPERATIONAL)
    now = system.clock()
    with system.projector.looking() as position:
        return OpenAlerts(position, now, system.views.desk.lines(now))


@get(
    "/v1/alerts/templates",
    tags=["alert"],
    summary="The prepared words for every threat and phase, with the versions that wait to be read",
    operation_id="templates",
    sync_to_thread=True,
)
def templates(request: Request[Any, Any, Any], system: Here) -> PreparedList:
    require_role(request, system, OPERATIONAL)
    with system.projector.looking() as position:
        return PreparedList(position, system.views.templates.all())
