"""What `check_city` finds in a city that loads but does not agree with itself."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.city.breaking import Arrays, edit, edit_arrays

from tocsin.city.check import check_city
from tocsin.kernel.errors import Invalid


def rules(folder: Path) -> set[tuple[str, str]]:
    return {(finding.rule, finding.where) for finding in check_city(folder).findings}


def test_a_generated_city_is_sound_and_counted(kyiv: Path) -> None:
    found = check_city(kyiv)
    assert found.findings == ()
    assert found.counts["areas"] == 11
    assert found.counts["people"] == 30_000
    assert found.counts["islands"] == 0


def test_a_doubled_id_is_found(broken: Path) -> None:
    edit(broken / "sirens.geojson", lambda sirens: sirens["features"][1]["properties"].update(id="siren-001"))
    assert rules(broken) == {("id-doubled", "sirens.geojson siren-001")}


def test_an_unknown_area_is_found(broken: Path) -> None:
    edit(broken / "hospitals.geojson", lambda hospitals: hospitals["features"][0]["properties"].update(area="UA99"))
    assert rules(broken) == {("area-unknown", "hospitals.geojson okhmatdyt")}


def test_a_shelter_for_nobody_is_found(broken: Path) -> None:
    edit(broken / "shelters.geojson", lambda shelters: shelters["features"][0]["properties"].update(capacity=0))
    assert rules(broken) == {("capacity-zero", "shelters.geojson metro-akademmistechko")}


def test_a_shelter_without_a_node_is_found(broken: Path) -> None:
    edit_arrays(broken, lambda arrays: arrays["shelters"].__setitem__(0, -1))
    assert rules(broken) == {("shelter-without-node", "shelters.geojson metro-akademmistechko")}


def test_a_shelter_far_from_its_node_and_out_of_town_is_found(broken: Path) -> None:
    edit(
        broken / "shelters.geojson",
        lambda shelters: shelters["features"][0]["geometry"].update(coordinates=[24.03, 49.84]),
    )
    where = "shelters.geojson metro-akademmistechko"
    assert rules(broken) == {("shelter-far", where), ("outside-bbox", where)}


def test_areas_that_overlap_or_reach_out_of_the_city_are_found(broken: Path) -> None:
    square = [[30.0, 50.4], [30.5, 50.4], [30.5, 50.5], [30.0, 50.5], [30.0, 50.4]]
    edit(broken / "areas.geojson", lambda areas: areas["features"][1]["geometry"].update(coordinates=[square]))
    found = {rule for rule, _ in rules(broken)}
    assert found == {"area-overlap", "outside-bbox"}


def test_an_outline_that_crosses_itself_is_found(broken: Path) -> None:
    bow = [[30.4, 50.4], [30.5, 50.5], [30.5, 50.4], [30.4, 50.5], [30.4, 50.4]]
    edit(broken / "areas.geojson", lambda areas: areas["features"][1]["geometry"].update(coordinates=[bow]))
    assert rules(broken) == {("outline-invalid", "areas.geojson UA80000000000126643")}


def cut_off(arrays: Arrays, node: int) -> None:
    """Take every street of a node away."""
    start = np.repeat(np.arange(len(arrays["lat"])), np.diff(arrays["indptr"]))
    kept = (start != node) & (arrays["indices"] != node)
    counts = np.bincount(start[kept], minlength=len(arrays["lat"]))
    arrays["indptr"] = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    arrays["indices"], arrays["lengths"] = arrays["indices"][kept], arrays["lengths"][kept]


def test_islands_are_counted_with_the_people_on_them(broken: Path) -> None:
    people = 0

    def change(arrays: Arrays) -> None:
        nonlocal people
        leaf = int(np.flatnonzero((np.diff(arrays["indptr"]) == 1) & (arrays["people"] > 0))[0])
        people = int(arrays["people"][leaf])
        cut_off(arrays, leaf)

    edit_arrays(broken, change)
    found = check_city(broken)
    assert [finding.rule for finding in found.findings] == ["islands"]
    assert (found.counts["islands"], found.counts["people_on_islands"]) == (1, people)


def test_a_street_that_is_longer_on_the_way_back_is_found(broken: Path) -> None:
    edit_arrays(broken, lambda arrays: arrays["lengths"].__setitem__(0, 99_999))
    assert rules(broken) == {("one-way", "network.npz")}


def test_what_may_be_right_is_a_warning_and_what_leads_astray_an_error(broken: Path) -> None:
    def change(city: Any) -> None:  # noqa: ANN401 - JSON
        city["features"][0]["properties"].update(capacity=0)
        city["features"][1]["properties"].update(id="metro-akademmistechko")

    edit(broken / "shelters.geojson", change)
    severity = {finding.rule: finding.severity for finding in check_city(broken).findings}
    assert severity == {"capacity-zero": "warning", "id-doubled": "error"}


def test_a_malformed_city_cannot_be_checked(broken: Path) -> None:
    (broken / "sirens.geojson").unlink()
    with pytest.raises(Invalid, match=r"sirens\.geojson"):
        check_city(broken)
