"""GET /v1/city, /v1/shelters: the place itself, and where to go in it."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get
from litestar.params import FromQuery, QueryParameter

from tocsin.city.pace import WALKING_LIMIT_MINUTES, Profile
from tocsin.city.place import Shelter
from tocsin.city.walk import ShelterWay
from tocsin.flow.doors import registered_shelter
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
        registered = [registered_shelter(each) for each in system.views.shelters.registered()]
        features = [_feature(system, shelter) for shelter in (*system.city.shelters, *registered)]
    body = msgspec.json.encode({"type": "FeatureCollection", "position": position, "features": features})
    return conditional(body, "application/geo+json", if_none_match, {"Cache-Control": "public, max-age=2"})


def _feature(system: System, shelter: Shelter) -> dict[str, object]:
    said = system.views.shelters.shelter(shelter.id)
    is_open = system.views.shelters.is_open(shelter.id)
    status = "closed" if not is_open else "full" if said.full(shelter.capacity) else "open"
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
    profile: FromQuery[Profile] = Profile.ADULT,
    minutes: Annotated[float, QueryParameter(gt=0, le=24 * 60)] = WALKING_LIMIT_MINUTES,
) -> ShelterWay:
    system.doors.refresh()
    return system.ways.nearest(lat, lon, profile, minutes)


@get(
    "/v1/shelters/plan",
    tags=["places"],
    summary="Where everybody has a place, and who has none; as JSON, as a map layer (geojson) or as a table (csv)",
    operation_id="shelter_plan",
    sync_to_thread=True,
)
def plan(
    system: Here, form: Annotated[Literal["json", "geojson", "csv"], QueryParameter(name="format")] = "json"
) -> Response[Any]:
    from tocsin.city.plan import plan_csv, plan_geojson

    report = system.sheltering.report()
    if form == "csv":
        return Response(plan_csv(report), media_type="text/csv; charset=utf-8")
    if form == "geojson":
        layer = plan_geojson(report, system.sheltering.shelters(), system.city)
        return Response(msgspec.json.encode(layer), media_type="application/geo+json")
    return Response(msgspec.json.encode(report), media_type="application/json")
