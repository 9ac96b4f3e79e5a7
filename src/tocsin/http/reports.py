"""POST /v1/reports: what a resident saw, without an account; GET /v1/photos/{sha256} for those who respond."""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from tocsin.domain.place import Latitude, Longitude
from tocsin.domain.response.impacts import Effect, Reporter, ReportImpact
from tocsin.formats.photo import MOST_BYTES, clean_photo
from tocsin.http.auth import OPERATIONAL, IdempotencyKey, require_role
from tocsin.http.here import Here
from tocsin.kernel.errors import Unknown
from tocsin.kernel.event import Actor, Instant
from tocsin.kernel.geo import Point

RESIDENT = Actor("resident", "resident")
LIMIT = RateLimitConfig(rate_limit=("minute", 5))
"""Reports a minute from one address. A house behind one address has few more people who call at once."""


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
    """

    report: str


@post(
    "/v1/reports",
    tags=["response"],
    summary="Report what you saw, without an account",
    operation_id="report",
    middleware=[LIMIT.middleware],
    # Base64 makes four characters of three bytes.
    request_max_body_size=MOST_BYTES * 4 // 3 + 10_000,
)
async def report(system: Here, data: JSONBody[ResidentReport], idempotency_key: IdempotencyKey = None) -> Heard:
    area = await asyncio.to_thread(system.city.areas.locate, Point(data.lat, data.lon))
    if area is None:
        raise Unknown("this place is not in the city", "lat")
    photo = ""
    if data.photo:
        photo = await asyncio.to_thread(system.photos.put, clean_photo(data.photo))
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
    appended = await system.do_soon(command, RESIDENT, f"resident:{idempotency_key}" if idempotency_key else None)
    return Heard(appended.stream.partition("/")[2])


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
    kind = "image/png" if found.startswith(b"\x89PNG") else "image/jpeg"
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"}
    return Response(found, media_type=kind, headers=headers)


ROUTES = (report, photo)
