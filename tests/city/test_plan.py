"""The plan of a whole city: who is placed, who is not and where, and what comes out of it."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from tocsin.city.footways import Footways, footways
from tocsin.city.place import City, load_city
from tocsin.city.plan import CityPlan, plan_csv, plan_geojson
from tocsin.kernel.errors import Invalid, Unknown


@pytest.fixture(scope="module")
def city(kyiv: Path) -> City:
    return load_city(kyiv)


@pytest.fixture(scope="module")
def ways(city: City) -> Footways:
    return footways(city, step_free=False)


def all_places(city: City) -> dict[str, int]:
    return {shelter.id: shelter.capacity for shelter in city.shelters}


def test_everybody_is_placed_or_listed_by_area_and_no_shelter_is_over_its_places(city: City, ways: Footways) -> None:
    report = CityPlan(city, ways, city.shelters, all_places(city)).report()
    assert report.placed + report.unplaced == report.people == int(ways.people.sum())
    assert sum(load.people for load in report.shelters) == report.placed > 0
    assert sum(unplaced.people for unplaced in report.unplaced_areas) == report.unplaced > 0
    assert all(load.people <= load.places for load in report.shelters)
    assert {unplaced.area for unplaced in report.unplaced_areas} <= {"", *city.areas.codes()}
    assert (report.gap_m, report.optimal) == (0, True)
    assert report.mean_walk_m == pytest.approx(report.total_walk_m / report.placed, abs=0.05)


def test_closing_changes_the_plan_and_reopening_brings_its_worth_back(city: City, ways: Footways) -> None:
    plan = CityPlan(city, ways, city.shelters, all_places(city))
    before = plan.report()
    largest = max(city.shelters, key=lambda shelter: shelter.capacity).id
    assert plan.change({largest: 0}) == 1
    closed = plan.report()
    assert plan.loads()[largest] == 0
    assert closed.placed < before.placed
    assert closed.optimal
    assert plan.change(all_places(city)) == 1
    after = plan.report()
    assert (after.placed, after.total_walk_m) == (before.placed, before.total_walk_m)
    assert plan.change(all_places(city)) == 0


def test_the_quick_plan_says_that_it_may_not_be_the_best(city: City, ways: Footways) -> None:
    plan = CityPlan(city, ways, city.shelters, all_places(city))
    plan.change({shelter.id: 0 for shelter in city.shelters[::3]}, quickly=True)
    report = plan.report()
    assert all(load.people <= load.places for load in report.shelters)
    assert report.optimal == (report.gap_m == 0)


def test_more_places_where_the_plan_says_they_help_most_place_more_people(city: City, ways: Footways) -> None:
    plan = CityPlan(city, ways, city.shelters, all_places(city))
    before = plan.report()
    where = before.most_helpful[0]
    plan.change({where: all_places(city)[where] + 1})
    assert plan.report().placed == before.placed + 1


@pytest.mark.parametrize("minutes", [0, -1, float("nan"), float("inf"), 1e9])
def test_a_walk_of_no_sensible_time_is_refused(city: City, ways: Footways, minutes: float) -> None:
    with pytest.raises(Invalid, match="minutes"):
        CityPlan(city, ways, city.shelters, {}, minutes)


def test_a_shelter_that_is_not_there_and_fewer_than_no_places_are_refused(city: City, ways: Footways) -> None:
    plan = CityPlan(city, ways, city.shelters, {})
    assert plan.report().unplaced == plan.report().people
    with pytest.raises(Unknown, match="lviv-1"):
        plan.change({"lviv-1": 5})
    with pytest.raises(Invalid, match="-3"):
        plan.change({city.shelters[0].id: -3})
    plan.change({city.shelters[0].id: 10**30})
    assert plan.report().optimal


def test_a_city_without_shelters_leaves_everybody_without_a_place(city: City, ways: Footways) -> None:
    report = CityPlan(city, ways, (), {}).report()
    assert (report.placed, report.shelters, report.most_helpful) == (0, (), ())
    assert report.unplaced == report.people
    assert report.optimal


def test_the_table_and_the_map_layer_hold_every_shelter(city: City, ways: Footways) -> None:
    report = CityPlan(city, ways, city.shelters, all_places(city)).report()
    rows = list(csv.DictReader(io.StringIO(plan_csv(report))))
    assert [row["shelter"] for row in rows] == [shelter.id for shelter in city.shelters]
    assert sum(int(row["people"]) for row in rows) == report.placed
    layer = plan_geojson(report, city.shelters, city)
    of_layer = [feature["properties"]["layer"] for feature in layer["features"]]
    assert of_layer.count("shelter") == len(city.shelters)
    assert of_layer.count("unplaced") == len(report.unplaced_areas)


def test_many_places_are_located_as_one_by_one(city: City) -> None:
    from tocsin.kernel.geo import Point

    rng = np.random.default_rng(2)
    lat, lon = rng.uniform(50.2, 50.6, 300).tolist(), rng.uniform(30.2, 30.9, 300).tolist()
    assert city.areas.locate_all(lat, lon) == [city.areas.locate(Point(y, x)) for y, x in zip(lat, lon, strict=True)]
