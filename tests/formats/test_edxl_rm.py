"""A need as EDXL-RM 1.0, valid by the standard's own schema."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree
from tests.conftest import Golden

from tocsin.formats.edxl_rm import Request, write_request

FOLDER = Path(__file__).parents[2].parent / "shared/data/edxl/xsd/EDXLSharp.EDXLRMLib"
NOW = datetime(2025, 4, 24, 3, tzinfo=UTC)
REQUEST = Request(
    need="cranes",
    incident="kyiv-2025-04-24",
    team_type="heavy_rescue",
    what="crane of 25 t <with crew>",
    left=2,
    wanted_by=NOW,
    place="C-6 вулиця, 1",
    requester="team_leader",
)


class AnyCase(etree.Resolver):
    """The schemas import each other by names of another letter case."""

    def resolve(self, url: str, _public: str, context: Any) -> Any:  # type: ignore[override] # noqa: ANN401 - lxml's own
        wanted = Path(url).name.lower()
        found = [each for each in FOLDER.iterdir() if each.name.lower() == wanted]
        return self.resolve_filename(str(found[0]), context) if found else None  # type: ignore[attr-defined]


def write(request: Request) -> bytes:
    return write_request(request, sender="tocsin@example.org", now=NOW)


def test_the_document_is_as_it_was(golden: Golden) -> None:
    golden.check("need.rm.xml", write(REQUEST).decode())


@pytest.mark.skipif(not FOLDER.exists(), reason="the schema lies outside the repository: no shared/data")
@pytest.mark.parametrize(
    "request_",
    [REQUEST, msgspec.structs.replace(REQUEST, incident="", team_type="", wanted_by=None)],
    ids=["full", "least"],
)
def test_the_message_is_valid_by_the_standards_schema(request_: Request) -> None:
    parser = etree.XMLParser()
    parser.resolvers.add(AnyCase())
    schema = etree.XMLSchema(etree.parse(str(FOLDER / "EDXL-RMRequestResource.xsd"), parser))
    assert schema.validate(etree.fromstring(write(request_))), schema.error_log
