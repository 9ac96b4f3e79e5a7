"""POST /v1/reports: what a resident saw, without an account; GET /v1/photos/{sha256} for those who respond."""

import asyncio
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from tocsin.domain.place import Latitude, Longitude
from tocsin.domain.response.impacts import Effect, Reporter, ReportImpact
from tocsin.flow.system import System
from tocsin.formats.photo import MOST_BYTES, draw_anew
from tocsin.http.auth import OPERATIONAL, IdempotencyKey, require_role
from tocsin.http.here import Here
from tocsin.kernel.errors import Invalid, TocsinError, Unknown
from tocsin.kernel.event import Actor, Instant
from tocsin.kernel.geo import Point

RESIDENT = Actor("resident", "resident")
CLOCKS_DIFFER = timedelta(minutes=5)
LIMIT = RateLimitConfig(rate_limit=("minute", 5))
"""Reports a minute from one address. A house behind one address has few more people who call at once."""

MOST_KEPT = 5_000
"""Photos, some 2 GB: strangers must not fill the disk that the journal is on."""
LIMIT_OF_ALL = RateLimitConfig(
    rate_limit=("minute", 600),
    identifier_for_request=lambda _request: "everybody",
    set_rate_limit_headers=False,
)
"""Reports a minute from all together: many addresses must not bury what dispatchers look at."""


class ResidentReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Attributes:
        time: When it was seen; now when left out.
        text: Without names of people.
        trapped: How many people need help getting out.
        photo: A JPEG or PNG, in base64.
    """

    what: Effect
    lat: Latitude
    lon: Longitude
    time: Instant | None = None
    text: Annotated[str, Meta(max_length=1000)] = ""
    address: Annotated[str, Meta(max_length=300)] = ""
    trapped: Annotated[int, Meta(ge=0, le=1000)] | None = None
    photo: bytes | None = None


class Heard(msgspec.Struct, frozen=True):
    """
    Attributes:
        report: Under which the report is known.
        photo: A photo came with it and was kept. Where there is no room for more, the report counts without.
    """

    report: str
    photo: bool = False


@post(
    "/v1/reports",
    tags=["response"],
    summary="Report what you saw, without an account",
    operation_id="report",
    middleware=[LIMIT_OF_ALL.middleware, LIMIT.middleware],
    # Base64 makes four characters of three bytes.
    request_max_body_size=MOST_BYTES * 4 // 3 + 10_000,
)
async def report(system: Here, data: JSONBody[ResidentReport], idempotency_key: IdempotencyKey = None) -> Heard:
    area = await asyncio.to_thread(system.city.areas.locate, Point(data.lat, data.lon))
    if area is None:
        raise Unknown("this place is not in the city", "lat")
    if data.time and data.time > system.clock() + CLOCKS_DIFFER:
        raise Invalid("this has not happened yet", "time")
    known = system.photos.names()
    photo = await asyncio.to_thread(_keep, system, data.photo) if data.photo else ""
    command = ReportImpact(
        time=data.time or system.clock(),
        lat=data.lat,
        lon=data.lon,
        area=area,
        effect=data.what,
        text=data.text,
        address=data.address,
        trapped=data.trapped,
        photo=photo,
        reporter_kind=Reporter.RESIDENT,
    )
    try:
        appended = await system.do_soon(command, RESIDENT, f"resident:{idempotency_key}" if idempotency_key else None)
    except TocsinError:
        if photo and photo not in known:
            system.photos.drop(photo)
        raise
    return Heard(appended.stream.partition("/")[2], bool(photo))


def _keep(system: System, photo: bytes) -> str:
    """The SHA-256 of a photo that is kept; empty if there is no room: what was seen matters more than its picture."""
    drawn = draw_anew(photo)
    return system.photos.put(drawn) if len(system.photos.names()) < MOST_KEPT else ""


@get(
    "/v1/photos/{sha256:str}",
    tags=["response"],
    summary="A photo that came with a report",
    operation_id="photo",
    sync_to_thread=True,
)
def photo(request: Request[Any, Any, Any], system: Here, sha256: FromPath[str]) -> Response[bytes]:
    require_role(request, system, OPERATIONAL)
    found = system.photos.get(sha256)
    if found is None:
        raise Unknown("there is no such photo", "sha256")
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"}
    return Response(found, media_type="image/jpeg", headers=headers)


ROUTES = (report, photo)
