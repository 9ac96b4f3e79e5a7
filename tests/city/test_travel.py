"""How long a vehicle takes along the streets of the demo city."""

import math

from tests.system.test_replay_equals_live import city

from tocsin.city.travel import SPEED_M_PER_S, driving_seconds
from tocsin.kernel.geo import Point, metres

KHRESHCHATYK = Point(50.4475, 30.5220)


def test_the_way_along_streets_is_never_shorter_than_the_straight_one() -> None:
    places = [hospital.point for hospital in city().hospitals]
    seconds = driving_seconds(city(), KHRESHCHATYK, places)
    found = [away for away in seconds if away is not None]
    assert found
    for place, away in zip(places, seconds, strict=True):
        if away is not None:
            assert away * SPEED_M_PER_S >= 0.99 * metres(KHRESHCHATYK, place)
            assert math.isfinite(away)


def test_there_and_back_takes_as_long() -> None:
    place = city().hospitals[0].point
    (there,) = driving_seconds(city(), KHRESHCHATYK, [place])
    (back,) = driving_seconds(city(), place, [KHRESHCHATYK])
    assert there is not None
    assert back is not None
    assert abs(there - back) < 1


def test_nobody_drives_to_or_from_outside_the_city() -> None:
    outside = Point(51.5, 30.5)
    assert driving_seconds(city(), outside, [KHRESHCHATYK]) == [None]
    assert driving_seconds(city(), KHRESHCHATYK, [outside]) == [None]
