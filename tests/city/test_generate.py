"""The demo city."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from tocsin.city.files import EVERYWHERE
from tocsin.city.generate import generate_city, kyiv_areas
from tocsin.city.ground import PLANE, Ground, raion_of
from tocsin.city.kyiv.hospitals import HOSPITALS
from tocsin.city.kyiv.metro import STATIONS
from tocsin.city.kyiv.raions import KYIV, RAIONS
from tocsin.city.kyiv.river import BRIDGES
from tocsin.city.place import City, Hospital, Shelter, Siren, load_city
from tocsin.kernel.errors import Invalid, Refused
from tocsin.kernel.geo import Point
from tocsin.routing.nearest import NearestTree
from tocsin.routing.plane import great_circle


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_one_seed_makes_one_city_byte_for_byte(kyiv: Path, tmp_path: Path) -> None:
    generate_city(tmp_path / "again", scale=0.01, seed=7)
    assert contents(tmp_path / "again") == contents(kyiv)
    assert contents(kyiv).keys() == EVERYWHERE


def test_another_seed_makes_other_streets_of_the_same_raions(kyiv: Path, tmp_path: Path) -> None:
    generate_city(tmp_path / "other", scale=0.01, seed=8)
    one, other = contents(kyiv), contents(tmp_path / "other")
    assert one["network.npz"] != other["network.npz"]
    assert one["areas.geojson"] == other["areas.geojson"]


def assert_counts(city: City, scale: float) -> None:
    network = city.network
    assert network.streets.nodes == pytest.approx(320_000 * scale, rel=0.05)
    assert len(network.streets.indices) / network.streets.nodes == pytest.approx(2.9, abs=0.15)
    assert network.people.sum() == round(3_000_000 * scale)
    assert len(city.shelters) == pytest.approx(46 + 4454 * scale, abs=1)
    assert len(city.sirens) >= 20
    assert len(city.hospitals) == len(HOSPITALS)
    assert {shelter.names["en"] for shelter in city.shelters if shelter.kind == "metro"} == {
        f"{station.en} metro station" for station in STATIONS
    }


@pytest.mark.parametrize("scale", [0.01, 0.04])
def test_a_city_is_as_large_as_its_scale_says(tmp_path: Path, scale: float) -> None:
    generate_city(tmp_path / "city", scale, seed=1)
    assert_counts(load_city(tmp_path / "city"), scale)


@pytest.mark.heavy
def test_the_whole_of_kyiv_is_made_in_one_go(tmp_path: Path) -> None:
    generate_city(tmp_path / "city", 1.0, seed=1)
    city = load_city(tmp_path / "city")
    assert_counts(city, 1.0)
    tree = NearestTree(city.network.streets, city.network.shelters)
    assert all(tree.reaches(node) for node in range(city.network.streets.nodes))


def test_every_raion_has_its_share_of_residents_and_its_sirens(kyiv: Path) -> None:
    city = load_city(kyiv)
    network = city.network
    people = np.bincount(raion_of(network.lat, network.lon), network.people, minlength=len(RAIONS))
    known = np.array([raion.residents for raion in RAIONS])
    assert people / people.sum() == pytest.approx(known / known.sum(), abs=0.0001)
    assert {siren.area for siren in city.sirens} == {raion.code for raion in RAIONS}


def test_every_node_reaches_a_shelter_on_foot(kyiv: Path) -> None:
    network = load_city(kyiv).network
    tree = NearestTree(network.streets, network.shelters)
    assert all(tree.reaches(node) for node in range(network.streets.nodes))


def test_no_street_is_shorter_than_the_straight_line_between_its_ends(kyiv: Path) -> None:
    network = load_city(kyiv).network
    start = np.repeat(np.arange(network.streets.nodes), np.diff(network.streets.indptr))
    end = network.streets.indices
    straight = great_circle(network.lat[start], network.lon[start], network.lat[end], network.lon[end])
    assert np.abs(network.streets.lengths / 10 - straight).max() <= 0.1


def test_the_river_is_crossed_on_the_bridges_only(kyiv: Path) -> None:
    network = load_city(kyiv).network
    piece = Ground().piece_of(PLANE.metres(network.lat, network.lon))
    assert set(piece.tolist()) == {0, 1, 2}
    start = np.repeat(np.arange(network.streets.nodes), np.diff(network.streets.indptr))
    crossings = int((piece[start] != piece[network.streets.indices]).sum()) // 2
    assert crossings == sum(len(bridge.landings) - 1 for bridge in BRIDGES)


def test_raions_share_no_ground_and_leave_none_of_the_city_out() -> None:
    areas = kyiv_areas()
    raions = [shape(areas[code].geometry) for code in areas.descendants(KYIV)]
    assert len(raions) == 10
    assert all(raion.is_valid for raion in raions)
    assert max(one.intersection(other).area for one, other in combinations(raions, 2)) == 0
    assert shapely.union_all(raions).symmetric_difference(shape(areas[KYIV].geometry)).area < 1e-12


def test_every_node_lies_in_the_raion_that_the_tree_finds(kyiv: Path) -> None:
    city = load_city(kyiv)
    network = city.network
    raion = raion_of(network.lat, network.lon)
    assert (raion >= 0).all()
    for node in range(0, network.streets.nodes, 13):
        assert city.areas.locate(Point(network.lat[node], network.lon[node])) == RAIONS[raion[node]].code


def test_everything_stands_in_the_area_it_names(kyiv: Path) -> None:
    city = load_city(kyiv)
    standing: list[Shelter | Hospital | Siren] = [*city.shelters, *city.hospitals, *city.sirens]
    for thing in standing:
        assert city.areas.locate(thing.point) == thing.area


def test_a_generated_city_says_that_it_is_one(kyiv: Path) -> None:
    city = load_city(kyiv)
    assert city.facts.generated
    assert (city.facts.seed, city.facts.scale, city.facts.time_zone) == (7, 0.01, "Europe/Kyiv")
    assert all(hospital.synthetic for hospital in city.hospitals)


@pytest.mark.parametrize("scale", [0, 0.0099, 1.01, -1, float("nan")])
def test_a_scale_out_of_range_is_refused(tmp_path: Path, scale: float) -> None:
    with pytest.raises(Invalid) as error:
        generate_city(tmp_path / "city", scale, seed=1)
    assert error.value.where == "scale"
    assert not any(tmp_path.iterdir())


def test_a_negative_seed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="seed"):
        generate_city(tmp_path / "city", 0.01, seed=-1)


def test_a_folder_that_is_not_a_city_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(Refused, match="not a city folder"):
        generate_city(tmp_path, 0.01, seed=1)
    assert contents(tmp_path) == {"thesis.tex": b"years of work"}


def test_a_city_folder_with_something_else_in_it_is_left_alone(broken: Path) -> None:
    (broken / "notes.txt").write_text("mine")
    before = contents(broken)
    with pytest.raises(Refused, match=r"notes\.txt"):
        generate_city(broken, 0.01, seed=1)
    assert contents(broken) == before


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "city").write_text("a file")
    with pytest.raises(Refused, match="is a file"):
        generate_city(tmp_path / "city", 0.01, seed=1)
    assert (tmp_path / "city").read_text() == "a file"


def test_a_city_is_replaced_whole_and_nothing_is_left_beside_it(broken: Path) -> None:
    told: list[tuple[str, float]] = []
    before = contents(broken)
    generate_city(broken, 0.01, seed=1, progress=lambda doing, done: told.append((doing, done)))
    assert contents(broken)["city.json"] != before["city.json"]
    assert [entry.name for entry in broken.parent.iterdir()] == [broken.name]
    assert [done for _, done in told] == sorted(done for _, done in told)
    assert told[-1][1] == 1.0


def test_a_city_that_cannot_be_written_leaves_the_old_one(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(broken)

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("tocsin.city.generate.save_network", full)
    with pytest.raises(OSError, match="no space"):
        generate_city(broken, 0.01, seed=1)
    assert contents(broken) == before
    assert [entry.name for entry in broken.parent.iterdir()] == [broken.name]


def test_a_city_that_cannot_be_put_in_place_leaves_the_old_one(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, rename = contents(broken), Path.rename

    def stuck(self: Path, target: Path) -> Path:
        if self.name == "fresh":
            raise OSError("device or resource busy")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stuck)
    with pytest.raises(OSError, match="busy"):
        generate_city(broken, 0.01, seed=1)
    assert contents(broken) == before
