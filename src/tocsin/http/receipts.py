"""GET /v1/receipts: what each channel was told, how fast, and who was not reached."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get
from litestar.params import FromQuery, QueryParameter

from tocsin.flow.deliver import Attempt
from tocsin.flow.reach import Missed, Pace, Reach, missed, paces, reach
from tocsin.flow.system import System
from tocsin.http.auth import require_operational
from tocsin.http.here import Here
from tocsin.kernel.errors import Unknown

ALERTS = 20
"""The newest alerts that are told of when none is asked for."""


class ReceiptList(msgspec.Struct, frozen=True):
    """
    Attributes:
        attempts: Every try, newest first; of the alert and the channel asked for, else of all.
        reached: Each message of the alert asked for, or of the newest alerts, on each channel.
        paces: The percentiles of the seconds they took, for each alert and channel.
        missed: Who did not get the newest message of an alert, by name. Empty is what one hopes for.
    """

    attempts: list[Attempt]
    reached: list[Reach]
    paces: list[Pace]
    missed: list[Missed]


@get(
    "/v1/receipts",
    tags=["response"],
    summary="Every try to send every event, newest first; how far alerts came, how fast, and who was missed",
    operation_id="receipts",
    sync_to_thread=True,
)
def receipts(
    request: Request[Any, Any, Any],
    system: Here,
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 200,
    alert: FromQuery[str | None] = None,
    channel: FromQuery[str | None] = None,
) -> ReceiptList:
    require_operational(request, system)
    positions, alerts = None, _newest(system)
    if alert is not None:
        positions, alerts = _positions(system, alert), [alert]
    reached = reach(system, system.receipts, alerts, channel)
    return ReceiptList(system.receipts.latest(limit, positions, channel), reached, paces(reached), missed(reached))


def _newest(system: System) -> list[str]:
    with system.projector.looking():
        since = {notice.alert: notice.since for notice in system.views.board.notices()}
    return sorted(since, key=lambda alert: since[alert])[-ALERTS:]


def _positions(system: System, alert: str) -> list[int]:
    with system.projector.looking():
        found = [notice.position for notice in system.views.board.notices() if notice.alert == alert]
    if not found:
        raise Unknown(f"there is no alert {alert!r}", "alert")
    return found
