"""The record as others take it: CSV, GeoJSON, the columns of UCDP GED 25.1 and those of ACLED."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from tocsin.formats.record.acled import ACLED, write_acled
from tocsin.formats.record.ged import GED, write_ged
from tocsin.formats.record.plain import write_csv, write_geojson
from tocsin.formats.record.row import Bounds, Cited, Down, RecordRow


class Export(StrEnum):
    CSV = "csv"
    GEOJSON = "geojson"
    HXL = "hxl"
    GED = "ucdp-ged"
    ACLED = "acled"


WRITERS: Mapping[Export, tuple[str, Callable[[Sequence[RecordRow]], str]]] = {
    Export.CSV: ("text/csv", write_csv),
    Export.GEOJSON: ("application/geo+json", write_geojson),
    Export.GED: ("text/csv", write_ged),
    Export.ACLED: ("text/csv", write_acled),
}
"""Media type and writer of each form that is made of these rows. HXL is made of casualty reports."""

__all__ = ["ACLED", "GED", "WRITERS", "Bounds", "Cited", "Down", "Export", "RecordRow"]
