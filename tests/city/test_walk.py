"""The nearest open shelter from a place, and the way there."""

import math
from itertools import pairwise
from pathlib import Path

import pytest
from tests.city.breaking import Arrays, edit_arrays

from tocsin.city.hours import Hours
from tocsin.city.pace import Profile
from tocsin.city.place import City, Shelter, load_city
from tocsin.city.walk import Ways, nearest_shelter
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.geo import Point, metres

MAIDAN = (50.4501, 30.5236)


@pytest.fixture(scope="module")
def city(kyiv: Path) -> City:
    return load_city(kyiv)


def everything_open(city: City) -> frozenset[str]:
    return frozenset(shelter.id for shelter in city.shelters)


def test_somebody_on_the_maidan_is_sent_down_to_the_metro_there(city: City) -> None:
    way = nearest_shelter(city, *MAIDAN, everything_open(city))
    assert way.shelter == "metro-maidan-nezalezhnosti"
    assert way.metres < 50
    assert way.seconds == pytest.approx(way.metres / 1.3, abs=0.1)


@pytest.mark.parametrize(("lat", "lon"), [MAIDAN, (50.514, 30.602), (50.29, 30.59), (50.4650, 30.5480)])
def test_the_line_is_as_long_as_the_way_and_leads_from_the_place_to_the_shelter(
    city: City, lat: float, lon: float
) -> None:
    way = nearest_shelter(city, lat, lon, everything_open(city))
    line = [Point(y, x) for x, y in way.way["coordinates"]]
    shelter = next(shelter for shelter in city.shelters if shelter.id == way.shelter)
    assert (line[0], line[-1]) == (Point(lat, lon), shelter.point)
    # Each street is rounded to 0.1 m; the walk to the first one is measured on the plane.
    length = sum(metres(a, b) for a, b in pairwise(line))
    assert way.metres == pytest.approx(length, rel=0.005, abs=0.1 * len(line))


def test_a_closed_shelter_is_not_named_and_is_again_when_it_opens(city: City) -> None:
    all_open = everything_open(city)
    first = nearest_shelter(city, *MAIDAN, all_open)
    second = nearest_shelter(city, *MAIDAN, all_open - {first.shelter})
    assert second.shelter != first.shelter
    assert second.metres >= first.metres
    assert nearest_shelter(city, *MAIDAN, all_open) == first


def test_in_a_wheelchair_only_a_step_free_door_is_named(city: City) -> None:
    step_free = {shelter.id for shelter in city.shelters if shelter.step_free}
    way = nearest_shelter(city, *MAIDAN, everything_open(city), Profile.WHEELCHAIR)
    assert way.shelter in step_free
    assert way.step_free
    assert way.seconds == pytest.approx(way.metres / 0.69, abs=0.2)
    with pytest.raises(Refused, match="no open shelter"):
        nearest_shelter(city, *MAIDAN, everything_open(city) - step_free, Profile.WHEELCHAIR)


def test_too_far_to_reach_in_time_is_said_plainly_in_both_languages(city: City) -> None:
    ways = Ways(city)
    ways.stand({"metro-akademmistechko": Hours.UNKNOWN})
    far = ways.nearest(*MAIDAN, minutes=10)
    assert not far.in_time
    assert far.advice is not None
    assert "за 10 хв не встигнути" in far.advice["uk"]
    assert "двох стін" in far.advice["uk"]
    assert "too far for 10 min" in far.advice["en"]
    near = ways.nearest(*MAIDAN, minutes=1000)
    assert near.in_time
    assert near.advice is None


@pytest.mark.parametrize("minutes", [0, -5, math.nan, math.inf, 1e300])
def test_a_time_that_is_none_is_refused(city: City, minutes: float) -> None:
    with pytest.raises(Invalid, match="minutes"):
        Ways(city).nearest(*MAIDAN, minutes=minutes)


def test_no_error_says_where_somebody_stands(city: City) -> None:
    for place, ids in (((49.8412, 24.0312), everything_open(city)), (MAIDAN, frozenset())):
        with pytest.raises((Unknown, Refused)) as caught:
            nearest_shelter(city, *place, ids)
        assert str(place[0]) not in str(caught.value)


def test_a_registered_shelter_is_named_and_led_to(city: City) -> None:
    cellar = Shelter(
        id="cellar-9",
        names={"uk": "Підвал"},
        kind="basement",
        capacity=40,
        area=city.areas.codes()[0],
        step_free=False,
        point=Point(50.4502, 30.5237),
    )
    ways = Ways(city)
    ways.stand({"cellar-9": Hours.OPEN}, [cellar])
    way = ways.nearest(*MAIDAN)
    assert (way.shelter, way.hours) == ("cellar-9", Hours.OPEN)
    assert way.way["coordinates"][-1] == cellar.point.position


def test_two_cities_are_not_mixed_up(city: City, broken: Path) -> None:
    edit_arrays(broken, lambda arrays: arrays["shelters"].__setitem__(slice(1, None), -1))
    other = load_city(broken)
    here = nearest_shelter(city, *MAIDAN, everything_open(city))
    there = nearest_shelter(other, *MAIDAN, everything_open(other))
    assert there.shelter == "metro-akademmistechko" != here.shelter
    assert nearest_shelter(city, *MAIDAN, everything_open(city)) == here


def test_out_of_town_is_said_to_be_outside(city: City) -> None:
    with pytest.raises(Unknown, match="outside the city"):
        nearest_shelter(city, 49.84, 24.03, everything_open(city))


def test_a_place_that_is_not_on_earth_is_refused(city: City) -> None:
    with pytest.raises(Invalid, match="latitude"):
        nearest_shelter(city, 95, 30.5, everything_open(city))


def test_when_nothing_is_open_that_is_said_plainly(city: City) -> None:
    with pytest.raises(Refused, match="no open shelter can be reached on foot"):
        nearest_shelter(city, *MAIDAN, [])


def test_a_shelter_of_another_city_is_refused(city: City) -> None:
    with pytest.raises(Unknown, match="lviv-1"):
        nearest_shelter(city, *MAIDAN, ["lviv-1"])


def test_on_an_island_without_a_shelter_that_is_said_plainly(broken: Path) -> None:
    def without_streets(arrays: Arrays) -> None:
        arrays["indptr"][:] = 0
        arrays["indices"], arrays["lengths"] = arrays["indices"][:0], arrays["lengths"][:0]

    edit_arrays(broken, without_streets)
    with pytest.raises(Refused, match="no open shelter"):
        nearest_shelter(load_city(broken), *MAIDAN, ["metro-syrets"])


def test_a_shelter_on_no_street_is_never_named(broken: Path) -> None:
    edit_arrays(broken, lambda arrays: arrays["shelters"].fill(-1))
    city = load_city(broken)
    with pytest.raises(Refused, match="no open shelter"):
        nearest_shelter(city, *MAIDAN, everything_open(city))
