"""Rules about where an alert holds (CAP 1.2, 3.2.4)."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from lxml import etree

from tocsin.formats.cap_check.info import parts
from tocsin.formats.cap_check.rule import Found, Rule, Severity
from tocsin.formats.cap_check.values import is_decimal
from tocsin.formats.cap_place import Point, read_circle, read_polygon
from tocsin.formats.cap_xml import children, said, text_of


def corners(polygon: etree._Element) -> list[Point] | None:
    """None if it is not pairs of numbers."""
    return read_polygon(text_of(polygon))


def circle_of(circle: etree._Element) -> tuple[Point, float] | None:
    """Centre and radius in kilometres; None if it is neither."""
    return read_circle(text_of(circle))


def polygons(alert: etree._Element) -> list[etree._Element]:
    return [polygon for area in parts(alert, "area") for polygon in children(area, "polygon")]


def circles(alert: etree._Element) -> list[etree._Element]:
    return [circle for area in parts(alert, "area") for circle in children(area, "circle")]


def _drawn(alert: etree._Element) -> Iterator[tuple[etree._Element, list[Point]]]:
    for polygon in polygons(alert):
        points = corners(polygon)
        if points is not None:
            yield polygon, points


def _polygon_form(alert: etree._Element) -> Found:
    for polygon in polygons(alert):
        if corners(polygon) is None:
            yield polygon, "a polygon is pairs lat,lon with spaces between them"


def _polygon_pairs(alert: etree._Element) -> Found:
    for polygon, points in _drawn(alert):
        if len(points) < 4 or len(set(points)) < 3:
            yield polygon, "it takes four pairs, three of them different, to enclose anything"


def _polygon_closed(alert: etree._Element) -> Found:
    for polygon, points in _drawn(alert):
        if points[0] != points[-1]:
            yield polygon, "the last pair is not the first"


def _positions(alert: etree._Element) -> Iterator[tuple[etree._Element, list[Point]]]:
    yield from _drawn(alert)
    for circle in circles(alert):
        found = circle_of(circle)
        if found is not None:
            yield circle, [found[0]]


def _swapped(points: list[Point]) -> bool:
    """Whether the points would be on earth if longitude stood first."""
    return not all(point.on_earth for point in points) and all(Point(lon, lat).on_earth for lat, lon in points)


def _order(alert: etree._Element) -> Found:
    for element, points in _positions(alert):
        if _swapped(points):
            yield element, "longitude stands before latitude"


def _range(alert: etree._Element) -> Found:
    for element, points in _positions(alert):
        beyond = [point for point in points if not point.on_earth]
        if beyond and not _swapped(points):
            yield element, f"{beyond[0].lat:g},{beyond[0].lon:g} is not on earth"


def _crosses_itself(points: list[Point]) -> bool:
    from shapely import Polygon
    from shapely.validation import explain_validity

    # Over the date line a step of more than half the globe goes the other way round.
    ring, shift = [(points[0].lon, points[0].lat)], 0.0
    for before, after in pairwise(points):
        shift += 360 * ((before.lon - after.lon > 180) - (after.lon - before.lon > 180))
        ring.append((after.lon + shift, after.lat))
    return "Self-intersection" in explain_validity(Polygon(ring))


def _self_intersection(alert: etree._Element) -> Found:
    for polygon, points in _drawn(alert):
        whole = len(points) >= 4 and points[0] == points[-1] and all(point.on_earth for point in points)
        if whole and _crosses_itself(points):
            yield polygon, "the outline crosses or touches itself"


def _circle_form(alert: etree._Element) -> Found:
    for circle in circles(alert):
        if circle_of(circle) is None:
            yield circle, "a circle is lat,lon, a space, and the radius in kilometres"


def _circle_radius(alert: etree._Element) -> Found:
    for circle in circles(alert):
        found = circle_of(circle)
        if found is not None and found[1] < 0:
            yield circle, "the radius is negative"


def _ceiling_alone(alert: etree._Element) -> Found:
    for area in parts(alert, "area"):
        if children(area, "ceiling") and not children(area, "altitude"):
            yield children(area, "ceiling")[0], "a ceiling needs an altitude below it"


def _ceiling_below(alert: etree._Element) -> Found:
    for area in parts(alert, "area"):
        altitude, ceiling = said(area, "altitude"), said(area, "ceiling")
        if is_decimal(altitude) and is_decimal(ceiling) and Decimal(ceiling) < Decimal(altitude):
            yield children(area, "ceiling")[0], f"the ceiling {ceiling[:20]} lies below the altitude {altitude[:20]}"


def is_drawn(area: etree._Element) -> bool:
    return bool(children(area, "polygon") or children(area, "circle"))


def _geocode_alone(alert: etree._Element) -> Found:
    for area in parts(alert, "area"):
        if children(area, "geocode") and not is_drawn(area):
            yield area, "who does not know this code cannot tell where it is"


def _area_empty(alert: etree._Element) -> Found:
    for area in parts(alert, "area"):
        for element in children(area, "areaDesc"):
            if not text_of(element):
                yield element, "the area has no description"


_E, _W = Severity.ERROR, Severity.WARNING
_POLYGON, _CIRCLE = "CAP 1.2, 3.2.4 polygon", "CAP 1.2, 3.2.4 circle"

RULES = (
    Rule("area.empty", _E, "CAP 1.2, 3.2.4 areaDesc", "The description of an area is not empty", _area_empty),
    Rule("polygon.form", _E, _POLYGON, "A polygon is pairs lat,lon with spaces between them", _polygon_form),
    Rule("polygon.pairs", _E, _POLYGON, "A polygon has at least four pairs, three of them different", _polygon_pairs),
    Rule("polygon.closed", _E, _POLYGON, "The last pair of a polygon is its first", _polygon_closed),
    Rule("polygon.crossing", _E, _POLYGON, "A polygon does not cross itself", _self_intersection),
    Rule("position.order", _E, "CAP 1.2, 3.3.3", "Latitude stands before longitude", _order),
    Rule("position.range", _E, "CAP 1.2, 3.3.3", "A latitude is within 90 degrees, a longitude within 180", _range),
    Rule("circle.form", _E, _CIRCLE, "A circle is lat,lon, a space, and a radius", _circle_form),
    Rule("circle.radius", _E, _CIRCLE, "A radius is not negative", _circle_radius),
    Rule("ceiling.alone", _E, "CAP 1.2, 3.2.4 ceiling", "A ceiling has an altitude", _ceiling_alone),
    Rule("ceiling.below", _E, "CAP 1.2, 3.2.4 ceiling", "A ceiling does not lie below its altitude", _ceiling_below),
    Rule("geocode.alone", _W, "CAP 1.2, 3.2.4 geocode", "A geocode comes with a polygon or a circle", _geocode_alone),
)
