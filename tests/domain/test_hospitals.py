"""The rules of hospitals, and their words as EDXL-HAVE has them."""

import re
from enum import StrEnum
from pathlib import Path

import pytest
from tests.town import Town

from tocsin.domain.response.hospitals import HOSPITAL, Beds, BedType, Offload, ReportHospital, Traffic
from tocsin.kernel.errors import Invalid, Unknown
from tocsin.kernel.event import Commands

XSD = Path(__file__).parents[2].parent / "shared/data/edxl/xsd/EDXLSharp.EDXLHAVELib/edxl-have.xsd"


def report(hospital: str = "h-1", beds: Beds | None = None) -> ReportHospital:
    return ReportHospital(
        hospital=hospital, beds={BedType.BURN: beds or Beds(available=3, baseline=10)}, ed_status=Traffic.NORMAL
    )


def test_a_report_that_says_the_same_again_is_fresh_news() -> None:
    town = Town()
    assert town.do(report()) == town.do(report()) == ("hospital.reported",)


def test_a_hospital_the_city_does_not_have_is_unknown() -> None:
    with pytest.raises(Unknown, match=r"^hospital: .*h-9"):
        Town().do(report("h-9"))


def test_more_free_beds_than_there_are_is_invalid_and_names_the_type() -> None:
    with pytest.raises(Invalid, match=r"beds\.Burn\.available"):
        Town().do(report(beds=Beds(available=11, baseline=10)))


def test_free_beds_are_taken_without_knowing_how_many_there_are() -> None:
    assert Town().do(report(beds=Beds(available=11))) == ("hospital.reported",)


def test_a_type_of_bed_that_the_standard_does_not_have_is_invalid() -> None:
    body = b'{"hospital": "h-1", "beds": {"Sofa": {"available": 1}}, "ed_status": "Normal"}'
    with pytest.raises(Invalid, match="Sofa"):
        Commands(HOSPITAL.commands).decode("hospital.report", body)


@pytest.mark.skipif(not XSD.exists(), reason="the EDXL schemas are not beside the repository")
@pytest.mark.parametrize(
    ("element", "words"), [("BedType", BedType), ("EMSTrafficStatus", Traffic), ("EMSOffloadStatus", Offload)]
)
def test_the_words_are_those_of_the_schema(element: str, words: type[StrEnum]) -> None:
    declaration = XSD.read_text(encoding="utf-8").split(f'name="{element}"', 1)[1].split("</xsd:simpleType>", 1)[0]
    assert re.findall(r'enumeration value="([^"]+)"', declaration) == list(words)
