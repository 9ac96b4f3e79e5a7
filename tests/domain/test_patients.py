"""The rules of patients."""

from datetime import timedelta

import msgspec
import pytest
from tests.town import Town, site, tagged, team

from tocsin.domain.response.hospitals import BedType
from tocsin.domain.response.patients import (
    ALLOWED,
    PATIENT,
    PLACES,
    AdmitPatient,
    Care,
    CarryPatient,
    Category,
    DischargePatient,
    Findings,
    How,
    LinkFamily,
    PatientDischarged,
    PatientRetriaged,
    PatientTransferred,
    Place,
    RecordDeath,
    RetriagePatient,
    TransferPatient,
)
from tocsin.domain.response.teams import TeamType
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Commands, kind_of

RETRIAGE = RetriagePatient(patient="A-1", category=Category.YELLOW)
CARRY = CarryPatient(patient="A-1", team="UKR-01", how=How.STRETCHER, to="AMB-7")
ADMIT = AdmitPatient(patient="A-1", hospital="h-1", bed=BedType.ADULT_ICU)
TRANSFER = TransferPatient(patient="A-1", hospital="h-2")
DISCHARGE = DischargePatient(patient="A-1")
FAMILY = LinkFamily(patient="A-1", family="F-00A1B2")
EVERY = (tagged(), RETRIAGE, CARRY, ADMIT, TRANSFER, DISCHARGE, FAMILY)

HISTORY: dict[Care, tuple[Command, ...]] = {
    Care.UNKNOWN: (),
    Care.TAGGED: (tagged(),),
    Care.CARRIED: (tagged(), CARRY),
    Care.ADMITTED: (tagged(), CARRY, ADMIT),
    Care.DISCHARGED: (tagged(), CARRY, ADMIT, DISCHARGE),
    Care.DEAD: (tagged(), RecordDeath(patient="A-1", place=Place.SCENE)),
}
BEFORE_HOSPITAL = {
    "patient.retriage",
    "patient.carry",
    "patient.admit",
    "patient.discharge",
    "patient.die",
    "patient.link_family",
}
TABLE = {
    Care.UNKNOWN: {"patient.tag"},
    Care.TAGGED: BEFORE_HOSPITAL,
    Care.CARRIED: BEFORE_HOSPITAL,
    Care.ADMITTED: {
        "patient.retriage",
        "patient.transfer",
        "patient.discharge",
        "patient.die",
        "patient.link_family",
    },
    Care.DISCHARGED: {"patient.admit", "patient.link_family"},
    Care.DEAD: {"patient.link_family"},
}


def town() -> Town:
    """With a rescue team and an ambulance."""
    made = Town()
    made.do(team(), team("AMB-7", TeamType.AMBULANCE))
    return made


@pytest.mark.parametrize("command", EVERY, ids=kind_of)
@pytest.mark.parametrize("care", Care)
def test_this_far_exactly_the_commands_of_the_table_are_allowed(care: Care, command: Command) -> None:
    there = town()
    there.do(*HISTORY[care])
    if kind_of(command) in TABLE[care]:
        assert there.do(command)
    else:
        with pytest.raises((Refused, Unknown)):
            there.do(command)
    assert {kind_of(each) for each in ALLOWED[care]} == TABLE[care]


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("care", Care)
def test_this_far_somebody_dies_only_in_the_places_of_the_table(care: Care, place: Place) -> None:
    there = town()
    there.do(*HISTORY[care])
    death = RecordDeath(patient="A-1", place=place)
    if place in PLACES.get(care, ()):
        assert there.do(death) == ("patient.died",)
    else:
        with pytest.raises((Refused, Unknown)):
            there.do(death)


def test_nobody_dies_in_a_hospital_that_never_admitted_them() -> None:
    there = town()
    there.do(tagged(), CARRY)
    with pytest.raises(Refused, match="scene or transport, not hospital"):
        there.do(RecordDeath(patient="A-1", place=Place.HOSPITAL))


def test_a_transfer_names_the_hospital_that_has_one_patient_less() -> None:
    there = town()
    there.do(*HISTORY[Care.ADMITTED], TRANSFER)
    (*_, last) = there.journal.read()
    assert last.event == PatientTransferred(patient="A-1", previous="h-1", hospital="h-2", bed=BedType.ADULT_ICU)
    assert there.do(TRANSFER) == ()


