"""The walking network by cells: together they are the whole of it, and each knows its own doors."""

from pathlib import Path

import pytest

from tocsin.city.cells import PER_DEGREE, Cell, Cells
from tocsin.city.place import City, load_city
from tocsin.kernel.errors import Unknown


@pytest.fixture(scope="module")
def city(kyiv: Path) -> City:
    return load_city(kyiv)


@pytest.fixture(scope="module")
def cells(city: City) -> dict[str, Cell]:
    found = Cells(city.network, city.shelters)
    names = {
        f"{int(lat * PER_DEGREE[0])}_{int(lon * PER_DEGREE[1])}"
        for lat, lon in zip(city.network.lat.tolist(), city.network.lon.tolist(), strict=True)
    }
    return {name: found.cell(name) for name in names}


def test_the_cells_together_have_every_street_once_or_on_both_sides_of_an_edge(
    city: City, cells: dict[str, Cell]
) -> None:
    streets = city.network.streets
    whole = {
        (min(a, b), max(a, b), length)
        for a, b, length in zip(
            streets.starts.tolist(), streets.indices.tolist(), streets.lengths.tolist(), strict=True
        )
    }
    parts = set()
    for cell in cells.values():
        for a, b, length in zip(cell.start, cell.end, cell.decimetres, strict=True):
            ends = sorted((cell.node[a], cell.node[b]))
            parts.add((*ends, length))
    assert parts == whole


def test_every_shelter_on_a_street_has_its_door_in_exactly_one_cell(city: City, cells: dict[str, Cell]) -> None:
    doors = sorted(door.shelter for cell in cells.values() for door in cell.doors)
    standing = sorted(
        shelter.id for shelter, node in zip(city.shelters, city.network.shelters, strict=True) if node >= 0
    )
    assert doors == standing


def test_a_door_leads_to_a_node_of_its_cell(cells: dict[str, Cell]) -> None:
    assert all({door.node for door in cell.doors} <= set(cell.node) for cell in cells.values())


def test_a_cell_outside_the_city_is_empty(city: City) -> None:
    assert Cells(city.network, city.shelters).cell("0_0").node == []


@pytest.mark.parametrize("name", ["", "1261", "1261_", "01_2", "9999_1", "a_b", "1_2_3", "1.5_2"])
def test_what_is_no_name_of_a_cell_is_unknown(city: City, name: str) -> None:
    with pytest.raises(Unknown):
        Cells(city.network, city.shelters).cell(name)
