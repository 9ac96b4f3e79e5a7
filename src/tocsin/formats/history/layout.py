"""Column maps: which column of somebody's CSV file says what. One TOML file for each data set."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.kernel.errors import Invalid
from tocsin.kernel.time import zone_of

FIELDS: dict[str, frozenset[str]] = {
    "alerts": frozenset({"level", "start", "end", "minutes", "merged"}),
    "launches": frozenset(
        {
            "start",
            "end",
            "model",
            "launched",
            "intercepted",
            "lost",
            "still_airborne",
            "parts",
            "hit_places",
            "debris_places",
            "reference",
        }
    ),
    "models": frozenset({"model", "category", "origin", "type"}),
}
"""What a column can be mapped to, by kind of row."""
_NEEDED = {"alerts": ("start",), "launches": ("start", "model"), "models": ("model",)}


class Layout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How to read one kind of file.

    Attributes:
        dataset: Name under which its rows are kept. Rows of two files with one name are of one data set.
        time_zone: Of times that are written without an offset.
        places: Columns that name the place: of an alert from the outermost inwards, of a launch in any order.
        columns: What we call it to what the file calls it.
        more: Columns of launches that are kept as they are.
        same_as: Columns that are passed over, as they repeat the others.
    """

    dataset: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9.-]*$", max_length=80)]
    kind: Literal["alerts", "launches", "models"]
    publisher: Annotated[str, Meta(min_length=1, max_length=200)]
    url: Annotated[str, Meta(min_length=1)]
    licence: str = ""
    time_zone: str = "UTC"
    places: tuple[str, ...] = ()
    columns: dict[str, str] = {}
    more: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()

    def named(self) -> frozenset[str]:
        """Every column of the file that the layout knows."""
        return frozenset((*self.places, *self.columns.values(), *self.more, *self.same_as))


def read_layout(text: str, where: str) -> Layout:
    """
    Raises:
        Invalid: If it is not TOML, has a field that means nothing, or lacks a column that is needed.
    """
    try:
        layout = msgspec.convert(tomllib.loads(text), Layout)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Invalid(str(error), where) from None
    zone_of(layout.time_zone, f"{where} time_zone")
    if unknown := sorted(layout.columns.keys() - FIELDS[layout.kind]):
        known = ", ".join(sorted(FIELDS[layout.kind]))
        raise Invalid(f"{unknown[0]!r} is nothing that {layout.kind} have; they have {known}", f"{where} columns")
    if missing := [field for field in _NEEDED[layout.kind] if field not in layout.columns]:
        raise Invalid(f"{layout.kind} need a column for {missing[0]!r}", f"{where} columns")
    if layout.kind == "alerts" and not layout.places:
        raise Invalid("alerts need the columns of their places", f"{where} places")
    return layout


@cache
def shipped() -> tuple[Layout, ...]:
    """The layouts that come with the program."""
    folder = resources.files(__package__) / "layouts"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return tuple(read_layout(each.read_text(encoding="utf-8"), each.name) for each in files)


def find_layout(header: Sequence[str], where: str) -> Layout:
    """
    The shipped layout of which the file has every column that is read; of several, the one that knows most of them.

    Raises:
        Invalid: If there is none: then a column map is needed.
    """
    fitting = [each for each in shipped() if {*each.places, *each.columns.values()} <= set(header)]
    if not fitting:
        raise Invalid(f"no known data set has the columns {', '.join(header)}; give a column map with --map", where)
    return max(fitting, key=lambda layout: len(layout.named() & set(header)))
