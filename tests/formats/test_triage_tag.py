"""The tag to print and the patient as EDXL-TEP."""

import re
from datetime import UTC, datetime

import pytest
import segno
from lxml import etree
from tests.conftest import Golden

from tocsin.domain.response.patients import Category
from tocsin.formats.edxl_tep import TEP, Tracked, write_tep
from tocsin.formats.triage_tag import PREFIX, tag_svg

NOW = datetime(2025, 4, 24, 3, tzinfo=UTC)


def test_the_tag_shows_number_category_and_code(golden: Golden) -> None:
    golden.check("triage-tag.svg", tag_svg("24-001", "red", "F-0A1B2C"))


@pytest.mark.parametrize("category", Category)
def test_every_category_has_a_tag_in_both_languages(category: Category) -> None:
    words = tag_svg("24-001", category)
    assert any("А" <= letter <= "Я" for letter in words)
    assert any("A" <= letter <= "Z" for letter in words)


def test_the_code_holds_the_number_and_nothing_else() -> None:
    code = segno.make(PREFIX + "24-001", error="q", micro=False)
    drawn = re.findall(r' d="([^"]+)"', code.svg_inline(border=2, omitsize=True))
    assert drawn[-1] in tag_svg("24-001", "red")


def test_a_patient_is_written_as_tep_without_a_name(golden: Golden) -> None:
    tracked = Tracked(
        patient="24-001",
        incident="kyiv-2025-04-24",
        category="red",
        dead=False,
        child=True,
        sex="female",
        family="F-0A1B2C",
        hospital="Охматдит",
        team="AMB-7",
        disposition="carried",
        triaged_at=NOW,
    )
    document = write_tep(tracked, sender="tocsin@example.org", now=NOW)
    golden.check("patient.tep.xml", document.decode())
    assert etree.fromstring(document).tag == f"{{{TEP}}}tepMessage"