def test_another_bed_in_the_same_hospital_is_a_transfer_too() -> None:
    there = town()
    there.do(*HISTORY[Care.ADMITTED])
    assert there.do(TransferPatient(patient="A-1", hospital="h-1", bed=BedType.BURN)) == ("patient.transferred",)


def test_whoever_is_sent_home_from_the_scene_was_in_no_hospital() -> None:
    there = town()
    there.do(tagged(category=Category.GREEN), DISCHARGE)
    (*_, last) = there.journal.read()
    assert last.event == PatientDischarged(patient="A-1", hospital="")


@pytest.mark.parametrize("command", [ADMIT, TRANSFER])
def test_a_hospital_the_city_does_not_have_is_unknown(command: AdmitPatient) -> None:
    there = town()
    there.do(*HISTORY[Care.TAGGED if command is ADMIT else Care.ADMITTED])
    with pytest.raises(Unknown, match=r"^hospital: .*h-9"):
        there.do(msgspec.structs.replace(command, hospital="h-9"))


@pytest.mark.parametrize("field", ["team", "to"])
def test_only_a_registered_team_carries_or_takes_over(field: str) -> None:
    there = town()
    there.do(tagged())
    with pytest.raises(Unknown, match=rf"^{field}: .*nobody"):
        there.do(msgspec.structs.replace(CARRY, **{field: "nobody"}))


def test_a_patient_found_at_a_worksite_names_one_that_exists() -> None:
    there = town()
    with pytest.raises(Unknown, match=r"^worksite: .*C-1"):
        there.do(tagged(worksite="C-1"))
    assert there.do(site(), tagged(worksite="C-1")) == ("patient.tagged",)


@pytest.mark.parametrize("tag", ["", "Ivan Franko", "Ivan", "А-1", "A/1", "A 1"])
def test_a_tag_is_a_number_and_never_a_name(tag: str) -> None:
    with pytest.raises(Invalid, match=r"patient\.tag patient"):
        Commands(PATIENT.commands).decode("patient.tag", msgspec.json.encode(tagged(tag)))


def test_no_command_about_a_patient_has_room_for_a_name() -> None:
    free_text = {"name", "names", "text", "note", "person", "reason"}
    for command in PATIENT.commands:
        assert free_text.isdisjoint(command.__struct_fields__)


@pytest.mark.parametrize("care", [Care.ADMITTED, Care.DISCHARGED, Care.DEAD])
def test_what_comes_in_late_from_the_field_is_kept_and_moves_nobody_back(care: Care) -> None:
    there = town()
    there.do(*HISTORY[care])
    before = there.handler._load("patient/A-1").state.care
    late = there.now - timedelta(minutes=30)
    assert there.do(msgspec.structs.replace(CARRY, occurred=late)) == ("patient.carried",)
    assert there.do(msgspec.structs.replace(RETRIAGE, occurred=late)) == ("patient.retriaged",)
    assert there.handler._load("patient/A-1").state.care is before


def test_the_category_that_findings_give_is_kept_beside_the_one_that_was_given() -> None:
    there = town()
    there.do(tagged(), msgspec.structs.replace(RETRIAGE, findings=Findings(walks=True)))
    event = list(there.journal.read())[-1].event
    assert isinstance(event, PatientRetriaged)
    assert (event.category, event.computed) == (Category.YELLOW, Category.GREEN)


def test_findings_that_stop_short_name_the_question_nobody_answered() -> None:
    there = town()
    with pytest.raises(Invalid, match=r"findings\.respiratory_rate"):
        there.do(msgspec.structs.replace(tagged(), findings=Findings(walks=False, breathing=True)))


def test_a_family_gets_a_code_and_whoever_belongs_to_it_the_same() -> None:
    there = town()
    there.do(tagged(), LinkFamily(patient="A-1"))
    code = there.handler._load("patient/A-1").state.family
    assert there.do(LinkFamily(patient="A-1")) == ()
    assert there.do(tagged("A-2"), LinkFamily(patient="A-2", family=code)) == ("patient.family_linked",)
    assert there.handler._load("patient/A-2").state.family == code
