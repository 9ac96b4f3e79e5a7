"""Which shelters are open, and how full."""

from datetime import timedelta

from tests.town import START, Town, cellar

from tocsin.domain.shelter import CloseShelter, OpenShelter, ReportOccupancy, Status
from tocsin.views.shelters import Shelters, ShelterState

FOLDER = ["metro-1", "school-3"]


def test_a_shelter_of_the_folder_is_open_until_it_is_closed_and_again_when_it_is_opened() -> None:
    town = Town()
    shelters = town.view(Shelters)
    assert shelters.open_ids(FOLDER) == FOLDER
    town.do(CloseShelter(shelter="metro-1", reason="flooded"))
    assert shelters.open_ids(FOLDER) == ["school-3"]
    town.do(OpenShelter(shelter="metro-1"))
    assert shelters.open_ids(FOLDER) == FOLDER


def test_a_shelter_registered_tonight_is_open_only_once_somebody_says_so() -> None:
    town = Town()
    shelters = town.view(Shelters)
    town.do(cellar())
    ids = [*FOLDER, *(each.shelter for each in shelters.registered())]
    assert shelters.open_ids(ids) == FOLDER
    town.do(OpenShelter(shelter="cellar-9"))
    assert shelters.open_ids(ids) == [*FOLDER, "cellar-9"]


def test_a_closed_shelter_says_why_and_since_when_and_an_open_one_no_longer_why() -> None:
    town = Town()
    shelters = town.view(Shelters)
    town.do(CloseShelter(shelter="metro-1", reason="flooded"))
    closed = shelters.shelter("metro-1")
    assert (closed.status, closed.reason, closed.since) == (Status.CLOSED, "flooded", START + timedelta(minutes=1))
    town.do(OpenShelter(shelter="metro-1"))
    opened = shelters.shelter("metro-1")
    assert (opened.status, opened.reason, opened.since) == (Status.OPEN, "", START + timedelta(minutes=2))


def test_a_count_of_people_says_when_and_does_not_open_the_shelter() -> None:
    town = Town()
    shelters = town.view(Shelters)
    town.do(ReportOccupancy(shelter="school-3", people=100))
    state = shelters.shelter("school-3")
    assert state == ShelterState("school-3", people=100, counted_at=town.now, position=1)
    assert shelters.said() == [state]


def test_a_shelter_is_full_with_as_many_people_as_places_and_with_more() -> None:
    town = Town()
    shelters = town.view(Shelters)
    for people, full, room in ((119, False, 1), (120, True, 0), (500, True, 0)):
        town.do(ReportOccupancy(shelter="school-3", people=people))
        state = shelters.shelter("school-3")
        assert (state.full(120), state.room(120)) == (full, room)


def test_a_shelter_where_nobody_counted_is_not_full() -> None:
    state = Town().view(Shelters).shelter("metro-1")
    assert state == ShelterState("metro-1")
    assert (state.full(900), state.room(900)) == (False, 900)
