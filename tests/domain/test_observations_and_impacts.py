"""What was heard and seen, and where something came down."""

import msgspec
import pytest
from tests.town import SOURCE, START, Town, impact

from tocsin.domain.response.impacts import IMPACT
from tocsin.domain.response.observations import RecordObservation, Sight
from tocsin.domain.source import Source
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Commands

BLAST = RecordObservation(observation="o-1", what=Sight.BLAST, time=START, precision_minutes=10, area="kyiv")


def test_an_observation_is_kept_with_how_sure_its_time_is() -> None:
    town = Town()
    assert town.do(BLAST) == ("observation.recorded",)
    (recorded,) = town.journal.read()
    assert (recorded.event.what, recorded.event.precision_minutes, recorded.event.source) == (Sight.BLAST, 10, None)


@pytest.mark.parametrize("command", [BLAST, impact()])
def test_the_same_report_again_changes_nothing_and_another_under_its_id_is_refused(
    command: RecordObservation,
) -> None:
    town = Town()
    town.do(command)
    assert town.do(command) == ()
    with pytest.raises(Refused, match="another"):
        town.do(msgspec.structs.replace(command, text="no, two"))


@pytest.mark.parametrize("command", [BLAST, impact()])
def test_a_report_names_an_area_of_the_city(command: RecordObservation) -> None:
    with pytest.raises(Unknown, match=r"^area"):
        Town().do(msgspec.structs.replace(command, area="lviv"))


def test_an_observation_from_a_source_names_one_that_can_be_found_again() -> None:
    town = Town()
    town.do(msgspec.structs.replace(BLAST, source=SOURCE))
    with pytest.raises(Invalid, match=r"source\.url"):
        town.do(msgspec.structs.replace(BLAST, observation="o-2", source=Source(publisher="AFP")))


def test_an_impact_may_name_an_attack_whose_record_nobody_has_opened_yet() -> None:
    assert Town().do(msgspec.structs.replace(impact(), attack="kyiv-2025-04-24")) == ("impact.reported",)


@pytest.mark.parametrize(("field", "value"), [("lat", "91"), ("lon", "-181"), ("time", '"2025-04-24T01:00:00"')])
def test_an_impossible_position_or_a_time_without_offset_is_invalid(field: str, value: str) -> None:
    fields = {"time": '"2025-04-24T01:00:00+03:00"', "lat": "50.4", "lon": "30.5"} | {field: value}
    given = ", ".join(f'"{name}": {text}' for name, text in fields.items())
    body = f'{{{given}, "area": "podil", "effect": "fire", "reporter_kind": "call"}}'
    with pytest.raises(Invalid, match=rf"impact\.report {field}"):
        Commands(IMPACT.commands).decode("impact.report", body.encode())
