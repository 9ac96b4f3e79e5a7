"""The plan during an alert, from the command that raises it to what everybody hears."""

from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from tocsin.city.generate import generate_city
from tocsin.city.place import City, load_city
from tocsin.domain.plan import PlanChanged, PlanPinned
from tocsin.domain.shelter import CloseShelter, OpenShelter, RegisterShelter, ReportOccupancy
from tocsin.domain.warning import CancelAlert, RaiseAlert, Threat
from tocsin.flow import sheltering
from tocsin.flow.system import System
from tocsin.kernel.event import Actor, Command
from tocsin.routing import cold
from tocsin.wiring import Settings, open_system

CHIEF = Actor("olena", "administrator")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city") / "kyiv"
    generate_city(folder, scale=0.01, seed=7)
    return load_city(folder)


@pytest.fixture
def system(city: City, tmp_path: Path) -> System:
    return open_system(Settings(realm="exercise"), city, in_memory=True).system


def do(system: System, *commands: Command) -> None:
    for command in commands:
        system.do(command, CHIEF)
    system.sheltering.keep_up()


def raised(city: City) -> RaiseAlert:
    return RaiseAlert(alert="a-1", areas=(city.areas.codes()[0],), threat=Threat.MISSILE)


def plans(system: System) -> list[PlanPinned]:
    return [each.event for each in system.journal.read(after=0) if isinstance(each.event, PlanPinned)]


def test_without_an_alert_nothing_is_planned(system: System, city: City) -> None:
    do(system, CloseShelter(shelter=city.shelters[0].id, reason="flooded"))
    assert plans(system) == []


def test_an_alert_pins_the_plan_and_a_closing_changes_it(system: System, city: City) -> None:
    do(system, raised(city))
    do(system)
    (pinned,) = plans(system)
    assert type(pinned) is PlanPinned
    assert (pinned.alert, pinned.gap_m, pinned.reason) == ("a-1", 0, "the alert was raised")
    assert pinned.placed > 0
    largest = max(city.shelters, key=lambda shelter: shelter.capacity).id
    do(system, CloseShelter(shelter=largest, reason="flooded"))
    changed = plans(system)[-1]
    assert isinstance(changed, PlanChanged)
    assert changed.placed < pinned.placed
    do(system, OpenShelter(shelter=largest))
    assert plans(system)[-1].placed == pinned.placed
    assert len(plans(system)) == 3


def test_those_whom_the_plan_sends_to_a_shelter_take_no_places_from_it_and_others_do(
    system: System, city: City
) -> None:
    do(system, raised(city))
    full = [load for load in system.sheltering.report().shelters if load.people == load.places]
    load = max(full, key=lambda load: load.people)
    capacity = {shelter.id: shelter.capacity for shelter in city.shelters}[load.shelter]
    do(system, ReportOccupancy(shelter=load.shelter, people=load.people))
    assert len(plans(system)) == 1
    do(system, ReportOccupancy(shelter=load.shelter, people=load.people + 7))
    places = {each.shelter: each.places for each in system.sheltering.report().shelters}
    assert places[load.shelter] == capacity - 7
    assert plans(system)[-1].placed < plans(system)[0].placed


def test_a_registered_shelter_is_planned_with_once_it_is_open(system: System, city: City) -> None:
    first = city.shelters[0]
    do(system, raised(city))
    cellar = RegisterShelter(
        shelter="cellar-9",
        names={"uk": "Підвал"},
        lat=first.point.lat,
        lon=first.point.lon,
        capacity=25,
        area=first.area,
        type="basement",
    )
    do(system, cellar, OpenShelter(shelter="cellar-9"))
    assert next(each for each in system.sheltering.report().shelters if each.shelter == "cellar-9").people == 25
    assert plans(system)[-1].placed == plans(system)[0].placed + 25


@pytest.mark.heavy
def test_when_very_many_close_a_quick_plan_is_served_and_the_best_one_follows(
    system: System, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheltering, "MENDED_AT_ONCE", 3)
    # The whole way, as in a city of millions: the solver is a process of its own.
    monkeypatch.setattr(cold, "SMALL", 0)
    do(system, raised(city))
    for shelter in city.shelters[::3]:
        system.do(CloseShelter(shelter=shelter.id, reason="no power"), CHIEF)
    system.sheltering.keep_up()
    assert all(load.people <= load.places for load in system.sheltering.report().shelters)
    solving = system.sheltering._solving
    assert solving is not None
    solving[1].result(timeout=120)
    do(system)
    assert system.sheltering.report().optimal
    assert plans(system)[-1].gap_m == 0


def test_a_solver_that_dies_is_said_and_started_again(
    system: System, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheltering, "MENDED_AT_ONCE", 3)
    do(system, raised(city))

    def killed(_reach: object, _places: object) -> None:
        raise BrokenProcessPool("killed")

    with monkeypatch.context() as dying:
        dying.setattr(cold, "solve_apart", killed)
        for shelter in city.shelters[::3]:
            system.do(CloseShelter(shelter=shelter.id, reason="no power"), CHIEF)
        system.sheltering.keep_up()
        solving = system.sheltering._solving
        assert solving is not None
        solving[1].exception(timeout=60)
    with pytest.raises(BrokenProcessPool):
        system.sheltering.keep_up()
    again = system.sheltering._solving
    assert again is not None
    again[1].result(timeout=60)
    system.sheltering.keep_up()
    assert system.sheltering.report().optimal


def test_the_settings_say_how_far_the_plan_lets_people_walk(city: City) -> None:
    near, far = (
        open_system(Settings(realm="exercise", plan_minutes=minutes), city, in_memory=True).system.sheltering.report()
        for minutes in (2.0, 30.0)
    )
    assert (near.minutes, far.minutes) == (2.0, 30.0)
    assert near.placed < far.placed


def test_the_plan_is_rehearsed_without_any_city(system: System) -> None:
    system.sheltering.warm()


def test_the_next_alert_pins_a_plan_of_its_own(system: System, city: City) -> None:
    do(system, raised(city))
    do(system, CancelAlert(alert="a-1", reason="a mistake"))
    do(system, RaiseAlert(alert="a-2", areas=(city.areas.codes()[0],), threat=Threat.DRONE))
    assert [plan.alert for plan in plans(system)] == ["a-1", "a-2"]
