"""Loading a city folder: what is malformed is refused by file and field."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.city.breaking import Arrays, edit, edit_arrays

from tocsin.city.files import EVERYWHERE
from tocsin.city.place import load_city
from tocsin.kernel.errors import Invalid


def where_refused(folder: Path) -> str:
    with pytest.raises(Invalid) as error:
        _ = load_city(folder).network
    return error.value.where


def facts(value: Any, index: int = 0) -> Any:  # noqa: ANN401 - JSON
    return value["features"][index]["properties"]


def test_a_city_is_loaded_with_all_it_has(kyiv: Path) -> None:
    city = load_city(kyiv)
    assert city.facts.name == "Kyiv"
    assert city.areas["UA80000000000093317"].names == {"uk": "Київ", "en": "Kyiv"}
    okhmatdyt = next(hospital for hospital in city.hospitals if hospital.id == "okhmatdyt")
    assert okhmatdyt.beds["Pediatrics"] > 100
    arsenalna = next(shelter for shelter in city.shelters if shelter.id == "metro-arsenalna")
    assert arsenalna.properties == {"line": "M1"}
    assert {feature["properties"]["kind"] for feature in city.water["features"]} == {"river", "bridge"}


@pytest.mark.parametrize("name", sorted(EVERYWHERE))
def test_an_absent_file_is_named(broken: Path, name: str) -> None:
    (broken / name).unlink()
    assert where_refused(broken) == name


@pytest.mark.parametrize("name", sorted(EVERYWHERE))
@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"PK\x03\x04"])
def test_a_file_of_rubbish_is_named(broken: Path, name: str, content: bytes) -> None:
    (broken / name).write_bytes(content)
    assert where_refused(broken) == name


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert where_refused(tmp_path / "nowhere") == "city.json"


@pytest.mark.parametrize(
    ("name", "change", "where"),
    [
        ("city.json", lambda v: v.update(format=2), "city.json format"),
        ("city.json", lambda v: v.update(bbox=[1, 2]), "city.json bbox"),
        ("city.json", lambda v: v.pop("time_zone"), "city.json"),
        ("areas.geojson", lambda v: facts(v, 1).update(parent="x"), "areas.geojson features[1].properties.parent"),
        ("areas.geojson", lambda v: facts(v, 2).pop("names"), "areas.geojson features[2].properties"),
        ("shelters.geojson", lambda v: facts(v, 3).update(capacity="9"), "shelters.geojson features[3].properties.cap"),
        ("shelters.geojson", lambda v: facts(v, 3).update(capacity=-1), "shelters.geojson features[3].properties.cap"),
        ("shelters.geojson", lambda v: facts(v, 3).update(area="x"), "shelters.geojson features[3].properties.area"),
        ("shelters.geojson", lambda v: facts(v, 1).update(id=facts(v)["id"]), "shelters.geojson features[1].propert"),
        ("hospitals.geojson", lambda v: facts(v, 1).update(id=facts(v)["id"]), "hospitals.geojson features[1].proper"),
        ("hospitals.geojson", lambda v: facts(v).update(beds={"Burn": -1}), "hospitals.geojson features[0].proper"),
        ("sirens.geojson", lambda v: v["features"][4]["geometry"].update(coordinates=[30, 91]), "sirens.geojson feat"),
        ("sirens.geojson", lambda v: facts(v, 4).pop("area"), "sirens.geojson features[4].properties"),
        ("water.geojson", lambda v: facts(v).update(kind="lava"), "water.geojson features[0].properties.kind"),
    ],
)
def test_a_malformed_field_is_named(broken: Path, name: str, change: Callable[[Any], object], where: str) -> None:
    edit(broken / name, change)
    assert where_refused(broken).startswith(where)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda a: a.pop("people"), "people"),
        (lambda a: a.update(people=a["people"][1:]), "people"),
        (lambda a: a.update(people=a["people"] - 10_000), "people"),
        (lambda a: a.update(lat=a["lat"].astype(np.float32)), "lat"),
        (lambda a: a.update(lat=a["lat"] * np.nan), "lat"),
        (lambda a: a.update({name: a[name][:0] for name in a}), "lat"),
        (lambda a: a.update(lon=a["lon"] + 200), "lon"),
        (lambda a: a.update(indptr=a["indptr"][:-1]), "indptr"),
        (lambda a: a.update(indptr=a["indptr"][::-1].copy()), "indptr"),
        (lambda a: a.update(indices=a["indices"] + 9), "indices"),
        (lambda a: a.update(lengths=a["lengths"] * 0), "lengths"),
        (lambda a: a.update(lengths=a["lengths"].reshape(2, -1)), "lengths"),
        (lambda a: a.update(shelters=a["shelters"] + 4000), "shelters"),
        (lambda a: a.update(shelters=a["shelters"][1:]), "shelters"),
    ],
)
def test_a_malformed_array_is_named(broken: Path, change: Callable[[Arrays], object], name: str) -> None:
    edit_arrays(broken, change)
    assert where_refused(broken) == f"network.npz {name}"


def test_a_single_array_is_not_a_network(broken: Path) -> None:
    with (broken / "network.npz").open("wb") as file:
        np.save(file, np.zeros(3))
    assert where_refused(broken) == "network.npz"
