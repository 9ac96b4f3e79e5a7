"""From an OpenStreetMap file to a city folder: what is taken, what is left out, and that it is said."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import Geod
from tests.city.osm_file import LAT, LON, Osm, at, town

from tocsin.city.check import check_city
from tocsin.city.footways import footways
from tocsin.city.network import Network, Street
from tocsin.city.osm.importing import Wishes, import_city
from tocsin.city.osm.report import ImportReport
from tocsin.city.pace import Profile
from tocsin.city.place import City, load_city
from tocsin.city.plan import CityPlan
from tocsin.city.walk import nearest_shelter
from tocsin.kernel.errors import Invalid, Refused, Unknown

GEOD = Geod(ellps="WGS84")


def made(osm: Osm, folder: Path, **wishes: Any) -> tuple[City, ImportReport]:  # noqa: ANN401 - of Wishes
    report = import_city(osm.write(folder / "town.osm"), folder / "city", Wishes(**wishes))
    return load_city(folder / "city"), report


def skipped(report: ImportReport) -> dict[tuple[str, str], int]:
    return {(row.what, row.why): row.count for row in report.skipped}


def length(network: Network) -> float:
    return float(network.streets.lengths.sum()) / 20


def test_an_import_agrees_with_its_check_and_is_what_was_drawn(tmp_path: Path) -> None:
    city, report = made(town(), tmp_path)
    found = check_city(tmp_path / "city")
    assert {finding.severity for finding in found.findings} <= {"warning"}
    assert (
        report.counts.items() >= {"walkable_ways": 3, "buildings": 1, "shelters": 1, "sirens": 1, "islands": 0}.items()
    )
    assert found.counts["people"] == report.counts["people"] == int(city.network.people.sum())
    assert not city.facts.generated
    assert "OpenStreetMap" in city.facts.licence


def test_streets_are_split_where_ways_meet_and_as_long_as_on_the_ellipsoid(tmp_path: Path) -> None:
    osm = Osm()
    for id_, east in enumerate((0, 100, 200, 300), start=1):
        osm.node(id_, east, 0)
    osm.node(5, 200, 150)
    osm.way(1, [1, 2, 3, 4], highway="residential")
    osm.way(2, [3, 5], highway="path")
    city, _ = made(osm, tmp_path)
    network = city.network
    # Node 2 is only a bend.
    assert (network.streets.nodes, len(network.streets.indices) // 2) == (4, 3)
    assert network.bends is not None
    assert len(network.bends.lat) == 2
    assert length(network) == pytest.approx(450, abs=0.2)


def test_a_street_to_a_misplaced_node_is_left_out_and_said(tmp_path: Path) -> None:
    osm = town()
    osm.raw('<node id="90" lat="48.0" lon="30.52"/>')
    osm.way(90, [3, 90], highway="residential")
    city, report = made(osm, tmp_path)
    assert skipped(report)["street", "longer than 100 km, so one of its nodes is misplaced"] == 1
    assert int(city.network.streets.lengths.max()) < 10_000


def test_a_length_follows_the_bends(tmp_path: Path) -> None:
    osm = Osm()
    places = [(0, 0), (50, 80), (120, -40), (300, 60)]
    for id_, (east, north) in enumerate(places, start=1):
        osm.node(id_, east, north)
    osm.way(1, [1, 2, 3, 4], highway="footway")
    city, _ = made(osm, tmp_path)
    lat, lon = zip(*(at(east, north) for east, north in places), strict=True)
    assert length(city.network) == pytest.approx(GEOD.line_length(lon, lat), abs=0.06)


def test_ways_that_cross_without_a_common_node_do_not_meet(tmp_path: Path) -> None:
    osm = Osm()
    for id_, (east, north) in enumerate([(0, 0), (200, 0), (100, -100), (100, 100)], start=1):
        osm.node(id_, east, north)
    osm.way(1, [1, 2], highway="primary", bridge="yes")
    osm.way(2, [3, 4], highway="footway")
    city, report = made(osm, tmp_path)
    assert report.counts["islands"] == 1
    assert {finding.rule for finding in check_city(tmp_path / "city").findings} >= {"islands"}
    assert city.network.flags is not None
    assert sorted(city.network.flags.tolist()) == [0, 0, Street.BRIDGE, Street.BRIDGE]


def test_a_ring_and_a_street_beside_another_get_nodes_of_their_own(tmp_path: Path) -> None:
    osm = Osm()
    for id_, (east, north) in enumerate([(0, 0), (100, 0), (50, 40), (100, 100), (0, 100)], start=1):
        osm.node(id_, east, north)
    osm.way(1, [1, 2], highway="steps")
    osm.way(2, [1, 3, 2], highway="footway")
    osm.way(3, [2, 4, 5, 2], highway="service")
    city, _ = made(osm, tmp_path)
    streets = city.network.streets
    near = np.repeat(np.arange(streets.nodes), np.diff(streets.indptr))
    pairs = set(zip(near.tolist(), streets.indices.tolist(), strict=True))
    assert len(pairs) == len(streets.indices)
    assert all(a != b for a, b in pairs)
    assert length(city.network) == pytest.approx(100 + 2 * 64.03 + 100 + 100 + 141.42, abs=0.5)


def test_steps_are_told_so_that_a_wheelchair_keeps_off_them(tmp_path: Path) -> None:
    city, _ = made(town(), tmp_path)
    flags = city.network.flags
    assert flags is not None
    assert int((flags & Street.STEPS > 0).sum()) == 2


WALKED = [
    {"highway": "residential", "oneway": "yes"},
    {"highway": "trunk", "sidewalk": "both"},
    {"highway": "motorway", "foot": "yes"},
    {"highway": "service", "access": "private", "foot": "permissive"},
    {"highway": "pedestrian", "area": "yes"},
    {"highway": "footway", "tunnel": "yes"},
    {"railway": "platform"},
]
NOT_WALKED = [
    {"highway": "motorway"},
    {"highway": "residential", "foot": "no"},
    {"highway": "residential", "access": "private"},
    {"highway": "primary", "motorroad": "yes"},
    {"highway": "trunk", "sidewalk": "no"},
    {"highway": "primary", "foot": "use_sidepath"},
    {"highway": "construction", "foot": "yes"},
    {"highway": "footway", "oneway:foot": "yes"},
    {"highway": "path", "sac_scale": "difficult_alpine_hiking"},
]


def beside(tags: dict[str, str]) -> Osm:
    """The town and one more way, from its corner outwards."""
    osm = town()
    osm.node(50, 400, 0)
    osm.way(50, [2, 50], **tags)
    return osm


@pytest.mark.parametrize("tags", WALKED, ids=str)
def test_a_way_one_may_walk_is_in_the_network(tmp_path: Path, tags: dict[str, str]) -> None:
    _, report = made(beside(tags), tmp_path)
    assert report.counts["walkable_ways"] + report.counts["platforms"] == 4


@pytest.mark.parametrize("tags", NOT_WALKED, ids=str)
def test_a_way_one_may_not_walk_is_left_out_and_the_report_says_why(tmp_path: Path, tags: dict[str, str]) -> None:
    _, report = made(beside(tags), tmp_path)
    assert report.counts["walkable_ways"] == 3
    assert [row.examples for row in report.skipped if row.what == "way"] == [("w50",)]


def test_a_locked_gate_parts_the_way(tmp_path: Path) -> None:
    osm = Osm()
    osm.node(1, 0, 0)
    osm.node(2, 100, 0, barrier="gate", access="private")
    osm.node(3, 200, 0)
    osm.way(1, [1, 2, 3], highway="path")
    _, report = made(osm, tmp_path)
    assert report.counts["islands"] == 1


def test_a_missing_node_cuts_the_way_instead_of_bridging_the_hole(tmp_path: Path) -> None:
    osm = Osm()
    for id_, east in ((1, 0), (2, 100), (4, 300), (5, 400)):
        osm.node(id_, east, 0)
    osm.way(1, [1, 2, 3, 4, 5], highway="footway")
    osm.way(2, [99, 98], highway="footway")
    osm.way(3, [1], highway="footway")
    city, report = made(osm, tmp_path)
    assert length(city.network) == pytest.approx(200, abs=0.1)
    assert report.counts["islands"] == 1
    assert skipped(report)["node", "missing in the extract or not on Earth; its way is cut there"] == 3
    assert skipped(report)["way", "fewer than two of its nodes are there"] == 2


def test_a_node_off_the_earth_is_left_out_and_said(tmp_path: Path) -> None:
    osm = town()
    osm.raw('<node id="90" lat="200.0" lon="3.1"><tag k="emergency" v="siren"/></node>\n')
    osm.way(90, [2, 90], highway="footway")
    _, report = made(osm, tmp_path)
    assert report.counts["sirens"] == 1
    assert skipped(report)["node", "is not on Earth"] == 1


def test_of_versions_the_newest_counts_and_of_deleted_things_none(tmp_path: Path) -> None:
    osm = town()
    osm.node(60, 300, 0, 'version="1"', emergency="siren")
    osm.node(60, 150, 0, 'version="2"', emergency="siren")
    osm.node(61, 160, 0, 'version="3" visible="false"', emergency="siren")
    osm.way(4, [2, 60], 'version="1" visible="false"', highway="footway")
    city, report = made(osm, tmp_path)
    assert {siren.id for siren in city.sirens} == {"osm-n6", "osm-n60"}
    moved = next(siren for siren in city.sirens if siren.id == "osm-n60")
    assert moved.point.lon == pytest.approx(at(150, 0)[1])
    assert skipped(report)["object", "deleted"] == 2
    assert report.counts["walkable_ways"] == 3


def test_what_josm_is_going_to_delete_is_left_out(tmp_path: Path) -> None:
    osm = town()
    osm.node(60, 150, 0, "action='delete' visible='true'", emergency="siren")
    osm.way(61, [2, 4], 'action="delete"', highway="footway")
    file = osm.write(tmp_path / "town.osm")
    file.write_text(file.read_text().replace('version="0.6"', 'version="0.6" generator="JOSM"', 1))
    report = import_city(file, tmp_path / "city", Wishes())
    assert (report.counts["sirens"], report.counts["walkable_ways"]) == (1, 3)
    assert skipped(report)["object", "deleted"] == 2


def test_where_people_work_only_what_says_that_it_is_a_dwelling_has_residents(tmp_path: Path) -> None:
    osm = town()
    osm.square(60, 500, 500, 300, landuse="industrial")
    for id_, (east, kind) in enumerate([(520, "yes"), (560, "apartments"), (900, "yes")], start=61):
        osm.square(id_, east, 520, 20, building=kind)
    city, report = made(osm, tmp_path)
    with np.load(city.folder / "buildings.npz") as buildings:
        lived = dict(zip(buildings["lon"].round(3).tolist(), (buildings["residents"] > 0).tolist(), strict=True))
    assert [lived[round(at(east + 10, 530)[1], 3)] for east in (520, 560, 900)] == [False, True, True]
    assert skipped(report)["residents", "stands where people work, and does not say that it is a dwelling"] == 1


def test_a_square_that_is_a_relation_is_walked_round(tmp_path: Path) -> None:
    osm = town()
    osm.square(20, 300, 0, 100)
    osm.relation(5, [("way", 20, "outer")], type="multipolygon", highway="pedestrian")
    city, report = made(osm, tmp_path)
    assert report.counts["islands"] == 1
    assert city.network.flags is not None
    assert int((city.network.flags & Street.SQUARE > 0).sum()) >= 6


def test_relations_with_missing_members_are_said_and_nothing_else_suffers(tmp_path: Path) -> None:
    osm = town()
    osm.relation(7, [("way", 777, "outer")], type="multipolygon", building="yes")
    osm.relation(8, [("way", 778, "outer")], type="boundary", boundary="administrative", admin_level="4", name="Край")
    osm.relation(9, [("relation", 9, "")], type="multipolygon", landuse="forest")
    osm.way(70, [1, 2, 55, 1], building="yes")
    osm.way(71, [1, 2, 3], building="yes")
    _, report = made(osm, tmp_path)
    why = "its outline is cut off or does not close"
    assert skipped(report).items() >= {("building", why): 3, ("boundary", why): 1, ("ground", why): 1}.items()
    assert report.counts["buildings"] == 1


def test_without_a_boundary_the_area_is_the_extract_and_the_report_says_so(tmp_path: Path) -> None:
    city, report = made(town(), tmp_path)
    assert city.areas.codes() == ("extract",)
    assert any("--areas" in note for note in report.notes)
    assert {shelter.area for shelter in city.shelters} == {"extract"}


def test_boundaries_become_a_tree_with_the_countrys_own_codes(tmp_path: Path) -> None:
    osm = town()
    osm.square(30, -50, -50, 400)
    osm.square(31, -50, -50, 200)
    osm.relation(
        1,
        [("way", 30, "outer")],
        type="boundary",
        boundary="administrative",
        admin_level="4",
        name="Київ",
        name__en="Kyiv",
        katotth="UA80000000000093317",
    )
    osm.relation(
        2, [("way", 31, "outer")], type="boundary", boundary="administrative", admin_level="7", name="Подільський район"
    )
    city, report = made(osm, tmp_path)
    assert city.areas.codes() == ("UA80000000000093317", "osm-r2")
    assert city.areas["osm-r2"].parent == "UA80000000000093317"
    assert city.facts.names == {"uk": "Київ", "en": "Kyiv"}
    assert city.shelters[0].area == "osm-r2"
    assert not any("--areas" in note for note in report.notes)


def areas_file(folder: Path, *rows: tuple[str, float, float, float, object]) -> Path:
    """Squares: code, east, north, side, population."""
    features = []
    for code, east, north, side, people in rows:
        corners = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side), (0.0, 0.0)]
        ring = [at(east + x, north + y)[::-1] for x, y in corners]
        features.append(
            {
                "type": "Feature",
                "properties": {"code": code, "level": "raion", "names": {"uk": code}, "population": people},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    path = folder / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_residents_are_scaled_to_what_a_district_is_known_to_have(tmp_path: Path) -> None:
    osm = town()
    osm.square(40, 150, 150, 20, building="house")
    areas = areas_file(tmp_path, ("west", -100, -100, 200, 1234), ("east", 100, -100, 400, 77))
    city, report = made(osm, tmp_path, areas=areas)
    assert report.counts["people"] == 1311
    assert sorted(city.areas.codes()) == ["east", "west"]
    assert int(city.network.people.max()) >= 1000


@pytest.mark.parametrize("people", [-1, 1e15, "many"])
def test_an_impossible_population_is_refused_by_its_feature(tmp_path: Path, people: object) -> None:
    areas = areas_file(tmp_path, ("west", -100, -100, 500, people))
    with pytest.raises(Invalid, match=r"features\[0\]\.properties\.population"):
        made(town(), tmp_path, areas=areas)


def test_areas_of_another_city_are_refused(tmp_path: Path) -> None:
    areas = areas_file(tmp_path, ("far", 500_000, 0, 500, None))
    with pytest.raises(Invalid, match="none of its areas"):
        made(town(), tmp_path, areas=areas)


def test_floors_and_use_decide_how_many_live_in_a_building(tmp_path: Path) -> None:
    osm = town()
    osm.square(41, 60, 60, 30, building="office")
    osm.square(42, 60, 100, 30, building="house", building__levels="1")
    osm.square(43, 100, 100, 30, building="apartments", building__levels="-4000")
    _, report = made(osm, tmp_path)
    with np.load(tmp_path / "city" / "buildings.npz") as file:
        residents = dict(zip(np.round(file["floors"]).tolist(), file["residents"].tolist(), strict=True))
        ground = file["ground_m2"].tolist()
    assert ground == pytest.approx([900.0] * 4, rel=0.02)
    assert residents[9] == pytest.approx(900 * 9 / 35, rel=0.03)
    assert residents[5] == pytest.approx(900 * 5 / 35, rel=0.03)
    assert report.counts["people"] == pytest.approx(900 * 15 / 35, rel=0.03)
    assert any(row.what == "floors" for row in report.skipped)


SHELTERS: list[tuple[dict[str, str], str | None]] = [
    ({"amenity": "shelter", "shelter_type": "public_transport"}, None),
    ({"amenity": "shelter", "shelter_type": "picnic_shelter"}, None),
    ({"amenity": "shelter"}, None),
    ({"amenity": "shelter", "shelter_type": "bomb_shelter"}, "shelter"),
    ({"amenity": "shelter", "location": "underground"}, "shelter"),
    ({"military": "bunker", "bunker_type": "pillbox"}, None),
    ({"military": "bunker", "bunker_type": "personnel_shelter"}, "bunker"),
    ({"building": "bunker", "access": "private"}, None),
    ({"railway": "station", "station": "subway", "name": "Нивки"}, "metro"),
    ({"railway": "station", "station": "subway", "location": "elevated"}, None),
    ({"amenity": "parking", "parking": "underground"}, "underground_car_park"),
    ({"amenity": "parking", "parking": "surface"}, None),
    ({"amenity": "school", "building:levels:underground": "1"}, "school"),
    ({"amenity": "school"}, None),
]


@pytest.mark.parametrize(("tags", "kind"), SHELTERS, ids=str)
def test_only_what_protects_against_blast_is_a_shelter(tmp_path: Path, tags: dict[str, str], kind: str | None) -> None:
    osm = town()
    osm.node(80, 180, 5, **tags)
    city, _ = made(osm, tmp_path)
    assert {shelter.id: shelter.kind for shelter in city.shelters}.get("osm-n80") == kind


def test_an_underpass_is_a_shelter_once_though_many_ways_meet_in_it(tmp_path: Path) -> None:
    osm = town()
    for id_, north in ((80, 0), (81, -30), (82, -60)):
        osm.node(id_, 200, north)
    osm.way(80, [2, 80], highway="steps", tunnel="yes")
    osm.way(81, [80, 81], highway="footway", tunnel="yes")
    osm.way(82, [81, 82], highway="footway", tunnel="yes")
    city, _ = made(osm, tmp_path)
    assert [shelter.kind for shelter in city.shelters].count("underpass") == 1


@pytest.mark.parametrize("capacity", ["-5", "1e30", "99999999999", "many"])
def test_an_impossible_capacity_is_replaced_and_said(tmp_path: Path, capacity: str) -> None:
    osm = town()
    osm.node(80, 180, 5, military="bunker", capacity=capacity)
    city, report = made(osm, tmp_path)
    found = next(shelter for shelter in city.shelters if shelter.id == "osm-n80")
    assert (found.capacity, found.properties["capacity_from"]) == (100, "assumed")
    assert any(row.what == "capacity" for row in report.skipped)


def test_a_capacity_of_zero_is_kept_and_the_check_warns(tmp_path: Path) -> None:
    osm = town()
    osm.node(80, 180, 5, military="bunker", capacity="0")
    made(osm, tmp_path)
    findings = check_city(tmp_path / "city").findings
    assert [finding.severity for finding in findings if finding.rule == "capacity-zero"] == ["warning"]


def test_the_way_to_a_shelter_ends_at_its_own_door_on_the_street(tmp_path: Path) -> None:
    city, _ = made(town(), tmp_path)
    way = nearest_shelter(city, *at(0, 0), [shelter.id for shelter in city.shelters])
    # A hundred along the street, and five to the door.
    assert way.metres == pytest.approx(105, abs=1)


def station() -> Osm:
    """Two streets 600 m apart joined by a lane of steps with a bend, a station between, an entrance on each."""
    osm = Osm()
    for id_, (east, north) in enumerate([(0, 0), (800, 0), (0, 600), (800, 600)], start=1):
        osm.node(id_, east, north)
    osm.node(5, 700, 300)
    osm.node(10, 400, 300, railway="station", station="subway", name="Поділ", capacity="900", level="-1")
    osm.node(11, 400, 0, railway="subway_entrance")
    osm.node(12, 400, 600, railway="subway_entrance", wheelchair="yes")
    osm.way(1, [1, 11, 2], highway="residential")
    osm.way(2, [3, 12, 4], highway="residential")
    osm.way(3, [2, 5, 4], highway="steps")
    osm.square(20, 0, 10, 15, building="apartments")
    return osm


def test_a_station_is_gone_into_by_the_nearest_of_its_entrances(tmp_path: Path) -> None:
    city, _ = made(station(), tmp_path)
    (metro,) = city.shelters
    assert (metro.kind, metro.step_free, metro.properties["entrances"]) == ("metro", True, "2")
    for north in (0, 600):
        way = nearest_shelter(city, *at(0, north), [metro.id])
        assert way.metres == pytest.approx(400, abs=2)
        assert way.way["coordinates"][-1] == pytest.approx(at(400, north)[::-1], abs=1e-6)
    assert check_city(tmp_path / "city").counts["shelters"] == 1


def test_in_a_wheelchair_a_station_is_gone_into_where_there_are_no_steps_and_never_over_steps(tmp_path: Path) -> None:
    city, _ = made(station(), tmp_path)
    (metro,) = city.shelters
    over = nearest_shelter(city, *at(0, 600), [metro.id], Profile.WHEELCHAIR)
    assert over.metres == pytest.approx(400, abs=2)
    assert over.seconds == pytest.approx(over.metres / 0.69, abs=0.2)
    # Ten metres from the entrance with steps; the one without lies beyond the lane of steps.
    with pytest.raises(Refused, match="no open shelter"):
        nearest_shelter(city, *at(390, 0), [metro.id], Profile.WHEELCHAIR)


def test_in_a_wheelchair_one_is_led_round_the_steps_along_every_bend_of_the_way(tmp_path: Path) -> None:
    osm = town()
    osm.node(70, 300, 100)
    osm.node(71, 205, 205, amenity="shelter", shelter_type="bomb_shelter", wheelchair="yes", capacity="50")
    # The side street between 2 and 3 has a bend out of the way; over the diagonal of steps it is nearer.
    osm.way(70, [2, 70, 3], highway="footway")
    osm.way(71, [2, 3], highway="steps")
    city, _ = made(osm, tmp_path)
    door = next(shelter for shelter in city.shelters if shelter.step_free).id
    walking, rolling = (nearest_shelter(city, *at(0, 0), [door], who) for who in (Profile.ADULT, Profile.WHEELCHAIR))
    assert walking.metres == pytest.approx(283 + 7, abs=3)
    assert rolling.metres == pytest.approx(400 + 7, abs=3)
    lon, lat = zip(*rolling.way["coordinates"], strict=True)
    assert GEOD.line_length(lon, lat) == pytest.approx(rolling.metres, abs=2)


def test_the_plan_sends_those_who_live_at_either_entrance_to_their_own(tmp_path: Path) -> None:
    osm = station()
    osm.square(21, 0, 610, 15, building="apartments")
    city, _ = made(osm, tmp_path)
    ways = footways(city, step_free=False)
    report = CityPlan(city, ways, city.shelters, {shelter.id: 900 for shelter in city.shelters}, 6.0).report()
    assert report.people > 0
    assert (report.unplaced, report.optimal) == (0, True)


def test_a_city_without_shelters_and_a_point_in_the_sea_get_clear_answers(tmp_path: Path) -> None:
    osm = Osm()
    osm.node(1, 0, 0)
    osm.node(2, 100, 0)
    osm.way(1, [1, 2], highway="footway")
    city, _ = made(osm, tmp_path)
    assert {finding.rule for finding in check_city(tmp_path / "city").findings} >= {"no-shelters", "no-people"}
    with pytest.raises(Refused, match="no open shelter"):
        nearest_shelter(city, LAT, LON, [])
    with pytest.raises(Unknown, match="outside the city"):
        nearest_shelter(city, 43.0, 31.0, [])


def test_hospitals_and_fire_stations_stand_once(tmp_path: Path) -> None:
    osm = town()
    osm.node(80, 110, 110, amenity="hospital", name="Лікарня")
    osm.node(81, 150, 110, amenity="fire_station")
    osm.square(82, 100, 100, 30, amenity="hospital", name="Лікарня", beds="250")
    city, report = made(osm, tmp_path)
    assert [(each.id, each.beds) for each in city.hospitals] == [("osm-w82", {"MedicalSurgical": 250})]
    assert [each.id for each in city.fire_stations] == ["osm-n81"]
    assert skipped(report)["hospital", "mapped twice"] == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.osm", b""),
        ("empty.osm.pbf", b""),
        ("text.osm", b"hello"),
        ("text.osm.pbf", b"hello there, this is no map"),
        ("map.txt", b"<osm/>"),
        ("nothing.osm", b'<osm version="0.6"></osm>'),
        ("cut.osm", b'<osm version="0.6"><node id="1" lat="50.0" lon="30.0"/><way id="1"><nd re'),
        ("unwalkable.osm", b'<osm version="0.6"><node id="1" lat="200.0" lon="3.1"/></osm>'),
    ],
)
def test_a_malformed_extract_is_refused_by_its_name_and_nothing_is_written(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Invalid, match=name.replace(".", r"\.")):
        import_city(tmp_path / name, tmp_path / "city", Wishes())
    assert not (tmp_path / "city").exists()


def test_an_absent_extract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no such file"):
        import_city(tmp_path / "absent.osm.pbf", tmp_path / "city", Wishes())


def test_an_unknown_time_zone_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="--time-zone"):
        import_city(tmp_path / "absent.osm.pbf", tmp_path / "city", Wishes(time_zone="Europe/Nowhere"))
    city, _ = made(town(), tmp_path)
    assert city.facts.time_zone == "Europe/Kyiv"


def test_a_check_finds_a_folder_that_is_not_what_was_imported(tmp_path: Path) -> None:
    made(town(), tmp_path)
    shelters = tmp_path / "city" / "shelters.geojson"
    value = json.loads(shelters.read_text())
    value["features"][0]["properties"]["capacity"] = 7
    shelters.write_text(json.dumps(value))
    (tmp_path / "city" / "tiles.pmtiles").write_bytes(b"no tiles")
    errors = {finding.rule for finding in check_city(tmp_path / "city").findings if finding.severity == "error"}
    assert errors == {"counts-differ", "tiles-unreadable"}
