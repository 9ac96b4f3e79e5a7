"""Rows of launches, and of the list of models they name."""

import re

from tocsin.domain.record.attacks import WeaponClass
from tocsin.domain.record.history import Launch, Model, Odd
from tocsin.domain.record.models import classes_of
from tocsin.formats.history.cells import Moment, local_night, read_literal, read_moment, read_targets
from tocsin.formats.history.row import Row, row_id

_JOINED = re.compile(r"\s+and\s+")


def read_launch(row: Row) -> tuple[Launch, str]:
    """
    Returns:
        The row, and what of its places is not known.

    Raises:
        ValueError: If a time or a count cannot be read, or it has no model.
    """
    start, end = _window(row)
    models = _models(row)
    counts = {name: row.count(name) for name in ("launched", "intercepted", "lost", "still_airborne")}
    places = [read_targets(row.cells.get(column, "")) for column in row.layout.places]
    parts, odd = _parts(row, counts["launched"])
    odd = [*start.odd, *end.odd, *odd, *_counted(counts), *(each for place in places for each in place.odd)]
    odd += [Odd.JOINED_MODELS] if len(models) > 1 else []
    odd += [each for name in row.layout.more for each in _literal_odd(row.cells.get(name, ""))]
    classes = classes_of((*models, *parts))
    odd += [Odd.CLASS_UNKNOWN] if WeaponClass.UNKNOWN in classes else []
    target = row.cells.get(row.layout.places[0], "").strip() if row.layout.places else ""
    reference = row.text("reference").strip()
    # What it was launched from tells two rows of one window apart; its counts do not: they are what gets revised.
    identity = (
        row.text("start"),
        row.text("end"),
        row.text("model"),
        target,
        reference,
        row.cells.get("launch_place", ""),
    )
    launch = Launch(
        id=row_id(*(each.strip() for each in identity)),
        start=start.instant,
        end=end.instant,
        night=local_night(end.instant, row.zone).date(),
        start_precision_minutes=start.precision,
        end_precision_minutes=end.precision,
        models=models,
        classes=classes,
        **counts,
        parts=parts,
        hit_places=row.count("hit_places"),
        debris_places=row.count("debris_places"),
        places=tuple(dict.fromkeys(path for place in places for path in place.paths)),
        target=target,
        reference=reference,
        more=row.more(),
        odd=tuple(dict.fromkeys(odd)),
        line=row.line,
    )
    return launch, ", ".join(name for place in places for name in place.unknown)


def read_model(row: Row) -> tuple[Model, str]:
    """
    Raises:
        ValueError: If it has no name.
    """
    models = _models(row)
    classes = classes_of(models)
    odd = [Odd.JOINED_MODELS] if len(models) > 1 else []
    odd += [Odd.CLASS_UNKNOWN] if WeaponClass.UNKNOWN in classes else []
    name = row.text("model").strip()
    described = {field: row.text(field).strip() for field in ("category", "origin", "type")}
    return Model(id=row_id(name), name=name, classes=classes, **described, odd=tuple(odd), line=row.line), ""


def _window(row: Row) -> tuple[Moment, Moment]:
    texts = {field: row.text(field) for field in ("start", "end")}
    texts["end"] = texts["end"] or texts["start"]
    try:
        start = read_moment(texts["start"], row.zone)
        end = read_moment(texts["end"], row.zone, end=True)
    except ValueError:
        raise ValueError(f"{texts['start']!r} to {texts['end']!r} is no window of time") from None
    if end.instant < start.instant:
        raise ValueError("it would end before it starts")
    return start, end


def _models(row: Row) -> tuple[str, ...]:
    models = tuple(each.strip() for each in _JOINED.split(row.text("model").strip()) if each.strip())
    if not models:
        raise ValueError("no model")
    return models


def _counted(counts: dict[str, int | None]) -> list[Odd]:
    launched = counts["launched"]
    if launched is None:
        return [Odd.NOT_COUNTED]
    known = sum(counts[name] or 0 for name in ("intercepted", "lost", "still_airborne"))
    return [Odd.EXCEEDS_LAUNCHED] if known > launched else []


def _parts(row: Row, launched: int | None) -> tuple[dict[str, int], list[Odd]]:
    literal = read_literal(row.text("parts"))
    value, odd = literal.value, list(literal.odd)
    if not isinstance(value, dict):
        return {}, odd if value is None else [*odd, Odd.LITERAL_UNREADABLE]
    parts = {str(name): count for name, count in value.items() if isinstance(count, int) and count >= 0}
    if launched is not None and parts and sum(parts.values()) != launched:
        odd.append(Odd.PARTS_DIFFER)
    return parts, odd


def _literal_odd(text: str) -> tuple[Odd, ...]:
    return read_literal(text).odd if text.strip().startswith(("{", "[")) else ()
