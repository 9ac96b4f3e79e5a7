"""Casualties in the forms of others: what each promises, and that other programs can read it."""

import csv
import io
from datetime import datetime
from typing import Any

import hxl
import msgspec
import pytest
from lxml import etree
from tests.casualties import CITY, at, gathered, said
from tests.conftest import Golden
from tests.domain.test_reconcile import the_night

from tocsin.domain.casualties import Age, Interval, Measure, Role, Span, Status, figures
from tocsin.domain.casualties.periods import CasualtyReport
from tocsin.formats.casualties import WRITERS
from tocsin.formats.edxl_sitrep import CT, GML, SITREP, XSI, write_sitrep
from tocsin.formats.figures_csv import write_figures_csv
from tocsin.formats.hxl import COLUMNS, write_hxl
from tocsin.formats.ics209 import ics209, write_ics209

KYIV = "UA80000000000093317"


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+03:00")


def of_the_night(since: str, until: str) -> CasualtyReport:
    """The real night in a period, places and people as a city would give them."""
    night = the_night()
    return CasualtyReport(
        attack="kyiv-2025-04-24",
        names={"en": "Night to 24 April 2025, Kyiv", "uk": "Ніч на 24 квітня 2025 року, Київ"},
        place=KYIV,
        place_names={"en": "Kyiv", "uk": "Київ"},
        lat=50.4731,
        lon=30.4012,
        start=local("2025-04-24T00:36"),
        since=local(since),
        until=local(until),
        figures=figures(night, local(until), KYIV),
        before=figures(night, local(since), KYIV),
        prepared_by="petro",
        authorized_by="olena",
        sources={claim.id: (claim.source.publisher, claim.source.url) for claim in night.by_id.values()},
    )


MORNING = of_the_night("2025-04-24T00:36", "2025-04-24T06:30")
NOON = msgspec.structs.replace(
    of_the_night("2025-04-24T06:30", "2025-04-24T11:30"),
    number=2,
    version="Update",
    precedes=("kyiv-2025-04-24-sitrep-1",),
    next_expected=local("2025-04-24T16:00"),
)
END = of_the_night("2025-04-25T09:00", "2025-04-29T12:00")


@pytest.mark.parametrize("form", WRITERS)
def test_each_form_is_as_agreed(form: str, golden: Golden) -> None:
    golden.check(f"casualties.{form.replace('-', '.')}", WRITERS[form][1](NOON).decode())  # type: ignore[index]


def test_growth_is_told_for_the_period_and_a_fall_is_not_made_a_growth() -> None:
    assert MORNING.in_period(Measure.KILLED) == 9
    assert NOON.in_period(Measure.KILLED) is None
    assert NOON.in_period(Measure.INJURED) == 14
    assert END.in_period(Measure.KILLED) == 1
    assert END.in_period(Measure.INJURED) == 0
    assert NOON.in_period(Measure.REMAINS_UNIDENTIFIED) is None


def test_what_a_source_said_of_just_this_period_is_taken_before_the_difference() -> None:
    claims = gathered(
        said("before", Measure.KILLED, 9, hours=1),
        said("after", Measure.KILLED, 12, hours=5),
        said("between", Measure.KILLED, 4, hours=5, span=Span.PER_PERIOD, since=at(1)),
    )
    report = msgspec.structs.replace(
        NOON, place=CITY, since=at(1), until=at(5), figures=figures(claims, at(5)), before=figures(claims, at(1))
    )
    assert report.in_period(Measure.KILLED) == 4


