"""GET /v1/foreign-alerts, /v1/feeds: what other warning services say, and whether we still hear them."""

from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from tocsin.domain.foreign import Message
from tocsin.domain.foreign.receiving import ends
from tocsin.domain.warning import RaiseAlert
from tocsin.flow.feeds import FeedStatus
from tocsin.flow.offer import areas_of, offer
from tocsin.flow.system import System
from tocsin.http.auth import require_operational
from tocsin.http.here import Here
from tocsin.kernel.errors import Unknown
from tocsin.kernel.event import Instant
from tocsin.views.foreign import ForeignAlert, Rejection

SHOWN = timedelta(days=1)
"""How long an alert that ran out is still listed. It was not cleared, but it is no news either."""


class ForeignLine(msgspec.Struct, frozen=True):
    """
    A message of another service that is in force: no later message of its sender took it back.

    Attributes:
        received: When it first came to us; `fresh` says whether it was news then.
        sources: Where it came from.
        disputed: The sources disagree about what it says.
        expired: It has run out. That is not an all-clear.
        areas: Ours that it is about.
        offer: The order that would warn our own people of it, for `POST /v1/commands/alert.raise`. Nobody gives it
            but an officer. None where there is nothing to warn of.
    """

    received: Instant
    fresh: bool
    sources: tuple[str, ...]
    documents: tuple[str, ...]
    signer: str
    disputed: bool
    expired: bool
    areas: tuple[str, ...]
    offer: RaiseAlert | None
    message: Message


class ForeignList(msgspec.Struct, frozen=True):
    """
    Attributes:
        alerts: In force, oldest first.
        rejected: What came and could not be taken, newest first: somebody has to look at it.
    """

    position: int
    alerts: list[ForeignLine]
    rejected: list[Rejection]


class FeedList(msgspec.Struct, frozen=True):
    feeds: list[FeedStatus]


@get(
    "/v1/foreign-alerts",
    tags=["cap"],
    summary="Alerts of other services that are in force, with ours of the areas they are about, and what was rejected",
    operation_id="foreign_alerts",
    sync_to_thread=True,
)
def foreign_alerts(
    request: Request[Any, Any, Any], system: Here, here: FromQuery[bool] = False, old: FromQuery[bool] = False
) -> ForeignList:
    require_operational(request, system)
    with system.projector.looking() as position:
        alerts, rejected = system.views.foreign_alerts.active(), system.views.foreign_alerts.rejected()
    now = system.clock()
    found = (alert for alert in alerts if old or (ends(alert.message) or now) >= now - SHOWN)
    lines = [_line(system, alert) for alert in found]
    return ForeignList(position, [line for line in lines if line.areas or not here], rejected)


def _line(system: System, alert: ForeignAlert) -> ForeignLine:
    message, now = alert.message, system.clock()
    end = ends(message)
    areas = areas_of(message, system.city.areas)
    return ForeignLine(
        received=alert.received,
        fresh=alert.fresh,
        sources=alert.sources,
        documents=alert.documents,
        signer=alert.signer,
        disputed=len(alert.said) > 1,
        expired=end is not None and end <= now,
        areas=areas,
        offer=offer(message, areas, system.realm, system.sender, now),
        message=message,
    )


@get(
    "/v1/foreign-alerts/documents/{digest:str}",
    tags=["cap"],
    summary="What another service sent, byte for byte, by its SHA-256",
    operation_id="foreign_document",
    sync_to_thread=True,
)
def foreign_document(request: Request[Any, Any, Any], system: Here, digest: FromPath[str]) -> Response[Any]:
    require_operational(request, system)
    body = system.documents.received(digest)
    if body is None:
        raise Unknown("no such document came in, or it is no longer kept", "digest")
    # A stranger wrote it: no browser may take it for a page of ours.
    headers = {
        "Content-Disposition": f'attachment; filename="{digest}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=31536000, immutable",
    }
    return Response(body, media_type="application/octet-stream", headers=headers)


@get(
    "/v1/feeds",
    tags=["cap"],
    summary="The foreign feeds, when each was last heard, and what is wrong",
    operation_id="feeds",
    sync_to_thread=True,
)
def feeds(request: Request[Any, Any, Any], system: Here) -> FeedList:
    require_operational(request, system)
    return FeedList(system.feeds.statuses(system.clock()))
