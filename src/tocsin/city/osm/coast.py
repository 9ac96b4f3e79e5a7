"""The sea: extracts have its shore only (Tag:natural=coastline), which is drawn with the water on its right."""

import numpy as np
import shapely

from tocsin.city.osm.extract import Bounds
from tocsin.routing.plane import Floats

_ASIDE = 1e-6
"""Degrees from the shore to where we look on which side the water is: a decimetre."""


def sea(shore: list[shapely.Geometry], bounds: Bounds) -> list[shapely.Geometry]:
    """
    The outlines of the sea within an extract. A shore that does not reach from edge to edge parts nothing, and gives
    none: better no sea than one on the wrong side.
    """
    if not shore:
        return []
    frame = shapely.box(*bounds)
    lines = shapely.union_all([*shapely.intersection(shore, frame), frame.exterior])
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines).tolist()))
    ends = np.concatenate([_segments(line) for line in shore])
    start, step = ends[:, 0], ends[:, 1] - ends[:, 0]
    aside = np.column_stack((step[:, 1], -step[:, 0])) / np.hypot(*step.T)[:, None] * _ASIDE
    middle = start + step / 2
    return [piece for piece in pieces if _within(piece, middle + aside) > _within(piece, middle - aside)]


def _segments(line: shapely.Geometry) -> Floats:
    points = shapely.get_coordinates(line)
    found = np.stack((points[:-1], points[1:]), axis=1)
    kept: Floats = found[(found[:, 0] != found[:, 1]).any(axis=1)]
    return kept


def _within(piece: shapely.Geometry, points: Floats) -> int:
    shapely.prepare(piece)
    return int(shapely.intersects_xy(piece, points[:, 0], points[:, 1]).sum())
