"""The forms in which an attack's casualties leave: by name, for the command line and the door."""

from collections.abc import Callable
from typing import Literal, TypeAlias

from tocsin.domain.casualties.periods import CasualtyReport
from tocsin.formats import edxl_sitrep, figures_csv, hxl, ics209

Form: TypeAlias = Literal["csv", "hxl", "sitrep-xml", "ics-209"]

WRITERS: dict[Form, tuple[str, Callable[[CasualtyReport], bytes]]] = {
    "csv": (figures_csv.MEDIA_TYPE, lambda report: figures_csv.write_figures_csv(report).encode()),
    "hxl": (hxl.MEDIA_TYPE, lambda report: hxl.write_hxl([report]).encode()),
    "sitrep-xml": (edxl_sitrep.MEDIA_TYPE, edxl_sitrep.write_sitrep),
    "ics-209": ("text/plain", lambda report: ics209.write_ics209(report).encode()),
}
"""Form to its media type and how it is written, in UTF-8."""
