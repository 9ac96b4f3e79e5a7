"""The rules of shelters."""

import msgspec
import pytest
from tests.town import CITY, START, Town, cellar

from tocsin.domain.shelter import (
    ALLOWED,
    SHELTER,
    CloseShelter,
    OccupancyReported,
    OpenShelter,
    RegisterShelter,
    ReportOccupancy,
    Shelter,
    ShelterOpened,
    Status,
)
from tocsin.domain.subject import Context
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Actor, Commands

CONTEXT = Context(START, Actor("olena", "dispatcher"), CITY, {})


def test_a_shelter_of_the_citys_folder_exists_before_anything_was_said_of_it() -> None:
    assert list(SHELTER.decide(Shelter(), OpenShelter(shelter="metro-1"), CONTEXT)) == [
        ShelterOpened(shelter="metro-1")
    ]


@pytest.mark.parametrize(
    "command",
    [
        OpenShelter(shelter="nowhere"),
        CloseShelter(shelter="nowhere", reason="flooded"),
        ReportOccupancy(shelter="nowhere", people=1),
    ],
)
def test_a_shelter_nobody_knows_cannot_be_spoken_of(command: OpenShelter) -> None:
    with pytest.raises(Unknown, match=r"shelter.*nowhere"):
        SHELTER.decide(Shelter(), command, CONTEXT)


def test_opening_an_open_shelter_and_closing_a_closed_one_changes_nothing() -> None:
    town = Town()
    assert town.do(OpenShelter(shelter="metro-1")) == ("shelter.opened",)
    assert town.do(OpenShelter(shelter="metro-1")) == ()
    assert town.do(CloseShelter(shelter="metro-1", reason="flooded")) == ("shelter.closed",)
    assert town.do(CloseShelter(shelter="metro-1", reason="still flooded")) == ()
    assert town.do(OpenShelter(shelter="metro-1")) == ("shelter.opened",)


def test_a_registered_shelter_exists_from_then_on() -> None:
    town = Town()
    with pytest.raises(Unknown):
        town.do(OpenShelter(shelter="cellar-9"))
    assert town.do(cellar(), OpenShelter(shelter="cellar-9")) == ("shelter.opened",)


def test_registering_the_same_shelter_again_changes_nothing() -> None:
    town = Town()
    town.do(cellar())
    assert town.do(cellar()) == ()


@pytest.mark.parametrize("name", ["metro-1", "cellar-9"])
def test_a_second_shelter_cannot_take_the_id_of_a_first(name: str) -> None:
    town = Town()
    town.do(cellar())
    with pytest.raises(Refused, match=name):
        town.do(cellar(name, capacity=1))


def test_a_shelter_registered_without_an_id_gets_one() -> None:
    town = Town()
    answer = town.handler.handle(cellar(""), Actor("olena", "dispatcher"))
    assert answer.stream.startswith("shelter/20250423-")


def test_a_shelter_is_registered_in_an_area_of_the_city() -> None:
    elsewhere = msgspec.structs.replace(cellar(), area="lviv")
    with pytest.raises(Unknown, match=r"^area: .*lviv"):
        SHELTER.decide(Shelter(), elsewhere, CONTEXT)


def test_more_people_than_places_are_reported_as_they_are() -> None:
    crowd = ReportOccupancy(shelter="school-3", people=500)
    assert list(SHELTER.decide(Shelter(), crowd, CONTEXT)) == [OccupancyReported(shelter="school-3", people=500)]


def test_fewer_than_no_people_are_invalid_however_the_command_came() -> None:
    with pytest.raises(Invalid, match="people"):
        SHELTER.decide(Shelter(), ReportOccupancy(shelter="school-3", people=-1), CONTEXT)
    with pytest.raises(Invalid, match="people"):
        Commands(SHELTER.commands).decode("shelter.report_occupancy", b'{"shelter": "school-3", "people": -1}')


def test_the_same_number_of_people_counted_again_is_fresh_news() -> None:
    town = Town()
    count = ReportOccupancy(shelter="school-3", people=50)
    assert town.do(count) == town.do(count) == ("shelter.occupancy_reported",)


def test_only_a_shelter_nobody_spoke_of_is_registered() -> None:
    said = {OpenShelter, CloseShelter, ReportOccupancy}
    assert {Status.UNKNOWN: said | {RegisterShelter}, Status.OPEN: said, Status.CLOSED: said} == ALLOWED
    with pytest.raises(Refused, match="open"):
        SHELTER.decide(Shelter(Status.OPEN), cellar(), CONTEXT)