def texts(document: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in etree.fromstring(document).iter():
        if element.text and element.text.strip():
            found.setdefault(etree.QName(element).localname, []).append(element.text)
    return found


HEADER = (
    "messageID preparedBy authorizedBy reportPurpose reportNumber reportVersion forTimePeriod reportTitle incidentID "
    "incidentLifecyclePhase precedingMessageID urgency reportConfidence severity reportingLocation nextContact report"
)


def test_sitrep_keeps_the_order_of_the_standard_and_its_three_traps() -> None:
    root = etree.fromstring(write_sitrep(NOON))
    assert root.tag == f"{{{SITREP}}}sitRep"
    assert [etree.QName(child).localname for child in root] == HEADER.split()
    [report] = root.findall(f"{{{SITREP}}}report")
    assert report.get(f"{{{XSI}}}type") == "sitrep:CasualtyAndIllnessSummaryType"
    assert report.nsmap["sitrep"] == SITREP
    [start] = root.findall(f".//{{{CT}}}fromDateTime")
    assert start.text == "2025-04-24T03:30:00+00:00"
    [point] = root.findall(f".//{{{GML}}}point")
    assert (point.get(f"{{{GML}}}Id"), point.get("SrsName")) == ("place", "urn:ogc:def:crs:EPSG::4326")
    assert "Z" not in start.text


def test_sitrep_counts_both_spans_and_tells_children_and_reasons_in_remarks() -> None:
    found = texts(write_sitrep(NOON))
    assert found["fatalities"] == ["8"]
    assert found["withInjuryOrIllness"] == ["14", "77"]
    assert found["hospitalized"] == ["0", "42"]
    [remarks] = found["remarks"]
    assert "hospitalized, children: six." in remarks
    assert "withInjuryOrIllness, children" not in remarks
    assert "Revised: remains under examination." in remarks
    assert found["reportConfidence"] == ["Unsure"]
    assert "EXERCISE" in found["reportPurpose"][0]
    live = texts(write_sitrep(msgspec.structs.replace(END, exercise=False)))
    assert "EXERCISE" not in live["reportPurpose"][0]
    assert texts(write_sitrep(MORNING))["reportConfidence"] == ["SomewhatConfident"]


def with_responders() -> CasualtyReport:
    confirmed: dict[str, Any] = {"status": Status.CONFIRMED}
    claims = gathered(
        said("all", Measure.KILLED, 5, **confirmed),
        said("resp", Measure.KILLED, 2, role=Role.RESPONDER, **confirmed),
        said("hurt", Measure.INJURED, Interval(20, None, 20), **confirmed),
    )
    return msgspec.structs.replace(
        END, place=CITY, since=at(0), until=at(5), figures=figures(claims, at(5)), before={}, lat=None, lon=None
    )


def test_responders_are_counted_once_and_apart() -> None:
    found = texts(write_sitrep(with_responders()))
    assert found["fatalities"] == ["3", "2", "3", "2"]
    assert found["value"] == [CITY]
    blocks = ics209(with_responders())
    assert (blocks.public[0].this_period, blocks.public[0].to_date) == (3, 3)
    assert (blocks.responders[0].this_period, blocks.responders[0].to_date) == (2, 2)


def test_ics_209_counts_confirmed_dead_only_and_tells_the_others_in_remarks() -> None:
    blocks = ics209(MORNING)
    assert (blocks.public[0].letter, blocks.public[0].this_period, blocks.public[0].to_date) == ("D", 0, 0)
    assert blocks.remarks[0].startswith("Reported killed, not confirmed: nine (State Emergency Service")
    final = ics209(END)
    assert (final.public[0].this_period, final.public[0].to_date) == (1, 13)
    assert not [remark for remark in final.remarks if "not confirmed" in remark]
    assert [line.letter for line in final.public] == list("DEFGHIJKLMN")
    assert final.public[-1].to_date == 13 + 90 - 1
    assert write_ics209(END).startswith("ICS 209")


def test_hxl_tells_open_from_zero_and_leaves_the_ambiguous_out() -> None:
    [_, tags, row] = csv.reader(io.StringIO(write_hxl([MORNING])))
    cells = dict(zip(tags, row, strict=True))
    assert cells["#affected+killed+best"] == "9"
    assert cells["#affected+killed+max"] == ""
    assert cells["#affected+hospitalised+children"] == "6"
    assert cells["#affected+injured+children"] == ""
    assert cells["#date+reported"] == "2025-04-24"
    assert cells["#adm1+name"] == "Kyiv"


def test_hxl_passes_the_validation_of_libhxl() -> None:
    source = hxl.data(io.BytesIO(write_hxl([MORNING, NOON, END]).encode()), hxl.InputOptions(allow_local=True))
    schema = hxl.schema()
    problems: list[object] = []
    schema.callback = problems.append
    assert schema.validate(source), [str(problem) for problem in problems]
    assert source.display_tags == [tag for _, tag in COLUMNS]


def test_csv_has_every_figure_and_its_growth() -> None:
    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(write_figures_csv(NOON)))}
    assert set(rows) == set(NOON.figures)
    assert (rows["injured"]["best"], rows["injured"]["in_period"], rows["injured"]["high"]) == ("77", "14", "")
    assert rows["killed"]["in_period"] == ""
    assert rows["hospitalised:child:current"]["age"] == Age.CHILD
    assert rows["killed"]["phrase_uk"] == "вісім"
