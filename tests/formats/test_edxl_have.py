"""Hospitals as EDXL-HAVE 1.0: valid by the standard's own schema, and read back as they were told."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.conftest import Golden

from tocsin.domain.response.hospitals import (
    Adequacy,
    Beds,
    BedType,
    ClinicalStatus,
    DeconStatus,
    Facility,
    FacilityStatus,
    MorgueStatus,
    Offload,
    ReportHospital,
    SecurityStatus,
    Service,
    Traffic,
    Triaged,
)
from tocsin.formats.edxl_have import HaveHospital, read_have, write_have
from tocsin.kernel.errors import Invalid

SCHEMA = Path(__file__).parents[2].parent / "shared/data/edxl/xsd/EDXLSharp.EDXLHAVELib/edxl-have.xsd"
NOW = datetime(2025, 4, 24, 3, tzinfo=UTC)
needs_schema = pytest.mark.skipif(not SCHEMA.exists(), reason="the schema lies outside the repository: no shared/data")


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMA)))


def told(**changes: object) -> HaveHospital:
    plain = HaveHospital(
        id="city-2",
        name="Міська лікарня № 2",
        lat=50.46,
        lon=30.617,
        beds={BedType.BURN: Beds(available=3, baseline=90, additional_24h=5), BedType.ADULT_ICU: Beds(available=0)},
        ed_status=Traffic.ADVISORY,
        offload=Offload.DELAYED,
        offload_minutes=25,
        facility=Facility(
            traffic_reason="CT out of order",
            ems_capacity=Triaged(red=2, yellow=6, green=0),
            ems_census=Triaged(red=1),
            air_offload=Offload.NORMAL,
            services={Service.BURN: True, Service.NEUROLOGY: False, Service.SURGERY: True},
            trauma_level=2,
            facility=FacilityStatus.COMPROMISED,
            clinical=ClinicalStatus.NORMAL,
            security=SecurityStatus.ELEVATED,
            eoc_active=True,
            morgue=MorgueStatus.OPEN,
            morgue_units=12,
            decon=DeconStatus.INACTIVE,
            admissions_24h=31,
            discharges_24h=4,
            deaths_24h=1,
            staffing=Adequacy.ADEQUATE,
            clinical_operations=Adequacy.INSUFFICIENT,
        ),
        updated=NOW,
    )
    return msgspec.structs.replace(plain, **changes)


def as_report(hospital: HaveHospital) -> ReportHospital:
    return ReportHospital(
        hospital=hospital.id,
        beds=hospital.beds,
        ed_status=hospital.ed_status,
        offload=hospital.offload,
        offload_minutes=hospital.offload_minutes,
        facility=hospital.facility,
        occurred=hospital.updated,
    )


def test_the_document_is_as_it_was(golden: Golden) -> None:
    golden.check("hospitals.have.xml", write_have([told()]).decode())


counts = st.none() | st.integers(0, 500)
choice = st.none() | st.integers(0, 500)
facilities = st.builds(
    Facility,
    traffic_reason=st.sampled_from(["", "вибух", "CT <out>"]),
    ems_capacity=st.none() | st.builds(Triaged, red=counts, yellow=counts, green=counts, black=counts),
    ems_census=st.none() | st.builds(Triaged, red=counts, yellow=counts, green=counts, black=counts),
    air_offload=st.none() | st.sampled_from(Offload),
    services=st.dictionaries(st.sampled_from(Service), st.booleans()),
    trauma_level=st.none() | st.integers(1, 4),
    facility=st.none() | st.sampled_from(FacilityStatus),
    clinical=st.none() | st.sampled_from(ClinicalStatus),
    security=st.none() | st.sampled_from(SecurityStatus),
    eoc_active=st.none() | st.booleans(),
    morgue=st.none() | st.sampled_from(MorgueStatus),
    morgue_units=counts,
    decon=st.none() | st.sampled_from(DeconStatus),
    admissions_24h=counts,
    discharges_24h=counts,
    deaths_24h=counts,
    staffing=st.none() | st.sampled_from(Adequacy),
    facility_operations=st.none() | st.sampled_from(Adequacy),
    clinical_operations=st.none() | st.sampled_from(Adequacy),
)
hospitals = st.builds(
    told,
    beds=st.dictionaries(
        st.sampled_from(BedType),
        st.builds(Beds, available=st.integers(0, 99), baseline=counts, additional_24h=counts, additional_72h=counts),
    ),
    ed_status=st.sampled_from(Traffic),
    offload=st.sampled_from(Offload),
    offload_minutes=counts,
    facility=facilities,
)


@needs_schema
@settings(max_examples=60)
@given(st.lists(hospitals, min_size=1, max_size=3))
def test_whatever_hospitals_say_the_document_is_valid_by_the_standards_schema(told_of: list[HaveHospital]) -> None:
    document = etree.fromstring(write_have(told_of))
    assert schema().validate(document), schema().error_log


@settings(max_examples=60)
@given(st.lists(hospitals, min_size=1, max_size=3))
def test_what_is_written_is_read_back_as_it_was_told(told_of: list[HaveHospital]) -> None:
    assert read_have(write_have(told_of)) == [as_report(each) for each in told_of]


def test_without_a_report_there_is_no_document() -> None:
    with pytest.raises(Invalid, match="no hospital"):
        write_have([])


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("Advisory", "Maybe", "ed_status"),
        ("2025-04-24T03:00:00+00:00", "2025-04-24T03:00:00", "LastUpdateTime"),
        (' xnl:OrganisationID="city-2"', "", "OrganisationID"),
        ("<AvailableCount>3", "<AvailableCount>-3", "AvailableCount"),
        ("<AvailableCount>3", "<AvailableCount>many", "AvailableCount"),
        ("HAVE:1.0", "HAVE:9.0", "document"),
        ("<BedType>Burn", "<BedType>Hammock", "beds"),
    ],
)
def test_a_document_that_is_wrong_is_refused_by_the_element(old: str, new: str, where: str) -> None:
    document = write_have([told()]).decode()
    assert old in document
    with pytest.raises(Invalid) as error:
        read_have(document.replace(old, new).encode())
    assert where in str(error.value)


@given(st.binary(max_size=200))
def test_whatever_the_bytes_nothing_but_our_own_error_is_raised(document: bytes) -> None:
    with pytest.raises(Invalid):
        read_have(document)
