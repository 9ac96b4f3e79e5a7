"""A city's own list of shelters: cleaned, placed, joined with the map, and nothing dropped in silence."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.city.osm_file import DATA, at, town
from tests.city.test_import import made

from tocsin.city.osm.addresses import AddressBook, key_of, read_address
from tocsin.city.osm.report import Tally
from tocsin.city.osm.shelter_list import clean, kind_of, opening, read_list
from tocsin.kernel.errors import Invalid

HEAD = "row,raion,address,address_old,shelter_type,kind,building_type,accessible,working_time\n"
HERE = f"{at(30, 0)[0]},{at(30, 0)[1]}"


def listed(folder: Path, text: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_is_placed_by_the_address_of_a_building_however_it_is_spelt(tmp_path: Path) -> None:
    rows = '7,Подільський,"вул. Перша, 12А",<Null>,Найпростіші укриття,Підвал з пандусом,Школа,Відсутній,Цілодобово\n'
    city, _ = made(town(), tmp_path, shelters=listed(tmp_path, HEAD + rows))
    found = next(shelter for shelter in city.shelters if shelter.id == "list-7")
    assert (found.kind, found.step_free) == ("basement", True)
    assert found.properties["opening_hours"] == "24/7"
    assert found.point.lat == pytest.approx(at(35, 35)[0], abs=1e-4)


def test_a_row_without_a_place_is_kept_whole_in_the_report(tmp_path: Path) -> None:
    rows = "8,Подільський,Вхід до станції метро,<Null>,Укриття,Вхід в станцію метро,,Відсутній,<Null>\n9,,,,,,,,\n"
    _, report = made(town(), tmp_path, shelters=listed(tmp_path, HEAD + rows))
    assert [(row["row"], row["line"]) for row in report.unplaced] == [("8", "2"), ("9", "3")]
    assert report.unplaced[0]["why"] == "its address is not in the extract"
    assert report.counts["unplaced_rows"] == 2


def test_rows_of_one_address_and_kind_are_one_shelter(tmp_path: Path) -> None:
    rows = "".join(
        f'{n},П,"вул. Перша, 12-А",,,{kind},,,\n' for n, kind in enumerate(["Підвал", "Підвал ОЗ", "Паркінг"])
    )
    city, report = made(town(), tmp_path, shelters=listed(tmp_path, HEAD + rows))
    assert [shelter.id for shelter in city.shelters if shelter.id.startswith("list-")] == ["list-0", "list-2"]
    assert any("before" in row.why for row in report.skipped)


def test_a_station_is_placed_by_its_name(tmp_path: Path) -> None:
    osm = town()
    osm.node(80, 150, 5, railway="station", station="subway", name="Нивки")
    rows = "3,Ш,Станція метро «Нивки», ,Споруди,Станція метрополітену,,Відсутній,Цілодобово\n"
    city, report = made(osm, tmp_path, shelters=listed(tmp_path, HEAD + rows))
    assert [shelter.id for shelter in city.shelters if shelter.kind == "metro"] == ["list-3"]
    assert any("the list counts" in row.why for row in report.skipped)


def test_columns_with_headings_of_their_own_are_told(tmp_path: Path) -> None:
    file = listed(tmp_path, f"широта;довгота;скільки;що\n{HERE.replace(',', ';')};250;бункер\n")
    city, _ = made(town(), tmp_path, shelters=file, columns={"capacity": "скільки", "kind": "що"})
    found = next(shelter for shelter in city.shelters if shelter.id.startswith("list-"))
    assert (found.kind, found.capacity, found.properties["capacity_from"]) == ("bunker", 250, "list")


def test_geojson_lists_are_read_too(tmp_path: Path) -> None:
    lat, lon = at(30, 0)
    feature = (
        f'{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{lon},{lat}]}},'
        '"properties":{"name":"Cellar","capacity":40,"wheelchair":"yes"}}'
    )
    file = listed(tmp_path, f'{{"type":"FeatureCollection","features":[{feature}]}}', "list.geojson")
    city, _ = made(town(), tmp_path, shelters=file)
    found = next(shelter for shelter in city.shelters if shelter.id.startswith("list-"))
    assert (found.capacity, found.step_free, found.names["uk"]) == (40, True, "Cellar")


@pytest.mark.parametrize("capacity", ["-1", "9999999999", "many"])
def test_an_impossible_capacity_in_a_list_is_replaced_and_said(tmp_path: Path, capacity: str) -> None:
    file = listed(tmp_path, f"lat,lon,capacity\n{HERE},{capacity}\n")
    city, report = made(town(), tmp_path, shelters=file)
    found = next(shelter for shelter in city.shelters if shelter.id.startswith("list-"))
    assert found.capacity == 100
    assert any(row.what == "capacity" for row in report.skipped)


@pytest.mark.parametrize("place", ["200,30", "x,y", "0,0", "nan,30"])
def test_coordinates_that_are_nowhere_leave_the_row_unplaced(tmp_path: Path, place: str) -> None:
    _, report = made(town(), tmp_path, shelters=listed(tmp_path, f"lat,lon\n{place}\n"))
    assert len(report.unplaced) == 1


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "has no rows"),
        ("a,b\n1,2\n", "neither lat and lon nor address"),
        ("lat,lon\n1,2,3\n", r"list\.csv:2"),
    ],
)
def test_a_malformed_list_is_refused_by_its_line(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(Invalid, match=where):
        made(town(), tmp_path, shelters=listed(tmp_path, text))


def test_a_list_that_is_not_utf8_and_a_column_that_is_not_there_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes("адреса\n".encode("cp1251"))
    with pytest.raises(Invalid, match="UTF-8"):
        made(town(), tmp_path, shelters=file)
    file = listed(tmp_path, f"lat,lon\n{HERE}\n")
    with pytest.raises(Invalid, match="no column"):
        made(town(), tmp_path, shelters=file, columns={"capacity": "місць"})
    with pytest.raises(Invalid, match="no field"):
        made(town(), tmp_path, shelters=file, columns={"colour": "lat"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("вул. Антоновича, 18-А", "вулиця Антоновича, 18А"),
        ("просп. Берестейський, 98/2", "Берестейський проспект, 98/2"),
        ("вул. В'ячеслава Чорновола, 24", "вулиця В’ячеслава Чорновола, 24"),
        ("вул. Оболонська, 5 корп. 2", "вулиця Оболонська, 5 к2"),
        ("Heiligkreuz 25", "25 Heiligkreuz"),
        ("вул. Рижська, 12A", "вулиця Рижська, 12А"),
    ],
)
def test_spellings_of_one_address_are_the_same(one: str, other: str) -> None:
    assert read_address(one) == read_address(other) != None  # noqa: E711 - both at once


@settings(max_examples=50)
@given(st.text(), st.text())
def test_no_address_is_too_odd_to_be_read(street: str, house: str) -> None:
    key_of(street, house)
    read_address(f"{street}, {house}")


@pytest.mark.parametrize("blank", ["", " ", "<Null>", "<scrubbed>", "NULL", "—"])
def test_a_blank_is_a_blank_in_all_its_spellings(blank: str) -> None:
    assert clean(blank) == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Цілодобово", {"opening_hours": "24/7"}),
        ("Впродовж навчального дня доступ надається учасникам освітнього процесу", {"access": "pupils"}),
        ("Доступ надається в робочий час з 10:00 до 18:00", {"opening_hours": "Mo-Fr 10:00-18:00"}),
        ("Mo-Su 08:00-20:00", {"opening_hours": "Mo-Su 08:00-20:00"}),
        ("як домовимось", {"hours_as_listed": "як домовимось"}),
        ("", {}),
    ],
)
def test_hours_are_read_as_far_as_they_can_be(words: str, told: dict[str, str]) -> None:
    assert opening(words) == told


@pytest.mark.parametrize(
    ("kind", "ours"),
    [
        ("Підземний \nпаркінг", "underground_car_park"),
        ("Вхід до станції метро", "metro"),
        ("Цокольне приміщення ОЗ", "basement"),
        ("Підземний перехід з пандусом", "underpass"),
        ("Перший поверх ОЗ", "shelter"),
    ],
)
def test_spellings_of_a_kind_are_one_kind(kind: str, ours: str) -> None:
    assert kind_of({"kind": clean(kind)}) == ours


@pytest.mark.skipif(not DATA.exists(), reason="real data lies outside the repository: no shared/data")
def test_every_row_of_kyivs_list_is_placed_or_said_to_be_not() -> None:
    tally = Tally()
    file = DATA / "shelters" / "kyiv_shelters_2025-02.csv"
    found = read_list(file, {}, AddressBook([]), {}, (30.2, 50.2, 30.9, 50.6), tally)
    assert (len(found.placed), len(found.unplaced)) == (0, 4382)
    assert sum(row.count for row in tally.skipped()) == 4382
