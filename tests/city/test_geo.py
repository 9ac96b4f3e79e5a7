"""Places and the metres between them."""

import numpy as np
import pytest

from tocsin.kernel.errors import Invalid
from tocsin.kernel.geo import Point, metres
from tocsin.routing.plane import Plane, great_circle


@pytest.mark.parametrize(
    ("lat", "lon", "field"),
    [(90.1, 0, "lat"), (-91, 0, "lat"), (float("nan"), 0, "lat"), (0, 180.5, "lon"), (0, float("nan"), "lon")],
)
def test_a_place_that_is_not_on_earth_is_refused_by_field(lat: float, lon: float, field: str) -> None:
    with pytest.raises(Invalid) as error:
        Point(lat, lon)
    assert error.value.where == field


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert metres(Point(50, 30), Point(51, 30)) == pytest.approx(111_195, abs=1)


def test_antipodes_are_half_the_earth_apart() -> None:
    assert metres(Point(0, 0), Point(0, 180)) == pytest.approx(20_015_115, abs=10)


def test_arrays_measure_as_single_places_do() -> None:
    one, other = Point(50.4501, 30.5234), Point(50.4443, 30.5454)
    lat_a, lon_a, lat_b, lon_b = (np.array([value]) for value in (one.lat, one.lon, other.lat, other.lon))
    assert great_circle(lat_a, lon_a, lat_b, lon_b)[0] == pytest.approx(metres(one, other))


def test_the_plane_leads_back_to_where_it_came_from_and_keeps_lengths_within_a_city() -> None:
    plane = Plane(50.45, 30.52)
    lat, lon = np.array([50.3669, 50.5227]), np.array([30.4541, 30.4989])
    places = plane.metres(lat, lon)
    assert np.allclose(plane.degrees(places), (lat, lon))
    flat = float(np.hypot(*(places[0] - places[1])))
    assert flat == pytest.approx(metres(Point(lat[0], lon[0]), Point(lat[1], lon[1])), rel=0.002)
