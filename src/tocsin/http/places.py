"""GET /v1/city, /v1/shelters: the place itself, and where to go in it."""

from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.params import QueryParameter

from tocsin.city.place import Shelter
from tocsin.city.walk import ShelterWay
from tocsin.domain.shelter import Status
from tocsin.flow.system import System
from tocsin.http.board import IfNoneMatch, conditional
from tocsin.http.here import Here

STATIC = {"Cache-Control": "public, max-age=300"}


class CityFacts(msgspec.Struct, frozen=True):
    """
    Attributes:
        bbox: West, south, east, north, in degrees.
        generated: True for a made-up city.
    """

    names: dict[str, str]
    time_zone: str
    bbox: tuple[float, float, float, float]
    generated: bool
    licence: str
    realm: str


@get("/v1/city", tags=["places"], summary="The city", operation_id="city")
async def city(system: Here) -> CityFacts:
    facts = system.city.facts
    return CityFacts(facts.names, facts.time_zone, facts.bbox, facts.generated, facts.licence, system.realm)


@get("/v1/city/water", tags=["places"], summary="Rivers and bridges, as GeoJSON", operation_id="water")
async def water(system: Here, if_none_match: IfNoneMatch = None) -> Response[Any]:
    return conditional(msgspec.json.encode(system.city.water), "application/geo+json", if_none_match, STATIC)


@get(
    "/v1/shelters",
    tags=["places"],
    summary="Every shelter with its state, as GeoJSON",
    operation_id="shelters",
    sync_to_thread=True,
)
def shelters(system: Here, if_none_match: IfNoneMatch = None) -> Response[Any]:
    with system.projector.looking() as position:
        features = [_feature(system, shelter) for shelter in system.city.shelters]
    body = msgspec.json.encode({"type": "FeatureCollection", "position": position, "features": features})
    return conditional(body, "application/geo+json", if_none_match, {"Cache-Control": "public, max-age=2"})


def _feature(system: System, shelter: Shelter) -> dict[str, object]:
    said = system.views.shelters.shelter(shelter.id)
    status = "closed" if said.status is Status.CLOSED else "full" if said.full(shelter.capacity) else "open"
    properties = {
        "shelter": shelter.id,
        "names": shelter.names,
        "kind": shelter.kind,
        "capacity": shelter.capacity,
        "people": said.people,
        "status": status,
        "reason": said.reason,
        "step_free": shelter.step_free,
        "area": shelter.area,
    }
    geometry = {"type": "Point", "coordinates": [shelter.point.lon, shelter.point.lat]}
    return {"type": "Feature", "id": shelter.id, "properties": properties, "geometry": geometry}


@get(
    "/v1/shelters/nearest",
    tags=["places"],
    summary="The nearest open shelter on foot. The position is used for this answer and not kept.",
    operation_id="nearest_shelter",
    sync_to_thread=True,
)
def nearest(
    system: Here,
    lat: Annotated[float, QueryParameter(ge=-90, le=90)],
    lon: Annotated[float, QueryParameter(ge=-180, le=180)],
) -> ShelterWay:
    return system.ways.nearest(lat, lon, open_shelters(system))


def open_shelters(system: System) -> list[str]:
    """The shelters one can be sent to: open, and not known to be full."""
    with system.projector.looking():
        view = system.views.shelters
        capacity = {shelter.id: shelter.capacity for shelter in system.city.shelters}
        return [each for each in view.open_ids(capacity) if not view.shelter(each).full(capacity[each])]
